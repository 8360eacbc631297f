"""What --fix does to an example file: the cases of the design, one small repository each."""

from __future__ import annotations

import subprocess
from io import StringIO
from typing import TYPE_CHECKING

import pytest
from dotenv import dotenv_values

from fr_check.core.engine import FINDING_LIMIT
from running import Done, run

if TYPE_CHECKING:
    from pathlib import Path

HEAD = "from pydantic_settings import BaseSettings\n\n\nclass Settings(BaseSettings):\n"
STRICT = "apps/backend/src/config.py"


def repository(folder: Path, fields: str, example: bytes | None) -> Path:
    files = {STRICT: (HEAD + "".join(f"    {field}\n" for field in fields.split("; "))).encode()}
    if example is not None:
        files[".env.example"] = example
    for path, content in files.items():
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_bytes(content)
    subprocess.run(["git", "init", "-q", folder], check=True)
    return folder


def fix(folder: Path, *options: str) -> Done:
    return run("env-keys", "--root", folder, "--select", "undocumented-setting", "--fix", *options)


def example(folder: Path) -> bytes:
    return (folder / ".env.example").read_bytes()


DEBUG = "debug: bool = False"
CASES = {
    "E1": (f'{DEBUG}; git_commit_sha: str = "unknown"', "DEBUG=false\n", "DEBUG=false\nGIT_COMMIT_SHA=unknown\n"),
    "E2": (f'{DEBUG}; git_commit_sha: str = "unknown"', "DEBUG=false", "DEBUG=false\nGIT_COMMIT_SHA=unknown"),
    "E3": (f'{DEBUG}; sha: str = "u"', "DEBUG=false\r\n", "DEBUG=false\r\nSHA=u\r\n"),
    "a head of several keys stays above them": (
        f'{DEBUG}; db_a: str = "a"; db_b: str = "b"; db_c: str = "c"',
        "DEBUG=false\n\n# the database\nDB_B=b\nDB_C=c\n",
        "DEBUG=false\n\n# the database\nDB_A=a\nDB_B=b\nDB_C=c\n",
    ),
    "the comment of an only key stays with it": (
        f'{DEBUG}; db_a: str = "a"; db_b: str = "b"',
        "DEBUG=false\n\n# the database\nDB_B=b\n",
        "DEBUG=false\n\n# the database\nDB_B=b\nDB_A=a\n",
    ),
    "the prefix of all settings says nothing of a block": (
        'app_x: str = "x"; app_key: str = "k"; app_new: int = 1; app_y: str = "y"',
        "# X\nAPP_X=x\n\n# Keys\nAPP_KEY=k\n\n# Y\nAPP_Y=y\n",
        "# X\nAPP_X=x\n\n# Keys\nAPP_KEY=k\nAPP_NEW=1\n\n# Y\nAPP_Y=y\n",
    ),
    "with what the settings take, not below a page's": (
        'first: int = 1; x: str = "x"',
        "X=x\n\nNEXT_PUBLIC_URL=/\n",
        "FIRST=1\nX=x\n\nNEXT_PUBLIC_URL=/\n",
    ),
    "declared before all that is there": (
        "a: int = 1; b: int = 2; c: int = 3; d: int = 4",
        "# of all\n\n# the third\nC=3\nD=4\n",
        "# of all\n\n# the third\nA=1\nB=2\nC=3\nD=4\n",
    ),
    "declared before a marked key": (
        'a: int = 1; c: str = ""',
        "# [VAULT] x\nC=\nD=4\n",
        "A=1\n# [VAULT] x\nC=\nD=4\n",
    ),
    "nobody's key stands first": ("a: int = 1; b: int = 2; c: int = 3", "X=1\nC=3\n", "X=1\nA=1\nB=2\nC=3\n"),
    "a comment with blanks around its sign": (
        f'{DEBUG}; sha: str = "u"',
        '# SHA = "u"\nDEBUG=false\n',
        'SHA="u"\nDEBUG=false\n',
    ),
    "another value in a comment is somebody's": (
        "debug: bool = False; lvl: int = 3",
        "# LVL=4\nDEBUG=false\n",
        "# LVL=4\nDEBUG=false\n",
    ),
    "the words behind a value stay": (
        f'{DEBUG}; tz: str = "UTC"',
        "#  TZ=UTC # zone\nDEBUG=false\n",
        "TZ=UTC # zone\nDEBUG=false\n",
    ),
    "the default goes before the words": (
        f"{DEBUG}; lvl: int = 3",
        "# LVL= # one to five\nDEBUG=false\n",
        "LVL=3 # one to five\nDEBUG=false\n",
    ),
    "export and quotes in a comment": (
        f'{DEBUG}; q: str = "two words"',
        '# export Q="two words"\nDEBUG=false\n',
        'export Q="two words"\nDEBUG=false\n',
    ),
    "blanks in a comment": (
        f'{DEBUG}; q: str = "two words"',
        "#Q=two words\nDEBUG=false\n",
        "Q='two words'\nDEBUG=false\n",
    ),
    "what only a name says": (f"{DEBUG}; max_size: int = 3", "# MAX_SIZE:\nDEBUG=false\n", "MAX_SIZE=3\nDEBUG=false\n"),
    "the same truth": (f"{DEBUG}; tz: bool = True", "# TZ=yes\nDEBUG=false\n", "TZ=yes\nDEBUG=false\n"),
    "a backslash": (f'{DEBUG}; rx: str = r"^a\\.b\\d+$"', "DEBUG=false\n", "DEBUG=false\nRX='^a\\.b\\d+$'\n"),
    "two backslashes are read in two ways": (f'{DEBUG}; rx: str = r"a\\\\b"', "DEBUG=false\n", "DEBUG=false\n"),
    "a backslash at the end": (f'{DEBUG}; rx: str = "a\\\\"', "DEBUG=false\n", "DEBUG=false\n"),
    "a family is not parted": (
        'db_x: str = "x"; db_y: str = "y"; db_pool_size: int = 1; db_pool_age: int = 2',
        "DB_X=x\nDB_POOL_SIZE=1\nDB_POOL_AGE=2\n",
        "DB_X=x\nDB_Y=y\nDB_POOL_SIZE=1\nDB_POOL_AGE=2\n",
    ),
    "a family is not parted by a stranger": (
        'db_pool_size: int = 1; db_y: str = "y"; db_pool_age: int = 2',
        "DB_POOL_SIZE=1\nDB_POOL_AGE=2\n",
        "DB_POOL_SIZE=1\nDB_POOL_AGE=2\nDB_Y=y\n",
    ),
    "E3 without an end": (f'{DEBUG}; sha: str = "u"', "A_DEBUG=1\r\nDEBUG=false", "A_DEBUG=1\r\nDEBUG=false\r\nSHA=u"),
    "E4": (f'{DEBUG}; title: str = "two words"', "DEBUG=false\n", "DEBUG=false\nTITLE='two words'\n"),
    "E5": (
        f'{DEBUG}; origins: list[str] = ["a", "b"]',
        "DEBUG=false\n",
        'DEBUG=false\nORIGINS=\'["a", "b"]\'\n',
    ),
    "E6": (f"{DEBUG}; n: int | None = None", "DEBUG=false\n", "DEBUG=false\n"),
    "E8": (f'{DEBUG}; tz: str = "UTC"', "# DEBUG=false\nTZ=UTC\n", "DEBUG=false\nTZ=UTC\n"),
    "E9": (
        'a: str = ""; new: str = "x"; b: str = ""',
        "A=\n# [VAULT] x\nB=\n",
        "A=\nNEW=x\n# [VAULT] x\nB=\n",
    ),
    "E10": (
        's3_bucket: str = "x"; redis_url: str = ""; s3_region: str = "eu"',
        "# S3\nS3_BUCKET=x\n\n# Redis\nREDIS_URL=\n",
        "# S3\nS3_BUCKET=x\nS3_REGION=eu\n\n# Redis\nREDIS_URL=\n",
    ),
    "E11": (
        "x_a: int = 1; x_c: int = 1; x_d: int = 1; x_b: int = 1",
        "X_A=1\nX_C=1\nX_D=1\n",
        "X_A=1\nX_B=1\nX_C=1\nX_D=1\n",
    ),
    "E12": (
        f'{DEBUG}; sha: str = "u"',
        "# >>> generated by tools/env.py\nDEBUG=false\n# <<<\n",
        "# >>> generated by tools/env.py\nDEBUG=false\n# <<<\n",
    ),
    "a free place right below what is generated": (
        f"{DEBUG}; tail_a: int = 1; tail_b: int = 2",
        "# >>> generated by tools/env.py\nDEBUG=false\n# <<<\nTAIL_B=2\n",
        "# >>> generated by tools/env.py\nDEBUG=false\n# <<<\nTAIL_B=2\nTAIL_A=1\n",
    ),
    "a free place right above what is generated": (
        f"tail_a: int = 1; tail_b: int = 2; {DEBUG}",
        "TAIL_A=1\n# BEGIN GENERATED\nDEBUG=false\n# END GENERATED\n",
        "TAIL_A=1\nTAIL_B=2\n# BEGIN GENERATED\nDEBUG=false\n# END GENERATED\n",
    ),
    "E13": ("a: int = 1; b: int = 2; c: int = 3", "A=1\n", "A=1\nB=2\nC=3\n"),
    "E15": (f'{DEBUG}; signing_key: str = "dev"', "DEBUG=false\n", "DEBUG=false\n"),
    "E20": (f'{DEBUG}; t: str = "it\'s"', "DEBUG=false\n", 'DEBUG=false\nT="it\'s"\n'),
    "a byte order mark stays": (f'{DEBUG}; sha: str = "u"', "\ufeffDEBUG=false\n", "\ufeffDEBUG=false\nSHA=u\n"),
    "export stays": (f'{DEBUG}; sha: str = "u"', "export DEBUG=false\n", "export DEBUG=false\nexport SHA=u\n"),
    "quotes stay": (f'{DEBUG}; sha: str = "u"', 'DEBUG="false"\n', 'DEBUG="false"\nSHA="u"\n'),
    "an unfinished merge": (f'{DEBUG}; sha: str = "u"', "DEBUG=1\n=======\n", "DEBUG=1\n=======\n"),
    "a value of several lines": ('a: str = "x"; sha: str = "u"', 'A="x\ny"\n', 'A="x\ny"\nSHA=u\n'),
}


