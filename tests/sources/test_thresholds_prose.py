from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from fr_check.core.text import Text
from fr_check.sources.thresholds import model, prose, prose_words
from fr_check.sources.thresholds.markdown import Outline


def kinds(string: str, path: str = "README.md") -> list[tuple[str, str, str]]:
    found = prose.parse(Text(string, path)).declared
    return [(model.shown(one.value), one.metric, one.kind) for one in found]


GATES = {
    "- Backend line coverage must be **>= 95%** (`--cov-fail-under=95`)": [("95%", "line", "gate")],
    "Backend tests enforce **>= 92%** line coverage.": [("92%", "line", "gate")],
    "CI fails if coverage is below 90.5%.": [("90.5%", "coverage", "gate")],
    "Branch coverage must not fall below 80%.": [("80%", "branch", "gate")],
    "The minimum coverage is at least 85%.": [("85%", "coverage", "gate")],
    "**Enforcement**: pytest-cov exits with error code if coverage < 97%, causing CI to fail.": [
        ("97%", "coverage", "gate")
    ],
    "**97% line coverage is the minimum threshold**. For true quality, consider:": [("97%", "line", "gate")],
    "覆盖率必须 ≥ 80%": [("80%", "coverage", "gate")],
    "Changed lines must have 85% coverage.": [("85%", "patch", "gate")],
}


@pytest.mark.parametrize(("string", "expected"), GATES.items(), ids=[name[:40] for name in GATES])
def test_a_demand_is_a_gate(string: str, expected: list[tuple[str, str, str]]):
    assert kinds(string) == expected


NO_GATES = {
    "1. Coverage threshold: 95% → **97%**": "historical",
    "Raised the coverage gate from 95% to 97%.": "historical",
    "The coverage threshold was 95% until May.": "historical",
    "The coverage requirement is ~~95%~~ gone.": "historical",
    "Coverage target 97%.": "target",
    "Backend coverage is enforced (target: 97%)": "target",
    "- [ ] CI fails if coverage drops below 97%": "target",
    "Unit test coverage > 90%": "target",
    "Update the coverage threshold to 97%": "target",
    "For example, require 80% coverage.": "example",
    "Coverage is 93.2% today.": "report-only",
    "Coverage: **94.51%** (exceeds the requirement)": "report-only",
    "- Coverage must be fast: runs ~25% of tests": "report-only",
    "There is no fixed 96% coverage gate at this time.": "report-only",
    'This prevents the "100% coverage of one file" deception, which the gate requires.': "example",
    "The coverage gate is at the baseline instead of the 80% threshold": "report-only",
}


@pytest.mark.parametrize(
    ("string", "gates"),
    [
        ("**Test coverage:** 100% (middleware), 81% (routes) - exceeds 80% requirement", ["80%"]),
        ("Coverage: 96% (lib), 91% (cli), and 88% (web), above the 85% gate", ["85%"]),
        ("Coverage gate: 96% (lib), 91% (cli)", ["96%", "91%"]),
    ],
)
def test_figures_of_several_parts_are_held_against_one_demand(string: str, gates: list[str]):
    assert [value for value, _, kind in kinds(string) if kind == "gate"] == gates


@pytest.mark.parametrize(("string", "kind"), NO_GATES.items(), ids=[name[:40] for name in NO_GATES])
def test_what_is_no_demand_is_no_gate(string: str, kind: str):
    found = kinds(string)
    assert found
    assert {one[2] for one in found} == {kind}


OTHER_SUBJECTS = [
    "Parsing accuracy must be ≥ 95%, with test coverage of all banks.",
    "| Anomaly detection recall > 95% | Flagged anomaly coverage | required |",
    "Docstring coverage must be 100%.",
    "Statistics tolerance: 1%",
    "The last 1% is covered under a commercial license, which is required.",
    "The cache hit rate must exceed 80%.",
    "Kill > 80% of mutants; mutation coverage is required.",
]


@pytest.mark.parametrize("string", OTHER_SUBJECTS)
def test_percentages_of_other_things_are_not_read(string: str):
    assert [one for one in kinds(string) if one[2] == "gate"] == []


def test_a_figure_of_doctests_is_not_that_of_the_tests_beside_it():
    for text in (
        "pytest, branch coverage measurement (80% threshold), doctest validation (40% threshold) and reports\n",
        "CI requires 80% branch coverage, and 40% doctests.\n",
        "CI fails if branch coverage is below 80%, or 40% doctests.\n",
    ):
        assert [value for value, _, _ in kinds(text)] == ["80%"], text


