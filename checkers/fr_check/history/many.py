"""Many repositories: each judged by itself, here or on a cluster, and one summary over all of them."""

from __future__ import annotations

import csv
import os
import tempfile
from io import StringIO
from statistics import median

from fr_check import __version__
from fr_check.core.record import NamedTuple
from fr_check.core.trouble import Trouble
from fr_check.history import clones, report
from fr_check.history.run import Prepared, finish, prepare, told_here
from fr_check.history.story import NOT_JUDGED, OPEN
from fr_check.history.text import counted
from fr_check.report.json import dump, tool
from fr_check.report.view import printable

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from typing import Any

    from fr_check.history.report import Told
    from fr_check.history.run import Asked

COLUMNS = (
    "repository", "commits", "first", "last", "events", "errors", "open", "not_judged", "median_days", "partly",
    "failed",
)  # fmt: skip


class Result(NamedTuple):
    """One repository of the list: its story, or why there is none."""

    name: str
    told: Told | None
    failure: str | None = None


def read_list(path: str, data: bytes) -> tuple[str, ...]:
    """The repositories of a file, a folder or an address a line; empty lines and those that begin with `#` are none.

    Raises:
        Trouble: it names none.
    """
    lines = (line.strip() for line in data.decode("utf-8", "replace").split("\n"))
    found = tuple(dict.fromkeys(line for line in lines if line and not line.startswith("#")))
    if not found:
        raise Trouble(f"{path} names no repository", "write a folder or an address a line")
    return found


def all_of(
    names: Sequence[str], asked: Asked, folder: str | None, scheduler: str | None, tell: Callable[[str], None]
) -> Iterator[Result]:
    """The result of each repository, one by one; a failed one is reported and the rest goes on.

    Raises:
        Trouble: the cluster cannot be used.
    """
    with tempfile.TemporaryDirectory(prefix="fr-check-") as temporary:
        where = folder or temporary
        if scheduler is None:
            yield from (_here(name, asked, where, tell) for name in names)
            return
        from fr_check.history.cluster import Cluster  # noqa: PLC0415 - an extra

        with Cluster(scheduler) as cluster:
            prepared = {name: _prepared(name, asked, where, tell) for name in names}
            ready = {name: found for name, found in prepared.items() if isinstance(found, Prepared)}
            stories = {name: finish(found, packed) for name, found, packed in cluster.judge(ready)}
            for name in names:
                found = prepared[name]
                yield Result(name, None, found) if isinstance(found, str) else Result(name, stories[name])


def _here(name: str, asked: Asked, folder: str, tell: Callable[[str], None]) -> Result:
    found = _prepared(name, asked, folder, tell)
    return Result(name, None, found) if isinstance(found, str) else Result(name, told_here(found))


def _prepared(name: str, asked: Asked, folder: str, tell: Callable[[str], None]) -> Prepared | str:
    """A repository that is ready to be judged, or why it is not."""
    tell(name)
    try:
        path = clones.clone(name, folder) if clones.is_address(name) else name
        return prepare(asked._replace(path=os.path.abspath(path)), name=name)
    except Trouble as trouble:
        return f"{trouble.message} ({trouble.help})" if trouble.help else trouble.message


def rows(results: Sequence[Result]) -> list[tuple[str, ...]]:
    """A row of figures a repository."""
    return [_row(result) for result in results]


def _row(result: Result) -> tuple[str, ...]:
    if result.told is None:
        return (result.name, *[""] * (len(COLUMNS) - 2), result.failure or "")
    story = result.told.story
    errors = story.at_least("error")
    kinds = [one.end.kind for one in errors]
    ended = [one.least for one in errors if one.end.kind not in {OPEN, NOT_JUDGED}]
    shown = report.as_object(result.told)["range"]
    return (
        result.name,
        str(len(story.line.points)),
        shown["first"]["date"],
        shown["last"]["date"],
        str(sum(1 for event in story.events if event.severity != "info")),
        str(len(errors)),
        str(kinds.count(OPEN)),
        str(kinds.count(NOT_JUDGED)),
        f"{median(ended):.1f}" if ended else "",
        str(len(story.partly)),
        "",
    )


def render(results: Sequence[Result], form: str) -> str:
    """The summary over all repositories: text, json, csv or html."""
    if form == "json":
        return dump(_as_object(results))
    if form == "csv":
        written = StringIO()
        csv.writer(written, lineterminator="\n").writerows([COLUMNS, *(map(_plain, row) for row in rows(results))])
        return written.getvalue()
    return _page(results) if form == "html" else _text(results)


def _plain(cell: str) -> str:
    """A cell that no spreadsheet takes for a formula."""
    return f"'{cell}" if cell[:1] in {"=", "+", "-", "@"} else printable(cell)


def _as_object(results: Sequence[Result]) -> dict[str, Any]:
    return {
        "version": report.VERSION,
        "tool": tool(__version__),
        "repositories": [
            {"name": one.name, "failed": one.failure, "history": report.as_object(one.told) if one.told else None}
            for one in results
        ],
    }


def _text(results: Sequence[Result]) -> str:
    from fr_check.history.text import columns  # noqa: PLC0415

    done = [one for one in results if one.told is not None]
    stories = [one.told.story for one in done if one.told is not None]
    events = counted((event.rule for story in stories for event in story.events if event.severity != "info"), "event")
    errors = counted((one.rule for story in stories for one in story.at_least("error")), "error")
    head = f"fr-check history: {len(done)} of {len(results)} repositories: {events}; {errors}.\n"
    shown = [tuple(printable(cell) for cell in row[:-1]) for row in rows(done)]
    failed = "".join(f"failed {printable(one.name)}: {one.failure}\n" for one in results if one.told is None)
    return "\n".join(part for part in (head, columns(COLUMNS[:-1], shown) if shown else "", failed) if part)


def _page(results: Sequence[Result]) -> str:
    from fr_check.history import page  # noqa: PLC0415 - only for a page

    found = rows(results)
    total = [sum(int(row[at] or 0) for row in found) for at in range(4, 8)]
    names = ("events", "states at error", "still there", "not judged since")
    figures = page.cards((("repositories", str(len(results))), *zip(names, map(str, total), strict=True)))
    table = page.table(
        [name.replace("_", " ") for name in COLUMNS], [[page.text(cell) for cell in row] for row in found]
    )
    title = "Configuration drift of many repositories"
    body = f"<header><h1>{title}</h1>{figures}</header><section><h2>By repository</h2>{table}</section>"
    return page.document(title, body)
