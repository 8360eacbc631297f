"""However a run is ended, what it started ends with it, and nothing of it is left on the disk."""

from __future__ import annotations

import _thread
import os
import select
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from building import git
from fr_check.repository import background
from scratch import make

if TYPE_CHECKING:
    from collections.abc import Iterator

ENDING = [signal.SIGINT, signal.SIGTERM, signal.SIGHUP]
MINUTE = 60


@pytest.fixture
def silent() -> Iterator[tuple[str, socket.socket]]:
    """The address of a server that takes connections and never answers."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        server.settimeout(MINUTE)
        yield f"http://127.0.0.1:{server.getsockname()[1]}/infra.git", server


def superproject(folder: Path, url: str) -> Path:
    folder.mkdir()
    project = make(folder, "4", "6")
    project.sub("remote", "set-url", "origin", url)
    project.git("config", "--file", ".gitmodules", "submodule.infra.url", url)
    return project.top


def started(
    project: Path, temporary: Path, *arguments: str, command: str = "submodule-sync"
) -> tuple[subprocess.Popen[bytes], int]:
    """A run, and a pipe that all it starts inherit: it ends when the last of them has."""
    alive, inherited = os.pipe()
    temporary.mkdir()
    where = [os.fspath(project)] if command == "history" else ["--root", os.fspath(project)]
    run = subprocess.Popen(
        [sys.executable, "-m", "fr_check", command, *where, *arguments],
        env={**os.environ, "TMPDIR": os.fspath(temporary), "GIT_ALLOW_PROTOCOL": "http", "no_proxy": "*"},
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        pass_fds=[inherited],
    )
    os.close(inherited)
    return run, alive


def all_ended(alive: int) -> bool:
    ready = select.poll()  # `select` itself knows no descriptor above 1,023
    ready.register(alive, select.POLLIN)
    ended = bool(ready.poll(MINUTE * 1000))
    with os.fdopen(alive, "rb") as pipe:
        return ended and pipe.read() == b""


@pytest.mark.parametrize("number", ENDING, ids=lambda number: number.name)
def test_a_signal_ends_every_process_though_a_server_never_answers(tmp_path, silent, number):
    url, server = silent
    run, alive = started(superproject(tmp_path / "super", url), tmp_path / "temporary", "--online")
    connection, _ = server.accept()
    with connection:
        assert len(list((tmp_path / "temporary").iterdir())) == 1
        run.send_signal(number)
        assert run.communicate(timeout=MINUTE) == (b"", b"")
        assert run.returncode == 128 + number
        assert all_ended(alive)
        assert list((tmp_path / "temporary").iterdir()) == []


def children(pid: int) -> list[int]:
    """The processes that a process has started, by any of its threads."""
    found = Path(f"/proc/{pid}/task").glob("*/children")
    return [int(word) for listed in found for word in listed.read_text().split()]


@pytest.mark.parametrize("number", ENDING, ids=lambda number: number.name)
def test_a_signal_ends_the_workers_of_a_history(tmp_path, number):
    project = superproject(tmp_path / "super", "http://127.0.0.1:9/infra.git")
    for turn in range(60):
        (project / ".env.example").write_text(f"A={turn}\n")
        git(project, "add", ".env.example")
        git(project, "commit", "--quiet", "-m", f"{turn}")
    run, alive = started(project, tmp_path / "temporary", "--jobs", "2", "--no-store", command="history")
    while run.poll() is None and len(children(run.pid)) < 2:
        time.sleep(0.001)
    assert run.returncode is None, run.stderr.read()
    run.send_signal(number)
    assert run.communicate(timeout=MINUTE) == (b"", b"")
    assert run.returncode == 128 + number
    assert all_ended(alive)
    assert list((tmp_path / "temporary").iterdir()) == []


@pytest.mark.parametrize("number", ENDING, ids=lambda number: number.name)
def test_a_signal_that_is_ignored_ends_nothing(tmp_path, silent, number):
    """`nohup` asks for that."""
    url, server = silent
    before = signal.signal(number, signal.SIG_IGN)
    try:
        project = superproject(tmp_path / "super", url)
        run, alive = started(project, tmp_path / "temporary", "--online", "--ignore", "changed-submodule-url")
    finally:
        signal.signal(number, before)
    connection, _ = server.accept()
    run.send_signal(number)
    connection.close()
    server.close()
    assert b"upstream-unreachable" in run.communicate(timeout=MINUTE)[0]
    assert run.returncode == 3
    assert all_ended(alive)


def test_a_parent_that_ignores_its_children_is_no_matter(tmp_path: Path):
    project = superproject(tmp_path / "work", "http://127.0.0.1:9/infra.git")
    command = [sys.executable, "-m", "fr_check", "submodule-sync", "--root", os.fspath(project)]
    usual = subprocess.run(command, capture_output=True, check=False)
    ignoring = ["bash", "-c", 'trap "" CHLD; exec "$@"', "bash", *command]
    assert subprocess.run(ignoring, capture_output=True, check=False).stdout == usual.stdout
    assert subprocess.run(ignoring, capture_output=True, check=False).returncode == usual.returncode


@pytest.mark.parametrize("module", ["fr_check", "fr_check.app.entry", "fr_check.app.ending", "fr_check.app.arguments"])
def test_an_interrupt_while_the_program_is_imported_is_silent(module: str):
    code = f"""
