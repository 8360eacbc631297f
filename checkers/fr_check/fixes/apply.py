"""Edits put into texts: which go together in one round, and what comes of them."""

from __future__ import annotations

from fr_check.core.record import NamedTuple

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from fr_check.core.edits import Edit, Fix
    from fr_check.core.model import Finding


class Candidate(NamedTuple):
    """A finding and the fix that cures it."""

    finding: Finding
    fix: Fix


def compatible(
    candidates: Iterable[Candidate], text_of: Callable[[str], str]
) -> tuple[list[Candidate], list[Candidate]]:
    """The candidates that can be applied in one round, and those that wait for the next.

    `text_of` gives the text of a path. A fix that overlaps with one before it waits as a whole, and so does one that
    takes out the neighbour of an entry which goes: what is left of their list is seen in the next round. Insertions at
    one point go together, in their order; what two findings ask for alike is done once.
    """
    taken: list[Candidate] = []
    waiting: list[Candidate] = []
    edits: list[Edit] = []
    for candidate in candidates:
        if any(candidate.fix == other.fix for other in taken):
            taken.append(candidate)
        elif any(
            _overlap(edit, other) or _neighbours(edit, other, text_of)
            for edit in candidate.fix.edits
            for other in edits
        ):
            waiting.append(candidate)
        else:
            taken.append(candidate)
            edits.extend(candidate.fix.edits)
    return taken, waiting


def _overlap(one: Edit, other: Edit) -> bool:
    if one.path != other.path:
        return False
    if one.start == one.end and other.start == other.end:
        return False
    return one.start == other.start or (one.start < other.end and other.start < one.end)


def _neighbours(one: Edit, other: Edit, text_of: Callable[[str], str]) -> bool:
    """Whether both take something out of one YAML file, and nothing but comments stands between them."""
    if one.path != other.path or one.text or other.text or not one.path.endswith((".yml", ".yaml")):
        return False
    first, second = sorted((one, other), key=lambda edit: edit.start)
    between = text_of(one.path)[first.end : second.start]
    return all(not line.strip() or line.lstrip().startswith("#") for line in between.split("\n"))


def removes(fix: Fix, text_of: Callable[[str], str]) -> bool:
    """Whether a fix takes lines or entries out, and puts nothing new anywhere."""
    return all(_takes_out(text_of(edit.path)[edit.start : edit.end], edit.text) for edit in fix.edits)


def _takes_out(old: str, new: str) -> bool:
    """Whether nothing is left of a part, or less than its lines: `build:` with `args` becomes `build: ./web`."""
    return len(new) < len(old) and (not new.strip() or ("\n" in old and set(new.split()) <= set(old.split())))


def edited(string: str, edits: Iterable[Edit]) -> str:
    """A text with edits of its own put in; insertions at one point keep their order, and equal edits count once."""
    pieces = []
    position = 0
    for edit in sorted(dict.fromkeys(edits), key=lambda edit: (edit.start, edit.end)):
        pieces += [string[position : edit.start], edit.text]
        position = edit.end
    return "".join([*pieces, string[position:]])
