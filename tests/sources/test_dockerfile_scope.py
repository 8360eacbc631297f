"""What a build argument reaches: stages, targets, scopes."""

from __future__ import annotations

import pytest

from fr_check.core.text import Text
from fr_check.sources.dockerfile import UNSET, Scopes, graph, parse


def _build(string, arguments=None):
    read = parse(Text(string))
    assert read.problems == ()
    return graph(read, arguments)


def _standing(string, name="X", arguments=None):
    """How a name stands at the instruction that says `build`."""
    found = _build(string, arguments)
    (run,) = (i for i in found.dockerfile.instructions if "build" in i.arguments and i.keyword == "RUN")
    return Scopes(found).standing(name, run.stage, run)


@pytest.mark.parametrize(
    ("string", "kind"),
    [
        pytest.param("FROM a\nARG X\nRUN build\n", "visible", id="before"),
        pytest.param("FROM a\nRUN build\nARG X\n", "later", id="after"),
        pytest.param("ARG X\nFROM a\nRUN build\n", "global", id="global-only"),
        pytest.param("ARG X=1\nFROM a\nARG X\nRUN build\n", "visible", id="global-taken-over"),
        pytest.param("FROM a\nRUN build\nFROM a\nARG X\n", "other-stage", id="wrong-stage"),
        pytest.param("FROM a AS base\nARG X\nFROM base\nRUN build\n", "visible", id="inherited"),
        pytest.param(
            "FROM a AS base\nARG X\nFROM a\nCOPY --from=base /a /b\nRUN build\n", "other-stage", id="copied-from"
        ),
        pytest.param("FROM a\nONBUILD ARG X\nRUN build\n", "onbuild", id="trigger-of-its-own"),
        pytest.param("FROM a AS base\nONBUILD ARG X\nFROM base\nRUN build\n", "visible", id="trigger-fired"),
        pytest.param(
            "FROM a AS b\nONBUILD ARG X\nFROM b AS c\nFROM c\nRUN build\n",
            "visible",
            id="what-a-trigger-declared-is-inherited",
        ),
        pytest.param("FROM a\nRUN build\n", "absent", id="nowhere"),
        pytest.param("FROM a\nARG x\nRUN build\n", "absent", id="names-are-case-sensitive"),
        pytest.param("FROM a\nARG X\nENV X=lit\nRUN build\n", "overridden", id="env-literal-after"),
        pytest.param("FROM a\nARG X\nENV X=$X\nRUN build\n", "visible", id="env-of-itself"),
        pytest.param("FROM a\nARG X\nENV X=${X:-d}\nRUN build\n", "visible", id="env-with-default"),
        pytest.param("FROM a\nARG X\nENV X='$X'\nRUN build\n", "overridden", id="env-in-single-quotes"),
        pytest.param("FROM a\nENV X=lit\nARG X\nRUN build\n", "visible", id="the-later-line-wins"),
        pytest.param("FROM a\nENV X=lit\nRUN build\n", "bound", id="env-alone"),
        pytest.param("FROM a\nARG Y\nENV X=$Y\nRUN build\n", "bound", id="env-of-another"),
        pytest.param("FROM a\nRUN --mount=type=secret,id=k,env=X build\n", "mounted", id="secret-mount"),
        pytest.param("FROM a AS A1\nARG X\nFROM a1\nRUN build\n", "visible", id="stage-names-are-lower-case"),
        pytest.param("FROM a\nRUN <<EOF\nARG X\nbuild\nEOF\nRUN build\n", "absent", id="heredoc-declares-nothing"),
        pytest.param("FROM a\nARG X\nENV Y=1 X=2\nENV X=$Y$Z\nRUN build\n", "overridden", id="env-twice"),
    ],
)
def test_standing(string, kind):
    assert _standing(string).kind == kind


def test_standing_names_what_it_found():
    standing = _standing("ARG X=1\nFROM a\nRUN build\nARG X\nFROM b\nARG X\n")
    assert standing.kind == "later"
    assert [(d.place, d.stage, d.definition.span.line) for d in standing.declarations] == [
        ("stage", 0, 4),
        ("stage", 1, 6),
        ("global", -1, 1),
    ]
    overridden = _standing("FROM a\nARG X=1\nENV X=2\nRUN build\n").binding
    assert overridden is not None
    assert overridden.overridden is not None
    assert (overridden.value, overridden.overridden.span.line, overridden.instruction.span.line) == ("2", 2, 3)


