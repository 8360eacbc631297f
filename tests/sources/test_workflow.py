"""Workflows and actions: what is found, where it stands, and how a matrix expands."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fr_check.core.text import Text
from fr_check.sources.workflow import CELL_LIMIT, expand, parse
from fr_check.sources.yaml_tree import get, string, strings
from fr_check.sources.yaml_tree import parse as parse_yaml

WORKFLOW = """\
name: CI
on: [push, workflow_call]
env: {A: 1}
defaults:
  run: {shell: bash}
jobs:
  build:
    name: Build it
    needs: [lint]
    if: github.event_name == 'push'
    continue-on-error: ${{ matrix.soft }}
    defaults: {run: {working-directory: apps}}
    strategy:
      matrix: {soft: [true, false]}
    steps:
      - uses: "Docker/Build-Push-Action@v5"
        id: image
        with: {Context: ., BUILD-ARGS: A=1}
      - name: Say
        run: |
          echo one
          echo two
        shell: sh
        continue-on-error: true
  call:
    uses: ./.github/workflows/x.yml
    with: {app: web}
"""


def test_a_workflow() -> None:
    workflow = parse(Text(WORKFLOW, "w.yml"))
    assert (workflow.kind, workflow.name, workflow.triggers) == ("workflow", "CI", ("push", "workflow_call"))
    assert workflow.problems == ()
    build, call = workflow.jobs
    assert (build.id, build.name, [need.value for need in build.needs]) == ("build", "Build it", ["lint"])
    assert build.condition is not None
    assert build.condition.value == "github.event_name == 'push'"
    assert len(build.matrix.cells) == 2
    image, say = build.steps
    assert (image.action, image.version, image.title) == ("docker/build-push-action", "v5", "image")
    assert string(image.inputs["build-args"].value) == "A=1"
    assert image.shell is not None
    assert image.shell.value == "bash"
    assert say.shell is not None
    assert say.shell.value == "sh"
    assert say.working_directory is not None
    assert say.working_directory.value == "apps"
    assert say.run is not None
    assert say.run.locate(9, 12).line == 22
    assert call.uses is not None
    assert call.steps == ()
    assert string(call.inputs["app"].value) == "web"


def test_a_composite_action() -> None:
    action = parse(Text("name: x\ninputs: {a: {default: 1}}\nruns: {using: composite, steps: [{run: ls}]}\n"))
    assert action.kind == "action"
    assert list(action.inputs) == ["a"]
    assert [step.run.value for step in action.jobs[0].steps if step.run] == ["ls"]


@pytest.mark.parametrize(
    ("source", "message"),
    [
        ("a: 1\n", "neither a workflow"),
        ("jobs: null\n", "neither a workflow"),
        ("jobs:\n  a:\n\tb\n", ""),
        ("- jobs\n", "neither a workflow"),
    ],
)
def test_what_is_no_workflow(source: str, message: str) -> None:
    assert message in parse(Text(source)).problems[0].message


@pytest.mark.parametrize("source", ["", "jobs: {a: }\n", "jobs: {a: [], b: {steps: 1}, c: {steps: [x, null]}}\n"])
def test_odd_shapes_are_no_steps(source: str) -> None:
    assert all(job.steps == () for job in parse(Text(source)).jobs)


MATRICES = {
    "product": ("{os: [a, b], v: [1, 2]}", ["os=a v=1", "os=a v=2", "os=b v=1", "os=b v=2"], False),
    "exclude": ("{os: [a, b], v: [1, 2], exclude: [{os: a, v: 2}, {os: b}]}", ["os=a v=1"], False),
    "include-extends": ("{os: [a, b], include: [{os: a, x: 1}]}", ["os=a x=1", "os=b"], False),
    "include-to-all": ("{os: [a, b], include: [{x: 1}]}", ["os=a x=1", "os=b x=1"], False),
    "include-adds": ("{os: [a], include: [{os: c, x: 1}]}", ["os=a", "os=c x=1"], False),
    "include-overwrites-added": ("{os: [a], include: [{x: 1}, {x: 2}]}", ["os=a x=2"], False),
    "include-only": ("{include: [{app: web}, {app: api}]}", ["app=web", "app=api"], False),
    # The example of GitHub's documentation, "Expanding or adding matrix configurations".
    "documentation": (
        (
            "{fruit: [apple, pear], animal: [cat, dog], include: [{color: green}, {color: pink, animal: cat},"
            " {fruit: apple, shape: circle}, {fruit: banana}, {fruit: banana, animal: cat}]}"
        ),
        [
            "animal=cat color=pink fruit=apple shape=circle",
            "animal=dog color=green fruit=apple shape=circle",
            "animal=cat color=pink fruit=pear",
            "animal=dog color=green fruit=pear",
            "fruit=banana",
            "animal=cat fruit=banana",
        ],
        False,
    ),
    "from-json": ("${{ fromJSON(needs.a.outputs.m) }}", [""], True),
    "axis-from-json": ("{os: [a], v: '${{ fromJSON(x) }}'}", ["os=a"], True),
    "include-from-json": ("{include: '${{ fromJSON(x) }}'}", [""], True),
    "none": ("null", [""], True),
}


@pytest.mark.parametrize(("source", "cells", "opaque"), MATRICES.values(), ids=MATRICES.keys())
def test_matrices(source: str, cells: list[str], opaque: bool) -> None:  # noqa: FBT001 - a table's column
    matrix = expand(parse_yaml(Text(source)).root)
    assert [" ".join(sorted(f"{k}={string(v)}" for k, v in cell.items())) for cell in matrix.cells] == cells
    assert matrix.opaque is opaque


def test_a_matrix_bomb_is_cut_off() -> None:
    axes = ", ".join(f"a{n}: [{', '.join(map(str, range(40)))}]" for n in range(20))
    assert len(expand(parse_yaml(Text(f"{{{axes}}}")).root).cells) == CELL_LIMIT


@given(st.text("jobs:untp[]{} -\n*&a<", max_size=60))
def test_never_raises(source: str) -> None:
    for prefix in ("", "jobs:\n  a: ", "jobs: {a: {strategy: {matrix: ", "runs: "):
        parse(Text(prefix + source))


def test_anchors_are_followed() -> None:
    source = "jobs:\n  a: &a\n    steps: [{run: ls}]\n  b:\n    <<: *a\n    needs: a\n"
    job = parse(Text(source)).jobs[1]
    assert [step.title for step in job.steps] == ["step 1"]
    assert [name.value for name in strings(get(job.node, "needs"))] == ["a"]
