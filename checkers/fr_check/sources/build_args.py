"""The `build-args` input of docker/build-push-action, cut into arguments as the action cuts it.

The action hands the text to csv-parse with `relaxQuotes` and no comment character, and joins a record's fields with
commas again: each non-empty line is one argument, `# text` included; a line whose first character is a double quote
runs to the closing one, over several lines if need be. Source: docker/actions-toolkit `Util.getList`.
"""

from __future__ import annotations

from bisect import bisect_right

from fr_check.core.patterns import pattern
from fr_check.core.record import NamedTuple

TYPE_CHECKING = False
if TYPE_CHECKING:
    from fr_check.sources.expression import Piece
    from fr_check.sources.yaml_nodes import Scalar

HOLE = "\ue000"
"""Stands for text that only a run would know; a private-use character, of which no input is made."""

_DELIMITER = pattern(r"[,\r\n]")
_NEWLINE = pattern(r"\r\n|\n|\r")
_FOLDED = pattern(r"[ \t]([A-Za-z_][A-Za-z0-9_]*)=")
_CLOSING = pattern(r'"(?:"|(?=,|\r|\n|$(?![\s\S])))')


def is_name(text: str) -> bool:
    """Whether a text is the name of a variable: letters, digits and `_`, the first no digit."""
    return text.isascii() and text.isidentifier()


class BuildArg(NamedTuple):
    """One argument. `name` None where it is unknown; `value` None for a bare one, with `HOLE` for unknown text.

    `text` is the whole of it; `start` and `end` are offsets of the name (of the text, without a name) in the input.
    """

    name: str | None
    value: str | None
    text: str
    start: int
    end: int

    @property
    def opaque(self) -> bool:
        """Whether it may be any argument, or several."""
        head = self.text.partition("=")[0]
        return HOLE in head

    @property
    def malformed(self) -> str:
        """Why Docker will not take it for what was meant, or empty: a comment, a name that no ARG can have."""
        head = self.text.partition("=")[0]
        if self.opaque or is_name(head):
            return ""
        if head.startswith("#"):
            return "there are no comments in `build-args`: the line is passed as an argument"
        return "it does not begin with a name"


class Flat(NamedTuple):
    """Pieces of an evaluated value as one string, and the way back."""

    text: str
    starts: tuple[int, ...]
    pieces: tuple[Piece, ...]

    def origin(self, offset: int) -> int:
        """The offset in the value as written of an offset in the flat text."""
        index = bisect_right(self.starts, offset) - 1
        if index < 0:
            return 0
        piece = self.pieces[index]
        return piece.start + (offset - self.starts[index] if piece.exact else 0)


def flatten(pieces: tuple[Piece, ...]) -> Flat:
    """One string, `HOLE` for each unknown piece."""
    texts = [HOLE if piece.text is None else piece.text for piece in pieces]
    starts = []
    position = 0
    for text in texts:
        starts.append(position)
        position += len(text)
    return Flat("".join(texts), tuple(starts), pieces)


def parse(flat: Flat) -> tuple[BuildArg, ...]:
    """Every argument of an input."""
    found = []
    for text, start in _records(flat.text):
        head, equals, value = text.partition("=")
        name = head if HOLE not in head else None
        end = start + len(head)
        first, last = flat.origin(start), flat.origin(max(end - 1, start)) + 1
        found.append(BuildArg(name, value if equals else None, text, first, max(last, first)))
    return tuple(found)


def folded(scalar: Scalar, argument: BuildArg) -> str | None:
    """The name of a second argument that YAML has folded into this one's value, or None.

    Without a block scalar's `|`, two lines are one value with a blank between them.
    """
    if scalar.style == "|" or argument.value is None:
        return None
    found = _FOLDED.search(argument.value)
    if found is None or not _NEWLINE.search(scalar.text.string, scalar.start, scalar.end):
        return None
    return found[1]


def _records(text: str) -> list[tuple[str, int]]:
    """(trimmed text, offset) of each record that is not empty."""
    records = []
    position = 0
    # Where no quote closes from here on, none is looked for again: linear time for a text of opening quotes.
    quotes = True
    while position < len(text):
        fields: list[str] = []
        start = position
        while True:
            closed = _quoted(text, position) if quotes and text.startswith('"', position) else None
            quotes = quotes and (closed is not None or not text.startswith('"', position))
            field, position = closed or _bare(text, position)
            fields.append(field)
            if position >= len(text) or text[position] != ",":
                break
            position += 1
        newline = _NEWLINE.match(text, position)
        position = newline.end() if newline else position
        record = ",".join(fields)
        if record.strip():
            quoted = 1 if text.startswith('"', start) and not record.startswith('"') else 0
            blanks = len(record) - len(record.lstrip())
            records.append((record.strip(), start + quoted + blanks))
    return records


def _quoted(text: str, position: int) -> tuple[str, int] | None:
    """The field that the quote at `position` opens and the offset behind it; None where no quote closes it."""
    closing = _CLOSING.search(text, position + 1)
    while closing is not None and closing[0] == '""':
        closing = _CLOSING.search(text, closing.end())
    if closing is None:
        return None
    return text[position + 1 : closing.start()].replace('""', '"'), closing.end()


def _bare(text: str, position: int) -> tuple[str, int]:
    """The field up to the next delimiter and the offset of that; a quote in it is an ordinary character."""
    found = _DELIMITER.search(text, position)
    end = found.start() if found else len(text)
    return text[position:end], end
