"""What a repository is compared with: the state before the change that is being judged."""

from __future__ import annotations

import os
import re

from fr_check.core.model import PARENT, Unknown
from fr_check.core.trouble import Trouble
from fr_check.repository.git import CannotKnow, decode
from fr_check.repository.opening import resolve_commit
from fr_check.repository.revision import GitRepository, Index, Revision
from fr_check.repository.submodules import quote

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping

    from fr_check.core.repository import Repository
    from fr_check.repository.git import Layout

# The commit or branch that a pull request goes to, by CI system; the second name, where there is one, must be set and
# not "false" for the first to speak of a pull request.
_TARGETS = (
    ("GITHUB_BASE_REF", None),  # GitHub, Gitea, Forgejo
    ("CI_MERGE_REQUEST_DIFF_BASE_SHA", None),  # GitLab
    ("CI_MERGE_REQUEST_TARGET_BRANCH_NAME", None),
    ("BITBUCKET_PR_DESTINATION_BRANCH", None),
    ("SYSTEM_PULLREQUEST_TARGETBRANCH", None),  # Azure
    ("CHANGE_TARGET", None),  # Jenkins
    ("BUILDKITE_PULL_REQUEST_BASE_BRANCH", None),
    ("CIRRUS_BASE_SHA", None),
    ("DRONE_TARGET_BRANCH", "DRONE_PULL_REQUEST"),
    ("CI_COMMIT_TARGET_BRANCH", "CI_COMMIT_PULL_REQUEST"),  # Woodpecker
    ("TRAVIS_BRANCH", "TRAVIS_PULL_REQUEST"),
    ("APPVEYOR_REPO_BRANCH", "APPVEYOR_PULL_REQUEST_NUMBER"),
    ("SEMAPHORE_GIT_BRANCH", "SEMAPHORE_GIT_PR_NUMBER"),
)
_COMMIT = r"[0-9a-f]{40}(?:[0-9a-f]{24})?"
# The parent of what is judged, where no option, hook or pull request asked for a comparison.
_UNASKED = "shallow-parent"
_DEEPEN = "check out with `fetch-depth: 0`, or run `git fetch --unshallow`"


def find_base(repository: Repository, option: str | None = None) -> Repository | Unknown | None:
    """The state to compare with, or None where there is none, or an Unknown where it exists and cannot be read.

    In this order: `option` (--base); PRE_COMMIT_FROM_REF; the target of the pull request that CI builds; HEAD, for the
    index and in a commit hook; the merge base with the remote's default branch, and the first parent of what stands on
    that branch itself; HEAD. A base that has gone on since (it is no ancestor of what is judged) counts as of the
    merge base: what others merged meanwhile is not this change's doing. Not so in a push to the default branch itself,
    or where the hooks' range ends at it: what the remote has there is what a forced push takes away.

    Raises:
        Trouble: `option` names no commit.
    """
    if not isinstance(repository, GitRepository):
        if option is not None:
            raise Trouble("there is nothing to compare with outside a git repository", "leave out --base")
        return None
    layout = repository.layout
    head = repository.revision or layout.head
    if option is not None:
        return _state(repository, _from_option(layout, option, head))
    if head is None:
        return None
    environment: Mapping[str, str] = os.environ if layout.own_environment else {}
    return _state(repository, _search(repository, head, environment))


def _state(repository: GitRepository, found: str | CannotKnow | None) -> Repository | Unknown | None:
    if found is None:
        return None
    if isinstance(found, CannotKnow):
        if found.reason == _UNASKED:
            return Unknown("fr-check", "shallow-history", PARENT, found.message, found.help)
        return Unknown("fr-check", found.reason, "base", found.message, found.help)
    return Revision(repository.layout, repository.root, found, repository.objects)


def _from_option(layout: Layout, option: str, head: str | None) -> str | CannotKnow:
    commit = resolve_commit(layout, option)
    if isinstance(commit, str):
        return commit if head is None else _merge_base(layout, commit, head)
    if layout.shallow or re.fullmatch(_COMMIT, option):
        mend = _DEEPEN if layout.shallow else commit.help
        return commit._replace(message=f"the base cannot be compared with: {commit.message}", help=mend)
    raise Trouble(commit.message, commit.help)


def _search(repository: GitRepository, head: str, environment: Mapping[str, str]) -> str | CannotKnow | None:
    layout = repository.layout
    from_ref = environment.get("PRE_COMMIT_FROM_REF", "")
    if from_ref and _is_judged(repository, environment):
        commit = resolve_commit(layout, from_ref)
        if isinstance(commit, str):
            published = _published(layout, commit, head, environment)
            return _merge_base(layout, commit, head) if published is None else published
    if isinstance(repository, Index):
        return head
    target = _target(environment) if repository.revision is None else None
    if target is not None:
        return _of_pull_request(layout, target, head)
    if repository.revision is None and "GIT_INDEX_FILE" in environment:
        return head
    return _of_default_branch(repository, head, environment)


def _is_judged(repository: GitRepository, environment: Mapping[str, str]) -> bool:
    """Whether the hooks' range is about what is judged here, not about a commit that --rev names."""
    if repository.revision is None:
        return not isinstance(repository, Index)
    to_ref = environment.get("PRE_COMMIT_TO_REF", "")
    return bool(to_ref) and resolve_commit(repository.layout, to_ref) == repository.revision


