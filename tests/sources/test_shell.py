"""The shell reader: its tables, bash's own opinion, and any text at all."""

from __future__ import annotations

import random
import subprocess

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fr_check.sources import shell
from fr_check.sources import shells as flags
from fr_check.sources.shell import failures, grammar
from fr_check.sources.shell.words import PIECES


def _words(script: str) -> list[list[str | None]]:
    return [[word.literal for word in command.words] for command in shell.parse(script).commands]


@pytest.mark.parametrize(
    ("script", "expected"),
    [
        pytest.param("npm run build", [["npm", "run", "build"]], id="plain"),
        pytest.param("a  'b c' \"d e\" f\\ g", [["a", "b c", "d e", "f g"]], id="quotes"),
        pytest.param("a\\\n b \\\r\n c", [["a", "b", "c"]], id="continuation"),
        pytest.param("npm ru\\\nn build", [["npm", "run", "build"]], id="continuation-in-word"),
        pytest.param("a # b; c\nd#e", [["a"], ["d#e"]], id="comment"),
        pytest.param("a && b || c; d | e & f", [[c] for c in "abcdef"], id="operators"),
        pytest.param("a $X", [["a", None]], id="expansion-is-unknown"),
        pytest.param("a '$X' \\$X", [["a", "$X", "$X"]], id="no-expansion-in-single-quotes"),
        pytest.param('a "\\q \\$ \\""', [["a", '\\q $ "']], id="escapes-in-double-quotes"),
        pytest.param("a $'x\\ny'", [["a", "x\ny"]], id="ansi-c"),
        pytest.param("a ''", [["a", ""]], id="empty-word"),
        pytest.param("a >f 2>&1 b", [["a", "b"]], id="redirections"),
        pytest.param("a &>f; b >(c)", [["a"], ["b", None], ["c"]], id="both-streams-and-process-substitution"),
        pytest.param("cat <<E\na && b\nE\nc", [["cat"], ["c"]], id="heredoc-body-is-no-command"),
        pytest.param("cat <<E; b\nx\nE\nc", [["cat"], ["b"], ["c"]], id="heredoc-then-rest-of-line"),
        pytest.param("a < <(b) > >(c)", [["a"], ["b"], ["c"]], id="redirected-process-substitution"),
        pytest.param("cat <<<'E F'\nb", [["cat"], ["b"]], id="here-string"),
        pytest.param("if a; then b; elif c; then d; else e; fi", [[c] for c in "abcde"], id="if"),
        pytest.param("for x in 1 2; do a; done; while b; do c; done", [["a"], ["b"], ["c"]], id="loops"),
        pytest.param("case x in (a|b) c;; *) d; esac; e", [["c"], ["d"], ["e"]], id="case"),
        pytest.param("f() { a; }; function g { b; }", [["a"], ["b"]], id="functions"),
        pytest.param("function g() { a; }; h() (b)", [["a"], ["b"]], id="functions-in-both-spellings"),
        pytest.param("for ((i=0; i<3; i++)); do a; done; for x; do b; done", [["a"], ["b"]], id="loops-without-words"),
        pytest.param("for x in 1; { a; }; until b; do c; done", [["a"], ["b"], ["c"]], id="rare-loops"),
        pytest.param("{ a; } >f 2>&1 <<E\nx\nE\nb", [["a"], ["b"]], id="redirected-group"),
        pytest.param('a $"x" ${#Y} $', [["a", "x", None, "$"]], id="translated-and-lone-dollar"),
        pytest.param("(a; b) && { c; }", [["a"], ["b"], ["c"]], id="groups"),
        pytest.param("[[ a && ( b < c ) ]] && d", [["[[", "a", "&&", "(", "b", "<", "c", ")", "]]"], ["d"]], id="test"),
        pytest.param("echo if then fi", [["echo", "if", "then", "fi"]], id="reserved-words-as-arguments"),
        pytest.param("time -p a; ! b", [["a"], ["b"]], id="time-and-not"),
        pytest.param("a `b c`", [["a", None], ["b", "c"]], id="backticks"),
        pytest.param('a "$(b "$(c)")"', [["a", None], ["b", None], ["c"]], id="nested-substitution"),
        pytest.param("a ${{ github.x == 'b c' }} '${{ y }}'", [["a", None, None]], id="github-expressions"),
        pytest.param("a $((1 << 2)) b", [["a", None, "b"]], id="arithmetic-is-no-heredoc"),
        pytest.param("(( i++ )) ; a", [[None], ["a"]], id="arithmetic-command"),
        pytest.param("#!/bin/sh\r\na\r\n", [["a"]], id="crlf"),
    ],
)
def test_commands(script, expected):
    read = shell.parse(script)
    assert _words(script) == expected
    assert read.problems == ()


