"""A declared coverage threshold never fails anything.

## What it finds

A threshold that is written down, while nothing asks it or its verdict is lost:

- a workflow runs the tests with `--cov-fail-under=0` and judges the joined data nowhere later;
- `--cov-fail-under` stands in `addopts`, but neither they nor any command measure coverage (`--cov`), or `--no-cov`,
  `-p no:cov`, `--cov-reset` or `--collect-only` turns it off;
- a command names another configuration (`--cov-config`, `--rcfile`, `COVERAGE_RCFILE`, `pytest -c`), which holds none;
- `coverage run` measures, and no `coverage report` follows;
- `[tool.pytest]` holds it, which pytest before 9 does not read, or a folder below the one in which coverage runs;
- the only report that judges it looks at some files only (`coverage report --include=...`);
- a target for Codecov stands in its file, and nothing uploads coverage to it;
- the only run that gates, by a configured threshold or its own, is excused: `continue-on-error: true`, `|| true`, the
  left of a pipe without `pipefail`, a status that is kept and not looked at, a shell without `-e` that runs on, a trap
  that ends with `exit 0`, `script -c`, PowerShell that runs another program afterwards, `make -i` or `make -n`, an `if`
  that is always false;
- only what a person starts judges it (a warning), or a clock, a release or the push of a tag (information), by the
  workflow's events, by an `if`, or by `rules` and `only` of GitLab;
- vitest's or jest's thresholds are configured, but CI runs the tests without `--coverage`, or not at all;
- the job that everything ends in (`if: always()`) prints the results of the others and cannot fail because of them.

Commands are followed through package scripts, make, just, moon, tox, nox, hooks, tasks of pyproject.toml, called
workflows, local actions, containers and the repository's own scripts, from the workflows of GitHub and from the
pipeline of GitLab with what it includes of the repository; the finding stands where the excuse is written. Where a
command leads somewhere that cannot be followed, nothing is claimed, nor of tests that another CI system may run. A `0`
in shards is fine when a later step judges the whole.

## Why it matters

Everybody believes in a gate that is not there: the number stands in the configuration, the badge is green, and coverage
may fall to nothing.

## How to fix

Run the gate once, on everything: combine the shards' data (`coverage combine`) and finish with `coverage report
--fail-under=N`, or `fr-check coverage`. Take the excuse away from the step, pass `--coverage`, and let the last job
fail unless every job it needs succeeded.

## What `--fix` does

Nothing: where a run of the tests should fail is a decision.
"""

from __future__ import annotations

import re

from fr_check.core.model import Location, Note, Rule, Severity
from fr_check.coverage_gate.declared import exclusions, lacking, wiring
from fr_check.coverage_gate.declared.model import BY_HAND, CHECKING, CONFIG, NODE, joined
from fr_check.coverage_gate.declared.wiring import Verdict
from fr_check.sources.thresholds.model import shown

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from fr_check.core.model import Finding
    from fr_check.coverage_gate.declared.model import Component, Place, Reached, WorkflowFile
    from fr_check.coverage_gate.declared.wiring import Wiring
    from fr_check.coverage_gate.facts import Facts

_PYPROJECT = '[tool.pytest.ini_options]\naddopts = "--cov=src --cov-fail-under=95"\n'
_WORKFLOW = """on: [push]
jobs:
  test:
    runs-on: ubuntu-latest
    strategy:
      matrix:
        shard: [1, 2]
    steps:
      - run: |
          cd apps/backend
          pytest --splits 2 --group ${{ matrix.shard }} --cov-report=lcov:shard-${{ matrix.shard }}.lcov%s
"""
_MERGE = """  merge:
    needs: test
    runs-on: ubuntu-latest
    steps:
      - run: %s
"""
BAD = {
    "apps/backend/pyproject.toml": _PYPROJECT,
    ".github/workflows/ci.yml": _WORKFLOW % " --cov-fail-under=0" + _MERGE % "cat shard-*.lcov > coverage.lcov",
}
GOOD = {
    "apps/backend/pyproject.toml": _PYPROJECT,
    ".github/workflows/ci.yml": _WORKFLOW % " --cov-fail-under=0"
    + _MERGE % "cd apps/backend && coverage combine && coverage report --fail-under=95",
}


def check(facts: Facts) -> Iterator[Finding]:
    """Looks at each component with a gate, and at thresholds that only commands state; one cause is told once."""
    found = [*_all(facts)]
    if not found[1:]:
        yield from (one._replace(group=None) for one in found)
        return
    from fr_check.coverage_gate import grouping  # noqa: PLC0415 - few projects have several such gates

    yield from grouping.told_once(found)


