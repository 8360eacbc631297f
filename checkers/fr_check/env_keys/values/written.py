"""What a line of an example may say for a setting: its default, where known and no secret, else a value that it takes.

Whoever follows the advice must end with an example that can be copied: no value that the type refuses, no blank or sign
that a shell, Compose or python-dotenv would read in another way.
"""

from __future__ import annotations

import ast
import re

from fr_check.core.patterns import pattern
from fr_check.core.secrecy import is_secret_name, redact
from fr_check.env_keys.values.accepted import typed

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import Any

    from fr_check.sources.settings import Kind, Setting

_PLAIN = pattern(r"[\w./:@%+,=-]*", re.ASCII)
_LONGEST = 200
_NOTHING = object()
# Types of pydantic and of the standard library that take no empty text, by what their names end in.
_BY_NAME = (
    ("PostgresDsn", "postgresql://localhost/app"),
    ("RedisDsn", "redis://localhost:6379"),
    ("MySQLDsn", "mysql://localhost/app"),
    ("AmqpDsn", "amqp://localhost"),
    ("KafkaDsn", "kafka://localhost:9092"),
    ("MongoDsn", "mongodb://localhost:27017"),
    ("AnyHttpUrl", "http://localhost"),
    ("HttpUrl", "http://localhost"),
    ("AnyUrl", "http://localhost"),
    ("AnyWebsocketUrl", "ws://localhost"),
    ("WebsocketUrl", "ws://localhost"),
    ("EmailStr", "user@example.com"),
    ("timedelta", "PT1M"),
    ("datetime", "2030-01-01T00:00:00Z"),
    ("date", "2030-01-01"),
    ("UUID4", "00000000-0000-4000-8000-000000000000"),
    ("UUID", "00000000-0000-0000-0000-000000000000"),
    ("IPvAnyAddress", "127.0.0.1"),
    ("IPv4Address", "127.0.0.1"),
    ("Json", "null"),
    ("FilePath", ".env.example"),
    ("DirectoryPath", "."),
)
_NAME = pattern(r"\w+")


def is_secret(setting: Setting) -> bool:
    """Whether a setting holds a secret: by its type, by a mark, or by one of its names."""
    return setting.vault or looks_secret(setting)


def looks_secret(setting: Setting) -> bool:
    """Whether a setting holds a secret by its type, or by one of its names."""
    return setting.secret or any(map(is_secret_name, (setting.field, *(setting.names or ()))))


# Other words, such as KEY or COOKIE, more often mean something else: a routing key, the name of a cookie.
_STRONG = pattern(
    r"(?:^|_)(?:SECRETS?|PASSWORD|PASSWD|PASSPHRASE|PWD|TOKENS?|CREDENTIALS?|PRIVATE|SALT|PEPPER|APIKEY|JWT)(?:$|_|\d)"
    r"|API_KEY|ACCESS_KEY|ENCRYPTION_KEY|SIGNING_KEY"
)


def holds_secret(setting: Setting) -> bool:
    """Whether a setting almost certainly holds a secret: not where its name alone may mean another thing.

    A number is no secret, and neither is `routing_key: str = "tasks.default"`.
    """
    if setting.secret or setting.vault:
        return True
    if not is_secret(setting) or not {*setting.kind.names} - {"int", "float", "decimal", "bool", "none"}:
        return False
    default = setting.default.literal.reveal() if setting.default and setting.default.literal else "None"
    names = " ".join((setting.field, *(setting.names or ()))).upper().split()
    return default in {"None", "''", '""'} or any(_STRONG.search(name) for name in names)


def line_of(setting: Setting, *, optional_commented: bool, ignores_empty: bool = False) -> str:
    """The line of an example that documents a setting.

    `optional_commented`: a comment documents what need not be set, so that nothing is changed by copying the example.
    """
    value = default_of(setting)
    if value is None and optional_commented and not setting.required:
        return f"# {setting.name}="
    if value is None:
        value = "" if ignores_empty else _any_value(setting)
    return f"{setting.name}={value}"


def default_of(setting: Setting) -> str | None:
    """The default as an example spells it; None where it is none, is not known, or should not be shown."""
    literal = setting.default.literal.reveal() if setting.default and setting.default.literal else None
    if literal is None or is_secret(setting) or len(literal) > _LONGEST:
        return None
    found = spelled(_value(literal), setting.kind)
    if found is None or redact(f"{setting.name}={found}") != f"{setting.name}={found}":
        return None
    return found


def _value(literal: str) -> Any:
    try:
        return ast.literal_eval(literal)
    except (ValueError, SyntaxError, RecursionError, MemoryError):
        return _NOTHING


def spelled(value: Any, kind: Kind) -> str | None:
    """A Python value as the text of a variable, quoted where it must be; None for what no text of this kind gives."""
    if value is None:
        return kind.null
    if isinstance(value, (bool, int, float)):
        text = str(value).lower() if isinstance(value, bool) else repr(value)
        return text if typed(kind, text).valid else None
    if isinstance(value, str):
        return quoted(value) if typed(kind, value).valid else None
    if isinstance(value, (list, tuple, dict, set, frozenset)):
        return _structured(value, kind)
    return None


def _structured(value: Any, kind: Kind) -> str | None:
    items = value if isinstance(value, dict) else sorted(value, key=repr) if isinstance(value, set) else list(value)
    if not kind.decoded:
        plain = isinstance(items, list) and all(isinstance(item, str) and "," not in item for item in items)
        return quoted(",".join(items)) if plain else None
    import json  # noqa: PLC0415 - only structured settings need it

    try:
        return quoted(json.dumps(items))
    except (TypeError, ValueError):
        return None


def quoted(text: str) -> str | None:
    """A text as every reader of an example takes it for itself; None for one that no quoting keeps."""
    if _PLAIN.fullmatch(text):
        return text
    if not text.isprintable() or "${" in text:
        return None
    if "'" not in text:
        # python-dotenv makes one backslash of two, and others keep both.
        return None if "\\\\" in text or text.endswith("\\") else f"'{text}'"
    return None if any(sign in text for sign in '"$`\\') else f'"{text}"'


def _any_value(setting: Setting) -> str:
    """A text that the type takes; empty where that will do."""
    words = _NAME.findall(setting.annotation)
    by_name = [value for name, value in _BY_NAME if name in words]
    candidates = ["", *by_name] if "str" in setting.kind.names else [*by_name, ""]
    for text in (*candidates, *_candidates(setting.kind)):
        if typed(setting.kind, text).valid and (text or _takes_empty(setting)):
            return quoted(text) or ""
    return ""


def _takes_empty(setting: Setting) -> bool:
    return is_secret(setting) or not any(name == "min_length" for name, _ in setting.kind.bounds)


def _candidates(kind: Kind) -> Iterator[str]:
    yield from (str(literal) for literal in kind.literals)
    numbers = [limit + step for _, limit in kind.bounds for step in (0, 1, -1)]
    yield from ("1", *(f"{number:g}" for number in numbers), "false", "[]", "{}", "change-me")
    lengths = [int(limit) for name, limit in kind.bounds if name == "min_length"]
    yield from ("x" * length for length in lengths if length < _LONGEST)
