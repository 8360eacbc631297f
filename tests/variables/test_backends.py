"""Which files are settings, which are examples, and which of them belong together."""

from __future__ import annotations

import pytest

from fr_check.core.repository import Memory
from fr_check.variables.backends import classes
from fr_check.variables.backends.examples import Examples, choose, extra_words

HEAD = "from pydantic_settings import BaseSettings\n"
CLASS = HEAD + "class Settings(BaseSettings):\n    a: str = ''\n"
TRIED = f"try:\n    {HEAD}except ImportError:\n    from pydantic import BaseSettings\n"


def found(files: dict[str, str | bytes]) -> list[str]:
    return [one.text.path for one in classes.find(Memory(files)).files]


@pytest.mark.parametrize(
    ("name", "extra"),
    [
        (".env.example", ()), ("env.example", ()), (".env.sample", ()), ("env.template", ()), (".env.tmpl", ()),
        (".env.dist", ()), (".env.default", ()), (".env.defaults", ()), (".env-example", ()), (".env-devel", ()),
        (".env_examples", ()),
        (".example.env", ()), ("sample.env", ()), (".env-dist", ()), ("a/b/.env.example", ()),
        (".backend_env.example", ("backend",)), (".env.backend.example", ("backend",)),
        (".env.docker.tmpl", ("docker",)),
        ("backend.env.sample", ("backend",)), (".template-env", ()), (".env.example.local", ("local",)),
        (".env", None), (".env.local", None), ("env.default.ts", None), (".env.example.md", None),
        ("environment.example", None),
        (".env.test.example", None), ("example.py", None), (".env.example.j2", None), ("sample.environment", None),
    ],
)  # fmt: skip
def test_what_is_an_example(name: str, extra: tuple[str, ...] | None) -> None:
    assert extra_words(name) == extra


def test_the_nearest_example_at_or_above_is_the_one_and_a_committed_env_only_where_there_is_none() -> None:
    examples = Examples([".env.example", "a/env.sample", "a/src/.env", "b/.env"])
    assert examples.nearest("a/src/conf.py") == ("a/env.sample",)
    assert examples.nearest("b/conf.py") == (".env.example",)
    assert Examples(["b/.env", "c/.env.example"]).nearest("b/x/conf.py") == ("b/.env",)
    assert Examples(["c/.env.example"]).nearest("b/conf.py") == ()


@pytest.mark.parametrize(
    ("names", "code", "chosen", "why"),
    [
        ((".env.api.example", ".env.example"), "api/conf.py", ".env.example", "plain"),
        ((".env.api.example", ".env.web.example"), "src/api/conf.py", ".env.api.example", "`api`"),
        (("env.sample", ".env.dist"), "src/conf.py", ".env.dist", "most"),
        ((".env.example",), "src/conf.py", ".env.example", "nearest"),
        ((".env",), "src/conf.py", ".env", "committed"),
    ],
)
def test_one_of_several_is_chosen_and_it_is_said_why(names: tuple[str, ...], code: str, chosen: str, why: str) -> None:
    choice = choose(names, code, {".env.dist": 3, "env.sample": 1})
    assert choice is not None
    assert choice.path == chosen
    assert why in choice.why
    assert set(choice.others) == set(names) - {chosen}


@pytest.mark.parametrize(
    "imported",
    [
        "from pydantic import BaseSettings\n", "from pydantic.v1 import BaseSettings\n",
        "from pydantic_settings import *\n", "import pydantic_settings as BaseSettings_home\n",
        TRIED,
    ],
)  # fmt: skip
def test_every_import_of_the_base(imported: str) -> None:
    base = "BaseSettings_home.BaseSettings" if "home" in imported else "BaseSettings"
    assert found({"x/conf.py": f"{imported}class S({base}):\n    a: str = ''\n"}) == ["x/conf.py"]


@pytest.mark.parametrize(
    ("base", "imported", "name"),
    [
        ("packages/shared/src/shared/base.py", "from shared.base import Base", "Base"),
        ("shared/src/shared/base.py", "from shared.base import Base", "Base"),
        ("libs/shared/shared/base.py", "from shared import base", "base.Base"),
        ("apps/api/src/api/base.py", "from .base import Base as B", "B"),
        ("apps/api/src/api/base.py", "import api.base as other", "other.Base"),
        ("apps/api/src/api/base.py", "from api.base import Base\nB = Base", "B"),
        ("apps/api/src/api/base.py", "from api.base import Base\nfrom typing import Generic\n", "Generic[int], Base"),
        ("apps/api/src/api/base.py", "from api.base import (\n    Base,\n)\n", "\n    Base,  # (why)\n"),
    ],
)
def test_descendants_are_found_through_imports(base: str, imported: str, name: str) -> None:
    files = {
        base: HEAD + "class Base(BaseSettings):\n    pass\n",
        "apps/api/src/api/conf.py": f"{imported}\nclass S({name}):\n    a: str = ''\n",
        "libs/shared/pyproject.toml": "[project]\n",
    }
    assert found(files) == ["apps/api/src/api/conf.py"]


def test_an_alias_in_a_third_file_leads_on() -> None:
    files = {
        "app/base.py": HEAD + "class Base(BaseSettings):\n    pass\n",
        "app/__init__.py": "from .base import Base as Common\n",
        "app/conf.py": "from app import Common\nclass S(Common):\n    a: str = ''\n",
    }
    assert found(files) == ["app/conf.py"]


@pytest.mark.parametrize(
    "path",
    [
        "tests/conf.py", "docs/conf.py", "examples/a/conf.py", "samples/conf.py", "scripts/conf.py",
        "app/migrations/s.py",
        "benchmarks/conf.py", "demo/conf.py", "app/test_conf.py", "app/conf_test.py", "conftest.py", "example_conf.py",
    ],
)  # fmt: skip
def test_what_is_no_part_of_the_application_is_left_out(path: str) -> None:
    assert found({path: CLASS, "app/conf.py": CLASS}) == ["app/conf.py"]


def test_a_class_without_a_field_and_one_that_another_file_extends_are_only_bases() -> None:
    files = {
        "app/base.py": HEAD + "class Base(BaseSettings):\n    shared: str = ''\n",
        "app/empty.py": HEAD + "class Empty(BaseSettings):\n    pass\n",
        "app/conf.py": "from app.base import Base\nclass S(Base):\n    own: str = ''\n",
    }
    assert found(files) == ["app/conf.py"]
    (read,) = classes.find(Memory(files)).files
    assert [setting.name for one in read.content.classes for setting in one.settings] == ["SHARED", "OWN"]


def test_what_does_not_parse_is_kept_and_a_template_of_a_project_is_told() -> None:
    assert found({"app/conf.py": HEAD + "class S(BaseSettings):\n    a: str = (\n"}) == ["app/conf.py"]
    path = "{{cookiecutter.slug}}/conf.py"
    backends = classes.find(Memory({path: HEAD + "class S(BaseSettings):\n    a: str = '{{ cookiecutter.a }}'\n"}))
    assert (backends.files, backends.templated) == ((), (path,))
    inside = HEAD + "{% if x %}\nclass S(BaseSettings):\n    a: str = ''\n{% endif %}\n"
    assert classes.find(Memory({"app/conf.py": inside})).templated == ("app/conf.py",)


def test_what_is_no_text_is_told() -> None:
    backends = classes.find(Memory({"app/conf.py": CLASS.encode("utf-16"), "b/conf.py": CLASS.encode() + b"# \xff\n"}))
    assert [text.path for text in backends.unread] == ["app/conf.py", "b/conf.py"]
