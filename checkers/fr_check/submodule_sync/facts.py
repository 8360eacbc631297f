"""Joins pointers, histories, registrations and workflows into what the rules of submodule-sync compare."""

from __future__ import annotations

from fr_check.core.model import Gap, Move, Skipped, Table, Unknown
from fr_check.core.record import NamedTuple
from fr_check.core.repository import Repository
from fr_check.core.trouble import did_you_mean
from fr_check.policy.submodule_sync import SubmoduleSync
from fr_check.repository.git import CannotKnow
from fr_check.repository.history import DEFAULT, Branch
from fr_check.repository.objects import GITLINK
from fr_check.repository.revision import GitRepository, Revision
from fr_check.repository.submodules import Store
from fr_check.repository.worktree import committed
from fr_check.submodule_sync.pointers.reading import read_pointer
from fr_check.submodule_sync.pointers.registration import (
    GITMODULES,
    Registered,
    Urls,
    read_registered,
    read_registered_before,
    read_urls,
)
from fr_check.submodule_sync.pointers.standing import DEFAULT_NAMES
from fr_check.submodule_sync.pointers.tables import row
from fr_check.submodule_sync.pointers.wording import one_line, subject

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator, Mapping

    from fr_check.core.context import Context
    from fr_check.submodule_sync.pointers.standing import Pointer
    from fr_check.submodule_sync.pointers.wiring import JobWiring

NAME = "submodule-sync"


class Facts(NamedTuple):
    """Everything the rules compare. Pointers are in the order of their paths."""

    pointers: tuple[Pointer, ...]
    registered: Registered
    registered_before: Registered | None
    links_before: Mapping[str, str]
    unmerged: tuple[str, ...]
    replaced: frozenset[str]
    urls: tuple[Urls, ...]
    jobs: tuple[JobWiring, ...]
    policy_path: str | None = None
    unknowns: tuple[Unknown, ...] = ()
    skipped: tuple[Skipped, ...] = ()

    @property
    def counts(self) -> Mapping[str, int]:
        """How much was looked at."""
        moved = sum(1 for pointer in self.pointers if pointer.changes)
        merged = sum(1 for pointer in self.pointers if pointer.standing and pointer.standing.merged is True)
        return {"submodules": len(self.pointers), "moved": moved, "merged": merged}

    @property
    def moves(self) -> tuple[Move, ...]:
        """The pointers that went forward since the base, with what they bring."""
        return tuple(_moves(self.pointers))

    @property
    def gaps(self) -> tuple[Gap, ...]:
        """Submodules of submodules, which a recursive clone needs; branches that only this clone calls the default."""
        return (*_nested(self.pointers), *_assumed(self.pointers))

    def was_submodule(self, path: str) -> bool:
        """Whether the base had both the pointer and the entry."""
        before = self.registered_before
        return before is not None and path in self.links_before and path in before.by_path()

    def tables(self) -> tuple[Table, ...]:
        """Pointer, branch, ahead, behind, merged, checkout."""
        columns = ("pointer", "commit", "branch", "ahead", "behind", "merged", "checkout")
        return (Table("Submodules", columns, tuple(row(pointer) for pointer in self.pointers)),)


def load(context: Context) -> Facts:
    """Reads everything; never the network, unless the options say so."""
    context = as_committed(context)
    repository = context.repository
    base = context.base if isinstance(context.base, Repository) else None
    registered = read_registered(repository)
    registered_before = read_registered_before(repository, registered, base) if base is not None else None
    links = repository.gitlinks()
    links_before = dict(base.gitlinks()) if base is not None else {}
    unmerged = _unmerged(repository)
    reason = _nothing(repository, any((links, links_before, unmerged, registered.config.submodules)))
    if reason:
        return Facts((), registered, None, {}, (), frozenset(), (), (), skipped=(Skipped(NAME, reason, whole=True),))
    from fr_check.submodule_sync.pointers import wiring  # noqa: PLC0415 - only where there are submodules

    stores = _stores(repository)
    old_paths = _old_paths(registered, registered_before)
    befores = {path: links_before.get(old_paths.get(path, path)) for path in links}
    recorded = _at_head(repository, registered, base)
    pointers = tuple(
        read_pointer(context, registered, path, befores[path], recorded.get(path, befores[path]))
        for path in sorted(links)
    )
    facts = Facts(
        pointers,
        registered,
        registered_before,
        links_before,
        unmerged,
        _replaced(repository, links_before),
        read_urls(repository, registered, registered_before, stores) if isinstance(repository, GitRepository) else (),
        wiring.read_jobs(repository, tuple(sorted(links))),
        context.config.path,
    )
    return facts._replace(unknowns=tuple(_unknowns(context, facts)))


