"""What make hands to the shells of its recipes, as changes of the environment that it was started with.

A variable of the environment is handed on as the makefile leaves it, others where they are exported. What the command
line sets beats what the makefile does without `override`; with `-e` the environment does, too. A target hands its own
variables to those that it needs.
Source: the GNU make manual, 5.7.2, 6.5 to 6.12 and 6.14; tried with make 4.3.
"""

from __future__ import annotations

from fr_check.core.record import NamedTuple
from fr_check.runs.changes import CHILD, EXPORT, FILL_UNSET, KEEP, OPENED, SHELL_SET, SOURCE, UNSET, Operation, after
from fr_check.sources import make_options
from fr_check.sources.env_writes import is_env_file
from fr_check.sources.make_expansion import OPAQUE, Expansion

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from fr_check.runs.calls import Call
    from fr_check.runs.changes import Kind
    from fr_check.sources.make_expansion import Layers
    from fr_check.sources.makefile import Makefile, Statement

    Does = Callable[[], tuple[Operation, ...]]

_ALL = ".EXPORT_ALL_VARIABLES"
_FLAGS = "MAKEFLAGS"
_UNKNOWN = "?"
_ODD = frozenset("?!")
# No recipe has the makefile's SHELL; the others are make's own.
_OWN = frozenset(("SHELL", "MAKEFLAGS", "MAKELEVEL", "MAKE"))
# What a compiler writes about its files sets no variable.
_DEPENDENCIES = (".d", ".d)", "DEPS)", "DEPENDS)", ".P)")


def is_concerned(file: Makefile, environment: Mapping[str, str | None]) -> bool:
    """Whether a makefile may change anything of an environment, as far as that is known."""
    every = (*file.statements, *(one for rule in file.rules.values() for one in rule.statements))
    if _ALL in file.rules or any(one.kind in {"export", "unexport"} or "export" in one.marks for one in every):
        return True
    return any(not environment.keys().isdisjoint(one.names) for one in every)


class Passed(NamedTuple):
    """What counts more than a makefile: what the command line sets, whether the environment does (None: perhaps)."""

    given: Mapping[str, str | None]
    wins: bool | None

    def above(self, environment: Mapping[str, str | None]) -> Mapping[str, str | None]:
        """What counts more than a makefile, of a make that starts with an environment; SHELL never comes from there."""
        if self.wins is False:
            return self.given
        held = {name: value if self.wins else None for name, value in environment.items() if name != "SHELL"}
        return {**held, **self.given}

    def flags(self, before: str) -> str | None:
        """MAKEFLAGS as a make that a recipe starts gets it; None where that is not known."""
        if self.wins is None or any(value is None or not _is_plain(value) for value in self.given.values()):
            return None
        words = [f"{name}={value}" for name, value in self.given.items()]
        return " ".join([before.partition(" -- ")[0], *(["-e"] if self.wins else []), "--", *words]).strip()


def of_call(call: Call) -> Passed:
    """What a call of make has of its command line."""
    return Passed(call.given, None if _UNKNOWN in call.letters else "e" in call.letters)


def passed_on(call: Call, environment: Mapping[str, str | None]) -> Call:
    """A call of make with what the command line of a make around it says, which MAKEFLAGS hands on."""
    if _FLAGS not in environment:
        return call
    flags = environment[_FLAGS]
    if flags is None:
        return call._replace(letters=call.letters + _UNKNOWN)
    options, _, variables = flags.partition("--")
    outer = dict(word.partition("=")[::2] for word in variables.split() if "=" in word)
    words = options.split()
    if words and not words[0].startswith("-"):
        words[0] = f"-{words[0]}"
    return call._replace(given={**outer, **call.given}, letters=call.letters + make_options.letters(words))


def _is_plain(value: str) -> bool:
    return value.isascii() and not any(c.isspace() or c in "\\$'\"" for c in value)


def _is_like(target: str, name: str) -> bool:
    head, _, tail = name.partition("%")
    return len(target) > len(head + tail) and target.startswith(head) and target.endswith(tail)


