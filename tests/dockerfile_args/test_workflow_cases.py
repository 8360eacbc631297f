"""What workflows pass: cases 29 to 36."""

from __future__ import annotations

import pytest

from fr_check.core.model import Finding, Severity
from frontend_project import WORKFLOW, D, W, judge, project, results

UNPASSED = ["error unpassed-build-arg NEXT_PUBLIC_X"]


def build(inputs: str, uses: str = "docker/build-push-action@v6", job: str = "") -> str:
    """A workflow with one step of these inputs."""
    lines = "".join(f"          {line}\n" for line in inputs.splitlines())
    return f"on: push\njobs:\n  image:\n{job}    steps:\n      - uses: {uses}\n        with:\n{lines}"


def build_args(*lines: str) -> str:
    return build("context: apps/frontend\nbuild-args: |\n" + "\n".join(f"  {line}" for line in lines))


def run(*lines: str) -> str:
    body = "".join(f"          {line}\n" for line in lines)
    return f"on: push\njobs:\n  image:\n    steps:\n      - run: |\n{body}          docker push x\n"


MATRIX = (
    "    strategy: {matrix: {include: [{app: frontend, context: ./apps/frontend},"
    " {app: backend, context: ./apps/backend}]}}\n"
)
HARVEST = "${{ matrix.app == 'frontend' && format('NEXT_PUBLIC_X=https://{0}', vars.HOST) || '' }}"

