r"""Makefiles: what a target runs, as shell scripts with the place of every character.

Rules with their prerequisites and recipes, pattern rules, variables of all flavours, `export`, `include`, `define`.
Conditionals are decided where it is known what make is given; others are read on both sides, and what they assign is
unknown. Source: the GNU make manual, chapters 3 to 7.
"""

from __future__ import annotations

from fr_check.core.patterns import pattern
from fr_check.core.record import NamedTuple

TYPE_CHECKING = False
if TYPE_CHECKING:
    import re
    from collections.abc import Iterator, Mapping
    from typing import Literal

    from fr_check.core.text import Text

    Given = tuple[tuple[str, str], ...]
    Kind = Literal["set", "undefine", "export", "unexport", "include"]

NAMES = ("GNUmakefile", "makefile", "Makefile")
"""In the order in which make looks for them."""

_ASSIGNED = pattern(
    r"(?s)(?P<marks>(?:(?:override|export|private)[ \t]+)*)(?P<name>[A-Za-z0-9_.-]+)[ \t]*"
    r"(?P<flavour>\+|\?|:{1,3}|!)?=[ \t]*(?P<value>.*)"
)
_HEADER = pattern(r"(?s)([^\t#:=][^#:=]*):{1,2}(?!=)(.*)")
_CONDITIONS = frozenset(("ifeq", "ifneq", "ifdef", "ifndef"))
_REFERRED = pattern(r"\$[({]([\w.-]+)")
_BRANCHING = _CONDITIONS | {"else", "endif"}
_INCLUDES = frozenset(("include", "-include", "sinclude"))
_EXPORTS: dict[str, Kind] = {"export": "export", "unexport": "unexport", "undefine": "undefine"}
_MARKS = frozenset(("override", "export", "private"))
_REMARK = pattern(r"(?<!\\)#")
_JOINED = pattern(r"[ \t]*\\\n[ \t]*")


class Recipe(NamedTuple):
    """One line that a shell runs, continuations included, `@`, `-` and `+` taken off, and where it starts.

    `ignored` is the offset of the `-` before it, with which make goes on where the line fails; -1 for none.
    """

    string: str
    text: Text
    start: int
    ignored: int = -1


class Statement(NamedTuple):
    """One line about variables, at the offset `start` of `text`: what it does to `names`.

    "set": gives one name a `value`, as it is written (None: not known), in a `flavour` (`?` of `?=`); `marks` are the
    words before it (export, override, private). "undefine", "export", "unexport": without names, of all variables.
    "include": reads the files of some names. Not `certain`: it stands between `ifdef` and `endif`.
    """

    kind: Kind
    names: tuple[str, ...]
    text: Text
    start: int
    certain: bool
    flavour: str = ""
    value: str | None = None
    marks: tuple[str, ...] = ()


class Variables(NamedTuple):
    """Variables as written (None: not known): those that are set, and those set where nothing else does (`?=`).

    `overriding` are those of `override`, which beats the command line, and what the file says without it.
    """

    fixed: dict[str, str | None]
    defaults: dict[str, str | None]
    overriding: frozenset[str] | set[str] = frozenset()

    def assign(
        self, name: str, flavour: str, value: str, *, certain: bool, overrides: bool = False, around: str | None = None
    ) -> None:
        """`=`, `:=`, `?=`, `+=`; `!=` runs something. `around` is what the environment gives the variable."""
        if name in self.overriding and not overrides:
            return
        before = self.fixed.get(name, self.defaults.get(name, "") if around is None else around)
        if overrides and isinstance(self.overriding, set):
            # What it adds to may be of the command line.
            before = before if name in self.overriding else None
            self.overriding.add(name)
        known: str | None = value.rstrip()
        if flavour == "!" or not certain or (flavour == "+" and before is None):
            known = None
        elif flavour == "+" and before:
            known = f"{before} {known}" if known else before
        if flavour != "?":
            self.fixed[name] = known
        elif name not in self.fixed:
            self.defaults.setdefault(name, known)


