"""Judges a line of commits on one machine and hands the verdicts on, in order."""

from __future__ import annotations

from fr_check.history.judging import Session

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from fr_check.history.judging import Task, Verdict
    from fr_check.history.line import Line
    from fr_check.repository.git import Layout


def judge(layout: Layout, line: Line, task: Task) -> Iterator[Verdict]:
    """The verdict of each commit, in the order of the line."""
    session = Session(layout, task)
    try:
        for point in line.points:
            yield session.judge(point.commit, point.parent)
    finally:
        session.close()
