"""Under which conditions a command runs, as far as two of them can be seen never to hold together."""

from __future__ import annotations

from bisect import bisect_right

from fr_check.core.patterns import pattern
from fr_check.core.record import NamedTuple

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from fr_check.sources.shell import Script

# `matrix.os == 'ubuntu-latest'`, the literal on either side; GitHub compares texts whatever their case.
_COMPARED = pattern(r"(?P<left>[^=!<>]+?)\s*(?P<how>[!=]=)\s*(?P<right>[^=!<>]+)")
_LITERAL = pattern(r"'[^']*'|\d+|true|false")
# What is another thing in each job: its cell of the matrix, its steps.
_OF_JOB = ("matrix.", "steps.", "needs.", "strategy.", "job.", "env.", "inputs.")
_LONGEST = 400
_SYSTEMS = (("ubuntu", "linux"), ("windows", "windows"), ("macos", "macos"))
SYSTEM = "runner.os"


class Condition(NamedTuple):
    """That `subject` is `value`, or, unless `holds`, that it is not."""

    subject: str
    value: str
    holds: bool = True


def exclude(some: Iterable[Condition], others: Iterable[Condition]) -> bool:
    """Whether two lists of conditions never hold together."""
    known = tuple(others)
    return any(_against(one, other) for one in some for other in known)


def _against(one: Condition, other: Condition) -> bool:
    if one.subject != other.subject:
        return False
    alike = one.value == other.value
    return not alike if one.holds and other.holds else alike and one.holds != other.holds


def of_expression(written: str, job: str) -> Iterator[Condition]:
    """What an `if` of GitHub asks for: each part of a conjunction; of anything else all of it, or that it is not so.

    `job` tells apart what is not the same in every job.
    """
    text = written.strip()
    if text.startswith("${{") and text.endswith("}}"):
        text = text[3:-2].strip()
    if len(text) > _LONGEST or "${{" in text:
        return
    parts = [text] if "||" in text or "(" in text.replace("()", "") else text.split("&&")
    for part in parts:
        yield _condition(part.strip(), job)


def _condition(part: str, job: str) -> Condition:
    found = _COMPARED.fullmatch(part) if "&&" not in part and "||" not in part else None
    if found is not None:
        left, right = found["left"].strip(), found["right"].strip()
        left, right = (right, left) if _LITERAL.fullmatch(left) else (left, right)
        if _LITERAL.fullmatch(right):
            return Condition(_subject(left, job), right.strip("'").lower(), found["how"] == "==")
    holds = not part.startswith("!") or "&&" in part or "||" in part
    whole = part.startswith("!(") and part.endswith(")") and part.count("(") == 1
    inner = part[2:-1] if whole else part if holds else part[1:]
    return Condition(_subject(inner.strip(), job), "true", holds and not whole)


def _subject(text: str, job: str) -> str:
    lower = text.lower()
    return f"{job} {lower}" if any(name in lower for name in _OF_JOB) else lower


class Branches:
    """The branches of `if` and `case` of a shell script; `place` names offsets."""

    def __init__(self, script: Script, place: Callable[[int], object]) -> None:
        self._blocks = script.blocks
        self._place = place
        self._order = sorted(range(len(script.blocks)), key=lambda number: script.blocks[number].start)
        self._starts = [script.blocks[number].start for number in self._order]

    def around(self, at: int) -> Iterator[Condition]:
        """Those that the command at an offset stands in."""
        place = bisect_right(self._starts, at) - 1
        number = self._order[place] if place >= 0 else -1
        found = []
        while number >= 0:
            block = self._blocks[number]
            if block.kind == "branch" and block.start <= at < block.end:
                found.append(number)
            number = block.parent
        for number in sorted(found):
            where = self._place(self._blocks[self._blocks[number].parent].start)
            yield Condition(f"branch of {where}", str(number))


def within(path: str, conditions: Iterable[Condition]) -> tuple[Condition, ...]:
    """Conditions of one file beside those of others: only what GitHub says is the same everywhere."""
    return tuple(
        one if one.subject.startswith(("runner.", "github.")) else one._replace(subject=f"{path}: {one.subject}")
        for one in conditions
    )


def of_runner(label: str | None) -> Iterator[Condition]:
    """The system of a runner that GitHub hosts, by its label (None: not known)."""
    for name, system in _SYSTEMS if label else ():
        if label is not None and label.lower().startswith(f"{name}-"):
            yield Condition(SYSTEM, system)
