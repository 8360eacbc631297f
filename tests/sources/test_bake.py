"""Bake files: targets, what they inherit, variables' defaults, places."""

from __future__ import annotations

import hcl2
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from fr_check.core.text import Text
from fr_check.sources import hcl
from fr_check.sources.bake import parse_hcl, parse_json, resolve

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


@pytest.mark.parametrize(
    "source", ["target {", "(" * 1000, "\0", 'target "a" {', 'target "a" { args = [' + "[" * 300, "a" * 200_000]
)
def test_what_is_no_hcl(source: str) -> None:
    file = parse_hcl(Text(source))
    assert file.targets == {}
    assert len(file.problems) == 1


REAL = {
    "heredoc": 'target "a" {\n  dockerfile-inline = <<EOT\nFROM x\nRUN "y\nEOT\n  args = { A = 1 }\n}\n',
    "call": 'target "a" {\n  tags = [for t in x : "${t}:${y}"]\n  args = { A = upper("x"), B = "${y}" }\n}\n',
    "matrix": 'target "a" {\n  matrix = { app = ["x", "y"] }\n  name = "a-${app}"\n  args = {A: app}\n}\n',
    "condition": 'variable "T" { default = "" }\ntarget "a" {\n  args = {\n    A = equal(T, "") ? "x" : T\n  }\n}\n',
    "function": 'function "f" {\n  params = [x]\n  result = x\n}\ntarget "a" { args = {} }\n',
    "comments": '# a\n// b\n/* c { */\ntarget "a" { # d\n  args = { "A" = "1" /* e */ }\n}\n',
    "block-in-a-block": 'variable "V" {\n  default = "1"\n  validation {\n    condition = V != ""\n  }\n}\n',
    "nested-quotes": 'target "a" {\n  args = { A = "${join(",", ["x", "y"])}" }\n}\n',
    "an-expression-of-lines": 'target "a" {\n  tags = concat(\n    ["x"],\n    ["y"]\n  )\n  args = { A = "1" }\n}\n',
}


@pytest.mark.parametrize("source", [HCL, *REAL.values()], ids=["all", *REAL])
def test_hcl_is_read_as_the_real_parser_reads_it(source: str) -> None:
    tree = hcl2.loads(source)

    def named(kind: str) -> list[str]:
        return [label.strip('"') for block in tree.get(kind, ()) for label in block if not label.startswith("__")]

    file = parse_hcl(Text(source))
    assert file.problems == ()
    assert list(file.targets) == named("target")
    read = hcl.parse(source)
    assert isinstance(read, list)
    blocks = [block for block in read if block.kind in tree]
    assert [(block.kind, block.labels) for block in blocks if block.kind == "variable"] == [
        ("variable", (name,)) for name in named("variable")
    ]
    for target in tree.get("target", ()):
        for label, body in target.items():
            arguments = body.get("args")
            if isinstance(arguments, dict):
                keys = [key.strip('"') for key in arguments if not key.startswith("__")]
                assert list(file.targets[label.strip('"')].arguments) == keys


@given(st.text('{}[]":,targesni $', max_size=60))
def test_json_never_raises(source: str) -> None:
    resolve([parse_json(Text(source))])


@settings(max_examples=30)
@given(st.text('targe "{}[]=$\n#', max_size=40))
def test_hcl_never_raises(source: str) -> None:
    resolve([parse_hcl(Text(source))])
