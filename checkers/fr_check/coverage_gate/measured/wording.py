"""How figures, files and lines are put into words, the same in every rule."""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from fr_check.coverage_gate.measured.data import File
    from fr_check.coverage_gate.measured.gates import Gate
    from fr_check.sources.measurement import Counts, Ratio

_UNITS = {"line": "line", "branch": "branch arm", "statements": "statement", "blended": "line or branch arm"}
_PLURALS = {"line": "lines", "branch": "branch arms", "statements": "statements", "blended": "lines and branch arms"}
_SHOWN = 5


def figure(ratio: Ratio) -> str:
    """A ratio: `94.90% (949 of 1,000)`, rounded down."""
    return f"{ratio.percent()}% ({ratio.covered:,} of {ratio.total:,})" if ratio.total else "0 of 0"


def figures(counts: Counts) -> str:
    """All figures of a total: `lines 94.00% (94 of 100); branches ...; blended ...`."""
    known = (("lines", counts.lines), ("branches", counts.branches), ("blended", counts.blended))
    shown = known if counts.branches is not None else known[:1]
    return "; ".join(f"{name} {figure(found)}" for name, found in shown if found is not None)


def threshold(value: float) -> str:
    """A threshold as it was written: `95%`."""
    return f"{value:g}%" if f"{value:g}" == f"{value!r}".removesuffix(".0") else f"{value!r}%"


def amount(count: int, metric: str) -> str:
    """`1 line`, `12 branch arms`."""
    return f"{count:,} {_UNITS[metric] if count == 1 else _PLURALS[metric]}"


def scope(gate: Gate) -> str:
    """Whose coverage a gate is about, to be put after a metric; empty for everything."""
    limited = f" with `{gate.limit}`" if gate.limit else ""
    return f" of `{gate.scope}`{limited}" if gate.scope else limited


def subject(gate: Gate) -> str:
    """The thing at fault: `apps/backend line`, or `line` for everything."""
    return f"{gate.scope} {gate.metric} {gate.limit}".strip()


def some(names: Sequence[str]) -> str:
    """The first names in backticks, and how many more there are."""
    shown = ", ".join(f"`{name}`" for name in names[:_SHOWN])
    return shown if len(names) <= _SHOWN else f"{shown} and {len(names) - _SHOWN:,} more"


def worst(files: Iterable[File], metric: str) -> str:
    """The files that would mend a figure most, with how much each lacks."""
    lacking = sorted(((_missing(file, metric), file.path) for file in files), key=lambda pair: (-pair[0], pair[1]))
    return ", ".join(f"`{path}` ({count:,})" for count, path in lacking[:_SHOWN] if count)


def _missing(file: File, metric: str) -> int:
    counts = file.counts
    lines = 0 if metric == "branch" else counts.lines.missing
    arms = counts.branches.missing if counts.branches and metric in {"branch", "blended"} else 0
    return lines + arms


def ranges(lines: Sequence[int]) -> str:
    """Line numbers as people read them: `3-5, 9`; the first of them where there are many."""
    runs: list[list[int]] = []
    for line in sorted(lines):
        if runs and line == runs[-1][1] + 1:
            runs[-1][1] = line
        else:
            runs.append([line, line])
    shown = ", ".join(f"{first}" if first == last else f"{first}-{last}" for first, last in runs[:_SHOWN])
    return shown if len(runs) <= _SHOWN else f"{shown}, ..."
