"""Values that stand for another one: placeholders, and defaults for a developer's machine."""

from __future__ import annotations

import re

from checkers.core.patterns import pattern

_PLACEHOLDER = pattern(
    r"<.*>|\[.*\]|\{\{?.*\}?\}|\$\{?\w+.*|x{3,}.*|\*{3,}|\.{3,}|.*(?:^|[^a-z0-9])(?:your|change|changeme|change_?this|replace|placeholder"
    r"|example|generate|insert|dummy|sample|todo|fixme|fake|mock|test|testing|dev|development|local|localhost|insecure"
    r"|unsafe|default|secret|password|passwd|token|none|null|xxx+)(?:$|[^a-z0-9]).*",
    re.IGNORECASE | re.DOTALL,
)
# Nobody writes longer ones; the patterns are not for megabytes.
_LONGEST = 500
_LOCAL = pattern(r"localhost|127\.0\.0\.1|0\.0\.0\.0|\[::1\]|host\.docker\.internal", re.IGNORECASE)
_HOST = pattern(
    r"(?P<scheme>[a-z][a-z0-9+.-]*://)(?:[^/@\s]*@)?(?P<host>\[[^\]]*\]|[^/:?#,\s]+)(?::\d+)?", re.IGNORECASE
)


def is_placeholder(value: str) -> bool:
    """Whether a value says itself that it is none: `<YOUR_KEY>`, `change-me`, `dev_secret`, `https://x.example.com`."""
    return len(value) <= _LONGEST and _PLACEHOLDER.fullmatch(value) is not None


def is_local(value: str) -> bool:
    """Whether a value names this machine."""
    return _LOCAL.search(value) is not None


def same_but_for_the_host(first: str, second: str) -> bool:
    """Whether two values differ only in where a service is reached: each environment has its own."""
    if max(len(first), len(second)) > _LONGEST:
        return False
    return first != second and _HOST.sub(r"\g<scheme>@", first) == _HOST.sub(r"\g<scheme>@", second)
