"""A line of an example with the comments above it."""

from __future__ import annotations

from fr_check.core.edits import Edit, Refused

TYPE_CHECKING = False
if TYPE_CHECKING:
    from fr_check.core.text import Text


def with_comments(edit: Edit | Refused, comments: list[str], text: Text) -> Edit | Refused:
    """The insertion of a line with comments above it, which end as the line does."""
    if isinstance(edit, Refused):
        return edit
    end = "\r\n" if "\r\n" in text.string else "\n"
    lines = "".join(f"{line}{end}" for line in comments)
    # Without a final line end the new line begins with one, and its comments come after that.
    inner = edit.text.lstrip("\r\n")
    head = edit.text[: len(edit.text) - len(inner)]
    return edit._replace(text=f"{head}{lines}{inner}")
