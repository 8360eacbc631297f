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
