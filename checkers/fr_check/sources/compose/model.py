"""What a compose file says of its services, with places: the records that `reading` fills and `merging` merges.

Values keep their references (`${X:-1}`): `environment.evaluate` and `Template.fill` put values in.
"""

from __future__ import annotations

import posixpath

from fr_check.core.record import NamedTuple
from fr_check.sources import interpolation
from fr_check.sources.yaml_nodes import Scalar, Sequence

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping

    from fr_check.core.model import Location, Problem
    from fr_check.sources.compose.variable import Origin, Variable, Variables
    from fr_check.sources.yaml_nodes import Node
    from fr_check.sources.yaml_tree import Document

RESET = "!reset"
OVERRIDE = "!override"
DEFAULT_NAMES = ("compose.yaml", "compose.yml", "docker-compose.yml", "docker-compose.yaml")
OVERRIDE_NAMES = (
    "compose.override.yml",
    "compose.override.yaml",
    "docker-compose.override.yml",
    "docker-compose.override.yaml",
)


class EnvFile(NamedTuple):
    """An entry of `env_file`. `path` as written, references included; `format` is "raw" or empty.

    Its folder is `origin.directory`, and the project's where `origin` is None: not that of the file that names it.
    """

    path: Scalar
    required: bool
    format: str
    origin: Origin | None = None

    @property
    def template(self) -> interpolation.Template:
        """The path, cut into text and references."""
        return interpolation.parse(self.path.value)

    @property
    def location(self) -> Location:
        """Where the path stands."""
        return self.path.location


class Build(NamedTuple):
    """`build:` of a service; `origin` is what `context` counts from, where that is not the project's folder."""

    node: Node
    context: Scalar | None
    dockerfile: Scalar | None
    inline: Scalar | None
    target: Scalar | None
    args: Variables
    unnamed: tuple[Variable, ...]
    contexts: tuple[str, ...]
    origin: Origin | None = None
    args_listed: bool = False

    @property
    def directory(self) -> str | None:
        """The folder that `context` counts from, where that is not the project's own."""
        return None if self.origin is None else self.origin.directory


class Command(NamedTuple):
    """`command`, `entrypoint` or `healthcheck.test`: a list of words, or one text that Compose splits as a shell would.

    References are not filled, and `$$` is not yet `$`. `is_null` where it is written without a value, which brings
    the image's own back. `origin` is as in `Variable`.
    """

    node: Node
    origin: Origin | None = None

    @property
    def words(self) -> tuple[Scalar, ...]:
        """The items of the list, or the one text."""
        if isinstance(self.node, Scalar):
            return () if self.node.is_null else (self.node,)
        found = self.node.items if isinstance(self.node, Sequence) else ()
        return tuple(item for item in found if isinstance(item, Scalar))

    @property
    def is_text(self) -> bool:
        """Whether it is one text that is yet to be split."""
        return isinstance(self.node, Scalar)

    @property
    def is_null(self) -> bool:
        """Whether the image's own holds after all."""
        return isinstance(self.node, Scalar) and self.node.is_null

    @property
    def location(self) -> Location:
        """Where it stands."""
        return self.node.location


class Mount(NamedTuple):
    """An entry of `volumes`: `type` is "bind", "volume", "tmpfs", ... (by the source's look in the short form).

    `source` and `target` as written, references included; `source` is empty for an anonymous volume.
    """

    node: Node
    type: str
    source: str
    target: str
    read_only: bool
    origin: Origin | None = None

    @property
    def location(self) -> Location:
        """Where it stands."""
        return self.node.location


class Grant(NamedTuple):
    """An entry of a service's `secrets` or `configs`: the file `target` in the container holds `source`."""

    node: Node
    source: str
    target: str

    @property
    def location(self) -> Location:
        """Where it stands."""
        return self.node.location


