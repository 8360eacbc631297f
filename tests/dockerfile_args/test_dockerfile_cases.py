"""Where the ARG stands: cases 1 to 20 of what right means for Dockerfiles."""

from __future__ import annotations

import pytest

from fr_check.core.model import Finding, Severity
from frontend_project import COMPOSE, D, judge, project, results

UNDECLARED = ["error undeclared-build-arg NEXT_PUBLIC_X"]
OUT_OF_SCOPE = ["error build-arg-out-of-scope NEXT_PUBLIC_X"]
BUILD = "RUN npm run build\n"

CASES = {
    "01-global-only": (f"ARG NEXT_PUBLIC_X=1\nFROM node\n{BUILD}", OUT_OF_SCOPE),
    "02-global-and-stage": (f"ARG NEXT_PUBLIC_X=1\nFROM node\nARG NEXT_PUBLIC_X\n{BUILD}", []),
    "02-empty-in-stage": (f"ARG NEXT_PUBLIC_X=1\nFROM node\nARG NEXT_PUBLIC_X=\n{BUILD}", []),
    "03-below-the-build": (f"FROM node\n{BUILD}ARG NEXT_PUBLIC_X\n", OUT_OF_SCOPE),
    "04-in-the-runtime-stage": (
        f"FROM a AS b\n{BUILD}FROM a\nARG NEXT_PUBLIC_X\nCOPY --from=b a a\n",
        OUT_OF_SCOPE,
    ),
    "05-inherited": (f"FROM node AS base\nARG NEXT_PUBLIC_X\nFROM base AS b\n{BUILD}", []),
    "05-copied": (f"FROM node AS base\nARG NEXT_PUBLIC_X\nFROM node\nCOPY --from=base a a\n{BUILD}", OUT_OF_SCOPE),
    "06-several-in-a-line": (f"FROM node\nARG A NEXT_PUBLIC_X=1 B\n{BUILD}", []),
    "07-name-in-lower-case": (f"FROM node\narg next_public_x\n{BUILD}", UNDECLARED),
    "07-keyword-in-lower-case": (f"FROM node\n  arg NEXT_PUBLIC_X\n{BUILD}", []),
    "08-heredoc": ("FROM node\nRUN <<EOF\nARG NEXT_PUBLIC_X\nnpm run build\nEOF\n", UNDECLARED),
    "08-copied-heredoc": ("FROM node\nARG NEXT_PUBLIC_X\nCOPY <<EOF /x\nnpm run build\nEOF\n", []),
    "09-escape-directive": (f"# escape=`\nFROM node\nRUN echo c:\\\nARG NEXT_PUBLIC_X\n{BUILD}", []),
    "09-without-it": (f"FROM node\nRUN echo c:\\\nARG NEXT_PUBLIC_X\n{BUILD}", UNDECLARED),
    "10-comment-in-continuation": (
        f"FROM node\nRUN echo a \\\n# note\nARG NEXT_PUBLIC_X\n{BUILD}",
        UNDECLARED,
    ),
    "10-two-backslashes": (f"FROM node\nRUN echo \\\\\nARG NEXT_PUBLIC_X\n{BUILD}", []),
    "11-commented-out": (f"FROM node\n# ARG NEXT_PUBLIC_X\n{BUILD}", UNDECLARED),
    "11-hash-in-text": (
        f'FROM node\nENV NOTE="# x"\nRUN x # ARG NEXT_PUBLIC_X\n{BUILD}',
        UNDECLARED,
    ),
    "12-blank-line-in-continuation": (f"FROM node\nARG A \\\n\n  NEXT_PUBLIC_X=2\n{BUILD}", []),
    "13-onbuild": (f"FROM node\nONBUILD ARG NEXT_PUBLIC_X\n{BUILD}", OUT_OF_SCOPE),
    "13-onbuild-fires": (f"FROM node AS base\nONBUILD ARG NEXT_PUBLIC_X\nFROM base\n{BUILD}", []),
    "14-fixed-env": (
        f"FROM node\nARG NEXT_PUBLIC_X\nENV NEXT_PUBLIC_X=https://const\n{BUILD}",
        ["warning dead-build-arg NEXT_PUBLIC_X"],
    ),
    "14-default-in-env": (f"FROM node\nARG NEXT_PUBLIC_X\nENV NEXT_PUBLIC_X=${{NEXT_PUBLIC_X:-d}}\n{BUILD}", []),
    "15-env-before-arg": (f"FROM node\nENV NEXT_PUBLIC_X=lit\nARG NEXT_PUBLIC_X\n{BUILD}", []),
    "16-mount": ("FROM node\nRUN --mount=type=cache,target=/c npm run build\n", UNDECLARED),
    "16-json": ('FROM node\nRUN ["npm", "run", "build"]\n', UNDECLARED),
    "16-chain": ("FROM node\nRUN pnpm i && next build\n", UNDECLARED),
    "16-another-script": (
        "FROM node\nARG NEXT_PUBLIC_X\nRUN npm run build:storybook\n",
        ["unknown unrecognised-build"],
    ),
    "16-echo": ('FROM node\nARG NEXT_PUBLIC_X\nRUN echo "npm run build"\n', []),
    "18-bom-and-crlf": (f"\ufeffFROM node\r\nARG NEXT_PUBLIC_X=1\r\n{BUILD}", []),
    "19-in-both-stages": (f"FROM a AS b\nARG NEXT_PUBLIC_X\n{BUILD}FROM c\nARG NEXT_PUBLIC_X\nCOPY --from=b a a\n", []),
    "env-of-itself-without-an-arg": (f"FROM node\nENV NEXT_PUBLIC_X=$NEXT_PUBLIC_X\n{BUILD}", UNDECLARED),
    "env-of-itself-and-a-global-arg": (
        f"ARG NEXT_PUBLIC_X\nFROM node\nENV NEXT_PUBLIC_X=${{NEXT_PUBLIC_X}}\n{BUILD}",
        OUT_OF_SCOPE,
    ),
    "comment-behind-an-arg": (
        f"FROM node\nARG NEXT_PUBLIC_X=1 # 0=off, 1=on for all\n{BUILD}",
        ["warning malformed-build-arg #"],
    ),
    "comment-glued-to-its-text": (
        f"FROM node\nARG NEXT_PUBLIC_X=1 #0=off 2=b\n{BUILD}",
        ["warning malformed-build-arg #0"],
    ),
    "several-names": (
        f"FROM node\nARG NEXT_PUBLIC_X=1 0=a 1=b\n{BUILD}",
        [
            "warning malformed-build-arg 0",
            "warning malformed-build-arg 1",
        ],
    ),
    "20-quote-before-the-name": (
        f'FROM node\nARG "NEXT_PUBLIC_X=a b"\n{BUILD}',
        [*UNDECLARED, 'warning malformed-build-arg "NEXT_PUBLIC_X', "unknown unreadable-dockerfile"],
    ),
}


