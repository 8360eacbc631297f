"""`extend`: an organisation's policy below a repository's own."""

from __future__ import annotations

import posixpath

from fr_check.core.repository import Missing, Unreadable
from fr_check.core.trouble import Trouble

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any

    from fr_check.core.config import Config
    from fr_check.core.repository import Repository
    from fr_check.core.text import Text

_LONGEST_CHAIN = 8


def applied(repository: Repository, config: Config, read: Callable[[Text], Config]) -> Config:
    """A configuration on top of what it extends, and that on top of what it extends itself.

    What the repository writes wins, key by key; `allow` entries of both count.

    Raises:
        Trouble: a file is missing, lies outside the root, cannot be read, or extends itself.
    """
    chain = [config]
    while (path := chain[-1].extend) is not None:
        at = chain[-1].places.get("extend")
        where = f"{at.path}:{at.span.line}: " if at and at.span else ""
        normal = posixpath.normpath(path)
        if normal.startswith(("/", "../")) or normal in {"..", "."}:
            raise Trouble(f"{where}`extend` leads out of the repository: {path}", "name a file below its root")
        if normal in [link.path for link in chain] or len(chain) > _LONGEST_CHAIN:
            raise Trouble(f"{where}`extend` comes back to {path}", "let the shared policy extend nothing")
        text = repository.read(normal)
        if isinstance(text, Missing):
            raise Trouble(f"{where}`extend` names {path}, which does not exist", "correct the path, or remove the key")
        if isinstance(text, Unreadable):
            raise Trouble(f"{where}{path}, which `extend` names, cannot be read: {text.message}", text.help)
        chain.append(read(text))
    merged = chain.pop()
    while chain:
        merged = _merged(merged, chain.pop())
    return merged


def _merged(shared: Config, own: Config) -> Config:
    tables = {**shared.tables}
    for kind, table in own.tables.items():
        below = tables.get(kind)
        tables[kind] = table if below is None else _over(below, table)
    written = [key.replace("-", "_") for key in own.places]
    values = {field: getattr(own, field) for field in written if field in own._fields and field not in _JOINED}
    return shared._replace(
        **values,
        path=own.path,
        severity={**shared.severity, **own.severity},
        allow=(*own.allow, *shared.allow),
        tables=tables,
        remarks=own.remarks,
        places={**shared.places, **own.places},
    )


_JOINED = ("severity", "allow", "tables", "path", "remarks", "places")


def _over(below: Any, table: Any) -> Any:
    """A checker's own table on top of another: what differs from the defaults is what was written."""
    default = type(table)()
    changed = {name: value for name, value, usual in zip(table._fields, table, default, strict=True) if value != usual}
    return below._replace(**changed)
