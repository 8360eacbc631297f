"""Numbers that their tool does not read where they stand, once all commands are known that may make it read them."""

from __future__ import annotations

import posixpath

from fr_check.core.model import Location
from fr_check.core.record import NamedTuple
from fr_check.coverage_gate.declared import node_runs
from fr_check.coverage_gate.declared.model import CHECKING, NODE, joined
from fr_check.coverage_gate.declared.node_runs import C8, JEST, NYC, VITEST
from fr_check.sources.thresholds import commands, coverage_config, misplaced, model, pytest_config

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from fr_check.core.model import Span
    from fr_check.coverage_gate.declared.components import Parse
    from fr_check.coverage_gate.declared.model import Place
    from fr_check.coverage_gate.declared.node_runs import Judged
    from fr_check.sources.thresholds.configs import NodeConfig
    from fr_check.sources.thresholds.model import Declared
    from fr_check.sources.thresholds.options import Invocation

_PYTHON = frozenset({"coverage", "pytest-cov"})


class NodeRun(NamedTuple):
    """A run of one of Node's tools: the file that states it, its folder (None: not known) and its component."""

    path: str
    invocation: Invocation
    folder: str | None
    component: str | None
    layer: str


class Ran:
    """Which runs of a tool bear on what it reads."""

    def __init__(self) -> None:
        self.node: dict[NodeRun, None] = {}
        self.configs: set[str] = set()
        self.diffs: set[str] = set()

    def add(self, path: str, invocation: Invocation, folder: str | None, component: str | None, layer: str) -> None:
        """Notes one run."""
        if invocation.tool in node_runs.TOOLS:
            self.node[NodeRun(path, invocation, folder, component, layer)] = None
        elif invocation.tool == "diff-cover":
            self.diffs.add(invocation.config)
        elif invocation.config:
            named = joined(folder, invocation.config)
            self.configs.add(posixpath.normpath(invocation.config) if named is None else named)


def misplaced_in(paths: Iterable[str], parse: Parse, ran: Ran) -> Iterator[tuple[str, Declared]]:
    """What files of coverage's state where it does not look; a file that a command names is read by other rules."""
    for path in paths:
        if path not in ran.configs and path.rpartition("/")[2] not in ran.configs:
            for declared in parse(path, misplaced.parse) or ():
                yield path, declared


def options_misplaced_in(paths: Iterable[str], parse: Parse) -> Iterator[tuple[str, Declared]]:
    """What `addopts` in sections that pytest does not read state as a threshold."""
    for path in paths:
        for words, span, where in parse(path, pytest_config.misplaced) or ():
            for declared in commands.pytest_options(words, span).declared:
                if declared.value:
                    yield path, declared._replace(kind=model.IGNORED, instead=f"in `addopts` {where}")


def of_diffs(declared: Declared, ran: Ran) -> Declared:
    """A number of `[tool.diff_cover]`, which diff-cover reads only where it is told to."""
    if declared.tool != "diff-cover" or ran.diffs != {""} or not declared.value:
        return declared
    return declared._replace(kind=model.IGNORED, instead="for `diff-cover --config-file pyproject.toml`")