@pytest.mark.parametrize(("dockerfile", "expected"), CASES.values(), ids=CASES.keys())
def test_dockerfiles(dockerfile: str, expected: list[str]) -> None:
    assert judge(project(dockerfile)) == sorted(expected)


UNUSED = "FROM a AS other\nARG OLD\nFROM node\nARG NEXT_PUBLIC_X\n"


@pytest.mark.parametrize(
    ("dockerfile", "name", "expected"),
    [
        pytest.param(f"{UNUSED}{BUILD}", "OLD", ["warning unconsumed-build-arg OLD"], id="stage-that-is-not-built"),
        pytest.param(f"{UNUSED}COPY --from=other a a\n{BUILD}", "OLD", [], id="stage-that-is-copied-from"),
        pytest.param(f"{UNUSED}{BUILD}", "TARGETSTAGE", [], id="automatic"),
        pytest.param(f"{UNUSED}{BUILD}", "http_proxy", [], id="predefined"),
        pytest.param(f"{UNUSED}{BUILD}", "BUILDKIT_SBOM_SCAN_STAGE", [], id="control"),
    ],
)
def test_36_an_argument_is_consumed_by_what_the_build_runs(dockerfile: str, name: str, expected: list[str]) -> None:
    assert judge(project(dockerfile, compose=COMPOSE + f"        {name}: 1\n", workflow="")) == expected


def test_17_a_secret_mount_gives_the_variable_in_its_own_words() -> None:
    files = project("FROM node\nRUN --mount=type=secret,id=k,env=NEXT_PUBLIC_X npm run build\n")
    assert judge(files) == []
    messages = [f.message for f in results(files) if isinstance(f, Finding) and f.severity == Severity.INFO]
    assert messages == [f"`{D}` declares no ARG `NEXT_PUBLIC_X`: a secret mount of the step sets it"]


OTHERWISE = {
    "before-the-command": "RUN NEXT_PUBLIC_X=/api npm run build\n",
    "exported": "RUN export NEXT_PUBLIC_X=/api && npm run build\n",
    "written": "RUN echo NEXT_PUBLIC_X=/api > .env.production && npm run build\n",
    "here-document": "COPY <<EOF .env.production\nNEXT_PUBLIC_X=/api\nEOF\nRUN npm run build\n",
}


ENVS = {
    "env": "ENV NEXT_PUBLIC_X=/api\nRUN npm run build\n",
    "env-with-a-default": "ENV NEXT_PUBLIC_X=${NEXT_PUBLIC_X:-/api}\nRUN npm run build\n",
}


