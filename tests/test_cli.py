"""The command line's contracts: options, exit status, where output goes, and what a mistake looks like."""

from __future__ import annotations

import json
import os
import re
import shlex
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from fr_check import __version__
from fr_check.app.demo import build
from fr_check.core.registry import CHECKERS, all_rules
from fr_check.report import FORMATS
from running import run

SETTINGS = """\
from pydantic_settings import BaseSettings


class Settings(BaseSettings):
    debug: bool = False
    pod_name: str = ""
"""


@pytest.fixture(scope="module")
def sample(tmp_path_factory: pytest.TempPathFactory) -> str:
    return build(str(tmp_path_factory.mktemp("sample") / "built")).root


def git(folder: Path, *arguments: str) -> None:
    subprocess.run(["git", *arguments], cwd=folder, check=True, capture_output=True)


@pytest.fixture
def backend(tmp_path: Path) -> Path:
    """A backend of two settings, one of them undocumented, committed."""
    (tmp_path / "apps/backend/src").mkdir(parents=True)
    (tmp_path / "apps/backend/src/config.py").write_text(SETTINGS)
    (tmp_path / ".env.example").write_text("DEBUG=false\n")
    (tmp_path / ".fr-check.toml").write_text("[[env-keys.apps]]\ntemplates = []\n")
    git(tmp_path, "init", "-q", "-b", "main")
    git(tmp_path, "add", ".")
    git(tmp_path, "commit", "-qm", "first")
    return tmp_path


def test_a_finding_fails_and_names_its_place(backend: Path):
    done = run("env-keys", "--root", backend)
    assert done.status == 1
    assert "error[undocumented-setting]" in done.stdout
    assert "apps/backend/src/config.py:6:5" in done.stdout
    assert done.stderr == ""


def test_a_clean_repository_passes(backend: Path):
    (backend / ".env.example").write_text("DEBUG=false\nPOD_NAME=\n")
    done = run("env-keys", "--root", backend)
    assert (done.status, done.stderr) == (0, "")
    assert done.stdout == "fr-check: no findings (checked: env-keys)\n"


def test_the_index_is_judged_apart_from_the_working_tree(backend: Path):
    (backend / ".env.example").write_text("DEBUG=false\nPOD_NAME=\n")
    assert run("env-keys", "--root", backend).status == 0
    assert run("env-keys", "--root", backend, "--staged").status == 1
    git(backend, "add", ".")
    assert run("env-keys", "--root", backend, "--staged").status == 0
    assert run("env-keys", "--root", backend, "--rev", "HEAD").status == 1


def test_a_revision_is_judged_by_its_own_policy(backend: Path):
    (backend / ".fr-check.toml").write_text('ignore = ["undocumented-setting"]\n[[env-keys.apps]]\ntemplates = []\n')
    assert run("env-keys", "--root", backend).status == 0
    assert run("env-keys", "--root", backend, "--rev", "HEAD").status == 1


def test_a_bare_repository_is_judged_by_revision(backend: Path, tmp_path_factory: pytest.TempPathFactory):
    bare = tmp_path_factory.mktemp("bare") / "x.git"
    git(backend, "clone", "-q", "--bare", ".", str(bare))
    done = run("env-keys", "--root", bare, "--rev", "main", "--format", "json")
    assert done.status == 1
    assert done.rules() == ["undocumented-setting"]


