"""Too little of something, or a bug: one sentence, the right status, never a traceback, and no value of a file."""

from __future__ import annotations

import os
import resource
import subprocess
import sys
from functools import partial
from pathlib import Path

import pytest

from fr_check.app import command, mishap
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


@pytest.mark.parametrize(
    "words", [["init", "--diff"], ["init", "--workflow", "--diff"], ["matrix"], ["all", "--diff"], ["rules"]]
)
def test_nobody_to_print_for_is_no_bug(sample: str, words: list[str]):
    command = [sys.executable, "-m", "fr_check", *words]
    done = [
        subprocess.run(
            ["sh", "-c", f'"$0" "$@" {stream}', *command], cwd=sample, stderr=subprocess.PIPE, text=True, check=False
        )
        for stream in (">&-", ">/dev/null")
    ]
    assert done[0].returncode == done[1].returncode
    assert done[0].stderr == done[1].stderr


def test_a_full_disk_is_one_sentence(sample: str):
    with Path("/dev/full").open("w") as full:
        done = subprocess.run([*COMMAND, sample], stdout=full, stderr=subprocess.PIPE, text=True, check=False)
    assert done.returncode == 2
    assert done.stderr.startswith("fr-check: the output cannot be written: No space left")
    assert run("all", "--root", sample, "--output", "/dev/full").status == 2


def room() -> None:
    """No file may grow beyond a page: what a full disk does, without one."""
    resource.setrlimit(resource.RLIMIT_FSIZE, (4096, 4096))


@pytest.mark.parametrize("form", ["json", "sarif"])
def test_a_file_that_cannot_be_written_whole_is_left_as_it_was(sample: str, tmp_path: Path, form: str):
    old = tmp_path / "old"
    old.write_text("what it had")
    for path in (old, tmp_path / "new"):
        words = [*COMMAND, sample, "--format", form, "--output", path]
        done = subprocess.run(words, preexec_fn=room, capture_output=True, text=True, check=False)
        assert (done.returncode, done.stdout) == (2, "")
        assert done.stderr.startswith(f"fr-check: {path} cannot be written: File too large")
    assert [one.name for one in tmp_path.iterdir()] == ["old"]
    assert old.read_text() == "what it had"


def test_a_report_keeps_the_mode_of_its_file_and_goes_where_a_link_leads(sample: str, tmp_path: Path):
    (tmp_path / "report").write_text("old")
    (tmp_path / "report").chmod(0o640)
    (tmp_path / "link").symlink_to("report")
    assert run("all", "--root", sample, "--output", tmp_path / "link").status == 1
    assert (tmp_path / "link").is_symlink()
    assert (tmp_path / "report").stat().st_mode & 0o777 == 0o640
    assert (tmp_path / "report").read_text().startswith("error[")
    done = subprocess.run([*COMMAND, sample, "--output", "/dev/stdout"], capture_output=True, text=True, check=False)
    assert done.stdout == (tmp_path / "report").read_text()


def test_init_leaves_no_half_of_a_file(tmp_path: Path):
    fields = "".join(f"    key_{number}: str\n" for number in range(100))
    (tmp_path / "config.py").write_text(
        f"from pydantic_settings import BaseSettings\n\n\nclass S(BaseSettings):\n{fields}"
    )
    (tmp_path / ".env.example").write_text("OTHER=1\n")
    subprocess.run(["git", "init", "-q", tmp_path], check=True)
    words = [sys.executable, "-m", "fr_check", "init", "--accept", tmp_path]
    done = subprocess.run(words, preexec_fn=room, capture_output=True, text=True, check=False)
    assert done.returncode == 2, done.stderr
    assert ".fr-check-baseline.json cannot be written: File too large" in done.stderr
    assert not (tmp_path / ".fr-check-baseline.json").exists()


def test_too_little_memory_is_no_bug(capsys: pytest.CaptureFixture[str]):
    def starved() -> int:
        raise MemoryError

    assert guarded(starved) == 2
    assert capsys.readouterr().err.startswith("fr-check: there is not enough memory\n")