class _Settling:
    """What the runs of Node's tools make of the numbers in their files and commands."""

    def __init__(self, files: Mapping[str, NodeConfig], ran: Ran) -> None:
        self.files = files
        self.ran = ran
        self.judged = {run: node_runs.judged(files, run.invocation, run.folder) for run in ran.node}
        self.read = {(path, run.invocation.tool) for run, found in self.judged.items() for path in found.files}
        taken = {other for config in files.values() for other in config.inherited}
        self.read.update((other, tool) for other in taken for tool in node_runs.TOOLS)
        self.somewhere = {run.invocation.tool for run, found in self.judged.items() if not found.known}
        self.asked: set[tuple[str, Span]] = set()
        for run, found in self.judged.items():
            if found.measures:
                self.asked.update((path or run.path, one.span) for path, one in found.limits)

    def place(self, place: Place) -> Place:
        """A place as it counts."""
        if place.tool in CHECKING:
            return self._checked(place)
        if place.tool not in {VITEST, JEST} or place.kind == model.IGNORED or not (place.value or place.uncovered):
            return place
        if place.layer == NODE and self._unread(place):
            return place._replace(kind=model.REPORT_ONLY)
        instead = self._instead(place)
        return place._replace(kind=model.IGNORED, part="", instead=instead) if instead else place

    def _unread(self, place: Place) -> bool:
        """Whether a configuration of an unusual name (`vitest.unit.config.ts`) is read by no run that is known."""
        path = place.location.path
        name = path.rpartition("/")[2]
        usual = name in node_runs.NAMES[place.tool] or name == "package.json" or "workspace" in name
        return not usual and (path, place.tool) not in self.read

    def _checked(self, place: Place) -> Place:
        """A number of nyc or c8, which counts where something tells them to judge."""
        span = place.location.span
        instead = (self._unreadable(place) or self._overruled(place)) if place.layer == NODE and place.value else ""
        if instead:
            return place._replace(kind=model.IGNORED, instead=instead)
        if not place.value or place.kind == model.GATE:
            return place
        if span is not None and (place.location.path, span) in self.asked:
            return place._replace(kind=model.GATE)
        opaque = CHECKING.intersection(self.somewhere) or (place.layer != NODE and self._partly_known(place))
        if place.kind == model.IGNORED and opaque:
            return place._replace(kind=model.REPORT_ONLY)  # which of the two it is depends on what is not known here
        return place

    def _unreadable(self, place: Place) -> str:
        """Where a number of nyc or c8 would count that stands in a file which only the other one reads, or neither."""
        path = place.location.path
        folder, _, name = path.rpartition("/")
        if name.startswith((".c8rc", "c8.")) and name not in node_runs.NAMES[C8]:
            return f"in {posixpath.join(folder, '.c8rc.json')} (c8 reads JSON, and no {name})"
        if name.startswith((".nycrc", "nyc.")) and name not in node_runs.NAMES[NYC]:
            return f"in {posixpath.join(folder, '.nycrc.json')} (nyc reads no {name})"
        runs = {run.invocation.tool for run in self.ran.node if run.folder == folder} & CHECKING
        keyed = name == "package.json"
        if not runs or any((path, tool) in self.read for tool in CHECKING) or CHECKING & self.somewhere:
            return ""
        if any(place.tool == tool if keyed else name in node_runs.NAMES[tool] for tool in runs):
            return ""
        tool = min(runs)
        where = f"below `{tool}`" if keyed else f"in {posixpath.join(folder, node_runs.NAMES[tool][1])}"
        return f"{where} (only {tool} runs here, and passes this over)"

    def _overruled(self, place: Place) -> str:
        """The file whose number nyc or c8 takes in place of one below their key in package.json, in every run."""
        path = place.location.path
        if path.rpartition("/")[2] != "package.json":
            return ""
        read = [one for run, one in self.judged.items() if path in one.files and run.invocation.tool in CHECKING]
        key = (place.metric, "")
        taken = {file for judged in read for file, one in judged.limits if (one.metric, one.part) == key}
        if len(taken) != 1 or not all(judged.measures and judged.known for judged in read):
            return ""
        (file,) = taken
        return f"in {file}, which {place.tool} takes first" if file in self.files and file != path else ""

    def _partly_known(self, place: Place) -> bool:
        """Whether nyc or c8 has a configuration of which not everything is known."""
        folder = place.component
        return any(
            posixpath.dirname(path) == folder and one.tool in CHECKING and one.kind == model.REPORT_ONLY
            for path, config in self.files.items()
            for one in config.declared
        )

    def _instead(self, place: Place) -> str:
        """Where a number of vitest's or jest's would count; empty where it counts, or may."""
        path = place.location.path
        folder, _, name = path.rpartition("/")
        if place.tool == VITEST and (place.since or place.until):
            major = node_runs.vitest_of(self.files, folder if place.layer == NODE else place.component)
            if major is not None and not (place.since <= major and (not place.until or major < place.until)):
                return _of_version(place, major)
        if place.layer != NODE or (path, place.tool) in self.read or place.tool in self.somewhere:
            return ""
        names = node_runs.NAMES[place.tool]
        before = names[: names.index(name)] if name in names and place.tool != JEST else []  # jest refuses two
        hiding = next((one for other in before if (one := posixpath.join(folder, other)) in self.files), None)
        if hiding is not None:
            return f"in {hiding}, which {place.tool} reads in its place"
        root = self._gathering(path, folder, place.tool)
        where = "`test.coverage.thresholds`" if place.tool == VITEST else "`coverageThreshold`"
        return "" if root is None else f"in {where} of {root}, which runs this project with others"

    def _gathering(self, path: str, folder: str, tool: str) -> str | None:
        """The configuration above that names this one as one of its projects."""
        for other, config in self.files.items():
            above, _, name = other.rpartition("/")
            if not config.projects or other == path or not (not above or folder.startswith(f"{above}/")):
                continue
            ours = name in node_runs.NAMES[tool] or (tool == JEST and name == "package.json")
            ours = ours or (tool == VITEST and name.startswith(("vitest.workspace", "vitest.projects")))
            below = (path if not above else path[len(above) + 1 :], folder if not above else folder[len(above) + 1 :])
            if ours and any(_named_by(pattern, one) for pattern in config.projects for one in below):
                return other
        return None


