"""Which lines of Python sources count, by the configuration of the folder that tests run in; and what follows of it."""

from __future__ import annotations

import re

from fr_check.coverage_gate.measured.collected import component_folders, folder_of
from fr_check.coverage_gate.measured.unmeasured import settings
from fr_check.sources.measurement import Fork, Record
from fr_check.sources.python_analysis import module

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

    from fr_check.core.repository import Missing, Repository, Unreadable
    from fr_check.sources.python_analysis.module import Rules
    from fr_check.sources.thresholds.configs import CoverageConfig
    from fr_check.sources.thresholds.model import Word


def rules_by_path(repository: Repository) -> Callable[[str], Rules | str]:
    """The rules that coverage.py would take where a source's tests run, or why it would take none."""
    folders = component_folders(repository)
    known: dict[str, Rules | str] = {}

    def rules(path: str) -> Rules | str:
        folder = folder_of(path, folders)
        if folder not in known:
            known[folder] = _rules(settings(repository, folder))
        return known[folder]

    return rules


def _rules(own: CoverageConfig | None) -> Rules | str:
    if own is None:
        return module.Rules.of()
    excluded = (*(_written(own.exclude_lines) or module.EXCLUDED), *_written(own.exclude_also))
    unbranched = (*(_written(own.partial_branches) or module.UNBRANCHED), *_written(own.partial_also))
    try:
        return module.Rules.of(excluded, unbranched)
    except (re.error, RecursionError, OverflowError) as error:
        return f"an expression that excludes lines cannot be compiled: {str(error)[:100]}"


def _written(words: Sequence[Word] | None) -> tuple[str, ...]:
    return tuple(word.string for word in words or ())


def with_unnamed_arms(
    records: Sequence[Record],
    places: Mapping[str, str],
    read: Callable[[str], bytes | Missing | Unreadable],
    rules: Callable[[str], Rules | str],
) -> Iterator[Record]:
    """The records, with the arms that coverage.py counts as covered and does not write down (`# pragma: no branch`).

    The source says which they are. Where it does not account for them all, none is counted.
    """
    for record in records:
        path = places.get(record.name)
        yield record if path is None or not record.unnamed else _completed(record, read(path), rules(path))


def _completed(record: Record, source: bytes | Missing | Unreadable, rules: Rules | str) -> Record:
    detail = record.detail
    if detail is None or not isinstance(source, bytes) or isinstance(rules, str):
        return record
    known = module.read(source, rules, branches=True)
    if known is None:
        return record
    named = detail.branches_by_line()
    whole = {line: len(known.arms[line]) for line in known.unbranched & known.arms.keys() & detail.lines}
    if sum(count - (named[line].total if line in named else 0) for line, count in whole.items()) != record.unnamed:
        return record
    forks = {line: Fork(count, frozenset()) for line, count in whole.items()}
    return Record.of(record.name, detail._replace(forks={**detail.forks, **forks}))
