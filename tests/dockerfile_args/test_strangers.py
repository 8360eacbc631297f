"""What first runs on projects of others said wrongly of builds, in small."""

from __future__ import annotations

import json

import pytest

from fr_check.core.model import Severity
from tests.frontend_project import COMPOSE, DOCKERFILE, SOURCE, WORKFLOW, facts, judge, project, results

EMPTY = DOCKERFILE.replace("ARG NEXT_PUBLIC_X\n", 'ARG NEXT_PUBLIC_X=""\nENV NEXT_PUBLIC_X=$NEXT_PUBLIC_X\n')
BARE = "services:\n  web:\n    build:\n      context: apps/frontend\n"
SLACK = "export const x = process.env.NEXT_PUBLIC_X ?? '';\n"
UNPASSED = "unpassed-build-arg NEXT_PUBLIC_X"


@pytest.mark.parametrize(
    ("dockerfile", "source", "expected"),
    [
        (EMPTY, SLACK, []),
        (EMPTY, SOURCE, [f"warning {UNPASSED}"]),
        (DOCKERFILE, SLACK, [f"error {UNPASSED}"]),
    ],
)
def test_what_the_dockerfile_says_counts_for_whoever_starts_it_with_compose(
    dockerfile: str, source: str, expected: list[str]
) -> None:
    assert judge(project(dockerfile=dockerfile, compose=BARE, source=source)) == expected


def test_a_workflow_that_leaves_out_what_compose_passes_is_an_error() -> None:
    bare = WORKFLOW[: WORKFLOW.index("          build-args")]
    assert judge(project(dockerfile=EMPTY, workflow=bare, source=SLACK)) == [f"error {UNPASSED}"]


@pytest.mark.parametrize("name", ["NEXT_PUBLIC_SENTRY_DSN", "NEXT_PUBLIC_SENTRY_ENVIRONMENT"])
def test_without_its_address_sentry_is_off(name: str) -> None:
    files = project(dockerfile=DOCKERFILE.replace("X", "Y"), source=SOURCE.replace("NEXT_PUBLIC_X", name), workflow="")
    assert not [line for line in judge(files) if name in line and line.startswith("error")]


TWO = {
    "apps/frontend/package.json": json.dumps(
        {"name": "admin", "scripts": {"build": "next build"}, "dependencies": {"next": "15"}}
    ),
    "apps/web/package.json": json.dumps(
        {"name": "web", "scripts": {"build": "next build"}, "dependencies": {"next": "15"}}
    ),
    "apps/web/src/a.ts": "export const y = process.env.NEXT_PUBLIC_Y;\n",
}
CROSSED = "cross-wired-build-arg NEXT_PUBLIC_X"


def crossed(**more: str) -> list[str]:
    compose = COMPOSE.replace("${NEXT_PUBLIC_X:-}", "${NEXT_PUBLIC_Y:-}")
    files = project(compose=compose, example="NEXT_PUBLIC_X=\nNEXT_PUBLIC_Y=\n", **more)
    return [line for line in judge(files) if "cross-wired" in line]


@pytest.mark.parametrize("line", ["# NEXT_PUBLIC_X=", "# NEXT_PUBLIC_X = 1", "# NEXT_PUBLIC_X"])
def test_a_comment_documents_what_need_not_be_set(line: str) -> None:
    assert judge(project(example=f"OTHER=1\n{line}\n", source=SLACK)) == []


def test_the_example_that_is_named_is_the_plainest() -> None:
    files = project(example="")
    files |= {".env.dev.example": "NEXT_PUBLIC_A=\n", ".env.dev-cloud.example": "NEXT_PUBLIC_A=\nNEXT_PUBLIC_B=\n"}
    found = next(item for item in results(files) if getattr(item, "rule", "") == "undocumented-public-variable")
    assert ".env.dev.example" in found.message


def test_where_the_frontend_reads_nothing_no_example_is_missed() -> None:
    files = project(example="", source="export const x = 1;\n", compose=BARE, workflow="")
    assert not any("example" in skipped.reason for skipped in facts(files).skipped)


