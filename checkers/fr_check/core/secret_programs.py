"""Literals that a program sets beside a secret otherwise than behind a sign: what it is compared with, told, given."""

from __future__ import annotations

from fr_check.core.patterns import matches, pattern
from fr_check.core.secrecy import is_secret_name

TYPE_CHECKING = False
if TYPE_CHECKING:
    import re
    from collections.abc import Iterator

TARGETS = pattern(
    r"[ \t]*(?:(?:export|const|let|var)[ \t]+)*[(\[]?"
    r"(?P<names>[ \t]*\*?[A-Za-z_$][\w.$]*+(?:[ \t]*,[ \t]*(?:\*?[A-Za-z_$][\w.$]*+)?)+)"
    r"[ \t]*[)\]]?[ \t]*=(?!=)[ \t]*"
)
"""`user, password = `, from the begin of a line on."""
_LITERAL = pattern(r"\"(?P<double>[^\"\n]{1,400}+)\"|'(?P<single>[^'\n]{1,400}+)'|`(?P<back>[^`\n]{1,400}+)`")
_TEXT = r"(?:\"[^\"\n]{1,400}+\"|'[^'\n]{1,400}+'|`[^`\n]{1,400}+`)"
_TEXTS = rf"(?P<value>{_TEXT}|[(\[{{][^()\[\]{{}}\n]{{1,400}}+[)\]}}])"
# So many other things are called so that what is compared with them is seldom a secret.
_VAGUE = frozenset(("key", "keys", "auth", "cert", "pass", "private", "tokens", "secrets", "cookie"))
_NAME = r"(?P<name>[A-Za-z_$][\w$.]{0,99}+)"
_ASKS = r"(?:includes|starts[wW]ith|ends[wW]ith|equals|contains|has)\([ \t]*"
# Ends of names that may be secret.
_ENDS = ("oken", "OKEN", "assword", "ASSWORD", "ecret", "ECRET", "asswd", "ass", "ey", "EY", "red", "reds", "wd", "pw")
_QUOTES = "\"'`"
# Pieces of which one must stand in the text; the expression, with what may be a secret's value and its name.
_BESIDE = (
    # `"x" in token`, `"x" == token`, `"x" if debug else token`.
    (
        tuple(f"{quote}{sign}" for quote in _QUOTES for sign in (" in ", " not in ", "==", " ==", "!=", " !=", " if ")),
        rf"(?P<value>{_TEXT})[ \t]*(?:[=!]==?|(?:not[ \t]+)?in\b|if\b[^\n\"'`]{{1,99}}?\belse\b)[ \t]*{_NAME}",
    ),
    # `["x"].includes(token)`, `"x".startswith(token)`.
    (
        tuple(
            f"{close}.{verb}"
            for close in ("]", ")", *_QUOTES)
            for verb in ("includes(", "starts", "ends", "equals(", "has(")
        ),
        rf"{_TEXTS}\)?\.{_ASKS}{_NAME}",
    ),
    # `token.startswith("x")`.
    (
        tuple(f"{end}.{verb}" for end in _ENDS for verb in ("includes(", "starts", "ends", "equals(", "contains(")),
        r"\b(?P<name>[A-Za-z_$][\w$.]{0,99}?)\." + _ASKS + r"(?P<value>[^()\n]{1,400})",
    ),
    # `get_password() or "x"`
    (
        (
            *(f"){sign}{quote}" for sign in (" or ", " || ", " ?? ", " == ", " != ", " === ") for quote in _QUOTES),
            ") if ",
        ),
        (
            rf"{_NAME}\((?:[^()\n]|\([^()\n]*+\)|(?!))*+\)+[ \t]*"
            rf"(?:or\b|\|\||\?\?|[=!]==?|if\b[^\n\"'`]{{1,99}}?\belse\b)[ \t]*(?P<value>{_TEXT})"
        ),
    ),
    # `contains(secrets.TOKEN, 'x')`, as GitHub's expressions ask.
    (("(secrets.",), rf"\({_NAME},[ \t]*(?P<value>{_TEXT})"),
    # `def password(self): return "x"`
    (
        tuple(f"return {quote}" for quote in _QUOTES),
        (rf"{_NAME}\([^()\n]{{0,200}}\)[^\n\"'`;]{{0,60}}[{{:][ \t]*\n?[ \t]*return[ \t]+f?(?P<value>{_TEXT})"),
    ),
    # `compare_digest(token, "x")`, `assertEqual(token, "x")`, `expect(token).toBe("x")`.
    (
        ("compare_digest(", "ompare(", "timingSafeEqual", "assertEqual", "assertNotEqual", "assertIn(", "expect("),
        r"\b(?:\w{0,40}[cC]ompare\w{0,20}|timingSafeEqual|assert\w{0,40}|expect)\((?P<value>(?P<code>[^\n]{1,400}))",
    ),
    # `user.set_password("x")`.
    (
        tuple(f"{end}({quote}" for end in ("assword", "assword_hash", "assphrase") for quote in ('"', "'", 'b"', "b'")),
        (
            r"(?:set|check|verify|make|hash|change|reset|update|validate|encrypt)_?\w{0,20}[pP]ass(?:word|phrase)"
            r"(?:_hash)?\((?P<value>[^\n]{1,400})"
        ),
    ),
)
_EXPRESSIONS = tuple((signs, pattern(expression)) for signs, expression in _BESIDE)
_WORD = pattern(r"[A-Za-z_$][\w$]*")
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
        for sign in signs:
            if sign in string:
                yield from _found(expression, string)
                break
    for word in ("match", "switch"):
        if word in string and "case" in string:
            for found in matches(_MATCH, string, word):
                if _is_secret(found["name"]):
                    yield from _cases(string, found.end(), len(found["indent"]))


def _found(expression: re.Pattern[str], string: str) -> Iterator[tuple[int, int]]:
    for found in expression.finditer(string):
        groups = found.groupdict()
        if _says_secret(groups["code"]) if "code" in groups else _is_secret(groups.get("name", "password")):
            yield from literals(string, *found.span("value"))


def _is_secret(name: str) -> bool:
    return is_secret_name(name) and name.rpartition(".")[2].lower() not in _VAGUE


def _says_secret(code: str) -> bool:
    """Whether a call names a secret outside quotes."""
    return any(_is_secret(word) for word in _WORD.findall(_LITERAL.sub('""', code)))


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


_HANDED = pattern(
    r"\{\{-?[ \t]*(?:with[ \t]+|(?P<variable>\$\w+)[ \t]*:?=[ \t]*)(?P<value>\"(?:[^\"\\\n]|\\.|(?!))++\"|`[^`]++`)"
)
_USE = pattern(r"(?P<name>[A-Za-z_][\w.-]{0,99}+)[ \t]*[=:][^\n{}=]{0,200}\{\{(?P<action>[^{}\n]{1,400})")
_VARIABLE = pattern(r"\$\w+|\.(?![\w.])")


def by_another_name(string: str) -> Iterator[tuple[int, int]]:
    """Where what a template's action gives a secret stands: `{{ with "x" }}KEY={{ . }}`, as offsets [start, end)."""
    used = set[str]()
    for use in _USE.finditer(string):
        if is_secret_name(use["name"]):
            used.update(_VARIABLE.findall(use["action"]))
    for found in _HANDED.finditer(string) if used else ():
        if (found["variable"] or ".") in used:
            yield found.span("value")
