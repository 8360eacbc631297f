"""A setting whose value differs from place to place.

## What it finds

The default in the settings, the value in the example file, the fallback in the template and `${KEY:-value}` in compose
files are compared as what pydantic makes of them, so that `360.0` equals `"360"`. Empty values and None are no values.
Settings that hold secrets are left out.

`${KEY:-value}` counts in a service that runs this application.

Under the preset `common` an example that differs from the default is information too: it shows one way to set it. So is
a compose file that differs: it is tuned for one deployment. It is a warning only where the example repeats the default,
so that whoever reads the documentation is told another value than the service gets.

What differs for a good reason is reported as info: `localhost` and `127.0.0.1`, the host a service is reached at,
placeholders, debugging switches, and the name of the environment itself.

## Why it matters

Somebody changed one place and forgot the others: development, production and the documentation now disagree about the
same knob, and which value is meant is a matter of guessing.

## How to fix

Decide which value is meant, and write it in every place shown; or leave it out of all but one.

## What `--fix` does

Nothing: which of the values is right is not known.
"""

from __future__ import annotations

import ast
import re

from fr_check.core.model import Note, Rule, Severity
from fr_check.core.patterns import pattern
from fr_check.core.record import NamedTuple
from fr_check.core.secrecy import redact
from fr_check.env_keys.values.accepted import typed
from fr_check.env_keys.values.placeholders import is_local, is_placeholder, same_but_for_the_host
from fr_check.env_keys.values.written import looks_secret
from fr_check.variables.model import Interpolated

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from typing import Any, Final, Literal

    from fr_check.core.model import Finding, Location
    from fr_check.env_keys.apps.model import App
    from fr_check.env_keys.facts import Facts
    from fr_check.sources.settings import Kind, Setting

    PlaceKind = Literal["", "example", "compose"]

_SWITCH = pattern(r"(?:^|_)(?:DEBUG|VERBOSE|RELOAD|TRACE|LOG_LEVEL|LOGLEVEL|ECHO|ENV|ENVIRONMENT|STAGE)(?:_|$)")
_PYTHON_STRING = pattern(r"""[rRbBfFuU]{1,2}["'].*""", re.DOTALL)
_LONGEST_SHOWN = 60
_EXAMPLE: Final = "example"
_COMPOSE: Final = "compose"
_HEAD = "from pydantic_settings import BaseSettings\n\n\nclass Settings(BaseSettings):\n"

BAD = {
    "apps/backend/src/config.py": _HEAD + "    presign_expiry_seconds: int = 300\n",
    ".env.example": "PRESIGN_EXPIRY_SECONDS=900\n",
}
GOOD = {
    "apps/backend/src/config.py": _HEAD + "    presign_expiry_seconds: int = 60 * 5\n",
    ".env.example": "PRESIGN_EXPIRY_SECONDS=300\n",
}


class _Place(NamedTuple):
    """A value somewhere: what it is called, as written, as pydantic reads it, and where.

    `kind` is _EXAMPLE or _COMPOSE where it is one of these.
    """

    what: str
    written: str
    value: Any
    location: Location
    kind: PlaceKind = ""


def check(facts: Facts) -> Iterator[Finding]:
    """Compares, for every setting, all places that give it a value."""
    for app in facts.apps:
        composed = _composed(facts, app)
        for setting in app.settings:
            if setting.names and not looks_secret(setting):
                yield from _judge(app, setting, composed)


def _composed(facts: Facts, app: App) -> dict[str, list[tuple[str, Location]]]:
    """Variable -> what a compose file falls back to in a service that runs this application, `${KEY:-value}`."""
    paths = {source.text.path for source in app.settings_files}
    found: dict[str, dict[tuple[str, str], Location]] = {}
    for service in facts.flow.services if paths and facts.flow is not None else ():
        process = service.process
        runs = process.certain and any(paths & set(program.certain.settings) for program in process.programs)
        # One without image and build is only half of a service, whose other half stands elsewhere.
        if not runs and (service.service.image is not None or service.service.build is not None):
            continue
        for entry in (entry for layer in process.layers for entry in layer.entries.values()):
            fallback = _fallback(entry.value) if isinstance(entry.value, Interpolated) else None
            if fallback:
                found.setdefault(entry.name, {}).setdefault((entry.location.path, fallback), entry.location)
    return {name: [(value, place) for (_, value), place in places.items()] for name, places in found.items()}


def _fallback(value: Interpolated) -> str | None:
    """The constant behind `:-` or `-` in a value that is one reference and nothing else."""
    parts = value.template.parts
    if len(parts) != 1 or isinstance(parts[0], str) or not parts[0].operator.endswith("-"):
        return None
    word = parts[0].word
    texts = [part for part in word if isinstance(part, str)]
    return "".join(texts) if len(texts) == len(word) else None