def test_orphans_of_one_file_are_one_block() -> None:
    found = [
        item
        for item in results(project(example="NEXT_PUBLIC_X=\nNEXT_PUBLIC_A=\nNEXT_PUBLIC_B=\n"))
        if getattr(item, "rule", "") == "orphaned-public-variable"
    ]
    assert {item.subject for item in found} == {"NEXT_PUBLIC_A", "NEXT_PUBLIC_B"}
    assert len({item.group for item in found}) == 1
    assert not any("other places" in item.help for item in found)


WORKSPACE = {
    "package.json": json.dumps({"name": "root", "workspaces": ["apps/*"]}),
    "pnpm-workspace.yaml": "packages: [apps/*]\n",
    "apps/frontend/package.json": json.dumps(
        {"name": "@x/web", "scripts": {"build": "next build"}, "dependencies": {"next": "15"}}
    ),
}
WHOLE = "FROM node\nWORKDIR /src\nCOPY . .\nRUN {}\n"


@pytest.mark.parametrize(
    "command", ["pnpm --filter @x/gone build", "npm run build -w @x/gone", "turbo run build --filter=@x/gone"]
)
def test_a_package_that_is_not_there_is_not_built(command: str) -> None:
    more = {**WORKSPACE, "Dockerfile": WHOLE.format(command)}
    files = project(dockerfile="", compose="services:\n  web:\n    build: .\n", workflow="", **more)
    assert judge(files) == []


@pytest.mark.parametrize("command", ["pnpm --filter @x/web build", "pnpm --filter @x/gone --filter @x/web build"])
def test_one_that_is_there_is(command: str) -> None:
    more = {**WORKSPACE, "Dockerfile": WHOLE.format(command)}
    files = project(dockerfile="", compose="services:\n  web:\n    build: .\n", workflow="", **more)
    assert judge(files) == ["error undeclared-build-arg NEXT_PUBLIC_X"]


def test_a_filter_that_only_the_run_knows_is_unknown() -> None:
    more = {**WORKSPACE, "Dockerfile": WHOLE.format("pnpm --filter $APP build").replace("COPY", "ARG APP\nCOPY")}
    files = project(dockerfile="", compose="services:\n  web:\n    build: .\n", workflow="", **more)
    assert judge(files) == ["unknown unrecognised-build"]


EXTENDING = """\
services:
  web:
    extends:
      file: common.yml
      service: base
    build:
      context: ./apps/frontend
"""


E2E = "tests/e2e/docker-compose.yml"


def started(path: str, folder: str = ".") -> dict[str, str]:
    """The command that says which folder the paths of a file count from."""
    return {"Makefile": f"up:\n\tdocker compose --project-directory {folder} -f {path} up\n"}


def test_a_file_of_tests_that_counts_from_the_root_is_read_so() -> None:
    common = "services:\n  base:\n    environment:\n      A: '1'\n"
    files = project(compose="", **{"tests/e2e/docker-compose.yml": EXTENDING, "common.yml": common, **started(E2E)})
    found = facts(files)
    assert judge(files, Severity.ERROR) == [f"error {UNPASSED}"]
    assert {build.context for build in found.builds if build.path.startswith("tests/")} == {"apps/frontend"}


def test_a_file_that_is_nowhere_is_not_known() -> None:
    files = project(compose="", **{"tests/e2e/docker-compose.yml": EXTENDING})
    assert "unknown unresolved-compose-file" in judge(files)


def test_one_beside_it_comes_first() -> None:
    common = "services:\n  base:\n    environment:\n      A: '1'\n"
    files = project(
        compose="", **{"tests/e2e/docker-compose.yml": EXTENDING, "common.yml": common, "tests/e2e/common.yml": common}
    )
    contexts = {build.context for build in facts(files).builds if build.path.startswith("tests/")}
    assert contexts == {"tests/e2e/apps/frontend"}


