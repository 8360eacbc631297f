"""Accepted findings: an earlier JSON report, whose findings fail nothing as long as they are there."""

from __future__ import annotations

import json

from fr_check.core.record import NamedTuple
from fr_check.core.trouble import Trouble

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping
    from typing import Any


class Accepted(NamedTuple):
    """How many findings of one fingerprint are accepted, and which rule they are of."""

    number: int
    checker: str
    rule: str


def read(path: str, data: bytes) -> Mapping[str, Accepted]:
    """Fingerprint -> what an earlier JSON report accepts. Its unknowns are never accepted.

    Raises:
        Trouble: the file is no JSON report.
    """
    found: dict[str, Accepted] = {}
    for finding in _findings(path, data):
        name = finding["fingerprint"]
        number = found[name].number if name in found else 0
        found[name] = Accepted(number + 1, str(finding.get("checker", "")), str(finding.get("rule", "")))
    return found


def without(path: str, data: bytes, cured: Mapping[str, int]) -> str:
    """The same report without as many findings of each fingerprint as are `cured`, and without its unknowns."""
    left = dict(cured)
    kept = []
    for finding in _findings(path, data):
        name = finding["fingerprint"]
        if left.get(name, 0) > 0:
            left[name] -= 1
        else:
            kept.append(finding)
    return json.dumps({**json.loads(data), "findings": kept, "unknowns": []}, indent=2) + "\n"


def _findings(path: str, data: bytes) -> list[dict[str, Any]]:
    try:
        findings = json.loads(data)["findings"]
        if all(isinstance(finding["fingerprint"], str) for finding in findings):
            return list(findings)
    except (ValueError, KeyError, TypeError, RecursionError):
        pass
    raise Trouble(
        f"{path} is not a JSON report of fr-check", "write one with `fr-check all --format json --output FILE`"
    )
