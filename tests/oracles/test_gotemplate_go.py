"""The template reader against Go's own text/template."""

from __future__ import annotations

import json
import re
import subprocess
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from fr_check.core.text import Text
from fr_check.sources.gotemplate import parse
from fr_check.sources.gotemplate.functions import FUNCTIONS
from fr_check.sources.gotemplate.signatures import SIGNATURES
from template_corpus import FAILURES, SOUND, SYNTAX, actions, calls, soup
from template_writer import choices, disagreement, generated, sourced

if TYPE_CHECKING:
    from collections.abc import Callable

PROGRAM = Path(__file__).with_name("render.go")
BUILTIN = frozenset(
    [
        "and",
        "call",
        "eq",
        "ge",
        "gt",
        "html",
        "index",
        "js",
        "le",
        "len",
        "lt",
        "ne",
        "not",
        "or",
        "print",
        "printf",
        "println",
        "slice",
        "urlquery",
    ]
)


@pytest.fixture(scope="session")
def go(tmp_path_factory: pytest.TempPathFactory) -> Callable[[list[dict]], list[dict]]:
    folder = tmp_path_factory.mktemp("go")
    environment = {
        "PATH": "/usr/local/go/bin:/usr/bin:/bin",
        "HOME": str(folder),
        "GOCACHE": str(folder / "cache"),
        "GOFLAGS": "-mod=mod",
    }
    subprocess.run(["go", "build", "-o", folder / "render", PROGRAM], check=True, env=environment, cwd=folder)

    def render(jobs: list[dict]) -> list[dict]:
        given = json.dumps(
            {"functions": {name: SIGNATURES.get(name, "") for name in FUNCTIONS - BUILTIN}, "jobs": jobs}
        )
        done = subprocess.run([folder / "render"], input=given, capture_output=True, check=True, text=True)
        return json.loads(done.stdout)

    return render


def job(source: str, fields: object = None, left: str = "", right: str = "") -> dict:
    return {"source": source, "left": left, "right": right, "fields": fields or {}, "environment": {}}


def agree(source: str, answer: dict, delimiters: tuple[str, str] = ("{{", "}}")) -> bool:
    """The reader refuses what Go refuses, before it runs or while it does; how Go words it is Go's to change."""
    template = parse(Text(source), delimiters)
    if not template.failures:
        return bool(template.problems) == (answer["stage"] == "parse")
    if answer["stage"] == "execute":
        return True
    # What only may fail does not have to, with this data.
    return not template.failures[0].always and not answer["error"]


def test_what_fails_with_any_data_fails_in_go(go):
    answers = dict(zip(FAILURES, go([job(source, {"A": "1"}) for source in FAILURES]), strict=True))
    assert {source: answer for source, answer in answers.items() if answer["stage"] != "execute"} == {}


def test_what_may_go_well_does(go):
    answers = zip(SOUND, go([job(source) for source in SOUND]), strict=True)
    assert {source: answer["error"] for source, answer in answers if answer["error"]} == {}


def test_what_is_foreseen_of_generated_calls_happens_in_go(go):
    sources = [calls(seed, 1 + seed % 3) for seed in range(6000)]
    sources = [source + "{{ end }}" * source.startswith(("{{ if", "{{ with")) for source in sources]
    answers = list(zip(sources, go([job(source) for source in sources]), strict=True))
    foreseen = [(source, answer) for source, answer in answers if parse(Text(source)).failures]
    assert [source for source, answer in foreseen if answer["stage"] != "execute"] == []
    # Values may make Go stop earlier: the second argument of `or`, an index out of range, the type of the data.
    refused = [source for source, answer in answers if answer["stage"] == "execute"]
    assert len(foreseen) > 0.9 * len(refused) > 1000
    assert sum(agree(source, answer) for source, answer in foreseen) > 0.95 * len(foreseen)


def ours(source: str, delimiters: tuple[str, str] = ("{{", "}}")) -> str:
    problems = parse(Text(source), delimiters).problems
    return problems[0].message if problems else ""


def test_every_error_is_one_in_go(go):
    differences = {
        source: (ours(source), answer["error"])
        for source, answer in zip(SYNTAX, go([job(source) for source in SYNTAX]), strict=True)
        if not agree(source, answer)
    }
    assert differences == {}


@pytest.mark.parametrize("make", [soup, actions])
def test_generated_text_gets_the_same_verdict(go, make):
    sources = [make(seed, 3 + seed % 12) for seed in range(4000)]
    sources = [source for source in sources if not re.search(r"else\s+with", source)]
    differences = {
        source: (ours(source), answer["error"])
        for source, answer in zip(sources, go([job(source) for source in sources]), strict=True)
        if not agree(source, answer)
    }
    assert dict(list(differences.items())[:10]) == {}


@pytest.mark.parametrize(
    ("left", "right"), [("[[", "]]"), ("<%", "%>"), ("(", ")"), ("$", "$"), ("{{{", "}}}"), ("%", "%%"), ("--", "--")]
)
def test_custom_delimiters(go, left, right):
    sources = [source.replace("{{", left).replace("}}", right) for source in SYNTAX]
    differences = {
        source: (ours(source, (left, right)), answer["error"])
        for source, answer in zip(sources, go([job(source, None, left, right) for source in sources]), strict=True)
        if not agree(source, answer, (left, right))
    }
    assert differences == {}


@pytest.mark.parametrize("batch", range(10))
def test_generated_templates_set_what_the_reader_says(go, batch, tmp_path):
    differences = {}
    for seed in range(batch * 60, batch * 60 + 60):
        template = generated(seed)
        answers = go([job(template.source, data) for data in choices(template)])
        assert not any(answer["error"] for answer in answers), (template.source, answers[0])
        found = disagreement(template, sourced([answer["output"] for answer in answers], tmp_path))
        if found:
            differences[template.source] = found
    assert differences == {}
