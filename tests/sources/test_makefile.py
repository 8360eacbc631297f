"""Makefiles: what a target runs, by tables and by GNU make itself."""

from __future__ import annotations

import subprocess
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fr_check.core.text import Text
from fr_check.sources.make_expansion import OPAQUE, Expansion
from fr_check.sources.makefile import parse

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path


def run(
    string: str, target: str = "", given: Mapping[str, str | None] | None = None, environment: str | None = None
) -> list[str]:
    """What the shell gets for a target, prerequisites left out."""
    makefile = parse(Text(string))
    name = target or makefile.goal or ""
    found = makefile.rule(name)
    assert found is not None
    known = {} if environment is None else {"ENV": environment}
    expansion = Expansion(makefile, given or {}, known, "web")
    return [script.string for script in expansion.scripts(found[0], name, found[1])]


CASES = {
    "plain": ("a:\n\tone\n\ttwo\n", ["one", "two"]),
    "prefixes": ("a:\n\t@one\n\t-@two\n\t+ three\n", ["one", "two", "three"]),
    "behind-a-semicolon": ("a: b; one\n\ttwo\nb:\n", ["one", "two"]),
    "continuation": ("a:\n\tone \\\n\t  two\n", ["one \\\n\t  two"]),
    "variable": ("X = 1\na:\n\techo $(X) ${X} $Xy\n", [f"echo 1 1 {OPAQUE}y".replace(OPAQUE, "1", 1)]),
    "dollars": ("a:\n\techo $$X $${Y}\n", ["echo $X ${Y}"]),
    "set-later": ("a:\n\techo $(X)\nX = 1\n", ["echo 1"]),
    "nested": ("X = $(Y)/x\nY := y\na:\n\techo $(X)\n", ["echo y/x"]),
    "added": ("X = 1\nX += 2\na:\n\techo $(X)\n", ["echo 1 2"]),
    "default": ("X ?= 1\na:\n\techo $(X)\n", ["echo 1"]),
    "default-of-what-is-set": ("X = 1\nX ?= 2\na:\n\techo $(X)\n", ["echo 1"]),
    "exported": ("export X = 1\na:\n\techo $(X)\n", ["echo 1"]),
    "of-the-target": ("a: X = 1\na:\n\techo $(X)\n", ["echo 1"]),
    "remark-behind-a-value": ("X = 1 # one\na:\n\techo $(X)\n", ["echo 1"]),
    "remark-between": ("a:\n\tone\n# x\n\n\ttwo\n", ["one", "two"]),
    "automatic": ("a: b c\n\techo $@ $< $^ $(MAKE)\n", ["echo a b b c make"]),
    "several-targets": ("a b:\n\techo $@\n", ["echo a"]),
    "undefined": ("a:\n\techo $(X)\n", [f"echo {OPAQUE}"]),
    "function": ("a:\n\techo $(shell git rev-parse HEAD) x\n", [f"echo {OPAQUE} x"]),
    "run": ("X != date\na:\n\techo $(X)\n", [f"echo {OPAQUE}"]),
    "defined": ("define X\na: b\n\tc\nendef\na:\n\techo $(X)\n", [f"echo {OPAQUE}"]),
    "conditional": ("ifdef Y\nX = 1\nendif\na:\n\techo $(X)\n", [f"echo {OPAQUE}"]),
    "conditional-recipe": ("a:\nifdef Y\n\tone\nelse\n\ttwo\nendif\n", ["one", "two"]),
    "folder": ("a:\n\techo $(CURDIR) $(shell pwd)\n", ["echo /github/workspace/web /github/workspace/web"]),
    "one-shell": (".ONESHELL:\na:\n\tcd x\n\ttwo\n", ["cd x\ntwo"]),
    "of-itself": ("X = $(X) 1\na:\n\techo $(X)\n", ["echo " + OPAQUE + " 1"]),
}


@pytest.mark.parametrize(("string", "expected"), CASES.values(), ids=CASES.keys())
def test_recipes(string: str, expected: list[str]) -> None:
    assert run(string) == expected


def test_what_sets_a_variable() -> None:
    string = "ENV = file\nOTHER ?= default\na:\n\techo $(ENV) $(OTHER)\n"
    assert run(string, environment="outside") == ["echo file default"]
    assert run(string, given={"ENV": "given"}) == ["echo given default"]
    assert run(string.replace("ENV =", "ENV ?="), environment="outside") == ["echo outside default"]


