"""Compose files: `parse(text) -> ComposeFile`, services with their builds, arguments and environment, and places.

One file at a time; `fr_check.sources.compose_project` merges files, `extends` and `include`.
Source: https://docs.docker.com/reference/compose-file/ and compose-go.
"""

from __future__ import annotations

from functools import cached_property

from fr_check.core.model import Problem
from fr_check.core.record import NamedTuple
from fr_check.sources import interpolation, yaml_tree
from fr_check.sources.yaml_tree import Entry, Mapping, Node, Scalar, Sequence, entries, get, items, string, strings

TYPE_CHECKING = False
if TYPE_CHECKING:
    from fr_check.core.model import Location, Span
    from fr_check.core.text import Text

RESET = "!reset"
OVERRIDE = "!override"
DEFAULT_NAMES = ("compose.yaml", "compose.yml", "docker-compose.yml", "docker-compose.yaml")
OVERRIDE_NAMES = (
    "compose.override.yml",
    "compose.override.yaml",
    "docker-compose.override.yml",
    "docker-compose.override.yaml",
)


class Variable:
    """One build argument or environment variable.

    `name` is None where only an interpolation would tell. `bare` when it has no value (`- X`, `X:`): its value is
    that of the environment, and without one it is not passed at all. `reset` removes what other files give.
    """

    __slots__ = ("__dict__", "bare", "name", "reset", "scalar", "value_start", "via")

    def __init__(self, name: str | None, scalar: Scalar, value_start: int | None, via: Scalar | None = None) -> None:
        self.name = name
        self.scalar = scalar
        self.value_start = value_start
        self.via = via
        self.bare = value_start is None
        self.reset = False
        self.key: Scalar = scalar

    @property
    def value(self) -> str | None:
        """The value as written, or None for a bare one."""
        return None if self.value_start is None else self.scalar.value[self.value_start :]

    @cached_property
    def template(self) -> interpolation.Template:
        """The value, cut into text and references; offsets count from the start of the value."""
        return interpolation.parse(self.value or "")

    @property
    def location(self) -> Location:
        """Where its name stands; for one a merge key brought, that `<<`."""
        return self.key.text.at(self.span)

    @property
    def span(self) -> Span:
        """`location`, without the file."""
        if self.via is not None:
            return self.via.span
        if self.key is not self.scalar:
            return self.key.span
        end = len(self.scalar.value) if self.value_start is None else self.value_start - 1
        return self.scalar.locate(0, end)

    def locate(self, start: int, end: int) -> Location:
        """Where `value[start:end]` stands."""
        offset = self.value_start or 0
        return self.scalar.text.at(self.scalar.locate(offset + start, offset + end))


Variables = dict[str, Variable]


class Build(NamedTuple):
    """`build:` of a service. `override` when it replaces, not extends, what other files say; so for `args`.

    `directory` is what `context` is relative to, where that is not the project's directory (`extends`, `include`).
    """

    node: Node
    context: Scalar | None
    dockerfile: Scalar | None
    inline: Scalar | None
    target: Scalar | None
    args: Variables
    unnamed: tuple[Variable, ...]
    contexts: tuple[str, ...]
    override: bool = False
    override_args: bool = False
    directory: str | None = None


class Service(NamedTuple):
    """One service; `reset_build` when it removes the build of an earlier file."""

    name: str
    key: Scalar
    node: Node
    build: Build | None
    reset_build: bool
    environment: Variables
    env_files: tuple[Scalar, ...]
    extends: tuple[str | None, str] | None
    image: Scalar | None

    @property
    def complete(self) -> bool:
        """Whether it could run on its own, without the file it may override."""
        if self.extends is not None or self.image is not None:
            return True
        return self.build is not None and (self.build.context is not None or self.build.inline is not None)


class Include(NamedTuple):
    """One entry of `include`: files merged into one model; `directory` where `project_directory` is given."""

    paths: tuple[str, ...]
    directory: str | None
    location: Location


