"""Which files a Python program imports, and so which settings and reads of the environment are its own.

An image often holds several programs: `uvicorn app.main:app` and `python -m app.worker` read what their own imports
bring, and no more. Where an import is only known at run time, or leads to a module that cannot be found, the graph is
open: what it does not reach may be read all the same.
"""

from __future__ import annotations

import posixpath
import sys
from functools import cached_property

from fr_check.core.names import ending
from fr_check.core.patterns import matches, pattern
from fr_check.core.record import NamedTuple
from fr_check.core.text import Text
from fr_check.variables.python_programs import NAMED, NAMED_END, import_folders, is_searched

TYPE_CHECKING = False
if TYPE_CHECKING:
    import re
    from collections.abc import Iterable, Iterator

    from fr_check.core.repository import Repository
    from fr_check.variables.programs import Program

    Statement = tuple[str, int, tuple[str, ...]]  # a module, the dots before it, names of it

IMPORT = pattern(
    r"[ \t]*(?:from[ \t]+(?P<dots>\.*)[ \t]*(?P<module>[\w.]*)[ \t]+import[ \t]*(?P<names>\([^)]*\)|[^\n#]*)"
    r"|import[ \t]+(?P<plain>[\w.]+(?:[ \t]+as[ \t]+\w+)?(?:[ \t]*,[ \t]*[\w.]+(?:[ \t]+as[ \t]+\w+)?)*))"
)
# What stands there is for a type checker, and never imported.
_FOR_TYPES = pattern(r"^([ \t]*)if[ \t]+(?:\w+\.)?TYPE_CHECKING[ \t]*:[^\n]*\n(?:\1[ \t]+[^\n]*\n|[ \t]*\n)*", 8)
_NAME = pattern(r"[A-Za-z_]\w*")
# What imports by a name that is only known at run time, or starts another program with the same environment: pieces of
# which one must stand in a text before an expression goes through it. One that begins with letters of its own is
# searched for as fast as a word.
_OPENS = (
    (
        (
            *("importlib", "import_", "load_module", "find_spec", "pkgutil", "runpy", "entry_points", "stevedore"),
            *("autodiscover", "subprocess", "os.s", "os.popen", "os.exec", "sys.path", "INSTALLED_APPS", "DJANGO_"),
        ),
        pattern(
            r"\b(?:importlib|import_module|__import__|import_string|load_module|find_spec|pkgutil|runpy|entry_points"
            r"|iter_entry_points|stevedore|autodiscover\w*|subprocess|os\.(?:system|popen|exec\w+|spawn\w+)"
            r"|create_subprocess_\w+|INSTALLED_APPS|DJANGO_SETTINGS_MODULE|sys\.path)\b"
        ),
    ),
    (("exec",), pattern(r"exec(?<=\bexec)(?:file)?\b")),
    (("eval",), pattern(r"eval(?<=\beval)\b")),
    *(
        ((name,), pattern(rf"{name}(?<=\b{name})\s*=\s*[\[(\"']"))
        for name in ("include", "imports", "plugins", "extensions")
    ),
)
_MOST = 4_000
_LINES = 400  # that are looked back for the function that an import stands in
_DEF = pattern(r"(?:async[ \t]+)?def[ \t]")
# Blank lines, remarks, what goes on from the line before.
_NO_LINE = frozenset(("", "\n", "\r", "#", ")", "]", "}"))


class Reached(NamedTuple):
    """Those of the wanted files that are imported; `closed` where nothing else can be, as every import is known.

    `perhaps` are those that are imported only where a function is called that imports them.
    """

    paths: frozenset[str]
    closed: bool
    perhaps: frozenset[str] = frozenset()