def test_a_subfolder_finds_its_repository(backend: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.chdir(backend / "apps" / "backend")
    assert run("env-keys").status == 1


def test_fail_on_decides_what_fails(backend: Path):
    (backend / ".env.example").write_text("DEBUG=false\nPOD_NAME=\nLEFTOVER=1\n")
    assert run("env-keys", "--root", backend).status == 0
    assert run("env-keys", "--root", backend, "--fail-on", "warning").status == 1


def test_select_and_ignore(backend: Path):
    assert run("env-keys", "--root", backend, "--ignore", "undocumented-setting").status == 0
    chosen = run("env-keys", "--root", backend, "--select", "undocumented-setting,default-drift", "--format", "json")
    assert chosen.rules() == ["undocumented-setting"]


def test_output_goes_to_a_file(backend: Path):
    report = backend / "report.json"
    done = run("env-keys", "--root", backend, "--format", "json", "--output", report)
    assert (done.status, done.stdout) == (1, "")
    assert json.loads(report.read_text())["findings"][0]["subject"] == "POD_NAME"


def test_a_baseline_accepts_what_there_is_and_nothing_more(backend: Path):
    report = backend / "baseline.json"
    run("env-keys", "--root", backend, "--format", "json", "--output", report)
    done = run("env-keys", "--root", backend, "--baseline", report)
    assert done.status == 0
    assert "1 in the baseline" in done.stdout
    (backend / ".env.example").write_text("POD_NAME=\n")
    assert run("env-keys", "--root", backend, "--baseline", report).status == 1


def test_a_baseline_shrinks_when_that_is_asked_for(backend: Path):
    report = backend / "accepted.json"
    run("env-keys", "--root", backend, "--format", "json", "--output", report)
    (backend / ".fr-check.toml").write_text('baseline = "accepted.json"\n')
    assert run("env-keys", "--root", backend).status == 0
    (backend / ".env.example").write_text("DEBUG=false\nPOD_NAME=\n")
    done = run("env-keys", "--root", backend)
    assert "1 entry of accepted.json matches nothing any more" in done.stderr
    before = report.read_bytes()
    assert "POD_NAME" in before.decode()
    assert run("env-keys", "--root", backend, "--update-baseline").status == 0
    assert json.loads(report.read_text())["findings"] == []
    assert run("env-keys", "--root", backend).stderr == ""
    (backend / ".env.example").write_text("DEBUG=false\n")
    assert run("env-keys", "--root", backend).status == 1


def test_a_baseline_that_is_not_there_is_misuse(backend: Path):
    (backend / ".fr-check.toml").write_text('baseline = "accepted.json"\n')
    done = run("env-keys", "--root", backend)
    assert done.status == 2
    assert "accepted.json" in done.stderr
    (backend / ".fr-check.toml").unlink()
    assert run("env-keys", "--root", backend, "--update-baseline").status == 2


def _suggested(stderr: str) -> list[str]:
    """The words of the command that a help line names."""
    (command,) = re.findall(r"help: write it with `fr-check (.*)`", stderr)
    return shlex.split(command)


@pytest.mark.parametrize("name", ["b.json", "of my team/b.json"])
def test_the_command_that_the_help_names_writes_the_missing_baseline(
    backend: Path, name: str, monkeypatch: pytest.MonkeyPatch
):
    (backend / name).parent.mkdir(exist_ok=True)
    (backend / ".fr-check.toml").write_text(f'baseline = "{name}"\n')
    for folder in (backend, backend.parent):
        monkeypatch.chdir(folder)
        missing = run("all", "--root", backend)
        assert (missing.status, missing.stdout) == (2, "")
        for options in ((), ("--update-baseline",), ("--format", "text", "--output", backend / "other.json")):
            assert run("all", "--root", backend, *options).stderr == missing.stderr
        words = _suggested(missing.stderr)
        assert run(*words, "--root", backend).status == 1
        assert run("all", "--root", backend, "--update-baseline").status == 0
        before = (backend / name).read_bytes()
        assert json.loads(before)["findings"]
        assert run(*words, "--root", backend).status == 1  # anew, and not compared with itself
        assert (backend / name).read_bytes() == before
        (backend / name).write_text("no report")
        assert run("all", "--root", backend).status == 2
        assert run("all", "--root", backend, "--output-file", f"json={backend / name}").status == 1
        assert (backend / name).read_bytes() == before
        (backend / name).unlink()


def test_a_missing_baseline_of_the_command_line_is_written_as_its_help_says(
    backend: Path, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.chdir(backend)
    missing = run("all", "--baseline", "b.json")
    assert (missing.status, missing.stdout) == (2, "")
    assert run(*_suggested(missing.stderr), "--baseline", "b.json").status == 1
    assert run("all", "--baseline", "b.json").status == 0


def test_a_baseline_that_git_does_not_know_yet_is_to_be_added(backend: Path):
    (backend / ".fr-check.toml").write_text('baseline = "b.json"\n')
    run("all", "--root", backend, "--format", "json", "--output", backend / "b.json")
    git(backend, "add", ".fr-check.toml")
    refused = run("all", "--root", backend, "--staged")
    assert refused.status == 2
    assert "`git add` it" in refused.stderr
    git(backend, "add", "b.json")
    assert run("all", "--root", backend, "--staged").status == 0


def test_the_policy_decides_what_the_command_line_leaves_open(backend: Path):
    policy = backend / ".fr-check.toml"
    (backend / ".env.example").write_text("DEBUG=false\nPOD_NAME=\nLEFTOVER=1\n")
    policy.write_text('fail-on = "warning"\nformat = "concise"\n')
    done = run("env-keys", "--root", backend)
    assert done.status == 1
    assert done.stdout.endswith("[unknown-example-key]\n")
    assert run("env-keys", "--root", backend, "--fail-on", "error").status == 0
    assert json.loads(run("env-keys", "--root", backend, "--format", "json").stdout)["version"] == 1
    policy.write_text('format = "jsn"\n')
    assert "did you mean `json`" in run("env-keys", "--root", backend).stderr


def test_an_organisations_policy_lies_below_the_repositorys_own(backend: Path):
    shared, own = backend / "shared.toml", backend / ".fr-check.toml"
    shared.write_text('fail-on = "warning"\n[severity]\nundocumented-setting = "info"\nuntyped-setting = "off"\n')
    own.write_text('extend = "shared.toml"\n')
    assert run("env-keys", "--root", backend).status == 0
    own.write_text('extend = "shared.toml"\n[severity]\nundocumented-setting = "warning"\n')
    assert run("env-keys", "--root", backend).status == 1
    own.write_text('extend = "shared.toml"\nfail-on = "error"\n[severity]\nundocumented-setting = "warning"\n')
    assert run("env-keys", "--root", backend).status == 0


@pytest.mark.parametrize(
    ("path", "message"),
    [
        ("gone.toml", "does not exist"),
        ("../x.toml", "leads out of the repository"),
        ("/etc/x.toml", "leads out of the repository"),
        (".fr-check.toml", "comes back to"),
        (".", "leads out of the repository"),
    ],
)
def test_what_a_policy_extends_is_a_file_of_the_repository(backend: Path, path: str, message: str):
    (backend / ".fr-check.toml").write_text(f'extend = "{path}"\n')
    done = run("env-keys", "--root", backend)
    assert done.status == 2
    assert message in done.stderr
    assert ".fr-check.toml:1" in done.stderr


def test_exit_zero_never_hides_misuse(backend: Path):
    assert run("env-keys", "--root", backend, "--exit-zero").status == 0
    assert run("env-keys", "--root", backend, "--exit-zero", "--rev", "no-such").status == 2


def test_several_outputs_in_one_run(backend: Path):
    sarif, page = backend / "a.sarif", backend / "b.md"
    done = run("env-keys", "--root", backend, "--output-file", f"sarif={sarif}", f"--output-file=markdown={page}")
    assert "error[undocumented-setting]" in done.stdout
    assert json.loads(sarif.read_text())["runs"][0]["results"][0]["ruleId"] == "env-keys/undocumented-setting"
    assert page.read_text().startswith("## fr-check")
    wrong = run("env-keys", "--root", backend, "--output-file", "nonsense=x")
    assert wrong.status == 2
    assert "FORMAT=FILE" in wrong.stderr


def test_an_output_that_goes_to_a_file_leaves_a_line_for_the_terminal(backend: Path):
    done = run("env-keys", "--root", backend, "--output", backend / "a.txt")
    assert done.stderr == f"fr-check: 1 error (checked: env-keys); the report is in {backend / 'a.txt'}\n"


def test_statistics_count_instead_of_showing(backend: Path):
    done = run("env-keys", "--root", backend, "--statistics")
    assert done.stdout == (
        "    1  error    [*]  env-keys/undocumented-setting\n"
        "[*] 1 can be fixed with --fix\n"
        "fr-check: 1 error (checked: env-keys)\n"
    )
    made = json.loads(run("env-keys", "--root", backend, "--statistics", "--format", "json").stdout)
    assert made["statistics"] == [
        {
            "checker": "env-keys",
            "rule": "undocumented-setting",
            "severity": "error",
            "count": 1,
            "fixable": 1,
            "unsafe": 0,
        }
    ]


def test_statistics_set_apart_what_only_unsafe_fixes_cure(backend: Path):
    (backend / ".env.example").write_text("DEBUG=false\nNOBODY_READS=1\n")
    report = run("env-keys", "--root", backend, "--format", "json").json()["findings"]
    applicable = [finding["fix"]["applicability"] for finding in report if finding["fix"]]
    done = run("env-keys", "--root", backend, "--statistics")
    assert "[-]  env-keys/unknown-example-key\n" in done.stdout
    assert "[-] 1 can be fixed with --fix --unsafe-fixes\n" in done.stdout
    assert applicable.count("unsafe") == 1
    assert ("[*]" in done.stdout) == ("safe" in applicable)
    made = json.loads(run("env-keys", "--root", backend, "--statistics", "--format", "json").stdout)
    assert sum(row["unsafe"] for row in made["statistics"]) == 1


def test_the_files_that_were_read_are_told(backend: Path):
    done = run("all", "--root", backend, "--show-files")
    assert "read .env.example (" in done.stdout
    assert "read apps/backend/src/config.py (env-keys)" in done.stdout


@pytest.mark.parametrize(
    ("environment", "painted"),
    [({"FORCE_COLOR": "1"}, True), ({"FORCE_COLOR": "1", "NO_COLOR": "1"}, False), ({}, False)],
)
def test_colour_can_be_forced(
    backend: Path, monkeypatch: pytest.MonkeyPatch, environment: dict[str, str], *, painted: bool
):
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    assert ("\x1b[" in run("env-keys", "--root", backend).stdout) == painted


def test_the_settings_are_shown_with_where_they_come_from(backend: Path):
    (backend / ".fr-check.toml").write_text(
        'fail-on = "warning"\n[severity]\nglued-key = "off"\n[coverage]\nline = 90\n'
        '[allow]\nglued-key = [{reason = "x"}]\n'
    )
    lines = run("config", "--root", backend).stdout.splitlines()
    assert [line.split("  #")[0].rstrip() + "|" + line.rpartition("# ")[2] for line in lines if ".toml" in line] == [
        'fail-on = "warning"|.fr-check.toml:1',
        'severity.glued-key = "off"|.fr-check.toml:3',
        'allow.glued-key = [{ "subject" = "*", "path" = "**", "reason" = "x" }]|.fr-check.toml:6',
        "coverage.line = 90|.fr-check.toml:5",
    ]
    made = json.loads(run("config", "--root", backend, "--format", "json").stdout)["settings"]
    assert {"key": "coverage.line", "value": 90, "source": ".fr-check.toml:5"} in made
    assert {"key": "coverage.branch", "value": None, "source": None} in made


def test_the_preset_that_is_shown_is_the_one_that_judges(backend: Path):
    def preset() -> str:
        shown = json.loads(run("config", "--root", backend, "--format", "json").stdout)["settings"]
        return next(row["value"] for row in shown if row["key"] == "preset")

    assert preset() == "strict"
    (backend / ".env.example").unlink()
    assert preset() == "common"


def test_the_settings_that_are_shown_are_a_policy_that_says_the_same(backend: Path):
    shown = [line for line in run("config", "--root", backend).stdout.splitlines() if not line.startswith("#")]
    (backend / ".fr-check.toml").write_text("\n".join(shown))
    again = run("config", "--root", backend)
    assert again.status == 0, again.stderr


@pytest.mark.parametrize("word", ["GLUED-KEY", "glued_key", "env-keys/glued-key", " Glued-Key "])
def test_a_rule_is_explained_however_it_is_written(word: str):
    assert run("explain", word).stdout.startswith("# glued-key")


def test_a_checker_is_explained_by_its_rules():
    page = run("explain", "env-keys").stdout
    assert page.startswith("# env-keys")
    assert "  glued-key " in page
    assert "rewound-pointer" not in page


def test_a_policy_can_be_named(backend: Path):
    policy = backend / "other.toml"
    policy.write_text('ignore = ["undocumented-setting"]\n[[env-keys.apps]]\ntemplates = []\n')
    assert run("env-keys", "--root", backend, "--config", policy).status == 0


@pytest.mark.parametrize("name", [*CHECKERS, "all"])
def test_json_has_its_keys(sample: str, name: str):
    made = run(name, "--root", sample, "--base", "HEAD^", "--format", "json").json()
    keys = {"version", "tool", "findings", "unknowns", "skipped", "suppressed", "baselined", "facts"}
    assert keys <= set(made)
    assert made["tool"] == {"name": "fr-check", "version": __version__}
    assert set(made["facts"]) == (set(CHECKERS) if name == "all" else {name})


def test_all_is_the_sum_of_the_checkers(sample: str):
    def identities(name: str) -> set[tuple[str, str, str]]:
        made = run(name, "--root", sample, "--base", "HEAD^", "--format", "json").json()
        return {(found["checker"], found["rule"], found["fingerprint"]) for found in made["findings"]}

    assert identities("all") == set().union(*map(identities, CHECKERS))


@pytest.mark.parametrize("name", CHECKERS)
@pytest.mark.parametrize("form", ["text", "json", "markdown"])
def test_facts_are_a_table(sample: str, name: str, form: str):
    done = run(name, "--root", sample, "--facts", "--format", form)
    assert done.status == 0, done.stderr
    assert done.stdout
    if form == "json":
        assert done.json()["tables"]


def test_explain_shows_the_manual():
    done = run("explain", "undocumented-setting")
    assert done.status == 0
    for heading in ("# undocumented-setting", "## What it finds", "## Why it matters", "## How to fix", "## Example"):
        assert heading in done.stdout


def test_rules_lists_every_rule():
    done = run("rules")
    assert len(done.stdout.splitlines()) == len(all_rules())
    assert {rule["id"] for rule in run("rules", "--format", "json").json()["rules"]} == {r.id for r in all_rules()}


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_completion_is_a_script(shell: str):
    assert "_FR_CHECK_COMPLETE" in run("completion", shell).stdout


def test_completion_knows_the_rules():
    environment = {
        **os.environ,
        "_FR_CHECK_COMPLETE": "bash_complete",
        "COMP_WORDS": "fr-check explain rewo",
        "COMP_CWORD": "2",
    }
    done = subprocess.run(
        [sys.executable, "-m", "fr_check"], env=environment, capture_output=True, text=True, check=True
    )
    assert done.stdout == "plain,rewound-pointer\n"


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("env-keys", "--nonsense"), "--nonsense"),
        (("nonsense",), "nonsense"),
        (("env-keys", "--select", "undocumented-settin"), "did you mean `undocumented-setting`?"),
        (("explain", "glued-keys"), "did you mean `glued-key`?"),
        (("env-keys", "--root", "/nonexistent/folder"), "/nonexistent/folder"),
        (("env-keys", "--rev", "nonexistent"), "nonexistent"),
        (("env-keys", "--base", "nonexistent"), "nonexistent"),
        (("env-keys", "--staged", "--rev", "HEAD"), "exclude each other"),
        (("env-keys", "--config", "nonexistent.toml"), "nonexistent.toml cannot be read"),
        (("env-keys", "--baseline", "README.md"), "README.md"),
        (("env-keys", "--output", "/nonexistent/folder/file"), "make its folder first, or name another file"),
        (("env-keys", "--output", "/"), "name a file that may be written"),
        (("coverage", "--record", ""), "the name of the file is empty"),
        (("coverage", "--record", "totals.json", "--facts"), "exclude each other"),
        (("env-keys", "--facts", "--format", "sarif"), "no format `sarif`"),
    ],
)
def test_a_mistake_is_one_message_and_status_2(
    backend: Path, monkeypatch: pytest.MonkeyPatch, arguments: tuple[str, ...], message: str
):
    monkeypatch.chdir(backend)
    done = run(*arguments)
    assert done.status == 2
    assert message in done.stderr
    assert "Traceback" not in done.stderr


