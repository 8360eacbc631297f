"""Every key of the configuration says what it means, and which rules it decides about."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from fr_check.core.registry import CHECKERS, all_rules
from fr_check.policy.options import OPTIONS, of_rule
from fr_check.policy.schema import schema

if TYPE_CHECKING:
    from collections.abc import Iterator


def keys(node: dict[str, Any], path: str = "") -> Iterator[str]:
    """The paths of all keys that hold a value, tables and lists of tables opened."""
    for name, inner in node.get("properties", {}).items():
        below = inner.get("items", inner)
        here = f"{path}.{name}".lstrip(".")
        if "properties" in below:
            yield from keys(below, here)
        elif here not in {"severity", "allow"}:
            yield here


def test_every_key_has_a_meaning_and_no_other_has():
    assert sorted(option.path for option in OPTIONS) == sorted(keys(schema()))


def test_rules_are_those_there_are():
    rules = {rule.id for rule in all_rules()}
    assert {name for option in OPTIONS for name in option.rules} <= rules


@pytest.mark.parametrize("rule", all_rules(), ids=lambda rule: f"{rule.checker}/{rule.id}")
def test_a_rule_has_options_of_its_own_checker(rule: Any):
    found = of_rule(rule.checker, rule.id)
    assert {option.path.partition(".")[0] for option in found} <= {*CHECKERS, "preset"}
    assert rule.checker == "hygiene" or found or rule.checker == "submodule-sync"


def test_editors_are_told_the_meaning():
    described = schema()["properties"]["coverage"]["properties"]["slack"]["description"]
    assert described == next(option.meaning for option in OPTIONS if option.path == "coverage.slack")
