"""The JavaScript packages of a repository by folder and name, and which of them a filter selects."""

from __future__ import annotations

import posixpath
from functools import cached_property

from fr_check.builds import manifests
from fr_check.sources import package_json
from fr_check.sources.package_json import strings
from fr_check.sources.package_managers import UNKNOWN_NAME

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from fr_check.core.repository import Repository
    from fr_check.sources.package_managers import Where


class Workspace:
    """Every package.json that can be read, and Nx's projects, which may have none (`project.json`)."""

    def __init__(self, repository: Repository) -> None:
        self._repository = repository
        self.folders = tuple(dict.fromkeys((*manifests.folders(repository), *manifests.projects(repository))))

    def manifest(self, folder: str) -> Mapping[str, object] | None:
        """The package.json of a folder."""
        return package_json.read(self._repository, folder)

    def scripts(self, folder: str) -> Mapping[str, str] | None:
        """The scripts of the package in a folder; None where no package.json says which there are."""
        return strings((self.manifest(folder) or {}).get("scripts"))

    def name(self, folder: str) -> str:
        """The name of the package in a folder; empty for none."""
        manifest = self.manifest(folder)
        if manifest is None:
            manifest = package_json.read(self._repository, folder, "project.json")
        name = (manifest or {}).get("name")
        return name if isinstance(name, str) else ""

    def root(self, folder: str) -> str:
        """The folder of the workspace that a package belongs to: the outermost package around it."""
        around = [other for other in self.folders if other in {"", folder} or folder.startswith(other + "/")]
        return min(around, key=len, default=folder)

    def selected(self, folder: str, where: Where) -> tuple[str, ...] | None:
        """The folders of the packages that a command in `folder` selects; None where one of them is not known.

        A name that no package of the repository has selects none, as it does for the package managers, so long as
        every package.json says its name.
        """
        base = posixpath.normpath(posixpath.join(folder, where.folder)) if where.folder else folder
        base = "" if base == "." else base
        if base.startswith(".."):
            return None
        if where.root:
            return (self.root(base),)
        below = [other for other in self.folders if base in {"", other} or other.startswith(base + "/")]
        if where.everywhere:
            inner = tuple(other for other in below if other != base)
            return inner or (base,)
        if not where.names:
            return (base,)
        root = self.root(base)
        around = [other for other in self.folders if root in {"", other} or other.startswith(root + "/")]
        found: dict[str, None] = {}
        wanted = [name for name in where.names if not name.startswith("!")]
        for name in wanted:
            chosen = self._named(name, base, around)
            if not chosen and (UNKNOWN_NAME in name or "$" in name or not self._is_whole):
                return None
            found.update(dict.fromkeys(chosen))
        excluded = [name[1:] for name in where.names if name.startswith("!")]
        # A filter that only leaves out is one of all packages but the root's own, as with `-r`.
        taken = found if wanted else dict.fromkeys([other for other in below if other != base] or below)
        return tuple(other for other in taken if not any(other in self._named(name, base, around) for name in excluded))

    @cached_property
    def _is_whole(self) -> bool:
        """Whether all packages can be read, so that one which is not among them is not there."""
        return all(
            self.manifest(folder) is not None or package_json.read(self._repository, folder, "project.json") is not None
            for folder in self.folders
        )

    def _named(self, written: str, base: str, around: Iterable[str]) -> list[str]:
        """The packages that one filter stands for: a name, a pattern, a folder, with or without dependencies."""
        from fnmatch import fnmatchcase  # noqa: PLC0415 - few steps select packages

        name = written.partition("[")[0].removeprefix("...").removeprefix("^").removesuffix("...").removesuffix("^")
        path = name.strip("{}")
        if path != name or path.startswith((".", "/")):
            joined = posixpath.normpath(posixpath.join(base, path))
            joined = "" if joined == "." else joined
            return [folder for folder in around if folder == joined or fnmatchcase(folder, joined.rstrip("/"))]
        by_name = [folder for folder in around if (own := self.name(folder)) and fnmatchcase(own, name)]
        if by_name:
            return by_name
        short = [folder for folder in around if self.name(folder).rpartition("/")[2] == name]
        return short or [
            folder for folder in around if (folder and posixpath.basename(folder) == name) or folder == name
        ]

    def needed(self, names: Iterable[str]) -> frozenset[str]:
        """The folders of packages, and of those that they need of the workspace."""
        homes = {self.name(folder): folder for folder in self.folders}
        pending = [folder for name in names for folder in self._named(name, "", self.folders)]
        found: dict[str, None] = {}
        while pending:
            folder = pending.pop()
            if folder not in found:
                found[folder] = None
                needs = manifests.needs(self.manifest(folder) or {})
                pending.extend(homes[name] for name in sorted(needs & homes.keys()))
        return frozenset(found)
