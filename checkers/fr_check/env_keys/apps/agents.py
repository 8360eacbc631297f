"""Finds the Vault agent's configuration that renders a template: it stands in the same folder, or the one above."""

from __future__ import annotations

from fr_check.core.model import Unknown
from fr_check.core.record import NamedTuple
from fr_check.core.repository import Missing, Unreadable
from fr_check.core.text import Text
from fr_check.sources import vault_agent

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from fr_check.core.model import Location, Problem
    from fr_check.core.repository import Repository
    from fr_check.env_keys.apps.model import App, TemplateSource

# A template belongs to an app when at least this share of what it renders are settings of the app.
SHARE = 0.5


class Rendering(NamedTuple):
    """How a template is rendered: delimiters, whether a missing field stops the agent, and the stanza that says so."""

    delimiters: tuple[str, str] = ("{{", "}}")
    fails_on_missing: bool = False
    location: Location | None = None


def usual_places(path: str) -> tuple[str, ...]:
    """Where the configuration for the template at `path` is looked for first."""
    return tuple(_usual(folder) for folder in _folders(path))


def rendering_of(repository: Repository, path: str) -> Rendering:
    """What the configuration beside the template at `path`, or a folder above, says of it; else Go's own ways."""
    for text in (text for folder in _folders(path) for text in _configurations(repository, folder)):
        agent = repository.parse(text.path, vault_agent.parse)
        stanza = agent.stanza(path) if isinstance(agent, vault_agent.VaultAgent) else None
        if stanza is not None:
            delimiters = (stanza.left_delimiter or "{{", stanza.right_delimiter or "}}")
            return Rendering(delimiters, stanza.error_on_missing_key, text.at(stanza.span))
    return Rendering()


def nearest_beside(repository: Repository, path: str) -> list[Text]:
    """The configurations in the folder of a template, or if there are none, in the folder above."""
    several = (list(_configurations(repository, folder)) for folder in _folders(path))
    return next((found for found in several if found), [])


def inline_in(text: Text) -> list[TemplateSource]:
    """The templates that stand in a configuration itself."""
    if "contents" not in text.string or text.problems:
        return []
    from fr_check.env_keys.apps.inline_templates import sources_in  # noqa: PLC0415 - few agents have any

    return list(sources_in(text))


def belonging(app: App, sources: Iterable[TemplateSource]) -> tuple[TemplateSource, ...]:
    """The sources that render an app's settings, judged together for what shares a file and a destination."""
    groups: dict[tuple[str, str], list[TemplateSource]] = {}
    for source in sources:
        groups.setdefault((source.text.path, source.inline or ""), []).append(source)
    kept: list[TemplateSource] = []
    for (_, destination), group in groups.items():
        names = {name for source in group for name in source.content.names}
        known = sum(1 for name in names if app.takers(name))
        if (names and known >= SHARE * len(names)) or destination.endswith(".env"):
            kept += group
    return tuple(kept)


def unread_beside(repository: Repository, path: str) -> Iterator[Unknown]:
    """Configurations beside a template that cannot be read to their end, so that what they say of it is not known."""
    for folder in _folders(path):
        usual = repository.read(_usual(folder))
        if isinstance(usual, Unreadable):
            yield usual.as_unknown("env-keys", usual.path)
        for text in _configurations(repository, folder):
            agent = repository.parse(text.path, vault_agent.parse)
            found = agent if isinstance(agent, vault_agent.VaultAgent) else vault_agent.VaultAgent()
            # Other files of the language may stand there, which has more than an agent's configuration needs.
            if text is usual or path.rpartition("/")[2] in text.string:
                yield from _unread(text, path, (*text.problems, *found.problems))
            if found.stanza(path) is not None:
                return


def _unread(text: Text, path: str, problems: tuple[Problem, ...]) -> Iterator[Unknown]:
    for problem in problems[:1]:
        message = f"{text.path} cannot be read ({problem.message}), so how {path} is rendered is not known"
        help_ = problem.help or "correct the configuration at this place"
        yield Unknown("env-keys", "unreadable-agent", text.path, message, help_, text.at(problem.span))


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


def _folders(path: str) -> tuple[str, ...]:
    folder = path.rpartition("/")[0]
    return tuple(dict.fromkeys((folder, folder.rpartition("/")[0])))


def _usual(folder: str) -> str:
    return f"{_within(folder)}vault-agent.hcl"


def _within(folder: str) -> str:
    return f"{folder}/" if folder else ""
