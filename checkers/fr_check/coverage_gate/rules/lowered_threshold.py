"""A coverage threshold admits less covered code than it did in the base.

## What it finds

Every gate that a tool reads is compared with the state given by `--base`: a smaller percentage, a larger count of
uncovered items (vitest's and jest's negative numbers), a gate that was removed or turned to `0` or `informational`, a
`precision` with fewer decimals, a `perFile` that is gone, and a new key in jest's `coverageThreshold`, whose files
`global` then leaves out. A number that CI gives to a task, a script, an action or a workflow counts as CI gives it:
`make test MIN=80`, `with: {min: 80}`.

A gate that moved to another file or tool with its number is not lowered, nor is one of several copies that goes away
while the others keep the number; `95`, `95.0` and `"95"` are the same. A percentage that became a count cannot be
compared, and is reported as unknown.

## Why it matters

A gate is lowered when it is in the way, and the commit rarely says so: it is called "raise the baseline", or "97%
coverage threshold" while the number goes from 95 to 92.

## How to fix

Cover what is missing and keep the number. Where the change is meant, say why, in an entry below
`[tool.fr-check.allow]`.

## What `--fix` does

Nothing: a machine must not choose thresholds.
"""

from __future__ import annotations

from fr_check.core.model import PARENT, Example, Location, Note, Rule, Severity, Unknown
from fr_check.coverage_gate.declared import asked
from fr_check.coverage_gate.declared import changes as declared_changes
from fr_check.coverage_gate.declared import groups as declared_groups
from fr_check.coverage_gate.declared.changes import INCOMPARABLE, LIMITED, NARROWED, REMOVED
from fr_check.coverage_gate.declared.groups import TOTAL
from fr_check.coverage_gate.declared.model import NODE

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from fr_check.core.model import Finding
    from fr_check.coverage_gate.declared.changes import Change, Key
    from fr_check.coverage_gate.declared.model import State
    from fr_check.coverage_gate.facts import Facts
    from fr_check.sources.thresholds.model import Setting

_PYPROJECT = '[tool.pytest.ini_options]\naddopts = "--cov=src --cov-fail-under=%s"\n'
BAD = Example({"pyproject.toml": _PYPROJECT % 92}, {"pyproject.toml": _PYPROJECT % 95})
GOOD = Example({"pyproject.toml": _PYPROJECT % "95.0"}, {"pyproject.toml": _PYPROJECT % 95})


def check(facts: Facts) -> Iterator[Finding | Unknown]:
    """One finding for each figure that is held to less."""
    base = facts.base
    if base is None:
        return
    if isinstance(base, Unknown):
        # A clone of one commit, where nothing asked for a comparison: a gap.
        if base.subject != PARENT and any(place.gates for place in facts.declared.places):
            yield base._replace(checker="coverage")
        return
    before, now = base, facts.declared
    if facts.before is not None:
        before, now = asked.compared(facts.head, now, facts.before, base, facts.runs)
    found: dict[Key, list[Change]] = {}
    for change in declared_changes.changes(before, now):
        if change.kind == INCOMPARABLE:
            yield _incomparable(change)
        else:
            found.setdefault(change.key, []).append(change)
    for key, changes in found.items():
        yield _finding(facts, key, changes)
    yield from _rounding(base, facts.declared)
    yield from _per_file(facts, base, facts.declared)


def _finding(facts: Facts, key: Key, changes: list[Change]) -> Finding:
    first = changes[0]
    return RULE.finding(
        _subject(key),
        _message(first, key),
        help="keep the number and cover what is missing, or allow the change with its reason",
        location=_location(facts, first),
        notes=[note for change in changes for note in _notes(facts, change, primary=change is first)],
    )


def _subject(key: Key) -> str:
    component, metric, part = key
    return f"{component or ''} {'coverage' if metric == TOTAL else metric} {part}".strip()


def _message(change: Change, key: Key) -> str:
    before, after = change.before, change.after
    whose = f" of `{key[0]}`" if key[0] else ""
    figure = "coverage" if key[1] == TOTAL else f"{key[1]} coverage" if key[1] != "coverage" else "coverage"
    limited = f" for `{key[2]}`" if key[2] else ""
    if change.kind == NARROWED and after is not None:
        return (
            f"files of `{after.part}`{whose} are held to {after.shown} {figure} instead of {before.shown}: jest's"
            " `global` leaves out what another key names"
        )
    if change.kind == LIMITED and after is not None:
        return (
            f"the {figure} threshold{whose} of {before.shown} in {before.location.path} holds for `{after.part}` only"
            f"{f', at {after.shown}' if after.value != before.value else ''}: all other files are held to nothing"
        )
    if change.kind == REMOVED or after is None:
        left = f"; {after.shown} in {after.location.path} is what is left" if after is not None else ""
        return f"the {figure} threshold{whose}{limited}, {before.shown} in {before.location.path}, was removed{left}"
    if not after.gates and after.value == before.value:
        where = after.location.path
        return (
            f"the {figure} threshold{whose}{limited} of {before.shown} in {where} is there and fails nothing any more"
        )
    moved = "" if after.location.path == before.location.path else f", which stood in {before.location.path}"
    return (
        f"the {figure} threshold{whose}{limited} in {after.location.path} was lowered from {before.shown} to"
        f" {after.shown}{moved}"
    )


