"""The Dockerfile reader: its tables, BuildKit's own parser, and any text at all."""

from __future__ import annotations

import random

import dockerfile as buildkit
import pytest
from hypothesis import given
from hypothesis import strategies as st

from fr_check.core.text import Text
from fr_check.sources.dockerfile import UNSET, LexError, expand, lex, parse, references


def _keywords(string):
    return [instruction.keyword for instruction in parse(Text(string)).instructions]


def _arguments(string):
    read = parse(Text(string))
    return [d.name for i in read.instructions if i.keyword == "ARG" for d in i.definitions]


@pytest.mark.parametrize(
    ("string", "expected"),
    [
        pytest.param("ARG A=1\n", ["A"], id="one"),
        pytest.param("ARG A X=1 B\n", ["A", "X", "B"], id="several"),
        pytest.param("arg x\n  ARG Y\n", ["x", "Y"], id="keyword-in-any-case-name-as-written"),
        pytest.param("# escape=`\nRUN echo c:\\\nARG A\n", ["A"], id="escape-directive"),
        pytest.param("\n# escape=`\nRUN echo c:\\\nARG A\n", [], id="escape-after-a-blank-line-is-a-comment"),
        pytest.param("# note\n# escape=`\nRUN echo c:\\\nARG A\n", [], id="escape-after-a-comment-is-a-comment"),
        pytest.param("# syntax=x\n# escape=`\nRUN echo c:\\\nARG A\n", ["A"], id="escape-after-a-directive"),
        pytest.param("RUN echo a \\\n# note\nARG A\n", [], id="continuation-survives-a-comment"),
        pytest.param("RUN echo a \\\n\n  \nARG A\n", [], id="continuation-survives-blank-lines"),
        pytest.param("RUN echo \\\\\nARG A\n", ["A"], id="a-doubled-backslash-continues-nothing"),
        pytest.param("RUN echo a \\ \t\nARG A\n", [], id="blanks-after-the-backslash"),
        pytest.param("AR\\\nG A=1\n", ["A"], id="a-split-keyword"),
        pytest.param("# ARG A\nRUN x # ARG B\n", [], id="comments"),
        pytest.param("ARG A=#1 B\n", ["A", "B"], id="a-number-sign-in-a-value"),
        pytest.param("ARG A \\\n\n  B=2\n", ["A", "B"], id="a-name-on-a-continued-line"),
        pytest.param("ARG A=1\r\nARG B\r\n", ["A", "B"], id="crlf"),
        pytest.param("\ufeffARG A\n", ["A"], id="byte-order-mark"),
        pytest.param('ARG "A=a b"\n', ['"A'], id="a-quote-before-the-name"),
        pytest.param("ARG A=\"x y\" B='z w' C=p\\ q D\n", ["A", "B", "C", "D"], id="quotes-and-escapes"),
        pytest.param("ARG E=${A:-z w}\n", ["E", "w}"], id="an-unquoted-default-with-a-blank"),
        pytest.param("RUN <<EOF\nARG A\nEOF\nARG B\n", ["B"], id="heredoc-body"),
        pytest.param("RUN a <<-X b <<'Y Z'\nARG A\n\tX\nARG B\nY Z\nARG C\n", ["C"], id="two-heredocs"),
        pytest.param("ENV A=<<EOF\nARG B\nEOF\n", ["B"], id="no-heredoc-in-env"),
        pytest.param('RUN ["a", "<<EOF"]\nARG B\n', ["B"], id="no-heredoc-in-the-json-form"),
        pytest.param("RUN $((1<<2)) <<<x\nARG B\n", ["B"], id="no-heredoc-in-arithmetic"),
        pytest.param("RUN echo don't <<EOF\nARG B\n", ["B"], id="no-heredoc-where-the-line-does-not-lex"),
        pytest.param("ONBUILD RUN <<EOF\nARG A\nEOF\nARG B\n", ["B"], id="heredoc-of-a-trigger"),
        pytest.param("RUN a<<EOF\nARG B\n", ["B"], id="no-heredoc-within-a-word"),
    ],
)
def test_declared_names(string, expected):
    assert _arguments(string) == expected


