"""What compose passes: cases 21 to 28."""

from __future__ import annotations

import pytest

from fr_check.core.model import Finding, Severity
from frontend_project import COMPOSE, DOCKERFILE, C, facts, judge, project, results

Y = "warning unconsumed-build-arg Y"
UNPASSED = ["error unpassed-build-arg NEXT_PUBLIC_X"]
HEAD = "services:\n  web:\n    build:\n      context: apps/frontend\n"


def args(lines: str) -> str:
    """The compose file with these lines below `args:`."""
    return HEAD + "      args:\n" + "".join(f"        {line}\n" for line in lines.splitlines())


CASES = {
    "21-list-bare": (args("- NEXT_PUBLIC_X"), []),
    "21-list-empty": (args("- NEXT_PUBLIC_X="), []),
    "21-null": (args("NEXT_PUBLIC_X:"), []),
    "21-truth": (args("NEXT_PUBLIC_X: true"), []),
    "22-environment": (
        HEAD + "    environment:\n      NEXT_PUBLIC_X: /api\n",
        ["error runtime-only-public-variable NEXT_PUBLIC_X"],
    ),
    "22-env-file": (HEAD + "    env_file: .env\n", UNPASSED),
    "22-short-form": ("services:\n  web:\n    build: ./apps/frontend\n", UNPASSED),
    "23-merge-key": ("x-args: &a {NEXT_PUBLIC_X: 1}\n" + args("<<: *a"), []),
    "23-merge-list": ("x: [&a {Y: 1}, &b {NEXT_PUBLIC_X: 1}]\n" + HEAD + "      args: {<<: [*b]}\n", []),
    "23-explicit-key-wins": ("x: &a {NEXT_PUBLIC_X: 1}\n" + args("<<: *a\nNEXT_PUBLIC_X: 2"), []),
    "24-reset": (HEAD + "      args: !reset null\n", UNPASSED),
    "25-literal": (args("NEXT_PUBLIC_X: $${NEXT_PUBLIC_X}"), ["warning literal-dollar NEXT_PUBLIC_X"]),
    "25-cross-wired": (args("NEXT_PUBLIC_X: ${NEXT_PUBLIC_Y}"), ["warning cross-wired-build-arg NEXT_PUBLIC_X"]),
    "25-private-source": (args("NEXT_PUBLIC_X: ${API_URL}"), []),
    "25-nested": (args("NEXT_PUBLIC_X: ${A:-${NEXT_PUBLIC_X:-}}"), []),
    "25-derived": (args("NEXT_PUBLIC_X: ${NEXT_PUBLIC_Y}/api"), []),
    "25-invalid": (args("NEXT_PUBLIC_X: ${X!}"), ["error invalid-interpolation X"]),
    "26-interpolated-key": (args('"${PFX}_X": 1'), [*UNPASSED, "warning malformed-build-arg ${PFX}_X"]),
    "26-twice": (args("NEXT_PUBLIC_X: 1\nNEXT_PUBLIC_X: 2"), ["error duplicate-key NEXT_PUBLIC_X"]),
    "28-archive": ("services:\n  web:\n    build: https://example.org/a.tar.gz\n", []),
    "28-remote": ("services:\n  web:\n    build:\n      context: https://github.com/o/r.git\n", []),
    "28-git-address": ("services:\n  web:\n    build: git@github.com:o/r.git\n", []),
    "28-above-the-root": ("services:\n  web:\n    build: ../other\n", []),
    "28-context-by-default": (HEAD.replace("apps/frontend", "${DIR:-./apps/frontend}"), UNPASSED),
    "28-unknown-context": (HEAD.replace("apps/frontend", "${DIR}"), ["unknown unresolved-build"]),
    "42-no-such-folder": (
        HEAD.replace("apps/frontend", "apps/web"),
        ["warning missing-dockerfile apps/web/Dockerfile"],
    ),
    "profiles": (COMPOSE + "    profiles: [app]\n", []),
    "a-remark-is-no-argument": (HEAD + "      args:\n        # NEXT_PUBLIC_X: 1\n        Y: 1\n", [*UNPASSED, Y]),
    "unnamed": (args("- $NAME=1"), ["unknown opaque-build-args"]),
}


