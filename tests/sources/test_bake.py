"""Bake files: targets, what they inherit, variables' defaults, places."""

from __future__ import annotations

import sys

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from fr_check.core.text import Text
from fr_check.sources.bake import BakeFile, parse_hcl, parse_json, resolve

HCL = """\
variable "DIR" { default = "apps/web" }
variable "SHA" {}
group "default" { targets = ["web"] }
target "base" {
  args = { A = "1", B = "1" }
}
target "web" {
  inherits = ["base"]
  context = "./${DIR}"
  dockerfile = "D"
  target = "run"
  args = {
    B = "2"
    NEXT_PUBLIC_X = "${SHA}"
    EMPTY = null
  }
}
target "other" {
  context = SHA
  args = merge({}, {})
}
"""
JSON = """{
  "variable": {"DIR": {"default": "apps/web"}},
  "target": {
    "base": {"args": {"A": "1"}},
    "web": {"inherits": ["base"], "context": "${DIR}", "args": {"NEXT_PUBLIC_X": null}}
  }
}
"""


def test_hcl() -> None:
    file = parse_hcl(Text(HCL, "docker-bake.hcl"))
    assert file.problems == ()
    web = resolve([file])["web"]
    assert (web.context, web.dockerfile, web.stage) == ("./apps/web", "D", "run")
    assert {name: found.value for name, found in web.arguments.items()} == {
        "A": "1",
        "B": "2",
        "NEXT_PUBLIC_X": "${SHA}",
        "EMPTY": None,
    }
    assert web.arguments["NEXT_PUBLIC_X"].span[:2] == (14, 5)
    other = file.targets["other"]
    assert other.unclear == {"context"}
    assert other.opaque


def test_json() -> None:
    web = resolve([parse_json(Text(JSON, "docker-bake.json"))])["web"]
    assert web.context == "apps/web"
    assert sorted(web.arguments) == ["A", "NEXT_PUBLIC_X"]
    assert web.arguments["NEXT_PUBLIC_X"].span[:2] == (5, 65)


def test_later_files_override() -> None:
    override = parse_json(Text('{"target": {"web": {"args": {"A": "9"}}}}'))
    found = resolve([parse_json(Text(JSON)), override])["web"]
    assert found.arguments["A"].value == "9"
    assert found.context == "apps/web"


@pytest.mark.parametrize(
    "source", ['{"target": {"a": {"inherits": ["b"]}, "b": {"inherits": ["a"]}}}', "{}", "[]", "", "{"]
)
def test_odd_files(source: str) -> None:
    assert isinstance(resolve([parse_json(Text(source))]), dict)


@pytest.mark.parametrize("source", ["target {", "(" * 1000, "\0", 'target "a" { args = [' + "[" * 300, "a" * 200_000])
def test_what_is_no_hcl(source: str) -> None:
    file = parse_hcl(Text(source))
    assert file.targets == {}
    assert len(file.problems) == 1


def test_without_the_extra_nothing_is_known(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "hcl2", None)
    file = parse_hcl(Text(HCL))
    assert file == BakeFile({}, {}, file.problems)
    assert "fr-check[bake]" in file.problems[0].help


@given(st.text('{}[]":,targesni $', max_size=60))
def test_json_never_raises(source: str) -> None:
    resolve([parse_json(Text(source))])


@settings(max_examples=30)
@given(st.text('targe "{}[]=$\n#', max_size=40))
def test_hcl_never_raises(source: str) -> None:
    resolve([parse_hcl(Text(source))])
