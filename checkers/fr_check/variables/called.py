"""What Python code calls when it is started: functions whose imports are as certain as those of a module.

`uvicorn app.main:create_app --factory` calls `create_app`, and so does `app = create_app()` at the end of a file. Texts
are looked at, not parsed: what stands under a condition counts, as it does at the top of a module.
"""

from __future__ import annotations

from fr_check.core.patterns import matches, pattern
from fr_check.core.record import NamedTuple
from fr_check.core.text import Text
from fr_check.variables import imported
from fr_check.variables.python_programs import MAIN

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from fr_check.core.repository import Repository

    Function = tuple[str, str]  # the path of its file, its name

TOP = ""
"""The name of what a file does when it is imported."""

_BODY = r"[^\n]*\n(?:\1[ \t]+[^\n]*\n|\1[)\]][^\n]*\n|[ \t]*\n)*"
_FUNCTION = pattern(rf"^()(?:async[ \t]+)?def[ \t]+(\w+){_BODY}", 8)
_INNER = pattern(rf"^([ \t]*)(?:async[ \t]+)?def[ \t]{_BODY}", 8)
_MAIN = pattern(rf"^()if[ \t]+__name__[ \t]*==[ \t]*[\"']{MAIN}[\"'][ \t]*:{_BODY}", 8)
_CALL = pattern(r"(?<![\w.@])([A-Za-z_]\w*(?:\.\w+)?)\(")
# `uvicorn.run("app.main:create_app", factory=True)`, `wsgi_app = "app:create_app()"`.
_NAMED = pattern(r"[\"']([A-Za-z_][\w.]*:[A-Za-z_]\w*)(\(\))?[\"']")
_AS = pattern(r"(\w+)(?:[ \t]+as[ \t]+(\w+))?")
# A text of several lines, of which some may begin where the code around it does not.
_LONG_TEXT = pattern(r"\"\"\"(?:[^\\\"]|\\[\s\S]|\"(?!\"\"))*\"\"\"|'''(?:[^\\']|\\[\s\S]|'(?!''))*'''")


class Body(NamedTuple):
    """The modules that a piece of code imports itself, and the names that it calls: `f`, `module.f`, `module:f`."""

    imports: tuple[imported.Statement, ...] = ()
    calls: tuple[str, ...] = ()


def of(repository: Repository, path: str, name: str) -> tuple[tuple[str, ...], tuple[Function, ...]]:
    """The files that a function of a file imports when it is called, and the functions that it calls.

    `name` may be TOP, and MAIN: what the file does where it is the program. What only a method or a function inside of
    it does is left out. A name that the file has from another one leads there.
    """
    text = repository.read(path)
    if not isinstance(text, Text):
        return (), ()
    bodies, bound = text.parsed(_bodies), text.parsed(_bound)
    if name not in bodies:
        return (), tuple(_where(repository, path, bound, name))
    body = bodies[name]
    files, _ = imported.files(repository, path, body.imports, closed=True)
    calls: dict[Function, None] = {}
    for call in body.calls:
        if call in bodies:
            calls[path, call] = None
        else:
            calls.update(dict.fromkeys(_where(repository, path, bound, call)))
    return tuple(files), tuple(calls)


def _where(repository: Repository, path: str, bound: dict[str, imported.Statement], called: str) -> Iterator[Function]:
    """The functions of other files that a name may be."""
    module, colon, name = called.partition(":")
    if colon:
        found = imported.files(repository, path, ((module, 0, ()),), closed=True)[0]
        yield from ((one, name) for one in found)
        return
    head, dot, name = called.partition(".")
    if head not in bound:
        return
    module, level, names = bound[head]
    found = imported.files(repository, path, ((module, level, names),), closed=True)[0]
    yield from ((one, name if dot else names[0] if names else head) for one in found)


def _bodies(text: Text) -> dict[str, Body]:
    string = _LONG_TEXT.sub("''", text.string) + "\n" if "def " in text.string else text.string + "\n"
    found: dict[str, Body] = {}
    for match in _FUNCTION.finditer(string):
        inner = _INNER.sub("\n", match[0].partition("\n")[2])
        found[match[2]] = Body(tuple(imported.statements(inner)), tuple(_calls(inner)))
    top = _INNER.sub("\n", string)
    mains = "".join(match[0] for match in _MAIN.finditer(top))
    found[MAIN] = Body(calls=tuple(_calls(mains)))
    found[TOP] = Body(calls=tuple(_calls(_MAIN.sub("\n", top))))
    return found


def _calls(string: str) -> Iterator[str]:
    yield from dict.fromkeys(_CALL.findall(string))
    if ":" in string:
        yield from (found[1] for found in _NAMED.finditer(string) if found[2] or "factory=True" in string)


def _bound(text: Text) -> dict[str, imported.Statement]:
    """The names that imports bring into a file: the module of each, and what it is called there."""
    found: dict[str, imported.Statement] = {}
    for one in matches(imported.IMPORT, text.string, "import"):
        for part in one["plain"].split(",") if one["plain"] else ():
            module, _, other = part.strip().partition(" as ")
            found[other.strip() or module.strip()] = (module.strip(), 0, ())
        for name, other in _AS.findall(one["names"] or ""):
            found[other or name] = (one["module"], len(one["dots"]), (name,))
    return found