def test_places():
    text = Text('FROM a AS b\nARG A \\\n  # c\n  LONG="x y"\nENV K $A\n', "Dockerfile")
    read = parse(text)
    _, argument, variable = read.instructions
    assert argument.span == (2, 1, 4, 13)
    assert [d.name_span for d in argument.definitions] == [(2, 5, 2, 6), (4, 3, 4, 7)]
    assert argument.definitions[1].value == '"x y"'
    assert argument.definitions[1].parts == ("x y",)
    assert variable.definitions[0].name_span == (5, 5, 5, 6)
    assert [r.name for r in references(variable.definitions[0].parts)] == ["A"]
    assert read.stages[0].base_span == (1, 6, 1, 7)
    assert read.stages[0].name_span == (1, 11, 1, 12)
    line = argument.line
    assert "".join(text.string[place] for place in line.places(0, len(line.text))) == line.text


def test_instructions_in_full():
    read = parse(
        Text('FROM --platform=$P a\nRUN --mount=type=secret,id=k,env=X --network=none npm run build\nCMD ["a", "b"]\n')
    )
    stage, run, cmd = read.instructions
    assert (read.stages[0].platform, read.stages[0].base) == ("$P", "a")
    assert [(flag.name, flag.value) for flag in run.flags] == [("mount", "type=secret,id=k,env=X"), ("network", "none")]
    assert run.mounts() == ({"type": "secret", "id": "k", "env": "X"},)
    assert run.arguments == "npm run build"
    assert run.flags[0].span == (2, 5, 2, 35)
    assert cmd.json == ("a", "b")
    assert stage.stage == 0


def test_names_of_env_lose_their_quotes():
    (_, env) = parse(Text("FROM a\nENV \"A\"=1 'B C'=2 $D=3\n")).instructions
    assert [definition.name for definition in env.definitions] == ["A", "B C", "$D"]


def test_a_heredoc_with_its_body():
    (run,) = parse(Text("RUN <<-'EOF' sh\n\ta\n\tEOF\n")).instructions
    (heredoc,) = run.heredocs
    assert (heredoc.name, heredoc.expand, heredoc.chomp, heredoc.body) == ("EOF", False, True, "\ta\n")
    assert run.span == (1, 1, 3, 5)


@pytest.mark.parametrize(
    ("string", "part"),
    [
        ("FROM a\nFOO b\n", "`FOO` is no instruction"),
        ("RUN a\nFROM b\n", "before the first FROM"),
        ("", "there is no FROM"),
        ("ARG A\n", "there is no FROM"),
        ("FROM a\nARG =x\n", "name is missing before `=`"),
        ("FROM a\nARG\n", "ARG without arguments"),
        ("FROM a\nENV A=1 B\n", "`B` in ENV has no `=`"),
        ("FROM a\nENV A\n", "`A` in ENV has no value"),
        ("FROM a\nARG A=${\n", "the value of `A` cannot be read"),
        ("FROM a b\n", "FROM takes an image"),
        ("FROM a AS 1x\n", "cannot be the name of a stage"),
        ("# escape=x\nFROM a\n", "escape character"),
        ("# syntax=a\n# syntax=b\nFROM a\n", "a second time"),
        ("FROM a\nRUN <<EOF\nx\n", "`EOF` is never closed"),
        ('FROM a\nRUN ["a", 1]\n', "something that is no string"),
        ("FROM a\nCOPY --from=$B a b\n", "`--from` expands no variables"),
        ("FROM ${\n", "`${` cannot be read"),
        ("FROM a\nENV ${=1\n", "cannot be read"),
        ("FROM a\nONBUILD ONBUILD RUN x\n", "ONBUILD cannot trigger ONBUILD"),
    ],
)
def test_problems(string, part):
    problems = parse(Text(string)).problems
    assert [problem.message for problem in problems if part in problem.message]