def _nothing(repository: Repository, any_submodule: object) -> str | None:
    """Why there is nothing to judge, if there is nothing."""
    if not any_submodule:
        git = isinstance(repository, GitRepository)
        return "the repository has no submodules" if git else "no git repository, no submodules"
    if isinstance(repository, GitRepository) and repository.layout.top not in {None, repository.root}:
        return "submodules are registered at the top of the repository, and this is a folder of it"
    return None


def _at_head(repository: Repository, now: Registered, base: Repository | None) -> Mapping[str, str]:
    """Path -> what the last commit names there, where the index is judged and the base is another commit.

    What is staged is compared with it, too: a base before the last commit may well have had what is gone back to.
    """
    if not isinstance(repository, GitRepository) or repository.revision is not None:
        return {}
    commit = repository.layout.head
    if commit is None or (isinstance(base, Revision) and base.revision == commit):
        return {}
    from fr_check.repository import superproject  # noqa: PLC0415 - not in a hook

    links = repository.gitlinks()
    found = superproject.pointers(repository.layout, commit, links)
    if len(found) == len(links):
        return found
    # A submodule that moved, or one that is new.
    head = Revision(repository.layout, repository.root, commit, repository.objects)
    old_paths, old_links = _old_paths(now, read_registered_before(repository, now, head)), head.gitlinks()
    return {path: old_links[old] for path in links if (old := old_paths.get(path, path)) in old_links}


def _old_paths(now: Registered, before: Registered | None) -> dict[str, str]:
    """Path -> where the submodule of the same name was at the base, for those that moved."""
    if before is None or before is now:
        return {}
    paths_before, current = before.by_path(), now.by_path()
    old = {entry.name: path for path, entry in paths_before.items() if path not in current}
    return {path: old[entry.name] for path, entry in current.items() if path not in paths_before and entry.name in old}


def as_committed(context: Context) -> Context:
    """In a commit hook, what is being committed: an untracked or unstaged .gitmodules on disk is not."""
    repository = context.repository
    state = committed(repository)
    if state is repository:
        return context
    repository.read(GITMODULES)  # where suppressions are looked for
    return context.of(state)


def _stores(repository: Repository) -> dict[str, Store]:
    if not isinstance(repository, GitRepository) or isinstance(repository, Revision):
        return {}
    found = {path: repository.store(path) for path in repository.gitlinks()}
    return {path: store for path, store in found.items() if isinstance(store, Store)}


def _unmerged(repository: Repository) -> tuple[str, ...]:
    if not isinstance(repository, GitRepository):
        return ()
    stages = repository.unmerged.items()
    return tuple(sorted(path for path, entries in stages if any(entry.mode == GITLINK for entry in entries.values())))


def _replaced(repository: Repository, links_before: Mapping[str, str]) -> frozenset[str]:
    """Former submodules in whose place files are tracked now."""
    gone = links_before.keys() - repository.gitlinks().keys()
    paths = repository.paths() if gone else ()
    return frozenset(old for old in gone if any(path == old or path.startswith(f"{old}/") for path in paths))


