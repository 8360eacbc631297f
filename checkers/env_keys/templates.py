"""Finds the secrets templates of an app and parses them with the delimiters of their Vault agent."""

from __future__ import annotations

from typing import TYPE_CHECKING

from checkers.core.config import App as Policy
from checkers.core.model import Location, Skipped, Unknown
from checkers.core.repository import Unreadable
from checkers.core.text import Text
from checkers.env_keys.agents import rendering_of
from checkers.env_keys.model import Lost, TemplateSource
from checkers.sources import gotemplate

if TYPE_CHECKING:
    from collections.abc import Iterable

    from checkers.core.repository import Repository
    from checkers.env_keys.model import App
    from checkers.env_keys.reading import Reader

_ENDINGS = (".ctmpl", ".env.tpl", ".env.tmpl")
# A template belongs to an app when at least this share of what it renders are settings of the app.
_SHARE = 0.5
_HELP = (
    "in [tool.fr-check], name the template in [[tool.fr-check.env-keys.apps]] `templates = [...]`,"
    " or `templates = []` if there is none"
)


def read(reader: Reader, app: App) -> list[str]:
    """Fills `app.templates` and `app.templates_known`; returns the paths at which there is none."""
    missing: list[str] = []

    def absent(path: str) -> bool:
        missing.append(path)
        return True

    texts, known = reader.texts(app.policy.templates, "template", absence=absent)
    if missing:
        texts, known = _elsewhere(reader, app, texts, missing, known=known)
    app.templates = tuple(_source(reader.repository, text) for text in texts)
    app.templates_known = known
    return missing


def lost(reader: Reader, app: App, missing: list[str]) -> tuple[Lost, ...]:
    """What the base rendered from the templates of an app, and from those that are missing now, and this state not."""
    base = reader.context.base if app.templates or missing else None
    if base is None or isinstance(base, Unknown):
        return ()
    found = [_lost(reader.repository, base, source) for source in app.templates]
    found += [_vanished(reader.repository, base, path) for path in missing]
    return tuple(lost for lost in found if lost is not None)


def _elsewhere(
    reader: Reader, app: App, texts: list[Text], missing: list[str], *, known: bool
) -> tuple[list[Text], bool]:
    """What to make of templates that are not where they should be."""
    paths = ", ".join(missing)
    # An entry that says nothing of templates is no promise of one: the default is looked for as without any entry.
    if reader.configured and app.policy.templates is not Policy().templates:
        reader.unknown("missing-template", paths, f"the template {paths} does not exist", _HELP)
        return texts, False
    found = _discover(reader.repository, app)
    if found:
        return texts + found, known
    if any(source.content.markers for source in app.examples) or any(setting.vault for setting in app.settings):
        message = f"secrets are marked as managed by Vault, but there is no template at {paths}, or like it"
        reader.unknown("missing-template", paths, message, _HELP)
        return texts, False
    reader.skipped.append(Skipped("env-keys", f"no secrets template: {paths} does not exist"))
    return texts, False


def _discover(repository: Repository, app: App) -> list[Text]:
    """Templates, in the repository or below its submodules, most of whose keys are settings of this app."""
    paths = list(repository.paths())
    for gitlink in repository.gitlinks():
        names = repository.subtree(gitlink)
        paths += () if isinstance(names, Unreadable) else names
    found = []
    for path in paths:
        text = repository.read(path) if path.endswith(_ENDINGS) else None
        if isinstance(text, Text) and not text.problems:
            rendered = gotemplate.parse(text, rendering_of(repository, path).delimiters).names
            if rendered and sum(1 for name in rendered if app.takers(name)) >= _SHARE * len(rendered):
                found.append(text)
    return found


def _source(repository: Repository, text: Text) -> TemplateSource:
    rendering = rendering_of(repository, text.path)
    content = gotemplate.parse(text, rendering.delimiters)
    return TemplateSource(text, content, rendering.fails_on_missing, rendering.location)


def _lost(repository: Repository, base: Repository, source: TemplateSource) -> Lost | None:
    """Keys that the base rendered from the same path and this state does not."""
    path = source.text.path
    gitlink = repository.gitlink_above(path)
    commits = (None, None) if gitlink is None else (base.gitlinks().get(gitlink), repository.gitlinks().get(gitlink))
    if gitlink is not None and commits[0] == commits[1]:
        return None
    before = base.read(path)
    if not isinstance(before, Text) or before.problems or before.string == source.text.string:
        return None
    old = _source(base, before).content
    if old.problems or source.content.problems or source.content.open_keys:
        return None
    keys = _gone(old.names, source.content.names)
    if not keys:
        return None
    return Lost(keys, source.text.location(0, 0), gitlink, *commits)


def _vanished(repository: Repository, base: Repository, path: str) -> Lost | None:
    """All keys of a template that the base has and this state has no more."""
    gitlink = repository.gitlink_above(path) or base.gitlink_above(path)
    commits = (None, None) if gitlink is None else (base.gitlinks().get(gitlink), repository.gitlinks().get(gitlink))
    if gitlink is not None and commits[0] == commits[1]:
        return None
    before = base.read(path)
    if not isinstance(before, Text) or before.problems:
        return None
    keys = _gone(_source(base, before).content.names, frozenset())
    return Lost(keys, Location(path), gitlink, *commits) if keys else None


def _gone(old: Iterable[str], new: frozenset[str]) -> tuple[str, ...]:
    return tuple(sorted(set(old) - new))
