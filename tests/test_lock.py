"""What development installs is locked: each dependency, at a version that pyproject.toml allows, with hashes alone."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

ROOT = Path(__file__).resolve().parent.parent
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))
LOCKS = sorted((ROOT / "requirements").glob("*.txt"))
TESTED = ("build", "test")
# Each Python that the lock is for; it is one resolution for all of them.
PYTHONS = ("3.11", "3.12", "3.13", "3.14")


def entries(path: Path) -> list[str]:
    """The requirements of a lock, each with its hashes on one line."""
    return [
        entry
        for entry in path.read_text("utf-8").replace("\\\n", " ").splitlines()
        if entry.strip() and not entry.lstrip().startswith("#")
    ]


def wanted(groups: tuple[str, ...]) -> list[Requirement]:
    """What the project itself, its extras and these groups ask for."""
    project = PROJECT["project"]
    listed = [
        *project["dependencies"],
        *(item for extra in project.get("optional-dependencies", {}).values() for item in extra),
    ]
    for group in groups:
        listed += [item for item in PROJECT["dependency-groups"][group] if isinstance(item, str)]
    return [Requirement(item) for item in listed]


def pinned(name: str, python: str) -> dict[str, str]:
    """Distribution -> version that a lock gives one Python on Linux."""
    versions: dict[str, str] = {}
    for entry in entries(ROOT / "requirements" / name):
        requirement = Requirement(entry.partition(" --hash")[0])
        here = {"python_version": python, "python_full_version": f"{python}.5", "sys_platform": "linux"}
        if requirement.marker is None or requirement.marker.evaluate({**here, "platform_machine": "x86_64"}):
            (specifier,) = requirement.specifier
            assert specifier.operator == "=="
            versions[canonicalize_name(requirement.name)] = specifier.version
    return versions


@pytest.mark.parametrize("path", LOCKS, ids=lambda path: path.name)
def test_a_lock_names_files_by_hash_and_no_place_to_get_them_from(path: Path):
    for entry in entries(path):
        assert re.fullmatch(r"[A-Za-z0-9._-]+==\S+( ; .*?)?(\s+--hash=sha256:[0-9a-f]{64})+", entry), entry
    assert not re.search(r"://|--(extra-)?index|--find-links|@ ", path.read_text("utf-8"))


@pytest.mark.parametrize("python", PYTHONS)
@pytest.mark.parametrize("name", ["lock.txt", "lowest.txt"])
def test_a_lock_satisfies_the_project(name: str, python: str):
    groups = TESTED if name == "lowest.txt" else tuple(PROJECT["dependency-groups"])
    versions = pinned(name, python)
    unmet = [
        str(requirement)
        for requirement in wanted(groups)
        if (version := versions.get(canonicalize_name(requirement.name))) is None
        or not requirement.specifier.contains(version)
    ]
    assert unmet == [], "run `make lock UPGRADE=`"


def test_the_lowest_versions_are_the_lowest():
    versions = pinned("lowest.txt", "3.11")
    for requirement in wanted(TESTED):
        (lower,) = [item.version for item in requirement.specifier if item.operator in {">=", "=="}]
        given = versions[canonicalize_name(requirement.name)]
        assert re.fullmatch(rf"{re.escape(lower)}(\.0)*", given), f"{requirement} is tried at {given}"


def test_every_group_is_locked():
    (listed,) = re.findall(r"^GROUPS := (.*)$", (ROOT / "Makefile").read_text("utf-8"), re.MULTILINE)
    assert {*listed.split(), "dev"} == set(PROJECT["dependency-groups"])


def test_the_selection_names_tests_that_exist():
    listed = (ROOT / "tests" / "selection.txt").read_text("utf-8").splitlines()
    assert [line for line in listed if not (ROOT / line).exists()] == []
