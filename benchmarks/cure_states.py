"""The states of a repository's past that say something else of variables than any before, and texts they share."""

from __future__ import annotations

import os
import re
import subprocess
from collections import OrderedDict
from hashlib import sha256
from typing import TYPE_CHECKING

from fr_check.core.text import Text

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

_KEPT = 8000  # texts that a worker keeps with what was parsed of them
# Files that fixes edit, and what most findings that they cure are about besides.
_EDITED = re.compile(
    r"(?:^|[/\t])(?:config|settings)\.py$|ctmpl$|ocker|compose|\.env|\.github/|\.gitmodules|coveragerc|pyproject|^160000"
)
_READS = re.compile(rb"environ|getenv|BaseSettings|process\.env|import\.meta\.env")
_OTHERS = ("tests", "test", "scripts", "migrations", "e2e")


def states(repository: Path, branch: str) -> list[str]:
    """The first-parent commits of a branch, oldest first, that say something else of variables than any before."""
    chosen: dict[int, str] = {}
    asks: dict[str, bool] = {}
    for commit in git(repository, "rev-list", "--first-parent", "--reverse", branch, "--").split():
        lines = git(repository, "ls-tree", "-r", commit).splitlines()
        code = [line for line in lines if line.endswith((".py", ".ts", ".tsx")) and _is_own(line.partition("\t")[2])]
        new = [oid for line in code if (oid := line.split()[2]) not in asks]
        asks |= _that_read(repository, new)
        kept = [line for line in lines if _EDITED.search(line)]
        kept += [line for line in code if asks[line.split()[2]]]
        chosen.setdefault(hash("\n".join(kept)), commit)
    return list(chosen.values())


def _is_own(path: str) -> bool:
    return not {*path.split("/")} & {*_OTHERS} and "test" not in path.rpartition("/")[2]


def _that_read(repository: Path, blobs: Sequence[str]) -> dict[str, bool]:
    """Whether each of some sources reads a variable."""
    asked = subprocess.run(
        ["git", "-C", repository, "cat-file", "--batch=%(objectname) %(objectsize)"],
        input="\n".join(blobs).encode(), capture_output=True, check=True,
    ).stdout  # fmt: skip
    found, at = {}, 0
    while at < len(asked):
        end = asked.index(b"\n", at)
        name, size = asked[at:end].split()
        content = asked[end + 1 : end + 1 + int(size)]
        found[name.decode()] = _READS.search(content) is not None
        at = end + 2 + int(size)
    return found


def keep_texts() -> None:
    """Makes texts outlive a run: what a parser makes of one hangs on nothing else."""
    kept: OrderedDict[tuple[bytes, str, str | None], Text] = OrderedDict()
    decode = Text.decode

    def shared(data: bytes, path: str = "", revision: str | None = None) -> Text:
        key = (sha256(data).digest(), path, revision)
        if key not in kept:
            kept[key] = decode(data, path, revision)
        kept.move_to_end(key)
        if len(kept) > _KEPT:
            kept.popitem(last=False)
        return kept[key]

    setattr(Text, "decode", staticmethod(shared))  # noqa: B010 - mypy takes an assignment for a mistake


def git(folder: Path, *arguments: str) -> str:
    """What git prints."""
    command = ["git", "-C", os.fspath(folder), *arguments]
    return subprocess.run(command, capture_output=True, text=True, check=True, errors="surrogateescape").stdout