CASES = {
    "29-comment": (build_args("# NEXT_PUBLIC_X=1"), [*UNPASSED, "warning malformed-build-arg # NEXT_PUBLIC_X"]),
    "29-hash-in-value": (
        build_args("FOO=bar#NEXT_PUBLIC_X=1"),
        [*UNPASSED, "warning unconsumed-build-arg FOO"],
    ),
    "30-folded": (
        build("context: apps/frontend\nbuild-args:\n  A=1\n  NEXT_PUBLIC_X=2"),
        [*UNPASSED, "warning malformed-build-arg NEXT_PUBLIC_X", "warning unconsumed-build-arg A"],
    ),
    "30-old-input": (
        build("context: apps/frontend\nbuild_args: NEXT_PUBLIC_X=1"),
        [*UNPASSED, "warning malformed-build-arg build_args"],
    ),
    "30-first-version": (build("path: apps/frontend\nbuild_args: NEXT_PUBLIC_X=1", "docker/build-push-action@v1"), []),
    "31-matrix": (build("context: ${{ matrix.context }}\nbuild-args: |\n  " + HARVEST, job=MATRIX), []),
    "31-matrix-without": (build("context: ${{ matrix.context }}", job=MATRIX), UNPASSED),
    "31-opaque": (build_args("${{ steps.a.outputs.args }}"), ["unknown opaque-build-args"]),
    "31-opaque-value": (build_args("NEXT_PUBLIC_X=${{ steps.a.outputs.x }}"), []),
    "31-unknown-context": (build("context: ${{ inputs.context }}"), ["unknown unresolved-build"]),
    "31-opaque-matrix": (
        build(
            "context: apps/${{ matrix.app }}",
            job="    strategy: {matrix: {app: '${{ fromJSON(needs.a.outputs.b) }}'}}\n",
        ),
        ["unknown unresolved-build"],
    ),
    "31-excluded": (
        build(
            "context: apps/${{ matrix.app }}",
            job="    strategy: {matrix: {app: [frontend, gone], exclude: [{app: gone}]}}\n",
        ),
        UNPASSED,
    ),
    "32-remark": (build("context: apps/frontend\n# NEXT_PUBLIC_X=1\npush: true"), UNPASSED),
    "32-environment-of-the-step": (
        build("context: apps/frontend").replace("        with:", "        env: {NEXT_PUBLIC_X: 1}\n        with:"),
        UNPASSED,
    ),
    "32-bare-name": (build_args("NEXT_PUBLIC_X"), []),
    "32-environment": (build("context: apps/frontend", job="    env: {NEXT_PUBLIC_X: 1}\n"), UNPASSED),
    "32-echo": (run('echo "NEXT_PUBLIC_X=1" >> .env', "docker build apps/frontend"), UNPASSED),
    "33-file": (build("context: .\nfile: apps/frontend/Dockerfile"), UNPASSED),
    "33-environment": (build("context: ${{ env.DIR }}/frontend", job="    env: {DIR: apps}\n"), UNPASSED),
    "33-workspace-of-a-command": (run("cd /tmp && docker build ${{ github.workspace }}/apps/frontend"), UNPASSED),
    "33-trailing-slash": (build("context: ./apps/frontend/"), UNPASSED),
    "33-workspace": (build("context: ${{ github.workspace }}/apps/frontend"), UNPASSED),
    "33-default-context": (build("context: '{{defaultContext}}:apps/frontend'"), UNPASSED),
    "33-git-context": (build("file: apps/frontend/Dockerfile"), UNPASSED),
    "33-checkout-path": (
        build("context: src/apps/frontend").replace(
            "    steps:\n", "    steps:\n      - uses: actions/checkout@v4\n        with: {path: src}\n"
        ),
        UNPASSED,
    ),
    "33-another-repository": (
        build("context: other/apps").replace(
            "    steps:\n",
            "    steps:\n      - uses: actions/checkout@v4\n        with: {path: other, repository: a/b}\n",
        ),
        [],
    ),
    "34-hash": (build("context: apps/frontend", "docker/build-push-action@" + "a" * 40 + " # v5"), UNPASSED),
    "34-quoted": (build("context: apps/frontend", '"docker/build-push-action@v5"'), UNPASSED),
    "34-upper-case": (build("context: apps/frontend", "Docker/Build-Push-Action@v5"), UNPASSED),
    "34-depot": (build("context: apps/frontend", "depot/build-push-action@v1"), UNPASSED),
    "34-setup": (build("context: apps/frontend", "docker/setup-buildx-action@v3"), []),
    "34-imagetools": (run("docker buildx imagetools create -t a b"), []),
    "35-command": (
        run("docker build --build-arg NEXT_PUBLIC_X \\", "  --build-arg=Y=1 -f apps/frontend/Dockerfile apps/frontend"),
        ["warning unconsumed-build-arg Y"],
    ),
    "35-command-without": (run("docker buildx build -t x apps/frontend"), UNPASSED),
    "35-variable": (run("ARGS=(--build-arg NEXT_PUBLIC_X=1)", 'docker build "${ARGS[@]}" apps/frontend'), []),
    "35-environment": (
        run("docker build $MORE -f $FILE apps/frontend").replace(
            "    steps:\n",
            "    env: {FILE: apps/frontend/Dockerfile, MORE: '--build-arg NEXT_PUBLIC_X=1'}\n    steps:\n",
        ),
        [],
    ),
    "35-array-of-a-branch": (
        run(
            "a=(--build-arg NEXT_PUBLIC_X)", "if b; then a+=(--build-arg Y); fi", 'docker build "${a[@]}" apps/frontend'
        ),
        [],
    ),
    "35-opaque-options": (run("docker build $OPTIONS apps/frontend"), ["unknown opaque-build-args"]),
    "36-predefined": (
        build_args("NEXT_PUBLIC_X=1", "HTTPS_PROXY=1", "BUILDKIT_X=1", "SOURCE_DATE_EPOCH=0", "TARGETPLATFORM=x"),
        [],
    ),
    "36-old-name": (
        build_args("NEXT_PUBLIC_X=1", "NEXT_PUBLIC_OLD=1"),
        ["warning unconsumed-build-arg NEXT_PUBLIC_OLD"],
    ),
    "dollar-without-a-shell": (build_args("NEXT_PUBLIC_X=$NEXT_PUBLIC_X"), ["warning literal-dollar NEXT_PUBLIC_X"]),
    "cross-wired": (
        build_args("NEXT_PUBLIC_X=${{ vars.NEXT_PUBLIC_Y }}"),
        ["warning cross-wired-build-arg NEXT_PUBLIC_X"],
    ),
    "not-pushed": (
        build("context: apps/frontend\npush: false"),
        [],
    ),
    "twice": (
        build("context: apps/frontend\nbuild-args: NEXT_PUBLIC_X=1\nbuild-args: NEXT_PUBLIC_X=2"),
        ["error duplicate-key build-args"],
    ),
}


