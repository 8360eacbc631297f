"""Values that stand for another one: placeholders, and defaults for a developer's machine."""

from __future__ import annotations

import re

from fr_check.core.patterns import pattern

# Words of their own in a value that make it a placeholder.
_WORDS = frozenset((
    "your", "change", "changeme", "changethis", "replace", "placeholder", "example", "generate", "insert", "dummy",
    "sample", "todo", "fixme", "fake", "mock", "test", "testing", "dev", "development", "local", "localhost",
    "insecure", "unsafe", "default", "secret", "password", "passwd", "token", "none", "null",
))  # fmt: skip
_BRACKETS = (("<", ">"), ("[", "]"), ("{", "}"))
_ALPHANUMERIC = frozenset("abcdefghijklmnopqrstuvwxyz0123456789")
# What a script replaces: `#SECRET_KEY#`, `@secret_key@`, `__SECRET_KEY__`, `%SECRET_KEY%`.
_MARKED = pattern(r"([#@%]{1,2}|_{2,3})[A-Za-z]+(?:_(?:[A-Za-z]+|[0-9]+))*\1")
# Nobody writes longer ones.
_LONGEST = 500
_LOCAL = ("localhost", "127.0.0.1", "0.0.0.0", "[::1]", "host.docker.internal")  # noqa: S104 - looked for
_HOST = pattern(
    r"(?P<scheme>[a-z][a-z0-9+.-]*://)(?:[^/@\s]*@)?(?P<host>\[[^\]]*\]|[^/:?#,\s]+)(?::\d+)?", re.IGNORECASE
)


def is_placeholder(value: str) -> bool:
    """Whether a value says itself that it is none: `<YOUR_KEY>`, `change-me`, `dev_secret`, `https://x.example.com`."""
    if len(value) > _LONGEST:
        return False
    if _MARKED.fullmatch(value):
        return True
    lower = value.lower()
    if lower.startswith("xxx") or any(lower[:1] == left and lower.endswith(right) for left, right in _BRACKETS):
        return True
    if len(lower) >= 3 and set(lower) in ({"*"}, {"."}):  # noqa: PLR2004 - as in "***" and "..."
        return True
    if lower.startswith("$"):
        name = lower[2:3] if lower[1:2] == "{" else lower[1:2]
        return name.isalnum() or name == "_" or _has_word(lower)
    return _has_word(lower)


def _has_word(lower: str) -> bool:
    words = "".join(char if char in _ALPHANUMERIC else " " for char in lower).split()
    return any(word in _WORDS or (len(word) >= 3 and set(word) == {"x"}) for word in words)  # noqa: PLR2004 - "xxx"


def is_local(value: str) -> bool:
    """Whether a value names this machine."""
    lower = value.lower()
    return any(name in lower for name in _LOCAL)


def same_but_for_the_host(first: str, second: str) -> bool:
    """Whether two values differ only in where a service is reached: each environment has its own."""
    if max(len(first), len(second)) > _LONGEST or "://" not in first or "://" not in second:
        return False
    return first != second and _HOST.sub(r"\g<scheme>@", first) == _HOST.sub(r"\g<scheme>@", second)
