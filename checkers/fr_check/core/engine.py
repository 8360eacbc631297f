"""Runs checkers over a repository: facts, rules, then select, allow, suppress, compare, sort. Pure but for reading."""

from __future__ import annotations

from fr_check.core import suppression
from fr_check.core.masking import mask_report
from fr_check.core.model import Location, Report, Skipped, Span, Unknown
from fr_check.core.record import NamedTuple
from fr_check.core.selection import Selection

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
    from typing import Any

    from fr_check.core.baseline import Accepted
    from fr_check.core.checker import Checker, Facts
    from fr_check.core.config import Allowance, Config
    from fr_check.core.context import Context
    from fr_check.core.model import Finding, Gap, Move, Recognised, Rule, Severity


# Findings of one rule in one file: nobody reads more of them, and a text of nothing but mistakes has one a line.
FINDING_LIMIT = 1_000


class Hygiene(NamedTuple):
    """What the rules about directives and allowances compare."""

    uses: tuple[suppression.Use, ...]
    unused_allowances: tuple[Allowance, ...]
    judged: frozenset[str]
    ended_allowances: tuple[Allowance, ...] = ()


class Part(NamedTuple):
    """What one checker says: plain data, but for its facts, which are not there where the rest is known from before.

    `judged` are the rules that could see everything: of those it can be told that a suppression is unused.
    """

    findings: tuple[Finding, ...]
    unknowns: tuple[Unknown, ...]
    skipped: tuple[Skipped, ...]
    counts: Mapping[str, int]
    gaps: tuple[Gap, ...]
    moves: tuple[Move, ...]
    recognised: tuple[Recognised, ...]
    judged: frozenset[str]
    facts: Facts | None = None


def run(
    context: Context,
    checkers: Sequence[Checker],
    hygiene: Sequence[Rule] = (),
    selection: Selection | None = None,
    baseline: Mapping[str, Accepted] | None = None,
    judge: Callable[[Checker, Selection], Part | None] | None = None,
    *,
    most: int | None = FINDING_LIMIT,
) -> tuple[Report, Mapping[str, Any]]:
    """Runs every checker, then the hygiene rules over what the others left.

    Args:
        context: the repository, its policy, what it is compared with.
        checkers: those to run, in order.
        hygiene: rules about fr-check's own directives.
        selection: --select and --ignore.
        baseline: what is accepted, by fingerprint.
        judge: says for each checker what `part` would say, where that may be known from before.
        most: findings of one rule in one file that are reported; None, all, where reports are compared with each other.

    Returns:
        The report, and what each checker loaded; `hygiene` is what the rules of that name compared.
    """
    selection = selection or Selection()
    found = (
        (checker, judge(checker, selection) if judge else part(checker, context, selection)) for checker in checkers
    )
    parts = {checker.name: one for checker, one in found if one is not None}
    skipped = [reason for one in parts.values() for reason in one.skipped]
    if not parts:
        skipped.extend(Skipped(checker.name, "every rule of it is switched off", whole=True) for checker in checkers)
    judged = {rule for one in parts.values() for rule in one.judged}
    unknowns = [unknown for one in parts.values() for unknown in one.unknowns]
    unknowns.extend(_missed(context.config, checkers, skipped))
    standing, ended = _by_date(context.config.allow, context.today)
    kept, allowed, unused = _allow((finding for one in parts.values() for finding in one.findings), standing, judged)
    kept, suppressed, uses = suppression.apply(kept, context.repository.examined())
    # An entry that a checker's own rule already speaks of (`stale-exemption`) needs no second finding.
    told = {finding.location for finding in kept}
    unused = tuple(entry for entry in unused if entry.location not in told)
    facts = Hygiene(uses, unused, frozenset(judged), ended)
    own: list[Finding] = []
    for rule in hygiene:
        if selection.runs(rule, context.config):
            _run_rule(rule, facts, context.config, own, unknowns)
    report = _joined(context.config, parts)._replace(
        findings=tuple(_first((*kept, *own), most, baseline or {}, unknowns)),
        unknowns=tuple(sorted(dict.fromkeys(unknowns), key=_unknown_key)),
        skipped=tuple(dict.fromkeys(skipped)),
        suppressed=(*allowed, *suppressed),
    )
    # Before anything is compared: a fingerprint in a baseline is that of what was shown.
    context.repository.reader = ""
    report = _against(mask_report(report, context.repository), baseline or {}, judged)
    return report, {**{name: one.facts for name, one in parts.items()}, "hygiene": facts}


def _joined(config: Config, parts: Mapping[str, Part]) -> Report:
    """What checkers tell beside findings, in one report."""
    return Report(
        findings=(),
        unknowns=(),
        skipped=(),
        suppressed=(),
        baselined=(),
        facts={name: one.counts for name, one in parts.items()},
        remarks=config.remarks,
        gaps=tuple(dict.fromkeys(gap for one in parts.values() for gap in one.gaps)),
        moves=tuple(move for one in parts.values() for move in one.moves),
        recognised=tuple(reason for one in parts.values() for reason in one.recognised),
    )


def _against(report: Report, accepted: Mapping[str, Accepted], judged: Collection[str]) -> Report:
    """A report without what a baseline accepts, in order, and with what of the baseline is cured."""
    findings, baselined, left = _compare(report.findings, accepted)
    cured = {name: count for name, count in left.items() if count and accepted[name].rule in judged}
    return report._replace(findings=tuple(sorted(findings, key=sort_key)), baselined=baselined, cured=cured)


