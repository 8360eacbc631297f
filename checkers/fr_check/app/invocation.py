"""One run, from options to report: opens the repository, reads its policy, runs checkers, renders."""

from __future__ import annotations

import os
from functools import partial

from fr_check import __version__
from fr_check.core import engine
from fr_check.core.context import Context, Options
from fr_check.core.model import Severity
from fr_check.core.record import NamedTuple
from fr_check.core.registry import CHECKERS, load_checker, load_hygiene
from fr_check.core.selection import Selection, names
from fr_check.core.text import Text
from fr_check.core.trouble import Trouble, did_you_mean
from fr_check.policy.accepted import NOTHING, configured_baseline, names_one_of, writing
from fr_check.policy.find import read_policy
from fr_check.report import FORMATS, renderer
from fr_check.report.text import summary
from fr_check.report.view import View, nothing_checked
from fr_check.repository.background import begin
from fr_check.repository.base import find_base
from fr_check.repository.opening import open_repository
from fr_check.repository.revision import GitRepository
from fr_check.repository.worktree import committed

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from typing import Any

    from fr_check.app.fixing import Cured
    from fr_check.core.baseline import Accepted
    from fr_check.core.checker import Checker
    from fr_check.core.config import Config
    from fr_check.core.context import Base
    from fr_check.core.model import Location, Report, Rule, Unknown
    from fr_check.core.repository import Repository
    from fr_check.repository.place import Place

# Formats that carry the edits of a finding.
_WITH_EDITS = frozenset(("json", "sarif"))
# Formats that have no place for why nothing was checked.
_WITHOUT_REASONS = frozenset(("gitlab",))


