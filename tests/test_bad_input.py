"""Bad input of every kind, through the command line: one clear message, the right status, no traceback, no hang."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path

import pytest

from fr_check.app.demo import build
from fr_check.core.registry import CHECKERS
from running import Done, run

# What each checker reads in the sample, by path.
READ = (
    "apps/backend/src/config.py",
    ".env.example",
    "apps/frontend/Dockerfile",
    "apps/frontend/src/lib/api.ts",
    "docker-compose.yml",
    ".github/workflows/ci.yml",
    "apps/backend/pyproject.toml",
    ".gitmodules",
    "README.md",
)
HOSTILE = {
    "binary": bytes(range(256)) * 8,
    "not UTF-8": b"A=\xff\xfe\n",
    "UTF-16": "A=1\n".encode("utf-16"),
    "empty": b"",
    "nested": b"[" * 100_000,
    "braces": b"{" * 100_000,
    "templates": b"{{ if x }}" * 20_000,
    "quotes": b'A="' * 30_000,
    "one long line": b"a" * 3_000_000,
    "too large": b"#" * 9_000_000,
    "merge bomb": b"".join(b"a%d: &a%d\n  <<: [*a%d, *a%d]\n" % (n, n, n - 1, n - 1) for n in range(1, 30)),
    "aliases": b"a: &a [*a]\nb: " + b"&b [" * 50 + b"]" * 50,
    "carriage returns": b"A=1\rB=2\r",
}


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return Path(build(str(tmp_path_factory.mktemp("sample") / "built")).root)


@pytest.fixture
def project(built: Path, tmp_path: Path) -> Path:
    copy = tmp_path / "project"
    subprocess.run(["cp", "-a", str(built.parent), str(tmp_path / "all")], check=True)
    (tmp_path / "all" / "project").rename(copy)
    return copy


def sane(done: Done) -> None:
    assert done.status in (0, 1, 2, 3), done.stderr
    assert "Traceback" not in done.stderr
    assert "internal error" not in done.stderr
    if done.status:
        assert done.stdout or done.stderr


@pytest.mark.parametrize("kind", HOSTILE)
def test_every_file_may_be_hostile(project: Path, kind: str):
    for path in READ:
        (project / path).write_bytes(HOSTILE[kind])
    sane(run("all", "--root", project))


@pytest.mark.parametrize("path", READ)
def test_a_binary_file_is_never_reported_as_clean(project: Path, path: str):
    before = run("all", "--root", project, "--format", "json").json()
    (project / path).write_bytes(HOSTILE["binary"])
    done = run("all", "--root", project, "--format", "json")
    sane(done)
    assert done.status in (1, 3)
    after = done.json()
    known = {(found["rule"], found["message"]) for found in before["findings"]}
    told = [found for found in after["findings"] if (found["rule"], found["message"]) not in known]
    assert path in str(told) + str(after["unknowns"]) + str(after["gaps"])


@pytest.mark.parametrize("path", READ)
@pytest.mark.parametrize("kind", ["directory", "loop", "outside", "fifo", "dangling"])
def test_a_path_may_be_anything(project: Path, path: str, kind: str):
    target = project / path
    target.unlink()
    if kind == "directory":
        target.mkdir()
    elif kind == "fifo":
        os.mkfifo(target)
    else:
        links = {"loop": target.name, "outside": "/etc/hostname", "dangling": "nowhere"}
        target.symlink_to(links[kind])
    done = run("all", "--root", project)
    sane(done)
    assert Path("/etc/hostname").read_text().strip() not in done.stdout


def git(folder: Path, *arguments: str) -> None:
    subprocess.run(["git", *arguments], cwd=folder, check=True, capture_output=True)


@pytest.mark.parametrize("name", [*CHECKERS, "all"])
def test_an_empty_repository_has_nothing_to_look_at(tmp_path: Path, name: str):
    git(tmp_path, "init", "-q")
    done = run(name, "--root", tmp_path)
    sane(done)
    assert done.status == 0, done.stdout
    assert "skipped" in done.stdout


@pytest.mark.parametrize("name", CHECKERS)
def test_a_folder_without_git_can_be_checked(tmp_path: Path, name: str):
    (tmp_path / "README.md").write_text("hello\n")
    sane(run(name, "--root", tmp_path))


def test_files_without_a_commit_are_checked(tmp_path: Path):
    git(tmp_path, "init", "-q")
    (tmp_path / "apps/backend/src").mkdir(parents=True)
    (tmp_path / "apps/backend/src/config.py").write_text(
        "from pydantic_settings import BaseSettings\n"
        "class Settings(BaseSettings):\n    a: str = ''\n    other: str = ''\n"
    )
    (tmp_path / ".env.example").write_text("OTHER=1\n")
    git(tmp_path, "add", ".")
    for extra in ((), ("--staged",)):
        done = run("env-keys", "--root", tmp_path, "--format", "json", *extra)
        assert done.rules() == ["undocumented-setting"]


def test_a_revision_without_a_commit_is_misuse(tmp_path: Path):
    git(tmp_path, "init", "-q")
    done = run("all", "--root", tmp_path, "--rev", "HEAD")
    assert done.status == 2
    assert "HEAD" in done.stderr


def test_a_conflicted_index_is_one_message(project: Path):
    blobs = [
        subprocess.run(
            ["git", "hash-object", "-w", "--stdin"], cwd=project, input=text, capture_output=True, check=True
        ).stdout.decode().strip()
        for text in (b"A=1\n", b"A=2\n", b"A=3\n")
    ]  # fmt: skip
    stages = "".join(f"100644 {blob} {stage}\t.env.example\n" for stage, blob in enumerate(blobs, 1))
    git(project, "rm", "-q", "--cached", ".env.example")
    subprocess.run(["git", "update-index", "--index-info"], cwd=project, input=stages, text=True, check=True)
    done = run("all", "--root", project, "--staged")
    sane(done)
    assert done.status in (1, 3)
    assert ".env.example" in done.stdout


SECRET = "hunter2-Very9Secret"


@pytest.mark.parametrize("form", ["text", "concise", "json", "markdown", "github", "sarif"])
def test_no_planted_secret_is_printed(project: Path, form: str):
    example = (
        f'SECRET_KEY={SECRET}\nAPI_TOKEN="{SECRET}"x\nDATABASE_URL=postgres://u:{SECRET}@h/d\nSECRET_KEY={SECRET}\n'
    )
    fields = f'    api_token: str = "{SECRET}"\n    db_password: str = Field(default="{SECRET}")\n'
    arguments = f"        NEXT_PUBLIC_SECRET_TOKEN: {SECRET}\n        NEXT_PUBLIC_PASSWORD: ${{X:-{SECRET}}}\n"
    settings, compose = project / "apps/backend/src/config.py", project / "docker-compose.yml"
    (project / ".env.example").write_text(example)
    settings.write_text(f"{settings.read_text()}\n\nclass More(BaseSettings):\n{fields}")
    compose.write_text(compose.read_text() + arguments)
    dockerfile = f"FROM node\nARG NEXT_PUBLIC_SECRET_TOKEN={SECRET}\nRUN npm run build\n"
    (project / "apps/frontend/Dockerfile").write_text(dockerfile)
    done = run("all", "--root", project, "--format", form, "-v")
    sane(done)
    assert done.status == 1
    assert SECRET not in done.stdout + done.stderr
