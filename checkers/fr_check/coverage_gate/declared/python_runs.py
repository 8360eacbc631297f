"""Which configuration a run of pytest or coverage reads: each looks for its own, and in another way.

pytest looks from its arguments upwards, then from where it runs, for the first file that configures it; coverage looks
in the folder where it runs and no further, pytest-cov included. Held against both by `make oracles`.
"""

from __future__ import annotations

import posixpath

from fr_check.coverage_gate.declared.model import Component, joined
from fr_check.sources.thresholds import coverage_config

TYPE_CHECKING = False
if TYPE_CHECKING:
    from fr_check.coverage_gate.declared.model import CoverageFile, Reached, State
    from fr_check.sources.thresholds.options import Invocation


def homes(state: State, reached: Reached) -> set[str | None]:
    """The components that a run belongs to: the nearest one, and those whose files it reads or names."""
    own = reached.invocation
    found = {state.component_of(reached.folder, python=True)}
    if own.tool == "pytest" or own.report == "run":
        found.add(_of_options(state, reached))
    named = {joined(reached.folder, path) for path in (own.ini, own.config) if path}
    for folder, one in state.components.items() if named else ():
        files = (one.pytest, one.coverage, *one.hidden_pytest, *one.hidden_coverage)
        if any(file is not None and file.path in named for file in files):
            found.add(folder)
    return found


def configured(state: State, reached: Reached, near: Component) -> tuple[Component, bool]:
    """What a run reads, as one component; and whether that is known. `near` is the one that it belongs to."""
    if reached.folder is None:
        return near, True
    options = state.components.get(_of_options(state, reached) or "")
    options = options if options is not None and options.pytest is not None else None
    coverage, known = _coverage_file(state, reached, options)
    folder = options.folder if options is not None else near.folder
    return Component(folder, options.pytest if options is not None else None, coverage=coverage), known


def _of_options(state: State, reached: Reached) -> str | None:
    """The folder whose configuration of pytest counts."""
    here = _upwards(state, reached.folder)
    own = reached.invocation
    paths = [path for one in own.paths if (path := joined(reached.folder, one)) is not None]
    if not paths or own.ini or len(paths) < len(own.paths) or len({path.startswith("/") for path in paths}) > 1:
        # Where one is outside of the repository, pytest looks where both have a folder in common.
        return here
    found = _upwards(state, posixpath.commonpath(paths))
    return here if found is None else found


def _upwards(state: State, folder: str | None) -> str | None:
    while folder is not None:
        one = state.components.get(folder)
        if one is not None and one.pytest is not None:
            return folder
        folder = None if not folder else folder.rpartition("/")[0]
    return None


def _coverage_file(state: State, reached: Reached, options: Component | None) -> tuple[CoverageFile | None, bool]:
    """The file of coverage that counts: its own where it runs, or what `addopts` name; and whether that is known."""
    here = state.components.get(reached.folder or "")
    own: Invocation = reached.invocation
    found = None if here is None else _own_file(here)
    given = options.pytest.options.config if options is not None and options.pytest is not None else ""
    if own.tool == "coverage" or not given or own.reset:
        return found, True
    path = joined(reached.folder, given)
    if options is not None and options.coverage is not None and options.coverage.path == path:
        return options.coverage, True
    return (found, True) if found is not None and found.path == path else (None, False)


def _own_file(component: Component) -> CoverageFile | None:
    """The file that coverage takes by itself, which `addopts` may name another one for."""
    order = {posixpath.join(component.folder, name): at for at, name in enumerate(coverage_config.FILES)}
    there = [one for one in (component.coverage, *component.hidden_coverage) if one is not None and one.path in order]
    return min(there, key=lambda one: order[one.path], default=None)
