"""Which compose files a repository holds, and which of them are used together."""

from __future__ import annotations

import posixpath

from fr_check.builds.collected import ComposeSets, Lacking
from fr_check.builds.env_texts import EnvTexts
from fr_check.builds.model import NAME, FileSet, is_made_from, is_sample
from fr_check.builds.parsed import ParsedFiles
from fr_check.core.model import Skipped, Unknown
from fr_check.core.patterns import pattern
from fr_check.core.text import Text
from fr_check.sources import compose, compose_project
from fr_check.sources.build_context import inside
from fr_check.sources.docker_uses import files_of_variable

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from fr_check.core.model import Location
    from fr_check.core.repository import Repository
    from fr_check.sources.compose import ComposeFile

FILE_LIMIT = 2_000
_NAMED_FILES = pattern(r"\bCOMPOSE_FILE\b(?=[ \t]*[=:])")

# `deploy-docker-compose.yml` is a workflow there, whatever its name.
_WORKFLOWS = (".github/", ".gitea/", ".forgejo/", ".circleci/")


def is_compose_name(path: str) -> bool:
    """Whether a file is a compose file by its name: `docker-compose.prod.yml`, `compose.yaml`, `app.compose.yml`."""
    if not path.endswith((".yml", ".yaml")):
        return False
    words = path.rpartition("/")[2].replace("-", ".").split(".")[:-1]
    return any(word == "compose" or word.startswith("compose_") for word in words)


def load(repository: Repository, used: Iterable[FileSet]) -> ComposeSets:
    """Reads every compose file of a repository; `used` are the sets that workflows and tasks name."""
    reader = _Reader(repository)
    named = repository.select(is_compose_name)
    judged = (path for path in named if not (is_sample(path) or is_made_from(path) or path.startswith(_WORKFLOWS)))
    candidates = [*judged][:FILE_LIMIT]
    for path in candidates:
        reader.file(path)
    found = _defaults(candidates)
    own = {folder: FileSet(files) for folder, files in found.items()} | dict(_of_variable(repository, reader))
    named_sets = (item if item.files else _completed(item, found, reader) for item in used)
    explicit = [item for item in dict.fromkeys(named_sets) if item.files and reader.has_all(item)]
    defaults = {folder: item.files for folder, item in own.items()}
    sets = dict.fromkeys([*explicit, *_implied(candidates, explicit, own, reader)])
    projects = tuple(
        compose_project.merge_files(item.files, reader.file, item.directory, item.scope, reader.texts.values)._replace(
            missing=item.missing
        )
        for item in sets
    )
    for gap in dict.fromkeys(gap for project in projects for gap in project.gaps):
        path = gap.location.path
        help_text = "mend the path, or check with that file present"
        reader.unknowns.append(
            Unknown(NAME, "unresolved-compose-file", path, f"`{path}`: {gap.message}", help_text, gap.location)
        )
    told = (tuple(reader.unknowns), tuple(reader.skipped), tuple(reader.lacking.values()))
    started = frozenset(path for item in (*explicit, *own.values()) for path in item.files)
    return ComposeSets(projects, reader.files, defaults, *told, started)


class _Reader(ParsedFiles):
    def __init__(self, repository: Repository) -> None:
        super().__init__(repository, "compose file")
        self.texts = EnvTexts(repository)
        self.files: dict[str, ComposeFile] = {}
        self.skipped: list[Skipped] = []
        self.lacking: dict[str, Lacking] = {}

    def file(self, path: str) -> ComposeFile | None:
        return self.taken(path, compose.parse, self.files)

    def has_all(self, item: FileSet) -> bool:
        """Whether all files of a set can be read; notes those that are not there."""
        there = [not is_made_from(path) and self.file(path) is not None for path in item.files]
        for path in item.files if any(there) else ():
            self.lacks(path, None)
        return all(there)

    def lacks(self, path: str, location: Location | None) -> bool:
        """Whether a file that is named is not in the repository; notes it, with where it is named."""
        absent = not self.repository.has(path) and self.repository.gitlink_above(path) is None
        if absent and (location is not None or path not in self.lacking):
            self.lacking[path] = Lacking(path, location)
        return absent


def _folders(candidates: Iterable[str]) -> dict[str, list[str]]:
    folders: dict[str, list[str]] = {}
    for path in candidates:
        folders.setdefault(posixpath.dirname(path), []).append(path)
    return folders


def _defaults(candidates: Iterable[str]) -> dict[str, tuple[str, ...]]:
    """The files that Compose finds by itself in each folder."""
    found: dict[str, tuple[str, ...]] = {}
    for folder, paths in _folders(candidates).items():
        here = {posixpath.basename(path): path for path in paths}
        default = next((here[name] for name in compose.DEFAULT_NAMES if name in here), None)
        override = next((here[name] for name in compose.OVERRIDE_NAMES if name in here), None)
        if default is not None:
            found[folder] = (default,) if override is None else (default, override)
    return found


