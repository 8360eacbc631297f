"""Programs of one container beside the one that is followed: what all of them are given is certain, the rest in doubt.

`case "$MODE" in worker) QUEUE=1 exec celery ... ;; *) exec uvicorn ... ;; esac` starts one of two, and which is known
at run time; `LEVEL=1 alembic upgrade head; exec uvicorn ...` starts one after the other. A process has one set of
layers, those of the last start; where another one gives a program another value, there is a doubt about it.
"""

from __future__ import annotations

from fr_check.variables.model import Entry, Interpolated, Layer, Maybe, Open, Set, Unclear, fold, text_of

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from fr_check.variables.launch import Start
    from fr_check.variables.model import ComposeHost, State
    from fr_check.variables.programs import Program
    from fr_check.variables.shell_files import Sourced


def doubts(
    start: Start,
    other: Start,
    mine: Sequence[Layer],
    theirs: Sequence[Layer],
    host: ComposeHost,
    programs: Sequence[Program],
) -> Iterator[Layer]:
    """The doubts about `start` for another one; `programs` are those of the other one, `theirs` all its layers.

    A name that no program of the other one reads is not in doubt.
    """
    if other.words == start.words:
        why = f"whether `{other.shown}` is started here or in another way"
    else:
        why = f"`{other.shown}`, which is started as well, is not given the same"
    doubt = Open(other.shown, why, other.location)
    names = dict.fromkeys(name for layer in (*mine, *theirs) for name in layer.entries)
    own, others = _by_name(mine, names), _by_name(theirs, names)
    different = [
        name
        for name in names
        if not _are_alike(own[name], others[name])
        and not _are_same(fold(own[name], name, host), fold(others[name], name, host))
        and _may_read(programs, name)
    ]
    if different:
        entries = {name: Entry(name, Unclear(why), other.location) for name in different}
        yield Layer("sourced", f"`{other.shown}`", entries, other.location, doubt=doubt)
    unseen = {layer.open for layer in mine}
    if any(layer.open not in unseen for layer in theirs):
        yield Layer("sourced", f"`{other.shown}`", {}, other.location, doubt)


def rendered(theirs: Sequence[Sourced], mine: Sequence[Sourced]) -> list[Sourced]:
    """The rendered files that another start sources and this one does not: who gets them reads them."""
    known = {(one.path, one.location) for one in mine}
    return [
        one._replace(lost=(), elsewhere="", missing=False, failing="")
        for one in theirs
        if one.rendered is not None and (one.path, one.location) not in known
    ]


def _by_name(layers: Sequence[Layer], names: dict[str, None]) -> dict[str, list[Layer]]:
    """Name -> the layers that say something of it, lowest first."""
    found: dict[str, list[Layer]] = {name: [] for name in names}
    for layer in layers:
        for name in names if layer.open is not None or layer.clears else layer.entries:
            found[name].append(layer)
    return found


def _are_alike(mine: Sequence[Layer], theirs: Sequence[Layer]) -> bool:
    """Whether the same layers tell of a name: most are of the image and of the compose file."""
    return len(mine) == len(theirs) and all(one is other for one, other in zip(mine, theirs, strict=True))


def _are_same(mine: State, theirs: State) -> bool:
    """Whether a program has the same of a name in both states; one that may be anything is in doubt already."""
    if isinstance(mine, Maybe):
        return True
    if not isinstance(mine, Set) or not isinstance(theirs, Set):
        return not isinstance(mine, Set) and not isinstance(theirs, (Set, Maybe))
    one, other = text_of(mine.entry.value), text_of(theirs.entry.value)
    if one is not None and other is not None:
        return one.reveal() == other.reveal()
    if isinstance(mine.entry.value, Interpolated):
        return mine.entry.value == theirs.entry.value
    return mine.entry == theirs.entry


def _may_read(programs: Sequence[Program], name: str) -> bool:
    """Whether a program reads a name, or may."""
    return not programs or any(
        one.open is not None or not one.closed or next(one.reads(name), None) is not None for one in programs
    )
