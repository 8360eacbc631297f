"""Code that was measured in the base is left out of the measurement.

## What it finds

Against `--base`: files that exist in both states and that `omit`, `coverage.exclude` of vitest or
`coveragePathIgnorePatterns` of jest now matches and did not match before, or that `source`, `--cov`, `include` or
`collectCoverageFrom` of jest no longer name; and, as information, more `pragma: no cover`
comments in measured sources and new expressions in `exclude_lines` or `exclude_also`. A pattern for a new file is no
finding.

## Why it matters

The figure rises without a test: what is hard to cover is not covered, it is no longer asked about. In a diff that only
touches configuration nobody sees how many lines that was.

## How to fix

Take the pattern back and test the file, or allow the finding with the reason why it cannot be tested.

## What `--fix` does

Nothing: whether the code should be measured is a decision.
"""

from __future__ import annotations

from fr_check.core.model import Example, Location, Note, Rule, Severity, Unknown
from fr_check.coverage_gate.declared import exclusions as declared_exclusions

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from fr_check.core.model import Finding
    from fr_check.coverage_gate.declared.model import Component, State
    from fr_check.coverage_gate.facts import Facts

_CONFIG = '[tool.coverage.run]\nsource = ["src"]\nomit = [%s]\n'
_FILES = {"src/a.py": "a = 1\n", "src/b.py": "b = 1\n"}
BAD = Example({"pyproject.toml": _CONFIG % '"src/b.py"', **_FILES}, {"pyproject.toml": _CONFIG % "", **_FILES})
GOOD = Example(
    {"pyproject.toml": _CONFIG % '"src/c.py"', **_FILES, "src/c.py": "c = 1\n"},
    {"pyproject.toml": _CONFIG % "", **_FILES},
)


_SHOWN = 10


def check(facts: Facts) -> Iterator[Finding]:
    """One finding for each component whose `omit` grew, and for growth within files."""
    base = facts.base
    if base is None or isinstance(base, Unknown):
        return
    for component in facts.declared.components.values():
        old = base.components.get(component.folder)
        if old is None:
            continue
        if component.coverage is not None:
            yield from _omitted(facts, base, component, old)
            yield from _no_longer_included(facts, component, old)
            yield from _expressions(component, old)
        yield from _narrowed(facts, component, old)
        yield from _excluded(facts, component, old)
        yield from _no_longer_collected(facts, component, old)
    yield from _pragmas(facts)


def _omitted(facts: Facts, base: State, component: Component, old: Component) -> Iterator[Finding]:
    known = {word.string for word in old.coverage.config.omit} if old.coverage is not None else set()
    fresh = [
        one
        for one in declared_exclusions.omissions(_only(facts.declared, component), facts.head)
        if one.word.string not in known
    ]
    if not fresh or facts.before is None:
        return
    before = {path for one in declared_exclusions.omissions(base, facts.before) for path in one.matched}
    measured = {*declared_exclusions.sources(old, facts.before)}
    found: dict[str, declared_exclusions.Omission] = {}
    for one in fresh:
        for path in one.matched:
            if path in measured and path not in before:
                found.setdefault(path, one)
    if not found:
        return
    first = next(iter(found.values()))
    patterns = ", ".join(f"`{pattern}`" for pattern in dict.fromkeys(one.word.string for one in found.values()))
    files = "a file that was" if len(found) == 1 else f"{len(found)} files that were"
    yield RULE.finding(
        f"{component.folder} omit".strip(),
        f"`omit` in {first.path} leaves out {files} measured in the base, by {patterns}",
        help="measure them, or allow the change with its reason",
        location=Location(first.path, first.span),
        notes=[Note("no longer measured", Location(path)) for path in [*found][:_SHOWN]],
    )


def _no_longer_included(facts: Facts, component: Component, old: Component) -> Iterator[Finding]:
    """`include` names less than it did, or is new."""
    words = component.coverage.config.include if component.coverage is not None else ()
    before = old.coverage.config.include if old.coverage is not None else ()
    state = facts.before
    if not words or state is None or (before and {one.string for one in before} <= {one.string for one in words}):
        return
    now, earlier = (declared_exclusions.included(one) for one in (component, old))
    paths = declared_exclusions.sources(old, state)
    left = [path for path in paths if facts.head.has(path) and earlier(path) and not now(path)]
    if left and component.coverage is not None:
        files = "a file that was" if len(left) == 1 else f"{len(left)} files that were"
        yield RULE.finding(
            f"{component.folder} include".strip(),
            f"`include` in {component.coverage.path} leaves out {files} measured in the base",
            help="name them too, or allow the change with its reason",
            location=Location(component.coverage.path, words[0].span),
            notes=[Note("no longer measured", Location(path)) for path in left[:_SHOWN]],
        )


