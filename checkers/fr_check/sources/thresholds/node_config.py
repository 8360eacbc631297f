"""Configuration of vitest, jest, nyc and c8.

Semantics: vitest's `coverage.thresholds` (before 1.0 the metrics stood in `coverage` itself), where globs are judged
beside the whole; jest's `coverageThreshold`, whose `global` leaves out the files of every other key; nyc and c8 only
judge with `check-coverage`. A negative number is the largest count of uncovered items.
"""

from __future__ import annotations

import re

from fr_check.core.model import Problem
from fr_check.core.patterns import pattern
from fr_check.sources.thresholds import model
from fr_check.sources.thresholds.configs import NodeConfig
from fr_check.sources.thresholds.literals import Literal, literals_of
from fr_check.sources.thresholds.model import Declared, Setting, Word
from fr_check.sources.thresholds.node_commands import CHECKED, ISTANBUL, istanbul_value, meant, since_version

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from fr_check.core.text import Text
    from fr_check.sources.thresholds.model import Kind, Metric

_UPDATES = frozenset({"autoUpdate", "thresholdAutoUpdate"})
_HUNDRED = 100.0
# Names that stand for no number, and how a name is given one.
_NO_NUMBER = frozenset({"undefined", "null", "true", "false", "NaN"})
_GIVEN = r"\b(?:const|let|var)\s+%s\s*(?::\s*\w+\s*)?=\s*(-?\d+(?:\.\d+)?)\s*(?:;|$|\n|as\b)"
_LONG_NAME = 60
# Where a configuration takes more from: modules and presets of the repository's own.
_TAKEN = pattern(
    r"""(?:\bfrom\s*|\bimport\s*\(?\s*|\brequire\s*\(\s*|["']?\b(?:preset|extends|jest)["']?\s*:\s*\[?\s*)["'](\.{1,2}/[^"'\n]{1,200})["']"""
)
_DEPENDENCY = 2  # keys that lead to a version: devDependencies, vitest
_MAJOR = pattern(r"(?:npm:vitest@)?\s*(?:[~^=v]|>=)*\s*(\d{1,3})(?:[.\s-]|$)")
_OWN_NAME = pattern(r"(?:\.nycrc|\.c8rc|(?:nyc|jest|vitest|vite)\.)")
# The keys of package.json that these tools read.
_KEYS = frozenset(("jest", "nyc", "c8"))
# jest's key, and how it is misspelt: jest warns of an option that it does not know, and passes it over.
_JEST_KEYS = frozenset(("coverageThreshold", "coverageThresholds", "coverageTreshold", "coverageTresholds"))
_JEST_KEYS |= {"coverageThreshhold", "coverage-threshold", "coverage_threshold", "coveragethreshold"}
# What makes a `coverage` without anything around it a part of `test`, perhaps by a name.
_TEST = pattern(r"\btest\b\s*[:=,}.)]|[\"']test[\"']|\.{3}|mergeConfig")
_BETWEEN = pattern(r"[-_. ]+")
_AT_THE_TOP = "as `lines`, `branches`, `functions` or `statements` beside `check-coverage`"
# Where vitest reads thresholds.
_DIRECTLY = "directly in `test.coverage.thresholds`"
_ROOT = "in `test.coverage.thresholds` of the root configuration, since coverage is measured for all projects at once"


def named(text: Text) -> NodeConfig:
    """Reads a file that a command names, whatever it is called: as each tool would, by its own keys."""
    name = text.path.rsplit("/", 1)[-1]
    if _OWN_NAME.match(name) or name == "package.json":
        return parse(text)
    found = literals_of(text)
    declared, settings = _nyc(text, found, "nyc")
    problems = _json_problems(text) if name.endswith(".json") else ()
    declared = tuple(one for one in declared if one.instead != _AT_THE_TOP)  # which may be another tool's
    declared = (*_vitest(text, found), *_jest(text, found), *declared)
    return NodeConfig(declared, settings, _enabled(found), (), problems, _projects(found))


def parse(text: Text) -> NodeConfig:
    """Reads one file by its name: package.json, `.nycrc*`, `.c8rc*`, `jest.config.*`, `vitest.*`, `vite.config.*`."""
    name = text.path.rsplit("/", 1)[-1]
    if name.endswith((".yml", ".yaml")):
        return _yaml(text, "c8" if "c8" in name else "nyc")
    found = literals_of(text)
    problems = _json_problems(text) if name.endswith(".json") else ()
    if name.startswith((".nycrc", "nyc.config", ".c8rc", "c8.config")):
        return NodeConfig(*_nyc(text, found, "c8" if "c8" in name else "nyc"), problems=problems)
    if name == "package.json":
        return _package(text, found, problems)
    declared = (*_vitest(text, found), *_jest(text, found))
    settings, excluded = _settings(text, found), _excluded(text, found)
    problems += _jest_problems(text, found)
    include = _included(text, found)
    return NodeConfig(declared, settings, _enabled(found), excluded, problems, _projects(found), include=include)