@pytest.mark.parametrize("name", CASES)
def test_an_example_file_gets_what_it_lacks(name: str, tmp_path: Path):
    fields, before, after = CASES[name]
    folder = repository(tmp_path, fields, before.encode())
    done = fix(folder)
    assert example(folder).decode() == after, done.stderr
    changed = before != after
    assert ("in .env.example" in done.stderr) == changed or "not fixed" in done.stderr
    # A second run has nothing to do, and touches nothing.
    stamp = (folder / ".env.example").stat().st_mtime_ns
    fix(folder)
    assert (folder / ".env.example").stat().st_mtime_ns == stamp


@pytest.mark.parametrize("order", ["ab", "ba"])
@pytest.mark.parametrize("before", ["C=3\nD=4\n", "D=4\nC=3\n", "# own\nC=3\nD=4\n", "X=1\n\nC=3\nD=4\n"])
def test_g9_what_is_declared_first_stands_alike_whichever_comes_first(order: str, before: str, tmp_path: Path):
    fields = "a: int = 1; b: int = 2; c: int = 3; d: int = 4"
    once = repository(tmp_path / "once", fields, before.encode())
    fix(once)
    each = repository(tmp_path / "each", fields, before.encode())
    for one in order:
        others = "".join(f'{{subject = "{name}", reason = "x"}},' for name in "ABD" if name != one.upper())
        (each / ".fr-check.toml").write_text(f"[allow]\nundocumented-setting = [{others}]\n")
        fix(each)
    (each / ".fr-check.toml").unlink()
    fix(each)
    assert example(each) == example(once)


