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

    from fr_check.core.model import Example, ExampleSubmodule

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

    `parents` of None means: the branch's last commit. `time` is in seconds since the epoch.
    """

    mark: str
    branch: str
    files: Mapping[str, Content]
    parents: tuple[str, ...] | None = None
    message: str | None = None
    time: int | None = None


class Gitlink(NamedTuple):
    """A submodule pointer."""

    commit: str


class Symlink(NamedTuple):
    """A symbolic link."""

    target: str


Content = str | bytes | Gitlink | Symlink | None
"""What a commit does to a path; None removes it."""

Files = dict[str, Content]


def write_history(directory: Path, commits: Iterable[Commit]) -> dict[str, str]:
    """Imports commits into a repository; returns mark -> commit id."""
    numbers: dict[str, int] = {}
    last: dict[str, int] = {}
    stream = bytearray()
    for commit in commits:
        number = numbers[commit.mark] = len(numbers) + 1
        message = (commit.message or f"Commit {number} on {commit.branch}").encode()
        stream += f"commit refs/heads/{commit.branch}\nmark :{number}\n".encode()
        moment = commit.time or _EPOCH + 3600 * number
        stream += f"committer {_IDENTITY} {moment} +0000\n".encode()
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


def _change(path: str, content: Content) -> bytes:
    escaped = path.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n")
    name = f'"{escaped}"'.encode("utf-8", "surrogateescape")
    if content is None:
        return b"D %b\n" % name
    if isinstance(content, Gitlink):
        return b"M 160000 %b %b\n" % (content.commit.encode(), name)
    mode = b"120000" if isinstance(content, Symlink) else b"100644"
    text = content.target if isinstance(content, Symlink) else content
    data = text.encode() if isinstance(text, str) else text
    return b"M %b inline %b\ndata %d\n%b\n" % (mode, name, len(data), data)


def bare(directory: Path, *options: str) -> Path:
    """An empty bare repository whose default branch is `main`."""
    directory.mkdir(parents=True)
    git(directory, "init", "--quiet", "--bare", "--initial-branch=main", *options)
    return directory


def upstream_name(path: str) -> str:
    """The folder of a submodule's upstream, beside the superproject's."""
    return path.replace("/", "-").replace("\n", "-") + ".git"


def gitmodules(submodules: Sequence[ExampleSubmodule], *, base: bool = False) -> str:
    """The `.gitmodules` of submodules whose upstreams stand beside the superproject's."""
    sections = []
    for sub in submodules:
        url = (sub.base_url if base else None) or sub.url or f"../{upstream_name(sub.path)}"
        sections.append(f'[submodule "{sub.path}"]\n\tpath = {sub.path}\n\turl = {url}\n')
    return "".join(sections)


def build(example: Example, directory: Path) -> Path:
    """Builds an example below an empty folder; returns the superproject's working tree.

    Beside it stand the bare upstreams: `origin.git` for the superproject (its main is the base commit, or the head
    where there is no base) and one for each submodule. The working tree stands on `main`, one commit ahead of
    `origin/main` where there is a base. Submodules are initialised unless the example says otherwise. Symbolic links
    stand in the working tree only: git itself refuses to record some of them.
    """
    origin = bare(directory / "origin.git")
    marks = {sub.path: _upstream(directory, sub) for sub in example.submodules}
    commits = _states(example, marks)
    write_history(origin, commits)
    top = directory / "work"
    git(directory, "clone", "--quiet", os.fspath(origin), os.fspath(top))
    if len(commits) > 1:
        git(top, "reset", "--quiet", "--hard", "refs/remotes/origin/change")
        git(top, "update-ref", "-d", "refs/remotes/origin/change")
    for sub in example.submodules:
        _check_out(directory, top, sub, marks[sub.path])
    for path, target in example.symlinks.items():
        (top / path).unlink(missing_ok=True)
        (top / path).symlink_to(target)
    return top


def _states(example: Example, marks: Mapping[str, Mapping[str, str]]) -> list[Commit]:
    """The superproject's commits: the base, where there is one, and the head."""
    commits: list[Commit] = []
    before: Files = {}
    for name, files in (("base", example.base), ("head", example.files)):
        if files is None:
            continue
        base = name == "base"
        entries = gitmodules([sub for sub in example.submodules if sub.registered or base], base=base)
        after: Files = {".gitmodules": entries} if entries else {}
        after |= files
        for sub in example.submodules:
            if sub.linked or base:
                pin = sub.base_pin if base and sub.base_pin is not None else sub.pin
                after[sub.path] = Gitlink(marks[sub.path][str(pin)])
        branch, parents = ("change", (commits[-1].mark,)) if commits else ("main", ())
        commits.append(Commit(name, branch, after | dict.fromkeys(before.keys() - after.keys()), parents))
        before = after
    return commits


def _upstream(directory: Path, sub: ExampleSubmodule) -> dict[str, str]:
    repository = bare(directory / upstream_name(sub.path))
    commits = [Commit(str(index), "main", files) for index, files in enumerate(sub.commits)]
    for index, files in enumerate(sub.side):
        commits.append(Commit(f"side:{index}", "side", files, ("0",) if index == 0 else None))
    marks = write_history(repository, commits)
    if str(sub.pin).startswith("tag:"):
        git(repository, "tag", "--annotate", "--message=Release", "v1", marks[str(sub.pin).removeprefix("tag:")])
        marks[str(sub.pin)] = git(repository, "rev-parse", "refs/tags/v1")
    return marks | {"gone": "dead" * 10}


def _check_out(directory: Path, top: Path, sub: ExampleSubmodule, marks: Mapping[str, str]) -> None:
    if sub.configured_url is not None:
        git(top, "config", f"submodule.{sub.path}.url", sub.configured_url)
    if sub.conflict is not None:
        pins = (marks[str(pin)] for pin in (sub.base_pin if sub.base_pin is not None else 0, sub.pin, sub.conflict))
        stages = "".join(f"160000 {pin} {stage}\t{sub.path}\n" for stage, pin in enumerate(pins, start=1))
        git(top, "update-index", "--index-info", stdin=f"0 {'0' * 40}\t{sub.path}\n{stages}".encode())
    checkout = sub.pin if sub.checkout is None else sub.checkout
    if checkout == "none" or not sub.linked:
        return
    commit = marks["0" if checkout == "gone" else str(checkout)]
    clone_submodule(top, sub.path, directory / upstream_name(sub.path), commit, url=sub.configured_url)
    for path, content in sub.dirty.items():
        (top / sub.path / path).write_text(content)


def clone_submodule(
    top: Path, path: str, upstream: Path, commit: str, name: str | None = None, url: str | None = None
) -> None:
    """Does what `git submodule update --init` does, for an upstream on this disk, in fewer processes."""
    name = name or path
    store = top / ".git" / "modules" / name
    store.parent.mkdir(parents=True, exist_ok=True)
    where = (f"--separate-git-dir={store}", os.fspath(upstream), os.fspath(top / path))
    git(top, "clone", "--quiet", "--no-checkout", *where)
    with (store / "config").open("a", encoding="utf-8", errors="surrogateescape") as config:
        relative = os.path.relpath(top / path, store).replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n")
        config.write(f'[core]\n\tworktree = "{relative}"\n')
    git(top / path, "checkout", "--quiet", "--detach", commit)
    git(top, "config", f"submodule.{name}.url", url or os.fspath(upstream))
    git(top, "config", f"submodule.{name}.active", "true")
