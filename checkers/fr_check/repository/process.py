"""Child processes without the `subprocess` module: importing that is 4 to 9 percent of a hook (9 ms of 100 to 220).

POSIX only, like git hooks themselves are in practice here. Arguments are lists, nothing passes through a shell.
"""

from __future__ import annotations

import os
import select
import time
from _thread import get_ident
from contextlib import suppress
from functools import partial

from fr_check.core.record import NamedTuple

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

_CHUNK = 1 << 16
_WIDE = 1 << 20
# signal.SIGKILL and SIGPIPE; the signal module builds its enums at import.
_KILL = 9
_PIPE = 13


class Completed(NamedTuple):
    """What a process left behind. `code` is negative when a signal ended it; `timed_out` when that was ours."""

    code: int
    stdout: bytes
    stderr: bytes
    timed_out: bool = False


# Every process that was started and not yet waited for; threads that are about to start one; whether all is over.
_running: set[Child] = set()
_starting: set[int] = set()
_over: list[bool] = []
# Seconds for which a killed process may take its time, and between two looks.
_LAST = 2.0
_MOMENT = 0.001


def kill_all() -> None:
    """Kills what is still running: the program ends, and nobody will ask for its answer."""
    for child in tuple(_running):
        child.kill()


def stop() -> None:
    """Kills what runs, also what another thread is just starting, and waits for it; nothing is started any more."""
    _over.append(True)
    own, deadline = get_ident(), time.monotonic() + _LAST
    while _starting - {own} and time.monotonic() < deadline:
        time.sleep(_MOMENT)
    kill_all()
    pids = [pid for child in tuple(_running) for pid in child.pids]
    while pids and time.monotonic() < deadline:
        pids = [pid for pid in pids if not _is_gone(pid)]
        time.sleep(_MOMENT if pids else 0)


def _is_gone(pid: int) -> bool:
    try:
        return os.waitpid(pid, os.WNOHANG)[0] != 0
    except ChildProcessError:  # somebody else has waited for it
        return True


def end_all() -> None:
    """Ends what is still running, and takes its pipes back: for a program that goes on afterwards."""
    for child in tuple(_running):
        child.close(kill=True)


class Child:
    """A running process with pipes; `close` ends it in any case and returns its exit code."""

    def __init__(self, argv: Sequence[str], environment: Mapping[str, str]) -> None:
        """Starts the process in its own group, so that a kill reaches what it started.

        Raises:
            OSError: the program is missing or cannot be run.
        """
        self.pids: list[int] = []
        self._open: set[int] = set()
        _starting.add(get_ident())
        try:
            self._start(argv, environment)
        finally:
            _starting.discard(get_ident())

    def _start(self, argv: Sequence[str], environment: Mapping[str, str]) -> None:
        if _over:
            raise KeyboardInterrupt
        pipes = [os.pipe() for _ in range(3)]
        (child_in, self.stdin), (self.stdout, child_out), (self.stderr, child_err) = pipes
        actions = [(os.POSIX_SPAWN_DUP2, fd, number) for number, fd in enumerate((child_in, child_out, child_err))]
        try:
            _running.add(self)
            # Python ignores SIGPIPE; a child must not inherit that.
            spawn = partial(os.posix_spawnp, file_actions=actions, setpgroup=0, setsigdef=[_PIPE])
            # One step, so that no interrupt can come between the process and its number.
            self.pids += map(spawn, [argv[0]], [list(argv)], [environment])
        except OSError:
            _running.discard(self)
            for fd in (self.stdin, self.stdout, self.stderr):
                os.close(fd)
            raise
        finally:
            for fd in (child_in, child_out, child_err):
                os.close(fd)
        self._open = {self.stdin, self.stdout, self.stderr}

    def widen(self) -> None:
        """Lets the process write up to a megabyte before anybody reads, where the system allows it."""
        import fcntl  # noqa: PLC0415 - only for who goes on with other work meanwhile

        if hasattr(fcntl, "F_SETPIPE_SZ"):
            with suppress(OSError):  # the user's pipes have taken all the memory they may
                fcntl.fcntl(self.stdout, fcntl.F_SETPIPE_SZ, _WIDE)

    def write(self, data: bytes) -> int:
        """Writes what fits; 0 when the process no longer reads."""
        try:
            return os.write(self.stdin, data)
        except BrokenPipeError:
            return 0

    def shut(self, fd: int) -> None:
        """Closes one of the pipes, once."""
        if fd in self._open:
            self._open.discard(fd)
            os.close(fd)

    def close(self, *, kill: bool = False) -> int:
        """Closes the pipes, kills the group if asked to, waits, and returns the exit code."""
        for fd in tuple(self._open):
            self.shut(fd)
        if not self.pids:
            return 0
        if kill:
            self.kill()
        try:
            return os.waitstatus_to_exitcode(os.waitpid(self.pids[0], 0)[1])
        finally:
            # Also where nothing is left to wait for: what is over is not ended a second time.
            self.pids.clear()
            _running.discard(self)

    def kill(self) -> None:
        """Kills the group and waits for nothing: somebody else may be waiting."""
        for pid in self.pids:
            with suppress(ProcessLookupError):  # it may have ended meanwhile
                os.killpg(pid, _KILL)


def run(argv: Sequence[str], environment: Mapping[str, str], stdin: bytes = b"", timeout: float = 30.0) -> Completed:
    """Runs a program to its end or for `timeout` seconds.

    Raises:
        OSError: the program is missing or cannot be run.
    """
    return begin(argv, environment, stdin, timeout)()


def begin(
    argv: Sequence[str], environment: Mapping[str, str], stdin: bytes = b"", timeout: float = 30.0
) -> Callable[[], Completed]:
    """Starts a program; the function it returns waits for its end, `timeout` seconds at most.

    It is to be called once, and not to be forgotten: the process and its pipes stay until then.

    Raises:
        OSError: the program is missing or cannot be run.
    """
    child = Child(argv, environment)

    def end() -> Completed:
        finished = False
        try:
            # Nobody reads what it writes before: it may have waited for that.
            collected = _communicate(child, stdin, time.monotonic() + timeout)
            finished = collected is not None
        finally:
            code = child.close(kill=not finished)
        if collected is None:
            return Completed(code, b"", b"", timed_out=True)
        return Completed(code, *collected)

    return end


def _communicate(child: Child, stdin: bytes, deadline: float) -> tuple[bytes, bytes] | None:
    os.set_blocking(child.stdin, False)
    output: dict[int, list[bytes]] = {child.stdout: [], child.stderr: []}
    poller = select.poll()
    for fd in output:
        poller.register(fd, select.POLLIN)
    if stdin:
        poller.register(child.stdin, select.POLLOUT)
    else:
        child.shut(child.stdin)
    pending = memoryview(stdin)
    waiting = set(output)
    while waiting:
        ready = poller.poll(max(0.0, deadline - time.monotonic()) * 1000)
        if not ready:
            return None
        for fd, _ in ready:
            if fd == child.stdin:
                written = child.write(pending[:_CHUNK].tobytes())
                pending = pending[written:]
                if not written or not pending:
                    poller.unregister(fd)
                    child.shut(fd)
                continue
            data = os.read(fd, _CHUNK)
            output[fd].append(data)
            if not data:
                poller.unregister(fd)
                waiting.discard(fd)
    return b"".join(output[child.stdout]), b"".join(output[child.stderr])
