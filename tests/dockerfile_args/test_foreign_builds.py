"""Builds as other projects write them: what nobody passes, what another target takes, one cause as one block."""

from __future__ import annotations

import pytest

from fr_check.core.model import Finding, Severity, Unknown
from fr_check.report.blocks import blocks
from frontend_project import COMPOSE, DOCKERFILE, SOURCE, facts, judge, project, results

PRESET = {".fr-check.toml": 'preset = "strict"\n'}
STRICT = {"apps/backend/src/config.py": "import os\n"}
SLACK = SOURCE.replace(";", ' || "";')
LOCAL = SOURCE.replace(";", ' || "http://localhost:3000";')
ALONE = "services:\n  web:\n    build: {context: apps/frontend}\n"


def unpassed(argument: str, source: str, **more: str) -> list[str]:
    """What is said of one service that passes nothing, whose Dockerfile declares `argument`."""
    files = project(DOCKERFILE.replace("NEXT_PUBLIC_X", argument), compose=ALONE, workflow="", source=source, **more)
    return [line.split()[0] for line in judge(files, Severity.INFO) if "unpassed-build-arg" in line]


@pytest.mark.parametrize(
    ("argument", "source", "common", "strict"),
    [
        ('NEXT_PUBLIC_X=""', SLACK, "info", "error"),
        ("NEXT_PUBLIC_X=", LOCAL, "info", "error"),
        ("NEXT_PUBLIC_X=", SOURCE, "warning", "error"),
        ("NEXT_PUBLIC_X", SLACK, "error", "error"),
        ("NEXT_PUBLIC_X=/api", SOURCE, "info", "warning"),
        ("NEXT_PUBLIC_X=http://localhost:8000", SOURCE, "info", "warning"),
    ],
)
def test_a_value_of_the_arg_that_no_build_replaces_is_meant(
    argument: str, source: str, common: str, strict: str
) -> None:
    assert unpassed(argument, source) == [common]
    assert unpassed(argument, source, **STRICT) == [strict]


def test_the_address_of_a_developers_machine_in_a_published_image_is_not_meant() -> None:
    push = "on: push\njobs:\n  a:\n    steps:\n      - uses: docker/build-push-action@v6\n        with: {}\n"
    step = push.replace("{}", "{context: apps/frontend, push: true}")
    for value, severity in (("http://localhost:8000", "warning"), ("https://api.example.org", "info")):
        files = project(DOCKERFILE.replace("_X", f"_X={value}", 1), compose="", workflow=step)
        assert [line for line in judge(files, Severity.INFO) if "unpassed" in line] == [
            f"{severity} unpassed-build-arg NEXT_PUBLIC_X"
        ]


STAGES = """\
FROM node AS prod
ARG UID=10001
USER $UID
FROM node AS dev
ARG UID
USER $UID
"""
TARGETS = """\
services:
  base:
    build: {context: ., target: prod}
  prod:
    build: {context: ., target: prod}
  dev:
    build: {context: ., target: dev, args: {UID: "${DEV_UID:-1000}"}}
  test:
    build: {context: ., target: dev, args: {UID: "${DEV_UID:-1000}"}}
"""


def test_an_argument_of_another_target_is_not_missed() -> None:
    files = {"Dockerfile": STAGES, "compose.yaml": TARGETS, **PRESET}
    assert judge(files) == []
    same = {**files, "compose.yaml": TARGETS.replace("prod}", "dev}")}
    assert judge(same) == ["warning unpassed-build-arg UID"]


WORKFLOW = """\
on: push
jobs:
  build:
    runs-on: ubuntu-latest
    steps:
      - uses: docker/build-push-action@v6
        with:
          context: .
          push: true
          tags: a/b:c
"""
PASSING = "          build-args: |\n            NAME=${{ github.ref_name }}\n"


@pytest.mark.parametrize(
    ("name", "value"),
    [("APP_VERSION", "0.0.0-dev"), ("APP_VERSION", ""), ("APP_VERSION", "unknown"), ("NODE_OPTIONS", ""), ("UID", "")],
)
def test_what_a_release_passes_and_other_builds_need_not(name: str, value: str) -> None:
    argument = f"ARG {name}{f'={value}' if value else ''}\nRUN echo ${name}\n"
    files = {
        "Dockerfile": f"FROM node\n{argument}",
        ".github/workflows/release.yml": f"{WORKFLOW}{PASSING}".replace("NAME", name),
        ".github/workflows/tests.yml": WORKFLOW,
    }
    assert judge(files, Severity.INFO) == [f"info unpassed-build-arg {name}"]
    assert judge({**files, **PRESET}) == [f"warning unpassed-build-arg {name}"]


