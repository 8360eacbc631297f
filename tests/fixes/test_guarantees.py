"""What --fix promises beside the cure: no other byte, no other file, no half of one, whatever happens."""

from __future__ import annotations

import itertools
import os
import signal
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from building import build
from fixes.test_rules import FIXABLE, command, laid_out
from fr_check.core.edits import SAFE, Edit, Fix
from fr_check.core.model import Example, ExampleSubmodule, Location, Report, Rule, Severity
from fr_check.core.registry import all_rules
from fr_check.core.repository import Memory
from fr_check.core.text import Text
from fr_check.env_keys.rules import unquoted_expansion
from fr_check.fixes.patch import patch
from fr_check.fixes.rounds import State, cure
from fr_check.fixes.successors import SUCCESSORS
from fr_check.fixes.writing import PREFIX
from running import run

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from pathlib import Path

CONFIG = """\
from pydantic_settings import BaseSettings


class Settings(BaseSettings):
    debug: bool = False
    region: str = "eu"
    limit: int = 5
    title: str = "two words"
    queue_url: str = "redis://q"
    queue_size: int = 3
"""
SECRET = "hunter2-Zq8Xv3Lm9Kp4Rt7W"
RULE = next(rule for rule in all_rules() if rule.id == "undocumented-setting")
KEYS = ("DEBUG=false", "REGION=eu", "LIMIT=5", "TITLE='two words'", "QUEUE_URL=redis://q", "QUEUE_SIZE=3")
FILES = {"app/config.py": CONFIG, ".env.example": "DEBUG=false\n"}
CURED = "".join(f"{line}\n" for line in KEYS)


def project(folder: Path, files: Mapping[str, str | bytes] = FILES) -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    for path, text in files.items():
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_bytes(text if isinstance(text, bytes) else text.encode())
    subprocess.run(["git", "init", "-q", folder], check=True)
    return folder


def fix(folder: Path, *words: object) -> int:
    return run("env-keys", "--root", folder, "--fix", *words).status


def contents(folder: Path, *, git: bool = False) -> dict[str, bytes]:
    found = (path for path in sorted(folder.rglob("*")) if path.is_file() and not path.is_symlink())
    return {str(path.relative_to(folder)): path.read_bytes() for path in found if git or ".git" not in path.parts}


def test_g1_the_finding_is_gone(tmp_path: Path):
    folder = project(tmp_path)
    assert fix(folder) == 0
    assert (folder / ".env.example").read_text() == CURED
    assert run("env-keys", "--root", folder, "--format", "json").rules() == []