@pytest.mark.parametrize(
    ("script", "expected"),
    [
        ("echo $A ${B} \"$C\" '$D' \\$E", ["A", "B", "C"]),
        ("echo ${A:-${B:-$C}} ${#D} ${!E} ${F[@]} ${G//a/$H}", ["A", "B", "C", "D", "E", "F", "G", "H"]),
        ("cat <<X\n$A ${B:-c}\nX\ncat <<'X'\n$C\nX", ["A", "B"]),
        ("echo $((A + $B + 0x1f)) $1 $@ $? $$", ["A", "B"]),
        ('[ -n "$A" ] && [[ -z ${B-} ]] && (( C > 1 ))', ["A", "B", "C"]),
        ("for x in $A; do echo $x; done; case $B in $C) ;; esac", ["A", "x", "B", "C"]),
        ('echo `echo $A` $(echo "$(echo $B)") <(echo $C)', ["A", "B", "C"]),
        ('X=$A export Y=$B; arr=("$C" d)', ["A", "B", "C"]),
        ("echo ${{ env.A }} $B", ["B"]),
    ],
)
def test_variables(script, expected):
    assert sorted(shell.variables(script)) == sorted(expected)


@pytest.mark.parametrize(
    ("script", "expected"),
    [
        ("X=1; echo $X $Y", ["Y"]),
        ("X=${X:-d}; echo $X", ["X"]),
        ("export X; echo $X", ["X"]),
        ("export X=1; echo $X", []),
        ("read -r X; echo $X", []),
        ("for X in a; do echo $X; done", []),
        ("echo $X; X=1", ["X"]),
        ("X=1 cmd; echo $X", ["X"]),
        ("f() { echo $X $Y; }; X=1; f", ["Y"]),
        ("f() { echo $X; }; echo $X; X=1", ["X"]),
    ],
)
def test_free_variables(script, expected):
    assert [read.name for read in shell.free_variables(script)] == expected


def test_places_of_an_expansion():
    script = 'echo "${NAME:-$OTHER}"'
    outer = shell.parse(script).commands[0].words[1].expansions[0]
    assert (outer.name, outer.operator, script[outer.start : outer.end]) == ("NAME", ":-", "${NAME:-$OTHER}")
    assert script[outer.name_start :].startswith("NAME")
    inner = outer.operand[0]
    assert not isinstance(inner, str)
    assert script[inner.start : inner.end] == "$OTHER"


def test_here_documents_in_order():
    (command,) = shell.parse("cat <<A <<-'B'\n$X\nA\n\t$Y\n\tB\n").commands
    first, second = (redirection.heredoc for redirection in command.redirections)
    assert first is not None
    assert second is not None
    assert (first.body, first.quoted, [x.name for x in first.expansions]) == ("$X\n", False, ["X"])
    assert (second.body, second.quoted, second.strip_tabs) == ("\t$Y\n", True, True)


def test_blocks_and_operators():
    read = shell.parse("if a && b; then (c | d) || true; fi")
    a, b, c, d, true = read.commands
    assert [x.after for x in (a, b, c, d, true)] == ["&&", ";", "|", "", ";"]
    assert read.kinds(a) == ("condition", "if")
    assert read.kinds(c) == ("subshell", "branch", "if")
    assert next(block for block in read.blocks if block.kind == "subshell").after == "||"


