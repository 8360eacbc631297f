"""Actions of a template that Go refuses and that can mean one thing only, written as Go reads them."""

from __future__ import annotations

from fr_check.core.patterns import pattern
from fr_check.core.text import Text
from fr_check.sources import gotemplate

_DASHED = pattern(r"(?P<chain>(?:\$\w*)?(?:\.[A-Za-z_]\w*)*)\.(?P<field>\w+(?:-\w+)+)(?![\w.-])")
_COMMENT = pattern(r"\{\{(?P<left>-?)[ \t]*(?P<comment>/\*.*?\*/)[ \t]*(?P<right>-?)\}\}")
# What a value may follow without brackets: it is then a command of its own.
_BEGINS = pattern(r"(?:\{\{-?|\(|=|\b(?:if|with|range))$")
_MOST = 100  # faults of a file that are mended one after the other


def mended(text: Text) -> dict[int, str] | None:
    """The lines to be written otherwise, by number, for the template to parse; None where that does not do."""
    made: dict[int, str] = {}
    string = text.string
    for _ in range(_MOST):
        now = Text(string, text.path)
        problems = gotemplate.parse(now).problems
        if not problems:
            return made or None
        number = problems[0].span.line
        line = _mended(now.line(number), problems[0].span.column - 1, problems[0].message)
        if line is None:
            return None
        made[number] = line
        start = now.offset(number)
        string = string[:start] + line + string[start + len(now.line(number)) :]
    return None


def _mended(line: str, column: int, message: str) -> str | None:
    if message.startswith("bad character U+002D"):
        found = next((one for one in _DASHED.finditer(line) if one.start() <= column <= one.end()), None)
        if found is None:
            return None
        read = f'index {found["chain"] or "."} "{found["field"]}"'
        before = line[: found.start()].rstrip()
        alone = _BEGINS.search(before) is not None
        return line[: found.start()] + (read if alone else f"({read})") + line[found.end() :]
    found = next((one for one in _COMMENT.finditer(line) if one.start() <= column <= one.end()), None)
    if found is None:
        return None
    left, right = ("{{- " if found["left"] else "{{"), (" -}}" if found["right"] else "}}")
    written = f"{left}{found['comment']}{right}"
    return None if written == found[0] else line[: found.start()] + written + line[found.end() :]
