"""The reader of `.env` files, compared with python-dotenv itself."""

from __future__ import annotations

import io
from itertools import pairwise

import pytest
from dotenv import dotenv_values
from dotenv.parser import parse_stream
from hypothesis import given
from hypothesis import strategies as st

from fr_check.core.text import Text
from fr_check.sources import dotenv

TABLE = [
    "A=1",
    "A = 1",
    "A =1",
    "A= 1",
    "A",
    "export A",
    "export A=1",
    "export  A = 'x' # c",
    "export",
    "exportA=1",
    "hello world",
    "hello world\nB=2",
    "A=x#c",
    "A=x #c",
    "A=#c",
    "A= #c",
    "A = # c",
    "A=http://h/#frag",
    'A="x"y\nB=2',
    'A="x" y\nB=2',
    'A="x"#c',
    'A="x" # c',
    r'A="a\nb"',
    r'A="a\"b"',
    r"A='a\'b'",
    r"A='a\nb'",
    r'A="\\"',
    'A="1\nB=fake\n"\nC=3',
    "A='1\nB=fake\n'\nC=3",
    "A=`1\nB=2`",
    'A="l1\nB=2',
    "A=it's",
    "A=1\r\nB=2\r\n",
    "A=1\rB=2",
    "A=1\nA=2",
    "A=1\nA",
    "A=$B",
    "A='${B}'",
    "A=pa$$word",
    "A=$(echo hi)",
    "A-B=1\nA.B=1\n1A=1",
    "'A'=1",
    "'A B'=1",
    "'A",
    '"A"=1',
    "A: 1",
    "É=1",
    "A=1;B=2",
    "A=1 B=2",
    'A={"k": "v"}',
    "A=<KEY>",
    "A=a&b",
    "A=x\\\ny",
    "A+=1",
    "A=1\x0cB=2",
    "A=1\x0bB=2",
    "A=1\u2028B=2",
    "A=1\x85B=2",
    'A=r"..."',
    "=1",
    "A==1",
    "A=",
    'A=""',
    "A=''",
    "  A=1",
    "\n\n\x0c A=1",
    "# A=1",
    "#A=1\nB=1 # C=1",
    "A=\t\n",
    "A=a\xa0#b",
    "A = ",
    "A=1  ",
    "A=1\\",
    'A="\\',
]


def read(string: str) -> dotenv.Dotenv:
    return dotenv.parse(Text(string))


def bindings(string: str) -> list[tuple[str, str | None]]:
    found = parse_stream(io.StringIO(string, newline=""))
    return [(binding.key, binding.value) for binding in found if binding.key is not None and not binding.error]


def ours(string: str) -> list[tuple[str, str | None]]:
    return [(binding.key, binding.value and binding.value.reveal()) for binding in read(string).assignments]


def agree(string: str) -> None:
    expected = bindings(string)
    assert [(key, value or None) for key, value in ours(string)] == [(key, value or None) for key, value in expected]
    assert [b.value is None for b in read(string).assignments] == [value is None for _, value in expected]
    errors = [binding.original.line for binding in parse_stream(io.StringIO(string, newline="")) if binding.error]
    assert len(read(string).problems) == len(errors)
    values = dotenv_values(stream=io.StringIO(string, newline=""), interpolate=False)
    kept = {key: value for key, value in values.items() if value is not None}
    assert {key: binding.value.reveal() for key, binding in read(string).last().items()} == kept


@pytest.mark.parametrize("string", TABLE, ids=ascii)
def test_reads_what_python_dotenv_reads(string: str) -> None:
    agree(string)


def test_reads_the_whole_table_as_one_file_per_newline_as_python_dotenv_does() -> None:
    for newline in ("\n", "\r\n", "\r"):
        agree(newline.join(TABLE))


_PIECES = ["A", "B_2", "export ", "=", " = ", "'", '"', "\\", "#", " #", "\n", "\r\n", "\r", " ", "\t", "\x0c", "é"]
_PIECES += ["\u2028", "${B}", "`", "[VAULT]", "# [VAULT] ", "x", '="', "='", "\\n", "\xa0"]


@given(st.lists(st.sampled_from(_PIECES), max_size=30).map("".join) | st.text(max_size=60))
def test_agrees_with_python_dotenv_on_anything(string: str) -> None:
    agree(string.removeprefix("\ufeff"))


