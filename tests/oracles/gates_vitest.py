"""Configurations of vitest: each major version with what differs in it, and some of what does not."""

from __future__ import annotations

import itertools
import json
from pathlib import Path

from oracles.gates_model import Configuration
from oracles.gates_sources import MODULE, VITEST_TEST

# The major versions, each as it is locked.
TOOLS = Path(__file__).parent / "coverage_tools"
VERSIONS = {
    int(path.parent.name.rpartition("-")[2]): json.loads(path.read_text())["dependencies"]["vitest"]
    for path in sorted(TOOLS.glob("vitest-*/package.json"))
}
COVER = "vitest run --coverage"


def _vitest(inside: str, *, top: str = "", where: str = "src/**") -> str:
    return "export default { test: { coverage: { provider: 'v8', include: ['%s'], %s }, %s } }\n" % (where, inside, top)  # noqa: UP031 - braces are those of JavaScript


THRESHOLDS = [
    "thresholds: { lines: 90 }",
    "lines: 90",
    "thresholds: { functions: 90, lines: 10 }",
    "thresholds: { 100: true }",
    "100: true",
    "thresholds: { lines: 10 }",
    "thresholds: { global: { lines: 90 } }",
    "threshold: { lines: 90 }",
    "thresholds: { 'src/**': { lines: 90 } }",
    "thresholds: { 'src/**': { 100: true } }",
    "thresholds: { lines: 0 }",
    "thresholds: { lines: -1000 }",
    "thresholds: { perFile: true, statements: 90 }",
    "enabled: false, thresholds: { lines: 90 }",
]
VITEST_COMMANDS = [
    "vitest run",
    "vitest --coverage",
    "vitest run --coverage.enabled",
    "vitest run --coverage.enabled=true",
    "vitest run --coverage.enabled=false",
    "vitest run --coverage=false",
    "vitest run --no-coverage",
    "vitest run --coverage.reporter=text",
    "vitest run --coverage --coverage.thresholds.lines=10",
    "vitest run --coverage --coverage.thresholds.lines 10",
    "vitest run --coverage --coverage.thresholds.branches=10",
    "vitest run --coverage --coverage.thresholds.lines=0",
    "vitest run --coverage --coverage.thresholds.100",
    "vitest run --coverage --coverage.lines=10",
    "vitest run --coverage --config other.js",
    "vitest run --coverage -c other.js",
    "vitest run --coverage --config=other.js",
    "cd pkg\nvitest run --coverage",
    "vitest run --coverage --root pkg",
    "vitest run --coverage -r pkg",
    "vitest run --coverage | tee log",
]


def vitest() -> list[Configuration]:
    """Vitest, each major version with what differs in it and some of what does not."""
    found = []

    def add(major: int, name: str, files: dict[str, str], command: str = COVER) -> None:
        version = {"type": "module", "private": True, "devDependencies": {"vitest": f"^{VERSIONS[major]}"}}
        base = {"package.json": json.dumps(version), "src/half.js": MODULE, "half.test.js": VITEST_TEST}
        found.append(Configuration(f"vitest-{major}", name, {**base, **files}, command))

    package = {"pkg/package.json": '{"type": "module"}', "pkg/src/half.js": MODULE, "pkg/half.test.js": VITEST_TEST}
    everywhere = {"where": "**/src/**"}
    for major in VERSIONS:
        gate = "lines: 90" if major == 0 else "thresholds: { lines: 90 }"
        for inside in THRESHOLDS:
            add(major, inside, {"vitest.config.js": _vitest(inside)})
        add(major, "enabled", {"vitest.config.js": _vitest(f"enabled: true, {gate}")}, "vitest run")
        add(major, "found above", {**package, "vitest.config.js": _vitest(gate, **everywhere)}, f"cd pkg\n{COVER}")
        add(major, "--root", {**package, "pkg/vitest.config.js": _vitest(gate)}, f"{COVER} --root pkg")
        if major < 4:
            gathered = {**package, "vitest.workspace.js": "export default ['pkg']\n"}
            own = {"pkg/vitest.config.js": _vitest(gate), "vitest.config.js": _vitest("", **everywhere)}
            add(major, "of a project of the workspace", {**gathered, **own})
            whole = {"pkg/vitest.config.js": _vitest(""), "vitest.config.js": _vitest(gate, **everywhere)}
            add(major, "of the whole workspace", {**gathered, **whole})
        if major > 2:
            gathering = _vitest("", top="projects: ['pkg']", **everywhere)
            add(
                major, "of a project", {**package, "vitest.config.js": gathering, "pkg/vitest.config.js": _vitest(gate)}
            )
            gathering = _vitest(gate, top="projects: ['pkg']", **everywhere)
            add(
                major,
                "of all projects",
                {**package, "vitest.config.js": gathering, "pkg/vitest.config.js": _vitest("")},
            )
            inline = "projects: [{ test: { name: 'a', root: 'pkg', coverage: { %s } } }]" % gate  # noqa: UP031
            add(major, "of a project in place", {**package, "vitest.config.js": _vitest("", top=inline, **everywhere)})
    for major in (1, 5):
        gate = "thresholds: { lines: 90 }"
        others = {
            **package,
            "vitest.config.js": _vitest(gate),
            "other.js": _vitest(""),
            "pkg/vitest.config.js": _vitest(""),
        }
        for command in VITEST_COMMANDS:
            add(major, f"{gate} and {command!r}", others, command)
        pairs = itertools.combinations(["vitest.config.ts", "vitest.config.mjs", "vite.config.ts", "vite.config.js"], 2)
        for one, two in pairs:
            add(major, f"{one} before {two}?", {one: _vitest(""), two: _vitest(gate)})
            add(major, f"{two} after {one}?", {one: _vitest(gate), two: _vitest("")})
    return found
