"""What make and just export to their recipes; make itself is asked as well."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path

import pytest

from running import run
from variables.notation import repository

_RUN = "run:\n\tuvicorn app.main:app\n"
# What stands before the recipe, and what A is in it: its text, None where nothing sets it, or that it is not known.
MAKE = {
    "export A = 1\n": "1",
    "export A := 1\n": "1",
    "export A ?= 1\n": "1",
    "A = 1\nexport A\n": "1",
    "A := 1\nexport\n": "1",
    "A := 1\n.EXPORT_ALL_VARIABLES:\n": "1",
    "export B = 1\n": None,
    "A = 1\n": None,
    "run: export A = 1\n": "1",
    "run: A = 1\n": None,
    "export A = 1\nrun: export A = 2\n": "2",
}
UNCLEAR = (
    "include .env\nexport\n",
    "-include .env\nexport A\n",
    "export A = $(B)\n",
    "ifdef CI\nexport A = 1\nendif\n",
    "other: export A = 1\nother:\n\ttrue\n\n",
)
JUST = {
    'export A := "1"\n': ("value", "1", True),
    'set export\nA := "1"\n': ("value", "1", True),
    'A := "1"\n': ("default", None, False),
    "set dotenv-load\n": ("unknown", None, False),
    "export A := `date`\n": ("unknown", None, False),
}


def _traced(folder: Path, name: str, content: str) -> tuple[object, object, object]:
    files = repository('S«a: str = "x"»')
    for path, text in {**files, name: content}.items():
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_text(text)
    document = json.loads(run("trace", "A", "--root", folder, "--format", "json").stdout)
    (process,) = (one for one in document["trace"]["processes"] if "run" in one["what"])
    return process["outcome"], process["value"], process["certain"]


@pytest.mark.parametrize("head", MAKE)
def test_what_make_exports(head: str, tmp_path: Path):
    expected = MAKE[head]
    found = _traced(tmp_path, "Makefile", f"{head}{_RUN}")
    assert found == (("default", None, False) if expected is None else ("value", expected, "?=" not in head))


@pytest.mark.parametrize("head", MAKE)
def test_make_itself_exports_that(head: str, tmp_path: Path):
    (tmp_path / "Makefile").write_text(f'{head}run:\n\t@echo "$${{A-none}}"\n')
    done = subprocess.run(
        ["make", "-s", "run"], cwd=tmp_path, env={"PATH": "/usr/bin:/bin"}, capture_output=True, text=True, check=True
    )
    assert done.stdout.strip() == (MAKE[head] or "none")


@pytest.mark.parametrize("head", UNCLEAR)
def test_what_make_exports_at_times_is_not_known(head: str, tmp_path: Path):
    assert _traced(tmp_path, "Makefile", f"{head}{_RUN}") == ("unknown", None, False)


@pytest.mark.parametrize("head", JUST)
def test_what_just_exports(head: str, tmp_path: Path):
    assert _traced(tmp_path, "justfile", f"{head}\nrun:\n    uvicorn app.main:app\n") == JUST[head]