class Imports:
    """Which files a file of the repository imports, itself and through others. Texts are looked at, not parsed."""

    def __init__(self, repository: Repository, programs: Iterable[Program] = ()) -> None:
        self.repository = repository
        self.programs = tuple(programs)

    @cached_property
    def _wanted(self) -> dict[str, tuple[Program, ...]]:
        """A file with settings, or with reads of the environment -> the programs whose they are."""
        found: dict[str, dict[str, Program]] = {}
        for program in self.programs:
            for path in (*program.settings, *program.homes):
                found.setdefault(path, {})[program.label] = program
        return {path: tuple(several.values()) for path, several in found.items()}

    def reached(self, starts: Iterable[str], called: tuple[str, ...] = ()) -> Reached:
        """Those of the programs' files that a command imports, the files that it starts with among them.

        `called` are the functions of those that it calls, MAIN among them where a file is the program itself.
        """
        files = tuple(dict.fromkeys(starts))
        if not files:
            return Reached(frozenset(), closed=True)
        return self.repository.remembered(_reached, files, frozenset(self._wanted), called)

    def before(self, starts: Iterable[str], programs: Iterable[Program]) -> tuple[str, ...]:
        """The files that a command starts with, and those that they import, which no program has as its own code."""
        every = [path for start in starts for path in (*self.repository.remembered(_direct, start)[0], start)]
        return tuple(path for path in dict.fromkeys(every) if not any(one.code(path) for one in programs))

    def parts(self, reached: Reached) -> tuple[Program, ...]:
        """The programs that such files are of, each with what of it is read."""
        found = {one.label: one for path in sorted(reached.paths | reached.perhaps) for one in self._wanted[path]}
        perhaps = {one.label for path in reached.perhaps for one in self._wanted[path]}
        return tuple(
            one.part(reached.paths, closed=reached.closed and one.label not in perhaps) for one in found.values()
        )


def joined(several: Iterable[Reached]) -> Reached:
    """What commands reach that run one after another in one process's environment."""
    found = tuple(several)
    paths = frozenset(path for one in found for path in one.paths)
    perhaps = frozenset(path for one in found for path in one.perhaps)
    return Reached(paths, all(one.closed for one in found), perhaps - paths)


def _reached(
    repository: Repository, starts: tuple[str, ...], wanted: frozenset[str], called: tuple[str, ...]
) -> Reached:
    found = _Spreading(repository, wanted)
    found.take(starts)
    paths = wanted - found.missing
    if found.missing and found.whole:
        found.take(tuple(found.later), more=True)
    perhaps = wanted - found.missing - paths
    if perhaps:
        certain = _Spreading(repository, wanted)
        certain.take(starts)
        certain.call([(path, name) for path in starts for name in called])
        paths = wanted - certain.missing
    return Reached(paths, found.closed and found.whole, perhaps - paths)


class _Spreading:
    """The files that are imported so far, those `missing` of the wanted ones, and what only functions import: `later`.

    `closed` is whether every import is known, `whole` whether there were not too many.
    """

    def __init__(self, repository: Repository, wanted: frozenset[str]) -> None:
        self.repository = repository
        self.missing = set(wanted)
        self.seen: dict[str, None] = {}
        self.later: dict[str, None] = {}
        self.closed = self.whole = True

    def take(self, paths: tuple[str, ...], *, more: bool = False) -> None:
        """Follows files; with `more` what only their functions import, too."""
        pending = [path for path in dict.fromkeys(paths) if path not in self.seen]
        self.seen.update(dict.fromkeys(pending))
        for path in pending:
            self.missing.discard(path)
            if not self.missing or len(self.seen) > _MOST:
                break
            others, called, known = self.repository.remembered(_direct, path)
            self.closed = self.closed and known
            self.later.update(dict.fromkeys(called))
            new = [one for one in dict.fromkeys((*others, *called) if more else others) if one not in self.seen]
            # What is wanted comes first: most programs import their settings in the first files.
            pending += sorted(new, key=lambda other: other not in self.missing)
            self.seen.update(dict.fromkeys(new))
        self.whole = self.whole and len(self.seen) <= _MOST

    def call(self, functions: list[tuple[str, str]]) -> None:
        """Follows functions that are called for certain, and what the files call that are imported."""
        from fr_check.variables.called import TOP, of  # noqa: PLC0415 - only where a function may import what is wanted

        files, known = list(self.seen), set(functions)
        while (functions or files) and self.missing and self.whole and len(known) <= _MOST:
            path, name = functions.pop() if functions else (files.pop(), TOP)
            imports, calls = self.repository.remembered(of, path, name)
            new = [one for one in dict.fromkeys(calls) if one not in known]
            known.update(new)
            functions += new
            before = len(self.seen)
            self.take(imports)
            files += [*self.seen][before:]


