"""One run of `fr-check history`: from what was asked to a story that is told."""

from __future__ import annotations

import posixpath

from fr_check.core.config import Config
from fr_check.core.record import NamedTuple
from fr_check.core.registry import CHECKERS, load_checker
from fr_check.core.selection import Selection
from fr_check.core.text import Text
from fr_check.core.trouble import Trouble
from fr_check.history.engine import judge
from fr_check.history.judging import Task, policy_of
from fr_check.history.line import date, known, read_line, renamed
from fr_check.history.packing import Packed, Row, Unpacker
from fr_check.history.report import Told, Upstream
from fr_check.history.store import Store, UnusableError, keys, place, submodules
from fr_check.history.story import tell
from fr_check.history.worker import open_layout
from fr_check.repository.git import CannotKnow
from fr_check.repository.history import History
from fr_check.repository.revision import Revision
from fr_check.repository.submodules import Store as Clone

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from fr_check.history.line import Line, Point
    from fr_check.repository.git import Layout

NOW, THEN = "now", "then"
_REMOTE = "refs/remotes/origin/HEAD"


class Asked(NamedTuple):
    """What a command line asks for; `config` is a file already read, (path, bytes)."""

    path: str | None = None
    since: str | None = None
    until: str | None = None
    select: tuple[str, ...] = ()
    ignore: tuple[str, ...] = ()
    policy: str = NOW
    config: tuple[str, bytes] | None = None
    jobs: int | None = None
    store: bool = True
    fresh: bool = False


class Prepared(NamedTuple):
    """A repository that is ready to be judged: what was judged before, and the commits that are `missing`."""

    asked: Asked
    name: str
    path: str
    layout: Layout
    line: Line
    task: Task
    kept: _Kept
    known: Packed
    missing: tuple[Point, ...]


def history(asked: Asked, progress: Callable[[int, int], None] | None = None) -> Told:
    """Judges every commit and tells the story; `progress` is told how many of how many are done.

    Raises:
        Trouble: no repository, no such commit, no rule selected, or a policy that cannot be used.
    """
    return told_here(prepare(asked), progress)


def prepare(asked: Asked, name: str | None = None) -> Prepared:
    """Looks at a repository, called `name` or as its folder is.

    Raises:
        Trouble: no repository, no such commit, no rule selected, or a policy that cannot be used.
    """
    layout = open_layout(asked.path)
    # What `--repositories` clones has branches of its remote only.
    until = asked.until
    if until is None and layout.head is None and known(layout, _REMOTE):
        until = _REMOTE
    line = read_line(layout, asked.since, until)
    task = task_of(asked, layout, line.points[-1].commit)
    root = layout.top or layout.git_dir
    own = posixpath.basename(root.rstrip("/")).removesuffix(".git") or root
    kept = _Kept(asked, layout, line, task)
    before = kept.known()
    unpacker = Unpacker()
    unpacker.learn(before.bodies)
    done = {row.commit for row in before.rows if unpacker.knows(row)}
    missing = tuple(point for point in line.points if point.commit not in done)
    return Prepared(asked, name or own, root, layout, line, task, kept, before, missing)


def told_here(prepared: Prepared, progress: Callable[[int, int], None] | None = None) -> Told:
    """The story, judged on this machine."""
    parts, of = [], len(prepared.line.points)
    done = of - len(prepared.missing)
    for packed in judge(prepared.path, prepared.missing, prepared.task, prepared.asked.jobs):
        prepared.kept.keep(packed)
        parts.append(packed)
        done += len(packed.rows)
        if progress is not None:
            progress(done, of)
    return _told(prepared, parts)


def finish(prepared: Prepared, packed: Packed) -> Told:
    """The story, judged elsewhere: `packed` are all verdicts that were missing."""
    prepared.kept.keep(packed)
    return _told(prepared, [packed])


def _told(prepared: Prepared, parts: Iterable[Packed]) -> Told:
    prepared.kept.close()
    unpacker, rows = Unpacker(), dict[str, Row]()
    for packed in (prepared.known, *parts):
        unpacker.learn(packed.bodies)
        rows.update((row.commit, row) for row in packed.rows)
    asked, line = prepared.asked, prepared.line
    newest = line.points[-1].commit
    found = (unpacker.unpack(rows[point.commit]) for point in line.points)
    story = tell(line, found, renamed(prepared.layout, line.points[0].commit, newest))
    policy = prepared.task.policy if asked.policy == NOW and asked.config is None else None
    commit = newest if policy is not None else None
    clones = upstream(prepared.layout, line)
    remarks = tuple(prepared.kept.remarks)
    return Told(story, prepared.name, asked.policy, commit, asked.since, clones, prepared.task.checkers, remarks)


class _Kept:
    """The store, as far as it can be used: without it the run takes longer, and says so once."""

    def __init__(self, asked: Asked, layout: Layout, line: Line, task: Task) -> None:
        self.remarks: list[str] = []
        self._keys: dict[str, bytes] = {}
        self._store: Store | None = None
        if not asked.store:
            return
        try:
            self._store = Store(place(layout))
            if asked.fresh:
                self._store.forget()
        except UnusableError as unusable:
            self.remarks.append(str(unusable))
            return
        self._keys = keys(layout, line.points, task)
        self.remarks += [self._store.remark] if self._store.remark else []

    def known(self) -> Packed:
        """What was judged before."""
        return Packed((), {}) if self._store is None else self._store.known(self._keys)

    def keep(self, packed: Packed) -> None:
        """Keeps what was judged now."""
        try:
            if self._store is not None:
                self._store.keep(packed, self._keys)
        except UnusableError as unusable:
            self.remarks.append(str(unusable))
            self.close()

    def close(self) -> None:
        """Closes it."""
        if self._store is not None:
            self._store.close()
        self._store = None


def task_of(asked: Asked, layout: Layout, newest: str) -> Task:
    """What is to be judged.

    Raises:
        Trouble: nothing is selected, or the policy cannot be used.
    """
    selection, nothing = Selection(asked.select, asked.ignore), Config()
    checkers = tuple(
        name
        for name in CHECKERS
        if not asked.select or any(selection.runs(rule, nothing) for rule in load_checker(name).rules)
    )
    if not checkers:
        raise Trouble(f"no checker has a rule `{', '.join(asked.select)}`", "`fr-check rules` lists every rule")
    if asked.policy == THEN:
        return Task(checkers, asked.select, asked.ignore, then=True)
    if asked.config is not None:
        path, data = asked.config
        text = Text.decode(data, path)
        return Task(checkers, asked.select, asked.ignore, policy=(path, text.string))
    return Task(checkers, asked.select, asked.ignore, policy=policy_of(layout, newest))


def upstream(layout: Layout, line: Line) -> tuple[Upstream, ...]:
    """What the submodules of these commits are compared with."""
    root = layout.top or layout.git_dir
    return tuple(_upstream(Revision(layout, root, at), path) for path, at in submodules(layout, line.points).items())


def _upstream(repository: Revision, path: str) -> Upstream:
    store = repository.store(path)
    branch = History(store, path).branch(None, "") if isinstance(store, Clone) else store
    if isinstance(branch, CannotKnow) or not isinstance(store, Clone):
        return Upstream(path, None, None, None)
    lines = store.git.lines("rev-list", "--max-count=1", "--no-commit-header", "--format=%ct", branch.tip, "--")
    return Upstream(path, branch.name, branch.tip, date(int(lines[0])) if lines else None)
