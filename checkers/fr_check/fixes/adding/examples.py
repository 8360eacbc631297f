"""A line of an example with the comments above it; and examples that something makes."""

from __future__ import annotations

from fr_check.core.edits import Edit, Refused
from fr_check.fixes.refusals import reason

TYPE_CHECKING = False
if TYPE_CHECKING:
    from fr_check.core.text import Text
    from fr_check.fixes.plan import Plan


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


def is_generated(made: Plan, edit: Edit | Refused, line: str) -> bool:
    """Whether the place says that it is generated: then what makes it is named as a next step."""
    why = reason(made.repository, (edit,)) if isinstance(edit, Edit) else ""
    if "generated" not in why:
        return False
    made.remind(f"{why} (it gets `{line.partition('=')[0]}`)")
    return True
