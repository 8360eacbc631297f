"""Dockerfiles that the repository does not hold because something makes them: a step, a script, another tool."""

from __future__ import annotations

import re

from fr_check.builds.model import COMPOSE
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

_PUTS = r"(?m)^[^\n#]*\b(?:cp|mv|ln|install|scp|rsync|envsubst)\b[^\n#]{0,300}?[\s\"'=</]"


def placed(repository: Repository, build: Build) -> str:
    """The script that puts the compose file of a build somewhere else, from where its paths then count; or empty."""
    if build.place != COMPOSE:
        return ""
    from fr_check.core.names import beginning, ending  # noqa: PLC0415 - few Dockerfiles are missing

    scripts = (ending(".sh", ".bash", ".mk", "Makefile", "makefile", "justfile", "Justfile"), beginning(".github/"))
    found = (repository.texts_with(wanted, _puts, build.path) for wanted in scripts)
    return next((path for texts in found for path in texts), "")


def _puts(text: Text, path: str) -> bool:
    """Whether a script copies, links or renders a file to another place."""
    return path in text.string and re.search(_PUTS + re.escape(path) + r"(?=[\s\"'])", text.string) is not None


def _writes(script: str, name: str, folder: str) -> bool:
    """Whether a script writes a file of a name, or copies, clones or downloads its folder, which brings it along."""
    if re.search(_WRITES + re.escape(name), script) is not None:
        return True
    if not folder:
        return False
    # `destination=_api; cp -R ../api ../${destination}`
    holding = re.findall(rf"(?m)^\s*(?:export\s+|local\s+)?(\w+)=[\"']?{re.escape(folder)}[\"']?\s*$", script)
    words = "|".join((re.escape(folder), *(rf"\$\{{?{name}\}}?" for name in holding)))
    return re.search(rf"{_WRITES}(?:{words})[\"']?/?(?=\s|$)", script) is not None


def made(repository: Repository, build: Build) -> bool:
    """Whether something is seen to make the Dockerfile of a build, or is said to: git is told to leave it alone."""
    path = build.dockerfile or ""
    folder, _, name = path.rpartition("/")
    text = repository.read(build.path)
    if isinstance(text, Text):
        last = folder.rpartition("/")[2]
        if _writes(text.string, name, last) or (last and "download-artifact" in text.string):
            return True
        from fr_check.core.names import ending  # noqa: PLC0415 - few Dockerfiles are missing

        named = (script for script in repository.select(ending(".sh", ".bash")) if script in text.string)
        scripts = (repository.read(script) for script in named)
        if any(isinstance(script, Text) and _writes(script.string, name, last) for script in scripts):
            return True
    ignored = repository.read(".gitignore")
    lines = split_lines(ignored.string) if isinstance(ignored, Text) else []
    entries = {line.strip().strip("/") for line in lines if line.strip() and not line.startswith(("#", "!"))}
    parents = {path, name}
    while folder:
        parents.add(folder)
        folder = folder.rpartition("/")[0]
    return not entries.isdisjoint(parents)
