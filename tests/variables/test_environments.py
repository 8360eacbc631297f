"""Environments by configuration: profiles, files in place of `.env`, whose images run; and cells that are refused."""

from __future__ import annotations

from pathlib import Path

import pytest

from running import run
from variables.notation import repository

_BASE = (
    'S«a: str = "x"¶n: int = 5» E«A=1¶N=7» C«web: {build: ., environment: {A: "${A:-0}", N: "${N:-5}"}}¶'
    '  job: {build: ., profiles: [jobs], environment: {A: "9"}}»'
)
_ONE = '[[variables.environments]]\nname = "%s"\ncompose = ["compose.yml"]\n%s\n'


def made(folder: Path, line: str, config: str) -> Path:
    for path, text in {**repository(line), ".fr-check.toml": config}.items():
        file = folder / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text)
    return folder


def processes(folder: Path, name: str) -> list[tuple[str, tuple[str, ...], str, str | None]]:
    told = run("trace", name, "--root", folder, "--format", "json").json()["trace"]["processes"]
    return [(one["what"], tuple(one["environments"]), one["outcome"], one["value"]) for one in told]


def test_services_of_other_profiles_do_not_run_there(tmp_path: Path):
    root = made(tmp_path, _BASE, _ONE % ("plain", 'profiles = ["none"]') + _ONE % ("full", 'profiles = ["jobs"]'))
    assert processes(root, "A") == [
        ("service `web`", ("plain", "full"), "example", None),
        ("service `job`", ("full",), "value", "9"),
    ]


def test_without_the_key_every_service_runs(tmp_path: Path):
    root = made(tmp_path, _BASE, _ONE % ("any", ""))
    assert [names for _, names, _, _ in processes(root, "A")] == [("any",), ("any",)]


def test_files_stand_in_place_of_env(tmp_path: Path):
    line = f"{_BASE} F live.env«A=live»"
    root = made(tmp_path, line, _ONE % ("live", 'env = ["live.env"]') + _ONE % ("local", ""))
    assert [found for found in processes(root, "A") if found[0] == "service `web`"] == [
        ("service `web`", ("live",), "value", "live"),
        ("service `web`", ("local",), "example", None),
    ]
    assert ("service `web`", ("live",), "value", "5") in processes(root, "N")
    line = "S«api_key: str = 'x'» C«web: {build: ., environment: [API_KEY]}» F live.env«API_KEY=hidden»"
    secret = made(tmp_path / "s", line, _ONE % ("live", 'env = ["live.env"]'))
    assert "hidden" not in run("trace", "API_KEY", "--root", secret).stdout


def test_what_a_platform_gives_is_not_known(tmp_path: Path):
    root = made(tmp_path, _BASE, _ONE % ("live", 'env = ["platform"]'))
    told = run("trace", "A", "--root", root, "--format", "json").json()["trace"]["processes"][0]
    assert (told["outcome"], told["value"], told["certain"], told["unknown"]) == (
        "value", "0", False, "the platform gives it",
    )  # fmt: skip


def test_of_several_builds_of_an_image_those_of_the_environment_count(tmp_path: Path):
    step = (
        "on: push¶jobs:¶  b:¶    runs-on: x¶    steps:¶      - uses: actions/checkout@v4¶"
        "      - uses: docker/build-push-action@v6¶        with: {context: ., file: %s, push: true, tags: acme/app}»"
    )
    tail = '¶WORKDIR /app¶COPY app app¶CMD ["uvicorn", "app.main:app"]»'
    line = (
        'S«a: str = "x"» C«web: {image: acme/app}»'
        f" F one.Dockerfile«FROM python:3.12¶ENV A=1{tail} F two.Dockerfile«FROM python:3.12¶ENV A=2{tail}"
        f" F .github/workflows/one.yml«{step % 'one.Dockerfile'} F .github/workflows/two.yml«{step % 'two.Dockerfile'}"
    )
    config = "".join(_ONE % (name, f'builds = [".github/workflows/{name}.yml"]') for name in ("one", "two"))
    assert processes(made(tmp_path, line, config), "A") == [
        ("service `web`", ("one",), "value", "1"),
        ("service `web`", ("two",), "value", "2"),
    ]


