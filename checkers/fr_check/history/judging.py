"""Judges commits one after the other, each against its parent: what `fr-check all --rev C --base C^` says of each."""

from __future__ import annotations

from fr_check import __version__
from fr_check.core import baseline, engine
from fr_check.core.context import Context
from fr_check.core.model import Report, Unknown
from fr_check.core.record import NamedTuple
from fr_check.core.registry import load_checker, load_hygiene
from fr_check.core.selection import Selection
from fr_check.core.trouble import Trouble
from fr_check.history.replays import Replays
from fr_check.history.shared import BASE, HEAD, Shared
from fr_check.history.states import State
from fr_check.policy.accepted import configured_baseline
from fr_check.policy.find import read_policy
from fr_check.report.json import as_object
from fr_check.report.view import View

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from typing import Any

    from fr_check.core.checker import Checker
    from fr_check.core.config import Config
    from fr_check.core.model import Finding, Location, Rule
    from fr_check.repository.git import Layout

    Body = dict[str, Any]

_NONE = Report((), (), (), (), (), {})
OWN = "@"
"""What a body says for the commit it is about: equal findings of two commits have equal bodies."""


class Task(NamedTuple):
    """What is to be judged, the same for all commits.

    `policy` is the configuration that all commits are judged by, as a file (path, text), None for the defaults.
    `then`: each is judged by its own.
    """

    checkers: tuple[str, ...]
    select: tuple[str, ...] = ()
    ignore: tuple[str, ...] = ()
    then: bool = False
    policy: tuple[str, str] | None = None


class Verdict(NamedTuple):
    """What was found at one commit, as JSON values.

    `events` happened in it, `states` are there after it, `suppressed` are the states that are accepted there,
    `unknowns` is what could not be judged. `report` is the whole of `fr-check all --format json`.
    """

    commit: str
    events: tuple[Body, ...]
    states: tuple[Body, ...]
    suppressed: tuple[Body, ...]
    unknowns: tuple[Body, ...]
    report: Body


class Session:
    """Judges the commits of one repository by one task, and keeps what they share."""

    def __init__(self, layout: Layout, task: Task) -> None:
        self._layout = layout
        self._shared = Shared(layout)
        self._replays = Replays(self._shared)
        self._task = task
        self.checkers = task.checkers
        self._checkers: Sequence[Checker] = [load_checker(name) for name in task.checkers]
        # Directives and allowances of today are not needed by what was there then.
        self._hygiene: Sequence[Rule] = load_hygiene() if task.then else ()
        self._events = {rule.id for checker in self._checkers for rule in checker.rules if rule.event}

    def expect(self, points: Sequence[tuple[str, str | None]]) -> None:
        """Tells which commits are judged next, each with its parent."""
        self._shared.expect(points)

    def judge(self, commit: str, parent: str | None) -> Verdict:
        """What is found at a commit compared with its parent; without a parent, with nothing."""
        base = None if parent is None else State(self._shared, BASE, self._shared.listing(parent, None))
        head = State(self._shared, HEAD, self._shared.listing(commit, parent))
        report = self._run(head, base, self._checkers, replayed=True)
        body = _leaving(report, head, base)
        events = tuple(one for one in body["findings"] if one["rule"] in self._events)
        states = tuple(one for one in body["findings"] if one["rule"] not in self._events)
        if events:
            states = (*self._alone(commit, {one["checker"] for one in events}), *_others(states, events))
        suppressed = _bodies(report._replace(findings=report.suppressed), head, base)
        judged = [state for state in (head, base) if state is not None]
        self._shared.sweep(judged)
        for state in judged:
            state.let_go()
        return Verdict(commit, events, states, suppressed, tuple(body["unknowns"]), body)

    def _alone(self, commit: str, names: set[str]) -> tuple[Body, ...]:
        """What some checkers find where nothing happens: the commit compared with itself."""
        listed = self._shared.listing(commit, None)
        state, itself = State(self._shared, HEAD, listed), State(self._shared, BASE, listed)
        checkers = [checker for checker in self._checkers if checker.name in names]
        return tuple(
            one
            for one in _bodies(self._run(state, itself, checkers), state, itself)
            if one["rule"] not in self._events and one["checker"] in names
        )

    def _run(self, head: State, base: State | None, checkers: Sequence[Checker], *, replayed: bool = False) -> Report:
        try:
            policy = self._policy(head)
            accepted = configured_baseline(head, policy)
        except Trouble as trouble:
            unusable = (
                Unknown(checker.name, "unusable-policy", "policy", trouble.message, trouble.help)
                for checker in self._checkers
            )
            return _NONE._replace(unknowns=tuple(unusable))
        context = Context(head, policy, base)
        selection = Selection(self._task.select, self._task.ignore)
        known = baseline.read(*accepted) if accepted else {}
        judge = self._replays.judge(context) if replayed else None
        # Which finding came, and which went, is only known of all.
        return engine.run(context, checkers, self._hygiene, selection, known, judge, most=None)[0]

    def _policy(self, head: State) -> Config:
        from fr_check.core.config import Config  # noqa: PLC0415 - a default policy needs no more
        from fr_check.core.text import Text  # noqa: PLC0415

        if self._task.then:
            return read_policy(head)
        if self._task.policy is None:
            return Config()
        path, string = self._task.policy
        return read_policy(head, Text(string, path))

    @property
    def replays(self) -> str:
        """How much was known from before, in words."""
        return f"{self._replays.again} of {self._replays.asked} answers of checkers were known"

    def begin_anew(self) -> None:
        """Forgets what commits shared: after a failure it may be half done."""
        self.close()
        self._shared = Shared(self._layout)
        self._replays = Replays(self._shared)

    def close(self) -> None:
        """Ends the processes that read for it."""
        self._shared.close()