@pytest.mark.parametrize(
    ("string", "parts"),
    [
        (
            "- **Coverage**: Minimum 90% test coverage, 100% for security-sensitive code",
            ["", "security-sensitive code"],
        ),
        ("Service layer coverage must be >= 80%.", ["service"]),
        ("Coverage must be >= 80% for all pull requests.", [""]),
        ("Coverage must be >= 80% in CI.", [""]),
        ("Coverage must be >= 80% for backend code.", [""]),
    ],
)
def test_what_a_number_is_limited_to(string: str, parts: list[str]):
    assert [one.part for one in prose.parse(Text(string, "x.md")).declared] == parts


def scopes(string: str) -> list[tuple[str, str]]:
    return [(model.shown(one.value), one.scope) for one in prose.parse(Text(string, "README.md")).declared]


def test_each_number_of_a_clause_speaks_of_what_is_named_nearest_to_it():
    assert scopes("| Line coverage threshold | >= 90% backend / 96% unified |\n") == [
        ("90%", "backend"),
        ("96%", "unified"),
    ]
    assert scopes("Coverage gate: 90% backend (the unified system keeps overall quality at 96%)") == [
        ("90%", "backend"),
        ("96%", "unified"),
    ]


def test_names_and_numbers_in_the_same_order_belong_together():
    string = "| Backend / Frontend / Tools coverage floors | 98.8% / 91.9% / 86.4% |\n"
    assert scopes(string) == [("98.8%", "backend"), ("91.9%", "frontend"), ("86.4%", "tools")]
    assert {one[2] for one in kinds(string)} == {"gate"}


def test_the_label_of_a_cell_says_what_else_it_is_about():
    assert kinds("| Tester | Parsing accuracy | Coverage of all banks must be >= 95% |\n") == []
    assert kinds("| Tester | Parsing | Line coverage must be >= 95% |\n") == [("95%", "line", "gate")]


def test_a_line_that_is_broken_on_purpose_ends_a_sentence():
    string = "**Coverage: 94.6%** (above the 94% threshold)  \n**CI: 4m** (faster than before)\n"
    assert kinds(string) == [("94.6%", "coverage", "report-only"), ("94%", "coverage", "gate")]


def test_branches_of_git_and_functions_that_test_are_no_metrics():
    assert kinds("The main branch must keep 94% coverage.") == [("94%", "coverage", "gate")]
    assert kinds("Test functions must reach a coverage of 80%.")[0][1] == "coverage"
    assert kinds("The coverage threshold is 85% (`DIFF_COVERAGE_THRESHOLD`).") == [("85%", "patch", "gate")]


@pytest.mark.parametrize(
    "string",
    [
        "Coverage: CI enforces 95% project coverage and 100% diff coverage.",
        "CI enforces 95% overall / 100% diff test coverage.",
        "Coverage must be: project 95%, patch 100%.",
        "Required coverage: total: >= 95%, 100% of changed lines.",
    ],
)
def test_what_is_said_of_the_whole_is_no_figure_of_what_changed(string: str):
    assert kinds(string) == [("95%", "coverage", "gate"), ("100%", "patch", "gate")]


@pytest.mark.parametrize(
    "string",
    [
        "Additional lines must have 100 % coverage.",
        "Newly written code requires 95% coverage.",
        "New modules must have at least 80% coverage.",
        "New functions must reach 100% coverage.",
        "Incremental coverage must be at least 75%.",
        "We require 100% coverage of incoming changes.",
        "Coverage of contributions must be at least 90%.",
        "Code that you add must have at least 90% coverage.",
    ],
)
def test_a_figure_of_what_is_added_is_no_figure_of_the_whole(string: str):
    assert [(one[1], one[2]) for one in kinds(string)] == [("patch", "gate")]


def test_one_figure_of_what_changed_keeps_its_name():
    assert kinds("CI enforces 95% coverage of the diff.") == [("95%", "patch", "gate")]
    assert kinds("Patch coverage must be 90% in this project.") == [("90%", "patch", "gate")]


def test_code_in_fences_is_an_example():
    string = "Coverage must hold:\n```diff\n- addopts = '--cov-fail-under=95'\n+ addopts = '--cov-fail-under=97'\n```\n"
    assert kinds(string) == [("95%", "coverage", "example"), ("97%", "coverage", "example")]


