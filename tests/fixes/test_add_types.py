"""`fr-check add --type`: pydantic-settings starts with what is written, with nothing set and with the example."""

from __future__ import annotations

import os
import warnings
from pathlib import Path
from typing import Any
from unittest import mock

import pytest
from dotenv import dotenv_values

from fixes.test_add import BACKEND, add, project, state
from running import run

FILES = {**BACKEND, "compose.yml": BACKEND["compose.yml"].replace("redis}", "}")}


def settings(folder: Path, environment: dict[str, str]) -> Any:
    """The settings object; every warning of pydantic is an error."""
    space: dict[str, Any] = {"__name__": "config"}
    source = (folder / "app/config.py").read_text()
    with mock.patch.dict(os.environ, environment, clear=True), warnings.catch_warnings():
        warnings.simplefilter("error")
        exec(compile(source, "config.py", "exec", dont_inherit=True), space)  # noqa: S102 - written here
        return space["settings"]


def example(folder: Path) -> dict[str, str]:
    return {key: value or "" for key, value in dotenv_values(folder / ".env.example").items()}


# Type, default -> the field, the line of the example, the entry of the service, the import.
TYPES = {
    "a path": ("Path", "/a", 'x: Path = Path("/a")', "X=/a", "X: ${X:-/a}", "from pathlib import Path"),
    "a literal": (
        'Literal["a", "b"]',
        "b",
        'x: Literal["a", "b"] = "b"',
        "X=b",
        "X: ${X:-b}",
        "from typing import Literal",
    ),
    "an optional": ("Optional[int]", None, "x: Optional[int] = None", "# X=", "X:", "from typing import Optional"),
    "an optional with a value": (
        "Optional[Path]",
        "a b",
        'x: Optional[Path] = Path("a b")',
        "X='a b'",
        "X: ${X:-a b}",
        "from pathlib import Path",
    ),
    "a moment": (
        "datetime",
        "2030-01-01",
        'x: datetime = datetime.fromisoformat("2030-01-01")',
        "X=2030-01-01",
        "X: ${X:-2030-01-01}",
        "from datetime import datetime",
    ),
    "a decimal": ("Decimal", "1.50", 'x: Decimal = Decimal("1.50")', "X=1.50", "X: ${X:-1.50}", "from decimal import"),
    "an address": (
        "AnyUrl",
        "http://x/",
        'x: AnyUrl = AnyUrl("http://x/")',
        "X=http://x/",
        "X: ${X:-http://x/}",
        "from pydantic import AnyUrl",
    ),
    "a truth": ("bool", None, "x: bool = False", "X=false", "X: ${X:-false}", ""),
    "a truth in another word": ("bool", "True", "x: bool = True", "X=true", "X: ${X:-true}", ""),
    "a number": ("int", None, "x: int = 0", "X=0", "X: ${X:-0}", ""),
    "a part": ("float", None, "x: float = 0.0", "X=0.0", "X: ${X:-0.0}", ""),
    "a list": ("list[str]", None, "x: list[str] = []", "X='[]'", "X:", ""),
    "a list of words": ("list[str]", '["true"]', 'x: list[str] = ["true"]', "X='[\"true\"]'", "X:", ""),
    "a dictionary": ("dict[str, int]", None, "x: dict[str, int] = {}", "X='{}'", "X:", ""),
    "a set": ("set[int]", "[1]", "x: set[int] = {1}", "X='[1]'", "X:", ""),
    "a tuple": ("tuple[str, ...]", None, "x: tuple[str, ...] = ()", "X='[]'", "X:", ""),
    "a number or none": ("int | None", None, "x: int | None = None", "# X=", "X:", ""),
    "a text or none": ("str | None", None, "x: str | None = None", "# X=", "X:", ""),
    "a text or none with a value": ("str | None", "a", 'x: str | None = "a"', "X=a", "X: ${X:-a}", ""),
    "a pattern": ("str", r"^a\.b$", r"x: str = '^a\\.b$'".replace("'", '"'), r"X='^a\.b$'", "X:", ""),
}


