"""Which files of a repository may declare a threshold, by their names, and the reader of each."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

from checkers.core.patterns import pattern
from checkers.core.record import NamedTuple
from checkers.sources.thresholds import pytest_config

if TYPE_CHECKING:
    from collections.abc import Iterable

# Other people's code, and files that tests read: nothing there gates this project.
_FOREIGN = pattern(
    r"(?:^|/)(?:node_modules|vendor|vendored|third_party|_vendor|site-packages|\.venv|venv|fixtures?|testdata|test_data"
    r"|__snapshots__|dist|build|\.git|templates?|examples?|cookiecutter[^/]*|\{\{[^/]*)/"
)
_TESTS = pattern(r"(?:^|/)(?:tests?|__tests__|spec)/")
_SCRIPT_FOLDERS = pattern(
    r"(?:^|/)(?:scripts?|tools?|tooling|ci|bin|hack|dev|build_tools|\.github|\.ci|tasks)/|^[^/]+$"
)
_NODE = pattern(
    r"(?:package\.json|\.nycrc(?:\.json)?|\.c8rc(?:\.json)?|(?:jest|vitest|vite|nyc)\.(?:config|workspace)\.\w+)"
)
_COVERAGE_NAMES = frozenset({".coveragerc", ".coveragerc.toml", "setup.cfg", "tox.ini", "pyproject.toml"})
_HOSTED = frozenset({"codecov.yml", ".codecov.yml", "codecov.yaml", ".codecov.yaml", ".octocov.yml", "octocov.yml"})
_HOSTED |= {".testcoverage.yml"}


class Files(NamedTuple):
    """Paths by the reader they are for, each sorted; a path may stand in several."""

    pytest: tuple[str, ...]
    coverage: tuple[str, ...]
    node: tuple[str, ...]
    workflows: tuple[str, ...]
    tasks: tuple[str, ...]
    python: tuple[str, ...]
    shell: tuple[str, ...]
    hosted: tuple[str, ...]
    prose: tuple[str, ...]


def choose(paths: Iterable[str]) -> Files:
    """Sorts a repository's paths into those worth reading."""
    found: dict[str, list[str]] = {field: [] for field in Files._fields}
    for path in paths:
        for field in _fields(path):
            found[field].append(path)
    return Files(**{field: tuple(names) for field, names in found.items()})


@cache
def _fields(path: str) -> list[str]:
    """The readers of a path; asked for the same paths twice where there is a base."""
    if "/" in path and _FOREIGN.search(path):
        return []
    name = path.rpartition("/")[2]
    fields = []
    if name in pytest_config.NAMES:
        fields.append("pytest")
    if name in _COVERAGE_NAMES:
        fields.append("coverage")
    if name.startswith(("package.json", ".nyc", ".c8", "jest.", "vi", "nyc.")) and _NODE.fullmatch(name):
        fields.append("node")
    if path.startswith(".github/") and name.endswith((".yml", ".yaml")):
        in_workflows = path.startswith(".github/workflows/")
        fields.append("workflows" if in_workflows or name.startswith("action.") else "hosted")
    if name in {"moon.yml", "moon.yaml", "tox.ini", ".pre-commit-config.yaml", "pyproject.toml"} or _is_task_file(name):
        fields.append("tasks")
    if name.endswith(".py") and (name == "noxfile.py" or _is_script(path)):
        fields.append("python")
    if (name.endswith((".sh", ".bash")) or ("." not in name and "/" in path)) and _is_script(path):
        fields.append("shell")
    if name in _HOSTED:
        fields.append("hosted")
    if name.endswith((".md", ".mdx", ".markdown")) and not _TESTS.search(path):
        fields.append("prose")
    return [field for field in fields if field != "hosted" or name in _HOSTED]


def _is_task_file(name: str) -> bool:
    lower = name.lower()
    return lower in {"makefile", "gnumakefile", "justfile", ".justfile"} or lower.startswith("dockerfile")


def _is_script(path: str) -> bool:
    return _SCRIPT_FOLDERS.search(path) is not None and _TESTS.search(path) is None
