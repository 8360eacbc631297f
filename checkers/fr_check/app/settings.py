"""`fr-check config`: the effective settings, and where each of them comes from."""

from __future__ import annotations

import json

from fr_check.core.model import Severity
from fr_check.core.registry import load_policies
from fr_check.policy.preset import is_strict
from fr_check.report.view import printable

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Container, Iterator
    from typing import Any

    from fr_check.core.config import Allowance, Config

_APART = ("path", "tables", "remarks", "places", "severity", "allow")


def in_force(config: Config, paths: Container[str]) -> Config:
    """The configuration with what holds where it says nothing: the preset that the files of the repository call for."""
    return config._replace(preset="strict" if is_strict(config, paths.__contains__) else "common")


def render(config: Config, form: str) -> str:
    """Every key with its value, as TOML would have it, and its place; or JSON, with `source` null for a default."""
    rows = list(_rows(config))
    if form == "json":
        shown = [{"key": key, "value": value, "source": _source(config, key)} for key, value in rows]
        return json.dumps({"version": 1, "settings": shown}, indent=2) + "\n"
    lines = [(_line(key, value), _source(config, key) or "default") for key, value in rows]
    width = min(_WIDEST, max(len(line) for line, _ in lines))
    remarks = "".join(f"# {printable(remark)}\n" for remark in config.remarks)
    return remarks + "".join(f"{printable(line):<{width}}  # {printable(source)}\n" for line, source in lines)


_WIDEST = 60


def _line(key: str, value: Any) -> str:
    # TOML has no word for nothing.
    return f"# {key} is not set" if value is None else f"{key} = {_toml(value)}"


def _toml(value: Any) -> str:
    """A value on one line of TOML, whose strings and numbers are those of JSON."""
    if isinstance(value, dict):
        pairs = (f"{json.dumps(key)} = {_toml(inner)}" for key, inner in value.items() if inner is not None)
        return f"{{ {', '.join(pairs)} }}" if value else "{}"
    if isinstance(value, list):
        return f"[{', '.join(map(_toml, value))}]"
    return json.dumps(value, ensure_ascii=False)


def _rows(config: Config) -> Iterator[tuple[str, Any]]:
    yield from ((_key(name), _plain(value)) for name, value in config._asdict().items() if name not in _APART)
    yield from ((f"severity.{rule}", str(level) if level else "off") for rule, level in config.severity.items())
    for rule in dict.fromkeys(entry.rule for entry in config.allow):
        yield f"allow.{rule}", [_allowance(entry) for entry in config.allow if entry.rule == rule]
    for checker, kind in load_policies().items():
        table: Any = config.of(kind)
        yield from ((f"{checker}.{_key(name)}", _plain(value)) for name, value in table._asdict().items())


def _allowance(entry: Allowance) -> dict[str, str]:
    written = {"subject": entry.subject, "path": entry.path, "reason": entry.reason, "until": entry.until}
    return {key: value for key, value in written.items() if value is not None}


def _source(config: Config, key: str) -> str | None:
    place = config.places.get(key) or (config.places.get("allow") if key.startswith("allow.") else None)
    if place is None:
        return None
    return f"{place.path}:{place.span.line}" if place.span else place.path


def _key(name: str) -> str:
    return name.replace("_", "-")


def _plain(value: Any) -> Any:
    """A value of the policy as JSON has it."""
    if isinstance(value, Severity):
        return str(value)
    if hasattr(value, "_asdict"):
        return {_key(name): _plain(inner) for name, inner in value._asdict().items()}
    if isinstance(value, tuple):
        return [_plain(inner) for inner in value]
    if hasattr(value, "items"):
        return {name: _plain(inner) for name, inner in value.items()}
    return value
