"""What a cure may uncover: the fault below the one that is mended, which a further round or a person sees to."""

from __future__ import annotations

_SHELL = ("unguarded-secret", "unquoted-expansion")
SUCCESSORS: dict[str, tuple[str, ...]] = {
    "broken-template": _SHELL,
    "glued-key": _SHELL,
    "unassignable-line": _SHELL,
    "untyped-setting": ("undocumented-setting",),
    "undeclared-build-arg": ("unpassed-build-arg",),
    "read-outside-settings": ("refused-example-key",),
    "invalid-coverage-config": ("loose-rounding", "branch-coverage-off"),
    "unknown-suppression": ("unused-suppression",),
}
