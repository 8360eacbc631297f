"""Go's text/template as Vault Agent renders it: what a template's output says to the `sh` that sources it.

`parse` goes three steps: `parser` turns the text into nodes (or Go's first error), `paths` turns the nodes into a graph
of what is printed in which order (and finds where Go stops executing), and `rendering` follows all paths at once,
reading each line as `sh` would.
"""

from __future__ import annotations

from fr_check.core.model import Problem
from fr_check.core.patterns import pattern
from fr_check.sources.gotemplate.coverage import always
from fr_check.sources.gotemplate.parser import parse_tree
from fr_check.sources.gotemplate.paths import paths
from fr_check.sources.gotemplate.rendering import render
from fr_check.sources.gotemplate.template import (
    Duplicate,
    Exposure,
    Failure,
    Fault,
    Glued,
    Key,
    SecretRead,
    Template,
    Value,
)

TYPE_CHECKING = False
if TYPE_CHECKING:
    from fr_check.core.text import Text
    from fr_check.sources.gotemplate.graph import Paths

_STRING = pattern(r'"(?:[^"\\]|\\.)*"|`[^`]*`')

__all__ = ["Duplicate", "Exposure", "Failure", "Fault", "Glued", "Key", "SecretRead", "Template", "Value", "parse"]


def parse(text: Text, delimiters: tuple[str, str] = ("{{", "}}")) -> Template:
    """What the template renders; never raises, and takes time linear in the text.

    `delimiters` are those of the Vault Agent stanza that names the file; an empty one means Go's own.
    """
    left, right = delimiters
    tree = parse_tree(text.string, left or "{{", right or "}}")
    if tree.error:
        return Template(problems=(Problem(tree.error, text.span(tree.error_at, tree.error_end)),))
    graph = paths(tree)
    failures = _failures(text, graph)
    if failures and failures[0].always:
        return Template(problems=(Problem(failures[0].message, failures[0].span),), failures=failures[:1])
    found = render(text, graph)
    return found._replace(failures=failures, unfollowed=graph.spent) if failures or graph.spent else found


def _failures(text: Text, graph: Paths) -> tuple[Failure, ...]:
    """Where Go stops; the place that every path meets first, if they all stop at one or another."""
    if not graph.stops:
        return ()
    everywhere = "" in always([("", stop.block) for stop in graph.stops], graph)
    found = []
    for stop in dict.fromkeys(graph.stops):
        # Go shows strings; they may be secrets.
        written = _STRING.sub('"..."', text.string[stop.start : stop.end])
        written = written[1:-1].strip() if written[:1] == "(" else written
        span = text.span(stop.start, stop.end)
        found.append(Failure(stop.message.replace("%s", written), span, everywhere))
    return tuple(found)