def _all(facts: Facts) -> Iterator[Finding]:
    configured = set()
    for component in facts.declared.components.values():
        for family in wiring.FAMILIES:
            gate = wiring.configured_gate(facts.declared, component.folder, family)
            if gate is not None:
                configured.add((component.folder, family))
                found = wiring.wirings(facts.declared, facts.runs, component, family)
                yield from _component(facts, component, gate, found, python=family.is_python)
    if not facts.declared.elsewhere:
        yield from _uploaded_nowhere(facts)
        yield from _set_to_zero(facts)
        for asked in wiring.by_commands(facts.declared, facts.runs, frozenset(configured)):
            reached = asked[0][1]
            limit = reached.invocation.declared or [wiring.of_named(facts.declared, reached)]
            told = shown(limit[-1].value if limit[-1] is not None else None)
            yield _excused(told, reached, None) if reached.excuse is not None else _of_command(told, asked)


def _component(
    facts: Facts, component: Component, gate: Place, found: tuple[Wiring, ...], *, python: bool
) -> Iterator[Finding]:
    if python and (dead := lacking.dead(facts.declared, facts.runs, facts.pins, component, gate)) is not None:
        yield _finding(gate, *dead)
        return
    gated = [one for one in found if one.gated]
    zeroed = False
    for one in found:
        zeros = [verdict for verdict in one.verdicts if verdict.zero is not None and verdict.happens]
        if zeros and not one.gated and not one.hidden and not (_pushed(one) < any(map(_pushed, gated))):
            zeroed = True
            yield _zeroed(facts, gate, one, zeros, gated)
        elif one.gated:
            yield from _ignored(gate, one)
    refused = any(verdict.refused for one in found for verdict in one.verdicts)
    if gated or zeroed or refused or facts.declared.elsewhere or any(one.hidden for one in found):
        if gated and not facts.declared.elsewhere and not any(one.hidden for one in found):
            yield from _of_a_part(facts, component, gate, gated)
            yield from _seldom(gate, gated)
        return
    verdicts = [verdict for one in found for verdict in one.verdicts if verdict.zero is None]
    excused = next((verdict for verdict in verdicts if verdict.gates), None)
    if excused is not None:
        yield _excused(gate.shown, excused.reached, gate)
    elif verdicts and not any(verdict.reached.invocation.opaque for verdict in verdicts):
        telling = next((one for one in verdicts if one.off is not None or one.instead), None)
        telling = telling or next((one for one in verdicts if one.reached.invocation.report != "run"), verdicts[0])
        yield _unmeasured(gate, telling, python=python)
    elif not any(one.verdicts for one in found):
        unused = gate.tool in CHECKING and not any(one.tool in CHECKING for one in facts.declared.commands)
        yield from _never_run(component, gate, found, unused=unused)


def _pushed(one: Wiring) -> bool:
    """Whether a workflow runs for each push or pull request."""
    return one.runs.workflow.is_pushed


def _set_to_zero(facts: Facts) -> Iterator[Finding]:
    """Numbers of tasks that CI gives another value: `MIN ?= 80`, and `make test MIN=0`."""
    if any(one.opaque for one in facts.runs) or not any(one.workflow.is_pushed for one in facts.runs):
        return
    for one in wiring.set_to_zero(facts.declared, facts.runs, facts.head):
        yield _finding(
            one.place,
            f"{one.place.location.path} declares a coverage threshold of {one.place.shown}, but CI runs the tests with"
            f" `{one.declared.written}`, and judges them nowhere else",
            "give it no other value, or drop the threshold",
            one.location,
            Note("the threshold that is declared", one.place.location),
        )


def _zeroed(facts: Facts, gate: Place, one: Wiring, zeros: list[Verdict], gated: list[Wiring]) -> Finding:
    path = one.runs.workflow.path
    first = zeros[0]
    declared = first.zero
    span = declared.span if declared is not None else first.reached.invocation.span
    sharded = "every shard" if any(verdict.reached.invocation.sharded for verdict in zeros) else "the tests"
    joined = ", joins their data with `cat`" if "cat" in one.runs.programs else ""
    notes = [Note(f"the threshold of {gate.shown} that is declared", gate.location)]
    notes += [
        Note("and here", Location(verdict.reached.path, verdict.zero.span)) for verdict in zeros[1:] if verdict.zero
    ]
    notes += [
        Note(f"job `{job.id}` ends the workflow and cannot fail because of the others", Location(path, job.span))
        for job in one.runs.workflow.ci.jobs
        if job.reports
    ]
    notes += [Note(f"{other.runs.workflow.path} does gate, but only when it runs") for other in gated]
    written = declared.written if declared is not None else ""
    help_ = lacking.whole(gate) if joined or sharded != "the tests" else f"take `{written}` away"
    where = Location(first.reached.path, span)
    zeros_here = (place for place in facts.declared.places if place.value == 0 and wiring.stands_at(place, where))
    if first.reached.chain and next(zeros_here, None) is None:
        notes.insert(0, Note("the run of the tests", where))
        where = first.reached.chain[0].location  # a caller gives the 0
    return RULE.finding(
        f"{path}:{first.reached.job}",
        f"{path} runs {sharded} with `{written}`{joined}, and judges the whole nowhere later: the"
        f" {gate.shown} in {gate.location.path} gates nothing there",
        help=help_,
        location=where,
        notes=notes,
    )


