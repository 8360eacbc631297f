"""Measured coverage of small repositories in memory, for tests."""

from __future__ import annotations

from importlib import import_module
from types import SimpleNamespace
from typing import TYPE_CHECKING

from fr_check.core.config import Config
from fr_check.core.context import Context, Options
from fr_check.core.repository import Memory, Repository
from fr_check.coverage_gate.measured.model import Measured
from fr_check.coverage_gate.measured.totals import measure
from fr_check.policy.coverage_gate import Coverage

if TYPE_CHECKING:
    from collections.abc import Mapping

    from fr_check.core.model import Finding, Unknown
    from fr_check.coverage_gate.measured.gates import Gate

RULES = (
    "coverage_below_threshold",
    "coverage_dropped",
    "file_below_floor",
    "group_below_threshold",
    "incomplete_shards",
    "inconsistent_coverage_data",
    "loose_rounding",
    "missing_coverage_data",
    "mixed_coverage_data",
    "nothing_measured",
    "patch_below_threshold",
    "stale_coverage_data",
    "truncated_coverage_data",
    "unmapped_coverage_data",
    "unmatched_group",
    "unmeasured_source",
)


def measured(
    files: Mapping[str, str | bytes] | Repository,
    *reports: str,
    policy: Coverage | None = None,
    base: Mapping[str, str | bytes] | None = None,
    declared: tuple[Gate, ...] = (),
) -> Measured:
    repository = files if isinstance(files, Repository) else Memory(files)
    config = Config(path=".fr-check.toml", tables={Coverage: policy or Coverage()})
    before = None if base is None else Memory(base)
    return measure(Context(repository, config, before, Options(reports=reports)), declared)


def judged(found: Measured) -> list[Finding | Unknown]:
    rules = [import_module(f"fr_check.coverage_gate.rules.{name}").RULE for name in RULES]
    return [item for rule in rules for item in rule.check(SimpleNamespace(measured=found, head=Memory({})))]


def ids(found: Measured) -> list[str]:
    return sorted(getattr(item, "rule", getattr(item, "reason", "")) for item in judged(found))
