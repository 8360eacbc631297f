"""The numbered cases of what is right for fixes: those that no other test names, and where each of the others is."""

from __future__ import annotations

import os
import re
import stat
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from building import build
from fixes.test_add import project, state
from fr_check.core.model import Example, ExampleSubmodule
from fr_check.dockerfile_args import samples
from running import run

if TYPE_CHECKING:
    from collections.abc import Callable

HEAD = "from pydantic_settings import BaseSettings\n\n\nclass Settings(BaseSettings):\n"
SECRET = '{{ with secret "secret/data/app" }}\n%s{{ end }}\n'
UNSAFE = ("--fix", "--unsafe-fixes")
SAFE = ("--fix",)


def config(fields: str, example: str) -> dict[str, str]:
    return {"config.py": f"{HEAD}{fields}", ".env.example": example}


def frontend(
    compose: str, dockerfile: str = "ARG NEXT_PUBLIC_A=\nENV NEXT_PUBLIC_A=${NEXT_PUBLIC_A}\n"
) -> dict[str, str]:
    return {
        "web/package.json": '{"name": "web", "scripts": {"build": "next build"}, "dependencies": {"next": "15"}}\n',
        "web/src/a.ts": "export const a = process.env.NEXT_PUBLIC_A;\n",
        "web/Dockerfile": f"FROM node:20\n{dockerfile}COPY . .\nRUN npm run build\n",
        "compose.yml": compose,
    }


def compose(build: str) -> str:
    return f"services:\n  web:\n{build}"


