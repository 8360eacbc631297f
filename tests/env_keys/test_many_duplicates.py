"""A key that is given very often is told some times, and the rest is counted."""

from __future__ import annotations

import pytest

from building import git
from running import run

CONFIG = "from pydantic_settings import BaseSettings\n\n\nclass Settings(BaseSettings):\n    port: int\n    host: str\n"


def duplicates(folder, example: str):
    (folder / "config.py").write_text(CONFIG)
    (folder / ".env.example").write_text(example)
    git(folder, "init", "--quiet")
    git(folder, "add", ".")
    found = run("env-keys", "--root", folder, "--format", "json").json()["findings"]
    return [one["message"] for one in found if one["rule"] == "duplicate-key"]


@pytest.mark.parametrize(("times", "more"), [(21, 0), (22, 1), (500, 479)])
def test_the_rest_is_counted(tmp_path, times, more):
    found = duplicates(tmp_path, "HOST=a\n" + "PORT=1\n" * times)
    assert len(found) == 20
    assert sum("more times" in message for message in found) == (1 if more else 0)
    if more:
        assert f"and {more} more times" in found[-1]


def test_each_key_has_lines_of_its_own(tmp_path):
    found = duplicates(tmp_path, "PORT=1\nHOST=a\n" * 30)
    assert len(found) == 40
    assert sum("and 9 more times" in message for message in found) == 2


@pytest.mark.parametrize(
    ("example", "safe", "unsafe"),
    {
        "told of several lines at once": ("HOST=a\n" + "PORT=1\n" * 300, "HOST=a\nPORT=1\n", "HOST=a\nPORT=1\n"),
        "in turns": ("HOST=a\n" + "PORT=2\nPORT=1\n" * 150, None, "HOST=a\nPORT=1\n"),
        # The last one wins: without it the value would be another.
        "the first value comes back": ("PORT=1\nPORT=2\nPORT=1\nHOST=a\n", None, "PORT=1\nHOST=a\n"),
        "the second value twice": ("PORT=1\nPORT=2\nPORT=2\n", "PORT=1\nPORT=2\n", "PORT=2\n"),
        "the last alone is explained": ("PORT=1\nPORT=1\n# why\nPORT=1\n", "# why\nPORT=1\n", "# why\nPORT=1\n"),
    }.values(),
)
def test_the_value_that_wins_stays(tmp_path, example: str, safe: str | None, unsafe: str):
    duplicates(tmp_path, example)
    run("env-keys", "--root", tmp_path, "--fix", "--select", "duplicate-key")
    assert (tmp_path / ".env.example").read_text() == (example if safe is None else safe)
    run("env-keys", "--root", tmp_path, "--fix", "--unsafe-fixes", "--select", "duplicate-key")
    assert (tmp_path / ".env.example").read_text() == unsafe
