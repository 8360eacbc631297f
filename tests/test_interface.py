"""The Python interface: one function, which finds what the command finds and leaves nothing behind."""

from __future__ import annotations

import os
import re
import subprocess
import sys
import threading
from pathlib import Path

import pytest

import fr_check
from fr_check.app.demo import build
from fr_check.repository import process
from running import run

PAGE = (Path(__file__).resolve().parent.parent / "docs" / "python.md").read_text("utf-8")


@pytest.fixture(scope="module")
def sample(tmp_path_factory: pytest.TempPathFactory) -> str:
    return build(str(tmp_path_factory.mktemp("sample") / "built")).root


def named(report: fr_check.Report) -> list[tuple[str, str]]:
    return [(finding.rule, finding.fingerprint) for finding in report.findings]


def test_it_finds_what_the_command_finds(sample: str, capfd: pytest.CaptureFixture[str]):
    report = fr_check.check(Path(sample), base="HEAD^")
    assert capfd.readouterr() == ("", "")
    found = run("all", "--root", sample, "--base", "HEAD^", "--format", "json").json()
    assert named(report) == [(finding["rule"], finding["fingerprint"]) for finding in found["findings"]]
    assert len(report.findings) > 5
    assert isinstance(report, fr_check.Report)


def test_checkers_rules_and_revisions_can_be_chosen(sample: str):
    keys = fr_check.check(sample, ["env-keys"])
    assert {finding.checker for finding in keys.findings} == {"env-keys"}
    chosen = fr_check.check(sample, base="HEAD^", select=["rewound-pointer", "glued-key"], ignore=["glued-key"])
    assert {finding.rule for finding in chosen.findings} == {"rewound-pointer"}
    before = fr_check.check(sample, rev="HEAD^")
    assert "rewound-pointer" not in {finding.rule for finding in before.findings}


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"checkers": ["env-key"]}, "no checker is called `env-key`"),
        ({"rev": "nonexistent"}, "nonexistent"),
        ({"config": "/nonexistent.toml"}, "cannot be read"),
        ({"path": "/nonexistent"}, "/nonexistent"),
    ],
)
def test_what_cannot_be_done_is_said_with_what_to_do(sample: str, arguments: dict, message: str):
    with pytest.raises(fr_check.Trouble, match=message) as caught:
        fr_check.check(**{"path": sample, **arguments})
    assert caught.value.help


def test_nothing_is_left_running_or_open(sample: str):
    before, interval = os.listdir("/dev/fd"), sys.getswitchinterval()
    for _ in range(3):
        fr_check.check(sample, rev="HEAD", base="HEAD^")
        with pytest.raises(fr_check.Trouble):
            fr_check.check(sample, base="nonexistent")
    assert process._running == set()
    assert len(os.listdir("/dev/fd")) == len(before)
    assert sys.getswitchinterval() == interval


@pytest.mark.parametrize("wrong", [{"rev": "nope"}, {"select": ["staged-pointer", "nope"]}, {"base": "nope"}])
def test_a_call_that_fails_leaves_the_next_alone(sample: str, wrong: dict):
    for _ in range(10):
        for arguments in (wrong, {"checkers": ["coverage"], "select": ["glued-key"]}, {"ignore": ["nope"]}):
            with pytest.raises(fr_check.Trouble):
                fr_check.check(sample, **arguments)
        assert process._running == set()


def test_a_process_that_somebody_else_waited_for_is_not_ended_again():
    child = process.Child(["true"], dict(os.environ))
    os.waitpid(child.pids[0], 0)
    with pytest.raises(ChildProcessError):
        child.close()
    process.end_all()
    assert process._running == set()


def test_a_string_is_one_name(sample: str):
    assert named(fr_check.check(sample, "env-keys")) == named(fr_check.check(sample, ["env-keys"]))
    chosen = fr_check.check(sample, base="HEAD^", select="rewound-pointer, glued-key", ignore="glued-key")
    assert {finding.rule for finding in chosen.findings} == {"rewound-pointer"}
    with pytest.raises(fr_check.Trouble, match="no checker is called `env-key`"):
        fr_check.check(sample, "env-key")


def test_threads_get_the_same_report(sample: str):
    reports: list[fr_check.Report] = []
    threads = [threading.Thread(target=lambda: reports.append(fr_check.check(sample, base="HEAD^"))) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert [named(report) for report in reports] == [named(fr_check.check(sample, base="HEAD^"))] * 3


def test_the_example_of_the_page_runs(sample: str):
    (example,) = re.findall(r"```python\n(.*?)```", PAGE, re.DOTALL)
    example = example.replace('"origin/main"', '"HEAD^"')
    done = subprocess.run([sys.executable, "-c", example], cwd=sample, capture_output=True, text=True, check=True)
    assert "apps/backend/src/config.py: error: `GIT_COMMIT_SHA`" in done.stdout
    assert done.stderr == ""


def test_the_package_alone_imports_none_of_it():
    script = "import sys; import fr_check; print(*[name for name in sys.modules if name.startswith('fr_check.')])"
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert done.stdout == "\n"


def test_nothing_else_is_offered():
    assert fr_check.__all__ == ["Report", "Trouble", "check"]
    with pytest.raises(AttributeError):
        fr_check.nonexistent  # noqa: B018
