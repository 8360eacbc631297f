"""Follows a script to all that it finally executes: through tasks, scripts, `sh -c`, containers."""

from __future__ import annotations

import posixpath

from fr_check.core.budget import Budget
from fr_check.core.model import Unknown
from fr_check.core.record import NamedTuple
from fr_check.core.text import Text
from fr_check.runs import calls, walk
from fr_check.runs.changes import SET, Change, left
from fr_check.runs.links import Excuse, Link
from fr_check.runs.model import Executed, Origin, Start, Unfollowed
from fr_check.sources import make_options
from fr_check.sources.docker_uses import moved
from fr_check.sources.shells import SH, of_shebang
from fr_check.sources.tasks.model import OPAQUE

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

    from fr_check.core.model import Location
    from fr_check.core.repository import Repository
    from fr_check.runs.calls import Call
    from fr_check.runs.containers import Contained
    from fr_check.runs.model import Excused, Lost, Ran
    from fr_check.runs.targets import Finder, Target, Targets
    from fr_check.sources.tasks.model import Ignored

    Item = Executed | Unfollowed
    Interest = Callable[[str], bool]
    Wrote = Mapping[str, str | None]

SCRIPT_LIMIT = 500
"""Scripts and tasks that one follower opens; the most of 60 repositories is 87."""
_DEPTH = 6


class _Called(NamedTuple):
    """What a call executes: the commands, with the way from there on; whether that is all, or what `paths` may hold.

    `into` are the files that hold what it leads to, `left` the files of variables that are written after it.
    """

    items: tuple[Item, ...]
    known: bool
    paths: tuple[str, ...]
    into: tuple[str, ...] = ()
    left: Wrote = {}  # noqa: RUF012 - as in `Start`


class Overrun(NamedTuple):
    """That not all was followed, as there was too much of it: from where on, and what ran out."""

    where: Location
    spent: str

    def unknown(self, checker: str) -> Unknown:
        """For the reports of a checker."""
        message = f"what `{self.where.path}` runs {self.spent}"
        return Unknown(checker, Budget.REASON, self.where.path, message, Budget.HELP, self.where)


