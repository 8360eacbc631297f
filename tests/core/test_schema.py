"""The JSON Schema of the configuration accepts what the reader accepts."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest
import tomli
from jsonschema.validators import validator_for

from fr_check.core.repository import Memory
from fr_check.core.trouble import Trouble
from fr_check.policy.find import read_policy
from fr_check.policy.schema import schema

SCHEMA = schema()
VALIDATOR = validator_for(SCHEMA)(SCHEMA)
DOCUMENTATION = (Path(__file__).parents[2] / "docs" / "configuration.md").read_text("utf-8")
DOCUMENTED = [block for block in re.findall("```toml\n(.*?)```", DOCUMENTATION, re.DOTALL) if "tool.fr-check" in block]


def valid(table: dict[str, Any]) -> bool:
    # A validator for JSON knows no dates; editors hand them on as text.
    return VALIDATOR.is_valid(tomli_as_json(table))


def tomli_as_json(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: tomli_as_json(inner) for key, inner in value.items()}
    if isinstance(value, list):
        return [tomli_as_json(inner) for inner in value]
    return value if isinstance(value, (str, int, float, bool)) else str(value)


def accepted(text: str) -> bool:
    try:
        # What `extend` and `baseline` name is not there; whether a key may be written is the question.
        read_policy(Memory({".fr-check.toml": re.sub("(?m)^extend.*$", "", text)}))
    except Trouble:
        return False
    return True


@pytest.mark.parametrize("block", DOCUMENTED)
def test_what_is_documented_is_valid(block: str):
    assert valid(tomli.loads(block)["tool"]["fr-check"])


@pytest.mark.parametrize(
    "text",
    [
        "select = ['glued-key']",
        "select = 'glued-key'",
        "fail-on = 'warning'",
        "fail-on = 'off'",
        "nonsense = 1",
        "[severity]\nglued-key = 'off'",
        "[severity]\nglued-key = 'loud'",
        "[severity]\nno-such-rule = 'off'",
        "[allow]\nglued-key = [{reason = 'x', until = 2027-01-31}]",
        "[allow]\nglued-key = [{subject = 'x'}]",
        "[allow]\nglued-key = [{reason = 'x', nonsense = 'y'}]",
        "[coverage]\nline = 95",
        "[coverage]\nline = 101",
        "[coverage]\nshards = -1",
        "[coverage]\nline = '95'",
        "[[coverage.groups]]\nname = 'a'\npaths = ['x']",
        "[[coverage.groups]]\npaths = ['x']",
        "[submodule-sync]\nbranch = {repo = 'main'}",
        "[submodule-sync]\nbranch = {repo = 1}",
        "[[env-keys.apps]]\nsettings = ['a.py']",
        "[[env-keys.apps]]\nsettings = 'a.py'",
        "allow-unknown = true",
        "allow-unknown = 'yes'",
    ],
)
def test_the_schema_accepts_what_the_reader_accepts(text: str):
    assert valid(tomli.loads(text)) == accepted(text)
