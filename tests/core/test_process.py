"""Child processes: pipes of any size, time limits, nothing left behind."""

from __future__ import annotations

import os
import subprocess
import sys
import time

import pytest

from fr_check.repository.process import Child, begin, kill_all, run


def python(code, stdin=b"", timeout=600.0):
    return run([sys.executable, "-c", code], os.environ, stdin, timeout)


def test_output_error_and_code():
    done = python("import sys; print('out'); print('err', file=sys.stderr); sys.exit(3)")
    assert done == (3, b"out\n", b"err\n", False)


def test_large_input_and_output_do_not_block_each_other():
    data = os.urandom(1 << 20)
    assert python("import sys; sys.stdout.buffer.write(sys.stdin.buffer.read())", data).stdout == data
    echo = "import sys\nwhile chunk := sys.stdin.buffer.read(4096): sys.stdout.buffer.write(chunk)"
    assert python(echo, data).stdout == data


def test_a_process_that_does_not_read_its_input():
    assert python("pass", b"x" * 1_000_000).code == 0


def test_a_time_limit_ends_the_process_and_what_it_started():
    # Whoever lives keeps the other end of the pipe open.
    ours, theirs = os.pipe()
    os.set_inheritable(theirs, True)  # noqa: FBT003 - takes no keywords
    done = run(["sh", "-c", "sleep 1000 & sleep 1000"], os.environ, timeout=0.3)
    os.close(theirs)
    with os.fdopen(ours) as pipe:
        assert pipe.read() == ""
    assert done.timed_out
    assert done.code == -9


# In an interpreter of its own: no other test's files and processes come and go there.
LEAVES = """
import os
from contextlib import suppress
from fr_check.repository.process import run
before = sorted(os.listdir("/dev/fd"))
for _ in range(3):
    with suppress(OSError):  # not there, or behind a folder of PATH that may not be searched
        run({command!r}, os.environ, timeout={timeout})
assert sorted(os.listdir("/dev/fd")) == before
with suppress(ChildProcessError):
    print("a zombie", os.waitpid(-1, os.WNOHANG))
"""


@pytest.mark.parametrize(
    ("command", "timeout"),
    [(["no-such-program-anywhere"], 600), (["true"], 600), (["sleep", "1000"], 0.01)],
    ids=["missing", "ended", "killed"],
)
def test_runs_leave_no_open_files_and_no_zombies(command, timeout):
    code = LEAVES.format(command=command, timeout=timeout)
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert (done.stdout, done.stderr, done.returncode) == ("", "", 0)


def test_a_child_is_closed_once_and_for_all():
    child = Child(["cat"], os.environ)
    child.write(b"x")
    assert os.read(child.stdout, 10) == b"x"
    assert child.close() == 0
    assert child.close() == 0


def test_a_process_runs_before_anybody_waits_for_it(tmp_path):
    done = begin(["sh", "-c", f"echo out; echo there > {tmp_path / 'file'}"], os.environ)
    for _ in range(600):
        if (tmp_path / "file").exists():
            break
        time.sleep(0.1)
    assert (tmp_path / "file").exists()
    assert done() == (0, b"out\n", b"", False)


def test_the_time_limit_counts_from_the_question():
    """What fills the pipe waits for its reader, however long that has other things to do."""
    done = begin([sys.executable, "-c", "print('x' * 200_000)"], os.environ, timeout=2)
    time.sleep(2.2)
    assert len(done().stdout) == 200_001
    assert begin(["sleep", "1000"], os.environ, timeout=0.3)().timed_out


def test_what_nobody_waited_for_is_killed_in_the_end():
    child = Child(["sleep", "1000"], os.environ)
    kill_all()
    assert child.close() == -9
    kill_all()
