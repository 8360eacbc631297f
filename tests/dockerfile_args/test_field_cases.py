"""What was wrong in repositories that the checker had never seen: values that arrive otherwise, and false alarms."""

from __future__ import annotations

import json

import pytest

from fr_check.core.model import Finding, Severity
from frontend_project import COMPOSE, DOCKERFILE, SOURCE, WORKFLOW, D, facts, judge, project, results

UNDECLARED = "undeclared-build-arg NEXT_PUBLIC_X"
ALONE = {"compose": "", "workflow": ""}
FE = "apps/frontend"


def built(lines: str, **files: str) -> list[str]:
    """What is said of a Dockerfile without an ARG, and of nothing else; information too."""
    found = judge(project(f"FROM node\nWORKDIR /app\nCOPY . .\n{lines}", **ALONE, **files), Severity.INFO)
    return [line for line in found if "build-arg" in line]


ENV_FILE = "NEXT_PUBLIC_X=https://x.example.org\n"
OTHER = "A=1\n"
ARRIVES = {
    "a-copied-file": ("COPY .env.docker .env.production\nRUN npm run build\n", {f"{FE}/.env.docker": ENV_FILE}),
    "written-before": ('RUN echo "NEXT_PUBLIC_X=https://x" > .env.production\nRUN npm run build\n', {}),
    "appended-before": ("RUN printf 'A=1\\nNEXT_PUBLIC_X=1\\n' >> .env\nRUN npm run build\n", {}),
    "copied-by-a-command": ("RUN cp .env.ci .env && npm run build\n", {f"{FE}/.env.ci": ENV_FILE}),
    "env-cmd": ("RUN npx env-cmd -f .env.staging next build\n", {f"{FE}/.env.staging": ENV_FILE}),
    "env-cmd-in-a-script": (
        "RUN npm run build\n",
        {
            f"{FE}/package.json": '{"scripts": {"build": "env-cmd -f .env.staging next build"}}',
            f"{FE}/.env.staging": ENV_FILE,
        },
    ),
    "dotenv-cli": ("RUN npx dotenv -e .env.staging -- next build\n", {f"{FE}/.env.staging": ENV_FILE}),
    "given-in-a-script": (
        "RUN npm run build\n",
        {f"{FE}/package.json": '{"scripts": {"build": "cross-env NEXT_PUBLIC_X=1 next build"}}'},
    ),
    "written-by-another-script": (
        "RUN npm run build\n",
        {
            f"{FE}/package.json": json.dumps(
                {
                    "scripts": {
                        "prepare-env": 'bash -c "cp .env.expand .env"',
                        "build": "npm run prepare-env && next build",
                    }
                }
            ),
            f"{FE}/.env.expand": ENV_FILE,
        },
    ),
    "committed": ("RUN npm run build\n", {f"{FE}/.env.production": ENV_FILE}),
    "sourced": ("RUN set -a && . ./.env.ci && npm run build\n", {f"{FE}/.env.ci": ENV_FILE}),
}


@pytest.mark.parametrize(("lines", "files"), ARRIVES.values(), ids=ARRIVES.keys())
def test_a_value_that_arrives_otherwise_is_information(lines: str, files: dict[str, str]) -> None:
    assert built(lines, **files) == [f"info {UNDECLARED}"]
    # The same without the variable is a fault.
    without = {path: text.replace("NEXT_PUBLIC_X=", "NEXT_PUBLIC_Y=") for path, text in files.items()}
    assert built(lines.replace("NEXT_PUBLIC_X=", "NEXT_PUBLIC_Y="), **without) == [f"error {UNDECLARED}"]


PERHAPS = {
    "not-committed": "COPY .env.docker .env.production\nRUN npm run build\n",
    "fetched": "RUN curl https://x > .env && npm run build\n",
    "from-an-argument": 'ARG FILE\nRUN echo "$FILE" > .env && npm run build\n',
    "env-cmd": "RUN npx env-cmd -f .env.staging next build\n",
}


@pytest.mark.parametrize("lines", PERHAPS.values(), ids=PERHAPS.keys())
def test_a_file_that_is_not_in_the_repository_may_bring_it(lines: str) -> None:
    assert built(lines) == [f"info {UNDECLARED}"]
    found = facts(project(f"FROM node\nWORKDIR /app\nCOPY . .\n{lines}", **ALONE))
    assert D in [gap.subject for gap in found.gaps]