def _missed(config: Config, checkers: Sequence[Checker], skipped: Iterable[Skipped]) -> Iterator[Unknown]:
    """What a required checker did not look at."""
    running = {checker.name for checker in checkers}
    for found in skipped:
        if found.checker in config.require and found.checker in running:
            message = f"{found.checker} is required and was skipped: {found.reason}"
            help_ = f"see to it that there is something to check, or take `{found.checker}` out of `require`"
            yield Unknown(found.checker, "required-and-skipped", found.checker, message, help_)


def part(checker: Checker, context: Context, selection: Selection) -> Part | None:
    """Runs one checker; None where all its rules are switched off."""
    rules = [rule for rule in checker.rules if selection.runs(rule, context.config)]
    if not rules:
        return None
    context.repository.reader = checker.name
    facts = context.once(checker.load)
    findings: list[Finding] = []
    unknowns = [*facts.unknowns]
    for rule in rules:
        _run_rule(rule, facts, context.config, findings, unknowns)
    return Part(
        tuple(findings),
        tuple(unknowns),
        tuple(facts.skipped),
        facts.counts,
        tuple(getattr(facts, "gaps", ())),
        tuple(getattr(facts, "moves", ())),
        tuple(getattr(facts, "recognised", ())),
        # A rule whose checker could not see everything cannot tell that a suppression is unused.
        frozenset() if unknowns else frozenset(rule.id for rule in rules),
        facts,
    )


def _run_rule(rule: Rule, facts: object, config: Config, findings: list[Finding], unknowns: list[Unknown]) -> None:
    # A rule may grade its own findings; a configured level wins over all of them.
    level = config.severity.get(rule.id)
    for item in rule.check(facts):
        if isinstance(item, Unknown):
            unknowns.append(item)
        else:
            findings.append(item if level is None else item._replace(severity=level))


def _first(
    findings: Sequence[Finding], most: int | None, baseline: Mapping[str, Accepted], unknowns: list[Unknown]
) -> Iterator[Finding]:
    """The first `most` of each rule and severity in each file; that there are more is one of the unknowns.

    Of a rule of which a baseline accepts some, as many more: what is accepted is no news that is too long to read.
    """
    if most is None or len(findings) <= most:
        yield from findings
        return
    mosts: dict[tuple[str, str], int] = {}
    for accepted in baseline.values():
        known = (accepted.checker, accepted.rule)
        mosts[known] = mosts.get(known, most) + accepted.number
    counts: dict[tuple[str, str, str, Severity], int] = {}
    for finding in findings:
        key = (finding.checker, finding.rule, finding.location.path, finding.severity)
        counts[key] = counts.get(key, 0) + 1
        if counts[key] <= mosts.get(key[:2], most):
            yield finding
    for (checker, rule, path, _), number in counts.items():
        first = mosts.get((checker, rule), most)
        if number > first:
            message = f"{path} has {number:,} findings of {rule}; those after the first {first:,} are not reported"
            help_ = "check that this is the file you mean; else mend these, and run fr-check again"
            unknowns.append(Unknown(checker, "too-many-findings", path, message, help_, Location(path)))


def _by_date(allowances: Iterable[Allowance], today: str) -> tuple[list[Allowance], tuple[Allowance, ...]]:
    """The allowances that still hold, and those whose last day is over."""
    entries = list(allowances)
    ended = tuple(entry for entry in entries if entry.until is not None and entry.until < today)
    return [entry for entry in entries if entry not in ended], ended


def _allow(
    findings: Iterable[Finding], allowances: Sequence[Allowance], judged: set[str]
) -> tuple[tuple[Finding, ...], tuple[Finding, ...], tuple[Allowance, ...]]:
    """Takes out what the configuration allows; also returns the entries of judged rules that matched nothing."""
    if not allowances:
        return tuple(findings), (), ()
    from fnmatch import fnmatchcase  # noqa: PLC0415 - only where something is allowed

    from fr_check.core.repository import compile_glob  # noqa: PLC0415

    kept: list[Finding] = []
    removed: list[Finding] = []
    used: set[Allowance] = set()
    for finding in findings:
        hits = [
            entry
            for entry in allowances
            if entry.rule == finding.rule
            and fnmatchcase(finding.subject, entry.subject)
            and compile_glob(entry.path).fullmatch(finding.location.path)
        ]
        (removed if hits else kept).append(finding)
        used.update(hits)
    unused = tuple(entry for entry in allowances if entry not in used and entry.rule in judged)
    return tuple(kept), tuple(removed), unused


def _compare(
    findings: Iterable[Finding], baseline: Mapping[str, Accepted]
) -> tuple[tuple[Finding, ...], tuple[Finding, ...], dict[str, int]]:
    """The findings that are not accepted, those that are, and how many of each fingerprint were not needed."""
    left = {name: accepted.number for name, accepted in baseline.items()}
    kept: list[Finding] = []
    removed: list[Finding] = []
    for finding in findings:
        if left and left.get(finding.fingerprint, 0) > 0:
            left[finding.fingerprint] -= 1
            removed.append(finding)
        else:
            kept.append(finding)
    return tuple(kept), tuple(removed), left


def _place_key(location: Location | None) -> tuple[str, Span]:
    span = location.span if location else None
    return (location.path if location else "", span or Span(0, 0, 0, 0))


def sort_key(finding: Finding) -> tuple[str, Span, str, str]:
    """Output order: path, position, rule, message."""
    return (*_place_key(finding.location), finding.rule, finding.message)


def _unknown_key(unknown: Unknown) -> tuple[str, str, str, str]:
    return (unknown.checker, unknown.subject, unknown.reason, unknown.message)


def exit_status(report: Report, fail_on: Severity, *, allow_unknown: bool) -> int:
    """0 clean, 1 findings at or above `fail_on`, 3 something could not be judged. Findings win over unknown."""
    if any(finding.severity >= fail_on for finding in report.findings):
        return 1
    return 3 if report.unknowns and not allow_unknown else 0
