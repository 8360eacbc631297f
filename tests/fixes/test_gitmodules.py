"""What --fix does to .gitmodules: sections go, comments stay with what they are about, git reads the rest."""

from __future__ import annotations

import subprocess
from typing import TYPE_CHECKING

import pytest

from cured import fix, lay_out, read
from running import run

if TYPE_CHECKING:
    from pathlib import Path

ONE = '[submodule "one"]\n\tpath = one\n\turl = ../one.git\n'
TWO = '[submodule "two"]\n\tpath = two\n\turl = ../two.git\n'
CASES = {
    "both": (ONE + TWO, ""),
    "with their comments": (f"# all of them\n\n# the first\n{ONE}\n# the second\n{TWO}", "# all of them\n"),
    "with a head": (f"# ours\n{ONE}{TWO}", "# ours\n"),
    "a key in another order": ('[submodule "one"]\n\turl = x\n\n\tpath = one\n# the second\n' + TWO, ""),
}


@pytest.mark.parametrize("name", CASES)
@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_sections_without_a_submodule_go(name: str, end: str, tmp_path: Path):
    before, after = CASES[name]
    lay_out(tmp_path, {".gitmodules": before.replace("\n", end)})
    fix(tmp_path, "submodule-sync", "orphaned-submodule-entry", unsafe=False)
    assert read(tmp_path, ".gitmodules") == before.replace("\n", end)
    done = fix(tmp_path, "submodule-sync", "orphaned-submodule-entry")
    assert read(tmp_path, ".gitmodules") == after.replace("\n", end), done.stderr
    subprocess.run(["git", "config", "--file", ".gitmodules", "--list"], cwd=tmp_path, check=True, capture_output=True)


def test_a_link_becomes_a_file(tmp_path: Path):
    files = {"modules": ONE + TWO, "elsewhere": "x\n"}
    lay_out(tmp_path, files)
    (tmp_path / ".gitmodules").symlink_to("modules")
    words = ["submodule-sync", "--root", tmp_path, "--select", "symlinked-gitmodules"]
    shown = run(*words, "--diff", "--unsafe-fixes")
    # Git refuses a patch in which .gitmodules is a link, whatever the patch does with it.
    assert (shown.status, shown.stdout) == (1, "")
    assert "git applies no patch that does" in shown.stderr
    assert run(*words, "--fix").status == 1
    assert (tmp_path / ".gitmodules").is_symlink()
    done = run(*words, "--fix", "--unsafe-fixes", "-v")
    assert not (tmp_path / ".gitmodules").is_symlink(), done.stderr
    assert read(tmp_path, ".gitmodules") == files["modules"]
    assert {path: read(tmp_path, path) for path in files} == files
    assert [path.name for path in tmp_path.glob(".fr-check-*")] == []


def test_a_link_to_elsewhere_stays(tmp_path: Path):
    folder = lay_out(tmp_path / "one", {"x": ""})
    (tmp_path / "modules").write_text(ONE)
    (folder / ".gitmodules").symlink_to("../modules")
    done = fix(folder, "submodule-sync", "symlinked-gitmodules")
    assert "leads to no file of this repository" in done.stderr
    assert (folder / ".gitmodules").is_symlink()