def _yaml(text: Text, tool: str) -> NodeConfig:
    """`.nycrc.yml`: the same keys as in JSON, at the top."""
    from fr_check.sources import yaml_tree  # noqa: PLC0415 - few projects write it so

    document = yaml_tree.parse(text)
    found = [
        Literal((key,), entry.value.value, "name", entry.value.start, entry.value.end)
        for key, entry in yaml_tree.entries(document.root).items()
        if isinstance(entry.value, yaml_tree.Scalar)
    ]
    numbers = [item._replace(kind="name" if model.number(item.value) is None else "number") for item in found]
    return NodeConfig(*_nyc(text, numbers, tool), problems=document.problems)


def _package(text: Text, found: list[Literal], problems: tuple[Problem, ...]) -> NodeConfig:
    declared = [*_jest(text, [item for item in found if item.path[:1] == ("jest",)])]
    settings: list[Setting] = []
    for key in dict.fromkeys(item.path[0] for item in found if item.path and item.path[0].lower() in _KEYS):
        tool, below = key.lower(), [item for item in found if item.path[:1] == (key,)]
        more: tuple[Declared, ...] = ()
        switches: tuple[Setting, ...] = ()
        if tool == "jest":
            more = tuple(_jest(text, below)) if key != tool else ()
        else:
            more, switches = _nyc(text, [item._replace(path=item.path[1:]) for item in below], tool)
        if key == tool:
            declared += more
            settings += switches
        else:
            instead = f"below `{tool}`"
            declared += (one._replace(kind=model.IGNORED, part="", instead=instead) for one in more if one.value)
    ours = [item for item in found if item.path[:1] == ("jest",)]
    problems += _jest_problems(text, ours)
    keyed = _KEYS.intersection(item.path[0] for item in found if item.path)
    vitest = _required_vitest(found)
    config = NodeConfig(tuple(declared), tuple(settings), _enabled(ours), _excluded(text, ours), problems)
    return config._replace(projects=_projects(ours), vitest=vitest, keyed=keyed, include=_included(text, ours))


def _required_vitest(found: list[Literal]) -> int | None:
    """The lowest major version of vitest that the dependencies of a package.json allow."""
    for item in found:
        if len(item.path) == _DEPENDENCY and item.path[1] == "vitest" and item.path[0].endswith("ependencies"):
            major = _MAJOR.match(item.value)
            return int(major[1]) if major else None
    return None


def _projects(found: list[Literal]) -> tuple[str, ...]:
    """What `projects` or `workspace` name: a list of folders, files and globs."""
    return tuple(
        item.value for item in found if item.kind == "string" and item.path[-1:] in {("projects",), ("workspace",)}
    )


def _json_problems(text: Text) -> tuple[Problem, ...]:
    import json  # noqa: PLC0415 - only where there is such a file

    try:
        json.loads(text.string)
    except RecursionError:
        return (Problem("nested too deeply to be read", text.span(0)),)
    except ValueError as error:
        if "//" in text.string or "/*" in text.string:
            return ()  # nyc and its like strip comments
        return (Problem(f"not valid JSON: {getattr(error, 'msg', error)}", text.span(getattr(error, "pos", 0))),)
    return ()


def _istanbul(
    text: Text, item: Literal, metric: Metric, tool: str, part: str, kind: Kind = model.GATE, *, instead: str = ""
) -> Declared | None:
    written, uncovered = item.value, False
    if item.kind == "name":
        if item.value in _NO_NUMBER:
            return None
        given = re.search(_GIVEN % re.escape(item.value), text.string) if len(item.value) < _LONG_NAME else None
        written = given[1] if given else item.value
    value, uncovered = istanbul_value(written)
    if value is None:
        # What is a call or a variable is a number all the same, which only the run knows.
        return None if item.kind != "name" else Declared(None, metric, kind, tool, _said(item), item.span(text), part)
    if not value and not uncovered:
        kind = model.REPORT_ONLY
    kind, part = (model.IGNORED, "") if instead and kind == model.GATE else (kind, part)
    span = item.span(text)
    return Declared(value, metric, kind, tool, _said(item), span, part, uncovered=uncovered, instead=instead)


def _said(item: Literal) -> str:
    return f"{item.path[-1]}: {item.value}"


