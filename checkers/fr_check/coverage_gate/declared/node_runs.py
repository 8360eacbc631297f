"""What a run of vitest, jest, nyc or c8 reads, and which figures it compares with which numbers.

Semantics of vitest 0.34 to 5.1, jest 30, nyc 18 and c8 12, each held against the tool itself by `make oracles`.
"""

from __future__ import annotations

import posixpath

from fr_check.core.record import NamedTuple
from fr_check.coverage_gate.declared.model import CHECKING, joined
from fr_check.sources.thresholds import model

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from fr_check.sources.thresholds.configs import NodeConfig
    from fr_check.sources.thresholds.model import Declared, Word
    from fr_check.sources.thresholds.options import Invocation

    Files = Mapping[str, NodeConfig]

VITEST, JEST, NYC, C8 = "vitest", "jest", "nyc", "c8"
TOOLS = frozenset({VITEST, JEST}) | CHECKING
_VITEST = [
    f"{stem}.config.{ending}" for stem in (VITEST, "vite") for ending in ("ts", "mts", "cts", "js", "mjs", "cjs")
]
_NYC = [".nycrc", ".nycrc.json", ".nycrc.yml", ".nycrc.yaml", "nyc.config.js", "nyc.config.cjs", "nyc.config.mjs"]
# In the order in which each tool looks in one folder: the first that is there is read, and no other.
NAMES = {
    VITEST: _VITEST,
    JEST: [f"jest.config.{ending}" for ending in ("js", "ts", "mjs", "cjs", "cts", "json")],
    NYC: _NYC,
    C8: [".c8rc", ".c8rc.json", ".nycrc", ".nycrc.json"],
}
_PACKAGE = "package.json"
HUNDRED = "100: true"
"""How the switch is written that sets all four metrics, and makes c8 judge."""
# From this version on, vitest looks for its configuration in the folder it works in, and no further up.
_NO_FURTHER = 5


class Judged(NamedTuple):
    """What a run does. `measures`: it measures and judges; `off` is the word that keeps it from that.

    `limits` are the numbers that it compares with, each with the path of the file it stands in (empty: the command);
    `files` the paths of what it reads. `known`: all that it reads is known. `rivals` are files of which jest, which
    takes one, finds several, and stops.
    """

    measures: bool
    limits: tuple[tuple[str, Declared], ...] = ()
    off: Word | None = None
    files: tuple[str, ...] = ()
    known: bool = True
    rivals: tuple[str, ...] = ()


def judged(files: Files, own: Invocation, folder: str | None) -> Judged:
    """What a run in a folder (None: not known) compares its figures with."""
    read, known = reads(files, own, folder)
    read = (*read, *(other for path in read for other in files[path].inherited if other in files))
    configs = [(path, files[path]) for path in dict.fromkeys(read)]
    known = known and not own.opaque
    if own.tool in CHECKING:
        asked = _asked(configs, own)
        limits = _merged(configs, own, CHECKING) if asked else {}
        if asked and not any(key == (model.LINE, "") for key in limits):
            limits[model.LINE, ""] = ("", model.DEFAULT_LINES._replace(tool=own.tool, span=own.span))
        return Judged(asked, tuple(limits.values()), own.off, read, known)
    enabled = next((config.enabled for _, config in configs if config.enabled is not None), False)
    major = vitest_of(files, folder) if own.tool == VITEST else None
    limits = _merged([] if own.reset else configs, own, {own.tool}, major)
    measures = (own.measures or bool(enabled)) and own.off is None
    found = () if own.config or own.reset or own.tool != JEST else _of_jest(files, joined(folder, own.root))
    rivals = found if len(found) > 1 else ()
    return Judged(measures, tuple(limits.values()), own.off, read, known, rivals)


def _of_jest(files: Files, folder: str | None) -> tuple[str, ...]:
    """The configurations that jest finds: all of the first folder that has any, no further than the next package."""
    for above in _upwards(folder):
        there = [*_in(files, above, NAMES[JEST]), *_keyed(files, above, JEST)]
        if there or posixpath.join(above, _PACKAGE) in files:
            return tuple(there)
    return ()