@pytest.mark.parametrize("form", FORMATS)
def test_a_run_that_checked_nothing_says_so_in_every_format(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, form: str):
    monkeypatch.chdir(tmp_path)
    done = run("all", "--format", form)
    assert done.status == 0
    where = done.stderr if form == "gitlab" else done.stdout
    assert "no declared threshold found" in where
    if form == "sarif":
        (invocation,) = done.json()["runs"][0]["invocations"]
        (notification,) = invocation["toolExecutionNotifications"]
        assert notification["level"] == "note"
        assert notification["message"]["text"].startswith("nothing was checked (")


def test_a_run_that_checked_something_does_not_say_that_nothing_was(backend: Path):
    sarif = run("env-keys", "--root", backend, "--format", "sarif").json()
    assert sarif["runs"][0]["invocations"][0]["toolExecutionNotifications"] == []
    assert run("env-keys", "--root", backend, "--format", "gitlab").stderr == ""


def test_a_part_that_was_skipped_as_a_whole_is_not_named_as_checked(backend: Path):
    (backend / "Dockerfile").write_text("FROM scratch\nARG NEXT_PUBLIC_URL\n")
    done = run("all", "--root", backend)
    assert "skipped dockerfile-args: no frontend" in done.stdout
    assert done.stdout.endswith(" 3 parts skipped (checked: env-keys)\n")
    alone = run("dockerfile-args", "--root", backend)
    assert alone.stdout.endswith(" 1 part skipped (nothing was checked)\n")


