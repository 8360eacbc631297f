"""What fr-check says of public repositories, against a table of findings judged by hand: precision and recognition.

    python -m benchmarks.field CLONES [--checker env-keys] [--table benchmarks/field/env-keys.tsv] [--show]

CLONES is a folder of clones, one a repository, named `owner+name`. The table has a line for each block of findings
that was read and judged: repository, commit, severity, rule, path, subject, verdict; and, where a table holds several
checkers, the checker, and the reason of the verdict; in one also the round in which the block was first seen. A block
is what the report shows as one: findings of one rule, severity, file and group; its subject is the first name in it.
The verdict is `useful` (true, and worth an action), `useless` (true, and nobody would act on it) or `false`. Blocks
that no line judges are counted and, with `--show`, listed in the form of the table, to be judged; lines without a
block are counted.
"""

from __future__ import annotations

import argparse
import csv
import json
import subprocess
import sys
import time
from collections import Counter
from pathlib import Path
from typing import NamedTuple

TABLE = Path(__file__).with_name("field") / "env-keys.tsv"
VERDICTS = ("useful", "useless", "false")
SECONDS = 2.0


class Block(NamedTuple):
    """One block of findings: the columns of the table up to the verdict."""

    repository: str
    commit: str
    severity: str
    rule: str
    path: str
    subject: str


class Run(NamedTuple):
    """What one run said: its blocks, whether anything was looked at, its status and how long it took (seconds)."""

    blocks: list[Block]
    looked: bool
    status: int
    seconds: float


def judge(clone: Path, checker: str) -> Run:
    """Runs fr-check on a clone, without any configuration."""
    start = time.perf_counter()
    command = [sys.executable, "-m", "fr_check", checker, "--root", str(clone), "--format", "json"]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    seconds = time.perf_counter() - start
    if done.returncode not in {0, 1, 3}:
        raise SystemExit(f"{clone.name}: status {done.returncode}: {done.stderr[:300]}")
    report = json.loads(done.stdout)
    commit = subprocess.run(["git", "-C", clone, "rev-parse", "HEAD"], capture_output=True, text=True, check=True)
    found: dict[tuple[str, ...], Block] = {}
    for finding in report["findings"]:
        if finding["severity"] != "info":
            path = finding["location"]["path"]
            key = (finding["severity"], finding["rule"], path, finding["group"] or finding["subject"])
            named = (finding["severity"], finding["rule"], path, finding["subject"])
            found.setdefault(key, Block(clone.name, commit.stdout.strip(), *named))
    counts = report["facts"].get(checker, {})
    return Run(list(found.values()), any(counts.values()), done.returncode, seconds)


def read(table: Path, checker: str) -> dict[Block, str]:
    """The judged blocks of a checker, by all but the verdict; a table without the column is of the checker alone."""
    lines = table.read_text("utf-8").splitlines() if table.exists() else []
    judged = {}
    for row in csv.DictReader(lines, delimiter="\t", quoting=csv.QUOTE_NONE):
        if row["verdict"] not in VERDICTS:
            raise SystemExit(f"{table}: {row['verdict']!r} is no verdict: {row}")
        if row.get("checker", checker) == checker:
            judged[Block(*(row[name] for name in Block._fields))] = row["verdict"]
    return judged


def main() -> None:
    """Prints the figures."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("clones", type=Path)
    parser.add_argument("--table", type=Path, default=TABLE)
    parser.add_argument("--checker", default="env-keys")
    parser.add_argument("--show", action="store_true", help="list the blocks that nobody judged")
    asked = parser.parse_args()
    judged = read(asked.table, asked.checker)
    clones = sorted(path for path in asked.clones.iterdir() if (path / ".git").exists())
    runs = {clone.name: judge(clone, asked.checker) for clone in clones}
    blocks = [block for run in runs.values() for block in run.blocks]
    _precision(blocks, judged)
    _repositories(runs)
    open_ = [block for block in blocks if block not in judged]
    gone = [block for block in judged if block.repository in runs and block not in set(blocks)]
    print(f"{len(open_)} blocks not judged, {len(gone)} judged ones not found any more")
    for block in open_ if asked.show else ():
        print("\t".join((*block, "?")))


def _precision(blocks: list[Block], judged: dict[Block, str]) -> None:
    for title, key in (("severity", "severity"), ("rule", "rule")):
        counted: dict[str, Counter[str]] = {}
        for block in blocks:
            if block in judged:
                counted.setdefault(getattr(block, key), Counter())[judged[block]] += 1
        print(f"{title:<26}{'blocks':>8}{'true':>8}{'useful':>8}")
        for name, verdicts in sorted(counted.items()):
            total = verdicts.total()
            true = total - verdicts["false"]
            print(f"{name:<26}{total:>8}{true / total:>8.0%}{verdicts['useful'] / total:>8.0%}")


def _repositories(runs: dict[str, Run]) -> None:
    looked = sum(run.looked for run in runs.values())
    print(f"{looked} of {len(runs)} repositories have something to look at")
    print(f"status 3: {', '.join(name for name, run in runs.items() if run.status == 3) or 'none'}")
    slow = [f"{name} {run.seconds:.1f}" for name, run in runs.items() if run.seconds > SECONDS]
    print(f"longer than {SECONDS} s: {', '.join(slow) or 'none'}")


if __name__ == "__main__":
    main()
