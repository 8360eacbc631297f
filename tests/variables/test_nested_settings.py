"""Values inside nested models: what each service gets of them, and what the real settings object makes of that."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from compose_oracle import binary, write
from fr_check.core.config import Config
from fr_check.core.context import Context
from fr_check.core.repository import Memory
from fr_check.env_keys import programs
from fr_check.env_keys.processes.refused import text_refused
from fr_check.variables.trace import Tracer
from variables.notation import repository
from variables.settings_object import given, started
from variables.test_cases import findings

if TYPE_CHECKING:
    from pathlib import Path

_HEAD = "from pydantic import BaseModel\nfrom pydantic_settings import BaseSettings, SettingsConfigDict\n\n\n"
_DB = "class Db(BaseModel):\n    host: str = 'h'\n    port: int = 5432\n    password: str = 'dev'\n"
_DEMANDING = "class Db(BaseModel):\n    host: str\n    password: str\n"
_POOL = "class Pool(BaseModel):\n    size: int = 5\n\n\n"
_DEEP = _POOL + "class Db(BaseModel):\n    pool: Pool = Pool()\n    host: str = 'h'\n"
_OWN = (
    "class Db(BaseSettings):\n    model_config = SettingsConfigDict(env_prefix='DB_')\n    host: str = 'h'\n"
    "    password: str = 'dev'\n"
)
_UNPASSED, _MASKED, _REFUSED, _UNREAD = (
    "unpassed-setting", "masked-variable", "invalid-passed-value", "unconsumed-variable",
)  # fmt: skip
# Models, options of the settings, the field, the example, entries of `environment`; the findings, and the names of
# the example whose values reach the settings object.
FORMS = {
    "one of three": (
        _DB, "env_nested_delimiter='__'", "db: Db = Db()", "DB__HOST=x DB__PASSWORD=y DB__PORT=7",
        "{DB__HOST: '${DB__HOST:-h}'}",
        {(_UNPASSED, "DB__PASSWORD", "error"), (_UNPASSED, "DB__PORT", "warning")}, {"DB__HOST"},
    ),
    "all by a file": (
        _DB, "env_nested_delimiter='__'", "db: Db = Db()", "DB__HOST=x DB__PASSWORD=y", "null",
        set(), {"DB__HOST", "DB__PASSWORD"},
    ),
    "what the model demands": (
        _DEMANDING, "env_nested_delimiter='__'", "db: Db", "DB__HOST=x DB__PASSWORD=y", "{DB__HOST: '${DB__HOST}'}",
        {(_UNPASSED, "DB__PASSWORD", "error")}, set(),
    ),
    "what the model demands once a part is set": (
        _DEMANDING, "env_nested_delimiter='__'", "db: Db | None = None", "DB__HOST=x DB__PASSWORD=y",
        "{DB__HOST: '${DB__HOST}'}", {(_UNPASSED, "DB__PASSWORD", "error")}, set(),
    ),
    "a default of the field that is changed in part": (
        _DEMANDING, "env_nested_delimiter='__', nested_model_default_partial_update=True",
        "db: Db = Db(host='a', password='b')", "DB__HOST=x DB__PASSWORD=y", "{DB__HOST: '${DB__HOST}'}",
        {(_UNPASSED, "DB__PASSWORD", "error")}, {"DB__HOST"},
    ),
    "a prefix": (
        _DB, "env_nested_delimiter='__', env_prefix='APP_'", "db: Db = Db()", "APP_DB__HOST=x APP_DB__PASSWORD=y",
        "{APP_DB__HOST: '${APP_DB__HOST}', DB__PASSWORD: z}",
        {(_UNPASSED, "APP_DB__PASSWORD", "error"), (_UNREAD, "DB__PASSWORD", "warning")}, {"APP_DB__HOST"},
    ),
    "a single `_`, split once": (
        _DB.replace("password", "pass_word"), "env_nested_delimiter='_', env_nested_max_split=1", "db: Db = Db()",
        "DB_HOST=x DB_PASS_WORD=y", "[DB_HOST]", {(_UNPASSED, "DB_PASS_WORD", "error")}, {"DB_HOST"},
    ),
    "a model in a model": (
        _DEEP, "env_nested_delimiter='__'", "db: Db = Db()", "DB__POOL__SIZE=7 DB__HOST=x", "[DB__HOST]",
        {(_UNPASSED, "DB__POOL__SIZE", "warning")}, {"DB__HOST"},
    ),
    "a constant in place of it": (
        _DB, "env_nested_delimiter='__'", "db: Db = Db()", "DB__HOST=x", "{DB__HOST: db}",
        {(_MASKED, "DB__HOST", "info")}, set(),
    ),
    "the name in another case": (
        _DB, "env_nested_delimiter='__'", "db: Db = Db()", "DB__HOST=x", "{db__host: '${DB__HOST}'}",
        set(), {"DB__HOST"},
    ),
    "a key of a dictionary": (
        "", "env_nested_delimiter='__'", "db: dict[str, str] = {}", "DB__HOST=x DB__USER=y", "[DB__HOST]",
        {(_UNPASSED, "DB__USER", "warning")}, {"DB__HOST"},
    ),
    "settings in settings, by a prefix of their own": (
        _OWN, "env_nested_delimiter='__'", "db: Db = Db()", "DB_HOST=x DB_PASSWORD=y", "[DB_HOST]",
        {(_UNPASSED, "DB_PASSWORD", "error")}, {"DB_HOST"},
    ),
    "JSON around it, whatever is in it": (
        _DB, "env_nested_delimiter='__'", "db: Db = Db()", "DB={} DB__PASSWORD=y", "['DB={\"host\":\"k\"}']",
        {(_MASKED, "DB", "info")}, set(),
    ),
}  # fmt: skip


def _files(name: str) -> dict[str, str]:
    models, options, field, example, entries, _, _ = FORMS[name]
    service = "{build: ., env_file: [.env]}" if entries == "null" else f"{{build: ., environment: {entries}}}"
    files = repository(f"E«{example.replace(' ', '¶')}» C«web: {service}»")
    body = f"{models}\n\nclass Settings(BaseSettings):\n    model_config = SettingsConfigDict({options})\n    {field}\n"
    return {**files, "app/config.py": f"{_HEAD}{body}\n\nsettings = Settings()\n"}


@pytest.mark.parametrize("name", FORMS)
def test_a_part_of_a_nested_value(name: str):
    assert {found for found in findings(_files(name)) if found[0] != "open-key-set"} == FORMS[name][5]


if binary() is not None:

    @pytest.mark.parametrize("name", FORMS)
    def test_what_the_settings_object_gets(name: str, tmp_path: Path):
        write(tmp_path, _files(name))
        values = dict(entry.split("=", 1) for entry in FORMS[name][3].split())
        sentinels = {key: str(940_001 + number) if value != "{}" else value for number, (key, value) in
                     enumerate(values.items())}  # fmt: skip
        environment = given(tmp_path, "".join(f"{key}={value}\n" for key, value in sentinels.items()))
        assert environment is not None
        found = started(tmp_path, environment)
        shown = str(found) if isinstance(found, dict) else ""
        assert {key for key, value in sentinels.items() if value in shown} == FORMS[name][6]


def _outcomes(files: dict[str, str], name: str) -> list[tuple[str, str]]:
    flow = Context(Memory(files), Config()).once(programs.flow)
    trace = Tracer(flow, text_refused).trace(name)
    return [(one.traced.reads[0].what, one.traced.outcome.word) for one in trace.processes if one.traced.reads]


@pytest.mark.parametrize(
    ("name", "variable", "expected"),
    [
        ("one of three", "DB__HOST", ("Settings.db.host", "example")),
        ("one of three", "DB__PASSWORD", ("Settings.db.password", "default")),
        ("one of three", "DB", ("Settings.db", "computed")),
        ("what the model demands", "DB__PASSWORD", ("Settings.db.password", "not-set")),
        ("what the model demands once a part is set", "DB__PASSWORD", ("Settings.db.password", "not-set")),
        ("a default of the field that is changed in part", "DB__PASSWORD", ("Settings.db.password", "default")),
        ("a model in a model", "DB__POOL__SIZE", ("Settings.db.pool.size", "default")),
        ("a key of a dictionary", "DB__HOST", ("Settings.db", "example")),
        ("a key of a dictionary", "DB__USER", ("Settings.db", "default")),
        ("JSON around it, whatever is in it", "DB__PASSWORD", ("Settings.db.password", "unknown")),
    ],
)
def test_trace_tells_what_a_part_has(name: str, variable: str, expected: tuple[str, str]):
    assert _outcomes(_files(name), variable) == [expected]


def test_trace_and_the_rule_agree_on_an_empty_part():
    files = _files("one of three")
    files["compose.yml"] = "services: {web: {build: ., environment: {DB__PORT: '${DB__PORT:-}'}}}\n"
    del files[".env.example"]
    assert _outcomes(files, "DB__PORT") == [("Settings.db.port", "refused")]
