"""Which values may be secret, and how they are kept out of everything that is printed."""

from __future__ import annotations

import re

MASK = "***"

_SECRET_WORD = re.compile(
    r"(?:^|[_\W])(?:SECRET|SECRETS|PASSWORD|PASSWD|PASSPHRASE|PASS|PWD|TOKEN|TOKENS|CREDENTIALS?|PRIVATE|SALT|PEPPER"
    r"|APIKEY|COOKIE|SIGNATURE|PAT|JWT|DSN|KEY|KEYS|AUTH|CERT)(?=$|[_\W]|\d)",
    re.IGNORECASE,
)
# Words that contain one of the above and are no secret: the name of an algorithm, a lifetime, an identifier, a place.
_PUBLIC_WORD = re.compile(
    r"(?:ALGORITHM|EXPIRES?|EXPIRY|MINUTES|SECONDS|TTL|LIFETIME|_ID$|_NAME$|_URL$|_URI$|_PATH$|_FILE$|_DIR$|PUBLIC_KEY$"
    r"|PUBLISHABLE|LENGTH|_SIZE$|_TYPE$|_ENABLED$|_HEADER$|_PREFIX$|_ISSUER$|_AUDIENCE$|_LIMIT$|_COUNT$|_DOMAIN$|_HOST$"
    r"|SITE_KEY$|_KEYS_COUNT|CACHE_KEY)",
    re.IGNORECASE,
)
_URL_PASSWORD = re.compile(r"(?P<head>://[^\s/:@\"']*:)[^\s/@\"'$<{]+(?=@)")
_ASSIGNMENT = re.compile(
    r"""(?P<name>[A-Za-z_][A-Za-z0-9_.-]*)(?P<gap>["']?(?:\s*:\s*[A-Za-z_][\w\[\]| .]*)?\s*(?::=|[=:])\s*)"""
    r"""(?P<value>"(?:[^"\\]|\\.)*"?|'(?:[^'\\]|\\.)*'?|[^\s,;)}\]]+.*)""",
)
_REFERENCE = re.compile(r"""["']?(?:\$|\{\{|<|Field\(|os\.|[A-Za-z_.]+\()""")
# 20 or more characters of letters and digits mixed: what tokens look like and words, versions and paths do not.
_TOKEN_LIKE = re.compile(
    r"(?<![A-Za-z0-9_./@-])(?=[A-Za-z_+=/-]*\d)(?=[\d_+=/-]*[A-Za-z])[A-Za-z0-9_+=/-]{20,}(?![A-Za-z0-9_.])"
)
_COMMIT = re.compile(r"[0-9a-f]{40}(?:[0-9a-f]{24})?")


def is_secret_name(name: str) -> bool:
    """Whether a variable of this name probably holds a secret (`S3_SECRET_KEY` yes, `JWT_ALGORITHM` no)."""
    return bool(_SECRET_WORD.search(name)) and not _PUBLIC_WORD.search(name)


def redact(line: str) -> str:
    """A source line as it may be shown: values of secret names, URL passwords and token-like words become `***`."""
    line = _URL_PASSWORD.sub(lambda found: found["head"] + MASK, line)
    line = _ASSIGNMENT.sub(_mask_assignment, line)
    return _TOKEN_LIKE.sub(lambda found: found[0] if _COMMIT.fullmatch(found[0]) else MASK, line)


def _mask_assignment(found: re.Match[str]) -> str:
    value = found["value"]
    if not is_secret_name(found["name"]):
        return found["name"] + found["gap"] + redact_rest(value)
    if _REFERENCE.match(value):
        return found[0]
    quote = value[0] if value[0] in "\"'" else ""
    return f"{found['name']}{found['gap']}{quote}{MASK}{quote}"


def redact_rest(value: str) -> str:
    """Assignments inside a value: `default=` within a call, the second pair on a line."""
    return _ASSIGNMENT.sub(_mask_assignment, value) if re.search(r"[=:]", value) else value
