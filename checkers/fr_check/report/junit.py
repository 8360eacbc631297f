"""JUnit XML as CI systems read it: a suite a checker, a failed case a finding, an error what was not judged."""

from __future__ import annotations

from xml.sax.saxutils import escape, quoteattr

from fr_check.report.view import looked_at, printable, where

TYPE_CHECKING = False
if TYPE_CHECKING:
    from fr_check.core.model import Finding, Report, Unknown
    from fr_check.report.view import View


def render(report: Report, view: View) -> str:
    """Findings from the lowest shown severity on; a checker that found nothing is one passed case."""
    shown = [found for found in report.findings if found.severity >= view.lowest]
    names = dict.fromkeys(
        (*report.facts, *(found.checker for found in shown), *(one.checker for one in report.unknowns))
    )
    names |= dict.fromkeys(entry.checker for entry in report.skipped)
    suites = "".join(_suite(name, report, [found for found in shown if found.checker == name]) for name in names)
    return f'<?xml version="1.0" encoding="utf-8"?>\n<testsuites name="fr-check">\n{suites}</testsuites>\n'


def _suite(name: str, report: Report, findings: list[Finding]) -> str:
    unknowns = [unknown for unknown in report.unknowns if unknown.checker == name]
    looked = name in looked_at(report) or findings or unknowns
    reasons = [] if looked else [one.reason for one in report.skipped if one.checker == name]
    cases = [_case(found) for found in findings] + [_error(unknown) for unknown in unknowns]
    if reasons:
        cases = [_tag(name, name, f"<skipped message={_quoted('; '.join(reasons))}/>")]
    cases = cases or [_tag(name, name, "")]
    counts = f'tests="{len(cases)}" failures="{len(findings)}" errors="{len(unknowns)}" skipped="{int(bool(reasons))}"'
    return f"  <testsuite name={_quoted(name)} {counts}>\n{''.join(cases)}  </testsuite>\n"


def _case(found: Finding) -> str:
    text = f"{where(found.location)}: {found.message}\nhelp: {found.help}"
    body = f"<failure type={_quoted(str(found.severity))} message={_quoted(found.message)}>{_text(text)}</failure>"
    return _tag(f"{found.rule} {found.subject}", found.location.path, body)


def _error(unknown: Unknown) -> str:
    body = f'<error type="not judged" message={_quoted(unknown.message)}>{_text(unknown.help)}</error>'
    return _tag(
        f"{unknown.reason} {unknown.subject}", unknown.location.path if unknown.location else unknown.checker, body
    )


def _tag(name: str, place: str, body: str) -> str:
    return f"    <testcase name={_quoted(name)} classname={_quoted(place)}>{body}</testcase>\n"


def _quoted(string: str) -> str:
    return quoteattr(printable(string))


def _text(string: str) -> str:
    return escape("\n".join(map(printable, string.split("\n"))))