def _ignored(gate: Place, one: Wiring) -> Iterator[Finding]:
    jobs = {verdict.reached.job for verdict in one.verdicts if verdict.gates}
    path = one.runs.workflow.path
    for job in one.runs.workflow.ci.jobs:
        if job.reports and jobs.intersection(job.needs):
            yield RULE.finding(
                f"{path}:{job.id}",
                f"job `{job.id}` in {path} runs whatever happens and only prints the results of the others: where it is"
                " the required check, a failed coverage gate does not count",
                help="end it with `exit 1` unless each `needs.*.result` is `success`",
                location=Location(path, job.span),
                notes=[Note(f"the gate of {gate.shown} that it would hide", gate.location)],
                severity=Severity.WARNING,
            )


def _excused(limit: str, reached: Reached, gate: Place | None) -> Finding:
    """A gate whose verdict is lost: the finding stands where the excuse is written."""
    excuse = reached.excuse
    run = Location(reached.path, reached.invocation.span)
    where = excuse.location if excuse is not None else run
    phrase = excuse.phrase if excuse is not None else ""
    notes = [Note(f"the threshold of {limit} that is declared", gate.location)] if gate is not None else []
    never = excuse is not None and excuse.never
    lost = "the run that never takes place" if never else "the run whose failure is lost"
    notes += [Note(lost, run)] if where != run else []
    notes += [Note(f"called by the {link.what}", link.location) for link in reached.chain]
    cure = f"take {phrase.partition(' turns ')[0]} away" if " turns " in phrase else "let its failure fail the job"
    return RULE.finding(
        f"{where.path}:{reached.job}",
        f"the only run that judges coverage against {limit} cannot fail: {phrase} in {where.path}",
        help="let what a push or a pull request starts come to it, or drop the threshold" if never else cure,
        location=where,
        notes=notes,
    )


def _unmeasured(gate: Place, verdict: Verdict, *, python: bool) -> Finding:
    option = "`--cov`" if python else f"`{' or '.join(sorted(CHECKING))}`" if gate.tool in CHECKING else "`--coverage`"
    reached = verdict.reached
    missing, cure = lacking.told(verdict, gate, option)
    inside = f"{gate.component}/" if gate.component else ""
    below = reached.folder if reached.folder not in {None, gate.component} else ""
    named = gate.location.path in {joined(reached.folder, one) for one in reached.invocation.named}
    tests = f"in `{below}`" if python and below and below.startswith(inside) else f"of `{gate.component or '.'}`"
    calls = reached.chain[:1]
    found = _finding(
        gate,
        f"{gate.location.path} declares a coverage threshold of {gate.shown}, but CI runs the tests {tests} without"
        f" {missing} in {reached.path}",
        f"{cure}, or drop the threshold",
        gate.location,
        Note("the run in CI", Location(reached.path, reached.invocation.span)),
        *(Note(f"called by the {link.what}", link.location) for link in calls),
        # A number in a task that people run by hand promises less than one in a configuration file. By which word, or
        # for want of which, a configured gate does not act makes no difference to what slips through.
        severity=None if named or gate.layer in {CONFIG, NODE} else Severity.INFO,
    )
    return found._replace(group=f"tests of several packages without {missing}") if calls else found


def _of_a_part(facts: Facts, component: Component, gate: Place, gated: list[Wiring]) -> Iterator[Finding]:
    """A gate that only a report on some files asks."""
    verdicts = [one for wiring_ in gated for one in wiring_.verdicts if one.gates and one.reached.excuse is None]
    limits = {lacking.limit(one) for one in verdicts}
    if len(limits) != 1 or "" in limits:
        return  # several reports may look at all files between them
    reached, (limit,) = verdicts[0].reached, limits
    left = exclusions.left_out(component, facts.head, limit, reached.folder or "")
    if not left:
        return
    yield _finding(
        gate,
        f"the only report that judges coverage against {gate.shown} leaves {left} out: `{limit}` in {reached.path}",
        f"judge the whole: `coverage report` without `{limit.partition('=')[0]}`",
        Location(reached.path, reached.invocation.span),
        Note("the threshold of all files", gate.location),
        severity=Severity.WARNING,
    )


