"""What `--facts` prints about measured coverage: what was read, and the totals of everything, components and groups."""

from __future__ import annotations

from fr_check.core.model import Table
from fr_check.coverage_gate.measured import wording
from fr_check.coverage_gate.measured.assessment import why_not

TYPE_CHECKING = False
if TYPE_CHECKING:
    from fr_check.coverage_gate.measured.data import Data
    from fr_check.coverage_gate.measured.gates import Gate
    from fr_check.coverage_gate.measured.model import Measured
    from fr_check.sources.measurement import Counts, Ratio

_BAR = 20


def tables(measured: Measured) -> tuple[Table, ...]:
    """The tables; none where there is no data."""
    if not measured.data:
        return ()
    return (_data(measured),) if measured.counts is None else (_data(measured), _totals(measured))


def policy_row(gate: Gate, key: str) -> tuple[str, ...]:
    """A threshold of the policy as a row of the table of declared thresholds."""
    span = gate.place.span
    where = f"{gate.place.path}:{span.line}" if span else gate.place.path
    kind = "target" if gate.target else "gate"
    return where, wording.threshold(gate.threshold), gate.metric, gate.scope or ".", kind, f"{key} = {gate.threshold:g}"


def counts(measured: Measured) -> dict[str, int]:
    """How much was looked at, for the summary and JSON: lines and arms are of judged data only."""
    judged = sum(data.judged for data in measured.data)
    found = {"reports": len(measured.data), "judged": judged, "measured": len(measured.files)}
    if measured.counts is not None:
        lines, branches = measured.counts.lines, measured.counts.branches
        found |= {"lines": lines.total, "covered-lines": lines.covered}
        if branches is not None:
            found |= {"branches": branches.total, "covered-branches": branches.covered}
    return found


def _data(measured: Measured) -> Table:
    rows = tuple(_row(data) for data in measured.data)
    return Table("Coverage data", ("file", "format", "made by", "measured", "sources", "state"), rows)


def _row(data: Data) -> tuple[str, ...]:
    report = data.report
    what = "lines and branches" if report.branches else "lines"
    if any(record.counts.statements is not None for record in report.records):
        what += ", statements"
    if data.beside:
        return (data.path, "", "", "", "", f"not read: {data.beside} is judged")
    state = "judged" if data.judged else why_not(data)
    if data.judged:
        state += f", {data.signs.parsed} of {data.signs.sources} sources compared statement by statement"
    return (data.path, report.form, report.producer, what if report.records else "", str(len(report.records)), state)


def _totals(measured: Measured) -> Table:
    rows = []
    if measured.counts is not None:
        rows.append(("everything", *_figures(measured.counts, len(measured.files))))
    if len(measured.components) > 1:
        rows += [(part.name or "(root)", *_figures(part.counts, len(part.files))) for part in measured.components]
    rows += [(f"group {part.name}", *_figures(part.counts, len(part.files))) for part in measured.groups]
    if measured.patch is not None and measured.patch.files:
        rows.append(("changed since the base", *_figures(measured.patch.counts, len(measured.patch.files))))
    columns = ("coverage of", "files", "lines", "branches", "statements", "blended", "")
    return Table("Measured coverage", columns, tuple(rows))


def _figures(counts: Counts, files: int) -> tuple[str, ...]:
    figures = (counts.lines, counts.branches, counts.statements, counts.blended)
    return (f"{files:,}", *(_figure(one) for one in figures), bar(counts.blended))


def _figure(ratio: Ratio | None) -> str:
    if ratio is None:
        return "not measured"
    return f"{ratio.percent()}% {ratio.covered:,}/{ratio.total:,}" if ratio.total else "0/0"


def bar(ratio: Ratio) -> str:
    """A bar of twenty characters, plain ASCII, full only at 100%."""
    full = _BAR * ratio.covered // ratio.total if ratio.total else 0
    return "#" * full + "." * (_BAR - full)
