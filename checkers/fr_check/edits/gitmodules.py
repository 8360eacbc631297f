"""Sections of `.gitmodules` taken out by their lines.

`git config --remove-section` takes the comment that heads the next section along, and leaves the section's own.
"""

from __future__ import annotations

from fr_check.edits.lines import delete_block

TYPE_CHECKING = False
if TYPE_CHECKING:
    from fr_check.core.edits import Edit
    from fr_check.core.text import Text

_COMMENTS = ("#", ";")


def remove_section(text: Text, line: int) -> Edit:
    """Takes out the section whose header stands on a line, with the comment right above it."""
    last = line
    while last < text.line_count and not text.line(last + 1).lstrip().startswith("["):
        last += 1
    # Comments and blank lines behind the last key are those of the next section.
    while last > line and (not text.line(last).strip() or text.line(last).lstrip().startswith(_COMMENTS)):
        last -= 1
    return delete_block(text, line, last, _COMMENTS)