class Rule:
    """What makes a target. Targets of one head share its lists, so that many of them cost no more than one."""

    def __init__(self) -> None:
        self._needs: list[list[str]] = []
        self._recipes: list[list[Recipe]] = []
        self.variables = Variables({}, {}, set())
        self.statements: list[Statement] = []

    def extend(self, needs: list[str], recipes: list[Recipe]) -> None:
        """Adds what stands below one more head."""
        self._needs.append(needs)
        self._recipes.append(recipes)

    @property
    def needs(self) -> list[str]:
        """The targets that are made first."""
        return [name for names in self._needs for name in names]

    @property
    def recipes(self) -> list[Recipe]:
        """The lines that are run."""
        return [recipe for recipes in self._recipes for recipe in recipes]


class Makefile(NamedTuple):
    """Rules by target, the first one first; variables; files that are included; what was said of variables, in order.

    Where statements include a file that was read, those of that file stand in their place. `canned` are the lines of
    each `define`, as a recipe runs them. `asked` are the variables that the conditions between its lines hang on.
    """

    rules: dict[str, Rule]
    variables: Variables
    includes: tuple[str, ...]
    statements: tuple[Statement, ...] = ()
    canned: Mapping[str, list[Recipe]] = {}
    asked: frozenset[str] = frozenset()

    @property
    def goal(self) -> str | None:
        """The target that is made where none is named."""
        return next((name for name in self.rules if not name.startswith(".") and "%" not in name), None)

    def rule(self, target: str) -> tuple[Rule, str] | None:
        """The rule of a target, and what the `%` of a pattern rule stands for; None where there is none."""
        if target in self.rules:
            return self.rules[target], ""
        for name, rule in self.rules.items():
            head, percent, tail = name.partition("%")
            if percent and len(target) > len(head + tail) and target.startswith(head) and target.endswith(tail):
                return rule, target[len(head) : len(target) - len(tail)]
        return None

    def over(self, other: Makefile, name: str) -> Makefile:
        """This file with one that it includes by a name."""
        fixed = {**other.variables.fixed, **self.variables.fixed}
        defaults = {**other.variables.defaults, **self.variables.defaults}
        rules = {**self.rules, **other.rules, **self.rules}
        statements = self._spliced(name, other.statements)
        canned = {**other.canned, **self.canned}
        overriding = self.variables.overriding | other.variables.overriding
        return Makefile(rules, Variables(fixed, defaults, overriding), self.includes, statements, canned, self.asked)

    def globbed(self, name: str, found: list[str]) -> Makefile:
        """This file with the files that a pattern stands for."""
        at = next((one for one in self.statements if one.kind == "include" and name in one.names), None)
        made = () if at is None else tuple(at._replace(names=(one,)) for one in found)
        return self._replace(statements=self._spliced(name, made))

    def _spliced(self, name: str, made: tuple[Statement, ...]) -> tuple[Statement, ...]:
        """The statements with others in the place of a file that is included by a name, the first time."""
        found = next((n for n, one in enumerate(self.statements) if one.kind == "include" and name in one.names), -1)
        if found < 0:
            return self.statements
        one = self.statements[found]
        at = one.names.index(name)
        inner = (each._replace(certain=each.certain and one.certain) for each in made)
        around = (one._replace(names=one.names[:at]), one._replace(names=one.names[at + 1 :]))
        pieces = [each for each in (around[0], *inner, around[1]) if each.kind != "include" or each.names]
        return (*self.statements[:found], *pieces, *self.statements[found + 1 :])


def parse(text: Text, given: Given | None = None, environment: Given = ()) -> Makefile:
    """Reads a makefile. Total.

    `given` are the variables of make's command line, `environment` those around it that are known: where they are told,
    what stands under a condition that does not hold is left out.
    """
    reader = _Reader(text, None if given is None else (dict(given), dict(environment)))
    for start, line in _lines(text.string):
        reader.line(start, line)
    includes, statements = tuple(reader.includes), tuple(reader.statements)
    return Makefile(reader.rules, reader.variables, includes, statements, reader.canned, _asked(reader))


def _lines(string: str) -> Iterator[tuple[int, str]]:
    r"""(offset, text) of each logical line, `\` at the ends of lines still in it."""
    start = 0
    while start < len(string):
        end = start
        while True:
            newline = string.find("\n", end)
            stop = len(string) if newline < 0 else newline
            if newline < 0 or not string.endswith("\\", start, stop):
                break
            end = newline + 1
        yield start, string[start:stop].rstrip("\r")
        start = stop + 1


