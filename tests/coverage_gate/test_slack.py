"""`slack-threshold`, and when `loose-rounding` is a warning."""

from __future__ import annotations

import pytest

from fr_check.core import engine
from fr_check.core.config import Config
from fr_check.core.context import Context
from fr_check.core.model import Severity
from fr_check.core.repository import Memory
from fr_check.coverage_gate.checker import CHECKER
from fr_check.coverage_gate.samples import lcov, source
from fr_check.policy.coverage_gate import Component, Coverage, Group

DATA = {"src/a.py": source(10), "coverage.lcov": lcov("src/a.py", "1111111110")}
ROUNDING = "[tool.coverage.report]\nfail_under = {}\n"


def found(files: dict[str, str], policy: Coverage | None = None) -> list[tuple[str, str, Severity]]:
    config = Config(path=".fr-check.toml", tables={Coverage: policy}) if policy is not None else Config()
    report = engine.run(Context(Memory(files), config, None), [CHECKER])[0]
    return [(item.rule, item.subject, item.severity) for item in report.findings]


@pytest.mark.parametrize(
    ("policy", "subjects"),
    [
        (Coverage(line=10), []),
        (Coverage(line=10, slack=50), ["line"]),
        (Coverage(line=40, slack=50), []),
        (Coverage(line=39.9, slack=50), ["line"]),
        (Coverage(line=89.7, slack=0.3), []),
        (Coverage(line=0, slack=50), []),
        (Coverage(target=10, slack=50), []),
        (Coverage(slack=50, groups=(Group("a", ("src/**",), line=10),)), ["a line"]),
        (Coverage(slack=50, components=(Component("c", "src", line=10),)), ["c line"]),
    ],
)
def test_a_figure_far_above_its_threshold(policy: Coverage, subjects: list[str]):
    slack = [item for item in found(DATA, policy) if item[0] == "slack-threshold"]
    assert slack == [("slack-threshold", subject, Severity.INFO) for subject in subjects]


def test_a_declared_threshold_counts_too():
    files = {**DATA, "pyproject.toml": ROUNDING.format(10)}
    assert ("slack-threshold", "line", Severity.INFO) in found(files, Coverage(slack=50))


@pytest.mark.parametrize(
    ("config", "severity"),
    [
        (ROUNDING.format(95), Severity.INFO),
        (ROUNDING.format(95) + "precision = 0\n", Severity.INFO),
        (ROUNDING.format(95) + "precision = 1\n", Severity.WARNING),
        (ROUNDING.format(94.5), Severity.INFO),
        (ROUNDING.format(95) + '[tool.pytest.ini_options]\naddopts = "--cov --cov-precision=1"\n', Severity.WARNING),
        (ROUNDING.format(95) + "precision = 2\n", None),
    ],
)
def test_rounding_that_the_project_chose_itself_is_a_warning(config: str, severity: Severity | None):
    rounding = [item[2] for item in found({"pyproject.toml": config}) if item[0] == "loose-rounding"]
    assert rounding == ([severity] if severity is not None else [])
