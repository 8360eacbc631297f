"""Frontends: the folders whose bundler bakes public variables into a page, what they read, and what they bring."""

from __future__ import annotations

import posixpath
from collections import Counter

from fr_check.builds import frontend_sources, manifests
from fr_check.builds.bundled import Bundled, Finder
from fr_check.builds.image_files import Tree
from fr_check.builds.model import NAME
from fr_check.builds.need import Need
from fr_check.builds.workspace import Workspace
from fr_check.core.model import Skipped, Unknown
from fr_check.core.record import NamedTuple
from fr_check.core.text import Text
from fr_check.policy.dockerfile_args import DockerfileArgs
from fr_check.sources import bundlers, dotenv, javascript

TYPE_CHECKING = False
if TYPE_CHECKING:
    from fr_check.builds.frontend_sources import Read, Sources
    from fr_check.core.model import Location
    from fr_check.core.repository import Repository
    from fr_check.sources.bundlers import Bundler

FRONTEND_LIMIT = 50

# Packages that read public variables of their own: the names begin so, and the package is of this scope or name.
_LIBRARIES = {
    "CLERK_": "@clerk/",
    "STACK_": "@stackframe/",
    "WORKOS_": "@workos-inc/",
    "CLOUDINARY_": "next-cloudinary",
    "SENTRY_": "@sentry/",
    "CONVEX_": "convex",
    "SUPABASE_": "@supabase/",
    "LIVEKIT_": "@livekit/",
}
# Packages that fill in variables when the page is served: what is not baked is not missing.
_INJECTORS = frozenset(
    (
        "@import-meta-env/unplugin",
        "@import-meta-env/cli",
        "next-runtime-env",
        "@beam-australia/react-env",
        "runtime-env-cra",
    )
)
_MANIFESTS = ("package.json", "pyproject.toml", "go.mod", "Cargo.toml", "Gemfile", "composer.json")
# What Next.js reads in a production build, strongest first; the other frameworks read the same names.
_ENV_FILES = (".env.production.local", ".env.local", ".env.production", ".env")


class EnvFile(NamedTuple):
    """A file of variables that the framework reads in a production build, and the names in it."""

    path: str
    places: dict[str, Location]


class Frontend(NamedTuple):
    """One frontend; `path` is its folder ("" the root). `why` says what tells that it is one, and of which kind."""

    path: str
    bundled: Bundled
    sources: Sources
    env_files: tuple[EnvFile, ...]
    packages: frozenset[str] = frozenset()

    @property
    def bundlers(self) -> tuple[Bundler, ...]:
        """What builds it; none where only the configuration tells of it."""
        return self.bundled.bundlers

    @property
    def prefixes(self) -> tuple[str, ...]:
        """What the variables begin with that go into the page."""
        return self.bundled.prefixes

    @property
    def environment(self) -> str:
        """The object whose members the bundler replaces: Vite and what is built on it have `import.meta.env`."""
        vite = {bundler.label for bundler in self.bundlers} & {"Vite", "Astro", "SvelteKit", "Nuxt"}
        return "import.meta.env" if vite else "process.env"

    def read_by_package(self, name: str) -> bool:
        """Whether a package that the frontend depends on reads a variable by a name of its own."""
        rest = next((name[len(prefix) :] for prefix in self.prefixes if name.startswith(prefix)), "")
        owners = [package for head, package in _LIBRARIES.items() if rest.startswith(head)]
        return any(package.startswith(owner) for owner in owners for package in self.packages)

    def need(self, name: str) -> Need:
        """How much the code needs a variable: each file that reads it says so; a schema may call it optional."""
        if name in self.sources.optional:
            return Need.NONE
        files: dict[str, set[str]] = {}
        for read in self.reads.get(name, ()):
            files.setdefault(read.location.path, set()).add(read.handled)
        return max(map(_need, files.values()), default=Need.NONE)

    def copes_without(self, name: str) -> bool:
        """Whether every file that reads a variable copes where it is not set, or a schema calls it optional."""
        return self.need(name) is Need.NONE

    @property
    def injector(self) -> str:
        """The package that sets variables in the page when it is served; empty for none."""
        return next(iter(sorted(_INJECTORS & self.packages)), "")

    @property
    def label(self) -> str:
        """What to call it in a message."""
        return self.path or "."

    @property
    def reads(self) -> dict[str, tuple[Read, ...]]:
        """Variables whose value a build of the frontend keeps, with the places that read them."""
        return {**self.sources.baked, **self.sources.built}

    @property
    def public_reads(self) -> dict[str, tuple[Read, ...]]:
        """Of these the public ones, which the bundler puts into the page."""
        return self.sources.baked


