"""The same cure whatever the file's line ends, its beginning and its end are: nothing else of it changes."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

import pytest

from cured import lay_out
from fr_check.core.model import Example, Rule
from fr_check.core.registry import all_rules
from running import run

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

MARK = "\ufeff"
FORMS: dict[str, Callable[[str], str]] = {
    "carriage returns": lambda text: text.replace("\n", "\r\n"),
    "no final line end": lambda text: text.rstrip("\n"),
    "a byte order mark": lambda text: MARK + text,
}


# Line ends and marks are what this rule is about.
RIGHTLY = {"env-keys/unportable-line": ("carriage returns", "a byte order mark")}


def files_of(rule: Rule) -> Mapping[str, str] | None:
    if not isinstance(rule.bad, Example):
        return rule.bad
    return None if rule.bad.submodules or rule.bad.symlinks else rule.bad.files


RULES = {f"{rule.checker}/{rule.id}": rule for rule in all_rules() if rule.fix is not None and files_of(rule)}


def after(rule: Rule, files: Mapping[str, str]) -> dict[str, str]:
    """The files once --fix has run, for findings of one rule."""
    with TemporaryDirectory(dir="/dev/shm" if Path("/dev/shm").is_dir() else None) as name:  # noqa: S108 - to be fast
        folder = lay_out(Path(name), files)
        hygiene = rule.checker == "hygiene"
        words = ["all"] if hygiene else [rule.checker, "--select", f"{rule.checker}/{rule.id}"]
        run(*words, "--root", folder, "--fix", "--unsafe-fixes")
        return {path: (folder / path).read_bytes().decode() for path in files}


@cache
def plainly(name: str) -> dict[str, str]:
    return after(RULES[name], files_of(RULES[name]) or {})


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("name", RULES)
def test_a_file_keeps_its_form(name: str, form: str):
    given = files_of(RULES[name]) or {}
    cured = plainly(name)
    touched = {path for path in given if cured[path] != given[path]}
    assert touched
    shape = FORMS[form]
    before = {path: shape(text) if path in touched else text for path, text in given.items()}
    wanted = {path: shape(text) if path in touched else text for path, text in cured.items()}
    if form in RIGHTLY.get(name, ()):
        assert after(RULES[name], before) == cured
        return
    # Where another line end changes what the file says, nothing is found or nothing is done.
    assert after(RULES[name], before) in (wanted, before)


@pytest.mark.parametrize("form", FORMS)
def test_most_are_cured_in_every_form(form: str):
    shape = FORMS[form]
    changed = 0
    for rule in RULES.values():
        given = {path: shape(text) for path, text in (files_of(rule) or {}).items()}
        changed += after(rule, given) != given
    assert changed > len(RULES) * 3 // 4
