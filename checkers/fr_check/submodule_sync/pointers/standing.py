"""Submodule pointers: where a commit stands, what a change of the pointer does, what is checked out."""

from __future__ import annotations

from itertools import pairwise

from fr_check.core.record import NamedTuple
from fr_check.core.repository import compile_glob
from fr_check.repository.git import CannotKnow
from fr_check.repository.history import DEFAULT
from fr_check.repository.submodules import quote
from fr_check.submodule_sync.pointers.wording import one_line

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Sequence

    from fr_check.core.model import Location
    from fr_check.repository.checkout import Differences
    from fr_check.repository.history import Branch, Distance, History, Logged
    from fr_check.repository.submodules import Store
    from fr_check.sources.gitmodules import Submodule

SHOWN = 5
"""Commits that a finding names; the rest are counted."""

# One default branch has these names one after the other; `origin/HEAD` of an old clone keeps the former.
DEFAULT_NAMES = frozenset({"main", "master", "trunk"})
"""What default branches are called nearly everywhere."""


class Standing(NamedTuple):
    """Where a commit stands relative to the branch that counts.

    `kind` is the type of the object (`commit`, `tag`, `tree`, `blob`), None if it is not here. `ahead` counts its
    commits that the branch lacks, `behind` the branch's that it lacks. `tag` is one that the policy admits;
    `twin` a commit of the branch with the same tree; `branches` those of the upstream that contain it; `peeled` the
    commit that a tag leads to.
    """

    commit: str
    kind: str | None
    merged: bool | CannotKnow
    ahead: int | None = None
    behind: int | None = None
    tag: str | None = None
    twin: str | None = None
    branches: tuple[str, ...] = ()
    peeled: str | None = None

    @property
    def accepted(self) -> bool:
        """Merged, or admitted by a tag."""
        return self.merged is True or self.tag is not None


class Change(NamedTuple):
    """One move of a pointer. `at` is the superproject's commit that made it, None for base against head.

    `backward` says whether commits of the branch, or of the old pointer's own line, are lost: `lost` of them, of which
    `sample` names the newest. `absent`: the old pointer is gone from the upstream. `permission` is the reason given for
    going back, in a commit's trailer or in the configuration; `refused` why one that is given does not count.
    `staged`: no commit records the move yet, so no message tells of it; `unpushed`: then, that the last commit moved
    the pointer and is on no remote, so that amending it may be what is going on.
    """

    at: Logged | None
    old: str
    new: Standing
    backward: bool | CannotKnow
    lost: int = 0
    gained: int = 0
    sample: tuple[Logged, ...] = ()
    absent: bool = False
    permission: str | None = None
    refused: str | None = None
    staged: bool = False
    unpushed: bool = False

    def brings(self, pointer: Pointer) -> bool:
        """Whether this is the way from the base to the head, and it goes forward."""
        whole = (self.old, self.new.commit) == (pointer.before, pointer.commit)
        return whole and self.backward is False and self.gained > 0


class Checkout(NamedTuple):
    """What is checked out: its commit, what `git commit -a` would do to the pointer, and what differs from it.

    `obstacle` says why its files cannot be compared, if they cannot.
    """

    commit: str
    lost: int | CannotKnow
    gained: int | CannotKnow
    changed: tuple[str, ...]
    untracked: tuple[str, ...]
    obstacle: CannotKnow | None = None


