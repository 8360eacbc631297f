"""covdefaults, a plugin of coverage that measures branches, excludes by pragmas, and demands 100% by itself."""

from __future__ import annotations

import pytest

from fr_check.core import engine
from fr_check.core.config import Config
from fr_check.core.context import Context
from fr_check.core.repository import Memory
from fr_check.core.text import Text
from fr_check.coverage_gate.checker import CHECKER
from fr_check.sources.thresholds import coverage_config

INI = "[run]\nplugins = covdefaults\n"
TOML = '[tool.coverage.run]\nplugins = ["covdefaults"]\n'
WORKFLOW = "on: [push]\njobs:\n  test:\n    runs-on: ubuntu-latest\n    steps:\n      - run: coverage run -m pytest\n{}"


def rules(files: dict[str, str], base: dict[str, str] | None = None) -> list[str]:
    context = Context(Memory(files), Config(), Memory(base) if base is not None else None)
    return [item.rule for item in engine.run(context, [CHECKER])[0].findings]


@pytest.mark.parametrize(
    ("name", "content", "limit", "branch"),
    [
        (".coveragerc", INI, 100, True),
        (".coveragerc", INI + "[report]\nfail_under = 0\n", 100, True),
        (".coveragerc", INI + "[report]\nfail_under = 90\n", 90, True),
        (".coveragerc", "[run]\nbranch = false\nplugins =\n    other\n    covdefaults\n", 100, True),
        ("pyproject.toml", TOML, 100, True),
        ("setup.cfg", "[coverage:run]\nplugins = other, covdefaults\n", 100, True),
        (".coveragerc", "[run]\nplugins = other\n", None, False),
    ],
)
def test_what_the_plugin_sets(name: str, content: str, limit: float | None, branch: bool):  # noqa: FBT001 - a case
    config = coverage_config.parse(Text(content, name))
    assert (config.fail_under.value if config.fail_under is not None else None, config.branch_on) == (limit, branch)


def test_pragmas_and_branches_are_not_doubted():
    source = {"src/a.py": "def f():  # pragma: no cover\n    return 1\n"}
    config = INI + "source = src\n[report]\nexclude_lines = raise NotImplementedError\n"
    report = WORKFLOW.format("      - run: coverage report\n")
    assert rules({".coveragerc": config, ".github/workflows/ci.yml": report, **source}) == []


def test_the_plugins_number_is_a_gate_and_contradicts_nobody():
    assert "unwired-gate" in rules({".coveragerc": INI, ".github/workflows/ci.yml": WORKFLOW.format("")})
    own = WORKFLOW.format("      - run: coverage report --fail-under=85\n")
    assert "contradicting-threshold" not in rules({".coveragerc": INI, ".github/workflows/ci.yml": own})
    assert "lowered-threshold" in rules({".coveragerc": "[run]\nbranch = true\n"}, {".coveragerc": INI})