@pytest.mark.parametrize("name", ["UNDOCUMENTED-SETTING", "Env-Keys", "ENV_KEYS/undocumented_setting", "*-SETTING"])
def test_rules_are_selected_in_any_case(backend: Path, name: str):
    found = run("env-keys", "--root", backend, "--format", "json", "--select", name).rules()
    assert "undocumented-setting" in found
    assert (
        "undocumented-setting" not in run("env-keys", "--root", backend, "--format", "json", "--ignore", name).rules()
    )
    (backend / ".fr-check.toml").write_text(f'select = ["{name}"]\n')
    assert run("env-keys", "--root", backend, "--format", "json").rules() == found


@pytest.mark.parametrize("name", ["hygiene", "HYGIENE", "env-keys", "coverage"])
def test_explain_knows_every_checker_that_a_page_names(name: str):
    done = run("explain", name)
    assert done.status == 0
    assert done.stdout.startswith(f"# {name.lower()}\n")
    assert "`fr-check explain RULE`" in done.stdout


@pytest.mark.parametrize("command", ["env-keys", "dockerfile-args", "submodule-sync"])
def test_a_checker_takes_a_folder_as_all_does(backend: Path, monkeypatch: pytest.MonkeyPatch, command: str):
    named = run(command, "--root", backend, "--format", "json")
    assert run(command, backend, "--format", "json") == named
    monkeypatch.chdir(backend)
    assert run(command, ".", "--format", "json") == named


