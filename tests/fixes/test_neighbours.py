"""What is put in looks like what stands beside it: quotes, aliases, the order of numbered names."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from cured import fix, lay_out, read
from fixes.test_add import BACKEND, add, project
from fr_check.core.text import Text
from fr_check.dockerfile_args import samples
from fr_check.edits.yaml import add_below
from fr_check.sources import yaml_tree
from running import run

if TYPE_CHECKING:
    from pathlib import Path

REFERENCE = "${N:-}"
# A block of arguments -> the same with one more.
ARGS = {
    "double quotes": ('args:\n  - "A=x"\n', 'args:\n  - "A=x"\n  - "N=${N:-}"\n'),
    "single quotes": ("args:\n  - 'A=x'\n  - 'B=y'\n", "args:\n  - 'A=x'\n  - 'B=y'\n  - 'N=${N:-}'\n"),
    "some in quotes": ('args:\n  - "A=x"\n  - B=y\n', 'args:\n  - "A=x"\n  - B=y\n  - N=${N:-}\n'),
    "none": ("args:\n  - A=x\n", "args:\n  - A=x\n  - N=${N:-}\n"),
    "a mapping in quotes": ('args:\n  A: "x"\n', 'args:\n  A: "x"\n  N: "${N:-}"\n'),
    "a mapping in single quotes": ("args:\n  A: 'x'\n  B:\n", "args:\n  A: 'x'\n  B:\n  N: '${N:-}'\n"),
    "a mapping without": ("args:\n  A: x\n  B: 'y'\n", "args:\n  A: x\n  B: 'y'\n  N: ${N:-}\n"),
    "braces": ('args: {A: "x"}\n', 'args: {A: "x", N: "${N:-}"}\n'),
    "braces without quotes": ("args: {A: x}\n", "args: {A: x, N: '${N:-}'}\n"),
    "brackets": ('args: ["A=x"]\n', 'args: ["A=x", "N=${N:-}"]\n'),
    "brackets without quotes": ("args: [A=x]\n", "args: [A=x, 'N=${N:-}']\n"),
}


def put(before: str, entry: str, item: str) -> str:
    text = Text(before, "compose.yml")
    root = text.parsed(yaml_tree.parse).root
    found = root.entries["args"]
    edit = add_below(text, found.key, found.value, entry, item)
    return before[: edit.start] + edit.text + before[edit.end :]


@pytest.mark.parametrize("name", ARGS)
def test_c2_quotes_of_neighbours_are_copied(name: str):
    before, after = ARGS[name]
    assert put(before, f"N: {REFERENCE}", f"N={REFERENCE}") == after


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("args: {submodules: true}\n", "args: {submodules: true, fetch-depth: 0}\n"),
        ("args: {submodules: 'true'}\n", "args: {submodules: 'true', fetch-depth: '0'}\n"),
        ('args:\n  ref: "main"\n', 'args:\n  ref: "main"\n  fetch-depth: 0\n'),
    ],
)
def test_a_number_has_quotes_only_where_its_neighbours_in_braces_do(before: str, after: str):
    assert put(before, "fetch-depth: 0", "") == after


@pytest.mark.parametrize("keyword", ["alias", "validation_alias"])
def test_a_field_has_an_alias_where_most_fields_have_one(keyword: str, tmp_path: Path):
    head = "from pydantic import Field\nfrom pydantic_settings import BaseSettings\n\n\nclass Settings(BaseSettings):\n"
    named = "".join(f'    {name}: str = Field(default="x", {keyword}="{name.upper()}")\n' for name in ("a", "b", "c"))
    folder = project(tmp_path / "most", {**BACKEND, "app/config.py": f'{head}{named}    d: str = "d"\n'})
    assert add(folder, "MAX_ITEMS", "--kind", "backend", "--default", "20").status == 0
    config = (folder / "app/config.py").read_text()
    assert f'    max_items: int = Field(default=20, {keyword}="MAX_ITEMS")\n' in config
    few = f'{head}{named}    d: str = "d"\n    e: str = "e"\n'
    folder = project(tmp_path / "few", {**BACKEND, "app/config.py": few})
    add(folder, "MAX_ITEMS", "--kind", "backend", "--default", "20")
    assert "    max_items: int = 20\n" in (folder / "app/config.py").read_text()


def test_numbered_names_stand_in_their_order_and_so_after_a_second_run(tmp_path: Path):
    fields = "".join(f'    v{number}: str = "d"\n' for number in range(12))
    config = f"from pydantic_settings import BaseSettings\n\n\nclass Settings(BaseSettings):\n{fields}"
    every = "".join(f"V{number}=d\n" for number in range(12))
    for number, known in enumerate([(0, 1, 2, 3, 4, 5, 6), (0, 1, 2, 3, 4, 5, 8, 10, 11)]):
        example = "".join(f"V{one}=d\n" for one in known)
        folder = lay_out(tmp_path / str(number), {"app/config.py": config, ".env.example": example})
        fix(folder, "env-keys", "undocumented-setting")
        assert read(folder, ".env.example") == every


def test_an_argument_and_its_env_move_above_the_build_together(tmp_path: Path):
    name = "NEXT_PUBLIC_API_URL"
    pair = f"ARG {name}=\nENV {name}=${{{name}}}\n"
    files = {path: text.replace(f"{pair}RUN npm run build\n", f"RUN npm run build\nARG {name}=\nENV {name}=${name}\n")
             for path, text in samples.FILES.items()}  # fmt: skip
    folder = lay_out(tmp_path, files)
    assert fix(folder, "dockerfile-args", "build-arg-out-of-scope", unsafe=False).status == 0
    path = next(path for path in files if path.endswith("Dockerfile"))
    assert read(folder, path) == samples.FILES[path]
    # An ENV of another value says something of its own.
    other = {path: text.replace(f"ENV {name}=${name}", f"ENV {name}=/run") for path, text in files.items()}
    folder = lay_out(tmp_path / "other", other)
    fix(folder, "dockerfile-args", "build-arg-out-of-scope", unsafe=False)
    assert f"ENV {name}=/run\n" in read(folder, path)


def test_a_comment_behind_the_folder_of_a_build_stays_there(tmp_path: Path):
    path = next(path for path in samples.FILES if "compose" in path)
    compose = 'services:\n  frontend:\n    build: "./apps/frontend" # why\n    restart: always\n'
    files = {name: text.replace(' || ""', "").replace("_URL=\n", "_URL\n") for name, text in samples.FILES.items()}
    folder = lay_out(tmp_path, {**files, path: compose})
    done = fix(folder, "dockerfile-args", "unpassed-build-arg", unsafe=False)
    after = read(folder, path)
    assert '    build:\n      context: "./apps/frontend" # why\n      args:\n        NEXT_PUBLIC_API_URL:' in after, (
        done.stdout + done.stderr
    )
    assert after.endswith("    restart: always\n")


def test_a_read_without_a_second_name_is_told_how_to_get_one(tmp_path: Path):
    folder = project(tmp_path, {**BACKEND, "app/w.py": 'import os\n\nW = os.environ["REDIS_URL"]\n'})
    done = run("rename", "REDIS_URL", "CACHE_URL", "--keep-old", "--root", folder)
    assert done.status == 2
    assert 'write `os.environ.get("REDIS_URL")` there' in done.stderr
