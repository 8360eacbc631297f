"""What commands are told as: each that is finally executed, with its place, its surroundings, and the way to it."""

from __future__ import annotations

from fr_check.core.record import NamedTuple
from fr_check.runs.changes import IMPORT, OPENED, SOURCE, child, known, located, none
from fr_check.sources.docker_uses import moved
from fr_check.sources.shells import SH

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
    from typing import Literal

    from fr_check.core.model import Location
    from fr_check.runs.calls import Call
    from fr_check.runs.changes import Change, Changes, Operation
    from fr_check.runs.links import Excuse, Link
    from fr_check.runs.scope import Files
    from fr_check.sources.docker_options import Token
    from fr_check.sources.env_write import EnvWrite
    from fr_check.sources.shell.failures import Loss
    from fr_check.sources.shells import Shell

    Expressions = Callable[[str], str | None]
    Sourced = Callable[[str], Iterable[str] | None]
    Lost = Callable[[], Loss | None]
    Excused = Callable[[], "Excuse | None"]


class Start(NamedTuple):
    """What a script starts with.

    `directory` is the folder it runs in (None: not known), `environment` variables that are known, `arguments` those of
    the command that calls it (None: not known). `expressions` evaluates GitHub's `${{ }}`. `shell` runs it. `sourced`
    tells which variables a file assigns that the script reads with `.` (None: not known); without it such a file is
    taken to change nothing that matters. `wrote` are the files that were written before it, by path, with what they
    hold (None: not known). `sh` is what `/bin/sh` is, as `reading.shell_of` tells it; empty where nobody asks.
    """

    directory: str | None = "."
    environment: Mapping[str, str | None] = {}
    arguments: tuple[str | None, ...] | None = None
    expressions: Expressions | None = None
    shell: Shell = SH
    sourced: Sourced | None = None
    sh: str = ""
    wrote: Mapping[str, str | None] = {}


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


def files_read(here: str | None, changes: Iterable[Change]) -> Iterator[Loaded]:
    """The files of variables that changes read in a folder; one that is not known for whatever only a run tells."""
    for change in changes:
        path = moved(here, change.name or None)
        if change.kind == SOURCE:
            yield Loaded(path, "all" if change.exported else "marked")
        elif change.kind in {IMPORT, OPENED}:
            yield Loaded(path if change.kind == IMPORT else None, "loads")


# Files of variables of one command: more than any script has use for, so that each command costs the same.
_FILES = 50


def loaded_with(loaded: tuple[Loaded, ...], more: Iterable[Loaded]) -> tuple[Loaded, ...]:
    """Files of variables with those that are read after them: what is read again counts where it is read last.

    Of more than that the last ones are kept, behind one that is not known.
    """
    added = tuple(dict.fromkeys(more))
    if not added:
        return loaded
    kept = (*(one for one in loaded if one not in added), *added)
    return kept if len(kept) <= _FILES else (Loaded(None, "all"), *kept[-_FILES + 1 :])


class Ran(NamedTuple):
    """One command as the script starts it, wrappers taken off (`env`, `uv run`); a command of `sh -c` by itself.

    `words` are what it gets, its own name first; none for one that only assigns. `name` may be a path, of which the end
    is enough, and is empty where it is not known. `assigned` are the variables set for it. `losses` say, outermost
    first, why its failure may stay unseen: each is asked only if somebody wonders. `changed` is what the script did to
    the environment before it, `own` what is done for it alone, `present` what the script began with. `wrappers` are
    those that were taken off, outermost first, each with its words. `loaded` are the files of variables that are read
    for it, in order, `loads` those that a wrapper reads, `written` those that it writes; `body` are its here-documents.
    `captured`: it stands in `$( )`; `uncalled`: in a function that nothing calls, `dead` where nothing can. `wrote`
    are the files that the script has written before it, as in `Start`. It is not `sure` where it may not run. `names`
    are those that `changed` tells of, and may be further ones: to see soon that it does not tell of one.
    """

    name: str
    words: tuple[Token, ...]
    directory: str | None
    assigned: tuple[Assigned, ...]
    losses: tuple[Lost, ...]
    shell: Shell
    start: int
    end: int
    changed: Changes = none
    own: tuple[Change, ...] = ()
    present: Mapping[str, str | None] = {}
    wrappers: tuple[tuple[str, tuple[str | None, ...]], ...] = ()
    written: tuple[EnvWrite, ...] = ()
    loads: tuple[EnvWrite, ...] = ()
    loaded: tuple[Loaded, ...] = ()
    body: str = ""
    captured: bool = False
    uncalled: bool = False
    dead: bool = False
    wrote: Mapping[str, str | None] = {}
    sure: bool = True
    names: Collection[str] = ()

    @property
    def via(self) -> str:
        """The last wrapper that was taken off (`uv`, `hatch`), or nothing."""
        return self.wrappers[-1][0] if self.wrappers else ""

    @property
    def arguments(self) -> list[Token]:
        """The words after the name."""
        return [*self.words[1:]]

    @property
    def changes(self) -> tuple[Change, ...]:
        """Everything that was done to its environment."""
        return (*self.changed(), *self.own)

    @property
    def exported(self) -> dict[str, str | None]:
        """The variables that the script has put into its environment before."""
        return known(self.changed(), self.present)

    @property
    def environment(self) -> dict[str, str | None]:
        """What it gets of variables that the script sets."""
        return known(self.changes, self.present)