def test_builds_of_one_file_agree() -> None:
    both = f"{WORKFLOW}{PASSING}".replace("NAME", "APP_VERSION") + WORKFLOW.partition("steps:\n")[2]
    files = {"Dockerfile": "FROM node\nARG APP_VERSION=1\nRUN echo $APP_VERSION\n", ".github/workflows/a.yml": both}
    assert judge({**files, **PRESET}) == ["warning unpassed-build-arg APP_VERSION"]


@pytest.mark.parametrize(
    ("use", "missed"),
    [
        ('RUN if [ "x$SKIP" = "x" ]; then make; fi', False),
        ("RUN <<EOF\n  if [ -z ${SKIP} ]; then make; fi\nEOF", False),
        ("ENV MODE=${SKIP:+test}", False),
        ("ENV MODE=${SKIP:-all}", False),
        ("RUN test -n $SKIP && make", False),
        ("ENV MODE=$SKIP", True),
        ("RUN make $SKIP", True),
        ('RUN if [ "x$SKIPPED" = "x" ]; then make $SKIP; fi', True),
    ],
)
def test_an_argument_that_the_dockerfile_asks_for_is_not_missed(use: str, missed: bool) -> None:  # noqa: FBT001
    compose = "services:\n  a:\n    build: {context: ., args: {SKIP: '1'}}\n  b:\n    build: .\n"
    files = {"Dockerfile": f"FROM node\nARG SKIP\n{use}\n", "compose.yaml": compose}
    assert judge({**files, **PRESET}) == (["warning unpassed-build-arg SKIP"] if missed else [])


def test_one_argument_in_many_places_of_a_file_is_one_block() -> None:
    services = "".join(f"  s{n}:\n    build: {{context: ., args: {{DOCKER_BUILDKIT: 1}}}}\n" for n in range(9))
    files = {"Dockerfile": "FROM node\n", "compose.yaml": f"services:\n{services}"}
    found = [item for item in results(files) if isinstance(item, Finding)]
    assert len(found) == 9
    (block,) = blocks(found, Severity.WARNING)
    assert block.message.startswith("9 places that pass `DOCKER_BUILDKIT` to Dockerfiles that do not take it: ")
    assert (
        block.help == "remove the argument: `DOCKER_BUILDKIT` is a variable of the `docker` command's own environment"
    )


def test_several_arguments_that_go_the_same_ways_are_one_block() -> None:
    services = "".join(f"  s{n}:\n    build: {{context: ., args: {{NAME: a, VERSION: b}}}}\n" for n in range(2))
    files = {"Dockerfile": "FROM node\n", "compose.yaml": f"services:\n{services}"}
    (block,) = blocks([item for item in results(files) if isinstance(item, Finding)], Severity.WARNING)
    assert block.message.startswith("4 arguments that several builds pass to Dockerfiles that do not take them: ")
    more = f"services:\n{services}  s3:\n    build: {{context: ., args: {{NAME: a}}}}\n"
    files["compose.yaml"] = more
    assert len(blocks([item for item in results(files) if isinstance(item, Finding)], Severity.WARNING)) == 2


def test_envs_that_hide_their_arg_are_one_block() -> None:
    lines = "".join(f"ARG VITE_{letter}\nENV VITE_{letter}=no\n" for letter in "ABC")
    found = [item for item in results({"Dockerfile": f"FROM node\n{lines}"}) if isinstance(item, Finding)]
    assert len(found) == 3
    assert len(blocks(found, Severity.WARNING)) == 1


EXAMPLES = {
    "a-commented-line": ({".env.a.example": "B=1\n", ".env.z.example": "# NEXT_PUBLIC_X=\n"}, ".env.z.example"),
    "the-plain-one": ({".env.a.example": "NEXT_PUBLIC_Y=\n", ".env.example": "B=1\n"}, ".env.example"),
    "the-fuller-one": ({".env.a.example": "B=1\n", ".env.z.example": "NEXT_PUBLIC_Y=\n"}, ".env.z.example"),
    "the-nearer-one": (
        {".env.example": "B=1\n", "apps/frontend/.env.z.example": "B=1\n"},
        "apps/frontend/.env.z.example",
    ),
}


