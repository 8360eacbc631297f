"""What a shell script is read into. Offsets are those of the script, or of the file it was cut from (see `parse`)."""

from __future__ import annotations

from fr_check.core.record import NamedTuple

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Literal

    ExpansionKind = Literal["variable", "command", "arithmetic", "expression"]

    BlockKind = Literal[
        "subshell", "group", "substitution", "function", "if", "case", "for", "while", "condition", "branch", "body"
    ]


class Expansion(NamedTuple):
    """Something in a word that is replaced when the script runs, or before.

    `kind` is `variable` (`name` without sigils; `operator` as written, one of `:-` `-` `:=` `=` `:?` `?` `:+` `+` `#`
    `##` `%` `%%` `/` `//` `^` `,` `@` `:` `[`, or empty; `length` for `${#X}`, `indirect` for `${!X}`),
    `command` (`$(...)`, backticks, `<(...)`; its commands start at `name_start`), `arithmetic`, or `expression`
    (GitHub's `${{ name }}`). `operand` are the parts after the operator.
    """

    kind: ExpansionKind
    name: str
    operator: str
    operand: tuple[str | Expansion, ...]
    start: int
    end: int
    name_start: int


class Word(NamedTuple):
    """One word: as written, and as its parts after quote removal. Globs and `~` count as literal text."""

    raw: str
    parts: tuple[str | Expansion, ...]
    start: int
    end: int

    @property
    def literal(self) -> str | None:
        """The word's value where nothing in it is expanded, else None."""
        parts = self.parts
        if not parts:
            return ""
        if len(parts) == 1 and isinstance(parts[0], str):
            return parts[0]
        return None

    @property
    def expansions(self) -> tuple[Expansion, ...]:
        """What is expanded at the word's top level, in order."""
        return tuple(part for part in self.parts if not isinstance(part, str))

    @property
    def prefix(self) -> str:
        """The literal text before the first expansion: `--flag=` of `--flag=$X`."""
        return self.parts[0] if self.parts and isinstance(self.parts[0], str) else ""


class Assignment(NamedTuple):
    """`NAME=value` before or instead of a command word; `elements` are the words of an array, else None."""

    name: str
    operator: str
    value: Word
    elements: tuple[Word, ...] | None
    start: int
    end: int


class Heredoc(NamedTuple):
    """A here-document: `body` as it stands in the script, `quoted` when nothing in it is expanded."""

    delimiter: str
    quoted: bool
    strip_tabs: bool
    body: str
    expansions: tuple[Expansion, ...]
    start: int
    end: int


class Redirection(NamedTuple):
    """`target` is None for a here-document, whose `heredoc` is set instead."""

    operator: str
    target: Word | None
    heredoc: Heredoc | None
    start: int
    end: int


class Command(NamedTuple):
    """A simple command.

    `before` and `after` are the operators on either side: `&&` `||` `;` `|` `|&` `&` `;;`, a
    newline, or empty at the edge of its block. `negated` by `!`. `test` for what stands in `[[ ]]` or `(( ))`.
    """

    assignments: tuple[Assignment, ...]
    words: tuple[Word, ...]
    redirections: tuple[Redirection, ...]
    block: int
    before: str
    after: str
    negated: bool
    start: int
    end: int
    test: bool = False

    @property
    def name(self) -> str | None:
        """The command's name where it is known: `/usr/bin/pytest` as written; None without one."""
        return self.words[0].literal if self.words else None

    @property
    def arguments(self) -> tuple[str | None, ...]:
        """The values of the words after the name; None for each that is not fully known."""
        return tuple(word.literal for word in self.words[1:])


class Block(NamedTuple):
    """A construct that holds commands.

    `kind`: `subshell`, `group`, `substitution`, `function`, `if`, `case`, `for`,
    `while` (also `until`, `select`), and in those: `condition`, `branch` (of `if` and `case`), `body` (of loops).
    `parent` indexes `Script.blocks` (-1: the script); `name` is the function's or the loop variable's, or `while` or
    `until`; `words` are what `for` goes through (`"$@"` of one without `in`, nothing of what counts: `for ((`), what
    `case` looks at, and the patterns of a branch, behind which stands `;;` (`after`). `negated` by `!`.
    """

    kind: BlockKind
    parent: int
    name: str
    before: str
    after: str
    redirections: tuple[Redirection, ...]
    words: tuple[Word, ...]
    start: int
    end: int
    negated: bool = False


class ShellProblem(NamedTuple):
    """What could not be read, and where."""

    message: str
    start: int
    end: int


class Script(NamedTuple):
    """Everything read.

    `reads` are all variable expansions, in order, nested ones and those in here-documents too;
    arithmetic reads (`$((X + 1))`) are among them. `is_whole`: not one that was too long, or too deep, to the end.
    """

    commands: tuple[Command, ...]
    blocks: tuple[Block, ...]
    reads: tuple[Expansion, ...]
    problems: tuple[ShellProblem, ...]
    is_whole: bool = True

    def kinds(self, command: Command) -> tuple[str, ...]:
        """The kinds of the blocks around a command, innermost first."""
        found = []
        index = command.block
        while index >= 0:
            found.append(self.blocks[index].kind)
            index = self.blocks[index].parent
        return tuple(found)

    def in_function(self, offset: int) -> bool:
        """Whether an offset stands in a function."""
        return any(block.kind == "function" and block.start <= offset < block.end for block in self.blocks)

    def inside(self, block: int, outer: int) -> bool:
        """Whether a block is another one, or stands in it."""
        while block not in {outer, -1}:
            block = self.blocks[block].parent
        return block == outer
