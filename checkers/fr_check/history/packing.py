"""Verdicts as they travel between processes and are kept: each finding once, however many commits have it.

Of 70,000 findings in a thousand commits three thousand are different. A finding is named by a hash of its JSON, in
which its own commit is `@` and the commit before it `^`.
"""

from __future__ import annotations

import json
import zlib
from hashlib import sha256

from fr_check.core.model import Unknown
from fr_check.core.record import NamedTuple
from fr_check.history.judging import Verdict

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from typing import Any

    Body = dict[str, Any]

OWN, BEFORE = "@", "^"
NAME = 16
"""Bytes of the name of a body."""


class Row(NamedTuple):
    """One verdict: names of its events, states and suppressed states, end to end, and its unknowns as packed JSON."""

    commit: str
    events: bytes
    states: bytes
    suppressed: bytes
    unknowns: bytes


class Packed(NamedTuple):
    """Verdicts, and the bodies that they name: packed JSON by name."""

    rows: tuple[Row, ...]
    bodies: Mapping[bytes, bytes]


def pack(verdict: Verdict, parent: str | None, bodies: dict[bytes, bytes]) -> Row:
    """The row of a verdict; bodies that are not among `bodies` yet are added."""

    def names(findings: Iterable[Body]) -> bytes:
        return b"".join(_name(_own(body, verdict.commit, parent), bodies) for body in findings)

    unknowns = [_own(body, verdict.commit, parent) for body in verdict.unknowns]
    return Row(
        verdict.commit,
        names(verdict.events),
        names(verdict.states),
        names(verdict.suppressed),
        zlib.compress(json.dumps(unknowns).encode()) if unknowns else b"",
    )


def _name(body: Body, bodies: dict[bytes, bytes]) -> bytes:
    data = json.dumps(body).encode()
    name = sha256(data).digest()[:NAME]
    if name not in bodies:
        bodies[name] = zlib.compress(data)
    return name


def _own(body: Body, commit: str, parent: str | None) -> Body:
    """The body with stand-ins for the commit it is about and the one before."""
    short = {commit: OWN, parent or "": BEFORE}

    def place(location: Any) -> Any:
        at = location and location.get("revision")
        return {**location, "revision": short[at]} if at in short and at else location

    notes = [{**note, "location": place(note["location"])} for note in body.get("notes", ())]
    return {**body, "location": place(body["location"]), **({"notes": notes} if notes else {})}


class Unpacker:
    """Makes verdicts of rows; a body is read once."""

    def __init__(self) -> None:
        self._bodies: dict[bytes, Body] = {}

    def learn(self, bodies: Mapping[bytes, bytes]) -> None:
        """Takes bodies that rows may name."""
        for name, data in bodies.items():
            if name not in self._bodies:
                self._bodies[name] = json.loads(zlib.decompress(data))

    def knows(self, row: Row) -> bool:
        """Whether every body that a row names is known."""
        return all(name in self._bodies for part in row[1:4] for name in split(part))

    def unpack(self, row: Row) -> Verdict:
        """The verdict, but for its whole report."""
        events, states, suppressed = (tuple(self._bodies[name] for name in split(part)) for part in row[1:4])
        unknowns = json.loads(zlib.decompress(row.unknowns)) if row.unknowns else ()
        return Verdict(row.commit, events, states, suppressed, tuple(unknowns), {})


def split(names: bytes) -> list[bytes]:
    """The names that stand end to end."""
    return [names[at : at + NAME] for at in range(0, len(names), NAME)]


def not_judged(commit: str, checkers: Iterable[str], why: str = "the process that judged it died each time") -> Row:
    """The row of a commit that could not be judged at all."""
    message = f"{commit[:12]} is not judged: {why}"
    mend = f"run `fr-check all --rev {commit[:12]} --base {commit[:12]}^` to see what happens"
    unknowns = [Unknown(checker, "commit-not-judged", "commit", message, mend)._asdict() for checker in checkers]
    return Row(commit, b"", b"", b"", zlib.compress(json.dumps(unknowns).encode()))
