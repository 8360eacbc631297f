"""Which modules each command loads: the part of start-up time that does not depend on the machine."""

from __future__ import annotations

import ast
import json
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

import fr_check
from fr_check.app.demo import build
from fr_check.core import engine
from fr_check.core.config import Config
from fr_check.core.context import Context
from fr_check.core.registry import CHECKERS, load_checker
from fr_check.core.repository import Memory

if TYPE_CHECKING:
    from collections.abc import Callable

PROBE = """
import json, sys
before = set(sys.modules)
from fr_check.app.entry import _status
_status()
sys.stdout.flush()
print("\\n" + json.dumps(sorted(set(sys.modules) - before)))
"""
# Each of these costs more than a checker may take in all, or has no business on a checking path.
HEAVY = {"libcst", "git", "coverage", "rich", "importlib.metadata", "pkg_resources", "dataclasses", "pydantic"}
# `typing` is only for type checkers: it costs as much as two git calls.
UNCHECKED = HEAVY | {"click", "typing"}
PACKAGES = {entry.package for entry in CHECKERS.values()}


@pytest.fixture(scope="module")
def sample(tmp_path_factory: pytest.TempPathFactory) -> str:
    return build(str(tmp_path_factory.mktemp("sample") / "built")).root


def modules(*arguments: str) -> set[str]:
    done = subprocess.run([sys.executable, "-c", PROBE, *arguments], capture_output=True, text=True, check=True)
    return set(json.loads(done.stdout.splitlines()[-1]))


def packages(loaded: set[str]) -> set[str]:
    """The checkers that were loaded; the schema of a policy stands apart from them."""
    return {package for package in PACKAGES if f"{package}.checker" in loaded}


@pytest.mark.parametrize("arguments", [("--help",), ("--version",), ("env-keys", "--help"), ("nonsense",)])
def test_help_loads_no_checker_and_no_library_but_click(arguments: tuple[str, ...]):
    loaded = modules(*arguments)
    ours = {name for name in loaded if name.startswith("fr_check.")}
    core = {"fr_check.core", *(f"fr_check.core.{name}" for name in ("record", "registry", "trouble"))}
    names = ("entry", "arguments", "cli", "command", "ending", "mishap", "options")
    line = {"fr_check.app", *(f"fr_check.app.{name}" for name in names)}
    assert ours == {"fr_check.report", *line, *core}
    assert not loaded & (HEAVY | {"yaml", "tomli", "subprocess"})


@pytest.mark.parametrize("name", CHECKERS)
def test_a_checker_loads_itself_alone(name: str, sample: str):
    loaded = modules(name, "--root", sample)
    assert packages(loaded) == {CHECKERS[name].package}
    assert not loaded & UNCHECKED


def test_all_loads_every_checker_and_nothing_heavy(sample: str):
    loaded = modules("all", "--root", sample)
    assert packages(loaded) == PACKAGES
    assert not loaded & UNCHECKED


def test_the_pointer_checker_needs_no_yaml_without_workflows(sample: str, tmp_path: Path):
    del sample
    (tmp_path / "README.md").write_text("nothing here\n")
    loaded = modules("submodule-sync", "--root", str(tmp_path))
    assert "yaml" not in loaded


@pytest.fixture
def small(tmp_path: Path) -> Path:
    """A repository with one commit that measures coverage, and has neither data nor workflows nor a policy."""
    (tmp_path / "pyproject.toml").write_text('[tool.pytest.ini_options]\naddopts = "--cov=src --cov-fail-under=90"\n')
    (tmp_path / "README.md").write_text("Coverage must be at least 90%.\n")
    identity = ("-c", "user.name=Ada", "-c", "user.email=ada@example.org")
    for arguments in (("init", "-q"), ("add", "."), (*identity, "commit", "-qm", "first")):
        subprocess.run(["git", *arguments], cwd=tmp_path, check=True)
    return tmp_path


# What only some projects have; each costs 1 to 10 ms.
RARE = {
    "yaml": ".github/workflows/ci.yml",
    "fr_check.sources.javascript.tokens": "package.json",
    "fr_check.sources.cobertura": "coverage.xml",
    "fr_check.sources.lcov": "coverage.lcov",
    "fr_check.sources.dockerfile": "Dockerfile",
}


def test_coverage_loads_no_reader_of_what_is_not_there(small: Path):
    assert not modules("coverage", "--root", str(small)) & (RARE.keys() | {"fr_check.sources.shell"})


@pytest.mark.parametrize("name", RARE)
def test_coverage_loads_the_reader_of_what_is_there(name: str, small: Path):
    contents = {
        ".github/workflows/ci.yml": "jobs:\n  test:\n    steps:\n      - run: pytest --cov\n",
        "package.json": '{"scripts": {"test": "vitest --coverage"}}\n',
        "coverage.xml": "<coverage></coverage>\n",
        "coverage.lcov": "TN:\nend_of_record\n",
        "Dockerfile": "FROM python\nRUN pytest --cov\n",
    }
    path = small / RARE[name]
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(contents[RARE[name]])
    loaded = modules("coverage", "--root", str(small))
    assert name in loaded
    assert not loaded & (RARE.keys() - {name})


