"""What the settings reader says beside names and requiredness, and that nothing upsets it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import PydanticUserError, ValidationError

from fr_check.core.repository import Memory
from fr_check.core.text import Text
from fr_check.sources import settings
from fr_check.sources.settings import Setting, SettingsClass
from fr_check.variables.backends.imports import resolver
from settings_corpus import CORPUS, HEAD
from settings_oracle import load

if TYPE_CHECKING:
    from pathlib import Path


def one(source: str, **modules: str) -> SettingsClass:
    files = {f"{name.replace('__', '/')}.py": code for name, code in modules.items()}
    found = settings.parse(Text(HEAD + source, "app/config.py"), resolver(Memory(files)))
    assert found.problems == ()
    return found.classes[-1]


def field(line: str, config: str = "") -> Setting:
    return one(f"class S(BaseSettings):\n    model_config = SettingsConfigDict({config})\n    {line}\n").settings[0]


@pytest.mark.parametrize(
    ("annotation", "names"),
    [
        ("str", ("str",)),
        ("int | None", ("int", "none")),
        ("Optional[bool]", ("none", "bool")),
        ("Union[int, float]", ("int", "float")),
        ("list[str]", ("sequence",)),
        ("Dict[str, int]", ("mapping",)),
        ("Literal['a', 'b']", ("literal",)),
        ("SecretStr", ("str",)),
        ("'int | None'", ("int", "none")),
        ("Annotated[int, Field(ge=1)]", ("int",)),
        ("PositiveInt", ("int",)),
        ("conint(ge=1)", ("int",)),
        ("HttpUrl", ("url http",)),
        ("Any", ("other",)),
        ("Nobody", ("other",)),
    ],
)
def test_kinds(annotation: str, names: tuple[str, ...]) -> None:
    assert field(f"a: {annotation}").kind.names == names


def test_enumerations_of_strings_are_literals() -> None:
    source = (
        "import enum\nclass E(str, enum.Enum):\n    A = 'x'\n    B = 'y'\n\nclass S(BaseSettings):\n    e: E = E.A\n"
    )
    assert one(source).settings[0].kind.literals == ("x", "y")


@pytest.mark.parametrize(
    ("line", "literal"),
    [
        ("a: int = 60 * 24", "1440"),
        ("a: str = 'x' 'y'", "'xy'"),
        ("a: list[str] = Field(default_factory=list)", "[]"),
        ("a: list[str] = Field(default_factory=lambda: ['x'])", "['x']"),
        ("a: SecretStr = SecretStr('x')", "'x'"),
        ("a: float = -1.5", "-1.5"),
        ("a: str | None = None", "None"),
        ("a: str = os.getcwd()", None),
        ("a: str = make()", None),
        ("a: int = 1 // 0", None),
        ("a: str = 'x' * 10 ** 9", None),
    ],
)
def test_defaults(line: str, literal: str | None) -> None:
    default = field(line).default
    assert default is not None
    assert (default.literal and default.literal.reveal()) == literal


def test_a_default_shows_in_no_repr() -> None:
    assert "hunter2" not in repr(field("a: str = 'hunter2'"))


def test_the_location_is_the_whole_statement_in_characters() -> None:
    found = field("a: Annotated[str, 'é'] = Field(\n        default='ü',\n    )  # x")
    assert found.location.span == (8, 5, 10, 6)
    assert found.location.path == "app/config.py"


def test_marks_of_fields() -> None:
    marked = field("a: str = Field('x', json_schema_extra={'group': 'g', 'vault': True})")
    assert (marked.vault, field("a: SecretStr = ''").secret, field("a: str = ''").vault) == (True, True, False)
    assert field("a: str = Field('x', env=['A1', 'A2'])").ignored_env == ("A1", "A2")


def test_a_prefixed_alias_fills_the_field_from_the_file_only() -> None:
    found = field("b: str = Field('', alias='bar')", "env_prefix='APP_', extra='ignore'")
    assert (found.names, found.dotenv_names) == (("BAR",), ("APP_BAR",))


@pytest.mark.parametrize(
    ("alias", "config", "fills"),
    [
        ("bar", "extra='ignore'", True),
        ("BAR", "extra='ignore'", False),
        ("BAR", "extra='allow', case_sensitive=True", True),
        ("bar", "", False),
        ("bar", "extra='forbid'", False),
        ("bar", "dotenv_filtering='match_prefix'", True),
        ("BAR", "extra='ignore', dotenv_filtering='match_prefix'", False),
        ("bar", "extra='ignore', dotenv_filtering='only_existing'", False),
    ],
)
def test_57_what_the_file_fills_by_a_prefixed_alias(
    alias: str,
    config: str,
    fills: bool,  # noqa: FBT001
    tmp_path: Path,
) -> None:
    file = tmp_path / ".env"
    file.write_text(f"APP_{alias}=41\n")
    line = f"b: str = Field('d', alias='{alias}')"
    found = field(line, f"env_prefix='APP_', {config}")
    assert found.dotenv_names == ((f"APP_{alias.upper()}",) if fills else ())
    config = f"env_file={str(file)!r}, env_prefix='APP_', {config}"
    code = f"class S(BaseSettings):\n    model_config = SettingsConfigDict({config})\n    {line}\n"
    settings_class = load(HEAD + code)["S"]
    try:
        value = settings_class().b
    except ValidationError:
        value = "refused"
    assert (value == "41") == fills


@pytest.mark.parametrize(
    ("source", "prepared"),
    [
        ("    @field_validator('a', mode='before')\n    def f(cls, v): return v\n", True),
        ("    @field_validator('b', mode='before')\n    def f(cls, v): return v\n", False),
        ("    @field_validator('a')\n    def f(cls, v): return v\n", False),
        ("    @field_validator('*', mode='wrap')\n    def f(cls, v, h): return v\n", True),
        ("    @model_validator(mode='before')\n    def f(cls, v): return v\n", True),
        ("    @validator('a', pre=True)\n    def f(cls, v): return v\n", True),
    ],
)
def test_fields_that_a_validator_prepares(source: str, prepared: bool) -> None:  # noqa: FBT001
    assert one("class S(BaseSettings):\n    a: int = 1\n" + source).settings[0].kind.prepared == prepared


@pytest.mark.parametrize(
    "source",
    [
        "class S(BaseSettings):\n    model_config = make()\n    a: str = ''\n",
        "class S(BaseSettings):\n    model_config = SettingsConfigDict(env_prefix=os.environ['P'])\n    a: str = ''\n",
        "class S(BaseSettings):\n    model_config = SettingsConfigDict(**make())\n    a: str = ''\n",
        "class S(BaseSettings):\n    model_config = SettingsConfigDict(alias_generator=make())\n    a: str = ''\n",
        "class S(BaseSettings):\n    a: str = Field('', validation_alias=os.environ['N'])\n",
        "class S(BaseSettings):\n    a: str = Field('', **make())\n",
        "class S(BaseSettings):\n    a: str = Field('', alias=AliasChoices(*make()))\n",
        "class S(BaseSettings):\n    a: str = vault_field('x')\n",
        "from company import Common\nclass S(Common, BaseSettings, env_prefix=f()):\n    a: str = ''\n",
    ],
)
def test_a_name_that_only_running_tells_is_not_guessed(source: str) -> None:
    found = one(source)
    assert [setting.names for setting in found.settings] == [None]


def test_the_prefix_of_a_call() -> None:
    source = "class S(BaseSettings):\n    a: str = ''\n\n\none = S(_env_prefix='RT_')\ntwo = S()\nthree = S()\n"
    found = settings.parse(Text(HEAD + source))
    assert [[setting.names for setting in c.settings] for c in found.classes] == [[("RT_A",)], [("A",)]]


def test_version_1_names_variables_by_env() -> None:
    source = (
        "from pydantic import BaseSettings, Field\nclass S(BaseSettings):\n    a: str = Field('', env=['A1', 'A2'])\n"
        "    b: str | None\n    c: str = Field('', alias='ignored')\n    d: str\n"
        "    class Config:\n        env_prefix = 'P_'\n        fields = {'d': {'env': 'DD'}}\n"
    )
    found = settings.parse(Text(source)).classes[0]
    assert [setting.names for setting in found.settings] == [("A1", "A2"), ("P_B",), ("P_C",), ("DD",)]
    assert [setting.required for setting in found.settings] == [False, False, False, True]


def test_settings_that_another_module_defines_and_this_one_makes() -> None:
    found = one(
        "from app.base import Base\nsettings = Base()\n", app__base=HEAD + "class Base(BaseSettings):\n    a: str\n"
    )
    assert (found.name, found.settings[0].names, found.settings[0].location.path) == ("Base", ("A",), "app/base.py")


def test_a_base_that_is_extended_here_is_reported_through_what_extends_it() -> None:
    source = "class B(BaseSettings):\n    a: str\n\nclass S(B):\n    b: str\n"
    assert [found.name for found in settings.parse(Text(HEAD + source)).classes] == ["S"]
    assert len(settings.parse(Text(HEAD + source + "\nx = B()\n")).classes) == 2


@pytest.mark.parametrize(
    "source",
    [
        "class A(A): pass",
        "class A(B): pass\nclass B(A): pass",
        "from .config import *\nclass S(BaseSettings):\n    a: str = Field('', alias=X)\n",
        "A = B\nB = A\nclass S(BaseSettings):\n    a: A\n    b: str = Field('', alias=A)\n",
        "class M(BaseModel):\n    m: 'M'\n    d: dict\nclass S(BaseSettings, env_nested_delimiter='_'):\n    m: M\n",
        "X0 = 'x'\n"
        + "".join(f"X{i + 1} = X{i} + X{i}\n" for i in range(80))
        + "class S(BaseSettings, env_prefix=X80):\n    a: int\n",
        "class S(BaseSettings):\n    a: " + "Optional[" * 150 + "int" + "]" * 150,
        "class S(BaseSettings):\n    a: int = " + "-" * 5000 + "1",
        "class S(BaseSettings):\n    a: " + " | ".join(["int"] * 3000),
        "class S(BaseSettings):\n    a: str = " + " + ".join(["'x'"] * 3000),
        "class C0(BaseSettings): pass\n" + "".join(f"class C{i + 1}(C{i}, C{i}): pass\n" for i in range(100)),
        "class S(" + "x." * 500 + "y): pass",
        "class S(x" + "()" * 2000 + "): pass",
        "class S(BaseSettings):\n    @" + "f" + "()" * 900 + "\n    def g(self): pass\n",
        "(" * 100_000,
        "\0",
        "x = '\\d'\nclass S(BaseSettings):\n    r: str = '\\d'\n",
    ],
    ids=lambda source: ascii(source[:40]),
)
def test_survives(source: str) -> None:
    files = {"app/config.py": HEAD + source}
    found = settings.parse(Text(HEAD + source, "app/config.py"), resolver(Memory(files)))
    assert found.classes or found.problems or "BaseSettings" not in source


_PIECES = [piece for case in CORPUS for piece in case.source.splitlines(keepends=True)]


@given(st.text(max_size=100) | st.lists(st.sampled_from(_PIECES), max_size=25).map("".join))
def test_never_raises(source: str) -> None:
    found = settings.parse(
        Text(source, "app/config.py"), resolver(Memory({"app/config.py": source.encode("utf-8", "replace")}))
    )
    for settings_class in found.classes:
        assert all(setting.names is None or all(setting.names) for setting in settings_class.settings)


@pytest.mark.parametrize(
    ("body", "line"),
    [
        ("    model_config = {'extra': 'ignore'}\n    class Config:\n        env_prefix = 'X_'\n", 8),
        ("    class Config:\n        env_prefix = 'X_'\n    model_config = SettingsConfigDict(extra='ignore')\n", 9),
        ("    model_config = {}\n    class Config:\n        env_prefix = 'X_'\n", 0),
        ("    class Config:\n        env_prefix = 'X_'\n", 0),
    ],
)
def test_35_both_ways_of_configuration_are_what_pydantic_refuses(body: str, line: int) -> None:
    source = "class S(BaseSettings):\n" + body + "    a: str = ''\n"
    spans = [refusal.location.span for refusal in one(source).refused]
    assert [span.line for span in spans if span] == [line] * bool(line)
    if line:
        with pytest.raises(PydanticUserError):
            load(HEAD + source)
    else:
        load(HEAD + source)


@pytest.mark.parametrize(
    "call",
    [
        "create_model('S', __base__=BaseSettings, a=(str, 'd'))",
        "create_model('S', __base__=(Mixin, BaseSettings))",
        "type('S', (Base,), {})",
    ],
)
def test_classes_that_a_call_makes_are_not_known(call: str) -> None:
    source = "class Mixin(BaseModel): pass\nclass Base(BaseSettings):\n    b: str\n" + f"S = {call}\n"
    found = one(source)
    assert (found.name, found.complete, [fault.computed for fault in found.unresolved]) == ("S", False, [True])


@pytest.mark.parametrize("call", ["create_model('S', a=(str, 'd'))", "type(BaseSettings)", "type('S', (Mixin,), {})"])
def test_other_classes_that_a_call_makes_are_no_settings(call: str) -> None:
    found = one(f"class Mixin(BaseModel): pass\nclass Base(BaseSettings):\n    b: str\nS = {call}\n")
    assert (found.name, found.complete) == ("Base", True)


def test_the_prefix_of_a_call_inside_a_function() -> None:
    source = "def make():\n    class S(BaseSettings):\n        a: str\n    return S(_env_prefix='RT_')\n"
    assert [setting.names for setting in one(source).settings] == [("RT_A",)]


def test_a_syntax_error_is_a_problem_with_a_place() -> None:
    found = settings.parse(Text("class S(BaseSettings):\n    a: str = (\n"))
    assert found.classes == ()
    assert [problem.span.line for problem in found.problems] == [2]


@pytest.mark.parametrize(
    ("imported", "base"),
    [
        ("from app.parts import db as d", "d.Base"),
        ("from .parts import db", "db.Base"),
        ("from . import parts", "parts.db.Base"),
        ("import app.parts.db", "app.parts.db.Base"),
        ("from app import parts", "parts.Base"),
    ],
)
def test_bases_are_followed_into_modules_of_packages_with_star_imports(imported: str, base: str) -> None:
    files = {
        "app/__init__.py": "",
        "app/parts/__init__.py": "from .db import *\n",
        "app/parts/db.py": HEAD + "class Base(BaseSettings):\n    a: str = ''\n",
    }
    source = f"{HEAD}{imported}\nclass S({base}):\n    b: str = ''\n"
    found = settings.parse(Text(source, "app/config.py"), resolver(Memory(files)))
    assert [setting.name for setting in found.classes[-1].settings] == ["A", "B"]


def test_a_partial_field_that_cannot_be_followed_is_unknown() -> None:
    source = "from functools import partial\nF = partial(Field, default='')\n"
    found = one(source + "class S(BaseSettings):\n    a: str = F(alias='B')\n").settings[0]
    assert found.names is None
    assert found.unresolved


def test_names_in_the_config_class_of_version_1_are_ignored() -> None:
    body = "    a: str = ''\n    class Config:\n        fields = {'a': {'env': 'OTHER'}}\n"
    assert one("class S(BaseSettings):\n" + body).settings[0].ignored_env == ("OTHER",)


def test_a_file_is_read_again_only_where_more_has_been_resolved():
    base = Text(HEAD + "class Base(BaseSettings):\n    a: int = 1\n", "base.py")
    other = Text("from base import Base\n\n\nclass Own(Base):\n    b: int = 2\n", "own.py")
    project = settings.Project(resolver(Memory({"base.py": base.string, "own.py": other.string})))
    first = project.read(base)
    assert project.read(base) is first
    project.read(other)
    assert project.read(base) is not first
    assert project.read(base) is project.read(base)
