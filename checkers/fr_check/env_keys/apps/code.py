"""Code that reads the environment without pydantic-settings: Python's own ways and libraries, scripts on a server.

An example belongs to the code that it is the nearest to. Where no settings have it, the variables that this code reads
are what is compared with it.
"""

from __future__ import annotations

from fr_check.core.names import among
from fr_check.core.patterns import pattern
from fr_check.core.record import NamedTuple
from fr_check.core.repository import SOURCE_LIMIT
from fr_check.core.text import Text
from fr_check.env_keys.apps import helpers
from fr_check.env_keys.apps.model import Read
from fr_check.env_keys.apps.search import has_trigger
from fr_check.sources import javascript, python_reads
from fr_check.sources.javascript.paths import SUFFIXES
from fr_check.variables.backends import examples
from fr_check.variables.backends.classes import is_aside
from fr_check.variables.wellknown import is_well_known

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from fr_check.core.repository import Repository
    from fr_check.env_keys.apps.model import App
    from fr_check.env_keys.apps.reading import Reader
    from fr_check.variables.backends.examples import Choice

_PROCESS = "process.env"
# What developers run by hand.
_TOOLS = pattern(r"(?:^|/)(?:dev|tools|hack|contrib|ci|\.github|\.circleci)/")
_SCRIPTS_FOLDER = pattern(r"(?:^|/)scripts?/")
# Not part of what is started on a server.
_SCRIPTS_ASIDE = pattern(
    r"(?:^|/)(?:node_modules|\.next|dist|build|out|coverage|public|cypress|playwright|__mocks__|__tests__|spec|storybook"
    r"|\.storybook)/|\.(?:test|spec|stories|d|config|setup|mock)\.\w+$|\.min\.js$"
)
# What a bundler builds into pages: their way is followed by dockerfile-args.
PUBLIC = ("NEXT_PUBLIC_", "VITE_", "REACT_APP_", "PUBLIC_", "NUXT_PUBLIC_", "EXPO_PUBLIC_", "GATSBY_", "VUE_APP_")


def _is_code(path: str) -> bool:
    """Whether a file is part of an application, or may be in a small project, by its name."""
    if path.endswith(".py"):
        return not is_aside(_SCRIPTS_FOLDER.sub("/", path))
    return path.endswith(SUFFIXES) and not is_aside(path) and not _SCRIPTS_ASIDE.search(path)


class _Groups(NamedTuple):
    """Source files by the examples that are the nearest to each, or that stand beside; plain values."""

    python: dict[tuple[str, ...], tuple[str, ...]]
    scripts: dict[tuple[str, ...], tuple[str, ...]]
    # A small project may have all of its code in scripts/, and its example in docker/.
    in_scripts: dict[tuple[str, ...], tuple[str, ...]]
    below: dict[tuple[str, ...], tuple[str, ...]]
    scripts_below: dict[tuple[str, ...], tuple[str, ...]]


def _grouped(repository: Repository) -> tuple[dict[tuple[str, ...], tuple[str, ...]], ...]:
    """The fields of `_Groups`."""
    found = examples.Examples(repository.select(examples.may_be_one))
    python, scripts, in_scripts, below, scripts_below = (dict[tuple[str, ...], list[str]]() for _ in _Groups._fields)
    near: dict[str, tuple[tuple[str, ...], tuple[str, ...]]] = {}
    for path in repository.select(_is_code):
        folder = path.rpartition("/")[0]
        if folder not in near:
            near[folder] = (found.nearest(path), found.beside(path))
        nearest, beside = near[folder]
        if not path.endswith(".py"):
            groups = (scripts, scripts_below)
        elif is_aside(path) or _TOOLS.search(path):
            if _SCRIPTS_FOLDER.search(path):
                in_scripts.setdefault(nearest, []).append(path)
            continue
        else:
            groups = (python, below)
        groups[0].setdefault(nearest, []).append(path)
        if beside:
            groups[1].setdefault(beside, []).append(path)
    every = (python, scripts, in_scripts, below, scripts_below)
    return tuple({key: tuple(paths) for key, paths in group.items()} for group in every)


