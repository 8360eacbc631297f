"""Goes through one script: what each command gets, in which folder, with which environment."""

from __future__ import annotations

from fr_check.runs.changes import OPENED, RESTORE, Change, child, left
from fr_check.runs.effects import Effects
from fr_check.runs.model import Assigned, Loaded, Ran, files_read, loaded_with
from fr_check.runs.printing import Printing
from fr_check.runs.standing import Standing, is_exec, logged_in, may_call, positional
from fr_check.runs.written import Written
from fr_check.sources import env_writes, shell
from fr_check.sources.build_context import WORKSPACE, absolute
from fr_check.sources.shell.failures import Loss
from fr_check.sources.shell.tested import BREAKS, EXITS
from fr_check.sources.shells import with_flags

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from fr_check.core.budget import Budget
    from fr_check.runs.model import Lost, Start
    from fr_check.runs.words import Resolve
    from fr_check.sources.docker_options import Token
    from fr_check.sources.env_write import EnvWrite
    from fr_check.sources.shell import Command
    from fr_check.sources.shell.wrappers import Inner, Wrapper

_MOVES = frozenset(("cd", "pushd", "popd"))
_WRITERS = frozenset((".", "source", "cp", "mv", "install", "ln", "tee"))
_LOCAL = frozenset(("local", "declare", "typeset"))
_LISTS = frozenset(("&&", "||"))
_DEPTH = 8
_LEVELS = 8
_CHANGES = 150  # that cost as much as a command
_PATTERN = frozenset("*?[{")


