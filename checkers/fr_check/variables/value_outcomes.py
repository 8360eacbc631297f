"""What a value comes to in a process, in one word: a text, the example's, a secret, nothing."""

from __future__ import annotations

from fr_check.core.record import NamedTuple
from fr_check.core.secrecy import is_secret_name, redact
from fr_check.sources.interpolation import Reference
from fr_check.variables.model import (
    PROVIDED,
    Bare,
    Computed,
    FromExample,
    FromSecret,
    Interpolated,
    Literal,
    Set,
    asked,
)

TYPE_CHECKING = False
if TYPE_CHECKING:
    import typing

    from fr_check.sources.interpolation import Template
    from fr_check.variables.model import ComposeHost, Open, Value

    Word = typing.Literal[
        "example", "default", "secret", "secret-or-empty", "empty", "computed", "not-set", "unknown", "value",
        "ignored", "refused",
    ]  # fmt: skip

EXAMPLE: typing.Final = "example"
DEFAULT: typing.Final = "default"
SECRET: typing.Final = "secret"  # noqa: S105 - a word
SECRET_OR_EMPTY: typing.Final = "secret-or-empty"  # noqa: S105 - a word
EMPTY: typing.Final = "empty"
COMPUTED: typing.Final = "computed"
NOT_SET: typing.Final = "not-set"
UNKNOWN: typing.Final = "unknown"
VALUE: typing.Final = "value"
IGNORED: typing.Final = "ignored"
REFUSED: typing.Final = "refused"


class Outcome(NamedTuple):
    """The word for it; the value where it may be shown; whether that is certain, and else what is not known.

    `by` is who refuses it, or which store of GitHub's holds it.
    """

    word: Word
    value: str | None = None
    certain: bool = True
    unknown: str | None = None
    by: str = ""


def of_value(value: Value, compose_host: ComposeHost) -> Outcome:
    """What a value gives on a host."""
    if isinstance(value, (Interpolated, Bare)):
        return _from_host(value, compose_host)
    if isinstance(value, Literal):
        text = value.text.reveal()
        return Outcome(VALUE, redact(text)) if text else Outcome(EMPTY)
    if isinstance(value, FromExample):
        return Outcome(EXAMPLE if value.text.reveal() else EMPTY)
    if isinstance(value, FromSecret):
        empty = value.fallback is not None and not value.fallback.reveal()
        return Outcome(SECRET_OR_EMPTY if empty else SECRET, by=_store(value))
    if isinstance(value, Computed):
        return Outcome(COMPUTED, redact(value.shown))
    return Outcome(UNKNOWN, None, certain=False, unknown=value.why)


def _store(value: FromSecret) -> str:
    """Who holds a secret, where that is not Vault."""
    return f"GitHub's `{value.source}`" if value.source.startswith(("secrets.", "vars.")) else ""


def _from_host(value: Interpolated | Bare, compose_host: ComposeHost) -> Outcome:
    """A value that hangs on the variables of the host."""
    host = asked(value, compose_host)
    if isinstance(value, Bare):
        return _asked(value.name, host)
    template = value.template
    reference = template.parts[0] if len(template.parts) == 1 else None
    unknown = host.unsure(template)
    if unknown is not None:
        return _unsure(template, host, unknown)
    if isinstance(reference, Reference):
        held = host.get(reference.name)
        present = held is not None and (bool(held) or not reference.operator.startswith(":"))
        if present and not reference.operator.endswith("+"):
            return _asked(reference.name, host)
    return _filled_from(value, reference, host, compose_host)


def _filled_from(
    value: Interpolated, reference: str | Reference | None, host: ComposeHost, compose_host: ComposeHost
) -> Outcome:
    """A text with more than what the host has for one name; `reference` is all of it, where it is one."""
    template = value.template
    if value.hangs_on_folder(host):
        return Outcome(COMPUTED, redact(template.fill(lambda name: f"${{{name}}}").text))
    filled = value.fill(host)
    if filled.stops:
        return _uncertain(Outcome(REFUSED, by="Compose, which demands a value"), template, compose_host)
    if isinstance(reference, Reference):
        written = any(part.name in compose_host.written for part in template.references)
        shown_as = redact(filled.text)
        plain = Outcome(VALUE, shown_as) if shown_as else Outcome(EMPTY)
        return _uncertain(Outcome(COMPUTED, shown_as) if written else plain, template, compose_host)
    shown_as = redact(template.fill(lambda name: f"${{{name}}}").text) if template.parts else ""
    return _uncertain(Outcome(COMPUTED, shown_as), template, compose_host)


