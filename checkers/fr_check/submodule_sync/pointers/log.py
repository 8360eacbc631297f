"""What `--log` lists: the commits between two pointers, as a reviewer would want them."""

from __future__ import annotations

from fr_check.core.model import Table, Unknown
from fr_check.core.repository import Repository
from fr_check.repository.git import CannotKnow
from fr_check.repository.history import History
from fr_check.repository.revision import GitRepository
from fr_check.submodule_sync.facts import NAME, as_committed
from fr_check.submodule_sync.pointers.wording import one_line

TYPE_CHECKING = False
if TYPE_CHECKING:
    from fr_check.core.context import Context

_LIMIT = 1000


def log(context: Context) -> tuple[tuple[Table, ...], tuple[Unknown, ...]]:
    """For every pointer that moved, the commits it gained (`+`) and lost (`-`), newest first; and what is not known."""
    context = as_committed(context)
    repository, base = context.repository, context.base
    if not isinstance(repository, GitRepository):
        return (), ()
    if not isinstance(base, Repository):
        return (), () if base is None else (base._replace(checker=NAME),)
    tables, unknowns = [], []
    links, links_before = repository.gitlinks(), base.gitlinks()
    for path in sorted({*links, *links_before}):
        old, new = links_before.get(path), links.get(path)
        if old == new:
            continue
        rows = _rows(repository, path, old, new) if old and new else ()
        if isinstance(rows, CannotKnow):
            unknowns.append(Unknown(NAME, rows.reason, path, rows.message, rows.help))
            rows = ()
        title = f"{one_line(path)}: {old[:12] if old else 'none'} -> {new[:12] if new else 'none'}"
        tables.append(Table(title, ("", "commit", "date", "author", "subject"), rows))
    return tuple(tables), tuple(unknowns)


def _rows(repository: GitRepository, path: str, old: str, new: str) -> tuple[tuple[str, ...], ...] | CannotKnow:
    store = repository.store(path)
    if isinstance(store, CannotKnow):
        return store
    history = History(store, path)
    distance = history.distance(old, new)
    if isinstance(distance, CannotKnow):
        return distance
    sides = (("+", history.only_in(new, old, _LIMIT)), ("-", history.only_in(old, new, _LIMIT)))
    return tuple((sign, row.commit[:12], *map(one_line, row[1:])) for sign, side in sides for row in side)
