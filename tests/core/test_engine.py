"""What happens to a finding on its way to the report."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

import pytest

from fr_check.core import engine
from fr_check.core.baseline import Accepted
from fr_check.core.checker import Checker
from fr_check.core.config import Allowance, Config
from fr_check.core.context import Context
from fr_check.core.model import Finding, Location, Report, Rule, Severity, Skipped, Span, Unknown
from fr_check.core.repository import Memory
from fr_check.core.rules import load_rules
from fr_check.core.selection import Selection
from fr_check.core.suppression import directives
from fr_check.core.text import Text
from running import run as whole

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

UNKNOWN = Unknown("toy", "shallow-history", "repo", "cannot see", "fetch")


class Facts(NamedTuple):
    """Every line that says `bad` or `odd`."""

    places: tuple[tuple[str, str, Span], ...]
    unknowns: tuple[Unknown, ...] = ()
    skipped: tuple[Skipped, ...] = ()
    counts: Mapping[str, int] = {}

    def tables(self) -> tuple[()]:
        return ()


def load(context: Context) -> Facts:
    texts = [context.repository.read(path) for path in context.repository.paths()]
    found = [
        (text.path, word, Span(line, 1, line, 2))
        for text in texts
        for line in range(1, text.line_count + 1)
        for word in ("bad", "odd")
        if word in text.line(line).split()
    ]
    unknowns = (UNKNOWN,) if "blind" in context.repository.paths() else ()
    return Facts(tuple(found), unknowns, counts={"lines": len(found)})


def rule(name: str, word: str, severity: Severity) -> Rule:
    def check(facts: Facts) -> Iterator[Finding]:
        for path, found, span in facts.places:
            if found == word:
                yield made.finding(f"{path}:{word}", f"a {word} line", help="mend it", location=Location(path, span))

    made = Rule(name, "toy", severity, "", check, "", {}, {})
    return made


BAD, ODD = rule("bad-line", "bad", Severity.ERROR), rule("odd-line", "odd", Severity.WARNING)
TOY = Checker("toy", load, (BAD, ODD))


def run(files: dict[str, str], config: Config | None = None, **options: object) -> Report:
    context = Context(Memory(files), config or Config())
    return engine.run(context, [TOY], load_rules("hygiene"), **options)[0]


def rules(report: Report) -> list[str]:
    return [finding.rule for finding in report.findings]


def test_findings_come_by_path_position_rule():
    report = run({"b": "bad", "a": "odd\nbad odd"})
    assert [(f.location.path, f.location.span.line, f.rule) for f in report.findings] == [
        ("a", 1, "odd-line"),
        ("a", 2, "bad-line"),
        ("a", 2, "odd-line"),
        ("b", 1, "bad-line"),
    ]


@pytest.mark.parametrize(
    "source",
    [
        "bad  # fr-check: ignore[bad-line] known",
        "# fr-check: ignore[bad-line] known\nbad",
        "# fr-check: ignore[bad-line] known\n# fr-check: ignore[odd-line] too\nbad odd",
        "bad odd // fr-check: ignore[ bad-line , odd-line ] x\nbad odd <!-- fr-check: ignore[odd-line, bad-line] z -->",
        "{{/* fr-check: ignore[bad-line] template */}}\nbad",
    ],
    ids=["trailing", "above", "stacked", "several rules", "in a template"],
)
def test_a_suppression_takes_out_its_rule_on_its_line(source: str):
    report = run({"a": source})
    assert "bad-line" not in rules(report)
    assert report.suppressed


@pytest.mark.parametrize(
    ("path", "source"),
    [
        ("a.py", "bad = 1  # noqa: E501  # fr-check: ignore[bad-line] known"),
        ("a.py", "bad = 1  # fr-check: ignore[bad-line] known  # noqa: E501"),
        ("a.py", "bad = 1  # type: ignore[x] # fr-check: ignore[bad-line]"),
        ("a.py", "bad = 1  # pragma: no cover  # fr-check: ignore[other] a  # fr-check: ignore[bad-line] b"),
        ("a.py", "# noqa: E501  # fr-check: ignore[bad-line] known\nbad = 1"),
        ("a.ts", "bad = 1; // eslint-disable-line // fr-check: ignore[bad-line] known"),
        ("a.yml", "bad : 1  # yamllint disable-line  # fr-check: ignore[bad-line] known"),
    ],
)
def test_a_suppression_stands_beside_what_another_tool_is_told(path: str, source: str):
    report = run({path: source})
    assert "bad-line" not in rules(report)
    assert report.suppressed


@pytest.mark.parametrize(
    ("comment", "reason"),
    [
        ("known  # noqa: E501", "known"),
        ("see #12 and # 3  # type: ignore", "see #12 and # 3"),
        ("http://x/y #noqa", "http://x/y"),
        ("one # fr-check: ignore[b] two", "one"),
    ],
)
def test_a_reason_ends_where_another_tool_is_told_something(comment: str, reason: str):
    assert directives(Text(f"x = 1  # fr-check: ignore[a] {comment}\n", "a.py"))[0].reason == reason


@pytest.mark.parametrize(
    ("path", "source"),
    [
        ("a.yml", "# fr-check: ignore[bad-line] known\n- name: x\n\n  uses: bad\n- odd"),
        ("a.yml", "- name: x  # fr-check: ignore[bad-line] known\n  with:\n    - bad\n- odd"),
        ("Dockerfile", "# fr-check: ignore[bad-line] known\nRUN a \\\n  && bad\nodd"),
    ],
    ids=["above a step", "at the first line of a step", "above an instruction"],
)
def test_a_suppression_speaks_of_the_whole_that_starts_on_its_line(path: str, source: str):
    assert rules(run({path: source})) == ["odd-line"]
    outside = source.replace("odd", "bad")
    assert rules(run({path: outside})) == ["bad-line"]


@pytest.mark.parametrize(
    ("source", "hygiene"),
    [
        ("bad  # fr-check: ignore[odd-line] wrong rule", "unused-suppression"),
        ("bad  # fr-check: ignore everything", "unknown-suppression"),
        ("bad  # fr-check: ignore[bad-lin] typo", "unknown-suppression"),
        ("x  # fr-check: ignore[bad-line] trailing, so not for the next line\nbad", "unused-suppression"),
    ],
)
def test_a_suppression_that_does_not_fit_leaves_the_finding_and_is_reported(source: str, hygiene: str):
    report = run({"a": source})
    assert "bad-line" in rules(report)
    assert hygiene in rules(report)


def test_a_suppression_of_a_rule_that_did_not_run_is_not_called_unused(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr("fr_check.core.rule_ids.RULE_IDS", {"bad-line", "unwired-gate"})
    assert rules(run({"a": "x  # fr-check: ignore[unwired-gate] another checker's"})) == []
    assert rules(run({"a": "x  # fr-check: ignore[bad-line] y", "blind": ""})) == []


@pytest.mark.parametrize("quote", ["`", '"', "'"])
def test_a_directive_that_is_quoted_is_no_directive(quote: str):
    assert rules(run({"a": f"say {quote}# fr-check: ignore[odd-lin]{quote}"})) == []


def test_in_python_only_a_comment_is_a_directive():
    directive = "# fr-check: ignore[odd-lin] x"
    assert rules(run({"a.py": f'TEXT = """\n{directive}\n"""\n'})) == []
    assert rules(run({"a.py": f"x = 1  {directive}\n"})) == ["unknown-suppression"]
    assert rules(run({"a.py": f"not python (\n{directive}\n"})) == ["unknown-suppression"]


def test_in_markdown_a_heading_is_no_directive():
    assert rules(run({"a.md": "# fr-check: ignore[odd-line]\nodd"})) == ["odd-line"]
    assert rules(run({"a.md": "<!-- fr-check: ignore[odd-line] why -->\nodd"})) == []


def allow(subject: str = "*", path: str = "**") -> Config:
    return Config(allow=(Allowance("bad-line", subject, path, "agreed", Location("policy", Span(1, 1, 1, 2))),))


def test_an_allowance_takes_out_what_it_matches():
    report = run({"d/a": "bad", "b": "bad"}, allow("d/*", "d/**"))
    assert [finding.subject for finding in report.findings] == ["b:bad"]
    assert [finding.subject for finding in report.suppressed] == ["d/a:bad"]


def test_an_allowance_that_matches_nothing_is_reported_where_it_stands():
    report = run({"a": "fine"}, allow())
    assert [(f.rule, f.location.path) for f in report.findings] == [("unused-allowance", "policy")]
    assert rules(run({"a": "fine", "blind": ""}, allow())) == []


def test_an_allowance_that_a_rule_speaks_of_is_told_once():
    entry = Location("a", Span(1, 1, 1, 2))
    config = Config(allow=(Allowance("bad-line", "*", "nowhere/**", "agreed", entry),))
    assert rules(run({"a": "odd"}, config)) == ["odd-line"]


def test_the_command_line_wins_over_the_policy():
    files = {"a": "bad odd"}
    assert rules(run(files, Config(select=("odd-line",)))) == ["odd-line"]
    assert rules(run(files, Config(ignore=("odd-line",)))) == ["bad-line"]
    chosen = engine.Selection(select=("odd-line",))
    assert rules(run(files, Config(ignore=("odd-line",)), selection=chosen)) == ["odd-line"]
    assert rules(run(files, selection=engine.Selection(ignore=("bad-line",)))) == ["odd-line"]


def test_a_severity_can_be_configured_and_a_rule_turned_off():
    report = run({"a": "bad odd"}, Config(severity={"bad-line": None, "odd-line": Severity.ERROR}))
    assert [(f.rule, f.severity) for f in report.findings] == [("odd-line", Severity.ERROR)]


def test_a_baseline_accepts_as_many_findings_as_it_holds():
    files = {"a": "bad\nbad"}
    fingerprint = run(files).findings[0].fingerprint
    report = run(files, baseline={fingerprint: Accepted(1, "toy", "bad-line")})
    assert (len(report.findings), len(report.baselined)) == (1, 1)
    assert not report.cured


def test_what_a_baseline_no_longer_needs_is_counted():
    gone = {"0" * 16: Accepted(2, "toy", "bad-line"), "1" * 16: Accepted(1, "other", "other-rule")}
    assert run({"a": "bad"}, baseline=gone).cured == {"0" * 16: 2}
    # Where not everything could be judged, nobody knows what is cured.
    assert not run({"a": "bad", "blind": ""}, baseline=gone).cured


@pytest.mark.parametrize(("until", "found"), [("2026-05-01", []), ("2026-04-30", ["unused-allowance", "bad-line"])])
def test_an_allowance_holds_to_its_last_day(monkeypatch: pytest.MonkeyPatch, until: str, found: list[str]):
    monkeypatch.setattr(Context, "today", "2026-05-01")
    entry = Allowance("bad-line", "*", "**", "agreed", Location(".fr-check.toml", Span(1, 1, 1, 2)), until)
    assert rules(run({"a": "bad"}, Config(allow=(entry,)))) == found


@pytest.mark.parametrize(
    ("word", "chosen"),
    [
        ("bad-line", ["bad-line"]),
        ("toy", ["bad-line", "odd-line"]),
        ("*-line", ["bad-line", "odd-line"]),
        ("toy/o*", ["odd-line"]),
        ("other", []),
        ("bad", []),
    ],
)
def test_rules_are_selected_by_id_checker_or_glob(word: str, chosen: list[str]):
    assert rules(run({"a": "bad odd"}, selection=Selection((word,)))) == chosen
    left = [name for name in ("bad-line", "odd-line") if name not in chosen]
    assert rules(run({"a": "bad odd"}, Config(ignore=(word,)))) == left


def test_a_fingerprint_ignores_where_on_the_page_a_fault_stands():
    (before,), (after,) = run({"a": "bad"}).findings, run({"a": "\n\nbad"}).findings
    assert before.fingerprint == after.fingerprint
    assert len(before.fingerprint) == 16


@pytest.mark.parametrize(
    ("files", "fail_on", "allow_unknown", "status"),
    [
        ({"a": "fine"}, "ERROR", False, 0),
        ({"a": "odd"}, "ERROR", False, 0),
        ({"a": "odd"}, "WARNING", False, 1),
        ({"a": "bad"}, "ERROR", False, 1),
        ({"blind": "fine"}, "ERROR", False, 3),
        ({"blind": "fine"}, "ERROR", True, 0),
        ({"blind": "bad"}, "ERROR", True, 1),
        ({"blind": "bad"}, "ERROR", False, 1),
    ],
)
def test_the_exit_status(files: dict[str, str], fail_on: str, allow_unknown: bool, status: int):  # noqa: FBT001
    assert engine.exit_status(run(files), Severity[fail_on], allow_unknown=allow_unknown) == status


def test_of_more_findings_in_a_file_than_anyone_reads_the_first_are_reported_and_that_there_are_more():
    files = {"a.txt": "bad\n" * 1_500, "b.txt": "bad\n" * 2 + "odd\n" * 1_000}
    report = run(files)
    counts = {
        (rule, path): sum((one.rule, one.location.path) == (rule, path) for one in report.findings)
        for rule, path in (("bad-line", "a.txt"), ("bad-line", "b.txt"), ("odd-line", "b.txt"))
    }
    assert list(counts.values()) == [1_000, 2, 1_000]
    first = [one.location.span.line for one in report.findings if one.location.path == "a.txt"]
    assert first == list(range(1, 1_001))
    assert [(one.reason, one.subject, one.message.split(";")[0]) for one in report.unknowns] == [
        ("too-many-findings", "a.txt", "a.txt has 1,500 findings of bad-line")
    ]


def test_where_reports_are_compared_all_are_reported():
    report = run({"a.txt": "bad\n" * 1_500}, most=None)
    assert len(report.findings) == 1_500
    assert not report.unknowns


def test_what_is_allowed_does_not_count_among_too_many_findings():
    allowed = Allowance("bad-line", "*", "a.txt", "known", Location("policy", Span(1, 1, 1, 2)))
    report = run({"a.txt": "bad\n" * 1_500}, Config(allow=(allowed,)))
    assert not report.findings
    assert not report.unknowns


def test_a_baseline_of_more_than_anyone_reads_accepts_them_all(tmp_path: Path):
    (tmp_path / "config.py").write_text(
        "from pydantic_settings import BaseSettings\n\n\nclass S(BaseSettings):\n"
        + "".join(f"    key_{number}: str\n" for number in range(1_500))
    )
    (tmp_path / ".env.example").write_text("OTHER=1\n")
    accepted = tmp_path / "accepted.json"
    words = ["env-keys", "--root", tmp_path, "--select", "undocumented-setting"]
    assert whole(*words, "--format", "json", "--output", accepted).status == 1
    assert len(json.loads(accepted.read_text())["findings"]) == 1_500
    assert whole(*words, "--baseline", accepted).status == 0
    more = (tmp_path / "config.py").read_text().replace("    key_0", "    new: str\n    key_0")
    (tmp_path / "config.py").write_text(more)
    report = whole(*words, "--baseline", accepted, "--format", "json").json()
    assert [one["subject"] for one in report["findings"]] == ["NEW"]
    assert (report["baselined"], report["unknowns"]) == (1_500, [])
