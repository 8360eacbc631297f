"""What `.gitmodules`, the pointers, the local configuration and the submodules' own remotes say of each other."""

from __future__ import annotations

from fr_check.core.model import Location, Span
from fr_check.core.record import NamedTuple
from fr_check.core.repository import Unreadable
from fr_check.core.text import Text
from fr_check.repository.revision import GitRepository, Index, Revision
from fr_check.repository.submodules import Store, read_config, remote_of
from fr_check.sources import gitmodules
from fr_check.sources.remote_url import normalise, resolve

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping

    from fr_check.core.repository import Repository
    from fr_check.sources.gitmodules import GitConfig, Submodule

GITMODULES = ".gitmodules"


class Registered(NamedTuple):
    """The `.gitmodules` of one state: the text (None: there is none, or it cannot be read) and what it says."""

    text: Text | None
    config: GitConfig
    unreadable: Unreadable | None
    symlink: bool

    @property
    def broken(self) -> bool:
        """Whether a part of it cannot be read, so that an entry that is not seen proves nothing."""
        return bool(self.config.problems) or (self.text is not None and bool(self.text.problems))

    def by_path(self) -> dict[str, Submodule]:
        """Path -> entry; an entry without a path is none."""
        return {entry.path.rstrip("/"): entry for entry in self.config.submodules if entry.path}

    def location(self, path: str, key: str | None = None) -> Location:
        """Where a submodule's entry stands, or one of its keys; the pointer's own path where there is no entry."""
        entry = self.by_path().get(path)
        if entry is None or self.text is None:
            return Location(path)
        span: Span = entry.spans.get(key, entry.span) if key else entry.span
        return self.text.at(span)


class Urls(NamedTuple):
    """Where a submodule is said to come from. None where a place says nothing, or cannot be asked.

    All are resolved: `declared` from `.gitmodules`, `configured` from the superproject's configuration, `remote` from
    the submodule's own `origin`, `before` what `.gitmodules` said at the base.
    """

    path: str
    declared: str | None
    configured: str | None
    remote: str | None
    before: str | None


def read_registered(repository: Repository) -> Registered:
    """Reads `.gitmodules` of a repository."""
    symlink = isinstance(repository, GitRepository) and repository.is_symlink(GITMODULES)
    text = repository.read(GITMODULES)
    config = gitmodules.parse(text if isinstance(text, Text) else Text("", GITMODULES))
    unreadable = text if isinstance(text, Unreadable) else None
    return Registered(text if isinstance(text, Text) else None, config, unreadable, symlink)


def read_registered_before(repository: Repository, now: Registered, base: Repository) -> Registered:
    """Reads `.gitmodules` of the base, unless git's own names of the two say that they are the same."""
    if isinstance(repository, Index | Revision) and isinstance(base, Revision):
        one = repository.blob(GITMODULES)
        if one is not None and one == base.blob(GITMODULES):
            return now
    return read_registered(base)


def read_urls(
    repository: GitRepository, now: Registered, before: Registered | None, stores: Mapping[str, Store]
) -> tuple[Urls, ...]:
    """The addresses of every registered submodule."""
    local = read_config(repository.layout.common_dir)
    origin = local.get("remote", "origin", "url")
    entries_before = before.by_path() if before else {}
    found = []
    for path, entry in now.by_path().items():
        own = read_config(stores[path].folders()[-1]) if path in stores else None
        old = entries_before.get(path)
        urls = (
            entry.url,
            local.get("submodule", entry.name, "url"),
            own.get("remote", remote_of(own), "url") if own else None,
            old.url if old else None,
        )
        found.append(Urls(path, *(resolve(url, origin) if url else None for url in urls)))
    return tuple(found)


def upstream_url(repository: GitRepository, entry: Submodule | None, store: object) -> str | None:
    """The address to ask: the one in `.gitmodules`, which is what everybody else clones.

    Where the clone or the configuration here names the same repository in another way, as by ssh, that is asked: it is
    what the credentials here are for. They alone count only where `.gitmodules` says nothing.
    """
    local = read_config(repository.layout.common_dir)
    clone = read_config(store.folders()[-1]) if isinstance(store, Store) else None
    own = clone.get("remote", remote_of(clone), "url") if clone else None
    configured = local.get("submodule", entry.name, "url") if entry else None
    declared = resolve(entry.url, local.get("remote", "origin", "url")) if entry and entry.url else None
    if declared is None:
        return own or configured
    return next((url for url in (own, configured) if url and same_repository(url, declared)), declared)


def same_repository(one: str, other: str) -> bool:
    """Whether two addresses name one repository. Names on a forge do not care about case."""
    left, right = normalise(one), normalise(other)
    return left.host == right.host and left.path.lower() == right.path.lower()


def on_disk(url: str) -> bool:
    """Whether an address is a path: a mirror that somebody chose for this machine."""
    return not normalise(url).host
