"""Lines of a secrets template that render one key: taken out, and written again for another as they are."""

from __future__ import annotations

import re

from fr_check.core.patterns import pattern, whole_name
from fr_check.core.record import NamedTuple
from fr_check.sources.gotemplate.nodes import Branch, End
from fr_check.sources.gotemplate.parser import parse_tree

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence

    from fr_check.core.text import Text


COMMENTS = ("#", "{{/*", "{{- /*")
"""What a comment of a template begins with, its own or one of the file that it renders."""


class Line(NamedTuple):
    """Lines to put below line `after` (from 1), and the key that stands there."""

    after: int
    neighbour: str
    string: str


def rendering_line(text: Text, keys: Sequence[tuple[str, int]], key: str) -> Line | None:
    """What renders `key`, in the form of the nearest key that is rendered by lines of its own.

    `keys` are the keys of the template with the line each stands on. None where no lines are of a form to follow: those
    that leave nothing out where there is no value.
    """
    simple: list[tuple[str, tuple[int, int], str]] = []
    for name, line in keys:
        found = lines_of(text, keys, name, line)
        written = text.string[text.offset(found[0]) : _end(text, found[1])] if found is not None else ""
        if found is not None and written.count("{{") > 1 and re.search(rf"\.{re.escape(name)}[\s}})]", written):
            simple.append((name, found, written))
    kin = [one for one in simple if one[0].split("_")[0] == key.split("_", maxsplit=1)[0]]
    if not simple:
        return None
    name, (_, last), written = (kin or simple)[-1]
    own = whole_name(name).sub(key, written)
    # What the neighbour falls back on is its own: the new one falls back on nothing.
    return Line(last, name, _FALLBACK.sub(r'\1""\2', own))


_FALLBACK = pattern(r"(\{\{-? else -?\}\})[\"'][^\"'{}]*[\"'](\{\{-? end -?\}\})")


def lines_of(text: Text, keys: Sequence[tuple[str, int]], key: str, line: int) -> tuple[int, int] | None:
    """The first and last of the lines that are there for one key alone; None where others share them.

    To the line of the key belong the blocks that begin or end on it, and those around it that ask for its value.
    """
    first = last = line
    others = {number for name, number in keys if name != key}
    named = whole_name(key)
    # From the innermost block on: each may make the lines of the next one more.
    for start, opened, end in sorted(_blocks(text), key=lambda one: one[2] - one[0]):
        begins, ends = text.place(start)[0], text.place(end - 1)[0]
        if begins > last or ends < first or (begins >= first and ends <= last):
            continue
        crosses = first <= begins <= last or first <= ends <= last
        if crosses or named.search(text.string, start, opened):
            first, last = min(first, begins), max(last, ends)
    shared = any(first <= number <= last for number in others)
    return None if shared or not _stands_alone(text, first, last) else (first, last)


def _stands_alone(text: Text, first: int, last: int) -> bool:
    """Whether no block has one of its ends in some lines and the other one elsewhere."""
    start, stop = text.offset(first), _end(text, last)
    return all((start <= begin < stop) == (start < end <= stop) for begin, _, end in _blocks(text))


def _end(text: Text, line: int) -> int:
    return text.offset(line) + len(text.line(line))


def _blocks(text: Text) -> list[tuple[int, int, int]]:
    """Where each block starts, where its first action ends, and where its `end` does."""
    opened: list[Branch] = []
    found = []
    for node in text.parsed(_tree):
        if isinstance(node, Branch):
            opened.append(node)
        elif isinstance(node, End) and opened:
            begun = opened.pop()
            found.append((begun.start, begun.end, node.end))
    return found


def _tree(text: Text) -> Sequence[object]:
    return parse_tree(text.string).nodes
