"""Turns the tables of a configuration file into the typed value of `config`."""

from __future__ import annotations

import sys
from collections.abc import Mapping
from contextlib import suppress
from types import UnionType

from fr_check.core.config import Allowance, Config
from fr_check.core.model import Location, Severity
from fr_check.core.record import NamedTuple
from fr_check.core.registry import CHECKERS, load_policies
from fr_check.core.rule_ids import RULE_IDS
from fr_check.core.selection import plain, unknown_names
from fr_check.core.trouble import Trouble, did_you_mean
from fr_check.sources import toml_places

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from typing import Any

    from fr_check.core.text import Text
    from fr_check.sources.toml_places import Path, Toml

HIDDEN = ("path", "severity", "allow", "tables", "remarks", "places")
FAIL_ON = ("error", "warning", "info")
PRESETS = ("strict", "common")
LEVELS: dict[str, Severity | None] = {**{str(level): level for level in Severity}, "off": None}


def holds(text: Text, top: Path) -> bool:
    """Whether a file holds that table."""
    return isinstance(_parse(text).get(*top), dict)


def _parse(text: Text) -> Toml:
    for problem in text.problems:
        raise Trouble(f"{text.path}:{problem.span.line}:{problem.span.column}: {problem.message}", problem.help)
    document = toml_places.parse(text)
    for problem in document.problems:
        raise Trouble(f"{text.path}:{problem.span.line}:{problem.span.column}: {problem.message}", problem.help)
    return document


class _Place(NamedTuple):
    """A value inside the document, with what a message about it needs."""

    text: Text
    document: Toml
    path: Path

    def inner(self, part: str | int) -> _Place:
        return self._replace(path=(*self.path, part))

    def location(self) -> Location:
        return self.text.at(self.document.span(*self.path))

    def trouble(self, message: str, help_: str = "") -> Trouble:
        span = self.location().span
        where = f"{self.text.path}:{span.line}:{span.column}" if span else self.text.path
        return Trouble(f"{where}: {message}", help_)

    def name(self) -> str:
        return ".".join(str(part) for part in self.path)


def read(text: Text, top: Path) -> Config:
    """The configuration in a file, below `top`.

    Raises:
        Trouble: the file is not TOML, or holds an unknown key or a value of the wrong type.
    """
    place = _Place(text, _parse(text), top)
    table = dict(place.document.get(*top) or {}) if top else dict(place.document.data)
    severity = _severities(table.pop("severity", {}), place.inner("severity"))
    allow = _allowances(table.pop("allow", {}), place.inner("allow"))
    own = load_policies()
    tables = {kind: _record(kind, table.pop(name), place.inner(name)) for name, kind in own.items() if name in table}
    config: Config = _record(Config, table, place, hidden=HIDDEN, others=(*own, "severity", "allow"))
    if config.preset not in {"", *PRESETS}:
        hint = did_you_mean(config.preset, PRESETS)
        raise place.inner("preset").trouble(f"unknown preset `{config.preset}`{hint}", f"use {' or '.join(PRESETS)}")
    for index, name in enumerate(config.require):
        if name not in CHECKERS:
            near = did_you_mean(name, CHECKERS)
            message = f"`{name}` is no checker{near}"
            raise place.inner("require").inner(index).trouble(message, f"known checkers: {', '.join(CHECKERS)}")
    config = config._replace(select=tuple(map(plain, config.select)), ignore=tuple(map(plain, config.ignore)))
    for key in ("select", "ignore"):
        for index, word in enumerate(getattr(config, key)):
            if unknown_names((word,)):
                _known_rule(word, place.inner(key).inner(index))
    if config.fail_on not in FAIL_ON:
        near = did_you_mean(config.fail_on, FAIL_ON)
        message = f"`{config.fail_on}` is no severity that can fail{near}"
        raise place.inner("fail-on").trouble(message, f"use one of {', '.join(FAIL_ON)}")
    written = dict(_places(place, tuple(own)))
    return config._replace(path=text.path, severity=severity, allow=allow, tables=tables, places=written)


def _places(place: _Place, checkers: tuple[str, ...]) -> Iterator[tuple[str, Location]]:
    """Where each key stands that is written: those of a checker's own table as `coverage.line`."""
    table = place.document.get(*place.path) if place.path else place.document.data
    for key, value in (table or {}).items():
        if key in (*checkers, "severity") and isinstance(value, dict):
            yield from ((f"{key}.{inner}", place.inner(key).inner(inner).location()) for inner in value)
        else:
            yield key, place.inner(key).location()


def _record(kind: type, table: object, place: _Place, hidden: Iterable[str] = (), others: Iterable[str] = ()) -> Any:
    """Fills a NamedTuple from a table; every key must be one of its fields, but for those `hidden`.

    `others` are keys that were read before.
    """
    if not isinstance(table, dict):
        raise place.trouble(f"`{place.name()}` must be a table")
    accepted = {key.replace("_", "-"): hint for key, hint in hints(kind).items() if key not in hidden}
    valid = [*accepted, *others]
    for key in table:
        if key not in accepted:
            where = f"[{place.name()}]" if place.path else "the configuration"
            hint = did_you_mean(key, valid)
            if key == "tool" and not place.path:
                hint = ": in a file of its own the tables stand without `tool.fr-check`, as in `[env-keys]`"
            raise place.inner(key).trouble(f"unknown key `{key}` in {where}{hint}", f"known keys: {', '.join(valid)}")
    values = {key.replace("-", "_"): _convert(accepted[key], value, place.inner(key)) for key, value in table.items()}
    defaults: dict[str, object] = vars(kind)["_field_defaults"]
    for key in accepted:
        field = key.replace("-", "_")
        if field not in values and field not in defaults:
            raise place.trouble(f"`{place.name()}` has no `{key}`", f"add `{key} = ...`")
    return kind(**values)


