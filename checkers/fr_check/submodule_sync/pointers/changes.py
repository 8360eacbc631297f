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
    return tuple(dict.fromkeys((pointer.commit, *([pointer.before] if pointer.before else []), *between)))


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
    """What the pointer did: from base to head and, with --each-commit, in every commit between."""
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
    allowed = tuple(
        f"Submodule-Rewind: {one_line(path)} {entry}"
        for entry in context.config.of(SubmoduleSync).allow_rewinds.get(path, ())
    )
    said: tuple[str, ...] | None = None
    for change in _without_repetition(changes):
        if change.backward is True:
            if said is None:
                said = superproject.messages(repository.layout, base.revision, head) if head is not None else ()
            permission, refused = _permission((*said, *allowed), path, change.new.commit)
            staged = repository.revision is None and base.revision == repository.layout.head
            unpushed = staged and superproject.moved_unpushed(repository.layout, base.revision, path, change.old)
            yield change._replace(permission=permission, refused=refused, staged=staged, unpushed=unpushed)
        else:
            yield change


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