def _vitest(text: Text, found: list[Literal]) -> Iterator[Declared]:
    workspace = text.path.rpartition("/")[2].startswith(("vitest.workspace", "vitest.projects"))
    for written in found:
        item = written._replace(path=_as_meant(written.path))
        path = item.path
        last = path[-1] if path else ""
        instead = _in_project(path) or (_ROOT if workspace and "coverage" in path else "")
        if path[:1] == ("coverage",) and _is_of_vitest(text) and not workspace and not _TEST.search(text.string):
            instead = _DIRECTLY
        if path != written.path:
            instead = instead or (f"as `{last}`" if path[:-1] == written.path[:-1] else _DIRECTLY)
        at = next((index for index, key in enumerate(path) if key == "thresholds"), None)
        if at is None:
            if len(path) > 1 and path[-2] == "coverage" and last in {*ISTANBUL, "100"}:
                yield from (one._replace(until=1) for one in _vitest_number(text, item, "", instead))
            continue
        below = path[at + 1 :]
        part = below[0] if len(below) == 2 else ""  # noqa: PLR2004 - glob and metric
        if part == "global" or path[max(at - 1, 0)] == "test":
            instead = instead or _DIRECTLY
        if len(below) <= 2:  # noqa: PLR2004
            # A pattern's `100` counts since vitest 2 [its `resolveGlobThresholds`].
            since = 2 if part and last == "100" else 1
            for one in _vitest_number(text, item, part, instead):
                yield since_version(one if path == written.path else one._replace(written=_said(written)), since)


def _as_meant(path: tuple[str, ...]) -> tuple[str, ...]:
    """The keys that lead to a number with those in the spelling of vitest that are nearly so (`threshold`, `Lines`)."""
    if not any("threshold" in key.lower() for key in path):
        return path
    keys = ["coverage" if key.lower() == "coverage" else key for key in path]
    for at, key in enumerate(keys[:-1]):
        if key != "thresholds" and key.lower().rstrip("s") == "threshold" and keys[max(at - 1, 0)] == "coverage":
            keys[at] = "thresholds"
    if "thresholds" in keys[:-1]:
        keys[-1] = meant(keys[-1]) or keys[-1]
    return tuple(keys)


def _vitest_number(text: Text, item: Literal, part: str, instead: str) -> Iterator[Declared]:
    """What a metric, or `100: true`, says for a part."""
    last = item.path[-1]
    if last == "100" and item.value == "true":
        yield from _hundred(text, item, part, instead)
    elif last in ISTANBUL:
        declared = _istanbul(text, item, ISTANBUL[last], "vitest", part, instead=instead)
        yield from [declared] if declared else []


def _in_project(path: tuple[str, ...]) -> str:
    """Where a number of vitest would count, when it stands in a project written in place; empty for any other."""
    at = path.index("coverage") if "coverage" in path else len(path)
    return _ROOT if "coverage" in path and {"projects", "workspace"}.intersection(path[:at]) else ""


def _hundred(text: Text, item: Literal, part: str, instead: str) -> Iterator[Declared]:
    kind: Kind = model.IGNORED if instead else model.GATE
    part = "" if instead else part
    for metric in ISTANBUL.values():
        yield Declared(_HUNDRED, metric, kind, "vitest", "100: true", item.span(text), part, instead=instead)


def _jest_problems(text: Text, found: list[Literal]) -> tuple[Problem, ...]:
    """Metrics directly in `coverageThreshold`, where jest takes each key for a path and has no data of it."""
    for item in found if not _is_of_vitest(text) else ():
        if item.path[-2:-1] == ("coverageThreshold",) and item.path[-1] in ISTANBUL:
            message = (
                f"`{item.path[-1]}` directly in `coverageThreshold` is a path to jest, which fails without data of it"
            )
            return (Problem(message, item.span(text), "write it in `global`, or in the pattern that is meant"),)
    return ()


def _jest(text: Text, found: list[Literal]) -> Iterator[Declared]:
    tool = "vitest" if _is_of_vitest(text) else "jest"
    for item in found:
        path = item.path
        at = next((index for index, key in enumerate(path) if key in _JEST_KEYS), None)
        deep = {3} if tool == "jest" else {2, 3}
        metric = path[-1] if path[-1:] and path[-1] in ISTANBUL else meant(path[-1]) if at is not None else ""
        if at is not None and len(path) - at in deep and metric:
            part = "" if path[at + 1] in {"global", path[-1]} else path[at + 1]
            instead = "in `coverageThreshold` beside `projects`" if "projects" in path[:at] else ""
            if path[at] != "coverageThreshold":
                instead = f"in `coverageThreshold` (jest knows no `{path[at]}`)"
            instead = _DIRECTLY if tool == "vitest" else instead or (f"as `{metric}`" if metric != path[-1] else "")
            declared = _istanbul(text, item, ISTANBUL[metric], tool, part, instead=instead)
            yield from [declared] if declared else []


