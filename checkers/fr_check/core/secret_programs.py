"""Literals that a program sets beside a secret otherwise than behind a sign: what it is compared with, told, given."""

from __future__ import annotations

from fr_check.core.patterns import matches, pattern
from fr_check.core.secrecy import is_secret_name

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

TARGETS = pattern(
    r"[ \t]*(?:(?:export|const|let|var)[ \t]+)*[(\[]?"
    r"(?P<names>[ \t]*\*?[A-Za-z_$][\w.$]*+(?:[ \t]*,[ \t]*\*?[A-Za-z_$][\w.$]*+)+)"
    r"[ \t]*,?[ \t]*[)\]]?[ \t]*=(?!=)[ \t]*"
)
"""`user, password = `, from the begin of a line on."""
_LITERAL = pattern(r"\"(?P<double>[^\"\n]{1,400}+)\"|'(?P<single>[^'\n]{1,400}+)'|`(?P<back>[^`\n]{1,400}+)`")
_TEXT = r"(?:\"[^\"\n]{1,400}+\"|'[^'\n]{1,400}+'|`[^`\n]{1,400}+`)"
_TEXTS = rf"(?P<value>{_TEXT}|[(\[{{][^()\[\]{{}}\n]{{1,400}}+[)\]}}])"
# So many other things are called so that what is compared with them is seldom a secret.
_NO_KEY = r"(?!(?:[\w$]{1,40}\.)?(?:key|keys|auth|cert|pass|private|tokens|secrets|cookie)\b)"
_NAME = rf"{_NO_KEY}(?P<name>[A-Za-z_$][\w$.]{{0,99}}+)"
_ASKS = r"(?:includes|starts[wW]ith|ends[wW]ith|equals|contains|has)\([ \t]*"
# Pieces of which one must stand in the text; the expression, with what may be a secret's value and its name.
_BESIDE = (
    # `"x" in token`, `"x" == token`.
    (("==", "!=", " in "), rf"(?P<value>{_TEXT})[ \t]*(?:(?:\bnot[ \t]+)?\bin\b|[=!]==?)[ \t]*{_NAME}"),
    # `"x" if debug else token`.
    ((" else ",), rf"(?P<value>{_TEXT})[ \t]+if\b[^\n\"'`]{{1,99}}?\belse[ \t]+{_NAME}"),
    # `["x"].includes(token)`, `"x".startswith(token)`, `token.startswith("x")`.
    ((".includes(", "swith(", "sWith(", ".has(", ".equals(", ".contains("), rf"{_TEXTS}\)?\.{_ASKS}{_NAME}"),
    (
        (".includes(", "swith(", "sWith(", ".has(", ".equals(", ".contains("),
        rf"\b{_NO_KEY}(?P<name>[A-Za-z_$][\w$.]{{0,99}}?)\.{_ASKS}(?P<value>[^()\n]{{1,400}})",
    ),
    # `get_password() or "x"`
    (
        (") or ", ") || ", ") ?? ", ") == ", ") != ", ") if ", ") === "),
        (
            rf"{_NAME}\((?:[^()\n]|\([^()\n]*+\)|(?!))*+\)[ \t]*"
            rf"(?:or\b|\|\||\?\?|[=!]==?|if\b[^\n\"'`]{{1,99}}?\belse\b)[ \t]*(?P<value>{_TEXT})"
        ),
    ),
    # `compare_digest(token, "x")`, `assertEqual(token, "x")`, `expect(token).toBe("x")`.
    (
        ("compare", "Compare", "timingSafeEqual", "assert", "expect("),
        r"\b(?:\w{0,40}[cC]ompare\w{0,20}|timingSafeEqual|assert\w{0,40}|expect)\((?P<value>(?P<code>[^\n]{1,400}))",
    ),
    # `user.set_password("x")`.
    (
        ("assword(", "assword_hash(", "assphrase("),
        (
            r"(?:set|check|verify|make|hash|change|reset|update|validate|encrypt)_?\w{0,20}[pP]ass(?:word|phrase)"
            r"(?:_hash)?\((?P<value>[^\n]{1,400})"
        ),
    ),
)
_EXPRESSIONS = tuple((signs, pattern(expression)) for signs, expression in _BESIDE)
_WORD = pattern(rf"{_NO_KEY}[A-Za-z_$][\w$]*")
# `match token:` and `switch (token) {`, then the literals of its cases.
_MATCH = pattern(rf"(?P<indent>[ \t]*)(?:match|switch)(?:[ \t]+|[ \t]*\()[ \t]*{_NAME}[ \t)]*[:{{]")
_CASE = pattern(r"\bcase[ \t(]+(?P<value>[^\n:]{1,400})")
_LINE = pattern(r"(?P<indent>[ \t]*)(?P<rest>[^\n]*)\n?")
_MOST_LINES = 100
# A sign, an encoding, the name of a variable, and how tokens are told from each other.
_NO_VALUE = pattern(
    r"[\W\d_]{1,4}|[A-Z][A-Z0-9_]*|[A-Za-z]+[-_:]"
    r"|(?i:utf-?\d+|ascii|latin-?1|hex|base64(?:url)?|(?:bearer|basic|token)[ \t]?)"
)


def beside(string: str) -> Iterator[tuple[int, int]]:
    """Where such literals stand, as offsets [start, end)."""
    for signs, expression in _EXPRESSIONS:
        if any(sign in string for sign in signs):
            for found in expression.finditer(string):
                groups = found.groupdict()
                if _says_secret(groups["code"]) if "code" in groups else is_secret_name(groups.get("name", "password")):
                    yield from literals(string, *found.span("value"))
    for word in ("match", "switch"):
        if word in string and "case" in string:
            for found in matches(_MATCH, string, word):
                if is_secret_name(found["name"]):
                    yield from _cases(string, found.end(), len(found["indent"]))


def _says_secret(code: str) -> bool:
    """Whether a call names a secret outside quotes."""
    return any(is_secret_name(word) for word in _WORD.findall(_LITERAL.sub('""', code)))


def _cases(string: str, start: int, indent: int) -> Iterator[tuple[int, int]]:
    for number, line in enumerate(_LINE.finditer(string, start)):
        inner = len(line["indent"]) + line["rest"].startswith(("case", "default"))
        if number == _MOST_LINES or (number and line["rest"] and inner <= indent):
            return
        for case in _CASE.finditer(string, line.start("rest"), line.end("rest")):
            yield from literals(string, *case.span("value"))


def literals(string: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    """Those of a stretch that may hide something."""
    for literal in _LITERAL.finditer(string, start, end):
        if not _NO_VALUE.fullmatch(literal[str(literal.lastgroup)]):
            yield literal.span()
