"""justfiles: what each recipe hands to a shell, with variables and parameters put in where their text is known.

Each line of a recipe is a shell of its own, unless the recipe begins with `#!`; `-` before a line lets it fail, and
`set shell` names another shell than `sh -cu`. The value of an expression that is neither text nor a known name is
opaque. Source: https://just.systems/man/en/.
"""

from __future__ import annotations

from collections import ChainMap

from fr_check.core.patterns import pattern
from fr_check.core.record import NamedTuple
from fr_check.core.text import split_lines
from fr_check.sources.shells import SH, Shell, of_shebang, of_words
from fr_check.sources.tasks.model import OPAQUE, Ignored, Script, Task, Tasks, of_places

TYPE_CHECKING = False
if TYPE_CHECKING:
    import re
    from collections.abc import Mapping

    from fr_check.core.text import Text

_HEADER = pattern(r"(?P<quiet>@?)(?P<name>[A-Za-z_][\w-]*+)(?P<parameters>[^:\n]*+):(?!=)(?P<needs>[^#\n]*)")
_ASSIGNED = pattern(r"(?:export\s+)?(?P<name>[A-Za-z_][\w-]*)\s*:=\s*(?P<value>[^\n]*)")
_ALIAS = pattern(r"alias\s+(?P<name>[A-Za-z_][\w-]*)\s*:=\s*(?P<target>[A-Za-z_][\w-]*)\s*")
_PARAMETER = pattern(r"[*+$]*(?P<name>[A-Za-z_][\w-]*)(?:\s*=\s*(?P<value>\"[^\"\n]*\"|'[^'\n]*'|[^\s\"']+))?")
_INTERPOLATED = pattern(r"\{\{(?!\{)([^}\n]{0,400})\}\}")
_TEXT = pattern(r"\"([^\"\\\n]*)\"|'([^'\n]*)'")
_LONGEST = 1000  # characters of a variable; one that is made of others may double with every line
_NEED = pattern(r"\(\s*([A-Za-z_][\w-]*)[^)\n]*\)|([A-Za-z_][\w-]*)")
_IMPORT = pattern(r"import\??\s+(?P<quote>[\"'])(?P<path>[^\"'\n]+)(?P=quote)")
_SETTING = pattern(r"set\s+(?P<name>[a-z-]+)(?:\s*:=\s*(?P<value>[^#\n]*))?")
_UNEXPORT = pattern(r"unexport\s+(?P<name>[A-Za-z_][\w-]*)")
_LOADING = frozenset(("dotenv-load", "dotenv-filename", "dotenv-path", "dotenv-required"))
_SHELL = pattern(r"set\s+shell\s*:=\s*\[(?P<words>[^\]\n]*)\]")


class _Recipe(NamedTuple):
    name: str
    parameters: tuple[tuple[str, str | None], ...]
    needs: tuple[str, ...]
    start: int
    lines: list[tuple[int, str]]
    exported: Mapping[str, int] = {}


class Exports(NamedTuple):
    """What recipes are given: `every` variable and parameter, those that are `exported`, none that are `unexported`.

    `settings` are those of the file, with their values as they are written. Each has the offset where it stands.
    `imports` is where other files are read, which may export more; -1 for nowhere.
    """

    exported: dict[str, int]
    unexported: dict[str, int]
    settings: dict[str, tuple[str, int]]
    variables: dict[str, int]
    imports: int = -1

    @property
    def every(self) -> bool:
        """Whether all variables are exported."""
        return self.is_on("export")

    def is_on(self, name: str) -> bool:
        """Whether a setting of two values is set."""
        return name in self.settings and self.settings[name][0] != "false"

    @property
    def loaded(self) -> tuple[str | None, int] | None:
        """The file of variables that is loaded, by its path (None: not known), and where that stands; None for none."""
        found = [name for name in _LOADING if self.is_on(name)]
        if not found:
            return None
        path = next((self.settings[name] for name in ("dotenv-path", "dotenv-filename") if name in self.settings), None)
        if path is None:
            return ".env", self.settings[found[0]][1]
        text = _TEXT.fullmatch(path[0])
        return (None if text is None else text[1] if text[1] is not None else text[2]), path[1]


class Justfile(NamedTuple):
    """Recipes in order, variables (None: not known), the shell, other names of recipes, what recipes are given.

    `imports` are the paths of imported files.
    """

    text: Text
    recipes: tuple[_Recipe, ...]
    variables: dict[str, str | None]
    aliases: Mapping[str, str]
    shell: Shell
    named: Mapping[str, _Recipe]
    exports: Exports
    imports: tuple[str, ...] = ()

    def task(self, name: str, arguments: tuple[str | None, ...], given: Mapping[str, str | None]) -> Task | None:
        """A recipe (an empty name: the first) as it runs with arguments; variables may be set on the command line."""
        name = self.aliases.get(name, name)
        found = self.named.get(name) if name else next(iter(self.recipes), None)
        return None if found is None else self.made(found, arguments, given)

    def made(self, found: _Recipe, arguments: tuple[str | None, ...], given: Mapping[str, str | None]) -> Task:
        """One recipe as it runs with arguments."""
        values = self.values(found, arguments, given)
        span = self.text.span(found.start, found.start + len(found.name))
        return Task(found.name, _scripts(self, found, values), found.needs, span)

    def values(
        self, found: _Recipe, arguments: tuple[str | None, ...], given: Mapping[str, str | None]
    ) -> Mapping[str, str | None]:
        """The variables and parameters of a recipe as it runs with arguments; None for what is not known."""
        values: ChainMap[str, str | None] = ChainMap({}, {**given}, self.variables)
        for at, (parameter, default) in enumerate(found.parameters):
            values[parameter] = arguments[at] if at < len(arguments) else default
        return values


