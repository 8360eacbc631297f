"""Scripts that take a figure of coverage out of a report with `jq`, `bc` or `awk`, and compare it themselves."""

from __future__ import annotations

from fr_check.core.patterns import pattern

# In small letters.
_NAMED = pattern(r"cov(?:erage|(?<=\bcov)(?:_|\b)|(?<=_cov)\b)")
_ENDS = pattern(r"process\.exit|exitCode|\bthrow\b")
_COMPARED = pattern(r"\s-(?:lt|le|gt|ge)\s|[<>]=?\s*[\"']?[\d$]|[\d}\"']\s*[<>]")
_PROGRAMS = pattern(r"\b(?:jq|awk|bc|gawk|yq|python3?|node)\b")
_FAILS = pattern(r"\bexit\s+(?!0\b)[\d$\"{]|\bexit\(\s*1|\bfalse\b|\bexit 1")


def compares_in_javascript(script: str) -> bool:
    """As `compares`, of a script in JavaScript; also one that calls c8 or nyc with numbers of its own."""
    own = _COMPARED.search(script) is not None and _ENDS.search(script) is not None
    return _names_coverage(script) and (own or "check-coverage" in script)


def compares(script: str) -> bool:
    """Whether a script looks as if it compared a figure of coverage, and failed because of it."""
    return (
        _names_coverage(script)
        and _PROGRAMS.search(script) is not None
        and _COMPARED.search(script) is not None
        and _FAILS.search(script) is not None
    )


def _names_coverage(script: str) -> bool:
    return _NAMED.search(script.lower()) is not None