@pytest.mark.parametrize(
    ("script", "expected"),
    [
        ("X=1; cmd --flag=$X", "--flag=1"),
        ("X=1 && Y=${X}2 && cmd --flag=$Y", "--flag=12"),
        ("X=1; if a; then X=2; fi; cmd --flag=$X", None),
        ("X=1; (X=2); cmd --flag=$X", "--flag=1"),
        ("X=1; { X=2; }; cmd --flag=$X", "--flag=2"),
        ("if a; then X=2; cmd --flag=$X; fi", "--flag=2"),
        ("[ a ] && X=2; cmd --flag=$X", None),
        ("X=a; X+=b; cmd --flag=$X", "--flag=ab"),
        ("export X=1; cmd --flag=${X:-2}", "--flag=1"),
        ("X=; cmd --flag=${X:-2}", "--flag=2"),
        ("cmd --flag=${X:-2}", None),
        ("X=$(a); cmd --flag=$X", None),
        ("X=1; read X; cmd --flag=$X", None),
    ],
)
def test_constants(script, expected):
    found = [
        resolve(command.words[1])
        for command, resolve in shell.Scopes(shell.parse(script)).section()
        if command.name == "cmd"
    ]
    assert found == [expected]


@pytest.mark.parametrize(
    ("script", "part"),
    [
        ("echo 'a", "single quote"),
        ('echo "a', "double quote"),
        ("echo $(a", "parenthesis"),
        ("echo ${X", "never closed"),
        ("echo ${}", "without the name"),
        ("if a; then b", "`fi` is missing"),
        ("while a; do b", "`done` is missing"),
        ("case x in a) b", "`esac` is missing"),
        ("fi", "closes nothing"),
        ("a )", "closes nothing"),
        ("a && && b", "where a command is expected"),
        ("cat <<E\nx", "here-document"),
        ("a >", "without a target"),
        ("echo `a", "backtick"),
        ("[[ a", "`[[` is never closed"),
        ("X=(a b", "an array is never closed"),
        ("echo (a)", "in the middle of a command"),
        ("a ;; b", "outside of `case`"),
        ("{ a ;; b; }", "`{` is never closed"),
        ("(a; fi)", "closes nothing"),
        ("(a", "a parenthesis is never closed"),
        ("f()", "has no body"),
        ("case x a) b;; esac", "`in` is missing"),
        ("case x in", "`esac` is missing"),
        ("for x in a; b", "`do` is missing"),
        ("if a;; then b; fi", "outside of `case`"),
        ("$(" * 100 + ")" * 100, "nested more than"),
        ("$(($(" * 100 + "))))" * 100, "nested more than"),
        ("(($((" * 300 + "))))" * 300, "nested more than"),
    ],
)
def test_problems(script, part):
    assert any(part in problem.message for problem in shell.parse(script).problems)


def test_caller_coordinates():
    script = "ab $X"
    (read,) = shell.parse(script, places=[10, 11, 12, 20, 21]).reads
    assert (read.start, read.end, read.name_start) == (20, 22, 21)
    assert shell.parse(script, origin=100).reads[0].start == 103


_TOKENS = ["a", "b c", "if", "then", "else", "fi", "for x in y", "do", "done", "while", "case x in", "z)", "esac", ";;"]
_TOKENS += ["&&", "||", "|", ";", "&", "(", ")", "{", "}", "!", "[[ a ]]", "$X", "${Y:-z}", "'q'", '"r $S"', "$(c)"]
_TOKENS += ["`d`", "X=1", ">f", "<<<w", "\n", "# c\n", "((1))", "f()", "<<E\n$B\nE\n", "arr=(1 2)", "\\\n", "${{ e }}"]


