r"""What commands print, piece by piece: `echo`, `printf`, and `cat` of a here-document.

What only a run tells is a hole. What shells disagree on (`\n` behind `echo`) is known of bash alone.
"""

from __future__ import annotations

from fr_check.core.patterns import pattern
from fr_check.core.text import split_lines
from fr_check.runs.written import Piece
from fr_check.sources import shell
from fr_check.sources.shell.wrappers import inner_text

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence

    from fr_check.sources.shell import Command, Word

    Resolve = Callable[[Word], str | None]

_SILENT = frozenset((":", "true"))
_OPTIONS = frozenset(("-e", "-n", "-ne", "-en", "-E", "-nE", "-En"))
_TABS = pattern(r"(?m)^\t+")  # `<<-` takes them away
_ESCAPES = {"n": "\n", "t": "\t", "\\": "\\", "r": "\r", "a": "\a", "b": "\b", "f": "\f", "v": "\v"}
_FIELDS = pattern(r"%(%|[a-zA-Z]|.)")
# What a shell makes several words of, or files.
_SPLIT = pattern(r"[*?\[\t\n]|  |^ | $")


def printed(command: Command, resolve: Resolve, *, bash: bool = False) -> list[Piece] | None:
    """What a command prints; None for what is no printer, and for what cannot be told at all."""
    name, words = command.name, command.words[1:]
    if name == "echo":
        return _echo(command, words, resolve, bash=bash)
    if name == "printf" and words:
        return _printf(words, resolve)
    if (name == "cat" and not words) or (name == "tee" and command.before not in {"|", "|&"}):
        return _document(command, resolve)
    return [] if name in _SILENT else None


def _echo(command: Command, words: Sequence[Word], resolve: Resolve, *, bash: bool) -> list[Piece] | None:
    options: list[str] = []
    while len(options) < len(words) and words[len(options)].raw in _OPTIONS:
        options.append(words[len(options)].raw)
    if options and not bash:
        return None
    pieces: list[Piece] = []
    for index, word in enumerate(words[len(options) :]):
        if index:
            pieces.append(Piece(" ", word.start))
        pieces += of_word(word, resolve)
    letters = "".join(options)
    if any("\\" in piece.text for piece in pieces) and not bash:
        return None
    if letters.rfind("e") > letters.rfind("E"):
        pieces = [*_unescaped(pieces)]
    return pieces if "n" in letters else [*pieces, Piece("\n", command.end)]


def _printf(words: Sequence[Word], resolve: Resolve) -> list[Piece] | None:
    """A form that is known, as often as there are words left to put into it."""
    form = [*of_word(words[0], resolve)]
    if any(piece.hole for piece in form) or words[0].raw.startswith("-"):
        return None
    rest = [[*of_word(word, resolve)] for word in words[1:]]
    pieces: list[Piece] = []
    while True:
        before = len(rest)
        for piece in _unescaped(form):
            made = _filled(piece, rest)
            if made is None:
                return None
            pieces += made
        if not rest or len(rest) == before:
            return pieces


def _filled(piece: Piece, rest: list[list[Piece]]) -> list[Piece] | None:
    """A piece of the form of `printf` with the words that its `%s` take; None where it has another field."""
    found: list[Piece] = []
    at = 0
    for field in _FIELDS.finditer(piece.text):
        found.append(Piece(piece.text[at : field.start()], piece.start + at))
        at = field.end()
        if field[1] == "%":
            found.append(Piece("%", piece.start + field.start()))
        elif field[1] not in {"s", "b"}:
            return None
        elif rest:
            taken = rest.pop(0)
            found += _unescaped(taken) if field[1] == "b" else taken
    found.append(Piece(piece.text[at:], piece.start + at))
    return [one for one in found if one.text]


def _unescaped(pieces: Iterable[Piece]) -> Iterator[Piece]:
    r"""Pieces with `\n` and the like made what they stand for; others stay as they are."""
    for piece in pieces:
        at = 0
        while not piece.hole and (slash := piece.text.find("\\", at)) >= 0 and slash + 1 < len(piece.text):
            yield Piece(piece.text[at:slash], piece.start + at)
            letter = piece.text[slash + 1]
            yield Piece(_ESCAPES.get(letter, "\\" + letter), piece.start + slash)
            at = slash + 2
        yield piece if piece.hole else Piece(piece.text[at:], piece.start + at)


def of_word(word: Word, resolve: Resolve) -> Iterator[Piece]:
    """A word, its parts that are not known as holes."""
    text, places = inner_text(word)
    at = 0
    for index, part in enumerate(word.parts):
        start = places[at] if at < len(places) else word.start
        if isinstance(part, str):
            found = text.find(part, at)
            start = places[found] if 0 <= found < len(places) else start
            yield Piece(part, start)
            at = at if found < 0 else found + len(part)
            continue
        following = word.parts[index + 1] if index + 1 < len(word.parts) else None
        end = len(text) if following is None else at + part.end - part.start
        if isinstance(following, str):
            end = text.find(following, at)
        end = max(end, at)
        value = resolve(word._replace(parts=(part,)))
        quoted = '"' in word.raw
        if value is None or (not quoted and _SPLIT.search(value)):
            yield Piece(text[at:end] or "$", start, hole=True)
        else:
            yield Piece(value, start)
        at = end


def _document(command: Command, resolve: Resolve) -> list[Piece] | None:
    """A here-document with what is put into it."""
    document = next((one.heredoc for one in command.redirections if one.heredoc is not None), None)
    if document is None:
        return None
    body, start = document.body, document.start
    if document.quoted or not (document.expansions or "\\" in body):
        return [*_lines(body, start, strip=document.strip_tabs)]
    if document.strip_tabs:
        body = _TABS.sub("", body)
    # Offsets in the text itself, wherever it stands.
    read = shell.parse(f"cat <<{document.delimiter}\n{body}{document.delimiter}\n").commands
    again = next((one.heredoc for each in read for one in each.redirections if one.heredoc is not None), None)
    if again is None:
        return None
    pieces: list[Piece] = []
    at = 0
    for part in again.expansions:
        first, last = part.start - again.start, part.end - again.start
        pieces += _plain(body[at:first], start + at)
        value = resolve(shell.Word("", (part,), 0, 0))
        hole = value is None
        pieces.append(Piece(body[first:last] if value is None else value, start + first, hole))
        at = last
    return [*pieces, *_plain(body[at:], start + at)]


def _lines(body: str, start: int, *, strip: bool) -> Iterator[Piece]:
    """The lines of a here-document, tabs before them taken away where `<<-` does that."""
    for line in split_lines(body, keep_ends=True):
        text = line.lstrip("\t") if strip else line
        yield Piece(text, start + len(line) - len(text))
        start += len(line)


def _plain(text: str, start: int) -> Iterator[Piece]:
    r"""The text between what is put into a document, where `\$`, a backquote, `\\` and a line's end are special."""
    at = 0
    while (slash := text.find("\\", at)) >= 0 and slash + 1 < len(text):
        letter = text[slash + 1]
        yield Piece(text[at:slash], start + at)
        yield Piece("" if letter == "\n" else letter if letter in "$`\\" else "\\" + letter, start + slash)
        at = slash + 2
    yield Piece(text[at:], start + at)
