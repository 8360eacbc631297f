"""What --fix does to settings classes, examples and what services are given; pydantic-settings reads the result."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Any
from unittest import mock

import dotenv
import pytest
import yaml

from cured import fix, lay_out, read
from env_world import CONFIG, EXAMPLE
from fr_check.env_keys.rules import (
    altered_literal,
    invalid_passed_value,
    overridden_environment,
    unconsumed_variable,
    unpassed_setting,
)
from running import run

if TYPE_CHECKING:
    from pathlib import Path

IMPORTS = "from pydantic import Field\nfrom pydantic_settings import BaseSettings, SettingsConfigDict\n\n\n"
HEAD = f"{IMPORTS}class Settings(BaseSettings):\n"


def settings(source: str, environment: dict[str, str], example: Path | None = None) -> Any:
    """The settings that a module's class makes of an environment."""
    space: dict[str, Any] = {"__name__": "config"}
    exec(compile(source, "config.py", "exec", dont_inherit=True), space)  # noqa: S102 - written here
    with mock.patch.dict(os.environ, environment, clear=True):
        return space["Settings"](_env_file=example) if example else space["Settings"]()


def cure(folder: Path, rule: str, config: str, example: str = "DEBUG=false\n", *, unsafe: bool = True) -> str:
    """The settings file after --fix; `config` are the lines of the class."""
    before = config if config.startswith("from ") else HEAD + config
    lay_out(folder, {CONFIG: before, EXAMPLE: example})
    done = fix(folder, "env-keys", rule, unsafe=unsafe)
    after = read(folder, CONFIG)
    assert unsafe or after == before, done.stderr
    return after.removeprefix(HEAD)


TYPES = {
    "a text": ("region = 'eu'", "region: str = 'eu'"),
    "a truth": ("debug_sql = False  # why", "debug_sql: bool = False  # why"),
    "a number": ("port = 80", "port: int = 80"),
    "below zero": ("offset = -1.5", "offset: float = -1.5"),
    "a constant": ("REGION = 'eu'", None),
    "nothing": ("region = None", None),
    "a list": ("hosts = []", None),
    "a call": ("region = str('eu')", None),
    "two at once": ("a = b = 1", None),
}


@pytest.mark.parametrize("name", TYPES)
def test_a_plain_value_tells_its_type(name: str, tmp_path: Path):
    before, after = TYPES[name]
    got = cure(tmp_path, "untyped-setting", f"    debug: bool = False\n    {before}\n")
    assert got == f"    debug: bool = False\n    {after or before}\n"
    if after is not None:
        settings(HEAD + got, {})


ALIASES = {
    "one": ("Field('eu', env='AWS_REGION')", "Field('eu', validation_alias='AWS_REGION')"),
    "several lines": (
        'Field(\n        "eu",\n        env="AWS_REGION",  # as on the host\n        title="é",\n    )',
        'Field(\n        "eu",\n        validation_alias="AWS_REGION",  # as on the host\n        title="é",\n    )',
    ),
    "several names": (
        "Field('eu', env=['AWS_REGION', 'S3_REGION'])",
        "Field('eu', validation_alias=AliasChoices('AWS_REGION', 'S3_REGION'))",
    ),
    "an alias as well": ("Field('eu', env='AWS_REGION', alias='S3')", None),
    "a computed name": ("Field('eu', env=NAME)", None),
}


@pytest.mark.parametrize("name", ALIASES)
def test_a_name_of_version_1_becomes_an_alias(name: str, tmp_path: Path):
    before, after = ALIASES[name]
    example = "# where the buckets are\nREGION=eu  # not us\n"
    got = cure(tmp_path, "ignored-env-argument", f"    region: str = {before}\n", example)
    assert got.endswith(f"    region: str = {after or before}\n")
    if after is not None:
        assert read(tmp_path, EXAMPLE) == "# where the buckets are\nAWS_REGION=eu  # not us\n"
        source = got if got.startswith("from ") else HEAD + got
        assert settings(source, {"AWS_REGION": "us"}).region == "us"
        assert "AliasChoices" not in got or "from pydantic import AliasChoices, Field\n" in got
    else:
        assert read(tmp_path, EXAMPLE) == example


