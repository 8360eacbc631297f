"""What a shell does to the environment of what it starts later, one change after the other.

POSIX.1-2017, "Shell Command Language", 2.5.3 (variables), 2.12 (execution environment), 2.14 (`.`, `export`, `set`).
"""

from __future__ import annotations

from fr_check.core.record import NamedTuple

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping
    from typing import Literal

    from fr_check.core.model import Location

    Kind = Literal[
        "source", "set", "shell-set", "export", "fill", "fill-unset", "unset", "import", "file", "open", "clear",
        "child", "read", "give", "keep", "local", "restore", "fix", "miss",
    ]  # fmt: skip
    Changes = Callable[[], "tuple[Change, ...]"]

SOURCE: Kind = "source"
"""Reads a file into the shell; `name` is its path, empty where that is not known."""
MISS: Kind = "miss"
"""Would read a file into the shell, and does not; `why` says why."""
SET: Kind = "set"
"""Sets a variable of the environment."""
SHELL_SET: Kind = "shell-set"
"""Sets a variable of the shell, which is one of the environment only if it was before, or under `set -a`."""
EXPORT: Kind = "export"
"""Takes a variable of the shell into the environment."""
FILL: Kind = "fill"
"""Sets a variable of the shell that is unset or empty: `${K:=d}`."""
FILL_UNSET: Kind = "fill-unset"
"""Sets a variable of the shell that is unset: `${K=d}`."""
UNSET: Kind = "unset"
"""Takes a variable away."""
IMPORT: Kind = "import"
"""Takes the names of a file into the environment: `export $(cat FILE)`; `name` as for SOURCE."""
FILE: Kind = "file"
"""Takes those of a file that are unset: `--env-file FILE`."""
OPENED: Kind = "open"
"""Sets what only a run tells; `name` says by what."""
CLEAR: Kind = "clear"
"""Takes everything away: `env -i`; `written` are the names that stay: `sudo --preserve-env=A,B`."""
CHILD: Kind = "child"
"""Another process begins, which has only the environment of what started it."""
READ: Kind = "read"
"""The shell puts a variable into words, before what they start takes it away: `env -i K="$K"`."""
GIVE: Kind = "give"
"""Sets a variable to what it was when it was read."""
KEEP: Kind = "keep"
"""Leaves a variable to the shell alone: `export -n K`."""

LOCAL: Kind = "local"
"""A function keeps a variable to itself and to what it calls, until it ends: `local K`."""
RESTORE: Kind = "restore"
"""Such a function ends: the variable is again what it was."""

FIX: Kind = "fix"
"""Nothing sets a variable any more, or the shell ends where something tries to: `readonly K`."""


class Content(NamedTuple):
    """What a file holds after a command, from `start` to `end` of the script, wrote it; None: not known."""

    text: str | None
    start: int
    end: int


class Change(NamedTuple):
    """One change.

    `value` is None where it is not known. `exported` says whether `set -a` holds (None: perhaps). `shown` is the
    command as it is written, `start` and `end` are its offsets. It is not `certain` where it may not happen: `within`
    are the constructs of the script that decide that. `here` is the folder that the shell is in (None: not known),
    `written` the value as it stands there, `content` what the script itself has written to the file that it reads.
    `asked`: it reads that file only where it is there. `why` says why it is not certain, where more than a branch
    decides that; `ends`: the script ends there.
    """

    kind: Kind
    name: str
    value: str | None
    exported: bool | None
    shown: str
    start: int
    end: int
    within: tuple[int, ...] = ()
    certain: bool = True
    here: str | None = None
    written: str = ""
    content: Content | None = None
    asked: bool = False
    why: str = ""
    ends: bool = False


class Operation(NamedTuple):
    """A change with its place, as in `Change`; `by` is what does it, for a sentence, where no script does."""

    kind: Kind
    name: str
    value: str | None
    exported: bool | None
    shown: str
    location: Location
    certain: bool = True
    here: str | None = None
    written: str = ""
    content: tuple[str | None, Location] | None = None
    asked: bool = False
    why: str = ""
    ends: bool = False
    by: str = ""


def none() -> tuple[Change, ...]:
    """No change at all."""
    return ()


