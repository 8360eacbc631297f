"""Which scripts lead to a docker command that builds, themselves or through what they call: told by their texts alone.

Most steps of most workflows have nothing to do with images: reading them as shell would cost time and tell nothing.
"""

from __future__ import annotations

import posixpath

from fr_check.builds import manifests
from fr_check.builds.model import is_sample
from fr_check.core.text import Text
from fr_check.runs.task_files import TASK_FILES

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable

    from fr_check.core.repository import Repository

FILE_LIMIT = 400

_PROGRAMS = ("docker", "podman", "buildah", "nerdctl", "depot")
# Each of their commands that builds has one of these in it, or uses compose files together.
_VERBS = ("build", "bud", "bake", "compose")
_MAKEFILES = ("Makefile", "makefile", ".mk")
_ENDINGS = (".sh", ".bash", *_MAKEFILES)
# A file without an ending may be a script there.
_FOLDERS = frozenset(("bin", "ci", ".ci", "hack", "script", "scripts", "tools", ".github", "deploy", "docker"))
_MANAGERS = ("npm", "pnpm", "yarn", "bun", "turbo", "lerna")
_RUNNERS = ("just", "moon", "tox", "task", "invoke", "rake", "poe")
_PROGRAMS_OF: dict[str, tuple[str, ...]] = {}
for _program in _RUNNERS:
    for _name in TASK_FILES[_program]:
        _PROGRAMS_OF[_name] = (*_PROGRAMS_OF.get(_name, ()), _program)
_PROGRAMS_OF["pyproject.toml"] += ("hatch", "pdm", "rye")


def names_a_build(script: str) -> bool:
    """Whether a script has the words of a docker command that builds."""
    # The name of a compose file runs nothing.
    script = script.replace("docker-compose.", "")
    return any(program in script for program in _PROGRAMS) and any(verb in script for verb in _VERBS)


class Leads:
    """The scripts, makefiles and package scripts of a repository, read when something calls them.

    `names` tells of a text whether it does by itself what is looked for: an image build, where nothing else is given.
    """

    def __init__(self, repository: Repository, names: Callable[[str], bool] = names_a_build) -> None:
        self._repository = repository
        self._names = names
        self._known: dict[str, bool] = {}

    def followed(self, script: str) -> bool:
        """Whether a script does what is looked for, itself or by something that it calls."""
        return self._names(script) or any(self._builds(path) for path in self._called(script))

    def _called(self, script: str) -> tuple[str, ...]:
        return self._repository.remembered(_called, script)

    def _builds(self, path: str) -> bool:
        """Whether a file, or any that can be reached from it, does what is looked for."""
        if path not in self._known:
            reached, pending = {path}, [path]
            while pending:
                text = self._repository.read(pending.pop())
                string = text.string if isinstance(text, Text) else ""
                if self._names(string):
                    self._known[path] = True
                    return True
                called = set(self._called(string)) - reached
                reached |= called
                pending.extend(called)
            self._known.update(dict.fromkeys(reached, False))
        return self._known[path]


def _is_script(path: str) -> bool:
    if path.endswith(_ENDINGS):
        return True
    folder, _, name = path.rpartition("/")
    return "." not in name and folder.rpartition("/")[2] in _FOLDERS


def _is_of_runner(path: str) -> bool:
    return path.rpartition("/")[2] in _PROGRAMS_OF


def _callable(repository: Repository) -> dict[str, tuple[str, ...]]:
    """The files of a repository that a script may call, by the word that it then has in it."""
    found: dict[str, list[str]] = {}
    paths = [path for path in repository.select(_is_script) if not is_sample(path)]
    for path in paths[:FILE_LIMIT]:
        name = "make" if path.endswith(_MAKEFILES) else path.rpartition("/")[2]
        found.setdefault(name, []).append(path)
    manifest_paths = [posixpath.join(folder, "package.json") for folder in manifests.folders(repository)]
    found.update(dict.fromkeys(_MANAGERS, manifest_paths))
    for path in repository.select(_is_of_runner):
        for program in _PROGRAMS_OF[path.rpartition("/")[2]] if not is_sample(path) else ():
            found.setdefault(program, []).append(path)
    return {word: tuple(several) for word, several in found.items()}


def _called(repository: Repository, script: str) -> tuple[str, ...]:
    """The files that a script may call: several kinds of commands are looked for in the same scripts."""
    return tuple(path for word, paths in repository.remembered(_callable).items() if word in script for path in paths)
