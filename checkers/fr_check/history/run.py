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
from fr_check.history.line import date, read_line, renamed
from fr_check.history.report import Told, Upstream
from fr_check.history.story import tell
from fr_check.repository.git import CannotKnow
from fr_check.repository.history import History
from fr_check.repository.place import Place
from fr_check.repository.revision import Revision
from fr_check.repository.submodules import Store

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from fr_check.history.line import Line
    from fr_check.repository.git import Layout

NOW, THEN = "now", "then"


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


def history(asked: Asked, progress: Callable[[int, int], None] | None = None) -> Told:
    """Judges every commit and tells the story; `progress` is told how many of how many are done.

    Raises:
        Trouble: no repository, no such commit, no rule selected, or a policy that cannot be used.
    """
    layout = open_layout(asked.path)
    line = read_line(layout, asked.since, asked.until)
    newest = line.points[-1].commit
    task = task_of(asked, layout, newest)
    renames = renamed(layout, line.points[0].commit, newest)
    del progress
    story = tell(line, judge(layout, line, task), renames)
    commit = newest if asked.policy == NOW and asked.config is None and task.policy is not None else None
    root = layout.top or layout.git_dir
    name = posixpath.basename(root.rstrip("/")).removesuffix(".git") or root
    return Told(story, name, asked.policy, commit, asked.since, upstream(layout, line), task.checkers)


def open_layout(path: str | None) -> Layout:
    """The repository around a folder, at its top.

    Raises:
        Trouble: there is none.
    """
    place = Place(path)
    layout = place.layout()
    if layout is None:
        raise Trouble(f"{place.directory} is in no git repository", "name the folder of a repository")
    return layout.at(layout.top or layout.git_dir, own=False)


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
    """What the submodules of the newest commit, or of the last one that had any, are compared with."""
    repository = Revision(layout, layout.top or layout.git_dir, line.points[-1].commit)
    return tuple(_upstreams(repository))


def _upstreams(repository: Revision) -> Iterator[Upstream]:
    for path in repository.gitlinks():
        store = repository.store(path)
        branch = History(store, path).branch(None, "") if isinstance(store, Store) else store
        if isinstance(branch, CannotKnow) or not isinstance(store, Store):
            yield Upstream(path, None, None, None)
            continue
        lines = store.git.lines("rev-list", "--max-count=1", "--no-commit-header", "--format=%ct", branch.tip, "--")
        yield Upstream(path, branch.name, branch.tip, date(int(lines[0])) if lines else None)
