"""`fr-check rename`: another name in every place that is understood, the others told, and what reads it still works."""

from __future__ import annotations

import os
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest

from fixes.test_add import BACKEND, project, state
from fr_check.dockerfile_args import samples
from running import Done, run

if TYPE_CHECKING:
    from pathlib import Path

HEAD = "from pydantic import AliasChoices, Field\nfrom pydantic_settings import BaseSettings\n\n\n"
CLASS = "class Settings(BaseSettings):\n"


def rename(folder: Path, *words: str) -> Done:
    return run("rename", *words, "--root", folder)


def only_config(folder: Path, field: str, head: str = HEAD + CLASS) -> Path:
    return project(
        folder, {"app/config.py": f"{head}    debug: bool = False\n{field}", ".env.example": "DEBUG=false\n"}
    )


# What stands there -> what is there afterwards, and with --keep-old.
FIELDS = {
    "plain": (
        '    old: str = "x"\n',
        '    old: str = Field(default="x", validation_alias="NEW")\n',
        '    old: str = Field(default="x", validation_alias=AliasChoices("NEW", "OLD"))\n',
    ),
    "required": (
        "    old: str\n",
        '    old: str = Field(validation_alias="NEW")\n',
        '    old: str = Field(validation_alias=AliasChoices("NEW", "OLD"))\n',
    ),
    "alias": (
        '    any_name: str = Field(default="x", validation_alias="OLD")\n',
        '    any_name: str = Field(default="x", validation_alias="NEW")\n',
        '    any_name: str = Field(default="x", validation_alias=AliasChoices("NEW", "OLD"))\n',
    ),
    "single quotes": (
        "    any_name: str = Field(default='OLD', alias='OLD')  # OLD\n",
        "    any_name: str = Field(default='OLD', alias='NEW')  # OLD\n",
        "    any_name: str = Field(default='OLD', alias='OLD', validation_alias=AliasChoices('NEW', 'OLD'))  # OLD\n",
    ),
    "one of several": (
        '    other: str = Field(default="x", validation_alias=AliasChoices("FIRST", "OLD"))\n',
        '    other: str = Field(default="x", validation_alias=AliasChoices("FIRST", "NEW"))\n',
        '    other: str = Field(default="x", validation_alias=AliasChoices("FIRST", "NEW", "OLD"))\n',
    ),
    "a call over several lines": (
        '    old: str = Field(\n        default="x",  # why\n        description="y",  # and how\n    )\n',
        (
            '    old: str = Field(\n        default="x",  # why\n        validation_alias="NEW",\n'
            '        description="y",  # and how\n    )\n'
        ),
        (
            '    old: str = Field(\n        default="x",  # why\n        validation_alias=AliasChoices("NEW", "OLD"),\n'
            '        description="y",  # and how\n    )\n'
        ),
    ),
    "brackets": (
        '    old: str = Field(default=("x" "y"))\n',
        '    old: str = Field(default=("x" "y"), validation_alias="NEW")\n',
        '    old: str = Field(default=("x" "y"), validation_alias=AliasChoices("NEW", "OLD"))\n',
    ),
    "too long for a line": (
        f'    old: str = "{"x" * 60}"\n',
        f'    old: str = Field(\n        default="{"x" * 60}",\n        validation_alias="NEW",\n    )\n',
        (
            f'    old: str = Field(\n        default="{"x" * 60}",\n'
            '        validation_alias=AliasChoices("NEW", "OLD"),\n    )\n'
        ),
    ),
}


