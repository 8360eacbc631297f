"""What the rules say of settings classes that are not written the plain way."""

from __future__ import annotations

import pytest

from env_world import EXAMPLE, HEAD, everything, findings, load, settings, world
from fr_check.core.model import Severity

BOTH = "class S(BaseSettings):\n    model_config = {'extra': 'ignore'}\n    a: str = ''\n    class Config: x = 1\n"


def test_35_both_ways_of_configuration_cannot_be_imported() -> None:
    facts = load(world(HEAD + BOTH, "A=\n"))
    (found,) = everything(facts)
    assert (found.rule, found.subject, found.severity) == ("unparsable-settings", "S", Severity.ERROR)
    assert found.location.span is not None
    assert found.location.span.line == HEAD.count("\n") + 4


def test_35_classes_that_inherit_it_are_one_finding() -> None:
    source = HEAD + BOTH + "class T(S):\n    b: str = ''\nclass U(S):\n    c: str = ''\n"
    assert findings(world(source, "A=\nB=\nC=\n")) == {("unparsable-settings", "S")}


NESTED = """\
class DB(BaseSettings):
    model_config = SettingsConfigDict(env_prefix='DB_')
    url: str = ''


class S(BaseSettings):
    model_config = SettingsConfigDict(env_prefix='APP_', env_nested_delimiter='__')
    db: DB = DB()
"""


@pytest.mark.parametrize(
    ("example", "missing"),
    [("DB_URL=\n", set()), ("APP_DB__URL=\n", set()), ("TZ=UTC\n", {("undocumented-setting", "DB_URL")})],
)
def test_23_nested_settings_are_documented_by_either_name(example: str, missing: set[tuple[str, str]]) -> None:
    assert findings(world(HEAD + NESTED, example)) == missing


def test_24_nested_settings_need_no_variable_of_their_own() -> None:
    source = HEAD + "class DB(BaseSettings):\n    url: str = ''\n\n\nclass S(BaseSettings):\n"
    source += "    db: DB = Field(default_factory=DB)\n"
    assert findings(world(source, "URL=\n")) == set()
    assert findings(world(source, "URL=\nDB={}\n")) == set()
    assert findings(world(source, "URL=\nDB__URL=\n")) == {("unknown-example-key", "DB__URL")}


def test_a_factory_that_defines_its_class_is_read() -> None:
    source = HEAD + "def get():\n    class S(BaseSettings):\n        a: str = ''\n        b: str = ''\n    return S()\n"
    assert findings(world(source, "A=\n")) == {("undocumented-setting", "B")}


@pytest.mark.parametrize("other", ["", "class T(BaseSettings):\n    t: str = ''\n"])
def test_a_class_that_a_call_makes_is_unknown_and_withholds_judgement(other: str) -> None:
    source = HEAD + other + "S = create_model('S', __base__=BaseSettings, a=(str, ''))\n"
    facts = load(world(source, "A=\nT=\n"))
    (unknown,) = facts.unknowns
    assert (unknown.reason, unknown.subject) == ("computed-settings-class", "S")
    assert unknown.location is not None
    assert unknown.location.span is not None
    assert unknown.location.span.line == source.count("\n")
    assert everything(facts) == []


def test_a_required_setting_is_an_error_even_where_both_worlds_provide_it() -> None:
    template = '{{ with secret "secret/data/app" }}\nK={{ .Data.data.K }}\n{{ end }}\n'
    found = [f for f in everything(load(world(settings("k: str"), "K=1\n", template))) if f.subject == "K"]
    assert ("setting-without-default", Severity.ERROR) in {(f.rule, f.severity) for f in found}


@pytest.mark.parametrize(
    ("config", "expected"),
    [
        ("env_prefix='APP_', extra='ignore'", set()),
        ("env_prefix='APP_', dotenv_filtering='match_prefix'", set()),
        ("env_prefix='APP_'", {("unknown-example-key", "APP_bar"), ("undocumented-setting", "BAR")}),
    ],
)
def test_57_a_prefixed_alias_fills_from_the_file_unless_the_file_is_refused(
    config: str, expected: set[tuple[str, str]]
) -> None:
    assert findings(world(settings("b: str = Field('', alias='bar')", config=config), "APP_bar=2\n")) == expected


def test_57_a_fields_name_without_prefix_is_passed_over_by_pydantic_and_fills_nothing() -> None:
    files = world(settings("name: str = ''", config="env_prefix='APP_'"), "APP_NAME=\nNAME=1\n")
    assert findings(files) == {("unknown-example-key", "NAME")}