@pytest.mark.parametrize("words", [("config", "."), ("rename", "A", "B", "."), ("env-keys", "a", "b")])
def test_a_word_too_many_points_to_the_option_for_the_folder(words: tuple[str, ...]):
    done = run(*words)
    assert done.status == 2
    assert "a folder is named with `--root DIR`" in done.stderr
    assert "--root" not in run("rules", ".").stderr


def test_a_suggestion_ends_with_one_mark(backend: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.chdir(backend)
    assert "did you mean `all`? `fr-check --help` lists" in run("al").stderr
    assert "no folder. `fr-check --help` lists" in run("qqqq").stderr


def test_a_bad_policy_names_its_place(backend: Path):
    (backend / ".fr-check.toml").write_text("[coverag]\n")
    done = run("env-keys", "--root", backend)
    assert done.status == 2
    assert ".fr-check.toml:1:1: unknown key `coverag`" in done.stderr
    assert "did you mean `coverage`?" in done.stderr


def test_colour_is_asked_for_or_for_terminals(backend: Path):
    assert "\x1b[" in run("env-keys", "--root", backend, "--color", "always").stdout
    assert "\x1b[" not in run("env-keys", "--root", backend).stdout


def test_a_reader_that_goes_away_is_no_error(backend: Path):
    command = ["bash", "-c", '"$0" -m fr_check rules | head -n 1; exit ${PIPESTATUS[0]}', sys.executable]
    done = subprocess.run(command, cwd=backend, capture_output=True, text=True, check=False)
    assert "Traceback" not in done.stderr
    assert done.returncode in (0, 141)


def test_a_reader_that_goes_away_early_is_not_taken_for_findings(backend: Path):
    names = "".join(f"    v{number}: bool = False\n" for number in range(4000))
    (backend / "apps/backend/src/config.py").write_text(SETTINGS + names)
    environment = {name: value for name, value in os.environ.items() if name != "PYTHONUNBUFFERED"}
    command = [
        "bash",
        "-c",
        '"$0" -m fr_check env-keys --format concise | head -n 1; exit ${PIPESTATUS[0]}',
        sys.executable,
    ]
    done = subprocess.run(command, cwd=backend, env=environment, capture_output=True, check=False)
    assert (done.returncode, done.stderr) == (141, b"")


def test_a_bug_says_that_it_is_ours(backend: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path):
    def broken(*_: object, **__: object) -> None:
        raise ZeroDivisionError("planted")

    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    monkeypatch.setattr("fr_check.core.engine.run", broken)
    done = run("env-keys", "--root", backend)
    assert done.status == 70
    assert "this is a bug in fr-check" in done.stderr
    assert "Traceback" not in done.stderr
    (log,) = tmp_path.glob("fr-check-*.log")
    assert "ZeroDivisionError: planted" in log.read_text()


@pytest.mark.parametrize(("arguments", "status"), [(("rules",), 0), (("nonsense",), 2), (("--help",), 0)])
def test_all_is_written_before_the_process_ends(arguments: tuple[str, ...], status: int):
    command = [sys.executable, "-m", "fr_check", *arguments]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout, done.stderr) == run(*arguments)
    assert done.returncode == status


