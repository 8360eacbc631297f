"""Command lines of vitest, jest, nyc and c8."""

from __future__ import annotations

from fr_check.sources.thresholds import model
from fr_check.sources.thresholds.literals import literals
from fr_check.sources.thresholds.model import Declared, number
from fr_check.sources.thresholds.options import Invocation, basename, is_sharded, value_of, values, whole

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from fr_check.core.model import Span
    from fr_check.sources.thresholds.model import Kind, Metric, Word

ISTANBUL: dict[str, Metric] = {
    "lines": model.LINE,
    "branches": model.BRANCH,
    "functions": model.FUNCTIONS,
    "statements": model.STATEMENTS,
}
CHECKED = model.CHECKED
_COUNTS_SINCE = 3


def meant(key: str) -> str:
    """The metric that a key stands for which is spelt as none is (`line`, `Branches`); empty for any other."""
    lower = key.lower()
    return next((name for name in (lower, f"{lower}s", f"{lower}es") if name in ISTANBUL and name != key), "")


def istanbul_value(string: str) -> tuple[float | None, bool]:
    """A value of istanbul: a negative number is the largest count of uncovered items."""
    value = number(string)
    return (-value, True) if value is not None and value < 0 else (value, False)


def since_version(one: Declared, since: int) -> Declared:
    """A number of vitest that is read since a version; a count of uncovered items is one since vitest 3."""
    return one._replace(since=max(since, _COUNTS_SINCE) if one.uncovered else since)


_VITEST_OFF = frozenset(("--no-coverage", "--coverage=false", "--coverage.enabled=false", "--coverage.enabled=0"))
_VITEST_OFF |= {"--help", "-h", "--version", "-v"}


def vitest(words: Sequence[Word], options: Sequence[Word]) -> Invocation:
    """What `vitest` options say."""
    options = _before_dashes(options)
    off = next(
        (word for word in options if word.string in _VITEST_OFF),
        None,
    )
    if off is None and options and options[0].string in {"list", "init"}:
        off = options[0]  # which runs no test
    on = any(word.string.partition("=")[0] in {"--coverage", "--coverage.enabled"} for word in options)
    declared: list[Declared] = []
    for prefix, since, until in (("--coverage.thresholds", 1, 0), ("--coverage", 0, 1)):
        for name, metric in ISTANBUL.items():
            for string, span, written in values(options, f"{prefix}.{name}"):
                value, uncovered = istanbul_value(string)
                kind: Kind = model.GATE if value != 0 or uncovered else model.REPORT_ONLY
                one = Declared(value, metric, kind, "vitest", written, span, uncovered=uncovered)
                declared.append(since_version(one._replace(until=until), since))
        if any(word.string in {f"{prefix}.100", f"{prefix}.100=true"} for word in options):
            hundred = (
                Declared(100.0, metric, model.GATE, "vitest", f"{prefix}.100", whole(words))
                for metric in ISTANBUL.values()
            )
            declared += (one._replace(since=since, until=until) for one in hundred)
    declared += _misspelt(options)
    return Invocation(
        "vitest",
        whole(words),
        tuple(declared),
        on and off is None,
        off,
        sharded=is_sharded(options),
        config=_value(options, "--config", "-c"),
        root=_value(options, "--root", "-r"),
        selection=_selection(options, "--project", "--config", "-c"),
    )


def _before_dashes(options: Sequence[Word]) -> Sequence[Word]:
    """The words up to `--`: what follows are names of tests."""
    return next((options[:at] for at, word in enumerate(options) if word.string == "--"), options)


def _misspelt(options: Sequence[Word]) -> Iterator[Declared]:
    """Options that vitest passes over, as it does every key of `coverage` that it does not know."""
    for option in dict.fromkeys(word.string.partition("=")[0] for word in options):
        keys = option.split(".")
        named = keys[-1] if keys[-1] in ISTANBUL else meant(keys[-1])
        right = f"--coverage.thresholds.{named}"
        if not named or option == right or not _like_thresholds(keys[:-1]):
            continue
        for string, span, written in values(options, option):
            value, uncovered = istanbul_value(string)
            one = Declared(value, ISTANBUL[named], model.IGNORED, "vitest", written, span, uncovered=uncovered)
            yield from [one._replace(instead=f"as `{right}`")] if value else []


def _like_thresholds(keys: Sequence[str]) -> bool:
    """Whether keys are those of `--coverage.thresholds` in any spelling."""
    return [key.lower().rstrip("s") for key in keys] == ["--coverage", "threshold"]


def _value(options: Sequence[Word], *names: str) -> str:
    found = next((word for name in names if (word := value_of(options, name)) is not None), None)
    return "" if found is None else found.string


def _selection(options: Sequence[Word], *names: str) -> str:
    """What limits a run to some tests: folders and files of them, and the values of some options."""
    chosen = [f"{name} {value}" for name in names for value, _, _ in values(options, name) if not value.startswith("{")]
    for word in options:
        string = word.string
        if "/" in string and not string.startswith(("-", "/", "{")) and "node_modules" not in string:
            chosen += [string] if not any(one.endswith(f" {string}") for one in chosen) else []
    return " ".join(chosen)[:80]