@pytest.mark.parametrize(("examples", "expected"), EXAMPLES.values(), ids=EXAMPLES.keys())
def test_the_example_to_add_to_is_the_one_that_speaks_of_the_frontend(examples: dict[str, str], expected: str) -> None:
    source = SOURCE + "export const y = process.env.NEXT_PUBLIC_Y ?? 1;\n"
    files = {**project(compose=COMPOSE, example="", source=source), **examples}
    found = [i for i in results(files) if isinstance(i, Finding) and i.rule.startswith("undocumented")]
    assert {
        item.help.split("_X=` ")[1].removeprefix("in ").removeprefix("to ").split()[0]
        for item in found
        if item.subject.endswith("X")
    } == {expected}


NAMED = """\
services:
  web:
    build:
      context: ${FOLDER}
      dockerfile: ${WEB_DOCKERFILE}
"""


@pytest.mark.parametrize("name", [".env", ".env.example"])
def test_a_committed_file_of_variables_names_what_is_built(name: str) -> None:
    files = project(compose=NAMED, workflow="", example="NEXT_PUBLIC_X=\n")
    unset = judge(files)
    assert unset == ["unknown unresolved-build"]
    named = files.get(name, "")
    named = named if isinstance(named, str) else ""
    files[name] = f"{named}FOLDER=apps/frontend\nWEB_DOCKERFILE=Dockerfile\n"
    assert judge(files) == ["error unpassed-build-arg NEXT_PUBLIC_X"]


_NEEDS = '"devDependencies": {"webpack": "5", "webpack-dev-server": "5"}'
WEBPACK = {"apps/frontend/package.json": f'{{{_NEEDS}, "scripts": {{"b": "webpack"}}}}'}
PLUGINS = {
    "define": "new webpack.DefinePlugin({'process.env.API_URL': JSON.stringify(process.env.API_URL)})",
    "listed": 'new EnvironmentPlugin(["API_URL", "NODE_ENV"])',
    "with-a-default": "new webpack.EnvironmentPlugin({ NODE_ENV: 'x', API_URL: undefined, OTHER: '1' })",
}


@pytest.mark.parametrize("plugin", PLUGINS.values(), ids=PLUGINS.keys())
def test_what_webpack_defines_has_to_reach_the_build(plugin: str) -> None:
    config = {"apps/frontend/webpack.config.js": f"module.exports = {{ plugins: [{plugin}] }};\n"}
    dockerfile = "FROM node\nWORKDIR /w\nCOPY . .\nARG API_URL\nRUN npm run b\n"
    compose = COMPOSE.replace("NEXT_PUBLIC_X", "API_URL")
    files = {**project(dockerfile, compose=compose, workflow="", source="", example="A=1\n"), **WEBPACK, **config}
    assert judge(files) == []
    files["apps/frontend/Dockerfile"] = dockerfile.replace("ARG API_URL\n", "")
    assert judge(files) == ["error undeclared-build-arg API_URL"]
    # A server that watches builds no page.
    files["apps/frontend/package.json"] = WEBPACK["apps/frontend/package.json"].replace(
        '"webpack"}', '"webpack serve"}'
    )
    assert judge(files) == ["warning unconsumed-build-arg API_URL"]


def test_what_rspack_defines_has_to_reach_the_build() -> None:
    needs = '"devDependencies": {"@rspack/cli": "1", "react-dom": "19"}, "scripts": {"b": "rspack build"}'
    config = "export default { plugins: [new rspack.DefinePlugin({ API: JSON.stringify(process.env.API_URL) })] };\n"
    web = {"apps/frontend/package.json": f"{{{needs}}}", "apps/frontend/rspack.config.ts": config}
    dockerfile = "FROM node\nWORKDIR /w\nCOPY . .\nRUN npm run b\n"
    compose = COMPOSE.replace("NEXT_PUBLIC_X", "API_URL")
    files = {**project(dockerfile, compose=compose, workflow="", source="", example="A=1\n"), **web}
    assert judge(files) == ["error undeclared-build-arg API_URL"]