ARGS = "    build:\n      context: ./web\n      args:\n"
PREFIX = '    model_config = {"env_prefix": "APP_"}\n    debug: bool = False\n    region: str = "eu"\n'
PAIR = "ARG NEXT_PUBLIC_A\nENV NEXT_PUBLIC_A=${NEXT_PUBLIC_A}\n"
RELEASE = ".github/workflows/release.yml"
WORKFLOW = samples.FILES[RELEASE]
IGNORED = "fr-check: ignore[unknown-example-key"
# Files, the options, and the file with its new text.
CASES = {
    # Under the preset common a comment documents it, and keeps None.
    "E7": (config("    debug: bool = False\n    s: str | None = None\n", "DEBUG=false\n"), SAFE,
           ".env.example", "DEBUG=false\n# S=\n"),
    "E7 strict": (
        {**config("    debug: bool = False\n    s: str | None = None\n", "DEBUG=false\n"),
         ".fr-check.toml": 'preset = "strict"\n'},
        SAFE, ".env.example", "DEBUG=false\n"),
    "E7 strict, unsafe": (
        {**config("    debug: bool = False\n    s: str | None = None\n", "DEBUG=false\n"),
         ".fr-check.toml": 'preset = "strict"\n'},
        UNSAFE, ".env.example", "DEBUG=false\nS=\n"),
    "E14": (config(PREFIX, "APP_REGION=eu\n"), SAFE, ".env.example", "APP_DEBUG=false\nAPP_REGION=eu\n"),
    "E21": (config('    rx: str = r"a\\.b"\n', 'RX=r"a\\.b"\n'), SAFE, ".env.example", "RX='a\\.b'\n"),
    "T1": ({**config('    s3_key: str = ""\n    redis: str = ""\n', "# [VAULT] x\nS3_KEY=\nREDIS=redis\n"),
            "secrets.ctmpl": SECRET % 'S3_KEY={{ .Data.data.S3_KEY -}}\nREDIS="redis"\n'},
           SAFE, "secrets.ctmpl", SECRET % 'S3_KEY={{ .Data.data.S3_KEY }}\nREDIS="redis"\n'),
    "T3": ({**config('    a: str = ""\n', "# [VAULT] x\nA=\n"),
            "secrets.ctmpl": SECRET % 'A={{ printf "%q" .Data.data.S3-B }}\n'},
           SAFE, "secrets.ctmpl", SECRET % 'A={{ printf "%q" (index .Data.data "S3-B") }}\n'),
    "D3": (frontend(compose(f"{ARGS}        NEXT_PUBLIC_A: x\n"), "") | {
               "web/Dockerfile": "ARG NEXT_PUBLIC_A=/api\nFROM node:20\nCOPY . .\nRUN npm run build\n"},
           SAFE, "web/Dockerfile",
           f"ARG NEXT_PUBLIC_A=/api\nFROM node:20\nCOPY . .\n{PAIR}RUN npm run build\n"),
    "D4": (frontend(compose(f"{ARGS}        NEXT_PUBLIC_A: x\n"), "") | {
               "web/src/a.ts": 'export const a = process.env.NEXT_PUBLIC_A ?? "/api";\n'},
           SAFE, "web/Dockerfile", "FROM node:20\nCOPY . .\nARG NEXT_PUBLIC_A\nRUN npm run build\n"),
    "C4": (frontend(compose("    build: ./web\n"), "ARG NEXT_PUBLIC_A=/api\nENV NEXT_PUBLIC_A=${NEXT_PUBLIC_A}\n"),
           SAFE, "compose.yml", compose("    build: ./web\n")),
    "C5": (frontend(compose(f"{ARGS}        NOBODY: x\n    restart: always\n"), "") | {
               "web/src/a.ts": "export const a = 1;\n"},
           UNSAFE, "compose.yml", compose("    build:\n      context: ./web\n    restart: always\n")),
    "C6": (frontend(compose(f"{ARGS}        NEXT_PUBLIC_A: x\n        NEXT_PUBLIC_A: x\n")),
           SAFE, "compose.yml", compose(f"{ARGS}        NEXT_PUBLIC_A: x\n")),
    "W1": ({**samples.FILES, RELEASE: WORKFLOW.replace("build-args: |\n", "build-args: |\n            # why\n")},
           SAFE, RELEASE, WORKFLOW.replace("          build-args: |\n", "          # why\n          build-args: |\n")),
    "W2 safe": ({**samples.FILES, RELEASE: WORKFLOW.partition("          build-args")[0]},
                SAFE, RELEASE, WORKFLOW.partition("          build-args")[0]),
    "W2": ({**samples.FILES, RELEASE: WORKFLOW.partition("          build-args")[0]},
           UNSAFE, RELEASE, WORKFLOW.replace("https://api.example.org", "${{ vars.NEXT_PUBLIC_API_URL }}")),
    "H1": (config("    debug: bool = False\n", f"DEBUG=false\nX=1  # {IGNORED}, default-drift] w\n"),
           SAFE, ".env.example", f"DEBUG=false\nX=1  # {IGNORED}] w\n"),
}  # fmt: skip


@pytest.mark.parametrize("name", CASES)
def test_the_case_comes_out_as_it_is_written(name: str, tmp_path: Path):
    files, options, path, after = CASES[name]
    folder = project(tmp_path, files)
    run("all", "--root", folder, *options)
    assert (folder / path).read_text() == after


LACKS = {
    "app/config.py": f'{HEAD}    debug: bool = False\n    sha: str = "u"\n',
    ".env.example": "DEBUG=false\n",
}


def _all_of(folder: Path) -> dict[Path, tuple[int, bytes | bool]]:
    paths = (path for path in folder.rglob("*") if ".git" not in path.parts)
    return {path: (path.lstat().st_mode, path.is_file() and path.read_bytes()) for path in paths}


def _linked(example: Path) -> None:
    example.rename(example.with_name("real.env"))
    example.symlink_to("real.env")


def _piped(example: Path) -> None:
    example.unlink()
    os.mkfifo(example)


def _unwritable(example: Path) -> None:
    example.chmod(0o444)


def _in_an_unwritable_folder(example: Path) -> None:
    example.parent.chmod(0o555)


