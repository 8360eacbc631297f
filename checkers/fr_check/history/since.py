"""`--since REV`: only what came after a commit, a baseline without a file."""

from __future__ import annotations

from fr_check.core import engine
from fr_check.core.context import Context, Options
from fr_check.core.model import Unknown
from fr_check.core.trouble import Trouble
from fr_check.history.identity import item, pairs
from fr_check.repository.base import find_base
from fr_check.repository.revision import GitRepository, Revision
from fr_check.repository.superproject import renames

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence

    from fr_check.core.checker import Checker
    from fr_check.core.model import Report, Rule
    from fr_check.core.repository import Repository
    from fr_check.core.selection import Selection


def start(repository: Repository, since: str) -> Revision:
    """The state that a commit stands for: where what is judged left it, if it has gone on since.

    Raises:
        Trouble: there is no such commit, or this clone does not hold it.
    """
    if not isinstance(repository, GitRepository):
        raise Trouble("there is no commit to start from outside a git repository", "leave out --since")
    found = find_base(repository, since)
    if isinstance(found, Unknown):
        raise Trouble(f"--since {since}: {found.message}", found.help)
    if not isinstance(found, Revision):
        raise Trouble(f"--since {since} names no commit to compare with", "check the name")
    return found


def only_later(
    report: Report,
    context: Context,
    before: Revision,
    checkers: Sequence[Checker],
    hygiene: Sequence[Rule],
    selection: Selection,
) -> Report:
    """The report without the findings that `before` had already, which count as accepted by a baseline.

    The earlier state is judged by today's rules and today's policy, and against itself: what happened on the way to
    it is nobody's doing now.
    """
    options = Options(online=context.options.online)
    earlier, _ = engine.run(Context(before, context.config, before, options), checkers, hygiene, selection, most=None)
    moved = renames(before.layout, before.revision, context.repository.revision)
    kept = pairs([item(found) for found in earlier.findings], [item(found) for found in report.findings], moved)
    fresh = tuple(found for index, found in enumerate(report.findings) if index not in kept)
    known = tuple(found for index, found in enumerate(report.findings) if index in kept)
    return report._replace(findings=fresh, baselined=(*report.baselined, *known))
