"""What the words of a script's commands become: values, arrays, `"$@"`, folders that commands print."""

from __future__ import annotations

import posixpath

from fr_check.core.patterns import pattern
from fr_check.sources import shell
from fr_check.sources.build_context import REPOSITORY, absolute
from fr_check.sources.docker_options import Token
from fr_check.sources.docker_uses import moved
from fr_check.sources.shell.wrappers import is_wrapper

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from fr_check.runs.model import Start
    from fr_check.sources.shell import Command, Expansion, Word
    from fr_check.sources.shell.wrappers import Inner

    Resolve = Callable[[Word], str | None]

# What stands in these may not run.
_BRANCHES = frozenset(("branch", "body", "condition", "function"))
_QUOTED = pattern(r"'[^'$]*\$[^']*'")
_WORDS = frozenset(("@", "*"))


class Words:
    """The words of one script; `here` is the folder that its commands run in by now, `arguments` what `"$@"` is."""

    def __init__(self, script: shell.Script, start: Start, values: dict[str, str | None]) -> None:
        self.script = script
        self.start = start
        self.scopes = shell.Scopes(script, values, self.outside)
        self.here = start.directory
        self.arguments = start.arguments
        self.arrays: dict[str, list[tuple[Word, bool]]] = {}

    def fill(self, command: Command) -> None:
        """Arrays that a command fills."""
        for assignment in command.assignments:
            if assignment.elements is not None:
                if assignment.operator != "+=":
                    self.arrays[assignment.name] = []
                doubtful = not _BRANCHES.isdisjoint(self.script.kinds(command))
                elements = ((word, doubtful) for word in assignment.elements)
                self.arrays.setdefault(assignment.name, []).extend(elements)

    def spelled(self, command: Command, resolve: Resolve) -> Command | None:
        """A command whose first word becomes several, or a wrapper, with what it becomes: `exec "$@"`, `$SUDO make`."""
        first = command.words[0] if command.words and not command.test else None
        if first is None or not first.expansions:
            return None
        tokens = list(self.expanded(first, resolve))
        if any(token.value is None for token in tokens[:1]):
            return None
        if len(tokens) == 1 and (tokens[0].value == first.literal or not is_wrapper(tokens[0].value or "")):
            return None
        words = (*(_as_word(token) for token in tokens), *command.words[1:])
        return command._replace(words=words) if words else None

    def script_of(self, inner: Inner, outer: Command, *, handed: bool) -> Inner:
        """The script that a shell is given; `sh -c "$START"` is what that holds, where it is known.

        What was handed on by `"$@"` stands where that does.
        """
        name = inner.text[1:].strip("{}")
        if inner.text.startswith("$") and (name in _WORDS or name.isidentifier() or name.isdigit()):
            given = None if self.arguments is None or None in self.arguments else self.arguments
            several = None if given is None else " ".join(word for word in given if word is not None)
            value = several if name in _WORDS else self.scopes.get(outer.block, name)
            if value is not None:
                return inner._replace(text=value, places=inner.places[:1] * (len(value) + 1))
        if not inner.quoted and _QUOTED.search(inner.text):
            # The quotes within double quotes are the inner shell's: what they hold is expanded by then.
            inner = inner._replace(text=inner.text.replace("'", '"'))
        return inner._replace(places=[min(place, outer.end) for place in inner.places]) if handed else inner

    def tokens(self, command: Command, resolve: Resolve) -> list[Token]:
        """What the words of a command become."""
        return [token for word in command.words for token in self.expanded(word, resolve)]

    def expanded(self, word: Word, resolve: Resolve) -> Iterator[Token]:
        """What a word becomes: usually one token, several for an array or an unquoted list of options."""
        part = word.expansions[0] if len(word.parts) == 1 and word.expansions else None
        if part is not None and part.kind == "variable" and part.name in self.arrays:
            for element, doubtful in self.arrays[part.name]:
                value = self.value(element, resolve)
                yield Token(value, element.start, element.end, element.prefix, doubtful, element.raw)
            return
        if part is not None and part.name in _WORDS:
            given = (None,) if self.arguments is None else self.arguments
            yield from (Token(value, word.start, word.end, raw=word.raw) for value in given)
            return
        value = self.value(word, resolve)
        if value is not None and part is not None and not word.raw.startswith('"'):
            yield from (Token(piece, word.start, word.end, raw=piece) for piece in value.split())
            return
        yield Token(value, word.start, word.end, word.prefix, raw=word.raw)

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


def _as_word(token: Token) -> Word:
    """A token as a word that nothing expands any more; one that is not known stays as it is written."""
    if token.value is None:
        unknown = shell.Expansion("variable", "?", "", (), token.start, token.end, token.start)
        return shell.Word(token.raw, (unknown,), token.start, token.end)
    raw = "'" + token.value.replace("'", "'\\''") + "'"
    return shell.Word(raw, (token.value,) if token.value else (), token.start, token.end)
