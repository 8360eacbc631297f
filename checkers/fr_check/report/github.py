"""Workflow commands: findings as annotations on the changed lines of a pull request.

Escaping as in actions/toolkit: `%`, CR and LF in messages, also `:` and `,` in properties; anything less lets a
file name write commands of its own. GitHub shows ten annotations of a kind for a step, and cuts the rest without a
word: what is beyond stands in the log, in a group of its own. https://github.com/orgs/community/discussions/26680
"""

from __future__ import annotations

from fr_check.core.model import Severity
from fr_check.report.blocks import blocks
from fr_check.report.text import summary
from fr_check.report.view import View, moved, nothing_checked, printable, where

TYPE_CHECKING = False
if TYPE_CHECKING:
    from fr_check.core.model import Location, Report

_COMMAND = {Severity.ERROR: "error", Severity.WARNING: "warning", Severity.INFO: "notice"}
LIMIT = 10
"""How many annotations of a kind GitHub shows for one step."""


def render(report: Report, view: View) -> str:
    """An annotation a finding and an unknown, errors first; the rest as lines; the summary."""
    shown = sorted(blocks(report.findings, view.lowest), key=lambda found: -found.severity)
    entries: list[tuple[str, str, str, Location | None]] = [
        (_COMMAND[found.severity], found.rule, f"{found.message}\nhelp: {found.help}", found.location)
        for found in shown
    ]
    entries += [
        ("warning", unknown.reason, f"not judged: {unknown.message}\nhelp: {unknown.help}", unknown.location)
        for unknown in report.unknowns
    ]
    lines, rest = [], []
    count = dict.fromkeys(_COMMAND.values(), 0)
    for command, title, message, location in entries:
        count[command] += 1
        line = _annotation(command, title, message, location)
        if count[command] <= LIMIT:
            lines.append(line)
        else:
            rest.append(f"{command}: {_placed(message, location)} [{title}]")
    if rest:
        lines += [f"::group::{len(rest)} more, beyond what GitHub annotates", *map(_line, rest), "::endgroup::"]
    lines += [f"moved {moved(move)}" for move in report.moves]
    nothing = nothing_checked(report)
    lines.append(f"::warning title=fr-check::{_data(nothing)}" if nothing else _line(summary(report, view)))
    return "".join(f"{line}\n" for line in lines)


def _annotation(command: str, title: str, message: str, location: Location | None) -> str:
    properties = {"title": f"fr-check {title}"}
    # GitHub finds no file under an escaped name: such a place stands in the message alone.
    if location and printable(location.path) == location.path:
        properties["file"] = location.path
        if location.span and location.revision is None:
            properties |= {"line": str(location.span.line), "col": str(location.span.column)}
    shown = ",".join(f"{key}={_property(value)}" for key, value in properties.items())
    return f"::{command} {shown}::{_data(chr(10).join(map(printable, _placed(message, location).split(chr(10)))))}"


def _placed(message: str, location: Location | None) -> str:
    """The message behind its place: the log shows no properties."""
    at = f" (at {location.revision[:8]})" if location and location.revision else ""
    return f"{where(location)}{at}: {message}" if location else message


def _line(string: str) -> str:
    """A line of the log that GitHub takes for no command."""
    return printable(string.replace("\n", "; ")).replace("::", ": :")


def _data(string: str) -> str:
    return string.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _property(string: str) -> str:
    return _data(string).replace(":", "%3A").replace(",", "%2C")
