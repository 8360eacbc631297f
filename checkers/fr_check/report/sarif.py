"""SARIF 2.1.0, for code scanning: the rules of this run with their manuals, and every finding."""

from __future__ import annotations

import json

from fr_check.core.model import Severity
from fr_check.core.registry import all_rules

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from fr_check.core.model import Finding, Location, Report, Rule
    from fr_check.report.view import View

_LEVEL = {Severity.ERROR: "error", Severity.WARNING: "warning", Severity.INFO: "note"}


def render(report: Report, view: View) -> str:
    """One run; unknowns are notifications of the invocation, since they are no results."""
    rules = sorted(all_rules(), key=lambda rule: (rule.checker, rule.id))
    index = {(rule.checker, rule.id): number for number, rule in enumerate(rules)}
    driver = {"name": "fr-check", "version": view.version, "rules": [_rule(rule) for rule in rules]}
    notifications = [
        {"level": "warning", "message": {"text": f"{unknown.message} ({unknown.help})"}} for unknown in report.unknowns
    ]
    run = {
        "tool": {"driver": driver},
        "columnKind": "unicodeCodePoints",
        "invocations": [{"executionSuccessful": True, "toolExecutionNotifications": notifications}],
        "results": [_result(finding, index[finding.checker, finding.rule]) for finding in report.findings],
    }
    schema = "https://json.schemastore.org/sarif-2.1.0.json"
    return json.dumps({"$schema": schema, "version": "2.1.0", "runs": [run]}, indent=2) + "\n"


def _rule(rule: Rule) -> dict[str, Any]:
    return {
        "id": f"{rule.checker}/{rule.id}",
        "name": rule.id,
        "shortDescription": {"text": rule.summary},
        "help": {"text": rule.manual, "markdown": rule.manual},
        "defaultConfiguration": {"level": _LEVEL[rule.severity]},
    }


def _result(finding: Finding, index: int) -> dict[str, Any]:
    related = [{**_place(note.location), "message": {"text": note.message}} for note in finding.notes if note.location]
    return {
        "ruleId": f"{finding.checker}/{finding.rule}",
        "ruleIndex": index,
        "level": _LEVEL[finding.severity],
        "message": {"text": f"{finding.message}. {finding.help[:1].upper()}{finding.help[1:]}."},
        "locations": [_place(finding.location)],
        "relatedLocations": related,
        "partialFingerprints": {"frCheck/v1": finding.fingerprint},
    }


def _place(location: Location) -> dict[str, Any]:
    from urllib.parse import quote  # noqa: PLC0415 - slow to import, and needed by this format alone

    physical: dict[str, Any] = {"artifactLocation": {"uri": quote(location.path, errors="surrogateescape")}}
    if location.span:
        line, column, end_line, end_column = location.span
        physical["region"] = {
            "startLine": line,
            "startColumn": column,
            "endLine": end_line,
            "endColumn": end_column,
        }
    return {"physicalLocation": physical}
