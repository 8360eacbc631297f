"""Values as pydantic reads them, compared with pydantic."""

from __future__ import annotations

import inspect
import json
import os
import warnings
from collections.abc import Mapping, Sequence
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from enum import Enum, IntEnum, StrEnum
from ipaddress import IPv4Address
from pathlib import Path
from typing import Annotated, Any, Literal
from unittest import mock
from uuid import UUID

import annotated_types
import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import (
    AnyUrl,
    DirectoryPath,
    Field,
    FilePath,
    HttpUrl,
    NonNegativeFloat,
    PositiveFloat,
    PositiveInt,
    PostgresDsn,
    SecretStr,
    Strict,
    StrictInt,
    ValidationError,
    conint,
    constr,
    create_model,
)
from pydantic_settings import BaseSettings, NoDecode, SettingsError

from fr_check.core.nearness import Speller
from fr_check.core.text import Text
from fr_check.env_keys.rules.leaked_secret import _looks_real
from fr_check.env_keys.values.accepted import typed
from fr_check.env_keys.values.placeholders import is_placeholder, same_but_for_the_host
from fr_check.sources import settings
from fr_check.variables.wellknown import is_well_known

TYPES: dict[str, Any] = {
    "str": str,
    "int": int,
    "float": float,
    "bool": bool,
    "int | None": int | None,
    "int | bool": int | bool,
    "str | None": str | None,
    "list[str]": list[str],
    "dict[str, str]": dict[str, str],
    "Literal['a', 'b']": Literal["a", "b"],
    "Literal[1, 2]": Literal[1, 2],
    "Annotated[list[str], NoDecode]": Annotated[list[str], NoDecode],
}
VALUES = [
    "",
    " ",
    "1",
    " 1 ",
    "1.0",
    "1.5",
    "1_000",
    "+1",
    "-1",
    "007",
    "9" * 4300,
    "9" * 4301,
    f"-{'0' * 5000}1",
    "1e3",
    "inf",
    "nan",
    "true",
    "True",
    "TRUE",
    "yes",
    "on",
]
VALUES += [
    "t",
    "y",
    "2",
    "false",
    " true",
    "null",
    "None",
    "a",
    "c",
    "a,b",
    '["a"]',
    '{"a": "b"}',
    "[1",
    '"a"',
    "0x10",
    "1__0",
    ".",
]
VALUES += ["1.", ".5", "1e", "_1", "1_", "Infinity", "-inf", "off", "\u0661"]


class Whole(IntEnum):
    A = 1
    B = 2


class Plain(Enum):
    A = 1
    B = 2


class Words(StrEnum):
    A = "x"
    B = "y"


class Lenient(Enum):
    A = "x"

    @classmethod
    def _missing_(cls, _value: object) -> Lenient:
        return cls.A


ENUMERATIONS = "from enum import *\n" + "".join(map(inspect.getsource, (Whole, Plain, Words, Lenient)))
CONSTRAINED: dict[str, Any] = {
    "Whole": Whole,
    "Plain": Plain,
    "Words": Words,
    "Lenient": Lenient,
    "Whole | None": Whole | None,
    "PositiveInt": PositiveInt,
    "NonNegativeFloat": NonNegativeFloat,
    "conint(gt=1, le=3)": conint(gt=1, le=3),
    "Annotated[int, Field(ge=1, lt=3)]": Annotated[int, Field(ge=1, lt=3)],
    "Annotated[int, Field(ge=1), Field(ge=2)]": Annotated[int, Field(ge=1), Field(ge=2)],
    "Annotated[int, Field(multiple_of=2)]": Annotated[int, Field(multiple_of=2)],
    "Annotated[float, annotated_types.Ge(1.5)]": Annotated[float, annotated_types.Ge(1.5)],
    "Annotated[Optional[int], Field(le=1)]": Annotated[int | None, Field(le=1)],
    "Annotated[str, Field(min_length=2, max_length=3)]": Annotated[str, Field(min_length=2, max_length=3)],
    "constr(max_length=2)": constr(max_length=2),
    "Annotated[SecretStr, Field(min_length=3)]": Annotated[SecretStr, Field(min_length=3)],
    # Bounds are of one member of a union; the others take what they take.
    "PositiveFloat | Literal[-1]": PositiveFloat | Literal[-1],
    "Literal['abc'] | PositiveInt": Literal["abc"] | PositiveInt,
    "Literal['abc'] | conint(ge=2) | None": Literal["abc"] | conint(ge=2) | None,
    # No text is a strict number; of a union with a strict member, JSON is read first.
    "Annotated[int, Field(strict=True)]": Annotated[int, Field(strict=True)],
    "Annotated[int, Field(strict=False, ge=2)]": Annotated[int, Field(strict=False, ge=2)],
    "Annotated[bool, Strict()]": Annotated[bool, Strict()],
    "StrictInt": StrictInt,
    "StrictInt | None": StrictInt | None,
    "conint(strict=True)": conint(strict=True),
}
# What more than an empty text these refuse is not known here.
FILLED: dict[str, Any] = {
    "timedelta": timedelta, "timedelta | None": timedelta | None, "datetime": datetime, "date": date, "time": time,
    "UUID": UUID, "HttpUrl": HttpUrl, "AnyUrl | None": AnyUrl | None, "PostgresDsn": PostgresDsn,
    "IPv4Address": IPv4Address, "FilePath": FilePath, "DirectoryPath": DirectoryPath, "Path": Path,
    "timedelta | str": timedelta | str,
}  # fmt: skip


