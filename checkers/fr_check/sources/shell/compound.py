"""Compound commands: `( )`, `{ }`, `if`, `while`, `for`, `case`, functions."""

from __future__ import annotations

from abc import abstractmethod

from fr_check.core.patterns import pattern
from fr_check.sources.shell.model import Block, Expansion, Redirection, Word
from fr_check.sources.shell.simple import BLANK, REDIRECTION, Item, SimpleReader

TYPE_CHECKING = False
if TYPE_CHECKING:
    from fr_check.sources.shell.model import BlockKind


_EDGE = r"(?=[\s;&|<>()]|$)"
RESERVED = pattern(
    r"(?:if|then|elif|else|fi|for|select|while|until|do|done|case|esac|function|time|\[\[|[{}!])" + _EDGE
)
CLOSERS = frozenset(("then", "elif", "else", "fi", "do", "done", "esac", "}"))
CASE_ENDS = frozenset((";;", ";&", ";;&"))
_IN = pattern(r"in" + _EDGE)
_DO = pattern(r"do" + _EDGE)
_ESAC = pattern(r"esac" + _EDGE)
_OPEN_BRACE = pattern(r"\{" + _EDGE)


class CompoundReader(SimpleReader):
    """Compound commands."""

    @abstractmethod
    def sequence(self) -> str:
        """Reads commands up to a closer, which is not consumed; gives the reserved word met, or an empty string."""

    @abstractmethod
    def command(self, before: str, reserved: str) -> Item:
        """Reads one command."""

    def opened(
        self, kind: BlockKind, before: str, name: str = "", start: int | None = None, words: tuple[Word, ...] = ()
    ) -> int:
        """Opens a block; what is read until `closed` stands in it."""
        at = self.at(self.i if start is None else start)
        self.blocks.append(Block(kind, self.block, name, before, "", (), words, at, at))
        self.block = len(self.blocks) - 1
        return self.block

    def closed(self, index: int) -> None:
        """Closes a block."""
        block = self.blocks[index]
        self.blocks[index] = block._replace(end=self.till(self.i))
        self.block = block.parent

    def compound(self, before: str, reserved: str, start: int, *, negated: bool = False) -> Item:
        """The compound command that starts here, with the redirections after it."""
        if not self.deeper():
            return self.simple(before, negated=negated)
        if reserved == "function":
            self.i += len(reserved)
            self.skip(BLANK)
            item = self.function(before, self.word().raw if self.i < self.n else "", start)
            self.depth -= 1
            return item
        if reserved in {"if", "case"}:
            index = self.conditional(before, start) if reserved == "if" else self.case(before, start)
        elif reserved:
            index = self.braces(before, start) if reserved == "{" else self.loop(before, reserved, start)
        else:
            index = self.subshell(before, start)
        self.trailing(index)
        if negated:
            self.blocks[index] = self.blocks[index]._replace(negated=True)
        self.depth -= 1
        return Item(is_block=True, at=index)

    def trailing(self, index: int) -> None:
        """The redirections after a compound command."""
        found: list[Redirection] = []
        self.skip(BLANK)
        while self.i < self.n and (match := REDIRECTION.match(self.s, self.i, self.n)):
            found.append(self.redirection(match))
            self.skip(BLANK)
        if found:
            self.blocks[index] = self.blocks[index]._replace(redirections=tuple(found))

    def body(self, kind: BlockKind, closers: tuple[str, ...]) -> str:
        """Commands up to one of the closers, which is consumed; gives it, or an empty string when it is missing."""
        index = self.opened(kind, "")
        found = self.sequence()
        while found in CASE_ENDS and kind != "case":
            self.problem(f"`{found}` outside of `case`", self.i - len(found))
            found = self.sequence()
        self.closed(index)
        if found in closers:
            self.i += len(found)
            return found
        self.problem(f"`{closers[-1]}` is missing", self.i, min(self.i + 1, self.n))
        return ""

    def subshell(self, before: str, start: int) -> int:
        """`( ... )`."""
        index = self.opened("subshell", before, start=start)
        self.i += 1
        while True:
            found = self.sequence()
            if self.i >= self.n:
                self.problem("a parenthesis is never closed", start)
                break
            if self.s[self.i] == ")":
                self.i += 1
                break
            self.problem(f"`{found or self.s[self.i]}` closes nothing that was opened", self.i, self.i + 1)
            self.i += 0 if found in CASE_ENDS else max(len(found), 1)
        self.closed(index)
        return index

    def braces(self, before: str, start: int) -> int:
        """`{ ...; }`."""
        self.i += 1
        index = self.opened("group", before, start=start)
        found = self.sequence()
        if found == "}":
            self.i += 1
        else:
            self.problem("`{` is never closed", start, start + 1)
        self.closed(index)
        return index

    def conditional(self, before: str, start: int) -> int:
        """`if ...; then ...; elif ...; else ...; fi`."""
        index = self.opened("if", before, start=start)
        self.i += 2
        word = self.body("condition", ("then",))
        while word in {"then", "elif", "else"}:
            if word == "elif":
                word = self.body("condition", ("then",))
            else:
                word = self.body("branch", ("elif", "else", "fi") if word == "then" else ("fi",))
        self.closed(index)
        return index

    def loop(self, before: str, reserved: str, start: int) -> int:
        """`while`, `until`, `for`, `select`."""
        self.i += len(reserved)
        if reserved in {"while", "until"}:
            index = self.opened("while", before, reserved, start)
            found = self.body("condition", ("do",))
        else:
            self.skip(BLANK)
            name, words = self.iteration()
            index = self.opened("for", before, name, start, words)
            self.blank_lines()
            found = "do" if _DO.match(self.s, self.i, self.n) else ""
            self.i += len(found)
            if not found and _OPEN_BRACE.match(self.s, self.i, self.n):
                self.i += 1
                self.body("body", ("}",))
            elif not found:
                self.problem("`do` is missing", self.i, min(self.i + 1, self.n))
        if found:
            self.body("body", ("done",))
        self.closed(index)
        return index

    def iteration(self) -> tuple[str, tuple[Word, ...]]:
        """What stands between `for` and `do`: the variable and the words."""
        counts = self.s.startswith("((", self.i) and (end := self.arithmetic_end(self.i + 2)) >= 0
        if counts:
            self.arithmetic([], self.i, end)
            name = ""
        else:
            name = self.word().raw if self.i < self.n and self.s[self.i] not in "\n;&|<>()" else ""
        self.blank_lines()
        words: list[Word] = []
        if (found := _IN.match(self.s, self.i, self.n)) is None and not counts:
            at = self.at(self.i)
            words.append(Word('"$@"', (Expansion("variable", "@", "", (), at, at, at),), at, at))
        elif found is not None:
            self.i = found.end()
            self.blanks()
            while self.i < self.n and self.s[self.i] not in "\n;&|<>()":
                words.append(self.word())
                self.blanks()
        if self.i < self.n and self.s[self.i] == ";":
            self.i += 1
        return name, tuple(words)

    def case(self, before: str, start: int) -> int:
        """`case WORD in PATTERN) ...;; esac`."""
        self.i += 4
        self.blank_lines()
        words = (self.word(),) if self.i < self.n else ()
        index = self.opened("case", before, start=start, words=words)
        self.blank_lines()
        found = _IN.match(self.s, self.i, self.n)
        if found:
            self.i = found.end()
        else:
            self.problem("`in` is missing", self.i, min(self.i + 1, self.n))
        while found and self.branch():
            pass
        self.closed(index)
        return index

    def branch(self) -> bool:
        """One branch of `case`; False when it was the last one."""
        self.blank_lines()
        if self.i >= self.n:
            self.problem("`esac` is missing", self.i)
            return False
        if _ESAC.match(self.s, self.i, self.n):
            self.i += 4
            return False
        if self.s[self.i] == "(":
            self.i += 1
        index = self.opened("branch", "", words=self.patterns())
        found = self.sequence()
        self.closed(index)
        self.blocks[index] = self.blocks[index]._replace(after=found if found in CASE_ENDS else "")
        if found in CASE_ENDS:
            return True
        if found == "esac":
            self.i += 4
        else:
            self.problem("`esac` is missing", self.i, min(self.i + 1, self.n))
        return False

    def patterns(self) -> tuple[Word, ...]:
        """The patterns of a branch; the parenthesis that closes them is passed over."""
        self.skip(BLANK)
        found: list[Word] = []
        while self.i < self.n and self.s[self.i] not in ")\n":
            if self.s[self.i] == "|":
                self.i += 1
            else:
                found.append(self.word())
            self.skip(BLANK)
        if self.i < self.n and self.s[self.i] == ")":
            self.i += 1
        return tuple(found)

    def function(self, before: str, name: str, start: int) -> Item:
        """A function's parentheses, where there are any, and its body."""
        index = self.opened("function", before, name, start)
        if self.deeper():
            self.skip(BLANK)
            if self.s.startswith("(", self.i) and self.i < self.n:
                self.i += 1
                self.skip(BLANK)
                if self.s.startswith(")", self.i) and self.i < self.n:
                    self.i += 1
            self.blank_lines()
            found = RESERVED.match(self.s, self.i, self.n)
            if self.i < self.n and not (found and found.group() in CLOSERS) and self.s[self.i] not in ";&|)":
                self.command("", found.group() if found else "")
            else:
                self.problem(f"the function `{name}` has no body", start)
            self.depth -= 1
        self.closed(index)
        return Item(is_block=True, at=index)
