"""SARIF 2.1.0, for code scanning: the rules of this run with their manuals, and every finding.

https://docs.oasis-open.org/sarif/sarif/v2.1.0/sarif-v2.1.0.html
"""

from __future__ import annotations

import json

from fr_check.core.edits import SAFE
from fr_check.core.model import Location, Severity
from fr_check.core.registry import all_rules
from fr_check.core.secrecy import redact
from fr_check.core.site import PROJECT, reason_page, rule_page
from fr_check.report.view import nothing_checked

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import Any

    from fr_check.core.model import Finding, Report, Rule, Unknown
    from fr_check.report.view import View

_LEVEL = {Severity.ERROR: "error", Severity.WARNING: "warning", Severity.INFO: "note"}
_NOT_JUDGED = 3


def render(report: Report, view: View) -> str:
    """One run; unknowns are notifications of the invocation, since they are no results.

    A suppressed finding is a result with a suppression, one of the baseline is `unchanged`, and where there is a
    baseline every other is `new`.
    """
    rules = sorted(all_rules(), key=lambda rule: (rule.checker, rule.id))
    index = {(rule.checker, rule.id): number for number, rule in enumerate(rules)}
    driver = {"name": "fr-check", "version": view.version, "informationUri": PROJECT, "rules": [*map(_rule, rules)]}
    invocation = {
        # An analysis that could not judge everything has not succeeded, whatever it found.
        "executionSuccessful": view.status != _NOT_JUDGED,
        "exitCode": view.status,
        "toolExecutionNotifications": [*map(_notification, report.unknowns), *_nothing(report)],
    }
    compared = {"baselineState": "new"} if report.baselined else {}
    results = [{**_result(found, index), **_fixes(found, view), **compared} for found in report.findings]
    results += [{**_result(found, index), "baselineState": "unchanged"} for found in report.baselined]
    results += [
        {**_result(found, index), **compared, "suppressions": [_suppression(found)]} for found in report.suppressed
    ]
    run = {
        "tool": {"driver": driver},
        "automationDetails": {"id": f"fr-check/{'+'.join(report.facts)}/"},
        "columnKind": "unicodeCodePoints",
        "originalUriBaseIds": {"ROOT": {"description": {"text": "The root of the repository."}}},
        "invocations": [invocation],
        "results": results,
    }
    schema = "https://json.schemastore.org/sarif-2.1.0.json"
    return json.dumps({"$schema": schema, "version": "2.1.0", "runs": [run]}, indent=2) + "\n"


def _rule(rule: Rule) -> dict[str, Any]:
    page = rule_page(rule.checker, rule.id)
    return {
        "id": f"{rule.checker}/{rule.id}",
        "name": rule.id,
        "shortDescription": {"text": rule.summary},
        "helpUri": page,
        # A viewer without Markdown gets the address of the page, not the manual a second time.
        "help": {"text": f"{rule.summary} {page}", "markdown": rule.manual},
        "defaultConfiguration": {"level": _LEVEL[rule.severity]},
    }


def _result(finding: Finding, index: dict[tuple[str, str], int]) -> dict[str, Any]:
    related = [{**_place(note.location), "message": {"text": note.message}} for note in finding.notes if note.location]
    sentence = f" {finding.help[:1].upper()}{finding.help[1:]}." if finding.help else ""
    return {
        "ruleId": f"{finding.checker}/{finding.rule}",
        "ruleIndex": index[finding.checker, finding.rule],
        "level": _LEVEL[finding.severity],
        "message": {"text": f"{finding.message}.{sentence}"},
        "locations": [_place(finding.location)],
        "relatedLocations": related,
        "partialFingerprints": {"frCheck/v1": finding.fingerprint},
    }


def _fixes(finding: Finding, view: View) -> dict[str, Any]:
    """What --fix would do, a change for each file; nothing where a text holds a secret, or a file is not there."""
    if finding.fix is None:
        return {}
    changes: dict[str, list[dict[str, Any]]] = {}
    for edit in finding.fix.edits:
        text = view.text_of(Location(edit.path))
        if text is None or redact(edit.text, edit.path) != edit.text:
            return {}
        line, column, end_line, end_column = text.span(edit.start, edit.end)
        deleted = {"startLine": line, "startColumn": column, "endLine": end_line, "endColumn": end_column}
        replacement = {"deletedRegion": deleted, "insertedContent": {"text": edit.text}}
        changes.setdefault(edit.path, []).append(replacement)
    safe = finding.fix.applicability
    description = {"text": f"`fr-check --fix{'' if safe == SAFE else ' --unsafe-fixes'}` does this."}
    made = [{"artifactLocation": _artifact(path), "replacements": found} for path, found in changes.items()]
    return {"fixes": [{"description": description, "artifactChanges": made, "properties": {"applicability": safe}}]}


def _suppression(finding: Finding) -> dict[str, Any]:
    return {"kind": "external", "status": "accepted", "properties": {"subject": finding.subject}}


def _notification(unknown: Unknown) -> dict[str, Any]:
    places = {"locations": [_place(unknown.location)]} if unknown.location else {}
    return {
        "level": "warning",
        "message": {"text": f"{unknown.message} ({unknown.help})"},
        "descriptor": {"id": unknown.reason},
        "properties": {"page": reason_page(unknown.reason)},
        **places,
    }


def _nothing(report: Report) -> Iterator[dict[str, Any]]:
    """A run that checked nothing says so: without results it would look like a clean one."""
    if reasons := nothing_checked(report):
        yield {"level": "note", "message": {"text": reasons}, "descriptor": {"id": "nothing-checked"}}


def _artifact(path: str) -> dict[str, Any]:
    from urllib.parse import quote  # noqa: PLC0415 - slow to import, and needed by this format alone

    return {"uri": quote(path, errors="surrogateescape"), "uriBaseId": "ROOT"}


def _place(location: Location) -> dict[str, Any]:
    physical: dict[str, Any] = {"artifactLocation": _artifact(location.path)}
    if location.span:
        line, column, end_line, end_column = location.span
        physical["region"] = {"startLine": line, "startColumn": column, "endLine": end_line, "endColumn": end_column}
    # A file of a submodule is read at the commit that its pointer names; no property of the standard says so.
    revision = {"properties": {"revision": location.revision}} if location.revision else {}
    return {"physicalLocation": physical, **revision}
