"""Which words of a script lead to a docker command that builds, told by texts alone.

Most steps of most workflows have nothing to do with images: reading them as shell would cost time and tell nothing.
"""

from __future__ import annotations

import posixpath
from functools import cached_property
from typing import TYPE_CHECKING

from checkers.core.text import Text
from checkers.dockerfile_args import manifests
from checkers.dockerfile_args.model import is_sample

if TYPE_CHECKING:
    from collections.abc import Iterator

    from checkers.core.repository import Repository

FILE_LIMIT = 400

_PROGRAMS = ("docker", "podman", "buildah", "nerdctl", "depot")
# Each of their commands that builds has one of these in it, or uses compose files together.
_VERBS = ("build", "bud", "bake", "compose")
_SCRIPTS = (".sh", ".bash")
_MAKEFILES = ("Makefile", "makefile", ".mk")
# A file without an ending may be a script there.
_FOLDERS = frozenset(("bin", "ci", ".ci", "hack", "script", "scripts", "tools", ".github", "deploy", "docker"))
_MANAGERS = ("npm", "pnpm", "yarn", "bun")


def names_a_build(script: str) -> bool:
    """Whether a script has the words of a docker command that builds."""
    # The name of a compose file runs nothing.
    script = script.replace("docker-compose.", "")
    return any(program in script for program in _PROGRAMS) and any(verb in script for verb in _VERBS)


class Leads:
    """The scripts, makefiles and package scripts of a repository that may build an image."""

    def __init__(self, repository: Repository) -> None:
        self._repository = repository

    def followed(self, script: str) -> bool:
        """Whether a script may build an image, itself or by something that it calls."""
        return names_a_build(script) or any(word in script for word in self._words)

    @cached_property
    def _words(self) -> frozenset[str]:
        """What stands in a script that calls one of them."""
        texts = dict(self._texts())
        found: dict[str, tuple[str, ...]] = {}
        words: set[str] = set()
        while True:
            more = {
                path: _calls(path)
                for path, text in texts.items()
                if path not in found and (names_a_build(text) or any(word in text for word in words))
            }
            if not more:
                return frozenset(words)
            found.update(more)
            words.update(word for called in more.values() for word in called)

    def _texts(self) -> Iterator[tuple[str, str]]:
        paths = [path for path in self._repository.paths() if _is_script(path) and not is_sample(path)][:FILE_LIMIT]
        manifests_ = [posixpath.join(folder, "package.json") for folder in manifests.folders(self._repository)]
        for path in (*paths, *manifests_):
            text = self._repository.read(path)
            if isinstance(text, Text):
                yield path, text.string


def _is_script(path: str) -> bool:
    if path.endswith((*_SCRIPTS, *_MAKEFILES)):
        return True
    folder, _, name = path.rpartition("/")
    return "." not in name and folder.rpartition("/")[2] in _FOLDERS


def _calls(path: str) -> tuple[str, ...]:
    """The words with which a file is called."""
    name = path.rpartition("/")[2]
    if name == "package.json":
        return _MANAGERS
    return ("make",) if name.endswith(_MAKEFILES) else (name,)
