"""Tracked sources that no report holds: without `source` or `include`, tools leave out what no test imports."""

from __future__ import annotations

import posixpath

from fr_check.core.patterns import pattern
from fr_check.core.record import NamedTuple
from fr_check.core.repository import compile_glob
from fr_check.core.text import Text
from fr_check.coverage_gate.measured.collected import folder_of
from fr_check.policy.coverage_gate import Coverage

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from fr_check.core.context import Context
    from fr_check.core.repository import Repository
    from fr_check.coverage_gate.measured.data import File
    from fr_check.sources.thresholds.configs import CoverageConfig

# What is seldom measured and never missed: tests, declarations, configuration, generated stories and migrations.
_NO_SOURCE = pattern(
    r"(?:^|/)(?:tests?|__tests__|__mocks__|e2e|migrations|alembic|stories|fixtures|node_modules)/"
    r"|(?:^|/)(?:test_[^/]*|[^/]*_test|conftest|setup|noxfile)\.py$"
    r"|\.(?:test|spec|stories|config|d)\.[cm]?[jt]sx?$|\.d\.[cm]?ts$"
)

_CONFIGURATION = pattern(r"coveragerc|^\.?coverage[\w.-]*\.(?:toml|ini|cfg)$")
# An expression that spans lines may exclude anything; one that repeats a group may take for ever.
_UNCLEAR = pattern(r"\\n|:\)?\\s|\(\?[a-z]*s|\)[*+{]")
# Bytes beyond which a module is taken to hold a statement; only shorter ones may be a docstring and comments alone.
_LONG = 1024


class SourceRules(NamedTuple):
    """What ought to be measured: files of these suffixes below these folders, unless a pattern takes them out."""

    chosen: tuple[Callable[[str], object], ...]
    suffixes: frozenset[str]
    folders: tuple[str, ...]
    exempt: tuple[Callable[[str], object], ...]
    omitted: Callable[[str], bool]


def load(context: Context, files: Mapping[str, File]) -> tuple[str, ...]:
    """The tracked sources that are in no judged report and ought to be, sorted."""
    rules = source_rules(context, files)
    repository = context.repository
    return tuple(
        path
        for path in repository.paths()
        if path not in files and is_source(path, rules) and _has_statements(repository, path)
    )


def source_rules(context: Context, files: Mapping[str, File]) -> SourceRules:
    """What the policy calls sources; without a word there, what lies beside the measured files and is like them."""
    policy = context.config.of(Coverage)
    exempt = tuple(compile_glob(pattern).fullmatch for pattern in policy.exempt)
    omitted = omitted_paths(context.repository)
    if policy.sources:
        chosen = tuple(compile_glob(pattern).fullmatch for pattern in policy.sources)
        return SourceRules(chosen, frozenset(), (), exempt, omitted)
    suffixes = frozenset(posixpath.splitext(path)[1] for path in files)
    members: dict[str, list[str]] = {}
    for path, file in files.items():
        members.setdefault(file.component, []).append(posixpath.dirname(path))
    tops = tuple(sorted({posixpath.commonpath(own) if all(own) else "" for own in members.values()}))
    return SourceRules((), suffixes, tops, exempt, omitted)


def is_source(path: str, rules: SourceRules) -> bool:
    """Whether a path ought to be measured."""
    if any(match(path) for match in rules.exempt) or rules.omitted(path):
        return False
    if rules.chosen:
        return any(match(path) for match in rules.chosen)
    below = any(not top or path.startswith(f"{top}/") for top in rules.folders)
    return below and posixpath.splitext(path)[1] in rules.suffixes and not _NO_SOURCE.search(path)


def _has_statements(repository: Repository, path: str) -> bool:
    """Whether there is anything to measure: an empty `__init__.py` is missed by nobody."""
    source = repository.read_bytes(path)
    if not isinstance(source, bytes):
        return False
    if not path.endswith(".py") or len(source) > _LONG:
        return bool(source.strip())
    from fr_check.sources.python_analysis import module  # noqa: PLC0415 - only for sources that no report holds

    known = module.read(source, module.Rules.of(), branches=False)
    return known is None or bool(known.statements)


def settings(repository: Repository, folder: str) -> CoverageConfig | None:
    """What coverage.py run in a folder would take for its configuration; None where it finds none."""
    from fr_check.sources.thresholds import coverage_config  # noqa: PLC0415 - only where there is fresh data

    for name in coverage_config.FILES:
        text = repository.read(posixpath.join(folder, name))
        if isinstance(text, Text):
            found = coverage_config.parse(text)
            if found.used:
                return found
    return None


def python_exclusions(repository: Repository) -> tuple[str, ...] | None:
    """The expressions by which any configuration here excludes lines; None where a plugin may exclude others.

    Which of several configurations a report was made with is not known, so what one of them excludes may be missing.
    """
    from fr_check.sources.thresholds import coverage_config  # noqa: PLC0415 - only where there is fresh data

    found: list[str] = []
    for path in repository.paths():
        name = path.rpartition("/")[2]
        if name not in coverage_config.FILES and not _CONFIGURATION.search(name):
            continue
        text = repository.read(path)
        config = coverage_config.parse(text) if isinstance(text, Text) else None
        if config is None or config.plugins:
            return None
        found += [word.string for word in (*(config.exclude_lines or ()), *(config.exclude_also or ()))]
    return None if any(_UNCLEAR.search(expression) for expression in found) else tuple(found)


def omitted_paths(repository: Repository) -> Callable[[str], bool]:
    """Whether coverage's `omit` takes a path out of reports, or `include` leaves it out, by the configuration there."""
    from fr_check.coverage_gate.measured.collected import component_folders  # noqa: PLC0415 - beside its only use
    from fr_check.sources.thresholds import omit  # noqa: PLC0415 - only where there is fresh data

    folders = component_folders(repository)
    globs: dict[str, list[omit.Glob]] = {}
    included: dict[str, list[omit.Glob]] = {}

    def omitted(path: str) -> bool:
        folder = folder_of(path, folders)
        if folder not in globs:
            found = settings(repository, folder)
            compiled = (omit.compiled(word.string, folder) for word in (found.omit if found else ()))
            globs[folder] = [glob for glob in compiled if glob is not None]
            only = (omit.compiled(word.string, folder) for word in (found.report_include or () if found else ()))
            included[folder] = [glob for glob in only if glob is not None]
        named = included[folder]
        if named and not any(glob.fullmatch(f"/{path}") for glob in named):
            return True
        return any(glob.fullmatch(f"/{path}") for glob in globs[folder])

    return omitted
