"""Lists, pipelines, compound commands, functions."""

from __future__ import annotations

from fr_check.core.patterns import pattern
from fr_check.sources.shell.compound import CASE_ENDS, CLOSERS, RESERVED, CompoundReader
from fr_check.sources.shell.model import Command, Heredoc, Redirection, Script
from fr_check.sources.shell.simple import BLANK, COMMENT, Item

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence

_SEPARATOR = pattern(r"&&|\|\||;;&|;;|;&|\|&|[;|&\n]")


def read(script: str, places: Sequence[int] | None, origin: int) -> Script:
    """Reads any script; see `parsing.parse`."""
    reader = _Reader(script, places, origin)
    reader.script()
    commands = sorted(reader.commands, key=_start) if reader.nested else reader.commands
    blocks = reader.blocks
    if reader.documents:
        commands = [c._replace(redirections=_filled(c.redirections, reader.documents)) for c in commands]
        blocks = [b._replace(redirections=_filled(b.redirections, reader.documents)) for b in blocks]
    return Script(tuple(commands), tuple(blocks), tuple(reader.reads), tuple(reader.problems), not reader.cut)


def _start(command: Command) -> int:
    return command.start


def _filled(redirections: tuple[Redirection, ...], documents: dict[int, Heredoc]) -> tuple[Redirection, ...]:
    return tuple(r if r.target else r._replace(heredoc=documents.get(r.start)) for r in redirections)


class _Reader(CompoundReader):
    nested = False

    def script(self) -> None:
        """The whole string: a stray closer is a problem and is stepped over."""
        if self.s.startswith("#!"):
            self.skip(COMMENT)
        while True:
            found = self.sequence()
            if self.i >= self.n:
                break
            self.stray(found)
        if self.pending:
            self.bodies()

    def stray(self, met: str) -> None:
        """Steps over a closer that closes nothing; the ends of a branch of `case` were consumed already."""
        if met in CASE_ENDS:
            self.problem(f"`{met}` outside of `case`", self.i - len(met))
            return
        found = RESERVED.match(self.s, self.i, self.n)
        start, self.i = self.i, found.end() if found else self.i + 1
        self.problem(f"`{self.s[start : self.i]}` closes nothing that was opened", start)

    def substitution(self, closer: str) -> None:
        """The commands of a substitution, up to the closer, which is not consumed."""
        self.nested = True
        if not self.deeper():
            return
        pending, self.pending = self.pending, []
        index = self.opened("substitution", "")
        while True:
            found = self.sequence()
            if self.i >= self.n or (self.s[self.i] == closer and found not in CASE_ENDS):
                break
            self.stray(found)
        self.closed(index)
        self.pending = pending + self.pending
        self.depth -= 1

    def sequence(self) -> str:
        """Commands up to a closer, which is not consumed; gives the reserved word met, or an empty string."""
        before = ""
        last: Item | None = None
        while self.i < self.n:
            self.blanks()
            if self.i >= self.n or self.s[self.i] == ")":
                break
            separator = _SEPARATOR.match(self.s, self.i, self.n)
            if separator and not self.s.startswith("&>", self.i):
                before = self.separated(separator.group(), before, last)
                if before in CASE_ENDS:
                    return before
                last = None
                continue
            reserved = RESERVED.match(self.s, self.i, self.n)
            if reserved and reserved.group() in CLOSERS:
                return reserved.group()
            last = self.command(before, reserved.group() if reserved else "")
            before = ""
        return ""

    def separated(self, operator: str, before: str, last: Item | None) -> str:
        """Consumes an operator; newlines after another operator, and blank lines, say nothing of their own."""
        start = self.i
        self.i += len(operator)
        if operator == "\n" and self.pending:
            self.bodies()
        if last is not None:
            if last.is_block:
                self.blocks[last.at] = self.blocks[last.at]._replace(after=operator)
            else:
                self.commands[last.at] = self.commands[last.at]._replace(after=operator)
            return operator
        if operator == "\n":
            return before
        if operator not in CASE_ENDS:
            self.problem(f"`{operator}` where a command is expected", start)
        return operator

    def command(self, before: str, reserved: str) -> Item:
        """One simple or compound command."""
        negated = False
        start = self.i
        while reserved in {"!", "time"}:
            self.i += len(reserved)
            self.skip(BLANK)
            if reserved == "time" and self.s.startswith("-p", self.i):
                self.i = min(self.i + 2, self.n)
                self.skip(BLANK)
            negated ^= reserved == "!"
            found = RESERVED.match(self.s, self.i, self.n)
            reserved = found.group() if found else ""
        if reserved in CLOSERS:
            reserved = ""
        if self.s.startswith("((", self.i) and (end := self.arithmetic_end(self.i + 2)) >= 0:
            return self.arithmetic_command(before, end, negated=negated)
        if reserved == "[[":
            return self.test(before, negated=negated)
        if reserved or (self.i < self.n and self.s[self.i] == "("):
            return self.compound(before, reserved, start, negated=negated)
        return self.simple(before, negated=negated)
