"""Simple commands: assignments, words, redirections, here-documents; `[[ ]]` and `(( ))`, which are read alike."""

from __future__ import annotations

import re
from abc import abstractmethod

from fr_check.core.patterns import pattern
from fr_check.core.record import NamedTuple
from fr_check.sources.parts import joined
from fr_check.sources.shell.expansions import ExpansionReader
from fr_check.sources.shell.model import Assignment, Command, Heredoc, Redirection, Word

TYPE_CHECKING = False
if TYPE_CHECKING:
    from fr_check.sources.shell.words import Parts

BLANK = pattern(r"(?:[ \t\r\f\v]|\\\r?\n)*")
REDIRECTION = pattern(r"(\d+|\{\w+\})?(<<<|<<-|<<|<>|<&|>>|>\||>&|<(?!\()|>(?!\())|(&>>|&>)")
_ASSIGNMENT = pattern(r"([A-Za-z_]\w*)(?:\[[^\]\s]*\])?(\+?=)", re.ASCII)
_PARAMETERS = pattern(r"\([ \t]*+\)")
_TEST_OPERATOR = pattern(r"[()<>|&;]+")
COMMENT = pattern(r"[^\n]*")
_HEREDOC = pattern(r"[^$`\\]+")


class Item(NamedTuple):
    """What was read into the script: a command or a block, and its index."""

    is_block: bool
    at: int


class Head(NamedTuple):
    """What is collected of a simple command."""

    assignments: list[Assignment]
    words: list[Word]
    redirections: list[Redirection]