def test_what_a_helper_looks_up_is_no_orphan() -> None:
    example = "NEXT_PUBLIC_X=\nNEXT_PUBLIC_Y=\nNEXT_PUBLIC_Z=\nNEXT_PUBLIC_K=\nNEXT_PUBLIC_C=\nNEXT_PUBLIC_T=\n"
    helper = {
        "apps/frontend/src/b.ts": 'export const y = env("NEXT_PUBLIC_Y");\nconst k = { NEXT_PUBLIC_K: y };\n'
        "const flags = { google: 'NEXT_PUBLIC_T' };\n",
        "apps/frontend/src/c.ts": "const z = globalThis.config.env.NEXT_PUBLIC_Z;\n// env('NEXT_PUBLIC_C') is gone\n",
    }
    assert judge({**project(example=example), **helper}) == [
        "warning orphaned-public-variable NEXT_PUBLIC_C",
        "warning orphaned-public-variable NEXT_PUBLIC_K",
    ]


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("JSON.stringify(pkg.version)", []),
        ('"1.0"', []),
        ("JSON.stringify(process.env.VITE_X || new Date().toISOString())", []),
        ("JSON.stringify(process.env.VITE_X)", ["error undeclared-build-arg VITE_X"]),
    ],
)
def test_what_a_configuration_defines_as_a_constant_is_given(value: str, expected: list[str]) -> None:
    files = {
        "apps/frontend/package.json": '{"devDependencies": {"vite": "5"}}',
        "apps/frontend/index.html": "",
        "apps/frontend/src/a.ts": "f(import.meta.env.VITE_X);\n",
        "apps/frontend/vite.config.ts": f"export default {{ define: {{ 'import.meta.env.VITE_X': {value} }} }};\n",
        "apps/frontend/Dockerfile": "FROM node\nWORKDIR /w\nCOPY . .\nRUN npx vite build\n",
    }
    assert judge(files) == expected


@pytest.mark.parametrize("path", ["tests/docker-smoke.sh", "ci/smoke-test.sh", "e2e/build.sh"])
def test_an_image_that_a_script_tries_out_need_not_be_told_its_version(path: str) -> None:
    steps = "      - uses: docker/build-push-action@v6\n        with:\n          push: true\n"
    steps += f"          build-args: REVISION=${{{{ github.sha }}}}\n      - run: {path}\n"
    script = "docker build -t x .\ndocker push x\n"
    files = {"Dockerfile": "FROM a\nARG REVISION\n", path: script, **_workflow(steps), **PRESET}
    assert judge(files) == []
    released = {**files, "ops/build.sh": script, **_workflow(steps.replace(path, "ops/build.sh"))}
    assert judge(released) == ["warning unpassed-build-arg REVISION"]


def _workflow(steps: str, head: str = "") -> dict[str, str]:
    return {".github/workflows/w.yml": f"on: push\njobs:\n  a:\n{head}    steps:\n{steps}"}


def test_legs_of_a_matrix_without_a_dockerfile_are_one_block() -> None:
    step = "      - uses: docker/build-push-action@v6\n"
    step += "        with: {file: 'services/${{ matrix.s }}/Dockerfile', push: true}\n"
    files = {**_workflow(step, "    strategy: {matrix: {s: [a, b, c]}}\n"), "x": ""}
    found = [item for item in results(files) if isinstance(item, Finding)]
    assert len(found) == 3
    assert len(blocks(found, Severity.WARNING)) == 1


def test_a_dockerfile_of_a_template_is_told_and_not_judged() -> None:
    template = {"templates/{{cookiecutter.slug}}/Dockerfile": "FROM {{ cookiecutter.base }} and more\n"}
    files = {**project(), **template}
    assert judge(files) == []
    assert any("is a template of a project" in gap.message for gap in facts(files).gaps)


def test_builds_of_one_file_that_share_an_unknown_list_are_one_unknown() -> None:
    script = "set -eu\n" + "".join(f"docker buildx build --push -t x:{n} $ARGS apps/frontend\n" for n in range(6))
    workflow = "on: push\njobs:\n  a:\n    steps:\n      - uses: actions/checkout@v4\n      - run: sh ops/push.sh\n"
    files = project(compose="", workflow=workflow, **{"ops/push.sh": script})
    (told,) = (item for item in results(files) if isinstance(item, Unknown))
    assert told.message == "whether the 6 builds in `ops/push.sh` pass `NEXT_PUBLIC_X` is only known at run time"


TARGETED = """\
services:
  web:
    build:
      context: apps/frontend
      target: ${TARGET:-dev}
"""
TWO_STAGES = "FROM node AS dev\nCMD npm run dev\nFROM node AS build\nARG NEXT_PUBLIC_X\nRUN npm run build\n"