@pytest.mark.parametrize(
    ("fields", "after"),
    [
        (f'{DEBUG}; signing_key: str = "dev"', "DEBUG=false\nSIGNING_KEY='<YOUR_SIGNING_KEY>'\n"),
        (f"{DEBUG}; s: str", "DEBUG=false\nS=\n"),
        (f"{DEBUG}; s: str | None = None", "DEBUG=false\nS=\n"),
    ],
)
def test_what_a_person_should_look_at_needs_another_option(fields: str, after: str, tmp_path: Path):
    folder = repository(tmp_path, fields, b"DEBUG=false\n")
    assert "1 more with --unsafe-fixes" in fix(folder).stderr
    assert example(folder) == b"DEBUG=false\n"
    fix(folder, "--unsafe-fixes")
    assert example(folder).decode() == after


@pytest.mark.parametrize(
    ("fields", "before", "after"),
    [
        ("lvl: int = 3", "# LVL=4 # high\n", "LVL=4 # high\n"),
        ('zone: str = "UTC"', "# export ZONE = CET\n", "export ZONE=CET\n"),
        ("level: str | None = None", "# LEVEL=debug\n", "LEVEL=debug\n"),
    ],
)
def test_a_value_in_a_comment_is_taken_on_demand(fields: str, before: str, after: str, tmp_path: Path):
    folder = repository(tmp_path, f"{DEBUG}; {fields}", f"{before}DEBUG=false\n".encode())
    assert "1 more with --unsafe-fixes" in fix(folder).stderr
    assert example(folder).decode() == f"{before}DEBUG=false\n"
    fix(folder, "--unsafe-fixes")
    assert example(folder).decode() == f"{after}DEBUG=false\n"


