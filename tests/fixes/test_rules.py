"""Every rule that can be fixed: its bad example is cured, its good one is left alone."""

from __future__ import annotations

import re
import subprocess
from typing import TYPE_CHECKING

import pytest

from building import build
from fr_check.app.manual import markdown
from fr_check.core.edits import SAFE as SAFE_FIX
from fr_check.core.edits import Fix
from fr_check.core.model import Example, Location, Report, Rule
from fr_check.core.registry import all_rules
from fr_check.dockerfile_args import samples
from fr_check.fixes.attach import NOTHING, with_fixes
from fr_check.repository.opening import open_repository
from running import run

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

FIXABLE = [rule for rule in all_rules() if rule.fix is not None]

# By the design of the fixes: what may be cured without asking, at least in some form; and what a person should look at.
SAFE = {
    "env-keys": (
        "altered-literal broken-template commented-key duplicate-key glued-key invalid-example-value"
        " invalid-passed-value read-outside-settings undocumented-read undocumented-setting unparsable-example"
        " unpassed-setting unportable-line"
    ),
    "dockerfile-args": (
        "build-arg-out-of-scope duplicate-key invalid-interpolation malformed-build-arg runtime-only-public-variable"
        " stale-exemption undeclared-build-arg undocumented-public-variable unpassed-build-arg"
    ),
    "submodule-sync": "shallow-checkout",
    "coverage": "invalid-coverage-config",
    "hygiene": "unused-suppression",
}
UNSAFE = {
    "env-keys": (
        "empty-fallback ignored-env-argument leaked-secret mismatched-secret-path overridden-environment"
        " refused-example-key secret-in-comment unassignable-line unconsumed-secret unconsumed-variable"
        " undelivered-secrets unknown-example-key unquoted-expansion unrendered-secret untyped-setting"
    ),
    "dockerfile-args": (
        "conflicting-exemption cross-wired-build-arg dead-build-arg empty-build-arg-default literal-dollar"
        " orphaned-public-variable unconsumed-build-arg uninlined-read"
    ),
    "submodule-sync": (
        "checkout-without-submodules half-removed-submodule orphaned-submodule-entry symlinked-gitmodules"
    ),
    "coverage": (
        "branch-coverage-off contradicting-threshold dead-omit-pattern loose-rounding lost-default-exclusions"
        " self-adjusting-gate"
    ),
    "hygiene": "unknown-suppression unused-allowance",
}


def listed(table: Mapping[str, str]) -> set[tuple[str, str]]:
    return {(checker, rule) for checker, rules in table.items() for rule in rules.split()}


def test_every_rule_that_can_be_cured_is_and_no_other():
    safe, unsafe = listed(SAFE), listed(UNSAFE)
    assert (len(safe), len(unsafe)) == (25, 35)
    assert {(rule.checker, rule.id) for rule in FIXABLE} == safe | unsafe