def test_an_example_that_has_the_name_already_is_left_alone(tmp_path: Path):
    example = "AWS_REGION=eu\n"
    cure(tmp_path, "ignored-env-argument", "    region: str = Field('eu', env='AWS_REGION')\n", example)
    assert read(tmp_path, EXAMPLE) == example


EXTRAS = {
    "a call": (
        'model_config = SettingsConfigDict(env_file=".env")',
        'model_config = SettingsConfigDict(env_file=".env", extra="ignore")',
    ),
    "over lines": (
        'model_config = SettingsConfigDict(\n        env_file=".env",  # local\n    )',
        'model_config = SettingsConfigDict(\n        env_file=".env",  # local\n        extra="ignore",\n    )',
    ),
    "a dictionary": ('model_config = {"env_file": ".env"}', 'model_config = {"env_file": ".env", "extra": "ignore"}'),
    "a dictionary over lines": (
        'model_config = {\n        "env_file": ".env",\n    }',
        'model_config = {\n        "env_file": ".env",\n        "extra": "ignore",\n    }',
    ),
    "a class": (
        'class Config:\n        env_file = ".env"',
        'class Config:\n        env_file = ".env"\n        extra = "ignore"',
    ),
    "somebody decided": ('model_config = SettingsConfigDict(env_file=".env", extra="forbid")', None),
    "another dictionary": ('model_config = {**BASE, "env_file": ".env"}', None),
}


@pytest.mark.parametrize("name", EXTRAS)
@pytest.mark.filterwarnings("ignore:Support for class-based")
def test_keys_of_others_are_passed_over(name: str, tmp_path: Path):
    before, after = EXTRAS[name]
    config = f"    {before}\n    debug: bool = False\n"
    got = cure(tmp_path, "refused-example-key", config, "DEBUG=false\nTZ=UTC\n")
    assert got == f"    {after or before}\n    debug: bool = False\n"
    if after is not None:
        assert settings(HEAD + got, {}, tmp_path / EXAMPLE).debug is False


VALUES = {
    "the default": ("n: int = 300", "N=five minutes  # seconds", "N=300  # seconds", 300),
    "a list": ("n: list[str] = []", "N=a, b", """N='["a", "b"]'""", ["a", "b"]),
    "one of a list": ("n: list[str] = []", "N=a", """N='["a"]'""", ["a"]),
    "a list of numbers": ("n: list[int] = []", "N=80,443", "N='[80, 443]'", [80, 443]),
    "a raw text": ("n: str = ''", 'N=r"a\\.b"', "N='a\\.b'", "a\\.b"),
    "exported": ("n: int = 300", "export N=x", "export N=300", 300),
    "in quotes": ("n: int = 300", "N='x'", "N=300", 300),
    "half a list of JSON": ("n: list[str] = []", 'N=["a", b', "N='[]'", []),
    "no default": ("n: int", "N=x", None, None),
    "a word for the reader": ("n: int = 3", "N=<how many>", None, None),
    "a computed default": ("n: int = Field(default_factory=int)", "N=x", None, None),
    "a backslash that dotenv eats": ("n: str = ''", 'N=r"a\\\\b"', None, None),
}


@pytest.mark.parametrize("name", VALUES)
def test_an_example_holds_what_the_setting_takes(name: str, tmp_path: Path):
    field, before, after, value = VALUES[name]
    got = cure(tmp_path, "invalid-example-value", f"    {field}\n", f"A=1\n{before}\nB=2\n")
    assert got == f"    {field}\n"
    assert read(tmp_path, EXAMPLE) == f"A=1\n{after or before}\nB=2\n"
    if after is not None:
        given = {"N": dotenv.dotenv_values(tmp_path / EXAMPLE)["N"] or ""}
        assert settings(HEAD + got, given).n == value