def _named_by(pattern: str, path: str) -> bool:
    from fnmatch import fnmatchcase  # noqa: PLC0415 - few projects gather others

    pattern = pattern.removeprefix("<rootDir>/").removeprefix("./").rstrip("/")
    within = "**" in pattern or pattern.count("/") == path.count("/")
    return within and not pattern.startswith("!") and fnmatchcase(path, pattern)


def _of_version(place: Place, major: int) -> str:
    """Where another version of vitest reads a number."""
    before = f"vitest {major} is required here"
    if place.until:
        where = "`test.coverage.thresholds`" if place.layer == NODE else "`--coverage.thresholds`"
        return f"in {where} ({before}, and it stood there before vitest {place.until})"
    if place.uncovered:
        return f"as a percentage ({before}, and a negative number counts what is uncovered since vitest {place.since})"
    if place.since > 1:
        return f"as numbers of each metric ({before}, and `100` of a pattern is read since vitest {place.since})"
    where = "directly in `test.coverage`" if place.layer == NODE else "as `--coverage.lines` and the like"
    return f"{where} ({before}, and `thresholds` is read since vitest {place.since})"


def settled(places: Sequence[Place], ran: Ran, files: Mapping[str, NodeConfig]) -> list[Place]:
    """The places as they count: those of Node's tools as their runs read them, a plugin's where no other is."""
    settling = _Settling(files, ran)
    written = {one.component for one in places if one.tool in _PYTHON and one.gates and one.value and not _implied(one)}
    found = [settling.place(one) for one in places if not (_implied(one) and one.component in written)]
    return [*found, *_by_default(settling.judged)]


def _by_default(judged: Mapping[NodeRun, Judged]) -> Iterator[Place]:
    """What nyc and c8 hold lines to where they are told to judge and no number says otherwise."""
    from fr_check.coverage_gate.declared.model import Place  # noqa: PLC0415 - few projects use them

    for run, found in judged.items():
        for path, one in found.limits if found.known else ():
            if found.measures and not path and one.written == model.DEFAULT_LINES.written:
                location = Location(run.path, one.span)
                yield Place(one.value, one.metric, one.kind, one.tool, one.written, location, run.component, run.layer)


def _implied(place: Place) -> bool:
    """Whether a plugin sets the number, which nobody wrote."""
    return place.written == coverage_config.IMPLIED
