"""Holds every coverage file against the repository, and says what becomes of those whose figures are not judged."""

from __future__ import annotations

from fr_check.core.model import Skipped, Unknown
from fr_check.coverage_gate.measured.collected import FOUND, Input
from fr_check.coverage_gate.measured.data import Data, united
from fr_check.coverage_gate.measured.mapping import Mapped, PathIndex, resolve
from fr_check.coverage_gate.measured.staleness import MISSING, Signs, describe, signs
from fr_check.policy.coverage_gate import Coverage
from fr_check.repository.artifacts import Sources, ignored, read_artifact
from fr_check.sources import coverage_formats
from fr_check.sources.measurement import Report

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable

    from fr_check.core.context import Context
    from fr_check.core.repository import Missing, Repository, Unreadable
    from fr_check.coverage_gate.measured.model import Absent

NAME = "coverage"


def assessed(context: Context, inputs: tuple[Input, ...], index: PathIndex) -> tuple[Data, ...]:
    """Reads every file. Of those merely found in one folder, the most telling fresh format is judged."""
    found: list[Data] = []
    judged: dict[str, tuple[int, str]] = {}
    for one in sorted(inputs, key=lambda item: (item.origin == FOUND, item.folder, item.rank)):
        rank, path = judged.get(one.folder, (one.rank, ""))
        if one.origin == FOUND and rank != one.rank:
            found.append(Data(one, Report(""), Mapped({}, {}, {}, ()), Signs(), beside=path))
            continue
        data = _assess(context, one, index)
        if one.origin == FOUND and data.judged:
            judged[one.folder] = (one.rank, one.path)
        found.append(data)
    return tuple(_undisputed(found))


def _undisputed(data: list[Data]) -> Iterable[Data]:
    """Reports that disagree on a source's statements are mixed: which of them is the stale one is not for us to say."""
    doubted = {one.path for one in data if one.asked_for and one.signs.found and _lacks_statements(one.signs)}
    if not doubted:
        return data
    trusted = [one._replace(signs=one.signs._replace(found=())) if one.path in doubted else one for one in data]
    files = united(tuple(one for one in trusted if one.judged), {}).values()
    disputed = {file.path for file in files if file.conflict() is not None}
    return [
        plain if any(sign.path in disputed for sign in one.signs.found) else one
        for one, plain in zip(data, trusted, strict=True)
    ]


def _lacks_statements(found: Signs) -> bool:
    return all(sign.kind == MISSING for sign in found.found)


def _assess(context: Context, one: Input, index: PathIndex) -> Data:
    repository, policy = context.repository, context.config.of(Coverage)
    report = coverage_formats.parse(one.data)
    base = one.base or policy.base_path.strip("/")
    # A file that lies in a component speaks of it; one at the root may speak of any.
    parts = () if one.folder else tuple(component.path.strip("/") for component in policy.components)
    bases = tuple(dict.fromkeys((one.folder, *parts, *_above(one.path))))

    sources = Sources(repository)

    def read(path: str) -> bytes | Missing | Unreadable:
        return sources.read(path) if path in index.paths else read_artifact(repository, path)

    if report.form == coverage_formats.DATABASE:
        from fr_check.coverage_gate.measured import databases  # noqa: PLC0415 - imports coverage itself

        return databases.assess(context, one, index, bases, read)
    names = dict.fromkeys(record.name for record in report.records)
    mapped = resolve(names, index, roots=report.roots, bases=bases, base=base)
    if mapped.gone:
        generated = ignored(repository, mapped.gone.values())
        mapped = mapped._replace(gone={name: path for name, path in mapped.gone.items() if path not in generated})
    found = signs(mapped.places, mapped.gone, report.records, read, excluded=lambda: _exclusions(repository))
    if not found.found and any(record.unnamed for record in report.records):
        from fr_check.coverage_gate.measured import line_rules  # noqa: PLC0415 - only for reports that leave arms out

        rules = line_rules.rules_by_path(repository)
        report = report._replace(
            records=tuple(line_rules.with_unnamed_arms(report.records, mapped.places, read, rules))
        )
    return Data(one._replace(data=b""), report, mapped, found)


def _above(path: str) -> Iterable[str]:
    """The folders that a report lies in, nearest first: tests usually ran in one of them."""
    while not path.startswith(("/", "..")) and "/" in path:
        path = path.rpartition("/")[0]
        yield path


def left_out(data: tuple[Data, ...]) -> Iterable[Skipped]:
    """Found data that is not judged, each with the reason; what was asked for gets findings instead."""
    for one in data:
        if one.beside:
            yield Skipped(NAME, f"{one.path} is not judged: {one.beside} in the same folder is")
        elif not one.fresh and (one.severity is None or (one.illegible and not one.asked_for)):
            yield Skipped(NAME, f"{one.path} is not judged: {why_not(one)}")


def why_not(data: Data) -> str:
    """Why a file's figures may not be judged, as a clause."""
    if data.report.faults:
        return data.report.faults[0].message
    if data.empty:
        return "it holds no measured line"
    if data.signs.found:
        more = len(data.signs.found) - 1
        rest = f", and {more} more files do not fit" if more else ""
        return f"it was made from other sources ({describe(data.signs.found[0])}{rest})"
    return "its paths cannot be told"


def unreadable(data: tuple[Data, ...], absent: tuple[Absent, ...]) -> Iterable[Unknown]:
    """What was asked for and cannot be read."""
    for one in absent:
        if one.unreadable is not None:
            yield one.unreadable.as_unknown(NAME, one.name)
    for report in data:
        # A file that merely has a likely name may be anything: it is skipped, visibly.
        if report.illegible and report.asked_for:
            fault = report.report.faults[0]
            yield Unknown(
                NAME,
                "unreadable-coverage-data",
                report.path,
                f"{report.path} cannot be read as coverage data: {fault.message}",
                "make it again with the coverage tool, as lcov, XML or JSON, or leave it out",
                report.at(fault.line),
            )


def _exclusions(repository: Repository) -> tuple[str, ...] | None:
    from fr_check.coverage_gate.measured.unmeasured import python_exclusions  # noqa: PLC0415 - few reports ask for it

    return python_exclusions(repository)
