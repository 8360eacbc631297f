"""The oracle of `process.get` over the history of a clone: `make history-oracle REPO=PATH`.

For every commit that touches a compose file, settings or an example, the files of that commit are written to a
temporary folder, `.env` gets a distinct integer for each documented key, and the real Docker Compose says where those
arrive. What the model says must be the same, name by name. Where a template renders secrets, pydantic-settings is asked
which of them are dead (`dead_secrets`). A clone that has the commit of the specification is traced there (`traced`).
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


def main(arguments: list[str]) -> int:
    """Compares every commit of the repository at `arguments[0]`, from `arguments[1]` on where that is given."""
    repository = arguments[0]
    since = [f"{arguments[1]}.."] if len(arguments) > 1 else []
    paths = (*_PATHS, *_submodules(repository))
    listed = _git(repository, "log", "--format=%h", *since, "--", *paths).decode().split()
    states = names = wrong = dead = 0
    for commit in listed:
        with tempfile.TemporaryDirectory() as folder:
            archive = _git(repository, "archive", commit)
            with tarfile.open(fileobj=BytesIO(archive)) as tar:
                tar.extractall(folder, filter="data")
            opened = open_repository(repository, rev=commit)
            compared, lines = reach.differences(Path(folder), opened)
            secrets = dead_secrets.dead(opened, Path(folder))
        if secrets is not None:
            dead += bool(secrets[0])
            lines += [] if secrets[0] == secrets[1] else [f"dead: {sorted(secrets[0])}, said: {sorted(secrets[1])}"]
        states += bool(compared)
        names += compared
        wrong += len(lines)
        for line in lines:
            sys.stdout.write(f"{commit} {line}\n")
    traces = traced.differences(repository)
    sys.stdout.write("".join(f"{line}\n" for line in traces))
    wrong += len(traces)
    told = f"{states} with a set and an example, {dead} with a dead secret, {names} names, {wrong} different"
    sys.stdout.write(f"{len(listed)} commits, {told}\n")
    return 1 if wrong or not names else 0


def _submodules(repository: str) -> list[str]:
    """The paths of submodules at any time: a moved pointer brings another template."""
    commits = _git(repository, "log", "--format=%h", "--diff-filter=AM", "--", ".gitmodules").decode().split()
    texts = (_git(repository, "show", f"{commit}:.gitmodules").decode() for commit in commits)
    return sorted({path for text in texts for path in re.findall(r"^\s*path\s*=\s*(.+?)\s*$", text, re.MULTILINE)})


def _git(repository: str, *arguments: str) -> bytes:
    return subprocess.run(["git", "-C", repository, *arguments], capture_output=True, check=True).stdout


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
