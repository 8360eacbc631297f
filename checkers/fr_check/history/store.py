"""Keeps verdicts below the repository's own git folder, so that a second run, or one that was killed, goes on.

A verdict is kept under everything that it hangs on: the program, the Python, the task, the parent, and what the clones
of the submodules hold. The store is never needed: where it cannot be used the run goes on without it, and says so.
"""

from __future__ import annotations

import os
import posixpath
import sqlite3
import sys
import time
import zlib
from contextlib import suppress
from functools import cache
from hashlib import sha256
from pathlib import Path

import fr_check
from fr_check.history.packing import NAME, Packed, Row
from fr_check.repository.git import CannotKnow
from fr_check.repository.revision import Revision
from fr_check.repository.submodules import Store as Clone
from fr_check.repository.superproject import settings

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from fr_check.history.judging import Task
    from fr_check.history.line import Point
    from fr_check.repository.git import Layout

APPLICATION = 0x66726868
VERSION = 1
_WAIT = 5.0  # seconds, for another writer
_TABLES = """
CREATE TABLE IF NOT EXISTS finding(id BLOB PRIMARY KEY, body BLOB) STRICT, WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS verdict(commit_id TEXT, key BLOB, findings BLOB, unknowns BLOB, suppressed BLOB,
  judged_at INT, PRIMARY KEY(commit_id, key)) STRICT, WITHOUT ROWID;
"""
_EVENT, _STATE = b"e", b"s"


class UnusableError(Exception):
    """The store cannot be used; the message says why, for a remark."""


class Store:
    """The verdicts of one repository."""

    def __init__(self, path: str) -> None:
        """Opens the store at `path`, or makes it; a damaged one is moved aside.

        Raises:
            UnusableError: it cannot be opened or made.
        """
        self.path = path
        self.remark: str | None = None
        try:
            os.makedirs(posixpath.dirname(path), exist_ok=True)
            try:
                self._database = _open(path)
            except sqlite3.DatabaseError as error:
                if isinstance(error, sqlite3.OperationalError):
                    raise
                self._move_aside(str(error))
                self._database = _open(path)
        except (OSError, sqlite3.Error) as error:
            raise UnusableError(f"what was judged earlier cannot be kept in {path}: {error}") from None

    def _move_aside(self, why: str) -> None:
        os.replace(self.path, f"{self.path}.damaged")
        for end in ("-wal", "-shm"):
            with suppress(FileNotFoundError):
                os.remove(self.path + end)
        self.remark = f"{self.path} was damaged ({why}) and is moved to {self.path}.damaged; all is judged anew"

    def known(self, keys: Mapping[str, bytes]) -> Packed:
        """The verdicts that are kept under these keys (commit -> key), with what they name; no damaged ones."""
        rows = {}
        for commit, key, findings, unknowns, suppressed in self._database.execute(
            "SELECT commit_id, key, findings, unknowns, suppressed FROM verdict"
        ):
            if keys.get(commit) == key:
                rows[commit] = _row(commit, findings, unknowns, suppressed)
        bodies = {}
        for name, body in self._database.execute("SELECT id, body FROM finding"):
            with suppress(zlib.error):
                if sha256(zlib.decompress(body)).digest()[:NAME] == name:
                    bodies[name] = body
        return Packed(tuple(rows.values()), bodies)

    def keep(self, packed: Packed, keys: Mapping[str, bytes]) -> None:
        """Adds verdicts, all or none of them.

        Raises:
            UnusableError: another run writes all the time, or the disk is full.
        """
        now = int(time.time())
        rows = [(row.commit, keys[row.commit], _tagged(row), row.unknowns, row.suppressed, now) for row in packed.rows]
        try:
            with self._database:
                self._database.execute("BEGIN IMMEDIATE")
                self._database.executemany("INSERT OR REPLACE INTO finding VALUES (?, ?)", packed.bodies.items())
                self._database.executemany("INSERT OR REPLACE INTO verdict VALUES (?, ?, ?, ?, ?, ?)", rows)
        except sqlite3.Error as error:
            raise UnusableError(f"what was judged cannot be kept in {self.path}: {error}") from None

    def forget(self) -> None:
        """Empties it."""
        with self._database:
            self._database.execute("DELETE FROM verdict")
            self._database.execute("DELETE FROM finding")

    def close(self) -> None:
        """Closes it."""
        self._database.close()


