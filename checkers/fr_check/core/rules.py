"""The rules of a checker, from the list of files that `make generate` writes."""

from __future__ import annotations

from importlib import import_module

from fr_check.core.rule_ids import RULES

TYPE_CHECKING = False
if TYPE_CHECKING:
    from fr_check.core.model import Rule


def load_rules(package: str) -> tuple[Rule, ...]:
    """Imports every rule of a checker's folder (`env_keys`), in the order of their ids."""
    modules = (f"fr_check.{package}.rules.{rule.replace('-', '_')}" for rule in RULES[package])
    return tuple(import_module(module).RULE for module in modules)
