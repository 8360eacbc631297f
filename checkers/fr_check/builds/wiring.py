"""What the value of a build argument refers to, in compose's notation and in GitHub's."""

from __future__ import annotations

import re

from fr_check.core.patterns import pattern
from fr_check.core.record import NamedTuple

TYPE_CHECKING = False
if TYPE_CHECKING:
    from fr_check.builds.model import Passed
    from fr_check.core.model import Location

_LONE_EXPRESSION = pattern(r"\$\{\{\s*(?:vars|secrets|env|inputs)\.([A-Za-z_]\w*)\s*(?:\|\|[^}]*)?\}\}", re.ASCII)
_RUN = pattern(r"\$\{\{[^}]*\b(?:github\.(?:sha|ref\w*|run_\w+)|steps\.|needs\.)")
_LITERAL = pattern(r"\$(?:\{([A-Za-z_]\w*)(?::?[-+?][^}]*)?\}|([A-Za-z_]\w*))", re.ASCII)
_DOLLAR_REFERENCE = pattern(r"\$\$(?:\{([A-Za-z_]\w*)(?::?[-+?][^}]*)?\}|([A-Za-z_]\w*))", re.ASCII)


class Reference(NamedTuple):
    """A name or text, where it stands, and what to do about it."""

    name: str
    location: Location
    help: str = ""


def refers(passed: Passed) -> bool:
    """Whether the value comes from outside: a variable, an expression, or the environment of a bare name."""
    if passed.value is None:
        return True
    if passed.variable is not None:
        return bool(passed.variable.template.references)
    return "${{" in passed.value or "$" in passed.value or not passed.value


def referred(passed: Passed) -> frozenset[str]:
    """The variables of the environment that a compose value is made of; none for anything else."""
    if passed.variable is None:
        return frozenset()
    return frozenset(reference.name for reference in passed.variable.template.references)


def computed(passed: Passed) -> bool:
    """Whether a run makes the value: the commit, what a step says, what a script finds out."""
    return passed.value is not None and (not passed.value or _RUN.search(passed.value) is not None)


def lone_reference(passed: Passed) -> Reference | None:
    """The variable that is all of the value (a default aside), or None."""
    if passed.variable is not None:
        parts = passed.variable.template.parts
        if len(parts) != 1 or isinstance(parts[0], str):
            return None
        reference = parts[0]
        return Reference(reference.name, passed.variable.locate(reference.name_start, reference.name_end))
    match = _LONE_EXPRESSION.fullmatch(passed.value) if passed.value and passed.value.startswith("${{") else None
    return Reference(match[1], passed.location) if match else None


def may_be_empty(passed: Passed) -> bool:
    """Whether an empty value is passed: written so, or where compose has no value for `${X:-}`, `${X-}`, `${X}`."""
    if passed.variable is None or passed.value is None:
        return passed.value == ""
    if not passed.value:
        return True
    parts = passed.variable.template.parts
    if len(parts) != 1 or isinstance(parts[0], str):
        return False
    return parts[0].operator in {"", ":-", "-"} and not parts[0].word


def literal_reference(passed: Passed) -> Reference | None:
    """The first reference that arrives as plain text, or None."""
    value = passed.value
    if value is None:
        return None
    if passed.variable is not None:
        escapes = passed.variable.template.escapes
        match = _DOLLAR_REFERENCE.search(value) if escapes else None
        if match is None or match.start() not in escapes:
            return None
        where = passed.variable.locate(match.start(), match.end())
        return Reference(_shown(match), where, "write one dollar: compose replaces `$$` by a dollar sign")
    # GitHub's own expressions are none.
    match = _LITERAL.search(value) if "$" in value.replace("${{", "") else None
    if match is None:
        return None
    return Reference(
        _shown(match), passed.location, "write `${{ vars.NAME }}` or `${{ env.NAME }}`: no shell sees this"
    )


def _shown(match: re.Match[str]) -> str:
    """The reference without its default, which may be a secret."""
    return f"${{{match[1] or match[2]}}}"