class Pointer(NamedTuple):
    """A submodule of the state that is judged.

    `before` is what it named at the base, wherever it was then; `recorded` what it names in the last commit, where the
    index is judged. `obstacle` says why its history cannot be asked, if it
    cannot; `asked` that the upstream itself was. `max_behind` is the limit that is passed, None where none is, or why
    that cannot be known; `waiting` are the newest commits beyond the pointer that touch the configured paths.
    `brought` are the newest commits that a pointer which goes forward brings. `nested` are submodules of this one.
    `lost` are those of them that name a commit which their own upstream, when asked, did not have: path and commit;
    `unasked` says of which none could be asked. `present`: there is a working tree of it here.
    """

    path: str
    commit: str
    location: Location
    entry: Submodule | None
    obstacle: CannotKnow | None
    before: str | None = None
    recorded: str | None = None
    branch: Branch | CannotKnow | None = None
    standing: Standing | None = None
    changes: tuple[Change, ...] = ()
    checkout: Checkout | None = None
    max_behind: int | CannotKnow | None = None
    waiting: tuple[Logged, ...] = ()
    brought: tuple[Logged, ...] = ()
    nested: tuple[str, ...] = ()
    lost: tuple[tuple[str, str], ...] = ()
    unasked: tuple[CannotKnow, ...] = ()
    asked: bool = False
    present: bool = True

    @property
    def name(self) -> str:
        """The path, fit for a message of one line."""
        return one_line(self.path)

    def repoint(self, commit: str) -> str:
        """The commands that make the pointer name a commit."""
        path = quote(self.path)
        # In the empty folder of a submodule that is not checked out, git would answer for the superproject.
        first = "" if self.present else f"git submodule update --init -- {path} && "
        return f"{first}git -C {path} checkout {commit} && git add {path}"