class Follower:
    """Follows scripts of one repository.

    `interest` tells by its text whether a script is worth reading at all, `of_file` so of the script files of the
    repository that something calls: there are many, and long ones. `finder` looks for them elsewhere than in the
    repository: in an image. Without `more` nothing is left to follow with, after others like it. With `images` the
    steps of images are followed into that `docker build` makes. With `leaving` a command knows the files of variables,
    too, that scripts and tasks before it have written.
    """

    def __init__(
        self,
        repository: Repository,
        interest: Interest,
        of_file: Interest | None = None,
        finder: Finder | None = None,
        *,
        more: bool = True,
        images: bool = False,
        leaving: bool = False,
    ) -> None:
        self.repository = repository
        self._leaving = leaving
        self._left: Wrote = {}
        self._images = images
        self._interest = interest
        self._of_file = of_file
        self._known: dict[tuple[object, ...], _Called] = {}
        self._finder: Finder | None = finder
        self._elsewhere = None if finder is None else finder.elsewhere
        self._budget = Budget(files=SCRIPT_LIMIT, steps=walk.STEP_LIMIT, depth=_DEPTH)
        self._overrun: Location | None = None
        if not more:
            self._budget.stop("comes after others that took all the steps there are for following")

    @property
    def taken(self) -> int:
        """The steps that were taken."""
        return self._budget.taken

    def unknowns(self, checker: str) -> tuple[Unknown, ...]:
        """That not all was followed, as there was too much of it, and from where on; nothing where all of it was."""
        return () if self.overrun is None else (self.overrun.unknown(checker),)

    @property
    def overrun(self) -> Overrun | None:
        """Where there was too much to follow, by now; None where all of it was."""
        return None if self._overrun is None else Overrun(self._overrun, self._budget.spent)

    def follow(
        self,
        script: str,
        start: Start,
        origin: Origin,
        *,
        depth: int = 0,
        ignored: Ignored | None = None,
        places: Sequence[int] | None = None,
        sourced: bool = False,
    ) -> tuple[Item, ...]:
        """Everything that a script executes, in order; what a command hands on to comes right after it.

        `ignored` is why its caller passes over its failures; `places` as in `shell.parse`. `sourced`: another script
        reads it, which may call its functions.
        """
        by_others: dict[str, tuple[str | None, str | None]] = {}
        if not self._interest(script):
            self._leave(script, start, by_others)
            return ()
        found: list[Item] = []
        for own in walk.commands(script, start, places, self._budget):
            ran = own._replace(wrote=_over(own.wrote, by_others)) if by_others else own
            executed = Executed(ran, origin, (), _excuses(ran, ignored, origin, sourced=sourced))
            call = (self._elsewhere(ran) if self._elsewhere is not None else None) or calls.of(ran)
            # What the shells of an image read is told by its changes.
            if ran.loaded and self._elsewhere is None:
                executed = self._with_files(executed)
                call = call._replace(assigned={**executed.given, **call.assigned}) if call is not None else None
            inner: list[Item] = []
            into: tuple[str, ...] = ()
            if call is not None:
                inner, into = self._called(call, executed, depth)
                if self._leaving and self._left is not ran.wrote:
                    by_others.update(_differing(own, ran.wrote, self._left))
            elif ran.name.rpartition("/")[2] in _CONTAINERS:
                inner = self._contained(executed, start, depth)
                into = tuple(dict.fromkeys(item.path for item in inner if isinstance(item, Executed)))
            found.append(executed._replace(into=into))
            found += inner
        if self._budget.spent and self._overrun is None:
            self._overrun = origin.locate(0, len(script))
        self._leave(script, start, by_others)
        return tuple(found)

    def _leave(self, script: str, start: Start, by_others: Mapping[str, tuple[str | None, str | None]]) -> None:
        """Notes the files of variables that are written after a script; `by_others` as in `_over`."""
        if not self._leaving:
            return
        after = start.wrote
        if ".env" in script:
            from fr_check.runs import step_files  # noqa: PLC0415 - few scripts write such files

            after = step_files.files(script, start)
        self._left = _over(after, by_others) if by_others else after

    def _with_files(self, executed: Executed) -> Executed:
        """A command with the variables of the files that are loaded for it."""
        from fr_check.runs import env_files  # noqa: PLC0415 - few commands have any

        given, others = env_files.given(self.repository, executed.ran.loaded, executed.origin, executed.ran.wrote)
        return executed._replace(given=given, open=others)

    def _called(self, call: Call, by: Executed, depth: int) -> tuple[list[Item], tuple[str, ...]]:
        """What a call leads to, and the files that it is in."""
        origin = by.origin
        if origin.environment:
            held = origin.environment if self._elsewhere is None else by.ran.present
            origin = origin._replace(environment=left(held, by.ran.changes))
        if call.kind == "make" and "MAKEFLAGS" in (around := {**origin.environment, **call.assigned}):
            from fr_check.runs import make_environment  # noqa: PLC0415 - few tasks start a make of their own

            call = make_environment.passed_on(call, around)
        wrote = by.ran.wrote
        key = _key(call, origin, wrote)
        if key not in self._known:
            text = _made(call, wrote) if wrote and call.kind == "script" else None
            if text is not None:
                return self._made(text, call, by, depth)
            found = self._targets(call, origin, depth, wrote)
            if not isinstance(found, _Called):
                self._left = wrote
                return [Unfollowed(call, by, tuple(dict.fromkeys(target.text.path for target in found.found)))], ()
            self._known[key] = found
        known = self._known[key]
        self._left = known.left
        # They are only handed on, which is quickly done.
        if not self._budget.step(1 + len(known.items) // walk.HANDED_ON):
            return [Unfollowed(call, by, known.into)], known.into
        by = _heeding(by, call)
        if call.kind == "make" and call.given:
            by = by._replace(ran=by.ran._replace(own=(*by.ran.own, *_given(call))))
        ignored = call.ignored or (make_options.of_environment(by.environment) if call.kind == "make" else "")
        inner = [_under(item, by, ignored) for item in known.items]
        if not known.known:
            inner.append(Unfollowed(call, by, known.paths))
        return inner, known.into

    def _made(self, script: str, call: Call, by: Executed, depth: int) -> tuple[list[Item], tuple[str, ...]]:
        """What a script executes that was written before: all of it stands where it is called."""
        where, wrote = by.location, by.ran.wrote

        def locate(start: int, end: int) -> Location:
            del start, end
            return where

        if depth >= _DEPTH or not self._budget.file():
            return [Unfollowed(call, by, ())], ()
        environment = {**by.origin.environment, **call.assigned}
        shell = call.shell or of_shebang(script) or SH
        start = Start(call.directory, {**environment, "0": call.names[0]}, call.arguments, shell=shell, wrote=wrote)
        origin = Origin(by.path, f"command in `{call.names[0]}`", locate, by.origin.checkouts, environment)
        items = self.follow(script, start, origin, depth=depth + 1, sourced=call.program in _SOURCING)
        heeding = _heeding(by, call)
        return [_under(item, heeding, call.ignored) for item in items], (by.path,)

    def _targets(self, call: Call, origin: Origin, depth: int, wrote: Wrote) -> _Called | Targets:
        """As `_called`, before it is known from where; the targets alone where they lie too deep."""
        if self._finder is None:
            from fr_check.runs.targets import Finder  # noqa: PLC0415 - most steps call nothing of the repository

            self._finder = Finder(self.repository)
        targets = self._finder.find(call, origin)
        if targets.found and (depth >= _DEPTH or not self._budget.file()):
            return targets
        # What calls itself leads nowhere.
        into = tuple(dict.fromkeys(target.text.path for target in targets.found))
        self._known[_key(call, origin, wrote)] = _Called((), known=True, paths=(), into=into, left=wrote)
        worth = self._of_file if call.kind == "script" else None
        read = [target for target in targets.found if worth is None or worth(target.script.string)]
        items: list[list[Item]] = [[] for _ in read]
        for index in _in_order(read, call) if self._leaving else range(len(read)):
            target = read[index]
            inner = self._target(target, origin, depth, wrote, sourced=call.program in _SOURCING)
            items[index] += [_passed_over(item, target, call, origin) for item in inner] if target.ignored else inner
            wrote = self._left if self._leaving else wrote
        return _Called(tuple(one for several in items for one in several), targets.known, targets.paths, into, wrote)

    def _target(self, target: Target, origin: Origin, depth: int, wrote: Wrote, *, sourced: bool) -> tuple[Item, ...]:
        text, script = target.text, target.script

        def locate(start: int, end: int) -> Location:
            return text.at(script.locate(start, end))

        inner = Origin(text.path, target.what, locate, origin.checkouts, target.start.environment)
        start = target.start._replace(wrote=wrote) if wrote else target.start
        found = self.follow(script.string, start, inner, depth=depth + 1, ignored=script.ignored, sourced=sourced)
        return found if target.does is None else tuple(item.after(target.does) for item in found)

    def _contained(self, by: Executed, start: Start, depth: int) -> list[Item]:
        """What the containers run that a command starts."""
        from fr_check.runs import containers  # noqa: PLC0415 - few steps start containers

        found: list[Item] = []
        inside = [*containers.inside_of(by.ran, by.origin, self.repository)]
        if self._images:
            from fr_check.runs import image_builds  # noqa: PLC0415 - as containers

            inside = [*image_builds.inside_of(by.ran, by.origin, self.repository), *inside]
        for one in inside:
            # A service may start itself, and a container one that starts another.
            if not self._budget.step(0, depth=depth + 1):
                break
            items = self._words(one, by, start, depth) if one.script is None else self._service(one, by, depth)
            found += (_under(_inside(item), by, one.ignored) for item in items)
        return found

    def _words(self, one: Contained, by: Executed, start: Start, depth: int) -> tuple[Item, ...]:
        """The words of a command line from some on, as a command of their own."""
        pieces: list[str] = []
        places: list[int] = []
        for token in by.ran.words[one.at :]:
            raw = token.raw or token.value or OPAQUE
            pieces.append(raw)
            places += [*range(token.start, token.start + len(raw)), token.start + len(raw)]
        inner = Start(one.directory, start.environment, None, start.expressions)
        return self.follow(" ".join(pieces), inner, by.origin, depth=depth + 1, places=places)

    def _service(self, one: Contained, by: Executed, depth: int) -> tuple[Item, ...]:
        """The command that a compose file gives a service."""
        text, script = self.repository.read(one.path), one.script
        if not isinstance(text, Text) or script is None:
            return ()

        def locate(start: int, end: int) -> Location:
            return text.at(script.locate(start, end))

        origin = Origin(one.path, one.what, locate, by.origin.checkouts, {})
        return self.follow(script.string, Start(one.directory), origin, depth=depth + 1)


def _in_order(targets: Sequence[Target], call: Call) -> Iterator[int]:
    """The places of targets in the order in which they run: what a task needs comes before it."""
    if (call.kind not in _NEEDING and call.program != "task") or len(call.names) > 1:
        yield from range(len(targets))
        return
    groups: dict[str, list[int]] = {}
    for index, target in enumerate(targets):
        groups.setdefault(target.what, []).append(index)
    for places in reversed(groups.values()):
        yield from places


def _over(wrote: Wrote, by_others: Mapping[str, tuple[str | None, str | None]]) -> Wrote:
    """What files hold: what others left there, unless the script itself has changed them since.

    `by_others`: path -> what the script itself had written there by then, and what others have left.
    """
    return {**wrote, **{path: text for path, (own, text) in by_others.items() if wrote.get(path, "") == own}}


def _differing(ran: Ran, before: Wrote, after: Wrote) -> Iterator[tuple[str, tuple[str | None, str | None]]]:
    """The files that a call has left otherwise than it found them, as `_over` takes them."""
    for path, text in after.items():
        if path not in before or before[path] != text:
            own = ran.wrote.get(path, "")
            # Whether a script has since changed what was not known before cannot be told.
            yield path, (own, text if ran.sure and own is not None else None)


_SOURCING = frozenset((".", "source"))
_NEEDING = frozenset(("make", "just", "moon"))
_CONTAINERS = frozenset(("docker", "podman", "nerdctl", "docker-compose", "podman-compose"))


def _heeding(by: Executed, call: Call) -> Executed:
    """A command as what it calls takes it: dash heeds `-e` in a file that it reads, whatever stands around the `.`."""
    return by._replace(excuses=()) if call.program in _SOURCING and by.ran.shell.program != "bash" else by


def _made(call: Call, wrote: Wrote) -> str | None:
    """The text of a script that was written before it is called."""
    place = moved(call.directory, call.names[0])
    return None if place is None else wrote.get(posixpath.normpath(place))


def _key(call: Call, origin: Origin, wrote: Wrote) -> tuple[object, ...]:
    """What a call's result depends on; not where it stands."""
    same = tuple(value for value in call._replace(start=0, end=0) if not isinstance(value, dict))
    known = (call.assigned, call.given, origin.environment, wrote)
    return (*same, origin.checkouts, *(tuple(sorted(items.items(), key=str)) for items in known))


def _given(call: Call) -> Iterator[Change]:
    """What the command line of make sets; make expands it."""
    for name, value in call.given.items():
        known = None if value is None or "$" in value else value
        yield Change(SET, name, known, exported=None, shown="", start=call.start, end=call.end)


def _excuses(ran: Ran, ignored: Ignored | None, origin: Origin, *, sourced: bool) -> tuple[Excused, ...]:
    """Why a command of a script may fail unseen, within that script."""
    own = tuple(_excused(lost, origin) for lost in ran.losses)
    if ran.dead and not sourced:
        own = (lambda: Excuse("a function that nothing calls", origin.locate(ran.start, ran.end), never=True), *own)
    if ignored is None:
        return own
    where = origin.locate(ran.start, ran.end)._replace(span=ignored.span)
    return (lambda: Excuse(ignored.phrase, where), *own)


def _excused(lost: Lost, origin: Origin) -> Excused:
    def excused() -> Excuse | None:
        loss = lost()
        return None if loss is None else Excuse(loss.phrase, origin.locate(loss.start, loss.end))

    return excused


def _passed_over(item: Item, target: Target, call: Call, origin: Origin) -> Item:
    """A command that its call keeps from running, or whose failure it passes over."""
    where = origin.locate(call.start, call.end)
    return item.reached((), (lambda: Excuse(target.ignored, where),))


def _inside(item: Item) -> Item:
    """A command that a container runs."""
    return item._replace(contained=True) if isinstance(item, Executed) else item


def _under(item: Item, by: Executed, ignored: str) -> Item:
    """A command as it is reached through another one, which may pass over its failure."""
    link = Link(by.origin.what, by.location)
    own: tuple[Excused, ...] = (lambda: Excuse(ignored, link.location),) if ignored else ()
    if by.open and isinstance(item, Executed):
        item = item._replace(open=True)
    return item.reached((*by.chain, link), (*by.excuses, *own), by)