def _location(facts: Facts, change: Change) -> Location:
    """Where the number stands now; for a removed one its file, or the place in the base."""
    if change.after is not None:
        return change.after.location
    path = change.before.location.path
    return Location(path) if facts.head.has(path) else change.before.location


def _notes(facts: Facts, change: Change, *, primary: bool) -> Iterator[Note]:
    if change.after is not None and not primary:
        yield Note(f"from {change.before.shown} to {change.after.shown} here as well", change.after.location)
    elif change.after is None:
        yield Note(f"it was `{change.before.written}`", change.before.location)
    path = change.after.location.path if change.after is not None else ""
    for where, setting in facts.declared.settings:
        if where == path and setting.name in {"autoUpdate", "thresholdAutoUpdate"} and setting.value != "false":
            message = f"`{setting.name}` only ever raises a number: this one was edited by hand"
            yield Note(message, Location(where, setting.span))


def _incomparable(change: Change) -> Unknown:
    before, after = change.before, change.after
    now = after.shown if after is not None else "nothing"
    message = (
        f"the threshold in {before.location.path} went from {before.shown} to {now}: a percentage and a count of"
        " uncovered items cannot be compared"
    )
    help_ = "compare what both admit on today's data, or keep the form"
    if after is not None and after.value is None:
        message = (
            f"the threshold of {before.shown} in {before.location.path} is gone, and only a run knows the number of"
            f" `{after.written}` in {after.location.path}, which came"
        )
        help_ = "write the number there, or see that it is no lower"
    where = after.location if after is not None else None
    return Unknown("coverage", "incomparable-threshold", _subject(change.key), message, help_, where)


def _rounding(before: State, after: State) -> Iterator[Finding]:
    for folder, component in after.components.items():
        old, new = declared_groups.precision(before, folder), declared_groups.precision(after, folder)
        place = declared_groups.effective_threshold(after, folder, "line")
        place = place or declared_groups.effective_threshold(after, folder, "blended")
        if new < old and place is not None and component.is_python:
            word = component.coverage.config.precision if component.coverage is not None else None
            path = (
                component.coverage.path if component.coverage is not None and word is not None else place.location.path
            )
            yield RULE.finding(
                f"{folder} precision".strip(),
                f"coverage of `{folder or '.'}` is rounded to {new} decimals instead of {old} before it is held to"
                f" {place.shown}, which admits less than that",
                help=f"set `precision = {old}` again",
                location=Location(path, word.span) if word is not None else place.location,
                notes=[Note("the threshold", place.location)],
                severity=Severity.WARNING,
            )


def _per_file(facts: Facts, before: State, after: State) -> Iterator[Finding]:
    """Numbers that held for each file, and now hold for all of them together."""
    for folder, component in after.components.items():
        old = before.components.get(folder)
        was = [(file.path, one) for file in old.node for one in _each(file.config.settings)] if old is not None else []
        if not was or any(_each(file.config.settings) for file in component.node):
            continue
        place = next((one for one in after.places if one.component == folder and one.layer == NODE and one.gates), None)
        if place is not None:
            path, setting = was[0]
            revision = facts.before.revision_of(path) if facts.before is not None else None
            yield RULE.finding(
                f"{folder} {setting.name}".strip(),
                f"`{setting.name}` is gone: the threshold of {place.shown} in {place.location.path} held for each file,"
                " and now holds for all of them together, where a good one makes up for a bad one",
                help=f"set `{setting.name}` again, or allow the change with its reason",
                location=place.location,
                notes=[Note(f"it was `{setting.name}: {setting.value}`", Location(path, setting.span, revision))],
                severity=Severity.WARNING,
            )


def _each(settings: tuple[Setting, ...]) -> list[Setting]:
    """The switches that hold each file to the numbers."""
    return [one for one in settings if one.name in {"perFile", "per-file"} and one.value not in {"false", "0"}]


RULE = Rule.declare(__name__, __doc__, Severity.ERROR, check, bad=BAD, good=GOOD, event=True)