@pytest.mark.parametrize("options", [(), ("--keep-old",)])
@pytest.mark.parametrize("name", FIELDS)
def test_a_field_reads_the_new_name_and_keeps_its_own(name: str, options: tuple[str, ...], tmp_path: Path):
    before, after, kept = FIELDS[name]
    keep = bool(options)
    folder = only_config(tmp_path, before)
    done = rename(folder, "OLD", "NEW", *options)
    assert done.status == 0, done.stderr
    text = (folder / "app/config.py").read_text()
    assert text == f"{HEAD}{CLASS}    debug: bool = False\n{kept if keep else after}"
    # pydantic itself.
    attribute = before.split(":")[0].strip()
    code = f"import sys; sys.path.insert(0, 'app')\nfrom config import Settings\nprint(Settings().{attribute})"
    for variable in ("NEW", "OLD") if keep else ("NEW",):
        told = subprocess.run(
            [sys.executable, "-c", code],
            cwd=folder,
            env={**os.environ, variable: "told"},
            capture_output=True,
            text=True,
            check=True,
        )
        assert told.stdout == "told\n"


@pytest.mark.parametrize(
    ("head", "expected"),
    [
        (
            "from pydantic_settings import BaseSettings\n",
            "from pydantic import Field\nfrom pydantic_settings import BaseSettings\n",
        ),
        (
            "from __future__ import annotations\n\nimport pydantic_settings\n",
            "from __future__ import annotations\n\nimport pydantic_settings\nfrom pydantic import Field\n",
        ),
        (
            "from pydantic import (\n    BaseModel,\n    SecretStr,\n)\nfrom pydantic_settings import BaseSettings\n",
            "from pydantic import (\n    BaseModel,\n    Field,\n    SecretStr,\n)\n",
        ),
        ("from pydantic import BaseSettings\n", "from pydantic import BaseSettings, Field\n"),
    ],
)
def test_what_the_alias_needs_is_imported(head: str, expected: str, tmp_path: Path):
    base = "BaseSettings" if "import BaseSettings" in head else "pydantic_settings.BaseSettings"
    folder = only_config(tmp_path, '    old: str = "x"\n', f"{head}\n\nclass Settings({base}):\n")
    done = rename(folder, "OLD", "NEW")
    assert done.status == 0, done.stderr
    text = (folder / "app/config.py").read_text()
    assert text.startswith(expected)
    compile(text, "config.py", "exec")
    assert ('env="NEW"' if "pydantic import BaseSettings" in head else 'validation_alias="NEW"') in text


def test_line_ends_and_marks_stay(tmp_path: Path):
    folder = only_config(tmp_path, f'    old: str = "{"x" * 60}"')
    path, example = folder / "app/config.py", folder / ".env.example"
    path.write_bytes(b"\xef\xbb\xbf" + path.read_bytes().replace(b"\n", b"\r\n"))
    example.write_bytes(b"DEBUG=false\r\nOLD=1")
    assert rename(folder, "OLD", "NEW").status == 0
    after = path.read_bytes()
    assert after.startswith(b"\xef\xbb\xbf")
    assert after.count(b"\n") == after.count(b"\r\n")
    assert example.read_bytes() == b"DEBUG=false\r\nNEW=1"