@pytest.mark.parametrize("closed", [">&-", "2>&-", ">&- 2>&-"])
def test_a_closed_stream_changes_no_verdict(backend: Path, closed: str):
    command = f'exec "$0" -m fr_check env-keys --root "$1" {closed}'
    done = subprocess.run(["sh", "-c", command, sys.executable, str(backend)], capture_output=True, check=False)
    assert done.returncode == 1


def test_python_m_checkers_is_the_same_command():
    done = subprocess.run([sys.executable, "-m", "fr_check", "--version"], capture_output=True, text=True, check=True)
    assert done.stdout == f"fr-check, version {__version__}\n"


def test_inline_and_configured_exceptions_reach_the_summary(backend: Path):
    settings = backend / "apps/backend/src/config.py"
    settings.write_text(SETTINGS.replace('= ""', '= ""  # fr-check: ignore[undocumented-setting] injected'))
    done = run("env-keys", "--root", backend)
    assert done.status == 0
    assert "1 suppressed" in done.stdout
    settings.write_text(SETTINGS)
    allow = '[allow]\nundocumented-setting = [{subject = "POD_*", reason = "injected"}]\n'
    (backend / ".fr-check.toml").write_text(f"{allow}[[env-keys.apps]]\ntemplates = []\n")
    assert "1 suppressed" in run("env-keys", "--root", backend).stdout
    (backend / ".env.example").write_text("DEBUG=false\nPOD_NAME=\n")
    assert run("env-keys", "--root", backend, "--format", "json").rules() == ["unused-allowance"]