class Invocation(NamedTuple):
    """What a command line asks for; None where the policy, or the usual, decides.

    `config` and `baseline` are files already read: (path, bytes). `output` is the file that the report goes to instead
    of the standard output, `outputs` are pairs of a format and a further file.
    """

    checkers: tuple[str, ...]
    root: str | Place | None = None
    staged: bool = False
    rev: str | None = None
    base: str | None = None
    since: str | None = None
    format_: str | None = None
    output: str | None = None
    outputs: tuple[tuple[str, str], ...] = ()
    select: tuple[str, ...] = ()
    ignore: tuple[str, ...] = ()
    fail_on: Severity | None = None
    allow_unknown: bool = False
    exit_zero: bool = False
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
    statistics: bool = False
    show_files: bool = False
    fix: bool = False
    unsafe_fixes: bool = False
    diff: bool = False

    def open(self) -> tuple[Repository, Callable[[], Base]]:
        """Opens the repository; what it is compared with is looked for in the background where it will be needed.

        Raises:
            Trouble: the folder or the revision cannot be used.
        """
        if self.staged and self.rev:
            raise Trouble("--staged and --rev exclude each other", "judge the index or a commit, not both")
        repository = open_repository(self.root, staged=self.staged, rev=self.rev)
        _prepare(repository)
        base = partial(_base, repository, self._compared)
        compares = self._compared is not None or any(CHECKERS[name].compares for name in self.checkers)
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
        return Context(repository, policy, base() if self._compared is not None else base, options)

    @property
    def _compared(self) -> str | None:
        """The commit that a command line names to compare with: what happened since --since counts, too."""
        return self.since if self.base is None else self.base

    def judge(self, changes: Mapping[str, bytes] | None = None) -> Judged:
        """Opens the repository and runs the checkers; `changes` are read in place of what files on disk hold."""
        opened = self.open()
        if changes:
            opened[0].changes = changes
        checkers, hygiene = [load_checker(name) for name in self.checkers], load_hygiene()
        context = self.context(*opened)
        _demand_any(self.select, checkers, hygiene)
        baseline = self._compared_baseline(context)
        selection = Selection(self.select, self.ignore)
        # A report in a file may be a baseline: what it leaves out would be new to the next run.
        compared = self.fix or self.diff or self.since is not None or bool(self._written(context.config))
        most = None if compared else engine.FINDING_LIMIT
        report, loaded = engine.run(context, checkers, hygiene, selection, _accepted(baseline), most=most)
        if self.since is not None:
            from fr_check.history import since  # noqa: PLC0415 - only where it is asked for

            before = since.start(context.repository, self.since)
            report = since.only_later(report, context, before, checkers, hygiene, selection)
        # An index or a commit is not edited.
        if report.findings and not self.staged and self.rev is None and self._shows_fixes(context.config):
            from fr_check.fixes.attach import with_fixes  # noqa: PLC0415 - a clean run needs none

            report = with_fixes(report, _rules(checkers, hygiene), loaded, context.repository)
        return Judged(context, report, loaded, baseline)

    def whole(self, judged: Judged) -> Report | None:
        """What all rules of the checkers find where --select or --ignore restricts a run; None where neither does.

        What was loaded for the run is not loaded again.
        """
        if not (self.select or self.ignore):
            return None
        checkers = [load_checker(name) for name in self.checkers]
        return engine.run(judged.context, checkers, load_hygiene(), baseline=_accepted(judged.baseline), most=None)[0]

    def _written(self, config: Config) -> list[str]:
        """The files of JSON reports that this run writes."""
        pairs = ((self.format_ or config.format, self.output), *self.outputs)
        return [path for form, path in pairs if form == "json" and path]

    def _compared_baseline(self, context: Context) -> tuple[str, bytes] | None:
        """The baseline of the command line, else of the policy; one that this run writes accepts nothing."""
        written = self._written(context.config)
        if self.baseline is None:
            return configured_baseline(context.repository, context.config, written)
        path, data = self.baseline
        if names_one_of(path, written):
            return path, NOTHING
        if not os.path.exists(path):
            raise Trouble(f"the baseline {path} does not exist", f"write it with {writing(path)}")
        return path, data

    def _shows_fixes(self, config: Config) -> bool:
        """Whether anything that is printed or done depends on the edits: other formats only say what was found."""
        forms = {self.format_ or config.format, *(form for form, _ in self.outputs)}
        return self.fix or self.diff or self.statistics or not forms.isdisjoint(_WITH_EDITS)

    def run(self) -> Outcome:
        """Runs the checkers and renders what they found."""
        if (self.fix or self.diff) and (self.staged or self.rev):
            raise Trouble("--fix and --diff change the working tree, not the index or a commit", "leave out the other")
        judged = self.judge()
        cured = None
        if self.fix or self.diff:
            from fr_check.app import fixing  # noqa: PLC0415 - only where it is asked for

            cured, judged = fixing.cured(self, judged)
        report, context = judged.report, judged.context
        fail_on = self.fails(context.config)
        status = engine.exit_status(report, fail_on, allow_unknown=self.allow_unknown or context.config.allow_unknown)
        if self.diff and cured is not None and cured.files:
            status = 1
        recorder = load_checker(self.checkers[0]).record if self.record else None
        recorded = recorder(judged.loaded[self.checkers[0]]) if recorder else None
        view = self.view(context.repository, fail_on)._replace(status=status)
        return Outcome(
            report,
            self._rendered(report, view, context),
            0 if self.exit_zero else status,
            recorded,
            judged,
            tuple((path, renderer(form)(report, view._replace(color=False))) for form, path in self.outputs),
            summary(report, view._replace(color=False)),
            judged.baseline,
            context.repository.root,
            cured,
            nothing_checked(report) if self._form(context.config) in _WITHOUT_REASONS else "",
        )

    def _form(self, config: Config) -> str:
        return self.format_ or _configured_format(config)

    def _rendered(self, report: Report, view: View, context: Context) -> str:
        form = self._form(context.config)
        if self.statistics:
            from fr_check.report import statistics  # noqa: PLC0415 - only where it is asked for

            return statistics.render(report, view, form)
        shown = renderer(form)(report, view)
        if self.show_files:
            from fr_check.report import files  # noqa: PLC0415 - likewise

            shown = files.render(context.repository.readers(), form) + shown
        return shown

    def fails(self, config: Config) -> Severity:
        """The lowest severity that fails: of the command line, else of the policy."""
        return Severity[config.fail_on.upper()] if self.fail_on is None else self.fail_on

    def view(self, repository: Repository, fail_on: Severity) -> View:
        """How the report is shown."""
        lowest = Severity.INFO if self.verbose else fail_on if self.quiet else min(Severity.WARNING, fail_on)

        def text_of(location: Location) -> Text | None:
            text = repository.read(location.path)
            return text if isinstance(text, Text) and text.revision == location.revision else None

        return View(__version__, lowest, self.color, self.quiet, self.verbose, text_of)

    def tables(self) -> tuple[str, tuple[Unknown, ...]]:
        """What `--facts` and `--log` print, and what could not be read on the way."""
        from fr_check.core.masking import mask_tables  # noqa: PLC0415 - a check masks its report
        from fr_check.report import tables  # noqa: PLC0415 - a check needs none

        form = self.format_ or "text"
        if form not in tables.FORMATS:
            option = "--log" if self.log else "--facts"
            raise Trouble(f"{option} has no format `{form}`", f"use one of {', '.join(tables.FORMATS)}")
        opened = self.open()
        checker = load_checker(self.checkers[0])
        context = self.context(*opened)
        if self.log and checker.log:
            listed, unknowns = checker.log(context)
        else:
            facts = checker.load(context)
            listed, unknowns = facts.tables(), facts.unknowns
        listed, unknowns = mask_tables(listed, unknowns, context.repository)
        return tables.render(form, checker.name, listed, __version__), unknowns


