"""Coverage databases: copied, mapped to the repository, and reported by coverage.py beside copies of the sources."""

from __future__ import annotations

from typing import TYPE_CHECKING

from checkers.core.artifacts import private_folder
from checkers.coverage_gate.data import Data
from checkers.coverage_gate.mapping import Mapped, resolve
from checkers.coverage_gate.staleness import Signs, signs
from checkers.coverage_gate.unmeasured import omitted_paths, settings
from checkers.sources import coverage_db
from checkers.sources.measurement import Counts, Detail, Record, Report

if TYPE_CHECKING:
    from collections.abc import Callable

    from checkers.core.context import Context
    from checkers.core.repository import Missing, Unreadable
    from checkers.coverage_gate.collected import Input
    from checkers.coverage_gate.mapping import PathIndex

_NAME = "data/.coverage"


def assess(
    context: Context,
    one: Input,
    index: PathIndex,
    bases: tuple[str, ...],
    read: Callable[[str], bytes | Missing | Unreadable],
) -> Data:
    """Judges one database; the file itself is only ever read."""
    plain = one._replace(data=b"")
    with private_folder({_NAME: one.data}) as folder:
        path = f"{folder}/{_NAME}"
        executed = coverage_db.read(path)
        if executed.faults:
            return Data(plain, Report(coverage_db.FORM, faults=executed.faults), Mapped({}, {}, {}, ()), Signs())
        mapped = resolve(
            executed.lines, index, bases=bases, base=one.base or context.config.coverage.base_path.strip("/")
        )
        ran = [Record(name, Counts(), Detail(lines, lines), _itself) for name, lines in executed.lines.items()]
        found = signs(mapped.places, mapped.gone, ran, read, raw=True)
        if found.found or mapped.ambiguous:
            shown = Report(coverage_db.FORM, tuple(ran), executed.branches, "coverage.py")
            return Data(plain, shown, mapped, found)
        return Data(plain, _report(context, plain, folder, mapped, read), mapped, found)


def _report(
    context: Context, one: Input, folder: str, mapped: Mapped, read: Callable[[str], bytes | Missing | Unreadable]
) -> Report:
    omitted = omitted_paths(context.repository)
    places = {name: path for name, path in mapped.places.items() if not omitted(path)}
    sources = {f"sources/{path}": data for path in places.values() if isinstance(data := read(path), bytes)}
    found = settings(context.repository, one.folder)
    excluded = [word.string for word in found.exclude_lines or ()] if found is not None else []
    also = [word.string for word in found.exclude_also or ()] if found is not None else []
    with private_folder({**sources}) as beside:
        return coverage_db.report(f"{folder}/{_NAME}", f"{beside}/sources", places, excluded, also)


def _itself(raw: object) -> Detail:
    return raw if isinstance(raw, Detail) else Detail()
