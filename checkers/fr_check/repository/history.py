"""Questions about one submodule's history, each with three answers: yes, no, cannot know.

Full reference names only (a local branch called `origin/main` must not answer for the upstream's), full commit names
only, and `rev-list` where `merge-base --is-ancestor` would say a confident, wrong "no" in a shallow clone.
"""

from __future__ import annotations

import posixpath
from functools import cached_property

from fr_check.core.record import NamedTuple
from fr_check.repository.git import CannotKnow, lines_of, promised
from fr_check.repository.submodules import missing_commit, quote, read_config, remote_of, unreadable

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from fr_check.repository.process import Completed
    from fr_check.repository.submodules import Store

_REF_LIMIT = 4096
_SUBJECT_FORMAT = "--format=%H%x00%cs%x00%an%x00%s%x00"


DEFAULT = "remote HEAD"


class Branch(NamedTuple):
    """A branch of the upstream, as of the last fetch. `source` says who named it: `DEFAULT` is the remote's HEAD."""

    name: str
    ref: str
    tip: str
    source: str


class Logged(NamedTuple):
    """One commit as a reviewer would want it; the date is the committer's, YYYY-MM-DD."""

    commit: str
    date: str
    author: str
    subject: str


class Distance(NamedTuple):
    """How far two commits are apart: commits only the left one has, and commits only the right one has."""

    left: int
    right: int