@pytest.mark.parametrize("path", ["docs/archive/plan.md", "CHANGELOG.md", "docs/history/x.md", "NEWS.md"])
def test_old_documents_are_history(path: str):
    assert kinds("Line coverage must be >= 95%.", path) == [("95%", "line", "historical")]


def test_a_table_says_what_its_row_and_column_say():
    string = (
        "## Coverage\n\n| Metric | Description | Requirement |\n|---|---|---|\n"
        "| **Line Coverage** | executed | ≥ 97% |\n| **Branch Coverage** | taken | ≥ 95% (implied by line) |\n"
    )
    assert kinds(string) == [("97%", "line", "gate"), ("95%", "branch", "gate")]


def test_current_and_target_are_told_apart_by_the_row():
    string = (
        "## Coverage\n\n| Component | Setting |\n|---|---|\n"
        "| **Current Threshold** | 95% (enforced by CI) |\n| **Target Threshold** | 97% (long-term goal) |\n"
    )
    assert [(one[0], one[2]) for one in kinds(string)] == [("95%", "gate"), ("97%", "target")]


def test_current_and_target_are_told_apart_by_the_line_above_a_list():
    string = (
        "# Plan\n## Summary\n**Current State**:\n- Coverage threshold: 95%\n\n"
        "**Target State**:\n- Coverage threshold: 97%\n"
    )
    assert [(one[0], one[2]) for one in kinds(string)] == [("95%", "gate"), ("97%", "target")]


@pytest.mark.parametrize(
    ("heading", "kind"),
    [("Recommended reading order", "gate"), ("Recommended thresholds", "target"), ("We recommend", "target")],
)
def test_a_recommendation_to_read_is_no_wish(heading: str, kind: str):
    string = f"# Guide\n\n## {heading}\n\n1. **ci.md** - Coverage requirements (99%)\n"
    assert kinds(string) == [("99%", "coverage", kind)]


def test_one_sentence_may_hold_a_gate_and_a_target():
    found = prose.parse(
        Text("- Backend line coverage: **>= 92%** (enforced by `pytest-cov`, target 97%)", "x.md")
    ).declared
    assert [(model.shown(one.value), one.kind, one.scope) for one in found] == [
        ("92%", "gate", "backend"),
        ("97%", "target", "backend"),
    ]


def test_the_place_of_a_number_is_exact():
    text = Text("# A\n\nCoverage must be **>= 95%**.\n", "x.md")
    (found,) = prose.parse(text).declared
    assert (found.span.line, found.span.column, found.span.end_column) == (3, 23, 26)


def test_a_document_that_demands_branches_says_so():
    assert prose.parse(
        Text("Coverage: 90%\n- Branch coverage: Required (via `--cov-branch`)\n", "x.md")
    ).branch_demanded


@settings(max_examples=300, deadline=None)
@given(st.text(st.sampled_from("covrage 95%>=\n|-#`*[]→mustolIncludes.!--<"), max_size=120))
def test_is_total(string: str):
    for one in prose.parse(Text(string, "x.md")).declared:
        assert one.value is not None
        assert 0 <= one.value <= 100


_WORDS = sorted(
    {
        word
        for found in vars(prose_words).values()
        if isinstance(found, prose_words.Lexicon | prose_words.Names)
        for word in found.words
    }
)
_PIECES = "95% --cov-fail-under=95 use-case long-term used to instance e.g. rate not fall below code 3 | - . ,"
_SAID = st.lists(st.sampled_from([*_WORDS, *_PIECES.split(" "), "\n", "\n# "]) | st.text(max_size=4), max_size=12).map(
    " ".join
)


@settings(max_examples=400)
@given(_SAID)
def test_a_document_that_is_passed_over_states_nothing(string: str):
    if not prose.may_state(string.encode("utf-8", "replace")):
        assert not prose.parse(Text(string, "x.md")).declared


def test_documents_that_are_passed_over_state_nothing():
    """The project's own documents: most of them speak of coverage, and of percentages."""
    root = Path(__file__).parents[2]
    documents = [path.read_bytes() for path in (*root.glob("*.md"), *root.glob("docs/**/*.md"))]
    passed = [data for data in documents if not prose.may_state(data)]
    assert 0 < len(passed) < len(documents)
    assert not any(prose.parse(Text.decode(data, "x.md")).declared for data in passed)