@pytest.mark.parametrize("change", [_linked, _piped, _unwritable, _in_an_unwritable_folder])
@pytest.mark.parametrize("words", [("all", *UNSAFE, "-v"), ("add", "LIMIT", "--kind", "backend", "--default", "5")])
def test_e22_what_is_no_file_of_this_user_stays(
    words: tuple[str, ...], change: Callable[[Path], None], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    if change is _piped and words[0] == "add":
        words = (*words, "--diff")  # A pipe documents nothing: only the field would be written.
    folder = project(tmp_path / "project", LACKS)
    example = folder / ".env.example"
    change(example)
    # Whoever runs the tests may write everywhere: the system would say no to others.
    writable = lambda path, mode: not mode & os.W_OK or bool(os.stat(path).st_mode & stat.S_IWUSR)  # noqa: E731
    monkeypatch.setattr(os, "access", writable)
    before = _all_of(folder)
    try:
        done = run(*words, "--root", folder)
        after = _all_of(folder)
    finally:
        folder.chmod(0o755)
    assert after == before
    assert done.status == (2 if words[0] == "add" and change is not _piped else done.status)
    assert "internal error" not in done.stderr
    if change is not _piped:
        assert ".env.example" in done.stderr


def _with_submodule(folder: Path, template: str, files: dict[str, str]) -> Path:
    module = ExampleSubmodule("infra", pin=0, commits=({"secrets.ctmpl": SECRET % template},))
    return build(Example(files, submodules=(module,)), folder)


def test_t2_a_template_of_a_submodule_is_left_to_its_repository(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("GIT_ALLOW_PROTOCOL", "file")
    files = config('    s3_key: str = ""\n    redis: str = ""\n', "# [VAULT] x\nS3_KEY=\nREDIS=redis\n")
    glued = 'S3_KEY={{ .Data.data.S3_KEY -}}\nREDIS="redis"\n'
    folder = _with_submodule(tmp_path / "t2", glued, files)
    before = state(folder)
    done = run("all", "--root", folder, *UNSAFE, "-v")
    assert state(folder) == before
    place = r"infra/secrets.ctmpl is in a submodule: change it there, line \d+, merge that, and move the pointer"
    assert re.search(f"not fixed: glued-key .*{place}", done.stderr)


def test_a2_the_old_name_that_a_submodule_renders_goes_on_working(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("GIT_ALLOW_PROTOCOL", "file")
    files = config('    redis_url: str = ""\n', "# [VAULT] x\nREDIS_URL=\n")
    rendered = 'REDIS_URL={{ with .Data.data.REDIS_URL }}{{ printf "%q" . }}{{ else }}""{{ end }}\n'
    folder = _with_submodule(tmp_path / "a2", rendered, files)
    before = state(folder)
    refused = run("rename", "REDIS_URL", "CACHE_URL", "--root", folder)
    assert (refused.status, state(folder)) == (2, before)
    assert "--keep-old" in refused.stderr
    assert run("rename", "REDIS_URL", "CACHE_URL", "--keep-old", "--root", folder).status == 0
    assert 'AliasChoices("CACHE_URL", "REDIS_URL")' in state(folder)["config.py"]
    found = run("all", "--root", folder, "--format", "json").json()["findings"]
    assert [one["rule"] for one in found if one["severity"] != "info"] == []


NUMBERED = [
    f"{kind}{number}"
    for kind, last in {"E": 22, "T": 3, "D": 4, "C": 6, "W": 2, "H": 1, "A": 2, "G": 14}.items()
    for number in range(1, last + 1)
]


def test_every_case_and_every_promise_has_a_test():
    texts = "".join(path.read_text() for path in Path(__file__).parent.glob("test_*.py")).partition("NUMBERED = [")
    lines = f"{texts[0]}{texts[2].partition(']')[2]}"
    missing = [name for name in NUMBERED if not re.search(rf'(?:"|\btest_){name}(?:[ ":,_])', lines, re.IGNORECASE)]
    assert missing == []
