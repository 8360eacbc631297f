"""Who else takes a variable: reads in the backend's own code, and consumers of keys the settings do not know."""

from __future__ import annotations

from fnmatch import fnmatchcase
from functools import cache

from fr_check.core.patterns import pattern
from fr_check.core.record import NamedTuple
from fr_check.core.text import Text
from fr_check.env_keys.apps.model import Read, Use
from fr_check.env_keys.apps.search import Search, has_trigger
from fr_check.sources import python_reads
from fr_check.variables.wellknown import is_well_known

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence

    from fr_check.core.model import Location
    from fr_check.core.repository import Repository, Unreadable
    from fr_check.env_keys.apps.model import App

# Folders below a backend that hold no part of the running application.
_ASIDE = frozenset((
    "test", "tests", "testing", "migrations", "alembic", "scripts", "tools", "docs", "example", "examples",
    "benchmarks",
))  # fmt: skip
_REFERENCE = pattern(r"\$\{?([A-Za-z_]\w*)")
_MOST_STEPS = 10
_KINDS = {"process.env": "frontend"}


def backend_files(settings: Iterable[str], repository: Repository) -> Callable[[str], bool]:
    """Whether a file is Python of the application that some settings files belong to; not its tests and tools."""
    return _of_application(frozenset(_top_package(path, repository) for path in settings))


@cache
def _of_application(roots: frozenset[str]) -> Callable[[str], bool]:
    """Whether a path is a Python file below one of some folders, and there no test and no tool."""

    def wanted(path: str) -> bool:
        if not path.endswith(".py"):
            return False
        start = max((len(root) for root in roots if path.startswith(root)), default=-1)
        return start >= 0 and not _is_aside(path[start:])

    return wanted


def find_reads(app: App, repository: Repository) -> None:
    """Fills `app.reads`: those in the application's code outside the settings; and those whose key is not known."""
    own = {source.text.path for source in app.settings_files}
    reads: list[Read] = []
    dynamic: list[Location] = []
    patterns: list[Use] = []
    app.open_reads = False
    with_helpers: list[str] = []
    for path in repository.texts_with(app.code, has_trigger):
        text = repository.read(path)
        if not isinstance(text, Text) or text.problems:
            continue
        found = repository.parse(path, python_reads.parse)
        if isinstance(found, python_reads.PythonReads):
            reads += (_read(text, read) for read in found.reads if read.only != python_reads.REMOVES)
            dynamic += (text.at(span) for span in found.dynamic if path not in own)
            patterns += (Use(key, "Python code", text.at(span)) for key, span in found.patterns)
            app.open_reads = app.open_reads or found.open
            with_helpers += [path] if found.helpers else []
    if with_helpers:
        from fr_check.env_keys.apps import helpers  # noqa: PLC0415 - few projects have any

        reads += helpers.reads(repository, app.code, helpers.names(repository, with_helpers))
    app.reads, app.dynamic_reads, app.read_patterns = tuple(reads), tuple(dynamic), tuple(patterns)


def _read(text: Text, read: python_reads.EnvRead) -> Read:
    where, sets = text.at(read.span), read.only == python_reads.SETS
    return Read(read.key, read.call, read.optional, where, read.conditional, read.others, sets, read.default)


def replaced(app: App, reads: Iterable[Read]) -> str:
    """A documented variable that does as well as one that is read so; empty where a read has no such other."""
    others = [next((name for name in read.others if _is_documented(app, name)), "") for read in reads]
    return others[0] if others and all(others) else ""


def _is_documented(app: App, name: str) -> bool:
    return name in app.documented or name.upper() in app.commented


def _is_aside(path: str) -> bool:
    *folders, name = path.split("/")
    is_test = name == "conftest.py" or name.startswith("test_") or name.endswith("_test.py")
    return is_test or not _ASIDE.isdisjoint(folders)


def _top_package(path: str, repository: Repository) -> str:
    """The folder of the outermost package that a file belongs to, with a slash at its end; empty for the root."""
    folder = path.rpartition("/")[0]
    while "/" in folder and repository.has(f"{folder.rpartition('/')[0]}/__init__.py"):
        folder = folder.rpartition("/")[0]
    return f"{folder}/" if folder else ""


class Uses(NamedTuple):
    """Who takes the keys that apps document or render and that fill no setting; keys nobody takes are not in `taken`.

    `unread` are files that might take one of the others and could not be read; `quoted` are keys that code has as a
    text, with its file: what it hands them to may read them.
    """

    taken: dict[str, Use]
    unread: tuple[Unreadable | Text, ...]
    quoted: dict[str, str]


def uses(apps: Sequence[App], repository: Repository) -> Uses:
    """Looks for whoever takes a key."""
    wanted = {key for app in apps for key in (*app.documented, *app.rendered)}
    wanted = {key for key in wanted if not any(app.takers(key) for app in apps)}
    reads = [read for app in apps for read in (*app.script_reads[::-1], *app.reads[::-1]) if read.key in wanted]
    found = {read.key: Use(read.key, _KINDS.get(read.call, "Python code"), read.location) for read in reads}
    found |= {
        key: use._replace(key=key)
        for app in apps
        for use in app.read_patterns
        for key in wanted
        if fnmatchcase(key, use.key)
    }
    wanted -= set(found)
    own = {source.text.path for app in apps for source in app.examples}
    own |= {source.text.path for app in apps for source in app.templates}
    understood = (source.text.path for app in apps for source in app.settings_files)
    search = Search(repository, wanted, own, understood, (key for app in apps for key in app.rendered))
    if wanted:
        search.everywhere()
    if search.wanted:
        search.files(path for app in apps for path in _neighbours(app, repository))
    found.update(search.found)
    for app in apps:
        _interpolated(app, search.wanted, found)
    doubtful = any(not is_well_known(key) for key in search.wanted if key not in found)
    return Uses({**search.declared, **found}, tuple(search.unread) if doubtful else (), search.quoted)


def _interpolated(app: App, wanted: Iterable[str], found: dict[str, Use]) -> None:
    """Adds keys that the value of another key is put together of, `URL=pg://${USER}@db`, where somebody takes that one.

    python-dotenv and Compose put them in.
    """
    left = set(wanted)
    for _ in range(_MOST_STEPS):
        taken = [one for key, one in app.documented.items() if key in found or app.takers(key) or is_well_known(key)]
        more = {
            name: Use(name, "example", one.location)
            for one in taken
            if one.binding.value is not None
            for name in _REFERENCE.findall(one.binding.value.reveal())
            if name in left
        }
        if not more:
            return
        found.update(more)
        left -= more.keys()


def _neighbours(app: App, repository: Repository) -> Iterator[str]:
    """Files beside a template in a submodule: the compose file that starts what reads the rendered secrets."""
    for source in app.templates:
        gitlink = repository.gitlink_above(source.text.path)
        names = repository.subtree(gitlink) if gitlink is not None else ()
        folder = f"{source.text.path.rpartition('/')[0]}/"
        yield from (name for name in names if isinstance(name, str) and name.startswith(folder))


def required_read(reads: Iterable[Read]) -> Read | None:
    """Of the reads of one variable, one that fails without it; none in a file that asks first whether it is there."""
    reads = tuple(reads)
    asked = {read.location.path for read in reads if read.optional}
    failing = (read for read in reads if not (read.optional or read.conditional))
    return next((read for read in failing if read.location.path not in asked), None)
