"""Child processes: pipes of any size, time limits, nothing left behind."""

from __future__ import annotations

import os
import sys
import time

import pytest

from checkers.core.process import Child, run


def python(code, stdin=b"", timeout=30.0):
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


def test_a_time_limit_ends_the_process_and_what_it_started(tmp_path):
    started = time.monotonic()
    trace = tmp_path / "trace"
    code = f"import subprocess, time; subprocess.run(['sh', '-c', 'sleep 1; echo late > {trace}'])"
    done = python(code, timeout=0.3)
    assert done.timed_out
    assert done.code < 0
    assert time.monotonic() - started < 10
    time.sleep(1.2)
    assert not trace.exists()


def test_a_missing_program_leaves_no_open_files():
    before = len(os.listdir("/dev/fd"))
    for _ in range(3):
        with pytest.raises(FileNotFoundError):
            run(["no-such-program-anywhere"], os.environ)
    assert len(os.listdir("/dev/fd")) == before


def test_runs_leave_no_open_files_and_no_zombies():
    before = len(os.listdir("/dev/fd"))
    for _ in range(5):
        python("pass")
    assert len(os.listdir("/dev/fd")) == before
    with pytest.raises(ChildProcessError):
        os.waitpid(-1, os.WNOHANG)


def test_a_child_is_closed_once_and_for_all():
    child = Child(["cat"], os.environ)
    child.write(b"x")
    assert os.read(child.stdout, 10) == b"x"
    assert child.close() == 0
    assert child.close() == 0