class SimpleReader(ExpansionReader):
    """Simple commands; `block` indexes the block being read."""

    block = -1

    @abstractmethod
    def function(self, before: str, name: str, start: int) -> Item:
        """Reads a function's parentheses and body."""

    def skip(self, pattern: re.Pattern[str]) -> None:
        """Steps over what matches here."""
        found = pattern.match(self.s, self.i, self.n)
        if found:
            self.i = found.end()

    def blanks(self) -> None:
        """Steps over blanks, escaped line ends and a comment."""
        self.skip(BLANK)
        if self.i < self.n and self.s[self.i] == "#":
            self.skip(COMMENT)

    def blank_lines(self) -> None:
        """Steps over blanks, comments and line ends, with the here-documents that follow those."""
        self.blanks()
        while self.i < self.n and self.s[self.i] == "\n":
            self.i += 1
            if self.pending:
                self.bodies()
            self.blanks()

    def simple(self, before: str, *, negated: bool) -> Item:
        """Assignments, words and redirections, up to an operator; or a function's definition."""
        start = self.i
        head = Head([], [], [])
        end = self.at(start)
        while self.i < self.n and not self.enough():
            c = self.s[self.i]
            redirection = REDIRECTION.match(self.s, self.i, self.n) if c in "<>&{" or c.isdigit() else None
            if redirection:
                head.redirections.append(self.redirection(redirection))
            elif c in "\n;&|)#":
                break
            elif c == "(":
                if len(head.words) == 1 and not head.assignments and _PARAMETERS.match(self.s, self.i, self.n):
                    return self.function(before, head.words[0].raw, start)
                self.problem("`(` in the middle of a command", self.i, self.i + 1)
                self.i += 1
            else:
                self.item(head)
            end = self.till(self.i)
            self.skip(BLANK)
        return self.emit(head, before, start, end, negated=negated)

    def emit(self, head: Head, before: str, start: int, end: int, *, negated: bool, test: bool = False) -> Item:
        """Keeps a simple command."""
        assignments, words, redirections = tuple(head.assignments), tuple(head.words), tuple(head.redirections)
        found = Command(assignments, words, redirections, self.block, before, "", negated, self.at(start), end, test)
        self.commands.append(found)
        return Item(is_block=False, at=len(self.commands) - 1)

    def item(self, head: Head) -> None:
        """One word, or an assignment where one may stand (arrays also as a word of `declare`)."""
        found = _ASSIGNMENT.match(self.s, self.i, self.n)
        array = found and self.s.startswith("(", found.end()) and found.end() < self.n
        if not found or (head.words and not array):
            head.words.append(self.word())
            return
        start = self.i
        self.i = found.end()
        elements = self.array() if array else None
        value = self.value(found.end(), array=elements is not None)
        if head.words:
            parts = tuple(part for word in elements or () for part in word.expansions)
            raw = self.s[start : self.i]
            head.words.append(Word(raw, (found.group(), *parts), self.at(start), self.till(self.i)))
            return
        head.assignments.append(Assignment(found[1], found[2], value, elements, self.at(start), self.till(self.i)))

    def value(self, start: int, *, array: bool) -> Word:
        """The word after an assignment's `=`, which may be empty."""
        c = self.s[start] if start < self.n else "\n"
        if array or c.isspace() or c in ";&|<>()":
            return Word(self.s[start : self.i], (), self.at(start), self.till(self.i))
        return self.word()

    def array(self) -> tuple[Word, ...]:
        """The words between the parentheses of `NAME=( ... )`."""
        opened = self.i
        self.i += 1
        words: list[Word] = []
        while True:
            self.blank_lines()
            if self.i >= self.n:
                self.problem("an array is never closed", opened)
                return tuple(words)
            if self.s[self.i] == ")":
                self.i += 1
                return tuple(words)
            words.append(self.word())

    def redirection(self, found: re.Match[str]) -> Redirection:
        """One redirection; the body of a here-document follows after the line."""
        start = self.i
        operator = found[2] or found[3]
        self.i = found.end()
        self.skip(BLANK)
        if self.i >= self.n or (self.s[self.i] in "\n;&|<>()" and not self.s.startswith(("<(", ">("), self.i)):
            self.problem(f"`{operator}` without a target", start)
            empty = Word("", (), self.at(self.i), self.at(self.i))
            return Redirection(operator, empty, None, self.at(start), self.till(self.i))
        target = self.word()
        if operator not in {"<<", "<<-"}:
            return Redirection(operator, target, None, self.at(start), target.end)
        quoted = any(mark in target.raw for mark in "'\"\\")
        delimiter = target.literal if target.literal is not None else target.raw
        self.pending.append((delimiter, quoted, operator == "<<-", self.at(start)))
        return Redirection(operator, None, None, self.at(start), target.end)

    def test(self, before: str, *, negated: bool) -> Item:
        """`[[ ... ]]`: operators in it are words."""
        start = self.i
        head = Head([], [], [])
        head.words.append(Word("[[", ("[[",), self.at(start), self.till(start + 2)))
        self.i += 2
        while True:
            self.blank_lines()
            if self.i >= self.n:
                self.problem("`[[` is never closed", start)
                break
            operator = _TEST_OPERATOR.match(self.s, self.i, self.n)
            if operator and not self.s.startswith(("<(", ">("), self.i):
                text = operator.group()
                head.words.append(Word(text, (text,), self.at(self.i), self.till(operator.end())))
                self.i = operator.end()
                continue
            head.words.append(self.word())
            if head.words[-1].raw == "]]":
                break
        return self.emit(head, before, start, self.till(self.i), negated=negated, test=True)

    def arithmetic_command(self, before: str, end: int, *, negated: bool) -> Item:
        """`(( ... ))`."""
        start = self.i
        parts: Parts = []
        self.arithmetic(parts, start, end)
        word = Word(self.s[start : self.i], joined(parts), self.at(start), self.till(self.i))
        return self.emit(Head([], [word], []), before, start, word.end, negated=negated, test=True)

    def bodies(self) -> None:
        """The here-documents announced on the line that just ended."""
        pending, self.pending = self.pending, []
        for delimiter, quoted, strip_tabs, key in pending:
            start, limit = self.i, self.n
            end, after = self.terminator(delimiter, strip_tabs=strip_tabs)
            expansions: Parts = []
            if not quoted:
                self.n = end
                self.quoted(_HEREDOC, "", expansions)
                self.n = limit
            self.i = after
            found = tuple(part for part in expansions if not isinstance(part, str))
            body = self.s[start:end]
            self.documents[key] = Heredoc(delimiter, quoted, strip_tabs, body, found, self.at(start), self.at(end))

    def terminator(self, delimiter: str, *, strip_tabs: bool) -> tuple[int, int]:
        """Where a here-document's body ends, and where the script goes on."""
        at = self.i
        while at < self.n:
            newline = self.s.find("\n", at, self.n)
            end = self.n if newline < 0 else newline
            line = self.s[at:end].rstrip("\r")
            if (line.lstrip("\t") if strip_tabs else line) == delimiter:
                return at, min(end + 1, self.n)
            at = end + 1
        self.problem(f"the here-document `{delimiter}` is never closed", self.i, self.n)
        return self.n, self.n
