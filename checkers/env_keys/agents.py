"""Finds the Vault agent's configuration that renders a template: it stands in the same folder."""

from __future__ import annotations

from typing import TYPE_CHECKING

from checkers.core.record import NamedTuple
from checkers.core.repository import Missing
from checkers.core.text import Text
from checkers.sources import vault_agent

if TYPE_CHECKING:
    from collections.abc import Iterator

    from checkers.core.model import Location
    from checkers.core.repository import Repository


class Rendering(NamedTuple):
    """How a template is rendered: delimiters, whether a missing field stops the agent, and the stanza that says so."""

    delimiters: tuple[str, str] = ("{{", "}}")
    fails_on_missing: bool = False
    location: Location | None = None


def usual_places(path: str) -> tuple[str, ...]:
    """Where the configuration for the template at `path` is looked for first."""
    folder = path.rpartition("/")[0]
    return tuple(_usual(place) for place in dict.fromkeys((folder, folder.rpartition("/")[0])))


def rendering_of(repository: Repository, path: str) -> Rendering:
    """What the configuration beside the template at `path`, or a folder above, says of it; else Go's own ways."""
    folder = path.rpartition("/")[0]
    for place in dict.fromkeys((folder, folder.rpartition("/")[0])):
        for text in _configurations(repository, place):
            stanza = vault_agent.parse(text).stanza(path)
            if stanza is not None:
                delimiters = (stanza.left_delimiter or "{{", stanza.right_delimiter or "}}")
                return Rendering(delimiters, stanza.error_on_missing_key, text.at(stanza.span))
    return Rendering()


def _configurations(repository: Repository, folder: str) -> Iterator[Text]:
    usual = repository.read(_usual(folder))
    if isinstance(usual, Text):
        yield usual
    elif isinstance(usual, Missing):
        names = repository.glob(f"{_within(folder)}*.hcl")
        for name in names if isinstance(names, tuple) else ():
            text = repository.read(name)
            if isinstance(text, Text):
                yield text


def _usual(folder: str) -> str:
    return f"{_within(folder)}vault-agent.hcl"


def _within(folder: str) -> str:
    return f"{folder}/" if folder else ""