@pytest.mark.parametrize(("compose", "expected"), CASES.values(), ids=CASES.keys())
def test_compose(compose: str, expected: list[str]) -> None:
    assert judge(project(compose=compose)) == sorted(expected)


def test_26_an_interpolated_key_is_no_unconsumed_argument_of_another_name() -> None:
    found = [f for f in results(project(compose=args('"${PFX}_X": 1'))) if isinstance(f, Finding)]
    assert "interpolates no keys" in next(f.message for f in found if f.rule == "malformed-build-arg")


def test_23_what_a_merge_key_brings_stands_at_the_merge_key() -> None:
    (build,) = facts(project(compose="x: &a {NEXT_PUBLIC_X: 1}\n" + args("<<: *a"), workflow="")).builds
    span = build.passed["NEXT_PUBLIC_X"].location.span
    assert span is not None
    assert span[:2] == (7, 9)


BASE = "services:\n  base:\n    build: {context: apps/frontend}\n"
EXTENDED = {
    "extends": (f"{BASE}  web:\n    extends: base\n    build: {{args: {{NEXT_PUBLIC_X: 1}}}}\n", UNPASSED),
    "extends-a-file": (
        "services:\n  web:\n    extends: {file: b/base.yml, service: base}\n    build: {args: {NEXT_PUBLIC_X: 1}}\n",
        [],
    ),
    "include": ("include: [b/base.yml]\n", UNPASSED),
    "include-with-a-folder": ("include:\n  - path: b/root.yml\n    project_directory: .\n", UNPASSED),
}


@pytest.mark.parametrize(("compose", "expected"), EXTENDED.values(), ids=EXTENDED.keys())
def test_services_of_other_files(compose: str, expected: list[str]) -> None:
    others = {
        "b/base.yml": BASE.replace("apps", "../apps"),
        "b/root.yml": BASE,
    }
    assert judge(project(compose=compose, workflow="", **others)) == expected


OVERRIDE = "services:\n  web:\n    build:\n      args:\n        NEXT_PUBLIC_X: 1\n"


def test_24_an_override_file_completes_the_default_one() -> None:
    assert judge(project(compose=HEAD, **{"docker-compose.override.yml": OVERRIDE})) == []


def test_24_half_a_service_is_merged_with_the_default_file() -> None:
    assert judge(project(**{"docker-compose.ci.yml": OVERRIDE})) == []


def test_24_half_a_service_alone_is_skipped() -> None:
    files = project(compose="", **{"deploy/compose.ci.yml": OVERRIDE})
    assert judge(files) == []


def test_24_the_sets_that_a_workflow_names_are_merged() -> None:
    prod = "services:\n  web:\n    build:\n      context: apps/frontend\n"
    job = "on: push\njobs:\n  a:\n    env: {COMPOSE_FILE: 'docker-compose.yml:prod.compose.yml'}\n    steps:\n"
    step = "      - run: docker compose build\n"
    alone = project(workflow="", **{"prod.compose.yml": prod})
    assert judge(alone) == UNPASSED
    assert judge({**alone, ".github/workflows/w.yml": job + step}) == []


def test_24_the_sets_that_a_makefile_names_are_merged() -> None:
    prod = "services:\n  web:\n    build:\n      context: apps/frontend\n"
    make = "up:\n\tdocker compose -f docker-compose.yml -f docker-compose.prod.yml up --build\n"
    assert judge(project(workflow="", Makefile=make, **{"docker-compose.prod.yml": prod})) == []


def test_27_services_are_judged_by_their_target() -> None:
    dockerfile = DOCKERFILE + "FROM alpine AS tool\nRUN true\n"
    compose = "services:\n  tool:\n    build: {context: apps/frontend, target: tool}\n"
    assert judge(project(dockerfile, compose=compose, workflow="")) == []
    web = compose + "  web:\n    build: {context: apps/frontend, target: builder}\n"
    assert judge(project(dockerfile, compose=web, workflow="")) == UNPASSED


