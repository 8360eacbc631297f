"""What the words of a script's commands become: values, arrays, `"$@"`, folders that commands print."""

from __future__ import annotations

import posixpath
from itertools import islice

from fr_check.core.patterns import pattern
from fr_check.core.text import digits
from fr_check.sources import shell
from fr_check.sources.build_context import REPOSITORY, absolute
from fr_check.sources.docker_options import Token
from fr_check.sources.docker_uses import moved
from fr_check.sources.shell.walking import is_apart
from fr_check.sources.shell.wrappers import inner_text, is_wrapper
from fr_check.sources.tasks.model import OPAQUE

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from fr_check.runs.arrays import Arrays
    from fr_check.runs.model import Start
    from fr_check.sources.shell import Assignment, Command, Expansion, Word
    from fr_check.sources.shell.wrappers import Inner

    Resolve = Callable[[Word], str | None]

SEVERAL = 1_000
"""Elements of an array and arguments of a script: of more, which a loop or a few doublings make, none is known."""
_QUOTED = pattern(r"'[^'$]*\$[^']*'")
_INDEX = pattern(r"\[([^\]]*)\]")
_DECLARING = frozenset(("local", "declare", "typeset", "readonly"))
_WORDS = frozenset(("@", "*"))


class Words:
    """The words of one script; `here` is the folder that its commands run in by now, `arguments` what `"$@"` is."""

    arrays: Arrays

    def __init__(self, script: shell.Script, start: Start, values: dict[str, str | None]) -> None:
        self.script = script
        self.start = start
        self.scopes = shell.Scopes(script, values, self.outside)
        self.here = start.directory
        self.arguments = start.arguments

    def fill(self, command: Command, resolve: Resolve, *, doubtful: bool) -> None:
        """Arrays that a command fills: `a=(...)`, `a+=(...)`, `local a=(...)`; `doubtful`: it may not run."""
        if is_apart(command):
            return
        assignments = command.assignments if not command.words else _declared_arrays(command)
        for assignment in assignments:
            name = assignment.name
            if assignment.elements is None:
                self.arrays.drop(name)
                continue
            before = self.arrays.get(name)
            found = self.several(assignment.elements, resolve)
            if assignment.operator == "+=":
                found = [*(before or ()), *(one._replace(doubtful=doubtful) for one in found)]
            if len(found) > SEVERAL or (assignment.operator != "+=" and doubtful and before is not None):
                found = [Token(None, command.start, command.end, raw=f"${{{name}[@]}}")]
            self.arrays.put(name, found)

    def several(self, words: Iterable[Word], resolve: Resolve) -> list[Token]:
        """What words become, but no more than an array may have, and one."""
        return [*islice((one for word in words for one in self.expanded(word, resolve)), SEVERAL + 1)]

    def spelled(self, command: Command, resolve: Resolve) -> tuple[Command, bool] | None:
        """A command whose first word becomes several, or a wrapper, with what it becomes: `exec "$@"`, `$SUDO make`.

        And whether that begins with a word that may not be there.
        """
        first = command.words[0] if command.words and not command.test else None
        if first is None or not first.expansions:
            return None
        tokens = list(self.expanded(first, resolve))
        if any(token.value is None for token in tokens[:1]):
            return None
        if len(tokens) == 1 and (tokens[0].value == first.literal or not is_wrapper(tokens[0].value or "")):
            return None
        words = (*(_as_word(token) for token in tokens), *command.words[1:])
        doubtful = any(token.doubtful for token in tokens[:1])
        return (command._replace(words=words), doubtful) if words else None

    def script_of(self, inner: Inner, outer: Command, resolve: Resolve, *, handed: bool) -> Inner:
        """The script that a shell is given, with what the shell around it puts in: `sh -c "$START"`.

        What was handed on by `"$@"` stands where that does.
        """
        if inner.word is not None and inner.word.expansions:
            inner = self._put_in(inner, inner.word, resolve)
        if not inner.quoted and _QUOTED.search(inner.text):
            # The quotes within double quotes are the inner shell's: what they hold is expanded by then.
            inner = inner._replace(text=inner.text.replace("'", '"'))
        return inner._replace(places=[min(place, outer.end) for place in inner.places]) if handed else inner

    def _put_in(self, inner: Inner, word: Word, resolve: Resolve) -> Inner:
        """A script with the values that are known; what is not stays as it is written, as long as that is unknown."""
        # Offsets of the word as it is written, wherever that stands.
        read = shell.parse(f"_={word.raw}").commands
        written = read[0].assignments[0].value if read and read[0].assignments else None
        ends: dict[int, tuple[int, str]] = {}
        open_: list[str] = []
        for part in () if written is None else written.expansions:
            (found,) = [
                *self.expanded(shell.Word(f'"{word.raw}"', (part,), word.start, word.end), resolve, joined=True)
            ]
            value = found.value
            raw = word.raw[part.start - 2 : part.end - 2]
            if value is None and f"{part.name}=" in inner.text:
                value = OPAQUE
            if value is None or value == OPAQUE:
                open_.append(value or raw)
            ends[part.start - 2] = (part.end - 2, raw if value is None else value)
        text, places, until = [], [], 0
        for character, at in zip(*_kept(word.raw), strict=True):
            until, put = ends.pop(at, (until, "" if at < until else character))
            text.append(put)
            places += [word.start + at] * len(put)
        return inner._replace(text="".join(text), places=[*places, word.end], open=tuple(open_))

    def tokens(self, command: Command, resolve: Resolve) -> list[Token]:
        """What the words of a command become."""
        return [token for word in command.words for token in self.expanded(word, resolve)]

    def expanded(self, word: Word, resolve: Resolve, *, joined: bool = False) -> Iterator[Token]:
        """What a word becomes: usually one token, several for an array or an unquoted list of options.

        `joined`: one text with blanks between, as within a longer word.
        """
        part = word.expansions[0] if len(word.parts) == 1 and word.expansions else None
        several = None if part is None or part.kind != "variable" else self._several(word, part, resolve)
        if several is not None:
            if joined:
                values = [None if one.doubtful else one.value for one in several]
                text = None if None in values else " ".join(value for value in values if value is not None)
                several = [Token(text, word.start, word.end, raw=word.raw)]
            yield from several
            return
        value = self.value(word, resolve)
        if value is not None and part is not None and not word.raw.startswith('"'):
            yield from (Token(piece, word.start, word.end, raw=piece) for piece in value.split())
            return
        # Only of what may be the name of an image with its tag is more asked than its value.
        known = self._known(word, resolve) if value is None and ":" in word.raw else ""
        yield Token(value, word.start, word.end, word.prefix, raw=word.raw, known=known)

    def _several(self, word: Word, part: Expansion, resolve: Resolve) -> list[Token] | None:
        """What `"$@"` and `"${a[@]}"` become; None for what is one value."""
        array = part.name not in _WORDS
        found = self.arrays.get(part.name)
        if (array and found is None) or part.operator == "length":
            return None
        if not array and self.arguments is not None:
            found = [Token(one, word.start, word.end, raw=word.raw) for one in self.arguments]
        index = _INDEX.search(word.raw)
        if found is not None and array and (index is None or index[1] not in _WORDS):
            at = 0 if index is None else digits(index[1])
            found = (None if at is None else found[at : at + 1]) or None
        elif found is not None and part.operator == ":":
            cut = _slice(part)
            # `$@` counts from 1.
            found = None if cut is None else found[max(cut[0] - (not array), 0) :][: cut[1]]
        elif found is not None and part.operator in {":-", "-"}:
            found = found or [Token(self.value(word._replace(parts=part.operand), resolve), word.start, word.end)]
        elif part.operator not in {"", "["}:
            found = None
        return [Token(None, word.start, word.end, raw=word.raw)] if found is None else found

    def _known(self, word: Word, resolve: Resolve) -> str:
        """The text of a word before the first part that is not known."""
        text = ""
        for part in word.parts:
            value = part if isinstance(part, str) else self.value(word._replace(parts=(part,)), resolve)
            if value is None:
                break
            text += value
        return text

    def value(self, word: Word, resolve: Resolve) -> str | None:
        """A word's value, `$PWD` as it is by now."""
        here = absolute(self.here)
        if here is not None and any(part.name == "PWD" and not part.operator for part in word.expansions):
            parts = (here if not isinstance(part, str) and part.name == "PWD" else part for part in word.parts)
            word = word._replace(parts=tuple(parts))
        return resolve(word)

    def outside(self, part: Expansion, commands: tuple[Command, ...], resolve: Resolve) -> str | None:
        """The value of an expression, or the folder that commands print: `$(cd "$(dirname "$0")/.." && pwd)`."""
        if part.kind == "expression":
            return self.start.expressions(f"${{{{ {part.name} }}}}") if self.start.expressions else None
        where, printed = self.here, None
        for command in commands:
            name = (command.name or "").rpartition("/")[2]
            words = [resolve(word) for word in command.words[1:]]
            operand = next((word for word in words if word is None or not word.startswith("-")), None)
            if name in {"cd", "pushd"}:
                where = moved(where, operand)
            elif name == "pwd":
                printed = absolute(where)
            elif name == "dirname" and operand is not None:
                printed = posixpath.dirname(operand) or "."
            elif name in {"realpath", "readlink"}:
                printed = absolute(moved(where, operand))
            elif name == "git" and words == ["rev-parse", "--show-toplevel"]:
                printed = REPOSITORY
            else:
                return None
        return printed