class Judge:
    """Compares commits of one submodule with its branch and with each other."""

    def __init__(
        self, history: History, branch: Branch | CannotKnow, tag_patterns: Sequence[str], asked: Collection[str] = ()
    ) -> None:
        """`tag_patterns` are globs of tags that may stand off the branch.

        `asked` are the commits that the upstream itself was asked for: only of those absence here says that they are
        gone. No file of a clone tells when its branch was last fetched: `git gc`, a fetch that failed and one of
        another branch touch them all.
        """
        self._history = history
        self._asked = asked
        self._branch = branch
        self._patterns = tag_patterns
        self._standings: dict[str, Standing] = {}

    def expect(self, commit: str, before: str | None) -> None:
        """Has git walk side by side what it will be asked for in any case: from the old commit to the branch's tip."""
        here = [name for name in (before, commit) if name and (self._history.kind(name) or ("", ""))[1] == "commit"]
        tip = [] if isinstance(self._branch, CannotKnow) or commit not in here else [self._branch.tip]
        self._history.expect(pairwise(dict.fromkeys([*here, *tip])))

    def standing(self, commit: str) -> Standing:
        """Where a commit stands."""
        if commit not in self._standings:
            self._standings[commit] = self._stand(commit)
        return self._standings[commit]

    def _stand(self, commit: str) -> Standing:
        found = self._history.kind(commit)
        if found is None:
            return Standing(commit, None, self._history.missing(commit))
        if found[1] != "commit" or isinstance(self._branch, CannotKnow):
            unknown = self._branch if isinstance(self._branch, CannotKnow) else False
            peeled = self._history.kind(f"{commit}^{{commit}}") if found[1] == "tag" else None
            return Standing(commit, found[1], unknown, peeled=peeled[0] if peeled else None)
        distance = self._history.distance(commit, self._branch.tip)
        if isinstance(distance, CannotKnow):
            return Standing(commit, "commit", distance)
        reliable = not self._history.shallow or distance == (0, 0)
        behind = distance.right if reliable else None
        if not distance.left:
            return Standing(commit, "commit", merged=True, ahead=0, behind=behind)
        return self._stand_off(commit, self._branch, distance, behind)

    def _stand_off(self, commit: str, branch: Branch, distance: Distance, behind: int | None) -> Standing:
        tags = self._history.tags(commit) if self._patterns else ()
        tag = next((tag for tag in tags for pattern in self._patterns if compile_glob(pattern).fullmatch(tag)), None)
        branches = self._history.branches_with(commit)
        renamed = DEFAULT_NAMES.intersection(branches) - {branch.name}
        merged: bool | CannotKnow = False
        if branch.source == DEFAULT and branch.name in DEFAULT_NAMES and renamed and tag is None:
            message = f"the clone's remote HEAD still names {branch.name}, and the pointer is on {min(renamed)}"
            merged = CannotKnow("unknown-branch", message, "run `git remote set-head origin --auto` in the submodule")
        twin = self._history.twin(commit, branch.tip)
        return Standing(commit, "commit", merged, distance.left, behind, tag, twin, branches)

    def change(self, old: str, new: str, at: Logged | None = None) -> Change:
        """What it means that the pointer went from `old` to `new`."""
        standing = self.standing(new)
        if standing.kind != "commit":
            unknown = standing.merged if isinstance(standing.merged, CannotKnow) else False
            return Change(at, old, standing, unknown)
        before = self._history.kind(old)
        if before is None:
            return self._from_absent(at, old, standing)
        if before[1] in {"tree", "blob"}:
            # No history to lose: whatever commit comes after it is better.
            return Change(at, old, standing, backward=False)
        return self._between(at, old, standing)

    def _from_absent(self, at: Logged | None, old: str, new: Standing) -> Change:
        """The old commit is not here: gone from the upstream only if that was asked for it."""
        if new.accepted and old in self._asked:
            return Change(at, old, new, backward=False, absent=True)
        return Change(at, old, new, self._history.missing(old))

    def _between(self, at: Logged | None, old: str, standing: Standing) -> Change:
        distance = self._history.distance(old, standing.commit)
        if isinstance(distance, CannotKnow):
            return Change(at, old, standing, distance)
        if not distance.left:
            return Change(at, old, standing, backward=False, gained=distance.right)
        before = self.standing(old)
        if standing.merged is True and before.merged is False:
            if before.behind == 0 and old not in self._asked and not isinstance(self._branch, CannotKnow):
                return Change(at, old, standing, self._history.unfetched(old, self._branch))
            # A repair: what is lost was never merged.
            return Change(at, old, standing, backward=False, lost=distance.left, gained=distance.right)
        if not distance.right:
            return self._back(at, old, standing, distance.left)
        return self._diverged(at, before, standing, distance)

    def _back(self, at: Logged | None, old: str, new: Standing, lost: int) -> Change:
        sample = self._history.only_in(old, new.commit, SHOWN)
        return Change(at, old, new, backward=True, lost=lost, sample=sample)

    def _diverged(self, at: Logged | None, old: Standing, new: Standing, distance: Distance) -> Change:
        """Neither contains the other: what counts is how much of the branch's own line each has."""
        if isinstance(self._branch, CannotKnow):
            return Change(at, old.commit, new, self._branch)
        had = self._history.first_parents_missing(old.commit, self._branch.tip)
        has = self._history.first_parents_missing(new.commit, self._branch.tip)
        if isinstance(had, CannotKnow):
            return Change(at, old.commit, new, had)
        if isinstance(has, CannotKnow):
            return Change(at, old.commit, new, has)
        if has <= had:
            return Change(at, old.commit, new, backward=False, lost=distance.left, gained=distance.right)
        options = ("--first-parent", f"--skip={had}")
        sample = self._history.only_in(self._branch.tip, new.commit, min(SHOWN, has - had), *options)
        return Change(at, old.commit, new, backward=True, lost=has - had, gained=distance.right, sample=sample)


def look(store: Store, path: str) -> Callable[[], Differences | CannotKnow]:
    """Has git list the files that are checked out, while its history is asked."""
    from fr_check.repository.checkout import differences  # noqa: PLC0415 - not in a hook

    return differences(store, path)


def checked_out(
    history: History, pin: str, differences: Callable[[], Differences | CannotKnow] | None
) -> Checkout | None:
    """The state of a submodule's working tree, or None where nothing is checked out; `differences` of its files."""
    found = history.kind("HEAD")
    if found is None:
        return None
    commit = found[0]
    distance = history.distance(pin, commit)
    lost, gained = (distance, distance) if isinstance(distance, CannotKnow) else distance
    found_files = differences() if differences is not None else ((), ())
    if isinstance(found_files, CannotKnow):
        return Checkout(commit, lost, gained, (), (), found_files)
    return Checkout(commit, lost, gained, *found_files)
