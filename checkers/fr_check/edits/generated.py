"""Files and stretches of files that say of themselves that something makes them, and what that is."""

from __future__ import annotations

from fr_check.core.patterns import pattern
from fr_check.core.record import NamedTuple

TYPE_CHECKING = False
if TYPE_CHECKING:
    from fr_check.core.text import Text

_HEAD = 5  # lines in which a file says that it is generated
_GENERATED = pattern(r"(?i)@generated|generated.*do not edit|do not edit.*generated")
_BEGIN = pattern(r"(?i)>>>.*generated|begin generated")
_END = pattern(r"(?i)<<<|end generated")
_BELOW = 2  # lines of comment below the one that says so, which may name the command
# `by tools/gen.py`, "run `make env`"; what stands behind `from` may be the source.
_MADE_BY = pattern(
    r"(?i)\b(?:by|with|using|via|run|running)[ :]+(?:(?P<quote>[`'\"])(?P<quoted>[^`'\"\n]+)(?P=quote)"
    r"|(?P<plain>(?:(?:make|just|task|npm run|pnpm|yarn|uv run|python3?|sh|bash|go run)\s+)[\w./:-]*\w"
    r"|[\w.-]*(?:/[\w.-]*\w|\.(?:py|sh|js|ts|mjs|rb|go|pl))))"
)


class Generated(NamedTuple):
    """The line, from 1, that says so, whether for all that follows or the whole file, and the command that makes it."""

    line: int
    region: bool
    command: str

    def step(self, path: str) -> str:
        """What to do in place of an edit."""
        if self.command:
            return f"run `{self.command}`, which makes {path} (its line {self.line} says that it is generated)"
        return f"run what makes {path}: its line {self.line} says that it is generated"

    def reason(self, path: str) -> str:
        """Why an edit is refused."""
        where = "that what follows is generated" if self.region else "that it is generated"
        way = f"run `{self.command}`" if self.command else "run what makes it"
        return f"{path} says in line {self.line} {where}: {way}"


def generated(text: Text, offset: int) -> Generated | None:
    """What says that the place at an offset is generated; None where nothing does."""
    if "generated" not in text.string.lower():
        return None
    for number in range(1, min(_HEAD, text.line_count) + 1):
        if _GENERATED.search(text.line(number)) and not _BEGIN.search(text.line(number)):
            return Generated(number, region=False, command=_command(text, number))
    begin = 0
    for number in range(1, text.place(offset)[0]):
        line = text.line(number)
        if not begin and _BEGIN.search(line):
            begin = number
        elif begin and _END.search(line):
            begin = 0
    return Generated(begin, region=True, command=_command(text, begin)) if begin else None


def borders(text: Text) -> frozenset[int]:
    """The lines on which a generated stretch of a file begins or ends: what stands on both sides is apart."""
    if "generated" not in text.string.lower():
        return frozenset()
    lines = range(1, text.line_count + 1)
    begins = [line for line in lines if _BEGIN.search(text.line(line))]
    return frozenset([*begins, *(line for line in lines if begins and _END.search(text.line(line)))])


def _command(text: Text, line: int) -> str:
    """What the comment names as its maker; empty where it names none."""
    for number in range(line, min(line + _BELOW, text.line_count) + 1):
        if number > line and not text.line(number).lstrip().startswith(("#", "//", "*", "--", "<!--")):
            break
        found = _MADE_BY.search(text.line(number))
        if found is not None:
            return (found["quoted"] or found["plain"]).strip()
    return ""