def parse(text: Text) -> Justfile:
    """Reads one file."""
    exports = Exports({}, {}, {}, {})
    recipes: list[_Recipe] = []
    variables: dict[str, str | None] = {}
    aliases: dict[str, str] = {}
    shell = SH
    imports: list[str] = []
    for start, line in _lines(text.string):
        head = line[:2000]
        if head[:1] in {" ", "\t"}:
            if recipes and head.strip():
                recipes[-1].lines.append((start, line))
        elif alias := _ALIAS.fullmatch(head.strip()):
            aliases[alias["name"]] = alias["target"]
        elif words := _SHELL.match(head):
            shell = of_words([one or two for one, two in _TEXT.findall(words["words"])] or ["sh"])
        elif assigned := _ASSIGNED.fullmatch(head.strip()):
            variables[assigned["name"]] = _value(assigned["value"].strip(), variables)
            at = exports.exported if head.startswith("export") else exports.variables
            at[assigned["name"]] = start + head.find(assigned["name"], assigned.start("name"))
        elif head.startswith("set ") and (setting := _SETTING.match(head)) is not None:
            exports.settings[setting["name"]] = ((setting["value"] or "").strip(), start)
        elif hidden := _UNEXPORT.match(head):
            exports.unexported[hidden["name"]] = start
        elif head.startswith("import"):
            imports += [found["path"] for found in (_IMPORT.match(head),) if found is not None]
            exports = exports._replace(imports=start)
        elif head.strip() and not head.startswith(("#", "[", "set ", "mod ")):
            found = _HEADER.match(head)
            recipes += [_recipe(start, found)] if found is not None else []
    named = {recipe.name: recipe for recipe in reversed(recipes)}
    return Justfile(text, tuple(recipes), variables, aliases, shell, named, exports, tuple(imports))


def tasks(text: Text) -> Tasks:
    """Every recipe as it runs without arguments."""
    file = parse(text)
    # Recipes of one name, which just refuses unless it is told not to, are one.
    names = dict.fromkeys(recipe.name for recipe in file.recipes)
    return Tasks(tuple(file.made(file.named[name], (), {}) for name in names))


def _lines(string: str) -> list[tuple[int, str]]:
    r"""(offset, text) of each line, `\` at the end of one joining the next."""
    found: list[tuple[int, list[str]]] = []
    start = 0
    joining = False
    for line in split_lines(string, keep_ends=True):
        if joining:
            found[-1][1].append(line)
        else:
            found.append((start, [line]))
        joining = line.rstrip("\r\n").endswith("\\")
        start += len(line)
    return [(at, "".join(lines).rstrip("\r\n")) for at, lines in found]


def _recipe(start: int, found: re.Match[str]) -> _Recipe:
    parameters = tuple(
        (one["name"], None if one["value"] is None else one["value"].strip("\"'"))
        for one in _PARAMETER.finditer(found["parameters"])
    )
    # A parameter of any number of arguments is empty without any.
    many = {one["name"] for one in _PARAMETER.finditer(found["parameters"]) if one[0].startswith("*")}
    parameters = tuple((name, "" if value is None and name in many else value) for name, value in parameters)
    needs = tuple(one or two for one, two in _NEED.findall(found["needs"].replace("&&", " ")))
    exported = {
        one["name"]: start + found.start("parameters") + one.start("name")
        for one in _PARAMETER.finditer(found["parameters"])
        if "$" in one[0].partition("=")[0]
    }
    return _Recipe(found["name"], parameters, needs, start + len(found["quiet"]), [], exported)


def _value(written: str, known: Mapping[str, str | None]) -> str | None:
    """The value of an expression: texts, names, and `+` between them."""
    pieces = []
    for part in written.partition(" #")[0].split(" + "):
        text = _TEXT.fullmatch(part.strip())
        value = (text[1] if text[1] is not None else text[2]) if text else known.get(part.strip())
        if value is None:
            return None
        pieces.append(value)
    whole = "".join(pieces)
    return whole if len(whole) <= _LONGEST else None


def _scripts(file: Justfile, recipe: _Recipe, values: Mapping[str, str | None]) -> tuple[Script, ...]:
    made = [(start, line, *_filled(start, line, values)) for start, line in recipe.lines]
    first = recipe.lines[0][1].strip() if recipe.lines else ""
    if first.startswith("#!"):
        string = "\n".join(filled for _, _, filled, _ in made)
        places = [at for start, line, _, found in made for at in (*found, start + len(line))]
        shell = of_shebang(first)
        return (of_places(string, places, file.text, shell),) if shell is not None else ()
    scripts = []
    for start, line, filled, places in made:
        head = len(filled) - len(filled.lstrip(" \t@-"))
        at = start + line.find("-")
        ignored = Ignored("`-` before the recipe line", file.text.span(at, at + 1)) if "-" in filled[:head] else None
        if not filled[head:].startswith("#"):
            scripts.append(of_places(filled[head:], places[head:], file.text, file.shell)._replace(ignored=ignored))
    return tuple(scripts)


def _filled(start: int, line: str, values: Mapping[str, str | None]) -> tuple[str, list[int]]:
    """A line with what stands in `{{ }}` put in, and the offset of each character."""
    pieces: list[str] = []
    places: list[int] = []
    last = 0
    for found in _INTERPOLATED.finditer(line, 0, line.rfind("}}") + 2):
        value = _value(found[1].strip(), values)
        value = OPAQUE if value is None else value
        pieces += [line[last : found.start()], value]
        places += [*range(start + last, start + found.start()), *[start + found.start()] * len(value)]
        last = found.end()
    pieces.append(line[last:])
    places += range(start + last, start + len(line))
    return "".join(pieces), places
