"""What is said of lines that other programs read differently, compared with `sh` itself."""

from __future__ import annotations

import io
import subprocess
from typing import TYPE_CHECKING

import pytest
from dotenv import dotenv_values
from hypothesis import given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from env_world import EXAMPLE, everything, load, settings, world

if TYPE_CHECKING:
    from pathlib import Path

CONFIG = settings("a: str = 'd'")


def said(example: str) -> list[tuple[str, str]]:
    """(subject, what happens) of every line."""
    found = [f for f in everything(load(world(CONFIG, example))) if f.rule == "unportable-line"]
    return [(f.subject, f.message.partition("elsewhere: ")[2] or f.message) for f in found]


@pytest.mark.parametrize(
    ("line", "words"),
    [
        ("A = 1", "blanks around the `=`"),
        ("A= 1", "blanks around the `=`"),
        ("A", "compose passes the variable through"),
        ("export A", "compose passes the variable through"),
        ("A=x#c", "Node's dotenv cuts the value"),
        ("A=#c", "Node's dotenv cuts the value"),
        ("A= #c", "compose takes the comment"),
        ("A=  # your key", "compose takes the comment"),
        ('A="x"#c', "comment right behind the quote"),
        ("A=http://h/#frag", "Node's dotenv cuts the value"),
        ('A="a\\nb"', "turn the escape into a character"),
        ('A="a\\"b"', "Node's dotenv keeps the backslash"),
        ("A='a\\'b'", "loses the rest of the file"),
        ("A=`x`", "runs a command"),
        ("A=it's", "misses the closing quote"),
        ("A=$B", "expand the variable"),
        ("A=${B}", "Node's dotenv does not expand"),
        ("A='${B}'", "in single quotes"),
        ('A="$B"', "expand the variable"),
        ("A=pa$$word", "process number"),
        ('A="pa$$word"', "process number"),
        ("A=a$!b", "expand the variable"),
        ("A=$(echo hi)", "runs a command"),
        ("A-B=1", "no identifier"),
        ("A.B=1", "no identifier"),
        ("1A=1", "no identifier"),
        ("'A'=1", "in quotes"),
        ("\u00c9=1", "no identifier"),
        ("A=1;B=2", "operators"),
        ("A=1 B=2", "second word"),
        ("A=a b c", "second word"),
        ('A={"k": "v"}', "second word"),
        ('A={"k":"v"}', "removes the quotes"),
        ("A=<KEY>", "operators"),
        ("A=a&b", "operators"),
        ("A=x\\", "joins the line"),
        ("A=a\\tb", "takes the backslash"),
        ("A=\\$x", "takes the backslash"),
        ("A+=1", "no identifier"),
        ("A=~/x", "home directory"),
        ("A='a\\\\b'", "two backslashes"),
        ('A="a\\$b"', "differ in what the backslash"),
    ],
    ids=ascii,
)
def test_each_difference_is_said(line: str, words: str) -> None:
    ((_, message),) = said(f"{line}\n")
    assert words in message


@pytest.mark.parametrize(
    "line",
    [
        "A=1",
        "export A=1",
        "A=",
        "A=''",
        'A="two words"',
        "A='a$b`c'",
        "A=x # c",
        "A='x' # it's",
        "A=x=y",
        "A=a*b?[c]",
        "A=1\x0cB=2",
        "A=1\x0bB=2",
        "A=1\u2028B=2",
        'A="it\'s"',
        "A='say \"hi\"'",
        "A='l1\nB=fake\n'",
        "A=user@host:80/%d,x^y!",
    ],
    ids=ascii,
)
def test_what_every_program_reads_alike_is_passed_over(line: str) -> None:
    assert said(f"{line}\n") == []


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("\ufeffA=1\n", "byte order mark"),
        ("A=1\r\nTZ=UTC\r\n", "a part of every value"),
        ("A=1\rTZ=UTC\r", "as one line"),
    ],
)
def test_encodings_are_said_once_for_the_file(text: str, words: str) -> None:
    ((subject, message),) = said(text)
    assert subject == EXAMPLE
    assert words in message


PIECES = [*"aB1 \t#'\"\\$`~:=!*{}%@&;<()|?[^-/", " #", "${B}", "$(", "\\n", "\\'", '\\"', "\\\\", "\\$"]
VALUES = st.tuples(st.sampled_from(["", "'", '"']), st.lists(st.sampled_from(PIECES), max_size=6).map("".join))


@given(st.lists(VALUES, min_size=1, max_size=12))
@hypothesis_settings(max_examples=60)
def test_sh_sets_what_python_dotenv_reads_where_nothing_is_said(
    tmp_path_factory: pytest.TempPathFactory, values: list[tuple[str, str]]
) -> None:
    lines = [f"K{number}={quote}{body}{quote}\n" for number, (quote, body) in enumerate(values)]
    quiet = [line for line in lines if is_quiet(line)]
    folder: Path = tmp_path_factory.getbasetemp()
    (folder / "quiet.env").write_bytes("".join(quiet).encode())
    script = "set -a; . ./quiet.env; exec /usr/bin/env -0"
    done = subprocess.run(["/bin/sh", "-c", script], cwd=folder, env={}, capture_output=True, check=True, timeout=60)
    pairs = (entry.partition("=") for entry in done.stdout.decode().split("\0"))
    seen = {name: value for name, _, value in pairs if name.startswith("K")}
    expected = dotenv_values(stream=io.StringIO("".join(quiet)), interpolate=False)
    assert seen == expected


def is_quiet(line: str) -> bool:
    """Whether nothing is said of a line that `sh` reads differently; Node and compose are not asked here."""
    facts = load(world(CONFIG, line))
    rules = {f.rule for f in everything(facts)}
    return not rules & {"unportable-line", "unparsable-example"} and not facts.apps[0].examples[0].content.problems
