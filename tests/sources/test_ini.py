from __future__ import annotations

import configparser
import io

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from fr_check.core.text import Text
from fr_check.sources import ini

EXAMPLES = {
    "empty": "",
    "plain": "[report]\nfail_under = 95\n",
    "colon": "[report]\nfail_under: 95.5\n",
    "case": "[Report]\nFail_Under=95\n",
    "continued": "[run]\nomit =\n    a.py\n    b.py\n\n    c.py\nbranch = true\n",
    "comment inside a value": "[run]\nomit =\n    a.py\n# said\n    b.py\n",
    "inline comment is value": "[report]\nfail_under = 95  # no\n",
    "default": "[DEFAULT]\nprecision = 2\n[report]\nfail_under = 1\n",
    "section in a value": "[a]\nx = 1\n  [b]\n  y = 2\n",
    "trailing after header": "[a] rest\nx=1\n",
    "crlf": "[a]\r\nx = 1\r\n  2\r\n",
    "no section": "x = 1\n[a]\ny = 2\n",
    "no delimiter": "[a]\nx\n",
    "twice": "[a]\nx=1\nx=2\n",
    "section twice": "[a]\nx=1\n[a]\ny=2\n",
    "no name": "[a]\n= 1\n",
    "indented section": "  [a]\n  x = 1\n    y = 2\n",
}


def _theirs(string: str) -> dict[str, dict[str, str]] | None:
    parser = configparser.ConfigParser(interpolation=None)
    try:
        parser.read_file(io.StringIO(string, newline=None))
    except configparser.Error:
        return None
    return {name: dict(parser[name]) for name in parser.sections()}


def _ours(string: str) -> dict[str, dict[str, str]] | None:
    found = ini.parse(Text(string))
    if found.problems:
        return None
    default = found.section("DEFAULT")
    defaults = {option.name: option.value for option in default.options} if default else {}
    return {
        section.name: {**defaults, **{option.name: option.value for option in section.options}}
        for section in found.sections
        if section.name != "DEFAULT"
    }


@pytest.mark.parametrize("string", EXAMPLES.values(), ids=EXAMPLES.keys())
def test_reads_as_configparser_does(string: str):
    assert _ours(string) == _theirs(string)


@settings(max_examples=400, deadline=None)
@given(st.text(st.sampled_from("[]ab=:#; \n\r\tX1.\u00a0"), max_size=40))
def test_reads_any_text_as_configparser_does(string: str):
    assert _ours(string) == _theirs(string)


@settings(max_examples=200, deadline=None)
@given(st.text())
def test_is_total_and_places_lie_in_the_text(string: str):
    text = Text(string)
    for section in ini.parse(text).sections:
        for option in section.options:
            for line in option.lines:
                start = text.offset(line.span.line, line.span.column)
                assert text.string[start : start + len(line.string)] == line.string


def test_a_value_knows_its_place():
    option = ini.parse(Text("[report]\nfail_under =  95\n")).option("report", "FAIL_UNDER")
    assert option is not None
    assert (option.value, option.span.line, option.span.column) == ("95", 2, 15)


def test_a_merge_that_is_not_settled_is_one_complaint():
    string = "<<<<<<< HEAD\n[report]\nfail_under = 90\n=======\n[report]\nfail_under = 95\n>>>>>>> other\n"
    assert _theirs(string) is None
    (problem,) = ini.parse(Text(string)).problems
    assert problem.message == "`<<<<<<< HEAD` is a conflict marker of git"
    (problem,) = ini.parse(Text(f"[run]\nbranch = true\n{string}")).problems
    assert (problem.span.line, problem.help) == (3, "settle the merge and delete its markers")