class Walker(Standing):
    """One script; `losses` are why a failure of all of it may stay unseen."""

    def __init__(
        self,
        script: shell.Script,
        start: Start,
        losses: tuple[Lost, ...],
        budget: Budget,
        depth: int = 0,
        inherited: tuple[Change, ...] = (),
    ) -> None:
        values: dict[str, str | None] = {"GITHUB_WORKSPACE": WORKSPACE, "PWD": absolute(start.directory)}
        values.update(start.environment)
        values.update(positional(start.arguments))
        super().__init__(script, start, values, inherited)
        self.functions: dict[str, int] = {}
        self.printing = Printing(script, self.scopes)
        self.entered: set[int] = set()
        self.budget = budget
        self.depth = depth
        self.opened = 0
        self.loaded: tuple[Loaded, ...] = ()
        self.written = Written(start.wrote, bash=start.shell.program == "bash")
        self.sure = True
        self.open: tuple[str, ...] = ()
        self.losses, self.first = losses, len(losses)
        self.uncalled = self.dead = False

    def walk(self) -> Iterator[Ran]:
        """Goes through the script in order, then through the functions that nothing in it calls."""
        yield from self.section(-1, None)
        tried: set[int] = set()
        self.uncalled = True
        self.environment.end()
        # A function may define further ones.
        while left := [block for block in self.functions.values() if block not in self.entered | tried]:
            tried.update(left)
            self.dead = self.dead or not may_call(self.script)
            for block in left:
                self.arguments = None
                yield from self.turn(block, {}, sure=False)

    def section(self, block: int, own: dict[str, str | None] | None) -> Iterator[Ran]:
        """The commands of a block, loops and functions in it as often as they run."""
        self.entered.add(block)
        # Each command is handed up through all that is open around it.
        if not self.budget.step(len(self.scopes.commands(block)) * (1 + self.opened // _LEVELS)):
            return
        self.opened += 1
        passed: set[int] = set()
        for outer, resolve in self.scopes.section(block, own):
            inner = self.between(outer, block)
            if block < 0:
                self.scopes.forget(-1, self.environment.reach(outer))
            where = outer.block if inner is None else self.script.blocks[inner].parent
            may = self.branches.may.get(where)
            over = not (self.is_come_to(where, resolve) if may is None else may) or self.environment.is_over(
                outer.block
            )
            if inner is not None:
                self.branches.passed(inner)
                if inner not in passed and not (over and self.script.blocks[inner].kind == "for"):
                    passed.add(inner)
                    yield from self.enter(inner, resolve)
                continue
            if over or (
                (outer.before in _LISTS or outer.after in _LISTS or where >= 0) and not self.is_next(outer, resolve)
            ):
                self.scopes.passed_over = True
                continue
            # It finds all that was changed before it.
            if self.environment.made >= _CHANGES and not self.budget.step(self.environment.made // _CHANGES):
                break
            self.here, changed = self.folder(outer)
            self.arrays.reach(outer)
            doubtful = self.scopes.doubtful or bool(self.environment.site(outer.block).within)
            self.fill(outer, resolve, doubtful=doubtful)
            yield from self.command(outer, resolve, changed)
        self.opened -= 1

    def between(self, command: Command, block: int) -> int | None:
        """The outermost loop over words, or function, that a command of a block stands in, within that block."""
        found = None
        at = command.block
        while at not in {block, -1}:
            if self.script.blocks[at].kind in {"for", "function"}:
                found = at
            at = self.script.blocks[at].parent
        return found

    def enter(self, block: int, resolve: Resolve) -> Iterator[Ran]:
        """A function, which runs when it is called, or a loop: once for each of its words, if they are known."""
        found = self.script.blocks[block]
        if found.kind == "function":
            self.functions[found.name] = block
            return
        values = [token.value for word in found.words for token in self.expanded(word, resolve)]
        if found.name and not values:
            return
        # A pattern stands for files, which are looked for when it runs.
        known = bool(values) and all(value is not None and not _PATTERN.intersection(value) for value in values)
        cost = len(values) * len(self.scopes.commands(block))
        known = known and bool(cost) and self.budget.covers(cost) and found.name not in self.environment.refusals.names
        for value in values if known else [None]:
            self.environment.loop(block, value, sure=known)
            yield from self.turn(block, {found.name: value}, sure=known)
            # A turn may have assigned it, too.
            self.scopes.assign(found.parent, found.name, self.scopes.get(block, found.name))
            if self.environment.is_left(block):
                break

    def turn(
        self, block: int, own: dict[str, str | None], *, caller: int | None = None, sure: bool = True
    ) -> Iterator[Ran]:
        """One turn of a loop, or one call of a function: what it moves to in a process of its own is forgotten."""
        inside = self.scopes.nesting.within(block)
        for at in inside.intersection(self.folders):
            del self.folders[at]
        self.arrays.forget(inside)
        self.branches.forget(inside)
        kept = self.environment.enter(block, caller, sure=sure)
        yield from self.section(block, own)
        self.environment.leave(kept)

    def command(self, outer: Command, resolve: Resolve, block: int) -> Iterator[Ran]:
        """One simple command; a `cd` changes the folder of `block`."""
        command, wrappers, handed, perhaps = self.peeled(outer, resolve)
        losses = self.lost(outer, command)
        exporting = self.environment.exporting(outer.block)
        judge = (lambda name, change: self.judged(name, change, outer)) if self.start.sh else None
        effects = Effects(resolve, self.here, self.written, exporting=exporting, open_=self.open, judge=judge)
        own = effects.for_alone(outer.assignments, wrappers, outer.words) if outer.words else ()
        own = tuple(one._replace(certain=False) for one in own) if perhaps else own
        inner = shell.inner_script(command)
        doubtful = self.scopes.doubtful
        self.sure = not (
            doubtful or self.uncalled or self.environment.site(outer.block).within or self.environment.may_have_ended
        )
        self.written.note(outer, self.script, resolve, self.here, sure=self.sure)
        if inner is not None and self.depth < _DEPTH:
            yield from self.nested(self.script_of(inner, outer, resolve, handed=handed), outer, resolve, losses, own)
            return
        name = self.named(command, resolve)
        base = name.rpartition("/")[2]
        words = tuple(self.tokens(command, resolve))
        if base in _MOVES:
            self.move(base, words[1:], block)
        elif name in self.functions and self.depth < _DEPTH and not self.budget.spent:
            if not (self.functions[name] in self.entered and self.printing.only(self.functions[name])):
                yield from self.called(self.functions[name], outer, words, losses, own)
        elif not command.test:
            yield self.ran(name, words, outer, command, wrappers, resolve, losses, own)
        if (name in EXITS and outer.name == name) or (wrappers and is_exec(outer, wrappers, words)):
            self.ended(name, outer)
        elif name in BREAKS:
            self.leaves_loop(name, words, outer)
        self.positions(name, words, outer)
        if name in _LOCAL and self.locals:
            self.keep(words[1:], outer, doubtful=doubtful)
        # In a function that is another variable than the one that is exported.
        hidden = bool(self.locals) and name in _LOCAL and any(word.raw.startswith("+") for word in command.words)
        test = None if hidden else self.scopes.before
        for change in self.environment.note(outer, command, effects, doubtful=doubtful or hidden, test=test):
            self.loaded = loaded_with(self.loaded, files_read(self.here, (change,)))
            self.heed(outer, change)

    def ran(  # noqa: PLR0917 - a command and all that was made of it
        self,
        name: str,
        words: tuple[Token, ...],
        outer: Command,
        command: Command,
        wrappers: tuple[Wrapper, ...],
        resolve: Resolve,
        losses: tuple[Lost, ...],
        own: tuple[Change, ...],
    ) -> Ran:
        """A command as it is started."""
        assigned = tuple(Assigned(a.name, resolve(a.value), a.start, a.end) for a in command.assignments)
        shown = outer.name or ""
        writes = bool(outer.redirections) or shown.rpartition("/")[2] in _WRITERS
        writes = writes or any(".env" in word.raw for word in outer.words[1:])
        bodies = [one.heredoc.body for one in outer.redirections if one.heredoc is not None]
        loads: tuple[EnvWrite, ...] = ()
        if bool(wrappers) or any("env" in word.prefix for word in outer.words):
            loads = tuple(env_writes.loaded(outer, resolve, self.here))
        read = files_read(self.here, own)
        return Ran(
            name, words, self.here, assigned, losses, self.start.shell, outer.start, outer.end,
            changed=self.environment.before(outer),
            names=self.environment.names,
            own=own,
            present=self.present(outer),
            wrappers=tuple((one.name, tuple(resolve(word) for word in one.words)) for one in wrappers),
            written=tuple(env_writes.written(outer, resolve, self.here)) if writes else (),
            loads=loads,
            loaded=loaded_with(self.loaded, [*read, *(Loaded(one.path, "loads") for one in loads if wrappers)]),
            body="".join(bodies),
            captured="substitution" in self.script.kinds(outer),
            uncalled=self.uncalled,
            dead=self.dead,
            wrote=self.written.texts(), sure=self.sure and outer.after != "&",
        )  # fmt: skip

    def called(
        self, block: int, outer: Command, words: Sequence[Token], losses: tuple[Lost, ...], own: tuple[Change, ...]
    ) -> Iterator[Ran]:
        """A call of a function of the script."""
        outside, given = self.arguments, tuple(token.value for token in words[1:])
        kept, self.losses = self.losses, losses
        self.arguments = given
        self.depth += 1
        # What is set for a call lasts beyond it in some shells, and in others ends with it whatever the function does.
        perhaps = [one._replace(certain=False) for one in own]
        self.environment.add(outer, perhaps)
        for around in self.locals:
            # What comes back at their end differs from shell to shell.
            around.update({one.name: False for one in own if one.name in around})
        self.locals.append({})
        stops = self.environment.call()
        yield from self.turn(block, positional(given), caller=outer.block)
        self.environment.returned(outer, stops, block)
        within = self.environment.site(outer.block).within
        self.environment.add(outer, [
            Change(RESTORE, name, None, None, "", outer.start, outer.end, within, certain=sure)
            for name, sure in self.locals.pop().items()
        ])  # fmt: skip
        self.environment.add(outer, perhaps)
        self.depth -= 1
        self.arguments, self.losses = outside, kept

    def nested(
        self, inner: Inner, outer: Command, resolve: Resolve, losses: tuple[Lost, ...], own: tuple[Change, ...]
    ) -> Iterator[Ran]:
        """The commands of `sh -c SCRIPT`, a process of its own with a shell of its own; of `eval`, which is neither."""
        script = shell.parse(inner.text, places=inner.places)
        evaluated = inner.name == "eval"
        if inner.logs_in:
            own = (*own, *logged_in(outer))
        before = [one._replace(within=()) for one in self.environment.before(outer)()]
        given_on = left(self.start.environment, own)
        values = {name: self.scopes.get(outer.block, name) for name in given_on}
        if not inner.quoted:
            read = {one.name: self.scopes.get(outer.block, one.name) for one in script.reads}
            values = {**{name: value for name, value in read.items() if value is not None}, **values}
        if inner.forgets:
            whole = Loss("`script` without `-e`, which ends with 0,", inner.flags[0].start, inner.flags[-1].end)
            losses = (*losses, lambda: whole)
        flags = [] if inner.handed else [word.literal for word in inner.flags]
        given = tuple(token.value for word in inner.arguments for token in self.expanded(word, resolve))
        values["0"] = given[0] if given else inner.name
        start = self.start._replace(
            directory=self.here,
            environment={**values, **self.handed(before, own, given_on, outer)},
            arguments=self.arguments if evaluated else given[1:],
            shell=self.start.shell if evaluated else with_flags(inner.name, flags),
        )
        if evaluated:
            yield from self.evaluated(script, start, outer, resolve, losses, tuple(before))
            return
        inherited = (*before, *own, child(outer.start, outer.end))
        walker = Walker(script, start, losses, self.budget, self.depth + 1, inherited)
        walker.loaded, walker.written, walker.open = self.loaded, self.written, inner.open
        yield from walker.walk()

    def evaluated(
        self,
        script: shell.Script,
        start: Start,
        outer: Command,
        resolve: Resolve,
        losses: tuple[Lost, ...],
        before: tuple[Change, ...],
    ) -> Iterator[Ran]:
        """The commands of `eval`, which are the shell's own."""
        doubtful = self.scopes.doubtful
        start = start._replace(shell=start.shell._replace(allexport=self.environment.exporting(outer.block)))
        walker = Walker(script, start, losses, self.budget, self.depth + 1, before)
        walker.loaded, walker.written = self.loaded, self.written
        walker.environment.refusals.names = self.environment.refusals.names
        yield from walker.walk()
        if walker.environment.over:
            self.ended("exit", outer)
        self.environment.adopt(outer, walker.environment, len(before), doubtful=doubtful)
        self.scopes.forget(outer.block, [name for one in script.commands for name, _ in shell.names_assigned(one)])
        unclear = (word for word in outer.words[1:] if word.expansions and self.value(word, resolve) is None)
        for word in unclear:
            opened = Change(OPENED, "eval", None, None, word.raw, outer.start, outer.end, certain=not doubtful)
            self.environment.add(outer, [opened])
            self.loaded = loaded_with(self.loaded, files_read(self.here, (opened,)))
