"""Variables by environment: what each reader ends up with in each, in one word."""

from __future__ import annotations

from fr_check.core.record import NamedTuple

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable

    from fr_check.variables.programs import Reader
    from fr_check.variables.trace import Placed, Tracer
    from fr_check.variables.value_outcomes import Outcome

# Of several processes of one environment the one that matters most is shown: what runs before what tests or builds.
_FIRST = {"service": 0, "build": 1, "step": 2, "task": 3, "run": 4}


class Cell(NamedTuple):
    """What a reader has in an environment, and in which process; None where none reads it there.

    `differing` are all processes of that kind there, where not all of them have the same.
    """

    outcome: Outcome | None
    process: Placed | None
    differing: tuple[Placed, ...] = ()

    @property
    def outcomes(self) -> tuple[Outcome, ...]:
        """What its processes have."""
        several = tuple(placed.traced.outcome for placed in self.differing)
        return several or (() if self.outcome is None else (self.outcome,))


class Row(NamedTuple):
    """A variable and one who reads it."""

    variable: str
    reader: Reader
    cells: tuple[Cell, ...]


class Matrix(NamedTuple):
    """`environments` are the columns, each with what runs there."""

    environments: tuple[tuple[str, tuple[str, ...]], ...]
    rows: tuple[Row, ...]


def build(tracer: Tracer, names: Iterable[str]) -> Matrix:
    """The rows of some variables, in their order."""
    found: list[tuple[str, Reader, list[Placed]]] = []
    processes: dict[str, dict[str, None]] = {}
    for name in names:
        trace = tracer.trace(name)
        for placed in trace.processes:
            for environment in placed.environments:
                known = processes.setdefault(environment, {})
                if placed.traced.reads:
                    known[f"{placed.traced.what} of {placed.traced.of}"] = None
        for reader in trace.readers:
            own = [placed for placed in trace.processes if any(one is reader for one in placed.traced.reads)]
            if (name, reader.what) not in {(known, other.what) for known, other, _ in found}:
                found.append((name, reader, own))
    columns = sorted(processes, key=tracer.environments.rank)
    rows = tuple(Row(name, reader, tuple(_cell(own, column) for column in columns)) for name, reader, own in found)
    return Matrix(tuple((column, tuple(processes[column])) for column in columns), rows)


def _cell(processes: list[Placed], environment: str) -> Cell:
    own = [placed for placed in processes if environment in placed.environments]
    if not own:
        return Cell(None, None)
    first = min(own, key=lambda placed: _FIRST.get(placed.traced.kind, 9))
    alike = tuple(placed for placed in own if placed.traced.kind == first.traced.kind)
    seen = {placed.traced.outcome[:3] for placed in alike}
    return Cell(first.traced.outcome, first, alike if len(seen) > 1 else ())