def _direct(repository: Repository, path: str) -> tuple[tuple[str, ...], tuple[str, ...], bool]:
    """The files that a file imports, with the packages that they lie in, those that only its functions import.

    And whether those are all.
    """
    text = repository.read(path)
    if not isinstance(text, Text) or text.problems:
        return (), (), False
    (outer, inner), closed = text.parsed(_statements)
    found: dict[str, None] = dict.fromkeys(_packages(repository, path))
    own, closed = files(repository, path, outer, closed=closed)
    called, closed = files(repository, path, inner, closed=closed)
    found.update(dict.fromkeys(own))
    return tuple(found), tuple(one for one in called if one not in found), closed


def files(
    repository: Repository, path: str, statements: Iterable[Statement], *, closed: bool
) -> tuple[list[str], bool]:
    """The files that statements of a file import, and whether those are all."""
    found: list[str] = []
    for module, level, names in statements:
        root = module.partition(".")[0]
        if root and not level and not repository.looked_up(_names, root):
            continue
        others = [*_modules(repository, path, module, level, names)]
        found += others
        closed = closed and (bool(others) or _is_elsewhere(repository, path, module, level))
    return found, closed


def _statements(text: Text) -> tuple[tuple[tuple[Statement, ...], tuple[Statement, ...]], bool]:
    """What a file imports, and what only its functions do, each once: module, dots before it, names of it.

    And whether it may import something else.
    """
    string = text.string
    outer: dict[Statement, None] = {}
    inner: dict[Statement, None] = {}
    if "import" not in string and "wsgi_app" not in string:
        return ((), ()), not _opens(string)
    outer.update(((module, 0, ()), None) for module in (NAMED.findall(string) if NAMED_END.search(string) else ()))
    string = _FOR_TYPES.sub("\n", string) if "TYPE_CHECKING" in string else string
    for statement in matches(IMPORT, string, "import"):
        found = inner if string[statement.start()] in " \t" and _is_in_function(string, statement.start()) else outer
        found.update(dict.fromkeys(_of(statement)))
    return (tuple(outer), tuple(inner)), not _opens(string)


def statements(string: str) -> Iterator[Statement]:
    """What a piece of code imports."""
    for statement in matches(IMPORT, string, "import"):
        yield from _of(statement)


def _of(statement: re.Match[str]) -> Iterator[Statement]:
    if statement["plain"]:
        yield from ((part.split()[0], 0, ()) for part in statement["plain"].split(","))
    else:
        yield statement["module"], len(statement["dots"]), tuple(_NAME.findall(statement["names"] or ""))


def _is_in_function(string: str, start: int) -> bool:
    """Whether the innermost line of fewer blanks before an indented one, and so on, is that of a function."""
    indent = _indent(string, start)
    at = start
    for _ in range(_LINES):
        at = string.rfind("\n", 0, max(at - 1, 0)) + 1 if at > 0 else -1
        if at < 0 or indent == 0:
            return False
        own = _indent(string, at)
        if own < indent and string[at + own : at + own + 1] not in _NO_LINE:
            if _DEF.match(string, at + own):
                return True
            indent = own
        if at == 0:
            return False
    return False


def _indent(string: str, start: int) -> int:
    line = string[start : start + 200]
    return len(line) - len(line.lstrip(" \t"))


def _opens(string: str) -> bool:
    return any(any(piece in string for piece in pieces) and expression.search(string) for pieces, expression in _OPENS)


def _names(repository: Repository) -> dict[str, bool]:
    """What Python files and the folders that they lie in are called: a module of another name is installed."""
    paths = repository.select(ending(".py"))
    return {part: True for path in paths for part in path.removesuffix(".py").split("/")}