class Origin(NamedTuple):
    """Where a script stands: its file, what to call one of its commands, and how its offsets become places.

    `checkouts` tell which folders are the repository's; `environment` are the variables that the script starts with.
    """

    path: str
    what: str
    locate: Callable[[int, int], Location]
    checkouts: Files
    environment: Mapping[str, str | None]


class Executed(NamedTuple):
    """One command that is finally executed, or that hands on to others, which then come after it.

    `chain` is the way to it, outermost first: the step, then each task or script on the way. `excuses` say, outermost
    first, why its failure may stay unseen, wherever on that way; each is asked only if somebody wonders. `into` are the
    files that it hands on to, those that are not worth reading included. `given` are the variables of the files that
    are loaded for it; `open`: one of those is not in the repository, so that others may be set as well. `above` is what
    each of the commands on that way found done to its environment. `contained`: a container runs it, with an
    environment of its own.
    """

    ran: Ran
    origin: Origin
    chain: tuple[Link, ...] = ()
    excuses: tuple[Excused, ...] = ()
    into: tuple[str, ...] = ()
    given: Mapping[str, str | None] = {}
    open: bool = False
    above: tuple[Callable[[], tuple[Operation, ...]], ...] = ()
    contained: bool = False

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

    def gets(self, name: str) -> bool:
        """Whether a variable is known to be set for it: whether `environment` has it, for less."""
        if name in self.origin.environment or name in self.given:
            return True
        if name not in self.ran.names and all(one.name != name for one in self.ran.own):
            return False
        return any(one.name == name for one in self.ran.changes) and name in self.ran.environment

    @property
    def excuse(self) -> Excuse | None:
        """Why its failure does not fail what it was reached from; None where it does, or where nobody can tell."""
        return next((found for excused in self.excuses if (found := excused()) is not None), None)

    @property
    def operations(self) -> tuple[Operation, ...]:
        """Everything that was done to its environment, by what called it too."""
        return (*(one for above in self.above for one in above()), *self.changes())

    def changes(self) -> tuple[Operation, ...]:
        """What its own script did to its environment, with places."""
        return located(self.ran.changes, self.origin.locate)

    def reached(self, chain: tuple[Link, ...], excuses: tuple[Excused, ...], by: Executed | None = None) -> Executed:
        """The same command by a longer way; `by` is the command that hands on to it."""
        above = self.above if by is None else (*by.above, by.handed, *self.above)
        return self._replace(chain=(*chain, *self.chain), excuses=(*excuses, *self.excuses), above=above)

    def after(self, done: Callable[[], tuple[Operation, ...]]) -> Executed:
        """The same command after the task runner that starts its script did something to the environment."""
        return self._replace(above=(done, *self.above))

    def handed(self) -> tuple[Operation, ...]:
        """What a process that it starts finds done."""
        return located((*self.ran.changes, child(self.ran.start, self.ran.end)), self.origin.locate)


class Unfollowed(NamedTuple):
    """A call that leads where nothing is read: `paths` are the files that it may lead to, none where none is known."""

    call: Call
    by: Executed
    paths: tuple[str, ...]

    @property
    def location(self) -> Location:
        """Where the call stands."""
        return self.by.location

    def after(self, done: Callable[[], tuple[Operation, ...]]) -> Unfollowed:
        """As of `Executed`."""
        return self._replace(by=self.by.after(done))

    def reached(self, chain: tuple[Link, ...], excuses: tuple[Excused, ...], by: Executed | None = None) -> Unfollowed:
        """The same call by a longer way; `by` is the command that hands on to it."""
        return self._replace(by=self.by.reached(chain, excuses, by))
