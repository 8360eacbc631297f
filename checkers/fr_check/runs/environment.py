"""The environments of one script's processes: the shell itself, its subshells, and what it starts.

What a command changes holds for its own process from there on. What stands in a branch holds for certain within that
branch, and perhaps after it.
"""

from __future__ import annotations

from fr_check.core.record import NamedTuple
from fr_check.runs.changes import IMPORT, SHELL_SET, SOURCE, Change, none
from fr_check.runs.stops import Guards, Leaving, Refusals, Stop, reads_what_is_there
from fr_check.sources.shell.walking import is_apart, is_process, is_uncertain

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from fr_check.runs.changes import Changes
    from fr_check.runs.effects import Effects
    from fr_check.sources.shell import Command, Script
    from fr_check.sources.shell.walking import Scopes

_READING = frozenset((SOURCE, IMPORT))


class Site(NamedTuple):
    """Where a command stands: `blocks` are all constructs around it, `within` those that may keep it from running."""

    blocks: tuple[int, ...]
    within: tuple[int, ...]


class Held(NamedTuple):
    """What was changed by some point: what was before, and what came then. Each turn of a loop adds to it."""

    earlier: Held | None
    made: tuple[Change, ...]
    length: int

    def then(self, made: Sequence[Change]) -> Held:
        """With further changes."""
        return Held(self, tuple(made), self.length + len(made)) if made else self

    def all(self) -> list[Change]:
        """Every change, in order."""
        return self.since(None) or []

    def since(self, known: Held | None) -> list[Change] | None:
        """The changes that came after `known`, in order; None where that is no part of this."""
        pieces: list[tuple[Change, ...]] = []
        at: Held | None = self
        while at is not None and at is not known:
            pieces.append(at.made)
            at = at.earlier
        return [one for made in reversed(pieces) for one in made] if at is known else None


