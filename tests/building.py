"""Builds real git repositories out of examples: a superproject, its submodules, and bare upstreams beside them.

Histories are written by `git fast-import`, one process a repository, with fixed names and dates: the same example has
the same commit ids everywhere.
"""

from __future__ import annotations

import os
import subprocess
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from pathlib import Path

    from checkers.core.model import Example, ExampleSubmodule

_EPOCH = 1_700_000_000
_IDENTITY = "Ada <ada@example.org>"


def environment() -> dict[str, str]:
    """An environment in which git knows nothing of the machine or of a surrounding hook."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("GIT_")}
    fixed = {
        "GIT_CONFIG_GLOBAL": os.devnull,
        "GIT_CONFIG_NOSYSTEM": "1",
        "GIT_ALLOW_PROTOCOL": "file",
        "LC_ALL": "C",
    }
    for role in ("AUTHOR", "COMMITTER"):
        fixed |= {f"GIT_{role}_NAME": "Ada", f"GIT_{role}_EMAIL": "ada@example.org"}
        fixed[f"GIT_{role}_DATE"] = f"{_EPOCH} +0000"
    return kept | fixed


def git(directory: Path, *arguments: str, stdin: bytes | None = None, check: bool = True) -> str:
    """Runs git and returns what it printed, without the final newline."""
    done = subprocess.run(
        ["git", "-C", os.fspath(directory), *arguments],
        env=environment(),
        input=stdin,
        stdin=subprocess.DEVNULL if stdin is None else None,
        capture_output=True,
        check=False,
    )
    if check and done.returncode:
        raise AssertionError(f"git {' '.join(arguments)}: {done.stderr.decode()}")
    return done.stdout.decode("utf-8", "surrogateescape").removesuffix("\n")


class Commit(NamedTuple):
    """One commit of a stream: its mark, its branch, its parents' marks, what it writes.

    A value of `files` is a text, None (remove), or a `Gitlink`. `parents` of None means: the branch's last commit.
    """

    mark: str
    branch: str
    files: Mapping[str, str | bytes | Gitlink | None]
    parents: tuple[str, ...] | None = None
    message: str | None = None


class Gitlink(NamedTuple):
    """A submodule pointer."""

    commit: str


def write_history(directory: Path, commits: Iterable[Commit]) -> dict[str, str]:
    """Imports commits into a repository; returns mark -> commit id."""
    numbers: dict[str, int] = {}
    last: dict[str, int] = {}
    stream = bytearray()
    for commit in commits:
        number = numbers[commit.mark] = len(numbers) + 1
        message = (commit.message or f"Commit {number} on {commit.branch}").encode()
        stream += f"commit refs/heads/{commit.branch}\nmark :{number}\n".encode()
        stream += f"committer {_IDENTITY} {_EPOCH + 3600 * number} +0000\n".encode()
        stream += b"data %d\n%b\n" % (len(message), message)
        parents = [numbers[name] for name in commit.parents] if commit.parents is not None else []
        if commit.parents is None and commit.branch in last:
            parents = [last[commit.branch]]
        for keyword, parent in zip(("from", *["merge"] * len(parents)), parents, strict=False):
            stream += f"{keyword} :{parent}\n".encode()
        last[commit.branch] = number
        for path, content in commit.files.items():
            stream += _change(path, content)
        stream += b"\n"
    marks = directory / "marks"
    git(directory, "fast-import", "--quiet", "--force", f"--export-marks={marks}", stdin=bytes(stream))
    found = dict(line.split(" ") for line in marks.read_text().splitlines())
    marks.unlink()
    return {name: found[f":{number}"] for name, number in numbers.items()}


def _change(path: str, content: str | bytes | Gitlink | None) -> bytes:
    escaped = path.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n")
    name = f'"{escaped}"'.encode("utf-8", "surrogateescape")
    if content is None:
        return b"D %b\n" % name
    if isinstance(content, Gitlink):
        return b"M 160000 %b %b\n" % (content.commit.encode(), name)
    data = content.encode() if isinstance(content, str) else content
    return b"M 100644 inline %b\ndata %d\n%b\n" % (name, len(data), data)


def bare(directory: Path, *options: str) -> Path:
    """An empty bare repository whose default branch is `main`."""
    directory.mkdir(parents=True)
    git(directory, "init", "--quiet", "--bare", "--initial-branch=main", *options)
    return directory


def upstream_name(path: str) -> str:
    """The folder of a submodule's upstream, beside the superproject's."""
    return path.replace("/", "-").replace("\n", "-") + ".git"


def gitmodules(paths: Sequence[str]) -> str:
    """The `.gitmodules` of submodules whose upstreams stand beside the superproject's."""
    return "".join(f'[submodule "{path}"]\n\tpath = {path}\n\turl = ../{upstream_name(path)}\n' for path in paths)


