"""What a checker's loader is given: the repository, what to compare it with, the policy, the command's options."""

from __future__ import annotations

from typing import TYPE_CHECKING

from checkers.core.record import NamedTuple

if TYPE_CHECKING:
    from checkers.core.config import Config
    from checkers.core.model import Unknown
    from checkers.core.repository import Repository


class Options(NamedTuple):
    """Options of the command line that a loader may read."""

    reports: tuple[str, ...] = ()
    online: bool = False
    each_commit: bool = False


class Context(NamedTuple):
    """The world of one run.

    `base` is None where there is nothing to compare with (no commit yet, no base given and none found), and an
    Unknown where there is one that cannot be read (shallow history).
    """

    repository: Repository
    config: Config
    base: Repository | Unknown | None = None
    options: Options = Options()