def test_only_what_cannot_be_meant_otherwise_is_safe(tmp_path: Path):
    cure(tmp_path, "invalid-example-value", "    n: int = 3\n    m: list[str] = []\n", "N=x\nM=a,b\n", unsafe=False)
    assert read(tmp_path, EXAMPLE) == """N=x\nM='["a", "b"]'\n"""


def test_a_secret_leaves_a_placeholder_and_an_order(tmp_path: Path):
    secret = "b3141592653589a7932384626433c"
    lay_out(
        tmp_path, {CONFIG: HEAD + "    signing_key: str = ''\n", EXAMPLE: f"A=1\r\nexport SIGNING_KEY={secret}\r\n"}
    )
    assert fix(tmp_path, "env-keys", "leaked-secret", unsafe=False).status == 1
    done = fix(tmp_path, "env-keys", "leaked-secret")
    assert read(tmp_path, EXAMPLE) == "A=1\r\nexport SIGNING_KEY='<YOUR_SIGNING_KEY>'\r\n"
    assert "next: revoke what stood in `SIGNING_KEY`" in done.stderr
    assert secret not in done.stdout + done.stderr


READS = {
    "a literal": ('os.getenv("PROXY", "a b")', "PROXY='a b'\n", True),
    "a keyword": ('os.getenv("PROXY", default="x")', "PROXY=x\n", True),
    "none": ('os.getenv("PROXY")', "PROXY=\n", False),
    "computed": ('float(os.getenv("PROXY", str(LIMIT)))', "", False),
    "two that differ": ('os.getenv("PROXY", "x"), os.getenv("PROXY", "y")', "PROXY=\n", False),
    "a number": ('int(os.environ.get("PROXY", 4))', "PROXY=4\n", True),
    "a number below zero": ('int(os.getenv("PROXY", default=-1))', "PROXY=-1\n", True),
    "a part": ('float(os.getenv("PROXY", 0.5))', "PROXY=0.5\n", True),
    "a part that `int` cuts off": ('int(os.getenv("PROXY", 0.5))', "", False),
    "a number that stays one": ('os.getenv("PROXY", 4)', "PROXY=4\n", False),
    "a truth": ('os.getenv("PROXY", True)', "PROXY=true\n", False),
    "as good as nothing": ('os.getenv("PROXY", False)', "PROXY=\n", False),
    "a list": ('os.getenv("PROXY", [])', "", False),
    "a secret": ('os.getenv("PROXY_TOKEN", "abc")', "PROXY_TOKEN=\n", False),
}


@pytest.mark.parametrize("name", READS)
def test_a_read_is_documented_with_what_it_falls_back_to(name: str, tmp_path: Path):
    code, line, safe = READS[name]
    files = {
        CONFIG: HEAD + "    debug: bool = False\n",
        EXAMPLE: "DEBUG=false\n",
        "apps/backend/src/auth.py": f"import os\n\nPROXY = {code}\n",
    }
    lay_out(tmp_path, files)
    fix(tmp_path, "env-keys", "read-outside-settings", unsafe=False)
    assert read(tmp_path, EXAMPLE) == "DEBUG=false\n" + (line if safe else "")
    fix(tmp_path, "env-keys", "read-outside-settings")
    assert read(tmp_path, EXAMPLE) == "DEBUG=false\n" + line


