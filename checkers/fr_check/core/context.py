"""What a checker's loader is given: the repository, what to compare it with, the policy, the command's options."""

from __future__ import annotations

from functools import cached_property

from fr_check.core.record import NamedTuple

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import TypeAlias

    from fr_check.core.config import Config
    from fr_check.core.model import Unknown
    from fr_check.core.repository import Repository

    Base: TypeAlias = Repository | Unknown | None


class Options(NamedTuple):
    """Options of the command line that a loader may read."""

    reports: tuple[str, ...] = ()
    online: bool = False
    each_commit: bool = False


class Context:
    """The world of one run."""

    def __init__(
        self,
        repository: Repository,
        config: Config,
        base: Base | Callable[[], Base] = None,
        options: Options = Options(),  # noqa: B008 - a tuple
    ) -> None:
        """`base` may be a function that finds it: looking costs git processes, and few checkers compare."""
        self.repository = repository
        self.config = config
        self.options = options
        self._base = base

    @cached_property
    def base(self) -> Base:
        """The state compared with.

        None where there is nothing to compare with (no commit yet, no base given and none found), and an Unknown where
        there is one that cannot be read (shallow history).
        """
        return self._base() if callable(self._base) else self._base

    def of(self, repository: Repository) -> Context:
        """The same run, about another state."""
        return Context(repository, self.config, lambda: self.base, self.options)
