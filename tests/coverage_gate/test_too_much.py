"""Scripts that take too much to follow end soon, and what they may say is told as not judged."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from effort import LINEAR, growth
from fr_check.core import engine
from fr_check.core.budget import Budget
from fr_check.core.config import Config
from fr_check.core.context import Context
from fr_check.core.model import Span
from fr_check.core.registry import load_checker
from fr_check.core.repository import Memory
from fr_check.core.text import Text
from fr_check.coverage_gate.declared import written
from fr_check.runs import walk
from fr_check.sources import shell
from fr_check.sources.thresholds.conditions import Branches

TEN = " ".join(map(str, range(10)))
PYTEST = "pytest --cov=app --cov-fail-under=80 tests\n"
NESTED = "".join(f"for a{n} in {TEN}; do\n" for n in range(6)) + PYTEST + "done\n" * 6
LONG = "A=1\n" + "echo $A\n" * 4_000
GROWING = "A=$A\npytest --cov=app tests\n" * 8_000


def unknowns(files: dict[str, str]) -> list[tuple[str, str]]:
    repository = Memory({"pyproject.toml": "[tool.coverage.report]\nfail_under = 95\n", **files})
    report, _ = engine.run(Context(repository, Config(), None), [load_checker("coverage")])
    return [(one.reason, one.subject) for one in report.unknowns]


def workflow(script: str) -> str:
    lines = "".join(f"          {line}\n" for line in script.splitlines())
    return f"on: push\njobs:\n  a:\n    runs-on: x\n    steps:\n      - run: |\n{lines}"


@pytest.mark.parametrize("script", [NESTED, GROWING], ids=["nested", "growing"])
def test_a_script_that_nobody_calls_is_told_once(script: str) -> None:
    files = {"scripts/test.sh": f"#!/bin/sh\n{script}"}
    assert unknowns(files) == [(Budget.REASON, "scripts/test.sh")]
    files["ci.yml"] = "a: b\n"
    files[".github/workflows/a.yml"] = workflow("./scripts/test.sh")
    assert unknowns(files) == [(Budget.REASON, "scripts/test.sh")]


def test_a_makefile_whose_recipe_takes_too_much_is_told() -> None:
    recipe = "\t" + NESTED.replace("do\n", "do ").replace("\n", "; ").strip("; ").replace("$", "$$") + "\n"
    assert unknowns({"Makefile": f"test:\n{recipe}"}) == [(Budget.REASON, "Makefile")]


def test_a_script_that_is_read_to_its_end_is_not_told() -> None:
    assert unknowns({"scripts/test.sh": f"#!/bin/sh\n{PYTEST}"}) == []
    found = written.of_script(LONG + PYTEST, Text(LONG + PYTEST).span)
    assert (len(found.runs), found.spent) == (1, "")
    # As much as a script of a release does: functions, each with variables of its own, called a thousand times.
    many = "".join(f"A{number}=1\n" for number in range(1_200)) + "echo\n" * 1_200 + PYTEST
    found = written.of_script(many, Text(many).span)
    assert (len(found.runs), found.spent) == (1, "")


def test_what_loops_in_loops_change_costs_what_a_step_does() -> None:
    """Each command is given every change that was made before it: that is no pair of all with all."""
    budget = Budget(steps=walk.STEP_LIMIT)
    found = walk.commands(NESTED, budget=budget)
    assert budget.spent
    assert sum(len(ran.changes) for ran in found) <= 200 * walk.STEP_LIMIT


def test_the_turns_of_one_loop_change_its_variable_once() -> None:
    words = " ".join(map(str, range(3_000)))
    found = walk.commands(f"export a=b\nfor a in {words}; do\npytest $a\ndone\npytest $a\n")
    ran = [one for one in found if one.name == "pytest"]
    assert {len(one.changes) for one in ran} == {3}
    assert [one.environment["a"] for one in (ran[0], ran[1], ran[-1])] == ["0", "1", "2999"]


def test_a_turn_that_changes_more_is_kept() -> None:
    """A command that reads what an earlier turn left finds it."""
    found = walk.commands("export a=b c=d\nfor a in 1 2 3; do\npytest $a\nc=$a\ndone\npytest $c\n")
    ran = [one for one in found if one.name == "pytest"]
    assert [(one.environment["a"], one.environment["c"]) for one in ran] == [
        *(("1", "d"), ("2", "1"), ("3", "2"), ("3", "3"))
    ]


def test_a_script_that_is_too_large_is_told_where_it_names_a_threshold() -> None:
    large = "#!/bin/sh\n" + "echo 1\n" * 45_000
    assert unknowns({"scripts/test.sh": large + PYTEST}) == [("too-large", "scripts/test.sh")]
    assert unknowns({"scripts/test.sh": large}) == []


def test_a_deployment_that_recovers_has_nothing_to_do_with_coverage() -> None:
    deployment = NESTED.replace(PYTEST, "./recover.sh $a0\n")
    assert unknowns({"deploy.sh": f"#!/bin/sh\n{deployment}"}) == []
    assert unknowns({"deploy.sh": f"#!/bin/sh\n{deployment}".replace("recover", "cover")}) != []


def test_a_script_that_only_speaks_of_tests_states_no_threshold() -> None:
    script = NESTED.replace(PYTEST, 'echo "cd src && pytest && ruff check $a0"\n')
    assert unknowns({"update.sh": f"#!/bin/sh\n{script}"}) == []
    assert unknowns({"update.sh": f"#!/bin/sh\n{script}".replace("&& ruff", "--cov && ruff")}) != []


def test_a_script_that_does_the_same_again_costs_less() -> None:
    """A build is started by each job of each workflow, most often with the same words."""
    script = "f() { make; make; make; make; }\n" + "f\n" * 1_000
    budget = Budget(steps=12 * len(walk.commands(script)))
    for _ in range(12):
        walk.commands(script, budget=budget)
    assert not budget.spent
    for number in range(12):
        walk.commands(f"{script}{number}", budget=budget)
    assert budget.spent


@pytest.mark.parametrize("unit", [PYTEST, f"if x; then\n{PYTEST}fi\n", f"case $X in a) {PYTEST.strip()};; esac\n"])
def test_many_runs_of_tests_cost_their_number(unit: str) -> None:
    def said(script: str) -> None:
        written.of_script(script, _nowhere)

    assert growth(said, lambda times: unit * times, 50, 400) <= LINEAR


_PIECES = (
    "if x; then\n", "elif y; then\n", "else\n", "fi\n", "case $X in a)\n", ";; b)\n", "esac\n", "pytest a\n",
    "for i in 1 2; do\n", "done\n", "f() {\n", "}\n", "( pytest\n", ")\n", "x=$(pytest b)\n", "cat <<E\nif\nE\n",
)  # fmt: skip


@given(st.lists(st.sampled_from(_PIECES), max_size=14).map("".join))
def test_the_branches_around_a_command_are_those_that_hold_it(string: str) -> None:
    script = shell.parse(string)
    branches = Branches(script, lambda at: at)
    for command in script.commands:
        holding = [
            str(number)
            for number, block in enumerate(script.blocks)
            if block.kind == "branch" and block.start <= command.start < block.end
        ]
        assert [one.value for one in branches.around(command.start)] == holding


def _nowhere(start: int, end: int) -> Span:
    del start, end
    return Span(1, 1, 1, 1)
