"""Plain command lines: read without click, and as click reads them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click
import pytest
from hypothesis import given
from hypothesis import strategies as st

from fr_check.app import arguments
from fr_check.app.cli import cli
from fr_check.app.options import ASKING, COMMANDS, FLAG, OTHERS, OUTPUTS, RULES
from fr_check.core.rule_ids import RULE_IDS
from fr_check.core.trouble import Trouble

if TYPE_CHECKING:
    from pathlib import Path

Read = tuple[tuple[str, ...], dict[str, Any]] | None


def by_click(words: list[str]) -> Read:
    """What click makes of a command line; None where it refuses it."""
    try:
        name, _, rest = cli.resolve_command(click.Context(cli), words)
        command = cli.commands[str(name)]
        return (COMMANDS | ASKING)[str(name)].checkers, command.make_context(name, rest).params
    except (click.ClickException, click.exceptions.Exit, KeyError):
        return None


RULE_LISTS = st.lists(st.sampled_from([*sorted(RULE_IDS)[:3], " ", "", "no-such-rule"]), max_size=3).map(",".join)
SPELLINGS = sorted(
    {spelling for command in COMMANDS.values() for option in command.options for spelling in option.spellings}
)
CHOICES = sorted({choice for command in COMMANDS.values() for option in command.options for choice in option.choices})
VALUES = st.one_of(
    st.sampled_from(CHOICES), st.sampled_from(["", "-", "--", "HEAD~1", "a b", "x=y", "é"]), st.text(max_size=4)
)
WORDS = st.one_of(
    st.sampled_from(SPELLINGS),
    VALUES,
    RULE_LISTS,
    st.tuples(st.sampled_from(["--select", "--ignore"]), RULE_LISTS).map("=".join),
    st.tuples(st.sampled_from(SPELLINGS), VALUES).map("=".join),
    st.sampled_from(["--output-file=json=x", "--output-file=x", "--output-file=json="]),
    st.sampled_from(["--select=env-keys", "--select=*-key", "--ignore=cov*"]),
    st.sampled_from(["--help", "-h", "-qv", "--bas", "--no-such", "-x"]),
)


@given(st.sampled_from([*COMMANDS, *ASKING, "rules", "explain", "nonsense"]), st.lists(WORDS, max_size=5))
def test_what_is_read_is_what_click_reads(name: str, words: list[str]) -> None:
    found = arguments.read([name, *words])
    assert found is None or found == by_click([name, *words])


def test_every_command_is_named() -> None:
    assert {*COMMANDS, *OTHERS} >= set(cli.commands)


@pytest.mark.parametrize(
    ("words", "whole"),
    [
        ([], ["all"]), (["-v"], ["all", "-v"]), (["."], ["all", "."]),
        (["--format", "json"], ["all", "--format", "json"]), (["env-keys", "x"], ["env-keys", "x"]),
        (["--help"], ["--help"]), (["--version"], ["--version"]),
        (["rules"], ["rules"]),
    ],
)  # fmt: skip
def test_a_command_line_without_a_command_runs_every_checker(words: list[str], whole: list[str]) -> None:
    assert arguments.completed(words) == whole


def test_a_word_near_a_command_is_no_folder(tmp_path: Path) -> None:
    with pytest.raises(Trouble, match=r"`env-key` is no command and no folder; did you mean `env-keys`\?"):
        arguments.completed(["env-key"])
    (tmp_path / "file").write_text("x")
    with pytest.raises(Trouble, match="is a file"):
        arguments.completed([str(tmp_path / "file")])
    assert arguments.read([str(tmp_path)]) == arguments.read(["all", str(tmp_path)])
    assert arguments.read(["all", "a", "b"]) is None


_VALUES = {OUTPUTS: "sarif=a=b.sarif"}


@pytest.mark.parametrize("name", COMMANDS)
def test_every_option_is_read(name: str) -> None:
    for option in COMMANDS[name].options:
        for spelling in option.spellings:
            value = option.choices[-1] if option.choices else _VALUES.get(option.kind, min(RULE_IDS))
            words = [name, spelling] if option.kind == FLAG else [name, spelling, value]
            found = arguments.read(words)
            assert found is not None
            expected = {FLAG: True, RULES: (value,), OUTPUTS: (("sarif", "a=b.sarif"),)}
            assert found[1][option.key] == expected.get(option.kind, value)
            if option.kind != FLAG:
                assert arguments.read([name, f"{spelling}={value}"]) == found


def test_a_rule_that_does_not_exist_is_for_click_to_refuse() -> None:
    assert arguments.read(["all", "--select", "rewound-pointer, dead-build-arg", "--select=no-such-rule"]) is None
    found = arguments.read(["all", "--select", "rewound-pointer, dead-build-arg", "--select=unwired-gate"])
    assert found is not None
    assert found[1]["select"] == ("rewound-pointer", "dead-build-arg", "unwired-gate")


@pytest.mark.parametrize(
    "words",
    [["--help"], ["env-keys", "--help"], ["env-keys", "a", "b"], ["env-keys", "--base"],
     ["env-keys", "--base", "--staged"],
     ["env-keys", "--staged=yes"], ["env-keys", "--format", "xml"], ["env-keys", "--root", ""], ["env-keys", "-qv"],
     ["env-keys", "--select", "glued-keys"], ["coverage", ""], ["coverage", "--", "x"], ["rules"], ["demo"],
     ["trace"], ["trace", "--staged"], ["matrix", ""]],
)  # fmt: skip
def test_what_is_unusual_or_wrong_is_left_to_click(words: list[str]) -> None:
    assert arguments.read(words) is None


def test_reports_may_stand_anywhere() -> None:
    found = arguments.read(["coverage", "a.lcov", "--staged", "b.xml"])
    assert found is not None
    assert found[1]["reports"] == ("a.lcov", "b.xml")


def test_names_may_stand_anywhere() -> None:
    assert arguments.read(["matrix"]) == ((), by_click(["matrix"])[1])
    found = arguments.read(["trace", "A", "--format", "json", "B"])
    assert found is not None
    assert found[0] == ()
    assert (found[1]["keys"], found[1]["format_"]) == (("A", "B"), "json")


def test_a_shell_that_asks_for_completions_is_left_to_click(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(arguments.COMPLETION, "bash_complete")
    assert arguments.read(["env-keys"]) is None
