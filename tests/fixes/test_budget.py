"""A run with many fixes that go wrong ends: what goes is done, and the rest is told with what to do."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from fr_check.core.edits import SAFE, Edit, Fix
from fr_check.core.model import Location, Report
from fr_check.core.registry import all_rules
from fr_check.core.repository import Memory
from fr_check.fixes.rounds import BUDGET, UNTRIED, State, cure

if TYPE_CHECKING:
    from collections.abc import Mapping

RULE = next(rule for rule in all_rules() if rule.id == "undocumented-setting")
NUMBER = 100


class Judge:
    """Finds a fault in each file that holds `bad`; `stuck` are found whatever is done, `brings` are made worse."""

    def __init__(self, stuck: set[int], brings: set[int], about: str = "same") -> None:
        self.stuck, self.brings, self.about, self.runs = stuck, brings, about, 0

    def __call__(self, changes: Mapping[str, str]) -> State:
        self.runs += 1
        texts = {f"f{number:03}": "bad" for number in range(NUMBER)} | dict(changes)
        found = []
        for number, (path, text) in enumerate(sorted(texts.items())):
            fault = RULE.finding(path, "", help="", location=Location(path))
            if text == "bad":
                found.append(fault._replace(fix=Fix(SAFE, (Edit(path, 0, 3, "good"),))))
            elif number in self.stuck:
                found.append(fault)
            elif number in self.brings:
                subject = path if self.about == "same" else "another"
                found.append(RULE.finding(subject, "", help="", location=Location("elsewhere")))
        return State(Memory(texts), Report(tuple(found), (), (), (), (), {}))


@pytest.fixture(autouse=True)
def _any_path(monkeypatch):
    monkeypatch.setattr("fr_check.fixes.rounds.reason", lambda *_: "")


@pytest.mark.parametrize(
    "judge",
    [
        Judge(set(range(0, NUMBER, 2)), set()),
        Judge(set(), set(range(1, NUMBER, 2))),
        Judge(set(range(0, NUMBER, 4)), set(range(1, NUMBER, 4))),
    ],
    ids=["not cured", "brings", "both"],
)
def test_what_goes_is_done_however_much_does_not(judge):
    bad = {f"f{number:03}" for number in judge.stuck | judge.brings}
    done = cure(judge({}), judge, unsafe=False)
    assert {f"f{number:03}" for number in range(NUMBER)} - bad == set(done.texts)
    assert judge.runs <= BUDGET + 2
    assert {finding.subject for finding in done.refused} >= bad
    assert done.stable


def test_what_was_not_tried_is_told():
    judge = Judge(set(), set(range(0, NUMBER, 2)), about="another")
    done = cure(judge({}), judge, unsafe=False)
    assert judge.runs <= BUDGET + 2
    assert UNTRIED in done.refused.values()
    assert "run the command again" in UNTRIED


def test_few_are_tried_one_by_one():
    judge = Judge({3, 50}, {7})
    done = cure(judge({}), judge, unsafe=False)
    assert len(done.texts) == NUMBER - 3
    assert UNTRIED not in done.refused.values()