def _published(layout: Layout, from_ref: str, head: str, environment: Mapping[str, str]) -> str | None:
    """What the remote's default branch has, where a range is about a push to it; None for every other one."""
    branch = _pushed_to(layout, head, environment).removeprefix("refs/heads/")
    remotes = [f"refs/remotes/{name}/" for name in (environment.get("PRE_COMMIT_REMOTE_NAME", ""), "origin") if name]
    names = (layout.git.lines("symbolic-ref", "--quiet", f"{remote}HEAD") for remote in remotes)
    defaults = {lines[0].removeprefix(remote) for remote, lines in zip(remotes, names, strict=True) if lines}
    if not branch or branch not in (defaults or {environment.get("CI_DEFAULT_BRANCH", "main"), "main", "master"}):
        return None
    tracking = resolve_commit(layout, f"{remotes[0]}{branch}")
    # Where the remote's own commit is not here, the hook's range starts where the pushed line left what is known of it.
    known = isinstance(tracking, str) and _best_ancestor(layout, tracking, head) == from_ref
    return tracking if known and isinstance(tracking, str) else from_ref


def _pushed_to(layout: Layout, head: str, environment: Mapping[str, str]) -> str:
    """The remote's branch that a range is pushed to: what the hook says, else the branch whose last commit it ends at.

    A pull request's range ends at a branch of its own, whatever is checked out.
    """
    told = environment.get("PRE_COMMIT_REMOTE_BRANCH", "")
    if told or _target(environment) is not None:
        return told
    current = (layout.git.lines("symbolic-ref", "--quiet", "HEAD") or [""])[0] if head == layout.head else ""
    # CI may check out a commit without its branch.
    return current or environment.get("GITHUB_REF", "") or environment.get("CI_COMMIT_BRANCH", "")


def _target(environment: Mapping[str, str]) -> str | None:
    for name, condition in _TARGETS:
        value = environment.get(name, "")
        if value and (condition is None or environment.get(condition, "false") not in {"", "false"}):
            return value
    return None


def _of_pull_request(layout: Layout, target: str, head: str) -> str | CannotKnow:
    if re.fullmatch(_COMMIT, target):
        commit = resolve_commit(layout, target)
    else:
        branch = target.removeprefix("refs/heads/")
        commit = resolve_commit(layout, f"refs/remotes/origin/{branch}")
    if isinstance(commit, str):
        return _merge_base(layout, commit, head)
    parents = _parents(layout, head)
    # What GitHub checks out for a pull request is the merge of its head into the target: the target comes first.
    if len(parents) > 1:
        return parents[0]
    message = f"the pull request's target, {target}, is not in this clone, so nothing can be compared with it"
    # With a refspec: a clone of one branch fetches others into FETCH_HEAD only.
    branch = target.removeprefix("refs/heads/")
    wanted = target if re.fullmatch(_COMMIT, target) else f"+refs/heads/{branch}:refs/remotes/origin/{branch}"
    fetch = f"run `git fetch {'--unshallow ' if layout.shallow else ''}origin {quote(wanted)}`"
    return CannotKnow(
        "missing-base", message, f"check out with `fetch-depth: 0`, or {fetch}" if layout.shallow else fetch
    )


def _of_default_branch(repository: GitRepository, head: str, environment: Mapping[str, str]) -> str | CannotKnow | None:
    layout = repository.layout
    named = environment.get("CI_DEFAULT_BRANCH")  # GitLab
    for name in ("HEAD", *([named] if named else []), "main", "master"):
        branch = f"refs/remotes/origin/{name}"
        done = layout.git.run("merge-base", branch, head)
        if done.code > 1:
            continue  # no such branch
        if decode(done.stdout).strip() == head:
            return _first_parent(layout, head)
        if not done.code:
            return decode(done.stdout).strip()
        commit = resolve_commit(layout, branch) if layout.shallow else None
        if commit is not None:
            return _merge_base(layout, commit, head) if isinstance(commit, str) else commit
        # They share nothing, and a comparison would call everything a change: what counts is the last commit's.
        return _first_parent(layout, head) or (head if repository.revision is None else None)
    if repository.revision is not None or (environment.get("CI") and _was_pushed(layout, head)):
        return _first_parent(layout, head)
    return head


def _was_pushed(layout: Layout, commit: str) -> bool:
    """Whether a branch of the remote stands at a commit: CI checks a push out without saying what the default is."""
    return bool(layout.git.lines("for-each-ref", f"--points-at={commit}", "refs/remotes/"))


def _first_parent(layout: Layout, commit: str) -> str | CannotKnow | None:
    parents = [layout.parent] if layout.parent and commit == layout.head else _parents(layout, commit)
    if parents:
        return parents[0]
    if layout.shallow:
        message = f"the parent of {commit[:12]} is not in this shallow clone, so nothing can be compared with it"
        return CannotKnow(_UNASKED, message, _DEEPEN)
    return None


def _parents(layout: Layout, commit: str) -> list[str]:
    lines = layout.git.lines("rev-list", "--parents", "--max-count=1", "--end-of-options", commit)
    return lines[0].split(" ")[1:] if lines else []


def _merge_base(layout: Layout, base: str, head: str) -> str | CannotKnow:
    """The merge base; `base` itself where it comes after `head`, or where the two share nothing."""
    found = _best_ancestor(layout, base, head)
    if found is not None:
        return base if found == head else found
    if layout.shallow:
        message = f"this shallow clone does not show where {head[:12]} left {base[:12]}"
        return CannotKnow("shallow-history", message, _DEEPEN)
    return base


def _best_ancestor(layout: Layout, one: str, other: str) -> str | None:
    lines = layout.git.lines("merge-base", one, other)
    return lines[0] if lines else None
