"""What each format prints, whole."""

from __future__ import annotations

import json
import re

import pytest

from fr_check.core.model import Finding, Gap, Location, Move, Note, Report, Severity, Skipped, Span, Table, Unknown
from fr_check.core.text import Text
from fr_check.report import FORMATS, renderer, tables
from fr_check.report.view import View

SETTINGS = 'class Settings:\n    debug: bool = False\n    token: str = "hunter2"\n'
TEXTS = {"config.py": Text(SETTINGS, "config.py")}
FINDING = Finding(
    "undocumented-setting",
    "env-keys",
    Severity.ERROR,
    "DEBUG",
    "`DEBUG` is in no example",
    "add `DEBUG=` to .env.example",
    Location("config.py", Span(2, 5, 2, 24)),
    (Note("the example", Location(".env.example")), Note("a remark")),
)
SECRET = FINDING._replace(subject="TOKEN", location=Location("config.py", Span(3, 5, 3, 27)), notes=(), help="x")
INFO = FINDING._replace(rule="commented-key", severity=Severity.INFO, location=Location("config.py", Span(1, 1, 1, 2)))
UNKNOWN = Unknown("submodule-sync", "shallow-history", "repo", "`repo` is shallow", "run `git fetch --unshallow`")
SKIPPED = Skipped("coverage", "no coverage data found")
FACTS = {"env-keys": {"settings": 2}}


def report(*findings: Finding, unknowns: tuple[Unknown, ...] = ()) -> Report:
    return Report(findings, unknowns, (SKIPPED,), (), (), FACTS)


def render(form: str, made: Report, **view: object) -> str:
    return renderer(form)(made, View("1.0", text_of=lambda location: TEXTS.get(location.path), **view))


def test_text_shows_the_place_related_places_help_and_a_summary():
    assert render("text", report(FINDING, unknowns=(UNKNOWN,))) == (
        "error[undocumented-setting]: `DEBUG` is in no example\n"
        "  --> config.py:2:5\n"
        "    2 |     debug: bool = False\n"
        "      |     ^^^^^^^^^^^^^^^^^^^\n"
        "  note: the example\n"
        "  --> .env.example:1:1\n"
        "  note: a remark\n"
        "  help: add `DEBUG=` to .env.example\n"
        "\n"
        "unknown[shallow-history]: `repo` is shallow (submodule-sync)\n"
        "  help: run `git fetch --unshallow`\n"
        "\n"
        "skipped coverage: no coverage data found\n"
        "\n"
        "fr-check: 1 error, 1 not judged, 1 skipped (env-keys)\n"
    )


def test_text_of_a_clean_run_says_what_was_looked_at():
    clean = Report((), (), (), (), (), FACTS)
    assert render("text", clean) == "fr-check: no findings (env-keys)\n"
    assert "looked at env-keys: 2 settings" in render("text", clean, verbose=True)


def test_info_is_counted_and_shown_on_demand():
    assert "commented-key" not in render("text", report(INFO))
    assert "1 info (-v shows them)" in render("text", report(INFO))
    assert "info[commented-key]" in render("text", report(INFO), lowest=Severity.INFO)


def test_quiet_leaves_the_findings():
    assert "fr-check:" not in render("text", report(FINDING), quiet=True)
    assert render("text", report(FINDING), quiet=True).startswith("error[")


def test_colour_paints_and_plain_does_not():
    assert "\x1b[" in render("text", report(FINDING), color=True)
    assert "\x1b[" not in render("text", report(FINDING))


@pytest.mark.parametrize("form", FORMATS)
def test_no_format_shows_the_value_of_a_secret(form: str):
    assert "hunter2" not in render(form, report(SECRET), verbose=True)


def test_concise_is_a_line_each():
    assert render("concise", report(FINDING, INFO, unknowns=(UNKNOWN,))) == (
        "config.py:2:5: error[undocumented-setting] `DEBUG` is in no example\n"
        "repo: unknown[shallow-history] `repo` is shallow\n"
    )


def test_json_has_the_promised_shape():
    made = json.loads(render("json", report(FINDING, unknowns=(UNKNOWN,))))
    assert made["version"] == 1
    assert made["tool"] == {"name": "fr-check", "version": "1.0"}
    assert made["skipped"] == [{"checker": "coverage", "reason": "no coverage data found"}]
    assert (made["suppressed"], made["baselined"], made["facts"]) == (0, 0, FACTS)
    (found,) = made["findings"]
    assert found.pop("fingerprint") == FINDING.fingerprint
    assert re.fullmatch("[0-9a-f]{16}", FINDING.fingerprint)
    place = {"path": "config.py", "line": 2, "column": 5, "end_line": 2, "end_column": 24, "revision": None}
    assert found["location"] == place
    assert [note["message"] for note in found["notes"]] == ["the example", "a remark"]
    assert (found["severity"], found["subject"], found["fixable"]) == ("error", "DEBUG", False)
    (unknown,) = made["unknowns"]
    assert unknown == {**UNKNOWN._asdict(), "location": None}


