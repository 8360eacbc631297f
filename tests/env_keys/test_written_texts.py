"""Texts that pydantic refuses, tasks that write `.env` further, and what the messages say of them."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID

import pydantic
import pytest

from fr_check.core.config import Config
from fr_check.core.context import Context
from fr_check.core.engine import run
from fr_check.core.registry import load_checker
from fr_check.core.repository import Memory
from fr_check.env_keys.values.accepted import typed
from fr_check.sources.settings import Kind
from variables.notation import repository

_TYPES = {
    "duration": timedelta,
    "uuid": UUID,
    "url": pydantic.AnyUrl,
    "url http": pydantic.HttpUrl,
    "url ws": pydantic.WebsocketUrl,
    "url postgres": pydantic.PostgresDsn,
    "url redis": pydantic.RedisDsn,
    "url amqp": pydantic.AmqpDsn,
    "url mysql": pydantic.MySQLDsn,
    "url file": pydantic.FileUrl,
    "url ftp": pydantic.FtpUrl,
    "url mongodb": pydantic.MongoDsn,
}
_TEXTS = (
    "", " ", "5d", "5 days", "1 day, 10:00:00", "10:00", "10:00:00.5", "P1D", "PT5M", "-P1D", "5d 10:00", "5D", "10s",
    "1h", "500ms", "1 week", "1h30m", "localhost", "localhost:80", "example.com/x", "//a", "/x", "http://a", "HTTP://a",
    "http:a", "http:///x", " http://a ", "https://a:1/b?c", "ftp://a", "ws://h", "wss://h", "redis://r", "rediss://r:1/0",
    "postgres://u:p@h/d", "postgresql+asyncpg://h/d", "mysql+pymysql://h/d", "mongodb+srv://h", "amqps://h",
    "file:///x", "mailto:x", "12345678123456781234567812345678", "{12345678-1234-5678-1234-567812345678}",
    "urn:uuid:12345678-1234-5678-1234-567812345678", "1234", "abc",
)  # fmt: skip


@pytest.mark.parametrize("name", _TYPES)
def test_pydantic_refuses_whatever_is_said_to_be_refused(name: str):
    adapter = pydantic.TypeAdapter(_TYPES[name])
    wrong = []
    for text in _TEXTS:
        try:
            adapter.validate_python(text)
        except pydantic.ValidationError:
            continue
        wrong += [] if typed(Kind((name,)), text).valid else [text]
    assert wrong == []
    assert not typed(Kind((name,)), "10s" if name == "duration" else "localhost").valid


def _report(files: dict[str, str]):
    report, _ = run(Context(Memory(files), Config()), [load_checker("env-keys")])
    return report


def _said(files: dict[str, str], rule: str) -> list[tuple[str, str, str, str]]:
    found = (one for one in _report(files).findings if one.rule == rule)
    return [(one.subject, str(one.severity), one.message, one.help) for one in found]


@pytest.mark.parametrize(
    ("field", "value"),
    [("ttl: timedelta = 5", "10s"), ("url: HttpUrl = 'http://x'", "localhost"), ("u: UUID = 0", "1")],
)
def test_a_text_of_compose_that_pydantic_refuses(field: str, value: str):
    name = field.partition(":")[0].upper()
    files = repository(f"S«{field}» C«web: {{build: ., environment: {{{name}: '${{{name}:-{value}}}'}}}}»")
    files["app/config.py"] = (
        "from datetime import timedelta\nfrom uuid import UUID\nfrom pydantic import HttpUrl\n" + files["app/config.py"]
    )
    assert [one[:2] for one in _said(files, "invalid-passed-value")] == [(name, "error")]


_DEMANDED = 'S«db: str = ""» E«DB=» C«web: {build: ., environment: {DB: "${DB:?need}"}}» '
_TASKS = {
    "sed": 'F setup.sh«cp .env.example .env¶sed -i "s/^DB=.*/DB=$(openssl rand -hex 8)/" .env¶docker compose up -d»',
    "appended": "F setup.sh«cp .env.example .env¶echo DB=$(openssl rand -hex 8) >> .env¶docker compose up»",
    "envsubst": "F Makefile«up:¶\tcp .env.example .env¶\tenvsubst < .env.example > .env¶\tdocker compose up»",
    "a program": "F setup.sh«cp .env.example .env¶python3 scripts/gen_secrets.py¶docker compose up»",
}


@pytest.mark.parametrize("task", _TASKS.values(), ids=_TASKS)
def test_what_a_task_writes_is_not_known(task: str):
    report = _report(repository(_DEMANDED + task))
    assert not [one for one in report.findings if one.rule == "required-but-empty"]
    assert [gap.subject for gap in report.gaps] == ["DB"]


_ELSE = {
    "nothing between": "F setup.sh«cp .env.example .env¶docker compose up -d»",
    "another variable": "F setup.sh«cp .env.example .env¶echo OTHER=1 >> .env¶docker compose up»",
}


@pytest.mark.parametrize("task", _ELSE.values(), ids=_ELSE)
def test_a_task_that_leaves_it_empty(task: str):
    assert [one[:2] for one in _said(repository(_DEMANDED + task), "required-but-empty")] == [("DB", "error")]


def test_the_help_says_that_an_empty_value_arrives():
    line = "AK C«web: {build: ., environment: {A: '${A:-1}', SECRET_KEY: '${SECRET_KEY:-}'}}»"
    ((_, _, message, help_),) = _said(repository(line), "invalid-passed-value")
    assert "where .env does not set it, though .env.example does" in message
    assert help_.startswith("write `SECRET_KEY:`")
    assert "an empty value in `.env` then arrives as one" in help_


def test_a_truth_value_is_no_number():
    files = repository("S«flag: str = 'f'» C«web: {build: ., environment: {FLAG: True}}»")
    assert [one[2].endswith("YAML reads a truth value") for one in _said(files, "altered-literal")] == [True]
