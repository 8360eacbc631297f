"""Which coverage files are judged: those named, else those configured, else those found where runs leave them."""

from __future__ import annotations

import posixpath

from fr_check.core.model import Location
from fr_check.core.patterns import pattern
from fr_check.core.record import NamedTuple
from fr_check.core.repository import Missing, Unreadable
from fr_check.coverage_gate.measured.model import Absent
from fr_check.policy.coverage_gate import Coverage
from fr_check.repository.artifacts import find_artifacts, list_folder, locate, read_artifact, read_named

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from fr_check.core.context import Context
    from fr_check.core.repository import Repository

# Where a file's name comes from. What was found is judged if it is fresh; what was asked for must be there.
NAMED = "named"
CONFIGURED = "configured"
FOUND = "found"

# A folder with one of these is a component: tests run there, and data made there is relative to it.
_MANIFESTS = frozenset(
    {"pyproject.toml", "setup.cfg", "setup.py", ".coveragerc", "package.json", "go.mod", "Cargo.toml"}
)
_DEEPEST = 4
# Whole small projects stand here too, as test data: what lies in them is an example.
_NO_COMPONENT = frozenset({"node_modules", "test", "tests", "__tests__", "fixtures", "__fixtures__", "testdata"})
_NO_COMPONENT |= {"test-fixtures", "test_fixtures", "testfixtures", "test_data"}
# What runs leave, most telling first; the first that is fresh is judged, the others of the folder are beside it.
_USUAL = (
    pattern(r"coverage(?:-[\w.-]+)?\.lcov|lcov(?:-[\w.-]+)?\.info|coverage/lcov\.info"),
    pattern(r"coverage(?:-[\w.-]+)?\.xml|cobertura\.xml|coverage/cobertura-coverage\.xml"),
    pattern(r"coverage\.json"),
    pattern(r"(?:coverage/)?coverage-final\.json"),
    pattern(r"(?:coverage/)?coverage-summary\.json"),
    pattern(r"\.coverage(?:\.(?!toml$)[\w.-]+)?"),
)


# A glob of the policy, its key there, and the folder that names in such files start from.
_Pattern = tuple[str, tuple[str | int, ...], str]


class Input(NamedTuple):
    """One coverage file as read. `tracked`: git holds it or would add it, so others see it too.

    `rank` orders the formats of one folder, most telling first; `folder` is the component it lies in, `base` the folder
    its names start from, where the policy says so.
    """

    path: str
    origin: str
    data: bytes
    folder: str = ""
    tracked: bool = False
    rank: int = 0
    base: str = ""


class Collected(NamedTuple):
    """What there is to judge, and what was asked for in vain."""

    inputs: tuple[Input, ...]
    absent: tuple[Absent, ...]


def component_folders(repository: Repository, named: Iterable[str] = ()) -> tuple[str, ...]:
    """The folders with a manifest, at most four deep, and those `named`; the root ("") always among them; sorted."""
    folders = {"", *named}
    folders.update(path.rpartition("/")[0] for path in repository.select(_is_manifest))
    return tuple(sorted(folders))


def _is_manifest(path: str) -> bool:
    folder, _, name = path.rpartition("/")
    return name in _MANIFESTS and folder.count("/") < _DEEPEST and _NO_COMPONENT.isdisjoint(folder.split("/"))


def folder_of(path: str, folders: Iterable[str]) -> str:
    """The deepest of `folders` that a path lies in."""
    return max((one for one in folders if not one or path.startswith(f"{one}/")), key=len, default="")


def collect(context: Context, folders: tuple[str, ...], place: Callable[..., Location]) -> Collected:
    """Reads the coverage files of a run; `place` tells where a key of the policy is written."""
    repository, policy = context.repository, context.config.of(Coverage)
    if context.options.reports:
        return _named(context, folders)
    patterns = _configured(policy)
    if patterns:
        return _matching(repository, patterns, folders, place)
    return _found(repository, folders)


def _named(context: Context, folders: tuple[str, ...]) -> Collected:
    inputs: list[Input] = []
    absent: list[Absent] = []
    for name in context.options.reports:
        path = locate(context.repository, name)
        data = read_named(context.repository, path)
        if isinstance(data, bytes):
            inputs.append(Input(path, NAMED, data, folder_of(path, folders)))
        else:
            absent.append(Absent(name, NAMED, Location(path), data if isinstance(data, Unreadable) else None))
    return Collected(tuple(inputs), tuple(absent))


def _configured(policy: Coverage) -> tuple[_Pattern, ...]:
    """Patterns of the policy, each with its key below `coverage` and the folder its names start from, if known."""
    own = [(glob, ("data", index), "") for index, glob in enumerate(policy.data)]
    parts = [
        (glob, ("components", number, "data", index), one.path.strip("/"))
        for number, one in enumerate(policy.components)
        for index, glob in enumerate(one.data)
    ]
    return (*own, *parts)


def _matching(
    repository: Repository, patterns: tuple[_Pattern, ...], folders: tuple[str, ...], place: Callable[..., Location]
) -> Collected:
    inputs: dict[str, Input] = {}
    absent: list[Absent] = []
    for glob, keys, base in patterns:
        paths = find_artifacts(repository, glob) or (glob,)
        for path in paths:
            data = read_artifact(repository, path)
            if isinstance(data, bytes):
                inputs[path] = Input(path, CONFIGURED, data, folder_of(path, folders), base=base)
            else:
                unreadable = data if isinstance(data, Unreadable) else None
                absent.append(Absent(path, CONFIGURED, place(*keys), unreadable))
    return Collected(tuple(inputs.values()), tuple(absent))


def _found(repository: Repository, folders: tuple[str, ...]) -> Collected:
    inputs = []
    for folder in folders:
        names = list_folder(repository, folder)
        below = list_folder(repository, posixpath.join(folder, "coverage"))
        for name in (*names, *(f"coverage/{name}" for name in below)):
            likely = "cov" in name or "cobertura" in name
            rank = next((rank for rank, usual in enumerate(_USUAL) if usual.fullmatch(name)), None) if likely else None
            path = posixpath.join(folder, name)
            data = Missing(path) if rank is None else read_artifact(repository, path)
            if rank is not None and isinstance(data, bytes):
                inputs.append(Input(path, FOUND, data, folder, repository.has(path), rank))
    return Collected(tuple(inputs), ())
