"""Too little of something, or a bug: one sentence, the right status, never a traceback, and no value of a file."""

from __future__ import annotations

import os
import resource
import subprocess
import sys
from functools import partial
from pathlib import Path

import pytest

from fr_check.app import mishap
from fr_check.app.command import guarded
from fr_check.app.demo import build
from fr_check.core import engine
from running import run

COMMAND = (sys.executable, "-m", "fr_check", "all", "--root")


@pytest.fixture(scope="module")
def sample(tmp_path_factory: pytest.TempPathFactory) -> str:
    return build(str(tmp_path_factory.mktemp("sample") / "built")).root


def few(number: int) -> None:
    resource.setrlimit(resource.RLIMIT_NOFILE, (number, number))


@pytest.mark.parametrize("number", [5, 6, 7, 9, 12, 16])
def test_few_descriptors_are_one_sentence(sample: str, number: int):
    command = [*COMMAND, sample]
    done = subprocess.run(command, preexec_fn=partial(few, number), capture_output=True, text=True, check=False)
    assert done.returncode == 2, done.stderr
    assert done.stderr.startswith("fr-check: "), done.stderr
    assert len(done.stderr.splitlines()) <= 2
    assert "Traceback" not in done.stderr
    assert "bug" not in done.stderr


@pytest.mark.parametrize("streams", [">&-", "2>&-", ">&- 2>&-", "<&- >&- 2>&-", "<&-"])
def test_closed_streams_change_no_status(sample: str, streams: str):
    shell = f'"$0" "$@" {streams}'
    done = subprocess.run(["sh", "-c", shell, *COMMAND, sample, "--base", "HEAD^"], capture_output=True, check=False)
    assert done.returncode == 1
    assert b"Traceback" not in done.stdout + done.stderr


def test_a_full_disk_is_one_sentence(sample: str):
    with Path("/dev/full").open("w") as full:
        done = subprocess.run([*COMMAND, sample], stdout=full, stderr=subprocess.PIPE, text=True, check=False)
    assert done.returncode == 2
    assert done.stderr.startswith("fr-check: the output cannot be written: No space left")
    assert run("all", "--root", sample, "--output", "/dev/full").status == 2


def test_too_little_memory_is_no_bug(capsys: pytest.CaptureFixture[str]):
    def starved() -> int:
        raise MemoryError

    assert guarded(starved) == 2
    assert capsys.readouterr().err.startswith("fr-check: there is not enough memory\n")


def test_a_bug_quotes_nothing(sample: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path):
    """Exceptions hold what they failed at."""
    monkeypatch.setenv("TMPDIR", str(tmp_path))
    monkeypatch.setattr("tempfile.tempdir", None)
    secret = "c4n4ry"

    def broken(*_: object) -> None:
        try:
            int(f"{secret}x")
        except ValueError as error:
            message = f"no '{secret}', no \"{secret}\" and no API_KEY={secret}\n{secret}"
            raise RuntimeError(message) from error

    monkeypatch.setattr(engine, "run", broken)
    done = run("all", "--root", sample)
    (log,) = tmp_path.glob("fr-check-*.log")
    assert done.status == 70
    assert log.name in done.stderr
    for told in (done.stdout, done.stderr, log.read_text()):
        assert secret not in told.replace(f'secret = "{secret}"', "")
    assert "ValueError" in log.read_text()
    assert "in broken" in log.read_text()


def test_where_no_log_can_be_kept_the_places_are_printed(monkeypatch: pytest.MonkeyPatch, capsys):
    monkeypatch.setattr(mishap, "_keep", lambda _: None)
    assert mishap.confess(ValueError("x")) == mishap.STATUS_BUG
    assert "please report it with what it printed" in capsys.readouterr().err


def test_warnings_about_the_code_that_is_checked_are_not_ours(tmp_path: Path):
    (tmp_path / "src").mkdir()
    code = 'import os\nx = "\\d"\nif x is 1: pass\ny = 1if x else 0\nassert (x, "y")\nos.environ["A"]\n'
    (tmp_path / "src" / "config.py").write_text(
        f"from pydantic_settings import BaseSettings\n{code}class S(BaseSettings):\n    a: str\n"
    )
    (tmp_path / "src" / "other.py").write_text(code)
    (tmp_path / ".env.example").write_text("A=1\n")
    (tmp_path / "coverage.lcov").write_text("SF:src/other.py\nDA:2,1\nend_of_record\n")
    done = subprocess.run(
        [sys.executable, "-W", "always", "-m", "fr_check", "all", "--root", tmp_path],
        capture_output=True,
        text=True,
        check=False,
        env={**os.environ, "PYTHONWARNINGS": "always"},
    )
    assert done.stderr == ""
    assert done.returncode in {0, 1, 3}
