"""Frontends: the folders whose bundler bakes public variables into a page, what they read, and what they bring."""

from __future__ import annotations

import posixpath
import re
from collections import Counter

from fr_check.builds import frontend_sources, manifests
from fr_check.builds.model import NAME
from fr_check.core.model import Skipped, Unknown
from fr_check.core.record import NamedTuple
from fr_check.core.text import Text
from fr_check.policy.dockerfile_args import DockerfileArgs
from fr_check.sources import dotenv

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from fr_check.builds.frontend_sources import Read, Sources
    from fr_check.builds.images import Image
    from fr_check.core.model import Location
    from fr_check.core.repository import Repository

FRONTEND_LIMIT = 50

# The packages that bake variables of a prefix into what the browser gets.
_PACKAGES = {
    "NEXT_PUBLIC_": ("next",),
    "VITE_": ("vite",),
    "REACT_APP_": ("react-scripts", "@craco/craco", "react-app-rewired"),
    "PUBLIC_": ("astro", "@sveltejs/kit"),
    "NUXT_PUBLIC_": ("nuxt",),
    "GATSBY_": ("gatsby",),
    "VUE_APP_": ("@vue/cli-service",),
    "EXPO_PUBLIC_": ("expo",),
}
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
    """One frontend; `path` is its folder ("" the root), `scripts` those of its package.json."""

    path: str
    scripts: Mapping[str, str] | None
    sources: Sources
    env_files: tuple[EnvFile, ...]
    packages: frozenset[str] = frozenset()

    def read_by_package(self, name: str, prefixes: tuple[str, ...]) -> bool:
        """Whether a package that the frontend depends on reads a variable by a name of its own."""
        rest = next((name[len(prefix) :] for prefix in prefixes if name.startswith(prefix)), "")
        owners = [package for head, package in _LIBRARIES.items() if rest.startswith(head)]
        return any(package.startswith(owner) for owner in owners for package in self.packages)

    def copes_without(self, name: str) -> bool:
        """Whether every file that reads a variable copes where it is not set, or a schema calls it optional."""
        handled: dict[str, bool] = {}
        for read in self.reads.get(name, ()):
            handled[read.location.path] = handled.get(read.location.path, False) or bool(read.handled)
        return name in self.sources.optional or all(handled.values())

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
        """Public variables that the bundler replaces, with the places that read them."""
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


def load(repository: Repository, policy: DockerfileArgs) -> Frontends:
    """Reads the configured frontends; by default `apps/frontend` and every folder whose package.json tells one."""
    paths = repository.paths()
    held = frozenset(paths)
    skipped: list[Skipped] = []
    folders: dict[str, None] = {}
    for folder in policy.frontends:
        name = folder.strip("/").removeprefix("./")
        if name in {"", "."} or any(path.startswith(name + "/") for path in paths):
            folders["" if name == "." else name] = None
        elif policy.frontends != DockerfileArgs().frontends:
            skipped.append(Skipped(NAME, f"the configured frontend `{folder}` does not exist"))
    if policy.frontends == DockerfileArgs().frontends:
        folders.update(dict.fromkeys(_discover(repository, policy.public_prefixes)))
        if not folders:
            looked = ", ".join(f"`{folder}`" for folder in policy.frontends)
            skipped.append(Skipped(NAME, f"no frontend: {looked} does not exist, and no package.json tells of one"))
    inner = sorted(folders)
    found = []
    unknowns = list(manifests.broken(repository, folders, _packages(policy.public_prefixes)))
    shared = manifests.used(repository, inner)
    count = Counter(package for packages in shared.values() for package in packages)
    for folder in inner:
        others = tuple(other for other in inner if other != folder and _below(other, folder))
        used = {package: count[package] > 1 for package in shared[folder] if not _below(package, folder)}
        sources = frontend_sources.load(repository, folder, others, policy.public_prefixes, used)
        unknowns.extend(sources.unknowns)
        manifest = manifests.read(repository, folder)
        scripts = manifests.strings(manifest.get("scripts")) if manifest is not None else None
        needs = manifests.needs(manifest or {})
        found.append(Frontend(folder, scripts, sources, _env_files(repository, folder, held), needs))
    known = [path.rpartition("/") for path in paths if path.endswith(_MANIFESTS)]
    packages = frozenset(folder for folder, _, name in known if name in _MANIFESTS) - frozenset(inner)
    return Frontends(tuple(found), tuple(unknowns), tuple(skipped), Ignores(repository), packages)


def owner(image: Image, contexts: Iterable[str], found: Frontends) -> Frontend | None:
    """The frontend that a Dockerfile builds: whose folder it stands in, or is its context, or is named in it.

    A Dockerfile in the folder of another package builds that, though it may copy the whole workspace.
    """
    frontends = found.frontends
    folder = posixpath.dirname(image.path)
    places = [folder, *contexts]
    inside = [(len(f.path), f) for f in frontends for place in places if place == f.path or _below(place, f.path)]
    if any(found.path for _, found in inside) or (inside and len(frontends) == 1):
        return max(inside, key=lambda pair: pair[0])[1]
    if any(folder == package or _below(folder, package) for package in found.packages if package):
        return None
    named = [f for f in frontends if f.path and re.search(_mention(f.path), image.text.string)]
    if named:
        return max(named, key=lambda frontend: len(frontend.path))
    below = [f for f in frontends if any(_below(f.path, place) for place in places)]
    return below[0] if len(below) == 1 else None


def _below(path: str, folder: str) -> bool:
    return not folder or path.startswith(folder + "/")


def _mention(path: str) -> str:
    return rf"(?<![\w.-]){re.escape(path)}(?![\w-])"


def _packages(prefixes: tuple[str, ...]) -> frozenset[str]:
    return frozenset(package for prefix in prefixes for package in _PACKAGES.get(prefix, ()))


def _discover(repository: Repository, prefixes: tuple[str, ...]) -> list[str]:
    """Folders whose package.json depends on a bundler that bakes one of the prefixes."""
    wanted = _packages(prefixes)
    read = ((folder, manifests.read(repository, folder)) for folder in manifests.folders(repository))
    return [folder for folder, manifest in read if manifest and wanted & manifests.needs(manifest)][:FRONTEND_LIMIT]


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
