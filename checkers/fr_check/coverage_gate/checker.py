"""fr-check coverage: measured coverage meets thresholds that agree, are wired and were not lowered."""

from fr_check.core.checker import Checker
from fr_check.core.rules import load_rules
from fr_check.coverage_gate import loading, seen

CHECKER = Checker(
    name="coverage", load=loading.load, rules=seen.with_commands(load_rules("coverage_gate")), record=loading.record
)
