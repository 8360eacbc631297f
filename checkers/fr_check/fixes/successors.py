"""What a cure may uncover: the fault below the one that is mended, which a further round or a person sees to."""

from __future__ import annotations

_SHELL = ("unguarded-secret", "unquoted-expansion")
# What the example did not name could not be missed by a service, nor have another value there.
_DOCUMENTED = ("unpassed-setting", "masked-variable")
SUCCESSORS: dict[str, tuple[str, ...]] = {
    "broken-template": _SHELL,
    "glued-key": _SHELL,
    "unassignable-line": _SHELL,
    "undocumented-setting": _DOCUMENTED,
    "commented-key": _DOCUMENTED,
    "untyped-setting": ("undocumented-setting",),
    "undeclared-build-arg": ("unpassed-build-arg",),
    "read-outside-settings": ("refused-example-key",),
    "invalid-coverage-config": ("loose-rounding", "branch-coverage-off"),
    "unknown-suppression": ("unused-suppression",),
}
