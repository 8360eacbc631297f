"""A public variable that a service is given when it runs, of an image that a workflow builds (case P1 and its like)."""

from __future__ import annotations

import pytest

from fr_check.core.config import Config
from fr_check.core.context import Context
from fr_check.core.engine import run
from fr_check.core.registry import load_checker
from fr_check.core.repository import Memory

_WORKFLOW = """\
on: push
jobs:
  build:
    runs-on: ubuntu-latest
    steps:
      - uses: actions/checkout@v4
      - uses: docker/build-push-action@v6
        with:
          context: web
          push: true
          tags: ghcr.io/o/web:latest
"""
_COMPOSE = 'services:\n  web:\n    image: "{image}:${{TAG}}"\n    environment: {{NEXT_PUBLIC_X: "{value}"}}\n'
_DOCKERFILE = (
    "FROM node:22\nWORKDIR /app\nCOPY . .\nARG NEXT_PUBLIC_X\nENV NEXT_PUBLIC_X=$NEXT_PUBLIC_X\nRUN npm run build\n"
)
_FILES = {
    "web/package.json": '{"name": "web", "scripts": {"build": "next build"}, "dependencies": {"next": "15"}}',
    "web/app/page.js": "export const url = process.env.NEXT_PUBLIC_X;\n",
    "web/Dockerfile": _DOCKERFILE,
}


def found(arguments: str = "", image: str = "ghcr.io/o/web", value: str = "u") -> list[tuple[str, str, str]]:
    workflow = _WORKFLOW + (f"          build-args: |\n            {arguments}\n" if arguments else "")
    compose = {"infra/compose.yaml": _COMPOSE.format(image=image, value=value)}
    files = {**_FILES, ".github/workflows/push.yml": workflow, **compose}
    report, _ = run(Context(Memory(files, {"infra": "1" * 40}), Config()), [load_checker("dockerfile-args")])
    wanted = [f for f in report.findings if f.rule == "runtime-only-public-variable"]
    return [(f.subject, str(f.severity), f.location.path) for f in wanted]


def test_p1_no_build_passes_it():
    assert found() == [("NEXT_PUBLIC_X", "error", "infra/compose.yaml")]


@pytest.mark.parametrize("arguments", ["NEXT_PUBLIC_X=u", "NEXT_PUBLIC_X=${{ vars.X }}"])
def test_p1_the_build_passes_it(arguments: str):
    assert found(arguments) == []


def test_p1_the_build_passes_another_constant():
    assert found("NEXT_PUBLIC_X=v") == [("NEXT_PUBLIC_X", "warning", "infra/compose.yaml")]


def test_a_value_that_only_the_host_knows_may_be_the_same():
    assert found("NEXT_PUBLIC_X=v", value="https://${HOST}") == []


def test_another_image_is_none_of_ours():
    assert found(image="ghcr.io/o/other") == []


def test_what_the_code_falls_back_on_is_what_the_page_was_built_with():
    page = 'export const url = process.env.NEXT_PUBLIC_X || "https://api.example.org";\n'
    _FILES["web/app/page.js"], plain = page, _FILES["web/app/page.js"]
    try:
        assert found(value="https://api.example.org") == [("NEXT_PUBLIC_X", "info", "infra/compose.yaml")]
        assert found(value="https://other.example.org") == [("NEXT_PUBLIC_X", "error", "infra/compose.yaml")]
    finally:
        _FILES["web/app/page.js"] = plain


def test_a_placeholder_that_the_build_passes_is_replaced_when_the_container_starts():
    assert found("NEXT_PUBLIC_X=__NEXT_PUBLIC_X__") == []
    assert found("NEXT_PUBLIC_X=X") == [("NEXT_PUBLIC_X", "warning", "infra/compose.yaml")]
