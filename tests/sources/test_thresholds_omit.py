from __future__ import annotations

import pytest
from coverage.exceptions import ConfigError
from coverage.files import GlobMatcher
from hypothesis import given, settings
from hypothesis import strategies as st

from fr_check.sources.thresholds import omit

PATHS = ("main.py", "src/main.py", "src/models/__init__.py", "src/a b.py", "tests/x/deep.py", "src/x.pyi")
PATTERNS = [
    "main.py",
    "models/__init__.py",
    "src/models/__init__.py",
    "*/models/__init__.py",
    "src/*",
    "tests/**",
    "**/deep.py",
    "*/*",
    "*",
    "?ain.py",
    "src/[am]*.py",
    "./main.py",
    "src\\main.py",
    "x**",
    "***",
    "a[b",
    "src/",
]


def _theirs(pattern: str) -> list[str] | None:
    prepared = [pattern]
    if not pattern.startswith(("*", "?")):
        import posixpath

        prepared.append(posixpath.normpath(posixpath.join("/", pattern)).replace("//", "/"))
    try:
        matcher = GlobMatcher(prepared)
    except ConfigError:
        return None
    return [path for path in PATHS if matcher.match(f"/{path}")]


@pytest.mark.parametrize("pattern", PATTERNS)
def test_matches_what_coverage_matches(pattern: str):
    theirs = _theirs(pattern)
    if theirs is None:
        assert omit.compiled(pattern) is None
    else:
        assert list(omit.matches(pattern, "", PATHS)) == theirs


@pytest.mark.filterwarnings("ignore:Possible nested set:FutureWarning")
@settings(max_examples=300, deadline=None)
@given(st.text(st.sampled_from("*?/[]ab.x-!"), min_size=1, max_size=10))
def test_matches_any_pattern_as_coverage_does(pattern: str):
    import re

    try:
        theirs = _theirs(pattern)
    except re.error:
        theirs = None
    ours = omit.compiled(pattern)
    assert (ours is None) == (theirs is None)
    if theirs is not None:
        assert list(omit.matches(pattern, "", PATHS)) == theirs


@pytest.mark.parametrize(
    ("pattern", "path"),
    [
        ("src/" + "*a" * 40 + "*b.py", "src/" + "a" * 200),
        ("**/a/" * 40 + "b.py", "a/" * 100),
        ("**/*a/" * 20 + "[b].py", "xa/" * 100),
    ],
    ids=["stars", "folders", "mixed"],
)
def test_many_wildcards_come_to_an_end(pattern: str, path: str):
    assert omit.matches(pattern, "", (path, f"{path}b.py")) == (f"{path}b.py",)


def test_a_pattern_counts_from_the_folder_that_coverage_runs_in():
    paths = ("apps/backend/src/main.py", "src/main.py")
    assert omit.matches("src/main.py", "apps/backend", paths) == ("apps/backend/src/main.py",)
    assert omit.matches("main.py", "apps/backend", paths) == paths
