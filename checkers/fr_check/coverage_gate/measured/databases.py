"""Coverage databases: copied, mapped to the repository, and held against what its sources can run."""

from __future__ import annotations

from array import array
from functools import lru_cache

from fr_check.coverage_gate.measured.data import Data
from fr_check.coverage_gate.measured.line_rules import rules_by_path
from fr_check.coverage_gate.measured.mapping import Mapped, resolve
from fr_check.coverage_gate.measured.staleness import Signs, signs
from fr_check.coverage_gate.measured.unmeasured import omitted_paths
from fr_check.policy.coverage_gate import Coverage
from fr_check.repository.artifacts import private_folder
from fr_check.sources import coverage_db
from fr_check.sources.measurement import Counts, Detail, Fault, Record, Report, capped

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable

    from fr_check.core.context import Context
    from fr_check.core.repository import Missing, Repository, Unreadable
    from fr_check.coverage_gate.measured.collected import Input
    from fr_check.coverage_gate.measured.mapping import PathIndex
    from fr_check.sources.coverage_db import Executed

_NAME = "data/.coverage"
_PRODUCER = "coverage.py"
_SMALL = 1024 * 1024  # bytes


def assess(
    context: Context,
    one: Input,
    index: PathIndex,
    bases: tuple[str, ...],
    read: Callable[[str], bytes | Missing | Unreadable],
) -> Data:
    """Judges one database; the file itself is only ever read."""
    plain = one._replace(data=b"")
    executed = _small(one.data) if len(one.data) <= _SMALL else _executed(one.data)
    if executed.faults:
        return Data(plain, Report(coverage_db.FORM, faults=executed.faults), Mapped({}, {}, {}, ()), Signs())
    mapped = resolve(
        executed.files, index, bases=bases, base=one.base or context.config.of(Coverage).base_path.strip("/")
    )
    ran = tuple(Record(name, Counts(), file.lines, _every, _lines) for name, file in executed.files.items())
    found = signs(mapped.places, mapped.gone, ran, read, raw=True)
    # Of names that are no files here, what can run in them is not known: what ran is told, and that they are not.
    if found.found or mapped.ambiguous or not mapped.places:
        report = Report(coverage_db.FORM, ran, executed.branches, _PRODUCER)
    else:
        report = _report(context.repository, executed, mapped, read)
    return Data(plain, report, mapped, found)


def _executed(data: bytes) -> Executed:
    with private_folder({_NAME: data}) as folder:
        return coverage_db.read(f"{folder}/{_NAME}")


@lru_cache(maxsize=1)
def _small(data: bytes) -> Executed:
    """Of one that is in the repository, many commits hold the same."""
    return _executed(data)


def _lines(raw: object) -> frozenset[int]:
    return frozenset(raw) if isinstance(raw, array) else frozenset()


def _every(raw: object) -> Detail:
    """Lines that ran, as a detail of which all were hit."""
    lines = _lines(raw)
    return Detail(lines, lines)


def _report(
    repository: Repository,
    executed: Executed,
    mapped: Mapped,
    read: Callable[[str], bytes | Missing | Unreadable],
) -> Report:
    from fr_check.sources.python_analysis import module  # noqa: PLC0415 - only for databases

    omitted, rules = omitted_paths(repository), rules_by_path(repository)
    records: list[Record] = []
    faults: list[Fault] = []
    for name, path in mapped.places.items():
        ran = executed.files[name]
        if omitted(path):
            continue
        source, rule = read(path), rules(path)
        if isinstance(rule, str):
            return Report(coverage_db.FORM, faults=(Fault("malformed", rule),))
        known = module.read(source, rule, branches=executed.branches) if isinstance(source, bytes) else None
        if ran.plugin:
            # Which of its lines can run only the plugin knows: no total is one without them.
            told = f"`{path}` was measured by the plugin `{ran.plugin}`, which is not run"
            return Report(coverage_db.FORM, faults=(Fault("malformed", told),))
        if known is None:
            faults.append(Fault("malformed", f"`{path}` cannot be parsed as Python"))
        else:
            records.append(coverage_db.record(name, ran, known, branches=executed.branches))
    return Report(coverage_db.FORM, tuple(records), executed.branches, _PRODUCER, faults=capped(faults))
