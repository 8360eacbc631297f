"""Cures findings in rounds: edit in memory, judge again, and keep only what cures without harm."""

from __future__ import annotations

from collections import Counter
from functools import partial

from fr_check.core.edits import SAFE
from fr_check.core.engine import sort_key
from fr_check.core.model import Severity
from fr_check.core.record import NamedTuple
from fr_check.core.text import Text
from fr_check.fixes.apply import Candidate, compatible, edited, removes
from fr_check.fixes.refusals import reason
from fr_check.fixes.successors import is_successor
from fr_check.fixes.verify import broken

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from typing import TypeAlias

    from fr_check.core.model import Finding, Report
    from fr_check.core.repository import Repository

    # Path -> its new content, with the byte order mark that it has.
    Changes: TypeAlias = Mapping[str, str]

_MARK = "\ufeff"
_BRINGS = "the edit would bring"
_DEPTH = 3  # fixes that follow one from another
LIMIT = 10
"""How many rounds there are at most: fixes that wait for each other need two or three."""
BUDGET = 30
"""How often a changed repository is judged at most; what has been read is kept, so that this takes about ten runs."""
AGAIN = "run the command again, or with `--select RULE` for some rules alone"
UNTRIED = f"not tried after {BUDGET} other attempts: {AGAIN}"


class State(NamedTuple):
    """A repository with changed texts, and what is found there: each finding with its fix, if it has one.

    `whole` is what all rules find, where the command line selects some of them for the report: no fix may bring what
    another rule would find.
    """

    repository: Repository
    report: Report
    whole: Report | None = None


class Cure(NamedTuple):
    """What came of it: the new texts by path, the findings cured, those refused and why, and what is left."""

    texts: Mapping[str, str]
    cured: tuple[Finding, ...]
    refused: Mapping[Finding, str]
    state: State
    stable: bool


class _Attempt(NamedTuple):
    texts: dict[str, str]
    state: State


class _Budget:
    """Judges changed repositories, a limited number of times."""

    def __init__(self, judge: Callable[[Changes], State]) -> None:
        self._judge = judge
        self._left = BUDGET

    def __call__(self, changes: Changes) -> State:
        self._left -= 1
        return self._judge(changes)

    @property
    def spent(self) -> bool:
        return self._left <= 0


def cure(start: State, judge: Callable[[Changes], State], *, unsafe: bool) -> Cure:
    """Applies the fixes of a state until none is left.

    Args:
        start: what was found.
        judge: finds again, with the texts of some files replaced.
        unsafe: whether fixes that may change a meaning are applied, too.
    """
    texts: dict[str, str] = {}
    cured: list[Finding] = []
    refused: dict[Finding, str] = {}
    state, budget = start, _Budget(judge)
    seen = [dict(texts)]
    for _ in range(LIMIT):
        # What nothing needs now may be what the cure of another finding needs: it goes when nothing else is to do.
        step = _round(state, texts, refused, budget, unsafe=unsafe, removing=False)
        if step is None and not budget.spent:
            step = _further(state, texts, refused, budget, unsafe=unsafe)
        if step is None and not budget.spent:
            step = _round(state, texts, refused, budget, unsafe=unsafe, removing=True)
        if step is None:
            left = _candidates(state, refused, unsafe=unsafe) if budget.spent else []
            refused |= {one.finding: UNTRIED for one in left}
            return Cure(texts, tuple(cured), refused, state, stable=True)
        (texts, state), taken = step
        cured += [one.finding for one in taken]
        if texts in seen:
            break
        seen.append(dict(texts))
    return Cure(texts, tuple(cured), refused, state, stable=False)


def _round(
    state: State, texts: Changes, refused: dict[Finding, str], budget: _Budget, *, unsafe: bool, removing: bool
) -> tuple[_Attempt, list[Candidate]] | None:
    """As many fixes as go together, those that only take something out with `removing` alone; None where none goes."""
    string = partial(_string, state.repository)
    some = [one for one in _candidates(state, refused, unsafe=unsafe) if removing or not removes(one.fix, string)]
    taken = compatible(some, string)[0]
    if not taken:
        return None
    done, taken = _harmless(partial(_try, state, texts, judge=budget), taken, refused, budget)
    return None if done is None or not taken else (done, taken)


