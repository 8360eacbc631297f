"""A key more for a secrets template that reads one secret."""

from __future__ import annotations

import re

from fr_check.core.edits import Edit, Refused
from fr_check.core.patterns import pattern
from fr_check.edits.lines import line_end
from fr_check.env_keys.fixing.shell_values import SINGLE
from fr_check.sources.gotemplate.nodes import Branch, End
from fr_check.sources.gotemplate.parser import parse_tree

TYPE_CHECKING = False
if TYPE_CHECKING:
    from fr_check.core.text import Text
    from fr_check.sources.gotemplate.template import Template

_SECRET = pattern(r"\{\{-?\s*with\s+(?:\$\w+\s*:=\s*)?secret\s")
_ENDS = pattern(r"\s*(?:\{\{-?\s*end\s*-?\}\}\s*)*")


def add_key(text: Text, content: Template, key: str) -> Edit | Refused:
    """Renders `key` from the field of its name, last in the only block of a secret; nothing where that is empty."""
    blocks = _blocks(text)
    if len(blocks) != 1:
        return Refused(f"{text.path} reads {len(blocks)} secrets, and which of them has it is not known")
    number = text.place(blocks[0])[0]
    begun = re.search(rf"(?m)^[ \t]*(?:export[ \t]+)?{re.escape(key)}[ \t]*=", text.string)
    if begun is not None and key not in {one.name for one in content.keys}:
        return Refused(f"line {text.place(begun.start())[0]} of {text.path} is about `{key}`: mend that first")
    reads = {read.fields[:2] for read in content.secrets if read.fields[:1] == ("Data",)}
    envelope = ".Data.data" if ("Data", "data") in reads or not reads else ".Data"
    end, start = line_end(text, number), text.offset(number)
    lines = f"{{{{ with {envelope}.{key} }}}}{key}='{{{{ . | {SINGLE} }}}}'{end}{{{{ end }}}}"
    before = text.string[start : blocks[0]]
    if not before.strip():
        return Edit(text.path, start, start, f"{lines}{end}")
    # Other blocks end on the line, or what the line renders has no end of its own yet.
    first = "" if _ENDS.fullmatch(before) else end
    return Edit(text.path, blocks[0], blocks[0], f"{first}{lines}")


def _blocks(text: Text) -> list[int]:
    """Where the `end` of each `with secret` stands."""
    opened: list[bool] = []
    found: list[int] = []
    for node in parse_tree(text.string).nodes:
        if isinstance(node, Branch):
            opened.append(bool(_SECRET.match(text.string, node.start)))
        elif isinstance(node, End) and opened and opened.pop():
            found.append(node.start)
    return found
