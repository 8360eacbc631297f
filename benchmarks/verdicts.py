"""Whether two checkouts of fr-check say the same of a repository's past.

`python -m benchmarks.verdicts REPOSITORY --reference CHECKOUT [--checker coverage|dockerfile-args] [--limit N]` runs
one checker of this checkout and of another one at first-parent commits of a repository, and prints where findings or
unknowns differ. The commits are derived, as docs/field-notes.md has them: for coverage those whose diff speaks of
thresholds, for dockerfile-args those that touch Dockerfiles, compose files, workflows or the frontend's variables. Each
distinct tree of the files that the checker reads is judged once, and without a base, so that nothing is found twice.
"""

from __future__ import annotations

import argparse
import json
import os
import re
import subprocess
import sys
from pathlib import Path

HERE = Path(__file__).parent.parent
# What the diff of a commit has in it, and the paths that make two trees alike, by checker.
SPEAKS = {
    "coverage": r"fail.?under|cov(erage)?.{0,30}(threshold|minimum|at least|[0-9]{2} ?%)"
    r"|thresholds?.{0,20}(lines|branches)",
    "dockerfile-args": "",
}
PATHS = {
    "coverage": [":(glob)**/*.toml", ":(glob)**/*.yml", ":(glob)**/*.yaml", ":(glob)**/*.md", ":(glob)**/*.py",
                 ":(glob)**/*.sh", ":(glob)**/Makefile", ":(glob)**/package.json", ":(glob)**/*.cfg", ":(glob)**/*.ini",
                 ":(glob)**/vitest.config.*", ":(glob)**/jest.config.*", ":(glob)**/.coveragerc"],
    "dockerfile-args": [":(glob)**/*Dockerfile*", ":(glob)**/*compose*.y*ml", ":(glob).github/**", ":(glob)**/.env*",
                        ":(glob)**/package.json", ":(glob)**/next.config.*"],
}  # fmt: skip


def git(repository: str, *arguments: str) -> str:
    """What git prints."""
    done = subprocess.run(
        ["git", "-C", repository, *arguments], capture_output=True, text=True, check=True, errors="replace"
    )
    return done.stdout


def commits(repository: str, checker: str, branch: str) -> list[str]:
    """The commits that matter, oldest first."""
    arguments = ["log", "--first-parent", "-m", "--reverse", "--format=%H"]
    if SPEAKS[checker]:
        arguments += ["--extended-regexp", "--regexp-ignore-case", f"-G{SPEAKS[checker]}"]
    return git(repository, *arguments, branch, "--", *PATHS[checker]).split()


def verdict(checkout: str, repository: str, checker: str, revision: str) -> dict[str, int]:
    """Each finding and unknown as a line, and how often it is there."""
    root = Path(checkout)
    old = not (root / "checkers" / "fr_check").is_dir()
    module = "checkers" if old else "fr_check"
    path = str(root if old else root / "checkers")
    code = f"import sys, runpy; sys.path.insert(0, {path!r}); runpy.run_module({module!r}, run_name='__main__')"
    command = [sys.executable, "-P", "-c", code, checker, "--root", repository, "--rev", revision, "--base", revision]
    done = subprocess.run(
        [*command, "--format", "json"],
        capture_output=True,
        text=True,
        check=False,
        env={**os.environ, "PYTHONPATH": ""},
    )
    try:
        report = json.loads(done.stdout)
    except ValueError:
        return {f"no report: {done.stderr[-300:]}": 1}
    found: dict[str, int] = {}
    for one in (*report["findings"], *report["unknowns"]):
        place = one.get("location") or {}
        start = f"{place.get('path', '')}:{place.get('line', place.get('start', {}).get('line', ''))}"
        kind = one.get("rule") or f"unknown {one.get('reason')}"
        line = f"{one.get('severity', '')} {kind} {one.get('subject')} at {start}: {one.get('message', '')}"
        found[line] = found.get(line, 0) + 1
    return found


def bare(line: str) -> str:
    """A verdict without its wording and the line it stands in."""
    return re.sub(r":\d+: .*", "", line)


def main() -> int:
    """Prints the differences; 1 where there are some."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("repository")
    parser.add_argument("--reference", required=True)
    parser.add_argument("--checker", choices=sorted(PATHS), default="coverage")
    parser.add_argument("--checkout", default=str(HERE), help="the checkout to judge; this one")
    parser.add_argument("--branch", default="main")
    parser.add_argument("--limit", type=int, default=10_000)
    parser.add_argument("--wording", action="store_true", help="compare messages and lines, too")
    options = parser.parse_args()
    chosen = commits(options.repository, options.checker, options.branch)
    step = max(1, -(-len(chosen) // options.limit))
    seen: set[str] = set()
    different = 0
    for revision in chosen[::step]:
        listing = git(options.repository, "ls-tree", "-r", revision)
        kept = "\n".join(line for line in listing.splitlines() if re.search(_ENDINGS[options.checker], line))
        if kept in seen:
            continue
        seen.add(kept)
        before = verdict(options.reference, options.repository, options.checker, revision)
        after = verdict(options.checkout, options.repository, options.checker, revision)
        key = (lambda line: line) if options.wording else bare
        old, new = ({key(line): line for line in found} for found in (before, after))
        lines = [f"  - {old[one]}" for one in old if one not in new] + [
            f"  + {new[one]}" for one in new if one not in old
        ]
        if lines:
            different += 1
            print(revision[:9], *lines, sep="\n", flush=True)
    print(f"{len(seen)} of {len(chosen)} commits judged by both, {different} differ")
    return bool(different)


_ENDINGS = {
    "coverage": r"\.(toml|ya?ml|md|py|sh|cfg|ini|json|[cm]?[jt]s|mk)$|Makefile|justfile|coveragerc",
    "dockerfile-args": r"ocker|compose|\.env|package\.json|\.github/|\.sh$|Makefile|next\.config|\.[jt]sx?$",
}

if __name__ == "__main__":
    sys.exit(main())