@pytest.mark.parametrize(
    ("recipe", "found"),
    [
        ("TARGET=build docker compose build --build-arg NEXT_PUBLIC_X=1 web", []),
        ("export TARGET=build; docker compose build --build-arg NEXT_PUBLIC_X=1", []),
        ("docker compose build --build-arg NEXT_PUBLIC_X=1 web", ["warning unconsumed-build-arg NEXT_PUBLIC_X"]),
        ("TARGET=dev docker compose build --build-arg NEXT_PUBLIC_X=1", ["warning unconsumed-build-arg NEXT_PUBLIC_X"]),
        ("TARGET=$$(cat stage) docker compose build --build-arg NEXT_PUBLIC_X=1 web", []),
    ],
)
def test_a_variable_of_the_command_chooses_the_stage(recipe: str, found: list[str]) -> None:
    workflow = "on: push\njobs:\n  a:\n    steps:\n      - uses: actions/checkout@v4\n      - run: make image\n"
    files = project(TWO_STAGES, compose=TARGETED, workflow=workflow, Makefile=f"image:\n\t{recipe}\n")
    assert [line for line in judge(files) if "unconsumed" in line] == found


def test_what_the_container_is_given_is_for_the_other_stage() -> None:
    workflow = "on: push\njobs:\n  a:\n    steps:\n      - uses: actions/checkout@v4\n      - run: make image\n"
    make = "image:\n\tTARGET=build docker compose build --build-arg NEXT_PUBLIC_X=1\n"
    compose = f"{TARGETED}    environment:\n      NEXT_PUBLIC_X: http://localhost\n"
    assert judge(project(TWO_STAGES, compose=compose, workflow=workflow, Makefile=make)) == []


COPIED = "services:\n  web:\n    build:\n      context: ../apps/frontend\n"


class TestShippedCopies:
    def test_a_copy_to_the_letter_has_its_paths_from_where_the_original_stands(self) -> None:
        files = project(compose=COPIED) | {
            "deploy/docker-compose.yml": COPIED,
            "cli/embedded/docker-compose.yml": COPIED,
        }
        files.pop("docker-compose.yml")
        assert judge(files) == judge({path: text for path, text in files.items() if not path.startswith("cli/")})
        assert "info missing-dockerfile cli/apps/frontend/Dockerfile" in judge(files, Severity.INFO)

    def test_another_text_has_its_own(self) -> None:
        files = project() | {"deploy/docker-compose.yml": COPIED, "cli/embedded/docker-compose.yml": f"{COPIED}# x\n"}
        assert "warning missing-dockerfile cli/apps/frontend/Dockerfile" in judge(files)

    def test_two_copies_that_are_both_wrong_are_both_told(self) -> None:
        files = project() | {f"{folder}/one/docker-compose.yml": COPIED for folder in ("a", "b")}
        assert [line for line in judge(files) if "missing" in line] == [
            "warning missing-dockerfile a/apps/frontend/Dockerfile",
            "warning missing-dockerfile b/apps/frontend/Dockerfile",
        ]


@pytest.mark.parametrize("name", ["tailwind.config.js", "tailwind.config.ts", "postcss.config.mjs", "babel.config.js"])
def test_what_the_build_runs_reads_variables_too(name: str) -> None:
    declared = DOCKERFILE.replace("RUN", "ARG NEXT_PUBLIC_THEME\nRUN", 1)
    orphan = "warning orphaned-public-variable NEXT_PUBLIC_THEME"
    assert orphan in judge(project(declared))
    read = {f"apps/frontend/{name}": "const theme = process.env.NEXT_PUBLIC_THEME || 'default';\n"}
    assert orphan not in judge(project(declared, **read))


FALLS_BACK = "export const x = process.env.NEXT_PUBLIC_X || '/api';\n"


@pytest.mark.parametrize(
    ("command", "severity"),
    [
        ("npm run dev", "info"),
        ('["pnpm", "dev", "--host"]', "info"),
        ("sh -c 'npm ci && yarn dev'", "info"),
        ("npx next dev", "info"),
        ("npm start", "error"),
        ("npm run dev:check-and-start", "error"),
    ],
)
def test_a_development_server_takes_variables_when_it_starts(command: str, severity: str) -> None:
    compose = f"{ALONE}    command: {command}\n    environment:\n      NEXT_PUBLIC_X: http://localhost\n"
    bare = "FROM node AS builder\nRUN npm run build\n"
    found = judge(project(bare, compose=compose, workflow="", source=FALLS_BACK), Severity.INFO)
    assert [line.split()[0] for line in found if "undeclared-build-arg" in line] == [severity]