class Code:
    """The source files of a repository, by the folder of the example that is the nearest to each."""

    def __init__(self, repository: Repository) -> None:
        self.repository = repository
        groups = _Groups(*repository.remembered(_grouped))
        self.python = {near: [*paths] for near, paths in groups.python.items()}
        self.scripts = {near: [*paths] for near, paths in groups.scripts.items()}
        self._in_scripts, self._below, self._scripts_below = groups.in_scripts, groups.below, groups.scripts_below
        self._complete: set[tuple[str, ...]] = set()
        self._why: dict[tuple[str, ...], str] = {}

    def python_of(self, example: str) -> Iterator[str]:
        """The Python files that an example, or one beside it, is the nearest to."""
        every = dict.fromkeys((*self._below, *self.python, *self._in_scripts))
        return (path for near in every if example in near for path in self._python(near))

    def scripts_of(self, example: str) -> Iterator[str]:
        """The scripts that an example, or one beside it, is the nearest to."""
        for near in (*self._scripts_below,):
            if example in near:
                self._python(near)
        return (path for near, paths in self.scripts.items() if example in near for path in paths)

    def choices(self, taken: Iterable[str]) -> Iterator[Choice]:
        """The examples that some code is near to which reads the environment, without those `taken` and beside them."""
        done = set(taken)
        every = (*self._below, *self._scripts_below, *self.python, *self.scripts, *self._in_scripts)
        for near in dict.fromkeys(every):
            if not near or not done.isdisjoint(near) or is_aside(f"{near[0]}x"):
                continue
            reads = self._names(self._python(near)) or self._read_by_scripts(self.scripts.get(near, ()))
            choice = examples.choose(near, near[0], self._shares(near, reads)) if reads else None
            if choice is not None and not self._is_for_compose(choice.path):
                done.update(near)
                yield choice._replace(why=self._why.get(near, choice.why))

    def _is_for_compose(self, path: str) -> bool:
        """Whether it is a committed `.env` with nothing but what Compose and other software reads itself."""
        text = self.repository.read(path) if examples.is_committed(path) else None
        return isinstance(text, Text) and all(map(is_well_known, examples.names_in(text.string)))

    def _python(self, near: tuple[str, ...]) -> list[str]:
        """The Python files of some examples, with those that an example gets where it has no others."""
        if near not in self._complete:
            self._complete.add(near)
            self._adopt(near)
            if near in self._in_scripts and near not in self.scripts and not self._names(self.python.get(near, ())):
                folder = near[0].rpartition("/")[0]
                beside = [path for path in self._in_scripts[near] if _SCRIPTS_FOLDER.match(path, len(folder))]
                self.python.setdefault(near, []).extend(beside)
        return self.python.get(near, [])

    def _adopt(self, near: tuple[str, ...]) -> None:
        """Gives an example that stands beside code that code, where it reads a good part of what is documented."""
        scripts = self._scripts_below.get(near, ())
        reads = self._names(self._below.get(near, ())) or self._read_by_scripts(scripts)
        best = max(self._shares(near, reads).items(), key=lambda pair: pair[1], default=("", 0)) if reads else ("", 0)
        text = self.repository.read(best[0]) if best[1] else None
        if isinstance(text, Text) and examples.fits(best[1], len(examples.names_in(text.string))):
            self.python.setdefault(near, []).extend(self._below.get(near, ()))
            self.scripts.setdefault(near, []).extend(scripts)
            self._why[near] = "code reads what it documents, and no example stands at or above that code"

    def _shares(self, near: tuple[str, ...], names: set[str]) -> dict[str, int]:
        texts = {path: self.repository.read(path) for path in near}
        return {
            path: len(names & examples.names_in(text.string)) for path, text in texts.items() if isinstance(text, Text)
        }

    def _read_by_scripts(self, paths: Iterable[str]) -> set[str]:
        return {read.key for path in paths for read in script_reads(self.repository, path)}

    def _names(self, paths: Iterable[str]) -> set[str]:
        """Some names that Python code reads; enough to know that there is any, and to compare examples by."""
        names: set[str] = set()
        paths = tuple(paths)
        with_helpers: list[str] = []
        for path in paths:
            text = self.repository.read(path)
            if isinstance(text, Text) and not text.problems and text.parsed(has_trigger):
                found = self.repository.parse(path, python_reads.parse)
                if isinstance(found, python_reads.PythonReads):
                    names.update(read.key for read in found.reads)
                    with_helpers += [path] if found.helpers else []
        if with_helpers:
            called = helpers.reads(
                self.repository, among(frozenset(paths)), helpers.names(self.repository, with_helpers)
            )
            names.update(read.key for read in called)
        return names


def script_reads(repository: Repository, path: str) -> Iterator[Read]:
    """The variables that a script takes from `process.env`, without those that a bundler builds into pages."""
    if javascript.role(path) != "source" or not repository.scan(path, _names_process):
        return
    text = repository.read(path)
    if not isinstance(text, Text) or not text.whole:
        return
    for read in text.parsed(javascript.parse).reads:
        if read.name and read.object == javascript.PROCESS and not read.name.startswith(PUBLIC):
            yield Read(read.name, _PROCESS, bool(read.handled) or read.optional, text.at(read.span))


def _names_process(data: bytes) -> bool:
    return len(data) <= SOURCE_LIMIT and _PROCESS.encode() in data


def choices(repository: Repository, taken: frozenset[str]) -> tuple[Choice, ...]:
    """The examples that some code is near to which reads the environment, without those `taken` and beside them."""
    return tuple(examples.Choice(*found) for found in repository.remembered(_choices, taken))


def _choices(repository: Repository, taken: frozenset[str]) -> tuple[tuple[str, str, tuple[str, ...]], ...]:
    return tuple((found.path, found.why, found.others) for found in Code(repository).choices(taken))


def python_of(repository: Repository, given: tuple[str, ...]) -> tuple[str, ...]:
    """The Python files that some examples, or others beside them, are the nearest to."""
    code = Code(repository)
    return tuple(path for example in given for path in code.python_of(example))


def _scripts_of(repository: Repository, given: tuple[str, ...]) -> tuple[str, ...]:
    """The scripts that take something of the process, of those that some examples are the nearest to."""
    code = Code(repository)
    paths = dict.fromkeys(path for example in given for path in code.scripts_of(example))
    return tuple(path for path in paths if repository.scan(path, _names_process))


def find_script_reads(reader: Reader, app: App) -> None:
    """Fills `app.script_reads` from the code that the app's examples are the nearest to."""
    paths = reader.repository.remembered(_scripts_of, tuple(source.text.path for source in app.examples))
    app.script_reads = tuple(read for path in paths for read in script_reads(reader.repository, path))
