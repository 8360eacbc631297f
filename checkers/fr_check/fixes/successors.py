"""What a cure may uncover: the fault below the one that is mended, which a further round or a person sees to."""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable

    from fr_check.core.model import Finding

_SHELL = ("unguarded-secret", "unquoted-expansion")
# What the example did not name could not be missed by a service, nor have another value there or than by default.
_DOCUMENTED = ("unpassed-setting", "masked-variable", "default-drift")
# What is said of a template's keys, wherever it is told.
_RENDERED = frozenset((
    "duplicate-key", "empty-fallback", "lost-secrets", "masked-variable", "mismatched-secret-path",
    "overridden-environment", "public-secret", "required-but-empty", "required-but-unrendered", "secret-in-comment",
    "unassignable-line", "unconsumed-secret", "undelivered-secrets", "unguarded-secret", "unportable-name",
    "unquoted-expansion", "unrendered-secret",
))  # fmt: skip
SUCCESSORS: dict[str, tuple[str, ...]] = {
    # Nothing of a template that does not parse is known.
    "broken-template": tuple(sorted(_RENDERED)),
    "glued-key": _SHELL,
    # Of two lines for one key, neither was any before.
    "unassignable-line": (*_SHELL, "duplicate-key"),
    "undocumented-setting": _DOCUMENTED,
    "commented-key": _DOCUMENTED,
    "untyped-setting": ("undocumented-setting",),
    "undeclared-build-arg": ("unpassed-build-arg",),
    "read-outside-settings": ("refused-example-key",),
    "invalid-coverage-config": ("loose-rounding", "branch-coverage-off"),
    "unknown-suppression": ("unused-suppression",),
}


def is_successor(finding: Finding, cured: Iterable[Finding]) -> bool:
    """Whether a finding was there before some others were cured, below what they say."""
    return any(finding.rule in SUCCESSORS.get(one.rule, ()) for one in cured)