@given(st.lists(st.sampled_from(_PIECES), max_size=30).map("".join))
def test_spans_cut_the_names_and_values_out_of_the_text(string: str) -> None:
    text = Text(string)
    found = dotenv.parse(text)

    def cut(span: object) -> str:
        return string[text.offset(span.line, span.column) : text.offset(span.end_line, span.end_column)]

    for binding in found.assignments:
        assert cut(binding.key_span) == binding.key
        assert cut(binding.span) == binding.source.reveal()
        if binding.value is not None and not binding.quote:
            assert cut(binding.value_span) == binding.value.reveal()
        if binding.quote:
            assert cut(binding.value_span).startswith(binding.quote)
            assert cut(binding.value_span).endswith(binding.quote)
    for comment in found.comments:
        assert cut(comment.span) == comment.text
    starts = [binding.span for binding in found.assignments]
    assert all(a < b for a, b in pairwise(starts))


@pytest.mark.parametrize(
    ("string", "names"),
    [
        ("# [VAULT] Managed by Vault in production/staging\nA_KEY=1\nB=2", ["A_KEY"]),
        ("# [VAULT] Managed (to differentiate environments)\nA=1", ["A"]),
        ("# [VAULT] Managed by Vault\n# Required for rate limiting\nA=1", ["A"]),
        ("# [VAULT] Managed by Vault\n\nA=1", []),
        ("# [VAULT] All S3_* variables managed by Vault\nS3_A=1", ["S3_*"]),
        ("# [VAULT] CORS_ORIGINS and SECRET_KEY managed by Vault\nX=1", ["CORS_ORIGINS", "SECRET_KEY"]),
        ("# [VAULT] A_1, B_2, and C_3: managed\nX=1", ["A_1", "B_2", "C_3"]),
        ("# [VAULT] TOKEN managed\nX=1\nTOKEN=", ["TOKEN"]),
        ("# Note: Variables marked with [VAULT] are managed by Vault.\nA=1", []),
        ("# S3 secret key. [VAULT]\nS3_SECRET_KEY=", ["S3_SECRET_KEY"]),
        ("# S3 secret key. [VAULT].\n# more\nS3_SECRET_KEY=", ["S3_SECRET_KEY"]),
        ("# ZAI_API_KEY is preferred; AI_API_KEY is an alias. [VAULT]\nAI_API_KEY=", ["AI_API_KEY"]),
        ("A=1 # [VAULT]\nB=2", ["A"]),
        ("# [VAULT] Managed\n# A=1\nB=2", []),
        ("# [VAULT] *_KEY and `B_1` managed\nX=1", ["*_KEY", "B_1"]),
        ("# [VAULT] * managed\nX=1", ["X"]),
        ("#[VAULT]\nexport A=1", ["A"]),
        ("## [VAULT] ##\nA=1", ["A"]),
        ("# [VAULT]\nnot a binding\nA=1", []),
        ("# [VAULT] Managed", []),
        ("# [VAULT] Managed\r\nA=1\r\n", ["A"]),
    ],
    ids=ascii,
)
def test_vault_markers_name_keys(string: str, names: list[str]) -> None:
    assert [name for marker in read(string).markers for name in marker.names] == names


@pytest.mark.parametrize(
    ("string", "keys"),
    [
        ("# A=1", ["A"]),
        ("#A=", ["A"]),
        ("## export A_B=1", ["A_B"]),
        ("# Env format: A=1", []),
        ("# A_B = 1", ["A_B"]),
        ("# A == 1", []),
        ("# the rate = 1", []),
        ("B=1 # A=2", []),
        ("A='\n# B=1\n'", []),
    ],
    ids=ascii,
)
def test_keys_in_comments_are_kept_apart(string: str, keys: list[str]) -> None:
    assert [commented.key for commented in read(string).commented] == keys


def test_values_do_not_show_in_reprs() -> None:
    assert "hunter2" not in repr(read("PASSWORD=hunter2"))


@pytest.mark.parametrize(
    "string",
    [
        'A="' * 100_000,
        "A=\"\\\n'" * 100_000,
        "A=" + " " * 1_000_000 + "x",
        "# [VAULT] x\n" * 100_000 + "A=1",
        "'" * 500_000,
    ],
    ids=["quotes", "mixed quotes", "spaces", "markers", "single quotes"],
)
def test_reads_a_large_hostile_file(string: str) -> None:
    found = read(string)
    assert len(found.problems) + len(found.assignments) > 0
