"""Each help that names an edit, followed to the letter: the finding is gone, and the other programs read the result."""

from __future__ import annotations

import re
from importlib import import_module
from typing import TYPE_CHECKING

import dockerfile as buildkit
import pytest
import yaml

from fr_check.core.model import Finding, Severity
from frontend_project import results

if TYPE_CHECKING:
    from collections.abc import Callable

    Edit = Callable[[dict[str, str], Finding], dict[str, str]]


def spans(help_: str) -> list[str]:
    return re.findall(r"`([^`]+)`", help_)


def lines_of(files: dict[str, str], finding: Finding) -> tuple[list[str], int]:
    assert finding.location.span is not None
    return files[finding.location.path].split("\n"), finding.location.span.line - 1


def put(files: dict[str, str], finding: Finding, lines: list[str]) -> dict[str, str]:
    return {**files, finding.location.path: "\n".join(lines)}


def above(files: dict[str, str], finding: Finding) -> dict[str, str]:
    """The instructions that the help quotes, above the line it names, or that of the finding."""
    lines, at = lines_of(files, finding)
    named = re.search(r"above line (\d+)", finding.help)
    added = [span for span in spans(finding.help) if span.startswith(("ARG ", "ENV "))]
    at = int(named[1]) - 1 if named else at
    return put(files, finding, [*lines[:at], *added, *lines[at:]])


def instead(files: dict[str, str], finding: Finding) -> dict[str, str]:
    """What the help quotes first, in place of the line."""
    lines, at = lines_of(files, finding)
    indent = lines[at][: len(lines[at]) - len(lines[at].lstrip())]
    return put(files, finding, [*lines[:at], indent + spans(finding.help)[0], *lines[at + 1 :]])


def removed(files: dict[str, str], finding: Finding) -> dict[str, str]:
    lines, at = lines_of(files, finding)
    return put(files, finding, [*lines[:at], *lines[at + 1 :]])


def declared(files: dict[str, str], finding: Finding) -> dict[str, str]:
    """`add ARG X to the stage that needs it (the build ends with ...)`: at the end of the last one."""
    path = next(path for path in files if path.endswith("Dockerfile"))
    return {**files, path: f"{files[path].rstrip()}\n{spans(finding.help)[0]}\n"}


def passed_in_workflow(files: dict[str, str], finding: Finding) -> dict[str, str]:
    lines, at = lines_of(files, finding)
    line, place = (span.replace("...", "1") for span in spans(finding.help))
    at = next(number for number in range(at, len(lines)) if place in lines[number])
    return put(files, finding, [*lines[: at + 1], f"            {line}", *lines[at + 1 :]])


def passed_in_compose(files: dict[str, str], finding: Finding) -> dict[str, str]:
    lines, _ = lines_of(files, finding)
    at = next(number for number, line in enumerate(lines) if "context:" in line)
    line = spans(finding.help)[2]
    return put(files, finding, [*lines[: at + 1], "      args:", f"        {line}", *lines[at + 1 :]])


def documented(files: dict[str, str], finding: Finding) -> dict[str, str]:
    path = finding.help.split()[-1]
    return {**files, path: f"{files[path].rstrip()}\n{spans(finding.help)[0]}\n"}


def one_dollar(files: dict[str, str], finding: Finding) -> dict[str, str]:
    lines, at = lines_of(files, finding)
    return put(files, finding, [*lines[:at], lines[at].replace("$$", "$"), *lines[at + 1 :]])


def itself(files: dict[str, str], finding: Finding) -> dict[str, str]:
    """`refer to X itself`: the reference names the argument."""
    lines, at = lines_of(files, finding)
    line = re.sub(r"\$\{\w+", f"${{{finding.subject}", lines[at])
    return put(files, finding, [*lines[:at], line, *lines[at + 1 :]])


def written_out(files: dict[str, str], finding: Finding) -> dict[str, str]:
    lines, at = lines_of(files, finding)
    line = f"const {finding.subject} = {spans(finding.help)[0]};"
    return put(files, finding, [*lines[:at], line, *lines[at + 1 :]])


def inherited(files: dict[str, str], finding: Finding) -> dict[str, str]:
    lines, at = lines_of(files, finding)
    return put(files, finding, [*lines[: at + 1], f"    {spans(finding.help)[0]}", *lines[at + 1 :]])


def handed(files: dict[str, str], finding: Finding) -> dict[str, str]:
    lines, at = lines_of(files, finding)
    _, place, line = spans(finding.help)
    return put(files, finding, [*lines[: at + 1], f"    {place}", f"      {line}", *lines[at + 1 :]])


EDITS: list[tuple[str, Edit]] = [
    ("undeclared-build-arg", above),
    ("build-arg-out-of-scope", above),
    ("unset-run-variable", above),
    ("dead-build-arg", instead),
    ("unpassed-build-arg", passed_in_workflow),
    ("runtime-only-public-variable", passed_in_compose),
    ("undocumented-public-variable", documented),
    ("unconsumed-build-arg", declared),
    ("unconsumed-build-arg", removed),
    ("malformed-build-arg", removed),
    ("empty-build-arg-default", instead),
    ("literal-dollar", one_dollar),
    ("duplicate-key", removed),
    ("orphaned-public-variable", removed),
    ("cross-wired-build-arg", itself),
    ("uninlined-read", written_out),
    ("unpassed-secret", inherited),
    ("unpassed-secret", handed),
]


@pytest.mark.parametrize(("rule", "edit"), EDITS, ids=[f"{rule}-{edit.__name__}" for rule, edit in EDITS])
def test_who_does_what_the_help_says_is_done(rule: str, edit: Edit) -> None:
    bad = import_module(f"fr_check.dockerfile_args.rules.{rule.replace('-', '_')}").BAD
    files: dict[str, str] = dict(getattr(bad, "files", bad))
    (finding,) = [one for one in results(files) if isinstance(one, Finding) and one.rule == rule]
    after = edit(files, finding)
    assert after != files
    left = [one for one in results(after) if isinstance(one, Finding) and one.severity > Severity.INFO]
    assert [f"{one.rule} {one.subject}" for one in left if one.rule == rule] == []
    before = {(one.rule, one.subject) for one in results(files) if isinstance(one, Finding)}
    assert {(one.rule, one.subject) for one in left} <= before
    for path, text in after.items():
        if path.endswith("Dockerfile"):
            assert buildkit.parse_string(text)
        elif path.endswith((".yml", ".yaml")):
            assert yaml.safe_load(text)