@pytest.mark.parametrize(
    "name",
    [
        "GA_MEASUREMENT_ID",
        "POSTHOG_HOST",
        "POSTHOG_KEY",
        "GTM_ID",
        "PLAUSIBLE_DOMAIN",
        "UMAMI_WEBSITE_ID",
        "SENTRY_DSN",
        "SENTRY_DSN_FRONTEND",
        "POSTHOG_UI_HOST",
        "DD_RUM_ENV",
    ],
)
def test_statistics_of_visitors_break_nothing(name: str) -> None:
    bare = "FROM node AS builder\nRUN npm run build\n"
    source = f"start(process.env.NEXT_PUBLIC_{name});\n"
    files = project(bare, compose=ALONE, workflow="", source=source, example=f"NEXT_PUBLIC_{name}=\n")
    assert judge(files) == []
    other = project(bare, compose=ALONE, workflow="", source=source.replace(name, f"MY{name}"))
    assert f"error undeclared-build-arg NEXT_PUBLIC_MY{name}" in judge(other)


class TestHandedOn:
    """What next.config's `env` hands on under its own name is needed as its readers need it."""

    CONFIG = "module.exports = { env: { NEXT_PUBLIC_X: process.env.NEXT_PUBLIC_X } };\n"
    BARE = "FROM node AS builder\nRUN npm run build\n"

    def severity(self, source: str, config: str) -> list[str]:
        files = project(
            self.BARE, compose=ALONE, workflow="", source=source, **{"apps/frontend/next.config.js": config}
        )
        return [line.split()[0] for line in judge(files, Severity.INFO) if "undeclared-build-arg" in line]

    def test_readers_that_cope(self) -> None:
        assert self.severity(FALLS_BACK, self.CONFIG) == ["info"]

    def test_readers_that_do_not(self) -> None:
        assert self.severity(SOURCE, self.CONFIG) == ["error"]

    def test_under_another_name_it_is_a_need_of_its_own(self) -> None:
        config = self.CONFIG.replace("NEXT_PUBLIC_X:", "API_URL:")
        assert self.severity(FALLS_BACK, config) == ["error"]

    def test_without_any_reader(self) -> None:
        assert self.severity("export const y = 1;\n", self.CONFIG) == ["error"]


def test_the_configuration_of_a_command_is_no_part_of_the_page() -> None:
    bare = "FROM node AS builder\nRUN npm run build\n"
    source = {"apps/frontend/sanity.cli.ts": SOURCE.replace("_X", "_DATASET")}
    assert not [line for line in judge(project(bare, compose=ALONE, workflow="", **source)) if "DATASET" in line]


@pytest.mark.parametrize(
    ("example", "text", "found"),
    [
        ("apps/backend/.env.example", "DATABASE_URL=\n", False),
        ("apps/backend/.env.example", "DATABASE_URL=\nNEXT_PUBLIC_Y=\n", True),
        ("apps/.env.example", "DATABASE_URL=\n", True),
        ("apps/frontend/.env.example", "", True),
    ],
)
def test_the_configured_example_of_a_server_is_not_a_frontends(example: str, text: str, found: bool) -> None:  # noqa: FBT001
    config = f'[[env-keys.apps]]\nsettings = []\nexample = ["{example}"]\n'
    files = project(example="", **{".fr-check.toml": config, example: text or "A=\n"})
    assert ("error undocumented-public-variable NEXT_PUBLIC_X" in judge(files)) is found