@pytest.mark.parametrize("value", [r"^\d+$", r"C:\temp\new", r"a\b # c", "two words"])
def test_every_program_reads_what_is_written(value: str, tmp_path: Path):
    folder = repository(tmp_path, f"{DEBUG}; rx: str = {value!r}", b"DEBUG=false\n")
    fix(folder)
    assert dotenv_values(stream=StringIO(example(folder).decode()))["RX"] == value
    shown = subprocess.run(
        ["sh", "-c", ". ./.env.example; cat <<E\n$RX\nE"], cwd=folder, check=True, capture_output=True
    )
    assert shown.stdout.decode() == f"{value}\n"


def test_a_patch_is_what_git_applies(tmp_path: Path):
    for name, (fields, before, after) in CASES.items():
        folder = repository(tmp_path / name.replace(" ", "-"), fields, before.encode())
        done = run("env-keys", "--root", folder, "--select", "undocumented-setting", "--diff")
        assert example(folder).decode() == before
        assert (done.stdout != "") == (before != after)
        if "cannot be applied" in done.stderr:
            assert "***" in done.stdout
            continue
        if done.stdout:
            assert done.status == 1
            patch = done.stdout.encode()
            subprocess.run(["git", "-C", folder, "apply", "--whitespace=nowarn", "-"], input=patch, check=True)
        assert example(folder).decode() == after


@pytest.mark.parametrize("kind", ["file", "folder", "hard link", "read-only", "ignored"])
def test_a_file_that_is_somebody_elses_is_left_alone(kind: str, tmp_path: Path):
    fields = f'{DEBUG}; sha: str = "u"'
    folder = repository(tmp_path / "project", fields, None)
    target = tmp_path / "elsewhere" / ".env.example"
    target.parent.mkdir()
    target.write_text("DEBUG=false\n")
    place = folder / ".env.example"
    if kind == "file":
        (folder / "real.env").write_text("DEBUG=false\n")
        place.symlink_to("real.env")
    elif kind == "folder":
        (folder / "real").mkdir()
        (folder / "real" / ".env.example").write_text("DEBUG=false\n")
        (folder / "link").symlink_to("real")
        (folder / ".fr-check.toml").write_text('[[env-keys.apps]]\nexample = ["link/.env.example"]\n')
    elif kind == "hard link":
        place.hardlink_to(target)
    else:
        place.write_text("DEBUG=false\n")
    if kind == "ignored":
        (folder / ".gitignore").write_text(".env.example\n")
    if kind == "read-only":
        place.chmod(0o440)
    before = {path: path.read_bytes() for path in folder.rglob("*") if path.is_file() and ".git" not in path.parts}
    done = fix(folder, "-v")
    assert done.status in {0, 1, 3}
    after = {path: path.read_bytes() for path in folder.rglob("*") if path.is_file() and ".git" not in path.parts}
    # root may write what is read-only.
    assert before == after or kind == "read-only"
    assert target.read_text() == "DEBUG=false\n"


