"""Every rule's own examples, which the documentation shows too: the bad one is reported, the good one is clean."""

from __future__ import annotations

import re
from importlib import import_module
from pkgutil import walk_packages
from typing import TYPE_CHECKING

import pytest

import fr_check
from example_runs import check, context_of
from fr_check.core.model import Finding, Report, Rule, Severity
from fr_check.core.registry import all_rules

if TYPE_CHECKING:
    from pathlib import Path

RULES = all_rules()
IDS = [f"{rule.checker}/{rule.id}" for rule in RULES]


def loud(report: Report) -> list[Finding]:
    return [finding for finding in report.findings if finding.severity >= Severity.WARNING]


def test_every_rule_that_is_written_is_named_by_its_checker():
    written = [found.name for found in walk_packages(fr_check.__path__, "fr_check.")]
    made = [module.RULE for name in written if hasattr(module := import_module(name), "RULE")]
    assert sorted(f"{rule.checker}/{rule.id}" for rule in made) == sorted(IDS)


@pytest.mark.parametrize("rule", RULES, ids=IDS)
def test_the_bad_example_is_reported(rule: Rule, tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("GIT_ALLOW_PROTOCOL", "file")
    report = check(rule, context_of(rule.bad, tmp_path / "example"))
    # What a rule can only say is that it cannot know, it says as an Unknown whose reason is the rule.
    unknowns = [item for item in report.unknowns if (item.checker, item.reason) == (rule.checker, rule.id)]
    found = [item for item in report.findings if item.rule == rule.id] + unknowns
    assert found, [(item.rule, item.message) for item in report.findings] + list(report.unknowns)
    for item in found:
        assert item.checker == rule.checker
        assert item.help, "a finding says what to do"
        assert not item.message.endswith("."), item.message
        assert "\n" not in item.message
        assert item.location
        assert item.location.path


@pytest.mark.parametrize("rule", RULES, ids=IDS)
def test_the_good_example_is_clean(rule: Rule, tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("GIT_ALLOW_PROTOCOL", "file")
    report = check(rule, context_of(rule.good, tmp_path / "example"))
    assert [item.rule for item in report.findings if item.rule == rule.id] == []
    assert [(item.rule, item.message) for item in loud(report)] == []
    assert report.unknowns == ()


@pytest.mark.parametrize("rule", RULES, ids=IDS)
def test_the_manual_has_its_three_headings(rule: Rule):
    headings = re.findall(r"^## (.+)$", rule.manual, re.MULTILINE)
    assert headings[:3] == ["What it finds", "Why it matters", "How to fix"]
    assert rule.manual.splitlines()[0].endswith(".")
    assert rule.summary.endswith(".")


@pytest.mark.parametrize("rule", RULES, ids=IDS)
def test_a_rule_lives_in_the_file_of_its_name(rule: Rule):
    assert rule.check.__module__.rpartition(".")[2] == rule.id.replace("-", "_")


def test_no_checker_has_two_rules_of_one_name():
    assert len(set(IDS)) == len(IDS)
