"""What a checker's loader is given: the repository, what to compare it with, the policy, the command's options."""

from __future__ import annotations

from functools import cached_property

from fr_check.core.record import NamedTuple

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any, TypeAlias, TypeVar

    from fr_check.core.config import Config
    from fr_check.core.model import Unknown
    from fr_check.core.repository import Repository

    Base: TypeAlias = Repository | Unknown | None
    T = TypeVar("T")


class Options(NamedTuple):
    """Options of the command line that a loader may read."""

    reports: tuple[str, ...] = ()
    online: bool = False
    each_commit: bool = False


class Context:
    """What one run knows: every loader asks it, and what it once computed is computed once for all checkers."""

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
        self._loaded: dict[object, Any] = {}

    @cached_property
    def today(self) -> str:
        """The day of this run as `2027-01-31`, in UTC: allowances may end."""
        from time import gmtime, strftime  # noqa: PLC0415 - only this asks for the time

        return strftime("%Y-%m-%d", gmtime())

    def once(self, load: Callable[[Context], T]) -> T:
        """What `load` makes of this run; the second to ask gets what the first got."""
        if load not in self._loaded:
            self._loaded[load] = load(self)
        found: T = self._loaded[load]
        return found

    def facts(self, checker: str) -> Any:
        """The facts of a checker, by its name on the command line: how one checker asks what another knows."""
        from fr_check.core.registry import load_checker  # noqa: PLC0415 - only where another checker is asked

        return self.once(load_checker(checker).load)

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
