"""Go's text/template as Vault Agent renders it: what a template's output says to the `sh` that sources it.

`parse` goes three steps: `parser` turns the text into nodes (or Go's first error), `paths` turns the nodes into a graph
of what is printed in which order, and `rendering` follows all paths at once, reading each line as `sh` would.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from checkers.core.model import Problem
from checkers.sources.gotemplate.parser import parse_tree
from checkers.sources.gotemplate.paths import paths
from checkers.sources.gotemplate.rendering import render
from checkers.sources.gotemplate.template import Duplicate, Exposure, Fault, Glued, Key, SecretRead, Template, Value

if TYPE_CHECKING:
    from checkers.core.text import Text

__all__ = ["Duplicate", "Exposure", "Fault", "Glued", "Key", "SecretRead", "Template", "Value", "parse"]


def parse(text: Text, delimiters: tuple[str, str] = ("{{", "}}")) -> Template:
    """What the template renders; never raises, and takes time linear in the text.

    `delimiters` are those of the Vault Agent stanza that names the file; an empty one means Go's own.
    """
    left, right = delimiters
    tree = parse_tree(text.string, left or "{{", right or "}}")
    if tree.error:
        return Template(problems=(Problem(tree.error, text.span(tree.error_at, tree.error_end)),))
    return render(text, paths(tree))