NOTHING = {
    "the-environment": "RUN env > .env && npm run build\n",
    "itself": 'RUN echo "NEXT_PUBLIC_X=$NEXT_PUBLIC_X" > .env && npm run build\n',
    "handed-on": "RUN NEXT_PUBLIC_X=$NEXT_PUBLIC_X npm run build\n",
    "another-mode": "COPY .env.docker .env.development\nRUN npm run build\n",
    "below": "RUN npm run build\nRUN echo NEXT_PUBLIC_X=1 > .env\n",
}


@pytest.mark.parametrize("lines", NOTHING.values(), ids=NOTHING.keys())
def test_what_brings_nothing_is_a_fault(lines: str) -> None:
    assert built(lines, **{f"{FE}/.env.docker": ENV_FILE}) == [f"error {UNDECLARED}"]


def test_an_env_made_of_another_argument_is_passed_by_that() -> None:
    dockerfile = "FROM node\nARG DOMAIN\nENV NEXT_PUBLIC_X=https://$DOMAIN/api\nRUN npm run build\n"
    files = project(dockerfile, compose="", workflow=WORKFLOW.replace("NEXT_PUBLIC_X=", "DOMAIN="))
    assert judge(files) == []
    missing = project(dockerfile, compose="", workflow=WORKFLOW.replace("NEXT_PUBLIC_X=", "OTHER="))
    assert judge(missing) == ["error unpassed-build-arg DOMAIN", "warning unconsumed-build-arg OTHER"]
    defaulted = dockerfile.replace("ARG DOMAIN", "ARG DOMAIN=x.org")
    assert "unpassed" not in " ".join(judge(project(defaulted, compose="", workflow=WORKFLOW), Severity.INFO))


NEXT_CONFIG = {
    "hidden": "export default { env: { NEXT_PUBLIC_X: process.env.NEXT_PUBLIC_X } };\n",
    "rewrites": "export default { async rewrites() { return [{ destination: `${process.env.API_URL}/x` }]; } };\n",
    "redirects": "const c = { redirects: async () => [{ destination: process.env.API_URL }] };\n",
    "headers": "module.exports = { headers() { return [process.env.API_URL]; } };\n",
    "env": "export default { env: { API: process.env.API_URL } };\n",
}


@pytest.mark.parametrize("config", NEXT_CONFIG.values(), ids=NEXT_CONFIG.keys())
def test_what_next_config_reads_is_needed_at_build(config: str) -> None:
    name = "NEXT_PUBLIC_X" if "PUBLIC" in config else "API_URL"
    compose = f"services:\n  web:\n    build: apps/frontend\n    environment:\n      {name}: http://api\n"
    source = SOURCE if "PUBLIC" in config else ""
    dockerfile = "FROM node\nCOPY . .\nRUN npm run build\n"
    more = {"workflow": "", "example": f"{name}=\n", f"{FE}/next.config.mjs": config}
    files = project(dockerfile, compose=compose, source=source, **more)
    assert judge(files) == [f"error undeclared-build-arg {name}"]
    (finding,) = (found for found in results(files) if isinstance(found, Finding) and found.severity is Severity.ERROR)
    assert any("too late" in note.message for note in finding.notes)


def test_what_a_configuration_does_by_itself_needs_no_value() -> None:
    config = {
        f"{FE}/next.config.mjs": "const on = process.env.ANALYZE;\nexport default { env: { NEXT_PUBLIC_X: v } };\n"
    }
    assert built("RUN npm run build\n", **config) == []


VITE = json.dumps({"name": "ui", "devDependencies": {"vite": "5"}, "scripts": {"build": "vite build"}})


def vite(source: str, **files: str) -> list[str]:
    found = {
        "ui/package.json": VITE,
        "ui/index.html": "",
        "ui/src/a.ts": source,
        "ui/Dockerfile": "FROM node\nCOPY . .\nRUN npm run build\n",
        **files,
    }
    return judge(found)


def test_a_variable_of_vite_is_found_without_configuration() -> None:
    read = "export const a = import.meta.env.VITE_API_URL;\n"
    assert vite(read) == ["error undeclared-build-arg VITE_API_URL"]
    assert vite(read, **{".fr-check.toml": '[dockerfile-args]\npublic-prefixes = ["PUBLIC_"]\n'}) == [
        "error undeclared-build-arg VITE_API_URL"
    ]
    assert vite("f(import.meta.env.APP_X);\n", **{"ui/vite.config.ts": "export default { envPrefix: 'APP_' }\n"}) == [
        "error undeclared-build-arg APP_X"
    ]


