"""Which compose files a repository holds, and which of them are used together."""

from __future__ import annotations

import posixpath

from fr_check.builds.collected import ComposeSets
from fr_check.builds.env_texts import EnvTexts
from fr_check.builds.model import NAME, FileSet, is_made_from, is_sample
from fr_check.builds.parsed import ParsedFiles
from fr_check.core.model import Skipped, Unknown
from fr_check.sources import compose, compose_project
from fr_check.sources.build_context import inside, is_remote
from fr_check.sources.docker_uses import files_of_variable

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from fr_check.core.repository import Repository
    from fr_check.sources.compose import ComposeFile

FILE_LIMIT = 2_000

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
    explicit = [
        item
        for item in dict.fromkeys(named_sets)
        if item.files and all(not is_made_from(path) and reader.file(path) for path in item.files)
    ]
    defaults = {folder: item.files for folder, item in own.items()}
    sets = dict.fromkeys([*explicit, *_implied(candidates, explicit, own, reader)])
    projects = tuple(
        compose_project.merge_files(item.files, reader.file, item.directory, item.scope, reader.texts.values)
        for item in sets
    )
    for gap in dict.fromkeys(gap for project in projects for gap in project.gaps):
        path = gap.location.path
        help_text = "mend the path, or check with that file present"
        reader.unknowns.append(
            Unknown(NAME, "unresolved-compose-file", path, f"`{path}`: {gap.message}", help_text, gap.location)
        )
    return ComposeSets(projects, reader.files, defaults, tuple(reader.unknowns), tuple(reader.skipped))


class _Reader(ParsedFiles):
    def __init__(self, repository: Repository) -> None:
        super().__init__(repository, "compose file")
        self.texts = EnvTexts(repository)
        self.files: dict[str, ComposeFile] = {}
        self.skipped: list[Skipped] = []

    def file(self, path: str) -> ComposeFile | None:
        return self.taken(path, compose.parse, self.files)


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
        if found.files and all(reader.file(path) for path in found.files):
            yield folder, found


def _completed(item: FileSet, defaults: dict[str, tuple[str, ...]], reader: _Reader) -> FileSet:
    """A set without files with those of COMPOSE_FILE in its files of variables, else those that Compose finds."""
    base = item.directory or ""
    values = reader.texts.values(((posixpath.join(base, ".env"),) if item.env_files is None else item.env_files,))
    home = base if item.home is None else item.home
    named = [inside(home, name) for name in files_of_variable(values)]
    if not named:
        return item._replace(files=defaults.get(base, ()), home=None).plain
    files = tuple(path for path in named if path is not None)
    own = None if item.home is None else item.directory
    return FileSet(files if len(files) == len(named) else (), own, item.env_files, home).plain


def _may_be_dotenv(path: str) -> bool:
    name = path.rpartition("/")[2]
    return name.startswith((".env", "env.")) or name.endswith(".env")


def _implied(
    candidates: Iterable[str], explicit: list[FileSet], defaults: dict[str, FileSet], reader: _Reader
) -> Iterator[FileSet]:
    """The sets that Compose forms itself, and each other file: alone, or on top of the default one it completes."""
    covered = {path for group in explicit for path in group.files}
    covered.update(named for path in tuple(reader.files) for named in _included(path, reader))
    for folder, paths in _folders(candidates).items():
        own = defaults.get(folder)
        default = () if own is None else own.files
        if own is not None:
            moved = _base(default[0], reader) if own.directory is None else None
            yield own if moved is None else own._replace(directory=moved)
        for path in paths:
            lone = path not in default and posixpath.basename(path) not in compose.OVERRIDE_NAMES
            if lone and path not in covered and path in reader.files:
                yield _alone(path, default[0] if default else _sibling(path, reader), reader)


def _alone(path: str, base: str | None, reader: _Reader) -> FileSet:
    """A file that nothing names together with others: by itself if it could run so, else on top of `base`."""
    services = reader.files[path].services
    folder = _base(path, reader)
    if folder is not None:
        return FileSet((path,), folder)
    if all(service.complete for service in services.values()):
        return FileSet((path,))
    if base is not None and services.keys() & reader.files[base].services.keys():
        return FileSet((base, path))
    reason = f"`{path}` completes another compose file, and nothing says which"
    reader.skipped.append(Skipped(NAME, reason))
    return FileSet((path,))


def _base(path: str, reader: _Reader) -> str | None:
    """The folder that a file's paths count from, where that is not its own: `--project-directory`, or the first `-f`.

    What it names is not beside it, and all of it is there from the root, or from the folder of another compose file.
    """
    own = posixpath.dirname(path)
    named = [*_named(reader.files[path]), *_dockerfiles(reader.files[path])]
    has = reader.repository.has

    def missing(folder: str) -> bool:
        return not all(has(inside(folder, name) or "") for name in named)

    if not named or not missing(own) or any(has(inside(own, name) or "") for name in named):
        return None
    others = ("", *dict.fromkeys(posixpath.dirname(other) for other in reader.files))
    return next((folder for folder in others if folder != own and not missing(folder)), None)


def _dockerfiles(file: ComposeFile) -> Iterator[str]:
    """The Dockerfiles of a compose file, as it writes them; without those that a variable is part of."""
    for service in file.services.values():
        build = service.build
        if build is None or build.inline is not None or build.contexts:
            continue
        context = "." if build.context is None else build.context.value
        name = "Dockerfile" if build.dockerfile is None else build.dockerfile.value
        if "$" not in context + name and not is_remote(context) and not name.startswith("/"):
            yield posixpath.join(context, name)


def _sibling(path: str, reader: _Reader) -> str | None:
    """The file that `docker-compose.prod.override.yml` and its like complete, where there is no default file."""
    folder, name = posixpath.split(path)
    stem = name.split(".")[0]
    for ending in (".yml", ".yaml"):
        candidate = posixpath.join(folder, stem + ending)
        if candidate != path and candidate in reader.files:
            return candidate
    return None


def _included(path: str, reader: _Reader) -> Iterator[str]:
    base = _base(path, reader)
    folder = posixpath.dirname(path) if base is None else base
    yield from (found for named in _named(reader.files[path]) if (found := inside(folder, named)))


def _named(file: ComposeFile) -> Iterator[str]:
    """The files that a compose file includes and extends, as it writes them."""
    for entry in file.includes:
        yield from entry.paths
    for service in file.services.values():
        if service.extends is not None and service.extends[0] is not None:
            yield service.extends[0]
