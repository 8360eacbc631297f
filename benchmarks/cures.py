"""What `--fix` makes of a repository's past.

`python -m benchmarks.cures REPOSITORY [--branch BRANCH] [--unsafe-fixes] [--workers N] [--limit N] [--begin N]
[--count N]` judges each commit
of a branch whose files say something else of variables than those of the commits before it, in a work tree of its own.
Where a file can be cured that none before it had with the same faults, it runs `--fix`, afterwards `--fix
--unsafe-fixes` if asked for, and holds the outcome against what the fixes promise: each finding that is said to be
cured is gone, none is new but those that a cure uncovers, no file and no line but the promised ones differs, a second
run changes nothing, and the programs whose files they are (pydantic, python-dotenv, Docker Compose, BuildKit's parser,
Go's templates) read each changed file as before. Prints a row for each such state; 1 where a promise broke.

A text that two commits have in common is read and parsed once.
"""

from __future__ import annotations

import argparse
import os
import shutil
import sys
import tempfile
from collections import Counter
from concurrent.futures import ProcessPoolExecutor
from difflib import SequenceMatcher
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from benchmarks import cure_judges as judges
from benchmarks.cure_states import git, keep_texts, states
from fr_check.app import fixing
from fr_check.app.invocation import Invocation
from fr_check.core.model import Severity
from fr_check.core.registry import CHECKERS
from fr_check.fixes.successors import is_successor
from fr_check.fixes.writing import write

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from fr_check.app.fixing import Cured
    from fr_check.app.invocation import Judged
    from fr_check.core.edits import Edit
    from fr_check.core.model import Report

_FAST = "/dev/shm" if os.path.isdir("/dev/shm") else None  # noqa: S108 - a temporary folder is made in it
_CHUNK = 6  # commits that a worker takes at once


class Row(NamedTuple):
    """One state: its commit, what was cured, and by rule; how much was left; what broke; its files with their edits."""

    commit: str
    unsafe: bool
    cured: Counter[str]
    refused: int
    files: tuple[str, ...]
    lines: int
    broken: tuple[str, ...]
    likeness: frozenset[str]


def main() -> int:
    """Prints the table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("repository")
    parser.add_argument("--branch", default="HEAD")
    parser.add_argument("--unsafe-fixes", action="store_true")
    parser.add_argument("--workers", type=int, default=1)
    parser.add_argument("--limit", type=int, default=100_000, help="at most so many commits, evenly chosen")
    parser.add_argument("--begin", type=int, default=0, help="leave out so many commits, which an earlier run judged")
    parser.add_argument("--count", type=int, default=100_000, help="at most so many commits from there on")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(dir=_FAST) as folder:
        repository = Path(options.repository).resolve()
        every = states(repository, options.branch)
        chosen = every[:: max(1, -(-len(every) // options.limit))]
        chunks = [chosen[at : at + _CHUNK] for at in range(0, len(chosen), _CHUNK)]
        # A run that is cut short has looked at all ages.
        chunks.sort(key=lambda chunk: f"{chosen.index(chunk[0]) // _CHUNK:016b}"[::-1])
        chunks = chunks[options.begin // _CHUNK :][: -(-options.count // _CHUNK)]
        past: list[Row] = []
        curable: Counter[bool] = Counter()
        with ProcessPoolExecutor(options.workers, initializer=_begin, initargs=(repository, folder)) as pool:
            for rows, some in pool.map(_cure_all, chunks, [options.unsafe_fixes] * len(chunks)):
                curable += some
                for row in rows:
                    if not row.likeness <= frozenset().union(*(other.likeness for other in past)):
                        past.append(row)
                        show(row)
    print(f"\n{sum(map(len, chunks))} of {len(chosen)} states judged")
    kinds = (False, True) if options.unsafe_fixes else (False,)
    broken = [summary([row for row in past if row.unsafe == kind], curable[kind], unsafe=kind) for kind in kinds]
    return int(any(broken))


# A worker's own: its work tree, and what the states were like that it has cured.
_work: list[Path] = []
_cured: set[str] = set()


def _begin(repository: Path, folder: str) -> None:
    """A worker: a work tree that shares the objects of a repository, and has its submodules' objects."""
    work = Path(folder) / str(os.getpid())
    git(repository, "clone", "--quiet", "--shared", "--no-checkout", os.fspath(repository), os.fspath(work))
    modules = repository / ".git" / "modules"
    if modules.is_dir():
        shutil.copytree(modules, work / ".git" / "modules", symlinks=True)
    git(work, "fetch", "--quiet", os.fspath(repository), "+refs/*:refs/past/*")
    _work.append(work)
    keep_texts()


