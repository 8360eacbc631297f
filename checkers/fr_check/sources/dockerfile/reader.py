"""Instructions and stages out of logical lines (frontend/dockerfile/instructions/parse.go)."""

from __future__ import annotations

from fr_check.core.patterns import pattern
from fr_check.sources.dockerfile.expansion import SPACE, LexError, Parts, lex
from fr_check.sources.dockerfile.lines import LineReader
from fr_check.sources.dockerfile.model import Definition, Dockerfile, Flag, Heredoc, Instruction, Line, Stage
from fr_check.sources.dockerfile.words import BLANKS, Word, blank_separated, flags, json_strings, words

TYPE_CHECKING = False
if TYPE_CHECKING:
    from fr_check.core.text import Text

_WITH_FILES = ("ADD", "COPY", "VOLUME", "WORKDIR")
_WITH_NAMES = ("ARG", "ENV", "LABEL", "EXPOSE", "FROM", "MAINTAINER", "STOPSIGNAL", "USER")
_WITH_COMMANDS = ("CMD", "ENTRYPOINT", "HEALTHCHECK", "ONBUILD", "RUN", "SHELL")
KEYWORDS = frozenset((*_WITH_FILES, *_WITH_NAMES, *_WITH_COMMANDS))
_HEREDOCS = frozenset(("RUN", "COPY", "ADD"))
_JSON = frozenset(("RUN", "CMD", "ENTRYPOINT", "SHELL", "COPY", "ADD", "VOLUME"))
_NOT_TRIGGERED = frozenset(("ONBUILD", "FROM", "MAINTAINER"))
_STAGE_NAME = pattern(r"[a-z][a-z0-9-_.]*\Z")


def parse(text: Text) -> Dockerfile:
    """Reads a Dockerfile as BuildKit does; never raises.

    Where BuildKit would stop, a problem is noted and reading goes on with the next instruction.
    """
    return _Reader(text).read()


