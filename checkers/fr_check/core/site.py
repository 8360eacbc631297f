"""The addresses of the documentation's pages, for messages and machine formats."""

from __future__ import annotations

PROJECT = "https://github.com/wangzitian0/fr-check"
SITE = "https://wangzitian0.github.io/fr-check"


def rule_page(checker: str, rule: str) -> str:
    """The manual page of a rule."""
    return f"{SITE}/rules/{checker}/{rule}/"


def reason_page(reason: str) -> str:
    """The page of a reason for which something was not judged."""
    return f"{SITE}/unknowns/#{reason}"
