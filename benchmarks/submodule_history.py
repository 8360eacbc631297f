"""How long submodule-sync takes where the submodule has 100,000 commits; the budget is 2 s for any move."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
from pathlib import Path

from benchmarks.timing import bare_python, run, show

COMMITS = 100_000
BUDGET = 2.0
# What the pointer did: from which commit to which, counted back from the tip of main; "side" is not merged.
MOVES = {
    "unchanged": ("main", "main"),
    "unchanged, far behind": (f"main~{COMMITS - 1}", f"main~{COMMITS - 1}"),
    "forward by one": ("main~1", "main"),
    "forward by all": (f"main~{COMMITS - 1}", "main"),
    "back by one": ("main", "main~1"),
    "back by all": ("main", f"main~{COMMITS - 1}"),
    "to an unmerged commit": ("main", "side"),
    "repaired": ("side", "main"),
}


def main() -> None:
    """Prints a row a move."""
    with tempfile.TemporaryDirectory() as folder:
        top = _build(Path(folder))
        unit = bare_python()
        rows = []
        for name, moves in MOVES.items():
            for commit in moves:
                oid = _git(top / "infra", "rev-parse", f"refs/remotes/origin/{commit}")
                _git(top, "update-index", "--add", "--cacheinfo", f"160000,{oid},infra")
                _git(top, "commit", "--quiet", "--allow-empty", "--message", name)
            command = [sys.executable, "-m", "fr_check", "submodule-sync", "--rev", "HEAD", "--base", "HEAD^"]
            rows.append((name, run(command, os.fspath(top), 5), f"budget {BUDGET} s"))
        show(f"a submodule of {COMMITS:,} commits", rows, unit)


def _build(folder: Path) -> Path:
    """A superproject with one large submodule."""
    upstream, top = folder / "infra.git", folder / "work"
    _git(folder, "init", "--quiet", "--bare", "--initial-branch=main", os.fspath(upstream))
    stream = bytearray()
    for number in range(1, COMMITS + 1):
        stream += b"commit refs/heads/main\nmark :%d\n" % number
        stream += b"committer Ada <ada@example.org> %d +0000\ndata 1\nx\n" % (1_500_000_000 + 60 * number)
        stream += b"M 100644 inline VERSION\ndata %d\n%d\n" % (len(str(number)), number)
    stream += b"commit refs/heads/side\ncommitter Ada <ada@example.org> 1600000000 +0000\ndata 1\nx\n"
    stream += b"from :%d\nM 100644 inline SIDE\ndata 1\nx\n" % (COMMITS // 2)
    _git(upstream, "fast-import", "--quiet", stdin=bytes(stream))
    _git(folder, "init", "--quiet", "--initial-branch=main", os.fspath(top))
    _git(top, "clone", "--quiet", os.fspath(upstream), "infra")
    (top / ".gitmodules").write_text('[submodule "infra"]\n\tpath = infra\n\turl = ../infra.git\n')
    _git(top, "add", ".gitmodules")
    return top


def _git(directory: Path, *arguments: str, stdin: bytes | None = None) -> str:
    identity = ("-c", "user.name=Ada", "-c", "user.email=ada@example.org")
    command = ["git", "-C", os.fspath(directory), *identity, *arguments]
    return subprocess.run(command, input=stdin, capture_output=True, check=True).stdout.decode().strip()