def _others(states: Sequence[Body], events: Sequence[Body]) -> tuple[Body, ...]:
    """The states of the checkers that saw nothing happen."""
    busy = {one["checker"] for one in events}
    return tuple(one for one in states if one["checker"] not in busy)


def _bodies(report: Report, head: State, base: State | None) -> tuple[Body, ...]:
    return tuple(_leaving(report, head, base)["findings"])


def _leaving(report: Report, head: State, base: State | None) -> Body:
    """The report as JSON values, with the commits that the places stand for."""
    known = {**(base.stand_ins() if base is not None else {}), **head.stand_ins()}
    return as_object(_named(report, known), View(__version__))


def _named(report: Report, known: Mapping[str, str]) -> Report:
    def at(location: Location | None) -> Location | None:
        if location is None or location.revision is None:
            return location
        return location._replace(revision=known.get(location.revision, location.revision))

    return report._replace(
        findings=tuple(_finding(finding, at) for finding in report.findings),
        unknowns=tuple(unknown._replace(location=at(unknown.location)) for unknown in report.unknowns),
        gaps=tuple(gap._replace(location=at(gap.location)) for gap in report.gaps),
    )


def _finding(finding: Finding, at: Callable[[Location | None], Location | None]) -> Finding:
    location = at(finding.location) or finding.location
    notes = tuple(note._replace(location=at(note.location)) for note in finding.notes)
    return finding._replace(location=location, notes=notes)


def policy_of(layout: Layout, commit: str) -> tuple[str, str] | None:
    """The configuration of a commit as a file that `--config` would name: path and text; None where there is none.

    Raises:
        Trouble: it cannot be used.
    """
    from fr_check.core.text import Text  # noqa: PLC0415
    from fr_check.repository.revision import Revision  # noqa: PLC0415

    repository = Revision(layout, layout.top or layout.git_dir, commit)
    config = read_policy(repository)
    text = repository.read(config.path) if config.path else None
    return (text.path, text.string) if isinstance(text, Text) else None