@pytest.mark.parametrize("name", TYPES)
def test_a_program_starts_with_the_type_that_was_asked_for(name: str, tmp_path: Path):
    type_, default, field, line, entry, imported = TYPES[name]
    project(tmp_path, FILES)
    before = state(tmp_path)
    done = add(tmp_path, "X", "--kind", "backend", "--type", type_, *(["--default", default] if default else []))
    assert done.status == 0, done.stderr
    after = state(tmp_path)
    assert f"    {field}\n" in after["app/config.py"]
    assert line in after[".env.example"].splitlines()
    assert entry in [one.strip() for one in after["compose.yml"].splitlines()]
    assert imported in after["app/config.py"]
    assert settings(tmp_path, {}).x == settings(tmp_path, example(tmp_path)).x
    assert "nothing to do" in add(tmp_path, "X", "--kind", "backend", "--type", type_).stdout
    assert run("env-keys", "--root", tmp_path).json is not None
    assert "X" not in run("env-keys", "--root", tmp_path, "--select", "invalid-example-value").stdout
    assert run("remove", "X", "--root", tmp_path).status == 0
    assert state(tmp_path) == before


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (("--type", "Foo"), "`Foo` is not known in app/config.py"),
        (("--type", "list[Foo]"), "`Foo` is not known"),
        (("--type", "list["), "is no type of Python"),
        (("--type", "Path"), "name its default with --default"),
        (("--type", "datetime"), "name its default with --default"),
        (("--type", "datetime", "--default", "soon"), "no default of type datetime"),
        (("--type", "Decimal", "--default", "much"), "no default of type Decimal"),
        (("--type", 'Literal["a"]', "--default", "b"), "no default of type"),
        (("--type", "PositiveInt", "--default", "0"), "no default of type"),
        (("--type", "HttpUrl", "--default", "ftp://x"), "no default of type"),
        (("--type", "list[int]", "--default", '["a"]'), "no default of type"),
        (("--type", "timedelta", "--default", "5"), "known to its author alone"),
    ],
)
def test_what_would_not_start_is_refused(words: tuple[str, ...], message: str, tmp_path: Path):
    project(tmp_path, FILES)
    before = state(tmp_path)
    done = add(tmp_path, "X", "--kind", "backend", *words)
    assert done.status == 2
    assert message in done.stderr
    assert state(tmp_path) == before


@pytest.mark.parametrize(
    ("head", "type_", "message"),
    [
        ("import datetime\n", "datetime", "--type datetime.datetime"),
        ("from fastapi import Path\n", "Path", "`Path` is fastapi.Path"),
    ],
)
def test_a_name_that_means_another_thing_is_refused(head: str, type_: str, message: str, tmp_path: Path):
    project(tmp_path, {**FILES, "app/config.py": head + FILES["app/config.py"]})
    done = add(tmp_path, "X", "--kind", "backend", "--type", type_, "--default", "2030-01-01")
    assert done.status == 2
    assert message in done.stderr


@pytest.mark.parametrize(
    ("head", "type_", "field"),
    [
        ("import datetime\n", "datetime.date", 'x: datetime.date = datetime.date.fromisoformat("2030-01-01")'),
        ("from pathlib import Path as P\n", "P", ""),
        ("from typing import Any, Optional\n", "Optional[str]", 'x: Optional[str] = "2030-01-01"'),
        ("from typing import Any\n", "Optional[str]", 'x: Optional[str] = "2030-01-01"'),
    ],
)
def test_what_the_module_has_is_used(head: str, type_: str, field: str, tmp_path: Path):
    project(tmp_path, {**FILES, "app/config.py": head + FILES["app/config.py"]})
    before = state(tmp_path)
    done = add(tmp_path, "X", "--kind", "backend", "--type", type_, "--default", "2030-01-01")
    assert (done.status == 0) == bool(field), done.stderr
    if field:
        assert f"    {field}\n" in state(tmp_path)["app/config.py"]
        assert settings(tmp_path, {}).x == settings(tmp_path, example(tmp_path)).x
        if "Any, Optional" not in head:
            run("remove", "X", "--root", tmp_path)
    assert state(tmp_path) == before or field


@pytest.mark.parametrize(
    ("key", "attribute"),
    [
        ("MODEL_CONFIG", "env_model_config"),
        ("MODEL_FIELDS", "env_model_fields"),
        ("COPY", "copy_"),
        ("JSON", "json_"),
        ("CLASS", "class_"),
        ("LIST", "list_"),
        ("_HIDDEN", "hidden"),
        ("DEBUG_MODE", "debug_mode"),
    ],
)
def test_a_variable_whose_name_no_field_can_have_is_read_by_another(key: str, attribute: str, tmp_path: Path):
    project(
        tmp_path, {**FILES, "app/config.py": FILES["app/config.py"] + "\n\ndef items() -> list[str]:\n    return []\n"}
    )
    before = state(tmp_path)
    assert add(tmp_path, key, "--kind", "backend").status == 0
    assert getattr(settings(tmp_path, {key: "given"}), attribute) == "given"
    assert getattr(settings(tmp_path, {}), attribute) == ""
    assert "nothing to do" in add(tmp_path, key, "--kind", "backend").stdout
    run("remove", key, "--root", tmp_path)
    assert state(tmp_path) == before


def test_a_secret_stands_below_its_kin_without_a_value(tmp_path: Path):
    compose = FILES["compose.yml"] + "      API_SECRET_KEY:\n"
    config = FILES["app/config.py"].replace(
        '    redis_url: str = ""\n', '    redis_url: str = ""\n    api_secret_key: str = ""\n'
    )
    project(tmp_path, {**FILES, "compose.yml": compose, "app/config.py": config})
    assert add(tmp_path, "STRIPE_SECRET_KEY", "--kind", "secret").status == 0
    assert "      API_SECRET_KEY:\n      STRIPE_SECRET_KEY:\n" in state(tmp_path)["compose.yml"]
