"""Where a person writes `# fr-check: ignore[...]`: at the line that the report shows, or above what it is about."""

from __future__ import annotations

import pytest

from fr_check.core import engine
from fr_check.core.context import Context
from fr_check.core.repository import Memory
from fr_check.dockerfile_args.checker import CHECKER
from fr_check.policy.find import read_policy
from frontend_project import C, D, W, project

IGNORE = "# fr-check: ignore[{rule}] set when it starts"

STEP = """\
on: push
jobs:
  image:
    steps:
      - uses: actions/checkout@v4
{1}
      - name: Build{2}
        uses: docker/build-push-action@v6{3}
        with:{4}
          context: apps/frontend{5}
          push: true
      - run: echo{6}
"""
ARGS = """\
on: push
jobs:
  image:
    steps:
{1}
      - uses: docker/build-push-action@v6{2}
        with:
          context: apps/frontend
{3}
          build-args: |{4}
            Y=1
"""
COMMAND = """\
on: push
jobs:
  image:
    steps:
{1}
      - name: Build{2}
        run: |
          echo
          {3}
          docker build \\
            apps/frontend
"""
SERVICE = """\
services:
  web:
    build:
      context: apps/frontend
{1}
      args:{2}
        Y: 1
"""
DOCKERFILE = """\
FROM node
{1}
RUN --mount=type=cache,target=/c \\
{2}
    echo && \\
    npm run build
"""


def judged(path: str, content: str, place: int, rule: str) -> tuple[list[str], int]:
    """The rules left with a directive at one of the places of a file, and how many findings it took out."""
    directive = IGNORE.format(rule=rule)
    lines = []
    for line in content.splitlines():
        before, _, marked = line.partition("{")
        number, _, after = marked.partition("}")
        here = f"{'  ' if before.strip() else ''}{directive}" if number == str(place) else ""
        lines.append(f"{before}{here}{after}" if number else line)
    files = {**project(), C: "", W: "", path: "\n".join(lines) + "\n"}
    repository = Memory({path: text for path, text in files.items() if text})
    report, _ = engine.run(Context(repository, read_policy(repository)), [CHECKER])
    return [finding.rule for finding in report.findings if finding.rule == rule], len(report.suppressed)


PLACES = [
    *((W, STEP, place, "unpassed-build-arg") for place in (1, 2, 3)),
    *((W, ARGS, place, "unpassed-build-arg") for place in (1, 2, 3, 4)),
    *((W, COMMAND, place, "unpassed-build-arg") for place in (1, 2, 3)),
    *((C, SERVICE, place, "unpassed-build-arg") for place in (1, 2)),
    *((D, DOCKERFILE, place, "undeclared-build-arg") for place in (1, 2)),
]


@pytest.mark.parametrize(("path", "content", "place", "rule"), PLACES)
def test_a_directive_is_heeded(path: str, content: str, place: int, rule: str) -> None:
    assert judged(path, content, 0, rule) == ([rule], 0)
    assert judged(path, content, place, rule) == ([], 1)


@pytest.mark.parametrize("place", [4, 5, 6])
def test_a_directive_elsewhere_is_not(place: int) -> None:
    assert judged(W, STEP, place, "unpassed-build-arg") == (["unpassed-build-arg"], 0)
