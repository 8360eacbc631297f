"""Frontends: the folders whose bundler bakes public variables into a page, what they read, and what they bring."""

from __future__ import annotations

import json
import posixpath
import re
from typing import TYPE_CHECKING, NamedTuple

from checkers.core.config import DockerfileArgs
from checkers.core.model import Skipped, Unknown
from checkers.core.text import Text
from checkers.dockerfile_args import frontend_sources
from checkers.sources import dockerignore, dotenv

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from checkers.core.model import Location
    from checkers.core.repository import Repository
    from checkers.dockerfile_args.frontend_sources import Read, Sources
    from checkers.dockerfile_args.images import Image

CHECKER = "dockerfile-args"
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

    @property
    def label(self) -> str:
        """What to call it in a message."""
        return self.path or "."

    @property
    def reads(self) -> dict[str, tuple[Read, ...]]:
        """Public variables that the bundler replaces, with the places that read them."""
        return self.sources.baked


class Frontends(NamedTuple):
    """The frontends of a repository, and what could not be read."""

    frontends: tuple[Frontend, ...]
    unknowns: tuple[Unknown, ...]
    skipped: tuple[Skipped, ...]
    ignores: Mapping[str, dockerignore.Dockerignore]

    def ignored(self, dockerfile: str, context: str, path: str) -> tuple[str, dockerignore.Pattern] | None:
        """The `.dockerignore` and its pattern that keep a file out of a build's context, or None."""
        # The one beside the Dockerfile takes precedence, and then alone counts.
        for name in (f"{dockerfile}.dockerignore", posixpath.join(context, ".dockerignore")):
            if name in self.ignores:
                pattern = self.ignores[name].excluded_by(posixpath.relpath(path, context or "."))
                return None if pattern is None else (name, pattern)
        return None


def load(repository: Repository, policy: DockerfileArgs) -> Frontends:
    """Reads the configured frontends; by default `apps/frontend` and every folder whose package.json tells one."""
    paths = repository.paths()
    skipped: list[Skipped] = []
    folders: dict[str, None] = {}
    for folder in policy.frontends:
        name = folder.strip("/").removeprefix("./")
        if name in {"", "."} or any(path.startswith(name + "/") for path in paths):
            folders["" if name == "." else name] = None
        elif policy.frontends != DockerfileArgs().frontends:
            skipped.append(Skipped(CHECKER, f"the configured frontend `{folder}` does not exist"))
    if policy.frontends == DockerfileArgs().frontends:
        folders.update(dict.fromkeys(_discover(repository, policy.public_prefixes)))
        if not folders:
            looked = ", ".join(f"`{folder}`" for folder in policy.frontends)
            skipped.append(Skipped(CHECKER, f"no frontend: {looked} does not exist, and no package.json tells of one"))
    inner = sorted(folders)
    found = []
    unknowns: list[Unknown] = []
    for folder in inner:
        others = tuple(other for other in inner if other != folder and _below(other, folder))
        sources = frontend_sources.load(repository, folder, others, policy.public_prefixes)
        unknowns.extend(sources.unknowns)
        manifest = _manifest(repository, folder)
        scripts = manifest.get("scripts") if manifest is not None else None
        found.append(Frontend(folder, _strings(scripts), sources, _env_files(repository, folder)))
    ignores = _ignores(repository) if any(frontend.env_files for frontend in found) else {}
    return Frontends(tuple(found), tuple(unknowns), tuple(skipped), ignores)


def owner(image: Image, contexts: Iterable[str], frontends: tuple[Frontend, ...]) -> Frontend | None:
    """The frontend that a Dockerfile builds: whose folder it stands in, or is its context, or is named in it."""
    places = [posixpath.dirname(image.path), *contexts]
    inside = [(len(f.path), f) for f in frontends for place in places if place == f.path or _below(place, f.path)]
    if any(found.path for _, found in inside) or (inside and len(frontends) == 1):
        return max(inside, key=lambda pair: pair[0])[1]
    named = [f for f in frontends if f.path and re.search(_mention(f.path), image.text.string)]
    if named:
        return max(named, key=lambda frontend: len(frontend.path))
    below = [f for f in frontends if any(_below(f.path, place) for place in places)]
    return below[0] if len(below) == 1 else None


def _below(path: str, folder: str) -> bool:
    return not folder or path.startswith(folder + "/")


def _mention(path: str) -> str:
    return rf"(?<![\w.-]){re.escape(path)}(?![\w-])"


def _discover(repository: Repository, prefixes: tuple[str, ...]) -> list[str]:
    """Folders whose package.json depends on a bundler that bakes one of the prefixes."""
    wanted = {package for prefix in prefixes for package in _PACKAGES.get(prefix, ())}
    found = []
    for path in repository.paths():
        folder, name = posixpath.split(path)
        if name != "package.json" or "node_modules" in path:
            continue
        manifest = _manifest(repository, folder) or {}
        needs = [_strings(manifest.get(key)) or {} for key in ("dependencies", "devDependencies")]
        if any(wanted & need.keys() for need in needs):
            found.append(folder)
    return found[:FRONTEND_LIMIT]


def _manifest(repository: Repository, folder: str) -> dict[str, object] | None:
    """The package.json of a folder; None where there is none that can be read."""
    text = repository.read(posixpath.join(folder, "package.json"))
    if not isinstance(text, Text):
        return None
    try:
        found = json.loads(text.string)
    except (ValueError, RecursionError):
        return None
    return found if isinstance(found, dict) else None


def _strings(value: object) -> Mapping[str, str] | None:
    if not isinstance(value, dict):
        return None
    return {str(name): command for name, command in value.items() if isinstance(command, str)}


def _env_files(repository: Repository, folder: str) -> tuple[EnvFile, ...]:
    found = []
    for name in _ENV_FILES:
        path = posixpath.join(folder, name)
        if path not in repository.paths():
            continue
        text, content = repository.read(path), repository.parse(path, dotenv.parse)
        if isinstance(text, Text) and isinstance(content, dotenv.Dotenv):
            found.append(EnvFile(path, {binding.key: text.at(binding.key_span) for binding in content.assignments}))
    return tuple(found)


def _ignores(repository: Repository) -> dict[str, dockerignore.Dockerignore]:
    names = [path for path in repository.paths() if path.endswith(".dockerignore")]
    parsed = {name: repository.parse(name, dockerignore.parse) for name in names}
    return {name: found for name, found in parsed.items() if isinstance(found, dockerignore.Dockerignore)}
