"""What the rules of dockerfile-args compare: builds, what they pass, and where."""

from __future__ import annotations

import posixpath

from fr_check.core.record import NamedTuple

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping

    from fr_check.core.model import Location, Unknown
    from fr_check.sources.compose.variable import Scope, Variable
    from fr_check.sources.yaml_tree import Scalar

# What stands below these is installed, or an example of something, and no part of the project that is checked.
_SAMPLES = frozenset((
    "node_modules", "vendor", "testdata", "fixtures", "__fixtures__", "corpus", "third_party", ".devcontainer",
))  # fmt: skip

# Of a file's name: `docker-compose.template.yml` holds blocks of another language.
_SAMPLE_WORDS = frozenset(("template", "tmpl", "tpl", "j2"))

_DOCKERFILES = frozenset(("dockerfile", "containerfile"))
_DOCKERFILE_HEADS = ("dockerfile.", "dockerfile-", "containerfile.", "containerfile-")
_DOCKERFILE_ENDS = (".dockerfile", ".containerfile")
# What is about Dockerfiles, made into one, or kept of one.
_DOCUMENTS = (".md", ".mdx", ".rst", ".adoc", ".txt", ".html")
_TEXTS = (".dockerignore", *_DOCUMENTS, ".json", ".yaml", ".yml", ".toml", ".lock", ".xml")
_CODE = (
    ".py",
    ".go",
    ".js",
    ".ts",
    ".tsx",
    ".rs",
    ".java",
    ".rb",
    ".sh",
    ".proto",
    ".protobuf",
    ".lua",
    ".vim",
    ".snap",
)
_OTHER_ENDS = (*_TEXTS, *_CODE, ".j2", ".tmpl", ".tpl", ".template", ".erb", ".bak", ".orig", ".swp", ".patch", ".diff")

COMPOSE = "compose"
WORKFLOW = "workflow"
BAKE = "bake"

NAME = "dockerfile-args"


class Passed(NamedTuple):
    """A build argument that a build passes. `value` as written, None for a bare name that the environment fills.

    `variable` is set for compose, whose values are interpolated; `location` is that of the name. `doubtful` where only
    a branch of a script passes it.
    """

    name: str
    value: str | None
    location: Location
    variable: Variable | None = None
    doubtful: bool = False


class Malformed(NamedTuple):
    """An argument that is not what its writer meant."""

    subject: str
    message: str
    help: str
    location: Location


class Build(NamedTuple):
    """One image build: of a compose service, an action's step, a command, or a bake target.

    `place` is COMPOSE, WORKFLOW or BAKE; `what` names it in a sentence ("service `web`"). `dockerfile` and `context`
    are paths of the repository ("" is the root), None where unknown; `inline` holds a `dockerfile_inline`. `target`
    is empty for the last stage and None where unknown. `published` says whether the image is pushed, None where that
    is not said. `opaque` is where further arguments may come from. `service` is the name of a compose service, `tags`
    are the names of the image (see `tags`).
    `gap` says why the Dockerfile is not known, else empty; `foreign` is set where it is known to stand elsewhere.
    """

    place: str
    path: str
    what: str
    location: Location
    dockerfile: str | None
    context: str | None
    inline: Scalar | None
    target: str | None
    passed: dict[str, Passed]
    environment: dict[str, Variable]
    opaque: Location | None
    malformed: tuple[Malformed, ...]
    gap: str
    foreign: bool
    published: bool | None = None
    service: str = ""
    tags: tuple[str, ...] = ()

    @property
    def key(self) -> str:
        """What tells its Dockerfile from others: a path, or for an inline one its place."""
        if self.inline is not None:
            return f"{self.path}:{self.inline.span.line}"
        return self.dockerfile or ""

    @property
    def named(self) -> str:
        """What to call it where its file matters."""
        return self.what if self.path in self.what else f"{self.what} of `{self.path}`"


class FileSet(NamedTuple):
    """Compose files that are used together, in order; none for those that Compose finds by itself in `directory`.

    `directory` where `--project-directory` names one, `env_files` where `--env-file` does, in place of `.env`. `home`
    is the folder that Compose is called in where COMPOSE_FILE names the files: its `.env` is read before the project's.
    `missing` are files of the set that are not in the repository.
    """

    files: tuple[str, ...]
    directory: str | None = None
    env_files: tuple[str, ...] | None = None
    home: str | None = None
    missing: tuple[str, ...] = ()

    @property
    def base(self) -> str:
        """The folder that the paths of its files count from: `--project-directory`, or that of the first `-f`."""
        return posixpath.dirname(self.files[0]) if self.directory is None else self.directory

    @property
    def plain(self) -> FileSet:
        """The same without what Compose would take by itself: two commands with one meaning are one set."""
        own = posixpath.dirname(self.files[0]) if self.files else self.directory
        base = own if self.directory is None else self.directory
        return self._replace(
            directory=None if self.files and self.directory == own else self.directory,
            home=None if self.home == base or self.env_files is not None else self.home,
        )

    @property
    def scope(self) -> Scope | None:
        """The files of variables, the strongest group first; None for the `.env` of the project."""
        if self.env_files is not None:
            return (self.env_files,)
        if self.home is None or not self.files:
            return None
        return (posixpath.join(self.home, ".env"),), (posixpath.join(self.base, ".env"),)


class ComposeCommand(NamedTuple):
    """A `docker compose` command that builds `services` (none: all), with arguments of its own.

    `files` is None for those that Compose finds by itself in `folder` (None: not known); `opaque` is where further
    arguments, or services, may come from; `environment` are the variables that the command is given.
    """

    files: FileSet | None
    folder: str | None
    services: tuple[str, ...]
    passed: dict[str, Passed]
    opaque: Location | None
    environment: Mapping[str, str | None]


class BakeSet(NamedTuple):
    """An argument that a command or step adds to the bake targets that a pattern matches: `*.args.NAME=value`."""

    pattern: str
    passed: Passed


class BakeFiles(NamedTuple):
    """Bake files that a command or step names, and the folder that their contexts count from."""

    files: tuple[str, ...]
    folder: str


class BakeBuilds(NamedTuple):
    """What bake files say."""

    builds: tuple[Build, ...] = ()
    unknowns: tuple[Unknown, ...] = ()


def is_dockerfile_name(path: str) -> bool:
    """Whether a file is a Dockerfile by its name: `Dockerfile.dev`, `web.dockerfile`; `dockerfile.py` is none."""
    name = path.rpartition("/")[2].lower()
    if name in _DOCKERFILES:
        return True
    named = name.startswith(_DOCKERFILE_HEADS) or name.endswith(_DOCKERFILE_ENDS)
    return named and not name.endswith(_OTHER_ENDS)


def is_sample(path: str) -> bool:
    """Whether a file is somebody else's, or a test's: it is read only if something names it."""
    *folders, name = path.split("/")
    return not _SAMPLES.isdisjoint(folders) or any(word in _SAMPLE_WORDS for word in name.split(".")[1:])


def is_made_from(path: str) -> bool:
    """Whether a file is a template of a project that a tool like cookiecutter makes: `{{...}}` stands in its path."""
    return "{{" in path or "{%" in path
