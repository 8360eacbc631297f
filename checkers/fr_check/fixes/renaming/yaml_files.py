"""Compose files, workflows and other YAML: keys of environments, arguments of builds, references, commands."""

from __future__ import annotations

from fr_check.core.patterns import pattern
from fr_check.fixes.renaming import commands
from fr_check.sources import yaml_tree
from fr_check.sources.yaml_nodes import Mapping, Scalar, Sequence

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from fr_check.core.text import Text
    from fr_check.fixes.renaming.owners import Owners
    from fr_check.fixes.renaming.task import Renaming
    from fr_check.sources.yaml_nodes import Node

_ENVIRONMENTS = frozenset(("env", "environment", "variables", "vars"))
_DOLLARS = pattern(r"(\$+)\{?\Z")
_BUILDS = ("docker/build-push-action", "docker/bake-action", "depot/build-push-action")


def rename(task: Renaming, text: Text, owners: Owners, *, compose: bool) -> None:
    """Renames the variable in a file; what is not understood is left."""
    document = text.parsed(yaml_tree.parse)
    _ = owners.given  # what an earlier renaming left is settled
    for path, key, value in _entries(document.root, ()):
        if key.value == task.old and any(True for _ in task.occurrences(text, key.start, key.end)):
            _key(task, text, owners, path, key, value, compose=compose)
    for path, scalar in _scalars(document.root, ()):
        if any(True for _ in task.occurrences(text, scalar.start, scalar.end)):
            _scalar(task, text, owners, path, scalar, compose=compose)
    for at in list(task.occurrences(text)):
        line = text.line(text.place(at)[0])[: text.place(at)[1] - 1]
        if "#" in line:
            task.keep_as_it_is(text, at)
        else:
            task.leave(text, at, "the file names it")


def _entries(node: Node | None, path: tuple[str, ...]) -> Iterator[tuple[tuple[str, ...], Scalar, Node]]:
    """Every key with the keys above it, each once: what aliases repeat stands where its anchor does."""
    stack: list[tuple[Node | None, tuple[str, ...]]] = [(node, path)]
    seen: set[int] = set()
    while stack:
        current, above = stack.pop()
        if id(current) in seen:
            continue
        seen.add(id(current))
        if isinstance(current, Mapping):
            for key, value in current.items:
                yield above, key, value
                stack.append((value, (*above, key.value)))
        elif isinstance(current, Sequence):
            stack += [(item, (*above, "-")) for item in current.items]


def _scalars(node: Node | None, path: tuple[str, ...]) -> Iterator[tuple[tuple[str, ...], Scalar]]:
    """Every value that is a text, with the keys above it."""
    for above, key, value in _entries(node, path):
        if isinstance(value, Scalar):
            yield (*above, key.value), value
        elif isinstance(value, Sequence):
            yield from (((*above, key.value, "-"), item) for item in value.items if isinstance(item, Scalar))


def _key(
    task: Renaming, text: Text, owners: Owners, path: tuple[str, ...], key: Scalar, value: Node, *, compose: bool
) -> None:
    at = text.string.find(task.old, key.start)
    given = owners.given.get((text.path, at))
    if given is not None:
        if not given.ours:
            task.leave(text, at, f"the {given.who} is not known to read it")
        elif task.keep and isinstance(value, Scalar) and value.is_null and compose:
            _second_entry(task, text, key)
        else:
            task.word(text, at, f"given to the {given.who}")
        return
    name = next((one for one in reversed(path) if one != "-"), "")
    if not compose and name in _ENVIRONMENTS and not _of_another(text, path, key):
        task.word(text, at, f"`{name}` has `{task.new}`")
    elif name == "secrets" or "secrets" in path:
        task.leave(text, at, "a store of values has it under this name")
    else:
        task.leave(text, at, "a key of this name is not known to be the variable")