DEVELOPMENT = {
    "if": "if (import.meta.env.DEV) { set(import.meta.env.VITE_KEY); }\n",
    "and": "const k = import.meta.env.DEV && import.meta.env.VITE_KEY;\n",
    "host": "const k = import.meta.env.VITE_KEY || window.location.host;\n",
    "empty": 'const k = import.meta.env.VITE_KEY ?? "";\n',
    "config": "",
}


@pytest.mark.parametrize("source", DEVELOPMENT.values(), ids=DEVELOPMENT.keys())
def test_what_production_never_reads_or_copes_without_is_no_alarm(source: str) -> None:
    config = {"ui/vite.config.ts": "export default { define: { K: process.env.VITE_KEY } }\n"} if not source else {}
    assert vite(source, **config) == []


def test_what_a_configuration_assigns_is_given() -> None:
    config = {"ui/vite.config.ts": "process.env.VITE_V ??= version;\nexport default {}\n"}
    assert vite("f(import.meta.env.VITE_V);\n", **config) == []


KEPT = {
    "not-pushed": ("uses: docker/build-push-action@v6\n        with: {context: apps/frontend, push: false}", "push"),
    "loaded": ("uses: docker/build-push-action@v6\n        with: {context: apps/frontend, load: true}", "push"),
    "of-a-pull-request": ("uses: docker/build-push-action@v6\n        with: {context: apps/frontend}", "pull_request"),
    "a-command": ("run: docker build -t x apps/frontend", "push"),
    "a-command-of-buildx": ("run: docker buildx build --load apps/frontend", "push"),
}


@pytest.mark.parametrize(("step", "event"), KEPT.values(), ids=KEPT.keys())
def test_an_image_that_never_leaves_the_runner_is_no_alarm(step: str, event: str) -> None:
    workflow = f"on: {event}\njobs:\n  image:\n    steps:\n      - {step}\n"
    assert judge(project(workflow=workflow)) == []
    pushed = workflow + "      - run: docker push x\n"
    says = "push: false" in step or "load: true" in step
    expected = [] if says else ["error unpassed-build-arg NEXT_PUBLIC_X"]
    assert judge(project(workflow=pushed)) == expected


def test_findings_of_one_build_are_one_block() -> None:
    names = [f"NEXT_PUBLIC_{letter}" for letter in "ABC"]
    dockerfile = "FROM node\n" + "".join(f"ARG {name}\n" for name in names) + "RUN npm run build\n"
    source = "".join(f"f(process.env.{name});\n" for name in names)
    example = "".join(f"{name}=\n" for name in names)
    files = project(
        dockerfile, compose="services:\n  web: {build: apps/frontend}\n", workflow="", source=source, example=example
    )
    found = [item for item in results(files) if isinstance(item, Finding)]
    assert [item.subject for item in found] == names
    assert len({(item.rule, item.group) for item in found}) == 1


MADE = {
    "written": "cat Dockerfile extra.txt > extra/Dockerfile.generated",
    "moved": "mv build/Dockerfile.generated extra/",
    "filled-in": "envsubst < x > extra/Dockerfile.generated",
    "a-folder": "cp -r template extra",
}


@pytest.mark.parametrize("command", MADE.values(), ids=MADE.keys())
def test_a_dockerfile_that_a_step_makes_is_not_missing(command: str) -> None:
    step = "uses: docker/build-push-action@v6\n        with: {context: ., file: extra/Dockerfile.generated}"
    workflow = f"on: push\njobs:\n  image:\n    steps:\n      - run: {command}\n      - {step}\n"
    assert not [line for line in judge(project(workflow=workflow)) if "missing" in line]
    other = workflow.replace(command, "echo")
    assert "warning missing-dockerfile extra/Dockerfile.generated" in judge(project(workflow=other))
    assert "extra/Dockerfile.generated" in [gap.subject for gap in facts(project(workflow=workflow)).gaps]


def test_a_template_of_a_compose_file_is_a_sample() -> None:
    assert judge(project(**{"docker-compose.template.yml": "services:\n  {% if a %}\n  x: [\n"})) == []