def _declared_arrays(command: Command) -> Iterator[Assignment]:
    """The arrays among the words of `local a=(...)`, `declare -a a=(...)`."""
    for word in command.words[1:] if command.name in _DECLARING else ():
        if "=(" in word.raw:
            read = shell.parse(word.raw, places=[word.start] * (len(word.raw) + 1)).commands
            yield from read[0].assignments[:1] if len(read) == 1 else ()


def _slice(part: Expansion) -> tuple[int, int | None] | None:
    """From where, and how many: `${@:2}`, `${@:2:1}`."""
    text = part.operand[0] if len(part.operand) == 1 else None
    begin, colon, count = text.strip().partition(":") if isinstance(text, str) else ("", "", "")
    first, most = digits(begin), digits(count) if colon else None
    return None if first is None or (colon and most is None) else (first, most)


def _kept(raw: str) -> tuple[str, list[int]]:
    """A word as the inner shell gets it, with the offset of each character in the word."""
    return inner_text(shell.Word(raw, (), 0, len(raw)))


def _as_word(token: Token) -> Word:
    """A token as a word that nothing expands any more; one that is not known stays as it is written."""
    if token.value is None:
        unknown = shell.Expansion("variable", "?", "", (), token.start, token.end, token.start)
        return shell.Word(token.raw, (unknown,), token.start, token.end)
    raw = "'" + token.value.replace("'", "'\\''") + "'"
    return shell.Word(raw, (token.value,) if token.value else (), token.start, token.end)