class Environment:
    """The environments of one script; `inherited` is what was changed before it, `exporting` whether `-a` is on.

    `scopes` are those of the script.
    """

    def __init__(
        self, script: Script, scopes: Scopes, inherited: tuple[Change, ...], *, exporting: bool | None
    ) -> None:
        self._script = script
        self._nesting = scopes.nesting
        # By the block whose process they are of; `exporting` by the branch, too, within which it holds.
        self._changes: dict[int, Held] = {-1: Held(None, inherited, len(inherited))}
        self._exporting: dict[int, bool | None] = {-1: exporting}
        # What each command that is asked for its environment is given again.
        self.made = len(inherited)
        self._root = -1
        self._around = Site((), ())
        self._sure: set[int] = set()
        self._assumed: set[int] = set()
        self._guards = Guards(script, scopes.commands)
        self._sites: dict[int, Site] = {}
        self._stops: list[Stop] = []
        self._leaving = Leaving(script)
        self.over = False
        self.refusals = Refusals(script)
        self.names = {one.name for one in inherited}
        """The variables, and files, that anything was done to by now."""
        self._last: dict[Site, tuple[Held, tuple[Change, ...]]] = {}
        self._settling: dict[Site, Settling] = {}

    def site(self, block: int) -> Site:
        """What stands around the commands of a block, innermost first, that of the calls that led there included."""
        if block not in self._sites:
            blocks, at = [], block
            while at not in {self._root, -1}:
                blocks.append(at)
                at = self._script.blocks[at].parent
            within = [at for at in blocks if self._may_be_passed_over(at)]
            self._sites[block] = Site((*blocks, *self._around.blocks), (*within, *self._around.within))
        return self._sites[block]

    def _may_be_passed_over(self, block: int) -> bool:
        return is_uncertain(self._script.blocks[block]) and block not in self._sure and block not in self._assumed

    def assume(self, blocks: Iterable[int]) -> None:
        """That blocks are gone through in this turn."""
        self._assumed.update(blocks)
        self._sites = {}

    def enter(self, block: int, caller: int | None = None, *, sure: bool = True) -> tuple[int, Site]:
        """A loop, or a function called in a block `caller`, is gone through; gives what `leave` needs.

        `sure`: at least one turn is made.
        """
        kept = (self._root, self._around)
        around = self.site(self._script.blocks[block].parent if caller is None else caller)
        self._around = Site((block, *around.blocks), around.within) if caller is None else around
        self._root = block
        self._sites = {}
        # In another turn it may not come to what ended an earlier one.
        inside = self._nesting.within(block)
        self._assumed -= inside
        self._stops = [one._replace(certain=False) if one.block in inside else one for one in self._stops]
        self._leaving.forget(inside)
        if sure:
            blocks = self._script.blocks
            self._sure.update(at for at in self._nesting.directly_in(block) if blocks[at].kind == "body")
        # What an earlier turn did in processes and branches of its own is over.
        for held in (self._changes, self._exporting):
            for at in inside.intersection(held) - {-1, block}:
                del held[at]
        return kept

    def leave(self, kept: tuple[int, Site]) -> None:
        """The end of what `enter` began."""
        self._root, self._around = kept
        self._sites = {}

    def stop(self, command: Command, *, returns: bool, certain: bool) -> None:
        """A `return` or an `exit`: what comes after it in its branch, its function or its process does not happen."""
        process = self.process(command)
        if process is not None:
            self._stops.append(self._stop(command, process, returns=returns, certain=certain))

    def _stop(self, command: Command, process: int, *, returns: bool, certain: bool) -> Stop:
        blocks = self.site(command.block).blocks
        within = tuple(at for at in blocks if self._may_be_passed_over(at) and not self._leaving.is_entered(at))
        done, on = self._holding(command.block).length, self.exporting(command.block)
        return Stop(command.block, process, within, done, on, returns=returns, certain=certain)

    def is_over(self, block: int) -> bool:
        """Whether a `return` or an `exit` keeps it from ever coming to a command of a block."""
        if not (self._stops or self._leaving.found):
            return False
        blocks = {*self.site(block).blocks, -1}
        if self._stops and any(
            one.certain and one.process in blocks and blocks.issuperset(one.within) for one in self._stops
        ):
            return True
        return bool(self._leaving.found) and self._leaving.passes_over(blocks)

    def leaves(self, command: Command, levels: str | None, *, ends: bool, certain: bool) -> None:
        """A `break`, which `ends` its loop, or a `continue`: what comes after it in the loop is passed over."""
        if not is_apart(command):
            self._leaving.note(command.block, levels, self._may_be_passed_over, ends=ends, certain=certain)

    def is_left(self, loop: int) -> bool:
        """Whether a loop makes no further turn."""
        return self._leaving.ends(loop) or (bool(self._stops) and self.is_over(loop))

    def call(self) -> list[Stop]:
        """A function begins; gives what `returned` needs."""
        kept, self._stops = self._stops, []
        return kept

    def returned(self, command: Command, kept: list[Stop], function: int) -> None:
        """The end of a function that a command calls: where it may have returned early, the rest may not have been."""
        apart = is_apart(command)
        made = [one._replace(within=tuple(at for at in one.within if at != function)) for one in self._stops]
        # After a `return` that may have been taken it may not have come to an `exit`.
        first = next((at for at, one in enumerate(made) if one.returns), len(made))
        made = [one._replace(certain=one.certain and at <= first) for at, one in enumerate(made)]
        self._stops = kept + [one for one in made if not one.returns and not apart]
        process = self.process(command)
        if process is not None:
            self._doubt(process, [one for one in made if one.returns and one.process == process])

    def end(self) -> None:
        """The end of the script: it may have returned early to the one that sources it."""
        self._doubt(-1, [one for one in self._stops if one.returns and one.process == -1])
        self.over = self.is_over(-1)
        self._stops, self._leaving.found = [], []

    def reach(self, command: Command) -> tuple[str, ...]:
        """A command of the script's own level is reached; gives what bash may not have set on the way, by name."""
        self.refusals.at = command
        return self._doubt(-1, self.refusals.over())

    def _doubt(self, process: int, early: list[Stop]) -> tuple[str, ...]:
        """What was done after it may have returned may not have been done: gives the names of that."""
        if not early:
            return ()
        names: tuple[str, ...] = ()
        held, done = self._changes.get(process), min(one.done for one in early)
        if held is not None and held.length > done:
            changes = held.all()
            rest = (one._replace(certain=False) for one in changes[done:])
            names = tuple(one.name for one in changes[done:])
            self._changes[process] = Held(None, (*changes[:done], *rest), held.length)
        if any(one.exporting != self._exporting.get(process, one.exporting) for one in early):
            self._exporting[process] = None
        return names

    def process(self, command: Command) -> int | None:
        """The block whose process a command changes: a subshell, a part of a pipe, -1; None for one of its own."""
        if is_apart(command):
            return None
        return self.processes(command.block)[0]

    def processes(self, block: int) -> tuple[int, ...]:
        """The blocks around a command that are processes of their own, innermost first; -1, the script, is the last."""
        return (*(at for at in self.site(block).blocks if is_process(self._script.blocks[at])), -1)

    def _holding(self, block: int) -> Held:
        around = (*self.site(block).blocks, -1)
        return next(self._changes[at] for at in around if at in self._changes)

    def before(self, command: Command) -> Changes:
        """What was changed before a command."""
        held, site, last = self._holding(command.block), self.site(command.block), self._last

        def settled() -> tuple[Change, ...]:
            # Commands are asked in turn, several times each: what was settled for the last one is taken on.
            known, found = last.get(site, (None, ()))
            if known is not held:
                since = None if known is None else held.since(known)
                settling = self._settling.setdefault(site, Settling(site, self._script))
                found = (
                    *(() if since is None else found),
                    *settling.of(held.all() if since is None else since),
                )
                last[site] = (held, found)
            return found

        return settled if held.length else none

    def ending(self) -> tuple[Change, ...]:
        """What holds in the end."""
        return Settling(Site((), ()), self._script).of(self._changes[-1].all())

    @property
    def may_have_ended(self) -> bool:
        """Whether a `return` or an `exit` may have kept it from coming this far."""
        return bool(self._stops)

    def exporting(self, block: int) -> bool | None:
        """Whether `set -a` holds in a block; None: perhaps."""
        around = (*self.site(block).blocks, -1)
        return next(self._exporting[at] for at in around if at in self._exporting)

    def note(
        self, outer: Command, command: Command, effects: Effects, *, doubtful: bool, test: Command | None = None
    ) -> list[Change]:
        """What a command, `outer` without its wrappers, changes for those that come after it.

        `test` is the command before it: `[ -f x ] && . x` reads the file that it asks for.
        """
        if command.name == "set":
            self._options(outer, effects.words(command), doubtful=doubtful)
            return []
        within = self.site(outer.block).within
        # A file that is read where it is there is as good as one that is read.
        reading = tuple(at for at in within if not self._guards.guards(at))
        asks = doubtful and outer.before == "&&" and test is not None and reads_what_is_there(test, command)
        made = [
            one._replace(
                within=reading if one.kind in _READING else within,
                certain=one.certain and (not doubtful or (asks and one.kind in _READING)),
                asked=one.kind in _READING and (asks or len(reading) < len(within)),
            )
            for one in effects.of(command)
        ]
        refused = self.refusals.fix(command, made) and self.process(outer) == -1
        if refused:
            self.refusals.add(self._stop(outer, -1, returns=False, certain=False))
        self.add(outer, made)
        return made

    def add(self, command: Command, made: Iterable[Change]) -> None:
        """Changes that hold from a command on, in its own process."""
        process = self.process(command)
        made = tuple(made)
        if process is not None and made:
            self._changes[process] = self._holding(command.block).then(made)
            self.made += len(made)
            self.names.update(one.name for one in made)

    def loop(self, block: int, value: str | None, *, sure: bool) -> None:
        """The variable of a loop gets its next value, in the place of the last one where the turn changed no more."""
        found, site = self._script.blocks[block], self.site(block)
        process = self.processes(block)[0]
        exporting = self.exporting(block)
        made = Change(SHELL_SET, found.name, value, exporting, "", found.start, found.end, site.within, certain=sure)
        held = self._changes.get(process)
        self.names.add(found.name)
        if held is None or not sure or self._stops or not _is_turn(held.made, made):
            self._changes[process] = self._holding(block).then((made,))
            self.made += 1
        else:
            self._changes[process] = held._replace(made=(made,))

    def adopt(self, command: Command, other: Environment, begun: int, *, doubtful: bool) -> None:
        """What a text that `eval` was given has done, which began with so many changes."""
        within = self.site(command.block).within
        made = other._changes[-1].all()[begun:]
        self.add(
            command,
            [one._replace(within=within, certain=one.certain and not (one.within or doubtful)) for one in made],
        )
        self._export(command, on=other._exporting[-1], doubtful=doubtful)

    def _options(self, command: Command, words: Sequence[str | None], *, doubtful: bool) -> None:
        """`set -a`, `set +a`, `set -o allexport`, alone or among others."""
        named = ""
        for word in words:
            option = (word or "") if named == "" else f"{named}{word}"
            named = ""
            if option[:1] not in {"-", "+"} or option in {"-", "--"}:
                return
            if option in {"-oallexport", "+oallexport"} or ("a" in option[1:] and not option[1:].startswith("o")):
                self._export(command, on=option[0] == "-", doubtful=doubtful)
            elif option.endswith("o"):
                named = option[0] + "o"

    def _export(self, command: Command, *, on: bool | None, doubtful: bool) -> None:
        process = self.process(command)
        if process is None:
            return
        value = None if doubtful and on != self.exporting(command.block) else on
        site = self.site(command.block)
        own = site.blocks[: site.blocks.index(process)] if process in site.blocks else site.blocks
        within = [at for at in own if at in site.within]
        for at, around in zip(within, [*within, process][1:], strict=True):
            self._exporting[at] = value
            # Behind a branch nobody knows whether it was gone through.
            value = value if self._exporting.get(around, self._exporting[-1]) == value else None
        self._exporting[process] = value