def test_27_an_argument_of_a_global_arg_is_consumed() -> None:
    dockerfile = "ARG NODE=22\n" + DOCKERFILE.replace("FROM node AS", "FROM node:${NODE} AS")
    compose = COMPOSE + "        NODE: ${NODE:-22}\n"
    assert judge(project(dockerfile, compose=compose)) == []


def test_28_a_dockerfile_is_relative_to_the_context() -> None:
    compose = HEAD.replace("apps/frontend\n", "apps/frontend\n      dockerfile: ../../docker/Fe.Dockerfile\n")
    files = project("", compose=compose, workflow="", **{"docker/Fe.Dockerfile": DOCKERFILE})
    assert judge(files) == UNPASSED


def test_28_an_inline_dockerfile_is_judged_at_its_lines() -> None:
    inline = "      dockerfile_inline: |\n        FROM node\n        RUN npm run build\n        ARG NEXT_PUBLIC_X\n"
    found = [f for f in results(project("", compose=HEAD + inline, workflow="")) if isinstance(f, Finding)]
    scope = next(f for f in found if f.rule == "build-arg-out-of-scope")
    assert scope.location.path == C
    assert scope.location.span is not None
    assert scope.location.span[:2] == (8, 13)


def test_28_dollars_of_an_inline_dockerfile_are_unescaped() -> None:
    inline = (
        "      dockerfile_inline: |\n        FROM node\n        ARG NEXT_PUBLIC_X\n"
        "        ENV NEXT_PUBLIC_X=$${NEXT_PUBLIC_X}\n        RUN npm run build\n      args: [NEXT_PUBLIC_X]\n"
    )
    assert judge(project("", compose=HEAD + inline, workflow="")) == []


def test_an_empty_value_hides_a_default() -> None:
    dockerfile = DOCKERFILE.replace("ARG NEXT_PUBLIC_X", "ARG NEXT_PUBLIC_X=/api")
    hidden = ["info empty-build-arg-default NEXT_PUBLIC_X"]
    for value in ("${NEXT_PUBLIC_X:-}", "${NEXT_PUBLIC_X}", "$NEXT_PUBLIC_X"):
        compose = args(f"NEXT_PUBLIC_X: {value}")
        assert judge(project(dockerfile, compose=compose), Severity.INFO) == hidden
    assert judge(project(dockerfile, compose=args("NEXT_PUBLIC_X:")), Severity.INFO) == []


def test_a_default_of_the_dockerfile_makes_a_missing_argument_a_warning() -> None:
    dockerfile = DOCKERFILE.replace("ARG NEXT_PUBLIC_X", "ARG NEXT_PUBLIC_X=/api")
    assert judge(project(dockerfile, compose=HEAD)) == ["warning unpassed-build-arg NEXT_PUBLIC_X"]


PRIVATE = "services:\n  a:\n    build: {context: api, args: {SHA: '${SHA}'}}\n  b:\n    build: {context: api}\n"


@pytest.mark.parametrize(
    ("dockerfile", "compose", "expected"),
    [
        pytest.param("FROM x\nARG SHA=unknown\n", PRIVATE, ["warning unpassed-build-arg SHA"], id="stage"),
        pytest.param("ARG SHA=1\nFROM x:${SHA}\n", PRIVATE, [], id="global"),
        pytest.param("FROM x\nARG SHA=1\n", PRIVATE.replace("${SHA}", "2"), [], id="variant"),
        pytest.param(
            "FROM x\nARG SHA\n", PRIVATE.replace("${SHA}", "2"), ["warning unpassed-build-arg SHA"], id="no-default"
        ),
    ],
)
def test_other_arguments_are_compared_among_builds_of_a_dockerfile(
    dockerfile: str, compose: str, expected: list[str]
) -> None:
    assert judge({"api/Dockerfile": dockerfile, C: compose, ".fr-check.toml": 'preset = "strict"\n'}) == expected


def test_what_a_service_extends_and_cannot_be_read_may_pass_anything() -> None:
    extends = "services:\n  web:\n    extends: {file: gone.yml, service: a}\n    build:\n      context: apps/frontend\n"
    assert judge(project(compose=extends)) == ["unknown unresolved-build", "unknown unresolved-compose-file"]


