"""Words and their quotes."""

from __future__ import annotations

from abc import ABC, abstractmethod

from fr_check.core.patterns import pattern
from fr_check.sources.parts import joined
from fr_check.sources.shell.model import Expansion, ShellProblem, Word

TYPE_CHECKING = False
if TYPE_CHECKING:
    import re
    from collections.abc import Sequence

    from fr_check.sources.shell.model import Block, Command, Heredoc

Parts = list[str | Expansion]

# Constructs within constructs beyond this are not read: real scripts stay below 10, Python's stack ends at 1000 frames.
DEPTH = 40
# Words, commands and blocks of one script. The largest script of 60 repositories has 27 kB.
PIECES = 60_000

_PLAIN = pattern(r"[^\s;&|<>()$`\"'\\]+")
_DOUBLE = pattern(r"[^\"$`\\]+")


class WordReader(ABC):
    """The lexer's state and its words. `at` turns offsets of the string into those of the caller."""

    def __init__(self, string: str, places: Sequence[int] | None, origin: int) -> None:
        self.s = string
        self.i = 0
        self.n = len(string)
        self.places = places
        self.origin = origin
        self.depth = 0
        self.left = PIECES
        self.cut = False
        self.commands: list[Command] = []
        self.blocks: list[Block] = []
        self.reads: list[Expansion] = []
        self.problems: list[ShellProblem] = []
        self.pending: list[tuple[str, bool, bool, int]] = []
        self.documents: dict[int, Heredoc] = {}
        self.last_expression = string.rfind("}}")
        self.odd_quotes = False

    def at(self, offset: int) -> int:
        """An offset of the string, as the caller counts."""
        if self.places is None:
            return offset + self.origin
        if offset < len(self.places):
            return self.places[offset]
        return self.places[-1] + 1 if self.places else self.origin

    def till(self, offset: int) -> int:
        """The end of what ends before an offset of the string, as the caller counts."""
        return self.at(offset - 1) + 1 if offset else self.at(0)

    def problem(self, message: str, start: int, end: int | None = None) -> None:
        """Notes what could not be read."""
        self.problems.append(ShellProblem(message, self.at(start), self.till(self.i if end is None else end)))

    def enough(self) -> bool:
        """Counts one more piece; beyond the budget, gives up on the rest of the script."""
        self.left -= 1
        if self.left >= 0:
            return False
        if not self.cut:
            self.problem(f"more than {PIECES:,} words and commands: the rest is not read", self.i, self.n)
        self.cut = True
        self.i = self.n
        return True

    def deeper(self) -> bool:
        """Counts one more level; beyond the budget, gives up on the rest of the script."""
        if self.depth < DEPTH:
            self.depth += 1
            return True
        if self.i < self.n:
            self.cut = True
            self.problem(f"constructs nested more than {DEPTH} deep: the rest is not read", self.i, self.n)
        self.i = self.n
        return False

    @abstractmethod
    def substitution(self, closer: str) -> None:
        """Reads the commands of `$(...)` or backticks up to `closer`; the grammar knows how."""

    @abstractmethod
    def expansion(self, parts: Parts, *, quoted: bool) -> None:
        """Reads what starts with `$` or a backtick."""

    @abstractmethod
    def expression(self, parts: Parts) -> None:
        """Reads GitHub's `${{ ... }}`, opaque."""

    @abstractmethod
    def parenthesised(self, parts: Parts, start: int) -> None:
        """Reads `$(...)`, `<(...)` and `>(...)`."""

    def word(self) -> Word:
        """The word that starts here; at least one character is consumed."""
        start = self.i
        parts: Parts = []
        s, n = self.s, self.n
        while self.i < n:
            plain = _PLAIN.match(s, self.i, n)
            if plain:
                self.i = plain.end()
                add(parts, plain.group())
                continue
            c = s[self.i]
            if c in "<>" and s.startswith("(", self.i + 1) and self.i + 1 < n:
                self.parenthesised(parts, self.i)
            elif c.isspace() or c in ";&|<>()":
                break
            else:
                self.piece(c, parts)
        if self.i == start:
            self.i += 1
            add(parts, s[start])
        return Word(s[start : self.i], joined(parts), self.at(start), self.till(self.i))

    def piece(self, c: str, parts: Parts) -> None:
        """One quoted stretch, escape or expansion outside of quotes."""
        if c == "'":
            self.single(parts)
        elif c == '"':
            self.double(parts)
        elif c == "\\":
            self.escape(parts, None)
        else:
            self.expansion(parts, quoted=False)

    def single(self, parts: Parts) -> None:
        """A single-quoted stretch; only GitHub's expressions mean anything in it."""
        opened = self.i
        self.i += 1
        add(parts, "")
        end = stop = self.i - 1
        while True:
            if self.i > stop:
                end = self.s.find("'", self.i, self.n)
                stop = self.n if end < 0 else end
            mark = self.s.find("${{", self.i, stop)
            if mark >= 0 and mark < self.last_expression:
                add(parts, self.s[self.i : mark])
                self.i = mark
                self.expression(parts)
                continue
            add(parts, self.s[self.i : stop])
            self.i = stop if end < 0 else end + 1
            if end < 0:
                self.problem("a single quote is never closed", opened)
            return

    def double(self, parts: Parts) -> None:
        """A double-quoted stretch."""
        opened = self.i
        self.i += 1
        add(parts, "")
        self.quoted(_DOUBLE, '"', parts)
        if self.i < self.n:
            self.i += 1
        else:
            self.problem("a double quote is never closed", opened)

    def quoted(self, plain: re.Pattern[str], closer: str, parts: Parts) -> None:
        """What stands between quotes or braces, up to `closer`, which is not consumed."""
        s, n = self.s, self.n
        while self.i < n:
            run = plain.match(s, self.i, n)
            if run:
                self.i = run.end()
                add(parts, run.group())
            c = s[self.i] if self.i < n else closer
            if c == closer:
                return
            if c == "\\":
                self.escape(parts, '$`"\\}' if closer == "}" else '$`"\\' if closer else "$`\\")
            elif c == '"':
                self.double(parts)
            elif c == "'":
                self.single(parts)
            else:
                self.expansion(parts, quoted=True)

    def escape(self, parts: Parts, special: str | None) -> None:
        """A backslash; inside quotes it is kept before what is not `special`."""
        following = self.s[self.i + 1 : min(self.i + 2, self.n)]
        self.i = min(self.i + 2, self.n)
        if following == "\n":
            return
        if following == "\r" and self.s.startswith("\n", self.i):
            self.i += 1
            return
        keep = special is not None and following not in special
        add(parts, "\\" + following if keep or not following else following)


def add(parts: Parts, text: str) -> None:
    """Appends literal text; `joined` makes one of neighbours, since joining at once would be quadratic."""
    parts.append(text)