@settings(max_examples=400)
@given(_SAID)
def test_no_phrase_matches_without_a_word_that_guards_it(string: str):
    said = prose_words.Said(string.lower())
    for found in vars(prose_words).values():
        if isinstance(found, prose_words.Names) and not found.may_be_in(said):
            assert found.search(said.string) is None
        elif isinstance(found, prose_words.Sign) and not any(text in said.string for text in found.texts):
            assert found.expression.search(said.string) is None
        elif isinstance(found, prose_words.Lexicon):
            for guard, expression in found.phrases:
                assert not guard.isdisjoint(said.words) or expression.search(said.string) is None


def test_letters_whose_lower_case_is_longer_move_no_place():
    text = Text("İİİ: Coverage MUST be 95%.\n", "x.md")
    (found,) = prose.parse(text).declared
    assert (found.kind, found.span.column) == ("gate", 23)


def test_long_lines_and_many_numbers_stay_linear():
    string = "coverage must be 95% " * 20_000
    assert len(prose.parse(Text(string, "x.md")).declared) <= 1000
    assert Outline("```\n" * 20_000).unit(40_000) is not None


def test_the_metric_is_named_in_the_plural_too():
    text = Text("Line coverage must stay at or above 85%, branches at 80%, statements at 84%.\n", "README.md")
    assert [(model.shown(one.value), one.metric) for one in prose.parse(text).declared] == [
        ("85%", "line"),
        ("80%", "branch"),
        ("84%", "statements"),
    ]


HELD = {
    "Total coverage: **72.8%** (floor 60%)": {"60%"},
    "`make test` is fine (75.2% coverage, floor 60%)": {"60%"},
    "Coverage: 72.8% (vs 60% floor)": {"60%"},
    "Branch coverage (88.49%) is below the 90% quality threshold": {"90%"},
    "72.8% line coverage, exceeding the 60% floor": {"60%"},
    "Coverage must be at least 90% for lines, and the minimum of branches is 80%": {"90%", "80%"},
    "The coverage gate is 90% for lines, 80% for branches": {"90%", "80%"},
}


@pytest.mark.parametrize(("string", "gates"), HELD.items(), ids=[name[:40] for name in HELD])
def test_a_figure_that_is_held_against_a_demand_is_none(string: str, gates: set[str]):
    assert {value for value, _, kind in kinds(string) if kind == "gate"} == gates


@pytest.mark.parametrize(
    ("path", "is_gate"),
    [
        ("docs/reports/tests.md", False),
        ("docs/qa-report.md", False),
        ("docs/plan-2026-08-03.md", False),
        ("docs/20260803/notes.md", False),
        (".pu-reports/a.md", False),
        ("docs/journals/a.md", False),
        ("docs/reporting.md", True),
        ("docs/code-review.md", True),
        ("docs/adr/0020-tests.md", True),
    ],
)
def test_what_is_of_a_day_is_a_record(path: str, is_gate: bool):  # noqa: FBT001 - a case
    assert kinds("Test coverage must be at least 90%.", path) == [
        ("90%", "coverage", "gate" if is_gate else "historical")
    ]


def test_a_long_document_about_another_coverage_states_nothing():
    text = "Dispatch must keep shift coverage of at least 99%.\n" + "Drivers rest for eleven hours.\n" * 80
    assert [kind for _, _, kind in kinds(text)] == ["historical"]
    assert [kind for _, _, kind in kinds(text + "Run the tests.\n")] == ["gate"]


def test_new_code_of_a_kind_is_what_changes():
    assert kinds("CI requires minimum 80% coverage for new transform code.") == [("80%", "patch", "gate")]


@pytest.mark.parametrize(
    ("path", "kind"),
    [
        ("docs/US-069-IMPLEMENTATION-SUMMARY.md", "historical"),
        ("00-07-summary.md", "historical"),
        (".planning/phases/01-api/01-02-PLAN.md", "historical"),
        ("docs/planning.md", "gate"),
        (".tickets/12.md", "target"),
        ("docs/rfcs/0001-coverage.md", "target"),
        ("specs/001-login/tasks.md", "target"),
        ("docs/TEST-COVERAGE-PLAN.md", "target"),
        ("TODO.md", "target"),
        ("docs/adr/0001-coverage.md", "gate"),
        ("docs/summarizing.md", "gate"),
    ],
)
def test_plans_and_summaries_of_work_that_is_done_are_records(path: str, kind: str):
    assert [one[2] for one in kinds("CI fails if test coverage is below 90%.", path)] == [kind]