class ComposeFile(NamedTuple):
    """A compose file. `refused` are values whose interpolation Compose refuses."""

    services: dict[str, Service]
    includes: tuple[Include, ...]
    document: yaml_tree.Document
    refused: tuple[tuple[Scalar, interpolation.Invalid], ...]
    problems: tuple[Problem, ...]


def parse(text: Text) -> ComposeFile:
    """Reads one compose file; several documents of a stream are merged as several files would be. Total."""
    document = yaml_tree.parse(text)
    problems = list(document.problems)
    services: dict[str, Service] = {}
    includes: list[Include] = []
    for root in document.documents:
        found = get(root, "services")
        if not isinstance(root, Mapping) or not (found is None or isinstance(found, Mapping) or _null(found)):
            place = found if found is not None else root
            problems.append(Problem("no compose file: `services` is not a mapping", place.span, "mend the file"))
        services.update({name: _service(entry) for name, entry in entries(found).items()})
        includes += [_include(item) for item in _list(get(root, "include"))]
    return ComposeFile(services, tuple(includes), document, tuple(_refused(document)), tuple(problems))


def _service(entry: Entry) -> Service:
    node = entry.value
    build = get(node, "build")
    reset = build is not None and build.tag == RESET
    extends = get(node, "extends")
    base = string(extends) if isinstance(extends, Scalar) else string(get(extends, "service"))
    image = get(node, "image")
    files = get(node, "env_file")
    return Service(
        name=entry.key.value,
        key=entry.key,
        node=node,
        build=None if build is None or reset or _null(build) else _build(build),
        reset_build=reset,
        environment=variables(get(node, "environment"))[0],
        env_files=tuple(s for item in _list(files) for s in strings(get(item, "path") or item)),
        extends=None if base is None else (string(get(extends, "file")), base),
        image=image if isinstance(image, Scalar) and not image.is_null else None,
    )


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
        override=node.tag == OVERRIDE,
        override_args=args is not None and args.tag in {OVERRIDE, RESET},
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
    if not isinstance(value, Scalar):
        return None
    bare = value.is_null or value.tag == RESET
    variable = Variable(entry.key.value, value, None if bare else 0, entry.via)
    variable.key = entry.key
    variable.reset = value.tag == RESET
    return variable


def _from_list(scalar: Scalar) -> Variable:
    name, equals, _ = scalar.value.partition("=")
    known = interpolation.parse(name).literal if "$" in name else name
    return Variable(known, scalar, len(name) + 1 if equals else None)


def _include(node: Node) -> Include:
    place = node if isinstance(node, Scalar) else get(node, "path") or node
    paths = tuple(scalar.value for scalar in strings(place))
    return Include(paths, string(get(node, "project_directory")), place.text.at(place.span))


def _list(node: Node | None) -> tuple[Node, ...]:
    if node is None or _null(node):
        return ()
    return node.items if isinstance(node, Sequence) else (node,)


def _null(node: Node) -> bool:
    return isinstance(node, Scalar) and node.is_null


def _scalar(node: Node | None) -> Scalar | None:
    return node if isinstance(node, Scalar) and not node.is_null and node.tag != RESET else None


def _refused(document: yaml_tree.Document) -> list[tuple[Scalar, interpolation.Invalid]]:
    """Every value, anywhere in the file, that stops Compose with "Invalid template". Keys are not interpolated."""
    refused = []
    for root in document.documents:
        for node in yaml_tree.walk(root):
            if isinstance(node, Mapping):
                children: tuple[Node, ...] = tuple(value for _, value in node.items)
            else:
                children = items(node) or ((node,) if node is root else ())
            for child in children:
                if isinstance(child, Scalar) and "${" in child.value:
                    refused += [(child, invalid) for invalid in interpolation.parse(child.value).invalid]
    return sorted(refused, key=lambda pair: pair[0].start)
