"""What a process that judges commits does: opens the repository once, and judges one range after the other."""

from __future__ import annotations

import gc
import os
import signal
from itertools import count
from threading import Thread

from fr_check.core.secrecy import redact
from fr_check.core.trouble import Trouble
from fr_check.history.judging import Session
from fr_check.history.packing import Packed, not_judged, pack
from fr_check.repository.place import Place

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence
    from multiprocessing.process import BaseProcess

    from fr_check.history.judging import Task
    from fr_check.history.packing import Row
    from fr_check.repository.git import Layout

_open: list[Session] = []
# Objects until Python looks for cycles, and how often it looks at the older ones: facts of many commits stay, and
# looking through them as often as it does by itself takes an eighth of the time.
_LOOKS = (500_000, 20, 50)
_COLLECTED = 10
"""Ranges of commits after which it looks through everything: facts that name each other stay until then."""
_ranges = count(1)


def open_layout(path: str | None) -> Layout:
    """The repository around a folder, at its top.

    Raises:
        Trouble: there is none.
    """
    if path is not None and not os.path.isdir(path):
        raise Trouble(f"{path} is not a folder", "name the folder of a repository")
    place = Place(path)
    layout = place.layout()
    if layout is None:
        raise Trouble(f"{place.directory} is in no git repository", "name the folder of a repository")
    return layout.at(layout.top or layout.git_dir, own=False)


def begin(path: str, task: Task) -> None:
    """Prepares this process to judge the commits of a repository; it ends when the one that started it does."""
    import multiprocessing  # noqa: PLC0415 - this is a process of it

    gc.set_threshold(*_LOOKS)
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    # They were held back while this process was started.
    signal.pthread_sigmask(signal.SIG_UNBLOCK, (signal.SIGTERM, signal.SIGHUP))
    parent = multiprocessing.parent_process()
    if parent is not None:
        Thread(target=_follow, args=(parent,), daemon=True).start()
    _open[:] = [Session(open_layout(path), task)]


def _follow(parent: BaseProcess) -> None:
    parent.join()
    from fr_check.repository.process import kill_all  # noqa: PLC0415

    kill_all()
    os._exit(1)


def judge(points: Sequence[tuple[str, str | None]]) -> Packed:
    """The verdicts of commits, each with its parent, in this process."""
    packed = judged(_open[0], points)
    number = next(_ranges)
    if number % _COLLECTED == 0:
        gc.collect()
    if number == _COLLECTED:
        # The program and its tables: there is no need to look through them again.
        gc.freeze()
    return packed


def judged(session: Session, points: Sequence[tuple[str, str | None]]) -> Packed:
    """The verdicts of commits, each with its parent; one that cannot be judged costs no other."""
    bodies: dict[bytes, bytes] = {}
    session.expect(points)
    return Packed(tuple(_row(session, commit, parent, bodies) for commit, parent in points), bodies)


def _row(session: Session, commit: str, parent: str | None, bodies: dict[bytes, bytes]) -> Row:
    try:
        return pack(session.judge(commit, parent), parent, bodies)
    except Trouble as trouble:
        why = trouble.message
    except Exception as error:  # noqa: BLE001 - a bug met at one commit of thousands is told there, and ends nothing
        why = f"this is a bug in fr-check: {type(error).__name__}: {error}"
    session.begin_anew()
    return not_judged(commit, session.checkers, redact(why))
