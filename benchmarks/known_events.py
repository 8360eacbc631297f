"""Whether the known events of a repository's past are found: `python -m benchmarks.known_events REPOSITORY`.

The events of `field/events.tsv` were read by eye in the diffs: thresholds that were lowered or taken away, exclusions
that grew, a gate that came loose, numbers that began to disagree. Each commit is judged as its author would have been
told, `fr-check coverage --rev C --base C^`; what is a state must be new in it. Prints each event, and how many were
found; 1 where one was not.
"""

from __future__ import annotations

import argparse
import csv
import json
import subprocess
import sys
from functools import cache
from pathlib import Path

EVENTS = Path(__file__).parent / "field" / "events.tsv"
# What these find is an event of the commit by itself; of the other rules it is a state, which must be new.
_OF_A_CHANGE = frozenset({"lowered-threshold", "grown-exclusions", "coverage-dropped"})


@cache
def found(repository: str, revision: str) -> frozenset[tuple[str, str]]:
    """Rule and subject of each finding of a commit, judged against its first parent."""
    command = [sys.executable, "-m", "fr_check", "coverage", "--root", repository, "--rev", revision]
    done = subprocess.run(
        [*command, "--base", f"{revision}^", "--format", "json"], capture_output=True, text=True, check=False
    )
    return frozenset((one["rule"], one["subject"]) for one in json.loads(done.stdout)["findings"])


def main() -> int:
    """Judges the events of one repository; 1 where one is not found."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("repository")
    parser.add_argument("--name", default="wangzitian0/finance_report", help="the repository's name in the table")
    options = parser.parse_args()
    with EVENTS.open(encoding="utf-8", newline="") as table:
        events = [row for row in csv.DictReader(table, delimiter="\t") if row["repository"] == options.name]
    missed = 0
    for row in events:
        key = (row["rule"], row["subject"])
        there = key in found(options.repository, row["commit"])
        new = row["rule"] in _OF_A_CHANGE or key not in found(options.repository, f"{row['commit']}^")
        missed += not (there and new)
        told = "found" if there and new else "not new" if there else "MISSED"
        print(f"{told:8}{row['commit']}  {row['rule']}  {row['subject']}  ({row['what']})", flush=True)
    print(f"{len(events) - missed} of {len(events)} events found")
    return int(missed > 0)


if __name__ == "__main__":
    sys.exit(main())