@pytest.mark.parametrize(("workflow", "expected"), CASES.values(), ids=CASES.keys())
def test_workflows(workflow: str, expected: list[str]) -> None:
    backend = {"apps/backend/Dockerfile": "FROM python\n"}
    assert judge(project(workflow=workflow, **backend)) == sorted(expected)


def test_33_a_folder_is_not_matched_by_its_prefix() -> None:
    other = build("context: apps/frontend-admin")
    admin = {"apps/frontend-admin/Dockerfile": "FROM node\nRUN npm run build\n"}
    assert judge(project(workflow=WORKFLOW, **{**admin, ".github/workflows/b.yml": other})) == []


def test_35_compose_files_of_a_command_are_merged() -> None:
    base = "services:\n  web:\n    build: {context: apps/frontend}\n"
    more = "services:\n  web:\n    build: {context: apps/frontend, args: {NEXT_PUBLIC_X: 1}}\n"
    files = project(compose="", workflow=run("docker compose -f a.compose.yml -f b.compose.yml build web"))
    files |= {"a.compose.yml": base, "b.compose.yml": more}
    assert judge(files) == []
    assert judge({**files, W: run("docker compose up")}) == UNPASSED


def test_a_composite_action_is_built_with_the_inputs_of_its_caller() -> None:
    action = (
        "name: Image\ninputs:\n  app: {required: true}\n  args: {default: ''}\nruns:\n  using: composite\n  steps:\n"
        "    - uses: docker/build-push-action@v6\n      with:\n        context: apps/${{ inputs.app }}\n"
        "        build-args: ${{ inputs.args }}\n"
    )
    files = project(**{".github/actions/image/action.yml": action})
    caller = build("app: frontend\nargs: NEXT_PUBLIC_X=1", "./.github/actions/image")
    assert judge({**files, W: caller}) == []
    assert judge({**files, W: build("app: frontend", "./.github/actions/image")}) == UNPASSED


def test_a_called_workflow_is_built_with_the_inputs_of_its_caller() -> None:
    called = (
        "on:\n  workflow_call:\n    inputs:\n      app: {type: string}\njobs:\n  image:\n    steps:\n"
        "      - uses: docker/build-push-action@v6\n        with:\n          context: apps/${{ inputs.app }}\n"
    )
    caller = "on: push\njobs:\n  a:\n    uses: ./.github/workflows/image.yml\n    with: {app: frontend}\n"
    files = project(workflow=caller, **{".github/workflows/image.yml": called})
    assert judge(files) == UNPASSED
    assert judge({**files, W: caller.replace("frontend", "none")}) == [
        "warning missing-dockerfile apps/none/Dockerfile"
    ]


def test_other_arguments_are_compared_among_workflows() -> None:
    def step(arguments: str) -> str:
        return f"      - uses: docker/build-push-action@v6\n        with: {{context: api, push: true{arguments}}}\n"

    head = "on: push\njobs:\n  a:\n    steps:\n"
    passing = step(", build-args: 'SHA=${{ github.sha }}'")
    files = {"api/Dockerfile": "FROM x\nARG SHA=unknown\n", ".fr-check.toml": 'preset = "strict"\n'}
    assert judge({**files, W: head + passing + step("")}) == ["warning unpassed-build-arg SHA"]
    assert judge({**files, W: head + passing + step("").replace("push: true", "push: false")}) == []
    assert judge({**files, W: head + passing, "docker-compose.yml": "services: {a: {build: api}}"}) == []


def test_bake_targets_are_builds() -> None:
    bake = '{"target": {"base": {"args": {"A": "1"}}, "web": {"inherits": ["base"], "context": "apps/frontend"}}}'
    files = project(workflow="", **{"docker-bake.json": bake})
    assert judge(files) == [*UNPASSED, "warning unconsumed-build-arg A"]
    workflow = build("set: |\n  web.args.NEXT_PUBLIC_X=1", "docker/bake-action@v6")
    assert judge({**files, W: workflow}) == ["warning unconsumed-build-arg A"]
    command = run("docker buildx bake web --set '*.args.NEXT_PUBLIC_X=1'")
    assert judge({**files, W: command}) == ["warning unconsumed-build-arg A"]