@pytest.mark.parametrize("batch", range(4))
def test_bash_agrees_about_syntax(batch):
    """Whatever bash's own parser accepts is read without a problem."""
    dice = random.Random(batch)  # noqa: S311 - test data
    scripts = [" ".join(dice.choices(_TOKENS[:-1], k=dice.randint(1, 9))) for _ in range(400)]
    separator = "\0"
    loop = 'while IFS= read -r -d "" s; do if bash -n <<<"$s" 2>/dev/null; then echo y; else echo n; fi; done'
    run = subprocess.run(
        ["bash", "-c", loop], input="".join(s + separator for s in scripts), capture_output=True, text=True, check=True
    )
    accepted = [script for script, verdict in zip(scripts, run.stdout.split(), strict=True) if verdict == "y"]
    assert len(accepted) > 10
    assert [(script, shell.parse(script).problems) for script in accepted if shell.parse(script).problems] == []


def test_bash_agrees_about_quotes():
    """Words without expansions have the value that bash gives them."""
    dice = random.Random(7)  # noqa: S311 - test data
    pieces = ["a", "b", "'", '"', "\\", " ", "#", "''", '""', "\\'", '\\"', "\\\\", "\\\n", "$'", "=", "-"]
    texts = ["".join(dice.choice(pieces) for _ in range(dice.randint(1, 10))) for _ in range(1500)]
    reads = {text: shell.parse("show " + text) for text in texts}
    texts = [t for t, read in reads.items() if len(read.commands) == 1 and not read.problems and t[-1] != "\\"]
    loop = """show() { for word; do printf '%s\\1' "$word"; done; printf '\\2'; }
        while IFS= read -r -d "" text; do eval "show $text"; done"""
    feed = "".join(text + "\0" for text in texts)
    run = subprocess.run(["bash", "-c", loop], input=feed, capture_output=True, text=True, check=True)
    shown = [line.split("\1")[:-1] for line in run.stdout.split("\2")[:-1]]
    ours = [[word.literal for word in reads[text].commands[0].words[1:]] for text in texts]
    assert len(texts) > 300
    assert [case for case in zip(texts, ours, shown, strict=True) if case[1] != case[2]] == []


@given(
    st.lists(
        st.sampled_from(("", "npm", "run", "a=b", "--x=y", "if", "done", "time", "./s.sh", "1", "a,b")), max_size=5
    )
)
def test_a_line_of_plain_words_reads_as_by_the_grammar(words):
    script = " ".join(words)
    places = [7 * index for index in range(len(script))]
    assert shell.parse(script, origin=3) == grammar.read(script, None, 3)
    assert shell.parse(script, places=places) == grammar.read(script, places, 0)


@given(st.one_of(st.text(max_size=80), st.lists(st.sampled_from(_TOKENS), max_size=14).map(" ".join)))
def test_any_text_is_read(script):
    read = shell.parse(script)
    for command in read.commands:
        assert 0 <= command.start <= command.end <= len(script)
        for word in command.words:
            assert script[word.start : word.end] == word.raw
        shell.peel(command)
        failures.lost(read, command, flags.of_step(None))
    assert len(list(shell.Scopes(read).section())) == len(read.commands)


@pytest.mark.parametrize(
    "script",
    [
        *(
            part * 100_000
            for part in ("$(", "${a:-", '"$(', "if ", "((", "`", "a[", "${a[", "\\a", "${{ '", "case a in ")
        ),
        *(part * 50_000 for part in ("'${{ a }}", "<<E ", "f() ", "{ ", "$(( ")),
    ],
    ids=lambda script: script[:9],
)
def test_hostile_scripts_end(script):
    assert shell.parse(script).commands or shell.parse(script).problems


@pytest.mark.parametrize("unit", ["f a\n", "a | ", "`", "$(", "<<E ", "a=b ", "x=$(a)\n", "{ ", "if a; then b; fi\n"])
def test_a_script_that_was_made_to_be_slow_is_not_read_whole(unit: str) -> None:
    read = shell.parse(unit * (2 * PIECES))
    assert not read.is_whole
    assert len(read.commands) + len(read.blocks) <= 2 * PIECES
    assert any("the rest is not read" in problem.message for problem in read.problems)
    assert shell.parse(unit * 10).is_whole or unit in {"$(", "{ "}
