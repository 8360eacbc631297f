"""The command that shows an error about coverage, and its folder: with it a reader sees the gate fail, or pass."""

from __future__ import annotations

import posixpath
from functools import wraps

from fr_check.core.model import Finding, Note, Severity
from fr_check.core.names import ending
from fr_check.coverage_gate.declared import node_runs, wiring
from fr_check.coverage_gate.declared import shown as runs_shown
from fr_check.coverage_gate.declared.model import Component

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence
    from typing import Any

    from fr_check.core.model import Location, Rule, Unknown
    from fr_check.coverage_gate.declared.model import State
    from fr_check.coverage_gate.declared.shown import Shown
    from fr_check.coverage_gate.facts import Facts

_RUNS = {
    node_runs.VITEST: "npx vitest run --coverage",
    node_runs.JEST: "npx jest --coverage",
    node_runs.NYC: "npx nyc npm test",
    node_runs.C8: "npx c8 npm test",
}
_FEW = 2
LOST = " cannot fail: "
"""How a finding says that the failure of a run is lost on the way: by itself the run fails."""


def with_commands(rules: Iterable[Rule]) -> tuple[Rule, ...]:
    """The rules, each of whose errors ends with the command that shows it."""
    return tuple(rule._replace(check=_with_command(rule)) for rule in rules)


def _with_command(rule: Rule) -> Callable[[Any], Iterator[Finding | Unknown]]:
    @wraps(rule.check)
    def checked(facts: Facts) -> Iterator[Finding | Unknown]:
        for found in rule.check(facts):
            if isinstance(found, Finding) and found.severity >= Severity.ERROR:
                places = [found.location, *(note.location for note in found.notes)]
                told = sentence(facts, places)
                told = f"{told}: where it fails, CI passes all the same" if LOST in found.message else told
                yield found._replace(notes=(*found.notes, Note(told)))
            else:
                yield found

    return checked


def sentence(facts: Facts, places: Iterable[Location | None]) -> str:
    """What to run to see what a finding at some places says, and where."""
    known = [place for place in places if place is not None]
    folder, tool = _where(facts, [place.path for place in known])
    command = _of_changes(facts.declared, known)
    shown = None if command else _shown(facts, known, folder, tool)
    if shown is not None:
        command, folder = shown
    command = command or _RUNS.get(tool) or _python(facts, folder)
    return f"to see it, run `{command}` in {f'`{folder}`' if folder else 'the root folder'}"


def _shown(facts: Facts, places: Sequence[Location], folder: str, tool: str) -> Shown | None:
    """The run that stands at one of some places, or else one that judges the tests of a component."""
    found = runs_shown.at(facts.declared, facts.runs, places)
    component = facts.declared.components.get(folder)
    family = wiring.family_of(tool or "pytest")
    if found is not None or component is None or family is None:
        return found
    return runs_shown.judging(facts.declared, facts.runs, places, component, family)


def _of_changes(state: State, places: Sequence[Location]) -> str:
    """The run of diff-cover that a number in a line of one of some places is for; empty where none is."""
    lines = {(one.path, one.span.line) for one in places if one.span is not None}
    written = ((one, one.location.span) for one in state.places if one.tool == "diff-cover")
    found = (one for one, span in written if span is not None and (one.location.path, span.line) in lines)
    return next((f"diff-cover coverage.xml {one.written}" for one in found if one.written.startswith("--")), "")


def _where(facts: Facts, paths: Iterable[str]) -> tuple[str, str]:
    """The folder and the tool that the files of a finding belong to, the first that belongs to any."""
    state = facts.declared
    for path in paths:
        folder = posixpath.dirname(path)
        found = _tool_of(state, path)
        home = state.component_of(folder, python=not found)
        if found:
            return home if home is not None else folder, found
        if home is not None and not path.startswith(".github/"):
            return home, ""
        below = state.component_of(folder, python=False)
        if below is not None and not path.startswith(".github/"):
            return below, _first(state.components[below])
    gated = [one.component for one in state.places if one.gates and one.component in state.components]
    home = gated[0] if gated else next(iter(state.components), "")
    component = state.components.get(home or "")
    if component is None:
        folder = next((file.component for file in facts.measured.files.values() if file.component), "")
        return folder, "" if facts.head.any(ending(".py")) else _of_packages(facts)
    return component.folder, "" if component.is_python else _first(component)


def _tool_of(state: State, path: str) -> str:
    """The tool that a file of Node's configures, or a number in it is written for; empty for any other file."""
    if path not in state.node:
        return ""
    config = state.node[path]
    written = next((one.tool for one in config.declared), "")
    name = posixpath.basename(path)
    return written or next((tool for tool in _RUNS if name in node_runs.NAMES[tool]), "")


def _first(component: Component) -> str:
    """The first tool that a component's files of Node's configure."""
    tools = (one.tool for file in component.node for one in file.config.declared if one.tool in _RUNS)
    return next(tools, node_runs.VITEST)


def _of_packages(facts: Facts) -> str:
    """The tool of Node's that the repository's commands run, where it has any."""
    run = next((one.tool for one in facts.declared.commands if one.tool in _RUNS), "")
    return run or (node_runs.VITEST if facts.declared.packages else "")


def _python(facts: Facts, folder: str) -> str:
    """A run of the tests that measures and judges, by what the component configures, or else by what was measured."""
    state = facts.declared
    component = state.components.get(folder, Component(folder))
    runs = [one for one in state.commands if one.tool in {"pytest", "coverage"}]
    options = component.pytest.options if component.pytest is not None else None
    if options is not None and options.measures:
        return "pytest"
    if any(one.report == "run" for one in runs) and not any(one.measures and one.report != "run" for one in runs):
        return "coverage run -m pytest && coverage report"
    configured = component.coverage.config.source if component.coverage is not None else None
    written = next((found for one in runs if (found := [source for source in one.sources if source])), [])
    sources = written or [word.string for word in configured or ()] or _measured(facts, folder)
    return " ".join(["pytest", *(f"--cov={source}" for source in sources)] if sources else ["pytest", "--cov"])


def _measured(facts: Facts, folder: str) -> list[str]:
    """The folders in which everything lies that was measured; none where some lies in no folder, or in many."""
    inside = f"{folder}/" if folder else ""
    names = {path.removeprefix(inside).partition("/")[::2] for path in facts.measured.files if path.startswith(inside)}
    found = sorted({first for first, _ in names})
    return found if len(found) <= _FEW and all(rest for _, rest in names) else []
