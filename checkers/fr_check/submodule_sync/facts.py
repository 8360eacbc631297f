"""Joins pointers, histories, registrations and workflows into what the rules of submodule-sync compare."""

from __future__ import annotations

from fr_check.core.model import Location, Skipped, Table, Unknown
from fr_check.core.record import NamedTuple
from fr_check.core.repository import Repository
from fr_check.core.trouble import did_you_mean
from fr_check.policy.submodule_sync import SubmoduleSync
from fr_check.repository.git import CannotKnow
from fr_check.repository.history import History
from fr_check.repository.objects import GITLINK
from fr_check.repository.revision import GitRepository, Index, Revision
from fr_check.repository.submodules import Store
from fr_check.repository.worktree import Worktree
from fr_check.submodule_sync.pointers.changes import read_changes
from fr_check.submodule_sync.pointers.registration import (
    GITMODULES,
    Registered,
    Urls,
    read_registered,
    read_registered_before,
    read_urls,
    upstream_url,
)
from fr_check.submodule_sync.pointers.standing import SHOWN, Judge, Pointer, checked_out, day, look
from fr_check.submodule_sync.pointers.tables import row

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Mapping

    from fr_check.core.context import Context
    from fr_check.repository.history import Branch, Logged
    from fr_check.submodule_sync.pointers.standing import Standing
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
    unknowns: tuple[Unknown, ...] = ()
    skipped: tuple[Skipped, ...] = ()

    @property
    def counts(self) -> Mapping[str, int]:
        """How much was looked at."""
        moved = sum(1 for pointer in self.pointers if pointer.changes)
        merged = sum(1 for pointer in self.pointers if pointer.standing and pointer.standing.merged is True)
        return {"submodules": len(self.pointers), "moved": moved, "merged": merged}

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
        return Facts((), registered, None, {}, (), frozenset(), (), (), (), (Skipped(NAME, reason),))
    from fr_check.submodule_sync.pointers import wiring  # noqa: PLC0415 - only where there are submodules

    stores = _stores(repository)
    old_paths = _old_paths(registered, registered_before)
    befores = {path: links_before.get(old_paths.get(path, path)) for path in links}
    pointers = tuple(_pointer(context, registered, path, befores[path]) for path in sorted(links))
    facts = Facts(
        pointers,
        registered,
        registered_before,
        links_before,
        unmerged,
        _replaced(repository, links_before),
        read_urls(repository, registered, registered_before, stores) if isinstance(repository, GitRepository) else (),
        wiring.read_jobs(repository, tuple(sorted(links))),
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
    if not isinstance(repository, Worktree) or not repository.committing:
        return context
    repository.read(GITMODULES)  # where suppressions are looked for
    return context.of(Index.of(repository))


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


def _pointer(context: Context, registered: Registered, path: str, before: str | None) -> Pointer:
    repository, options = context.repository, context.options
    commit = repository.gitlinks()[path]
    entry = registered.by_path().get(path)
    location = registered.location(path)
    if entry is None:
        location = Location(path, None, repository.revision)
    pointer = Pointer(path, commit, location, entry, None, before)
    if not isinstance(repository, GitRepository):
        return pointer
    store = repository.store(path)
    if options.online:
        return _ask(context, pointer, store)
    if isinstance(store, CannotKnow):
        return pointer._replace(obstacle=store)
    return _judged(context, pointer, store, store)


def _ask(context: Context, pointer: Pointer, store: Store | CannotKnow) -> Pointer:
    """The pointer as its upstream sees it now."""
    from fr_check.repository.upstream import Question, asked  # noqa: PLC0415 - only for --online

    repository = context.repository
    url = upstream_url(repository, pointer.entry, store) if isinstance(repository, GitRepository) else None
    if url is None or not isinstance(repository, GitRepository):
        message = f"submodule {pointer.path} has no address to ask"
        return pointer._replace(obstacle=CannotKnow("unknown-upstream", message, "write its `url` in .gitmodules"))
    policy = context.config.of(SubmoduleSync)
    declared = (pointer.entry.branch if pointer.entry else None) or policy.branch.get(pointer.path)
    wanted = (pointer.commit, *([pointer.before] if pointer.before else []))
    tags = bool(policy.allow_tags.get(pointer.path))
    question = Question(pointer.path, url, None if declared == "." else declared, wanted, tags)
    with asked(repository.layout, question) as answer:
        if isinstance(answer, CannotKnow):
            # What the clone knows is judged all the same: a network that is down must not let a rewind through.
            known = _judged(context, pointer, store, store) if isinstance(store, Store) else pointer
            return known._replace(obstacle=answer)
        return _judged(context, pointer._replace(asked=True), answer, store)


def _judged(context: Context, pointer: Pointer, store: Store, local: Store | CannotKnow) -> Pointer:
    """The pointer with everything its history tells; `local` is the clone here, `store` the one that is asked."""
    path, policy = pointer.path, context.config.of(SubmoduleSync)
    history = History(store, path)
    pointer = pointer._replace(present=isinstance(local, Store) and local.checked_out)
    here = local if isinstance(local, Store) and local.checked_out else None
    history.look_up(_names(context, pointer, history))
    clone = None if here is None else history if here is store else History(here, path)
    looks = isinstance(context.repository, Worktree) and clone is not None and clone.kind("HEAD") is not None
    looked = look(here, path) if looks and here is not None else None
    branch = _branch(context, pointer, history)
    judge = Judge(history, branch, policy.allow_tags.get(path, ()))
    judge.expect(pointer.commit, pointer.before)
    standing = judge.standing(pointer.commit)
    limit = _passed_limit(policy.max_behind, standing, history)
    waiting: tuple[Logged, ...] = ()
    if isinstance(limit, int) and not isinstance(branch, CannotKnow):
        waiting = history.only_in(branch.tip, pointer.commit, SHOWN, paths=policy.paths.get(path, ()))
    checkout = None
    if clone is not None and isinstance(context.repository, Worktree | Index):
        checkout = checked_out(clone, pointer.commit, looked)
    return pointer._replace(
        branch=branch,
        standing=standing,
        changes=tuple(read_changes(context, pointer, judge, history)),
        checkout=checkout,
        fetched=None if pointer.asked else day(history.last_fetch),
        max_behind=limit,
        waiting=waiting,
    )


def _passed_limit(limit: int | None, standing: Standing, history: History) -> int | CannotKnow | None:
    """The limit of commits behind, if the pointer is past it."""
    if limit is None or not isinstance(standing.merged, bool) or standing.kind != "commit":
        return None
    if standing.behind is None:
        return history.cut_off()
    return limit if standing.behind > limit else None


def _names(context: Context, pointer: Pointer, history: History) -> Iterator[str]:
    """Everything that will be asked for, so that one process answers."""
    declared = pointer.entry.branch if pointer.entry else None
    ref = history.branch_ref(declared or context.config.of(SubmoduleSync).branch.get(pointer.path))
    yield from (name for name in (pointer.commit, pointer.before, "HEAD", ref) if name)


def _branch(context: Context, pointer: Pointer, history: History) -> Branch | CannotKnow:
    declared = pointer.entry.branch if pointer.entry else None
    repository = context.repository
    if declared == "." and isinstance(repository, GitRepository):
        # "." means the superproject's own branch; CI checks out none, and then the upstream's default counts.
        from fr_check.repository import superproject  # noqa: PLC0415 - hardly anybody writes it

        current = superproject.current_branch(repository.layout)
        found = history.branch(current, ".gitmodules") if current else None
        return history.branch(None, "") if found is None or isinstance(found, CannotKnow) else found
    if declared:
        return history.branch(declared, ".gitmodules")
    configured = context.config.of(SubmoduleSync).branch.get(pointer.path)
    return history.branch(configured, "configuration")


def _unknowns(context: Context, facts: Facts) -> Iterator[Unknown]:
    if isinstance(context.base, Unknown) and facts.pointers:
        yield context.base._replace(checker=NAME)
    if facts.registered.unreadable is not None:
        unreadable = facts.registered.unreadable
        yield Unknown(NAME, unreadable.reason, ".gitmodules", unreadable.message, unreadable.help)
    for pointer in facts.pointers:
        reasons = dict.fromkeys(_obstacles(pointer))
        shown = {reason.reason: reason for reason in reasons}
        for reason in shown.values():
            yield Unknown(NAME, reason.reason, pointer.path, reason.message, reason.help, pointer.location)
    yield from _misnamed(context, {*facts.registered.by_path(), *facts.links_before, *context.repository.gitlinks()})


def _misnamed(context: Context, paths: Collection[str]) -> Iterator[Unknown]:
    """Entries of the policy that speak of no submodule: what they were written for is judged without them."""
    policy = context.config.of(SubmoduleSync)
    named = (*policy.branch, *policy.allow_tags, *policy.paths, *policy.allow_rewinds)
    for path in dict.fromkeys(name for name in named if name not in paths):
        message = f"the policy speaks of submodule `{path}`, which is not one{did_you_mean(path, paths)}"
        help_ = f"correct the path in {context.config.path}, or delete the entry"
        yield Unknown(NAME, "unknown-submodule", path, message, help_)


def _obstacles(pointer: Pointer) -> Iterator[CannotKnow]:
    if pointer.obstacle is not None:
        yield pointer.obstacle
    if pointer.checkout is not None and pointer.checkout.obstacle is not None:
        yield pointer.checkout.obstacle
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