PASSED = {
    "a reference": (
        "page_size: int = 50",
        "      PAGE_SIZE: ${PAGE_SIZE:-}  # rows\n",
        "      PAGE_SIZE: ${PAGE_SIZE:-50}  # rows\n",
    ),
    "without a default": (
        "page_size: int = 50",
        "      PAGE_SIZE: '${PAGE_SIZE}'\n",
        "      PAGE_SIZE: '${PAGE_SIZE:-50}'\n",
    ),
    "from another variable": (
        "page_size: int = 50",
        '      PAGE_SIZE: "${ROWS:-}"\n',
        '      PAGE_SIZE: "${ROWS:-50}"\n',
    ),
    "a list": ("page_size: int = 50", "      - PAGE_SIZE=${PAGE_SIZE:-}\n", "      - PAGE_SIZE=${PAGE_SIZE:-50}\n"),
    "quotes in a list": ("page_size: int = 50", '      - PAGE_SIZE="20"\n', "      - PAGE_SIZE=20\n"),
    "a folded text": (
        "page_size: int = 50",
        "      PAGE_SIZE: >-\n        ${PAGE_SIZE:-}\n",
        "      PAGE_SIZE: ${PAGE_SIZE:-50}\n",
    ),
    "a block": (
        "page_size: int | None = None",
        "      PAGE_SIZE: |-\n        ${PAGE_SIZE:-}\n",
        "      PAGE_SIZE:\n",
    ),
    "an anchor": ("page_size: int = 50", "      PAGE_SIZE: &rows ${PAGE_SIZE:-}\n", None),
    "a tag": ("page_size: int = 50", "      PAGE_SIZE: !!str ${PAGE_SIZE:-}\n", None),
    "nothing for None": ("page_size: int | None = None", "      PAGE_SIZE: ${PAGE_SIZE:-}\n", "      PAGE_SIZE:\n"),
    "nothing in braces": (
        "page_size: int | None = None",
        '      {A: "1", PAGE_SIZE: "${PAGE_SIZE:-}", B: "2"}\n',
        '      {A: "1", PAGE_SIZE: null, B: "2"}\n',
    ),
    "nothing before a brace": (
        "page_size: int | None = None",
        "      {PAGE_SIZE: '${PAGE_SIZE}'}\n",
        "      {PAGE_SIZE: null}\n",
    ),
    "nothing in a list in brackets": (
        "page_size: int | None = None",
        "      ['PAGE_SIZE=${PAGE_SIZE:-}', A=1]\n",
        "      ['PAGE_SIZE', A=1]\n",
    ),
    "nothing in a list": ("page_size: int | None = None", "      - PAGE_SIZE=${PAGE_SIZE:-}\n", "      - PAGE_SIZE\n"),
    "nothing of another name": ("page_size: int | None = None", "      PAGE_SIZE: ${ROWS:-}\n", None),
    "words": ("page_size: int = 50", "      PAGE_SIZE: eighty\n", None),
    "a key to sign with": ("secret_key: str = 'dev'", "      SECRET_KEY: ${SECRET_KEY:-}\n", None),
}


@pytest.mark.parametrize("name", PASSED)
def test_a_service_gets_what_the_setting_takes(name: str, tmp_path: Path):
    field, before, after = PASSED[name]
    files = dict(invalid_passed_value.BAD)
    files["app/config.py"] = files["app/config.py"].replace("page_size: int = 50", field)
    files[".env.example"] = "TZ=UTC\n"
    head = files["compose.yml"].partition("      PAGE_SIZE")[0]
    lay_out(tmp_path, {**files, "compose.yml": head + before})
    done = fix(tmp_path, "env-keys", "invalid-passed-value", unsafe=False)
    assert read(tmp_path, "compose.yml") == head + (after or before), done.stderr
    yaml.safe_load(read(tmp_path, "compose.yml"))


def test_a_number_keeps_its_spelling(tmp_path: Path):
    files = dict(altered_literal.BAD)
    compose = files["compose.yml"].replace("1.10", "1.10  # not 1.1")
    lay_out(tmp_path, {**files, "compose.yml": compose.replace("\n", "\r\n")})
    fix(tmp_path, "env-keys", "altered-literal", unsafe=False)
    assert read(tmp_path, "compose.yml") == compose.replace("1.10", '"1.10"').replace("\n", "\r\n")


