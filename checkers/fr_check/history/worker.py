"""What a process that judges commits does: opens the repository once, and judges one range after the other."""

from __future__ import annotations

import os
import signal
from threading import Thread

from fr_check.core.trouble import Trouble
from fr_check.history.judging import Session
from fr_check.history.packing import Packed, pack
from fr_check.repository.place import Place

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence
    from multiprocessing.process import BaseProcess

    from fr_check.history.judging import Task
    from fr_check.repository.git import Layout

_open: list[Session] = []


def open_layout(path: str | None) -> Layout:
    """The repository around a folder, at its top.

    Raises:
        Trouble: there is none.
    """
    place = Place(path)
    layout = place.layout()
    if layout is None:
        raise Trouble(f"{place.directory} is in no git repository", "name the folder of a repository")
    return layout.at(layout.top or layout.git_dir, own=False)


def begin(path: str, task: Task) -> None:
    """Prepares this process to judge the commits of a repository; it ends when the one that started it does."""
    import multiprocessing  # noqa: PLC0415 - this is a process of it

    signal.signal(signal.SIGINT, signal.SIG_IGN)
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
    return judged(_open[0], points)


def judged(session: Session, points: Sequence[tuple[str, str | None]]) -> Packed:
    """The verdicts of commits, each with its parent."""
    bodies: dict[bytes, bytes] = {}
    rows = [pack(session.judge(commit, parent), parent, bodies) for commit, parent in points]
    return Packed(tuple(rows), bodies)
