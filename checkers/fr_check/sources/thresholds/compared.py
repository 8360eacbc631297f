"""Scripts that take a figure of coverage out of a report with `jq`, `bc` or `awk`, and compare it themselves."""

from __future__ import annotations

from fr_check.core.patterns import pattern

_COMPARED = pattern(r"\s-(?:lt|le|gt|ge)\s|[<>]=?\s*[\"']?[\d$]|[\d}\"']\s*[<>]")
_PROGRAMS = pattern(r"\b(?:jq|awk|bc|gawk|yq|python3?|node)\b")
_FAILS = pattern(r"\bexit\s+(?!0\b)[\d$\"{]|\bexit\(\s*1|\bfalse\b|\bexit 1")


def compares(script: str) -> bool:
    """Whether a script looks as if it compared a figure of coverage, and failed because of it."""
    return (
        "cov" in script.lower()
        and _PROGRAMS.search(script) is not None
        and _COMPARED.search(script) is not None
        and _FAILS.search(script) is not None
    )