def _unknowns(context: Context, facts: Facts) -> Iterator[Unknown]:
    if isinstance(context.base, Unknown) and facts.pointers:
        yield context.base._replace(checker=NAME, subject="base")
    if facts.registered.unreadable is not None:
        unreadable = facts.registered.unreadable
        yield Unknown(NAME, unreadable.reason, ".gitmodules", unreadable.message, unreadable.help)
    for pointer in facts.pointers:
        reasons = dict.fromkeys(_obstacles(pointer))
        shown = {reason.reason: reason for reason in reasons}
        for reason in shown.values():
            yield Unknown(NAME, reason.reason, pointer.path, reason.message, reason.help, pointer.location)
    yield from _misnamed(context, {*facts.registered.by_path(), *facts.links_before, *context.repository.gitlinks()})


def _moves(pointers: Iterable[Pointer]) -> Iterator[Move]:
    for pointer in pointers:
        for change in pointer.changes:
            if change.brings(pointer):
                subjects = tuple(subject(commit) for commit in pointer.brought)
                yield Move(pointer.path, change.old, pointer.commit, change.gained, subjects)
                break


def _nested(pointers: Iterable[Pointer]) -> Iterator[Gap]:
    for pointer in pointers:
        for path in pointer.nested:
            inside = f"{pointer.path}/{path}"
            message = (
                f"`{one_line(inside)}` is a submodule of submodule `{pointer.name}` and is not judged here: run"
                f" `fr-check submodule-sync` in {pointer.name}'s own repository"
            )
            yield Gap(NAME, inside, message, pointer.location)


def _assumed(pointers: Iterable[Pointer]) -> Iterator[Gap]:
    """That a pointer which moves is judged by a branch of an unusual name, since the clone's own note says so.

    `git remote set-head origin BRANCH` writes that note, and no fetch corrects it.
    """
    for pointer in pointers:
        branch = pointer.branch
        if not (pointer.changes and isinstance(branch, Branch) and branch.source == DEFAULT) or pointer.asked:
            continue
        if branch.name not in DEFAULT_NAMES:
            message = (
                f"`{pointer.name}` moves and is judged by the branch `{one_line(branch.name)}`, which this clone notes"
                " as the upstream's default and nobody asked the upstream for: write `branch ="
                f" {one_line(branch.name)}` in .gitmodules, or use --online"
            )
            yield Gap(NAME, pointer.path, message, pointer.location)


def _misnamed(context: Context, paths: Collection[str]) -> Iterator[Unknown]:
    """Entries of the policy that speak of no submodule: what they were written for is judged without them."""
    policy = context.config.of(SubmoduleSync)
    named = (*policy.branch, *policy.allow_tags, *policy.paths, *policy.allow_rewinds)
    for path in dict.fromkeys(name for name in named if name not in paths):
        message = f"the policy speaks of submodule `{path}`, which is not one{did_you_mean(path, paths)}"
        help_ = f"correct the path in {context.config.path}, or delete the entry"
        yield Unknown(NAME, "unknown-submodule", path, message, help_)


def _obstacles(pointer: Pointer) -> Iterator[CannotKnow]:
    # A pointer that nobody registered has no clone to initialise: that it is not registered is told.
    unregistered = pointer.entry is None and pointer.obstacle is not None
    if pointer.obstacle is not None and not (unregistered and pointer.obstacle.reason == "uninitialised-submodule"):
        yield pointer.obstacle
    if pointer.checkout is not None and pointer.checkout.obstacle is not None:
        yield pointer.checkout.obstacle
    yield from pointer.unasked
    standing = pointer.standing
    if standing is None or (standing.kind is None and pointer.asked):
        return
    if isinstance(standing.merged, CannotKnow) and standing.tag is None:
        yield standing.merged
    if isinstance(pointer.max_behind, CannotKnow):
        yield pointer.max_behind
    for change in pointer.changes:
        # A pointer off the branch is a finding already; what it was before does not make that better.
        off = change.new.merged is False and change.new.tag is None
        if isinstance(change.backward, CannotKnow) and not off:
            yield change.backward