def model_of(kind: Any, **config: Any) -> type[BaseSettings]:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        base = type("Base", (BaseSettings,), {"model_config": config, "__module__": __name__})
        return create_model("S", __base__=base, field=(kind, ...))


def read(model: type[BaseSettings], value: str) -> tuple[bool, Any]:
    with warnings.catch_warnings(), mock.patch.dict(os.environ, {"FIELD": value}, clear=True):
        warnings.simplefilter("ignore")
        try:
            return True, model().field
        except (ValidationError, SettingsError):
            return False, None


def pydantic(kind: Any, value: str, **config: Any) -> tuple[bool, Any]:
    return read(model_of(kind, **config), value)


HEAD = "import annotated_types\nfrom datetime import *\nfrom uuid import UUID\nfrom ipaddress import IPv4Address\n"
HEAD += "from pathlib import Path\nfrom decimal import Decimal\nfrom typing import *\nfrom pydantic import *\n"
HEAD += "from pydantic_settings import *\n" + ENUMERATIONS


def kind_of(annotation: str, config: str = "") -> settings.Kind:
    source = f"{HEAD}class S(BaseSettings):\n    model_config = SettingsConfigDict({config})\n    field: {annotation}\n"
    return settings.parse(Text(source)).classes[0].settings[0].kind


def ours(annotation: str, value: str, config: str = "") -> tuple[bool, Any]:
    return typed(kind_of(annotation, config), value)


@pytest.mark.parametrize("annotation", TYPES)
def test_accepts_what_pydantic_accepts(annotation: str) -> None:
    for value in VALUES:
        valid, expected = pydantic(TYPES[annotation], value)
        found = ours(annotation, value)
        if "NoDecode" not in annotation and not (annotation.startswith(("list", "dict")) and found[0]):
            assert found[0] == valid, value
        if valid and annotation in {"int", "bool", "str", "float"}:
            assert repr(found[1]) == repr(expected), value


@pytest.mark.parametrize("annotation", CONSTRAINED)
def test_members_and_bounds_are_those_of_pydantic(annotation: str) -> None:
    for value in (*VALUES, "x", "y", "A", "B", "3", "abc", "abcd", "4", " 2", "2.0"):
        for config in ({}, {"env_parse_enums": True}):
            valid, expected = pydantic(CONSTRAINED[annotation], value, **config)
            found = ours(annotation, value, ", ".join(f"{name}={given}" for name, given in config.items()))
            stripped = value != value.strip() and "str" in annotation.lower()
            lenient = annotation in {"Lenient", "StrictInt | None"} or stripped
            assert found[0] == valid or (found[0] and lenient), (value, config)
            if isinstance(expected, Enum) and not lenient:
                assert found[1] == expected.value


@pytest.mark.parametrize("annotation", FILLED)
def test_an_empty_text_is_refused_where_pydantic_refuses_it(annotation: str) -> None:
    assert ours(annotation, "")[0] == pydantic(FILLED[annotation], "")[0]
    assert ours(annotation, "anything")[0] or not pydantic(FILLED[annotation], "anything")[0]


ITEMS: dict[str, Any] = {
    "list[str]": list[str],
    "list[int]": list[int],
    "set[bool]": set[bool],
    "Sequence[float]": Sequence[float],
    "tuple[int, ...]": tuple[int, ...],
    "tuple[int]": tuple[int],
    "tuple[int, str]": tuple[int, str],
    "dict[str, int]": dict[str, int],
    "Mapping[str, str]": Mapping[str, str],
    "list[list[int]]": list[list[int]],
    "dict[str, list[str]]": dict[str, list[str]],
    "list[int | None]": list[int | None],
    "Optional[list[int]]": list[int] | None,
    "list[int] | list[str]": list[int] | list[str],
    "list[int] | dict[str, str]": list[int] | dict[str, str],
    "list[Literal['a', 1]]": list[Literal["a", 1]],
    "list[Words]": list[Words],
    "list[Whole]": list[Whole],
    "list[SecretStr]": list[SecretStr],
    "list[Decimal]": list[Decimal],
    "list[Annotated[int, Field(ge=1)]]": list[Annotated[int, Field(ge=1)]],
    "list": list,
    "dict": dict,
    "list[Any]": list[Any],
}
# Of these, not all that pydantic refuses is known to be refused.
DOUBTFUL = {
    *("tuple[int]", "tuple[int, str]", "list[int] | list[str]", "list[int] | dict[str, str]"),
    *("list[Annotated[int, Field(ge=1)]]", "list[Decimal]", "list[Whole]"),
}
SCALARS = st.one_of(
    *(st.none(), st.booleans(), st.integers(-2, 3), st.sampled_from([0.0, 1.0, 1.5, 1e10])),
    st.sampled_from(["", "a", "x", "1", " 2 ", "1.0", "1.5", "true", "no", "nan"]),
)
JSON = st.recursive(
    SCALARS, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from("ab"), inner, max_size=2)
)