@pytest.mark.parametrize("listed", [False, True])
def test_the_only_entry_takes_its_key_along(listed: bool, tmp_path: Path):  # noqa: FBT001 - a parameter of a test
    files = dict(unconsumed_variable.BAD)
    head = files["compose.yml"].partition("    environment")[0]
    entry = "      - DAILY_LIMIT=2\n" if listed else '      DAILY_LIMIT: "2"\n'
    lay_out(tmp_path, {**files, "compose.yml": f"{head}    environment:\n{entry}    ports: [80]\n"})
    fix(tmp_path, "env-keys", "unconsumed-variable")
    assert read(tmp_path, "compose.yml") == f"{head}    ports: [80]\n"


def test_what_the_template_may_empty_is_left_alone(tmp_path: Path):
    files = dict(overridden_environment.BAD)
    (path,) = [path for path in files if path.endswith("compose.yaml")]
    template = next(path for path in files if path.endswith(".ctmpl"))
    lay_out(tmp_path, {**files, template: files[template].replace('"statements"', '""')})
    fix(tmp_path, "env-keys", "overridden-environment")
    assert read(tmp_path, path) == files[path]


def test_what_runs_is_no_example(tmp_path: Path):
    text = "SIGNING_KEY=b3141592653589a7932384626433c\n"
    lay_out(tmp_path, {"app/config.py": HEAD + "    signing_key: str = ''\n", ".env": text})
    (tmp_path / ".fr-check.toml").write_text('[[env-keys.apps]]\nsettings = ["app/config.py"]\nexample = [".env"]\n')
    assert "take it out of the repository" in fix(tmp_path, "env-keys", "leaked-secret").stderr
    assert read(tmp_path, ".env") == text


@pytest.mark.parametrize("name", ["ENVIROMENT", "BUILD_SHA"])
def test_an_entry_that_may_be_meant_is_left_alone(name: str, tmp_path: Path):
    files = dict(unconsumed_variable.BAD)
    compose = files["compose.yml"].replace("DAILY_LIMIT", name).replace("      ENVIRONMENT: ${ENVIRONMENT:-prod}\n", "")
    lay_out(tmp_path, {**files, "compose.yml": compose})
    assert "not fixed: unconsumed-variable" in fix(tmp_path, "env-keys", "unconsumed-variable").stderr
    assert read(tmp_path, "compose.yml") == compose


@pytest.mark.parametrize("mark", ["# [VAULT] Managed by Vault\n", "# [VAULT] REPORT_* managed by Vault\n", ""])
def test_a_setting_that_is_marked_as_a_secret_is_passed_only_when_asked(mark: str, tmp_path: Path):
    files = {path: text.replace("secret_key", "report_mode") for path, text in unpassed_setting.BAD.items()}
    files[".env.example"] = f"DATABASE_URL=sqlite://\n{mark}REPORT_MODE=change-me\n"
    lay_out(tmp_path, files)
    fix(tmp_path, "env-keys", "unpassed-setting", unsafe=False)
    assert ("REPORT_MODE:" in read(tmp_path, "compose.yml")) is not bool(mark)
    fix(tmp_path, "env-keys", "unpassed-setting")
    assert "REPORT_MODE:" in read(tmp_path, "compose.yml")


def test_what_weighs_more_after_a_fix_is_told(tmp_path: Path):
    reads = "".join(f'V{number} = os.getenv("V{number}")\n' for number in range(4))
    reads += "".join(f'W{number} = os.getenv("W{number}", "x")\n' for number in range(3))
    files = {
        "app/config.py": HEAD + "    debug: bool = False\n",
        EXAMPLE: "DEBUG=false\n",
        "app/x.py": f"import os\n\n{reads}",
    }
    lay_out(tmp_path, files)
    done = fix(tmp_path, "env-keys", "read-outside-settings", unsafe=False)
    assert read(tmp_path, EXAMPLE) == "DEBUG=false\nW0=x\nW1=x\nW2=x\n"
    assert "more severe after these fixes, of what is left: read-outside-settings x4" in done.stderr
    assert "4 more with --unsafe-fixes" in done.stderr