def _is_of_vitest(text: Text) -> bool:
    """Whether a file is vitest's, or vite's, by its name."""
    return text.path.rpartition("/")[2].startswith("vi")


def _nyc(text: Text, found: list[Literal], tool: str) -> tuple[tuple[Declared, ...], tuple[Setting, ...]]:
    if tool == "nyc":
        found = [item._replace(path=tuple(map(_camel, item.path))) for item in found]
    switches = [item.value for item in found if item.path[-1:] in {("check-coverage",), ("checkCoverage",)}]
    # What `extends`, a spread or a call brings along is not known here, nor what a switch that is no literal says.
    doubtful = any(item.path[:1] == ("extends",) for item in found) or not {*switches} <= {"true", "false"}
    doubtful = doubtful or (not text.path.endswith("json") and any(sign in text.string for sign in ("...", "require(")))
    kind: Kind = model.GATE if "true" in switches else model.REPORT_ONLY if doubtful else model.IGNORED
    # In a script the object is given to `exports`, or to a name first.
    deepest = 1 if text.path.endswith(("json", "rc")) else 2
    declared = []
    for item in found:
        if 0 < len(item.path) <= deepest and item.path[0] != "watermarks" and item.path[-1] in ISTANBUL:
            one = _istanbul(
                text, item, ISTANBUL[item.path[-1]], tool, "", kind, instead=CHECKED if kind == model.IGNORED else ""
            )
            declared += [one] if one else []
        elif item.path and _nearly(item.path, deepest):
            metric = ISTANBUL[meant(item.path[-1]) or item.path[-1]]
            one = _istanbul(text, item, metric, tool, "", instead=_AT_THE_TOP)
            declared += [one] if one else []
        elif item.path == ("100",) and item.value == "true":  # which c8 reads, with or without its switch
            declared += (one._replace(tool="c8") for one in _hundred(text, item, "", ""))
    return tuple(declared), _settings(text, found)


def _nearly(path: tuple[str, ...], deepest: int) -> bool:
    """Whether a number is meant for nyc or c8 in a place or a spelling of others: `thresholds.lines`, `line`."""
    metric, around = path[-1], path[-2] if len(path) > 1 else ""
    if around in {"global", "thresholds", "threshold", "coverageThreshold"}:
        return bool(metric in ISTANBUL or meant(metric))
    return len(path) <= deepest and path[0] != "watermarks" and bool(meant(metric))


def _camel(key: str) -> str:
    """A key as nyc takes it, which makes camel case of all of them [load-nyc-config]: `CHECK-COVERAGE`, `Lines`."""
    words = [word for word in _BETWEEN.split(key) if word]
    if len(words) < 2:  # noqa: PLR2004 - a single word
        return key.lower() if key.upper() == key else key[:1].lower() + key[1:]
    return words[0].lower() + "".join(word.capitalize() for word in words[1:])


def _settings(text: Text, found: list[Literal]) -> tuple[Setting, ...]:
    names = _UPDATES | {"perFile", "per-file", "check-coverage", "checkCoverage", "reportOnFailure"}
    return tuple(
        Setting(item.path[-1], item.value, item.span(text)) for item in found if item.path and item.path[-1] in names
    )


def _enabled(found: list[Literal]) -> bool | None:
    for item in found:
        if item.path[-2:] == ("coverage", "enabled") or item.path[-1:] == ("collectCoverage",):
            return item.value != "false"  # a condition may hold
    return None


def taken(text: Text) -> tuple[str, ...]:
    """The files that a configuration takes more from, by paths as written, those that lie beside or around it."""
    return tuple(dict.fromkeys(found[1] for found in _TAKEN.finditer(text.string)))


def _excluded(text: Text, found: list[Literal]) -> tuple[Word, ...]:
    return tuple(
        Word(item.value, item.span(text))
        for item in found
        if item.kind == "string"
        and (item.path[-2:] == ("coverage", "exclude") or item.path[-1:] == ("coveragePathIgnorePatterns",))
    )


def _included(text: Text, found: list[Literal]) -> tuple[Word, ...]:
    return tuple(
        Word(item.value, item.span(text))
        for item in found
        if item.kind == "string"
        and (item.path[-2:] == ("coverage", "include") or item.path[-1:] == ("collectCoverageFrom",))
    )
