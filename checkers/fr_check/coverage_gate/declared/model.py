"""What a repository declares about coverage, joined: where each threshold stands, of which part, how it is meant."""

from __future__ import annotations

import posixpath

from fr_check.core.record import NamedTuple
from fr_check.sources.thresholds import model

# Other people's code, and files that tests read: nothing there gates this project.
FOREIGN = frozenset(("node_modules", "vendor", "vendored", "third_party", "_vendor", "site-packages", ".venv", "venv"))
FOREIGN |= {"fixture", "fixtures", "testdata", "test_data", "__snapshots__", "dist", "build", ".git"}
FOREIGN |= {"__fixtures__", "test-fixtures", "test_fixtures", "testfixtures"}
FOREIGN |= {"template", "templates", "example", "examples"}
TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping

    from fr_check.core.model import Gap, Location, Problem, Skipped, Unknown
    from fr_check.runs.links import Excuse, Link
    from fr_check.sources.thresholds.conditions import Condition
    from fr_check.sources.thresholds.configs import Ci, CoverageConfig, NodeConfig, PytestConfig
    from fr_check.sources.thresholds.model import Kind, Metric, Setting
    from fr_check.sources.thresholds.options import Invocation

# Layers, the one that governs first.
CONFIG, NODE, TASK, CI, SCRIPT, VARIABLE, HOSTED, PROSE = (
    "configuration",
    "node configuration",
    "task",
    "workflow",
    "script",
    "variable",
    "service",
    "prose",
)
LAYERS = (CONFIG, NODE, TASK, CI, SCRIPT, VARIABLE, HOSTED, PROSE)
UNIFIED = "unified"
PIPELINE = ".gitlab-ci.yml"
"""The pipeline of GitLab, which is followed as workflows are."""
# Whose actions check out, install and keep things, and no more.
_PREPARING = frozenset({"actions", "astral-sh", "pnpm", "oven-sh", "github", "denoland", "snok", "abatilo", "."})
_PUSHED = frozenset({"push", "pull_request", "pull_request_target", "merge_group"})
TAG = "push of a tag"
"""As `sources.workflow` calls that event."""
BY_HAND = frozenset({"workflow_dispatch", "web", "api", "trigger"})
STARTED = BY_HAND | {"schedule", "release", "workflow_call", TAG}
"""What starts a workflow that no push of a commit and no pull request starts."""


class Place(NamedTuple):
    """One declared threshold in its place.

    `component` is the folder it speaks of (`` for the root), `unified` for all components together, None where that
    cannot be told; `part` a glob, flag or selection within it. `metric` is resolved: `total` has become `line` or
    `blended`, by what the component measures. `overridden`: a later value of the same option counts instead.
    `instead`: where a number counts that its tool ignores here; `since` and `until` the major versions of the tool that
    begin and that cease to read it here. `when` are the conditions under which it is asked.
    """

    value: float | None
    metric: Metric
    kind: Kind
    tool: str
    written: str
    location: Location
    component: str | None
    layer: str
    part: str = ""
    uncovered: bool = False
    overridden: bool = False
    instead: str = ""
    since: int = 0
    until: int = 0
    when: tuple[Condition, ...] = ()

    @property
    def gates(self) -> bool:
        """Whether it is meant to fail something, and says a number."""
        return self.kind == model.GATE and self.value is not None

    @property
    def shown(self) -> str:
        """The value as people write it."""
        return model.shown(self.value, uncovered=self.uncovered)


class PytestFile(NamedTuple):
    """A configuration file of pytest and what it says; `options` reads its addopts as a command line."""

    path: str
    config: PytestConfig
    options: Invocation


class CoverageFile(NamedTuple):
    """A configuration file of coverage and what it says."""

    path: str
    config: CoverageConfig


class NodeFile(NamedTuple):
    """A configuration file of vitest, jest, nyc or c8 and what it says."""

    path: str
    config: NodeConfig


class Component(NamedTuple):
    """A folder that configures tests or coverage: the files that count, and those they hide."""

    folder: str
    pytest: PytestFile | None = None
    hidden_pytest: tuple[PytestFile, ...] = ()
    coverage: CoverageFile | None = None
    hidden_coverage: tuple[CoverageFile, ...] = ()
    node: tuple[NodeFile, ...] = ()

    @property
    def is_python(self) -> bool:
        """Whether pytest or coverage is configured here."""
        return self.pytest is not None or self.coverage is not None

    @property
    def branch_on(self) -> bool:
        """Whether branches are measured by configuration."""
        by_options = self.pytest is not None and self.pytest.options.branch is not None
        return by_options or (self.coverage is not None and self.coverage.config.branch_on)