class _Reader:
    def __init__(self, text: Text) -> None:
        self.text = text
        self.lines = LineReader(text)
        self.instructions: list[Instruction] = []
        self.stages: list[Stage] = []

    def read(self) -> Dockerfile:
        lines = self.lines
        while (line := lines.line()) is not None:
            instruction = self.instruction(line, 0, nested=False)
            holder = instruction.trigger or instruction
            if holder.keyword in _HEREDOCS and holder.json is None:
                found = lines.heredocs(line)
                if found:
                    instruction = self.with_heredocs(instruction, found)
            if instruction.keyword == "FROM":
                instruction = instruction._replace(stage=len(self.stages))
                self.stages.append(self.stage(instruction))
            elif not self.stages and instruction.keyword not in {"ARG", ""}:
                self.problem(f"{instruction.keyword} stands before the first FROM", line, "only ARG may stand there")
            self.instructions.append(instruction)
        if not self.stages:
            lines.problem("there is no FROM instruction", 0, 0)
        return Dockerfile(
            tuple(lines.directives), lines.escape, tuple(self.instructions), tuple(self.stages), tuple(lines.problems)
        )

    def problem(self, message: str, line: Line, help: str = "") -> None:  # noqa: A002 - as in Problem
        self.lines.problem(message, line.at(0), line.end, help)

    def with_heredocs(self, instruction: Instruction, found: tuple[Heredoc, ...]) -> Instruction:
        start, end = instruction.span[:2], self.text.place(self.end_of(found[-1]))
        span = instruction.span.__class__(*start, *end)
        trigger = instruction.trigger and instruction.trigger._replace(heredocs=found, span=span)
        return instruction._replace(heredocs=found, span=span, trigger=trigger)

    def end_of(self, heredoc: Heredoc) -> int:
        """Where the terminator of a here-document ends."""
        newline = self.text.string.find("\n", heredoc.end)
        return len(self.text.string) if newline < 0 else newline

    def instruction(self, line: Line, start: int, *, nested: bool) -> Instruction:
        """The instruction that starts at an index of a logical line: 0, or what ONBUILD holds."""
        text = line.text
        end = len(text.rstrip(SPACE))
        while start < end and text[start] in SPACE:
            start += 1
        blank = BLANKS.search(text, start, end)
        keyword_end = blank.start() if blank else end
        keyword = text[start:keyword_end].upper()
        flagged, argued = flags(text[:end], keyword_end, self.lines.escape)
        span = self.text.span
        whole = span(line.at(start), line.till(end))
        instruction = Instruction(
            number=len(self.instructions),
            keyword=keyword,
            flags=tuple(self.flag(word, line) for word in flagged),
            arguments=text[argued:end],
            argued=argued,
            json=None,
            definitions=(),
            heredocs=(),
            trigger=None,
            stage=len(self.stages) - 1,
            line=line,
            span=whole,
        )
        return self.detailed(instruction, nested=nested)

    def flag(self, word: Word, line: Line) -> Flag:
        name, equals, value = word.text[2:].partition("=")
        return Flag(name, value if equals else None, self.text.span(line.at(word.start), line.till(word.end)))

    def detailed(self, instruction: Instruction, *, nested: bool) -> Instruction:
        """What a keyword makes of its arguments."""
        keyword, line = instruction.keyword, instruction.line
        if keyword not in KEYWORDS:
            self.problem(f"`{keyword}` is no instruction", line)
            return instruction
        if not instruction.arguments and keyword not in {"RUN", "CMD", "ENTRYPOINT", "HEALTHCHECK"}:
            self.problem(f"{keyword} without arguments", line)
        if keyword in {"ARG", "ENV", "LABEL"}:
            return instruction._replace(definitions=tuple(self.definitions(instruction)))
        copied = instruction.flag("from") if keyword == "COPY" else None
        if copied is not None and "$" in (copied.value or "").rstrip("$"):
            self.problem("`--from` expands no variables", line, "name a stage: `FROM ... AS name`, with a global ARG")
        if keyword in _JSON:
            try:
                return instruction._replace(json=json_strings(instruction.arguments))
            except ValueError:
                self.problem(f"the JSON form of {keyword} holds something that is no string", line)
        if keyword == "ONBUILD" and instruction.arguments and not nested:
            trigger = self.instruction(line, instruction.argued, nested=True)
            if trigger.keyword in _NOT_TRIGGERED:
                self.problem(f"ONBUILD cannot trigger {trigger.keyword}", line)
            return instruction._replace(trigger=trigger)
        return instruction

    def definitions(self, instruction: Instruction) -> list[Definition]:
        """The names and values of ARG, ENV and LABEL."""
        rest = instruction.arguments
        found = words(rest, self.lines.escape)
        if instruction.keyword != "ARG" and found and "=" not in found[0].text:
            return self.legacy(instruction, rest)
        definitions = []
        for word in found:
            name, equals, value = word.text.partition("=")
            if not equals and instruction.keyword != "ARG":
                self.problem(f"`{word.text}` in {instruction.keyword} has no `=`", instruction.line)
            elif not name:
                self.problem(f"a name is missing before `=` in {instruction.keyword}", instruction.line)
            else:
                size = len(name)
                definitions.append(
                    self.definition(
                        instruction, name, value if equals else None, word.start, word.start + size, word.end
                    )
                )
        return definitions

    def legacy(self, instruction: Instruction, rest: str) -> list[Definition]:
        """`ENV NAME the rest of the line`."""
        blank = BLANKS.search(rest)
        if not blank:
            self.problem(f"`{rest}` in {instruction.keyword} has no value", instruction.line)
            return []
        name, value = rest[: blank.start()], rest[blank.end() :]
        return [self.definition(instruction, name, value, 0, blank.start(), len(rest))]

    def definition(
        self, instruction: Instruction, name: str, value: str | None, start: int, named: int, end: int
    ) -> Definition:
        line, base = instruction.line, instruction.argued
        parts: Parts | None = ()
        if instruction.keyword == "ENV" and not name.isidentifier():
            # ENV's names are expanded like its values, and lose their quotes.
            try:
                key = lex(name, self.lines.escape)
                if all(isinstance(part, str) for part in key):
                    name = "".join(part for part in key if isinstance(part, str))
            except LexError as error:
                self.problem(f"`{name}` cannot be read: {error}", line)
        try:
            parts = lex(value, self.lines.escape) if value else ()
        except LexError as error:
            parts = None
            self.problem(f"the value of `{name}` cannot be read: {error}", line)
        span = self.text.span(line.at(base + start), line.till(base + end))
        return Definition(name, value, parts, span, self.text.span(line.at(base + start), line.till(base + named)))

    def stage(self, instruction: Instruction) -> Stage:
        """The stage that a FROM opens."""
        line, base = instruction.line, instruction.argued
        found = blank_separated(instruction.arguments)
        name = ""
        if len(found) == 3 and found[1].text.lower() == "as":  # noqa: PLR2004 - image, AS, name
            name = found[2].text.lower()
            if not _STAGE_NAME.match(name):
                self.problem(f"`{found[2].text}` cannot be the name of a stage", line)
        elif len(found) != 1:
            self.problem("FROM takes an image, and a name after AS", line)
        image = found[0] if found else Word("", 0, 0)
        named = found[-1] if name else image
        flag = instruction.flag("platform")
        platform = (flag and flag.value) or ""

        def span(word: Word) -> tuple[int, int]:
            return line.at(base + word.start), line.till(base + word.end)

        return Stage(
            number=len(self.stages),
            name=name,
            base=image.text,
            base_parts=self.parts(image.text, line),
            platform=platform,
            instruction=instruction,
            base_span=self.text.span(*span(image)),
            name_span=self.text.span(*span(named)),
        )

    def parts(self, word: str, line: Line) -> Parts | None:
        try:
            return lex(word, self.lines.escape)
        except LexError as error:
            self.problem(f"`{word}` cannot be read: {error}", line)
            return None