class Ignores:
    """The `.dockerignore` files of a repository, read when one is asked for."""

    def __init__(self, repository: Repository) -> None:
        self._repository = repository

    def excluding(self, dockerfile: str, context: str, path: str) -> str | None:
        """The `.dockerignore` that keeps a file out of a build's context, or None."""
        from fr_check.sources import dockerignore  # noqa: PLC0415 - only where a file may bring variables

        # The one beside the Dockerfile takes precedence, and then alone counts.
        for name in (f"{dockerfile}.dockerignore", posixpath.join(context, ".dockerignore")):
            found = self._repository.parse(name, dockerignore.parse)
            if isinstance(found, dockerignore.Dockerignore):
                return name if found.excluded_by(posixpath.relpath(path, context or ".")) else None
        return None


class Frontends(NamedTuple):
    """The frontends of a repository, and what could not be read; `packages` are the folders of other packages."""

    frontends: tuple[Frontend, ...]
    unknowns: tuple[Unknown, ...]
    skipped: tuple[Skipped, ...]
    ignores: Ignores
    packages: frozenset[str]
    workspace: Workspace
    tree: Tree

    @property
    def prefixes(self) -> tuple[str, ...]:
        """The prefixes of the public variables of all frontends."""
        return tuple(dict.fromkeys(prefix for frontend in self.frontends for prefix in frontend.prefixes))


def load(repository: Repository, policy: DockerfileArgs) -> Frontends:
    """Reads the configured frontends; by default `apps/frontend` and every folder whose package.json tells one."""
    paths = repository.paths()
    workspace, tree = Workspace(repository), Tree(paths)
    skipped: list[Skipped] = []
    folders = _folders(policy, Finder(repository, workspace, tree, policy.public_prefixes), tree, skipped)
    inner = sorted(folders)
    found = []
    unknowns = list(manifests.broken(repository, folders, (name for b in bundlers.ALL for name in b.packages)))
    shared = manifests.used(repository, inner)
    count = Counter(package for packages in shared.values() for package in packages)
    for folder in inner:
        others = tuple(other for other in inner if other != folder and _below(other, folder))
        used = {package: count[package] > 1 for package in shared[folder] if not _below(package, folder)}
        sources = frontend_sources.load(repository, folder, others, folders[folder].prefixes, used)
        unknowns.extend(sources.unknowns)
        needs = manifests.needs(workspace.manifest(folder) or {})
        found.append(Frontend(folder, folders[folder], sources, _env_files(repository, folder, tree.files), needs))
    known = [path.rpartition("/") for path in paths if path.endswith(_MANIFESTS)]
    packages = frozenset(folder for folder, _, name in known if name in _MANIFESTS) - frozenset(inner)
    return Frontends(tuple(found), tuple(unknowns), tuple(skipped), Ignores(repository), packages, workspace, tree)


def _folders(policy: DockerfileArgs, finder: Finder, tree: Tree, skipped: list[Skipped]) -> dict[str, Bundled]:
    """The folders of frontends, and how each is bundled."""
    default = policy.frontends == DockerfileArgs().frontends
    folders: dict[str, Bundled] = {}
    for written in policy.frontends:
        name = written.strip("/").removeprefix("./")
        folder = "" if name == "." else name
        if folder in tree.children:
            folders[folder] = finder.configured(folder)
        elif not default:
            skipped.append(Skipped(NAME, f"the configured frontend `{written}` does not exist"))
    if default:
        for folder, bundled in finder.discovered():
            if len(folders) < FRONTEND_LIMIT:
                folders[folder] = bundled
        if not folders:
            kinds = ", ".join(bundler.label for bundler in bundlers.ALL)
            skipped.append(Skipped(NAME, f"no frontend: no package.json tells of one that is built with {kinds}"))
    return folders


def _need(handled: set[str]) -> Need:
    """How much one file needs a variable that it reads in these ways."""
    if javascript.HANDLED in handled or handled == {javascript.DEVELOPMENT}:
        return Need.NONE
    slack = {javascript.EMPTY, javascript.LOCAL, javascript.DEVELOPMENT}
    return Need.SLACK if handled <= slack else Need.FULL


def _below(path: str, folder: str) -> bool:
    return not folder or path.startswith(folder + "/")


def _env_files(repository: Repository, folder: str, held: frozenset[str]) -> tuple[EnvFile, ...]:
    found = []
    for name in _ENV_FILES:
        path = posixpath.join(folder, name)
        if path not in held:
            continue
        text, content = repository.read(path), repository.parse(path, dotenv.parse)
        if isinstance(text, Text) and isinstance(content, dotenv.Dotenv):
            found.append(EnvFile(path, {binding.key: text.at(binding.key_span) for binding in content.assignments}))
    return tuple(found)
