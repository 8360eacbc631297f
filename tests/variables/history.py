"""The oracle of `process.get` over the history of a clone: `make history-oracle REPO=PATH`.

For every commit that touches a compose file, settings or an example, the files of that commit are written to a
temporary folder, `.env` gets a distinct integer for each documented key, and the real Docker Compose says where those
arrive. What the model says must be the same, name by name.
"""

from __future__ import annotations

import subprocess
import sys
import tarfile
import tempfile
from io import BytesIO
from pathlib import Path

from fr_check.repository.opening import open_repository
from variables import reach

_PATHS = (":(glob)**/*compose*.y*ml", ":(glob)**/.env*", ":(glob)**/config.py", ":(glob)**/settings.py")


def main(arguments: list[str]) -> int:
    """Compares every commit of the repository at `arguments[0]`, from `arguments[1]` on where that is given."""
    repository = arguments[0]
    since = [f"{arguments[1]}.."] if len(arguments) > 1 else []
    listed = _git(repository, "log", "--format=%h", *since, "--", *_PATHS).decode().split()
    states = names = wrong = 0
    for commit in listed:
        with tempfile.TemporaryDirectory() as folder:
            archive = _git(repository, "archive", commit)
            with tarfile.open(fileobj=BytesIO(archive)) as tar:
                tar.extractall(folder, filter="data")
            compared, lines = reach.differences(Path(folder), open_repository(repository, rev=commit))
        states += bool(compared)
        names += compared
        wrong += len(lines)
        for line in lines:
            sys.stdout.write(f"{commit} {line}\n")
    sys.stdout.write(f"{len(listed)} commits, {states} with a set and an example, {names} names, {wrong} different\n")
    return 1 if wrong or not names else 0


def _git(repository: str, *arguments: str) -> bytes:
    return subprocess.run(["git", "-C", repository, *arguments], capture_output=True, check=True).stdout


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
