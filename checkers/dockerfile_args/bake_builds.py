"""The image builds that bake files describe: one for each target that is built."""

from __future__ import annotations

import posixpath
import re
from fnmatch import fnmatchcase
from typing import TYPE_CHECKING

from checkers.core.model import Unknown
from checkers.core.patterns import pattern
from checkers.core.repository import Unreadable
from checkers.core.text import Text
from checkers.dockerfile_args.model import BAKE, CHECKER, BakeBuilds, BakeSet, Build, Passed, is_sample
from checkers.sources import bake
from checkers.sources.build_context import inside, is_remote

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from checkers.core.model import Location
    from checkers.core.repository import Repository
    from checkers.sources.bake import BakeFile, BakeTarget

_SET = pattern(r"([^.=\s]+)\.args\.([A-Za-z_]\w*)=(.*)", re.DOTALL)


def read_set(text: str, location: Location) -> BakeSet | None:
    """A `--set` or `set:` value that is about arguments, else None."""
    found = _SET.fullmatch(text.strip())
    return BakeSet(found[1], Passed(found[2], found[3], location)) if found else None


def load(repository: Repository, sets: Iterable[BakeSet]) -> BakeBuilds:
    """Reads the bake files that bake finds by itself, in every folder."""
    folders: dict[str, list[str]] = {}
    for path in repository.paths():
        folder, _, name = path.rpartition("/")
        if name in bake.NAMES and not is_sample(path):
            folders.setdefault(folder, []).append(path)
    builds: list[Build] = []
    unknowns: list[Unknown] = []
    for folder, paths in folders.items():
        files = {path: _file(repository, path, unknowns) for path in sorted(paths, key=_rank)}
        found = {path: file for path, file in files.items() if file is not None}
        builds.extend(_builds(repository, folder, found, tuple(sets)))
    return BakeBuilds(tuple(builds), tuple(unknowns))


def _rank(path: str) -> int:
    return bake.NAMES.index(posixpath.basename(path))


def _file(repository: Repository, path: str, unknowns: list[Unknown]) -> BakeFile | None:
    parsed = repository.parse(path, bake.parse_hcl if path.endswith(".hcl") else bake.parse_json)
    if isinstance(parsed, Unreadable):
        unknowns.append(Unknown(CHECKER, parsed.reason, path, parsed.message, parsed.help))
    if not isinstance(parsed, bake.BakeFile):
        return None
    text = repository.read(path)
    if isinstance(text, Text) and (problems := (*text.problems, *parsed.problems)):
        problem = problems[0]
        message = f"`{path}` cannot be read: {problem.message}"
        help_text = problem.help or "mend the file"
        unknowns.append(Unknown(CHECKER, "unreadable-bake-file", path, message, help_text, text.at(problem.span)))
    return parsed


def _builds(
    repository: Repository, folder: str, files: dict[str, BakeFile], sets: tuple[BakeSet, ...]
) -> Iterator[Build]:
    targets = bake.resolve(files.values())
    abstract = {name for target in targets.values() for name in target.inherits}
    homes = {name: path for path, file in files.items() for name in file.targets}
    for name, target in targets.items():
        if name in abstract and target.context is None and target.dockerfile is None:
            continue
        path = homes[name]
        text = repository.read(path)
        if isinstance(text, Text):
            yield _build(folder, target, text, [found for found in sets if fnmatchcase(name, found.pattern)])


def _build(folder: str, target: BakeTarget, text: Text, sets: list[BakeSet]) -> Build:
    unclear = bool(target.unclear & {"context", "dockerfile"})
    written = target.context or "."
    foreign = not unclear and is_remote(written)
    context = None if unclear or foreign else inside(folder, written)
    dockerfile = None if context is None else inside(context, target.dockerfile or "Dockerfile")
    passed = {name: Passed(name, argument.value, text.at(argument.span)) for name, argument in target.arguments.items()}
    passed.update({found.passed.name: found.passed for found in sets})
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
    )
