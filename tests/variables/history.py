"""The oracle of `process.get` over the history of a clone: `make history-oracle REPO=PATH`.

For every commit that touches a compose file, settings or an example, the files of that commit are written to a
temporary folder, `.env` gets a distinct integer for each documented key, and the real Docker Compose says where those
arrive. What the model says must be the same, name by name. Where a template renders secrets, pydantic-settings is asked
which of them are dead (`dead_secrets`). A clone that has the commit of the specification is traced there (`traced`).

HEAD's history is looked at. Many commits leave what matters as it was: those of other contents are counted, too.
"""

from __future__ import annotations

import re
import subprocess
import sys
import tarfile
import tempfile
from io import BytesIO
from pathlib import Path

from fr_check.repository.opening import open_repository
from variables import dead_secrets, reach, traced

_PATHS = (":(glob)**/*compose*.y*ml", ":(glob)**/.env*", ":(glob)**/config.py", ":(glob)**/settings.py")
_READ = re.compile(r"[\t/](?:[^/]*compose[^/]*\.ya?ml|\.env[^/]*|config\.py|settings\.py)$")


def main(arguments: list[str]) -> int:
    """Compares every commit of the repository at `arguments[0]`, from `arguments[1]` on where that is given."""
    repository = arguments[0]
    since = [f"{arguments[1]}.."] if len(arguments) > 1 else []
    paths = (*_PATHS, *_submodules(repository))
    listed = _git(repository, "log", "--format=%h", *since, "--", *paths).decode().split()
    count = _Count(len(listed))
    for commit in listed:
        with tempfile.TemporaryDirectory() as folder:
            archive = _git(repository, "archive", commit)
            with tarfile.open(fileobj=BytesIO(archive)) as tar:
                tar.extractall(folder, filter="data")
            opened = open_repository(repository, rev=commit)
            compared, lines = reach.differences(Path(folder), opened)
            secrets = dead_secrets.dead(opened, Path(folder))
        count.reach(compared, _read_by_compose(repository, commit))
        if secrets is not None:
            count.secrets(secrets)
            lines += secrets.differences()
        count.different += len(lines)
        for line in lines:
            sys.stdout.write(f"{commit} {line}\n")
        sys.stdout.flush()
        sys.stderr.write(f"{count.told()}\n")
    traces = traced.differences(repository)
    sys.stdout.write("".join(f"{line}\n" for line in traces))
    count.different += len(traces)
    sys.stdout.write(f"{count.told()}\n")
    return 1 if count.different or not count.names else 0


class _Count:
    def __init__(self, commits: int) -> None:
        self.commits, self.done, self.names, self.different = commits, 0, 0, 0
        self.compared: list[object] = []
        self.rendered: list[dead_secrets.Dead] = []

    def reach(self, names: int, contents: object) -> None:
        self.done += 1
        self.names += names
        self.compared += [contents] if names else []

    def secrets(self, found: dead_secrets.Dead) -> None:
        self.rendered.append(found)

    def told(self) -> str:
        dead = [one for one in self.rendered if one.real]
        parts = (
            f"{self.done} of {self.commits} commits",
            f"{self.names} names compared at {_times(self.compared)}",
            f"rendered secrets at {_times([one.read for one in self.rendered])}",
            f"dead ones at {_times([one.read for one in dead])}",
            f"{self.different} different",
        )
        return ", ".join(parts)


def _times(contents: list[object] | list[tuple[str, ...]]) -> str:
    return f"{len(contents)} ({len(set(contents))} of other contents)"


def _read_by_compose(repository: str, commit: str) -> frozenset[str]:
    """The compose files, examples and settings of a commit, each as git lists it: its object and its path."""
    listed = _git(repository, "ls-tree", "-r", commit).decode().splitlines()
    return frozenset(line for line in listed if _READ.search(line))


def _submodules(repository: str) -> list[str]:
    """The paths of submodules at any time: a moved pointer brings another template."""
    commits = _git(repository, "log", "--format=%h", "--diff-filter=AM", "--", ".gitmodules").decode().split()
    texts = (_git(repository, "show", f"{commit}:.gitmodules").decode() for commit in commits)
    return sorted({path for text in texts for path in re.findall(r"^\s*path\s*=\s*(.+?)\s*$", text, re.MULTILINE)})


def _git(repository: str, *arguments: str) -> bytes:
    return subprocess.run(["git", "-C", repository, *arguments], capture_output=True, check=True).stdout


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
