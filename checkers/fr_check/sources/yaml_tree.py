"""YAML as a tree of nodes that know where they stand: `parse(text) -> Document`.

Built from PyYAML's event stream with an explicit stack. `yaml.load` gives no positions, turns `on:` into True and
`012` into 10, and hangs on a merge-key bomb; `yaml.compose` recurses in C and ends the process on 100,000 `[`.
The tree has no cycles, but an anchor's node is shared by all its aliases: walk it with `walk`, which visits once.

Values are never resolved to numbers, booleans or dates; `Scalar.is_null` is the one distinction made.
"""

from __future__ import annotations

from fr_check.core.model import Problem
from fr_check.core.patterns import postponed
from fr_check.core.record import NamedTuple
from fr_check.sources.yaml_nodes import (
    NULL_TAG,
    Entry,
    Mapping,
    Node,
    Scalar,
    Sequence,
    entries,
    get,
    items,
    string,
    strings,
    walk,
)

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any, Protocol

    from fr_check.core.text import Text

    class _Mark(Protocol):
        index: int

    class _EventSource(Protocol):
        def get_event(self) -> Any: ...


__all__ = [
    "Document",
    "Duplicate",
    "Entry",
    "Mapping",
    "Node",
    "Scalar",
    "Sequence",
    "entries",
    "get",
    "items",
    "parse",
    "string",
    "strings",
    "walk",
]

SIZE_LIMIT = 1_000_000
"""Characters; a compose file or workflow is never this long."""
DEPTH_LIMIT = 200
NODE_LIMIT = 200_000
"""Nodes of one file, and separately entries that its merge keys copy."""
_OTHER = "check that this is the file you mean"


class Duplicate(NamedTuple):
    """A key that stands twice in one mapping; the later one counts, to those readers that accept it at all."""

    first: Scalar
    second: Scalar


class Document(NamedTuple):
    """A file: the first document's root (None: empty), all documents' roots, and what could not be read.

    Where `complete` is False the reading stopped at the last of `problems`, and the tree holds what stands before it.
    """

    root: Node | None
    documents: tuple[Node, ...]
    duplicates: tuple[Duplicate, ...]
    problems: tuple[Problem, ...]
    complete: bool = True


def parse(text: Text) -> Document:
    """Reads a YAML file within budgets for size, depth, nodes and merged entries. Total."""
    size = len(text.string)
    if size > SIZE_LIMIT:
        message = f"{size:,} characters; more than {SIZE_LIMIT:,} are not read"
        return Document(None, (), (), (Problem(message, text.span(0), _OTHER),), complete=False)
    builder = _Builder(text)
    complete = _feed(builder, text.string)
    roots = tuple(builder.documents)
    problems = tuple(builder.problems)
    return Document(roots[0] if roots else None, roots, tuple(builder.duplicates), problems, complete)


class _Frame:
    """A collection under construction."""

    __slots__ = ("anchor", "block", "mapping", "nodes", "start", "tag")

    def __init__(self, event: Any, *, mapping: bool) -> None:
        self.mapping = mapping
        self.anchor: str | None = event.anchor
        self.tag: str | None = event.tag
        self.start: int = event.start_mark.index
        self.block: bool = not event.flow_style
        self.nodes: list[Node] = []


