"""What --fix does to .gitmodules: sections go, comments stay with what they are about, git reads the rest."""

from __future__ import annotations

import subprocess
from typing import TYPE_CHECKING

import pytest

from cured import fix, lay_out, read

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