def test_everything_of_a_backend_goes_along(tmp_path: Path):
    files = {
        **BACKEND,
        "app/other.py": 'import os\n\nurl = os.getenv("REDIS_URL")\nREDIS_URL = url\n',
        "tests/test_it.py": 'def test_it(monkeypatch):\n    monkeypatch.setenv("REDIS_URL", "x")\n',
        "run.sh": '#!/bin/sh\n# REDIS_URL is needed\n: "${REDIS_URL:?}"\nREDIS_URL=x podman run -e REDIS_URL=y a/b\n',
        "Makefile": "REDIS_URL ?= x\nup:\n\techo $(REDIS_URL) $$REDIS_URL\n",
        ".github/workflows/ci.yml": (
            "jobs:\n  test:\n    env:\n      REDIS_URL: ${{ secrets.REDIS_URL }}\n    services:\n      cache:\n"
            "        env:\n          REDIS_URL: theirs\n    steps:\n      - run: echo $REDIS_URL ${{ env.REDIS_URL }}\n"
        ),
        "docs/README.md": "Set REDIS_URL.\n",
        "pyproject.toml": (
            '[tool.fr-check.allow]\nempty-fallback = [{ subject = "REDIS_URL", reason = "why" }]\n'
            '[tool.other]\nx = "REDIS_URL"\n'
        ),
    }
    folder = project(tmp_path, files)
    done = rename(folder, "REDIS_URL", "CACHE_URL")
    assert done.status == 0, done.stderr
    after = state(folder)
    assert 'redis_url: str = Field(default="", validation_alias="CACHE_URL")' in after["app/config.py"]
    assert 'os.getenv("CACHE_URL")\nREDIS_URL = url' in after["app/other.py"]
    assert 'setenv("CACHE_URL"' in after["tests/test_it.py"]
    assert after[".env.example"].endswith("\nCACHE_URL=\n")
    assert "      CACHE_URL: ${CACHE_URL:-redis}\n" in after["compose.yml"]
    assert "CACHE_URL={{ with .Data.data.REDIS_URL }}" in after["secrets.ctmpl"]
    assert after["run.sh"] == (
        '#!/bin/sh\n# REDIS_URL is needed\n: "${CACHE_URL:?}"\nCACHE_URL=x podman run -e REDIS_URL=y a/b\n'
    )
    assert after["Makefile"] == "CACHE_URL ?= x\nup:\n\techo $(CACHE_URL) $$CACHE_URL\n"
    workflow = after[".github/workflows/ci.yml"]
    assert "      CACHE_URL: ${{ secrets.REDIS_URL }}\n" in workflow
    assert "          REDIS_URL: theirs\n" in workflow
    assert "echo $CACHE_URL ${{ env.CACHE_URL }}\n" in workflow
    assert 'subject = "CACHE_URL"' in after["pyproject.toml"]
    for told in (
        "run.sh:4",
        ".github/workflows/ci.yml:4",
        ".github/workflows/ci.yml:8",
        "pyproject.toml:4",
        "secrets.ctmpl:2",
    ):
        assert told in done.stdout
    assert "3 mentions of `REDIS_URL`" in done.stdout
    traced = run("trace", "CACHE_URL", "--root", folder).stdout
    assert "app/config.py" in traced
    assert "compose.yml" in traced
    again = rename(folder, "REDIS_URL", "CACHE_URL")
    assert again.status == 0, again.stderr
    assert "nothing to do" in again.stdout
    assert state(folder) == after


def test_a_service_beside_the_application_keeps_its_own_name(tmp_path: Path):
    compose = (
        "services:\n  web:\n    build: .\n    environment:\n      REDIS_URL: ${REDIS_URL:-x}\n"
        "  cache:\n    image: acme/cache\n    environment:\n      - REDIS_URL=${REDIS_URL}\n"
        '    command: ["sh", "-c", "run $$REDIS_URL ${REDIS_URL:-y}"]\n'
    )
    folder = project(tmp_path, {**BACKEND, "compose.yml": compose})
    done = rename(folder, "REDIS_URL", "CACHE_URL")
    assert (folder / "compose.yml").read_text() == (
        "services:\n  web:\n    build: .\n    environment:\n      CACHE_URL: ${CACHE_URL:-x}\n"
        "  cache:\n    image: acme/cache\n    environment:\n      - REDIS_URL=${CACHE_URL}\n"
        '    command: ["sh", "-c", "run $$REDIS_URL ${CACHE_URL:-y}"]\n'
    )
    assert "compose.yml:9 still has `REDIS_URL`, because the service `cache` is not known to read it" in done.stdout
    assert "compose.yml:10 still has" in done.stdout


