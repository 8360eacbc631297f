"""Compose files, one and several: tables after compose-go's tests (override, loader; Apache-2.0)."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from effort import LINEAR, growth
from fr_check.core.text import Text
from fr_check.sources.build_context import inside
from fr_check.sources.compose import Build, ComposeFile, parse
from fr_check.sources.compose.project import Project
from fr_check.sources.compose_project import merge_files


def project(*files: str, more: dict[str, str] | None = None) -> Project:
    """The project of files a0.yml, a1.yml, ... in the folder `p`; `more` can be extended and included."""
    texts = {f"p/a{index}.yml": source for index, source in enumerate(files)} | (more or {})
    parsed = {path: parse(Text(source, path)) for path, source in texts.items()}
    return merge_files(tuple(path for path in texts if path not in (more or {})), parsed.get)


def build_of(found: Project | ComposeFile, name: str = "web") -> Build:
    build = found.services[name].build
    assert build is not None
    return build


def arguments(build: Build) -> dict[str, str | None]:
    return {name: variable.value for name, variable in build.args.items()}


def service(build: str) -> str:
    """A compose file whose service `web` has this build, in flow style."""
    return f"services: {{web: {{build: {build}}}}}\n"


ARGUMENTS = {
    "list": ("{args: [A, B=, C=x=y, '']}", {"A": None, "B": "", "C": "x=y"}),
    "mapping": ("{args: {A: , B: '', C: 1, D: true, E: null}}", {"A": None, "B": "", "C": "1", "D": "true", "E": None}),
    "keys-are-not-interpolated": ('{args: {"${P}_X": 1}}', {"${P}_X": "1"}),
    "list-names-are-interpolated": ("{args: ['$$A=1']}", {"$A": "1"}),
    "none": ("{args: }", {}),
    "reset": ("{args: !reset null}", {}),
    "collection": ("{args: {A: [1], B: 2}}", {"B": "2"}),
    "short": ("./x", {}),
}


@pytest.mark.parametrize(("build", "expected"), ARGUMENTS.values(), ids=ARGUMENTS.keys())
def test_arguments(build: str, expected: dict[str, str | None]) -> None:
    assert arguments(build_of(parse(Text(service(build))))) == expected


def test_a_name_that_only_interpolation_tells_is_unnamed() -> None:
    build = build_of(parse(Text(service("{args: ['$K=v']}"))))
    assert [variable.name for variable in build.unnamed] == [None]


MERGES = {
    "short-then-args": ([service("./x"), service("{args: {A: 1}}")], {"A": "1"}),
    "list-and-list": ([service("{args: [A=1]}"), service("{args: [B=2, C]}")], {"A": "1", "B": "2", "C": None}),
    "mapping-and-list": ([service("{args: {A: 1}}"), service("{args: [B=2]}")], {"A": "1", "B": "2"}),
    "later-wins": ([service("{args: {A: 1}}"), service("{args: {A: 3}}")], {"A": "3"}),
    "override": ([service("{args: {A: 1}}"), service("{args: !override {B: 2}}")], {"B": "2"}),
    "reset": ([service("{args: {A: 1}}"), service("{args: !reset null}")], {}),
    "reset-of-one": ([service("{args: {A: 1, B: 2}}"), service("{args: {A: !reset null}}")], {"B": "2"}),
    "override-build": ([service("{args: {A: 1}}"), service("!override {context: y}")], {}),
    "anchor": (["x-a: &a {A: 1, B: 1}\n" + service("{args: {<<: *a, B: 2}}")], {"A": "1", "B": "2"}),
    "two-anchors": (
        ["x: [&a {A: 1}, &b {A: 2, C: 3}]\n" + service("{args: {<<: [*b, *a]}}")],
        {"A": "2", "C": "3"},
    ),
}


@pytest.mark.parametrize(("files", "expected"), MERGES.values(), ids=MERGES.keys())
def test_merged_arguments(files: list[str], expected: dict[str, str | None]) -> None:
    assert arguments(build_of(project(*files))) == expected


def test_build_fields_merge_and_keep_their_places() -> None:
    build = build_of(project(service("./x"), service("{dockerfile: D, target: t}")))
    assert build.context is not None
    assert (build.context.value, build.context.text.path) == ("./x", "p/a0.yml")
    assert build.dockerfile is not None
    assert (build.dockerfile.value, build.dockerfile.text.path) == ("D", "p/a1.yml")


def test_an_inline_dockerfile_replaces_a_file() -> None:
    build = build_of(project(service("{dockerfile: D}"), service("{dockerfile_inline: FROM a}")))
    assert build.dockerfile is None
    assert build.inline is not None


def test_reset_removes_the_build() -> None:
    assert project(service("./x"), service("!reset null")).services["web"].build is None


def test_extends_in_the_same_file() -> None:
    source = (
        "services:\n  base: {build: {context: ., args: {A: 1, B: 1}}}\n  web: {extends: base, build: {args: {B: 2}}}\n"
    )
    assert arguments(build_of(project(source))) == {"A": "1", "B": "2"}


def test_extends_from_another_file_keeps_its_folder() -> None:
    more = {"p/sub/base.yml": "services:\n  b: {build: {context: ./x, args: [A=1]}}\n"}
    build = build_of(project("services:\n  web: {extends: {file: sub/base.yml, service: b}}\n", more=more))
    assert (build.directory, arguments(build)) == ("p/sub", {"A": "1"})


@pytest.mark.parametrize(
    ("source", "message"),
    [
        ("services: {web: {extends: web}}", "extends itself"),
        ("services: {web: {extends: {service: x, file: none.yml}}}", "cannot be read"),
        ("services: {web: {extends: x}}", "is not there"),
        ("include: [none.yml]", "cannot be read"),
        ("include: ['oci://x/y']", "not in this repository"),
        ("include: [a0.yml]\n" + service("."), ""),
    ],
)
def test_what_cannot_be_followed_is_a_gap(source: str, message: str) -> None:
    assert message in " ".join(gap.message for gap in project(source).gaps)


def test_include_brings_services_with_their_own_folder() -> None:
    more = {"p/sub/i.yml": service("{context: ./x, args: {A: 1}}"), "p/sub/o.yml": service("{args: {B: 2}}")}
    build = build_of(project("include:\n  - path: [sub/i.yml, sub/o.yml]\n", more=more))
    assert (build.directory, arguments(build)) == ("p/sub", {"A": "1", "B": "2"})


def test_include_cycles_end() -> None:
    more = {"p/x.yml": "include: [y.yml]", "p/y.yml": "include: [x.yml]"}
    assert project("include: [x.yml]", more=more).gaps


def test_environment_and_places() -> None:
    source = (
        "services:\n  web:\n    environment:\n      - NAME=${X:-}\n    build:\n      args:\n        OTHER: '${Y}'\n"
    )
    found = parse(Text(source, "c.yml")).services["web"]
    variable = found.environment["NAME"]
    assert variable.location.span is not None
    assert variable.location.span[:4] == (4, 9, 4, 13)
    reference = variable.template.references[0]
    span = variable.locate(reference.name_start, reference.name_end).span
    assert span is not None
    assert span[:2] == (4, 16)
    argument = build_of(parse(Text(source))).args["OTHER"]
    span = argument.locate(2, 3).span
    assert span is not None
    assert span[:2] == (7, 19)


def test_a_merged_argument_stands_at_its_merge_key() -> None:
    build = build_of(parse(Text("x: &a {A: 1}\nservices:\n  web:\n    build:\n      args:\n        <<: *a\n")))
    assert build.args["A"].span[:2] == (6, 9)


def test_refused_interpolations() -> None:
    refused = parse(Text("services:\n  web:\n    image: a${b!}\n    ports: ['${']\n    '${k}': 1\nx: ${}\n")).refused
    assert [scalar.span.line for scalar, _ in refused] == [3, 4, 6]


@pytest.mark.parametrize("source", ["", "services: null", "services:\n", "services: {a: null}", "x-a: 1"])
def test_nothing_in_it_is_no_problem(source: str) -> None:
    found = parse(Text(source))
    assert found.problems == ()
    assert all(service.build is None for service in found.services.values())


@pytest.mark.parametrize("source", ["services: [a]", "- a", "services: x", "a: [", "services:\n\ta: 1"])
def test_what_is_no_compose_file(source: str) -> None:
    assert len(parse(Text(source)).problems) == (0 if source == "- a\n" else 1)


@given(st.text('services:build {}[]args,&a*<!re$x\n-"', max_size=60))
def test_never_raises(source: str) -> None:
    for prefix in ("", "services: {web: {build: ", "services:\n  web:\n    build:\n      args:\n        "):
        project(prefix + source, prefix + source)


def test_many_services_cost_no_more_than_their_number() -> None:
    def make(size: int) -> str:
        build = "    build:\n      context: ./s{0}\n      args:\n        A: ${{A:-1}}\n"
        return "services:\n" + "".join(f"  s{n}:\n{build.format(n)}" for n in range(size))

    def read(source: str) -> None:
        assert len(project(source, source).services) == source.count("context")

    assert growth(read, make, 20, 160) <= LINEAR


PATHS = [
    ("a", "./b/", "a/b"),
    ("a", "..", ""),
    ("", ".", ""),
    ("a", "../..", None),
    ("a", "/abs", None),
    ("a", "https://x/y.git", None),
    ("a", "../b/../c", "c"),
    ("", "..a", "..a"),
]


@pytest.mark.parametrize(("directory", "path", "expected"), PATHS)
def test_paths_stay_inside(directory: str, path: str, expected: str | None) -> None:
    assert inside(directory, path) == expected
