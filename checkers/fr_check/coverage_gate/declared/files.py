"""Which files of a repository may declare a threshold, by their names, and the reader of each."""

from __future__ import annotations

from functools import cache
from itertools import chain

from fr_check.builds.model import is_dockerfile_name
from fr_check.core.patterns import pattern
from fr_check.core.record import NamedTuple
from fr_check.coverage_gate.declared import unread as declared_unread
from fr_check.coverage_gate.declared.model import FOREIGN
from fr_check.sources.thresholds import pytest_config

TYPE_CHECKING = False
if TYPE_CHECKING:
    from fr_check.core.repository import Repository

_PROSE = "prose"
_FOREIGN_HEADS = ("cookiecutter", "{{")
_TESTS = frozenset(("test", "tests", "__tests__", "spec"))
_SCRIPT_FOLDERS = frozenset(("script", "scripts", "tool", "tools", "tooling", "ci", "bin", "hack", "dev", "tasks"))
_SCRIPT_FOLDERS |= {"build_tools", ".github", ".ci"}
_NODE = pattern(
    r"(?:package\.json|\.nycrc(?:\.\w+)?|\.c8rc(?:\.\w+)?|(?:jest|vitest|vite|nyc|c8)\.(?:config|workspace)\.\w+"
    r"|(?:jest|vitest)\.(?:[\w-]{1,40}\.config|config\.[\w-]{1,40})\.\w+)"
)
_COVERAGE_NAMES = frozenset({".coveragerc", ".coveragerc.toml", "setup.cfg", "tox.ini", "pyproject.toml"})
_TASK_NAMES = frozenset(
    ("moon.yml", "moon.yaml", "tox.ini", "tox.toml", "hatch.toml", ".pre-commit-config.yaml", "pyproject.toml")
)
_TASK_NAMES_IN_ANY_CASE = frozenset(("makefile", "gnumakefile", "justfile", ".justfile"))
_HOSTED = frozenset({"codecov.yml", ".codecov.yml", "codecov.yaml", ".codecov.yaml", ".octocov.yml", "octocov.yml"})
_HOSTED |= {".testcoverage.yml"}
_JAVASCRIPT = (".js", ".mjs", ".cjs", ".ts")
# Other CI systems read these at the top of the repository, or in folders of their own.
_PIPELINES = frozenset((".gitlab-ci.yml", "azure-pipelines.yml", ".azure-pipelines.yml", "bitbucket-pipelines.yml"))
_PIPELINES |= {".travis.yml", ".drone.yml", ".woodpecker.yml", "appveyor.yml", ".appveyor.yml", ".cirrus.yml"}
_PIPELINE_FOLDERS = frozenset((".circleci", ".gitlab", ".buildkite", ".woodpecker", ".azure-pipelines", ".azuredevops"))
# What may hold a threshold, or stands for one that is kept elsewhere, and is not read.
_UNREAD = frozenset(("Jenkinsfile", "sonar-project.properties", ".coveralls.yml"))
# Documents, and scripts for shells, of kinds that are not read.
_NOT_FOLLOWED = (".rst", ".ps1", ".bat", ".cmd")


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
    pipelines: tuple[str, ...]
    unread: tuple[str, ...]
    judging: tuple[str, ...]

    def all(self) -> tuple[str, ...]:
        """Every path, once."""
        return tuple(dict.fromkeys(chain.from_iterable(self)))

    def packages(self) -> frozenset[str]:
        """The folders that have a package.json."""
        split = (path.rpartition("/") for path in self.node)
        return frozenset(folder for folder, _, name in split if name == "package.json")


def choose(repository: Repository, *, with_prose: bool) -> Files:
    """Sorts a repository's paths into those worth reading; of documents those that may state something."""
    found: dict[str, list[str]] = {field: [] for field in Files._fields}
    for path in repository.select(_matters):
        for field in _fields(path):
            found[field].append(path)
    # Most documents say nothing about coverage, and are not even decoded.
    found[_PROSE] = [*repository.search(_is_prose, declared_unread.worth)] if with_prose else []
    return Files(**{field: tuple(names) for field, names in found.items()})


def _is_prose(path: str) -> bool:
    return _PROSE in _fields(path)


def _matters(path: str) -> bool:
    return _fields(path) not in ([], [_PROSE])


@cache
def _fields(path: str) -> list[str]:
    """The readers of a path; asked for the same paths twice where there is a base."""
    *folders, name = path.split("/")
    if not FOREIGN.isdisjoint(folders) or any(folder.startswith(_FOREIGN_HEADS) for folder in folders):
        return []
    fields = []
    if name in pytest_config.NAMES:
        fields.append("pytest")
    if name in _COVERAGE_NAMES:
        fields.append("coverage")
    if name.startswith(("package.json", ".nyc", ".c8", "jest.", "vi", "nyc.", "c8.")) and _NODE.fullmatch(name):
        fields.append("node")
    if name.endswith((".yml", ".yaml")) and _is_workflow(path, name):
        fields.append("workflows")
    if (
        name in _TASK_NAMES
        or name.endswith((".mk", ".just"))
        or (("." not in name[1:] or name[:1] in "dD") and _is_task_file(name.lower()))
    ):
        fields.append("tasks")
    if name.endswith(".py") and (name == "noxfile.py" or _is_script(folders) or _judges_coverage(folders, name)):
        fields.append("python")
    if (name.endswith((".sh", ".bash")) or ("." not in name and folders)) and _is_script(folders):
        fields.append("shell")
    if name.endswith(_JAVASCRIPT) and ("cov" in name or name == "Makefile.js") and _is_script(folders):
        fields.append("judging")
    if name in _HOSTED:
        fields.append("hosted")
    if name.endswith((".md", ".mdx", ".markdown")) and _TESTS.isdisjoint(folders):
        fields.append("prose")
    if name in _PIPELINES if not folders else folders[0] in _PIPELINE_FOLDERS and name.endswith((".yml", ".yaml")):
        fields.append("pipelines")
    if name in _UNREAD or (name.endswith(_NOT_FOLLOWED) and _TESTS.isdisjoint(folders)):
        fields.append("unread")
    return fields


def _judges_coverage(folders: list[str], name: str) -> bool:
    """Whether a module is likely to judge coverage, by its name: in src/, *coverage* is a word of the domain."""
    return "coverage" in name and not name.startswith("test_") and _TESTS.isdisjoint(folders) and "src" not in folders


def _is_workflow(path: str, name: str) -> bool:
    """Whether it is a workflow, or the definition of an action."""
    return path.startswith(".github/workflows/") or (path.startswith(".github/") and name.startswith("action."))


def _is_task_file(lower: str) -> bool:
    return lower in _TASK_NAMES_IN_ANY_CASE or is_dockerfile_name(lower)


def _is_script(folders: list[str]) -> bool:
    """Whether what lies in these folders is run by people or in CI: as a script is, and everything at the top."""
    return (not folders or not _SCRIPT_FOLDERS.isdisjoint(folders)) and _TESTS.isdisjoint(folders)


def above(folder: str, other: str) -> bool:
    """Whether a folder holds another one."""
    return not folder or other.startswith(f"{folder}/")
