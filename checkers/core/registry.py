"""Which checkers there are. Adding one means a line here and a folder of its own; nothing else knows their names."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, cast

if TYPE_CHECKING:
    from checkers.core.model import Checker, Rule

# Name on the command line -> (package, one line for --help). Packages are imported when they run, not before.
CHECKERS = {
    "env-keys": ("checkers.env_keys", "Settings, .env.example and the secrets template name the same variables."),
    "dockerfile-args": ("checkers.dockerfile_args", "Public frontend variables reach every image build."),
    "submodule-sync": ("checkers.submodule_sync", "The infra pointer is merged upstream, never rewound, and in step."),
    "coverage": ("checkers.coverage_gate", "Measured coverage meets thresholds that agree, are wired and not lowered."),
}
HYGIENE = "checkers.hygiene"


def load_checker(name: str) -> Checker:
    """Imports one checker by its name on the command line."""
    return cast("Checker", import_module(CHECKERS[name][0]).CHECKER)


def load_hygiene() -> tuple[Rule, ...]:
    """Imports the rules about fr-check's own directives, which run after every checker."""
    return cast("tuple[Rule, ...]", import_module(HYGIENE).RULES)


def all_rules() -> tuple[Rule, ...]:
    """Every rule, hygiene's last; imports every checker, so not for the path of a check."""
    return (*(rule for name in CHECKERS for rule in load_checker(name).rules), *load_hygiene())


def rule_ids() -> frozenset[str]:
    """Every rule id. An id may belong to several checkers (`duplicate-key`)."""
    return frozenset(rule.id for rule in all_rules())
