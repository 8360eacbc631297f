"""What a Dockerfile is read into. Offsets and spans are those of the file."""

from __future__ import annotations

from bisect import bisect_right

from fr_check.core.record import NamedTuple

TYPE_CHECKING = False
if TYPE_CHECKING:
    from fr_check.core.model import Problem, Span
    from fr_check.sources.dockerfile.expansion import Reference


_ORDINALS = ("first", "second", "third", "fourth", "fifth")


class Directive(NamedTuple):
    """A parser directive, such as `# syntax=docker/dockerfile:1`."""

    name: str
    value: str
    span: Span


class Line(NamedTuple):
    """A logical line: continuations joined, comments and blank lines in it dropped.

    `starts` and `offsets` map it back: what begins at `starts[k]` of `text` stands at `offsets[k]` of the file.
    """

    text: str
    starts: tuple[int, ...]
    offsets: tuple[int, ...]
    end: int
    first: int
    last: int

    def at(self, index: int) -> int:
        """The file's offset of a character of the line."""
        if len(self.starts) == 1:
            return self.offsets[0] + index
        piece = bisect_right(self.starts, index) - 1
        return self.offsets[piece] + index - self.starts[piece]

    def till(self, index: int) -> int:
        """The file's offset behind what ends before a character of the line."""
        return self.at(index - 1) + 1 if index else self.at(0)

    def places(self, start: int, end: int) -> list[int]:
        """The file's offset of each character of `text[start:end]`."""
        return [self.at(index) for index in range(start, end)]


class Heredoc(NamedTuple):
    """A here-document: `body` as it stands in the file, at offsets [start, end); `chomp` for `<<-`."""

    name: str
    expand: bool
    chomp: bool
    body: str
    start: int
    end: int


class Flag(NamedTuple):
    """`--name=value` before an instruction's arguments; `value` is None without `=`."""

    name: str
    value: str | None
    span: Span


class Definition(NamedTuple):
    """One `NAME` or `NAME=value` of ARG, ENV or LABEL.

    `value` is as written, quotes and all, None where there is no `=`; `parts` is the value with quotes removed and
    references found, None where BuildKit rejects it. `key` are the parts of an ENV name (its references are expanded).
    """

    name: str
    value: str | None
    parts: tuple[str | Reference, ...] | None
    span: Span
    name_span: Span


class Instruction(NamedTuple):
    """One instruction.

    `keyword` is upper case. `arguments` is what follows keyword and flags, which starts at `line.text[argued]`. `json`
    holds the strings of the JSON form. `definitions` are those of ARG, ENV and LABEL. `trigger` is what ONBUILD holds.
    `stage` is -1 before the first FROM. `number` counts instructions from 0.
    """

    number: int
    keyword: str
    flags: tuple[Flag, ...]
    arguments: str
    argued: int
    json: tuple[str, ...] | None
    definitions: tuple[Definition, ...]
    heredocs: tuple[Heredoc, ...]
    trigger: Instruction | None
    stage: int
    line: Line
    span: Span

    def flag(self, name: str) -> Flag | None:
        """The first flag of that name."""
        return next((flag for flag in self.flags if flag.name == name), None)

    def mounts(self) -> tuple[dict[str, str], ...]:
        """The fields of each `--mount`, keys in lower case; a field without `=` has an empty value."""
        found = []
        for flag in self.flags:
            if flag.name == "mount" and flag.value:
                fields = (field.partition("=") for field in flag.value.split(","))
                found.append({key.strip().lower(): value.strip('"') for key, _, value in fields})
        return tuple(found)


class Stage(NamedTuple):
    """A build stage. `name` is in lower case, empty without `AS`; `base` and `platform` are as written.

    `base_parts` are the parts of `base`, None where BuildKit rejects it.
    """

    number: int
    name: str
    base: str
    base_parts: tuple[str | Reference, ...] | None
    platform: str
    instruction: Instruction
    base_span: Span
    name_span: Span

    @property
    def label(self) -> str:
        """What to call it in a table: its name, else `stage 0`."""
        return self.name or f"stage {self.number}"

    @property
    def phrase(self) -> str:
        """What to call it in a sentence: "stage `builder`", "the first stage"."""
        if self.name:
            return f"stage `{self.name}`"
        return f"the {_ORDINALS[self.number]} stage" if self.number < len(_ORDINALS) else f"stage {self.number + 1}"


class Dockerfile(NamedTuple):
    """Everything read. `instructions` are in order, all stages and the global ARGs before the first one."""

    directives: tuple[Directive, ...]
    escape: str
    instructions: tuple[Instruction, ...]
    stages: tuple[Stage, ...]
    problems: tuple[Problem, ...]

    def of(self, stage: int) -> tuple[Instruction, ...]:
        """The instructions of a stage, without its FROM; -1 gives the global ones."""
        return tuple(i for i in self.instructions if i.stage == stage and i.keyword != "FROM")
