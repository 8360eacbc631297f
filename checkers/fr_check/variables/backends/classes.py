"""Finds the files that hold settings: classes that descend, through the repository's imports, from BaseSettings.

A text filter goes over every Python file once and takes note of the names in the heads of its classes; only the few
files with one that may descend from BaseSettings are parsed. The filter lets through more than the grammar does, never
less: a name that stands for another (`import Base as B`, `B = Base`) leads on like the name itself.
"""

from __future__ import annotations

import re
from functools import lru_cache

from fr_check.core.model import Problem
from fr_check.core.names import holding
from fr_check.core.patterns import pattern
from fr_check.core.record import NamedTuple
from fr_check.core.text import Text
from fr_check.sources import settings
from fr_check.variables.backends.imports import resolver

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from fr_check.core.repository import Repository

_ROOT = "BaseSettings"
# Where this tool's own kind of project keeps them: what cannot be read there is not passed over.
STANDARD = "apps/backend/src/config.py"
_ASIDE = frozenset((
    "test", "tests", "testing", "doc", "docs", "documentation", "example", "examples", "sample", "samples", "script",
    "scripts", "migration", "migrations", "alembic", "benchmark", "benchmarks", "demo", "demos", "e2e", "fixtures",
    "node_modules", "vendor", "third_party", "site-packages",
))  # fmt: skip
_FILE_WORDS = frozenset((
    "test", "tests", "conftest", "example", "examples", "sample", "samples", "demo", "benchmark", "benchmarks",
))  # fmt: skip
_TESTS = frozenset(("test", "tests", "testing"))
_PARTS = pattern(r"[-_.]")
# From `class Name(` to the `):` behind its bases.
_HEAD = pattern(rb"class\s+\w+\s*[\[(]((?:[^)]*\))+?)[\s\\]*:")
_IDENTIFIER = pattern(rb"[A-Za-z_]\w*")
# `import Base as B`, `B = base.Base`: what is looked for first is rare, and what stands before it is read backwards.
_RENAMED = pattern(rb" as\s+(\w+)")
_ASSIGNED = pattern(rb"=[ \t]*([A-Za-z_][\w.]*)[ \t]*(?:[\n\r#]|\Z)")
_NO_WORD = pattern(rb"\W+")
_LONGEST_NAME = 80
_LIKELY = pattern(r"^[ \t]*class\s+\w+\s*\([^\n]*BaseSettings", re.MULTILINE)
_UTF_16 = "BaseSettings".encode("utf-16-le")[1:-1]
_TEMPLATED = pattern(r"\{\{|\{%")


class SettingsText(NamedTuple):
    """A file that holds settings, as text and as what it says; `fields` is how many variables' fields it has."""

    text: Text
    content: settings.SettingsFile
    fields: int


class Backends(NamedTuple):
    """The files with settings; those that look like some and are a template of a project, or no text."""

    files: tuple[SettingsText, ...]
    templated: tuple[str, ...] = ()
    unread: tuple[Text, ...] = ()


def find(repository: Repository) -> Backends:
    """Every file outside of tests, documentation, examples and the like with a settings class that has a field."""
    project = settings.Project(resolver(repository))
    readable: dict[str, Text] = {}
    templated: list[str] = []
    unread: list[Text] = []
    for path in _reached(repository, project):
        text = repository.read(path)
        if not isinstance(text, Text):
            continue
        if text.problems:
            unread.append(text)
            continue
        broken = isinstance(project.module(text), Problem)
        if (broken and not _LIKELY.search(text.string)) or not (broken or _may_hold(project, text)):
            continue
        if "{{" in path or (broken and _TEMPLATED.search(text.string)):
            templated.append(path)
        else:
            readable[path] = text
    # After all of them are resolved: a class that another file extends is only a base.
    read = ((text, project.read(text)) for _, text in sorted(readable.items()))
    files = (SettingsText(text, content, _fields(content)) for text, content in read)
    return Backends(tuple(filter(_counts, files)), tuple(templated), tuple(unread))


def _may_hold(project: settings.Project, text: Text) -> bool:
    """Whether a class descends from BaseSettings, or a call may make one that does."""
    return text.path == STANDARD or "create_model" in text.string or bool(project.descendants(text))


def _counts(found: SettingsText) -> bool:
    """Whether a file has a field, or holds settings of which no field is known."""
    classes = found.content.classes
    computed = any(fault.computed for one in classes for fault in one.unresolved)
    unknown = found.text.path == STANDARD and any(not one.complete for one in classes)
    return bool(found.fields or found.content.problems) or computed or unknown


def _fields(content: settings.SettingsFile) -> int:
    return sum(len(found.settings) + len(found.untyped) for found in content.classes)