@pytest.mark.parametrize("lines", ENVS.values(), ids=ENVS.keys())
def test_what_an_env_sets_is_information_until_a_build_passes_something_else(lines: str) -> None:
    compose = "services:\n  web: {build: apps/frontend}\n"
    alone = project(f"FROM node\n{lines}", compose=compose, workflow="")
    assert judge(alone) == []
    assert "info undeclared-build-arg NEXT_PUBLIC_X" in judge(alone, Severity.INFO)
    assert judge(project(f"FROM node\n{lines}")) == UNDECLARED


@pytest.mark.parametrize("lines", OTHERWISE.values(), ids=OTHERWISE.keys())
def test_a_value_from_elsewhere_is_information(lines: str) -> None:
    files = project(f"FROM node\n{lines}")
    assert judge(files) == []
    assert "info undeclared-build-arg NEXT_PUBLIC_X" in judge(files, Severity.INFO)


@pytest.mark.parametrize(
    ("line", "hidden"), [("ARG NEXT_PUBLIC_X=", True), ('ARG NEXT_PUBLIC_X=""', True), ("ARG NEXT_PUBLIC_X", False)]
)
def test_02_an_empty_arg_of_a_stage_hides_the_global_default(line: str, hidden: bool) -> None:  # noqa: FBT001 - a table's column
    files = project(f"ARG NEXT_PUBLIC_X=1\nFROM node\n{line}\n{BUILD}", compose="", workflow="")
    found = ["info empty-build-arg-default NEXT_PUBLIC_X"] if hidden else []
    assert judge(files, Severity.INFO) == found


def test_a_build_that_cannot_be_recognised_is_unknown() -> None:
    assert judge(project("FROM node\nARG NEXT_PUBLIC_X\nRUN make build\n")) == ["unknown unrecognised-build"]


def test_the_finding_says_where_the_argument_should_stand() -> None:
    (finding,) = (
        f for f in results(project(f"FROM node AS app\n{BUILD}ARG NEXT_PUBLIC_X\n")) if isinstance(f, Finding)
    )
    assert finding.location.path == D
    assert finding.location.span is not None
    assert finding.location.span[:2] == (3, 5)
    assert finding.help.endswith("into `app`, above line 2")


def test_a_backend_has_nothing_to_declare() -> None:
    assert judge(project(**{"apps/backend/Dockerfile": "FROM python\nRUN npm run build\n"})) == []


@pytest.mark.parametrize("syntax", ["docker/dockerfile:1", "mirror.example.org:5000/hub/docker/dockerfile:1.7-labs"])
def test_a_mirror_reads_the_same_language(syntax: str) -> None:
    dockerfile = f"# syntax={syntax}\nFROM node\nRUN npm run build\n"
    assert judge(project(dockerfile)) == ["error undeclared-build-arg NEXT_PUBLIC_X"]


def test_another_language_is_not_known() -> None:
    dockerfile = "# syntax=example.org/pack/frontend\nFROM node\nRUN npm run build\n"
    assert judge(project(dockerfile)) == ["unknown other-dockerfile-language"]


def test_13_a_build_that_a_trigger_runs_is_not_known() -> None:
    dockerfile = "FROM node AS base\nONBUILD RUN npm run build\nFROM base\n"
    compose = COMPOSE.replace("      args:\n        NEXT_PUBLIC_X: ${NEXT_PUBLIC_X:-}\n", "")
    assert judge(project(dockerfile, compose=compose, workflow="")) == ["unknown unrecognised-build"]
    alone = "FROM node AS base\nONBUILD RUN npm run build\n"
    assert judge(project(alone, compose=compose, workflow="")) == []


ARG = "FROM node\nWORKDIR /w\nCOPY . .\nARG NEXT_PUBLIC_X\n"


@pytest.mark.parametrize(
    ("step", "what"),
    [
        ("unset NEXT_PUBLIC_X && npm run build", "unset NEXT_PUBLIC_X"),
        ("export A=1; unset -v A NEXT_PUBLIC_X; npm run build", "unset NEXT_PUBLIC_X"),
        ("env -i npm run build", "env -i"),
        ('env -i TOKEN=tell-nobody PATH="$PATH" npm run build', "env -i"),
        ("env -u NEXT_PUBLIC_X npm run build", "env -u NEXT_PUBLIC_X"),
        ("export -n NEXT_PUBLIC_X && npm run build", "export -n NEXT_PUBLIC_X"),
        ("sh -c 'unset NEXT_PUBLIC_X; npm run build'", "unset NEXT_PUBLIC_X"),
    ],
)
def test_what_a_step_takes_away_is_out_of_scope(step: str, what: str) -> None:
    (found,) = [f for f in results(project(f"{ARG}RUN {step}\n")) if isinstance(f, Finding) and f.severity > 0]
    assert (found.rule, found.severity) == ("build-arg-out-of-scope", Severity.ERROR)
    assert f"is taken away by `{what}`" in found.message
    assert "tell-nobody" not in f"{found.message} {found.help}"


