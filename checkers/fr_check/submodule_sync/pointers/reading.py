"""Reads one submodule pointer with all that its own history says of it: here, or asked of its upstream."""

from __future__ import annotations

from fr_check.core.model import Location
from fr_check.policy.submodule_sync import SubmoduleSync
from fr_check.repository.git import CannotKnow
from fr_check.repository.history import History
from fr_check.repository.revision import GitRepository, Index
from fr_check.repository.submodules import Store
from fr_check.repository.worktree import Worktree
from fr_check.submodule_sync.pointers.changes import asked_for, read_changes
from fr_check.submodule_sync.pointers.registration import upstream_url
from fr_check.submodule_sync.pointers.standing import SHOWN, Judge, Pointer, checked_out, look

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Collection, Iterator

    from fr_check.core.context import Context
    from fr_check.repository.history import Branch, Logged
    from fr_check.submodule_sync.pointers.registration import Registered
    from fr_check.submodule_sync.pointers.standing import Standing

# Commits of a move that machines get; people see the newest few.
_BROUGHT = 50


def read_pointer(
    context: Context, registered: Registered, path: str, before: str | None, recorded: str | None
) -> Pointer:
    """The pointer at `path`, with everything that its history tells.

    It named `before` at the base, and names `recorded` in the last commit.
    """
    repository, options = context.repository, context.options
    commit = repository.gitlinks()[path]
    entry = registered.by_path().get(path)
    location = registered.location(path)
    if entry is None:
        location = Location(path, None, repository.revision)
    pointer = Pointer(path, commit, location, entry, None, before, recorded)
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
    wanted = asked_for(context, pointer)
    tags = bool(policy.allow_tags.get(pointer.path))
    question = Question(pointer.path, url, None if declared == "." else declared, wanted, tags)
    with asked(repository.layout, question) as answer:
        if isinstance(answer, CannotKnow):
            # What the clone knows is judged all the same: a network that is down must not let a rewind through.
            known = _judged(context, pointer, store, store) if isinstance(store, Store) else pointer
            return known._replace(obstacle=answer)
        judged = _judged(context, pointer._replace(asked=True), answer, store, wanted)
    if not judged.nested:
        return judged
    from fr_check.submodule_sync.pointers import inner  # noqa: PLC0415 - few submodules have any

    return inner.asked_too(repository, judged, url)


def _judged(
    context: Context, pointer: Pointer, store: Store, local: Store | CannotKnow, asked: Collection[str] = ()
) -> Pointer:
    """The pointer with everything its history tells; `local` is the clone here, `store` the one that is asked.

    `asked` are the commits that the upstream was asked for.
    """
    path, policy = pointer.path, context.config.of(SubmoduleSync)
    history = History(store, path)
    pointer = pointer._replace(present=isinstance(local, Store) and local.checked_out)
    here = local if isinstance(local, Store) and local.checked_out else None
    history.look_up(_names(context, pointer, history))
    clone = None if here is None else history if here is store else History(here, path)
    looks = isinstance(context.repository, Worktree) and clone is not None and clone.kind("HEAD") is not None
    looked = look(here, path) if looks and here is not None else None
    branch = _branch(context, pointer, history)
    judge = Judge(history, branch, policy.allow_tags.get(path, ()), asked)
    judge.expect(pointer.commit, pointer.before)
    standing = judge.standing(pointer.commit)
    limit = _passed_limit(policy.max_behind, standing, history)
    waiting: tuple[Logged, ...] = ()
    if isinstance(limit, int) and not isinstance(branch, CannotKnow):
        waiting = history.only_in(branch.tip, pointer.commit, SHOWN, paths=policy.paths.get(path, ()))
    checkout = None
    if clone is not None and isinstance(context.repository, Worktree | Index):
        checkout = checked_out(clone, pointer.commit, looked)
    changes = tuple(read_changes(context, pointer, judge))
    forward = next((change for change in changes if change.brings(pointer)), None)
    return pointer._replace(
        branch=branch,
        standing=standing,
        changes=changes,
        brought=history.only_in(pointer.commit, forward.old, _BROUGHT) if forward else (),
        nested=_nested(context, pointer, history),
        checkout=checkout,
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
    yield from (name for name in (pointer.commit, pointer.before, pointer.recorded, "HEAD", ref) if name)
    yield _their_gitmodules(pointer)


def _their_gitmodules(pointer: Pointer) -> str:
    """Git's name for the `.gitmodules` of the submodule itself, at the pin."""
    return f"{pointer.commit}:.gitmodules"


def _nested(context: Context, pointer: Pointer, history: History) -> tuple[str, ...]:
    """Paths of the submodules that the submodule itself has at the pin."""
    repository = context.repository
    absent = history.kind(_their_gitmodules(pointer)) is None and not history.partial
    if absent or not isinstance(repository, GitRepository):
        return ()
    return tuple(repository.nested(pointer.path))


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