def test_mode_and_folder_stay_as_they_were(tmp_path: Path):
    folder = repository(tmp_path, f'{DEBUG}; sha: str = "u"', b"DEBUG=false\n")
    (folder / ".env.example").chmod(0o640)
    fix(folder)
    assert (folder / ".env.example").stat().st_mode & 0o777 == 0o640
    assert not list(folder.glob(".fr-check-*"))


def test_the_index_and_a_commit_are_not_changed(tmp_path: Path):
    folder = repository(tmp_path, DEBUG, b"A=1\n")
    for option in ("--staged", "--rev=HEAD"):
        assert run("env-keys", "--root", folder, "--fix", option).status == 2


def test_json_holds_the_edits(tmp_path: Path):
    folder = repository(tmp_path, f'{DEBUG}; sha: str = "u"', b"DEBUG=false\n")
    (found,) = run("env-keys", "--root", folder, "--select", "undocumented-setting", "--format", "json").json()[
        "findings"
    ]
    assert found["fixable"]
    assert found["fix"] == {
        "applicability": "safe",
        "edits": [
            {
                "path": ".env.example",
                "start": {"line": 2, "column": 1},
                "end": {"line": 2, "column": 1},
                "text": "SHA=u\n",
            }
        ],
    }


# rule, options, fields, before, after
_AKIA = "AKIAIOSFODNN7EXAMPLE"
LINES = {
    "E16": ("unparsable-example", "", DEBUG, "DEBUG=false\nplease set these\n", "DEBUG=false\n# please set these\n"),
    "E17": ("unparsable-example", "--unsafe-fixes", DEBUG, 'DEBUG=false\nKEY="open\n', 'DEBUG=false\nKEY="open\n'),
    "a failed assignment": ("unparsable-example", "", DEBUG, "DEBUG=1\nA: 2\n", "DEBUG=1\nA: 2\n"),
    "E18": ("duplicate-key", "", "a: int = 1; b: int = 2", "A=1\nB=2\nA=1\n", "A=1\nB=2\n"),
    "E18 with quotes": ("duplicate-key", "", 'a: str = "x"', "A=x\n\nA='x'\n", "A=x\n"),
    # What is told of such a key is masked.
    "a key that looks like a secret": (
        "duplicate-key",
        "",
        "a: int = 1",
        f"A=1\n{_AKIA}=x\n{_AKIA}=x\n",
        f"A=1\n{_AKIA}=x\n",
    ),
    "other values": ("duplicate-key", "", "a: int = 1", "A=1\nA=2\n", "A=1\nA=2\n"),
    "other values, unsafe": ("duplicate-key", "--unsafe-fixes", "a: int = 1", "# a\nA=1\nA=2\n", "# a\nA=2\n"),
    "E19": (
        "duplicate-key",
        "--unsafe-fixes",
        'a: str = ""; b: int = 1',
        "B=1\nA=${B}\nB=2\n",
        "B=1\nA=${B}\nB=2\n",
    ),
    "a comment that is the default": ("commented-key", "", DEBUG, "# DEBUG=false\nTZ=UTC\n", "DEBUG=false\nTZ=UTC\n"),
    "a comment with blanks": ("commented-key", "", DEBUG, "# DEBUG = false\nTZ=UTC\n", "DEBUG=false\nTZ=UTC\n"),
    "a comment that is another value": ("commented-key", "", DEBUG, "# DEBUG=true\n", "# DEBUG=true\n"),
    "a comment behind nothing": ("unportable-line", "", 't: str = ""', "T= # why\n", "# why\nT=\n"),
    "a comment with an equals sign": ("unportable-line", "", 't: str = ""', "export T=  # a=b", "# a=b\nexport T="),
    "two words": ("unportable-line", "", 't: str = ""', "T=two words\n", "T='two words'\n"),
    "blanks": ("unportable-line", "", 't: str = ""', "T = x  # why\n", "T=x  # why\n"),
    "an apostrophe": ("unportable-line", "", 't: str = ""', "T=it's\n", 'T="it\'s"\n'),
    "a reference": ("unportable-line", "--unsafe-fixes", 't: str = ""', "T=${HOME}/x y\n", "T=${HOME}/x y\n"),
    "what the shell expands": ("unportable-line", "", 't: str = ""', "T=a$b\n", "T=a$b\n"),
    "export": ("unportable-line", "", 't: str = ""', "export T=a b\n", "export T='a b'\n"),
    "an unknown key": (
        "unknown-example-key",
        "--unsafe-fixes",
        DEBUG,
        "DEBUG=1\n\n# the old one\nOLD=1\n\n# rest\n",
        "DEBUG=1\n\n# rest\n",
    ),
    "an unknown key heads a group": (
        "unknown-example-key",
        "--unsafe-fixes",
        DEBUG,
        "# server\nOLD=1\nDEBUG=1\n",
        "# server\nDEBUG=1\n",
    ),
    "blanks before quotes": ("unportable-line", "", 't: str = ""', 'T = "x y"  # why\n', 'T="x y"  # why\n'),
    "blanks before no value": ("unportable-line", "", 't: str = ""', "T = ''\n", "T=''\n"),
    "a comment in place of a value": ("unportable-line", "--unsafe-fixes", 't: str = ""', "T=# why\n", "T=# why\n"),
    "of two equal lines the explained one stays": (
        "duplicate-key",
        "",
        "a: int = 1",
        "A=1\n\n# why\nA=1\n",
        "\n# why\nA=1\n",
    ),
    "a head of lines in comments stays": (
        "unknown-example-key",
        "--unsafe-fixes",
        DEBUG,
        "DEBUG=1\n\n# the old ones\nOLD=1\n# OLDER=1\n",
        "DEBUG=1\n\n# the old ones\n# OLDER=1\n",
    ),
    "a marker goes with its key": (
        "unknown-example-key",
        "--unsafe-fixes",
        DEBUG,
        "# [VAULT] Managed by Vault\nOLD=\nDEBUG=1\n",
        "DEBUG=1\n",
    ),
    "an unknown last key without an end": ("unknown-example-key", "--unsafe-fixes", DEBUG, "DEBUG=1\nOLD=1", "DEBUG=1"),
}


