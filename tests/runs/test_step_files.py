"""What a step writes to `$GITHUB_ENV`: bash runs the script, the file is read as the runner reads it."""

from __future__ import annotations

import subprocess
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fr_check.runs import step_files
from fr_check.runs.model import Start

if TYPE_CHECKING:
    from pathlib import Path

READ = [
    'echo "PORT=80" >> $GITHUB_ENV\n',
    'echo PORT=80 >> "$GITHUB_ENV"\necho "HOST=a b" >> "${GITHUB_ENV}"\n',
    "echo 'URL=http://x/?a=b' >> $GITHUB_ENV\n",
    '{\n  echo "A=1"\n  echo "B=2"\n} >> "$GITHUB_ENV"\n',
    "(echo A=1; echo B=2) >> $GITHUB_ENV\n",
    'echo "A=1" | tee -a "$GITHUB_ENV"\n',
    "cat <<'EOF' >> $GITHUB_ENV\nA=1\nB=x y\nEOF\n",
    "cat >> $GITHUB_ENV <<EOF\nA=1\nEOF\n",
    'echo -e "A=1\\nB=2" >> $GITHUB_ENV\n',
    "printf 'A=1\\nB=2\\n' >> $GITHUB_ENV\n",
    "printf '%s\\n' 'A=1' 'B=2' >> $GITHUB_ENV\n",
    "echo A=1 >> $GITHUB_ENV; echo A=2 >> $GITHUB_ENV\n",
    'echo "E=" >> $GITHUB_ENV\n',
    'F=$GITHUB_ENV; echo A=1 >> "$F"\n',
    'X=1; echo "A=$X" >> $GITHUB_ENV\n',
    "printf '%s=%s\\n' A 1 B 2 >> $GITHUB_ENV\n",
    'put() { echo "$1=$2" >> "$GITHUB_ENV"; }; put A 1; put B 2\n',
    "bash -c 'echo A=1 >> $GITHUB_ENV'\n",
    "cat >> $GITHUB_ENV <<-EOF\n\tA=1\n\tB=\\$x\n\tEOF\n",
]
# Only the names are known.
NAMES = [
    ('echo "A=$(date)" >> $GITHUB_ENV\n', {"A"}),
    ('echo "A=${X:-1}" >> $GITHUB_ENV\n', {"A"}),
    ("printf 'A=%s\\n' \"$X\" >> $GITHUB_ENV\n", {"A"}),
    ('{\n echo "A<<END"\n echo one\n echo "B=2"\n echo END\n} >> $GITHUB_ENV\n', {"A"}),
    ('echo "A<<END\none\nEND\nB=1" >> $GITHUB_ENV\n', {"A", "B"}),
]
UNREAD = [
    "python gen.py >> $GITHUB_ENV\n", "cat .env >> $GITHUB_ENV\n", 'echo "$LINES" >> $GITHUB_ENV\n',
    "echo A=1 >> $env:GITHUB_ENV\n", "env | grep X >> $GITHUB_ENV\n",
]  # fmt: skip


def as_the_runner(text: str) -> dict[str, str]:
    """https://github.com/actions/runner, src/Runner.Worker/FileCommandManager.cs, SetEnvFileCommand."""
    found: dict[str, str] = {}
    lines = iter(text.split("\n"))
    for line in lines:
        equals, heredoc = line.find("="), line.find("<<")
        if heredoc >= 0 and (equals < 0 or heredoc < equals):
            end = line[heredoc + 2 :]
            found[line[:heredoc]] = "\n".join(iter(lines.__next__, end))
        elif line:
            found[line[:equals]] = line[equals + 1 :]
    return found


def written(script: str, folder: Path) -> dict[str, str]:
    file = folder / "env"
    file.touch()
    subprocess.run(["bash", "-e", "-c", script], check=True, env={"GITHUB_ENV": str(file), "PATH": "/usr/bin:/bin"},
                   capture_output=True)  # fmt: skip
    return as_the_runner(file.read_text())


@pytest.mark.parametrize("script", READ)
def test_names_and_values_are_those_that_the_runner_reads(script: str, tmp_path: Path):
    found = step_files.variables(script)
    assert {one.name: one.value for one in found.variables} == written(script, tmp_path)
    assert not found.unread
    if "$1" not in script and "<<-" not in script:
        places = [script[one.start : one.start + len(one.name)] for one in found.variables]
        assert places == [one.name for one in found.variables]


@pytest.mark.parametrize(("script", "names"), NAMES)
def test_of_others_the_names_are_known(script: str, names: set[str], tmp_path: Path):
    assert {one.name for one in step_files.variables(script).variables} == names == written(script, tmp_path).keys()


@pytest.mark.parametrize("script", UNREAD)
def test_what_only_a_run_tells_is_not_known(script: str):
    assert step_files.variables(script).unread


@pytest.mark.parametrize(
    "script",
    [
        "if x; then\n  echo A=1 >> $GITHUB_ENV\nfi\n",
        "grep -q x y && echo A=1 >> $GITHUB_ENV\n",
        "f() { test x; }\nf && echo A=1 >> $GITHUB_ENV\n",
        "! x && echo A=1 >> $GITHUB_ENV\n",
        "for x in $Y; do echo A=1 >> $GITHUB_ENV; done\n",
        "f() { echo A=1 >> $GITHUB_ENV; }\n",
    ],
)
def test_what_may_not_run_is_doubtful(script: str):
    assert [(one.name, one.doubtful) for one in step_files.variables(script).variables] == [("A", True)]


@given(st.text("echo AB=1>\"'$GITHUB_ENV{}()|\n", max_size=60))
def test_never_raises(script: str):
    step_files.variables(script)


@pytest.mark.parametrize(
    ("script", "held"),
    [
        ("[ -f .env ] || cp .env.example .env", {}),
        ("if [ ! -f .env ]; then\n  cp .env.example .env\nfi", {}),
        ('echo A=1 > .env\nif [ -n "$X" ]; then\n  cp .env.example .env\nfi', {".env": None}),
        ("[ -f .env ] || cp other .env", {".env": None}),
    ],
)
def test_a_copy_of_the_example_where_there_is_none_is_what_was_there_or_the_example(
    script: str, held: dict[str, str | None]
):
    found = step_files.files(script, Start())
    assert {path: text for path, text in found.items() if path == ".env"} == held
