"""Which folders hold a frontend: a bundler that its package.json tells of, and something that only a frontend has."""

from __future__ import annotations

import posixpath

from fr_check.builds import manifests
from fr_check.builds.frontend import Bundled
from fr_check.core.text import Text
from fr_check.sources import bundlers
from fr_check.sources.package_json import strings

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from fr_check.builds.image_files import Tree
    from fr_check.builds.workspace import Workspace
    from fr_check.core.repository import Repository
    from fr_check.sources.bundlers import Bundler

UNTOLD = ("NEXT_PUBLIC_",)
"""The prefixes of a configured frontend of which nothing tells a bundler."""
# What makes or serves the page around what webpack packs.
_PAGES_OF_WEBPACK = frozenset(("html-webpack-plugin", "webpack-dev-server", "@rspack/dev-server"))
# What draws a page, and what a package says of itself that others import.
_SHOWN = frozenset(("react-dom", "vue", "svelte", "preact", "jquery"))
_TAKEN = frozenset(("main", "module", "exports", "types", "files"))
_DOCKERFILES = ("Dockerfile", "dockerfile", "Containerfile")


class Finder:
    """Looks for frontends in a repository; `extra` are the prefixes of the configuration."""

    def __init__(self, repository: Repository, workspace: Workspace, tree: Tree, extra: tuple[str, ...]) -> None:
        self._repository = repository
        self._workspace = workspace
        self._tree = tree
        self._extra = extra

    def discovered(self) -> Iterator[tuple[str, Bundled]]:
        """Every folder that a package.json and its surroundings tell to be a frontend."""
        for folder in self._workspace.folders:
            if not manifests.is_aside(folder):
                found = self._bundled(folder)
                if found is not None:
                    yield folder, found

    def configured(self, folder: str) -> Bundled:
        """How a folder is bundled that the configuration calls a frontend."""
        found = self._bundled(folder)
        if found is not None:
            return found
        told = [bundler for bundler in bundlers.ALL if self._configs(folder, bundler)]
        told = told or list(bundlers.with_packages(manifests.needs(self._workspace.manifest(folder) or {})))
        return self._as(folder, tuple(told[:1]), "the configuration names it")

    def _bundled(self, folder: str) -> Bundled | None:
        manifest = self._workspace.manifest(folder)
        if manifest is None:
            if "project.json" not in self._tree.names(folder):
                return None
            manifest = {}
        needs = manifests.needs(manifest)
        around = self._around(folder)
        scripts = strings(manifest.get("scripts")) or {}
        found: list[Bundler] = []
        why = ""
        for bundler in bundlers.with_packages(needs | around):
            own = not needs.isdisjoint(bundler.packages)
            reason = self._evidence(folder, bundler, scripts, own=own)
            if bundler in bundlers.PLAIN and (found or not self._is_page(folder, bundler, needs | around, scripts)):
                continue
            if reason:
                found.append(bundler)
                package = next((name for name in bundler.packages if name in needs or name in around), "")
                why = why or f"depends on `{package}`, and {reason}"
        return self._as(folder, tuple(found), why) if found else None

    def _around(self, folder: str) -> frozenset[str]:
        """What the packages around a folder depend on: a workspace may install it at its root."""
        found: set[str] = set()
        while folder:
            folder = posixpath.dirname(folder)
            found |= manifests.needs(self._workspace.manifest(folder) or {})
        return frozenset(found)

    def _evidence(self, folder: str, bundler: Bundler, scripts: Mapping[str, str], *, own: bool) -> str:
        """What shows that a package is bundled, not merely made for what bundles it; empty for nothing."""
        script = next((name for name, line in scripts.items() if bundlers.runs(line, (bundler,))), None)
        if script is not None:
            return f"its script `{script}` runs it"
        config = next(iter(self._configs(folder, bundler)), None)
        if config is not None:
            return f"`{posixpath.join(folder, config)}` configures it"
        pages = [page for page in bundler.pages if self._tree.holds(posixpath.join(folder, page))]
        if pages and (own or not self._tree.holds(posixpath.join(folder, "package.json"))):
            return f"`{posixpath.join(folder, pages[0])}` is there"
        dockerfile = next((name for name in self._tree.names(folder) if name in _DOCKERFILES), None)
        return f"`{posixpath.join(folder, dockerfile)}` builds it" if own and dockerfile else ""

    def _configs(self, folder: str, bundler: Bundler) -> list[str]:
        names = self._tree.names(folder)
        return [name for name in names if name.startswith(bundler.configs)]

    def _is_page(self, folder: str, bundler: Bundler, packages: frozenset[str], scripts: Mapping[str, str]) -> bool:
        """Whether a page is built there: not a library, not only the tests of Vitest, no program of Node."""
        if bundler is bundlers.PARCEL:
            # `parcel build` of a library takes what `main` or `source` names; of a page, an HTML file.
            html = any(".html" in line and bundlers.runs(line, (bundler,)) for line in scripts.values())
            return html or any(self._tree.holds(posixpath.join(folder, page)) for page in bundler.pages)
        if bundler is bundlers.WEBPACK or bundler is bundlers.RSPACK:
            manifest = self._workspace.manifest(folder) or {}
            shown = not _SHOWN.isdisjoint(packages) and _TAKEN.isdisjoint(manifest)
            return shown or not _PAGES_OF_WEBPACK.isdisjoint(packages)
        if bundler is bundlers.ANGULAR_CLI or "index.html" in self._tree.names(folder):
            return True
        builds = any(" build" in line and bundlers.runs(line, (bundlers.VITE,)) for line in scripts.values())
        builds = builds or any("vite:build" in line for line in scripts.values())
        return builds and not any(map(bundlers.is_library, self._texts(folder, bundlers.VITE)))

    def _texts(self, folder: str, bundler: Bundler) -> list[str]:
        texts = [self._repository.read(posixpath.join(folder, name)) for name in self._configs(folder, bundler)]
        return [text.string for text in texts if isinstance(text, Text)]

    def _as(self, folder: str, found: tuple[Bundler, ...], why: str) -> Bundled:
        """With the prefixes of the bundlers, or those that their configuration says instead."""
        prefixes: dict[str, None] = {}
        for bundler in found:
            said = [
                prefix for config in self._texts(folder, bundler) for prefix in bundlers.configured_prefixes(config)
            ]
            if bundler is bundlers.VITE or bundler is bundlers.SVELTEKIT:
                others = [prefix for prefix in bundler.prefixes if prefix == "VITE_" and bundler is bundlers.SVELTEKIT]
                prefixes.update(dict.fromkeys((*said, *others) if said else bundler.prefixes))
            else:
                prefixes.update(dict.fromkeys((*bundler.prefixes, *said)))
        prefixes = prefixes or dict.fromkeys(() if self._extra or found else UNTOLD)
        return Bundled(found, tuple(dict.fromkeys((*prefixes, *self._extra))), why)
