"""Frontends: the folders whose bundler bakes public variables into a page, what they read, and what they bring."""

from __future__ import annotations

import posixpath
from collections import Counter

from fr_check.builds import frontend_sources, manifests
from fr_check.builds.bundled import Finder
from fr_check.builds.frontend import Bundled, EnvFile, Frontend, Frontends, Ignores
from fr_check.builds.image_files import Tree
from fr_check.builds.model import NAME
from fr_check.builds.workspace import Workspace
from fr_check.core.model import Skipped
from fr_check.core.text import Text
from fr_check.policy.dockerfile_args import DockerfileArgs
from fr_check.sources import bundlers, dotenv

TYPE_CHECKING = False
if TYPE_CHECKING:
    from fr_check.core.repository import Repository

FRONTEND_LIMIT = 50

_MANIFESTS = ("package.json", "pyproject.toml", "go.mod", "Cargo.toml", "Gemfile", "composer.json")
# What Next.js reads in a production build, strongest first; the other frameworks read the same names.
_ENV_FILES = (".env.production.local", ".env.local", ".env.production", ".env")


def load(repository: Repository, policy: DockerfileArgs) -> Frontends:
    """Reads the configured frontends; by default `apps/frontend` and every folder whose package.json tells one."""
    workspace, tree = Workspace(repository), Tree(repository)
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
        prefixes, packages_used = folders[folder].prefixes, tuple(used.items())
        sources = repository.remembered(frontend_sources.load, folder, others, prefixes, packages_used)
        unknowns.extend(sources.unknowns)
        needs = manifests.needs(workspace.manifest(folder) or {})
        found.append(Frontend(folder, folders[folder], sources, _env_files(repository, folder), needs))
    known = (path.rpartition("/")[0] for name in _MANIFESTS for path in repository.named(name))
    packages = frozenset(known) - frozenset(inner)
    return Frontends(tuple(found), tuple(unknowns), tuple(skipped), Ignores(repository), packages, workspace, tree)


def _folders(policy: DockerfileArgs, finder: Finder, tree: Tree, skipped: list[Skipped]) -> dict[str, Bundled]:
    """The folders of frontends, and how each is bundled."""
    default = policy.frontends == DockerfileArgs().frontends
    folders: dict[str, Bundled] = {}
    for written in policy.frontends:
        name = written.strip("/").removeprefix("./")
        folder = "" if name == "." else name
        if tree.is_folder(folder):
            folders[folder] = finder.configured(folder)
        elif not default:
            skipped.append(Skipped(NAME, f"the configured frontend `{written}` does not exist"))
    if default:
        for folder, bundled in finder.discovered():
            if len(folders) < FRONTEND_LIMIT:
                folders[folder] = bundled
        if not folders:
            kinds = ", ".join(bundler.label for bundler in bundlers.ALL)
            reason = f"no frontend: no package.json tells of one that is built with {kinds}"
            skipped.append(Skipped(NAME, reason, whole=True))
    return folders


def _below(path: str, folder: str) -> bool:
    return not folder or path.startswith(folder + "/")


def _env_files(repository: Repository, folder: str) -> tuple[EnvFile, ...]:
    found = []
    for name in _ENV_FILES:
        path = posixpath.join(folder, name)
        if not repository.has(path):
            continue
        text, content = repository.read(path), repository.parse(path, dotenv.parse)
        if isinstance(text, Text) and isinstance(content, dotenv.Dotenv):
            found.append(EnvFile(path, {binding.key: text.at(binding.key_span) for binding in content.assignments}))
    return tuple(found)
