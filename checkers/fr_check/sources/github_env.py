"""What a step's script writes to `$GITHUB_ENV`, the file of variables that every later step of its job gets.

One `NAME=VALUE` a line, or `NAME<<END`, lines, `END`. Source:
https://docs.github.com/en/actions/reference/workflows-and-actions/workflow-commands#setting-an-environment-variable.
"""

from __future__ import annotations

from fr_check.core.patterns import pattern
from fr_check.core.record import NamedTuple
from fr_check.sources import shell
from fr_check.sources.shell.wrappers import inner_text

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from fr_check.sources.shell import Command, Script, Word

_FILE = "GITHUB_ENV"
_LINE = pattern(r"([A-Za-z_]\w*)(=|<<)(.*)")
_MAY_NOT_RUN = frozenset(("branch", "body", "condition", "function"))
_ECHO_OPTIONS = frozenset(("-e", "-n", "-ne", "-en", "-E"))


class Written(NamedTuple):
    """One variable: its value as it is written, None where that has several lines or is not known.

    `doubtful` where the command that writes it may not run. `start` is the offset of the name in the script.
    """

    name: str
    value: str | None
    doubtful: bool
    start: int


class Writes(NamedTuple):
    """Everything that a script writes; `unread` where it writes what cannot be told by reading it."""

    variables: tuple[Written, ...]
    unread: bool


class _Line(NamedTuple):
    """A line that is written, where it begins in the script, and whether the command that writes it may not run."""

    text: str
    start: int
    doubtful: bool


def parse(script: str) -> Writes:
    """Reads one script; total."""
    if _FILE not in script:
        return Writes((), unread=False)
    read = shell.parse(script)
    lines: list[_Line] = []
    # A name for the file, or another shell, leaves nothing at all that is understood.
    unread = not any(_writes(read, command) for command in read.commands)
    for index, command in enumerate(read.commands):
        if not _writes(read, command):
            continue
        printer = read.commands[index - 1] if command.name == "tee" and command.before == "|" and index else command
        doubtful = not _MAY_NOT_RUN.isdisjoint(read.kinds(command)) or printer.before in {"&&", "||"}
        found = [_Line(text, start, doubtful) for text, start in _lines(printer)]
        unread = unread or not found
        lines += found
    variables = list(_variables(lines))
    return Writes(tuple(one for one in variables if one is not None), unread or None in variables)


def _writes(script: Script, command: Command) -> bool:
    """Whether the output of a command goes to the file, by its own redirection or one of a block around it."""
    if command.name == "tee":
        return any(_is_file(word) for word in command.words[1:])
    redirections = list(command.redirections)
    block = command.block
    while block >= 0:
        redirections += script.blocks[block].redirections
        block = script.blocks[block].parent
    return any(found.operator in {">>", ">"} and found.target and _is_file(found.target) for found in redirections)


def _is_file(word: Word) -> bool:
    return word.raw.strip("\"'") in {f"${_FILE}", f"${{{_FILE}}}"}


def _lines(command: Command) -> Iterator[tuple[str, int]]:
    """The lines that a command prints, each with its offset; none for a command that is no printer."""
    for redirection in command.redirections:
        heredoc = redirection.heredoc
        if heredoc is not None and command.name == "cat":
            yield from _split(heredoc.body, range(heredoc.start, heredoc.start + len(heredoc.body)), escaped=False)
    words = command.words[1:]
    if command.name == "echo":
        options = [word for word in words if word.raw in _ECHO_OPTIONS]
        pieces = [inner_text(word) for word in words if word.raw not in _ECHO_OPTIONS]
        # The blank between two words stands where the second begins.
        text = " ".join(text for text, _ in pieces)
        places = [place for _, own in pieces for place in (own[0] if own else command.start, *own)][1:]
        yield from _split(text, places, escaped=any("e" in word.raw for word in options))
    elif command.name == "printf" and words:
        form, places = inner_text(words[0])
        if form.replace("\\n", "") in {"%s", "%b"}:
            yield from ((text, own[0] if own else command.start) for text, own in map(inner_text, words[1:]))
        else:
            # What is put in is not followed: `$` says so.
            yield from ((text.replace("%s", "$"), start) for text, start in _split(form, places, escaped=True))


def _split(text: str, places: Sequence[int], *, escaped: bool) -> Iterator[tuple[str, int]]:
    r"""The lines of a text with the offset of their first character; `\n` ends one where it is `escaped`."""
    begin = index = 0
    while index <= len(text):
        width = 1 if text[index : index + 1] in {"\n", ""} else 2 if escaped and text.startswith("\\n", index) else 0
        if width:
            yield text[begin:index], places[begin] if begin < len(places) else 0
            begin = index + width
        index += width or 1


def _variables(lines: list[_Line]) -> Iterator[Written | None]:
    """The variables that lines give; None for a line that gives none."""
    end: str | None = None
    for line in lines:
        text = line.text.strip()
        if end is not None:
            end = None if text == end else end
            continue
        match = _LINE.fullmatch(text)
        if match is None:
            if text:
                yield None
            continue
        name, operator, value = match.groups()
        at = line.start + len(line.text) - len(line.text.lstrip())
        end = value.strip() if operator == "<<" else None
        yield Written(name, None if operator == "<<" else value, line.doubtful, at)