def _base(repository: Repository, option: str | None) -> Base:
    base = find_base(repository, option)
    _prepare(base)
    return base


def _prepare(state: Base) -> None:
    if isinstance(state, GitRepository):
        state.prepare()


def _rules(checkers: Sequence[Checker], hygiene: Sequence[Rule]) -> tuple[Rule, ...]:
    return (*(rule for checker in checkers for rule in checker.rules), *hygiene)


def _demand_any(select: Sequence[str], checkers: Sequence[Checker], hygiene: Sequence[Rule]) -> None:
    """Refuses a selection that leaves nothing to run: that would look like a clean run.

    Raises:
        Trouble: no rule that is selected belongs to the checkers.
    """
    if select and not any(names(select, rule.checker, rule.id) for rule in _rules(checkers, hygiene)):
        there = ", ".join(checker.name for checker in checkers)
        raise Trouble(f"{there} has no rule `{', '.join(select)}`", "`fr-check rules` says which checker has it")


class Judged(NamedTuple):
    """What one run of the checkers found, and all that it knows; `baseline` is the file that was compared with."""

    context: Context
    report: Report
    loaded: Mapping[str, Any]
    baseline: tuple[str, bytes] | None


class Outcome(NamedTuple):
    """What a run leaves: the report, its rendering, the exit status, and the totals that --record writes.

    `world` is all that was read: whoever keeps the outcome until the process ends spares taking it down. `files` are
    other renderings, by the file that they go to; `summary` is one line for a terminal that gets nothing else;
    `baseline` is the file that was compared with, in the repository at `root` unless the command line names it;
    `cured` is what --fix or --diff made of it; `unsaid` is what the format of the report has no place for.
    """

    report: Report
    rendered: str
    status: int
    recorded: str | None
    world: object = None
    files: tuple[tuple[str, str], ...] = ()
    summary: str = ""
    baseline: tuple[str, bytes] | None = None
    root: str = ""
    cured: Cured | None = None
    unsaid: str = ""


def _configured_format(config: Config) -> str:
    if config.format not in FORMATS:
        place = config.places.get("format")
        where = f"{place.path}:{place.span.line}: " if place and place.span else ""
        near = did_you_mean(config.format, FORMATS)
        raise Trouble(f"{where}no format is called `{config.format}`{near}", f"use one of {', '.join(FORMATS)}")
    return config.format


def _accepted(baseline: tuple[str, bytes] | None) -> Mapping[str, Accepted]:
    """What a baseline accepts, by fingerprint."""
    if baseline is None:
        return {}
    from fr_check.core.baseline import read  # noqa: PLC0415 - only with a baseline

    return read(*baseline)