@pytest.mark.parametrize(
    ("error", "sentence"),
    [
        (RuntimeError("can't start new thread"), "no further process can be started"),
        (ImportError("libx.so.0: failed to map segment from shared object"), "there is not enough memory"),
        (
            ImportError("libx.so.0: cannot open shared object file: Cannot allocate memory"),
            "there is not enough memory",
        ),
        (ImportError("libx.so.0: cannot open shared object file: Too many open files"), "too many files are open"),
        (SystemError("error return without exception set"), "there is not enough memory"),
        (SystemError("another one"), "internal error"),
        (RuntimeError("another one"), "internal error"),
        (ImportError("No module named x"), "internal error"),
    ],
)
def test_what_is_scarce_is_told_from_a_bug(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, error: Exception, sentence: str
):
    monkeypatch.setattr(mishap, "_keep", lambda _: "a file")

    def fail() -> int:
        raise error

    assert guarded(fail) == (70 if sentence == "internal error" else 2)
    assert f"fr-check: {sentence}" in capsys.readouterr().err


@pytest.mark.parametrize("megabytes", [24, 32, 33, 40, 60, 80, 120])
@pytest.mark.parametrize("command", [("all", "--root"), ("history", "--no-store")], ids=["all", "history"])
def test_little_memory_is_one_sentence(sample: str, command: tuple[str, ...], megabytes: int):
    limit = partial(resource.setrlimit, resource.RLIMIT_AS, (megabytes << 20, megabytes << 20))
    started = [sys.executable, "-m", "fr_check", *command, sample]
    done = subprocess.run(started, preexec_fn=limit, capture_output=True, text=True, check=False, timeout=120)
    assert done.returncode in {0, 1, 2, 3}, done.stderr
    assert "Traceback" not in done.stderr
    if done.returncode == 2:
        assert done.stderr.startswith("fr-check: "), done.stderr
        assert "bug" not in done.stderr


def test_a_thread_that_fails_ends_the_run():
    """What hands work to other processes fails in a thread of its own, and nobody would wait for it in vain."""
    code = """
import threading, time
from fr_check.app import past
from fr_check.history import run
def history(*_):
    def fail():
        raise RuntimeError("can't start new thread")
    threading.Thread(target=fail).start()
    time.sleep(60)
run.history = history
past.run(dict.fromkeys(("config", "format_", "output", "everything", "strict_unknown", "jobs", "no_store",
    "repositories", "clones", "scheduler")))
"""
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False, timeout=50)
    assert (done.returncode, done.stderr.partition("\n")[0]) == (2, "fr-check: no further process can be started")


def test_a_bug_quotes_nothing(sample: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path):
    """Exceptions hold what they failed at."""
    monkeypatch.setenv("TMPDIR", str(tmp_path))
    monkeypatch.setattr("tempfile.tempdir", None)
    secret = "c4n4ry"

    def broken(*_: object, **__: object) -> None:
        try:
            int(f"{secret}x")
        except ValueError as error:
            message = (
                f"no '{secret}', no \"{secret}\" no API_KEY={secret}, {secret} without quotes, u:{secret}@h\n{secret}"
            )
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


@pytest.mark.parametrize("module", ["fr_check.app.entry", "fr_check.app.arguments"])
def test_without_the_memory_to_read_the_program_it_says_so(module: str):
    code = f"""
import sys
class Starved:
    def find_spec(self, name, *_):
        if name == {module!r}:
            raise MemoryError
sys.meta_path.insert(0, Starved())
import _fr_check_start
_fr_check_start.run()
"""
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (2, "fr-check: there is not enough memory\n")


@pytest.mark.parametrize("error", ["MemoryError", "SystemError"])
def test_without_the_memory_to_say_it_in_its_own_words_it_says_it_all_the_same(error: str):
    code = f"""
import sys
from fr_check.app import arguments, command, entry
def starved(*_, **__):
    raise {error}
arguments.read = command.say = starved
entry.run()
"""
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (2, "fr-check: there is not enough memory\n")


def test_a_bug_outside_the_run_is_no_finding():
    code = """
from fr_check.app import arguments, entry, mishap
def broken(*_):
    raise LookupError("x")
arguments.read = broken
mishap._keep = lambda _: "a file"
entry.run()
"""
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr.partition("\n")[0]) == (70, "fr-check: internal error: LookupError: x")


def test_without_memory_all_that_the_run_held_is_let_go():
    gone: list[bool] = []

    class Held:
        def __del__(self) -> None:
            gone.append(True)

    def starved() -> int:
        held = Held()
        raise MemoryError(held is None)

    def told(*_: object, **__: object) -> None:
        assert gone

    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(command, "say", told)
        assert guarded(starved) == 2