def child(start: int, end: int) -> Change:
    """That another process begins."""
    return Change(CHILD, "", None, exported=False, shown="", start=start, end=end)


def located(changes: Iterable[Change], locate: Callable[[int, int], Location]) -> tuple[Operation, ...]:
    """Changes with their places."""
    return tuple(
        Operation(
            *one[:5],
            locate(one.start, one.end),
            one.certain,
            one.here,
            one.written,
            None if one.content is None else (one.content.text, locate(one.content.start, one.content.end)),
            one.asked,
            one.why,
            one.ends,
        )
        for one in changes
    )


def left(present: Mapping[str, str | None], changes: Iterable[Change]) -> dict[str, str | None]:
    """What is there of an environment after some variables were taken away."""
    found = dict(present)
    for one in changes:
        if one.kind == CLEAR:
            found = _kept(found, one)
        elif one.kind == UNSET:
            found.pop(one.name, None)
    return found


def _kept(found: dict[str, str | None], clear: Change | Operation) -> dict[str, str | None]:
    """What is left of variables where all but some are taken away."""
    return {name: found[name] for name in clear.written.split(",") if name in found}


def taken(name: str, changes: Iterable[Change]) -> Change | None:
    """What takes a variable out of the environment for certain, where nothing after it may bring it back."""
    found = None
    for one in changes:
        clears = one.kind == CLEAR and name not in one.written.split(",")
        if clears or (one.kind in {UNSET, KEEP} and one.name == name):
            found = one if one.certain else found
            continue
        sets = one.kind in {SET, GIVE, EXPORT} or (one.kind == SHELL_SET and one.exported is not False)
        if one.kind in {SOURCE, IMPORT, FILE, OPENED} or (sets and one.name == name):
            found = None
    return found


def taking(change: Change, name: str) -> str:
    """What takes a variable away, as it is to be called: of the words around it, which may hold secrets, nothing."""
    if change.kind == CLEAR:
        return change.name
    if change.kind == KEEP:
        return f"export -n {name}"
    return f"unset {name}" if change.shown.startswith("unset") else f"env -u {name}"


def keeping(change: Change, name: str) -> str:
    """What to do about that."""
    if change.kind == CLEAR:
        return f'hand the variable on: `env -i {name}="${name}"`, and the command after it'
    return f"leave `{taking(change, name)}` out"


def after(operations: Iterable[Operation], environment: Mapping[str, str | None]) -> dict[str, str | None]:
    """The variables that are known to be set after a task runner has done something to what it started with."""
    made = tuple(operations)
    taken_away = {one.name for one in made if one.kind in {KEEP, UNSET}}
    before = {name: value for name, value in environment.items() if name not in taken_away}
    return {**before, **known(made, environment)}


def known(changes: Iterable[Change | Operation], present: Mapping[str, str | None]) -> dict[str, str | None]:
    """The variables that changes put into an environment that has the `present` ones; None for unknown values."""
    found: dict[str, str | None] = {}
    inner: dict[str, str | None] = {}
    saved: dict[str, list[tuple[dict[str, str | None], dict[str, str | None]]]] = {}
    for one in changes:
        name, value = one.name, one.value if one.certain else None
        exported = one.exported or name in found or name in present
        if one.kind in {SET, GIVE} or (one.kind == SHELL_SET and exported):
            found[name] = value
        elif one.kind in {SHELL_SET, FILL, FILL_UNSET}:
            held = found if exported else inner
            held[name] = value if one.kind == SHELL_SET else held.get(name)
        elif one.kind == EXPORT:
            found[name] = found[name] if name in found else inner.pop(name, None)
        elif one.kind == UNSET:
            found.pop(name, None)
            inner.pop(name, None)
        elif one.kind == KEEP:
            inner[name] = found.pop(name, None)
        elif one.kind == CLEAR:
            found = _kept(found, one)
        elif one.kind == CHILD:
            inner.clear()
        elif one.kind == LOCAL:
            outer, own = ({name: each[name]} if name in each else {} for each in (found, inner))
            saved.setdefault(name, []).append((outer, own))
        elif one.kind == RESTORE and saved.get(name):
            for each, held in zip((found, inner), saved[name].pop(), strict=True):
                each.pop(name, None)
                each.update(held)
    return found