@pytest.mark.parametrize(
    ("entry", "kept"),
    [
        ("REDIS_URL: ${REDIS_URL:-x}", "CACHE_URL: ${CACHE_URL:-${REDIS_URL:-x}}"),
        ("REDIS_URL: ${REDIS_URL}", "CACHE_URL: ${CACHE_URL:-${REDIS_URL:-}}"),
        ("REDIS_URL: $REDIS_URL", "CACHE_URL: ${CACHE_URL:-${REDIS_URL:-}}"),
        ("REDIS_URL: ${REDIS_URL-x}", "CACHE_URL: ${CACHE_URL-${REDIS_URL-x}}"),
        ("REDIS_URL:", "CACHE_URL:\n      REDIS_URL:"),
        ("- REDIS_URL", "- CACHE_URL\n      - REDIS_URL"),
        ("- REDIS_URL=${REDIS_URL:-x}", "- CACHE_URL=${CACHE_URL:-${REDIS_URL:-x}}"),
    ],
)
def test_the_old_name_goes_on_working(entry: str, kept: str, tmp_path: Path):
    compose = f"services:\n  web:\n    build: .\n    environment:\n      {entry}\n"
    folder = project(tmp_path, {**BACKEND, "compose.yml": compose, "use.sh": "echo $REDIS_URL ${REDIS_URL:-a}\n"})
    done = rename(folder, "REDIS_URL", "CACHE_URL", "--keep-old")
    assert done.status == 0, done.stderr
    assert (folder / "compose.yml").read_text() == f"services:\n  web:\n    build: .\n    environment:\n      {kept}\n"
    assert (folder / "use.sh").read_text() == "echo ${CACHE_URL:-$REDIS_URL} ${CACHE_URL:-${REDIS_URL:-a}}\n"
    assert 'AliasChoices("CACHE_URL", "REDIS_URL")' in (folder / "app/config.py").read_text()
    after = state(folder)
    assert rename(folder, "REDIS_URL", "CACHE_URL", "--keep-old").status == 0
    assert state(folder) == after


def test_a_public_variable_goes_along_in_pages_images_and_builds(tmp_path: Path):
    old, new = "NEXT_PUBLIC_API_URL", "NEXT_PUBLIC_BACKEND"
    folder = project(tmp_path, {**samples.FILES, "apps/frontend/src/env.d.ts": f"interface Env {{ {old}: string }}\n"})
    before = run("all", "--root", folder, "--format", "json").json()["findings"]
    done = rename(folder, old, new)
    assert done.status == 0, done.stderr
    after = state(folder)
    assert not [path for path, text in after.items() if old in text]
    assert len([path for path, text in after.items() if new in text]) == 6
    found = run("all", "--root", folder, "--format", "json").json()["findings"]
    assert [one["rule"] for one in found] == [one["rule"] for one in before]
    assert run("trace", old, "--root", folder).status == 2
    assert "baked" in run("trace", new, "--root", folder).stdout


@pytest.mark.parametrize(
    ("code", "expected"),
    [
        ("const a = process.env.OLD;\n", "const a = process.env.NEW;\n"),
        ("const a = process.env['OLD'];\n", "const a = process.env['NEW'];\n"),
        ("const { OLD } = process.env; use(OLD);\n", "const { NEW: OLD } = process.env; use(OLD);\n"),
        ("const { OLD: a = 1 } = process.env;\n", "const { NEW: a = 1 } = process.env;\n"),
        ("process.env.OLD = 'x'; delete process.env.OLD;\n", "process.env.NEW = 'x'; delete process.env.NEW;\n"),
        (
            "export const OLD = 5; // OLD\nconst a = process.env.OLD ?? OLD;\n",
            "export const OLD = 5; // OLD\nconst a = process.env.NEW ?? OLD;\n",
        ),
    ],
)
def test_reads_of_a_server_are_renamed_and_no_name_of_its_own(code: str, expected: str, tmp_path: Path):
    folder = project(tmp_path, {"server/main.js": code, "package.json": "{}\n", ".env.example": "OLD=1\n"})
    assert rename(folder, "OLD", "NEW").status == 0
    assert (folder / "server/main.js").read_text() == expected