def _open(path: str) -> sqlite3.Connection:
    if not posixpath.exists(path):
        os.close(os.open(path, os.O_CREAT | os.O_RDWR, 0o600))
    database = sqlite3.connect(path, timeout=_WAIT, isolation_level=None)
    try:
        application, version = (
            database.execute(f"PRAGMA {name}").fetchone()[0] for name in ("application_id", "user_version")
        )
        empty = not database.execute("SELECT count(*) FROM sqlite_master").fetchone()[0]
        if not empty and (application, version) != (APPLICATION, VERSION):
            raise sqlite3.DatabaseError("it is not a store of this version")
        database.execute("PRAGMA journal_mode=WAL")
        database.execute("PRAGMA synchronous=NORMAL")
        database.executescript(_TABLES)
        database.execute(f"PRAGMA application_id={APPLICATION}")
        database.execute(f"PRAGMA user_version={VERSION}")
    except sqlite3.Error:
        database.close()
        raise
    return database


def _tagged(row: Row) -> bytes:
    parts = ((_EVENT, row.events), (_STATE, row.states))
    return b"".join(tag + part[at : at + NAME] for tag, part in parts for at in range(0, len(part), NAME))


def _row(commit: str, findings: bytes, unknowns: bytes, suppressed: bytes) -> Row:
    step = NAME + 1
    tagged = [findings[at : at + step] for at in range(0, len(findings), step)]
    events = b"".join(one[1:] for one in tagged if one[:1] == _EVENT)
    states = b"".join(one[1:] for one in tagged if one[:1] == _STATE)
    return Row(commit, events, states, suppressed, unknowns)


def place(layout: Layout) -> str:
    """Where the store of a repository is."""
    return posixpath.join(layout.common_dir, "fr-check", "history.sqlite")


def keys(layout: Layout, points: Sequence[Point], task: Task) -> dict[str, bytes]:
    """Commit -> everything that its verdict hangs on, as a hash."""
    common = sha256()
    for part in (program(), f"{sys.version_info[:2]}", repr(task), *_clones(layout, points)):
        common.update(part.encode("utf-8", "surrogateescape") + b"\0")
    found = {}
    for point in points:
        own = common.copy()
        own.update(f"{point.commit} {point.parent}".encode())
        found[point.commit] = own.digest()
    return found


@cache
def program() -> str:
    """A hash of this program's own files."""
    top = Path(fr_check.__file__).parent
    digest = sha256()
    for path in sorted(top.rglob("*.py")):
        digest.update(str(path.relative_to(top)).encode() + b"\0" + path.read_bytes())
    return digest.hexdigest()


def submodules(layout: Layout, points: Sequence[Point]) -> dict[str, str]:
    """Path -> a commit that has it, the newest that set it, for every submodule of these commits."""
    first, last = points[0].commit, points[-1].commit
    root = layout.top or layout.git_dir
    where = dict.fromkeys(Revision(layout, root, first).gitlinks(), first)
    moves = settings(layout, first, last)
    where |= {move.path: move.at.commit for move in (() if isinstance(moves, CannotKnow) else moves) if move.new}
    where |= dict.fromkeys(Revision(layout, root, last).gitlinks(), last)
    return dict(sorted(where.items()))


def _clones(layout: Layout, points: Sequence[Point]) -> Iterator[str]:
    """What the clones of all submodules of these commits hold; commits come and go there by `git fetch`."""
    yield _content(posixpath.join(layout.common_dir, "config"))
    for path, commit in submodules(layout, points).items():
        clone = Revision(layout, layout.top or layout.git_dir, commit).store(path)
        yield path
        if isinstance(clone, Clone):
            yield from _clone(clone)


def _clone(clone: Clone) -> Iterable[str]:
    refs = clone.git.lines("for-each-ref", "--format=%(objectname) %(refname) %(symref)") or []
    head = clone.git.lines("rev-parse", "--verify", "--quiet", "HEAD") or []
    files = (_content(posixpath.join(folder, name)) for folder in clone.folders() for name in ("shallow", "config"))
    return (clone.git_dir, str(clone.checked_out), *refs, *head, *files)


def _content(path: str) -> str:
    try:
        return Path(path).read_text("utf-8", "surrogateescape")
    except OSError:
        return ""