@pytest.mark.parametrize("annotation", ITEMS)
def test_what_json_may_hold_is_what_pydantic_takes(annotation: str) -> None:
    model, kind = model_of(ITEMS[annotation]), kind_of(annotation)

    @given(JSON)
    def compare(value: object) -> None:
        text = json.dumps(value)
        found, (valid, _) = typed(kind, text)[0], read(model, text)
        assert found or not valid
        assert found == valid or annotation in DOUBTFUL

    compare()


@pytest.mark.parametrize(
    ("annotation", "config", "value", "expected"),
    [
        ("list[str]", "coerce_numbers_to_str=True", "[1]", True),
        ("list[str]", "coerce_numbers_to_str=False", "[1]", False),
        ("list[Annotated[int, BeforeValidator(len)]]", "", '["abc"]', True),
        ("Annotated[list[int], BeforeValidator(str.split)]", "", '["abc"]', True),
        ("list[Annotated[int, Field(ge=1)]]", "", '["abc"]', True),
        ("list[Mine]", "", "[[]]", True),
        ("list['int']", "", '["abc"]', False),
        ("list[list[list[list[list[list[list[list[list[list[int]]]]]]]]]]", "", "[1]", False),
        ("list[list[list[list[list[list[list[list[list[list[int]]]]]]]]]]", "", "[[[[[[[[[[null]]]]]]]]]]", True),
    ],
)
def test_items_are_judged_where_nothing_may_come_between(
    annotation: str,
    config: str,
    value: str,
    expected: bool,  # noqa: FBT001
) -> None:
    assert ours(annotation, value, config)[0] == expected


@given(st.sampled_from(["int", "float", "bool"]), st.text(alphabet="0123456789._+-eE aftrulsyn", max_size=6))
def test_numbers_and_booleans_agree_with_pydantic(annotation: str, value: str) -> None:
    assert ours(annotation, value)[0] == pydantic(TYPES[annotation], value)[0]


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("<YOUR_KEY>", True),
        ("change-me", True),
        ("generate_a_secure_token_for_production_here", True),
        ("dev_secret_key_change_in_prod", True),
        ("https://your-public-s3-endpoint.example.com", True),
        ("${OTHER}", True),
        ("xxxxxxxx", True),
        ("us-east-1", False),
        ("9f8a7b6c5d4e3f2a1b0c", False),
        ("", False),
    ],
)
def test_placeholders(value: str, expected: bool) -> None:  # noqa: FBT001
    assert is_placeholder(value) == expected


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("", False),
        ("minio", False),
        ("minio_local_secret", False),
        ("<YOUR_S3_SECRET_KEY>", False),
        ("postgresql://postgres:postgres@localhost/db", False),
        ("postgresql://app:kD82hsPqm4Zx71@db.internal.example.net/app", True),
        ("postgresql://app:kD82hsPqm4Zx71@postgres/app", False),
        ("9f8a7b6c5d4e3f2a1b0c9d8e7f6a5b4c", True),
        ("AKIA" + "Q7Z2M4X8K1P5W9R3", True),
        ("sk-" + "x" * 40, False),
        ("this is a sentence with 4 numbers 12345", False),
    ],
)
def test_what_looks_like_a_secret(value: str, expected: bool) -> None:  # noqa: FBT001
    assert _looks_real(value, secret=True) == expected


def test_hosts_may_differ() -> None:
    assert same_but_for_the_host("redis://a:1/0", "redis://b.example:6379/0")
    assert same_but_for_the_host("x://u:p@h/db", "x://h2/db")
    assert not same_but_for_the_host("x://h/db", "x://h/other")


@pytest.mark.parametrize(
    ("key", "near"),
    [
        ("REDIS_UR", "REDIS_URL"),
        ("REDSI_URL", "REDIS_URL"),
        ("redis_urll", "REDIS_URL"),
        ("REDIS_URL_EXTRA", "REDIS_URL"),
        ("CORS_ORIGINS_STR", "CORS_ORIGINS"),
        ("APP_CORS_ORIGINS", "CORS_ORIGINS"),
        ("DATABASE_URL", ""),
        ("REDIS_URL", ""),
    ],
)
def test_the_nearest_name(key: str, near: str) -> None:
    assert Speller(["REDIS_URL", "CORS_ORIGINS", "ENV"]).nearest(key) == near


@pytest.mark.parametrize(
    ("key", "expected"),
    [
        ("OTEL_TRACES_SAMPLER", True),
        ("PGPASSWORD", True),
        ("AWS_SECRET_ACCESS_KEY", True),
        ("TZ", True),
        ("GIT_COMMIT_SHA", False),
        ("GOOGLE_CLIENT_ID", False),
        ("REDIS_PASSWORD", False),
        ("MINIO_ENDPOINT", False),
        ("PORTS", False),
    ],
)
def test_variables_that_libraries_read_themselves(key: str, expected: bool) -> None:  # noqa: FBT001
    assert is_well_known(key) == expected