@pytest.mark.parametrize("name", ["dockerfile.mdx", "docs/Dockerfile.adoc", "dockerfile-prompt.mdx"])
def test_a_document_about_dockerfiles_is_none(name: str) -> None:
    assert judge(project(**{name: "---\ntitle: How\n---\n"})) == []


APP = {"services/api/Dockerfile": "FROM node\nARG A=1\nRUN echo $A\n"}
PART = "services:\n  api:\n    build: {}\n"


@pytest.mark.parametrize(
    ("path", "context", "folder"),
    [
        ("tests/e2e/compose.yml", "services/api", "."),
        ("contrib/auth/docker-compose.dev-auth.yml", "./services/api", "."),
        ("services/api/compose-tests.yml", "../services/api", "docker"),
    ],
)
def test_a_compose_file_that_is_started_from_another_folder(path: str, context: str, folder: str) -> None:
    other = {"docker/docker-compose.yml": "services:\n  db:\n    image: db\n"}
    files = project(compose="", **{**APP, **other, path: PART.format(context), **started(path, folder)})
    assert [line for line in judge(files) if "dockerfile" in line or "unknown" in line] == []
    assert {build.context for build in facts(files).builds if build.path == path} == {"services/api"}


@pytest.mark.parametrize("name", ["compose.yml", "compose.prod.yml"])
@pytest.mark.parametrize("command", ["", "docker compose -f deploy/{} up", "cd deploy && docker compose -f {} up"])
def test_without_a_command_that_says_otherwise_paths_count_from_the_files_folder(name: str, command: str) -> None:
    task = {"Makefile": f"up:\n\t{command.format(name)}\n"} if command else {}
    files = project(compose="", **{"Dockerfile": "FROM node\n", f"deploy/{name}": PART.format("."), **task})
    assert {build.context for build in facts(files).builds if build.path.startswith("deploy/")} == {"deploy"}
    found = [line for line in judge(files, Severity.INFO) if "build-arg" in line or "dockerfile" in line]
    started = name == "compose.yml" or bool(command)
    assert found == [f"{'warning' if started else 'info'} missing-dockerfile deploy/Dockerfile"]


@pytest.mark.parametrize("name", ["compose.yml", "compose.prod.yml"])
@pytest.mark.parametrize("first", ["--project-directory .", "-f compose.base.yml"])
def test_a_command_that_says_otherwise_decides(name: str, first: str) -> None:
    task = {"Makefile": f"up:\n\tdocker compose {first} -f deploy/{name} up\n"}
    base = {"compose.base.yml": "services:\n  db:\n    image: db\n"}
    files = project(compose="", **{**base, "Dockerfile": "FROM node\n", f"deploy/{name}": PART.format("."), **task})
    assert {build.context for build in facts(files).builds if build.path.startswith("deploy/")} == {""}
    assert [line for line in judge(files) if "dockerfile" in line] == []


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("cp contrib/auth/compose.auth.yml .", 0),
        ("scp contrib/auth/compose.auth.yml host:/srv/app/compose.yml", 0),
        ("envsubst < contrib/auth/compose.auth.yml > /srv/compose.yml", 0),
        ('rsync -a "contrib/auth/compose.auth.yml" host:/srv/', 0),
        ("# cp what was at contrib/auth/compose.auth.yml", 1),
        ("cp contrib/auth/other.yml .", 1),
        ("cp contrib/auth/compose.auth.yml.old .", 1),
    ],
)
def test_paths_of_a_compose_file_that_a_script_puts_elsewhere_are_not_known(line: str, expected: int) -> None:
    compose = {"contrib/auth/compose.auth.yml": PART.format("services/api")}
    files = project(compose="", **{**APP, **compose, "up.sh": f"#!/bin/sh\n{line}\n"})
    assert sum("missing-dockerfile" in found for found in judge(files, Severity.INFO)) == expected
    assert any("`up.sh` puts" in gap.message for gap in facts(files).gaps) == (not expected)


