"""A small project, changed and judged: what every test of dockerfile-args is made of."""

from __future__ import annotations

from typing import TYPE_CHECKING

from fr_check.core.context import Context
from fr_check.core.model import Finding, Severity, Unknown
from fr_check.core.repository import Memory
from fr_check.dockerfile_args.checker import CHECKER
from fr_check.policy.find import read_policy

if TYPE_CHECKING:
    from collections.abc import Mapping

    from fr_check.dockerfile_args.facts import Facts

SOURCE = "export const x = process.env.NEXT_PUBLIC_X;\n"
DOCKERFILE = "FROM node AS builder\nARG NEXT_PUBLIC_X\nRUN npm run build\nFROM node\nCOPY --from=builder /app /app\n"
COMPOSE = """\
services:
  web:
    build:
      context: apps/frontend
      args:
        NEXT_PUBLIC_X: ${NEXT_PUBLIC_X:-}
"""
WORKFLOW = """\
on: push
jobs:
  image:
    steps:
      - uses: actions/checkout@v4
      - name: Build
        uses: docker/build-push-action@v6
        with:
          context: apps/frontend
          push: true
          build-args: |
            NEXT_PUBLIC_X=${{ vars.NEXT_PUBLIC_X }}
"""
W = ".github/workflows/w.yml"
D = "apps/frontend/Dockerfile"
C = "docker-compose.yml"


def project(
    dockerfile: str = DOCKERFILE,
    compose: str = COMPOSE,
    workflow: str = WORKFLOW,
    example: str = "NEXT_PUBLIC_X=\n",
    source: str = SOURCE,
    **more: str,
) -> dict[str, str | bytes]:
    """A project that is all right unless told otherwise; empty texts leave their file out."""
    files = {D: dockerfile, C: compose, W: workflow, ".env.example": example, "apps/frontend/src/a.ts": source, **more}
    return {path: text for path, text in files.items() if text}


def facts(files: Mapping[str, str | bytes]) -> Facts:
    repository = Memory(files)
    loaded: Facts = CHECKER.load(Context(repository, read_policy(repository)))
    return loaded


def results(files: Mapping[str, str | bytes]) -> list[Finding | Unknown]:
    found = facts(files)
    return [*(item for rule in CHECKER.rules for item in rule.check(found)), *found.unknowns]


def judge(files: Mapping[str, str | bytes], least: Severity = Severity.WARNING) -> list[str]:
    """Every result as `error undeclared-build-arg NEXT_PUBLIC_X`, unknowns as `unknown REASON`, sorted."""
    lines = set()
    for item in results(files):
        if isinstance(item, Unknown):
            lines.add(f"unknown {item.reason}")
        elif item.severity >= least:
            lines.add(f"{item.severity} {item.rule} {item.subject}")
    return sorted(lines)
