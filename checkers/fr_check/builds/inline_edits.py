"""Edits of a Dockerfile that stands in a compose file, as edits of that file."""

from __future__ import annotations

from fr_check.core.edits import Edit, Refused
from fr_check.edits.lines import line_end

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable

    from fr_check.builds.images import Image
    from fr_check.core.text import Text
    from fr_check.sources.yaml_tree import Scalar


def in_its_file(image: Image, file: Text, edits: Iterable[Edit]) -> tuple[Edit, ...] | Refused:
    """The edits where the Dockerfile stands in `file`; whole lines of it, in a text that is written below a `|`."""
    scalar = image.inline
    if scalar is None:
        return tuple(edits)
    above = file.place(scalar.start)[0]
    if scalar.style != "|":
        return Refused(f"line {above} of {file.path} holds a Dockerfile that is not written below a `|`")
    found: list[Edit] = []
    for edit in edits:
        start = _offset(image.text, scalar, file, edit.start)
        end = _offset(image.text, scalar, file, edit.end)
        if start is None or end is None:
            return Refused(f"the Dockerfile below line {above} of {file.path} does not end with a line of its own")
        found.append(Edit(file.path, start, end, _written(edit.text, _indent(scalar, file), line_end(file, above))))
    return tuple(found)


def _offset(inner: Text, scalar: Scalar, file: Text, offset: int) -> int | None:
    """Where a line of the Dockerfile begins or ends in the file; None for other places."""
    line, column = inner.place(offset)
    outer = file.place(scalar.start)[0] + line
    if column == 1:
        return file.offset(outer)
    return file.offset(outer) + len(file.line(outer)) if column == len(inner.line(line)) + 1 else None


def _indent(scalar: Scalar, file: Text) -> str:
    first, last = file.place(scalar.start)[0] + 1, file.place(scalar.end)[0]
    written = next((file.line(number) for number in range(first, last + 1) if file.line(number).strip()), "")
    return written[: len(written) - len(written.lstrip())]


def _written(lines: str, indent: str, end: str) -> str:
    """Lines as they stand in the file: Compose takes `$$` for one `$`."""
    parts = lines.replace("$", "$$").split("\n")
    return end.join(f"{indent}{part}" if part.strip() else part for part in parts)
