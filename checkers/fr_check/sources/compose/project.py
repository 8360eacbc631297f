"""What a set of compose files makes together."""

from __future__ import annotations

import posixpath

from fr_check.core.patterns import pattern
from fr_check.core.record import NamedTuple
from fr_check.sources import interpolation

_NAMED = pattern("[a-z0-9_-]")

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from fr_check.core.model import Location
    from fr_check.sources.compose.model import ComposeFile, Definition, Service
    from fr_check.sources.compose.variable import Scope
    from fr_check.sources.yaml_tree import Scalar


class Gap(NamedTuple):
    """Something a project names that could not be found or followed; `subject` is its name."""

    message: str
    location: Location
    subject: str = ""


class Part(NamedTuple):
    """A file that was merged into a project, and what fills its references there."""

    path: str
    file: ComposeFile
    scope: Scope


class Project(NamedTuple):
    """The merged services of a set of files; `directory` is what their relative paths count from.

    `name` is what `name:` says. `files` are those that the set names, `parts` all that were merged, those too that are
    included or extended. `scope` are the files of variables that fill references, by groups, the strongest first.
    `partial` names the services of which something that they extend is missing. `values` gives what
    files of variables set: a question, since there may be secrets among the answers. `missing` are files of the set
    that are not in the repository.
    """

    files: tuple[str, ...]
    directory: str
    name: Scalar | None
    services: dict[str, Service]
    gaps: tuple[Gap, ...]
    partial: frozenset[str]
    scope: Scope
    secrets: dict[str, Definition]
    configs: dict[str, Definition]
    parts: tuple[Part, ...]
    values: Callable[[Scope], Mapping[str, str]]
    missing: tuple[str, ...] = ()

    def called(self) -> str:
        """What Compose calls it unless a variable does; empty where that is the name of the folder of the checkout."""
        if self.name is None:
            written: str | None = posixpath.basename(self.directory)
        else:
            written = interpolation.parse(self.name.value).render(self.values(self.scope))
        return "".join(_NAMED.findall((written or "").lower())).lstrip("_-")