@pytest.mark.parametrize("name", LINES)
def test_lines_of_an_example_are_mended(name: str, tmp_path: Path):
    rule, option, fields, before, after = LINES[name]
    folder = repository(tmp_path, fields, before.encode())
    done = run("env-keys", "--root", folder, "--select", rule, "--fix", *option.split())
    assert example(folder).decode() == after, done.stderr
    before_values = dotenv_values(stream=StringIO(before))
    kept = {key: value for key, value in dotenv_values(stream=StringIO(after)).items() if key in before_values}
    # python-dotenv itself: what is still there means what it meant.
    assert kept == {key: value for key, value in before_values.items() if key in kept} or "#" in before


@pytest.mark.parametrize(
    ("before", "option", "after"),
    [
        (b"\xef\xbb\xbf# head\nDEBUG=1\n", "--unsafe-fixes", b"# head\nDEBUG=1\n"),
        (b"\xef\xbb\xbf\nDEBUG=1", "--unsafe-fixes", b"\nDEBUG=1"),
        (b"\xef\xbb\xbfDEBUG=1\n", "--unsafe-fixes", b"DEBUG=1\n"),
        (b"\xef\xbb\xbfDEBUG=1\nT=a b\n", "", b"DEBUG=1\nT='a b'\n"),
        (b"\xef\xbb\xbf# head\r\nDEBUG=1\r\n", "", b"# head\r\nDEBUG=1\r\n"),
        (b"\xef\xbb\xbfDEBUG=1\nT=a b\n", "--unsafe-fixes", b"DEBUG=1\nT='a b'\n"),
        (b"\xef\xbb\xbf# head\r\nDEBUG=1\r\n", "--unsafe-fixes", b"# head\nDEBUG=1\n"),
    ],
    ids=ascii,
)
def test_a_byte_order_mark_goes(before: bytes, option: str, after: bytes, tmp_path: Path):
    folder = repository(tmp_path, f'{DEBUG}; t: str = ""', before)
    words = ["--root", folder, "--select", "unportable-line", *option.split()]
    assert {*dotenv_values(stream=StringIO(before.decode()))} == {*dotenv_values(stream=StringIO(after.decode()))}
    shown = run("env-keys", *words, "--diff").stdout
    run("env-keys", *words, "--fix")
    assert example(folder) == after
    (folder / ".env.example").write_bytes(before)
    if shown:
        subprocess.run(["git", "-C", folder, "apply", "-"], input=shown.encode(), check=True)
    assert example(folder) == after