class MakeEnvironment:
    """What the recipes of one call are given; `folder` is the one that make runs in."""

    def __init__(
        self,
        file: Makefile,
        call: Passed,
        environment: Mapping[str, str | None],
        folder: str | None,
    ) -> None:
        self.file = file
        self.call = call
        self.environment = environment
        self.expansion = Expansion(file, call.given, environment, folder)
        self.folder = folder
        self.every = self._exports_all()
        self._concerned = is_concerned(file, environment)
        self._patterns = {name: rule.statements for name, rule in file.rules.items() if "%" in name and rule.statements}
        self._known: dict[tuple[Statement, ...], tuple[Mapping[str, str | None], Does]] = {}

    def _exports_all(self) -> bool | None:
        """Whether every variable is exported; None: perhaps."""
        found: bool | None = False
        for one in self.file.statements:
            if one.kind not in {"export", "unexport"} or (one.names and "$" not in "".join(one.names)):
                continue
            on = one.kind == "export"
            certain = one.certain and not one.names
            found = on if certain or found is on else None
        return True if _ALL in self.file.rules else found

    def handing_on(self, target: str, outer: tuple[Statement, ...]) -> tuple[Statement, ...]:
        """The statements that count for a target: of those that need it (`outer`), of patterns, its own."""
        rules = self.file.rules
        patterns = [one for name, every in self._patterns.items() if _is_like(target, name) for one in every]
        own = rules[target].statements if target in rules and "%" not in target else []
        if not patterns and not own:
            return outer
        # make 4.3 hands on what is private, too, to the environment alone.
        held = [one._replace(certain=False) if "private" in one.marks else one for one in outer]
        several = len({one.start for one in patterns}) > 1
        mine, theirs = {one.names[0] for one in own}, {one.names[0] for one in patterns}
        # Which of them comes first is known to make alone.
        made = (one._replace(certain=one.certain and not several and one.names[0] not in mine) for one in patterns)
        return (*held, *made, *(one._replace(certain=one.certain and one.names[0] not in theirs) for one in own))

    def start(self, own: tuple[Statement, ...]) -> tuple[Mapping[str, str | None], Does]:
        """The variables that a recipe starts with, as far as they are known, and what is done to get there.

        `own` are the statements that count for its target beside those of the makefile.
        """
        if own not in self._known:
            self._known[own] = self._start(own)
        return self._known[own]

    def _start(self, own: tuple[Statement, ...]) -> tuple[Mapping[str, str | None], Does]:
        known: list[tuple[Operation, ...]] = []

        def does() -> tuple[Operation, ...]:
            if not known:
                known.append(self._operations(own))
            return known[0]

        environment = self.environment
        if own or self._concerned:
            environment = after(does(), environment)
        if self.call.given or self.call.wins is not False:
            environment = {**environment, _FLAGS: self.call.flags(self.environment.get(_FLAGS) or "")}
        return environment, does

    def _operations(self, own: tuple[Statement, ...]) -> tuple[Operation, ...]:
        every = (*self.file.statements, *own)
        if every and not self.expansion.budget.step(len(every)):
            first = every[0]
            shown = f"more than is followed in `{first.text.path}`"
            where = first.text.location(first.start, first.start)
            return (Operation(OPENED, shown, None, exported=None, shown=shown, location=where),)
        made = tuple(_Pass(self).of(own))
        # The shell of a recipe has nothing of make's own.
        return (*made, *(one._replace(kind=CHILD, name="", shown="", certain=True) for one in made[:1]))


