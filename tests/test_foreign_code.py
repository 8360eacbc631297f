"""Whose code is run: never the checked repository's, whatever PYTHONPATH and the working folder say."""

from __future__ import annotations

import os
import subprocess
import sys
import zipfile
from pathlib import Path

import click
import coverage
import pytest
import tomli
import yaml

import fr_check
from _fr_check_start import trusted
from fr_check.app.demo import build

CONSOLE = (os.fspath(Path(sys.executable).with_name("fr-check")),)
MODULE = (sys.executable, "-I", "-m", "fr_check")
HERE = Path(fr_check.__file__).resolve().parent.parent
# Ours, those of libraries that a run needs or may need, and Python's own.
NAMES = [
    "checkers", "fr_check", "yaml", "click", "tomli", "ast", "json",
    "_yaml", "coverage", "libcst", "hcl2", "typing", "subprocess", "difflib", "fnmatch", "hashlib", "unicodedata",
]  # fmt: skip
PLANTED = "import sys\nprint('CODE OF THE REPOSITORY')\nprint('CODE OF THE REPOSITORY', file=sys.stderr)\n"


@pytest.fixture(scope="module")
def sample(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return Path(build(str(tmp_path_factory.mktemp("sample") / "built")).root)


def report(command: tuple[str, ...], folder: Path, **variables: str) -> tuple[int, bytes, bytes]:
    environment = {name: value for name, value in os.environ.items() if not name.startswith("PYTHON")}
    done = subprocess.run(
        [*command, "all", "--base", "HEAD^", "--format", "json"],
        cwd=folder,
        env={**environment, **variables},
        capture_output=True,
        check=False,
    )
    return done.returncode, done.stdout, done.stderr


def plant(folder: Path, name: str) -> None:
    """Code under a name that fr-check imports; git does not list it, so that the repository is the same with it."""
    (folder / ".git" / "info" / "exclude").write_text("*\n")
    (folder / name).mkdir(parents=True)
    (folder / name / "__init__.py").write_text(PLANTED)
    (folder / name / "__main__.py").write_text(PLANTED)


@pytest.fixture(params=[CONSOLE, MODULE], ids=["script", "module"])
def command(request: pytest.FixtureRequest) -> tuple[str, ...]:
    return request.param


@pytest.fixture
def repository(sample: Path, tmp_path: Path) -> Path:
    """A repository of its own for each test, at a place that no report names."""
    subprocess.run(["cp", "-r", sample.parent, tmp_path / "copy"], check=True)
    return tmp_path / "copy" / "project"


@pytest.mark.parametrize("name", NAMES)
def test_the_report_is_the_same_with_code_of_that_name(command: tuple[str, ...], repository: Path, name: str):
    wanted = report(command, repository)
    assert (wanted[0], wanted[2]) == (1, b"")
    plant(repository, name)
    assert report(command, repository, PYTHONPATH=".") == wanted


@pytest.mark.parametrize("given", ["", ":", "..", "../project:", "src", "{folder}", "{folder}/../project", "./src:."])
def test_however_pythonpath_names_the_folder(command: tuple[str, ...], repository: Path, given: str):
    wanted = report(command, repository)
    for folder in (repository, repository / "src", repository.parent):
        (folder / ".git" / "info").mkdir(parents=True, exist_ok=True)
        plant(folder, "yaml")
        plant(folder, "fr_check")
    for folder in (repository / "src", repository.parent):
        subprocess.run(["rm", "-r", folder / ".git"], check=True)
    assert report(command, repository, PYTHONPATH=given.format(folder=repository)) == wanted


def test_the_module_form_without_isolation_takes_no_library_of_the_repository(repository: Path):
    wanted = report(MODULE, repository)
    for name in ("yaml", "click", "ast", "json"):
        plant(repository, name)
    plain = (sys.executable, "-m", "fr_check")
    assert report(plain, repository) == wanted
    assert report(plain, repository, PYTHONPATH=".") == wanted
    assert report(CONSOLE, repository, PYTHONPATH=".", PYTHONSAFEPATH="1") == wanted


def test_a_working_folder_that_is_gone_is_no_place_to_import_from(tmp_path: Path):
    gone = tmp_path / "gone"
    gone.mkdir()
    script = f"rmdir {gone} && exec {CONSOLE[0]} --version"
    environment = {**os.environ, "PYTHONPATH": os.fspath(tmp_path)}
    done = subprocess.run(["sh", "-c", script], cwd=gone, env=environment, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout) == (0, f"fr-check, version {fr_check.__version__}\n")


def link(folder: Path, *sources: Path) -> None:
    folder.mkdir(exist_ok=True)
    for source in sources:
        (folder / source.name).symlink_to(source)


LIBRARIES = [Path(module.__file__).parent for module in (click, coverage, tomli, yaml) if module.__file__]
# What mypyc compiles shares a module at the top.
LIBRARIES += LIBRARIES[0].parent.glob("*__mypyc*.so")
TARGET_SCRIPT = "import sys\nfrom _fr_check_start import run\nsys.exit(run())\n"


@pytest.mark.parametrize("parts", [1, 2], ids=["pip --target", "a folder each"])
def test_an_installation_that_pythonpath_names_is_one(repository: Path, tmp_path: Path, parts: int):
    """`pip install --target`, and environments that name each library's folder, as Nix and Bazel make them."""
    wanted = report(CONSOLE, repository)
    for name in ("yaml", "json", "fr_check"):
        plant(repository, name)
    target, other = tmp_path / "target", tmp_path / ("target" if parts == 1 else "other")
    link(target, HERE / "fr_check", HERE / "_fr_check_start.py")
    link(other, *LIBRARIES)
    (other / "click-8.1.7.dist-info").mkdir()
    (target / "bin").mkdir()
    (target / "bin" / "fr-check").write_text(TARGET_SCRIPT)
    (target / "bin" / "ast.py").write_text(PLANTED)
    path = os.pathsep.join([".", os.fspath(target), os.fspath(other)])
    # -S: nothing else is installed.
    started = (sys.executable, "-S", os.fspath(target / "bin" / "fr-check"))
    assert report(started, repository, PYTHONPATH=path) == wanted


def test_a_zip_of_it_runs_its_own_code(repository: Path, tmp_path: Path):
    archive = tmp_path / "fr-check.pyz"
    with zipfile.ZipFile(archive, "w") as file:
        file.writestr("__main__.py", TARGET_SCRIPT)
        for folder in (HERE / "fr_check", *LIBRARIES[:1]):
            for path in folder.rglob("*.py"):
                file.write(path, os.fspath(path.relative_to(folder.parent)))
        file.write(HERE / "_fr_check_start.py", "_fr_check_start.py")
    for name in ("click", "fr_check", "json"):
        plant(repository, name)
    environment = {**os.environ, "PYTHONPATH": f".{os.pathsep}{archive}"}
    command = [sys.executable, "-S", archive, "--version"]
    done = subprocess.run(command, cwd=repository, env=environment, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout, done.stderr) == (0, f"fr-check, version {fr_check.__version__}\n", "")


def test_what_is_installed_stays_in_its_order_and_ours_stands_first_behind_the_library():
    library = os.path.dirname(os.__file__)
    # An editable installation has the first module in site-packages, and the package in the checkout.
    ours = os.path.dirname(os.path.abspath(str(sys.modules[trusted.__module__].__file__)))
    path = ["/script", "/named", library, "/site", "/project", ours]
    assert trusted(path, ("/script", "/named")) == [library, ours, "/site", "/project"]
    assert trusted([*path, os.getcwd(), ""], ()) == ["/script", "/named", library, ours, "/site", "/project"]
