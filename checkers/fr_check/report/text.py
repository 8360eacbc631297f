"""The format for people: message, source excerpt, related places, help; then a summary that counts everything."""

from __future__ import annotations

from fr_check.core.model import Severity
from fr_check.core.secrecy import masked_line
from fr_check.core.site import reason_page, rule_page
from fr_check.core.text import counted
from fr_check.report.blocks import blocks
from fr_check.report.view import View, columns, looked_at, moved, nothing_checked, printable, where

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from fr_check.core.model import Finding, Location, Report, Unknown

_COLORS = {"error": "1;31", "warning": "1;33", "info": "1;36", "unknown": "1;35", "help": "32", "dim": "2", "bold": "1"}
_WIDTH = 160
_CUT = "..."
# A longer line is generated; reading it for secrets would cost more than it tells.
_LONGEST = 4000


def render(report: Report, view: View) -> str:
    """Findings from the lowest shown severity on, unknowns, what moved, skipped checkers, and the summary line."""
    parts = [_finding(finding, view) for finding in blocks(report.findings, view.lowest)]
    parts += [_unknown(unknown, view) for unknown in report.unknowns]
    nothing = nothing_checked(report)
    if view.quiet:
        return "\n".join([*parts, *([f"fr-check: {nothing}\n"] if nothing else [])])
    parts += (
        ["".join(f"{_paint('moved', 'dim', view)} {moved(move)}\n" for move in report.moves)] if report.moves else []
    )
    if view.verbose:
        parts += [_gaps(report, view)] if report.gaps else []
        parts += [_taken_out(report, view)] if report.suppressed or report.baselined else []
        parts += [_looked_at(report, view)] if report.facts else []
        parts += [_recognised(report, view)] if report.recognised else []
    skipped = "".join(f"{_paint('skipped', 'dim', view)} {entry.checker}: {entry.reason}\n" for entry in report.skipped)
    return "\n".join([*parts, *([skipped] if skipped else []), summary(report, view) + "\n"])


def summary(report: Report, view: View) -> str:
    """One line: what was found by severity, unknown, suppressed, baselined, skipped; and which checkers looked."""
    counts = {level: sum(finding.severity == level for finding in report.findings) for level in reversed(Severity)}
    words = [counted(number, str(level)) for level, number in counts.items() if number and level != Severity.INFO]
    if counts[Severity.INFO]:
        hint = "" if view.lowest <= Severity.INFO else " (-v shows them)"
        words.append(f"{counts[Severity.INFO]} info{hint}")
    words += [f"{len(report.unknowns)} not judged"] if report.unknowns else []
    if report.gaps:
        words.append(counted(len(report.gaps), "gap") + ("" if view.verbose else " (-v shows them)"))
    words += [f"{len(report.suppressed)} suppressed"] if report.suppressed else []
    words += [f"{len(report.baselined)} in the baseline"] if report.baselined else []
    looked, skipped = looked_at(report), {entry.checker for entry in report.skipped}
    whole, partly = skipped.difference(looked), skipped.intersection(looked)
    words += [f"{counted(len(whole), 'part')} skipped"] if whole else []
    words += [counted(len(partly), "part") + " skipped in part"] if partly else []
    found = ", ".join(words) or "no findings"
    checked = f"checked: {', '.join(looked)}" if looked else "nothing was checked"
    return f"{_paint('fr-check', 'bold', view)}: {found} ({checked})"


def _finding(finding: Finding, view: View) -> str:
    label = _paint(f"{finding.severity}[{finding.rule}]", str(finding.severity), view)
    lines = [
        f"{label}: {_paint(printable(finding.message), 'bold', view)}",
        *_place(finding.location, view, str(finding.severity)),
    ]
    for note in finding.notes:
        lines.append(f"  {_paint('note', 'dim', view)}: {printable(note.message)}")
        if note.location and note.location != finding.location:
            lines += _place(note.location, view)
    if finding.help:
        lines.append(f"  {_paint('help', 'help', view)}: {printable(finding.help)}")
    if view.verbose:
        lines.append(f"  {_paint('page', 'dim', view)}: {rule_page(finding.checker, finding.rule)}")
    return "\n".join(lines) + "\n"


def _unknown(unknown: Unknown, view: View) -> str:
    label = _paint(f"unknown[{unknown.reason}]", "unknown", view)
    lines = [f"{label}: {_paint(printable(unknown.message), 'bold', view)} ({unknown.checker})"]
    lines += _place(unknown.location, view) if unknown.location else []
    lines += [f"  {_paint('help', 'help', view)}: {printable(unknown.help)}"] if unknown.help else []
    lines += [f"  {_paint('page', 'dim', view)}: {reason_page(unknown.reason)}"] if view.verbose else []
    return "\n".join(lines) + "\n"


def _place(location: Location, view: View, style: str = "dim") -> Iterator[str]:
    at = f" (at {location.revision[:8]})" if location.revision else ""
    yield f"  {_paint('-->', 'dim', view)} {where(location)}{at}"
    text, span = view.text_of(location), location.span
    if text is None or span is None or not text.line(span.line).strip():
        return
    source = text.line(span.line).replace("\t", " ")
    if len(source) > _LONGEST:
        return
    # The excerpt starts a little before the place on very long lines, so that the place is always in view.
    start = max(0, span.column - 1 - _WIDTH // 2) if len(source) > _WIDTH else 0
    redacted = masked_line(text, span.line).replace("\t", " ")
    before = _CUT if start else ""
    cut = redacted[start : start + _WIDTH]
    after = _CUT if len(redacted) > start + _WIDTH else ""
    yield f"{span.line:>5} {_paint('|', 'dim', view)} {before}{printable(cut)}{after}"
    if redacted == source and printable(cut) == cut:
        end = span.end_column if span.end_line == span.line else len(source) + 1
        marked = cut[span.column - 1 - start : end - 1 - start]
        blank = " " * columns(before + cut[: span.column - 1 - start])
        marks = _paint("^" * max(1, columns(marked)), style, view)
        yield f"{'':>5} {_paint('|', 'dim', view)} {blank}{marks}"


def _gaps(report: Report, view: View) -> str:
    label = _paint("gap", "dim", view)
    places = {gap: f"{where(gap.location)}: " if gap.location else "" for gap in report.gaps}
    return "".join(f"{label} {gap.checker}: {place}{printable(gap.message)}\n" for gap, place in places.items())


def _taken_out(report: Report, view: View) -> str:
    lines = [f"{_paint('suppressed', 'dim', view)} {_short(finding)}" for finding in report.suppressed]
    lines += [f"{_paint('in the baseline', 'dim', view)} {_short(finding)}" for finding in report.baselined]
    return "\n".join(lines) + "\n"


def _short(finding: Finding) -> str:
    return f"{where(finding.location)}: {finding.rule} `{printable(finding.subject)}`"


def _looked_at(report: Report, view: View) -> str:
    label = _paint("looked at", "dim", view)
    counted = {name: ", ".join(f"{n} {what}" for what, n in counts.items()) for name, counts in report.facts.items()}
    return "".join(f"{label} {name}: {counts or '-'}\n" for name, counts in counted.items())


def _recognised(report: Report, view: View) -> str:
    label = _paint("recognised", "dim", view)
    return "".join(
        f"{label} {found.checker}: {found.kind} {printable(found.path)} ({printable(found.why)})\n"
        for found in dict.fromkeys(report.recognised)
    )


def _paint(string: str, style: str, view: View) -> str:
    return f"\x1b[{_COLORS[style]}m{string}\x1b[0m" if view.color else string