def test_a_name_of_the_surroundings_is_renamed_in_settings_alone(tmp_path: Path):
    files = {
        "app/config.py": f'{HEAD}{CLASS}    user: str = "app"\n',
        ".env.example": "USER=app\n",
        "run.sh": "echo $USER\n",
        "Dockerfile": "FROM python:3.12\nUSER app\n",
    }
    folder = project(tmp_path, files)
    found = run("env-keys", "--root", folder, "--format", "json").json()["findings"]
    assert "`fr-check rename USER APP_USER`" in next(one["help"] for one in found if one["rule"] == "ambient-name")
    done = rename(folder, "USER", "APP_USER")
    assert done.status == 0, done.stderr
    after = state(folder)
    assert 'validation_alias="APP_USER"' in after["app/config.py"]
    assert after[".env.example"] == "APP_USER=app\n"
    assert after["run.sh"] == files["run.sh"]
    assert after["Dockerfile"] == files["Dockerfile"]
    assert not [one for one in run("env-keys", "--root", folder, "--format", "json").rules() if one == "ambient-name"]


def test_who_fills_the_field_by_its_name_is_told(tmp_path: Path):
    folder = project(
        tmp_path, {**BACKEND, "tests/test_it.py": 'from app.config import Settings\n\nSettings(redis_url="x")\n'}
    )
    assert (
        "tests/test_it.py:3: `Settings(redis_url=...)` no longer fills the field"
        in rename(folder, "REDIS_URL", "CACHE_URL").stdout
    )


REFUSED = {
    "both are there": (("REDIS_URL", "S3_BUCKET"), "`S3_BUCKET` is there already"),
    "no name": (("REDIS_URL", "cache_url"), "`CACHE_URL`?"),
    "nobody has it": (("NOBODY", "SOMEBODY"), "nothing here has the variable `NOBODY`"),
    "the same": (("DEBUG", "DEBUG"), "both names are the same"),
    "from private to public": (("REDIS_URL", "NEXT_PUBLIC_REDIS_URL"), "public by its prefix"),
    "from public to private": (("NEXT_PUBLIC_API_URL", "API_URL"), "public by its prefix"),
    "a public one that keeps its name": (
        ("NEXT_PUBLIC_API_URL", "NEXT_PUBLIC_URL", "--keep-old"),
        "cannot keep its old one",
    ),
    "a public secret": (("NEXT_PUBLIC_API_URL", "NEXT_PUBLIC_API_TOKEN"), "sounds like a secret"),
}


@pytest.mark.parametrize("name", REFUSED)
def test_what_cannot_be_right_is_refused_and_nothing_is_written(name: str, tmp_path: Path):
    words, message = REFUSED[name]
    folder = project(tmp_path, {**BACKEND, **samples.FILES})
    before = state(folder)
    done = rename(folder, *words)
    assert done.status == 2
    assert message in done.stderr
    assert state(folder) == before


@pytest.mark.parametrize(
    "files",
    [
        {"app/config.py": f"{HEAD}NAME = 'OLD'\n\n\n{CLASS}    any: str = Field(default='x', validation_alias=NAME)\n"},
        {
            "app/config.py": f"{HEAD}{CLASS}    old: str = 'x'\n",
            ".env.example": "<<<<<<< HEAD\nOLD=1\n=======\n>>>>>>> b\n",
        },
        {"app/config.py": f"{HEAD}{CLASS}    old: str = 'x'\n    new: str = 'y'\n"},
    ],
)
def test_all_or_nothing(files: dict[str, str], tmp_path: Path):
    folder = project(tmp_path, {".env.example": "OLD=1\n", **files})
    before = state(folder)
    assert rename(folder, "OLD", "NEW").status == 2
    assert state(folder) == before


def test_the_patch_is_what_is_done(tmp_path: Path):
    folder = project(tmp_path / "one", BACKEND)
    before = state(folder)
    done = rename(folder, "REDIS_URL", "CACHE_URL", "--diff")
    assert done.status == 1
    assert state(folder) == before
    subprocess.run(["git", "-C", folder, "apply", "-"], input=done.stdout.encode(), check=True)
    other = project(tmp_path / "two", BACKEND)
    rename(other, "REDIS_URL", "CACHE_URL")
    assert state(folder) == state(other)
