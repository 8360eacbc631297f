"""`--show-files`: which files were read, and by which checker."""

from __future__ import annotations

from fr_check.report.view import printable

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping


def render(readers: Mapping[str, tuple[str, ...]], form: str) -> str:
    """A line a file, before the report; nothing in formats for machines, whose readers take no such lines."""
    if form not in {"text", "concise"}:
        return ""
    return "".join(f"read {printable(path)} ({', '.join(names) or 'the policy'})\n" for path, names in readers.items())
