"""Compose files, workflows and other YAML: keys of environments, arguments of builds, references, commands."""

from __future__ import annotations

import re

from fr_check.core.patterns import pattern
from fr_check.fixes.renaming import commands
from fr_check.fixes.renaming.owners import Place
from fr_check.fixes.renaming.task import KEPT
from fr_check.sources import yaml_tree
from fr_check.sources.yaml_nodes import Mapping, Scalar, Sequence, walk

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from fr_check.core.text import Text
    from fr_check.fixes.renaming.owners import Owners
    from fr_check.fixes.renaming.task import Renaming
    from fr_check.sources.yaml_nodes import Node

_ENVIRONMENTS = frozenset(("env", "environment", "variables", "vars"))
_DOLLARS = pattern(r"(\$+)\{?\Z")
_MOST = 20_000  # places of a file that are looked at: aliases may repeat without end
_BUILDS = ("docker/build-push-action", "docker/bake-action", "depot/build-push-action")


def rename(task: Renaming, text: Text, owners: Owners, *, compose: bool) -> None:
    """Renames the variable in a file; what is not understood is left."""
    document = text.parsed(yaml_tree.parse)
    _ = owners.given  # what an earlier renaming left is settled
    places = _places(document.root)
    for mapping, key, value in _entries(document.root):
        if key.value == task.old and any(True for _ in task.occurrences(text, key.start, key.end)):
            _key(task, text, owners, places.get(id(mapping), ((),)), (key, value), compose=compose)
    for path, scalar in _scalars(document.root, ()):
        if any(True for _ in task.occurrences(text, scalar.start, scalar.end)):
            _scalar(task, text, owners, path, scalar, compose=compose)
    for at in list(task.occurrences(text)):
        line = text.line(text.place(at)[0])[: text.place(at)[1] - 1]
        if "#" in line:
            task.keep_as_it_is(text, at)
        else:
            task.leave(text, at, "the file names it")


def _entries(node: Node | None) -> Iterator[tuple[Mapping, Scalar, Node]]:
    """Every key with its mapping and value, each once: what aliases repeat stands where its anchor does."""
    for found in walk(node):
        if isinstance(found, Mapping):
            yield from ((found, key, value) for key, value in found.items)


def _places(node: Node | None) -> dict[int, tuple[tuple[str, ...], ...]]:
    """The identity of a mapping or list -> the keys above it, once for each place it is used at.

    An anchor is used where its aliases stand, and what is merged stands in the mapping that merges it.
    """
    found: dict[int, dict[tuple[str, ...], None]] = {}
    stack: list[tuple[Node | None, tuple[str, ...]]] = [(node, ())]
    for _ in range(_MOST):
        if not stack:
            break
        current, above = stack.pop()
        if current is None or isinstance(current, Scalar) or above in found.setdefault(id(current), {}):
            continue
        found[id(current)][above] = None
        if isinstance(current, Sequence):
            merged = above[-1:] == ("<<",)
            stack += [(item, above[:-1] if merged else (*above, "-")) for item in reversed(current.items)]
            continue
        for key, value in reversed(current.items):
            into = key.is_merge_key and isinstance(value, Mapping)
            stack.append((value, above if into else (*above, key.value)))
    return {one: tuple(paths) for one, paths in found.items()}


def _scalars(node: Node | None, path: tuple[str, ...]) -> Iterator[tuple[tuple[str, ...], Scalar]]:
    """Every value that is a text, with the keys above it, each once."""
    stack: list[tuple[Node | None, tuple[str, ...]]] = [(node, path)]
    seen: set[int] = set()
    while stack:
        current, above = stack.pop()
        if id(current) in seen:
            continue
        seen.add(id(current))
        if isinstance(current, Scalar):
            yield above, current
        elif isinstance(current, Mapping):
            stack += [(value, (*above, key.value)) for key, value in reversed(current.items)]
        elif isinstance(current, Sequence):
            stack += [(item, (*above, "-")) for item in reversed(current.items)]


def _key(
    task: Renaming, text: Text, owners: Owners, paths: tuple[tuple[str, ...], ...], entry: tuple[Scalar, Node],
    *, compose: bool,
) -> None:  # fmt: skip
    key = entry[0]
    at = text.string.find(task.old, key.start)
    given = owners.given.get((text.path, at))
    if given is None and compose:
        given = owners.named(text.path, {path[1] for path in paths if path[::2] == ("services", "environment")})
    if given is not None:
        _given(task, text, given, entry, compose=compose)
        return
    if not task.within(text.path):
        task.keep_as_it_is(text, at)
        return
    of_another = {_of_another(text, path, key): name for name, path in _named(paths) if name in _ENVIRONMENTS}
    if compose or False not in of_another:
        _stays(task, text, at, paths)
    elif task.keep:
        task.leave(text, at, KEPT)
    elif True in of_another:
        _shared(task, text, Place(ours=True, who="", beside="service or action"), entry)
    else:
        task.word(text, at, f"`{of_another[False]}` has `{task.new}`")


