"""A checker is a folder of its own and an entry in the registry: a fifth one is built here, and run."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

import pytest

from fr_check.app.invocation import Invocation
from fr_check.core.registry import CHECKERS, Entry
from fr_check.core.trouble import Trouble

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

FILES = {
    "__init__.py": '"""Licences."""\n',
    "policy.py": '''
from __future__ import annotations

from fr_check.core.record import NamedTuple


class Licences(NamedTuple):
    """What the table `licences` says."""

    files: tuple[str, ...] = ("LICENSE",)
''',
    "facts.py": '''
from __future__ import annotations

from fr_check.core.record import NamedTuple
from fifth.policy import Licences


class Facts(NamedTuple):
    """The files that are not there."""

    missing: tuple[str, ...]
    unknowns = ()
    skipped = ()

    @property
    def counts(self):
        return {"missing": len(self.missing)}


def load(context):
    files = context.config.of(Licences).files
    return Facts(tuple(path for path in files if not context.repository.exists(path)))
''',
    "missing_licence.py": '''
"""A licence that is not there."""

from fr_check.core.model import Location, Rule, Severity


def check(facts):
    for path in facts.missing:
        yield RULE.finding(path, f"there is no {path}", help="write one", location=Location(path))


RULE = Rule("missing-licence", "licences", Severity.ERROR, "A licence that is not there.", check, __doc__, {}, {})
''',
    "checker.py": """
from fr_check.core.checker import Checker
from fifth import facts, missing_licence

CHECKER = Checker("licences", facts.load, (missing_licence.RULE,))
""",
}


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    folder = tmp_path / "packages" / "fifth"
    folder.mkdir(parents=True)
    for name, content in FILES.items():
        (folder / name).write_text(content)
    monkeypatch.syspath_prepend(folder.parent)
    entry = Entry("fifth", "Licences are there.", None, policy="fifth.policy:Licences", compares=False)
    monkeypatch.setitem(CHECKERS, "licences", entry)
    (tmp_path / "project").mkdir()
    yield tmp_path / "project"
    for name in [name for name in sys.modules if name.partition(".")[0] == "fifth"]:
        del sys.modules[name]


def found(project: Path, *checkers: str) -> list[tuple[str, str]]:
    report = Invocation(checkers, root=str(project)).run().report
    return [(finding.rule, finding.subject) for finding in report.findings]


def test_a_fifth_checker_needs_its_folder_and_an_entry(project: Path):
    assert found(project, "licences") == [("missing-licence", "LICENSE")]
    assert ("missing-licence", "LICENSE") in found(project, *CHECKERS)
    (project / ".fr-check.toml").write_text('[licences]\nfiles = ["COPYING", ".fr-check.toml"]\n')
    assert found(project, "licences") == [("missing-licence", "COPYING")]
    (project / ".fr-check.toml").write_text("[licences]\nfile = []\n")
    with pytest.raises(Trouble, match=r"unknown key `file` in \[licences\]; did you mean `files`"):
        found(project, "licences")


def test_other_checkers_check_its_table_and_do_nothing_with_it(project: Path):
    (project / ".fr-check.toml").write_text('[licences]\nfiles = ["COPYING"]\n')
    assert found(project, "coverage") == []
    (project / ".fr-check.toml").write_text("[licences]\nfiles = 3\n")
    with pytest.raises(Trouble, match=r"`licences\.files` must be a list"):
        found(project, "coverage")