def _cure_all(chosen: Sequence[str], unsafe: bool) -> tuple[list[Row], Counter[bool]]:  # noqa: FBT001 - called by the pool
    """The rows of some commits, and how many of them have something to cure, by whether that is unsafe."""
    rows: list[Row] = []
    curable: Counter[bool] = Counter()
    for commit in chosen:
        _check_out(commit)
        asked = Invocation(tuple(CHECKERS), root=os.fspath(_work[0]), base="HEAD", fix=True)
        before = asked.judge()
        for kind in (False, True) if unsafe else (False,):
            like = likeness(before, unsafe=kind)
            curable[kind] += bool(like)
            if not like <= _cured:
                _cured.update(like)
                _check_out(commit)
                rows.append(cure(asked._replace(unsafe_fixes=kind), before, commit, like))
    return rows, curable


def _check_out(commit: str) -> None:
    git(_work[0], "checkout", "--quiet", "--force", "--detach", commit)
    git(_work[0], "clean", "--quiet", "-ffdx")


def likeness(judged: Judged, *, unsafe: bool) -> frozenset[str]:
    """What makes two states alike for the fixes: each file that is edited, with its edits. Empty without a fix."""
    fixes = [
        finding.fix
        for finding in judged.report.findings
        if finding.fix and (unsafe or finding.fix.applicability == "safe")
    ]
    if all(fix.applicability == "safe" for fix in fixes) and unsafe:
        return frozenset()  # cured already
    edits: dict[str, list[Edit]] = {}
    for edit in (edit for fix in fixes for edit in fix.edits):
        edits.setdefault(edit.path, []).append(edit)
    blob = judged.context.repository.blob
    return frozenset(
        sha256(repr((unsafe, path, blob(path), some)).encode()).hexdigest() for path, some in edits.items()
    )


def cure(asked: Invocation, before: Judged, commit: str, like: frozenset[str]) -> Row:
    """Cures one state, and looks at what came of it."""
    work = Path(before.context.repository.root)
    done, told = fixing.cured(asked, before)
    write(os.fspath(work), done.files)
    after = asked.judge()
    again = fixing.cured(asked, after)[0]
    gone = frozenset(
        one.subject for one in done.findings if one.rule in {"unknown-example-key", "orphaned-public-variable"}
    )
    settings = judges.settings_of(after.context.facts("env-keys"))
    broken = [
        *_findings(before.report, after.report, done),
        *_bytes(work, done),
        *judges.programs(work, done.files, gone, settings),
    ]
    if sorted(one.fingerprint for one in told.report.findings) != sorted(
        one.fingerprint for one in after.report.findings
    ):
        broken.append("what is told after the fixes is not what is found in the files")
    if again.files:
        broken.append("a second run changes more")
    if not done.stable:
        broken.append("the fixes did not come to an end")
    cured = Counter(finding.rule for finding in done.findings)
    lines = sum(len(_changed(*pair)) for pair in done.files.values())
    return Row(commit, asked.unsafe_fixes, cured, len(done.refused), tuple(done.files), lines, tuple(broken), like)


def _findings(before: Report, after: Report, done: Cured) -> Iterator[str]:
    """Findings that stay though cured, and new ones that no cure uncovers."""
    old, new = (Counter(finding.fingerprint for finding in report.findings) for report in (before, after))
    for finding in done.findings:
        if old[finding.fingerprint] and new[finding.fingerprint] >= old[finding.fingerprint]:
            yield f"{finding.rule} of {finding.subject} is said to be cured, and stays"
    # Information keeps no error from being cured.
    errors = any(finding.severity == Severity.ERROR for finding in done.findings)
    for finding in after.findings:
        told = finding.severity == Severity.INFO and errors
        if (
            new[finding.fingerprint] > old[finding.fingerprint]
            and not told
            and not is_successor(finding, done.findings)
        ):
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
    kind = "unsafe" if row.unsafe else "safe  "
    numbers = f"{sum(row.cured.values()):3d} cured  {row.refused:3d} refused  {row.lines:3d} lines"
    print(f"{row.commit[:9]}  {kind}  {numbers}  {len(row.files)} files  {rules}")
    for what in row.broken:
        print(f"           BROKEN  {what}")
    sys.stdout.flush()


def summary(rows: Sequence[Row], curable: int, *, unsafe: bool) -> int:
    """Prints the sums of one kind of fixes; how many states broke a promise."""
    cured = sum((row.cured for row in rows), Counter())
    broken = sum(bool(row.broken) for row in rows)
    changed = sum(bool(row.cured) for row in rows)
    kind = "with --unsafe-fixes" if unsafe else "safe fixes"
    print(f"\n{kind}: {curable} states with something to cure, {len(rows)} of them different, {changed} changed")
    print(f"{sum(cured.values())} findings cured in {sum(row.lines for row in rows)} lines")
    print(f"{sum(row.refused for row in rows)} refused with a reason")
    print(f"{broken} broke a promise")
    for rule, count in cured.most_common():
        states_of = sum(rule in row.cured for row in rows)
        print(f"  {rule:<32} {count:5d} findings in {states_of:4d} states")
    return broken


if __name__ == "__main__":
    sys.exit(main())
