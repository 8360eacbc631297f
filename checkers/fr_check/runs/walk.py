"""The commands of one script in the order in which they run: loops as often as they turn, functions where called.

Offsets are those of the script. Nothing is run; what depends on what only a run would know is None. Folders are
relative to the workspace, or absolute with `WORKSPACE` or `REPOSITORY` at their head.
"""

from __future__ import annotations

from functools import lru_cache

from fr_check.core.budget import Budget
from fr_check.core.record import NamedTuple
from fr_check.runs.model import Start
from fr_check.runs.walker import Walker
from fr_check.sources import shell
from fr_check.sources.tasks.model import OPAQUE

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from fr_check.runs.changes import Change
    from fr_check.runs.model import Ran
    from fr_check.runs.written import Chunk

STEP_LIMIT = 40_000
"""Commands that all of what is followed may come to, each as often as it is reached; 33,000 in the largest of 220."""
# Scripts: each way of asking goes through them in the same order, which a smaller store would forget from its head on.
# 1,800 are the most of 220 repositories.
_KEPT = 4096
# Commands that are handed on for the time of a step.
HANDED_ON = 4
# Stands for the variables that a script does not name; no variable has such a name.
_REST = "\0"
# What a shell reads without being told to.
_SHELLS_OWN = frozenset(("0", "BASH_SOURCE", "HOME", "PATH", "PWD"))


def commands(
    script: str,
    start: Start = Start(),  # noqa: B008 - a tuple
    places: Sequence[int] | None = None,
    budget: Budget | None = None,
) -> tuple[Ran, ...]:
    """Every command of a script; `places` as in `shell.parse`.

    Each command counts in `budget`, as often as loops and calls of functions come to it. Where it does not cover all
    turns of a loop, the loop turns once, for a word that is not known; where it is spent, the script ends. A script
    that does the same as before is only handed on.

    Several checkers follow the same steps, and so does each commit of a history: the commands of a script are kept,
    with the expressions that it asked for and their values.
    """
    at = None if places is None else tuple(places)
    budget = budget or Budget(steps=STEP_LIMIT)
    if budget.spent:
        return ()
    taken = budget.taken
    known = None if start.sourced is not None else _known(script, start, at, budget)
    if known is not None:
        first = budget.meets(known.asked)
        steps = known.steps if first else 1 + known.steps // HANDED_ON
        if budget.taken > taken or (budget.covers(steps) and budget.step(steps)):
            return known.ran
    return tuple(Walker(_parsed(script, at, budget), start, (), budget).walk())


def left(script: str, start: Start) -> tuple[Change, ...]:
    """What a script has done to the environment of its own shell by its end: of one that another one sources.

    Where another script has written it, a hole may be several words.
    """
    budget = Budget(steps=STEP_LIMIT)
    walker = Walker(_parsed(script, None, budget), start, (), budget)
    walker.open = (OPAQUE,) if OPAQUE in script else ()
    for _ in walker.walk():
        pass
    return walker.environment.ending()


def written(script: str, start: Start) -> Mapping[str, Sequence[Chunk]]:
    """What a script has written to files by its end, by path, relative to where it starts."""
    budget = Budget(steps=STEP_LIMIT)
    walker = Walker(_parsed(script, None, budget), start, (), budget)
    for _ in walker.walk():
        pass
    return walker.written.found


class _Walked(NamedTuple):
    """The commands of a script where no budget runs out, the expressions that it asked for, and its steps.

    `began` is the environment that it was given.
    """

    asked: Mapping[str, str | None]
    ran: tuple[Ran, ...]
    steps: int
    began: Mapping[str, str | None]


def _known(script: str, start: Start, places: tuple[int, ...] | None, whole: Budget) -> _Walked | None:
    """The commands of a script by itself; None where that is too much.

    They count in `whole` at once where nothing did before: then that is what a script by itself may come to.

    In two environments that differ only in variables which the script does not name, it does the same and hands those
    on: it is gone through once, with one entry in the place of them all.
    """
    rest = _unnamed(script, start)
    if not rest:
        return _by_itself(script, start, places, whole)
    named = {name: value for name, value in start.environment.items() if name not in rest}
    walked = _by_itself(script, start._replace(environment={**named, _REST: _REST}), places, whole)
    if walked is None:
        return None
    if _is_touched(rest, walked):
        return _by_itself(script, start, places, Budget(steps=STEP_LIMIT))
    surroundings: dict[int, Mapping[str, str | None]] = {id(walked.began): start.environment}
    found = []
    for ran in walked.ran:
        key = id(ran.present)
        if key not in surroundings:
            surroundings[key] = _with(rest, ran.present)
        found.append(ran._replace(present=surroundings[key]))
    return walked._replace(ran=tuple(found))


def _unnamed(script: str, start: Start) -> dict[str, str | None]:
    """The variables of an environment whose names stand nowhere in what a script starts with."""
    given = (start.environment.values(), start.arguments or (), start.wrote, start.wrote.values())
    texts = (script, *(text for several in given for text in several if text))
    return {
        name: value
        for name, value in start.environment.items()
        if name not in _SHELLS_OWN and not any(name in text for text in texts)
    }


def _is_touched(rest: Mapping[str, str | None], walked: _Walked) -> bool:
    """Whether a script does something to one of the variables that it does not name, or may have its name from CI."""
    done = {id(ran.names): ran.names for ran in walked.ran}.values()
    if any(name in names for names in done for name in rest):
        return True
    given = [value for value in walked.asked.values() if value]
    return any(name in value for value in given for name in rest) or any(
        one.name in rest for ran in walked.ran for one in ran.own
    )


def _with(rest: Mapping[str, str | None], present: Mapping[str, str | None]) -> Mapping[str, str | None]:
    """An environment with the variables that `_REST` stands for there, if it was handed on with their values or not."""
    if _REST not in present:
        return present
    handed = rest if present[_REST] is not None else dict.fromkeys(rest)
    return {**{name: value for name, value in present.items() if name != _REST}, **handed}


def _by_itself(script: str, start: Start, places: tuple[int, ...] | None, whole: Budget) -> _Walked | None:
    environment = tuple(start.environment.items())
    kept = _kept(script, start.directory, environment, start.arguments, start.shell, places, *start.wrote.items())
    evaluate = start.expressions or _unknown
    for walked in kept:
        if all(evaluate(text) == value for text, value in walked.asked.items()):
            return walked
    answers: dict[str, str | None] = {}
    asked = [evaluate]

    def asking(text: str) -> str | None:
        if text not in answers and asked:
            answers[text] = asked[0](text)
        return answers.get(text)

    budget = Budget(steps=STEP_LIMIT) if whole.taken else whole
    walker = Walker(_parsed(script, places, budget), start._replace(expressions=asking), (), budget)
    walked = _Walked(answers, tuple(walker.walk()), budget.taken, start.environment)
    # What is kept must not hold the workflow that evaluated its expressions.
    asked.clear()
    if budget.spent or budget.refused:
        return walked if budget is whole else None
    kept.append(walked)
    return walked


@lru_cache(maxsize=_KEPT)
def _kept(*key: object) -> list[_Walked]:
    """What a script came to, each time that its expressions had other values."""
    del key
    return []


def _unknown(text: str) -> None:
    """Nobody evaluates expressions."""
    del text


def _parsed(script: str, places: tuple[int, ...] | None, budget: Budget) -> shell.Script:
    """A script; one that is not read whole is more than any budget covers."""
    read = shell.parse(script, places=places)
    if not read.is_whole:
        budget.step(STEP_LIMIT + 1)
    return read
