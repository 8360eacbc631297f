"""What make and just give the commands of their recipes: variables that are exported, files that are loaded.

A variable of a makefile beats one of the environment, `?=` keeps it; just's `export` wins, what it loads from `.env`
does not. Sources: the GNU make manual, 5.7.2 and 6.11; https://just.systems/man/en/.
"""

from __future__ import annotations

from fr_check.core.patterns import pattern
from fr_check.core.text import Text
from fr_check.sources.opaque import Opaque
from fr_check.variables.model import FILL, OVER, Entry, Layer, Literal, Open, Unclear

TYPE_CHECKING = False
if TYPE_CHECKING:
    import re
    from collections.abc import Iterator

    from fr_check.core.repository import Repository
    from fr_check.runs.model import Executed

_MAKE = frozenset(("Makefile", "makefile", "GNUmakefile"))
_JUST = frozenset(("justfile", "Justfile", ".justfile"))
_MAKE_LINE = pattern(
    r"(?m)^(?:(?P<target>[\w./%-]+)[ ]*:[ ]*)?(?P<export>export[ ]+)?(?P<name>[A-Za-z_]\w*)[ ]*"
    r"(?P<flavour>\+|\?|::?)?=[ ]*(?P<value>[^\n#]*)"
)
_MAKE_NAMES = pattern(r"(?m)^export[ ]+(?P<names>[A-Za-z_]\w*(?:[ ]+[A-Za-z_]\w*)*)[ ]*(?:#[^\n]*)?$")
_MAKE_ALL = pattern(r"(?m)^(?:export[ ]*(?:#[^\n]*)?$|\.EXPORT_ALL_VARIABLES[ ]*:)")
_MAKE_DEFINED = pattern(r"(?m)^[ ]*(?:(?:override|export|private)[ ]+)*(?:define[ ]+)?([A-Za-z_]\w*)[ ]*[:+?!]{0,3}=")
_MAKE_BLOCK = pattern(r"(?m)^[ ]*(?:(?:override|export)[ ]+)*define[ ]+([A-Za-z_]\w*)")
_INCLUDED = pattern(r"(?m)^[ ]*[-s]?include[ ]+(?P<files>[^\n#]+)")
_JUST_LINE = pattern(
    r"(?m)^(?P<export>export[ ]+)?(?P<name>[A-Za-z_]\w*)[ ]*:=[ ]*(?:\"(?P<one>[^\"\n]*)\"|'(?P<two>[^'\n]*)')?"
)
_JUST_ALL = pattern(r"(?m)^set[ ]+export\b(?![ ]*:=[ ]*false)")
_JUST_LOADS = pattern(r"(?m)^set[ ]+dotenv-(?:load|filename|path|required)\b(?![ ]*:=[ ]*false)")
_JUST_PARAMETER = pattern(r"[ ]\$(?P<name>[A-Za-z_]\w*)")


def of_recipe(item: Executed, repository: Repository) -> Iterator[Layer]:
    """The layers that a command of a recipe gets from its task file, lowest first; those of what calls it before."""
    way = dict.fromkeys((*((link.location.path, link.what) for link in item.chain), (item.path, item.origin.what)))
    for path, what in way:
        name = path.rpartition("/")[2]
        text = repository.read(path) if name in _MAKE or name in _JUST else None
        if isinstance(text, Text):
            yield from _of_make(text, what) if name in _MAKE else _of_just(text)


def _of_make(text: Text, what: str) -> Iterator[Layer]:
    string = text.string
    every = _MAKE_ALL.search(string) is not None
    named = {name for found in _MAKE_NAMES.finditer(string) for name in found["names"].split()}
    # What is exported once stays so, whatever sets it again.
    named |= {one["name"] for one in _MAKE_LINE.finditer(string) if one["export"] is not None and not one["target"]}
    included = _INCLUDED.search(string)
    if included is not None and (every or named):
        where = text.location(*included.span())
        why = f"what `{included['files'].strip()}` gives, which `{text.path}` includes"
        opened = Open(text.path, why, where)
        if every:
            yield Layer("step-env", f"`{included[0].strip()}`", {}, where, opened)
        entries = {name: Entry(name, Unclear(why), where) for name in sorted(named)}
        yield Layer("step-env", f"`{included[0].strip()}`", entries, where)
    found: dict[str, Entry] = {}
    for one in _MAKE_LINE.finditer(string):
        target = one["target"]
        if not (one["export"] is not None or every or one["name"] in named):
            continue
        value: Literal | Unclear = Literal(Opaque(one["value"].strip()))
        if one["flavour"] == "+" or "$" in one["value"] or _is_conditional(string, one.start()):
            value = Unclear(f"what `{text.path}` makes of `{one['name']}`")
        if target is not None and f"`{target}`" not in what:
            # A target hands its variables on to those that it needs.
            value = Unclear(f"whether target `{target}` of `{text.path}` is what needs it")
        if one["flavour"] != "?" or one["name"] not in found:
            found[one["name"]] = _entry(text, one, value, fills=one["flavour"] == "?")
    # What nothing sets is exported as an empty text.
    for one in _MAKE_NAMES.finditer(string) if included is None else ():
        for name in set(one["names"].split()) - found.keys() - _assigned(string):
            found[name] = Entry(name, Literal(Opaque("")), text.location(*one.span("names")), FILL)
    if found:
        yield Layer("step-env", f"`{text.path}`", found)


def _assigned(string: str) -> set[str]:
    """The variables that a makefile sets in any way, by `define` too."""
    set_for_targets = (one["name"] for one in _MAKE_LINE.finditer(string))
    return {*set_for_targets, *_MAKE_DEFINED.findall(string), *_MAKE_BLOCK.findall(string)}


def _of_just(text: Text) -> Iterator[Layer]:
    string = text.string
    loads = _JUST_LOADS.search(string)
    if loads is not None:
        where = text.location(*loads.span())
        opened = Open(text.path, f"what `.env` gives, which `{text.path}` loads", where)
        yield Layer("step-env", "`.env`", {}, where, opened, fills=True)
    every = _JUST_ALL.search(string) is not None
    found: dict[str, Entry] = {}
    for one in _JUST_LINE.finditer(string):
        if one["export"] is None and not every:
            continue
        written = one["one"] if one["one"] is not None else one["two"]
        plain = written is not None and "\\" not in written and string[one.end() :].partition("\n")[0].strip() == ""
        value = Literal(Opaque(written or "")) if plain else Unclear(f"what `{text.path}` makes of `{one['name']}`")
        found[one["name"]] = _entry(text, one, value, fills=False)
    for one in _JUST_PARAMETER.finditer(string):
        if string[string.rfind("\n", 0, one.start()) + 1 : one.start()].strip() and _heads(string, one.start()):
            found[one["name"]] = _entry(
                text, one, Unclear(f"what a recipe of `{text.path}` is called with"), fills=False
            )
    if found:
        yield Layer("step-env", f"`{text.path}`", found)


def _heads(string: str, at: int) -> bool:
    """Whether a place stands in the head of a recipe."""
    return not string[string.rfind("\n", 0, at) + 1 :].startswith((" ", "\t", "#"))


def _is_conditional(string: str, at: int) -> bool:
    """Whether a line stands between `ifeq` and `endif`."""
    before = string[:at]
    return before.count("\nif") + before.startswith("if") > before.count("\nendif")


def _entry(text: Text, one: re.Match[str], value: Literal | Unclear, *, fills: bool) -> Entry:
    return Entry(one["name"], value, text.location(*one.span("name")), FILL if fills else OVER)