def test_a_cell_is_refused_where_the_type_does_not_take_what_arrives(tmp_path: Path):
    line = 'S«n: int = 5¶api_key: Literal["a"] = "a"» C«web: {build: ., environment: {N: "${N:-}", API_KEY: "hidden"}}»'
    root = made(tmp_path, line, "")
    cells = run("matrix", "--root", root, "--format", "json").json()["matrix"]["rows"]
    assert [(row["variable"], row["cells"][0]["outcome"], row["cells"][0]["value"]) for row in cells] == [
        ("N", "refused", None),
        ("API_KEY", "refused", None),
    ]
    assert "REFUSED by the type" in run("trace", "N", "--root", root).stdout
    for form in ("text", "json", "markdown", "html"):
        assert "hidden" not in run("matrix", "--root", root, "--format", form).stdout


def test_a_demand_that_nothing_meets_is_refused_by_compose(tmp_path: Path):
    line = 'S«api_key: str = "x"» E«API_KEY=» C«web: {build: ., environment: {API_KEY: "${API_KEY:?set it}"}}»'
    root = made(tmp_path, line, "")
    assert [outcome for _, _, outcome, _ in processes(root, "API_KEY")] == ["refused"]
    assert "REFUSED by Compose, which demands a value" in run("trace", "API_KEY", "--root", root).stdout


def test_a_value_that_is_not_shown_is_told_as_one(tmp_path: Path):
    line = "S«api_key: str = 'x'» C«web: {build: ., environment: {API_KEY: hidden}}»"
    told = run("trace", "API_KEY", "--root", made(tmp_path, line, "")).stdout
    assert "a value that is not shown" in told
    assert "None" not in told


def test_a_demand_may_be_met_by_a_platform(tmp_path: Path):
    line = 'S«a: str = "x"» C«web: {build: ., environment: {A: "http://${A:?set it}"}}»'
    root = made(tmp_path, line, _ONE % ("live", 'env = ["platform"]') + _ONE % ("local", ""))
    assert [(names, outcome) for _, names, outcome, _ in processes(root, "A")] == [
        (("live",), "unknown"),
        (("local",), "refused"),
    ]


def test_no_password_of_an_address_is_shown(tmp_path: Path):
    line = (
        "S«db: str = 'pg://u:hunter2@h/d'¶cache: str = 'x'» E«DB=pg://u:hunter4@h/d»"
        " C«web: {build: ., environment: {CACHE: 'redis://:hunter3@h/0'}}¶"
        "  two: {build: ., environment: {CACHE: '${CACHE:-redis://:hunter3@h/0}', DB: '${DB:-pg://u:hunter2@h/d}'}}»"
    )
    root = made(tmp_path, line, "")
    for command in ("trace", "matrix"):
        for form in ("text", "json", "markdown"):
            shown = run(command, "DB", "CACHE", "--root", root, "--format", form).stdout
            assert "CACHE" in shown
            assert "hunter" not in shown
    assert "redis://:***@h/0" in run("matrix", "--root", root, "--format", "html").stdout


@pytest.mark.parametrize(
    "script",
    [
        '{¶            echo "A=of-$N"¶            echo "N=7"¶          } > .env.preview',
        "cat > deploy/.env.preview <<EOF¶          A=of-$N¶          N=7¶          EOF",
        "printf 'A=of-%s\\nN=7\\n' \"$N\" | tee .env.preview",
    ],
)
def test_a_workflow_writes_what_compose_is_likely_given(tmp_path: Path, script: str):
    step = f"on: pull_request¶jobs:¶  b:¶    runs-on: x¶    steps:¶      - run: |¶          {script}»"
    root = made(tmp_path, f"{_BASE} F .github/workflows/preview.yml«{step}", "")
    told = run("trace", "A", "--root", root, "--format", "json").json()["trace"]["processes"][0]
    assert (told["outcome"], told["value"], told["certain"]) == ("computed", "of-$N", False)
    assert told["unknown"] == "the platform hands `.env.preview` on"
