"""One run, from options to report: opens the repository, reads its policy, runs checkers, renders."""

from __future__ import annotations

from functools import partial

from fr_check import __version__
from fr_check.core import engine
from fr_check.core.context import Context, Options
from fr_check.core.model import Severity
from fr_check.core.record import NamedTuple
from fr_check.core.registry import CHECKERS, load_checker, load_hygiene
from fr_check.core.text import Text
from fr_check.core.trouble import Trouble
from fr_check.policy.find import read_policy
from fr_check.report import renderer
from fr_check.report.view import View
from fr_check.repository.background import begin
from fr_check.repository.base import find_base
from fr_check.repository.opening import open_repository
from fr_check.repository.revision import GitRepository
from fr_check.repository.worktree import committed

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from fr_check.core.checker import Checker
    from fr_check.core.context import Base
    from fr_check.core.model import Location, Report, Rule, Unknown
    from fr_check.core.repository import Repository
    from fr_check.repository.place import Place


class Invocation(NamedTuple):
    """What a command line asks for. `config` and `baseline` are files already read: (path, bytes)."""

    checkers: tuple[str, ...]
    root: str | Place | None = None
    staged: bool = False
    rev: str | None = None
    base: str | None = None
    format_: str = "text"
    select: tuple[str, ...] = ()
    ignore: tuple[str, ...] = ()
    fail_on: Severity = Severity.ERROR
    allow_unknown: bool = False
    config: tuple[str, bytes] | None = None
    baseline: tuple[str, bytes] | None = None
    color: bool = False
    quiet: bool = False
    verbose: bool = False
    facts: bool = False
    log: bool = False
    online: bool = False
    each_commit: bool = False
    record: str | None = None
    reports: tuple[str, ...] = ()

    def open(self) -> tuple[Repository, Callable[[], Base]]:
        """Opens the repository; what it is compared with is looked for in the background where it will be needed.

        Raises:
            Trouble: the folder or the revision cannot be used.
        """
        if self.staged and self.rev:
            raise Trouble("--staged and --rev exclude each other", "judge the index or a commit, not both")
        repository = open_repository(self.root, staged=self.staged, rev=self.rev)
        _prepare(repository)
        base = partial(_base, repository, self.base)
        compares = self.base is not None or any(CHECKERS[name].compares for name in self.checkers)
        return repository, begin(base) if compares else base

    def context(self, repository: Repository, base: Callable[[], Base]) -> Context:
        """Reads the policy of what was opened.

        Raises:
            Trouble: the base that was named does not exist, or the policy cannot be used.
        """
        file = Text.decode(self.config[1], self.config[0]) if self.config else None
        # In a commit hook an untracked or unstaged policy on disk permits nothing: it is not being committed.
        policy = read_policy(committed(repository), file)
        if policy.path is not None and file is None:
            repository.read(policy.path)  # where suppressions are looked for
        options = Options(reports=self.reports, online=self.online, each_commit=self.each_commit)
        # A base that was named must exist, whether or not a checker comes to ask for it.
        return Context(repository, policy, base() if self.base is not None else base, options)

    def run(self) -> Outcome:
        """Runs the checkers and renders what they found."""
        opened = self.open()
        checkers, hygiene = [load_checker(name) for name in self.checkers], load_hygiene()
        context = self.context(*opened)
        _demand_any(self.select, checkers, hygiene)
        report, loaded = engine.run(
            context,
            checkers,
            hygiene,
            engine.Selection(self.select, self.ignore),
            accepted(self.baseline),
        )
        status = engine.exit_status(report, self.fail_on, allow_unknown=self.allow_unknown)
        recorder = load_checker(self.checkers[0]).record if self.record else None
        recorded = recorder(loaded[self.checkers[0]]) if recorder else None
        rendered = renderer(self.format_)(report, self.view(context.repository)._replace(status=status))
        return Outcome(report, rendered, status, recorded, (context, loaded))

    def view(self, repository: Repository) -> View:
        """How the report is shown."""
        lowest = Severity.INFO if self.verbose else self.fail_on if self.quiet else min(Severity.WARNING, self.fail_on)

        def text_of(location: Location) -> Text | None:
            text = repository.read(location.path)
            return text if isinstance(text, Text) and text.revision == location.revision else None

        return View(__version__, lowest, self.color, self.quiet, self.verbose, text_of)

    def tables(self) -> tuple[str, tuple[Unknown, ...]]:
        """What `--facts` and `--log` print, and what could not be read on the way."""
        from fr_check.report import tables  # noqa: PLC0415 - a check needs none

        if self.format_ not in tables.FORMATS:
            option = "--log" if self.log else "--facts"
            raise Trouble(f"{option} has no format `{self.format_}`", f"use one of {', '.join(tables.FORMATS)}")
        opened = self.open()
        checker = load_checker(self.checkers[0])
        context = self.context(*opened)
        if self.log and checker.log:
            listed, unknowns = checker.log(context)
            return tables.render(self.format_, checker.name, listed, __version__), unknowns
        facts = checker.load(context)
        return tables.render(self.format_, checker.name, facts.tables(), __version__), facts.unknowns


def _base(repository: Repository, option: str | None) -> Base:
    base = find_base(repository, option)
    _prepare(base)
    return base


def _prepare(state: Base) -> None:
    if isinstance(state, GitRepository):
        state.prepare()


def _demand_any(select: Sequence[str], checkers: Sequence[Checker], hygiene: Sequence[Rule]) -> None:
    """Refuses a selection that leaves nothing to run: that would look like a clean run.

    Raises:
        Trouble: no rule that is selected belongs to the checkers.
    """
    there = {rule.id for checker in checkers for rule in checker.rules}.union(rule.id for rule in hygiene)
    if select and there.isdisjoint(select):
        names = ", ".join(checker.name for checker in checkers)
        raise Trouble(f"{names} has no rule `{', '.join(select)}`", "`fr-check rules` says which checker has it")


class Outcome(NamedTuple):
    """What a run leaves: the report, its rendering, the exit status, and the totals that --record writes.

    `world` is all that was read: whoever keeps the outcome until the process ends spares taking it down.
    """

    report: Report
    rendered: str
    status: int
    recorded: str | None
    world: object = None


def accepted(baseline: tuple[str, bytes] | None) -> Mapping[str, int]:
    """Fingerprint -> how many findings with it an earlier JSON report holds.

    Raises:
        Trouble: the file is no JSON report.
    """
    if baseline is None:
        return {}
    import json  # noqa: PLC0415 - only with --baseline
    from collections import Counter  # noqa: PLC0415

    path, data = baseline
    help_ = "write one with `fr-check all --format json --output FILE`"
    try:
        findings = json.loads(data)["findings"]
        return Counter(str(finding["fingerprint"]) for finding in findings)
    except (ValueError, KeyError, TypeError, RecursionError):
        raise Trouble(f"{path} is not a JSON report of fr-check", help_) from None
