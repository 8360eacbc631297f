"""Judges many commits on one machine: lanes of processes, each along its own stretch of the line.

Neighbouring commits have nearly everything in common, so a process stays on its stretch, and a lane that has finished
takes over half of the longest stretch that is left. A process that dies takes no other with it: what it had in hand is
tried again, in halves, down to the one commit that kills; that one is not judged.
"""

from __future__ import annotations

import multiprocessing
import os
import signal
import sys
from collections import deque
from concurrent.futures import FIRST_COMPLETED, ProcessPoolExecutor, wait
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager
from itertools import pairwise
from math import sqrt
from types import ModuleType

from fr_check.history import worker
from fr_check.history.judging import Session
from fr_check.history.packing import Packed, not_judged

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from concurrent.futures import Future

    from fr_check.history.judging import Task
    from fr_check.history.line import Point

    Chunk = tuple[Point, ...]

CHUNK = 20
"""Commits that are sent and come back together."""
_PATIENCE = 5.0  # seconds
_ALONE = 30
"""So few commits are judged before other processes would have started."""


def judge(path: str, points: Sequence[Point], task: Task, jobs: int | None = None) -> Iterator[Packed]:
    """The verdicts of all these commits of the repository at `path`, in any order, each once."""
    count = min(jobs or os.cpu_count() or 1, max(1, len(points) // _ALONE))
    if count <= 1:
        yield from _here(path, points, task)
        return
    _start_tracker()
    lanes = [_Lane(path, task, stretch) for stretch in _stretches(points, count)]
    try:
        yield from _together(lanes, task)
    finally:
        for lane in lanes:
            lane.close()
        for child in multiprocessing.active_children():
            child.terminate()
            child.join(_PATIENCE)


def _here(path: str, points: Sequence[Point], task: Task) -> Iterator[Packed]:
    session = Session(worker.open_layout(path), task)
    try:
        for at in range(0, len(points), CHUNK):
            yield worker.judged(session, _sent(points[at : at + CHUNK]))
    finally:
        session.close()


def _sent(points: Sequence[Point]) -> list[tuple[str, str | None]]:
    return [(point.commit, point.parent) for point in points]


def _stretches(points: Sequence[Point], count: int) -> list[deque[Chunk]]:
    """Parts of the line that take about the same time: a repository grows, and its last commits cost twice its first.

    Where a commit costs 1 + x at x of the line, the parts end where x + x * x / 2 is an even share of 1.5.
    """
    chunks = [tuple(points[at : at + CHUNK]) for at in range(0, len(points), CHUNK)]
    ends = [round(len(chunks) * (sqrt(1 + 3 * number / count) - 1)) for number in range(count + 1)]
    return [deque(chunks[start:end]) for start, end in pairwise(ends) if start < end]


class _Lane:
    """One process and the stretch of the line before it."""

    def __init__(self, path: str, task: Task, chunks: deque[Chunk]) -> None:
        self.chunks = chunks
        self.chunk: Chunk = ()
        self._path = path
        self._task = task
        self._executor: ProcessPoolExecutor | None = None
        self._failed: set[Chunk] = set()

    def go_on(self) -> Future[Packed] | None:
        """Sends the next chunk; None where there is none."""
        if not self.chunks:
            return None
        self.chunk = self.chunks.popleft()
        if self._executor is None:
            context = multiprocessing.get_context("spawn")
            self._executor = ProcessPoolExecutor(1, context, worker.begin, (self._path, self._task))
        with _starting():
            return self._executor.submit(worker.judge, _sent(self.chunk))

    def broke(self) -> Packed | None:
        """Puts back what a dead process had in hand; a single commit that kills twice is given up."""
        self.close()
        half = len(self.chunk) // 2
        if self.chunk not in self._failed:
            self._failed.add(self.chunk)
            self.chunks.appendleft(self.chunk)
        elif half:
            self.chunks.extendleft((self.chunk[half:], self.chunk[:half]))
        else:
            return Packed((not_judged(self.chunk[0].commit, self._task.checkers),), {})
        return None

    def close(self) -> None:
        if self._executor is not None:
            self._executor.shutdown(wait=False, cancel_futures=True)
            self._executor = None


def _together(lanes: list[_Lane], task: Task) -> Iterator[Packed]:
    del task
    running = {future: lane for lane in lanes if (future := lane.go_on()) is not None}
    while running:
        for future in wait(running, return_when=FIRST_COMPLETED).done:
            lane = running.pop(future)
            try:
                result: Packed | None = future.result()
            except BrokenProcessPool:
                result = lane.broke()
            if result is not None:
                yield result
            if not lane.chunks:
                _share(lane, lanes)
            following = lane.go_on()
            if following is not None:
                running[following] = lane


def _share(lane: _Lane, lanes: list[_Lane]) -> None:
    """Takes over the farther half of the longest stretch."""
    longest = max(lanes, key=lambda one: len(one.chunks))
    for _ in range(len(longest.chunks) // 2):
        lane.chunks.appendleft(longest.chunks.pop())


def _start_tracker() -> None:
    """Starts Python's own process that removes what a run leaves behind which a signal ends; it need not say so."""
    from multiprocessing import resource_tracker  # noqa: PLC0415 - only for several processes

    quiet = "ignore:resource_tracker"
    sys.warnoptions.append(quiet)
    try:
        resource_tracker.ensure_running()
    finally:
        sys.warnoptions.remove(quiet)


@contextmanager
def _starting() -> Iterator[None]:
    """Keeps a process that is started from running this program's own start: a script need not guard it.

    A signal waits until it has all that it needs to begin, or it would complain of what is missing.
    """
    main = sys.modules["__main__"]
    sys.modules["__main__"] = ModuleType("__main__")
    before = signal.pthread_sigmask(signal.SIG_BLOCK, (signal.SIGINT, signal.SIGTERM, signal.SIGHUP))
    try:
        yield
    finally:
        sys.modules["__main__"] = main
        signal.pthread_sigmask(signal.SIG_SETMASK, before)