def _stays(task: Renaming, text: Text, at: int, paths: tuple[tuple[str, ...], ...]) -> None:
    if any("secrets" in path for path in paths):
        task.leave(text, at, "a store of values has it under this name")
    else:
        task.leave(text, at, "a key of this name is not known to be the variable")


def _named(paths: tuple[tuple[str, ...], ...]) -> Iterator[tuple[str, tuple[str, ...]]]:
    """Each place with the name of its last key."""
    for path in paths:
        yield next((one for one in reversed(path) if one != "-"), ""), path


def _given(task: Renaming, text: Text, given: Place, entry: tuple[Scalar, Node], *, compose: bool) -> None:
    """The key of an entry that somebody is given."""
    key, value = entry
    at = text.string.find(task.old, key.start)
    if not given.ours:
        task.leave(text, at, f"the {given.who} is not known to read it")
    elif task.keep and (given.image or given.covered):
        task.leave(text, at, KEPT)
    elif given.beside:
        _shared(task, text, given, entry)
    elif task.keep and isinstance(value, Scalar) and value.is_null and compose:
        _second_entry(task, text, key)
    else:
        task.word(text, at, f"given to the {given.who}")


def _shared(task: Renaming, text: Text, given: Place, entry: tuple[Scalar, Node]) -> None:
    """An entry that an anchor gives to others, too: both names, of one value."""
    key, value = entry
    written = text.string[value.start : value.end]
    if not isinstance(value, Scalar) or value.start < key.end or value.style in {"|", ">"} or "\n" in written:
        task.leave(text, text.string.find(task.old, key.start), f"the {given.beside} is given it by the same lines")
        return
    line, column = text.place(key.start)
    indent = text.line(line)[: column - 1]
    between = ", " if indent.strip() else f"\n{indent}"
    name = text.string[key.start : key.end].replace(task.old, task.new)
    head = (
        f"{name}{text.string[key.end : value.start]}{_referring(task, written, within=task.within(text.path))}{between}"
    )
    task.replace(text, key.start, key.start, head, f"`{task.new}` beside `{task.old}`, which the {given.beside} keeps")
    task.settle(text, key.start, key.end)


_OF_HOST = r"(?<!\$)((?:\$\$)*)\$(?:(\{{)({0})([^{{}}]*)\}}|({0})(?![A-Za-z0-9_]))"


def _referring(task: Renaming, written: str, *, within: bool) -> str:
    """A value with its references of the host renamed, as `_reference` does it in place."""
    if not within:
        return written

    def renamed(found: re.Match[str]) -> str:
        rest = found[4] or ""
        if not task.keep or rest.startswith(("?", ":?", "+", ":+")):
            return found[0].replace(task.old, task.new) if not task.keep else found[0]
        inner = f"${{{task.old}{rest or ':-'}}}"
        return f"{found[1]}${{{task.new}{'-' if rest.startswith('-') else ':-'}{inner}}}"

    return re.sub(_OF_HOST.format(re.escape(task.old)), renamed, written)


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
            _item(task, text, at, given, scalar)
        elif dollars is not None and len(dollars[1]) % 2 and not task.within(text.path):
            # The host has it for all of them, under its old name.
            task.keep_as_it_is(text, at)
        elif dollars is not None and len(dollars[1]) % 2:
            _reference(task, text, at, dollars[0])
        elif dollars is not None and (found := owners.named(text.path, {service})) is not None and found.ours:
            commands.expand(task, text, at, dollars[0], f"a command of service `{service}` has `{task.new}`")
        else:
            task.leave(text, at, "the file names it")


def _item(task: Renaming, text: Text, at: int, given: Place, scalar: Scalar) -> None:
    """`- OLD=value` of a list."""
    written = text.string[at : scalar.end]
    if not given.ours:
        task.leave(text, at, f"the {given.who} is not known to read it")
    elif task.keep and (given.image or given.covered):
        task.leave(text, at, KEPT)
    elif given.beside or (task.keep and not written.startswith("=", len(task.old))):
        line, column = text.place(scalar.start)
        head = text.line(line)[: column - 1]
        if head.strip() != "-" or scalar.style in {"|", ">"} or "\n" in written:
            task.leave(text, at, f"`{task.new}` has to stand beside it")
            return
        first = text.string[scalar.start : scalar.end].replace(task.old, task.new, 1)
        first = _referring(task, first, within=task.within(text.path))
        task.settle(text, at, at + len(task.old))
        task.replace(text, scalar.start, scalar.start, f"{first}\n{head}", f"`{task.new}` beside `{task.old}`")
    else:
        task.word(text, at, f"given to the {given.who}")


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