_VALUES = {"SET": "value", "EMPTY": "", "PATH": "/a/b/c.txt"}


@pytest.mark.parametrize(
    ("word", "expected"),
    [
        ("a$SET.b ${SET}c", "avalue.b valuec"),
        ("'$SET' \"$SET\" \\$SET", "$SET value $SET"),
        ("${NONE:-d}${EMPTY:-e}${EMPTY-f}${NONE-g}", "deg"),
        ("${SET:+a}${EMPTY:+b}${EMPTY+c}${NONE+d}", "ac"),
        ("${NONE:-${EMPTY:-$SET}}", "value"),
        ("${NONE:-'a b'\"c\"}", "a bc"),
        ("${SET#v}${SET%e}", "aluevalu"),
        ("${PATH##*/} ${PATH%/*} ${PATH%%/*}.", "c.txt /a/b ."),
        ("${PATH/\\//-} ${PATH//\\//-}", "-a/b/c.txt -a-b-c.txt"),
        ("${PATH#?a}", "/b/c.txt"),
        ("$ $. a$", "$ $. a$"),
        ("${NONE?why}", None),
        ("${UNKNOWN}", None),
        ("${UNKNOWN:-x}", None),
    ],
)
def test_expansion(word, expected):
    values = {**_VALUES, "UNKNOWN": None}
    assert expand(lex(word), lambda name: values.get(name, UNSET)) == expected


@pytest.mark.parametrize(
    "word", ["${", "${}", "${{x}}", "${:x}", "'a", '"a', "${A", "${A=b}", "${A:0:3}", "${A@Q}", "${A/b}"]
)
def test_words_that_buildkit_rejects(word):
    with pytest.raises(LexError):
        lex(word)


def test_expansion_under_another_escape_character():
    assert lex("a\\b`$C", "`") == ("a\\b$C",)


# What the two are compared on; the published parser is BuildKit 0.12, which knew no blanks after `<<`, no directive
# `check`, and let text follow a JSON array.
_LINES = [
    *(
        "FROM a",
        "FROM a AS b",
        "FROM --platform=$P a as C",
        "ARG X",
        "ARG A B=2 C",
        "arg x",
        "  ARG Y",
        "ARG A=\"x y\" B='z'",
    ),
    *(
        'ARG "N=a b"',
        'ENV K=V K2="v w"',
        "ENV K rest of line",
        "ENV a=b c",
        "LABEL a=b \\",
        "RUN echo a \\",
        "RUN echo a \\\\",
    ),
    *(
        "RUN cat <<EOF",
        "RUN <<-EOF cat",
        "RUN cat <<'E F' <<EOF",
        "EOF",
        "E F",
        "\tEOF",
        "# c",
        "  # c",
        "",
        "  ",
        "x `",
        "y \\",
    ),
    *(
        "# escape=`",
        "# escape=\\",
        "# syntax=x",
        "AR\\",
        "G Z=1",
        "ONBUILD ARG Q",
        "ONBUILD RUN cat <<EOF",
        "onbuild env a b",
    ),
    *('RUN ["a", "b"]', 'RUN ["a", 1]', "RUN ['a']", "COPY <<EOF /x", "COPY --from=a <<EOF <<F /x", "F", "\\", "  \\ "),
    *(
        'RUN $((1<<2)) <<<"x"',
        "RUN echo don't <<EOF",
        "RUN a <<EOF && b ${X:-c d} <<F",
        "RUN -- --x",
        "RUN",
        "ENV x",
        "ENV",
    ),
    *(
        'RUN --mount=type=x,y="a b" --network=none z',
        "ARG",
        "E=${A:-z w}",
        "ARG E=${A:-z w}",
        "ENV E=${A:-z w} F='a\\'",
    ),
    *(
        "ENV A=a\\ b",
        'ENV A="a\\"b"',
        "FOO bar",
        "cmd a\t",
        "RUN a<<EOF",
        'RUN <<"" b',
        "RUN ${X@Q} <<EOF",
        "RUN x \\\r",
    ),
    *(
        "RUN y\r",
        "ARG Z=1\r",
        "\ufeffARG W",
        "ADD <<EOF <<G x",
        "G",
        "RUN a 3<<EOF",
        "RUN a <<E\\OF",
        "RUN a <<E$X",
        "ONBUILD",
    ),
]