class _Builder:
    """Turns events into nodes; `problems` ends the reading where the budgets are spent."""

    def __init__(self, text: Text) -> None:
        self.text = text
        self.documents: list[Node] = []
        self.duplicates: list[Duplicate] = []
        self.problems: list[Problem] = []
        self.stack: list[_Frame] = []
        self.anchors: dict[str, Node | None] = {}
        self.nodes = 0
        self.merged = 0

    def complain(self, message: str, start: int, help: str = "") -> None:  # noqa: A002 - as in Problem
        self.problems.append(Problem(message, self.text.span(min(start, len(self.text.string))), help))

    def accept(self, event: Any) -> bool:
        """Takes one event; False once the tree is too deep or too large to go on."""
        kind = type(event).__name__
        if kind == "ScalarEvent":
            style = event.style or ""
            end = event.end_mark.index
            if style in ("|", ">"):
                end = self._trimmed(event.start_mark.index, end)
            tag = None if event.tag == "!" and style else event.tag
            node = Scalar(self.text, event.start_mark.index, end, tag, event.value, style)
            self._add(node, event.anchor)
        elif kind == "AliasEvent":
            self._alias(event)
        elif kind in ("MappingStartEvent", "SequenceStartEvent"):
            if event.anchor:
                self.anchors[event.anchor] = None
            self.stack.append(_Frame(event, mapping=kind == "MappingStartEvent"))
        elif kind in ("MappingEndEvent", "SequenceEndEvent"):
            self._close(event.end_mark)
        elif kind == "DocumentStartEvent":
            self.anchors = {}
        self.nodes += 1
        if self.nodes > NODE_LIMIT:
            self.complain(f"more than {NODE_LIMIT:,} nodes are not read", event.start_mark.index, _OTHER)
        elif len(self.stack) > DEPTH_LIMIT:
            self.complain(f"nested deeper than {DEPTH_LIMIT} levels", event.start_mark.index, _OTHER)
        else:
            return True
        return False

    def finish(self) -> None:
        """Closes what an error left open, so that everything before it can be used."""
        while self.stack:
            self._close(None)

    def _trimmed(self, start: int, end: int) -> int:
        return start + len(self.text.string[start:end].rstrip())

    def _alias(self, event: Any) -> None:
        start, name = event.start_mark.index, event.anchor
        node = self.anchors.get(name)
        if node is None:
            inside = name in self.anchors
            reason = "stands inside the node it names" if inside else "names no anchor above it"
            self.complain(f"the alias `*{name}` {reason}", start, f"define `&{name}` before it is used")
            node = Scalar(self.text, start, event.end_mark.index, NULL_TAG, "", "")
        self._add(node, None)

    def _add(self, node: Node, anchor: str | None) -> None:
        if anchor:
            self.anchors[anchor] = node
        if self.stack:
            self.stack[-1].nodes.append(node)
        else:
            self.documents.append(node)

    def _close(self, mark: _Mark | None) -> None:
        frame = self.stack.pop()
        last = frame.nodes[-1].end if frame.nodes else frame.start
        end = last if mark is None or (frame.block and frame.nodes) else mark.index
        end = max(end, frame.start)
        node = self._mapping(frame, end) if frame.mapping else self._sequence(frame, end)
        self._add(node, frame.anchor)

    def _sequence(self, frame: _Frame, end: int) -> Sequence:
        return Sequence(self.text, frame.start, end, frame.tag, tuple(frame.nodes))

    def _mapping(self, frame: _Frame, end: int) -> Mapping:
        pairs: list[tuple[Scalar, Node]] = []
        keys: dict[str, Scalar] = {}
        merges = False
        for key, value in zip(frame.nodes[::2], frame.nodes[1::2], strict=False):
            if not isinstance(key, Scalar):
                self.complain("a key that is a list or a mapping is not read", key.start)
                continue
            if key.value in keys:
                self.duplicates.append(Duplicate(keys[key.value], key))
            keys[key.value] = key
            merges = merges or key.is_merge_key
            pairs.append((key, value))
        node = Mapping(self.text, frame.start, end, frame.tag, tuple(pairs))
        if merges:
            self._merge(node)
        return node

    def _merge(self, node: Mapping) -> None:
        """Applies the merge keys. What they name is complete by now, so nothing recurses."""
        result = {key.value: Entry(key, value) for key, value in node.items if not key.is_merge_key}
        for via, value in node.items:
            if not via.is_merge_key:
                continue
            for source in items(value) if isinstance(value, Sequence) else (value,):
                if not isinstance(source, Mapping):
                    self.complain("`<<` takes mappings", source.start, "merge an anchor of a mapping")
                    continue
                self.merged += len(source.entries)
                if self.merged > NODE_LIMIT:
                    self.complain(f"merge keys copy more than {NODE_LIMIT:,} entries", via.start, _OTHER)
                    return
                for name, entry in source.entries.items():
                    result.setdefault(name, Entry(entry.key, entry.value, via))
        node.entries = result


def _feed(builder: _Builder, source_text: str) -> bool:
    """Drives PyYAML's parser (libyaml's where it was built in); False where an error or a budget stopped it."""
    with postponed():
        import yaml  # noqa: PLC0415 - 10 ms that a repository without YAML need not pay

    # CLoader is libyaml's parser; only its get_event is used, which resolves and constructs nothing.
    factory = yaml.CLoader if yaml.__with_libyaml__ else yaml.Loader
    complete = False
    try:
        source: _EventSource = factory(source_text)
        while not complete:
            event = source.get_event()
            complete = event is None or type(event) is yaml.StreamEndEvent
            if not complete and not builder.accept(event):
                break
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        where = ", ".join(part for part in (error.context, error.problem) if part)
        builder.complain(where or "not YAML", mark.index if mark else 0, "mend the YAML")
    except yaml.YAMLError as error:
        position = getattr(error, "position", 0)
        builder.complain(f"{getattr(error, 'reason', None) or 'not YAML'}", position, "save the file as UTF-8 text")
    except UnicodeEncodeError as error:
        builder.complain("a lone surrogate is no text", error.start, "save the file as UTF-8 text")
    builder.finish()
    return complete