@pytest.mark.parametrize("rule", FIXABLE, ids=lambda rule: f"{rule.checker}/{rule.id}")
def test_g2_nothing_is_found_that_was_not_there_but_what_a_cure_uncovers(
    rule: Rule, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setenv("GIT_ALLOW_PROTOCOL", "file")
    folder = laid_out(rule.bad, tmp_path)
    before = run("all", "--root", folder, "--format", "json").json()
    done = run("all", "--root", folder, "--fix", "--unsafe-fixes", "--format", "json").json()
    known = {one["fingerprint"] for one in before["findings"]}
    allowed = {name for one in before["findings"] for name in SUCCESSORS.get(one["rule"], ())}
    assert {one["rule"] for one in done["findings"] if one["fingerprint"] not in known} <= allowed
    assert len(done["unknowns"]) <= len(before["unknowns"])


@pytest.mark.parametrize(
    "words",
    [("--select", "unquoted-expansion"), ("--ignore", "broken-template", "--ignore", "unguarded-secret")],
    ids=" ".join,
)
def test_g2_a_rule_that_is_not_selected_has_its_say(
    words: tuple[str, ...], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    half = "'{{ .Data.data.S3_SECRET_KEY }}{{ with .Data.data.S3_SECRET_KEY }}'{{ end }}"
    monkeypatch.setattr("fr_check.env_keys.fixing.shell_values.in_single_quotes", lambda _value: half)
    folder = project(tmp_path, unquoted_expansion.BAD)
    before = contents(folder)
    done = run("env-keys", "--root", folder, *words, "--fix", "--unsafe-fixes", "-v", "--format", "json")
    assert contents(folder) == before
    assert "not fixed: unquoted-expansion" in done.stderr
    assert "would bring broken-template" in done.stderr
    assert "unquoted-expansion" in done.rules()
    assert "broken-template" not in done.rules()


def test_g2_nothing_is_judged_as_a_whole_where_there_is_nothing_to_fix(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr("fr_check.app.invocation.Invocation.whole", lambda *_: pytest.fail("judged again"))
    folder = project(tmp_path)
    assert fix(folder, "--select", "unquoted-expansion") == 0


@pytest.mark.parametrize(
    ("cured", "brought", "kept"),
    [
        (Severity.ERROR, Severity.INFO, True),
        (Severity.ERROR, Severity.WARNING, False),
        (Severity.WARNING, Severity.INFO, False),
    ],
)
def test_g2_information_keeps_no_error_from_being_cured(
    cured: Severity, brought: Severity, *, kept: bool, monkeypatch: pytest.MonkeyPatch
):
    def judge(changes: Mapping[str, str]) -> State:
        texts = {"a": "bad", **changes}
        found = RULE.finding("a", "", help="", location=Location("a"), severity=cured)
        if texts["a"] == "bad":
            found = found._replace(fix=Fix(SAFE, (Edit("a", 0, 3, "good"),)))
        else:
            found = RULE.finding("b", "", help="", location=Location("a"), severity=brought)
        return State(Memory(texts), Report((found,), (), (), (), (), {}))

    monkeypatch.setattr("fr_check.fixes.rounds.reason", lambda *_: "")
    assert dict(cure(judge({}), judge, unsafe=False).texts) == ({"a": "good"} if kept else {})


def crlf(text: str) -> bytes:
    return text.replace("\n", "\r\n").encode()


FORMS: dict[str, Callable[[str], bytes]] = {
    "as it is": str.encode,
    "carriage returns": crlf,
    "a byte order mark": lambda text: b"\xef\xbb\xbf" + text.encode(),
    "both": lambda text: b"\xef\xbb\xbf" + crlf(text),
    "no final line end": lambda text: text.rstrip("\n").encode(),
    "none after carriage returns": lambda text: crlf(text.rstrip("\n")),
}


@pytest.mark.parametrize("form", FORMS)
def test_g3_only_the_lines_that_are_promised_differ(form: str, tmp_path: Path):
    made = FORMS[form]
    example = "# Größe: ok\n\nDEBUG=false\n# last\nREGION=eu\n"
    folder = project(tmp_path, {"app/config.py": made(CONFIG), ".env.example": made(example)})
    fix(folder)
    expected = "# Größe: ok\n\nDEBUG=false\n# last\n" + "".join(f"{line}\n" for line in KEYS[1:])
    # The mark of an example is a finding of its own, `unportable-line`, which this cures, too.
    assert (folder / ".env.example").read_bytes() == made(expected).removeprefix(b"\xef\xbb\xbf")
    assert (folder / "app/config.py").read_bytes() == made(CONFIG)


def test_g4_a_second_run_touches_nothing(tmp_path: Path):
    folder = project(tmp_path)
    fix(folder)
    before = {path: (folder / path).stat() for path in contents(folder)}
    fix(folder)
    assert {path: (folder / path).stat().st_mtime_ns for path in before} == {
        p: s.st_mtime_ns for p, s in before.items()
    }
    assert {path: (folder / path).stat().st_ino for path in before} == {p: s.st_ino for p, s in before.items()}


@pytest.mark.parametrize("mode", [0o640, 0o600, 0o755, 0o664])
def test_g5_the_mode_stays(mode: int, tmp_path: Path):
    folder = project(tmp_path)
    (folder / ".env.example").chmod(mode)
    fix(folder)
    assert (folder / ".env.example").stat().st_mode & 0o7777 == mode


# Ends itself at the n-th call of what writing is made of, in the way that the first argument says.
_DYING = """
import os, signal, sys
sys.path[:0] = sys.argv[4:]
from fr_check.app import ending
from fr_check.fixes import writing
ending.install()
left = int(sys.argv[2])
def dying(function):
    def call(*arguments, **options):
        global left
        left -= 1
        if left == 0:
            os.kill(os.getpid(), int(sys.argv[1]))
        return function(*arguments, **options)
    return call
for name in ("open", "fsync", "chmod", "replace", "stat", "listdir"):
    setattr(writing.os, name, dying(getattr(os, name)))
old, new = b"old\\n" * 5000, b"new\\n" * 5000
writing.write(sys.argv[3], {f"{folder}/{name}": (old, new) for folder in "ab" for name in ("one", "two")})
"""


@pytest.mark.parametrize("number", [signal.SIGKILL, signal.SIGTERM, signal.SIGINT])
def test_g5_a_file_is_old_or_new_whenever_the_process_ends(number: signal.Signals, tmp_path: Path):
    old, new = b"old\n" * 5000, b"new\n" * 5000
    ended = 0
    for moment in itertools.count(1):
        folder = tmp_path / str(moment)
        for path in ("a/one", "a/two", "b/one", "b/two"):
            (folder / path).parent.mkdir(parents=True, exist_ok=True)
            (folder / path).write_bytes(old)
        words = [sys.executable, "-c", _DYING, str(int(number)), str(moment), str(folder), *sys.path]
        status = subprocess.run(words, check=False).returncode
        found = contents(folder)
        kept = {path: data for path, data in found.items() if PREFIX not in path}
        assert set(kept) == {"a/one", "a/two", "b/one", "b/two"}
        assert set(kept.values()) <= {old, new}
        if number is not signal.SIGKILL:
            assert kept == found
            # A signal that can be heard waits for the whole set, or comes before its first file.
            assert len(set(kept.values())) == 1
        if status == 0:
            assert set(kept.values()) == {new}
            break
        ended += 1
        # The next run takes away what the kill left.
        after = {path: (data, b"newer\n") for path, data in kept.items()}
        code = "import sys; sys.path[:0] = sys.argv[2:]\nfrom fr_check.fixes.writing import write\n"
        code += f"write(sys.argv[1], {after!r})"
        subprocess.run([sys.executable, "-c", code, str(folder), *sys.path], check=True)
        assert set(contents(folder)) == set(kept)
        assert set(contents(folder).values()) == {b"newer\n"}
    assert ended >= 20


_EDITING = """
import os, sys
sys.path[:0] = sys.argv[3:]
from fr_check.core.trouble import Trouble
from fr_check.fixes import writing
root, way = sys.argv[1:3]
replace, calls = os.replace, 0
def busy(source, target):
    global calls
    calls += 1
    if calls == 2:
        name = {"open": "two", "later": "three", "earlier": "one"}.get(way)
        if name:
            with open(f"{root}/{name}", "ab") as file:
                file.write(b"theirs")
        elif way == "another file":
            with open(f"{root}/theirs", "wb") as file:
                file.write(b"oldtheirs")
            replace(f"{root}/theirs", f"{root}/three")
        elif way == "earlier and later":
            for name in ("one", "three"):
                with open(f"{root}/{name}", "ab") as file:
                    file.write(b"theirs")
        else:
            raise OSError(13, "Permission denied")
    return replace(source, target)
os.replace = busy
try:
    writing.write(root, {name: (b"old", b"new") for name in ("one", "two", "three", "four")})
except Trouble as trouble:
    print(trouble)
"""


@pytest.mark.parametrize(
    ("way", "said", "left"),
    {
        "written to while it is replaced": ("open", "two changed while", "old oldtheirs old old"),
        "written to before its turn": ("later", "three changed while", "old old oldtheirs old"),
        "replaced before its turn": ("another file", "three changed while", "old old oldtheirs old"),
        "cannot be replaced": ("error", "two cannot be written: Permission denied: nothing is", "old old old old"),
        "changed again after it was written": (
            "earlier and later", "but one has its edits", "newtheirs old oldtheirs old",
        ),
        "changed after its turn alone": ("earlier", "", "newtheirs new new new"),
    }.values(),
)  # fmt: skip
def test_g5_what_somebody_writes_meanwhile_is_not_lost_and_nothing_is_half_done(
    way: str, said: str, left: str, tmp_path: Path
):
    names = ("one", "two", "three", "four")
    for name in names:
        (tmp_path / name).write_bytes(b"old")
    words = [sys.executable, "-c", _EDITING, str(tmp_path), way, *sys.path]
    done = subprocess.run(words, check=True, capture_output=True, text=True)
    assert said in done.stdout
    assert [(tmp_path / name).read_text() for name in names] == left.split()
    assert not [path for path in tmp_path.iterdir() if PREFIX in path.name]


def test_g5_a_signal_waits_for_the_set_and_the_end_is_told(tmp_path: Path):
    for number, moment in [(signal.SIGHUP, 1), (signal.SIGTERM, 2), (signal.SIGINT, 3)]:
        folder = tmp_path / str(moment)
        for path in ("a/one", "a/two", "b/one", "b/two"):
            (folder / path).parent.mkdir(parents=True, exist_ok=True)
            (folder / path).write_bytes(b"old\n" * 5000)
        code = _DYING.replace('("open", "fsync", "chmod", "replace", "stat", "listdir")', '("replace",)')
        words = [sys.executable, "-c", code, str(int(number)), str(moment), str(folder), *sys.path]
        done = subprocess.run(words, check=False, capture_output=True, text=True)
        assert done.returncode == 128 + number
        assert "after all files were written" in done.stderr
        assert set(contents(folder).values()) == {b"new\n" * 5000}


def test_g5_what_a_running_process_is_about_to_put_there_stays(tmp_path: Path):
    folder = project(tmp_path)
    theirs = folder / f"{PREFIX}{os.getppid()}-0"
    mine = folder / f"{PREFIX}notes"
    theirs.write_text("x")
    mine.write_text("y")
    fix(folder)
    assert (theirs.read_text(), mine.read_text()) == ("x", "y")


def test_g5_nothing_is_written_where_one_file_cannot_be(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    from fr_check.core.trouble import Trouble
    from fr_check.fixes import writing

    for name in "ab":
        (tmp_path / name).write_bytes(b"old")
    whole = os.fsync
    calls = iter([0, 1])

    def full(descriptor: int) -> None:
        if next(calls):
            raise OSError(28, "No space left on device")
        whole(descriptor)

    monkeypatch.setattr(writing.os, "fsync", full)
    with pytest.raises(Trouble, match="b cannot be written: No space left"):
        writing.write(str(tmp_path), dict.fromkeys("ab", (b"old", b"new")))
    assert contents(tmp_path) == {"a": b"old", "b": b"old"}


def symlinked(folder: Path) -> None:
    (folder / "real.env").write_text("DEBUG=false\n")
    (folder / ".env.example").unlink()
    (folder / ".env.example").symlink_to("real.env")


def in_a_symlinked_folder(folder: Path) -> None:
    (folder / "other").mkdir()
    (folder / ".env.example").rename(folder / "other" / ".env.example")
    (folder / ".env.example").symlink_to("other/.env.example")


def outside(folder: Path) -> None:
    (folder.parent / "outside.env").write_text("DEBUG=false\n")
    (folder / ".env.example").unlink()
    (folder / ".env.example").symlink_to("../outside.env")


def hard_linked(folder: Path) -> None:
    os.link(folder / ".env.example", folder / "second.txt")


def a_pipe(folder: Path) -> None:
    (folder / ".env.example").unlink()
    os.mkfifo(folder / ".env.example")


def ignored(folder: Path) -> None:
    (folder / ".gitignore").write_text(".env.example\n")


def in_conflict(folder: Path) -> None:
    (folder / ".env.example").write_text("<<<<<<< a\nDEBUG=false\n=======\nDEBUG=true\n>>>>>>> b\n")


def latin(folder: Path) -> None:
    (folder / ".env.example").write_bytes(b"DEBUG=false # \xe4\n")


def only_carriage_returns(folder: Path) -> None:
    (folder / ".env.example").write_bytes(b"DEBUG=false\rA=1\r")


def generated(folder: Path) -> None:
    (folder / ".env.example").write_text("# This file is generated by a tool. Do not edit.\nDEBUG=false\n")


PLACES = [
    symlinked, in_a_symlinked_folder, outside, hard_linked, a_pipe, ignored, in_conflict, latin, only_carriage_returns,
    generated,
]  # fmt: skip


@pytest.mark.parametrize("change", PLACES, ids=lambda change: change.__name__)
def test_g6_what_an_edit_could_harm_is_left_alone(change: Callable[[Path], None], tmp_path: Path):
    folder = project(tmp_path / "project")
    change(folder)
    before = contents(tmp_path)
    done = run("env-keys", "--root", folder, "--fix", "--unsafe-fixes", "--select", "undocumented-setting", "-v")
    assert contents(tmp_path) == before
    assert "internal error" not in done.stderr
    assert done.status in {0, 1, 3}


def test_g6_a_folder_that_may_not_be_written(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    folder = project(tmp_path)
    # The user of the tests may write everywhere.
    monkeypatch.setattr(os, "access", lambda _, mode: not (mode & os.W_OK))
    before = contents(folder)
    done = run("env-keys", "--root", folder, "--fix", "-v")
    assert contents(folder) == before
    assert ".env.example may not be written" in done.stderr


def test_g7_git_is_as_it_was(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("GIT_ALLOW_PROTOCOL", "file")
    template = 'REGION={{ with secret "kv/data/app" }}{{ .Data.data.REGION }}{{ end }}\n'
    module = ExampleSubmodule("infra", pin=0, commits=({"secrets.ctmpl": template},))
    folder = build(Example(FILES, submodules=(module,)), tmp_path / "built")
    (folder / "extra.txt").write_text("x")
    subprocess.run(["git", "-C", folder, "add", "extra.txt"], check=True)
    before = contents(folder, git=True)
    run("all", "--root", folder, "--fix", "--unsafe-fixes")
    after = contents(folder, git=True)
    assert {path for path in after if after[path] != before.get(path)} == {".env.example"}
    assert before.keys() == after.keys()


def test_g8_the_patch_is_what_is_done(tmp_path: Path):
    for form, made in FORMS.items():
        one, two = (project(tmp_path / form / name, {p: made(t) for p, t in FILES.items()}) for name in ("one", "two"))
        shown = run("env-keys", "--root", one, "--diff")
        assert shown.status == 1
        subprocess.run(["git", "-C", one, "apply", "-"], input=shown.stdout.encode(), check=True)
        fix(two)
        assert contents(one) == contents(two)


# A link that becomes a file with the same text is no change of lines.
PATCHED = [rule for rule in FIXABLE if rule.id != "symlinked-gitmodules"]


@pytest.mark.parametrize("rule", PATCHED, ids=lambda rule: f"{rule.checker}/{rule.id}")
def test_g8_the_patch_of_a_bad_example_is_what_is_done(rule: Rule, tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("GIT_ALLOW_PROTOCOL", "file")
    one, two = (laid_out(rule.bad, tmp_path / name) for name in ("one", "two"))
    before = contents(one)
    shown = run(*command(rule, one), "--diff", "--unsafe-fixes")
    applying = ["git", "-C", one, "apply", "-"]
    applied = subprocess.run(applying, input=shown.stdout.encode(), capture_output=True, check=False)
    if "cannot be applied" in shown.stderr:
        assert (applied.returncode != 0, contents(one)) == (True, before)
        return
    run(*command(rule, two), "--fix", "--unsafe-fixes")
    assert (applied.returncode, contents(one)) == (0, contents(two))
    assert contents(one) != before


@pytest.mark.parametrize("name", ["REGION=eu", "LIMIT=5", "QUEUE_SIZE=3"])
def test_g8_a_secret_beside_the_change_is_no_part_of_the_patch(name: str, tmp_path: Path):
    config = CONFIG.replace("    region", '    api_token: str = ""\n    region')
    lines = [KEYS[0], f"API_TOKEN={SECRET}", *KEYS[1:]]
    example = "".join(f"{line}\n" for line in lines if line != name)
    folder = project(tmp_path, {"app/config.py": config, ".env.example": example})
    done = run("env-keys", "--root", folder, "--diff")
    assert SECRET not in done.stdout
    subprocess.run(["git", "-C", folder, "apply", "-"], input=done.stdout.encode(), check=True)
    assert (folder / ".env.example").read_text() == "".join(f"{line}\n" for line in lines)


def test_g8_a_secret_between_two_changes_parts_the_patch(tmp_path: Path):
    config = CONFIG.replace("    limit", '    api_token: str = ""\n    limit')
    lines = [*KEYS[:2], "ZONE=1", f"OTHER_TOKEN={SECRET}", f"API_TOKEN={SECRET}", *KEYS[2:]]
    folder = project(
        tmp_path, {"app/config.py": config, ".env.example": "".join(f"{line}\n" for line in lines if "=e" not in line)}
    )
    (folder / ".env.example").write_text((folder / ".env.example").read_text().replace("LIMIT=5\n", ""))
    done = run("env-keys", "--root", folder, "--diff", "--select", "undocumented-setting")
    assert (done.stdout.count("@@ -"), SECRET in done.stdout) == (2, False)
    subprocess.run(["git", "-C", folder, "apply", "-"], input=done.stdout.encode(), check=True)
    patched = (folder / ".env.example").read_text()
    assert {"REGION=eu", "LIMIT=5"} <= {*patched.split("\n")}


def test_g8_a_patch_with_a_mask_in_a_line_that_comes_is_refused():
    before, after = "A=1\n", f"A=1\nAPI_TOKEN={SECRET}\n"
    made = patch({".env.example": (before, after)})
    assert (made.masked, SECRET in made.text) == (True, False)
    # Without a file to look at, only the form of the patch counts.
    command = ["git", "apply", "--stat", "-"]
    done = subprocess.run(command, input=made.text.encode(), capture_output=True, check=False)
    assert b"corrupt patch" in done.stderr


@given(there=st.sets(st.sampled_from(KEYS[1:])), order=st.permutations(KEYS[1:]))
@settings(max_examples=10, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_g9_whatever_is_cured_first_the_same_is_cured(there: set[str], order: list[str], tmp_path_factory):
    folder = project(tmp_path_factory.mktemp("g9"))
    lines = [line for line in KEYS if line in there or line == KEYS[0]]
    (folder / ".env.example").write_text("".join(f"{line}\n" for line in lines))
    names = [line.partition("=")[0] for line in order]
    # One after the other: the rest is accepted for the time being.
    for count in range(1, len(names) + 1):
        allowed = ", ".join(f'{{ subject = "{name}", reason = "later" }}' for name in names[count:])
        (folder / ".fr-check.toml").write_text(f"[allow]\nundocumented-setting = [{allowed}]\n")
        fix(folder)
    after = (folder / ".env.example").read_text().splitlines()
    assert sorted(after) == sorted(KEYS)
    assert [line for line in after if line in lines] == lines


@given(data=st.data())
@settings(max_examples=10, deadline=None)
def test_g9_the_order_of_findings_is_no_matter(data: st.DataObject):
    files = {f"{name}.txt": "bad one\nbad two\nbad three\n" for name in "ab"}

    def judge(changes: Mapping[str, str]) -> State:
        repository = Memory({**files, **changes})
        found = []
        for path in data.draw(st.permutations(sorted(files))):
            text = repository.read(path)
            assert isinstance(text, Text)
            for line in data.draw(st.permutations(range(1, 4))):
                if text.line(line).startswith("bad"):
                    start = text.offset(line)
                    edit = Edit(path, start, start + 3, "good")
                    found.append(RULE.finding(f"{path}{line}", "", help="", location=text.location(start, start + 3))
                                 ._replace(fix=Fix(SAFE, (edit,))))  # fmt: skip
        return State(repository, Report(tuple(found), (), (), (), (), {}))

    monkey = pytest.MonkeyPatch()
    monkey.setattr("fr_check.fixes.rounds.reason", lambda *_: "")
    try:
        done = cure(judge({}), judge, unsafe=False)
    finally:
        monkey.undo()
    assert done.texts == {path: text.replace("bad", "good") for path, text in files.items()}


def test_what_does_harm_only_together_is_cured_as_far_as_it_goes():
    names = "abcde"

    def judge(changes: Mapping[str, str]) -> State:
        texts = {**dict.fromkeys(names, "bad"), **changes}
        repository = Memory(texts)
        place = {name: Location(name) for name in names}
        found = [
            RULE.finding(name, "", help="", location=place[name])._replace(fix=Fix(SAFE, (Edit(name, 0, 3, "good"),)))
            for name in names
            if texts[name] == "bad"
        ]
        if texts["b"] == texts["d"] == "good":
            found.append(RULE.finding("both", "", help="", location=place["a"]))
        return State(repository, Report(tuple(found), (), (), (), (), {}))

    monkey = pytest.MonkeyPatch()
    monkey.setattr("fr_check.fixes.rounds.reason", lambda *_: "")
    try:
        done = cure(judge({}), judge, unsafe=False)
    finally:
        monkey.undo()
    assert done.stable
    assert sorted(done.texts) == ["a", "b", "c", "e"]
    assert [(finding.subject, why) for finding, why in done.refused.items()] == [
        ("d", "the edit would bring undocumented-setting of `both`")
    ]


def test_g9_rules_in_any_order(tmp_path: Path):
    files = {
        "app/config.py": CONFIG + '    pattern: str = r"a\\.b"\n',
        ".env.example": 'DEBUG=false\nREGION=eu\nREGION=eu\nplease set these\nPATTERN=r"a\\.b"\nLIMIT = 5\n',
    }
    rules = ("undocumented-setting", "duplicate-key", "unparsable-example", "invalid-example-value", "unportable-line")
    outcomes = set()
    for number, order in enumerate(itertools.islice(itertools.permutations(rules), 0, 120, 7)):
        folder = project(tmp_path / str(number), files)
        for rule in (*order, *order):
            fix(folder, "--select", rule)
        outcomes.add((folder / ".env.example").read_text())
    whole = project(tmp_path / "whole", files)
    fix(whole)
    assert outcomes == {(whole / ".env.example").read_text()}


def test_g10_no_secret_is_shown(tmp_path: Path):
    config = CONFIG + f'    api_token: str = "{SECRET}"\n'
    folder = project(
        tmp_path, {"app/config.py": config, ".env.example": f"DEBUG=false\nAPI_TOKEN={SECRET}\nAPI_TOKEN={SECRET}\n"}
    )
    for words in (
        ["--diff"],
        ["--diff", "--unsafe-fixes"],
        ["--format", "json"],
        ["--format", "sarif"],
        ["--fix", "-v", "--unsafe-fixes"],
    ):
        done = run("env-keys", "--root", folder, *words)
        assert SECRET not in done.stdout + done.stderr


@pytest.mark.parametrize("rule", FIXABLE, ids=lambda rule: f"{rule.checker}/{rule.id}")
@given(data=st.data())
@settings(
    max_examples=3, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow]
)
def test_g12_line_ends_and_blank_lines_around_it_change_no_cure(rule: Rule, data: st.DataObject, tmp_path_factory):
    if isinstance(rule.bad, Example):
        return
    ends = data.draw(st.sampled_from(["\n", "\r\n"]))
    blank = data.draw(st.integers(0, 2))
    files = {}
    for path, text in rule.bad.items():
        tail = "" if path.endswith((".json", ".ctmpl", ".xml")) else "\n" * blank
        files[path] = (text + tail).replace("\r\n", "\n").replace("\n", ends).encode()
    folder = project(tmp_path_factory.mktemp("g12"), files)
    # Line ends are what this rule is about.
    words = (
        command(rule, folder)
        if rule.id == "unportable-line"
        else [*command(rule, folder), "--ignore", "unportable-line"]
    )
    before = contents(folder)
    found = run(*words, "--format", "json").rules()
    done = run(*words, "--fix", "--unsafe-fixes", "--format", "json")
    assert done.rules().count(rule.id) <= found.count(rule.id)
    for path, content in contents(folder).items():
        if ends == "\r\n" and content != before[path] and rule.id != "unportable-line":
            assert content.count(b"\n") == content.count(b"\r\n"), path


def test_g13_a_clean_repository_costs_nothing_more(tmp_path: Path):
    folder = project(tmp_path, {**FILES, ".env.example": CURED})
    before = {path: (folder / path).stat().st_mtime_ns for path in contents(folder)}
    code = (
        "import sys; from fr_check.app.cli import main\ntry: main(sys.argv[1:])\n"
        "except SystemExit as stop: assert not stop.code, stop.code\n"
        "print(*sorted(name for name in sys.modules if name.startswith('fr_check.')), file=sys.stderr)"
    )
    modules = []
    for words in ((), ("--fix",)):
        command = [sys.executable, "-c", code, "env-keys", "--root", str(folder), *words]
        environment = {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)}
        done = subprocess.run(command, capture_output=True, text=True, check=True, env=environment)
        modules.append(set(done.stderr.splitlines()[-1].split()))
    assert not {name for name in modules[1] - modules[0] if ".writing" in name or ".attach" in name or ".patch" in name}
    assert not {"libcst", "difflib"} & modules[1]
    assert {path: (folder / path).stat().st_mtime_ns for path in contents(folder)} == before