def _asked(configs: Sequence[tuple[str, NodeConfig]], own: Invocation) -> bool:
    """Whether nyc or c8 is told to judge: by the command, else by the first file that says anything."""
    if own.off is not None or not own.measures or own.report == "check-coverage":
        return own.measures and own.off is None
    if own.tool == C8 and any(one.written == HUNDRED for _, config in configs for one in config.declared):
        return True
    found = (
        setting.value == "true"
        for _, config in configs
        for setting in config.settings
        if setting.name in {"check-coverage", "checkCoverage"}
    )
    return next(found, False)


def _merged(
    configs: Iterable[tuple[str, NodeConfig]], own: Invocation, tools: Iterable[str], major: int | None = None
) -> dict[tuple[str, str], tuple[str, Declared]]:
    """The numbers by metric and part, the command's before those of files, an earlier file's before a later one's."""
    found: dict[tuple[str, str], tuple[str, Declared]] = {}
    stated = [*(("", one) for one in reversed(own.declared))]
    stated += [(path, one) for path, config in configs for one in config.declared]
    for path, one in stated:
        misread = one.instead not in {"", model.CHECKED}
        if one.tool in tools and not misread and reads_version(one, major):
            found.setdefault((one.metric, one.part), (path, one))
    return found


def reads_version(one: Declared, major: int | None) -> bool:
    """Whether a version of its tool reads a number where it stands; one that is not known may."""
    return major is None or (one.since <= major and (not one.until or major < one.until))


def vitest_of(files: Files, folder: str | None) -> int | None:
    """The major version of vitest that the packages around a folder ask for; None where that cannot be told."""
    for above in _upwards(folder):
        config = files.get(posixpath.join(above, _PACKAGE))
        if config is not None and config.vitest is not None:
            return config.vitest
    return None


def reads(files: Files, own: Invocation, folder: str | None) -> tuple[tuple[str, ...], bool]:
    """The files that a run reads, the one that counts first; and whether that is all of it.

    A file that is named and not here leaves open what it says.
    """
    here = joined(folder, own.root) if own.root else folder
    if own.config:
        packages = _package_keys(files, here, own.tool) if own.tool in CHECKING else ()
        there = next((path for path in named(own, folder) if path in files), None)
        return (packages, False) if there is None else ((there, *packages), True)
    if here is None:
        return (), False
    return _found(files, here, own.tool), True


def named(own: Invocation, folder: str | None) -> list[str]:
    """Where the configuration file lies that a run names; vitest and nyc take its path from their root."""
    here = joined(folder, own.root) if own.root and own.tool in {VITEST, NYC} else folder
    path = joined(here, own.config) if own.config else None
    return [] if path is None else [path]


def _found(files: Files, folder: str, tool: str) -> tuple[str, ...]:
    """What a tool finds by itself, from a folder upwards."""
    if tool == JEST:
        return _of_jest(files, folder)[:1]
    if tool == NYC:
        folder = next((one for one in _upwards(folder) if posixpath.join(one, _PACKAGE) in files), folder)
    major = vitest_of(files, folder) if tool == VITEST else None
    only_here = major is not None and major >= _NO_FURTHER
    looked = [folder] if only_here else [*_upwards(folder)]
    own = next((there[0] for above in looked if (there := _in(files, above, NAMES[tool]))), None)
    packages = _package_keys(files, folder, tool) if tool in CHECKING else ()
    return (*([own] if own is not None else []), *packages)


def _package_keys(files: Files, folder: str | None, tool: str) -> tuple[str, ...]:
    """The nearest package.json, where it has a key for the tool."""
    for above in _upwards(folder):
        if posixpath.join(above, _PACKAGE) in files:
            return tuple(_keyed(files, above, tool))
    return ()


def _keyed(files: Files, folder: str, tool: str) -> list[str]:
    path = posixpath.join(folder, _PACKAGE)
    config = files.get(path)
    return [path] if config is not None and tool in config.keyed else []


def _in(files: Files, folder: str, names: Iterable[str]) -> list[str]:
    return [path for name in names if (path := posixpath.join(folder, name)) in files]


def _upwards(folder: str | None) -> Iterator[str]:
    while folder is not None:
        yield folder
        folder = None if not folder else folder.rpartition("/")[0]