def test_what_the_container_is_given_is_a_place_of_an_orphan() -> None:
    compose = COMPOSE + "    environment:\n      NEXT_PUBLIC_X: 1\n"
    (finding,) = (f for f in results(project(compose=compose, source="f();\n")) if f.subject == "NEXT_PUBLIC_X")
    assert "set here, too" in [note.message for note in finding.notes]


def test_a_leg_of_a_matrix_is_named() -> None:
    workflow = (
        "on: push\njobs:\n  image:\n    strategy: {matrix: {app: [frontend, admin]}}\n    steps:\n"
        "      - name: Build\n        uses: docker/build-push-action@v6\n"
        "        with: {context: 'apps/${{ matrix.app }}', push: true}\n"
    )
    (finding,) = (f for f in results(project(workflow=workflow)) if isinstance(f, Finding) and "unpassed" in f.rule)
    assert "step `Build` (app: frontend)" in finding.message


def test_a_step_and_a_stage_without_a_name_are_counted() -> None:
    workflow = (
        "on: push\njobs:\n  image:\n    steps:\n      - run: docker push x\n      - run: docker build apps/frontend\n"
    )
    messages = [found.message for found in results(project(workflow=workflow))]
    assert any("command in step 2 " in message for message in messages)
    below = results(project("FROM node\nRUN npm run build\nARG NEXT_PUBLIC_X\n"))
    assert any("in the first stage" in found.message for found in below if isinstance(found, Finding))


@pytest.mark.parametrize("value", ['"https://a"', "'https://a'", '"${{ vars.X }}"'])
def test_quotes_around_a_value_become_part_of_it(value: str) -> None:
    quoted = WORKFLOW.replace("${{ vars.NEXT_PUBLIC_X }}", value)
    assert judge(project(workflow=quoted)) == ["warning malformed-build-arg NEXT_PUBLIC_X"]
    whole = WORKFLOW.replace("NEXT_PUBLIC_X=${{ vars.NEXT_PUBLIC_X }}", '"NEXT_PUBLIC_X=https://a"')
    assert judge(project(workflow=whole)) == []


@pytest.mark.parametrize("value", ['""', "${NEXT_PUBLIC_X:-}", "''"])
def test_an_empty_argument_hides_the_default(value: str) -> None:
    compose = COMPOSE.replace("${NEXT_PUBLIC_X:-}", value)
    dockerfile = DOCKERFILE.replace("ARG NEXT_PUBLIC_X", "ARG NEXT_PUBLIC_X=/api")
    found = judge(project(dockerfile, compose=compose), Severity.INFO)
    assert "info empty-build-arg-default NEXT_PUBLIC_X" in found


@pytest.mark.parametrize("name", ["dockerfile_parse.protobuf", "dockerfile.py", "Dockerfile.md", "dockerfile-lint.js"])
def test_a_file_that_is_only_called_like_a_dockerfile_is_none(name: str) -> None:
    assert judge(project(**{name: "no Dockerfile\n"})) == []


def test_what_nobody_reads_is_told() -> None:
    cloud = {"cloudbuild.yaml": "steps:\n- name: gcr.io/cloud-builders/docker\n  args: [build, .]\n"}
    files = project(compose="", workflow="", **cloud)
    gaps = {gap.subject: gap.message for gap in facts(files).gaps}
    assert "is not read" in gaps["cloudbuild.yaml"]
    assert "no build" in gaps[D]
    assert D not in {gap.subject for gap in facts(project()).gaps}


def test_an_empty_file_called_dockerfile_that_nothing_builds_is_no_unknown() -> None:
    assert judge(project(**{"old/Dockerfile": "\n"})) == []
    assert "old/Dockerfile" in [gap.subject for gap in facts(project(**{"old/Dockerfile": "\n"})).gaps]


def test_what_another_leg_takes_is_no_alarm() -> None:
    workflow = WORKFLOW.replace("context: apps/frontend", "context: apps/${{ matrix.app }}").replace(
        "  image:\n", "  image:\n    strategy: {matrix: {app: [frontend, api]}}\n"
    )
    assert judge(project(workflow=workflow, **{"apps/api/Dockerfile": "FROM python\n"})) == []


CALLED = WORKFLOW.replace("on: push", "on: workflow_call").replace("vars.NEXT_PUBLIC_X", "secrets.X_URL")
CALLERS = {
    "none": ("", "", ["warning unpassed-secret X_URL"]),
    "others": ("    secrets: {TOKEN: '${{ secrets.TOKEN }}'}\n", "", ["warning unpassed-secret X_URL"]),
    "inherited": ("    secrets: inherit\n", "", []),
    "named": ("    secrets:\n      X_URL: ${{ secrets.OTHER }}\n", "", []),
    "of-an-environment": ("", "    environment: production\n", []),
}


