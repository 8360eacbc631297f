"""Each reason for which something is not judged is described, and each description is of a reason that is given."""

from __future__ import annotations

import ast
import re
from pathlib import Path

from docs import reasons
from fr_check.core.reasons import INTERNAL, REASONS, paragraph

PACKAGE = Path(__file__).resolve().parent.parent / "checkers" / "fr_check"


def test_every_reason_in_the_code_is_described():
    assert reasons.undescribed(PACKAGE) == []


def test_a_reason_that_nobody_described_is_seen():
    source = "def f(name):\n    return Unknown(NAME, 'new-reason', p, m, h)\nreader.unknown(f'lost-{name}', p)\n"
    assert sorted(reasons.given(ast.parse(source))) == [(2, r"new\-reason"), (3, r"lost\-.+")]


def test_every_description_is_of_a_reason_that_the_code_gives():
    written = "\n".join(path.read_text("utf-8") for path in PACKAGE.rglob("*.py") if path.name != "reasons.py")
    # `missing-{kind}` and `unreadable-{kind}` are put together.
    loose = [name for name in REASONS if f'"{name}"' not in written and not re.match("missing-|unreadable-", name)]
    assert loose == []


def test_a_description_says_what_to_do():
    for name in REASONS:
        assert re.fullmatch(r"[^\n]+\.\n\nWhat to do: [^\n]+\.\n", paragraph(name)), name
    assert not INTERNAL & REASONS.keys()