def jest(words: Sequence[Word], options: Sequence[Word]) -> Invocation:
    """What `jest` options say; `--coverageThreshold` holds JSON, and takes the place of all that is configured."""
    options = _before_dashes(options)
    on = any(word.string in _JEST_ON for word in options)
    off = next((word for word in options if word.string in _JEST_OFF or word.string in _JEST_NO_TESTS), None)
    limits: list[Declared] = []
    given = [*values(options, "--coverageThreshold"), *values(options, "--coverage-threshold")]
    for string, span, _ in given[-1:]:
        limits += _threshold(string, span, 0)
    config = _value(options, "--config", "-c")
    inline = config.startswith("{")
    if inline and not given:
        place = next(word.span for word in options if "{" in word.string)
        limits += _threshold(config, place, 1)
        on = on or any(item.path == ("collectCoverage",) and item.value == "true" for item in literals(config))
    return Invocation(
        "jest",
        whole(words),
        tuple(limits),
        on and off is None,
        off,
        sharded=is_sharded(options),
        config="" if inline else config,
        root=_first_project(options),
        reset=bool(given) or inline,
        selection=_selection(options, "--selectProjects", "--testPathPattern", "--testPathPatterns", "--config", "-c"),
    )


_JEST_NAMES = ("coverage", "collectCoverage", "collect-coverage")
_JEST_ON = frozenset(f"--{name}{value}" for name in _JEST_NAMES for value in ("", "=true"))
# With these jest runs no test.
_JEST_NO_TESTS = frozenset(
    ("--listTests", "--list-tests", "--showConfig", "--show-config", "--clearCache", "--clear-cache")
)
_JEST_NO_TESTS |= {"--init", "--version", "-v", "--help", "-h"}
_JEST_OFF = frozenset(word for name in _JEST_NAMES for word in (f"--{name}=false", f"--no-{name}"))


def _threshold(string: str, span: Span, depth: int) -> Iterator[Declared]:
    """The numbers of `coverageThreshold` in JSON, where they stand `depth` keys deep."""
    for item in literals(string):
        path = item.path[depth:]
        below = depth == 0 or item.path[0] == "coverageThreshold"
        if below and len(path) == 2 and path[1] in ISTANBUL:  # noqa: PLR2004 - key and metric
            value, uncovered = istanbul_value(item.value)
            part = "" if path[0] == "global" else path[0]
            yield Declared(value, ISTANBUL[path[1]], model.GATE, "jest", string[:80], span, part, uncovered=uncovered)


def _first_project(options: Sequence[Word]) -> str:
    """The first folder of `--projects`, whose configuration is that of the whole run."""
    found = value_of(options, "--projects")
    return "" if found is None else found.string


def nyc(words: Sequence[Word], options: Sequence[Word]) -> Invocation:
    """What `nyc` and `c8` options say; without `--check-coverage` they only report.

    Their own options end at the first word that is none: from there on it is the command that they run.
    """
    tool = basename(words[0].string) if basename(words[0].string) in {"nyc", "c8"} else "nyc"
    own = _before_command(options)
    silent = next((word for word in own if word.string in _NO_RUN), None)
    last = next((word for word in reversed(own) if word.string.split("=")[0] in _CHECK), None)
    full = tool == "c8" and any(word.string == "--100" for word in own)
    refused = last is not None and (last.string.startswith("--no-") or last.string.endswith("=false"))
    checked = full or (last is not None and not refused)
    unasked: Kind = model.REPORT_ONLY if refused else model.IGNORED
    declared = []
    for name, metric in ISTANBUL.items():
        for string, span, written in values(own, f"--{name}"):
            value = number(string)
            kind: Kind = model.GATE if checked else unasked if value else model.REPORT_ONLY
            instead = CHECKED if kind == model.IGNORED else ""
            declared.append(Declared(value, metric, kind, tool, written, span, instead=instead))
    declared += _after_command(tool, options[len(own) :])
    if full:
        span = whole(words)
        declared += [Declared(100.0, metric, model.GATE, tool, "--100", span) for metric in ISTANBUL.values()]
    return Invocation(
        tool,
        whole(words),
        tuple(declared),
        measures=not any(word.string in {"merge", "instrument"} for word in options[:1]),
        off=last if refused else silent,
        report="check-coverage" if checked else "",
        config=_value(own, "--nycrc-path") if tool == "nyc" else _value(own, "--config", "-c"),
        root=_value(own, "--cwd") if tool == "nyc" else "",
        selection=_selection(options[len(own) :]),
    )


def _after_command(tool: str, words: Sequence[Word]) -> Iterator[Declared]:
    """Numbers for nyc or c8 that stand behind the command they run, which gets them instead."""
    if not any(word.string in _CHECK for word in words):
        return
    for name, metric in ISTANBUL.items():
        for string, span, written in values(words, f"--{name}"):
            if number(string):
                instead = f"before the command that {tool} runs"
                yield Declared(number(string), metric, model.IGNORED, tool, written, span, instead=instead)


_CHECK = frozenset({"--check-coverage", "--checkCoverage", "--no-check-coverage", "check-coverage"})
# Options of nyc and c8 that are switches: the word after them is not their value.
_SWITCHES = frozenset({"--all", "-a", "--clean", "--silent", "-s", "--per-file", "--skip-full", "--100", "--cache"})
_SWITCHES |= {
    "--check-coverage",
    "--checkCoverage",
    "--no-check-coverage",
    "--no-clean",
    "--instrument",
    "--source-map",
}
_COMMANDS = frozenset({"report", "check-coverage"})
_NO_RUN = frozenset({"--version", "--help"})


def _before_command(options: Sequence[Word]) -> list[Word]:
    """The words up to the command that nyc or c8 runs; all of them after `report` and `check-coverage`."""
    found: list[Word] = []
    valued = False
    for word in options:
        option = word.string.startswith("-")
        if word.string == "--":
            break
        if not option and not valued and word.string not in _COMMANDS:
            break
        if word.string in _COMMANDS and not valued:
            return [*options]
        found.append(word)
        negated = word.string.startswith("--no-") or word.string in _SWITCHES
        valued = option and "=" not in word.string and not negated
    return found
