"""Each help of the coverage checker that names an edit, followed to the letter: the finding is gone."""

from __future__ import annotations

import re
from importlib import import_module
from typing import TYPE_CHECKING

import pytest
from coverage import Coverage

from fr_check.core import engine
from fr_check.core.config import Config
from fr_check.core.context import Context
from fr_check.core.repository import Memory
from fr_check.coverage_gate.checker import CHECKER

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from fr_check.core.model import Finding

    Edit = Callable[[dict[str, str], Finding], dict[str, str]]


def found(files: dict[str, str], rule: str) -> list[Finding]:
    report = engine.run(Context(Memory(files), Config(), None), [CHECKER])[0]
    return [finding for finding in report.findings if finding.rule == rule]


def spans(help_: str) -> list[str]:
    return re.findall(r"`([^`]+)`", help_)


def pattern_written(files: dict[str, str], finding: Finding) -> dict[str, str]:
    path, old = finding.subject.split(":", 1)
    return {**files, path: files[path].replace(f'"{old}"', f'"{spans(finding.help)[0]}"')}


def renamed(files: dict[str, str], finding: Finding) -> dict[str, str]:
    path, old = finding.subject.split(":", 1)
    return {**files, path: files[path].replace(old, spans(finding.help)[0])}


def in_the_section(files: dict[str, str], finding: Finding) -> dict[str, str]:
    """`write LINE in [SECTION]`: below its head, which is written where there is none."""
    section = re.search(r"in \[([\w.]+)\]", finding.help)
    assert section is not None
    path, head, line = finding.location.path, f"[{section[1]}]\n", f"{spans(finding.help)[0]}\n"
    text = files[path]
    return {**files, path: text.replace(head, head + line) if head in text else f"{text}{head}{line}"}


def moved_to_its_section(files: dict[str, str], finding: Finding) -> dict[str, str]:
    """`write it as KEY below [SECTION]`: the line under another head."""
    section = re.search(r"below \[([\w:.]+)\]", finding.help)
    assert section is not None
    assert finding.location.span is not None
    path, number = finding.location.path, finding.location.span.line
    lines = files[path].split("\n")
    line = lines.pop(number - 1)
    return {**files, path: "\n".join(lines) + f"\n[{section[1]}]\n{line}\n"}


def only_the_other(files: dict[str, str], finding: Finding) -> dict[str, str]:
    """`delete them in FILE`, which in the example holds none."""
    gone = finding.help.rpartition(" in ")[2]
    assert not files[gone].strip()
    return {path: text for path, text in files.items() if path != gone}


EDITS: list[tuple[str, Edit]] = [
    ("dead-omit-pattern", pattern_written),
    ("lost-default-exclusions", renamed),
    ("branch-coverage-off", in_the_section),
    ("loose-rounding", in_the_section),
    ("ignored-threshold", moved_to_its_section),
    ("shadowed-coverage-config", only_the_other),
]


@pytest.mark.parametrize(("rule", "edit"), EDITS, ids=[rule for rule, _ in EDITS])
def test_who_does_what_the_help_says_is_done(rule: str, edit: Edit, tmp_path: Path) -> None:
    bad = import_module(f"fr_check.coverage_gate.rules.{rule.replace('-', '_')}").BAD
    files: dict[str, str] = dict(getattr(bad, "files", bad))
    (finding,) = found(files, rule)
    after = edit(files, finding)
    assert after != files
    assert found(after, rule) == []
    # coverage.py itself reads what was written.
    for path, text in after.items():
        if path.endswith((".toml", ".cfg", ".coveragerc")):
            (tmp_path / path).write_text(text)
            Coverage(config_file=str(tmp_path / path), data_file=None)
