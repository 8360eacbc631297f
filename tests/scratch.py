"""A superproject with one submodule whose upstream has everything a pointer can go wrong with."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, NamedTuple

from building import Commit, Gitlink, bare, clone_submodule, git, write_history
from fr_check.app.invocation import Invocation
from fr_check.core.model import Severity

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from fr_check.core.model import Report

# main 0..6; `side` leaves it at 3, and side:0 has the tree that main 4 got by a squash; `release` leaves it at 2.
UPSTREAM = (
    *(Commit(str(number), "main", {"VERSION": f"{number}\n"}) for number in range(4)),
    Commit("side:0", "side", {"FEATURE": "a\n"}, ("3",)),
    Commit("side:1", "side", {"FEATURE": "b\n"}),
    Commit("release:0", "release", {"RELEASE": "1.0.0\n"}, ("2",)),
    Commit("release:1", "release", {"RELEASE": "1.0.1\n"}),
    Commit("4", "main", {"FEATURE": "a\n"}, ("3",), "Add the feature (#4)"),
    Commit("5", "main", {"VERSION": "5\n"}, None, "Rotate the keys (#5)"),
    Commit("6", "main", {"VERSION": "6\n"}, None, "Six (#6)"),
)
TAGS = {"v1.0.0": "release:0", "v1.0.1": "release:1"}
# What the upstream itself says of a pointer that went from one of these to the other, whatever the clone here has.
ASKED = (
    ("4", "6", []),
    ("6", "4", ["rewound-pointer"]),
    ("4", "side:0", ["pointer-off-branch"]),
    ("side:1", "5", []),
    ("dead" * 10, "5", []),
    ("5", "dead" * 10, ["unreachable-pointer"]),
)


class Project(NamedTuple):
    """The superproject's working tree, the bare upstream, and mark -> commit of both histories.

    Marks of the superproject are `p0`, `p1`, ... in the order of `pins`.
    """

    top: Path
    upstream: Path
    marks: dict[str, str]
    path: str = "infra"

    def git(self, *arguments: str, stdin: bytes | None = None) -> str:
        """Runs git in the superproject."""
        return git(self.top, *arguments, stdin=stdin)

    def sub(self, *arguments: str) -> str:
        """Runs git in the submodule's checkout."""
        return git(self.top / self.path, *arguments)

    def stage(self, mark: str) -> None:
        """Stages a pointer without touching the checkout."""
        self.git("update-index", "--cacheinfo", f"160000,{self.marks.get(mark, mark)},{self.path}")

    def record(self, mark: str, message: str = "Move the pointer") -> str:
        """Commits a pointer without touching the checkout."""
        self.stage(mark)
        self.git("commit", "--quiet", "--allow-empty", "--message", message)
        return self.git("rev-parse", "HEAD")

    def check(self, **options: object) -> Report:
        """Runs submodule-sync on it, in this process."""
        return Invocation(("submodule-sync",), root=os.fspath(self.top), **options).run().report

    def found(self, **options: object) -> list[str]:
        """Rules that report a warning or an error, then the reasons of what is unknown, as `?reason`."""
        report = self.check(**options)
        rules = [finding.rule for finding in report.findings if finding.severity >= Severity.WARNING]
        return rules + [f"?{unknown.reason}" for unknown in report.unknowns]


def make(
    directory: Path, *pins: str, path: str = "infra", name: str | None = None, checkout: str | None = ""
) -> Project:
    """Builds a superproject that recorded `pins` one after the other; all but the last are published.

    `checkout` is the mark that is checked out (default: the last pin), None for a submodule that is not initialised.
    """
    upstream = bare(directory / "infra.git")
    marks = write_history(upstream, UPSTREAM)
    for tag, mark in TAGS.items():
        git(upstream, "tag", tag, marks[mark])
    entry = gitmodules_entry(name or path, path)
    origin = bare(directory / "origin.git")
    states = [Commit(f"p{at}", "main", {path: Gitlink(marks.get(pin, pin))}) for at, pin in enumerate(pins)]
    states[0] = states[0]._replace(files={".gitmodules": entry, "README": "super\n", **states[0].files})
    marks |= write_history(origin, states)
    top = directory / "work"
    git(directory, "clone", "--quiet", os.fspath(origin), os.fspath(top))
    if len(pins) > 1:
        git(top, "update-ref", "refs/remotes/origin/main", marks[f"p{len(pins) - 2}"])
    if checkout is not None:
        commit = checkout or pins[-1]
        clone_submodule(top, path, upstream, marks.get(commit, commit), name)
    return Project(top, upstream, marks, path)


def gitmodules_entry(name: str, path: str, url: str = "../infra.git", more: Sequence[str] = ()) -> str:
    """One section of `.gitmodules`, quoted as git would."""
    quoted = path.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n")
    section = name.replace("\\", "\\\\").replace('"', '\\"')
    lines = (f'[submodule "{section}"]', f'path = "{quoted}"', f"url = {url}", *more)
    return "\n\t".join(lines) + "\n"
