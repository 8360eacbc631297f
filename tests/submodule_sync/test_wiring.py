"""How workflows check the repository out."""

from __future__ import annotations

import pytest

from building import build
from fr_check.app.invocation import Invocation
from fr_check.core.model import Example, ExampleSubmodule

HISTORY = ({"VERSION": "1\n"}, {"VERSION": "2\n"})
SHALLOW, EMPTY = "shallow-checkout", "checkout-without-submodules"


def steps(*items: str, with_=""):
    checkout = "      - uses: actions/checkout@v4\n" + (f"        with: {{{with_}}}\n" if with_ else "")
    return checkout + "".join(f"      - {item}\n" for item in items)


def found(tmp_path, body, files=None):
    workflow = f"on: push\njobs:\n  job:\n    runs-on: ubuntu-latest\n    steps:\n{body}"
    example = Example(
        {".github/workflows/ci.yml": workflow, **(files or {})}, submodules=(ExampleSubmodule("infra", HISTORY, pin=1),)
    )
    report = Invocation(("submodule-sync",), root=str(build(example, tmp_path / "example"))).run().report
    assert all(item.location.path == ".github/workflows/ci.yml" for item in report.findings)
    return [(item.rule, item.subject, item.location.span.line) for item in report.findings]


DEEP = "fetch-depth: 0, submodules: true"


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        (steps("run: fr-check all", with_=DEEP), []),
        (steps("run: fr-check all"), [(SHALLOW, "job", 6), (EMPTY, "infra", 7)]),
        (steps("run: fr-check all", with_="submodules: recursive"), [(SHALLOW, "job", 6)]),
        (steps("run: fr-check submodule-sync", with_="submodules: true, fetch-depth: 50"), [(SHALLOW, "job", 6)]),
        (steps("run: uvx fr-check all --base x", with_="submodules: true"), [(SHALLOW, "job", 6)]),
        (steps("run: fr-check all", with_="submodules: true, fetch-depth: '${{ inputs.depth }}'"), []),
        (steps("run: fr-check all", with_=f"submodules: true, fetch-depth: {'9' * 5000}"), []),
        (steps("run: fr-check env-keys", with_="submodules: true"), []),
        (steps("run: echo hello"), []),
        (steps("run: cat infra/VERSION"), [(EMPTY, "infra", 7)]),
        (steps("run: cat ./infra/VERSION"), [(EMPTY, "infra", 7)]),
        (steps("run: cat infra/VERSION", with_="submodules: true"), []),
        (steps("run: cat infra/VERSION", with_="submodules: '${{ inputs.sub }}'"), []),
        (steps("run: git submodule update --init", "run: cat infra/VERSION"), []),
        (steps("run: git submodule update --init", "run: fr-check all", with_="fetch-depth: 0"), []),
        (steps("run: git fetch --unshallow", "run: fr-check all", with_="submodules: true"), []),
        (steps("run: fr-check all", "run: git fetch --unshallow", with_="submodules: true"), [(SHALLOW, "job", 6)]),
        (steps("run: fr-check submodule-sync --online", with_="fetch-depth: 0"), []),
        (steps("run: fr-check all --online", with_="fetch-depth: 0"), [(EMPTY, "infra", 8)]),
        (steps("uses: pre-commit/action@v3.0.1", with_="submodules: true"), []),
        (steps("{uses: actions/checkout@v4, with: {repository: a/infra, path: infra}}", "run: cat infra/VERSION"), []),
        (steps("{run: make, working-directory: infra}"), [(EMPTY, "infra", 7)]),
        (steps("name: Build\n        working-directory: infra\n        run: make"), [(EMPTY, "infra", 8)]),
        (steps("{uses: a/b@v1, with: {file: infra/compose.yml}}"), [(EMPTY, "infra", 7)]),
        (steps("run: cat other/infra/VERSION"), []),
        (steps("run: docker pull ghcr.io/infra/image"), []),
        (steps("run: |\n          # cat infra/VERSION\n          true"), []),
        ("      - run: cat infra/VERSION\n", []),
        ("      - {uses: actions/checkout@v4, with: {repository: a/b}}\n      - run: cat infra/VERSION\n", []),
    ],
)
def test_a_job_is_judged_by_what_it_needs(tmp_path, body, expected):
    assert found(tmp_path, body) == expected


@pytest.mark.parametrize(
    ("hooks", "expected"),
    [("id: fr-check", [(SHALLOW, "job", 6)]), ("id: fr-check-submodule-sync", [(SHALLOW, "job", 6)]), ("id: ruff", [])],
)
@pytest.mark.parametrize("step", ["run: pre-commit run --all-files", "uses: pre-commit/action@v3.0.1"])
def test_hooks_that_run_the_checker_count(tmp_path, hooks, expected, step):
    files = {".pre-commit-config.yaml": f"repos:\n  - repo: x\n    hooks:\n      - {hooks}\n"}
    body = steps(step, with_="submodules: true")
    assert found(tmp_path, body, files) == expected


@pytest.mark.parametrize("text", ["fr-check all: [", "infra/x: {", "\x00fr-check all", "fr-check all\n" * 10])
def test_a_workflow_that_is_none_stops_nothing(tmp_path, text):
    example = Example({".github/workflows/ci.yml": text}, submodules=(ExampleSubmodule("infra", HISTORY, pin=1),))
    report = Invocation(("submodule-sync",), root=str(build(example, tmp_path / "example"))).run().report
    assert report.findings == ()
