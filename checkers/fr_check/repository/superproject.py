"""Questions about the superproject's own commits: what they say, and where they move a pointer."""

from __future__ import annotations

from fr_check.core.record import NamedTuple
from fr_check.repository.git import CannotKnow, complaint, decode
from fr_check.repository.history import Logged

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from fr_check.repository.git import Layout

_HEADER = "%H%x00%cs%x00%an%x00%s"


class Setting(NamedTuple):
    """A commit that moved a pointer since its first parent: from where, to where (None: it was added, or removed)."""

    at: Logged
    path: str
    old: str | None
    new: str | None


def current_branch(layout: Layout) -> str | None:
    """The branch that is checked out, None when HEAD is detached."""
    lines = layout.git.lines("symbolic-ref", "--quiet", "HEAD")
    return lines[0].removeprefix("refs/heads/") if lines else None


def pointers(layout: Layout, commit: str, paths: Iterable[str]) -> dict[str, str]:
    """What a commit names at some paths, for those that are submodules there."""
    records = layout.git.records("ls-tree", "-z", "--end-of-options", commit, "--", *paths) or []
    lines = (record.partition("\t") for record in records)
    return {path: head.split(" ")[2] for head, _, path in lines if head.startswith("160000 ")}


def moved_unpushed(layout: Layout, commit: str, path: str, pointer: str) -> bool:
    """Whether a commit that no remote has, as far as is known here, gave the submodule at `path` its `pointer`."""
    published = layout.git.lines("for-each-ref", "--count=1", f"--contains={commit}", "refs/remotes/")
    before = layout.git.lines("rev-parse", "--verify", "--quiet", "--end-of-options", f"{commit}^:./{path}")
    return published == [] and before != [pointer]


def renames(layout: Layout, before: str, after: str | None) -> dict[str, str]:
    """Old path -> new path of the files renamed between two commits; without `after`, between one and the index."""
    options = ("-M", "--diff-filter=R", "--name-status", "-z", "--ignore-submodules=all")
    ask = ("diff-index", "--cached") if after is None else ("diff-tree", "-r")
    fields = layout.git.records(*ask, *options, "--end-of-options", before, *([after] if after else []), "--") or []
    return {fields[at + 1]: fields[at + 2] for at in range(0, len(fields) - 2, 3)}


def messages(layout: Layout, base: str, head: str) -> tuple[str, ...]:
    """The full messages of the commits that `head` has and `base` lacks, newest first."""
    options = ("--no-commit-header", "--encoding=UTF-8", "--format=%B%x00")
    done = layout.git.run("rev-list", *options, head, f"^{base}", "--")
    return tuple(message.strip() for message in done.stdout.decode("utf-8", "replace").split("\0")[:-1])


def settings(layout: Layout, base: str, head: str) -> tuple[Setting, ...] | CannotKnow:
    """Every move of a pointer among the commits that `head` has and `base` lacks, oldest first.

    `--ignore-submodules=none` because `ignore = all` in .gitmodules hides pointers from every kind of diff; merges
    are compared with their first parent: with all of them, each move would be counted twice.
    """
    options = ("--reverse", "--topo-order", "--diff-merges=first-parent", "--raw", "--no-abbrev", "--no-renames", "-z")
    more = ("--root", "--ignore-submodules=none", "--no-show-signature", "--no-color", "--encoding=UTF-8")
    done = layout.git.run("log", *options, *more, f"--format={_HEADER}", head, f"^{base}", "--")
    if done.code:
        message = f"the commits since {base[:8]} cannot be read: {complaint(done)}"
        return CannotKnow("unreadable-history", message, "run `git fsck`; a clone made with `--filter` lacks objects")
    return tuple(_settings(decode(done.stdout).split("\0")))


def _settings(fields: list[str]) -> Iterator[Setting]:
    """Reads `log -z --raw`: four fields a commit, then two a changed path, of which the first starts with a colon."""
    position = 0
    while position + 4 <= len(fields):
        at = Logged(*fields[position : position + 4])
        position += 4
        while position + 1 < len(fields) and fields[position].lstrip("\n").startswith(":"):
            old_mode, new_mode, old, new, _ = fields[position].lstrip("\n:").split(" ")
            path = fields[position + 1]
            position += 2
            if "160000" in {old_mode, new_mode}:
                yield Setting(at, path, old if old_mode == "160000" else None, new if new_mode == "160000" else None)
