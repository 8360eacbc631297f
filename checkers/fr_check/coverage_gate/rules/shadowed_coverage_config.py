"""A configuration file hides another that holds the coverage settings.

## What it finds

Two files of one folder that pytest, or coverage, would both read, of which it reads the first only. pytest takes
`pytest.toml`, `pytest.ini` (even empty), `pyproject.toml`, `tox.ini`, `setup.cfg`, in that order; coverage takes
`.coveragerc` (even empty), `.coveragerc.toml`, `setup.cfg`, `tox.ini`, `pyproject.toml`. Nothing is merged.

It is an error where a threshold, `--cov`, `branch` or exclusions of the hidden file are lost, otherwise a warning: so
where the file that counts has the same threshold, or measures as well.

## Why it matters

An empty `pytest.ini` beside `pyproject.toml` switches off `addopts` with the gate in them; a `[coverage:run]` in
`setup.cfg` switches off all of `[tool.coverage]`, threshold and branches included. The tools say nothing.

## How to fix

Keep one file: move what is in the first into the other, and delete it.

## What `--fix` does

Nothing: which of the files is to count is a decision.
"""

from __future__ import annotations

from fr_check.core.model import Location, Note, Rule, Severity

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from fr_check.core.model import Finding
    from fr_check.coverage_gate.declared.model import CoverageFile, PytestFile
    from fr_check.coverage_gate.facts import Facts
    from fr_check.sources.thresholds.configs import CoverageConfig

_PYPROJECT = '[tool.pytest.ini_options]\naddopts = "--cov=src --cov-fail-under=95"\n'
BAD = {"pyproject.toml": _PYPROJECT, "pytest.ini": ""}
GOOD = {"pyproject.toml": _PYPROJECT, "tox.ini": "[testenv]\ncommands = pytest\n"}


def check(facts: Facts) -> Iterator[Finding]:
    """One finding for each file that is hidden and says something."""
    for component in facts.declared.components.values():
        if component.pytest is not None:
            for file in component.hidden_pytest:
                if file.config.addopts or file.config.keys:
                    yield _finding("pytest", component.pytest, file, lost=_pytest_gate(file, component.pytest))
        named = component.pytest.options.config if component.pytest is not None else ""
        if component.coverage is not None and not named:
            for hidden in component.hidden_coverage:
                if hidden.config.keys:
                    lost = _coverage_gate(hidden.config, component.coverage.config)
                    yield _finding("coverage", component.coverage, hidden, lost=lost)


def _pytest_gate(file: PytestFile, governing: PytestFile) -> str:
    """What of the gate is lost; nothing where the file that counts says the same."""
    options, kept = file.options, governing.options
    if options.declared and [one.value for one in options.declared] != [one.value for one in kept.declared]:
        return f"`{options.declared[-1].written}`"
    return "`--cov`" if options.measures and not kept.measures else ""


def _coverage_gate(config: CoverageConfig, kept: CoverageConfig) -> str:
    own, other = config.fail_under, kept.fail_under
    if own is not None and (other is None or other.value != own.value):
        return f"`{own.written}`"
    if config.branch_on and not kept.branch_on:
        return "`branch`"
    return "its exclusions" if _excluded(config) and _excluded(config) != _excluded(kept) else ""


def _excluded(config: CoverageConfig) -> list[list[str]]:
    lists = (config.omit, config.exclude_lines, config.exclude_also)
    return [sorted(word.string for word in words or ()) for words in lists] if any(lists) else []


def _finding(tool: str, governing: PytestFile | CoverageFile, hidden: PytestFile | CoverageFile, lost: str) -> Finding:
    what = f", {lost} included" if lost else ""
    return RULE.finding(
        hidden.path,
        f"{governing.path} hides what {hidden.path} says to {tool}{what}: {tool} reads the first file only",
        help=f"keep one of the two: move the settings to {hidden.path} and delete them in {governing.path}",
        location=Location(governing.path, governing.config.place),
        notes=[Note("what is not read", Location(hidden.path, hidden.config.place))],
        severity=Severity.ERROR if lost else Severity.WARNING,
    )


RULE = Rule.declare(__name__, __doc__, Severity.ERROR, check, bad=BAD, good=GOOD)
