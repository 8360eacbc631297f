"""`RUN` of a Dockerfile in all its forms: shell, JSON and here-documents; and what its containers start.

Nothing calls them by a name.
"""

from __future__ import annotations

from functools import partial

from fr_check.sources import dockerfile as reader
from fr_check.sources.shells import SH
from fr_check.sources.shells import of_words as shell_of
from fr_check.sources.tasks.model import Script, Task, Tasks, of_words

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from fr_check.core.model import Span
    from fr_check.core.text import Text
    from fr_check.sources.dockerfile import Instruction, Line
    from fr_check.sources.shells import Shell


def parse(text: Text) -> Tasks:
    """Reads one Dockerfile."""
    scripts: list[Script] = []
    tasks: list[Task] = []
    env: dict[str, str | None] = {}
    shell = SH

    started: dict[str, Instruction] = {}

    def finished() -> None:
        if scripts:
            tasks.append(Task("RUN", (*scripts,), (), text.span(0), {**env}))
            scripts.clear()

    def ended() -> None:
        finished()
        if started:
            tasks.append(Task("CMD", tuple(_started(text, started, shell)), (), text.span(0), {**env}))
            started.clear()

    for instruction in reader.parse(text).instructions:
        if instruction.keyword == "SHELL" and instruction.json:
            shell = shell_of(instruction.json)
        if instruction.keyword == "FROM":
            ended()
        if instruction.keyword in {"CMD", "ENTRYPOINT"}:
            started[instruction.keyword] = instruction
        if instruction.keyword in {"FROM", "ENV"}:
            finished()
            env = {} if instruction.keyword == "FROM" else {**env, **_set(instruction)}
        if instruction.keyword == "RUN":
            scripts += of_run(text, instruction, shell)
    ended()
    return Tasks(tuple(tasks))


def of_run(text: Text, instruction: Instruction, shell: Shell) -> Iterator[Script]:
    """The scripts of one `RUN`."""
    if instruction.json is not None:
        place = partial(_whole, instruction.span)
        yield of_words([(word, place) for word in instruction.json])
        return
    yield Script(instruction.arguments, partial(_on_line, text, instruction.line, instruction.argued), shell)
    for document in instruction.heredocs:
        yield Script(document.body, partial(_shifted, text, document.start), shell)


def _started(text: Text, started: dict[str, Instruction], shell: Shell) -> Iterator[Script]:
    """What a container starts: ENTRYPOINT with the words of CMD behind it, or one of the two."""
    entry, command = started.get("ENTRYPOINT"), started.get("CMD")
    words = [
        (word, partial(_whole, one.span)) for one in (entry, command) if one is not None for word in one.json or ()
    ]
    whole = entry if entry is not None and entry.json is None else command if entry is None else None
    if whole is not None and whole.json is None:
        yield Script(whole.arguments, partial(_on_line, text, whole.line, whole.argued), shell)
    elif words:
        yield of_words(words)


def _set(instruction: Instruction) -> dict[str, str | None]:
    """What an ENV sets, by name; None for what is made of others."""
    found: dict[str, str | None] = {}
    for one in instruction.definitions:
        texts = [part for part in one.parts or () if isinstance(part, str)]
        found[one.name] = "".join(texts) if one.parts is not None and len(texts) == len(one.parts) else None
    return found


def _whole(span: Span, start: int, end: int) -> Span:
    del start, end
    return span


def _on_line(text: Text, line: Line, shift: int, start: int, end: int) -> Span:
    return text.span(line.at(shift + start), line.till(shift + end))


def _shifted(text: Text, shift: int, start: int, end: int) -> Span:
    return text.span(shift + start, shift + end)