BAKE = '{"target": {"web": {"context": "apps/frontend", "args": {"Y": "1"}}}}'
WITH_Y = [*UNPASSED, "warning unconsumed-build-arg Y"]


@pytest.mark.parametrize(
    "workflow",
    [
        run("docker buildx bake -f ops/web.json"),
        run("cd ops", "docker buildx bake --file=web.json").replace("- run", "- working-directory: .\n        run"),
        build("files: |\n  ./ops/web.json", "docker/bake-action@v5"),
        build("workdir: .\nfiles: ops/web.json", "docker/bake-action@v4"),
    ],
    ids=["command", "command-in-a-folder", "action", "action-in-a-folder"],
)
def test_bake_files_of_any_name_are_read_where_something_names_them(workflow: str) -> None:
    content = BAKE.replace("apps", "../apps") if "cd ops" in workflow else BAKE
    files = project(compose="", workflow=workflow, **{"ops/web.json": content})
    assert judge(files) == WITH_Y
    assert judge({**files, W: WORKFLOW}) == []


def test_a_bake_target_completes_the_compose_service_of_its_name() -> None:
    files = project(workflow="", **{"docker-bake.json": '{"target": {"web": {"args": {"Y": "1"}, "cache-to": ["x"]}}}'})
    assert judge(files) == ["warning unconsumed-build-arg Y"]
    more = {**files, "docker-bake.json": '{"target": {"web": {"args": {"NEXT_PUBLIC_X": "1"}}}}'}
    bare = {**more, "docker-compose.yml": "services:\n  web:\n    build: apps/frontend\n"}
    (found,) = (item for item in results(bare) if isinstance(item, Finding))
    assert (found.rule, found.location.path) == ("unpassed-build-arg", "docker-compose.yml")


def test_a_dockerfile_elsewhere_is_the_frontends_by_what_it_names() -> None:
    dockerfile = "FROM node\nCOPY apps/frontend .\nRUN npm run build\n"
    files = project("", compose="", workflow=build("context: .\nfile: docker/web.Dockerfile"))
    found = judge({**files, "docker/web.Dockerfile": dockerfile})
    assert found == ["error undeclared-build-arg NEXT_PUBLIC_X"]
    assert D not in files


def test_bake_replaces_its_references_itself() -> None:
    variable = 'variable "U" { default = "" }\n'
    hcl = variable + 'target "web" {\n  context = "apps/frontend"\n  args = { NEXT_PUBLIC_X = U }\n}\n'
    assert judge(project(compose="", workflow="", **{"docker-bake.hcl": hcl})) == []


def test_a_bake_file_is_judged_without_any_extra() -> None:
    hcl = 'target "web" {\n  context = "apps/frontend"\n}\n'
    assert judge(project(compose="", workflow="", **{"docker-bake.hcl": hcl})) == UNPASSED
    broken = judge(project(compose="", workflow="", **{"docker-bake.hcl": 'target "web" {\n'}))
    assert broken == ["unknown unreadable-bake-file"]


def test_an_empty_variable_of_a_bake_file_hides_the_default() -> None:
    dockerfile = "FROM node\nARG NEXT_PUBLIC_X=/api\nRUN npm run build\n"
    for default, expected in (("", ["info empty-build-arg-default NEXT_PUBLIC_X"]), ("/x", [])):
        target = 'target "web" {\n  context = "apps/frontend"\n  args = { NEXT_PUBLIC_X = U }\n}\n'
        hcl = f'variable "U" {{ default = "{default}" }}\n{target}'
        found = judge(project(dockerfile, compose="", workflow="", **{"docker-bake.hcl": hcl}), Severity.INFO)
        assert [line for line in found if "empty" in line] == expected


def test_what_only_another_stage_declares_is_not_called_misspelt() -> None:
    dockerfile = "FROM node AS a\nARG VERSION\nRUN npm run build\nFROM node AS dev\n"
    workflow = WORKFLOW.replace("NEXT_PUBLIC_X=${{ vars.NEXT_PUBLIC_X }}", "VERSION=1")
    found = results(project(dockerfile, compose="", workflow=workflow))
    (told,) = (item for item in found if isinstance(item, Finding) and item.rule == "unconsumed-build-arg")
    assert "did you mean" not in told.help
