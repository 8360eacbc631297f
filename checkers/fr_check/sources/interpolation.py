"""Compose's `${...}` in a value, read as compose-go's `template` package reads it.

The forms are `$X`, `${X}` and `${X<op>word}` with the operators `:-` `-` `:?` `?` `:+` `+`; the word may hold further
references. `$$` is a literal dollar. `${` that begins none of these makes the whole value an error. A dollar before
anything else, as in `$(seq 3)` or `$1`, is left alone. Compose interpolates values only, never mapping keys.
Source: compose-go template/template.go (`DefaultPattern`, `getFirstBraceClosingIndex`).
"""

from __future__ import annotations

from fr_check.core.patterns import pattern
from fr_check.core.record import NamedTuple
from fr_check.sources.parts import FILLED_LIMIT

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

DEPTH_LIMIT = 20

_NAME = pattern(r"[A-Za-z_][A-Za-z0-9_]*")
_OPERATOR = pattern(r":?[-+?]")
_BRACE = pattern(r"[{}]")


class Reference(NamedTuple):
    """One `$X` or `${X...}`; offsets count from the start of the value."""

    name: str
    operator: str
    word: tuple[str | Reference, ...]
    start: int
    end: int
    name_start: int

    @property
    def name_end(self) -> int:
        """The offset behind the name."""
        return self.name_start + len(self.name)


class Invalid(NamedTuple):
    """A `${` that Compose refuses ("Invalid template"), as offsets of the value."""

    message: str
    start: int
    end: int


class Template(NamedTuple):
    """A value, cut into literal text and references; `escapes` are the offsets of its `$$`."""

    parts: tuple[str | Reference, ...]
    escapes: tuple[int, ...]
    invalid: tuple[Invalid, ...]

    @property
    def references(self) -> tuple[Reference, ...]:
        """Every reference, those within words too, in order."""
        return tuple(_flatten(self.parts))

    @property
    def literal(self) -> str | None:
        """The text Compose makes of it where nothing depends on the environment, else None."""
        return self.render({}) if not self.references and not self.invalid else None

    def fill(self, lookup: Callable[[str], str | None]) -> Filled:
        """The text that Compose makes of it; an unset variable without a default is empty text.

        As in Compose 2.40, the word of a reference is filled even where it is not used, so that `${A:-${B:?no}}` stops
        with A set.
        """
        stops: list[Reference] = []
        text = _fill(self.parts, lookup, stops)
        return Filled(text, tuple(stops))

    def render(self, environment: Mapping[str, str]) -> str | None:
        """The value with these variables set and all others unset; None where Compose would stop with an error.

        A plain `$X` of an unset variable is None too: Compose puts nothing there, and nobody means that.
        """
        return None if self.invalid else _render(self.parts, environment)


class Filled(NamedTuple):
    """A value with its references filled; `stops` are those that end every command of Compose instead."""

    text: str
    stops: tuple[Reference, ...]


def parse(value: str) -> Template:
    """Reads one value. Total, and linear in its length."""
    reader = _Reader(value)
    parts = reader.read(0, len(value), 0)
    return Template(parts, tuple(reader.escapes), tuple(reader.invalid))


def _flatten(parts: tuple[str | Reference, ...]) -> Iterator[Reference]:
    for part in parts:
        if not isinstance(part, str):
            yield part
            yield from _flatten(part.word)


def _render(parts: tuple[str | Reference, ...], environment: Mapping[str, str]) -> str | None:
    result = []
    for part in parts:
        text = part if isinstance(part, str) else _value(part, environment)
        if text is None:
            return None
        result.append(text)
    filled = "".join(result)
    return None if len(result) > 1 and len(filled) > FILLED_LIMIT else filled


def _fill(parts: tuple[str | Reference, ...], lookup: Callable[[str], str | None], stops: list[Reference]) -> str:
    result = []
    for part in parts:
        if isinstance(part, str):
            result.append(part)
            continue
        value, operator = lookup(part.name), part.operator
        word = _fill(part.word, lookup, stops)
        present = bool(value) if operator.startswith(":") else value is not None
        if operator.endswith("?") and not present:
            stops.append(part)
        elif operator.endswith("+"):
            value = word if present else value
        elif operator.endswith("-") and not present:
            value = word
        result.append(value or "")
    filled = "".join(result)
    # What is only handed on does not grow.
    return filled[:FILLED_LIMIT] if len(result) > 1 else filled


def _value(reference: Reference, environment: Mapping[str, str]) -> str | None:
    value = environment.get(reference.name)
    operator = reference.operator
    present = bool(value) if operator.startswith(":") else value is not None
    if operator.endswith("+"):
        return _render(reference.word, environment) if present else ""
    if present:
        return value
    return _render(reference.word, environment) if operator.endswith("-") else None


