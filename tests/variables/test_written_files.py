"""Files of variables that a script writes itself before it reads them, and files that may not be there."""

from __future__ import annotations

from pathlib import Path

import pytest

from variables.test_step_shells import _BASE, _STEP, _traced, step

_READ = "set -a; . ./own.env; set +a¶pytest"
WRITTEN: dict[str, tuple[str, str, str | None]] = {
    "a here-document": (f"cat > own.env <<'EOF'¶A=doc¶EOF¶{_READ}", "value", "doc"),
    "a here-document after the file": (f"cat <<EOF > ./own.env¶A=doc¶EOF¶{_READ}", "value", "doc"),
    "with what the script knows": (f"V=7¶cat > own.env <<EOF¶A=v$V¶EOF¶{_READ}", "value", "v7"),
    "with what only a run tells": (f"cat > own.env <<EOF¶A=$(date)¶EOF¶{_READ}", "unknown", None),
    "with what only a run tells, in quotes": (f'cat > own.env <<EOF¶A="$(date)"¶EOF¶{_READ}', "computed", ""),
    "echo": (f"echo A=e > own.env¶{_READ}", "value", "e"),
    "echo, twice": (f"echo B=1 > own.env¶echo A=2 >> own.env¶{_READ}", "value", "2"),
    "printf": (f"printf '%s\\n' B=1 'A=p q' > own.env¶{_READ.replace('A=p q', 'A')}", "default", None),
    "printf, quoted": (f"printf '%s\\n' \"A='p q'\" > own.env¶{_READ}", "value", "p q"),
    "tee": (f"echo A=t | tee own.env >/dev/null¶{_READ}", "value", "t"),
    "a group": (f"{{ echo B=1; echo A=g; }} > own.env¶{_READ}", "value", "g"),
    "in another shell": ("echo A=s > own.env¶bash -c 'set -a; . ./own.env; exec pytest'", "value", "s"),
    "from another folder": (f"cd app && echo A=f > ../own.env && cd ..¶{_READ}", "value", "f"),
    "over a committed file": ("echo A=mine > ci.env¶set -a; . ./ci.env¶pytest", "value", "mine"),
    "without exporting": ("echo A=k > own.env¶. ./own.env¶pytest", "default", None),
    "by what prints something else": (f"aws secrets > own.env¶{_READ}", "unknown", None),
    "under a condition": (f'if [ "$X" ]; then echo A=c > own.env; fi¶{_READ}', "unknown", None),
    "edited": ("sed -i s/a/b/ ci.env¶set -a; . ./ci.env¶pytest", "unknown", None),
}


@pytest.mark.parametrize("name", WRITTEN)
def test_a_file_that_the_script_writes_is_read(name: str, tmp_path: Path):
    script, outcome, value = WRITTEN[name]
    found = step(tmp_path, script, "A")
    assert (found["outcome"], found["value"]) == (outcome, value)


def test_what_cannot_be_told_of_a_written_file_is_said(tmp_path: Path):
    found = step(tmp_path, f"aws secrets > own.env¶{_READ}", "A")
    assert found["unknown"] == "`. ./own.env` reads what the script itself writes, which is only known at run time"


_SECOND = "      - run: |¶          {}"
_TWO = f"{_STEP.partition('      - name: tests')[0]}{_SECOND}¶      - name: tests¶        run: |¶          {{}}"
# What one step writes, what the next one runs, and what pytest has of it there.
LATER: dict[str, tuple[str, str, str, str | None]] = {
    "added to": ("echo A=1 >> later.env", "set -a; . ./later.env; set +a; pytest", "value", "1"),
    "written": ("cat > later.env <<EOF¶A=doc¶EOF", "set -a; source later.env; pytest", "value", "doc"),
    "loaded by a program": ("printf 'A=%s\\n' two > later.env", "uv run --env-file later.env pytest", "value", "two"),
    "exported by xargs": ("echo A=x > later.env", "export $(cat later.env | xargs); pytest", "value", "x"),
    "of which something is not known": ("echo A=$(date) > later.env", "set -a; . ./later.env; pytest", "unknown", None),
    "by what prints something else": ("python make.py > later.env", "set -a; . ./later.env; pytest", "unknown", None),
    "under a condition": ('test -n "$X" && echo A=1 > later.env', "set -a; . ./later.env; pytest", "unknown", None),
    "over a committed file": ("echo A=mine > ci.env", "set -a; . ./ci.env; pytest", "value", "mine"),
    "added to a committed file": ("echo A=mine >> ci.env", "set -a; . ./ci.env; pytest", "unknown", None),
    "the environment": ("F=$GITHUB_ENV; echo A=env >> $F", "pytest", "value", "env"),
    "the environment, by a function": ('put() { echo "$1" >> $GITHUB_ENV; }¶put A=fun', "pytest", "value", "fun"),
}


@pytest.mark.parametrize("name", LATER)
def test_what_a_step_writes_is_known_to_the_next(name: str, tmp_path: Path):
    first, second, outcome, value = LATER[name]
    indented = (script.replace("¶", "¶          ") for script in (first, second))
    found = _traced(tmp_path, f"{_BASE} F .github/workflows/ci.yml«{_TWO.format(*indented)}»", "A")
    assert (found["outcome"], found["value"]) == (outcome, value)


GUARDED: dict[str, tuple[str, str, bool]] = {
    "one that is not there": ("set -a; [ -f gone.env ] && . ./gone.env¶pytest", "unknown", False),
    "not there, exported": ("if [ -f no.env ]; then set -a; . ./no.env; set +a; fi¶pytest", "unknown", False),
    "what stands beside it": ("if [ -f gone.env ]; then . ./gone.env; export A=1; fi¶pytest", "unknown", False),
    "one that is there": ("if [ -f ci.env ]; then set -a; . ./ci.env; set +a; fi¶pytest", "value", True),
    "a test before a default": ('[ -z "$A" ] && export A=1¶pytest', "unknown", False),
}  # fmt: skip


@pytest.mark.parametrize("name", GUARDED)
def test_a_file_that_is_looked_for_first_may_not_be_there(name: str, tmp_path: Path):
    script, outcome, certain = GUARDED[name]
    found = step(tmp_path, script, "A")
    assert (found["outcome"], found["certain"]) == (outcome, certain)


def test_what_may_happen_hides_nothing_before_it(tmp_path: Path):
    found = step(tmp_path, '[ -z "$X" ] && export C=own¶pytest', "C")
    told = [(one["how"], one["what"]) for one in found["steps"]]
    assert told == [("set", "entry of `env` of the workflow"), ("set", "the script sets it, perhaps")]
    assert found["unknown"] == "whether the script sets `C` is only known at run time"


def test_what_clears_the_environment_is_a_step_of_the_way(tmp_path: Path):
    found = step(tmp_path, 'exec env -i PATH="$PATH" pytest', "C")
    assert found["outcome"] == "default"
    assert [one["what"] for one in found["steps"]] == [
        '`env` of the workflow: lost, `env -i PATH="$PATH"` takes it away',
        '`env -i PATH="$PATH"` takes it away',
    ]