def _judge(app: App, setting: Setting, composed: Mapping[str, list[tuple[str, Location]]]) -> Iterator[Finding]:
    places = list(_places(app, setting, composed))
    if len(places) < 2:  # noqa: PLR2004 - it takes two to differ
        return
    first = places[0]
    others = [place for place in places[1:] if not _same(first, place)]
    if not others:
        return
    hard = [place for place in others if not _excused(setting, first, place)]
    if not app.strict:  # an example shows one way to set it, a compose file is tuned for one deployment
        told = any(place.kind == _EXAMPLE for place in places[1:] if place not in others)
        soft = {_EXAMPLE} if told else {_EXAMPLE, _COMPOSE}
        hard = [] if first.kind in {_EXAMPLE, _COMPOSE} else [place for place in hard if place.kind not in soft]
    shown = hard or others
    listed = ", ".join(f"{_show(place)} {place.what}" for place in shown[:3])
    message = f"`{setting.name}` is {_show(first)} {first.what}, but {listed}"
    notes = [Note(f"{_show(place)} {place.what}", place.location) for place in others]
    help_ = "write the value that is meant in every place shown, or leave it to one of them"
    severity = Severity.WARNING if hard else Severity.INFO
    yield RULE.finding(setting.name, message, help=help_, location=first.location, notes=notes, severity=severity)


def _places(app: App, setting: Setting, composed: Mapping[str, list[tuple[str, Location]]]) -> Iterator[_Place]:
    """Places with a value, the default first; a value that another place of the same kind repeats is one place."""
    if setting.default is not None and setting.default.literal is not None:
        value = _literal(setting.default.literal.reveal())
        # What a text stands for, as in `Decimal("1.50")`, is what pydantic makes of it.
        value = typed(setting.kind, value).value if isinstance(value, str) else value
        if value not in (None, "", [], {}, ()):
            yield _Place("by default", str(value), value, setting.location)
    for name in setting.names or ():
        if name in setting.json_names:  # the value is somewhere in what it holds
            continue
        documented = app.documented.get(name)
        written = documented.binding.value if documented is not None else None
        if documented is not None and written and not documented.binding.interpolated:
            where = documented.text.at(documented.binding.value_span)
            given = _given(setting.kind, f"in {documented.text.path}", written.reveal(), where, valid=True)
            yield from (place._replace(kind=_EXAMPLE) for place in given)
        rendered = app.rendered.get(name) if name not in app.glued_to else None
        for fallback in rendered.key.values if rendered is not None else ():
            source = rendered.source.text if rendered is not None else None
            if source is not None:
                what = f"in the template {source.path.rpartition('/')[2]}"
                yield from _given(setting.kind, what, fallback.literal, source.at(fallback.span))
        for fallen, place in composed.get(name, ()):
            given = _given(setting.kind, f"in {place.path}", fallen, place)
            yield from (one._replace(kind=_COMPOSE) for one in given)


def _given(kind: Kind, what: str, written: str, location: Location, *, valid: bool = False) -> Iterator[_Place]:
    found = typed(kind, written)
    # A documented value that cannot be read has a finding of its own.
    if written and (found.valid or not valid) and not _PYTHON_STRING.fullmatch(written):
        yield _Place(what, written, found.value, location)


def _literal(source: str) -> Any:
    try:
        return ast.literal_eval(source)
    except (ValueError, SyntaxError, RecursionError, MemoryError):
        return None


def _same(first: _Place, second: _Place) -> bool:
    one, other = first.value, second.value
    if isinstance(one, (list, tuple, set, frozenset)) and isinstance(other, (list, tuple)):
        return sorted(map(str, one)) == sorted(map(str, other))
    return bool(one == other) or str(one) == str(other)


def _excused(setting: Setting, first: _Place, second: _Place) -> bool:
    """Whether the difference is one that each environment has."""
    one, other = first.written, second.written
    if any(_SWITCH.search(name.upper()) for name in setting.names or ()):
        return True
    local = is_local(one) or is_local(other)
    return local or is_placeholder(one) or is_placeholder(other) or same_but_for_the_host(one, other)


def _show(place: _Place) -> str:
    """The value, without passwords and not at length."""
    shown = "".join(char if char.isprintable() else repr(char)[1:-1] for char in redact(place.written))
    shown = shown if len(shown) <= _LONGEST_SHOWN else f"{shown[:_LONGEST_SHOWN]}..."
    return f"`{shown}`"


RULE = Rule.declare(__name__, __doc__, Severity.WARNING, check, bad=BAD, good=GOOD)