@pytest.mark.parametrize(
    "step",
    [
        'env -i NEXT_PUBLIC_X="$NEXT_PUBLIC_X" npm run build',
        "(unset NEXT_PUBLIC_X); npm run build",
        'if [ "$A" ]; then unset NEXT_PUBLIC_X; fi; npm run build',
        "unset OTHER && npm run build",
        "npm run build && unset NEXT_PUBLIC_X",
        "unset NEXT_PUBLIC_X; export NEXT_PUBLIC_X=1; npm run build",
        "unset NEXT_PUBLIC_X; set -a; . ./vars; npm run build",
    ],
)
def test_what_a_step_hands_on_or_may_bring_back_is_in_scope(step: str) -> None:
    assert judge(project(f"{ARG}RUN {step}\n")) == []


def test_an_env_that_a_step_takes_away_is_no_value() -> None:
    found = project("FROM node\nENV NEXT_PUBLIC_X=1\nRUN unset NEXT_PUBLIC_X && npm run build\n")
    assert judge(found) == UNDECLARED


@pytest.mark.parametrize(
    ("mount", "step"),
    [
        ("type=secret,id=env,target=/w/apps/frontend/.env.production", "npm run build"),
        ("type=secret,id=env,dst=.env", "npm run build"),
        ("type=bind,from=vars,target=/w/apps/frontend/.env.local", "npm run build"),
        ("type=secret,id=env", "export $(cat /run/secrets/env | xargs) && npm run build"),
        ("type=secret,id=env", "export $(grep -v '^#' /run/secrets/env) && npm run build"),
        ("type=secret,id=env", "env $(cat /run/secrets/env | xargs) npm run build"),
        ("type=secret,id=env", "xargs -a /run/secrets/env env npm run build"),
        ("type=secret,id=env", "eval $(cat /run/secrets/env) && npm run build"),
        ("type=secret,id=env", "set -a; . /run/secrets/env; npm run build"),
        ("type=secret,id=env", "ln -s /run/secrets/env .env && npm run build"),
        ("type=secret,env=NEXT_PUBLIC_X", "npm run build"),
    ],
)
def test_a_file_that_only_the_build_has_may_set_it(mount: str, step: str) -> None:
    files = project(
        f"FROM node\nWORKDIR /w\nCOPY . .\nWORKDIR /w/apps/frontend\nRUN --mount={mount} {step}\n",
        compose="",
        workflow="",
    )
    assert judge(files) == []


@pytest.mark.parametrize(
    ("mount", "step"),
    [
        ("type=secret,id=npmrc,target=/root/.npmrc", "npm run build"),
        ("type=secret,id=env,target=/elsewhere/.env", "npm run build"),
        ("type=secret,env=OTHER", "npm run build"),
        ("type=cache,target=/w/apps/frontend/.env", "npm run build"),
        ("type=secret,id=env", "cat /run/secrets/env && npm run build"),
        ("type=secret,id=env", "sudo npm run build"),
    ],
)
def test_another_mount_sets_nothing(mount: str, step: str) -> None:
    files = project(
        f"FROM node\nWORKDIR /w\nCOPY . .\nWORKDIR /w/apps/frontend\nRUN --mount={mount} {step}\n",
        compose="",
        workflow="",
    )
    assert judge(files) == UNDECLARED


@pytest.mark.parametrize(
    "lines",
    [
        "ADD https://vars.example.org/env .env.production\n",
        "COPY --from=vars /env .env.production\n",
        "COPY --from=vars /w/.env.production ./\n",
        "RUN curl -fsSLo .env.production https://vars.example.org/env\n",
        "RUN wget --output-document=.env.production https://vars.example.org/env\n",
        "RUN aws s3 cp s3://vars/env .env.production\n",
        "RUN python ../../tools/vars.py .env.production\n",
    ],
)
def test_a_file_of_variables_from_elsewhere_may_set_it(lines: str) -> None:
    image = f"FROM node\nWORKDIR /w\nCOPY . .\nWORKDIR /w/apps/frontend\n{lines}RUN npm run build\n"
    assert judge(project(image, compose="", workflow="")) == []


@pytest.mark.parametrize(
    "lines",
    [
        "RUN rm -f .env.production\n",
        "RUN test -f .env.production\n",
        "RUN chmod 600 .env.production\n",
        "RUN curl -o vars.txt https://vars.example.org/env\n",
        "COPY --from=vars /env vars.txt\n",
    ],
)
def test_what_writes_no_file_of_variables_sets_nothing(lines: str) -> None:
    image = f"FROM node\nWORKDIR /w\nCOPY . .\nWORKDIR /w/apps/frontend\n{lines}RUN npm run build\n"
    assert judge(project(image, compose="", workflow="")) == UNDECLARED