def _packages(repository: Repository, path: str) -> Iterator[str]:
    """The package that a module lies in, which is imported before it."""
    folder, _, name = path.rpartition("/")
    folder = folder if name != "__init__.py" else posixpath.dirname(folder)
    package = f"{folder}/__init__.py"
    if folder and repository.has(package):
        yield package


def _modules(repository: Repository, importer: str, module: str, level: int, names: tuple[str, ...]) -> Iterator[str]:
    relative = module.replace(".", "/")
    root = module.partition(".")[0]
    holding = repository.looked_up(_holding, root) if root else None
    for folder in import_folders(importer, level):
        if root and (holding is None or folder not in holding):
            continue
        base = "/".join(part for part in (folder, relative) if part)
        places = [f"{base}.py", f"{base}/__init__.py"]
        places += [place for name in names if base for place in (f"{base}/{name}.py", f"{base}/{name}/__init__.py")]
        found = [path for path in places if repository.has(path)]
        if found:
            yield from found
            return
    if not level and relative:
        yield from _in_workspace(repository, root, relative, names)


def _holding(repository: Repository) -> dict[str, frozenset[str]]:
    """Name of a module, or of a folder with Python files -> the folders that it stands in."""
    found: dict[str, set[str]] = {}
    modules = (path.removesuffix(".py") for path in repository.select(ending(".py")))
    for place in (*_code_folders(repository), *modules):
        folder, _, name = place.rpartition("/")
        found.setdefault(name, set()).add(folder)
    return {name: frozenset(folders) for name, folders in found.items()}


def _in_workspace(repository: Repository, root: str, relative: str, names: tuple[str, ...]) -> Iterator[str]:
    """A module of another project of the workspace: `packages/shared/src/shared`; of several that may be it, none."""
    bases = repository.looked_up(_roots, root) if root not in sys.stdlib_module_names else None
    if bases is None or len(bases) != 1 or not is_searched(repository, bases[0]):
        return
    inner = f"{bases[0]}/{relative}"
    places = [f"{inner}.py", f"{inner}/__init__.py", *(f"{inner}/{name}.py" for name in names)]
    yield from (path for path in places if repository.has(path))


def _is_elsewhere(repository: Repository, importer: str, module: str, level: int) -> bool:
    """Whether a module that was not found is none of the repository's: of the standard library, or installed."""
    root = module.partition(".")[0]
    if level or not root:
        return False
    if root in sys.stdlib_module_names:
        return True
    # A package of which a part is not there: what generates it is not known.
    if repository.looked_up(_roots, root) is not None:
        return False
    return not any(repository.looked_up(_code_folders, folder) for folder in _below(importer, root))


def _below(importer: str, root: str) -> list[str]:
    return [f"{folder}/{root}" if folder else root for folder in import_folders(importer, 0)]


def _roots(repository: Repository) -> dict[str, tuple[str, ...]]:
    """Name of a module -> the folders that may be on Python's path for it."""
    found: dict[str, dict[str, None]] = {}
    for path in repository.select(ending(".py")):
        folder, _, name = path.rpartition("/")
        outer, _, package = folder.rpartition("/")
        if name == "__init__.py" and package and not repository.has(f"{outer}/__init__.py" if outer else name):
            found.setdefault(package, {})[outer] = None
        elif name != "__init__.py" and not repository.has(posixpath.join(posixpath.dirname(path), "__init__.py")):
            found.setdefault(name.removesuffix(".py"), {})[posixpath.dirname(path)] = None
    return {name: tuple(several) for name, several in found.items()}


def _code_folders(repository: Repository) -> dict[str, bool]:
    """Every folder with Python files, itself or below it."""
    folders: dict[str, bool] = {}
    for path in repository.select(ending(".py")):
        folder = posixpath.dirname(path)
        while folder and folder not in folders:
            folders[folder] = True
            folder = posixpath.dirname(folder)
    return folders