NESTED = (
    "from pydantic import BaseModel\nfrom pydantic_settings import BaseSettings, SettingsConfigDict\n\n\n"
    'class Db(BaseModel):\n    url: str = "sqlite://"\n    pool: int = 5\n\n\n'
    'class Settings(BaseSettings):\n    model_config = SettingsConfigDict(env_nested_delimiter="__")\n    db: {}\n'
)


@pytest.mark.parametrize(("field", "safe"), [("Db", True), ("Db = Db(pool=9)", False)])
def test_a_value_of_a_nested_model_is_documented(field: str, safe: bool, tmp_path: Path):  # noqa: FBT001 - a parameter of a test
    lay_out(tmp_path, {CONFIG: NESTED.format(field), EXAMPLE: "DB__URL=sqlite://\n"})
    fix(tmp_path, "env-keys", "undocumented-setting", unsafe=False)
    assert read(tmp_path, EXAMPLE) == "DB__URL=sqlite://\n" + ("DB__POOL=5\n" if safe else "")
    fix(tmp_path, "env-keys", "undocumented-setting")
    assert read(tmp_path, EXAMPLE) == "DB__URL=sqlite://\nDB__POOL=5\n"


MODEL = NESTED.replace("from pydantic import BaseModel", "from pydantic import BaseModel, Field").replace(
    "    db: {}\n", "    debug: bool = False\n    db: {}\n    zone: str = 'x'\n"
)
LEAVES = "DB__URL=sqlite://\nDB__POOL=5\n"


@pytest.mark.parametrize(
    ("field", "safe"),
    [
        ("Db", True),
        ("Db = Db()", True),
        ("Db = Field(default_factory=Db)", True),
        ("Db = Db(pool=9)", False),
        ("Db = Field(default_factory=lambda: Db(pool=9))", False),
        ("Db | None = None", False),
    ],
)
def test_a_nested_model_of_which_nothing_is_documented_gets_a_line_a_value(field: str, safe: bool, tmp_path: Path):  # noqa: FBT001 - a parameter of a test
    files = {CONFIG: MODEL.format(field), EXAMPLE: "DEBUG=false\nZONE=x\n", ".fr-check.toml": 'preset = "strict"\n'}
    lay_out(tmp_path, files)
    found = run("env-keys", "--root", tmp_path, "--format", "json").json()["findings"]
    said = [one["help"] for one in found if one["rule"] == "undocumented-setting"]
    assert said == ["add `DB__URL=sqlite://` and `DB__POOL=5` to .env.example"]
    fix(tmp_path, "env-keys", "undocumented-setting", unsafe=False)
    assert read(tmp_path, EXAMPLE) == f"DEBUG=false\n{LEAVES if safe else ''}ZONE=x\n"
    fix(tmp_path, "env-keys", "undocumented-setting")
    assert read(tmp_path, EXAMPLE) == f"DEBUG=false\n{LEAVES}ZONE=x\n"


def test_a_program_starts_with_the_lines_of_a_nested_model(tmp_path: Path):
    fields = '    url: str\n    pool: int = 5\n    tags: list[str] = ["a", "b"]\n    password: str = ""\n'
    config = MODEL.format("Db").replace('    url: str = "sqlite://"\n    pool: int = 5\n', fields)
    lay_out(tmp_path, {CONFIG: config, EXAMPLE: "DEBUG=false\nZONE=x\n"})
    fix(tmp_path, "env-keys", "undocumented-setting")
    made = settings(read(tmp_path, CONFIG), {}, tmp_path / EXAMPLE)
    assert (made.db.pool, made.db.tags) == (5, ["a", "b"])
