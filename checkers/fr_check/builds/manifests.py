"""package.json files: what they depend on, their scripts, and the packages of the workspace that a frontend uses."""

from __future__ import annotations

import posixpath

from fr_check.builds.model import NAME, is_sample
from fr_check.core.model import Unknown
from fr_check.core.text import Text
from fr_check.sources.package_json import read, strings

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from fr_check.core.repository import Repository

WORKSPACE_LIMIT = 500
USED_LIMIT = 100
# Packages in these show how something is used, or test it.
_ASIDE = frozenset((
    "examples", "example", "samples", "sample", "templates", "template", "starters", "e2e", "tests", "test", "demos",
    "__tests__", "benchmarks", "playground", "playgrounds", "docs-examples",
))  # fmt: skip


def folders(repository: Repository) -> list[str]:
    """The folders that hold a package.json, samples apart."""
    return [path.rpartition("/")[0] for path in repository.named("package.json") if not is_sample(path)]


def is_aside(folder: str) -> bool:
    """Whether a package shows how something is used, tests it, or is to be filled in: no frontend of the project."""
    return not _ASIDE.isdisjoint(folder.split("/"))


def projects(repository: Repository) -> list[str]:
    """The folders that hold a project.json of Nx, samples apart; none without its nx.json."""
    if not repository.select(_is_workspace):
        return []
    paths = repository.named("project.json")
    return [path.rpartition("/")[0] for path in paths if "/" in path and not is_sample(path)]


def _is_workspace(path: str) -> bool:
    return path.endswith("nx.json")


def broken(repository: Repository, frontends: Iterable[str], packages: Iterable[str]) -> Iterator[Unknown]:
    """Each package.json that cannot be read and that is a frontend's, or names one of the packages that make one."""
    known = frozenset(frontends)
    quoted = [f'"{package}"' for package in packages]
    for folder in folders(repository):
        if read(repository, folder) is not None or (folder not in known and is_aside(folder)):
            continue
        path = posixpath.join(folder, "package.json")
        text = repository.read(path)
        if isinstance(text, Text) and folder not in known and not any(word in text.string for word in quoted):
            continue
        message = f"`{path}` cannot be read, so that its scripts and what it depends on are not known"
        where = text.at(text.span(0, 0)) if isinstance(text, Text) else None
        yield Unknown(NAME, "unreadable-manifest", path, message, "mend the JSON", where)


def needs(manifest: Mapping[str, object]) -> frozenset[str]:
    """The packages that a package.json depends on."""
    keys = ("dependencies", "devDependencies")
    return frozenset(name for key in keys for name in strings(manifest.get(key)) or {})


def used(repository: Repository, frontends: Iterable[str]) -> dict[str, tuple[str, ...]]:
    """The folders of the workspace's packages that each frontend's package.json needs, directly or through others.

    Other frontends are none of them: what those read is theirs.
    """
    known = frozenset(frontends)
    needed: dict[str, frozenset[str]] = {}
    homes: dict[str, str] = {}
    for folder in folders(repository)[:WORKSPACE_LIMIT]:
        manifest = read(repository, folder)
        if manifest is None:
            continue
        needed[folder] = needs(manifest)
        name = manifest.get("name")
        if isinstance(name, str) and folder and folder not in known:
            homes.setdefault(name, folder)
    return {folder: _reached(folder, needed, homes) for folder in known}


def _reached(folder: str, needed: Mapping[str, frozenset[str]], homes: Mapping[str, str]) -> tuple[str, ...]:
    found: dict[str, None] = {}
    pending = [folder]
    while pending and len(found) < USED_LIMIT:
        for name in sorted(needed.get(pending.pop(), frozenset()) & homes.keys()):
            if homes[name] not in found:
                found[homes[name]] = None
                pending.append(homes[name])
    return tuple(found)