class WorkflowFile(NamedTuple):
    """A workflow and what it says about coverage."""

    path: str
    ci: Ci

    @property
    def only_prepares(self) -> bool:
        """Whether its actions only prepare a job: none of them runs tests, or sends coverage anywhere."""
        return all(action.partition("/")[0] in _PREPARING for action in self.ci.actions)

    @property
    def is_pushed(self) -> bool:
        """Whether it runs for pushes or pull requests."""
        return not _PUSHED.isdisjoint(self.ci.triggers)

    @property
    def started_by(self) -> tuple[str, ...]:
        """What starts it, but another workflow."""
        return tuple(trigger for trigger in self.ci.triggers if trigger != "workflow_call")


class Reached(NamedTuple):
    """A run of a tool that a workflow starts, directly or through tasks and scripts.

    `path` is the file the command stands in, `job` the workflow's job that led there, `chain` the way from its step to
    the command, `excuse` why its failure is lost; `events` those that may run it (None: all that start its workflow).
    """

    invocation: Invocation
    folder: str | None
    path: str
    job: str
    chain: tuple[Link, ...] = ()
    excuse: Excuse | None = None
    events: tuple[str, ...] | None = None

    def started_by(self, file: WorkflowFile) -> tuple[str, ...]:
        """What starts it, but another workflow."""
        return file.started_by if self.events is None else tuple(one for one in self.events if one != "workflow_call")

    def is_seldom(self, file: WorkflowFile) -> bool:
        """Whether nothing but a person, a clock or a release starts it."""
        events = file.ci.triggers if self.events is None else self.events
        return bool(self.started_by(file)) and STARTED.issuperset(events)


class Runs(NamedTuple):
    """The runs that one workflow starts. `opaque`: it also runs something of the repository that could not be followed.

    `touched` are the paths of files that were followed into, `programs` the names of all that its own steps run,
    `unknowns` what of it was too much to follow, `absent` calls of scripts that are not there and pass all the same.
    """

    workflow: WorkflowFile
    reached: tuple[Reached, ...]
    opaque: bool
    touched: frozenset[str]
    programs: frozenset[str]
    unknowns: tuple[Unknown, ...] = ()
    absent: tuple[Location, ...] = ()


class State(NamedTuple):
    """Everything declared in one state of the repository.

    `commands` are the runs of tools that are written anywhere, `scripts` those that each Python file builds.
    `elsewhere`: another CI system than GitHub's has files here, and may run what no workflow does. `named` are the
    configuration files of coverage that commands name, `named_options` what those of pytest say, by their paths;
    `packages` the folders that have a package.json, `node` every configuration file of Node's tools. `gaps`
    are documents that are no text. `said` are the commands with the file and the folder of each. `uploads`: coverage
    may be sent to Codecov, where a target of it is declared.
    """

    places: tuple[Place, ...]
    components: Mapping[str, Component]
    workflows: tuple[WorkflowFile, ...]
    commands: tuple[Invocation, ...]
    scripts: Mapping[str, tuple[Invocation, ...]]
    settings: tuple[tuple[str, Setting], ...]
    problems: tuple[tuple[str, Problem], ...]
    branch_demands: tuple[Location, ...] = ()
    unknowns: tuple[Unknown, ...] = ()
    skipped: tuple[Skipped, ...] = ()
    elsewhere: bool = False
    named: Mapping[str, CoverageConfig] = {}
    named_options: Mapping[str, Invocation] = {}
    packages: frozenset[str] = frozenset()
    node: Mapping[str, NodeConfig] = {}
    gaps: tuple[Gap, ...] = ()
    uploads: bool = True
    said: tuple[tuple[str, Invocation, str | None], ...] = ()

    def component_of(self, folder: str | None, *, python: bool) -> str | None:
        """The component that a command run in `folder` belongs to: the nearest configured folder at or above it.

        A figure of Node's tools is that of the package they run in, wherever their configuration stands.
        """
        while folder is not None:
            found = self.components.get(folder)
            if found is not None and (found.is_python if python else bool(found.node)):
                return folder
            if not python and folder in self.packages:
                return None
            folder = None if not folder else folder.rpartition("/")[0]
        return None

    def package_of(self, folder: str | None) -> str | None:
        """The package of Node that a folder belongs to."""
        while folder is not None and folder not in self.packages:
            folder = None if not folder else folder.rpartition("/")[0]
        return folder


def is_foreign(folder: str) -> bool:
    """Whether nothing in a folder is read: other people's code, examples, test data."""
    return not FOREIGN.isdisjoint(folder.split("/"))


def joined(outer: str | None, inner: str | None) -> str | None:
    """A folder within a folder; None where either is not known or it leaves the repository."""
    if outer is None or inner is None:
        return None
    path = posixpath.normpath(posixpath.join(outer, inner)) if outer or inner else ""
    return None if path.startswith("..") else "" if path == "." else path


class Pragmas(NamedTuple):
    """How often `pragma: no cover` stands in a measured source, now and in the base (0 for a file it lacks)."""

    path: str
    now: int
    before: int


CHECKING = frozenset({"nyc", "c8"})
