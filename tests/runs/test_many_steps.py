"""A workflow of very many steps costs no more than their number."""

from __future__ import annotations

from effort import LINEAR, growth
from fr_check.core.text import Text
from fr_check.coverage_gate.declared import written_steps
from fr_check.runs import step_writes
from fr_check.sources import workflow

HEAD = "on: push\njobs:\n  a:\n    runs-on: x\n    steps:\n"


def of_steps(times: int) -> Text:
    return Text(HEAD + "".join(f"      - run: echo {number}\n" for number in range(times)), "w.yml")


def test_what_steps_before_it_write_is_looked_for_once():
    def asked(text: Text) -> object:
        (job,) = workflow.parse(text).jobs
        return [step_writes.before(job, step) for step in job.steps]

    assert growth(asked, of_steps, 100, 800) <= LINEAR
    assert growth(written_steps.parse, of_steps, 100, 800) <= LINEAR


def test_only_what_stands_before_a_step_counts():
    text = Text(
        f"{HEAD}      - run: echo A=1 >> $GITHUB_ENV\n      - run: x\n      - run: echo A=2 >> $GITHUB_ENV\n"
        "      - run: y\n",
        "w.yml",
    )
    (job,) = workflow.parse(text).jobs
    assert [step_writes.before(job, step) for step in job.steps] == [{}, {"A": "1"}, {"A": "1"}, {"A": "2"}]
