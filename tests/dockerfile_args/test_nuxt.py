"""What Nuxt's server fills in when it runs need not be there when the image is built."""

from __future__ import annotations

import pytest

from frontend_project import WORKFLOW, judge, project

NAME = "NUXT_PUBLIC_API_BASE"
CONFIG = f"""\
export default defineNuxtConfig({{
  runtimeConfig: {{ public: {{ apiBase: process.env.{NAME} || "" }} }},
}});
"""
COMPOSE = f"""\
services:
  web:
    build: {{context: apps/frontend}}
    environment:
      {NAME}: ${{{NAME}:-}}
"""
DOCKERFILE = "FROM node AS builder\nRUN npm run build\n"
MANIFEST = '{"dependencies": {"nuxt": "4"}, "scripts": {"build": "nuxt build", "generate": "nuxt generate"}}'


def found(
    compose: str = COMPOSE, manifest: str = MANIFEST, dockerfile: str = DOCKERFILE, source: str = ""
) -> list[str]:
    files = {"apps/frontend/nuxt.config.ts": CONFIG, "apps/frontend/package.json": manifest}
    return judge(project(dockerfile, compose=compose, workflow="", source=source, example=f"{NAME}=\n", **files))


def test_the_server_takes_it_from_its_environment() -> None:
    assert found() == []


def test_a_container_that_is_given_it_has_it_whatever_another_build_passes() -> None:
    workflow = WORKFLOW.replace("NEXT_PUBLIC_X", NAME)
    dockerfile = f"FROM node\nARG {NAME}\nENV {NAME}=${NAME}\nRUN npm run build\n"
    files = {"apps/frontend/nuxt.config.ts": CONFIG, "apps/frontend/package.json": MANIFEST}
    given = project(dockerfile, compose=COMPOSE, workflow=workflow, source="", example=f"{NAME}=\n", **files)
    assert judge(given) == []
    generated = {**given, "apps/frontend/package.json": MANIFEST.replace("nuxt build", "nuxt generate")}
    assert judge(generated) == [f"error runtime-only-public-variable {NAME}"]


@pytest.mark.parametrize(
    "more",
    [
        {"manifest": MANIFEST.replace("nuxt build", "nuxt generate")},
        {"dockerfile": DOCKERFILE.replace("npm run build", "npx nuxi generate")},
        {"compose": COMPOSE.replace("apps/frontend}", f"apps/frontend, args: {{{NAME}: x}}}}").partition("    env")[0]},
        {"source": f"export const base = import.meta.env.{NAME};\n"},
    ],
    ids=["generated-by-script", "generated", "not-given", "read-elsewhere"],
)
def test_where_no_server_is_given_it_the_build_needs_it(more: dict[str, str]) -> None:
    assert [line for line in found(**more) if line.endswith(NAME)]
