"""What one file says about tests and coverage, by the kind of file."""

from __future__ import annotations

from fr_check.core.record import NamedTuple

TYPE_CHECKING = False
if TYPE_CHECKING:
    from fr_check.core.model import Problem, Span
    from fr_check.sources.thresholds.model import Declared, Setting, Word


class PytestConfig(NamedTuple):
    """What pytest would find in one file.

    `present` says whether pytest would take the file at all; `section` names the table that counts, `place` its header,
    `native` that it holds TOML types and needs pytest 9; `addopts` are the words in order, `addopts_span` None where
    there are none; `keys` the other options that are set.
    """

    present: bool
    section: str = ""
    place: Span | None = None
    native: bool = False
    addopts: tuple[Word, ...] = ()
    addopts_span: Span | None = None
    keys: tuple[str, ...] = ()
    problems: tuple[Problem, ...] = ()


class CoverageConfig(NamedTuple):
    """What coverage would find in one file. A list or number that is not set is None.

    `covdefaults`: the plugin of that name sets branches, exclusions, and a threshold where none is written.
    `used`: whether coverage would stop at this file. `place`: the header of its first section.
    """

    used: bool
    place: Span | None = None
    fail_under: Declared | None = None
    precision: Word | None = None
    branch: Word | None = None
    source: tuple[Word, ...] | None = None
    run_omit: tuple[Word, ...] | None = None
    run_include: tuple[Word, ...] | None = None
    report_omit: tuple[Word, ...] | None = None
    report_include: tuple[Word, ...] | None = None
    exclude_lines: tuple[Word, ...] | None = None
    exclude_also: tuple[Word, ...] | None = None
    partial_branches: tuple[Word, ...] | None = None
    partial_also: tuple[Word, ...] | None = None
    plugins: bool = False
    covdefaults: bool = False
    keys: tuple[str, ...] = ()
    problems: tuple[Problem, ...] = ()

    @property
    def branch_on(self) -> bool:
        """Whether branches are measured by this file's word."""
        return self.branch is not None and self.branch.string.lower() in {"1", "yes", "true", "on"}

    @property
    def omit(self) -> tuple[Word, ...]:
        """Both omit lists: what is not measured, and what is left out of reports."""
        return (*(self.run_omit or ()), *(self.report_omit or ()))

    @property
    def include(self) -> tuple[Word, ...]:
        """What reports are limited to, or else measuring, which passes it over where there is a `source`."""
        return self.report_include or (self.run_include if self.source is None else None) or ()


class NodeConfig(NamedTuple):
    """What one file says.

    `enabled`: coverage is measured without an option; `exclude` are the patterns left out, `include` those of what is
    measured, where any are written. `projects` are the folders,
    files and globs whose configurations this one gathers, as written. `vitest` is the lowest major version of vitest
    that a package.json asks for; None where it asks for none, or for one that cannot be told. `keyed` are the tools
    that have a key in a package.json, `inherited` the paths of files that this one takes more from.
    """

    declared: tuple[Declared, ...] = ()
    settings: tuple[Setting, ...] = ()
    enabled: bool | None = None
    exclude: tuple[Word, ...] = ()
    problems: tuple[Problem, ...] = ()
    projects: tuple[str, ...] = ()
    vitest: int | None = None
    keyed: frozenset[str] = frozenset()
    inherited: tuple[str, ...] = ()
    include: tuple[Word, ...] = ()


class Job(NamedTuple):
    """A job. `reports`: it runs whatever happens, looks at the results of what it `needs`, and cannot fail for them."""

    id: str
    span: Span
    needs: tuple[str, ...]
    reports: bool
    reusable: str


class Ci(NamedTuple):
    """What a workflow says about coverage, its commands apart.

    `actions` are those that it uses; `compares`: a step compares a figure by a script of its own.
    """

    triggers: tuple[str, ...] = ()
    jobs: tuple[Job, ...] = ()
    declared: tuple[Declared, ...] = ()
    actions: tuple[str, ...] = ()
    problems: tuple[Problem, ...] = ()
    compares: bool = False