class TestExportedConstants:
    """`export const X_URL = process.env.NEXT_PUBLIC_X` needs the variable as those need it who import the constant."""

    BARE = "FROM node AS builder\nRUN npm run build\n"
    EXPORT = "export const REFRESH_URL = process.env.NEXT_PUBLIC_X;\n"
    IMPORT = "import { REFRESH_URL } from './a';\n"

    def severity(self, *readers: str, source: str = EXPORT) -> list[str]:
        more = {f"apps/frontend/src/r{number}.ts": reader for number, reader in enumerate(readers)}
        files = project(self.BARE, compose=ALONE, workflow="", source=source, **more)
        return [line.split()[0] for line in judge(files, Severity.INFO) if "undeclared-build-arg" in line]

    @pytest.mark.parametrize(
        "use",
        [
            "if (REFRESH_URL) fetch(REFRESH_URL);\n",
            "const url = REFRESH_URL || 'https://example.org';\n",
            "export const on = REFRESH_URL !== undefined;\n",
            "REFRESH_URL && fetch(REFRESH_URL);\n",
        ],
    )
    def test_who_imports_it_copes(self, use: str) -> None:
        assert self.severity(f"{self.IMPORT}{use}") == ["info"]

    def test_one_of_two_does_not(self) -> None:
        found = self.severity(f"{self.IMPORT}if (REFRESH_URL) go();\n", f"{self.IMPORT}fetch(REFRESH_URL);\n")
        assert found == ["error"]

    @pytest.mark.parametrize(
        "reader",
        [
            "import * as all from './a';\nfetch(all.REFRESH_URL);\n",
            "export { REFRESH_URL } from './a';\n",
            "import { OTHER_URL } from './a';\nconst REFRESH_URL = 1; if (REFRESH_URL) go();\n",
            "import { REFRESH_URL } from './a';\nfetch(REFRESH_URL);\n",
            "import { REFRESH_URL } from './a';\nfetch(config.REFRESH_URL ?? 1, REFRESH_URL);\n",
        ],
    )
    def test_nobody_copes(self, reader: str) -> None:
        assert self.severity(reader) == ["error"]

    def test_nobody_needs_what_nobody_names(self) -> None:
        assert self.severity("") == ["info"]
        assert self.severity("fetch(env.REFRESH_URL);\n") == ["info"]
        assert self.severity(source=f"{self.EXPORT}fetch(REFRESH_URL);\n") == ["error"]

    BASE = "export const BASE = process.env.NEXT_PUBLIC_X || '/api';\n"
    ASKED = "import { BASE } from './page';\nexport function url() {\n"
    READ = "new URL(process.env.NEXT_PUBLIC_X).host"

    @pytest.mark.parametrize(
        "code",
        [
            "if (BASE === '/api') return 'here';\n  return READ;\n}\n",
            "if ('/api' == BASE) { log(); return 'here'; }\n  const host = READ;\n  return host;\n}\n",
            "if (BASE !== '/api') { return READ; }\n  return 'here';\n}\n",
            "return BASE === '/api' ? 'here' : READ;\n}\n",
            "return BASE !== \"/api\" ? READ : 'here';\n}\n",
            "if (BASE === '/api') return 'here'\n  return READ\n}\n",
        ],
    )
    def test_another_modules_fallback_is_asked_first(self, code: str) -> None:
        assert self.severity(f"{self.ASKED}  {code}".replace("READ", self.READ), source=self.BASE) == ["info"]

    @pytest.mark.parametrize(
        "code",
        [
            "if (BASE === '/other') return 'here';\n  return READ;\n}\n",
            "if (BASE === '/api') log();\n  return READ;\n}\n",
            "if (BASE === '/api') { if (more) { return 'here'; } }\n  return READ;\n}\n",
            "if (BASE === '/api' && more) return 'here';\n  return READ;\n}\n",
            "if (config.BASE === '/api') return 'here';\n  return READ;\n}\n",
            "return 'here';\n}\nexport function other() {\n  return READ;\n}\n",
            "if (BASE === '/api') return READ;\n  return 'here';\n}\n",
            "return BASE === '/api' ? READ : 'here';\n}\n",
            "return more || BASE !== '/api' ? READ : 'here';\n}\n",
        ],
    )
    def test_what_is_asked_first_is_something_else(self, code: str) -> None:
        assert self.severity(f"{self.ASKED}  {code}".replace("READ", self.READ), source=self.BASE) == ["error"]

    @pytest.mark.parametrize("base", ["NEXT_PUBLIC_Y || '/api'", "NEXT_PUBLIC_X || '/x'", "NEXT_PUBLIC_X + '/api'"])
    def test_the_constant_is_something_else(self, base: str) -> None:
        source = f"export const BASE = process.env.{base};\n"
        code = f"{self.ASKED}  if (BASE === '/api') return 'here';\n  return {self.READ};\n}}\n"
        assert "error" in self.severity(code, source=source)

    def test_a_constant_of_the_module_alone(self) -> None:
        assert self.severity(source=self.EXPORT.removeprefix("export ")) == ["error"]