STEPS = "on: push\njobs:\n  a:\n    steps:\n      - run: {}\n"
# What dockerfile-args reads only where it is met: the file that needs it, and another file's text.
MET = {
    "yaml": {"compose.yml": "services: {}\n"},
    "fr_check.sources.bake": {"docker-bake.json": "{}\n"},
    "fr_check.runs.follower": {".github/workflows/a.yml": STEPS.format("docker build .")},
    "fr_check.sources.makefile": {
        ".github/workflows/a.yml": STEPS.format("make a"),
        "Makefile": "a:\n\tdocker build .\n",
    },
    "fr_check.sources.shell.grammar": {"web/Dockerfile": "FROM node\nRUN npm ci && npm run build\n"},
    "fr_check.sources.javascript.tokens": {"web/a.ts": "process.env.NEXT_PUBLIC_A;\n"},
    "fr_check.sources.dockerignore": {
        "web/a.ts": "process.env.NEXT_PUBLIC_A;\n",
        "web/.env.production": "NEXT_PUBLIC_A=1\n",
    },
}


@pytest.fixture
def frontend(tmp_path: Path) -> Path:
    """A frontend with an image, and nothing that needs more than the readers of these two."""
    files = {
        "web/package.json": '{"dependencies": {"next": "15"}}\n',
        "web/Dockerfile": "FROM node\nRUN npm run build\n",
    }
    for name, content in files.items():
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text(content)
    subprocess.run(["git", "init", "-q"], cwd=tmp_path, check=True)
    return tmp_path


def test_dockerfile_args_loads_no_reader_of_what_is_not_there(frontend: Path):
    assert not modules("dockerfile-args", "--root", str(frontend)) & {*MET, "difflib", "fnmatch", "hcl2", "hashlib"}


@pytest.mark.parametrize("name", MET)
def test_dockerfile_args_loads_the_reader_of_what_is_there(name: str, frontend: Path):
    for path, content in MET[name].items():
        (frontend / path).parent.mkdir(parents=True, exist_ok=True)
        (frontend / path).write_text(content)
    assert name in modules("dockerfile-args", "--root", str(frontend))


# Readers of task files: no project has all formats.
TASK_READERS = {f"fr_check.sources.tasks.{name}" for name in ("just", "tox", "pyproject", "python_tasks", "taskfile")}
CALLS = {
    "just": {"justfile": "a:\n  echo a\n"},
    "tox": {"tox.ini": "[testenv]\ncommands = echo a\n"},
    "taskfile": {"Taskfile.yml": "tasks:\n  a: echo a\n"},
    "python_tasks": {"noxfile.py": "import nox\n\n\n@nox.session\ndef a(session):\n    session.run('echo')\n"},
}
COMMANDS = {"just": "just a", "tox": "tox", "taskfile": "task a", "python_tasks": "nox"}


@pytest.mark.parametrize("name", CALLS)
def test_a_task_file_is_read_by_its_own_reader_alone(name: str, small: Path):
    files = {".github/workflows/a.yml": STEPS.format(COMMANDS[name]), **CALLS[name]}
    for path, content in files.items():
        (small / path).parent.mkdir(parents=True, exist_ok=True)
        (small / path).write_text(content)
    # `task` may be a task of pyproject.toml, which has a reader of its own.
    asked = {f"fr_check.sources.tasks.{name}", "fr_check.sources.tasks.pyproject"}
    loaded = modules("coverage", "--root", str(small)) & TASK_READERS
    assert f"fr_check.sources.tasks.{name}" in loaded
    assert loaded <= asked


def test_env_keys_loads_no_reader_of_what_is_not_there(sample: str):
    loaded = modules("env-keys", "--root", sample)
    assert not loaded & {*TASK_READERS, "fr_check.variables.docker_runs"}


def test_no_expression_is_compiled_to_load_a_module():
    """`core.patterns` compiles each when it is used, and a command uses few."""
    eager = set()
    for path in Path(fr_check.__file__).parent.rglob("*.py"):
        for statement in ast.parse(path.read_text("utf-8")).body:
            if isinstance(statement, (ast.Assign, ast.AnnAssign)) and statement.value is not None:
                found = (node for node in ast.walk(statement.value) if isinstance(node, ast.Attribute))
                eager |= {path.name for node in found if ast.unparse(node) == "re.compile"}
    assert eager == set()


def test_coverage_compares_states_and_numbers_without_heavy_libraries(small: Path):
    """OpenSSL for names of blobs, fractions for percentages, and a pass over statements for a report that is stale."""
    (small / "README.md").write_text("Coverage must be at least 90.5%.\n")
    (small / "a.py").write_text("a = 1\n")
    (small / "coverage.lcov").write_text("SF:a.py\nDA:9,1\nLH:1\nLF:1\nend_of_record\n")
    loaded = modules("coverage", "--root", str(small), "--base", "HEAD")
    assert "fr_check.coverage_gate.declared.changes" in loaded
    assert "fr_check.sources.lcov" in loaded
    assert not loaded & {"hashlib", "_hashlib", "fractions", "decimal", "fr_check.sources.python_certain"}


