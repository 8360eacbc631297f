"""Workflow commands: findings as annotations on the changed lines of a pull request.

Escaping as in actions/toolkit: `%`, CR and LF in messages, also `:` and `,` in properties; anything less lets a
file name write commands of its own.
"""

from __future__ import annotations

from fr_check.core.model import Severity
from fr_check.report.blocks import blocks
from fr_check.report.view import View, printable

TYPE_CHECKING = False
if TYPE_CHECKING:
    from fr_check.core.model import Location, Report

_COMMAND = {Severity.ERROR: "error", Severity.WARNING: "warning", Severity.INFO: "notice"}


def render(report: Report, view: View) -> str:
    """An annotation a finding and an unknown."""
    lines = [
        _annotation(_COMMAND[found.severity], found.rule, f"{found.message}\nhelp: {found.help}", found.location)
        for found in blocks(report.findings, view.lowest)
    ]
    lines += [
        _annotation("warning", unknown.reason, f"not judged: {unknown.message}\nhelp: {unknown.help}", unknown.location)
        for unknown in report.unknowns
    ]
    return "".join(f"{line}\n" for line in lines)


def _annotation(command: str, title: str, message: str, location: Location | None) -> str:
    properties = {"title": f"fr-check {title}"}
    if location:
        properties["file"] = printable(location.path)
        if location.span and location.revision is None:
            properties |= {"line": str(location.span.line), "col": str(location.span.column)}
    shown = ",".join(f"{key}={_property(value)}" for key, value in properties.items())
    return f"::{command} {shown}::{_data(chr(10).join(map(printable, message.splitlines())))}"


def _data(string: str) -> str:
    return string.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _property(string: str) -> str:
    return _data(string).replace(":", "%3A").replace(",", "%2C")
