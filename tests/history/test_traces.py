"""A part stays as long as no change has to do with what it asked, and is made again where one does."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

import pytest

from fr_check.core.config import Config
from fr_check.core.context import Context
from fr_check.core.names import ending
from fr_check.core.text import Text
from fr_check.history import tables, worker
from fr_check.history.line import read_line
from fr_check.history.shared import HEAD, Shared
from fr_check.history.states import State
from fr_check.repository.revision import Revision
from fr_check.variables import launch
from fr_check.variables.flow import Flow
from histories import commit, repository

if TYPE_CHECKING:
    from collections.abc import Iterator

    from fr_check.core.repository import Repository

made: list[str] = []


def first_letters(repository: Repository) -> dict[str, str]:
    """A mapping of which most entries stay when files come and go."""
    made.append("first_letters")
    return {path[0]: path for path in repository.select(ending(".txt"))}


def of_one_letter(repository: Repository, letter: str) -> str:
    """Asks for one entry of it, and reads the file."""
    made.append(letter)
    path = repository.looked_up(first_letters, letter)
    text = repository.read(path) if path else None
    return text.string if isinstance(text, Text) else ""


def first_line(text: Text) -> str:
    """A parser: what stands below changes nothing."""
    return text.line(1)


def of_lines(repository: Repository) -> tuple[str, ...]:
    """Is made of parts, and of the first line of a file."""
    made.append("of_lines")
    text = repository.read("lines.md")
    line = text.parsed(first_line) if isinstance(text, Text) else ""
    return (line, *(repository.remembered(of_one_letter, letter) for letter in "ab"))


FIRST = {"a1.txt": "a\n", "b1.txt": "b\n", "lines.md": "one\ntwo\n"}


def states(tmp_path: object, changes: list[dict[str, str | None]]) -> Iterator[tuple[State, Revision]]:
    """Each commit as one of a history, and alone."""
    commits = [commit("0", 1, FIRST), *(commit(str(n), 1 + n, change) for n, change in enumerate(changes, 1))]
    top, _ = repository(tmp_path, commits)
    layout = worker.open_layout(os.fspath(top))
    shared = Shared(layout)
    for point in read_line(layout, None, None).points:
        yield (
            State(shared, HEAD, shared.listing(point.commit, point.parent)),
            Revision(layout, os.fspath(top), point.commit),
        )
    shared.close()


@pytest.mark.parametrize(
    ("change", "again"),
    [
        ({"other": "x\n"}, []),
        ({"z.md": "x\n"}, []),
        # What stands below the first line nobody asked for.
        ({"lines.md": "one\nthree\n"}, []),
        # Another entry of the mapping: it is made again, and says the same of `a` and `b`.
        ({"c1.txt": "c\n"}, ["first_letters"]),
        ({"lines.md": "two\n"}, ["of_lines"]),
        ({"a1.txt": "changed\n"}, ["a", "of_lines"]),
        ({"a2.txt": "a\n"}, ["first_letters", "a"]),
        ({"a1.txt": None}, ["first_letters", "a", "of_lines"]),
    ],
)
def test_what_is_made_again(tmp_path, change, again):
    for number, (state, alone) in enumerate(states(tmp_path, [change, {"last": "x\n"}])):
        made.clear()
        found = state.remembered(of_lines)
        asked = sorted(made)
        assert found == alone.remembered(of_lines)
        assert asked == (sorted(["a", "b", "first_letters", "of_lines"]), sorted(again), [])[number]


def test_a_part_that_nobody_asked_for_long_is_made_again(tmp_path, monkeypatch):
    monkeypatch.setattr(tables, "_LONG_AGO", 3)
    changes: list[dict[str, str | None]] = [{"other": f"{number}\n"} for number in range(5)]
    for number, (state, alone) in enumerate(states(tmp_path, [*changes, {"a1.txt": "changed\n"}])):
        if number in {0, 2, 6}:
            made.clear()
            assert state.remembered(of_one_letter, "a") == alone.remembered(of_one_letter, "a")
    assert "a" in made


STARTED = {
    "compose.yml": "services: {web: {build: ., volumes: ['./x:/x']}}\n",
    "Dockerfile": 'FROM python:3.13\nCOPY start.sh /start.sh\nCMD ["/start.sh"]\n',
    "start.sh": "export A=1\nexec uvicorn app:app\n",
}
CHANGES: list[tuple[dict[str, str | None], int]] = [
    (STARTED, 1),
    ({"other": "x\n"}, 0),
    # The words stand where they stood, and say the same.
    ({"compose.yml": f"{STARTED['compose.yml']}# the end\n"}, 0),
    ({"start.sh": "export A=2\nexec uvicorn app:app\n"}, 1),
    # Another image is read anew, whatever of it is another.
    ({"Dockerfile": f"{STARTED['Dockerfile']}LABEL a=b\n"}, 1),
    ({"start.sh": None}, 1),
]


def test_what_a_container_starts_is_followed_again_where_it_is_something_else(tmp_path, monkeypatch):
    followed: list[object] = []

    def counting(*given: object) -> object:
        followed.append(given)
        return follow(*given)  # type: ignore[arg-type]

    follow = launch.follow
    monkeypatch.setattr(launch, "follow", counting)
    found = states(tmp_path, [change for change, _ in CHANGES])
    next(found)
    for (change, again), (state, alone) in zip(CHANGES, found, strict=True):
        followed.clear()
        ours = _starts(state)
        assert len(followed) == again, change
        assert ours == _starts(alone), change


def _starts(repository: Repository) -> list[tuple[object, ...]]:
    flow = Flow(Context(repository, Config()), (), {})
    found = [one.launch for one in flow.services]
    return [(start.words, tuple(one.value for one in start.operations)) for one in found if one for start in one.starts]