class History:
    """One submodule's commits, as far as they are here."""

    def __init__(self, store: Store, path: str) -> None:
        """`path` is the submodule's path, for messages."""
        self._git = store.git
        self._store = store
        self._path = path
        self._kinds: dict[str, tuple[str, str] | None] = {}
        self._failure: CannotKnow | None = None
        self.partial = False
        """Whether an object that was asked for is one that a partial clone left with its remote."""
        self._distances: dict[tuple[str, str], Distance | CannotKnow] = {}
        self._counting: dict[tuple[str, str], Callable[[], Completed]] = {}

    @cached_property
    def shallow(self) -> bool:
        """Whether the history is cut off somewhere: then "no ancestor" proves nothing."""
        return any(posixpath.exists(posixpath.join(folder, "shallow")) for folder in self._folders)

    @cached_property
    def _remote(self) -> str:
        return remote_of(read_config(self._folders[-1]))

    @cached_property
    def _refs(self) -> str:
        """Where the upstream's branches are, as of the last fetch."""
        return f"refs/remotes/{self._remote}/"

    @cached_property
    def _folders(self) -> tuple[str, ...]:
        return self._store.folders()

    def look_up(self, names: Iterable[str]) -> None:
        """Asks for many names in one process; `kind` then has the answers."""
        wanted = [name for name in dict.fromkeys(names) if name not in self._kinds]
        while wanted:
            answered, done = self._look_up(wanted)
            wanted = wanted[answered:]
            if done.code and not promised(done):
                self._failure = unreadable(self._path, done)
            if not promised(done) or not wanted:
                return
            # Git ends at the first object that a partial clone lacks; the other names are still to be asked for.
            self._kinds[wanted.pop(0)] = None
            self.partial = True

    def _look_up(self, wanted: list[str]) -> tuple[int, Completed]:
        """Keeps the answers of one process about names; how many there were, and how it ended."""
        names = "\n".join(wanted).encode("utf-8", "surrogateescape")
        done = self._git.run("cat-file", "--batch-check=%(objectname) %(objecttype)", stdin=names)
        answers = lines_of(done.stdout)
        for name, answer in zip(wanted, answers, strict=False):
            oid, _, kind = answer.rpartition(" ")
            self._kinds[name] = (oid, kind) if kind in {"commit", "tag", "tree", "blob"} else None
        return len(answers), done

    def kind(self, name: str) -> tuple[str, str] | None:
        """The object that a full name names, and its type; None if there is none here."""
        self.look_up((name,))
        return self._kinds.get(name)

    def missing(self, commit: str) -> CannotKnow:
        """The answer about a commit that is not here."""
        return self._failure or missing_commit(self._store, self._path, commit)

    def branch(self, declared: str | None, source: str) -> Branch | CannotKnow:
        """The upstream branch that counts: the declared one, else what the remote's HEAD names. Never a guess."""
        ref = self.branch_ref(declared)
        found = self.kind(ref) if ref else None
        if ref and found is not None:
            return Branch(ref.removeprefix(self._refs), ref, found[0], source if declared else DEFAULT)
        where = quote(self._path)
        if declared:
            message = f"branch {declared} of submodule {self._path} is not in its clone"
            refspec = quote(f"+refs/heads/{declared}:{ref}")
            return CannotKnow("missing-branch", message, f"run `git -C {where} fetch {self._remote} {refspec}`")
        head = f"{self._remote}/HEAD"
        message = f"the default branch of submodule {self._path} is not known here: its clone has no valid {head}"
        mend = f"run `git -C {where} remote set-head {self._remote} --auto`, or write `branch = NAME` in .gitmodules"
        return CannotKnow("unknown-branch", message, mend)

    def branch_ref(self, declared: str | None) -> str | None:
        """The full name of the reference that stands for a branch of the upstream; None: its default is not known."""
        if declared:
            return self._refs + declared
        try:
            with open(posixpath.join(self._folders[-1], self._refs, "HEAD"), encoding="utf-8") as file:
                target = file.read(_REF_LIMIT).removeprefix("ref: ").rstrip("\n")
        except (OSError, UnicodeDecodeError):
            # Not where the usual format keeps it; git knows the others.
            lines = self._git.lines("symbolic-ref", "--quiet", f"{self._refs}HEAD")
            target = lines[0] if lines else ""
        return target if target.startswith(self._refs) and "\n" not in target else None

    def expect(self, pairs: Iterable[tuple[str, str]]) -> None:
        """Has git count how far pairs of commits are apart, side by side; `distance` then has the answers."""
        for left, right in pairs:
            self._counting[left, right] = self._count(left, right)

    def distance(self, left: str, right: str) -> Distance | CannotKnow:
        """How far two commits are apart. That one contains the other is certain in a shallow clone too."""
        key = (left, right)
        if key not in self._distances:
            found = self._measure(left, right)
            self._distances[key] = found
            self._distances[right, left] = Distance(*found[::-1]) if isinstance(found, Distance) else found
        return self._distances[key]

    def _measure(self, left: str, right: str) -> Distance | CannotKnow:
        if left == right:
            return Distance(0, 0)
        other = self._counting.pop((right, left), None)
        done = (other or self._counting.pop((left, right), None) or self._count(left, right))()
        numbers = [*map(int, done.stdout.split())][:: -1 if other else 1]
        if done.code or len(numbers) != len(Distance._fields):
            return self._unanswered(left, right)
        counts = Distance(*numbers)
        return self.cut_off() if self.shallow and counts.left and counts.right else counts

    def _count(self, left: str, right: str) -> Callable[[], Completed]:
        return self._git.begin("rev-list", "--left-right", "--count", f"{left}...{right}", "--")

    def first_parents_missing(self, commit: str, branch: str) -> int | CannotKnow:
        """How many commits of the branch's first-parent line a commit does not contain."""
        lines = self._git.lines("rev-list", "--first-parent", "--count", branch, f"^{commit}", "--")
        if self.shallow:
            return self.cut_off()
        return int(lines[0]) if lines else self._unanswered(commit, branch)

    def only_in(self, has: str, lacks: str, limit: int, *options: str, paths: Iterable[str] = ()) -> tuple[Logged, ...]:
        """Commits that one has and the other lacks, newest first, at most `limit`; `paths` are globs from the root."""
        patterns = [f":(top,glob){path}" for path in paths]
        options = (*options, "--no-commit-header", "--encoding=UTF-8", f"--max-count={limit}", _SUBJECT_FORMAT)
        done = self._git.run("rev-list", *options, has, f"^{lacks}", "--", *patterns)
        fields = [field.lstrip("\n") for field in done.stdout.decode("utf-8", "replace").split("\0")]
        return tuple(Logged(*fields[at : at + 4]) for at in range(0, len(fields) - 4, 4))

    def twin(self, commit: str, branch: str) -> str | None:
        """A commit of the branch with the same tree: what a squash merge made of this one. The newest, or None."""
        tree = self._git.lines("rev-parse", "--verify", "--quiet", f"{commit}^{{tree}}")
        rows = self._git.lines("rev-list", "--no-commit-header", "--format=%T %H", branch, f"^{commit}", "--")
        if not tree or rows is None:
            return None
        found = (row.partition(" ") for row in rows)
        return next((twin for row_tree, _, twin in found if row_tree == tree[0]), None)

    def tags(self, commit: str) -> tuple[str, ...]:
        """Short names of the tags, annotated or not, on exactly this commit."""
        lines = self._git.lines("for-each-ref", f"--points-at={commit}", "--format=%(refname)", "refs/tags")
        return tuple(line.removeprefix("refs/tags/") for line in lines or ())

    def branches_with(self, commit: str) -> tuple[str, ...]:
        """Short names of the upstream's branches, as of the last fetch, that contain a commit."""
        options = ("--format=%(refname)%00%(symref)", f"--contains={commit}", self._refs)
        rows = [line.split("\0") for line in self._git.lines("for-each-ref", *options) or ()]
        return tuple(row[0].removeprefix(self._refs) for row in rows if not row[1])

    def _unanswered(self, *commits: str) -> CannotKnow:
        absent = next((commit for commit in commits if self.kind(commit) is None), None)
        if absent is not None:
            return self.missing(absent)
        if self.shallow:
            return self.cut_off()
        message = f"the history of submodule {self._path} cannot be walked"
        return CannotKnow("broken-history", message, f"run `git -C {quote(self._path)} fsck`")

    def unfetched(self, commit: str, branch: Branch) -> CannotKnow:
        """The answer about a commit that comes after all that the clone has of the branch: merged since, or never."""
        message = (
            f"whether commit {commit} of submodule {self._path} was merged cannot be told: it comes after everything"
            f" that its clone has of {branch.name}, which may be older"
        )
        mend = f"run `git -C {quote(self._path)} fetch {self._remote}`"
        return CannotKnow("unfetched-branch", message, f"{mend}; `fr-check submodule-sync --online` asks the upstream")

    def cut_off(self) -> CannotKnow:
        """The answer that a shallow clone gives."""
        message = f"submodule {self._path} is a shallow clone, whose history does not reach far enough to tell"
        mend = (
            f"run `git -C {quote(self._path)} fetch --unshallow {self._remote}`; in CI check out with `fetch-depth: 0`"
        )
        return CannotKnow("shallow-history", message, mend)
