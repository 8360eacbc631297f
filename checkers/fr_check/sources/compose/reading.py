"""One compose file: `parse(text) -> ComposeFile`. `fr_check.sources.compose_project` puts several together."""

from __future__ import annotations

from fr_check.core.model import Problem
from fr_check.sources import interpolation, yaml_tree
from fr_check.sources.compose import mounts
from fr_check.sources.compose.merging import merge_services
from fr_check.sources.compose.model import (
    OVERRIDE,
    RESET,
    Build,
    Command,
    ComposeFile,
    Definition,
    EnvFile,
    Include,
    Layer,
    Service,
)
from fr_check.sources.compose.references import Asked, asked
from fr_check.sources.compose.variable import Variable
from fr_check.sources.yaml_tree import Mapping, Node, Scalar, Sequence, entries, get, items, string, strings

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from fr_check.core.text import Text
    from fr_check.sources.compose.variable import Variables
    from fr_check.sources.yaml_tree import Entry

    Cleared = frozenset[tuple[str, ...]]

_DEPTH = 6  # as deep as a tag below a service means something here: build, args, NAME
_TEXTS = (("environment",), ("build", "args"), ("command",), ("entrypoint",))
_FALSE = frozenset(("false", "False", "FALSE"))


def parse(text: Text) -> ComposeFile:
    """Reads one compose file; several documents of a stream are merged as several files would be. Total."""
    document = yaml_tree.parse(text)
    problems = list(document.problems)
    services: dict[str, Service] = {}
    includes: list[Include] = []
    secrets: dict[str, Definition] = {}
    configs: dict[str, Definition] = {}
    layers: list[Layer] = []
    project: Scalar | None = None
    found = Asked([], [], set())
    for root in document.documents:
        body = get(root, "services")
        if not isinstance(root, Mapping) or not (body is None or isinstance(body, Mapping) or _null(body)):
            place = body if body is not None else root
            problems.append(Problem("no compose file: `services` is not a mapping", place.span, "mend the file"))
        tags = frozenset(_tags(root, ()))
        read = {name: _service(entry, tags) for name, entry in entries(body).items() if entry.value.tag != RESET}
        services = merge_services(services, read, tags)
        own = tuple(_include(item) for item in _list(get(root, "include")))
        layers.append(Layer(read, own, tags))
        includes += own
        secrets.update({name: _definition(entry) for name, entry in entries(get(root, "secrets")).items()})
        configs.update({name: _definition(entry) for name, entry in entries(get(root, "configs")).items()})
        project = _scalar(get(root, "name")) or project
        problems += _mapped_items(body)
        asked(root, found)
    return ComposeFile(
        name=project,
        services=services,
        includes=tuple(includes),
        secrets=secrets,
        configs=configs,
        document=document,
        refused=tuple(sorted(found.refused, key=lambda pair: pair[0].start)),
        demands=tuple(sorted(found.demands, key=lambda demand: (demand.scalar.start, demand.reference.start))),
        names=frozenset(found.names),
        layers=tuple(layers),
        problems=tuple(problems),
    )


def _mapped_items(body: Node | None) -> Iterator[Problem]:
    """Items that Compose stops at: mappings for YAML, `- A=${A:-b: c}`, and names with a blank before their `=`."""
    for entry in entries(body).values():
        for names in _TEXTS:
            for item in items(get(entry.value, *names)):
                if isinstance(item, Mapping):
                    message = f"an item of `{names[-1]}` has `: ` in it and so is a mapping, which Compose refuses"
                    yield Problem(message, item.span, "put the whole item into quotes")
                elif names[-1] == "environment" and _is_loose(item):
                    message = "a blank stands between a variable's name and its `=`, which Compose refuses"
                    yield Problem(message, item.span, "take the blank away")


def _is_loose(item: Node) -> bool:
    """Whether the name of a list's item ends with a blank."""
    name, equals, _ = item.value.partition("=") if isinstance(item, Scalar) else ("", "", "")
    return bool(equals) and name != name.rstrip()


def _tags(node: Node, path: tuple[str, ...]) -> Iterator[tuple[str, ...]]:
    """The places of `!reset` and `!override`: what earlier files say there is taken away."""
    if node.tag in (RESET, OVERRIDE):
        yield path
    elif isinstance(node, Mapping) and len(path) < _DEPTH:
        for name, entry in node.entries.items():
            # Below the top, only services hold what is merged here.
            if path or name == "services":
                yield from _tags(entry.value, (*path, name))