@pytest.mark.parametrize(
    ("field", "value", "wrong"),
    [
        ("n: int = Field(1, ge=1)", "0", True),
        ("n: int = Field(1, ge=1)", "1", False),
        ("n: PositiveInt | None = None", "-1", True),
        ("n: str = Field('abc', max_length=3)", "abcd", True),
        ("n: Annotated[str, StringConstraints(min_length=3)] = 'abc'", "ab", True),
        ("n_secret: SecretStr = Field(SecretStr('x'), min_length=32)", "<CHANGE_ME>", False),
        ("n_secret: SecretStr = Field(SecretStr('x'), min_length=32)", "", False),
        ("n_secret: SecretStr = Field(SecretStr('x'), min_length=32)", "kD82hsPqm4Zx71", True),
        ("n: int | str = Field(1, ge=1)", "0", False),
    ],
)
def test_31_values_beyond_the_bounds_of_their_field(field: str, value: str, wrong: bool) -> None:  # noqa: FBT001
    key = field.partition(":")[0].upper()
    files = world(settings(field), f"{key}={value}\n")
    assert (("invalid-example-value", key) in findings(files)) == wrong
    (found, *_) = [f.message for f in everything(load(files)) if f.rule == "invalid-example-value"] or [""]
    assert not wrong or EXAMPLE in found


@pytest.mark.parametrize(
    ("fields", "line", "wrong"),
    [
        (("n: list[int] = []",), 'N=["80", "x"]', True),
        (("n: list[int] = []",), 'N=["80", 443]', False),
        (("n: dict[str, int] = {}",), 'N={"a": "many"}', True),
        (("n: list[int] = []", "@field_validator('n', mode='before')", "def f(cls, v): return []"), 'N=["x"]', False),
        (("n: list[str] = []",), "N=[80]", True),
    ],
)
def test_31_what_a_list_holds_is_judged_too(fields: tuple[str, ...], line: str, wrong: bool) -> None:  # noqa: FBT001
    assert (("invalid-example-value", "N") in findings(world(settings(*fields), f"{line}\n"))) == wrong


@pytest.mark.parametrize(
    ("members", "wrong"),
    [
        ((), True),
        (("model_config = ConfigDict(coerce_numbers_to_str=True)",), False),
        (("@field_validator('hosts', mode='before')", "def f(cls, v): return []"), False),
    ],
)
def test_31_a_nested_model_has_its_own_ways(members: tuple[str, ...], wrong: bool) -> None:  # noqa: FBT001
    model = "".join(f"    {line}\n" for line in ("hosts: list[str] = []", *members))
    source = settings("d: D = D()", config="env_nested_delimiter='__'")
    files = world(source.replace("class Settings", f"class D(BaseModel):\n{model}class Settings"), "D__HOSTS=[1]\n")
    assert (("invalid-example-value", "D__HOSTS") in findings(files)) == wrong


def test_31_what_items_must_be_is_said_and_their_values_are_not() -> None:
    files = world(
        settings("ports: list[int] = []", "api_tokens: dict[str, int] = {}"),
        'PORTS=["hunter2"]\nAPI_TOKENS={"a": "hunter2"}\n',
    )
    found = {f.subject: f for f in everything(load(files)) if f.rule == "invalid-example-value"}
    assert "it needs a JSON array of which each item is an integer" in found["PORTS"].message
    assert found["PORTS"].help.startswith("write a value of that type")
    assert "hunter2" not in "".join(f.message + f.help for f in found.values())


def test_31_the_bound_is_said() -> None:
    (found,) = everything(load(world(settings("n: int = Field(5, ge=1, lt=10)"), "N=10\n")))[:1]
    assert "needs an integer, at least 1, less than 10" in found.message


PATHS = settings(
    "a: str = Field('d', validation_alias=AliasPath('CFG', 'x', 0))",
    "b: str = Field('d', validation_alias=AliasChoices('PLAIN', AliasPath('OTHER', 0)))",
    "c: str = Field('d', validation_alias=AliasPath('WHOLE'))",
)