class _Pass:
    """One reading of all statements in their order."""

    def __init__(self, whole: MakeEnvironment) -> None:
        self.file = whole.file
        self.call = whole.call
        self.environment = whole.environment
        self.expansion = whole.expansion
        self.folder = whole.folder
        self.every = whole.every
        # As written, or with `$` doubled where they are expanded already; None: not known.
        self.values: dict[str, str | None] = {}
        # Names of which make 4.3 makes what nobody expects: undefined, filled for a target alone, or set for one over
        # what counts more.
        self.odd = {
            one.names[0] for rule in whole.file.rules.values() for one in rule.statements if one.flavour in _ODD
        }
        # What `override` has set, and whether it has for certain.
        self.fixed: dict[str, bool] = {}
        self.marks: dict[str, Statement] = {}
        self.doubtful_marks: dict[str, Statement] = {}
        self.made: list[tuple[Operation, str | None]] = []

    def of(self, own: tuple[Statement, ...]) -> Iterator[Operation]:
        """The operations of the makefile, and of a target."""
        for one in self.file.statements:
            if one.kind in {"export", "unexport"} or "export" in one.marks:
                self.mark(one)
            elif one.kind == "undefine":
                self.odd.update(one.names)
        for one in self.file.statements:
            self.take(one)
        for one in (one for rule in self.file.rules.values() for one in rule.statements if one.flavour in _ODD):
            self.add(UNSET, one.names[0], one, None, shown=f"{one.names[0]} {one.flavour}=")
        marks = [*self.marked()]
        begun = len(self.made)
        for one in own:
            name = one.names[0]
            if self.call.wins is not False or name in self.call.given or name in self.fixed:
                self.odd.add(name)
                self.add(UNSET, name, one, None, shown=f"{name} =")
            # It was expanded where it stands.
            early = one.flavour.startswith(":") and "$" in (one.value or "")
            self.set(one._replace(value=None) if early else one)
        layers = self.layers()
        for at, (operation, raw) in enumerate(self.made):
            if at == begun:
                yield from marks
            yield operation._replace(value=None if raw is None else self.expanded(raw, layers))
        if begun == len(self.made):
            yield from marks
        yield from (
            self.operation(EXPORT, one.names[0], one, shown=f"export {one.names[0]}")
            for one in own
            if "export" in one.marks
        )

    def take(self, one: Statement) -> None:
        """One statement of the makefile."""
        if one.kind == "set":
            self.set(one)
        elif one.kind == "include":
            for name in one.names:
                self.include(name, one)
        elif one.kind == "undefine":
            for name in one.names if self.heeds(one) else ():
                self.values[name] = None
                self.add(UNSET, name, one, None, shown=f"undefine {name}")
        elif one.kind == "export":
            # Of a name that nothing has set yet it makes an empty variable.
            for name in one.names:
                if name not in self.values and self.environment.get(name) is None:
                    self.values[name] = None
                    self.add(FILL_UNSET, name, one, "")

    def mark(self, one: Statement) -> None:
        """`export K`, `unexport K`, `export K = V`."""
        for name in one.names if "$" not in "".join(one.names) else ():
            if one.certain:
                self.marks[name] = one
                self.doubtful_marks.pop(name, None)
            else:
                self.doubtful_marks[name] = one

    def marked(self) -> Iterator[Operation]:
        """What is exported and what is not, by its name."""
        for marks in (self.marks, self.doubtful_marks):
            for name, one in marks.items():
                kind = KEEP if one.kind == "unexport" else EXPORT
                yield self.operation(kind, name, one, shown=f"{kind if kind == EXPORT else 'unexport'} {name}")

    def set(self, one: Statement) -> None:
        """An assignment."""
        name, overrides = one.names[0], "override" in one.marks
        if overrides and name in self.call.given:
            # What `override` sets is no longer of the command line, which would export it.
            self.add(UNSET, name, one._replace(certain=False), None, shown=f"{name} =")
        if not self.heeds(one):
            return
        before = self.before(name)
        raw, kind = one.value, SHELL_SET
        if raw is not None and one.flavour.startswith(":"):
            raw = self.expanded(raw, self.layers())
            raw = None if raw is None else raw.replace("$", "$$")
        if one.flavour == "+":
            raw = None if not raw or before is None else f"{before} {raw}" if before else raw
        wins = self.call.wins and not overrides
        if one.flavour == "?" or (wins and name not in self.values):
            kind = FILL_UNSET
        certain = one.certain and (self.call.wins is not None or overrides) and (name not in self.fixed or overrides)
        if overrides:
            self.fixed[name] = one.certain and one.flavour != "?"
        certain = certain and not (wins and kind == SHELL_SET)
        if kind == FILL_UNSET:
            if self.environment.get(name) is not None and name not in self.odd:
                return
            # Whether the environment has it is told by what handles the changes.
            self.values.setdefault(name, None)
        else:
            self.values[name] = raw if certain else None
        self.add(kind, name, one._replace(certain=certain), raw)

    def layers(self) -> Layers:
        """Where the value of a variable is looked for."""
        return ({name: self.values.get(name) for name in self.fixed}, self.call.given, self.values, self.environment)

    def heeds(self, one: Statement) -> bool:
        """Whether a statement counts beside the command line, and what `override` has set before."""
        name = one.names[0]
        return "override" in one.marks or not (name in self.call.given or self.fixed.get(name))

    def before(self, name: str) -> str | None:
        """What `+=` adds to, as written; None where that is not known."""
        if name in self.values:
            return self.values[name]
        held = self.environment.get(name)
        return None if held is None else held.replace("$", "$$")

    def include(self, name: str, one: Statement) -> None:
        """A file that is included and was not read."""
        shown = f"include {name}"
        if name.endswith(_DEPENDENCIES):
            return
        if is_env_file(name) and "$" not in name:
            self.made.append((self.operation(SOURCE, name, one, shown=shown)._replace(here=self.folder), None))
        else:
            self.made.append((self.operation(OPENED, shown, one, shown=shown), None))

    def add(self, kind: Kind, name: str, one: Statement, raw: str | None, *, shown: str = "") -> None:
        """A change of one variable to a value as it is written."""
        if name.isidentifier() and name not in _OWN:
            self.made.append((self.operation(kind, name, one, shown=shown), raw))

    def operation(self, kind: Kind, name: str, one: Statement, *, shown: str = "") -> Operation:
        """A change at a statement."""
        at = one.start if kind != SOURCE else one.text.string.find(name, one.start)
        mark = self.marks.get(name)
        every = False if mark is not None and mark.kind == "unexport" else None if name in self.odd else self.every
        path, certain = one.text.path, one.certain and name not in self.odd
        why = "" if certain else f"whether `{path}` sets `{name}` is only known at run time"
        where = one.text.location(at, at + len(name))
        return Operation(kind, name, None, every, shown, where, certain, why=why, by=f"`{path}`")

    def expanded(self, raw: str, layers: Layers) -> str | None:
        """A value with what make puts into it; None where that is not known."""
        if "$" not in raw:
            return raw
        found = self.expansion.text(raw, layers)
        return None if OPAQUE in found else found