class _Branch(NamedTuple):
    """A condition that is open: whether its lines count (None: not known), and whether some before it have."""

    holds: bool | None
    taken: bool


class _Reader:
    def __init__(self, text: Text, given: tuple[dict[str, str], dict[str, str]] | None) -> None:
        self.text = text
        self.rules: dict[str, Rule] = {}
        self.variables = Variables({}, {}, set())
        self.includes: list[str] = []
        self.statements: list[Statement] = []
        self.open: list[Recipe] | None = None
        self.canned: dict[str, list[Recipe]] = {}
        self.lines: list[Recipe] = []
        self.given = given
        self.branches: list[_Branch] = []
        self.asked: set[str] = set()
        self.defining = 0

    def line(self, start: int, line: str) -> None:
        """Takes one logical line."""
        words = line.split(None, 1)
        first = words[0] if words else ""
        recipe = line.startswith("\t") and self.open is not None
        if not self.defining and not recipe and first in _BRANCHING:
            self.branch(first, words[1] if len(words) > 1 else "")
        elif any(one.holds is False for one in self.branches):
            return
        elif self.defining or first == "define" or (first in _MARKS and _is_define(line)):
            self.defined(start, line)
        elif recipe:
            self.recipe(start, line)
        elif first in _INCLUDES:
            names = _value(words[1]).split() if len(words) > 1 else []
            self.includes += names
            self.state("include", names, start + line.find(first))
        elif first and not first.startswith("#"):
            self.statement(start, line)

    @property
    def certain(self) -> bool:
        """Whether a line counts whatever a condition comes to that is not known."""
        return all(one.holds for one in self.branches)

    def branch(self, word: str, rest: str) -> None:
        """`ifeq`, `else`, `else ifeq`, `endif`."""
        self.asked.update(_REFERRED.findall(rest))
        if "def" in word or "def" in rest:  # `ifdef NAME`, `else ifndef NAME`
            self.asked.update(rest.split()[-1:])
        if word == "endif":
            self.branches[-1:] = []
        elif word != "else":
            holds = self.decided(word, rest)
            self.branches.append(_Branch(holds, taken=bool(holds)))
        elif self.branches:
            last = self.branches.pop()
            again, _, rest = rest.strip().partition(" ")
            holds = self.decided(again, rest) if again in _CONDITIONS else True
            holds = False if last.taken else None if last.holds is None else holds
            self.branches.append(_Branch(holds, taken=last.taken or bool(holds)))

    def decided(self, word: str, rest: str) -> bool | None:
        """Whether a condition holds; None where that hangs on what is not known."""
        if self.given is None or any(one.holds is False for one in self.branches):
            return None
        from fr_check.sources.make_expansion import OPAQUE, Expansion  # noqa: PLC0415 - few makefiles have conditions

        file = Makefile(self.rules, self.variables, (), tuple(self.statements))
        expansion = Expansion(file, *self.given, ".")
        if word in {"ifdef", "ifndef"}:
            value = expansion.written(_value(rest).strip())
            return None if value is None else bool(value) == (word == "ifdef")
        first, second = expansion.operands(_value(rest).strip())
        return None if OPAQUE in first + second else (first == second) == (word == "ifeq")

    def state(self, kind: Kind, names: list[str], start: int, *, overriding: bool = False) -> None:
        """A statement about names."""
        marks = ("override",) if overriding else ()
        self.statements.append(Statement(kind, tuple(names), self.text, start, self.certain, marks=marks))

    def assignment(self, found: re.Match[str], start: int) -> Statement:
        """What an assignment says, from an offset on."""
        marks, flavour = tuple(found["marks"].split()), found["flavour"] or ""
        value = None if flavour == "!" else _value(found["value"])
        start += found.start("name")
        return Statement("set", (found["name"],), self.text, start, self.certain, flavour, value, marks)

    def assign(self, variables: Variables, one: Statement) -> None:
        """Does what an assignment says."""
        name, flavour, value = one.names[0], one.flavour, one.value or ""
        overrides = "override" in one.marks and flavour != "?"
        around = None if self.given is None else self.given[1].get(name)
        variables.assign(name, flavour, value, certain=one.certain, overrides=overrides, around=around)

    def defined(self, start: int, line: str) -> None:
        """A variable of several lines: its value is not known, but a recipe may run its lines."""
        words = line.split()
        marks = [word for word in words[: words.index("define")] if word in _MARKS] if "define" in words else []
        if words[len(marks) : len(marks) + 1] == ["define"]:
            self.defining += 1
            name = next(iter(words[len(marks) + 1 :]), "")
            if name and self.defining == 1:
                self.lines = self.canned[name] = []
                self.variables.fixed[name] = None
                at = start + line.find(name, line.find("define") + len("define"))
                one = Statement("set", (name,), self.text, at, self.certain, "", None, tuple(marks))
                self.statements.append(one)
        elif words[:1] == ["endef"]:
            self.defining -= 1
        elif (made := _recipe(start, line, self.text)) is not None:
            self.lines.append(made)

    def statement(self, start: int, line: str) -> None:
        """An assignment, what recipes are given, or the head of a rule."""
        stripped = line.lstrip()
        start += len(line) - len(stripped)
        assigned = _ASSIGNED.fullmatch(stripped)
        if assigned:
            self.open = None
            one = self.assignment(assigned, start)
            self.statements.append(one)
            self.assign(self.variables, one)
            return
        words = stripped.split()
        kind = _EXPORTS.get(words[1] if words[0] == "override" and len(words) > 1 else words[0])
        if kind is not None and not words[-1].endswith(":"):
            self.open = None
            self.state(kind, _value(stripped.partition(kind)[2]).split(), start, overriding=words[0] == "override")
            return
        self.headed(start, stripped)

    def headed(self, start: int, line: str) -> None:
        """The head of a rule, or a variable of targets."""
        head = _HEADER.fullmatch(line)
        if head is None:
            return
        rules = [self.rules.setdefault(name, Rule()) for name in head[1].split()]
        rest, semicolon, command = head[2].partition(";")
        written = head[2].lstrip()
        own = _ASSIGNED.fullmatch(written)
        if own:
            one = self.assignment(own, start + len(line) - len(written))
            for rule in rules:
                rule.statements.append(one)
                self.assign(rule.variables, one)
            return
        self.open = []
        needs = [word for word in rest.partition("#")[0].replace("\\\n", " ").split() if word != "|"]
        for rule in rules:
            rule.extend(needs, self.open)
        if semicolon:
            self.recipe(start + len(line) - len(command), command)

    def recipe(self, start: int, line: str) -> None:
        """A line of the recipe of the targets that are open."""
        made = _recipe(start, line, self.text)
        if made is not None and self.open is not None:
            self.open.append(made)


