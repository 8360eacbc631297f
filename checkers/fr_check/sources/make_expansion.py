"""What make puts for the variables of a recipe.

Functions are not evaluated, but for `$(shell pwd)` and `$(shell which NAME)`. What is not known when a recipe is
expanded becomes `${{ }}`, which to the shell reader is an opaque part of a word.
Source: the GNU make manual, chapter 6.
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
    from fr_check.sources.makefile import Makefile, Recipe, Rule

    Layers = tuple[Mapping[str, str | None], ...]

OPAQUE = "${{ }}"

# Where a program lies is as good as its name.
_WHERE = pattern(r"shell (?:which|command -v|type -p) ([\w.-]+)(?: 2>/dev/null)?")
# A recipe line that is nothing but a variable of several lines.
_CANNED = pattern(r"\$[({](?:call[ \t]+)?([\w.-]+)((?:,[^()]*)?)[)}][ \t]*")
# `(a,b)`, `"a" "b"`, `'a' 'b'`, or one of each.
_COMPARED = pattern(r"(?s)\((?P<in>.*)\)|([\"'])(?P<first>.*?)\2[ \t]+([\"'])(?P<second>.*?)\4")
_CHARACTERS = 1_000_000  # that all variables of one recipe may come to


class Script(NamedTuple):
    """What one shell gets: the offset in `text` of each character of `string` is in `places`; `ignored` as a recipe."""

    string: str
    text: Text
    places: list[int]
    ignored: int = -1


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
        given = {name: value for name, value in given.items() if name not in variables.overriding}
        automatic = {"MAKE": "make", "CURDIR": absolute(folder)}
        self._given = given
        self._others = (variables.fixed, environment, variables.defaults, automatic)
        self._one_shell = ".ONESHELL" in makefile.rules
        self._canned = makefile.canned
        self.budget = Budget(steps=_CHARACTERS)
        self._open: set[str] = set()

    def scripts(self, rule: Rule, target: str, stem: str) -> list[Script]:
        """The recipe as shells get it: each line one of its own, or all lines together."""
        needs = rule.needs
        own = {"@": target, "*": stem, "<": needs[0] if needs else "", "^": " ".join(needs)}
        layers = (self._given, rule.variables.fixed, own, *self._others[:-1], rule.variables.defaults, self._others[-1])
        found = [script for recipe in rule.recipes for script in self._lines(recipe, layers)]
        if not self._one_shell or not found:
            return found
        whole = "\n".join(script.string for script in found)
        places = [at for script in found for at in (*script.places, script.places[-1] if script.places else 0)]
        return [Script(whole, found[0].text, places, found[0].ignored)]

    def written(self, name: str) -> str | None:
        """The value of a variable as it stands there, of no target; None for what is not known."""
        return next((layer[name] for layer in (self._given, *self._others) if name in layer), None)

    def operands(self, string: str) -> tuple[str, str]:
        """The two texts that `ifeq` compares, with the values of variables that no target has of its own."""
        found = _COMPARED.fullmatch(string)
        if found is None:
            return OPAQUE, OPAQUE
        first, second = found["first"], found["second"]
        if found["in"] is not None:
            comma = _comma(found["in"])
            first, second = found["in"][:comma].rstrip(), found["in"][comma + 1 :].lstrip()
        layers = (self._given, *self._others)
        return self.text(first, layers), self.text(second, layers)

    def text(self, string: str, layers: Layers) -> str:
        """A text with the values of variables put in, of the first layer that has each."""
        return "".join(text for text, _, _ in self._split(string, layers, 0))

    def _lines(self, recipe: Recipe, layers: Layers) -> Iterator[Script]:
        """One line as a shell gets it; of `$(NAME)` and `$(call NAME,...)` alone those that `define NAME` has."""
        named = _CANNED.fullmatch(recipe.string) if self._canned else None
        lines = self._canned.get(named[1]) if named is not None else None
        if named is None or lines is None or named[1] in self._open:
            yield self._recipe(recipe, layers)
            return
        given = {str(at): word for at, word in enumerate(named[2].split(",")) if at}
        self._open.add(named[1])
        for line in lines if self.budget.step(1 + sum(len(line.string) for line in lines)) else ():
            for made in self._lines(line, (given, *layers)):
                yield made._replace(ignored=recipe.ignored) if made.ignored < 0 else made
        self._open.discard(named[1])

    def _recipe(self, recipe: Recipe, layers: Layers) -> Script:
        pieces: list[str] = []
        places: list[int] = []
        for text, at, exact in self._split(recipe.string, layers, 0):
            pieces.append(text)
            start = recipe.start + at
            places += range(start, start + len(text)) if exact else [start] * len(text)
        return Script("".join(pieces), recipe.text, places, recipe.ignored)

    def _split(self, string: str, layers: Layers, depth: int) -> Iterator[tuple[str, int, bool]]:
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

    def _value(self, name: str, layers: Layers, depth: int) -> str:
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


def _comma(string: str) -> int:
    """Where the comma stands that parts two operands: the first one that is in no brackets."""
    depth = 0
    for at, character in enumerate(string):
        depth += (character in "({") - (character in ")}")
        if character == "," and depth <= 0:
            return at
    return len(string)