def _is_turn(before: tuple[Change, ...], made: Change) -> bool:
    """Whether all that was changed is the variable of a loop, by an earlier turn of the same."""
    return len(before) == 1 and before[0]._replace(value=made.value) == made


class Settling:
    """What holds at a place of a script of the changes that were made anywhere."""

    def __init__(self, site: Site, script: Script) -> None:
        self._script = script
        self._blocks = frozenset(site.blocks)
        kinds = {script.blocks[at].kind for at in site.blocks}
        # An earlier turn may have gone through another branch.
        again = not kinds.isdisjoint(("for", "while", "function"))
        # Of the same `if` or `case` only one branch is gone through, by the block that they are branches of.
        self._taken = {} if again else {script.blocks[at].parent: at for at in site.blocks}
        self._judged: dict[tuple[int, ...], bool | None] = {(): True}

    def of(self, changes: Iterable[Change]) -> tuple[Change, ...]:
        """Changes as they hold here: those of another branch never happened."""
        found = []
        judged = self._judged
        for one in changes:
            within = one.within
            if within not in judged:
                judged[within] = self._holds(within)
            holds = judged[within]
            if holds is not None:
                found.append(one if holds or not one.certain else one._replace(certain=False))
        return tuple(found)

    def _holds(self, within: tuple[int, ...]) -> bool | None:
        """Whether what stands within some blocks has happened; None where it has not, False where it may have."""
        out = [block for block in within if block not in self._blocks]
        return None if any(map(self._excluded, out)) else not out

    def _excluded(self, block: int) -> bool:
        """Whether a branch was not gone through, as the place stands in another one of the same `if` or `case`."""
        found = self._script.blocks[block]
        return found.kind == "branch" and self._taken.get(found.parent, block) != block