def _asked(reader: _Reader) -> frozenset[str]:
    """The variables that conditions name, and those that these are made of."""
    found, waiting = set(reader.asked), [*reader.asked]
    values: dict[str, list[str]] = {}
    for one in reader.statements if waiting else ():
        if one.kind == "set" and one.value:
            values.setdefault(one.names[0], []).append(one.value)
    while waiting:
        inner = {name for value in values.pop(waiting.pop(), ()) for name in _REFERRED.findall(value)} - found
        found |= inner
        waiting += inner
    return frozenset(found)


def _recipe(start: int, line: str, text: Text) -> Recipe | None:
    """A line that a shell runs; None for an empty one."""
    body = line.lstrip("\t @-+")
    dash = line.find("-", 0, len(line) - len(body))
    at = start + len(line) - len(body)
    return Recipe(body, text, at, start + dash if dash >= 0 else -1) if body else None


def _is_define(line: str) -> bool:
    """Whether a line begins a variable of several lines, with words before that."""
    return next((word for word in line.split() if word not in _MARKS), "") == "define"


def _value(written: str) -> str:
    """The value behind `=`: without a remark, lines joined; blanks at its end count."""
    if "#" in written:
        remark = _REMARK.search(written)
        written = (written if remark is None else written[: remark.start()]).replace("\\#", "#")
    return _JOINED.sub(" ", written) if "\n" in written else written