def _narrowed(facts: Facts, component: Component, old: Component) -> Iterator[Finding]:
    """`source` or `--cov` names less than it did; where one of them was not set, what was measured is not known."""
    if facts.before is None or not (declared_exclusions.roots(component) and declared_exclusions.roots(old)):
        return
    now, before = (
        declared_exclusions.measured_by(one, state) for one, state in ((component, facts.head), (old, facts.before))
    )
    # Mostly the same folders are measured as before.
    paths = facts.before.select(before) if now is not before else ()
    left = [path for path in paths if facts.head.has(path) and not now(path)]
    file = component.pytest if component.pytest is not None and component.pytest.options.sources else component.coverage
    if left and file is not None:
        files = "a file that was" if len(left) == 1 else f"{len(left)} files that were"
        yield RULE.finding(
            f"{component.folder} source".strip(),
            f"the sources named in {file.path} leave out {files} measured in the base",
            help="name them again, or allow the change with its reason",
            location=Location(file.path, file.config.place),
            notes=[Note("no longer measured", Location(path)) for path in left[:_SHOWN]],
        )


def _excluded(facts: Facts, component: Component, old: Component) -> Iterator[Finding]:
    """`coverage.exclude` of vitest, or `coveragePathIgnorePatterns` of jest, leaves out files that it did not."""
    known = {word.string for file in old.node for word in file.config.exclude}
    if all(word.string in known for file in component.node for word in file.config.exclude):
        return
    state = facts.before
    if state is None:
        return
    before, now = declared_exclusions.excluded(old, state), declared_exclusions.excluded(component, facts.head)
    left = {path: why for path, why in now.items() if state.has(path) and path not in before and not _is_test(path)}
    if left:
        config, word = next(iter(left.values()))
        files = "a file that was" if len(left) == 1 else f"{len(left)} files that were"
        patterns = ", ".join(f"`{pattern}`" for pattern in dict.fromkeys(why[1].string for why in left.values()))
        key = "coveragePathIgnorePatterns" if declared_exclusions.is_of_jest(config) else "coverage.exclude"
        yield RULE.finding(
            f"{component.folder} {key}".strip(),
            f"`{key}` in {config} leaves out {files} measured in the base, by {patterns}",
            help="measure them, or allow the change with its reason",
            location=Location(config, word.span),
            notes=[Note("no longer measured", Location(path)) for path in [*left][:_SHOWN]],
        )


def _no_longer_collected(facts: Facts, component: Component, old: Component) -> Iterator[Finding]:
    """`coverage.include` of vitest, or `collectCoverageFrom` of jest, names less than it did.

    Where it was not set, what was measured is not known.
    """
    words = [(file.path, word) for file in component.node for word in file.config.include]
    known = [word.string for file in old.node for word in file.config.include]
    state = facts.before
    if state is None or not words or not known or [word.string for _, word in words] == known:
        return
    before, now = (
        declared_exclusions.measured_scripts(old, state),
        frozenset(declared_exclusions.measured_scripts(component, facts.head) or ()),
    )
    left = [path for path in before or () if facts.head.has(path) and path not in now and not _is_test(path)]
    if left:
        config, word = words[0]
        key = "collectCoverageFrom" if declared_exclusions.is_of_jest(config) else "coverage.include"
        files = "a file that was" if len(left) == 1 else f"{len(left)} files that were"
        yield RULE.finding(
            f"{component.folder} {key}".strip(),
            f"`{key}` in {config} leaves out {files} measured in the base",
            help="name them too, or allow the change with its reason",
            location=Location(config, word.span),
            notes=[Note("no longer measured", Location(path)) for path in left[:_SHOWN]],
        )


def _is_test(path: str) -> bool:
    return any(mark in path for mark in ("test", "spec", ".config.", "setup", "mock", ".d.ts", "stories"))


def _only(state: State, component: Component) -> State:
    return state._replace(components={component.folder: component})


def _expressions(component: Component, old: Component) -> Iterator[Finding]:
    file, config = component.coverage, old.coverage.config if old.coverage is not None else None
    if file is None or config is None:
        return
    known = {word.string for word in (*(config.exclude_lines or ()), *(config.exclude_also or ()))}
    words = (*(file.config.exclude_lines or ()), *(file.config.exclude_also or ()))
    fresh = [word for word in words if word.string not in known]
    if fresh:
        listed = ", ".join(f"`{word.string[:60]}`" for word in fresh[:_SHOWN])
        yield RULE.finding(
            f"{component.folder} exclude".strip(),
            f"{file.path} leaves out lines that the base measures: {listed}",
            help="check which lines these are",
            location=Location(file.path, fresh[0].span),
            severity=Severity.INFO,
        )


def _pragmas(facts: Facts) -> Iterator[Finding]:
    now, before = sum(one.now for one in facts.pragmas), sum(one.before for one in facts.pragmas)
    grown = [one for one in facts.pragmas if one.now > one.before]
    if now > before and grown:
        yield RULE.finding(
            "pragma: no cover",
            f"measured sources hold {now} `pragma: no cover` comments, {before} in the base",
            help="test what they hide, or say beside each why it cannot be tested",
            location=Location(grown[0].path),
            notes=[Note(f"{one.now}, {one.before} in the base", Location(one.path)) for one in grown[:_SHOWN]],
            severity=Severity.INFO,
        )


RULE = Rule.declare(__name__, __doc__, Severity.WARNING, check, bad=BAD, good=GOOD, event=True)