def build(example: Example, directory: Path) -> Path:
    """Builds an example below an empty folder; returns the superproject's working tree.

    Beside it stand the bare upstreams: `origin.git` for the superproject (its main is the base commit, or the head
    where there is no base) and one for each submodule. The working tree stands on `main`, one commit ahead of
    `origin/main` where there is a base. Submodules are initialised.
    """
    origin = bare(directory / "origin.git")
    marks = {sub.path: _upstream(directory, sub) for sub in example.submodules}
    registered = gitmodules([sub.path for sub in example.submodules if sub.registered])
    states = {"base": example.base, "head": example.files}
    commits, before = [], dict[str, str | bytes | Gitlink | None]()
    for name, files in states.items():
        if files is None:
            continue
        after: dict[str, str | bytes | Gitlink | None] = {".gitmodules": registered} if registered else {}
        after |= files
        for sub in example.submodules:
            pin = sub.base_pin if name == "base" and sub.base_pin is not None else sub.pin
            after[sub.path] = Gitlink(marks[sub.path][str(pin)])
        gone = dict.fromkeys(before.keys() - after.keys())
        commits.append(
            Commit(name, "main" if not commits else "change", after | gone, (commits[-1].mark,) if commits else ())
        )
        before = after
    write_history(origin, commits)
    top = directory / "work"
    git(directory, "clone", "--quiet", os.fspath(origin), os.fspath(top))
    if len(commits) > 1:
        git(top, "reset", "--quiet", "--hard", "refs/remotes/origin/change")
        git(top, "update-ref", "-d", "refs/remotes/origin/change")
    for sub in example.submodules:
        checkout = sub.pin if sub.checkout is None else sub.checkout
        clone_submodule(top, sub.path, directory / upstream_name(sub.path), marks[sub.path][str(checkout)])
    return top


def _upstream(directory: Path, sub: ExampleSubmodule) -> dict[str, str]:
    repository = bare(directory / upstream_name(sub.path))
    commits = [Commit(str(index), "main", files) for index, files in enumerate(sub.commits)]
    for index, files in enumerate(sub.side):
        commits.append(Commit(f"side:{index}", "side", files, ("0",) if index == 0 else None))
    return write_history(repository, commits)


def clone_submodule(top: Path, path: str, url: Path, commit: str, name: str | None = None) -> None:
    """Does what `git submodule update --init` does, for an upstream on this disk, in fewer processes."""
    name = name or path
    store = top / ".git" / "modules" / name
    store.parent.mkdir(parents=True, exist_ok=True)
    where = (f"--separate-git-dir={store}", os.fspath(url), os.fspath(top / path))
    git(top, "clone", "--quiet", "--no-checkout", *where)
    with (store / "config").open("a", encoding="utf-8", errors="surrogateescape") as config:
        relative = os.path.relpath(top / path, store).replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n")
        config.write(f'[core]\n\tworktree = "{relative}"\n')
    git(top / path, "checkout", "--quiet", "--detach", commit)
    git(top, "config", f"submodule.{name}.url", os.fspath(url))
    git(top, "config", f"submodule.{name}.active", "true")
