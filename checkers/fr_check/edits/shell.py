"""Commands of shells, in scripts and inside other files, written with what they lack."""

from __future__ import annotations

import re

from fr_check.core.edits import Edit, Refused
from fr_check.core.patterns import pattern
from fr_check.edits.lines import line_end

TYPE_CHECKING = False
if TYPE_CHECKING:
    from fr_check.core.text import Text

_THEN = pattern(r"[ \t]*(&&|\|\||\|)")


def export_sourced(text: Text, offset: int, path: str) -> Edit | Refused:
    """Puts `set -a` and `set +a` around the first command at or behind an offset that sources the file of this path."""
    command = re.compile(rf"""(?<![\w./-])(?:\.|source)[ \t]+(?P<quote>["']?){re.escape(path)}(?P=quote)(?![\w./-])""")
    found = command.search(text.string, offset)
    if found is None:
        return Refused(f"the command that sources {path} is written in a way that is left to its author")
    number = text.place(found.start())[0]
    line = text.line(number)
    if line.strip() == found[0]:
        end, indent = line_end(text, number), line[: len(line) - len(line.lstrip())]
        return _around(text, found, f"set -a{end}{indent}", f"{end}{indent}set +a")
    before = text.string[text.offset(number) : found.start()].rstrip()
    follows = _THEN.match(text.string, found.end())
    if before.endswith("|") or (follows and follows[1] != "&&"):
        return Refused(f"whether {path} is sourced depends on another command")
    if follows:
        return _around(text, found, "set -a && ", " && set +a")
    if before.endswith("&&"):
        return _around(text, found, "{ set -a; ", "; set +a; }")
    return _around(text, found, "set -a; ", "; set +a")


def _around(text: Text, found: re.Match[str], before: str, after: str) -> Edit:
    return Edit(text.path, found.start(), found.end(), f"{before}{found[0]}{after}")
