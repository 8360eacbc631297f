"""Moves of a pointer between the base and the state that is judged, and the permissions to go back."""

from __future__ import annotations

from fr_check.policy.submodule_sync import SubmoduleSync
from fr_check.repository.git import CannotKnow
from fr_check.repository.revision import GitRepository, Revision
from fr_check.submodule_sync.pointers.standing import Change
from fr_check.submodule_sync.pointers.wording import one_line, short

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from fr_check.core.context import Context
    from fr_check.repository.superproject import Setting
    from fr_check.submodule_sync.pointers.standing import Judge, Pointer


def asked_for(context: Context, pointer: Pointer) -> tuple[str, ...]:
    """The commits that the upstream has to be asked for: what the pointer names and named, also on the way."""
    steps = _steps(context, pointer.path)
    between = () if isinstance(steps, CannotKnow) else (name for step in steps for name in (step.old, step.new) if name)
    known = (name for name in (pointer.commit, pointer.before, pointer.recorded) if name)
    return tuple(dict.fromkeys((*known, *between)))


def _steps(context: Context, path: str) -> tuple[Setting, ...] | CannotKnow:
    """The moves of a pointer in each commit since the base: none without --each-commit."""
    repository, base = context.repository, context.base
    if not context.options.each_commit or not isinstance(repository, GitRepository) or not isinstance(base, Revision):
        return ()
    from fr_check.repository import superproject  # noqa: PLC0415 - only for --each-commit

    head = repository.revision or repository.layout.head
    found = superproject.settings(repository.layout, base.revision, head) if head is not None else ()
    if isinstance(found, CannotKnow):
        return found
    return tuple(step for step in found if step.path == path and step.old and step.new)


def read_changes(context: Context, pointer: Pointer, judge: Judge) -> Iterator[Change]:
    """What the pointer did: from base to head, since the last commit, and with --each-commit in every one between."""
    repository = context.repository
    if not isinstance(repository, GitRepository):
        return
    since_base = tuple(_since_base(context, pointer, judge))
    yield from since_base
    step = _since_head(context, pointer, judge, repository)
    if step is not None and not any(change.backward is True and change.at is None for change in since_base):
        yield step


def _since_head(context: Context, pointer: Pointer, judge: Judge, repository: GitRepository) -> Change | None:
    """What is staged against the last commit, where that is neither the base nor says the same as the base."""
    if pointer.recorded in {None, pointer.before, pointer.commit}:
        return None
    change = judge.change(pointer.recorded or "", pointer.commit)
    return _permitted(context, pointer, change, _allowed(context, pointer.path), repository.layout.head or "")


def _since_base(context: Context, pointer: Pointer, judge: Judge) -> Iterator[Change]:
    repository, base, path, old = context.repository, context.base, pointer.path, pointer.before
    if not isinstance(repository, GitRepository) or not isinstance(base, Revision):
        return
    if old in {None, pointer.commit} and not context.options.each_commit:
        return
    from fr_check.repository import superproject  # noqa: PLC0415 - only where a pointer moved

    head = repository.revision or repository.layout.head
    steps = _steps(context, path)
    if isinstance(steps, CannotKnow):
        changes = [Change(None, old or pointer.commit, judge.standing(pointer.commit), steps)]
    else:
        changes = [judge.change(step.old or "", step.new or "", step.at) for step in steps]
    if old is not None and old != pointer.commit:
        changes.append(judge.change(old, pointer.commit))
    said: tuple[str, ...] | None = None
    for change in _without_repetition(changes):
        if change.backward is True and said is None:
            messages = superproject.messages(repository.layout, base.revision, head) if head is not None else ()
            said = (*messages, *_allowed(context, path))
        yield _permitted(context, pointer, change, said or (), base.revision)


def _allowed(context: Context, path: str) -> tuple[str, ...]:
    """What the configuration permits, as the trailers of a message would say it."""
    entries = context.config.of(SubmoduleSync).allow_rewinds.get(path, ())
    return tuple(f"Submodule-Rewind: {one_line(path)} {entry}" for entry in entries)


def _permitted(context: Context, pointer: Pointer, change: Change, said: tuple[str, ...], since: str) -> Change:
    """A move with what `said` permits of it; `since` is the commit that it is compared with."""
    repository = context.repository
    if change.backward is not True or not isinstance(repository, GitRepository):
        return change
    from fr_check.repository import superproject  # noqa: PLC0415 - only where a pointer moved

    permission, refused = _permission(said, pointer.path, change.new.commit)
    staged = repository.revision is None and since == repository.layout.head
    unpushed = staged and superproject.moved_unpushed(repository.layout, since, pointer.path, change.old)
    return change._replace(permission=permission, refused=refused, staged=staged, unpushed=unpushed)


def _without_repetition(changes: list[Change]) -> Iterator[Change]:
    """The change from base to head says nothing new where one commit made it."""
    seen = {(change.old, change.new.commit) for change in changes if change.at is not None}
    for change in changes:
        if change.at is not None or (change.old, change.new.commit) not in seen:
            yield change


def _permission(messages: tuple[str, ...], path: str, commit: str) -> tuple[str | None, str | None]:
    """What `Submodule-Rewind: PATH SHA reason` says: the reason to go back to this very commit, else why it is void."""
    refused = None
    for message in messages:
        for line in message.split("\n"):
            key, _, value = line.partition(":")
            words = value.strip().removeprefix(f"{one_line(path)} ")
            if key.strip().lower() != "submodule-rewind" or words == value.strip():
                continue
            sha, _, reason = words.partition(" ")
            if len(sha) < 7 or not commit.startswith(sha.lower()):  # noqa: PLR2004 - git's shortest
                refused = refused or f"names {one_line(sha)}, not {short(commit)}"
            elif not reason.strip():
                refused = f"for {short(commit)} gives no reason"
            else:
                return one_line(reason.strip()), None
    return None, refused
