"""The machine format, version 1: keys may be added within a version, never changed."""

from __future__ import annotations

import json

from fr_check.core.model import Location, Span
from fr_check.core.secrecy import redact
from fr_check.core.site import reason_page, rule_page

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from fr_check.core.edits import Edit
    from fr_check.core.model import Finding, Move, Report, Unknown
    from fr_check.report.view import View

VERSION = 1


def render(report: Report, view: View) -> str:
    """The whole report as one object, every severity included."""
    return dump(as_object(report, view))


def as_object(report: Report, view: View) -> dict[str, Any]:
    """The report as JSON values."""
    return {
        "version": VERSION,
        "tool": tool(view.version),
        "findings": [_finding(finding, view) for finding in report.findings],
        "unknowns": [_unknown(unknown) for unknown in report.unknowns],
        "skipped": [{"checker": one.checker, "reason": one.reason} for one in report.skipped],
        "gaps": [{**gap._asdict(), "location": place(gap.location)} for gap in report.gaps],
        "moves": [_move(move) for move in report.moves],
        "suppressed": len(report.suppressed),
        "baselined": len(report.baselined),
        "facts": {checker: dict(counts) for checker, counts in report.facts.items()},
    }


def dump(value: object) -> str:
    """A JSON document, indented."""
    # ASCII: a path that is not UTF-8 holds lone surrogates, which no output encoding takes.
    return json.dumps(value, indent=2) + "\n"


def tool(version: str) -> dict[str, str]:
    """What made the document."""
    return {"name": "fr-check", "version": version}


def _finding(finding: Finding, view: View) -> dict[str, Any]:
    return {
        "rule": finding.rule,
        "checker": finding.checker,
        "severity": str(finding.severity),
        "subject": finding.subject,
        "message": finding.message,
        "help": finding.help,
        "location": place(finding.location),
        "notes": [{"message": note.message, "location": place(note.location)} for note in finding.notes],
        "fixable": finding.fixable,
        "fix": _fix(finding, view),
        "fix_refused": finding.fix_refused or None,
        "group": finding.group,
        "url": rule_page(finding.checker, finding.rule),
        "fingerprint": finding.fingerprint,
    }


def _fix(finding: Finding, view: View) -> dict[str, Any] | None:
    """The edits of a finding, as places in files; the text of one never shows a secret."""
    if finding.fix is None:
        return None
    edits = [
        {
            "path": edit.path,
            "start": _point(edit, edit.start, view),
            "end": _point(edit, edit.end, view),
            "text": redact(edit.text),
        }
        for edit in finding.fix.edits
    ]
    return {"applicability": finding.fix.applicability, "edits": edits}


def _point(edit: Edit, offset: int, view: View) -> dict[str, int]:
    text = view.text_of(Location(edit.path))
    line, column = text.place(offset) if text is not None else (1, 1)
    return {"line": line, "column": column}


def _move(move: Move) -> dict[str, Any]:
    ends = {"from": move.before, "to": move.after}
    return {"submodule": move.submodule, **ends, "commits": move.commits, "subjects": list(move.subjects)}


def _unknown(unknown: Unknown) -> dict[str, Any]:
    url = reason_page(unknown.reason)
    return {**unknown._asdict(), "location": place(unknown.location), "url": url}


def place(location: Location | None) -> dict[str, Any] | None:
    """A location as JSON values."""
    if location is None:
        return None
    span = location.span or Span(1, 1, 1, 1)
    return {"path": location.path, **span._asdict(), "revision": location.revision}