class _Reader:
    """Collects what `parse` returns; `lines` remembers, for each stretch read, its line's end and last brace."""

    def __init__(self, value: str) -> None:
        self.value = value
        self.escapes: list[int] = []
        self.invalid: list[Invalid] = []
        self.lines: dict[int, tuple[int, int]] = {}
        self.partners: dict[int, int] = {}
        self.paired = 0  # up to where braces have their partners

    def read(self, start: int, end: int, depth: int) -> tuple[str | Reference, ...]:
        """The parts of `value[start:end]`."""
        parts: list[str | Reference] = []
        literal: list[str] = []
        position = self.value.find("$", start, end)
        while position >= 0:
            literal.append(self.value[start:position])
            piece, start = self._dollar(position, end, depth)
            if isinstance(piece, str):
                literal.append(piece)
            else:
                parts += ["".join(literal), piece]
                literal = []
            position = self.value.find("$", start, end)
        parts.append("".join(literal) + self.value[start:end])
        return tuple(part for part in parts if part)

    def _dollar(self, start: int, end: int, depth: int) -> tuple[str | Reference, int]:
        """What the dollar at `start` begins, and the offset behind it."""
        following = self.value[start + 1] if start + 1 < end else ""
        if following == "$":
            self.escapes.append(start)
            return "$", start + 2
        if following == "{":
            return self._braced(start, end, depth)
        name = _NAME.match(self.value, start + 1, end)
        if name is None:
            return "$", start + 1
        return Reference(name[0], "", (), start, name.end(), start + 1), name.end()

    def _braced(self, start: int, end: int, depth: int) -> tuple[str | Reference, int]:
        name = _NAME.match(self.value, start + 2, end)
        if name is None:
            return self._refuse("begins no variable's name", start, start + 2)
        after = name.end()
        if after < end and self.value[after] == "}":
            return Reference(name[0], "", (), start, after + 1, start + 2), after + 1
        operator = _OPERATOR.match(self.value, after, end)
        if operator is None:
            message, shown = _wrong_operator(self.value[after:end][:2])
            return self._refuse(message, start, after + shown)
        closing = self._closing(start + 3, operator.end(), end)
        if closing < 0:
            return self._refuse("no `}` closes it on its line", start, operator.end())
        if depth >= DEPTH_LIMIT:
            return self._refuse(f"nested deeper than {DEPTH_LIMIT} levels", start, closing + 1)
        word = self.read(operator.end(), closing, depth + 1)
        return Reference(name[0], operator[0], word, start, closing + 1, start + 2), closing + 1

    def _refuse(self, message: str, start: int, end: int) -> tuple[str, int]:
        self.invalid.append(Invalid(message, start, end))
        return "", end

    def _closing(self, position: int, least: int, end: int) -> int:
        """Where the brace opened before `position` closes; the line's last `}` where the braces do not balance.

        Every `{` counts, and the character after it is not looked at: so does compose-go.
        """
        newline, last = self.lines.get(end, (-1, -1))
        if newline < least:
            newline = self.value.find("\n", least, end)
            newline = end if newline < 0 else newline
            last = self.value.rfind("}", least, newline)
            self.lines[end] = newline, last
        if last < least:
            return -1
        opened = position - 2
        if opened >= self.paired:
            self._pair(opened, newline)
        return min(self.partners.get(opened, last), last)

    def _pair(self, start: int, end: int) -> None:
        """Finds the partner of each brace of the rest of a line, once for all that are nested in it."""
        waiting: list[int] = []
        brace = _BRACE.search(self.value, start, end)
        while brace is not None:
            if brace[0] == "{":
                waiting.append(brace.start())
            elif waiting:
                self.partners[waiting.pop()] = brace.start()
            brace = _BRACE.search(self.value, brace.end() + (brace[0] == "{"), end)
        self.paired = end


def _wrong_operator(following: str) -> tuple[str, int]:
    """Why what follows a name begins no form of Compose's, and how many characters of it show that."""
    first, second = following[:1], following[1:]
    if not first:
        return "no `}` closes it", 0
    shell = next((operator for operator in (":=", "=") if following.startswith(operator)), "")
    if shell:
        return f"`{shell}` is an operator of the shell that Compose does not have", len(shell)
    if first == ":":
        return f"the `:` is followed by {_named(second)}, and Compose knows only `:-`, `:?` and `:+`", 1
    return f"the name is followed by {_named(first)}, which is neither `}}` nor an operator", 1


def _named(character: str) -> str:
    """A character in a sentence."""
    if not character:
        return "nothing"
    return "a blank" if character.isspace() else f"`{character}`"
