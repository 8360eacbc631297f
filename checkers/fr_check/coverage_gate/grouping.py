"""Findings that have one cause: each is told once, and those of several components in one block."""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from fr_check.core.model import Finding, Location


def told_once(findings: Iterable[Finding]) -> Iterator[Finding]:
    """Findings, those that say the same of the same place as one with the notes of all."""
    found: dict[tuple[str, str, Location, str], Finding] = {}
    for one in findings:
        key = (one.rule, one.subject, one.location, one.message)
        known = found.get(key)
        notes = one.notes if known is None else tuple(dict.fromkeys((*known.notes, *one.notes)))
        found[key] = one._replace(notes=notes)
    yield from in_blocks([*found.values()])


def in_blocks(findings: list[Finding]) -> Iterator[Finding]:
    """Findings of one group with one last note stand there, so that they are one block; alone they have no group."""
    causes = [(one.group, one.notes[-1].location) for one in findings if one.group and one.notes]
    for one in findings:
        where = one.notes[-1].location if one.notes and one.group else None
        if where is not None and causes.count((one.group or "", where)) > 1:
            yield one._replace(location=where)
        else:
            yield one._replace(group=None) if one.group else one
