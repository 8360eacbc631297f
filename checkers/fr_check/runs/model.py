"""What commands are told as: each that is finally executed, with its place, its surroundings, and the way to it."""

from __future__ import annotations

from fr_check.core.record import NamedTuple
from fr_check.sources.shells import SH

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from typing import Literal

    from fr_check.core.model import Location
    from fr_check.runs.calls import Call
    from fr_check.runs.links import Excuse, Link
    from fr_check.runs.scope import Checkouts
    from fr_check.sources.docker_options import Token
    from fr_check.sources.shell.failures import Loss
    from fr_check.sources.shells import Shell

    Expressions = Callable[[str], str | None]
    Lost = Callable[[], Loss | None]
    Excused = Callable[[], "Excuse | None"]


class Start(NamedTuple):
    """What a script starts with.

    `directory` is the folder it runs in (None: not known), `environment` variables that are known, `arguments` those of
    the command that calls it (None: not known). `expressions` evaluates GitHub's `${{ }}`. `shell` runs it.
    """

    directory: str | None = "."
    environment: Mapping[str, str | None] = {}
    arguments: tuple[str | None, ...] | None = None
    expressions: Expressions | None = None
    shell: Shell = SH


class Assigned(NamedTuple):
    """A variable that a command sets, with its value (None: not known), and where that stands."""

    name: str
    value: str | None
    start: int
    end: int


class Loaded(NamedTuple):
    """A file of variables (None: not known which) that is read for a command.

    `how`: by a shell that exports `all` it sets or only what is `marked`, or by a program that `loads` it.
    """

    path: str | None
    how: Literal["all", "marked", "loads"]


class Ran(NamedTuple):
    """One command as the script starts it, wrappers taken off (`env`, `uv run`); a command of `sh -c` by itself.

    `words` are what it gets, its own name first; none for one that only assigns. `name` may be a path, of which the end
    is enough, and is empty where it is not known. `assigned` are the variables set for it, `exported` all that the
    script has put into its environment. `losses` say, outermost first, why its failure may stay unseen: each is asked
    only if somebody wonders. `via` is the last wrapper that was taken off (`uv`, `hatch`), or empty. `loaded` are the
    files of variables that are read for it, in order.
    """

    name: str
    words: tuple[Token, ...]
    directory: str | None
    assigned: tuple[Assigned, ...]
    exported: Mapping[str, str | None]
    losses: tuple[Lost, ...]
    shell: Shell
    via: str
    start: int
    end: int
    loaded: tuple[Loaded, ...] = ()

    @property
    def arguments(self) -> list[Token]:
        """The words after the name."""
        return [*self.words[1:]]

    @property
    def environment(self) -> dict[str, str | None]:
        """What it gets of variables that the script sets."""
        return {**self.exported, **{one.name: one.value for one in self.assigned}}


class Origin(NamedTuple):
    """Where a script stands: its file, what to call one of its commands, and how its offsets become places.

    `checkouts` tell which folders are the repository's; `environment` are the variables that the script starts with.
    """

    path: str
    what: str
    locate: Callable[[int, int], Location]
    checkouts: Checkouts
    environment: Mapping[str, str | None]


class Executed(NamedTuple):
    """One command that is finally executed, or that hands on to others, which then come after it.

    `chain` is the way to it, outermost first: the step, then each task or script on the way. `excuses` say, outermost
    first, why its failure may stay unseen, wherever on that way; each is asked only if somebody wonders. `into` are the
    files that it hands on to, those that are not worth reading included. `given` are the variables of the files that
    are loaded for it; `open`: one of those is not in the repository, so that others may be set as well.
    """

    ran: Ran
    origin: Origin
    chain: tuple[Link, ...] = ()
    excuses: tuple[Excused, ...] = ()
    into: tuple[str, ...] = ()
    given: Mapping[str, str | None] = {}
    open: bool = False

    @property
    def followed(self) -> bool:
        """Whether it hands on to something that was followed."""
        return bool(self.into)

    @property
    def path(self) -> str:
        """The file that it stands in."""
        return self.origin.path

    @property
    def location(self) -> Location:
        """Where it stands, wrappers included."""
        return self.origin.locate(self.ran.start, self.ran.end)

    @property
    def folder(self) -> str | None:
        """The folder of the repository that it runs in ("" for the root); None where that is not known."""
        return None if self.ran.directory is None else self.origin.checkouts.path(self.ran.directory)[0]

    @property
    def environment(self) -> dict[str, str | None]:
        """The variables that are known to be set for it; None for a value that is not known."""
        return {**self.origin.environment, **self.given, **self.ran.environment}

    @property
    def excuse(self) -> Excuse | None:
        """Why its failure does not fail what it was reached from; None where it does, or where nobody can tell."""
        return next((found for excused in self.excuses if (found := excused()) is not None), None)

    def reached(self, chain: tuple[Link, ...], excuses: tuple[Excused, ...]) -> Executed:
        """The same command by a longer way."""
        return self._replace(chain=(*chain, *self.chain), excuses=(*excuses, *self.excuses))


class Unfollowed(NamedTuple):
    """A call that leads where nothing is read: `paths` are the files that it may lead to, none where none is known."""

    call: Call
    by: Executed
    paths: tuple[str, ...]

    @property
    def location(self) -> Location:
        """Where the call stands."""
        return self.by.location

    def reached(self, chain: tuple[Link, ...], excuses: tuple[Excused, ...]) -> Unfollowed:
        """The same call by a longer way."""
        return self._replace(by=self.by.reached(chain, excuses))
