r"""Makefiles: what a target runs, as shell scripts with the place of every character.

Rules with their prerequisites and recipes, pattern rules, variables of all flavours, `include`, `define`; conditionals
are read on both sides, and what they assign is unknown. Functions are not evaluated, but for
`$(shell pwd)` and `$(shell which NAME)`. What is not known when a recipe is expanded becomes `${{ }}`, which to the
shell reader is an opaque part of a word.
Source: the GNU make manual, chapters 3 to 6.
"""

from __future__ import annotations

from fr_check.core.budget import Budget
from fr_check.core.patterns import pattern
from fr_check.core.record import NamedTuple
from fr_check.sources.build_context import absolute

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from fr_check.core.text import Text

    _Layers = tuple[Mapping[str, str | None], ...]

NAMES = ("GNUmakefile", "makefile", "Makefile")
"""In the order in which make looks for them."""

OPAQUE = "${{ }}"

_ASSIGNED = pattern(r"(?s)(?:override |export )*([A-Za-z0-9_.-]+)[ \t]*(\+|\?|:{1,3}|!)?=[ \t]*(.*)")
_HEADER = pattern(r"(?s)([^\t#:=][^#:=]*):{1,2}(?!=)(.*)")
# Where a program lies is as good as its name.
_WHERE = pattern(r"shell (?:which|command -v|type -p) ([\w.-]+)(?: 2>/dev/null)?")
_CONDITIONS = ("ifeq", "ifneq", "ifdef", "ifndef")
_CHARACTERS = 1_000_000  # that all variables of one recipe may come to


class Recipe(NamedTuple):
    """One line that a shell runs, continuations included, `@`, `-` and `+` taken off, and where it starts.

    `ignored` is the offset of the `-` before it, with which make goes on where the line fails; -1 for none.
    """

    string: str
    text: Text
    start: int
    ignored: int = -1


class Script(NamedTuple):
    """What one shell gets: the offset in `text` of each character of `string` is in `places`; `ignored` as a recipe."""

    string: str
    text: Text
    places: list[int]
    ignored: int = -1


class Variables(NamedTuple):
    """Variables as written (None: not known): those that are set, and those set where nothing else does (`?=`)."""

    fixed: dict[str, str | None]
    defaults: dict[str, str | None]

    def assign(self, name: str, flavour: str, value: str, *, certain: bool) -> None:
        """`=`, `:=`, `?=`, `+=`; `!=` runs something."""
        before = self.fixed.get(name, self.defaults.get(name, ""))
        known: str | None = value.partition(" #")[0].rstrip().replace("\\\n", " ")
        if flavour == "!" or not certain or (flavour == "+" and before is None):
            known = None
        elif flavour == "+" and before:
            known = f"{before} {known}"
        if flavour != "?":
            self.fixed[name] = known
        elif name not in self.fixed:
            self.defaults.setdefault(name, known)


class Rule:
    """What makes a target. Targets of one head share its lists, so that many of them cost no more than one."""

    def __init__(self) -> None:
        self._needs: list[list[str]] = []
        self._recipes: list[list[Recipe]] = []
        self.variables = Variables({}, {})

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
    """Rules by target, the first one first; variables; files that are included."""

    rules: dict[str, Rule]
    variables: Variables
    includes: tuple[str, ...]

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

    def over(self, other: Makefile) -> Makefile:
        """This file with one that it includes."""
        fixed = {**other.variables.fixed, **self.variables.fixed}
        defaults = {**other.variables.defaults, **self.variables.defaults}
        return Makefile({**self.rules, **other.rules, **self.rules}, Variables(fixed, defaults), self.includes)


def parse(text: Text) -> Makefile:
    """Reads a makefile. Total."""
    reader = _Reader(text)
    for start, line in _lines(text.string):
        reader.line(start, line)
    return Makefile(reader.rules, reader.variables, tuple(reader.includes))


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