def _unsure(template: Template, host: ComposeHost, unknown: Open) -> Outcome:
    """What hangs on something that only the process which runs Compose knows."""
    reference = template.parts[0] if len(template.parts) == 1 else None
    if isinstance(reference, Reference) and not reference.operator.endswith("+"):
        found = _of_shell(reference.name, host) or Outcome(UNKNOWN, None, certain=False, unknown=unknown.why)
        if reference.operator == ":-" and found.word == SECRET_OR_EMPTY:
            return Outcome(SECRET, None, certain=False, unknown=f"whether {found.by} has it", by=found.by)
        return found
    shown_as = redact(template.fill(lambda name: f"${{{name}}}").text)
    return Outcome(COMPUTED, shown_as, certain=False, unknown=unknown.why)


def _of_shell(name: str, host: ComposeHost) -> Outcome | None:
    """What the process that runs Compose has of a name; None where nothing gives it that."""
    given = host.shell.get(name)
    if given is None:
        return None
    held = given if isinstance(given, Set) else given.beneath
    found = Outcome(UNKNOWN) if not isinstance(held, Set) else of_value(held.entry.value, host)
    found = found._replace(value=None) if is_secret_name(name) else found
    if isinstance(given, Set):
        return found
    return found._replace(certain=False, unknown="; ".join(dict.fromkeys(gap.why for gap in given.gaps)))


def _uncertain(outcome: Outcome, template: Template, compose_host: ComposeHost) -> Outcome:
    """An outcome that depends on values which a workflow likely writes, or which only a platform gives."""
    if any(part.name in compose_host.written for part in template.references):
        return outcome._replace(certain=compose_host.doubt is None, unknown=compose_host.doubt)
    if compose_host.outside and any(part.name not in compose_host.values for part in template.references):
        word = UNKNOWN if outcome.word == REFUSED else outcome.word
        return outcome._replace(word=word, certain=False, unknown=compose_host.outside, by="")
    return outcome


def _asked(name: str, compose_host: ComposeHost) -> Outcome:
    """What the host has: what it is given, the example's value, or what a workflow writes."""
    given = _of_shell(name, compose_host)
    if given is not None:
        return given
    if name in compose_host.unclear:
        return Outcome(UNKNOWN, None, certain=False, unknown=compose_host.unclear[name].why)
    written = compose_host.written.get(name)
    if written is not None:
        return of_value(written.value, compose_host)._replace(
            certain=compose_host.doubt is None, unknown=compose_host.doubt
        )
    held = compose_host.values.get(name)
    if held is None or not held.reveal():
        return Outcome(EMPTY) if held is not None else _lacking(name, compose_host)
    place = compose_host.places.get(name)
    if place is not None and place.path in compose_host.committed:
        return Outcome(VALUE, None if is_secret_name(name) else redact(held.reveal()))
    return Outcome(EXAMPLE, None, certain=False, unknown=compose_host.doubt)


def _lacking(name: str, compose_host: ComposeHost) -> Outcome:
    """What the host has where nothing gives it a name."""
    if name in PROVIDED:
        return Outcome(COMPUTED, f"${{{name}}}")
    if compose_host.outside:
        return Outcome(UNKNOWN, None, certain=False, unknown=compose_host.outside)
    return Outcome(NOT_SET)


def shown_value(value: Value) -> str:
    """A value that a workflow writes, without what may be secret."""
    if isinstance(value, Literal):
        return redact(value.text.reveal())
    return redact(value.shown) if isinstance(value, Computed) else "a secret" if isinstance(value, FromSecret) else ""