def _seldom(gate: Place, gated: list[Wiring]) -> Iterator[Finding]:
    """A gate that no push and no pull request asks: a person starts it, or a clock, or a release."""
    asked = [
        (one.runs.workflow, verdict.reached)
        for one in gated
        for verdict in one.verdicts
        if verdict.gates and verdict.reached.excuse is None
    ]
    if not all(reached.is_seldom(file) for file, reached in asked):
        return
    message, cure = lacking.pushes(gate.location.path, gate.shown, asked)
    where = Note("the workflow that judges it", Location(asked[0][0].path))
    yield _finding(gate, message, cure, gate.location, where, severity=_severity(asked))


def _of_command(limit: str, asked: list[tuple[WorkflowFile, Reached]]) -> Finding:
    """As `_seldom`, of a number that only commands state."""
    (_, reached), *_ = asked
    message, cure = lacking.pushes(reached.path, limit, asked)
    return RULE.finding(
        f"{reached.path}:{reached.job}",
        message,
        help=cure,
        location=Location(reached.path, reached.invocation.span),
        notes=[Note(f"called by the {link.what}", link.location) for link in reached.chain],
        severity=_severity(asked),
    )


def _severity(asked: list[tuple[WorkflowFile, Reached]]) -> Severity:
    """What a person has to start may never be asked; a clock, a release and a tag ask late, but they ask."""
    by_hand = all(BY_HAND.issuperset(reached.started_by(file)) for file, reached in asked)
    return Severity.WARNING if by_hand else Severity.INFO


def _never_run(component: Component, gate: Place, found: tuple[Wiring, ...], *, unused: bool) -> Iterator[Finding]:
    """CI works on the component (lints or builds it), or runs the tool for others, but never runs its tests.

    `unused`: no command of the repository runs the tool at all.
    """
    inside = f"{component.folder}/" if component.folder else ""
    for one in found if gate.tool == "coverage" and inside else ():
        for reached in one.runs.reached:
            named = (*reached.invocation.paths, *reached.invocation.sources)
            below = (joined(reached.folder, name) for name in named)
            if reached.invocation.tool == "pytest" and any(f"{path}/".startswith(inside) for path in below):
                yield _unmeasured(gate, Verdict(reached, True, None, None, None), python=True)  # noqa: FBT003 - fields
                return
    missing = f"no command runs {gate.tool}" if unused else f"no workflow runs the tests of `{component.folder or '.'}`"
    for one in found:
        absent = (
            []
            if gate.tool in wiring.PYTHON.places
            else [Note("this passes, as there is no such script", where) for where in one.runs.absent]
        )
        whole = not inside and wiring.runs_nothing_else(one)
        within = bool(inside) and any(path.startswith(inside) for path in one.runs.touched)
        worked_on = one.others or unused or absent or whole or within
        if worked_on and _pushed(one):
            yield _finding(
                gate,
                f"{gate.location.path} declares a coverage threshold of {gate.shown}, but {missing}",
                f"run them with coverage in {one.runs.workflow.path}, or drop the threshold",
                gate.location,
                *(absent[:1] or [Note("the workflow that works on it", Location(one.runs.workflow.path))]),
                severity=None if absent else Severity.WARNING,
            )
            return


def _uploaded_nowhere(facts: Facts) -> Iterator[Finding]:
    """A target of Codecov, where CI runs tests and no file of the repository names its uploader."""
    gate = next((one for one in facts.declared.places if one.tool == "codecov" and one.gates and one.value), None)
    tested = [one for one in facts.runs if one.reached and one.workflow.is_pushed]
    if gate is None or facts.declared.uploads or not tested or any(one.opaque for one in facts.runs):
        return
    yield _finding(
        gate,
        f"{gate.location.path} sets a target of {gate.shown} for Codecov, to which nothing uploads coverage: it judges"
        " nothing",
        f"upload the report in {tested[0].workflow.path} (`codecov/codecov-action`), or drop the target",
        gate.location,
        Note("the workflow that runs the tests", Location(tested[0].workflow.path)),
        severity=Severity.WARNING,
    )


def _finding(
    gate: Place,
    message: str,
    help: str,  # noqa: A002 - the field's name in every output format
    location: Location,
    *notes: Note,
    severity: Severity | None = None,
) -> Finding:
    subject = f"{gate.component or '.'}:{re.split(r'[ =:]', gate.written)[0]}"
    return RULE.finding(subject, message, help=help, location=location, notes=notes, severity=severity)


RULE = Rule.declare(__name__, __doc__, Severity.ERROR, check, bad=BAD, good=GOOD)
