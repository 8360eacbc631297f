"""What `--fix` makes of a repository's past.

`python -m benchmarks.cures REPOSITORY [--branch BRANCH] [--unsafe-fixes] [--limit N]` takes each first-parent commit
whose files that matter differ from those of every commit before it, runs `--fix` there in a work tree of its own, and
holds the outcome against what the fixes promise: each finding that is said to be cured is gone, none is new but those
that a cure uncovers, no file and no line but the promised ones differs, a second run changes nothing, and the programs
whose files they are (pydantic, python-dotenv, Docker Compose, BuildKit's parser, Go's templates) read each changed file
as before. Prints a row for each state with something to cure; 1 where a promise broke.
"""

from __future__ import annotations

import argparse
import os
import re
import shutil
import subprocess
import sys
import tempfile
from collections import Counter
from difflib import SequenceMatcher
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from benchmarks import cure_judges as judges
from fr_check.app.invocation import Invocation
from fr_check.core.registry import CHECKERS
from fr_check.fixes.successors import SUCCESSORS
from fr_check.fixes.writing import write

if TYPE_CHECKING:
    from collections.abc import Iterator

    from fr_check.app.fixing import Cured
    from fr_check.core.model import Report

# What fixes edit, and what most findings that they cure are about: states alike in these are cured alike.
_MATTERS = re.compile(
    r"(?:^|[/\t])(?:config|settings)\.py$|ctmpl$|ocker|compose|\.env|\.github/|\.gitmodules|coveragerc|^160000"
)
_FAST = "/dev/shm" if os.path.isdir("/dev/shm") else None  # noqa: S108 - a temporary folder is made in it


class Row(NamedTuple):
    """One state: its commit, what was cured, and by rule; how much was left; what broke."""

    commit: str
    cured: Counter[str]
    refused: int
    files: tuple[str, ...]
    lines: int
    broken: tuple[str, ...]


def main() -> int:
    """Prints the table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("repository")
    parser.add_argument("--branch", default="HEAD")
    parser.add_argument("--unsafe-fixes", action="store_true")
    parser.add_argument("--limit", type=int, default=100_000, help="at most so many states, evenly chosen")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(dir=_FAST) as folder:
        work = _work_tree(Path(options.repository), Path(folder) / "work")
        chosen = list(states(work, options.branch))
        step = max(1, -(-len(chosen) // options.limit))
        rows = []
        for commit in chosen[::step]:
            row = cure(work, commit, unsafe=options.unsafe_fixes)
            if row is not None:
                rows.append(row)
                show(row)
    return summary(rows, len(chosen[::step]))


def _work_tree(repository: Path, work: Path) -> Path:
    """A work tree that shares the objects of a repository, and has its submodules' objects."""
    git(repository, "clone", "--quiet", "--shared", "--no-checkout", os.fspath(repository.resolve()), os.fspath(work))
    modules = repository / ".git" / "modules"
    if modules.is_dir():
        shutil.copytree(modules, work / ".git" / "modules", symlinks=True)
    git(work, "fetch", "--quiet", os.fspath(repository.resolve()), "+refs/*:refs/past/*")
    return work


def git(folder: Path, *arguments: str) -> str:
    """What git prints."""
    command = ["git", "-C", os.fspath(folder), *arguments]
    return subprocess.run(command, capture_output=True, text=True, check=True, errors="surrogateescape").stdout


def states(work: Path, branch: str) -> Iterator[str]:
    """The commits, oldest first, whose files that matter are like those of none before."""
    seen = set()
    name = branch if branch == "HEAD" else f"refs/past/remotes/{branch}"
    known = subprocess.run(
        ["git", "-C", work, "rev-parse", "--verify", "--quiet", name], check=False, capture_output=True
    )
    for commit in git(
        work, "rev-list", "--first-parent", "--reverse", name if not known.returncode else branch
    ).split():
        lines = git(work, "ls-tree", "-r", commit).splitlines()
        kept = hash("\n".join(line for line in lines if _MATTERS.search(line)))
        if kept not in seen:
            seen.add(kept)
            yield commit


