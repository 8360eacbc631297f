"""Dockerfiles that the repository does not hold because something makes them: a step, a script, another tool."""

from __future__ import annotations

import re

from fr_check.core.text import Text, split_lines

TYPE_CHECKING = False
if TYPE_CHECKING:
    from fr_check.builds.model import Build
    from fr_check.core.repository import Repository

# What stands before the name of a file that a command writes.
_WRITES = (
    r"(?:>>?\s*|\btee\s+(?:-a\s+)?|\b(?:cp|mv|ln|install|curl|wget|rsync|unzip|tar|git)\b[^\n]{0,300}\s"
    r"|(?:\s-[oO]|--out(?:put)?(?:-file)?)[=\s]+)[\"']?[\w./${}-]{0,200}"
)


def made(repository: Repository, build: Build) -> bool:
    """Whether something is seen to make the Dockerfile of a build, or is said to: git is told to leave it alone."""
    path = build.dockerfile or ""
    folder, _, name = path.rpartition("/")
    text = repository.read(build.path)
    if isinstance(text, Text):
        last = folder.rpartition("/")[2]
        written = re.compile(_WRITES + re.escape(name)).search(text.string) is not None
        # A folder that is copied, cloned or downloaded brings its Dockerfile along.
        brought = (
            bool(last) and re.compile(_WRITES + re.escape(last) + r"[\"']?/?(?=\s|$)").search(text.string) is not None
        )
        if written or brought or (last and "download-artifact" in text.string):
            return True
    ignored = repository.read(".gitignore")
    lines = split_lines(ignored.string) if isinstance(ignored, Text) else []
    entries = {line.strip().strip("/") for line in lines if line.strip() and not line.startswith(("#", "!"))}
    parents = {path, name}
    while folder:
        parents.add(folder)
        folder = folder.rpartition("/")[0]
    return not entries.isdisjoint(parents)