def _theirs(string):
    found = []
    for command in buildkit.parse_string(string):
        keyword = (command.sub_cmd or command.cmd or "").upper()
        value = command.value if command.json or keyword in {"ARG", "ENV", "LABEL"} else None
        bodies = tuple((h.name, h.content) for h in command.heredocs)
        found.append(((command.cmd or "").upper(), command.start_line, command.end_line, command.json, bodies, value))
    return found


def _ours(string):
    found = []
    for instruction in parse(Text(string)).instructions:
        holder = instruction.trigger or instruction
        value = holder.json
        if holder.keyword == "ARG":
            value = tuple(d.name if d.value is None else f"{d.name}={d.value}" for d in holder.definitions)
        elif holder.keyword in {"ENV", "LABEL"}:
            value = tuple(part for d in holder.definitions for part in (d.name, d.value))
        bodies = () if instruction.trigger else tuple((h.name, h.body) for h in instruction.heredocs)
        end = instruction.span.end_line if instruction.heredocs else instruction.line.last
        found.append((instruction.keyword, instruction.line.first, end, holder.json is not None, bodies, value))
    return found


@pytest.mark.parametrize("seed", range(4))
def test_buildkit_agrees(seed):
    """The same instructions, lines, words and bodies; and a problem wherever BuildKit stops."""
    dice = random.Random(seed)  # noqa: S311 - test data
    different = []
    agreed = 0
    for _ in range(1500):
        string = "\n".join(dice.choices(_LINES, k=dice.randint(1, 9))) + dice.choice(["", "\n"])
        try:
            expected = _theirs(string)
        except buildkit.GoParseError:
            if not parse(Text(string)).problems:
                different.append((string, "no problem"))
            continue
        agreed += 1
        if _ours(string) != expected:
            different.append((string, expected))
    assert different == []
    assert agreed > 300


@given(st.one_of(st.text(max_size=120), st.lists(st.sampled_from(_LINES), max_size=8).map("\n".join)))
def test_any_text_is_read(string):
    text = Text(string)
    read = parse(text)
    for instruction in read.instructions:
        line = instruction.line
        assert len(line.places(0, len(line.text))) == len(line.text)
        assert all(string[place] == c for place, c in zip(line.places(0, len(line.text)), line.text, strict=True))
        for definition in instruction.definitions:
            assert definition.name_span <= definition.span or definition.name_span[:2] == definition.span[:2]
    assert [stage.number for stage in read.stages] == list(range(len(read.stages)))
    assert read.stages or read.problems


@pytest.mark.parametrize(
    "string",
    [
        *("FROM a\nARG A=" + part * 50_000 for part in ("${a:-", "'", '"', "\\", "${", "$a ", "${a/")),
        *(
            "FROM a\n" + part * 50_000
            for part in ("RUN <<E\n", "\\\n", "ENV a b \\\n", "FROM a AS b\n", "ONBUILD ", "#\n")
        ),
        *("FROM a\nRUN " + part * 50_000 for part in ("[", '["a",', "<<E ", "--x ", "--a='", "[[", '{"a":')),
    ],
    ids=lambda string: string[7:16],
)
def test_hostile_files_end(string):
    assert parse(Text(string)).instructions