def _further(
    state: State, texts: Changes, refused: dict[Finding, str], judge: Callable[[Changes], State], *, unsafe: bool
) -> tuple[_Attempt, list[Candidate]] | None:
    """What fixes do that were refused for what they bring, together with the fixes of that; None where none goes.

    Two findings may have one cause, as an argument that is neither declared nor passed: each edit alone leaves the
    other place of it to be found.
    """
    blocked = [one for one in _candidates(state, {}, unsafe=unsafe) if _BRINGS in refused.get(one.finding, "")]
    every = compatible(blocked, partial(_string, state.repository))[0]
    for some in [every, *([one] for one in blocked)] if len(blocked) > 1 else [blocked] if blocked else []:
        done = _followed(state, texts, some, judge, unsafe=unsafe)
        if done is not None:
            for one in some:
                del refused[one.finding]
            return done
    return None


def _followed(
    state: State, texts: Changes, taken: list[Candidate], judge: Callable[[Changes], State], *, unsafe: bool
) -> tuple[_Attempt, list[Candidate]] | None:
    """The state after some fixes and after those of what they bring; None where something new is left."""
    every, cured = list(taken), [one.finding for one in taken]
    made = _made(state, texts, taken)
    for _ in range(_DEPTH):
        if isinstance(made, str):
            return None
        found = judge(made)
        if not (why := _harm(state, found, cured)):
            return _Attempt(made, found), every
        old = _numbers(state.report)
        new = [one for one in _candidates(found, {}, unsafe=unsafe) if not old[one.finding.fingerprint]]
        if _BRINGS not in why or not new:
            return None
        new = compatible(new, partial(_string, found.repository))[0]
        every += new
        made = _made(found, made, new)
    return None


def _string(repository: Repository, path: str) -> str:
    text = repository.read(path)
    return text.string if isinstance(text, Text) else ""


def _harmless(
    attempt: Callable[[Sequence[Candidate]], _Attempt | _Refusal],
    taken: Sequence[Candidate],
    refused: dict[Finding, str],
    budget: _Budget,
) -> tuple[_Attempt | None, list[Candidate]]:
    """As many of some fixes as go together, the first ones first, and the state after them.

    Those that an attempt speaks of are left for the end: without them, the others mostly go. What does harm alone is
    refused; what does harm only beside others waits: the next round finds it alone, or cured with them. When nothing
    may be judged any more, what was spoken of is refused for that, and the rest as not tried.
    """
    kept: list[Candidate] = []
    done: _Attempt | None = None
    spoken_of: dict[Finding, str] = {}
    left = [list(taken)]
    while left:
        some = left.pop()
        if budget.spent:
            refused |= {one.finding: spoken_of.get(one.finding, UNTRIED) for one in some}
            continue
        result = attempt([*kept, *some])
        if isinstance(result, _Attempt):
            kept, done = [*kept, *some], result
            continue
        named = {one.finding: why for one in some if (why := result.of.get(one.finding))}
        spoken_of |= named
        rest = [one for one in some if one.finding not in named]
        if named and rest:
            left += [[one for one in some if one.finding in named], rest]
        elif len(some) > 1:
            middle = len(some) // 2
            left += [some[middle:], some[:middle]]
        elif not kept or isinstance(result := attempt(some), _Refusal):
            refused[some[0].finding] = result.why
    return done, kept