@pytest.mark.parametrize(
    ("string", "arguments", "value"),
    [
        ("FROM a\nARG X=d\nRUN build\n", {}, "d"),
        ("FROM a\nARG X=d\nRUN build\n", {"X": "p"}, "p"),
        ("FROM a\nARG X=d\nRUN build\n", {"X": None}, None),
        ("ARG X=g\nFROM a\nARG X\nRUN build\n", {}, "g"),
        ("ARG X=g\nFROM a\nARG X=\nRUN build\n", {}, ""),
        ("ARG X=g\nFROM a\nARG X=d\nRUN build\n", {}, "d"),
        ("FROM a\nARG X\nRUN build\n", {}, UNSET),
        ("FROM a\nARG Y=1 X=$Y\nRUN build\n", {}, "1"),
        ("FROM scratch\nENV Y=1 X=$Y\nRUN build\n", {}, ""),
        ("FROM a\nENV Y=1 X=$Y\nRUN build\n", {}, None),
        ("FROM a\nENV X=a\nARG X\nRUN build\n", {}, "a"),
        ("FROM a\nENV X=a\nARG X\nRUN build\n", {"X": "p"}, "p"),
        ("FROM a\nENV X=a\nARG X=b\nRUN build\n", {}, "b"),
        ("FROM a\nARG X=b\nENV X=a\nRUN build\n", {"X": "p"}, "a"),
        ("FROM a\nARG X\nENV X=${X:-d}\nRUN build\n", {}, "d"),
        ("ARG Y=1\nARG X=$Y\nFROM a\nARG X\nRUN build\n", {"Y": "2"}, "2"),
        ("FROM a\nARG X=$(x)\nRUN build\n", {}, "$(x)"),
    ],
)
def test_values(string, arguments, value):
    binding = _standing(string, arguments=arguments).binding
    assert binding is not None
    assert binding.value == value


def test_automatic_arguments_need_an_arg_in_the_stage():
    assert _standing("FROM a\nARG TARGETARCH\nRUN build\n", "TARGETARCH").binding.origin == "global"
    assert _standing("FROM a\nRUN build\n", "TARGETARCH").kind == "absent"


@pytest.mark.parametrize(
    ("string", "target", "expected"),
    [
        ("FROM a AS x\nFROM b AS y\n", "", {1}),
        ("FROM a AS x\nFROM b AS y\n", "X", {0}),
        ("FROM a AS x\nFROM x AS y\n", "", {0, 1}),
        ("FROM a AS x\nFROM b\nCOPY --from=x a b\n", "", {0, 1}),
        ("FROM a AS x\nFROM b\nCOPY --from=0 a b\n", "", {0, 1}),
        ("FROM a AS x\nFROM b\nCOPY --from=X a b\n", "", {0, 1}),
        ("FROM a AS x\nFROM b\nRUN --mount=type=bind,from=x,target=/x c\n", "", {0, 1}),
        ("FROM a AS x\nFROM a AS y\nONBUILD COPY --from=x a b\nFROM y\n", "", {0, 1, 2}),
        ("ARG B=x\nFROM a AS x\nFROM $B\n", "", {0, 1}),
        ("FROM a AS x\nFROM X\n", "", {1}),
        ("FROM a\nFROM b\nCOPY --from=nginx a b\n", "", {1}),
        ("FROM a AS x\nFROM b AS x\nFROM x\n", "", {1, 2}),
    ],
)
def test_reachable_stages(string, target, expected):
    found = _build(string)
    stage = found.target(target)
    assert stage is not None
    assert found.reachable(stage) == expected


def test_targets():
    found = _build("FROM a AS x\n")
    assert found.target("nope") is None
    assert graph(parse(Text(""))).target() is None


def test_bases():
    found = _build("ARG V\nFROM node:${V:-20} AS x\nFROM x\nFROM $UNKNOWN-$V\n", {"V": None})
    assert found.bases == ((None, None), (0, None), (None, None))
    assert _build("ARG V=20\nFROM node:${V}\n").bases == ((None, "node:20"),)


def test_a_stage_that_needs_itself():
    found = _build("FROM a AS x\nCOPY --from=y a b\nFROM x AS y\n")
    assert [problem.message for problem in found.problems] == ["the stage `y` needs itself"]
    assert found.reachable(found.dockerfile.stages[1]) == {0, 1}


def test_long_chains_of_stages():
    string = "FROM a AS s0\nARG X\n" + "".join(f"FROM s{n} AS s{n + 1}\nENV E{n % 9}=$X\n" for n in range(3000))
    found = _build(string)
    assert len(found.reachable(found.dockerfile.stages[-1])) == 3001
    assert Scopes(found).at(3000)["X"].origin == "unset"