@pytest.mark.parametrize("rule", FIXABLE, ids=lambda rule: f"{rule.checker}/{rule.id}")
def test_only_what_keeps_the_meaning_is_done_without_asking(
    rule: Rule, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setenv("GIT_ALLOW_PROTOCOL", "file")
    folder = laid_out(rule.bad, tmp_path)
    words = command(rule, folder)
    before = {path: path.read_bytes() for path in folder.rglob("*") if path.is_file() and ".git" not in path.parts}
    run(*words, "--fix")
    after = {path: path.read_bytes() for path in folder.rglob("*") if path.is_file() and ".git" not in path.parts}
    assert before == after or (rule.checker, rule.id) in listed(SAFE)


def laid_out(example: Mapping[str, str] | Example, folder: Path) -> Path:
    if isinstance(example, Example) and example.submodules:
        return build(example, folder / "built")
    for path, text in (example.files if isinstance(example, Example) else example).items():
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_text(text, encoding="utf-8", newline="")
    subprocess.run(["git", "init", "-q", folder], check=True)
    return folder


def command(rule: Rule, folder: Path) -> list[object]:
    # A directive's own rules speak of what the other rules left.
    selected = [] if rule.checker == "hygiene" else ["--select", f"{rule.checker}/{rule.id}"]
    return ["all" if rule.checker == "hygiene" else rule.checker, "--root", folder, *selected]


@pytest.mark.parametrize("rule", FIXABLE, ids=lambda rule: f"{rule.checker}/{rule.id}")
def test_g11_the_bad_example_is_cured(rule: Rule, tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("GIT_ALLOW_PROTOCOL", "file")
    words = command(rule, laid_out(rule.bad, tmp_path))
    found = run(*words, "--format", "json")
    assert rule.id in found.rules()
    for finding in found.json()["findings"]:
        assert finding["fixable"] == bool(finding["fix"] and finding["fix"]["edits"])
        assert not (finding["fixable"] and finding["fix_refused"])
    done = run(*words, "--fix", "--unsafe-fixes", "-v", "--format", "json")
    assert rule.id not in done.rules(), done.stderr


@pytest.mark.parametrize("rule", FIXABLE, ids=lambda rule: f"{rule.checker}/{rule.id}")
def test_a_fix_without_edits_is_none(rule: Rule, tmp_path: Path):
    finding = rule.finding("A", "`A` is wrong", help="mend it", location=Location("a"))
    empty = rule._replace(fix=lambda *_: Fix(SAFE_FIX, ()))
    repository = open_repository(str(laid_out({"a": ""}, tmp_path)))
    (told,) = with_fixes(Report((finding,), (), (), (), (), {}), [empty], {rule.checker: None}, repository).findings
    assert (told.fix, told.fixable, told.fix_refused) == (None, False, NOTHING)


def test_a_variable_that_is_declared_with_others_is_left_to_its_author(tmp_path: Path):
    files = {
        "package.json": '{"name": "a", "scripts": {"build": "next build"}, "dependencies": {"next": "15"}}\n',
        "src/a.ts": "export const url = process.env.NEXT_PUBLIC_API_URL;\n",
        "Dockerfile": "FROM node:20\nARG NEXT_PUBLIC_X NEXT_PUBLIC_API_URL\nCOPY . .\nRUN npm run build\n",
    }
    words = ["--root", laid_out(files, tmp_path), "--select", "orphaned-public-variable"]
    (finding,) = run(*words, "--format", "json").json()["findings"]
    assert (finding["subject"], finding["fixable"], finding["fix"]) == ("NEXT_PUBLIC_X", False, None)
    assert finding["fix_refused"] == "Dockerfile sets it together with others, or uses it elsewhere"
    assert "fixes" not in run(*words, "--format", "sarif").json()["runs"][0]["results"][0]
    assert run(*words, "--statistics").stdout.startswith("    1  warning  [ ]  ")


@pytest.mark.parametrize("rule", FIXABLE, ids=lambda rule: f"{rule.checker}/{rule.id}")
def test_g11_the_good_example_is_left_alone(rule: Rule, tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("GIT_ALLOW_PROTOCOL", "file")
    words = command(rule, laid_out(rule.good, tmp_path))
    if rule.checker == "hygiene":
        words += ["--ignore", "env-keys,coverage,dockerfile-args,submodule-sync"]
    assert run(*words, "--diff", "--unsafe-fixes").stdout == ""


@pytest.mark.parametrize("rule", all_rules(), ids=lambda rule: f"{rule.checker}/{rule.id}")
def test_the_page_says_what_is_done_or_why_nothing(rule: Rule):
    _, _, said = markdown(rule).partition("## What `--fix` does\n\n")
    assert said.startswith("Nothing: ") == (rule.fix is None)
    assert len(said.partition("\n\n")[0]) > 10


# What a person has to fill in.
OPEN = re.compile(r"\.\.\.|\bNAME\b|NAME-|<type>|^%$|^\$\$$")


@pytest.mark.parametrize("rule", FIXABLE, ids=lambda rule: f"{rule.checker}/{rule.id}")
def test_what_the_help_says_to_write_is_what_is_written(rule: Rule, tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("GIT_ALLOW_PROTOCOL", "file")
    folder = laid_out(rule.bad, tmp_path)
    found = run(*command(rule, folder), "--format", "json").json()["findings"]
    helped = [one["help"] for one in found if one["rule"] == rule.id and one["fixable"]]
    run(*command(rule, folder), "--fix", "--unsafe-fixes")
    files = [path for path in folder.rglob("*") if path.is_file() and ".git" not in path.parts]
    texts = [path.read_text().replace("'", '"') for path in files]
    for told in helped:
        # The first offer; of two, the fix may take the other one.
        offer = re.match(r"(?:write|add|set|put)\b.*?`([^`]+)`", told)
        if offer and not OPEN.search(offer[1]) and not re.search(r"or (?:remove|delete)", told):
            assert any(line in text for line in re.findall(r"`([^`]+)`", told) for text in texts), told


WRITTEN = {
    "a value of its own": ("      NEXT_PUBLIC_API_URL: ${NEXT_PUBLIC_API_URL:-/api}\n", "NEXT_PUBLIC_API_URL:-/api}"),
    "another variable": ('      NEXT_PUBLIC_API_URL: "${DOMAIN}/api"\n', '"${DOMAIN}/api"'),
    "none": ("      NEXT_PUBLIC_API_URL:\n", "NEXT_PUBLIC_API_URL: ${NEXT_PUBLIC_API_URL:-}"),
}


@pytest.mark.parametrize("name", WRITTEN)
def test_an_argument_is_told_with_the_value_that_the_fix_gives_it(name: str, tmp_path: Path):
    entry, expected = WRITTEN[name]
    (before,) = [path for path, text in samples.FILES.items() if path.endswith("docker-compose.yml")]
    head = samples.FILES[before].partition("      args:\n")[0]
    folder = laid_out({**samples.FILES, before: f"{head}    environment:\n{entry}"}, tmp_path)
    words = ["dockerfile-args", "--root", folder, "--select", "runtime-only-public-variable"]
    (finding,) = run(*words, "--format", "json").json()["findings"]
    assert expected in finding["help"]
    run(*words, "--fix")
    assert f"{expected}\n" in (folder / before).read_text().partition("args:")[2].partition("environment:")[0]