class Definition(NamedTuple):
    """An entry of the top level's `secrets` or `configs`: a file, a variable of the shell, a text, or `external`."""

    key: Scalar
    file: Scalar | None
    environment: Scalar | None
    content: Scalar | None
    external: bool
    origin: Origin | None = None

    @property
    def location(self) -> Location:
        """Where it is defined."""
        return self.key.location


class Service(NamedTuple):
    """One service. `keys` are where its attributes begin: `keys["environment"].location`.

    `environment_listed`: Compose holds its environment as a list, so that no `!reset` takes a name out of it.
    `cleared` are the attributes of earlier files that `!reset` and `!override` take away, as paths below the service:
    ("environment",), ("environment", "A"), () for the whole of it.
    """

    name: str
    key: Scalar
    node: Node
    keys: Mapping[str, Scalar]
    build: Build | None
    environment: Variables
    unnamed: tuple[Variable, ...]
    environment_listed: bool
    env_files: tuple[EnvFile, ...]
    extends: tuple[str | None, str] | None
    image: Scalar | None
    command: Command | None
    entrypoint: Command | None
    working_dir: Scalar | None
    user: Scalar | None
    healthcheck: Command | None
    volumes: tuple[Mount, ...]
    secrets: tuple[Grant, ...]
    configs: tuple[Grant, ...]
    profiles: tuple[Scalar, ...]
    depends_on: tuple[str, ...]
    cleared: frozenset[tuple[str, ...]] = frozenset()

    @property
    def complete(self) -> bool:
        """Whether it could run on its own, without the file it may override."""
        if self.extends is not None or self.image is not None:
            return True
        return self.build is not None and (self.build.context is not None or self.build.inline is not None)

    def place(self, *attributes: str) -> Location:
        """Where the first of these attributes that it has begins, else where the service does."""
        key = next((self.keys[name] for name in attributes if name in self.keys), self.key)
        return key.location


class Include(NamedTuple):
    """One entry of `include`: files merged into one model; `directory` where `project_directory` is given.

    `env_files` stand for the `.env` beside the included file: None where the entry names none.
    """

    paths: tuple[str, ...]
    directory: str | None
    location: Location
    env_files: tuple[str, ...] | None = None


class Demand(NamedTuple):
    """A `${X:?why}` or `${X?why}`, anywhere in a file: without the variable every command of Compose stops.

    `within` is the attribute it stands below, as ("services", "web", "environment"); `nested` where it is inside
    another reference, which does not save it: `${A:-${B:?no}}` stops with A set.
    """

    reference: interpolation.Reference
    scalar: Scalar
    within: tuple[str, ...]
    nested: bool

    def met_by(self, value: str | None) -> bool:
        """Whether Compose goes on with this value of the variable: `:?` takes no empty one."""
        return value is not None and (bool(value) or self.reference.operator == "?")

    @property
    def location(self) -> Location:
        """Where the reference stands."""
        return self.scalar.text.at(self.scalar.locate(self.reference.start, self.reference.end))


class Layer(NamedTuple):
    """One document of a file. `cleared` is as in `Service`, from the top: ("services", "web", "environment")."""

    services: dict[str, Service]
    includes: tuple[Include, ...]
    cleared: frozenset[tuple[str, ...]]


class ComposeFile(NamedTuple):
    """A compose file. `refused` are values whose interpolation Compose refuses; `names` every variable it asks for.

    `layers` are its documents, which Compose merges as it merges files; `services` what comes of them.
    """

    name: Scalar | None
    services: dict[str, Service]
    includes: tuple[Include, ...]
    secrets: dict[str, Definition]
    configs: dict[str, Definition]
    document: Document
    refused: tuple[tuple[Scalar, interpolation.Invalid], ...]
    demands: tuple[Demand, ...]
    names: frozenset[str]
    layers: tuple[Layer, ...]
    problems: tuple[Problem, ...]


def container_path(folder: str, name: str) -> str:
    """A file of `/run/secrets` and its like: `name` itself where it is absolute."""
    return name if name.startswith("/") else posixpath.join(folder, name)