def _second_entry(task: Renaming, text: Text, key: Scalar) -> None:
    """`OLD:` as two bare entries: each is passed where the host has it."""
    line, column = text.place(key.start)
    indent = text.line(line)[: column - 1]
    task.replace(text, key.start, key.start, f"{task.new}:\n{indent}", f"`{task.new}` beside `{task.old}`")
    task.settle(text, key.start, key.end)


def _of_another(text: Text, path: tuple[str, ...], key: Scalar) -> bool:
    """Whether an environment is that of a container beside the job, or of an action that is nobody's here."""
    if "services" in path:
        return True
    step = _step(text, key.start)
    uses = step.entries.get("uses") if step is not None else None
    return uses is not None and isinstance(uses.value, Scalar) and not uses.value.value.startswith((*_BUILDS, "./"))


def _step(text: Text, offset: int) -> Mapping | None:
    """The innermost mapping with `uses` or `run` around an offset."""
    found = None
    stack: list[Node | None] = [text.parsed(yaml_tree.parse).root]
    while stack:
        node = stack.pop()
        if isinstance(node, Mapping) and node.start <= offset <= node.end:
            found = node if {"uses", "run"} & node.entries.keys() else found
            stack += [value for _, value in node.items]
        elif isinstance(node, Sequence):
            stack += [item for item in node.items if item.start <= offset <= item.end]
    return found


def _scalar(
    task: Renaming, text: Text, owners: Owners, path: tuple[str, ...], scalar: Scalar, *, compose: bool
) -> None:
    if not compose:
        commands.rename(task, text, owners, scalar.start, scalar.end)
        return
    service = path[1] if path[:1] == ("services",) and len(path) > 1 else ""
    for at in list(task.occurrences(text, scalar.start, scalar.end)):
        dollars = _DOLLARS.search(text.string[scalar.start : at])
        given = owners.given.get((text.path, at))
        if task.is_second_name(text, at):
            task.settle(text, at, at + len(task.old))
        elif given is not None:
            _item(task, text, at, given.who, ours=given.ours, bare=not text.string.startswith("=", at + len(task.old)))
        elif dollars is not None and len(dollars[1]) % 2:
            _reference(task, text, at, dollars[0])
        elif dollars is not None and _runs(owners, service, text.path):
            task.word(text, at, f"a command of service `{service}` has `{task.new}`")
        else:
            task.leave(text, at, "the file names it")


def _item(task: Renaming, text: Text, at: int, who: str, *, ours: bool, bare: bool) -> None:
    if not ours:
        task.leave(text, at, f"the {who} is not known to read it")
    elif task.keep and bare:
        line, column = text.place(at)
        head = text.line(line)[: column - 1]
        task.settle(text, at, at + len(task.old))
        task.replace(text, at, at, f"{task.new}\n{head}", f"`{task.new}` beside `{task.old}`")
    else:
        task.word(text, at, f"given to the {who}")


def _reference(task: Renaming, text: Text, at: int, opening: str) -> None:
    """`${OLD}` of the host; with --keep-old `${NEW:-${OLD:-}}`, which Compose fills from within."""
    what = f"takes `{task.new}` of the host"
    if not task.keep:
        task.word(text, at, what)
        return
    start = at - len(opening.lstrip("$")) - 1
    end = commands.closing(text.string, at) if opening.endswith("{") else at + len(task.old)
    written = text.string[start:end]
    rest = written[len(opening.lstrip("$")) + 1 + len(task.old) :].rstrip("}")
    if rest.startswith(("?", ":?", "+", ":+")):
        task.leave(text, at, f"`{written}` has no form with a second name")
        return
    inner = written if rest else f"${{{task.old}:-}}"
    operator = "-" if rest.startswith("-") else ":-"
    task.replace(text, start, end, f"${{{task.new}{operator}{inner}}}", what)


def _runs(owners: Owners, service: str, path: str) -> bool:
    return any(ours for one, ours in owners.services if one.service.name == service and one.process.of == path)
