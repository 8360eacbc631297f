"""Words that look like tokens: the fast search finds what plain expressions say, wherever a word begins and ends."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fr_check.core.secrecy import looks_random
from fr_check.core.secret_values import Scan, may_hold_tokens, tokens

LONG = re.compile(r"(?<![\w.@/-])[A-Za-z0-9_+-]{20,}+={0,2}(?![\w./])")
FAMILIAR = re.compile(
    r"\b(?:A[KS]IA[A-Z0-9]{12,}|gh[pousr]_\w{20,}|github_pat_\w{20,}|glpat-[\w-]{16,}|[sr]k[-_][\w-]{16,}|xox[abprs]-[\w-]{10,}"
    r"|hv[sb]\.[\w-]{16,}|eyJ[\w-]{10,}(?:\.[\w-]*){0,2}|AIza[\w-]{30,}|npm_\w{30,}|pypi-[\w-]{30,}|SG\.[\w.-]{30,}"
    r"|do[opr]_v1_\w{30,}|hooks\.slack\.com/(?:services|workflows)/[\w/-]{8,}|/api/webhooks/\d{5,30}/[\w-]{8,}"
    r"|bot\d{6,12}:[\w-]{20,})"
)
HEADS = (
    *("AKIA", "ASIA", "ghp_", "ghs_", "github_pat_", "glpat-", "sk-", "rk_", "xoxb-", "hvs.", "hvbx", "eyJ", "AIza"),
    *("npm_", "pypi-", "SG.", "SGx", "dop_v1_", "hooks.slack.com/services/", "/api/webhooks/12345/", "bot123456:"),
)
# Of a body, of what may stand around it, and of what parts words.
PIECES = st.sampled_from(
    ("aB3dE4fG5hJ6kL7mN8p9", "q" * 19, "aB34567", "+", "-", "=", "==", ".", "@", "/", "é", " ", "\n", '"')
)


def covered(string: str) -> set[int]:
    scan = Scan(string)
    tokens(scan)
    return {at for stretch in scan.found for at in range(stretch.start, stretch.end)}


@given(st.lists(st.one_of(PIECES, st.sampled_from(HEADS)), max_size=12).map("".join))
def test_what_looks_random_or_familiar_is_covered(string: str):
    expected = [found.span() for found in LONG.finditer(string) if looks_random(found[0])]
    expected += [found.span() for found in FAMILIAR.finditer(string)]
    assert {at for start, end in expected for at in range(start, end)} <= covered(string)
    assert may_hold_tokens(string) or not expected


@given(st.lists(PIECES, max_size=12).map("".join))
def test_no_more_is_covered(string: str):
    expected = [found.span() for found in LONG.finditer(string) if looks_random(found[0])]
    assert {at for start, end in expected for at in range(start, end)} == covered(string)


@pytest.mark.parametrize("head", HEADS)
def test_a_head_is_one_only_where_a_word_begins(head: str):
    string = f" x{head}{'A' * 12} "
    assert bool(covered(string)) == (FAMILIAR.search(string) is not None)