@pytest.mark.parametrize(
    ("line", "wrong"),
    [
        ("CFG=plain", True),
        ("CFG=", True),
        ('CFG=\'{"x": ["w"]}\'', False),
        ("OTHER=plain", True),
        ("PLAIN=plain", False),
        ("WHOLE=plain", False),
    ],
)
def test_10_11_where_a_path_leads_into_a_variable_it_holds_json(line: str, wrong: bool) -> None:  # noqa: FBT001
    rest = "".join(f"{key}\n" for key in ("CFG=[]", "PLAIN=d", "WHOLE=d") if not line.startswith(key[:4]))
    found = everything(load(world(PATHS, f"{line}\n{rest}")))
    said = {(f.rule, f.subject) for f in found if f.rule in {"invalid-example-value", "default-drift"}}
    drift = {("default-drift", line[:5])} if line in {"PLAIN=plain", "WHOLE=plain"} else set()
    assert said == ({("invalid-example-value", line.partition("=")[0])} if wrong else drift)


def test_49_a_key_of_a_field_without_a_type_is_not_unknown_as_well() -> None:
    template = "{{ with secret \"secret/data/app\" }}\nA='x'\n{{ end }}\n"
    files = world(settings("a = Field('d')", "b: str = ''"), "A=\nB=\n", template)
    assert findings(files) == {("untyped-setting", "a")}


def test_39_an_override_without_a_type_is_refused() -> None:
    source = HEAD + "class B(BaseSettings):\n    a: str = 'd'\n\n\nclass S(B):\n    a = 'e'\n"
    assert findings(world(source, "A=\n")) == {("untyped-setting", "a")}


@pytest.mark.parametrize(
    ("config", "refused"),
    [
        ("env_file='.env'", ["`TZ`"]),
        ("env_file=('.env', '.env.local')", ["`TZ`"]),
        ("env_file='.env', extra='ignore'", []),
        ("env_file='.env', extra='allow'", []),
        ("env_file='.env', dotenv_filtering='match_prefix'", []),
        ("", []),
    ],
)
def test_55_keys_of_others_that_the_settings_refuse(config: str, refused: list[str]) -> None:
    files = world(settings("a: str = ''", config=config), "A=\nTZ=UTC\nCI=\n")
    found = [f for f in everything(load(files)) if f.rule == "refused-example-key"]
    assert [f.message.partition("refuses ")[2] for f in found] == refused
    assert all(f.severity == Severity.INFO for f in found)


def test_55_a_name_without_its_prefix_is_passed_over_by_pydantic() -> None:
    files = world(
        settings("name: str = ''", config="env_file='.env', env_prefix='APP_'"), "APP_NAME=x\nNAME=x\nTZ=UTC\n"
    )
    (found,) = [f for f in everything(load(files)) if f.rule == "refused-example-key"]
    assert found.message.endswith("it refuses `TZ`")


@pytest.mark.parametrize(
    ("field", "severity"),
    [
        ("a: str = Field('', alias='MY-KEY.x')", Severity.WARNING),
        ("a: str = Field('', alias='1A')", Severity.WARNING),
        ("a: str = Field('', validation_alias=AliasChoices('A', 'a.b'))", Severity.INFO),
        ("a: str = Field('', alias='MY_KEY')", None),
    ],
)
def test_69_names_that_no_shell_can_set(field: str, severity: Severity | None) -> None:
    found = [f for f in everything(load(world(settings(field), "TZ=UTC\n"))) if f.rule == "unportable-name"]
    assert [f.severity for f in found] == ([severity] if severity else [])


def test_a_literal_of_something_else_is_left_alone() -> None:
    assert findings(world(settings("a: Literal[[1]] = 1"), "A=1\n")) == set()


def test_62_63_none_and_integers_in_literals() -> None:
    none = settings("a: int | None = None", "b: int | None = None", config="env_parse_none_str='None'")
    assert findings(world(none, "A=None\nB=null\n")) == {("invalid-example-value", "B")}
    assert findings(world(settings("a: Literal[1, 2] = 1"), "A=1\n")) == {("invalid-example-value", "A")}


def test_64_without_the_environment_every_documented_key_is_dead() -> None:
    customised = "def settings_customise_sources(cls, settings_cls, init_settings, env_settings, dotenv_settings, f):"
    files = world(settings("a: str = ''", "@classmethod", customised, "    return (init_settings,)"), "A=\n")
    assert findings(files) == {("unknown-example-key", "A")}


def test_65_the_prefix_of_the_call() -> None:
    files = world(settings("a: str = ''") + "\n\nsettings = Settings(_env_prefix='RT_')\n", "RT_A=\nA=\n")
    assert findings(files) == {("unknown-example-key", "A")}
