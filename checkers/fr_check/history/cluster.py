"""Judges the commits of many repositories on a Dask cluster: no result lost or double, whatever dies.

A task is a few commits of one repository; it carries a path or an address, commits, policy and selection, and brings
packed verdicts back. Its future is kept until the result is here: a worker that dies with results on it has them judged
again. A task that kills each worker that takes it is halved, down to the one commit that kills, which is not judged.
"""

from __future__ import annotations

import os

from fr_check.core.trouble import Trouble
from fr_check.history import worker
from fr_check.history.judging import Session
from fr_check.history.packing import Packed, Row, not_judged
from fr_check.history.store import program

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from typing import Any, Self

    from fr_check.history.judging import Task
    from fr_check.history.run import Prepared

    Key = tuple[str, int, int]

CHUNK = 50
"""Commits of a task."""
_TIMEOUT = 30.0  # seconds, to find the scheduler


class Cluster:
    """A connection to a scheduler."""

    def __init__(self, address: str) -> None:
        """Connects to the scheduler at an address (`tcp://host:8786`).

        Raises:
            Trouble: Dask is not installed, nobody answers, or a worker has another version of fr-check.
        """
        try:
            import distributed as dask  # noqa: PLC0415 - an extra, and slow to load
        except ImportError:
            raise Trouble("--scheduler needs Dask", "run `pip install distributed`") from None
        self._dask: Any = dask
        self._run = os.urandom(8).hex()
        try:
            self._client: Any = self._dask.Client(address, timeout=_TIMEOUT, set_as_default=False)
        except OSError as error:
            raise Trouble(f"no scheduler answers at {address}: {error}", "start one with `dask scheduler`") from None
        self._demand_same_program(address)

    def _demand_same_program(self, address: str) -> None:
        ours = program()
        others = [name for name, theirs in self._client.run(program).items() if theirs != ours]
        if others:
            self._client.close()
            message = f"{len(others)} worker{'s' if len(others) > 1 else ''} at {address} have another fr-check"
            raise Trouble(f"{message}: {others[0]}", "install the same version everywhere")

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._client.close()

    def judge(self, prepared: Mapping[str, Prepared]) -> Iterator[tuple[str, Prepared, Packed]]:
        """The verdicts of each repository, as soon as all of them are there."""
        left = {name: len(found.missing) for name, found in prepared.items()}
        packed: dict[str, list[Packed]] = {name: [] for name in prepared}
        yield from ((name, prepared[name], Packed((), {})) for name, count in left.items() if not count)
        for (name, _, _), part in self._parts(prepared):
            packed[name].append(part)
            left[name] -= len(part.rows)
            if not left[name]:
                yield name, prepared[name], joined(packed.pop(name))

    def _parts(self, prepared: Mapping[str, Prepared]) -> Iterator[tuple[Key, Packed]]:
        """The result of each task, once."""
        running: dict[Any, Key] = {}
        for name, found in prepared.items():
            for start in range(0, len(found.missing), CHUNK):
                key = (name, start, min(start + CHUNK, len(found.missing)))
                running[self._send(prepared, key)] = key
        waiting = self._dask.as_completed(running, loop=self._client.loop, with_results=True, raise_errors=False)
        for future, result in waiting:
            key = running.pop(future)
            if future.status == "finished":
                yield key, result
                continue
            for smaller in _halves(key):
                sent = self._send(prepared, smaller)
                running[sent] = smaller
                waiting.add(sent)
            if key[2] - key[1] == 1:
                name, start, _ = key
                found = prepared[name]
                yield key, Packed((not_judged(found.missing[start].commit, found.task.checkers),), {})

    def _send(self, prepared: Mapping[str, Prepared], key: Key) -> Any:
        name, start, stop = key
        found = prepared[name]
        points = [(point.commit, point.parent) for point in found.missing[start:stop]]
        # Each its own key: a task that failed is never answered by what the scheduler remembers of it.
        label = f"fr-check-{self._run}-{found.path}-{points[0][0][:12]}-{stop - start}"
        return self._client.submit(judged, found.path, points, found.task, key=label, pure=False)


def judged(path: str, points: Sequence[tuple[str, str | None]], task: Task) -> Packed:
    """The verdicts of some commits of a repository, on a worker."""
    session = Session(worker.open_layout(path), task)
    try:
        return worker.judged(session, points)
    finally:
        session.close()


def joined(parts: Sequence[Packed]) -> Packed:
    """All of them as one."""
    rows: list[Row] = [row for part in parts for row in part.rows]
    bodies = {name: body for part in parts for name, body in part.bodies.items()}
    return Packed(tuple(rows), bodies)


def _halves(key: Key) -> list[Key]:
    name, start, stop = key
    middle = (start + stop) // 2
    return [(name, start, middle), (name, middle, stop)] if stop - start > 1 else []
