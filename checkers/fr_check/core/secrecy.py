"""Which values may be secret, and how they are kept out of everything that is printed.

Redaction works on a single line of any format, by the names on it; it errs towards the mask. What it must not do is
hide names, references (`${TOKEN}`, `{{ .Data.data.TOKEN }}`) and places, which are what a finding is about.
"""

from __future__ import annotations

import re

from fr_check.core.patterns import pattern

MASK = "***"

_SECRET_WORD = pattern(
    r"(?:^|[_\W])(?:SECRET|SECRETS|PASSWORD|PASSWD|PASSPHRASE|PASS|PWD|TOKEN|TOKENS|CREDENTIALS?|PRIVATE|SALT|PEPPER"
    r"|APIKEY|COOKIE|SIGNATURE|PAT|JWT|DSN|KEY|KEYS|AUTH|CERT)(?=$|[_\W]|\d)",
    re.IGNORECASE,
)
# Words that go with one of the above and mean no secret: an algorithm, a lifetime, an identifier, a place.
_PUBLIC_WORD = pattern(
    r"(?:ALGORITHM|EXPIRES?|EXPIRY|MINUTES|SECONDS|TTL|LIFETIME|_ID$|_NAME$|_URL$|_URI$|_PATH$|_FILE$|_DIR$|PUBLIC_KEY$"
    r"|PUBLISHABLE|LENGTH|_SIZE$|_TYPE$|_ENABLED$|_HEADER$|_PREFIX$|_ISSUER$|_AUDIENCE$|_LIMIT$|_COUNT$|_DOMAIN$|_HOST$"
    r"|SITE_KEY$|_COUNT|CACHE_KEY)",
    re.IGNORECASE,
)
_URL_PASSWORD = pattern(r"(?P<head>://[^\s/:@\"']*:)(?!%[a-z]@)[^\s/@\"'$<{]+(?=@)")
_ASSIGNMENT = pattern(
    r"""(?<!\$\{)(?<!\w)(?P<name>[A-Za-z_][A-Za-z0-9_.-]*)"""
    r"""(?P<gap>["']?(?:\s*:\s*[A-Za-z_][\w\[\]| .]*(?==))?\s*(?::=|[=:])\s*)"""
    r"""(?P<value>"(?:[^"\\]|\\.)*"?|'(?:[^'\\]|\\.)*'?|[^\s,;)}\]]+.*)"""
)
_CALL_OR_REFERENCE = pattern(r"""["']?(?:\$|\{\{|<|[A-Za-z_][\w.]*[(\[])""")
_DEFAULT = pattern(r"(?P<head>\$\{(?P<name>\w+):?[-=])[^}$]+")
_LITERAL = pattern(r""""(?P<double>(?:[^"\\]|\\.)*)"?|'(?P<single>(?:[^'\\]|\\.)*)'?""")
# Inside quotes: a format verb, a path in Vault, the name of a variable.
_HARMLESS_LITERAL = pattern(r"|%[a-z]|[A-Z][A-Z0-9_]*|secret/[\w/%.{}$-]*")
_BETWEEN_ACTIONS = pattern(r"(?<=\}\})[^{}\"'\s][^{}\"']*(?=\{\{)")
_FAMILIAR_TOKEN = pattern(
    r"\b(?:AKIA[A-Z0-9]{12,}|gh[pousr]_\w{20,}|github_pat_\w{20,}|glpat-[\w-]{16,}|sk[-_][\w-]{16,}|xox[abprs]-[\w-]{10,}"
    r"|hv[sb]\.[\w-]{16,}|eyJ[\w-]{10,}(?:\.[\w-]*){0,2})|-----BEGIN [A-Z ]+-----.*"
)
_FAMILIAR_HEADS = ("AKIA", "gh", "github_pat_", "glpat-", "sk-", "sk_", "xox", "hvs.", "hvb.", "eyJ", "-----BEGIN")
_LONG = 20
_LONG_WORD = pattern(rf"(?<![\w.@/-])[A-Za-z0-9_+-]{{{_LONG},}}={{0,2}}(?![\w./])")
_COMMIT = pattern(r"[0-9a-f]{40}(?:[0-9a-f]{24})?")


def is_secret_name(name: str) -> bool:
    """Whether a variable of this name probably holds a secret (`S3_SECRET_KEY` yes, `JWT_ALGORITHM` no)."""
    return bool(_SECRET_WORD.search(name)) and not _PUBLIC_WORD.search(name)


def redact(line: str) -> str:
    """A source line as it may be shown: values of secret names, URL passwords and token-like words become `***`."""
    if "://" in line:
        line = _URL_PASSWORD.sub(lambda found: found["head"] + MASK, line)
    # A default alone on its line belongs to a field whose name stands on another one.
    if line.lstrip().startswith("default"):
        line = re.sub(r"""^(\s*default\s*=\s*r?)(["']).*?\2""", rf"\1\2{MASK}\2", line)
    line = _mask_assignments(_DEFAULT.sub(_mask_default, line) if "${" in line else line)
    if any(head in line for head in _FAMILIAR_HEADS):
        line = _FAMILIAR_TOKEN.sub(MASK, line)
    if all(len(word) < _LONG for word in line.split()):
        return line
    return _LONG_WORD.sub(lambda found: MASK if looks_random(found[0]) else found[0], line)


def looks_random(word: str) -> bool:
    """Whether a word is more like a generated token than like something a person named.

    Commits and digests (40 or 64 hexadecimal digits) are no secrets.
    """
    digits = sum(character.isdigit() for character in word)
    upper = sum(character.isupper() for character in word)
    lower = sum(character.islower() for character in word)
    if re.fullmatch(r"[0-9a-f]{32,}", word):
        return not _COMMIT.fullmatch(word)
    return digits >= 3 and upper >= 2 and lower >= 2  # noqa: PLR2004 - words and versions have fewer


def _mask_assignments(string: str) -> str:
    return _ASSIGNMENT.sub(_mask_assignment, string) if "=" in string or ":" in string else string


def _mask_assignment(found: re.Match[str]) -> str:
    head, value = found["name"] + found["gap"], found["value"]
    if not is_secret_name(found["name"]):
        return head + _mask_assignments(value)
    if _CALL_OR_REFERENCE.match(value):
        value = _BETWEEN_ACTIONS.sub(MASK, _DEFAULT.sub(rf"\g<head>{MASK}", value))
        return head + _LITERAL.sub(_mask_literal, value)
    quote = value[0] if value[0] in "\"'" else ""
    return f"{head}{quote}{MASK}{quote}"


def _mask_default(found: re.Match[str]) -> str:
    return found["head"] + MASK if is_secret_name(found["name"]) else found[0]


def _mask_literal(found: re.Match[str]) -> str:
    content = found["double"] if found["double"] is not None else found["single"]
    if content.startswith(("$", "{{", "<")) or _HARMLESS_LITERAL.fullmatch(content):
        return found[0]
    return found[0][0] + MASK + found[0][0]
