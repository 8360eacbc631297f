"""Which environment variables scripts and task files read."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fr_check.core.text import Text
from fr_check.sources.usages import kind, parse


@pytest.mark.parametrize(
    ("path", "string", "expected"),
    [
        ("a.sh", "X=1\necho $X $A \"${B:-d}\" '$C' # $D\n", ["A", "B?"]),
        ("bin/run", "#!/usr/bin/env bash\necho $A\n", ["A"]),
        ("bin/run", "#!/usr/bin/env python\nx = '$A'\n", []),
        (".envrc", "export A=$B\n", ["B"]),
        ("a.sh", "cat <<EOF\n$A\nEOF\ncat <<'EOF'\n$B\nEOF\n", ["A"]),
        (
            "Makefile",
            "X := 1\nA ?= d\nall:\n\t$(X) $(B) ${C} $$D $${E:-x} $(shell f) $(B:.c=.o)\n# $(F)\n",
            ["A?", "B", "C", "D", "E", "B"],
        ),
        ("Makefile", "export A B\nrun:\n\tx=1; echo $$x $$y\n", ["A", "B", "y"]),
        ("Makefile", "ifdef CI\nX = 1\nendif\n", ["CI?"]),
        ("build/x.mk", "all:\n\t$(MAKE) $(CURDIR) $@ $< $(1)\n", []),
        ("justfile", "x := env('A')\ny := env_var_or_default(\"B\", 'd')\nrun:\n  echo $C $x\n", ["A", "B?", "C"]),
        ("package.json", '{"scripts": {"a": "cmd --x $A ${B:-1} %C%", "b": "y"}}', ["A", "B?", "C"]),
        ("apps/web/moon.yml", "tasks:\n  a:\n    command: 'x $A'\n    # $B\n    env:\n      C: '${D}'\n", ["A", "D"]),
        ("Taskfile.yml", "tasks:\n  a:\n    cmds:\n      - x {{.A}} $B\n", ["B", "A"]),
        ("Procfile", "web: x --port $PORT\n", ["PORT"]),
        ("README.md", "$A", []),
    ],
)
def test_usages(path, string, expected):
    found = parse(Text(string, path))
    assert [usage.name + "?" * usage.optional for usage in found] == expected


def test_place():
    (usage,) = parse(Text("a\necho ${LONG:-x}\n", "a.sh"))
    assert usage.span == (2, 8, 2, 12)


@given(
    st.text(alphabet="$A{}()%:=-x\n\t#'\"\\ ", max_size=60),
    st.sampled_from(["a.sh", "Makefile", "justfile", "package.json", "moon.yml"]),
)
def test_any_text_is_read(string, path):
    text = Text(string, path)
    assert kind(text)
    for usage in parse(text):
        assert text.line(usage.span.line)[usage.span.column - 1 : usage.span.end_column - 1] == usage.name


@pytest.mark.parametrize("path", ["a.sh", "Makefile", "justfile", "package.json", "moon.yml"])
@pytest.mark.parametrize(
    "part",
    [
        "$",
        "${",
        "$(",
        "$$",
        "A=",
        "export A ",
        '"',
        "%",
        "{{.",
        "A A A A ",
        "a",
        '\\"',
        '"a":"',
        "export aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa%\n",
    ],
)
def test_hostile_files_end(path, part):
    assert len(parse(Text("$" + part * 50_000, path))) <= 50_000
