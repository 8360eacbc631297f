"""Asks each finding's rule for the edits that cure it."""

from __future__ import annotations

from fr_check.core.edits import Refused
from fr_check.core.text import Text
from fr_check.edits.generated import generated

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from fr_check.core.edits import TextOf
    from fr_check.core.model import Finding, Report, Rule
    from fr_check.core.repository import Repository


NOTHING = "no line can be changed that is about this alone"
"""Why a finding is not cured for which its rule knows no edit."""


def with_fixes(report: Report, rules: Iterable[Rule], loaded: Mapping[str, object], repository: Repository) -> Report:
    """The report with the fix of every finding whose rule has one, or the reason why it has none."""
    fixing = {(rule.checker, rule.id): rule for rule in rules if rule.fix is not None}
    if not any((finding.checker, finding.rule) in fixing for finding in report.findings):
        return report

    def text_of(path: str) -> Text | None:
        text = repository.read(path)
        return text if isinstance(text, Text) and text.revision is None else None

    return report._replace(findings=tuple(_fixed(finding, fixing, loaded, text_of) for finding in report.findings))


def _fixed(
    finding: Finding, rules: Mapping[tuple[str, str], Rule], loaded: Mapping[str, object], text_of: TextOf
) -> Finding:
    rule = rules.get((finding.checker, finding.rule))
    if rule is None or rule.fix is None:
        return finding
    fix = rule.fix(loaded[finding.checker], finding, text_of)
    if isinstance(fix, Refused):
        return finding._replace(fix_refused=fix.reason)
    if fix is not None and not fix.edits:
        return finding._replace(fix_refused=NOTHING)
    for edit in fix.edits if fix is not None else ():
        text = text_of(edit.path)
        made = generated(text, edit.start) if text is not None else None
        if made is not None:
            # What is changed there by hand is lost when it is made the next time.
            return finding._replace(fix_refused=made.reason(edit.path), help=made.step(edit.path))
    return finding._replace(fix=fix)
