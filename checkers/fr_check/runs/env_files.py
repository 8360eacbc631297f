"""What files of variables bring to a command: `set -a; . ./dev.env`, `uv run --env-file`, `dotenv run`."""

from __future__ import annotations

from fr_check.core.text import Text
from fr_check.sources import dotenv, shell

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping

    from fr_check.core.repository import Repository
    from fr_check.runs.model import Loaded, Origin


def given(repository: Repository, loaded: tuple[Loaded, ...], origin: Origin) -> tuple[Mapping[str, str | None], bool]:
    """The variables of some files, later ones over earlier ones, and whether there may be others.

    A file that a shell reads without exporting what it assigns is most often a script (`activate`): one that is not in
    the repository is taken to set nothing that matters.
    """
    found: dict[str, str | None] = {}
    others = False
    for one in loaded:
        path = None if one.path is None else origin.checkouts.path(one.path)[0]
        text = None if path is None else repository.read(path)
        if not isinstance(text, Text):
            others = others or one.how != "marked"
        elif one.how == "loads":
            read = repository.parse(path or "", dotenv.parse)
            if isinstance(read, dotenv.Dotenv):
                found.update((entry.key, _plain(entry)) for entry in read.assignments)
        else:
            found.update(_of_shell(text.string, everything=one.how == "all"))
    return found, others


def _plain(entry: dotenv.Assignment) -> str | None:
    value = None if entry.value is None else entry.value.reveal()
    return None if value is None or "$" in value else value


def _of_shell(string: str, *, everything: bool) -> Mapping[str, str | None]:
    """What a file that a shell reads puts into the environment; under conditions of its own, not known."""
    read = shell.parse(string)
    found: dict[str, str | None] = {}
    for command in read.commands:
        certain = command.block < 0
        if command.name == "export":
            for word in command.words[1:]:
                name, equals, value = (word.literal or word.prefix).partition("=")
                if equals:
                    found[name] = value if certain and word.literal is not None else None
        elif everything and not command.words:
            for one in command.assignments:
                found[one.name] = one.value.literal if certain else None
    return found