def cure(work: Path, commit: str, *, unsafe: bool) -> Row | None:
    """Cures one state; None where nothing can be cured."""
    git(work, "checkout", "--quiet", "--force", "--detach", commit)
    git(work, "clean", "--quiet", "-ffdx")
    asked = Invocation(tuple(CHECKERS), root=os.fspath(work), base="HEAD", fix=True, unsafe_fixes=unsafe)
    before = asked.judge().report
    if not any(finding.fix and (unsafe or finding.fix.applicability == "safe") for finding in before.findings):
        return None
    outcome = asked.run()
    done = outcome.cured
    if done is None:
        return None
    write(outcome.root, done.files)
    after = asked.judge().report
    again = asked.run().cured
    gone = frozenset(
        one.subject for one in done.findings if one.rule in {"unknown-example-key", "orphaned-public-variable"}
    )
    broken = [*_findings(before, after, done), *_bytes(work, done), *judges.programs(work, done.files, gone)]
    if again is None or again.files:
        broken.append("a second run changes more")
    if not done.stable:
        broken.append("the fixes did not come to an end")
    cured = Counter(finding.rule for finding in done.findings)
    lines = sum(len(_changed(*pair)) for pair in done.files.values())
    return Row(commit, cured, len(done.refused), tuple(done.files), lines, tuple(broken))


def _findings(before: Report, after: Report, done: Cured) -> Iterator[str]:
    """Findings that stay though cured, and new ones that no cure uncovers."""
    old, new = (Counter(finding.fingerprint for finding in report.findings) for report in (before, after))
    for finding in done.findings:
        if old[finding.fingerprint] and new[finding.fingerprint] >= old[finding.fingerprint]:
            yield f"{finding.rule} of {finding.subject} is said to be cured, and stays"
    allowed = {rule for finding in done.findings for rule in SUCCESSORS.get(finding.rule, ())}
    for finding in after.findings:
        if new[finding.fingerprint] > old[finding.fingerprint] and finding.rule not in allowed:
            yield f"{finding.rule} of {finding.subject} is new"
    if len(after.unknowns) > len(before.unknowns):
        yield "something could be judged before, and no longer"


def _bytes(work: Path, done: Cured) -> Iterator[str]:
    """Files and lines that no fix spoke of."""
    promised: Counter[str] = Counter()
    for finding in done.findings:
        for edit in finding.fix.edits if finding.fix else ():
            promised[edit.path] += 2 + edit.text.count("\n") + (edit.end > edit.start)
    changed = {line[3:] for line in git(work, "status", "--porcelain", "--ignore-submodules").splitlines()}
    if changed != set(done.files):
        yield f"other files differ than are told: {sorted(changed ^ set(done.files))}"
    for path, pair in done.files.items():
        lines = len(_changed(*pair))
        if lines > promised[path] + _removed(done, path):
            yield f"{path}: {lines} lines differ, {promised[path]} are promised"


def _removed(done: Cured, path: str) -> int:
    edits = [edit for finding in done.findings if finding.fix for edit in finding.fix.edits if edit.path == path]
    return sum(done.files[path][0].decode()[edit.start : edit.end].count("\n") for edit in edits)


def _changed(before: bytes, after: bytes) -> list[bytes]:
    """The lines that are only in one of two texts."""
    old, new = before.splitlines(keepends=True), after.splitlines(keepends=True)
    lines = []
    for tag, i1, i2, j1, j2 in SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        if tag != "equal":
            lines += old[i1:i2] if i2 - i1 > j2 - j1 else new[j1:j2]
    return lines


def show(row: Row) -> None:
    """Prints a row."""
    rules = ", ".join(f"{rule} x{count}" if count > 1 else rule for rule, count in sorted(row.cured.items()))
    print(f"{row.commit[:9]}  {sum(row.cured.values()):3d} cured  {row.refused:3d} refused  {row.lines:3d} lines"
          f"  {len(row.files)} files  {rules}")  # fmt: skip
    for what in row.broken:
        print(f"           BROKEN  {what}")
    sys.stdout.flush()


def summary(rows: list[Row], judged: int) -> int:
    """Prints the sums; 1 where a promise broke."""
    cured = sum((row.cured for row in rows), Counter())
    broken = sum(bool(row.broken) for row in rows)
    with_cures = sum(bool(row.cured) for row in rows)
    print(f"\n{judged} states judged, {len(rows)} with something to cure, {with_cures} of them changed")
    print(f"{broken} broke a promise")
    for rule, count in cured.most_common():
        states_of = sum(rule in row.cured for row in rows)
        print(f"  {rule:<32} {count:5d} findings in {states_of:4d} states")
    return bool(broken)


if __name__ == "__main__":
    sys.exit(main())
