"""`build: FOLDER` of a compose file, which became a mapping for its first argument, written so again with the last one.

Nothing in the file tells whether there was `build: FOLDER` or a mapping with `context` alone: git does.
"""

from __future__ import annotations

from fr_check.core.edits import Edit
from fr_check.core.text import Text
from fr_check.edits.yaml import remove_entry
from fr_check.repository.revision import GitRepository, Index, Revision
from fr_check.sources import yaml_tree
from fr_check.sources.yaml_nodes import Mapping, Scalar

TYPE_CHECKING = False
if TYPE_CHECKING:
    from fr_check.core.repository import Repository
    from fr_check.sources.yaml_nodes import Node


def shortened(repository: Repository, text: Text, args: Node) -> tuple[Edit, ...]:
    """The edits that leave `build: FOLDER` where `args` goes and `context` alone is left; empty for another form.

    What the last commit has tells that, else the index; a file that git does not know has the shorter form.
    """
    route = _route(text.parsed(yaml_tree.parse).root, args, ())
    build = _at(text, route[:-1])
    if route[-2:] != ("build", "args") or not isinstance(build, Mapping) or text.string.startswith("{", build.start):
        return ()
    context = build.entries.get("context")
    if len(build.items) != len(("args", "context")) or context is None or not isinstance(context.value, Scalar):
        return ()
    committed = _committed(repository, text.path)
    was = None if committed is None else _at(committed, route[:-1])
    colon = _colon(text, route[:-1])
    if (committed is not None and not isinstance(was, Scalar)) or colon is None:
        return ()
    value, key = context.value, build.entries["args"].key
    if key.start < context.key.start:
        between = text.string[colon : value.start]
        return () if "#" in between else (Edit(text.path, colon, value.start, " "),)
    if "#" in text.string[colon : value.start]:
        return ()
    gone = remove_entry(text, build, key, args)
    return (Edit(text.path, colon, value.start, " "), gone) if isinstance(gone, Edit) else ()


def _committed(repository: Repository, path: str) -> Text | None:
    """A file as git has it, in the last commit or else in the index; None where it is in neither."""
    if not isinstance(repository, GitRepository):
        return None
    layout, head = repository.layout, repository.layout.head
    states: list[Repository] = [Index.of(repository)]
    if head is not None:
        states.insert(0, Revision(layout, repository.root, head, repository.objects))
    return next((text for state in states if isinstance(text := state.read(path), Text)), None)


def _route(node: Node | None, wanted: Node, above: tuple[str, ...]) -> tuple[str, ...]:
    """The keys that lead to a value; empty where none do."""
    for key, value in node.items if isinstance(node, Mapping) else ():
        if value is wanted:
            return (*above, key.value)
        if value.start > key.start and (found := _route(value, wanted, (*above, key.value))):
            return found
    return ()


def _at(text: Text, route: tuple[str, ...]) -> Node | None:
    node: Node | None = text.parsed(yaml_tree.parse).root
    for name in route:
        entry = node.entries.get(name) if isinstance(node, Mapping) else None
        node = entry.value if entry is not None else None
    return node


def _colon(text: Text, route: tuple[str, ...]) -> int | None:
    """Where what stands behind the colon of the key at the end of a route begins."""
    outer = _at(text, route[:-1])
    entry = outer.entries.get(route[-1]) if isinstance(outer, Mapping) and route else None
    return None if entry is None else text.string.index(":", entry.key.end) + 1