@pytest.mark.parametrize(
    ("script", "expected"),
    [
        ("cp ./docker/web/* ./web", []),
        ("cp -r docker/web/. web/", []),
        ("cp docker/web/Dockerfile web/", []),
        ('to="web"\ncp -R docker ./${to}', []),
        ('to="other"\ncp -R docker ./${to}', ["warning missing-dockerfile web/Dockerfile"]),
        ("cp docker/web/nginx.conf web/nginx.conf", ["warning missing-dockerfile web/Dockerfile"]),
    ],
)
def test_a_script_that_the_workflow_calls_brings_the_dockerfile(script: str, expected: list[str]) -> None:
    steps = "      - run: docker/init.sh v1\n      - run: docker buildx build ./web\n"
    workflow = f"on: push\njobs:\n  a:\n    runs-on: ubuntu-latest\n    steps:\n{steps}"
    files = {"docker/init.sh": f"#!/bin/sh\n{script}\n", "docker/web/Dockerfile": "FROM nginx\n"}
    found = judge(project(compose="", workflow=workflow, **files))
    assert [line for line in found if "dockerfile" in line] == expected


@pytest.mark.parametrize("context", ["services/gone", "../gone", "."])
def test_a_dockerfile_that_is_nowhere_is_missing(context: str) -> None:
    files = project(compose="", **{**APP, "contrib/auth/docker-compose.yml": PART.format(context)})
    assert any("missing-dockerfile" in line for line in judge(files))


def test_templates_of_projects_are_not_judged() -> None:
    made = {"template/{{cookiecutter.name}}/docker-compose.yml": "{%- if x %}\nservices: {}\n{%- endif %}\n"}
    assert judge(project(**made)) == []


BAKE = 'target "api" {\n  dockerfile = "services/api/Dockerfile"\n}\n'


BAKING = "on: push\njobs:\n  b:\n    steps:\n    - uses: actions/checkout@v4\n    - run: {}\n"


@pytest.mark.parametrize(
    ("path", "command"),
    [
        (".github/actions/build/docker-bake.hcl", ""),
        ("deploy/docker-bake.hcl", "docker buildx bake -f deploy/docker-bake.hcl"),
    ],
)
def test_bake_counts_from_where_it_runs(path: str, command: str) -> None:
    more = {path: BAKE, ".github/workflows/bake.yml": BAKING.format(command)} if command else {path: BAKE}
    assert judge(project(**{**APP, **more})) == []
    assert any("missing-dockerfile" in line for line in judge(project(**more)))


@pytest.mark.parametrize("command", ["cd deploy && docker buildx bake", "make"])
def test_or_from_the_folder_of_its_file(command: str) -> None:
    more = {"deploy/docker-bake.hcl": BAKE, ".github/workflows/bake.yml": BAKING.format(command)}
    found = [line.partition(" ")[2] for line in judge(project(**{**APP, **more}))]
    assert "missing-dockerfile deploy/services/api/Dockerfile" in found


def test_a_dockerfile_in_small_letters_is_one_file() -> None:
    lower = {"apps/frontend/dockerfile": DOCKERFILE.replace("ARG NEXT_PUBLIC_X\n", "")}
    found = [
        item for item in results(project(dockerfile="", **lower)) if getattr(item, "rule", "") == "undeclared-build-arg"
    ]
    assert len({item.group for item in found}) == 1


def test_what_examples_leave_open_is_told_without_a_status() -> None:
    compose = "services:\n  api:\n    build: $HERE\n"
    assert judge(project(**{"examples/one/docker-compose.yml": compose})) == []
    assert judge(project(**{"deploy/docker-compose.yml": compose})) == ["unknown unresolved-build"]


def test_templates_that_a_script_of_theirs_starts_are_not_judged() -> None:
    folder = "{{cookiecutter.name}}"
    made = {f"{folder}/docker-compose.local.yml": "{%- if x %}\nservices: {}\n{%- endif %}\n"}
    script = {f"{folder}/up.sh": "docker compose -f docker-compose.local.yml up\n"}
    assert judge(project(**made, **script)) == []