def _service(entry: Entry, tags: Cleared) -> Service:
    name, node = entry.key.value, entry.value
    held = {key: found for key, found in entries(node).items() if found.value.tag != RESET}
    build = held["build"].value if "build" in held else None
    extends = held["extends"].value if "extends" in held else None
    base = string(extends) if isinstance(extends, Scalar) else string(get(extends, "service"))
    environment = _value(held, "environment")
    named, unnamed = variables(environment)
    test = get(_value(held, "healthcheck"), "test")
    return Service(
        name=name,
        key=entry.key,
        node=node,
        keys={key: found.place for key, found in held.items()},
        build=None if build is None or _null(build) else _build(build),
        environment=named,
        unnamed=unnamed,
        environment_listed=isinstance(environment, Sequence),
        env_files=tuple(found for item in _list(_value(held, "env_file")) for found in _env_file(item)),
        extends=None if base is None else (string(get(extends, "file")), base),
        image=_scalar(_value(held, "image")),
        command=_command(_value(held, "command")),
        entrypoint=_command(_value(held, "entrypoint")),
        working_dir=_scalar(_value(held, "working_dir")),
        user=_scalar(_value(held, "user")),
        healthcheck=_command(test),
        volumes=tuple(m for item in _list(_value(held, "volumes")) if (m := mounts.volume(item)) is not None),
        secrets=tuple(g for item in _list(_value(held, "secrets")) if (g := mounts.secret(item)) is not None),
        configs=tuple(g for item in _list(_value(held, "configs")) if (g := mounts.config(item)) is not None),
        profiles=strings(_value(held, "profiles")),
        depends_on=_names(_value(held, "depends_on")),
        cleared=_below(tags, name),
    )


def _below(tags: Iterable[tuple[str, ...]], name: str) -> Cleared:
    """Of the places of tags those in one service, as seen from there."""
    return frozenset(path[2:] for path in tags if path[:2] == ("services", name))


def _value(held: dict[str, Entry], name: str) -> Node | None:
    return held[name].value if name in held else None


def _names(node: Node | None) -> tuple[str, ...]:
    return tuple(entries(node)) or tuple(scalar.value for scalar in strings(node))


def _command(node: Node | None) -> Command | None:
    return Command(node) if isinstance(node, (Scalar, Sequence)) and node.tag != RESET else None


def _env_file(node: Node) -> Iterator[EnvFile]:
    path = node if isinstance(node, Scalar) else get(node, "path")
    if not isinstance(path, Scalar) or path.is_null or path.tag == RESET:
        return
    required = get(node, "required") if isinstance(node, Mapping) else None
    wanted = not (isinstance(required, Scalar) and required.value in _FALSE and not required.style)
    yield EnvFile(path, wanted, string(get(node, "format")) or "")


def _build(node: Node) -> Build:
    if isinstance(node, Scalar):
        return Build(node, node, None, None, None, {}, (), ())
    args = get(node, "args")
    named, unnamed = variables(args)
    contexts = get(node, "additional_contexts")
    names = tuple(entries(contexts)) or tuple(s.value.partition("=")[0] for s in strings(contexts))
    return Build(
        node=node,
        context=_scalar(get(node, "context")),
        dockerfile=_scalar(get(node, "dockerfile")),
        inline=_scalar(get(node, "dockerfile_inline")),
        target=_scalar(get(node, "target")),
        args=named,
        unnamed=unnamed,
        contexts=names,
        args_listed=isinstance(args, Sequence),
    )


def variables(node: Node | None) -> tuple[Variables, tuple[Variable, ...]]:
    """`args` or `environment` in either form, by name; and those whose name only an interpolation would tell."""
    found: Variables = {}
    unnamed: list[Variable] = []
    if node is not None and node.tag == RESET:
        return found, ()
    for entry in entries(node).values():
        variable = _from_mapping(entry)
        if variable is not None:
            found[entry.key.value] = variable
    for scalar in items(node):
        if not isinstance(scalar, Scalar) or not scalar.value:
            continue
        variable = _from_list(scalar)
        if variable.name is None:
            unnamed.append(variable)
        else:
            found[variable.name] = variable
    return found, tuple(unnamed)


def _from_mapping(entry: Entry) -> Variable | None:
    value = entry.value
    if not isinstance(value, Scalar) or value.tag == RESET:
        return None
    variable = Variable(entry.key.value, value, None if value.is_null else 0, entry.via)
    variable.key = entry.key
    return variable


def _from_list(scalar: Scalar) -> Variable:
    name, equals, _ = scalar.value.partition("=")
    known = interpolation.parse(name).literal if "$" in name else name
    variable = Variable(known, scalar, len(name) + 1 if equals else None)
    variable.listed = True
    return variable


def _include(node: Node) -> Include:
    place = node if isinstance(node, Scalar) else get(node, "path") or node
    paths = tuple(scalar.value for scalar in strings(place))
    files = get(node, "env_file")
    named = None if files is None or _null(files) else tuple(scalar.value for scalar in strings(files))
    return Include(paths, string(get(node, "project_directory")), place.text.at(place.span), named)


def _definition(entry: Entry) -> Definition:
    node = entry.value
    external = get(node, "external")
    return Definition(
        key=entry.key,
        file=_scalar(get(node, "file")),
        environment=_scalar(get(node, "environment")),
        content=_scalar(get(node, "content")),
        external=external is not None and not (isinstance(external, Scalar) and external.value in _FALSE),
    )


def _list(node: Node | None) -> tuple[Node, ...]:
    if node is None or _null(node) or node.tag == RESET:
        return ()
    return node.items if isinstance(node, Sequence) else (node,)


def _null(node: Node) -> bool:
    return isinstance(node, Scalar) and node.is_null


def _scalar(node: Node | None) -> Scalar | None:
    return node if isinstance(node, Scalar) and not node.is_null and node.tag != RESET else None
