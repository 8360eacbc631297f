"""Foreign text inside Markdown: names, messages of commits and lines of files must not become links or mentions."""

from __future__ import annotations

import re

from fr_check.core.patterns import pattern
from fr_check.report.view import printable

# What CommonMark or GitHub could read as markup. A colon matters in `https://`, a full stop in `www.`.
_MARKUP = pattern(r"[\\`*_{}\[\]<>()#!|~$&]|:(?=//)|(?<=www)\.|@")
_CODE = pattern(r"(?<!`)`([^`]+)`(?!`)")


def markdown_text(string: str) -> str:
    """A message as Markdown: names that it puts in backticks stay code, and nothing else is markup."""
    pieces = []
    end = 0
    string = printable(string)
    for found in _CODE.finditer(string):
        pieces += [_escaped(string[end : found.start()]), code(found[1])]
        end = found.end()
    return "".join([*pieces, _escaped(string[end:])])


def code(string: str) -> str:
    """A code span that holds a string, whatever backticks it has; as a table takes it."""
    longest = max((len(run) for run in re.findall("`+", string)), default=0)
    fence = "`" * (longest + 1)
    padding = " " if string.startswith("`") or string.endswith("`") else ""
    return f"{fence}{padding}{string}{padding}{fence}".replace("|", "\\|")


def fence(string: str) -> str:
    """The fence of a code block: longer than any run of backticks in it."""
    return "`" * max(3, 1 + max((len(run) for run in re.findall("`+", string)), default=0))


def _escaped(string: str) -> str:
    # GitHub looks for mentions after it has read the escapes; a comment between the sign and the name stops that.
    return _MARKUP.sub(lambda found: "@<!-- -->" if found[0] == "@" else f"\\{found[0]}", string)