import os, signal, sys
class Interrupting:
    def find_spec(self, name, *_):
        if name == {module!r}:
            os.kill(os.getpid(), signal.SIGINT)
sys.meta_path.insert(0, Interrupting())
sys.argv[1:] = ["all"]
import _fr_check_start
_fr_check_start.run()
"""
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, check=False)
    assert (done.stdout, done.stderr) == (b"", b"")
    assert done.returncode in {-signal.SIGINT, 128 + signal.SIGINT}


def test_nobody_waits_for_a_thread_that_had_no_room_to_begin(monkeypatch: pytest.MonkeyPatch):
    """Such a thread ends before the first line of what it was to do, and what it raises is nobody's to catch."""

    def without_room(_: object, arguments: tuple[object, ...]) -> int:
        return _thread.start_new_thread(int, (*arguments, "no number"))

    monkeypatch.setattr(background, "start_new_thread", without_room)
    monkeypatch.setattr(sys, "unraisablehook", [].append)
    outcome = background.begin(lambda: 1)
    for _ in range(2):
        with pytest.raises(MemoryError):
            outcome()
    background.begin(lambda: 1)
    background.wait_for_all()


def test_where_no_thread_is_given_nothing_is_under_way(monkeypatch: pytest.MonkeyPatch):
    def refused(*_: object) -> int:
        raise MemoryError

    monkeypatch.setattr(background, "start_new_thread", refused)
    with pytest.raises(MemoryError):
        background.begin(lambda: 1)
    background.wait_for_all()


def ended(code: str) -> subprocess.CompletedProcess[str]:
    begun = f"import os, signal, sys, time\nfrom fr_check.app import ending\n{code}"
    return subprocess.run([sys.executable, "-c", begun], capture_output=True, text=True, timeout=MINUTE, check=False)


def test_what_is_raised_where_nobody_can_catch_it_prints_nothing():
    done = ended("""
import _thread
ending.install()
_thread.start_new_thread(int, ("no number",))
time.sleep(0.2)
""")
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")


def test_a_signal_ends_the_process_though_there_is_no_memory_to_tidy_up():
    done = ended("""
def tidy():
    raise MemoryError
ending.tidy = tidy
ending.install()
try:
    os.kill(os.getpid(), signal.SIGTERM)
    time.sleep(60)
except MemoryError:
    pass
""")
    assert (done.returncode, done.stdout, done.stderr) == (128 + signal.SIGTERM, "", "")


STUCK = """
ending._BEAT, ending._STUCK = 0.1, 0.5
ending.install()
"""


def test_a_loop_of_the_interpreter_itself_has_an_end():
    """As CPython's own loop where memory ends inside `with`: no line of Python runs, and so no handler does."""
    done = ended(f"{STUCK}from itertools import repeat\nany(repeat(0))")
    assert done.returncode == -signal.SIGPROF


def test_what_takes_long_is_no_such_loop():
    done = ended(f"{STUCK}while time.process_time() < 2: pass\nprint(time.process_time() > 2)")
    assert (done.returncode, done.stdout) == (0, "True\n")


def test_what_is_started_inherits_no_such_end():
    slow = "from itertools import repeat; any(repeat(0, 200_000_000))"
    done = ended(f"{STUCK}sys.exit(os.spawnv(os.P_WAIT, sys.executable, ['x', '-c', {slow!r}]))")
    assert done.returncode == 0
