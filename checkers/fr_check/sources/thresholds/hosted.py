"""Thresholds that a service or a separate tool judges: Codecov, octocov, Coveralls, diff-cover, coverage-threshold.

SonarQube's and Coveralls' limits are kept on their servers; their files hold none (`service` says which speaks).
"""

from __future__ import annotations

from fr_check.core.patterns import pattern
from fr_check.core.record import NamedTuple
from fr_check.sources import toml_places, yaml_tree
from fr_check.sources.thresholds import model
from fr_check.sources.thresholds.model import Declared, Setting, number
from fr_check.sources.yaml_tree import Scalar, entries, get, string

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from fr_check.core.model import Problem
    from fr_check.core.text import Text
    from fr_check.sources.thresholds.model import Kind, Metric
    from fr_check.sources.yaml_tree import Node

NAMES = frozenset(
    {"codecov.yml", ".codecov.yml", ".codecov.yaml", "codecov.yaml", ".octocov.yml", "octocov.yml", ".testcoverage.yml"}
)
_CURRENT = pattern(r"\bcurrent\s*>=?\s*(?P<value>\d+(?:\.\d+)?)\s*%?")


class Hosted(NamedTuple):
    """What one file says. `settings` hold what bears on the gates: `informational`, `auto` targets."""

    declared: tuple[Declared, ...] = ()
    settings: tuple[Setting, ...] = ()
    problems: tuple[Problem, ...] = ()


def parse(text: Text) -> Hosted:
    """Reads codecov.yml, .octocov.yml or .testcoverage.yml by its name."""
    document = text.parsed(yaml_tree.parse)
    root = document.root
    name = text.path.rsplit("/", 1)[-1]
    if "octocov" in name:
        return Hosted(tuple(_octocov(get(root, "coverage", "acceptable"))), (), document.problems)
    if "testcoverage" in name:
        return Hosted(tuple(_testcoverage(root)), (), document.problems)
    declared: list[Declared] = []
    settings: list[Setting] = []
    of_status: dict[str, Metric] = {"project": model.ANY, "patch": model.PATCH}
    for status, metric in of_status.items():
        for part, node in entries(get(root, "coverage", "status", status)).items():
            _codecov(part, node.value, metric, declared, settings)
        misplaced: list[Declared] = []
        for part, node in entries(get(root, "status", status)).items():
            _codecov(part, node.value, metric, misplaced, settings)
        ignored = (one for one in misplaced if one.kind == model.GATE)
        declared += (one._replace(kind=model.IGNORED, part="", instead="below `coverage.status`") for one in ignored)
    return Hosted(tuple(declared), tuple(settings), document.problems)


def _codecov(part: str, node: Node, metric: Metric, declared: list[Declared], settings: list[Setting]) -> None:
    """One status; `target: auto` compares with the base and is no number, `informational` never fails."""
    target = get(node, "target")
    if not isinstance(target, Scalar):
        return
    informational = string(get(node, "informational")) in {"true", "True", "yes", "on"}
    value = number(target.value.strip().removesuffix("%"))
    if value is None:
        settings.append(Setting("target", target.value, target.span))
        return
    kind: Kind = model.REPORT_ONLY if informational or not value else model.GATE
    name = "" if part == "default" else part
    declared.append(Declared(value, metric, kind, "codecov", f"target: {target.value}", target.span, name))


def _octocov(node: Node | None) -> Iterator[Declared]:
    if not isinstance(node, Scalar):
        return
    plain = number(node.value.strip().removesuffix("%"))
    if plain is not None:
        yield Declared(plain, model.ANY, model.GATE, "octocov", f"acceptable: {node.value}", node.span)
    current = _CURRENT.search(node.value)
    if current:
        span = node.locate(current.start(), current.end())
        yield Declared(number(current["value"]), model.ANY, model.GATE, "octocov", current[0], span)


def _testcoverage(root: Node | None) -> Iterator[Declared]:
    for key in ("file", "package", "total"):
        node = get(root, "threshold", key)
        value = number(string(node) or "")
        if node is not None and value:
            part = "" if key == "total" else f"each {key}"
            yield Declared(value, model.ANY, model.GATE, "go-test-coverage", f"{key}: {string(node)}", node.span, part)


def pyproject(text: Text) -> Hosted:
    """pyproject.toml's `[tool.diff_cover]` and `[coverage-threshold]`."""
    document = text.parsed(toml_places.parse)
    declared = []
    fail_under = number(document.get("tool", "diff_cover", "fail_under"))
    span = document.span("tool", "diff_cover", "fail_under")
    if fail_under is not None and span is not None:
        written = f"fail_under = {model.shown(fail_under).removesuffix('%')}"
        declared.append(Declared(fail_under, model.PATCH, model.GATE, "diff-cover", written, span))
    keys: tuple[tuple[str, Metric], ...] = (("line", model.LINE), ("branch", model.BRANCH), ("combined", model.BLENDED))
    for prefix, metric in keys:
        for stem, part in ((f"{prefix}_coverage_min", ""), (f"file_{prefix}_coverage_min", "each file")):
            value, where = number(document.get("coverage-threshold", stem)), document.span("coverage-threshold", stem)
            if value is not None and where is not None:
                written = f"{stem} = {model.shown(value).removesuffix('%')}"
                declared.append(Declared(value, metric, model.GATE, "coverage-threshold", written, where, part))
    return Hosted(tuple(declared))