def test_a_selection_that_leaves_nothing_to_run_is_misuse(backend: Path):
    done = run("submodule-sync", "--root", backend, "--select", "undocumented-setting")
    assert done.status == 2
    assert "submodule-sync has no rule `undocumented-setting`" in done.stderr


def test_a_policy_that_leaves_nothing_to_run_says_so(backend: Path):
    (backend / ".fr-check.toml").write_text('select = ["rewound-pointer"]\n')
    done = run("env-keys", "--root", backend)
    assert (done.status, "skipped env-keys: every rule of it is switched off" in done.stdout) == (0, True)


def test_select_may_be_given_more_than_once(backend: Path):
    done = run("env-keys", "--root", backend, "--select", "undocumented-setting", "--select", "untyped-setting")
    assert (done.status, "undocumented-setting" in done.stdout) == (1, True)


def test_a_dash_is_the_standard_output(backend: Path):
    done = run("env-keys", "--root", backend, "--output", "-")
    assert "undocumented-setting" in done.stdout


def test_a_full_disk_is_no_bug_of_ours(backend: Path, tmp_path: Path):
    # A limit of files' sizes stands for the disk: every system has one.
    command = 'ulimit -f 0; exec "$0" -B -m fr_check env-keys > "$1"'
    arguments = ["sh", "-c", command, sys.executable, os.fspath(tmp_path / "out")]
    done = subprocess.run(arguments, cwd=backend, stderr=subprocess.PIPE, text=True, check=False)
    assert done.returncode == 2
    assert done.stderr.startswith("fr-check: the output cannot be written: ")


