"""The help can be followed: after the edit that it names the finding is gone, and the real application starts."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

import pytest

from fr_check.core.model import Severity
from tests.env_world import CONFIG, EXAMPLE, HEAD, everything, load, settings, world

if TYPE_CHECKING:
    from pathlib import Path

    from fr_check.core.model import Finding

_ADD = re.compile(r"add `((?:[^`])*)` to (\S+)")
FIELDS = (
    "a: str = 'x'", "a: str = ''", "a: str", "a: int = 3", "a: int", "a: int | None = None", "a: int | None",
    "a: float = 0.5", "a: bool = True", "a: bool", "a: bool | None = None", "a: list[str] = ['x', 'y']",
    "a: list[str] = []", "a: list[str]", "a: list[int] | None = None", "a: dict[str, int] = {'x': 1}",
    "a: Literal['on', 'off'] = 'on'", "a: Literal['on', 'off']", "a: Literal['on'] | None = None",
    "a: str = 'http://localhost:8000/x?y=1'", "a: str = 'a_b/c:d'", "a: str = 'two words'", "a: str = 'it\\'s'",
    "a: str = 'x # y'", "a: str = '$HOME'", "a: str = '{name}'", "a: str = '#fff'", "a: str = 'a\\nb'",
    "a: str = 'caf\\u00e9'", "a: PositiveInt = 5", "a: PositiveInt", "a: int = Field(ge=10)", "a: int = Field(lt=0)",
    "a: str = Field(min_length=3)", "a: SecretStr", "a: SecretStr = SecretStr('hush')", "a: SecretStr | None = None",
    "a: HttpUrl = 'http://localhost'", "a: HttpUrl", "a: PostgresDsn", "a: RedisDsn | None = None", "a: timedelta",
    "a: timedelta | None = None", "a: Decimal = Decimal('1.5')", "a: Decimal",
    "a: Path = Path('/data')", "a: UUID", "a: date | None = None", "a: tuple[str, ...] = ('x',)", "a: set[int] = {1}",
    "a: Annotated[list[str], NoDecode, BeforeValidator(split)] = ['x', 'y']", "a: Json", "a: Mode = Mode.ON", "a: Mode",
    "a: Level = Level.LOW", "a: str = Field('d', alias='B')", "secret_key: str = 'dev'", "api_token: str | None = None",
    "secret_port: int = 5", "a: int | Literal['auto'] = 'auto'", "a: PositiveFloat | Literal[-1] = 1.5",
    "a: bytes = b'x'",
)  # fmt: skip
SPLIT = "def split(value):\n    return value.split(',') if isinstance(value, str) else value\n\n\n"
MORE = (
    "from datetime import date, timedelta\nfrom decimal import Decimal\nfrom enum import Enum, IntEnum\n"
    "from pathlib import Path\nfrom uuid import UUID\n"
    + HEAD
    + SPLIT
    + "class Mode(str, Enum):\n    ON = 'on'\n    OFF = 'off'\n\n\nclass Level(IntEnum):\n    LOW = 1\n\n\n"
)
BODY = settings("{}", config="extra='ignore'").removeprefix(HEAD)


def project(field: str, *, strict: bool) -> tuple[str, dict[str, str]]:
    """A project with one field and an example that documents nothing of it, and the path of its settings."""
    path = CONFIG if strict else "app/conf.py"
    return path, {path: MORE + BODY.format(field), EXAMPLE: "# Nothing yet.\nTZ=UTC\n"}


def troubles(files: dict[str, str]) -> list[Finding]:
    rules = {"setting-without-default", "unparsable-settings"}
    return [f for f in everything(load(files)) if f.severity > Severity.INFO and f.rule not in rules]


def start(source: str, example: str, folder: Path) -> Any:
    """What the real library makes of an example that was copied to `.env`."""
    (folder / ".env").write_text(example)
    names: dict[str, Any] = {"__name__": "config"}
    exec(compile(source, "config.py", "exec", dont_inherit=True), names)  # noqa: S102 - our own source
    return names["Settings"](_env_file=folder / ".env")


@pytest.mark.parametrize("strict", [True, False], ids=["strict", "common"])
@pytest.mark.parametrize("field", FIELDS)
def test_the_line_that_the_help_names_ends_the_finding_and_starts_the_application(
    field: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, *, strict: bool
) -> None:
    path, files = project(field, strict=strict)
    (finding,) = troubles(files)
    assert finding.rule == "undocumented-setting"
    edit = _ADD.fullmatch(finding.help or "")
    assert edit is not None, finding.help
    files[edit[2]] += f"{edit[1]}\n"
    assert troubles(files) == []
    if "SECRET" in edit[1] or "TOKEN" in edit[1] or "hush" in field:
        assert "hush" not in edit[1]
    monkeypatch.chdir(tmp_path)
    made = start(files[path], files[EXAMPLE], tmp_path)
    if edit[1].startswith("#") or edit[1].endswith("=") or " = " not in field or "Field(" in field:
        return
    # What is copied changes nothing: the value in the example is the default.
    monkeypatch.delenv("A", raising=False)
    (name,) = type(made).model_fields
    if "| None = None" not in field and "SecretStr" not in field:
        assert getattr(made, name) == type(made)(_env_file=None).model_dump()[name]


def test_a_commented_line_is_a_way_out_under_common() -> None:
    _, files = project("a: int | None = None", strict=False)
    files[EXAMPLE] += "A=\n"
    (finding,) = troubles(files)
    assert (finding.rule, "make the line a comment" in finding.help) == ("invalid-example-value", True)
    files[EXAMPLE] = files[EXAMPLE].replace("A=", "# A=")
    assert troubles(files) == []


def test_no_help_leads_in_a_circle_under_strict() -> None:
    _, files = project("a: int | None = None", strict=True)
    files[EXAMPLE] += "A=\n"
    (finding,) = troubles(files)
    assert "comment" not in finding.help
    assert "env_ignore_empty=True" in finding.help
    files[CONFIG] = files[CONFIG].replace("SettingsConfigDict(", "SettingsConfigDict(env_ignore_empty=True, ")
    assert troubles(files) == []


def test_an_unknown_key_is_removed_or_renamed() -> None:
    files = world(settings("database_url: str = 'x'"), "DATABSE_URL=x\n")
    unknown = next(f for f in everything(load(files)) if f.rule == "unknown-example-key")
    assert "did you mean `DATABASE_URL`?" in unknown.help
    files[EXAMPLE] = files[EXAMPLE].replace("DATABSE_URL", "DATABASE_URL")
    assert [f for f in everything(load(files)) if f.severity > Severity.INFO] == []


@pytest.mark.parametrize(
    ("field", "value", "said", "cure"),
    [
        ("a: Literal[1, 2] = 1", "1", "1 or 2 as a number, and a variable holds text", "IntEnum"),
        ("a: int | Literal['auto'] = 1", "x", "an integer or 'auto'", "write one of these values"),
        ("a: Literal['a', 'b'] = 'a'", "x", "one of 'a', 'b'", "write one of these values"),
        ("a: Level = Level.LOW", "x", "it needs 1", "write one of these values"),
        ("a: PositiveFloat | Literal[-1] = 1", "-1", "a number, more than 0", ""),
        ("a: int = Field(3, strict=True)", "3", "", ""),
        ("a: timedelta = timedelta(1)", "", "", ""),
    ],
)
def test_what_a_type_needs_is_said_in_words_that_help(field: str, value: str, said: str, cure: str) -> None:
    _, files = project(field, strict=True)
    files[EXAMPLE] += f"A={value}\n"
    found = [f for f in troubles(files) if f.rule == "invalid-example-value"]
    assert len(found) == 1
    assert said in found[0].message
    assert cure in found[0].help
    assert "which no text can be" not in found[0].message


@pytest.mark.parametrize(
    ("line", "says", "not_says"),
    [
        ('PASSWORD="abc$def"', "single quotes", "blanks"),
        ("A = two words", "without blanks around the `=`, and with the value in single quotes", "double"),
        ("A = plain", "without blanks around the `=`", "quotes"),
        ("A=it's here", "double quotes", "blanks"),
        ("A=x#y", "single quotes", "blanks"),
    ],
)
def test_the_help_for_a_line_names_what_is_wrong_with_it(line: str, says: str, not_says: str) -> None:
    key = line.partition("=")[0].strip()
    files = world(settings(f"{key.lower()}: str = ''"), f"{line}\n")
    (found,) = [f for f in everything(load(files)) if f.rule == "unportable-line"]
    assert says in found.help
    assert not_says not in found.help


def test_a_delimiter_that_splits_a_name_is_explained() -> None:
    inner = "class DB(BaseModel):\n    pool_size: int = 1\n\n\n"
    config = "env_nested_delimiter='_', extra='ignore'"
    source = settings("db: DB = DB()", config=config).replace("class Settings", inner + "class Settings")
    files = world(source, "DB={}\nDB_POOL_SIZE=5\n")
    (found,) = [f for f in everything(load(files)) if f.rule == "unknown-example-key"]
    assert "`__`" in found.help
    assert "env_nested_max_split=1" in found.help
    files[CONFIG] = source.replace("env_nested_delimiter='_'", "env_nested_delimiter='_', env_nested_max_split=1")
    assert not [f for f in everything(load(files)) if f.rule == "unknown-example-key"]
