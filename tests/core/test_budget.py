"""A budget says no once something ran out, says what, and keeps saying so."""

from __future__ import annotations

from fr_check.core.budget import Budget


def test_a_file_counts_each_time_it_is_opened():
    budget = Budget(files=2)
    assert [budget.file() for _ in range(4)] == [True, True, False, False]
    assert budget.spent == "leads to more than 2 files"


def test_steps_are_counted_over_all_files():
    budget = Budget(steps=5)
    assert budget.file()
    assert budget.step(4)
    assert not budget.step()
    assert budget.spent == "takes more than 5 steps to follow"


def test_levels_below_the_first_are_limited():
    budget = Budget(depth=3)
    assert budget.file(3)
    assert budget.spent == ""
    assert not budget.file(4)
    assert not budget.step()
    assert budget.spent == "goes more than 3 levels deep"


def test_the_first_limit_that_is_reached_is_the_one_that_is_told():
    budget = Budget(files=0, depth=0)
    assert not budget.file(5)
    assert budget.spent == "leads to more than 0 files"