# rule, options, files besides the example, before, after
READS = {
    "what code falls back to, in a comment": (
        "undocumented-read",
        "",
        {"app/conf.py": 'import os\n\nA = os.environ["A"]\nB = os.getenv("B", "two words")\n'},
        "A=1\n",
        "A=1\n# B='two words'\n",
    ),
    "a secret is one under any other name": (
        "undocumented-read",
        "",
        {"app/conf.py": 'import os\n\nA = os.environ["A"]\nAPI_KEY = os.getenv("B", "abc")\n'},
        "A=1\n",
        "A=1\n",
    ),
    "nothing to fall back to": (
        "undocumented-read",
        "",
        {"app/conf.py": 'import os\n\nA = os.environ["A"]\nB = os.getenv("B")\n'},
        "A=1\n",
        "A=1\n",
    ),
    "what code cannot do without": (
        "undocumented-read",
        "--unsafe-fixes",
        {"app/conf.py": 'import os\n\nA = os.environ["A"]\nB = os.environ["B"]\nC = os.getenv("C")\n'},
        "A=1\n",
        "A=1\nB=\n# C=\n",
    ),
    "a read past settings": (
        "read-outside-settings",
        "",
        {"app/config.py": f"{HEAD}    a: int = 1\n", "app/b.py": 'import os\n\nB = os.getenv("B", "x")\n'},
        "A=1\n",
        "A=1\nB=x\n",
    ),
    "settings refuse what they do not know": (
        "read-outside-settings",
        "",
        {
            "app/config.py": f'{HEAD}    a: int = 1\n    model_config = {{"env_file": ".env"}}\n',
            "app/b.py": 'import os\n\nB = os.getenv("B", "x")\n',
            ".fr-check.toml": 'preset = "common"\n',
        },
        "A=1\n",
        "A=1\n# B=x\n",
    ),
    "and a comment documents nothing": (
        "read-outside-settings",
        "",
        {
            "app/config.py": f'{HEAD}    a: int = 1\n    model_config = {{"env_file": ".env"}}\n',
            "app/b.py": 'import os\n\nB = os.getenv("B", "x")\n',
            ".fr-check.toml": 'preset = "strict"\n',
        },
        "A=1\n",
        "A=1\n",
    ),
}


@pytest.mark.parametrize("name", READS)
def test_what_code_reads_is_documented(name: str, tmp_path: Path):
    rule, option, files, before, after = READS[name]
    for path, content in {**files, ".env.example": before}.items():
        (tmp_path / path).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / path).write_text(content)
    subprocess.run(["git", "init", "-q", tmp_path], check=True)
    done = run("env-keys", "--root", tmp_path, "--select", rule, "--fix", *option.split())
    assert example(tmp_path).decode() == after, done.stderr


def test_what_documenting_uncovers_is_cured_next(tmp_path: Path):
    folder = repository(tmp_path, f'{DEBUG}; region: str = "eu"', b"DEBUG=false\n")
    (folder / "apps/backend/Dockerfile").write_text(
        "FROM python:3.12\nWORKDIR /app\nCOPY src src\nCMD uvicorn src.main:app\n"
    )
    (folder / "apps/backend/src/main.py").write_text("from src.config import Settings\n\nsettings = Settings()\n")
    (folder / "compose.yml").write_text(
        "services:\n  web:\n    build: apps/backend\n    environment:\n      DEBUG: ${DEBUG:-false}\n"
    )
    done = run("env-keys", "--root", folder, "--fix")
    assert example(folder) == b"DEBUG=false\nREGION=eu\n", done.stderr
    assert (folder / "compose.yml").read_text().endswith("      DEBUG: ${DEBUG:-false}\n      REGION:\n")


def test_more_lines_than_are_reported_are_all_cured(tmp_path: Path):
    keys = [f"A{number}" for number in range(FINDING_LIMIT + 100)]
    root = repository(tmp_path, "a0: str = ''", "".join(f"{key}=   # why\n" for key in keys).encode())
    run("env-keys", "--root", root, "--select", "unportable-line", "--fix")
    assert (root / ".env.example").read_text("utf-8") == "".join(f"# why\n{key}=\n" for key in keys)