def hints(kind: type) -> dict[str, Any]:
    """The types of a NamedTuple's fields, from their annotations: `typing.get_type_hints` without its import.

    Its module has `from __future__ import annotations` and imports every name in them at run time.
    """
    names = vars(sys.modules[kind.__module__])
    return {field: eval(source, names) for field, source in kind.__annotations__.items()}  # noqa: S307 - our own source


def _convert(hint: Any, value: object, place: _Place) -> object:
    """One value, checked against its field's annotation.

    That may be `str`, `bool`, `int` (from 0), `float` (a percentage), `X | None`, `tuple[X, ...]`, `Mapping[str, X]`,
    or another NamedTuple.
    """
    origin = getattr(hint, "__origin__", None)
    arguments: tuple[Any, ...] = getattr(hint, "__args__", ())
    if isinstance(hint, UnionType):
        return _convert(arguments[0], value, place)
    if origin is tuple:
        if not isinstance(value, list):
            raise place.trouble(f"`{place.name()}` must be a list")
        items = tuple(_convert(arguments[0], item, place.inner(index)) for index, item in enumerate(value))
        _told_apart(items, place)
        return items
    if origin is Mapping:
        if not isinstance(value, dict):
            raise place.trouble(f"`{place.name()}` must be a table")
        return {key: _convert(arguments[1], item, place.inner(key)) for key, item in value.items()}
    if hasattr(hint, "_fields"):
        return _record(hint, value, place)
    return _scalar(hint, value, place)


def _told_apart(items: tuple[object, ...], place: _Place) -> None:
    """Entries that have a name have one of their own: findings, thresholds and records go by it."""
    seen: dict[str, int] = {}
    for index, item in enumerate(items):
        name = getattr(item, "name", "")
        if name and seen.setdefault(name, index) != index:
            first = place.inner(seen[name]).location().span
            where = f"; the first is on line {first.line}" if first else ""
            raise place.inner(index).trouble(
                f"two entries of `{place.name()}` are called `{name}`{where}", "rename one"
            )


def _scalar(hint: type, value: object, place: _Place) -> object:
    if hint is float and isinstance(value, int | float) and not isinstance(value, bool):
        if not 0 <= value <= 100:  # noqa: PLR2004 - percent; NaN fails the comparison too
            raise place.trouble(f"`{place.name()}` must be between 0 and 100")
        return value
    if hint is int and isinstance(value, int) and not isinstance(value, bool):
        if value < 0:
            raise place.trouble(f"`{place.name()}` must not be negative")
        return value
    if hint in (str, bool) and isinstance(value, hint):
        return value
    words = {float: "a number", int: "a whole number", str: "a string", bool: "true or false"}
    raise place.trouble(f"`{place.name()}` must be {words[hint]}")


def _severities(table: object, place: _Place) -> dict[str, Severity | None]:
    if not isinstance(table, dict):
        raise place.trouble(f"`{place.name()}` must be a table of rule = level")
    levels: dict[str, Severity | None] = {}
    for rule, level in table.items():
        _known_rule(rule, place.inner(rule))
        if not isinstance(level, str) or level not in LEVELS:
            message = f"`{level}` is no severity{did_you_mean(str(level), LEVELS)}"
            raise place.inner(rule).trouble(message, f"use one of {', '.join(LEVELS)}")
        levels[rule] = LEVELS[level]
    return levels


def _allowances(table: object, place: _Place) -> tuple[Allowance, ...]:
    if not isinstance(table, dict):
        raise place.trouble(f"`{place.name()}` must be a table of rule = [entries]")
    found: list[Allowance] = []
    for rule, entries in table.items():
        _known_rule(rule, place.inner(rule))
        if not isinstance(entries, list):
            raise place.inner(rule).trouble(f"`{place.inner(rule).name()}` must be a list of entries")
        found.extend(_allowance(rule, entry, place.inner(rule).inner(index)) for index, entry in enumerate(entries))
    return tuple(found)


def _allowance(rule: str, entry: object, place: _Place) -> Allowance:
    example = 'write {subject = "NAME", reason = "why this is right"}'
    if not isinstance(entry, dict):
        raise place.trouble(f"`{place.name()}` must be a table", example)
    known = ("subject", "path", "reason", "until")
    until = entry.get("until")
    for key, value in entry.items():
        if key not in known:
            raise place.inner(key).trouble(f"unknown key `{key}`{did_you_mean(key, known)}", example)
        if key == "until":
            until = _date(value, place.inner(key))
        elif not isinstance(value, str):
            raise place.inner(key).trouble(f"`{key}` must be a string", example)
    if not entry.get("reason", "").strip():
        raise place.trouble(f"an entry that allows `{rule}` gives no reason", example)
    subject, path = entry.get("subject", "*"), entry.get("path", "**")
    return Allowance(rule, subject, path, entry["reason"], place.location(), until)


def _date(value: object, place: _Place) -> str:
    """A day as `2027-01-31`, written as a date of TOML or as a string."""
    from datetime import date  # noqa: PLC0415 - only where an allowance ends

    # A date of TOML is a `date`, whose text is its ISO form; that of a time of day is not.
    with suppress(ValueError):
        return date.fromisoformat(str(value)).isoformat()
    raise place.trouble(f"`{place.name()}` must be a day", "write it as until = 2027-01-31")


def _known_rule(rule: str, place: _Place) -> None:
    if rule not in RULE_IDS:
        near = did_you_mean(rule, RULE_IDS)
        help_ = "`fr-check rules` lists every rule"
        if rule in CHECKERS:
            help_ = f"`{rule}` is a checker, not a rule; {help_}"
        raise place.trouble(f"unknown rule `{rule}`{near}", help_)