def test_an_interrupted_run_leaves_no_git_behind(sample: str, tmp_path: Path):
    """One git hangs that is waited for, another one whose answer is not needed yet; then somebody presses Ctrl-C."""
    real = shutil.which("git")
    (tmp_path / "pids").touch()
    hangs = f"*--left-right*|*--directory*) echo $$ >> {tmp_path}/pids; exec sleep 1000;;"
    (tmp_path / "git").write_text(f'#!/bin/sh\ncase "$*" in {hangs} esac\nexec {real} "$@"\n')
    (tmp_path / "git").chmod(0o755)
    run_ = subprocess.Popen(
        [sys.executable, "-m", "fr_check", "submodule-sync", "--root", sample, "--base", "HEAD^"],
        env={**os.environ, "PATH": f"{tmp_path}:{os.environ['PATH']}"},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    )
    for _ in range(600):
        if len((tmp_path / "pids").read_text().split()) > 1:
            break
        time.sleep(0.1)
    run_.send_signal(signal.SIGINT)
    assert run_.communicate() == (b"", b"")
    assert run_.returncode == 130
    # What was killed dies a moment later.
    for _ in range(600):
        left = {pid for pid in (tmp_path / "pids").read_text().split() if _is_alive(pid)}
        if not left:
            break
        time.sleep(0.1)
    assert left == set()


def _is_alive(pid: str) -> bool:
    try:
        os.kill(int(pid), 0)
    except ProcessLookupError:
        return False
    state = Path(f"/proc/{pid}/stat")
    # Where nobody takes them away, the dead keep their number.
    return not state.exists() or state.read_text().rpartition(")")[2].split()[0] != "Z"


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (["--output-file", "json=r", "--output-file", "sarif=r"], "r is named for two outputs"),
        (["--output", "r", "--output-file", "json=./r"], "./r is named for two outputs"),
        (["--output-file", "json=-", "--output=-"], "the standard output is named for two outputs"),
        (["--unsafe-fixes"], "--unsafe-fixes does nothing alone"),
        (["-q", "-v"], "--quiet and --verbose exclude each other"),
        (["-qv"], "--quiet and --verbose exclude each other"),
    ],
)
def test_options_that_contradict_each_other_are_misuse(
    backend: Path, words: list[str], message: str, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.chdir(backend)
    done = run("all", *words)
    assert (done.status, done.stdout) == (2, "")
    assert message in done.stderr
    assert not (backend / "r").exists()


def test_a_total_and_a_report_do_not_share_a_file_but_may_share_a_device(
    backend: Path, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.chdir(backend)
    done = run("coverage", "--record", "r", "--output", "r")
    assert done.status == 2
    assert "two outputs" in done.stderr
    devices = [f"--output-file={form}={os.devnull}" for form in ("json", "sarif")]
    assert run("env-keys", *devices).status == 1
