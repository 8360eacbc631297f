"""Nodes of a YAML tree, and the few ways to look into them. `yaml_tree.parse` builds them."""

from __future__ import annotations

from fr_check.core.record import NamedTuple
from fr_check.sources.yaml_position import Alignment, align

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from fr_check.core.model import Location, Span
    from fr_check.core.text import Text

NULL_TAG = "tag:yaml.org,2002:null"
_MERGE_TAG = "tag:yaml.org,2002:merge"
_NULLS = frozenset({"", "~", "null", "Null", "NULL"})


class _Node:
    """What every node has: its explicit tag or None, its text, and its offsets there."""

    __slots__ = ("end", "start", "tag", "text")

    def __init__(self, text: Text, start: int, end: int, tag: str | None) -> None:
        self.text = text
        self.start = start
        self.end = end
        self.tag = tag

    @property
    def span(self) -> Span:
        """Where it stands: a scalar with its quotes or block header, a collection from its first item to its last."""
        return self.text.span(self.start, self.end)

    @property
    def location(self) -> Location:
        """Where it stands, with the file."""
        return self.text.at(self.span)


class Scalar(_Node):
    """A leaf: `value` as YAML unfolds it, `style` one of `""` (plain) `'` `"` `|` `>`."""

    __slots__ = ("_alignment", "style", "value")

    def __init__(self, text: Text, start: int, end: int, tag: str | None, value: str, style: str) -> None:
        # Most nodes are scalars, and a call of the base's constructor would take longer than it does.
        self.text, self.start, self.end, self.tag = text, start, end, tag
        self.value = value
        self.style = style
        self._alignment: Alignment | None = None

    def __repr__(self) -> str:
        return f"Scalar({self.style or 'plain'}, {len(self.value)} characters at {self.start})"

    @property
    def is_null(self) -> bool:
        """Whether YAML reads it as null: nothing, `~` or `null`, unquoted."""
        return self.tag == NULL_TAG if self.tag else not self.style and self.value in _NULLS

    @property
    def is_merge_key(self) -> bool:
        """Whether, as a key, it is the merge key; a quoted `"<<"` is an ordinary one."""
        return self.tag == _MERGE_TAG if self.tag else self.value == "<<" and not self.style

    def locate(self, start: int, end: int) -> Span:
        """The span in the file of `value[start:end]`.

        Exact for single lines, `|`, `>` and folded or quoted text; where the value cannot be matched with the file's
        lines, the line the scalar begins on.
        """
        if self._alignment is None:
            self._alignment = align(self.text.string[self.start : self.end], self.value, self.style)
        found = self._alignment.offsets(start, end)
        if found is not None:
            return self.text.span(self.start + found[0], self.start + found[1])
        line, _ = self.text.place(self.start)
        end_of_line = self.text.offset(line) + len(self.text.line(line))
        return self.text.span(self.start, max(min(self.end, end_of_line), self.start))


class Entry(NamedTuple):
    """A key and its value, merge keys applied; `via` is the `<<` that brought it, None for what is written there."""

    key: Scalar
    value: Node
    via: Scalar | None = None

    @property
    def place(self) -> Scalar:
        """The key to point at: within the mapping it belongs to, not where an anchor stands."""
        return self.via or self.key


class Mapping(_Node):
    """Keys and values: `items` as written (a key that is no scalar is left out), `entries` with merge keys applied."""

    __slots__ = ("entries", "items")

    def __init__(
        self, text: Text, start: int, end: int, tag: str | None, items: tuple[tuple[Scalar, Node], ...]
    ) -> None:
        super().__init__(text, start, end, tag)
        self.items = items
        self.entries: dict[str, Entry] = {key.value: Entry(key, value) for key, value in items}

    def __repr__(self) -> str:
        return f"Mapping({len(self.items)} items at {self.start})"


class Sequence(_Node):
    """A list of nodes."""

    __slots__ = ("items",)

    def __init__(self, text: Text, start: int, end: int, tag: str | None, items: tuple[Node, ...]) -> None:
        super().__init__(text, start, end, tag)
        self.items = items

    def __repr__(self) -> str:
        return f"Sequence({len(self.items)} items at {self.start})"


Node = Scalar | Mapping | Sequence


def get(node: Node | None, *path: str) -> Node | None:
    """The node below `node` at a path of keys, merge keys applied; None where there is none."""
    for key in path:
        entry = entries(node).get(key)
        if entry is None:
            return None
        node = entry.value
    return node


def entries(node: Node | None) -> dict[str, Entry]:
    """A mapping's entries by key, merge keys applied (explicit wins, then the first of a list); else nothing."""
    return node.entries if isinstance(node, Mapping) else {}


def items(node: Node | None) -> tuple[Node, ...]:
    """A sequence's items; nothing for any other node."""
    return node.items if isinstance(node, Sequence) else ()


def string(node: Node | None) -> str | None:
    """A scalar's value; None for null, collections and absence."""
    return node.value if isinstance(node, Scalar) and not node.is_null else None


def strings(node: Node | None) -> tuple[Scalar, ...]:
    """The scalars of a list, or a lone scalar as a list of one; nulls left out."""
    nodes = (node,) if isinstance(node, Scalar) else items(node)
    return tuple(item for item in nodes if isinstance(item, Scalar) and not item.is_null)


def walk(node: Node | None) -> Iterator[Node]:
    """Every node below and including `node`, in order of appearance, each once however many aliases it has."""
    seen: set[int] = set()
    stack = [] if node is None else [node]
    while stack:
        current = stack.pop()
        if id(current) in seen:
            continue
        seen.add(id(current))
        yield current
        if isinstance(current, Mapping):
            stack.extend(node for pair in reversed(current.items) for node in reversed(pair))
        elif isinstance(current, Sequence):
            stack.extend(reversed(current.items))