def is_aside(path: str) -> bool:
    """Whether a file belongs to tests, documentation, examples, samples, scripts, migrations, benchmarks or demos."""
    folder, _, name = path.lower().rpartition("/")
    if _is_folder_aside(folder):
        return True
    words = name.removesuffix(".py").split("_")
    return words[0] in _FILE_WORDS or words[-1] in _FILE_WORDS


# Many files stand in few folders.
@lru_cache(maxsize=8192)
def _is_folder_aside(folder: str) -> bool:
    folders = folder.split("/")
    return not _ASIDE.isdisjoint(folders) or any(not _TESTS.isdisjoint(_PARTS.split(part)) for part in folders)


def is_candidate(path: str) -> bool:
    """Whether a Python file may hold settings, by its name."""
    return path.endswith(".py") and not is_aside(path)


def _reached(repository: Repository, project: settings.Project) -> Iterator[str]:
    """Files that may hold settings, each once; the classes of one that does lead on to those that extend them."""
    rooted = repository.remembered(_rooted)
    waiting = [_ROOT.encode()]
    names: set[bytes] = set()
    aliases: dict[bytes, tuple[bytes, ...]] = {}
    paths = set(rooted)
    for path in rooted:
        yield path
        waiting += _classes(repository, project, path)
    while waiting:
        name = waiting.pop()
        if name in names:
            continue
        names.add(name)
        if rooted and name not in aliases:
            # Those of all that wait at once: each question goes through all files.
            aliases.update(repository.remembered(_aliases_of, frozenset((name, *waiting)).difference(aliases)))
        waiting += aliases.get(name, ())
        for path in repository.remembered(_extending, name):
            if path in paths:
                continue
            paths.add(path)
            yield path
            waiting += _classes(repository, project, path)


def _rooted(repository: Repository) -> tuple[str, ...]:
    """The files that name BaseSettings; the one whose base may be any name comes last, when all names are known."""
    heads = repository.search(is_candidate, _heads)
    found = {path for path, head in heads.items() if head and head[0]}
    found.update((STANDARD,) if repository.has(STANDARD) else ())
    return tuple(sorted(found, key=lambda path: (path == STANDARD, path)))


def _extending(repository: Repository, name: bytes) -> tuple[str, ...]:
    """The files in which a class may extend one of this name."""
    heads = repository.search(is_candidate, _heads)
    return tuple(path for path, head in heads.items() if head and name in head[1])


def _aliases_of(repository: Repository, names: frozenset[bytes]) -> dict[bytes, tuple[bytes, ...]]:
    """What may stand for each of some names."""
    found: dict[bytes, dict[bytes, None]] = {name: {} for name in names}
    for aliases in repository.search(is_candidate, _aliasing(names)).values():
        for name, alias in aliases or ():
            found[name][alias] = None
    return {name: tuple(several) for name, several in found.items()}


def _classes(repository: Repository, project: settings.Project, path: str) -> list[bytes]:
    text = repository.read(path)
    found = project.descendants(text) if isinstance(text, Text) and not text.problems else ()
    return [info.node.name.encode() for info in found]


def _heads(data: bytes) -> tuple[bool, frozenset[bytes]] | tuple[()]:
    """Whether a file names BaseSettings, and the names in the heads of its classes; nothing for neither."""
    wide = data[:2] in {b"\xff\xfe", b"\xfe\xff"}
    rooted = _ROOT.encode() in data or (wide and _UTF_16 in data)
    heads = _HEAD.findall(data) if b"class" in data else ()
    words = frozenset(word for head in heads for word in _IDENTIFIER.findall(head))
    return (rooted, words) if rooted or words else ()


@lru_cache(maxsize=256)
def _aliasing(names: frozenset[bytes]) -> Callable[[bytes], tuple[tuple[bytes, bytes], ...]]:
    """Names and what a file lets stand for them: most files hold none of them."""
    holds = holding(names)

    def aliases(data: bytes) -> tuple[tuple[bytes, bytes], ...]:
        return tuple(pair for pair in _aliases(data) if pair[0] in names) if holds(data) else ()

    return aliases


def _aliases(data: bytes) -> tuple[tuple[bytes, bytes], ...]:
    """Names and what may stand for them."""
    renamed = ((_word_before(data, found.start()), found[1]) for found in _RENAMED.finditer(data))
    assigned = ((found[1].rpartition(b".")[2], _word_before(data, found.start())) for found in _ASSIGNED.finditer(data))
    pairs = dict.fromkeys((*renamed, *assigned))
    return tuple((name, alias) for name, alias in pairs if name and alias and name != alias)


def _word_before(data: bytes, end: int) -> bytes:
    return _NO_WORD.split(data[max(0, end - _LONGEST_NAME) : end].rstrip(b" \t"))[-1]