def test_a_pattern_makes_many_targets() -> None:
    string = "a: b\nbuild-%:\n\tdocker build apps/$*\n"
    assert run(string, "build-web") == ["docker build apps/web"]
    assert parse(Text(string)).rule("build-") is None


def test_targets_and_what_they_need() -> None:
    makefile = parse(Text(".PHONY: a\ninclude x.mk\na: b | c # d\nb:: a\nx := y:z\n\nhttp://a\n"))
    assert makefile.goal == "a"
    assert makefile.rules["a"].needs == ["b", "c"]
    assert makefile.rules["b"].needs == ["a"]
    assert makefile.includes == ("x.mk",)
    assert makefile.variables.fixed == {"x": "y:z"}


def test_an_included_file_gives_what_is_not_there() -> None:
    both = parse(Text("include b\nX = 1\na:\n\techo $(X) $(Y)\n")).over(parse(Text("X = 2\nY = 2\nb:\n\tc\n")), "b")
    assert both.goal == "a"
    assert Expansion(both, {}, {}, ".").scripts(both.rules["a"], "a", "")[0].string == "echo 1 2"


def test_every_character_has_its_place() -> None:
    string = "D = web\na:\n\t@docker build $(D) \\\n\t  $$X\n"
    makefile = parse(Text(string))
    ((text, _, places, _),) = Expansion(makefile, {}, {}, ".").scripts(makefile.rules["a"], "a", "")
    assert text == "docker build web \\\n\t  $X"
    assert len(places) == len(text)
    assert [string[place] for place, c in zip(places, text, strict=True) if c not in "web"] == [
        c for c in text if c not in "web"
    ]
    assert {places[text.index("web") + n] for n in range(3)} == {string.index("$(D)")}


def test_variables_that_double_come_to_an_end() -> None:
    doubling = "".join(f"X{n} = $(X{n + 1})$(X{n + 1})\n" for n in range(40))
    (text,) = run(f"{doubling}X40 = {'x' * 1000}\na:\n\techo $(X20)\n")
    assert len(text) < 10_000_000


@given(st.text("ab:=\t\n\\$(){}%?+#; ", max_size=60))
def test_any_text_is_read(string: str) -> None:
    makefile = parse(Text(string))
    for name, rule in makefile.rules.items():
        for script in Expansion(makefile, {}, {}, ".").scripts(rule, name, ""):
            assert len(script.string) == len(script.places)
            assert all(0 <= place <= len(string) for place in script.places)


LINES = ("X = 1", "X += $(Y) 2", "Y := y", "Y ?= z", "X ?= $(Y)", "a: b", "b:", "a: X = own", "# x", "", "export Y = 3")
RECIPES = ("\techo $(X) $(Y) $$HOME", "\t@echo '$@' $(Y)", "\techo 1; \\\n\techo $X", "\t-echo ${X}")


@pytest.mark.parametrize("seed", range(25))
def test_gnu_make_agrees(seed: int, tmp_path: Path) -> None:
    head = [LINES[(seed * step + step * step) % len(LINES)] for step in range(1, 6)]
    lines = ["X =", "Y =", *head, "goal:", *(RECIPES[(seed + step) % len(RECIPES)] for step in range(3)), *head[:2]]
    string = "\n".join(line for line in lines if not line.startswith("a: b")) + "\n"
    (tmp_path / "Makefile").write_text(string)
    done = subprocess.run(
        ["make", "-n", "-s", "goal"], cwd=tmp_path, capture_output=True, text=True, check=True, env={"PATH": "/usr/bin"}
    )
    assert "".join(f"{text}\n" for text in run(string, "goal")) == done.stdout.replace("\\\n", "\\\n\t")


def test_where_a_program_lies_is_as_good_as_its_name() -> None:
    text = Text(
        'GO = X=1 "$(shell which go)"\nPY := $(shell command -v python3 2>/dev/null)\n'
        "a:\n\t$(GO) build; $(PY) x; $(shell uname)\n",
        "Makefile",
    )
    file = parse(text)
    (script,) = Expansion(file, {}, {}, ".").scripts(file.rules["a"], "a", "")
    assert script.string == f'X=1 "go" build; python3 x; {OPAQUE}'
