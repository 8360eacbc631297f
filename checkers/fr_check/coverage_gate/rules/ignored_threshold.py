"""A coverage threshold stands where its tool does not read it.

## What it finds

A number that is written for a tool in a place that the tool passes over, without a word or with a warning nobody sees:

- coverage.py: `fail_under` in `[report]` of setup.cfg or tox.ini (`[coverage:report]` counts), in `[tool.coverage]` or
  `[tool.coverage.run]` of pyproject.toml (`[tool.coverage.report]` counts), in `[run]` of .coveragerc, or spelt
  `fail-under` there;
- vitest: `thresholds.global` (a pattern that no file matches), `coverage.threshold`, `thresholds` in `test` itself,
  thresholds of a project (below `projects`, in a workspace file, in the configuration of a folder that they name and
  that no command tests by itself), `coverage.lines` since vitest 1 and `coverage.thresholds` before it;
- jest: `coverageThreshold` of a project, written below `projects` or in its own configuration;
- vitest and jest: a file that another one of the same folder hides (`vite.config.ts` beside `vitest.config.ts`);
- diff-cover: `[tool.diff_cover]` where no run names the file by `--config-file`;
- nyc and c8: numbers without `check-coverage`, in the file or on a command line; in a file that they do not read
  (`.nycrc.js`, `c8.config.js`);
- any of them: another spelling (`[REPORT]`, `ADDOPTS`, `Lines`, `threshold`) than the tool takes; nyc takes any case.

It is an error where a workflow runs the tool there and no other threshold gates it, or where it gated in the base,
else a warning. Such a number is no gate: `unwired-gate` and `contradicting-threshold` do not judge it.

## Why it matters

Coverage may fall to nothing: the tool exits with 0, while the configuration, read by people, promises a gate.

## How to fix

Write the number where the finding says, and see it fail once: raise it to 100 and run the tests with coverage.

## What `--fix` does

Nothing: where the number goes, it begins to fail runs: that is a decision.
"""

from __future__ import annotations

from fr_check.core.model import Note, Rule, Severity, Unknown
from fr_check.coverage_gate.declared import changes, wiring
from fr_check.coverage_gate.declared.model import CHECKING
from fr_check.sources.thresholds import model

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from fr_check.core.model import Finding
    from fr_check.coverage_gate.declared.model import Place, Reached
    from fr_check.coverage_gate.facts import Facts

_WORKFLOW = (
    "on: push\njobs:\n  test:\n    runs-on: ubuntu-latest\n    steps:\n      - run: coverage run -m pytest\n"
    "      - run: coverage report\n"
)
_SETUP = "[%s]\nfail_under = 95\nprecision = 2\n"
BAD = {"setup.cfg": _SETUP % "report", ".github/workflows/ci.yml": _WORKFLOW}
GOOD = {"setup.cfg": _SETUP % "coverage:report", ".github/workflows/ci.yml": _WORKFLOW}


def check(facts: Facts) -> Iterator[Finding]:
    """One finding for the numbers of one file that count in the same other place."""
    found: dict[tuple[str, str | None, str], list[Place]] = {}
    for place in facts.declared.places:
        if place.kind == model.IGNORED:
            found.setdefault((place.location.path, place.component, place.instead), []).append(place)
    for places in found.values():
        yield _finding(facts, places)


def _finding(facts: Facts, places: list[Place]) -> Finding:
    first = places[0]
    relying = _relying(facts, first)
    before = _gated_before(facts, first)
    others = [*dict.fromkeys(place.location for place in places[1:] if place.location != first.location)]
    more = f" (and {len(others)} more)" if others else ""
    notes = [Note("and here", location) for location in others]
    if relying is not None:
        reached, path = relying
        span = reached.invocation.span
        notes.append(
            Note(f"{path} runs it, and fails at no figure", first.location._replace(path=reached.path, span=span))
        )
    if before is not None:
        notes.append(Note(f"in the base it gated: {before.shown} by `{before.written}`", before.location))
    return RULE.finding(
        f"{first.component or '.'}:{first.written.partition(' ')[0].rstrip(':')}",
        f"{first.tool} compares nothing with `{first.written}`{more} in {first.location.path}: it counts only"
        f" {first.instead}",
        help=f"write it {first.instead}, or delete it",
        location=first.location,
        notes=notes,
        severity=Severity.ERROR if relying is not None or before is not None else None,
    )


def _gated_before(facts: Facts, place: Place) -> Place | None:
    """The gate that the number was in the base, where nothing else gates what it is about now."""
    family = wiring.family_of(place.tool)
    if facts.base is None or isinstance(facts.base, Unknown) or place.component is None or family is None:
        return None
    if wiring.configured_gate(facts.declared, place.component, family) is not None:
        return None
    return changes.gated_before(facts.base, facts.declared, place)


def _relying(facts: Facts, place: Place) -> tuple[Reached, str] | None:
    """The first run of the tool in a workflow, and the workflow's path, where nothing else gates what it measures."""
    state = facts.declared
    if place.tool == "diff-cover":
        ran = ((reached, runs.workflow.path) for runs in facts.runs for reached in runs.reached)
        return next(
            (one for one in ran if one[0].invocation.tool == place.tool and not one[0].invocation.declared), None
        )
    family = wiring.family_of(place.tool)
    if place.component is None or family is None or wiring.configured_gate(state, place.component, family) is not None:
        return None
    component = state.components.get(place.component)
    for runs in facts.runs:
        for reached in runs.reached:
            own = reached.invocation
            home = {reached.folder} if component is None else wiring.homes(state, reached)
            if own.tool in family.runs and place.component in home and own.off is None:
                verdict = wiring.decided(state, reached, component)
                if not verdict.value and verdict.known and (verdict.measures or own.report or own.tool in CHECKING):
                    return reached, runs.workflow.path
    return None


RULE = Rule.declare(__name__, __doc__, Severity.WARNING, check, bad=BAD, good=GOOD)
