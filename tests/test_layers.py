"""Which package may import which: arrows go down only, and no checker knows another (docs/architecture.md)."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

import fr_check

ROOT = Path(fr_check.__file__).parent
# From the ground up: a package imports itself, those of lower rows, and of its own row those that `BESIDE` names.
ROWS = (
    ("core",),
    ("sources", "edits"),
    ("repository", "policy", "report"),
    ("runs",),
    ("builds",),
    ("variables",),
    ("env_keys", "dockerfile_args", "submodule_sync", "coverage_gate", "hygiene"),
    ("history", "fixes"),
    ("app",),
)
BESIDE = {("edits", "sources"), ("fixes", "history")}
LEVEL = {package: level for level, row in enumerate(ROWS) for package in row}
FILES = sorted(ROOT.rglob("*.py"))


def package_of(path: Path) -> str | None:
    """The package of a module of ours; None for the modules beside the packages."""
    parts = path.relative_to(ROOT).parts
    return parts[0] if len(parts) > 1 else None


def imported(path: Path) -> set[str]:
    """The packages of ours that a module imports, for type checkers or when it runs."""
    found = set()
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        names = [node.module or ""] if isinstance(node, ast.ImportFrom) else []
        if isinstance(node, ast.ImportFrom) and node.module == "fr_check":
            names = [f"fr_check.{alias.name}" for alias in node.names]
        if isinstance(node, ast.Import):
            names = [alias.name for alias in node.names]
        found |= {parts[1] for parts in (name.split(".") for name in names) if parts[0] == "fr_check" and parts[1:]}
    return found & LEVEL.keys()


def upward(package: str, other: str) -> bool:
    return package != other and LEVEL[other] >= LEVEL[package] and (package, other) not in BESIDE


@pytest.mark.parametrize("package", sorted({found for path in FILES if (found := package_of(path))} - {"_sample"}))
def test_a_package_imports_only_what_stands_below_it(package: str):
    wrong = {
        f"{path.relative_to(ROOT)} imports {other}"
        for path in FILES
        if package_of(path) == package
        for other in imported(path)
        if upward(package, other)
    }
    assert not wrong


MODULES = {
    ".".join(("fr_check", *path.relative_to(ROOT).with_suffix("").parts)).removesuffix(".__init__"): path
    for path in FILES
    if path.stat().st_size
}
# What someone has to open who reads a rule and follows every name it imports, for type checkers or when it runs.
OPENED = {"coverage_gate.rules.unwired_gate": 50, "dockerfile_args.rules.undeclared_build_arg": 60}


def opened_by(module: str) -> set[str]:
    """The modules of ours that the statements at the top of a module import."""
    found: set[str] = set()
    waiting = list(ast.parse(MODULES[module].read_text("utf-8")).body)
    for node in waiting:
        if isinstance(node, ast.If):
            waiting += node.body
        if isinstance(node, ast.ImportFrom) and node.module:
            found |= {node.module, *(f"{node.module}.{alias.name}" for alias in node.names)}
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
    return found & MODULES.keys()


@pytest.mark.parametrize(("rule", "most"), OPENED.items())
def test_a_rule_is_read_without_opening_the_readers_of_what_it_compares(rule: str, most: int):
    waiting = [f"fr_check.{rule}"]
    for module in waiting:
        waiting += sorted(opened_by(module) - set(waiting))
    assert len(waiting) <= most, "\n".join(waiting)


# Whose words the kinds are that any text may be.
_OF_OTHERS = {
    "submodule_sync/pointers/standing.py": "git's types of objects",
    "sources/gotemplate/lexer.py": "Go's tokens",
    "sources/gotemplate/nodes.py": "Go's operands",
    "sources/hcl.py": "whatever a file calls its blocks",
    "sources/python_names.py": "joined of two words: `make:reader`",
    "sources/thresholds/literals.py": "the groups of a pattern",
    "variables/places.py": "Compose's types of mounts",
    "core/model.py": "words for people",
    "env_keys/apps/model.py": "words for people",
}


def test_a_kind_is_one_of_some_words_to_a_type_checker():
    bare = set()
    for path in FILES:
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            named = isinstance(node, ast.AnnAssign) and ast.unparse(node.target) == "kind"
            if named and ast.unparse(node.annotation) in {"str", "str | None"}:
                bare.add(str(path.relative_to(ROOT)))
    assert bare == _OF_OTHERS.keys()
