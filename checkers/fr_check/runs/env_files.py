"""What files of variables bring to a command: `set -a; . ./dev.env`, `uv run --env-file`, `dotenv run`."""

from __future__ import annotations

import posixpath
from functools import lru_cache

from fr_check.core.text import Text
from fr_check.runs import walk
from fr_check.runs.changes import known
from fr_check.runs.model import Start
from fr_check.sources import dotenv
from fr_check.sources.shells import SH

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping

    from fr_check.core.repository import Repository
    from fr_check.runs.model import Loaded, Origin


def given(
    repository: Repository, loaded: tuple[Loaded, ...], origin: Origin, wrote: Mapping[str, str | None] = {}
) -> tuple[Mapping[str, str | None], bool]:
    """The variables of some files, later ones over earlier ones, and whether there may be others.

    `wrote` are files that were written before, by path, with what they hold (None: not known).

    A file that a shell reads without exporting what it assigns is most often a script (`activate`): one that is not in
    the repository is taken to set nothing that matters.
    """
    found: dict[str, str | None] = {}
    others = False
    for one in loaded:
        path = None if one.path is None else origin.checkouts.path(one.path)[0]
        text = None if path is None else repository.read(path)
        if one.path is not None and posixpath.normpath(one.path) in wrote:
            content = wrote[posixpath.normpath(one.path)]
            text = None if content is None else Text(content, one.path, None)
        if not isinstance(text, Text):
            others = others or one.how != "marked"
        elif one.how == "loads":
            found.update((entry.key, _plain(entry)) for entry in text.parsed(dotenv.parse).assignments)
        else:
            found.update(_of_shell(text.string, everything=one.how == "all"))
    return found, others


def _plain(entry: dotenv.Assignment) -> str | None:
    value = None if entry.value is None else entry.value.reveal()
    return None if value is None or "$" in value else value


@lru_cache(maxsize=64)
def _of_shell(string: str, *, everything: bool) -> Mapping[str, str | None]:
    """What a file that a shell reads puts into the environment: asked for at each command that comes after it."""
    return known(walk.left(string, Start(shell=SH._replace(allexport=everything))), {})
