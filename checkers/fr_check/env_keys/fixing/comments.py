"""A setting that stands in an example as a comment, made a line of its own."""

from __future__ import annotations

from fr_check.core.edits import SAFE, UNSAFE, Fix
from fr_check.core.patterns import pattern
from fr_check.core.text import Text
from fr_check.edits.example import uncommented
from fr_check.edits.lines import replace_line
from fr_check.env_keys.values.accepted import typed
from fr_check.env_keys.values.written import quoted
from fr_check.sources import dotenv

TYPE_CHECKING = False
if TYPE_CHECKING:
    from fr_check.env_keys.apps.model import ExampleSource
    from fr_check.sources.dotenv import Assignment
    from fr_check.sources.settings import Kind

_PORTABLE = pattern(r"[\w./:@%+,=-]+|'[^'\\]*'|\"[^\"\\$`]*\"")


def made_a_line(source: ExampleSource, key: str, value: str, kind: Kind, *, known: bool) -> Fix | None:
    """Takes the `#` from the comment that holds a key; None where no comment does, or what it holds is no line.

    `value` is what an example would say, spelled with its quotes; `known`: it is the default of the setting. Where the
    comment has a value, that is somebody's: it stays, with what is written behind it. Without one it gets the default.
    """
    for commented in source.content.commented:
        if commented.key != key:
            continue
        line = uncommented(source.text, commented.span.line)
        binding = _read(line)
        if binding is None or binding.key != key:
            continue
        written = binding.value.reveal() if binding.value is not None else ""
        mine = _read(f"{key}={value}")
        own = mine.value.reveal() if mine is not None and mine.value is not None else ""
        same = known and (written == own or typed(kind, written) == typed(kind, own))
        if not written and value:
            line = _with(line, binding, value)
        elif not binding.quote and not _PORTABLE.fullmatch(written):
            line = _with(line, binding, quoted(written) or written)
        edit = replace_line(source.text, commented.span.line, line)
        return Fix(SAFE if same or (known and not written) else UNSAFE, (edit,))
    return None


def _read(line: str) -> Assignment | None:
    content = dotenv.parse(Text(f"{line}\n", ""))
    return content.assignments[0] if len(content.assignments) == 1 and not content.problems else None


def _with(line: str, binding: Assignment, value: str) -> str:
    """A line with another value, spelled with its quotes; what is written before and behind stays."""
    head, behind = line.index("=") + 1, line[binding.span.end_column - 1 :]
    return f"{line[:head]}{value}{' ' if behind.startswith('#') else ''}{behind}"