def _candidates(state: State, refused: dict[Finding, str], *, unsafe: bool) -> list[Candidate]:
    """The findings that can be cured now, in output order; what cannot be goes to `refused`."""
    found: list[Candidate] = []
    for finding in sorted(state.report.findings, key=sort_key):
        fix = finding.fix
        if finding.fix_refused:
            refused.setdefault(finding, finding.fix_refused)
        if fix is None or finding in refused or not (unsafe or fix.applicability == SAFE):
            continue
        why = reason(state.repository, fix.edits, fix.link)
        if why:
            refused[finding] = why
        else:
            found.append(Candidate(finding, fix))
    return found


class _Refusal(NamedTuple):
    """Why some fixes must not be applied together, and for those that are known to be at fault, why each."""

    why: str
    of: Mapping[Finding, str]


def _try(
    state: State, texts: Changes, taken: Sequence[Candidate], judge: Callable[[Changes], State]
) -> _Attempt | _Refusal:
    """The state after some fixes, or why they must not be applied."""
    made = _made(state, texts, taken)
    if isinstance(made, str):
        return _Refusal(made, {})
    found = judge(made) if taken else state
    cured = [one.finding for one in taken]
    why = _harm(state, found, cured)
    return _Refusal(why, _blamed(state, found, cured)) if why else _Attempt(made, found)


def _blamed(before: State, after: State, cured: Sequence[Finding]) -> dict[Finding, str]:
    """The findings that a fix did not cure, and those about the very thing of which something new is found."""
    old, new = _numbers(before.report), _numbers(after.report)
    known = _numbers(before.whole or before.report)
    there = (after.whole or after.report).findings
    brought = {one.subject: one.rule for one in there if one.fingerprint not in known}
    found: dict[Finding, str] = {}
    for one in cured:
        if new[one.fingerprint] >= old[one.fingerprint]:
            found[one] = f"the edit does not cure {one.rule} of `{one.subject}`"
        elif one.subject in brought:
            found[one] = f"{_BRINGS} {brought[one.subject]} of `{one.subject}`"
    return found


def _made(state: State, texts: Changes, taken: Sequence[Candidate]) -> dict[str, str] | str:
    """The texts after some fixes, or why one of them would be broken."""
    edits = [edit for one in taken for edit in one.fix.edits]
    unmarked = {one.fix.unmarked for one in taken}
    made = dict(texts)
    for path in dict.fromkeys(edit.path for edit in edits):
        text = state.repository.read(path)
        if not isinstance(text, Text):
            return f"{path} cannot be read"
        mine = [edit for edit in edits if edit.path == path]
        after = edited(text.string, mine)
        why = broken(path, text.string, after, mine)
        if why:
            return f"{path} {why}"
        made[path] = f"{_MARK}{after}" if text.bom and path not in unmarked else after
    return made


def _harm(before: State, after: State, cured: Sequence[Finding]) -> str:
    """What is wrong with the state after some fixes; empty where nothing is."""
    old, new = _numbers(before.report), _numbers(after.report)
    for finding in cured:
        if new[finding.fingerprint] >= old[finding.fingerprint]:
            return f"the edit does not cure {finding.rule} of `{finding.subject}`"
    why = _brought(before.report, after.report, cured)
    return why or _brought(before.whole or before.report, after.whole or after.report, cured)


def _numbers(report: Report) -> Counter[str]:
    return Counter(finding.fingerprint for finding in report.findings)


def _brought(before: Report, after: Report, cured: Sequence[Finding]) -> str:
    """What some fixes bring that was not there, beside what a cure uncovers.

    Information is no reason to leave an error as it is.
    """
    lowest = Severity.WARNING if all(one.severity == Severity.ERROR for one in cured) else Severity.INFO
    old, new = _numbers(before), _numbers(after)
    for finding in after.findings:
        more = new[finding.fingerprint] > old[finding.fingerprint]
        if more and finding.severity >= lowest and not is_successor(finding, cured):
            return f"{_BRINGS} {finding.rule} of `{finding.subject}`"
    known = {(unknown.reason, unknown.subject) for unknown in before.unknowns}
    for unknown in after.unknowns:
        if (unknown.reason, unknown.subject) not in known:
            return f"after the edit {unknown.subject} could not be judged any more"
    return ""
