"""Command lines of vitest, jest, nyc and c8."""

from __future__ import annotations

from fr_check.sources.thresholds import model
from fr_check.sources.thresholds.literals import literals
from fr_check.sources.thresholds.model import Declared, number
from fr_check.sources.thresholds.options import Invocation, basename, is_sharded, values, whole

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence

    from fr_check.sources.thresholds.model import Word

ISTANBUL = {
    "lines": model.LINE,
    "branches": model.BRANCH,
    "functions": model.FUNCTIONS,
    "statements": model.STATEMENTS,
}
# Where numbers of nyc and c8 count.
CHECKED = "together with `check-coverage: true` (`--check-coverage` on a command line)"


def istanbul_value(string: str) -> tuple[float | None, bool]:
    """A value of istanbul: a negative number is the largest count of uncovered items."""
    value = number(string)
    return (-value, True) if value is not None and value < 0 else (value, False)


def vitest(words: Sequence[Word], options: Sequence[Word]) -> Invocation:
    """What `vitest` options say."""
    off = next(
        (
            word
            for word in options
            if word.string in {"--no-coverage", "--coverage=false", "--coverage.enabled=false", "--coverage.enabled=0"}
        ),
        None,
    )
    on = any(word.string.startswith(("--coverage", "--coverage.enabled")) for word in options)
    declared: list[Declared] = []
    for name, metric in ISTANBUL.items():
        for option in (f"--coverage.thresholds.{name}", f"--coverage.{name}"):
            for string, span, written in values(options, option):
                value, uncovered = istanbul_value(string)
                kind = model.GATE if value != 0 or uncovered else model.REPORT_ONLY
                declared.append(Declared(value, metric, kind, "vitest", written, span, uncovered=uncovered))
    if any(word.string.startswith("--coverage.thresholds.100") for word in options):
        span = whole(words)
        declared += [
            Declared(100.0, metric, model.GATE, "vitest", "--coverage.thresholds.100", span)
            for metric in ISTANBUL.values()
        ]
    return Invocation("vitest", whole(words), tuple(declared), on and off is None, off, sharded=is_sharded(options))


def jest(words: Sequence[Word], options: Sequence[Word]) -> Invocation:
    """What `jest` options say; `--coverageThreshold` holds JSON."""
    on = any(
        word.string in {"--coverage", "--coverage=true", "--collectCoverage", "--collect-coverage"} for word in options
    )
    off = next((word for word in options if word.string in {"--coverage=false", "--no-coverage"}), None)
    limits = []
    for string, span, _ in values(options, "--coverageThreshold"):
        for item in literals(string):
            if len(item.path) == 2 and item.path[1] in ISTANBUL:  # noqa: PLR2004 - key and metric
                value, uncovered = istanbul_value(item.value)
                part = "" if item.path[0] == "global" else item.path[0]
                metric = ISTANBUL[item.path[1]]
                limits.append(Declared(value, metric, model.GATE, "jest", string[:80], span, part, uncovered=uncovered))
    sharded = is_sharded(options)
    return Invocation("jest", whole(words), tuple(limits), on and off is None, off, sharded=sharded)


def nyc(words: Sequence[Word], options: Sequence[Word]) -> Invocation:
    """What `nyc` and `c8` options say; without `--check-coverage` they only report."""
    checked = any(word.string in {"--check-coverage", "check-coverage", "--check-coverage=true"} for word in options)
    refused = any(word.string in {"--no-check-coverage", "--check-coverage=false"} for word in options)
    unasked = model.REPORT_ONLY if refused else model.IGNORED
    full = any(word.string == "--100" for word in options)
    declared = []
    for name, metric in ISTANBUL.items():
        for string, span, written in values(options, f"--{name}"):
            value = number(string)
            kind = model.GATE if checked else unasked if value else model.REPORT_ONLY
            instead = CHECKED if kind == model.IGNORED else ""
            tool = basename(words[0].string)
            declared.append(Declared(value, metric, kind, tool, written, span, instead=instead))
    if full:
        hundred = 100.0
        span = whole(words)
        declared += [Declared(hundred, metric, model.GATE, "c8", "--100", span) for metric in ISTANBUL.values()]
    report = "check-coverage" if checked or full else ""
    return Invocation("nyc", whole(words), tuple(declared), measures=True, report=report)