@pytest.mark.parametrize(("more", "callee", "expected"), CALLERS.values(), ids=CALLERS.keys())
def test_a_called_workflow_sees_the_secrets_that_it_is_handed(more: str, callee: str, expected: list[str]) -> None:
    caller = "on: push\njobs:\n  image:\n    uses: ./.github/workflows/w.yml\n" + more
    called = CALLED.replace("    steps:", callee + "    steps:")
    assert judge(project(workflow=called, **{".github/workflows/main.yml": caller})) == expected
    fallback = called.replace("secrets.X_URL }}", "secrets.X_URL || 'https://x' }}")
    assert judge(project(workflow=fallback, **{".github/workflows/main.yml": caller})) == []


UNSET = {
    "automatic": ("RUN GOARCH=$TARGETARCH make\n", ["warning unset-run-variable TARGETARCH"]),
    "automatic-and-declared": ("ARG TARGETARCH\nRUN GOARCH=$TARGETARCH make\n", []),
    "global": ("RUN curl $TOOL\n", ["warning unset-run-variable TOOL"]),
    "global-and-declared": ("ARG TOOL\nRUN curl ${TOOL}\n", []),
    "below": ("RUN echo $LATE\nARG LATE\n", ["warning unset-run-variable LATE"]),
    "of-the-base": ("RUN GOARCH=$ARCH make\n", ["info unset-run-variable ARCH"]),
    "assigned": ("RUN ARCH=$(uname -m) && echo $ARCH\n", []),
    "looped-over": ("RUN for A in x y; do echo $A; done\n", []),
    "with-a-fallback": ("RUN echo ${ARCH:-amd64}\n", []),
    "usual": ("RUN echo $HOME $NODE_VERSION $JAVA_HOME $PATH\n", []),
    "set-by-env": ("ENV ARCH=1\nRUN echo $ARCH\n", []),
    "of-a-secret": ("RUN --mount=type=secret,id=a,env=ARCH echo $ARCH\n", []),
    "in-single-quotes": ("RUN echo '$ARCH'\n", []),
    "of-a-proxy": ("RUN echo $http_proxy $HTTPS_PROXY\n", []),
}


@pytest.mark.parametrize(("lines", "expected"), UNSET.values(), ids=UNSET.keys())
def test_a_step_reads_what_nothing_sets(lines: str, expected: list[str]) -> None:
    found = judge({"Dockerfile": f"ARG TOOL=1\nFROM golang\n{lines}"}, Severity.INFO)
    assert found == expected


def test_what_a_committed_file_sets_need_not_stand_in_the_example() -> None:
    source = {f"{FE}/src/z.ts": "f(process.env.NEXT_PUBLIC_Z);\n"}
    undocumented = "error undocumented-public-variable NEXT_PUBLIC_Z"
    assert undocumented in judge(project(**source))
    assert undocumented not in judge(project(**source, **{f"{FE}/.env.production": "NEXT_PUBLIC_Z=1\n"}))


def test_the_help_names_the_object_that_the_bundler_replaces() -> None:
    files = {"ui/package.json": VITE, "ui/index.html": "", "ui/a.ts": "const e = import.meta.env;\nf(e.VITE_A);\n"}
    (finding,) = (found for found in results(files) if isinstance(found, Finding) and found.rule == "uninlined-read")
    assert finding.help == "write `import.meta.env.VITE_A` out"


@pytest.mark.parametrize(
    ("base", "expected"),
    [("own-${TARGETARCH}", []), ("own-$TARGETOS-x", ["warning unconsumed-build-arg UID"]), ("own-amd64", []),
     ("other-${TARGETARCH}", ["warning unconsumed-build-arg UID"])],
)  # fmt: skip
def test_a_stage_that_is_another_one_on_each_platform(base: str, expected: list[str]) -> None:
    dockerfile = f"FROM node AS base\nARG UID\nFROM base AS own-amd64\nFROM base AS own-arm64\nFROM {base}\nRUN id\n"
    compose = "services:\n  web:\n    build:\n      context: .\n      args: {UID: '1'}\n"
    assert judge({"Dockerfile": dockerfile, "compose.yml": compose}) == expected
