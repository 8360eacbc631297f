"""The image builds that bake files describe: one for each target that is built."""

from __future__ import annotations

import posixpath
import re
from fnmatch import fnmatchcase

from fr_check.builds.model import BAKE, NAME, BakeBuilds, BakeFiles, BakeSet, Build, Passed, is_sample
from fr_check.builds.tags import UNKNOWN
from fr_check.core.model import Unknown
from fr_check.core.patterns import pattern
from fr_check.core.repository import Unreadable
from fr_check.core.text import Text
from fr_check.sources import bake
from fr_check.sources.build_context import inside, is_remote

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping

    from fr_check.core.model import Location
    from fr_check.core.repository import Repository
    from fr_check.sources.bake import BakeFile, BakeTarget

    Services = Callable[[str], Mapping[str, Build]]

_ENDINGS = (".hcl", ".json")
_REFERENCE = pattern(r"\$\{[^}]*\}")
_SET = pattern(r"([^.=\s]+)\.args\.([A-Za-z_]\w*)=(.*)", re.DOTALL)


def read_set(text: str, location: Location) -> BakeSet | None:
    """A `--set` or `set:` value that is about arguments, else None."""
    found = _SET.fullmatch(text.strip())
    return BakeSet(found[1], Passed(found[2], found[3], location)) if found else None


def load(
    repository: Repository, named: Iterable[BakeFiles], sets: tuple[BakeSet, ...], services: Services
) -> BakeBuilds:
    """Reads the bake files that bake finds by itself, in every folder, and those that are `named`.

    Contexts count from the folder that bake runs in: the one that a command names, else the files' own; nobody runs it
    below `.github`. `services` gives the builds of the compose files of a folder, which bake reads as well, by service.
    """
    named = tuple(named)
    folders: dict[str, list[str]] = {}
    for path in repository.select(_is_found):
        folders.setdefault(path.rpartition("/")[0], []).append(path)
    own = [BakeFiles(tuple(sorted(paths, key=_rank)), folder) for folder, paths in folders.items()]
    # Where commands name all files of a folder, they say where bake runs.
    told = {path for group in named for path in group.files}
    groups = [group for group in own if group in named or not told.issuperset(group.files)]
    builds: list[Build] = []
    unknowns: list[Unknown] = []
    for group in dict.fromkeys((*groups, *named)):
        files = {path: _file(repository, path, unknowns) for path in group.files if path.endswith(_ENDINGS)}
        found = {path: file for path, file in files.items() if file is not None}
        is_run_here = group in named or not group.folder.startswith(".github/")
        builds.extend(_builds(repository, group.folder if is_run_here else "", found, sets, services(group.folder)))
    return BakeBuilds(tuple(builds), tuple(dict.fromkeys(unknowns)))


def _is_found(path: str) -> bool:
    return path.rpartition("/")[2] in bake.NAMES and not is_sample(path)


def _rank(path: str) -> int:
    return bake.NAMES.index(posixpath.basename(path))


def _file(repository: Repository, path: str, unknowns: list[Unknown]) -> BakeFile | None:
    parsed = repository.parse(path, bake.parse_hcl if path.endswith(".hcl") else bake.parse_json)
    if isinstance(parsed, Unreadable):
        unknowns.append(parsed.as_unknown(NAME, path))
    if not isinstance(parsed, bake.BakeFile):
        return None
    text = repository.read(path)
    if isinstance(text, Text) and (problems := (*text.problems, *parsed.problems)):
        problem = problems[0]
        message = f"`{path}` cannot be read: {problem.message}"
        help_text = problem.help or "mend the file"
        unknowns.append(Unknown(NAME, "unreadable-bake-file", path, message, help_text, text.at(problem.span)))
    return parsed


def _builds(
    repository: Repository,
    folder: str,
    files: dict[str, BakeFile],
    sets: tuple[BakeSet, ...],
    services: Mapping[str, Build],
) -> Iterator[Build]:
    targets = bake.resolve(files.values())
    abstract = {name for target in targets.values() for name in target.inherits}
    homes = {name: path for path, file in files.items() for name in file.targets}
    for name, target in targets.items():
        if name in abstract and target.context is None and target.dockerfile is None:
            continue
        path = homes[name]
        text = repository.read(path)
        mine = {found.passed.name: found.passed for found in sets if fnmatchcase(name, found.pattern)}
        if not isinstance(text, Text):
            continue
        complete = target.context is not None or target.dockerfile is not None or target.inline
        if name in services and not complete:
            yield _over(services[name], target, text, mine)
        else:
            yield _build(folder, target, text, mine)


def _arguments(target: BakeTarget, text: Text) -> dict[str, Passed]:
    return {name: Passed(name, argument.value, text.at(argument.span)) for name, argument in target.arguments.items()}


def _over(service: Build, target: BakeTarget, text: Text, sets: Mapping[str, Passed]) -> Build:
    """A target that completes the compose service of its name."""
    return service._replace(
        place=BAKE,
        path=text.path,
        what=f"target `{target.name}`",
        service="",
        location=text.at(target.span),
        target=None if "target" in target.unclear else target.stage or service.target,
        passed={**service.passed, **_arguments(target, text), **sets},
        opaque=text.at(target.span) if target.opaque else service.opaque,
        tags=tuple(_REFERENCE.sub(UNKNOWN, tag) for tag in target.tags) or service.tags,
    )


def _build(folder: str, target: BakeTarget, text: Text, sets: Mapping[str, Passed]) -> Build:
    unclear = bool(target.unclear & {"context", "dockerfile"})
    written = target.context or "."
    foreign = not unclear and is_remote(written)
    context = None if unclear or foreign else inside(folder, written)
    dockerfile = None if context is None else inside(context, target.dockerfile or "Dockerfile")
    passed = {**_arguments(target, text), **sets}
    return Build(
        place=BAKE,
        path=text.path,
        what=f"target `{target.name}`",
        location=text.at(target.span),
        dockerfile=None if target.inline else dockerfile,
        context=context,
        inline=None,
        target=None if "target" in target.unclear else target.stage or "",
        passed=passed,
        environment={},
        opaque=text.at(target.span) if target.opaque else None,
        malformed=(),
        gap="what it builds depends on a variable without a default" if unclear else "",
        foreign=foreign or (not unclear and dockerfile is None),
        tags=tuple(_REFERENCE.sub(UNKNOWN, tag) for tag in target.tags),
    )