def test_coverage_loads_of_javascript_no_more_than_tokens(small: Path):
    (small / "package.json").write_text('{"scripts": {"test": "vitest --coverage"}}\n')
    loaded = modules("coverage", "--root", str(small))
    assert not loaded & {"fr_check.sources.javascript.reads", "fr_check.sources.javascript.handling"}


def test_a_policy_is_only_read_where_one_is_written(small: Path):
    assert "fr_check.policy.tables" not in modules("coverage", "--root", str(small))
    (small / ".fr-check.toml").write_text('ignore = ["unwired-gate"]\n')
    assert "fr_check.policy.tables" in modules("coverage", "--root", str(small))


def test_a_rule_of_another_checker_is_known_without_loading_it(small: Path):
    (small / ".fr-check.toml").write_text('ignore = ["rewound-pointer"]\n')
    (small / "ci.py").write_text("# fr-check: ignore[dead-build-arg] why\nCOVERAGE_THRESHOLD = 90\n")
    assert packages(modules("coverage", "--root", str(small))) == {"fr_check.coverage_gate"}


def test_tables_are_only_loaded_to_be_shown(small: Path):
    assert "fr_check.report.tables" not in modules("coverage", "--root", str(small))
    assert "fr_check.report.tables" in modules("coverage", "--facts", "--root", str(small))


GIT_COUNTER = """
import sys
from fr_check.repository import process
ran = []
child = process.Child.__init__
def counted(self, argv, environment):
    ran.append(next(word for word in argv if word in {"rev-parse", "ls-files", "merge-base", "ls-tree", "cat-file"}))
    child(self, argv, environment)
process.Child.__init__ = counted
from fr_check.app.entry import _status
_status()
sys.stdout.flush()
print("\\n" + " ".join(ran))
"""


def commands(*arguments: str) -> list[str]:
    """The git commands that a run starts, sorted: some are started side by side."""
    done = subprocess.run([sys.executable, "-c", GIT_COUNTER, *arguments], capture_output=True, text=True, check=True)
    return sorted(done.stdout.splitlines()[-1].split())


def test_git_is_asked_once_for_each_listing_and_reads_no_file_that_did_not_change(small: Path):
    looked = ["ls-files", "ls-tree", *["merge-base"] * 3, "rev-parse"]
    assert commands("coverage", "--root", str(small)) == looked
    (small / "pyproject.toml").write_text('[tool.pytest.ini_options]\naddopts = "--cov=src --cov-fail-under=80"\n')
    assert commands("coverage", "--root", str(small)) == ["cat-file", *looked]


def test_a_base_is_only_looked_for_by_who_compares(small: Path):
    assert commands("dockerfile-args", "--root", str(small)) == ["ls-files", "rev-parse"]


# How many of our modules each command loads of the sample project, and a few more: each costs 0.3 ms.
MODULES = {
    "submodule-sync": 103,
    "dockerfile-args": 246,
    "env-keys": 341,
    "coverage": 238,
    "all": 531,
    "matrix": 366,
    "trace SECRET_KEY": 364,
}


@pytest.mark.parametrize(("command", "most"), MODULES.items())
def test_a_command_loads_no_more_modules_than_it_needs(command: str, most: int, sample: str):
    loaded = modules(*command.split(), "--root", sample)
    assert len([name for name in loaded if name.startswith("fr_check")]) <= most


def test_a_check_loads_nothing_that_edits(sample: str):
    assert not [name for name in modules("all", "--root", sample) if name.startswith("fr_check.edits.")]


CLOSURES = {"coverage_gate.rules.unwired_gate": 50, "dockerfile_args.rules.undeclared_build_arg": 60}


@pytest.mark.parametrize(("module", "most"), CLOSURES.items())
def test_a_rule_loads_what_it_compares_and_no_reader(module: str, most: int):
    probe = f"import sys, fr_check.{module}; print(sum(name.startswith('fr_check') for name in sys.modules))"
    done = subprocess.run([sys.executable, "-c", probe], capture_output=True, text=True, check=True)
    assert int(done.stdout) <= most


def test_what_several_checkers_ask_for_is_read_once(monkeypatch: pytest.MonkeyPatch):
    from fr_check.builds import compose_sets, workflows

    asked: list[str] = []
    for module in (workflows, compose_sets):

        def counted(
            *arguments: object, load: Callable[..., object] = module.load, name: str = module.__name__
        ) -> object:
            asked.append(name)
            return load(*arguments)

        monkeypatch.setattr(module, "load", counted)
    files = {
        "compose.yml": "services:\n  a:\n    build: .\n    environment: {A: b}\n",
        "Dockerfile": "FROM python\nCMD python -m a\n",
        "a.py": "import os\nos.environ['A']\n",
        ".env.example": "A=1\n",
        ".github/workflows/a.yml": STEPS.format("docker compose build"),
    }
    engine.run(Context(Memory(files), Config(), None), [load_checker(name) for name in CHECKERS])
    assert sorted(asked) == [compose_sets.__name__, workflows.__name__]