def test_a_project_directory_is_what_contexts_are_relative_to() -> None:
    command = "docker compose --project-directory . -f ops/web.compose.yml build"
    step = f"on: push\njobs:\n  a:\n    steps:\n      - run: {command}\n"
    files = project(compose="", workflow=step, **{"ops/web.compose.yml": HEAD})
    assert judge(files) == UNPASSED


@pytest.mark.parametrize(
    ("section", "entry"),
    [("", "NEXT_PUBLIC_X:"), ("    environment:\n      NEXT_PUBLIC_X: /a\n", "NEXT_PUBLIC_X: /a")],
    ids=["unpassed", "runtime-only"],
)
def test_the_advice_leaves_a_default_of_the_dockerfile_alone(section: str, entry: str) -> None:
    dockerfile = DOCKERFILE.replace("ARG NEXT_PUBLIC_X", "ARG NEXT_PUBLIC_X=/api")
    found = [f for f in results(project(dockerfile, compose=HEAD + section)) if isinstance(f, Finding)]
    (told,) = (f for f in found if f.severity >= Severity.WARNING)
    assert f"`{entry}`" in told.help
    followed = f"{HEAD}      args:\n        {entry}\n{section}"
    assert judge(project(dockerfile, compose=followed), Severity.INFO) == []


def test_the_advice_has_a_value_where_the_dockerfile_has_none() -> None:
    (told,) = (f for f in results(project(compose=HEAD)) if isinstance(f, Finding))
    assert "`NEXT_PUBLIC_X: ${NEXT_PUBLIC_X:-}`" in told.help
    assert "`- NEXT_PUBLIC_X=${NEXT_PUBLIC_X:-}`" in told.help


def test_a_workflow_named_like_a_compose_file_is_none() -> None:
    workflow = "on: push\nenv:\n  A: ${{ secrets.A }}\njobs: {}\n"
    assert judge(project(**{".github/workflows/deploy-docker-compose.yml": workflow})) == []


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("BAKED_NEXT_PUBLIC_API_URL", []),
        ("/NEXT_PUBLIC_API_URL_PLACEHOLDER", []),
        ("https://__API_URL__", []),
        ("%%API_URL%%", []),
        ("https://api.example.org", ["error runtime-only-public-variable NEXT_PUBLIC_API_URL"]),
        ("API", ["error runtime-only-public-variable NEXT_PUBLIC_API_URL"]),
    ],
)
def test_what_stands_for_the_variable_is_replaced_when_the_container_starts(value: str, expected: list[str]) -> None:
    dockerfile = f"FROM node\nARG NEXT_PUBLIC_API_URL={value}\nRUN npm run build\n"
    compose = "services:\n  web:\n    build: apps/frontend\n    environment:\n      NEXT_PUBLIC_API_URL: https://a.example.org\n"
    files = project(
        dockerfile, compose, "", "NEXT_PUBLIC_API_URL=\n", "export const x = f(process.env.NEXT_PUBLIC_API_URL);\n"
    )
    assert [line for line in judge(files) if "runtime-only" in line] == expected


@pytest.mark.parametrize(
    ("item", "expected"),
    [
        ('NEXT_PUBLIC_X="https://a.example.org"', ["warning malformed-build-arg NEXT_PUBLIC_X"]),
        ("NEXT_PUBLIC_X='/api'", ["warning malformed-build-arg NEXT_PUBLIC_X"]),
        ('NEXT_PUBLIC_X="${NEXT_PUBLIC_X}"', ["warning malformed-build-arg NEXT_PUBLIC_X"]),
        ('"NEXT_PUBLIC_X=https://a.example.org"', []),
        ("NEXT_PUBLIC_X=https://a.example.org", []),
        ('NEXT_PUBLIC_X=say "hello"', []),
    ],
)
def test_quotes_inside_an_item_become_part_of_the_value(item: str, expected: list[str]) -> None:
    compose = f"services:\n  web:\n    build:\n      context: apps/frontend\n      args:\n        - {item}\n"
    assert judge(project(compose=compose)) == expected