class _Reader:
    def __init__(self, text: Text) -> None:
        self.text = text
        self.rules: dict[str, Rule] = {}
        self.variables = Variables({}, {})
        self.includes: list[str] = []
        self.open: list[Recipe] | None = None
        self.conditions = 0
        self.defining = 0

    def line(self, start: int, line: str) -> None:
        """Takes one logical line."""
        words = line.split(None, 1)
        first = words[0] if words else ""
        if self.defining or first == "define":
            self.defined(first, words)
        elif line.startswith("\t") and self.open is not None:
            self.recipe(start, line)
        elif first in _CONDITIONS:
            self.conditions += 1
        elif first == "endif":
            self.conditions = max(self.conditions - 1, 0)
        elif first in {"include", "-include", "sinclude"}:
            self.includes.extend(words[1].split() if len(words) > 1 else ())
        elif first and first != "else" and not first.startswith("#"):
            self.statement(start, line)

    def defined(self, first: str, words: list[str]) -> None:
        """A variable of several lines, which is not known."""
        if first == "define":
            self.defining += 1
            if len(words) > 1:
                self.variables.fixed[words[1].split()[0]] = None
        elif first == "endef":
            self.defining -= 1

    def statement(self, start: int, line: str) -> None:
        """An assignment, or the head of a rule."""
        assigned = _ASSIGNED.fullmatch(line.strip())
        if assigned:
            self.open = None
            self.variables.assign(assigned[1], assigned[2] or "", assigned[3], certain=not self.conditions)
            return
        head = _HEADER.fullmatch(line)
        if head is None:
            return
        rules = [self.rules.setdefault(name, Rule()) for name in head[1].split()]
        own = _ASSIGNED.fullmatch(head[2].strip())
        rest, semicolon, command = head[2].partition(";")
        if own:
            for rule in rules:
                rule.variables.assign(own[1], own[2] or "", own[3], certain=not self.conditions)
            return
        self.open = []
        needs = [word for word in rest.partition("#")[0].replace("\\\n", " ").split() if word != "|"]
        for rule in rules:
            rule.extend(needs, self.open)
        if semicolon:
            self.recipe(start + len(line) - len(command), command)

    def recipe(self, start: int, line: str) -> None:
        """A line of the recipe of the targets that are open."""
        body = line.lstrip("\t @-+")
        dash = line.find("-", 0, len(line) - len(body))
        if body and self.open is not None:
            self.open.append(Recipe(body, self.text, start + len(line) - len(body), start + dash if dash >= 0 else -1))


class Expansion:
    """What make puts for variables: those of the command line, the target, the file, the environment; `?=` comes last.

    `folder` is the one that make runs in, as the shell reader has it. `budget` counts the characters of all values: of
    variables that double each other there is no end; where it is spent, the rest is not known.
    """

    def __init__(
        self,
        makefile: Makefile,
        given: Mapping[str, str | None],
        environment: Mapping[str, str | None],
        folder: str | None,
    ) -> None:
        variables = makefile.variables
        automatic = {"MAKE": "make", "CURDIR": absolute(folder)}
        self._given = given
        self._others = (variables.fixed, environment, variables.defaults, automatic)
        self._one_shell = ".ONESHELL" in makefile.rules
        self.budget = Budget(steps=_CHARACTERS)
        self._open: set[str] = set()

    def scripts(self, rule: Rule, target: str, stem: str) -> list[Script]:
        """The recipe as shells get it: each line one of its own, or all lines together."""
        needs = rule.needs
        own = {"@": target, "*": stem, "<": needs[0] if needs else "", "^": " ".join(needs)}
        layers = (self._given, rule.variables.fixed, own, *self._others[:-1], rule.variables.defaults, self._others[-1])
        found = [self._recipe(recipe, layers) for recipe in rule.recipes]
        if not self._one_shell or not found:
            return found
        whole = "\n".join(script.string for script in found)
        places = [at for script in found for at in (*script.places, script.places[-1] if script.places else 0)]
        return [Script(whole, found[0].text, places, found[0].ignored)]

    def _recipe(self, recipe: Recipe, layers: _Layers) -> Script:
        pieces: list[str] = []
        places: list[int] = []
        for text, at, exact in self._split(recipe.string, layers, 0):
            pieces.append(text)
            start = recipe.start + at
            places += range(start, start + len(text)) if exact else [start] * len(text)
        return Script("".join(pieces), recipe.text, places, recipe.ignored)

    def _split(self, string: str, layers: _Layers, depth: int) -> Iterator[tuple[str, int, bool]]:
        """(text, offset, whether it stands there as it is) of each piece of a string."""
        at = 0
        while (dollar := string.find("$", at)) >= 0:
            yield string[at:dollar], at, True
            following = string[dollar + 1 : dollar + 2]
            at = dollar + 2
            if following == "$":
                yield "$", dollar, True
            elif following in {"(", "{"}:
                at = _closing(string, dollar + 1)
                yield self._value(string[dollar + 2 : at - 1], layers, depth), dollar, False
            else:
                yield self._value(following, layers, depth), dollar, False
        yield string[at:], at, True

    def _value(self, name: str, layers: _Layers, depth: int) -> str:
        if name == "shell pwd":
            name = "CURDIR"
        elif program := _WHERE.fullmatch(name):
            return program[1]
        value = next((layer[name] for layer in layers if name in layer), None)
        # make ends with an error at a variable that is its own value.
        if value is None or name in self._open or not self.budget.step(len(value) + 1, depth=depth):
            return OPAQUE
        self._open.add(name)
        found = "".join(text for text, _, _ in self._split(value, layers, depth + 1))
        self._open.discard(name)
        return found


def _closing(string: str, opened: int) -> int:
    """The offset behind the bracket that closes the one at `opened`; behind the end where none does."""
    pair = ("(", ")") if string[opened] == "(" else ("{", "}")
    depth = 0
    for at in range(opened, len(string)):
        depth += (string[at] == pair[0]) - (string[at] == pair[1])
        if depth == 0:
            return at + 1
    return len(string) + 1