def _of_variable(repository: Repository, reader: _Reader) -> Iterator[tuple[str, FileSet]]:
    """Folders whose `.env`, or the example that it is a copy of, names the files in COMPOSE_FILE."""
    for folder in dict.fromkeys(posixpath.dirname(path) for path in repository.select(_may_be_dotenv)):
        found = _completed(FileSet((), folder), {}, reader)
        if found.files and reader.has_all(found):
            yield folder, found


def _completed(item: FileSet, defaults: dict[str, tuple[str, ...]], reader: _Reader) -> FileSet:
    """A set without files with those of COMPOSE_FILE in its files of variables, else those that Compose finds."""
    base = item.directory or ""
    values = reader.texts.values(((posixpath.join(base, ".env"),) if item.env_files is None else item.env_files,))
    home = base if item.home is None else item.home
    written = files_of_variable(values)
    named = [inside(home, name) for name in written]
    if not named:
        return item._replace(files=defaults.get(base, ()), home=None).plain
    where = _place(reader, (posixpath.join(base, ".env"),) if item.env_files is None else item.env_files)
    missing: list[str] = []
    for name, path in zip(written, named, strict=True):
        if path is None:
            reader.lacking[name] = Lacking(name, where)
        if path is None or reader.lacks(path, where):
            missing.append(path or name)
    files = tuple(path for path in named if path is not None and path not in missing)
    own = None if item.home is None else item.directory
    return FileSet(files, own, item.env_files, home, tuple(missing) if files else ()).plain


def _place(reader: _Reader, env_files: Iterable[str]) -> Location | None:
    """Where a file of variables, or the example that it is a copy of, names COMPOSE_FILE."""
    for path in env_files:
        example, _ = reader.texts.standing(path)
        text = reader.repository.read(example or path)
        found = _NAMED_FILES.search(text.string) if isinstance(text, Text) else None
        if found is not None and isinstance(text, Text):
            return text.location(*found.span())
    return None


def _may_be_dotenv(path: str) -> bool:
    name = path.rpartition("/")[2]
    return name.startswith((".env", "env.")) or name.endswith(".env")


def _implied(
    candidates: Iterable[str], explicit: list[FileSet], defaults: dict[str, FileSet], reader: _Reader
) -> Iterator[FileSet]:
    """The sets that Compose forms itself, and each other file: alone, or on top of the default one it completes.

    Their paths count from the folder of the first; where commands name a file, they say from which.
    """
    homes = _homes(explicit)
    covered = {*homes}
    covered.update(named for path in tuple(reader.files) for named in _included(path, homes.get(path), reader))
    folders = _folders(candidates)
    # Files that only COMPOSE_FILE calls compose files may have any name.
    for folder in dict.fromkeys((*folders, *defaults)):
        own, paths = defaults.get(folder), folders.get(folder, [])
        default = () if own is None else own.files
        if own is not None and not (own.directory is None and _is_moved(default[0], homes)):
            yield own
        for path in paths:
            lone = path not in default and posixpath.basename(path) not in compose.OVERRIDE_NAMES
            if lone and path not in covered and path in reader.files:
                yield _alone(path, default[0] if default else _sibling(path, reader), reader)


def _alone(path: str, base: str | None, reader: _Reader) -> FileSet:
    """A file that nothing names together with others: by itself if it could run so, else on top of `base`."""
    services = reader.files[path].services
    if all(service.complete for service in services.values()):
        return FileSet((path,))
    if base is not None and services.keys() & reader.files[base].services.keys():
        return FileSet((base, path))
    reason = f"`{path}` completes another compose file, and nothing says which"
    reader.skipped.append(Skipped(NAME, reason))
    return FileSet((path,))


def _sibling(path: str, reader: _Reader) -> str | None:
    """The file that `docker-compose.prod.override.yml` and its like complete, where there is no default file."""
    folder, name = posixpath.split(path)
    stem = name.split(".")[0]
    for ending in (".yml", ".yaml"):
        candidate = posixpath.join(folder, stem + ending)
        if candidate != path and candidate in reader.files:
            return candidate
    return None


def _homes(explicit: Iterable[FileSet]) -> dict[str, set[str]]:
    """The folders that the paths of each named file count from."""
    homes: dict[str, set[str]] = {}
    for item in explicit:
        for path in item.files:
            homes.setdefault(path, set()).add(item.base)
    return homes


def _is_moved(path: str, homes: dict[str, set[str]]) -> bool:
    """Whether commands name a file, and its paths count from other folders than its own in all of them."""
    return path in homes and posixpath.dirname(path) not in homes[path]


def _included(path: str, homes: Iterable[str] | None, reader: _Reader) -> Iterator[str]:
    """The files that a compose file includes and extends, from each of the folders that its paths count from."""
    for folder in (posixpath.dirname(path),) if homes is None else homes:
        yield from (found for named in _named(reader.files[path]) if (found := inside(folder, named)))


def _named(file: ComposeFile) -> Iterator[str]:
    """The files that a compose file includes and extends, as it writes them."""
    for entry in file.includes:
        yield from entry.paths
    for service in file.services.values():
        if service.extends is not None and service.extends[0] is not None:
            yield service.extends[0]
