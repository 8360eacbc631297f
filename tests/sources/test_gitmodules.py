"""The git configuration grammar, against git itself."""

from __future__ import annotations

import subprocess

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fr_check.core.text import Text
from fr_check.sources.gitmodules import parse

ENTRY = '[submodule "infra"]\n\tpath = infra\n\turl = ../infra.git\n'


def by_git(data: bytes) -> list[tuple[str, str | None]] | None:
    """What git makes of a file; None where it refuses it."""
    command = ["git", "config", "--file", "-", "-z", "--list"]
    done = subprocess.run(command, input=data, capture_output=True, check=False)
    if done.returncode:
        return None
    records = done.stdout.decode("utf-8", "surrogateescape").split("\0")[:-1]
    return [(key, value if found else None) for key, found, value in (record.partition("\n") for record in records)]


def by_us(string: str) -> list[tuple[str, str | None]] | None:
    config = parse(Text(string))
    if config.problems:
        return None
    return [
        (".".join(part for part in (item.section or None, item.subsection, item.key) if part is not None), item.value)
        for item in config.variables
    ]


@pytest.mark.parametrize(
    "string",
    [
        "",
        "\n\n# comment\n; comment\n",
        ENTRY,
        '[a]\nb = "x y" z # c\n',
        "[a]\nb = x   y   \n",
        '[a]\nb = " x "\n',
        "[a]\nb = x\\\n  y\n",
        '[a]\nb = "x\\\ny"\n',
        '[a]\nb = \\"x\\" \\\\ \\n \\t \\b|\n',
        "[a]\nb\nc = \nd=1",
        "[a] b = c\n",
        "[a]\n[b]c=1[d]\n",
        '[a "s\\"u\\\\b.x"]\nkey-1 = v\n',
        "[A.Sub]\nKEY = Value\n",
        '[a ""]\nb=1\n',
        "[a]\r\nb = c\r\nd = e\r\n",
        '[a]\nb = "c;d#e" ; f\n',
        "[a]\nb = c;d\n",
        "[a-b.c]\nd = 1\n",
        '[submodule "sub dir/ü"]\n\tpath = "sub dir/ü"\n\turl = x\n',
        "[a\nb = c\n",
        '[a]\nb = "c\n',
        "[a]\nb = \\x\n",
        "[a]\n1b = c\n",
        "b = c\n",
        "[a]\nb c = d\n",
        '[a"b"]\nc=1\n',
        '[a "b]\nc=1\n',
        "[a]\nb_c = 1\n",
        "[]\nb=1\n",
        "<<<<<<< HEAD\n[a]\nb=1\n",
        "[a]\nb = c # d \\\ne = f\n",
        "[a]\nb = x\\",
        "[a] # comment\nb = 1\n",
        "[a]\nb = 1 ]\n",
        '[a "b"] c\n',
        "[a]\n\u00a0b = c\n",
        "[a]\nb\u00a0= c\n",
        "\u00a0[a]\nb = c\n",
        "[a]\nb = c\n\u00a0\n",
        "[a]\nb = c\u00a0\n",
        "[a]\nb = \u2003c \x0b d\n",
    ],
)
def test_git_reads_the_same(string):
    assert by_us(string) == by_git(string.encode())


PIECES = st.sampled_from(
    [
        "[a]",
        '[a "b"]',
        "[A.b]",
        "\n",
        " ",
        "=",
        "key",
        "k-1",
        '"',
        "\\",
        "\\n",
        '\\"',
        "#",
        ";",
        "x",
        "é",
        "[",
        "]",
        "\r\n",
        ".",
        "1",
        "\u00a0",
        "\u2003",
        "\x0b",
        "\x85",
    ]
)


@given(st.lists(PIECES, max_size=14).map("".join))
def test_git_reads_the_same_of_anything_like_it(string):
    assert by_us(string) == by_git(string.encode())


@given(st.text(max_size=200))
def test_any_text_is_read(string):
    config = parse(Text(string))
    lines = string.count("\n") + string.count("\r") + 1
    assert all(1 <= item.span.line <= lines for item in (*config.variables, *config.problems))


@pytest.mark.parametrize("piece", ["[", '"', "\\", "[a", "a=", "\\\n", " ", '[a "', '[a]\nb="', "[a]\nb=\\\n"])
def test_large_text_is_read_in_linear_time(piece):
    for text in (Text(piece * 100_000), Text("[a]\nb=" + piece * 100_000)):
        found = parse(text)
        assert all(item.span.line <= text.line_count + 1 for item in (*found.variables, *found.problems))


def test_a_submodule_has_its_values_and_places():
    text = Text('# infra\n[submodule "my name"]\n\tpath = old\n\turl = x\n\n[submodule "my name"]\n\tpath = new\n')
    (entry,) = parse(text).submodules
    assert (entry.name, entry.path, entry.url, entry.branch) == ("my name", "new", "x", None)
    assert entry.span == (2, 1, 2, 22)
    assert entry.spans == {"path": (7, 2, 7, 12), "url": (4, 2, 4, 9)}


def test_a_bad_line_does_not_hide_the_rest():
    config = parse(Text("1oops\n" + ENTRY + "= 1\n" + ENTRY.replace("infra", "other")))
    assert [entry.path for entry in config.submodules] == ["infra", "other"]
    assert [problem.span.line for problem in config.problems] == [1, 5]


def test_values_are_found_by_name():
    config = parse(Text('[remote "origin"]\nurl = a\nurl = b\n'))
    assert config.get("remote", "origin", "url") == "b"
    assert config.get("remote", "other", "url") is None
