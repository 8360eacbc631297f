"""Work that goes on while something else is done."""

from __future__ import annotations

from threading import Event

import pytest

from fr_check.repository.background import begin


def test_the_outcome_is_waited_for_and_the_same_each_time() -> None:
    done = Event()

    def work() -> list[int]:
        done.wait()
        return [1]

    result = begin(work)
    done.set()
    assert result() is result()
    assert result() == [1]


def test_a_failure_is_raised_where_the_outcome_is_asked_for() -> None:
    def work() -> None:
        raise LookupError("not there")

    result = begin(work)
    for _ in range(2):
        with pytest.raises(LookupError, match="not there"):
            result()


def test_work_begins_before_anybody_waits() -> None:
    begun = Event()
    begin(begun.set)
    assert begun.wait(60)