def test_github_escapes_what_could_be_a_command_of_its_own():
    evil = FINDING._replace(message="50%\n::error::x", location=Location("a,b:c\n.py", Span(1, 1, 1, 2)))
    printed = render("github", report(evil))
    assert len(printed.splitlines()) == 1
    assert "file=a%2Cb%3Ac\\n.py" in printed
    assert "50%25%0A::error::x" in printed


def test_sarif_points_at_its_rules():
    run = json.loads(render("sarif", report(FINDING)))["runs"][0]
    (result,) = run["results"]
    assert (
        run["tool"]["driver"]["rules"][result["ruleIndex"]]["id"] == result["ruleId"] == "env-keys/undocumented-setting"
    )
    assert result["locations"][0]["physicalLocation"]["region"]["startLine"] == 2


def test_markdown_is_one_table():
    printed = render("markdown", report(FINDING._replace(message="a | b")))
    assert "| error | `undocumented-setting` | `config.py:2:5` | a \\| b |" in printed


@pytest.mark.parametrize("form", ["text", "concise", "markdown", "github"])
def test_a_name_cannot_write_control_characters(form: str):
    evil = FINDING._replace(message="\x1b[2J`x`", location=Location("\x1b]0;\x07.py", Span(1, 1, 1, 2)))
    assert "\x1b" not in render(form, report(evil))


def test_a_path_that_is_no_text_is_still_printed_as_json():
    odd = FINDING._replace(location=Location("\udcff.py", Span(1, 1, 1, 2)))
    assert json.loads(render("json", report(odd)))["findings"][0]["location"]["path"] == "\udcff.py"


def test_an_enormous_line_is_cut_around_the_place():
    TEXTS["long.py"] = Text("x" * 1500 + "HERE" + "y" * 400, "long.py")
    printed = render("text", report(FINDING._replace(location=Location("long.py", Span(1, 1501, 1, 1505)))))
    assert "HERE" in printed
    assert max(map(len, printed.splitlines())) < 200


TABLE = Table("Keys", ("key", "settings"), (("DEBUG", "yes"), ("A|B", "-")))


def test_tables_for_a_person_a_summary_and_a_program():
    assert tables.render("text", "env-keys", (TABLE,), "1.0") == (
        "Keys\n\nkey    settings\n-----  --------\nDEBUG  yes\nA|B    -\n"
    )
    assert "| A\\|B | - |" in tables.render("markdown", "env-keys", (TABLE,), "1.0")
    made = json.loads(tables.render("json", "env-keys", (TABLE,), "1.0"))
    assert made["tables"][0]["rows"][0] == {"key": "DEBUG", "settings": "yes"}


GROUPED = tuple(
    FINDING._replace(
        subject=name,
        help=f"add `{name}:`",
        location=Location("config.py", Span(line, 5, line, 9)),
        group="settings that nothing passes",
    )
    for name, line in (("DEBUG", 2), ("TOKEN", 3))
)


def test_findings_of_one_cause_are_one_block_for_people():
    text = render("text", report(*GROUPED))
    assert "error[undocumented-setting]: 2 settings that nothing passes: `DEBUG` (line 2), `TOKEN` (line 3)\n" in text
    assert text.count("error[") == 1
    assert "help: for `DEBUG`, and the others likewise: add `DEBUG:`" in text
    assert "fr-check: 2 errors" in text
    for form in ("markdown", "github"):
        assert render(form, report(*GROUPED)).count("2 settings that nothing passes") == 1


def test_a_group_of_one_speaks_for_itself():
    assert "error[undocumented-setting]: `DEBUG` is in no example\n" in render("text", report(GROUPED[0]))


def test_machines_get_a_finding_a_subject():
    found = json.loads(render("json", report(*GROUPED)))["findings"]
    assert [(one["subject"], one["group"]) for one in found] == [
        ("DEBUG", "settings that nothing passes"),
        ("TOKEN", "settings that nothing passes"),
    ]
    assert len({one["fingerprint"] for one in found}) == 2


GAP = Gap("env-keys", "prod.env", "prod.env is not in the repository", Location("compose.yml", Span(4, 1, 4, 9)))
MOVE = Move("repo", "a" * 40, "b" * 40, 4, ("Four", "Three", "Two", "One"))


def test_what_is_not_in_the_repository_is_told_on_demand_and_counted():
    made = report()._replace(gaps=(GAP,))
    assert "1 gap (-v shows them)" in render("text", made)
    assert "gap env-keys: compose.yml:4:1: prod.env is not in the repository\n" in render("text", made, verbose=True)
    assert json.loads(render("json", made))["gaps"][0]["subject"] == "prod.env"


def test_a_pointer_that_went_forward_is_told_with_what_it_brings():
    made = report()._replace(moves=(MOVE,))
    line = 'moved repo by 4 commits, from aaaaaaaa to bbbbbbbb: "Four", "Three", "Two", ...\n'
    assert line in render("text", made)
    assert line in render("markdown", made)
    assert json.loads(render("json", made))["moves"] == [
        {"submodule": "repo", "from": "a" * 40, "to": "b" * 40, "commits": 4, "subjects": list(MOVE.subjects)}
    ]
