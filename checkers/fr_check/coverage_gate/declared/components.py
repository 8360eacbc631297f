"""Components: the folders that configure pytest, coverage, vitest, jest, nyc or c8, and which of their files count."""

from __future__ import annotations

import posixpath

from fr_check.core.model import Span
from fr_check.coverage_gate.declared import node_runs
from fr_check.coverage_gate.declared.model import Component, CoverageFile, NodeFile, PytestFile, joined
from fr_check.sources.thresholds import commands, coverage_config, node_config, pytest_config
from fr_check.sources.thresholds.options import Invocation

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping
    from typing import Protocol, TypeVar

    from fr_check.core.model import Problem
    from fr_check.core.text import Text
    from fr_check.coverage_gate.declared.files import Files
    from fr_check.sources.thresholds.configs import CoverageConfig, NodeConfig, PytestConfig
    from fr_check.sources.thresholds.model import Declared

    T = TypeVar("T")

    class Parse(Protocol):
        """Parses a file of the state that is read; None where there is none that can be read as text."""

        def __call__(self, path: str, parser: Callable[[Text], T]) -> T | None:
            """What `parser` makes of `path`."""


def node_files(files: Files, parse: Parse) -> dict[str, NodeConfig]:
    """Every configuration file of vitest, jest, nyc and c8, and every package.json, by its path."""
    read = {path: parse(path, node_config.parse) for path in files.node}
    found = {path: config for path, config in read.items() if config is not None}
    for path in [*found]:
        if not path.endswith("package.json") or "jest" in found[path].keyed:
            _inherit(path, found, parse)
    return found


def _inherit(path: str, found: dict[str, NodeConfig], parse: Parse) -> None:
    """Adds what a configuration takes from other files of the repository, as far as that speaks of coverage."""
    inherited = []
    for written in parse(path, node_config.taken) or ():
        for ending in _ENDINGS:
            other = joined(posixpath.dirname(path), f"{written}{ending}")
            config = None if other is None or other == path else parse(other, node_config.named)
            if other is not None and config is not None:
                if config.declared or config.settings or config.enabled is not None:
                    found.setdefault(other, config)
                    inherited.append(other)
                break
    found[path] = found[path]._replace(inherited=tuple(inherited))


def find(files: Files, node: Mapping[str, NodeConfig], parse: Parse) -> dict[str, Component]:
    """Every folder with such configuration, by its path; `node` are the files of Node's tools."""
    components: dict[str, Component] = {}
    for folder, names in _by_folder(files.pytest).items():
        found = _pytest_files(folder, names, parse)
        if found:
            components[folder] = Component(folder, found[0], tuple(found[1:]))
    for folder, names in _by_folder(files.coverage).items():
        governing, hidden = _coverage_files(folder, names, parse)
        if governing is not None:
            known = components.get(folder, Component(folder))
            components[folder] = known._replace(coverage=governing, hidden_coverage=hidden)
    for path, config in node.items():
        if not (config.declared or config.settings or config.enabled is not None or config.problems):
            continue
        folder = posixpath.dirname(path)
        known = components.get(folder, Component(folder))
        components[folder] = known._replace(node=(*known.node, NodeFile(path, config)))
    return {folder: _named_config(component, parse) for folder, component in components.items()}


def _by_folder(paths: Iterable[str]) -> dict[str, set[str]]:
    found: dict[str, set[str]] = {}
    for path in paths:
        folder, _, name = path.rpartition("/")
        found.setdefault(folder, set()).add(name)
    return found


def _pytest_files(folder: str, names: set[str], parse: Parse) -> list[PytestFile]:
    """The files that pytest would take, the one that counts first."""
    found = []
    for name in pytest_config.NAMES:
        path = posixpath.join(folder, name)
        config = parse(path, pytest_config.parse) if name in names else None
        if config is not None and config.present:
            found.append(PytestFile(path, config, options_of(config)))
    return found


def options_of(config: PytestConfig) -> Invocation:
    """What the `addopts` of a configuration file say, as a command."""
    span = config.addopts_span or config.place
    return commands.pytest_options(config.addopts, span) if span else Invocation("pytest", _START)


def _coverage_files(folder: str, names: set[str], parse: Parse) -> tuple[CoverageFile | None, tuple[CoverageFile, ...]]:
    found = []
    for name in coverage_config.FILES:
        path = posixpath.join(folder, name)
        config = parse(path, coverage_config.parse) if name in names else None
        if config is not None and config.used:
            found.append(CoverageFile(path, config))
    return (found[0], tuple(found[1:])) if found else (None, ())


def _named_config(component: Component, parse: Parse) -> Component:
    """The component with the file that addopts names by `--cov-config`, which then counts alone."""
    named = component.pytest.options.config if component.pytest is not None else ""
    if not named:
        return component
    path = posixpath.normpath(posixpath.join(component.folder, named))
    config = parse(path, coverage_config.named)
    if config is None:
        return component
    if component.coverage is not None and component.coverage.path == path:
        return component._replace(coverage=CoverageFile(path, config))
    others = (component.coverage,) if component.coverage is not None else ()
    return component._replace(
        coverage=CoverageFile(path, config), hidden_coverage=(*others, *component.hidden_coverage)
    )


# What a path in an import may leave out.
_ENDINGS = ("", ".ts", ".js", ".mts", ".mjs", ".cjs", ".json", "/jest-preset.js", "/jest-preset.json")


class NamedFiles:
    """Configuration files that commands name, which count for them in the place of their component's; by path."""

    def __init__(self, parse: Parse) -> None:
        self._parse = parse
        self.configs: dict[str, CoverageConfig] = {}
        self.options: dict[str, Invocation] = {}
        self.problems: list[tuple[str, Problem]] = []

    def add(
        self, invocation: Invocation, folder: str | None, components: Mapping[str, Component]
    ) -> Iterator[tuple[str, Declared]]:
        """Reads what a command names, run in `folder`; yields the numbers of a file the first time it is named."""
        path = joined(folder, invocation.ini) if invocation.ini else None
        options = self._parse(path, pytest_config.parse) if path is not None and path not in self.options else None
        if path is not None and options is not None:
            self.options[path] = options_of(options)
            if path not in {found.path for one in components.values() if (found := one.pytest)}:
                yield from ((path, declared) for declared in self.options[path].declared)
        path = joined(folder, invocation.config) if invocation.config else None
        if path is None or path in self.configs or invocation.tool in node_runs.TOOLS:
            return
        config = self._parse(path, coverage_config.named)
        if config is not None:
            self.configs[path] = config
            self.problems += ((path, problem) for problem in config.problems)
            governing = {file.path: file.config for one in components.values() if (file := one.coverage)}
            if config.fail_under and (path not in governing or governing[path].fail_under != config.fail_under):
                yield path, config.fail_under

    def node(self, invocation: Invocation, folder: str | None, known: Mapping[str, NodeConfig]) -> NodeFile | None:
        """The configuration file that a command of Node's tools names, the first time it is named."""
        for path in node_runs.named(invocation, folder):
            config = None if path in known else self._parse(path, node_config.named)
            if config is not None:
                return NodeFile(path, config)
        return None


_START = Span(1, 1, 1, 1)
