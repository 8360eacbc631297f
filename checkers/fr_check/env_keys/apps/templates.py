"""Finds the secrets templates of an app and parses them with the delimiters of their Vault agent."""

from __future__ import annotations

import re

from fr_check.core.model import Location, Unknown
from fr_check.core.names import directly_in, ending
from fr_check.core.patterns import pattern
from fr_check.core.repository import Unreadable
from fr_check.core.text import Text
from fr_check.env_keys.apps.agents import SHARE, belonging, inline_in, nearest_beside, rendering_of, unread_beside
from fr_check.env_keys.apps.model import Lost, TemplateSource
from fr_check.env_keys.apps.recognised import Reason
from fr_check.sources import gotemplate, vault_agent

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Collection, Iterable

    from fr_check.core.repository import Repository
    from fr_check.env_keys.apps.model import App
    from fr_check.env_keys.apps.reading import Reader

_ENDINGS = (".ctmpl", ".env.tpl", ".env.tmpl")
# The ending of an agent's configuration, which may hold templates itself.
_AGENT = ".hcl"
_HELP = (
    "in [tool.fr-check], name the template in [[tool.fr-check.env-keys.apps]] `templates = [...]`,"
    " or `templates = []` if there is none"
)
# What may be such a key: `KEY=`, `export KEY =`, `{{ "KEY" }}=`.
_MAYBE_KEY = pattern(r"(?<!\w)[A-Za-z_]\w*+(?=\W{0,9}=)")
# The keys of a template that does not parse.
_KEY = pattern(r"^[ \t]*(?:export[ \t]+)?([A-Za-z_]\w*)=", re.MULTILINE)


def read(reader: Reader, app: App) -> list[str]:
    """Fills `app.templates` and `app.templates_known`; returns the paths at which there is none."""
    missing: list[str] = []
    if app.policy.templates is None:
        texts, known = [], True
        for text in _recognised(reader, app):
            known = reader.usable(text, "template") and known
            texts += [] if text.problems else [text]
    else:

        def absent(path: str) -> bool:
            missing.append(path)
            return True

        texts, known = reader.texts(app.policy.templates, "template", absence=absent)
        if missing:
            gone = ", ".join(missing)
            reader.unknown("missing-template", gone, f"the template {gone} does not exist", _HELP)
            known = False
    paths = [*missing, *(text.path for text in texts)]
    inline = _inline(reader, app, paths)
    plain = (_source(reader.repository, text) for text in texts if not text.path.endswith(_AGENT))
    app.templates = (*plain, *inline)
    if app.policy.templates is None and not app.templates and known:
        known = False
        _expect(reader, app)
    unread = dict.fromkeys(found for path in paths for found in unread_beside(reader.repository, path))
    reader.unknowns += unread
    app.templates_known = known and not unread
    return missing


def _expect(reader: Reader, app: App) -> None:
    """Notes that there must be a template, where something says so."""
    marked = any(source.content.markers for source in app.examples) or any(setting.vault for setting in app.settings)
    if not marked:
        return
    closed = [
        found
        for path in reader.repository.gitlinks()
        if isinstance(found := reader.repository.subtree(path), Unreadable)
    ]
    for found in closed:
        reader.unknown(found.reason, found.path, f"{found.message}, so templates in it are not known", found.help)
    if closed:
        return
    where = app.examples[0].text.path if app.examples else app.settings_files[0].text.path
    message = f"secrets are marked as managed by Vault in {where}, but no template renders them"
    reader.unknown("missing-template", where, message, _HELP)


def lost(reader: Reader, app: App, missing: list[str]) -> tuple[Lost, ...]:
    """What the base rendered from the templates of an app, and from those that are missing now, and this state not."""
    linked = app.policy.templates is None and bool(reader.repository.gitlinks())
    base = reader.context.base
    if base is None or isinstance(base, Unknown):
        return ()
    if (linked and base.gitlinks() != reader.repository.gitlinks()) or not (app.templates or missing):
        missing = [*missing, *_vanishing(reader, base, app)]
    sources: dict[str, list[TemplateSource]] = {}
    for source in app.templates:
        sources.setdefault(source.text.path, []).append(source)
    found = [_lost(reader.repository, base, path, several) for path, several in sources.items()]
    found += [_vanished(reader.repository, base, path) for path in missing]
    return tuple(lost for lost in found if lost is not None)


def _inline(reader: Reader, app: App, paths: list[str]) -> tuple[TemplateSource, ...]:
    """Templates inside the configurations beside these paths, or at them."""
    own = [path for path in paths if path.endswith(_AGENT)]
    texts = {text.path: text for path in own if isinstance(text := reader.repository.read(path), Text)}
    for path in paths:
        texts |= {text.path: text for text in nearest_beside(reader.repository, path)}
    found = [source for text in texts.values() for source in inline_in(text)]
    named = own if app.policy.templates is not None else ()
    kept = {id(source) for source in belonging(app, found)}
    return tuple(source for source in found if id(source) in kept or source.text.path in named)


def _recognised(reader: Reader, app: App) -> list[Text]:
    """Templates, in the repository or below its submodules, most of whose keys are settings of this app."""
    found: list[tuple[int, Text, str]] = []
    templates = reader.templates
    files = [text for text in templates if not text.path.endswith(_AGENT)]
    if len(files) == 1 and len(reader.plans) == 1:
        found.append((0, files[0], "the only one, and there is only one application"))
    for text in templates if app.settings else ():
        names = _names(reader.repository, text, app)
        known = sum(1 for name in names if app.takers(name))
        if names and known >= SHARE * len(names):
            found.append((known, text, f"{known} of the {len(names)} keys it renders are settings"))
        elif text.path.endswith(_AGENT) and any(belonging(app, inline_in(text))):
            found.append((1, text, "templates in it render settings"))
    most = max((known for known, _, _ in found), default=0)
    # One that shares a name or two belongs to another application.
    kept = list({text.path: (text, why) for known, text, why in found if known >= SHARE * most}.values())
    app.reasons += tuple(Reason("template", text.path, why) for text, why in kept)
    return [text for text, _ in kept]


def candidates(repository: Repository) -> list[Text]:
    """Every template that an agent may render, and every agent's configuration."""
    below: list[str] = []
    for gitlink in repository.gitlinks():
        names = repository.subtree(gitlink)
        below += () if isinstance(names, Unreadable) else names
    configurations = [*repository.select(ending(f"agent{_AGENT}")), *filter(ending(f"agent{_AGENT}"), below)]
    agents = {path.rpartition("/")[0]: path for path in configurations}
    endings = (*_ENDINGS, f"agent{_AGENT}")
    # What an agent's configuration may name stands beside it; in a submodule it is one of those below.
    own = [folder for folder, path in agents.items() if repository.gitlink_above(path) is None]
    beside = [path for folder in own for path in repository.select(directly_in(folder))]
    found: list[Text] = []
    for path in (*sorted({*repository.select(ending(*endings)), *beside}), *below):
        folder = path.rpartition("/")[0]
        if path.endswith(endings) or (folder in agents and _is_named(repository, agents[folder], path)):
            text = repository.read(path)
            # `app.env.tmpl` may be a plain example; what an agent renders has something to fill in.
            plain = isinstance(text, Text) and not path.endswith((".ctmpl", _AGENT)) and "{{" not in text.string
            found += [text] if isinstance(text, Text) and not plain else []
    return found


def _is_named(repository: Repository, agents_path: str, path: str) -> bool:
    """Whether an agent's configuration names a file of its folder as the source of a template."""
    name, text = path.rpartition("/")[2], repository.read(agents_path)
    if not isinstance(text, Text) or name not in text.string:
        return False
    return any(stanza.source.rpartition("/")[2] == name for stanza in text.parsed(vault_agent.parse).stanzas)


def _names(repository: Repository, text: Text, app: App) -> tuple[str, ...]:
    """The keys that a template renders; none where nothing before a `=` is a setting of the app, as in most others."""
    if text.path.endswith(_AGENT) or not any(map(app.takers, set(_MAYBE_KEY.findall(text.string)))):
        return ()
    if text.problems:
        return tuple(dict.fromkeys(_KEY.findall(text.string)))
    content = text.parsed(gotemplate.parse, rendering_of(repository, text.path).delimiters)
    return tuple(dict.fromkeys(_KEY.findall(text.string))) if content.problems else tuple(content.names)


def _vanishing(reader: Reader, base: Repository, app: App) -> list[str]:
    """Templates of this app that the base has below a submodule, and this state has no more."""
    known = {source.text.path for source in app.templates}
    return [
        text.path
        for text in candidates(base)
        if text.path not in known
        and not reader.repository.exists(text.path)
        and (names := _names(base, text, app))
        and sum(1 for name in names if app.takers(name)) >= SHARE * len(names)
    ]


def _source(repository: Repository, text: Text) -> TemplateSource:
    rendering = rendering_of(repository, text.path)
    content = text.parsed(gotemplate.parse, rendering.delimiters)
    return TemplateSource(text, content, rendering.fails_on_missing, rendering.location)


def _lost(repository: Repository, base: Repository, path: str, sources: list[TemplateSource]) -> Lost | None:
    """Keys that the base rendered from the same path and this state does not."""
    gitlink = repository.gitlink_above(path)
    commits = (None, None) if gitlink is None else (base.gitlinks().get(gitlink), repository.gitlinks().get(gitlink))
    if gitlink is not None and commits[0] == commits[1]:
        return None
    before, now = base.read(path), repository.read(path)
    if not isinstance(before, Text) or before.problems or (isinstance(now, Text) and before.string == now.string):
        return None
    if sources[0].inline is None:
        old = [_source(base, before).content]
    else:
        old = [source.content for source in inline_in(before)]
    new = [source.content for source in sources]
    if any(content.problems for content in (*old, *new)) or any(content.open_keys for content in new):
        return None
    keys = _gone((name for content in old for name in content.names), {n for content in new for n in content.names})
    return Lost(keys, sources[0].text.location(0, 0), gitlink, *commits) if keys else None


def _vanished(repository: Repository, base: Repository, path: str) -> Lost | None:
    """All keys of a template that the base has and this state has no more."""
    gitlink = repository.gitlink_above(path) or base.gitlink_above(path)
    commits = (None, None) if gitlink is None else (base.gitlinks().get(gitlink), repository.gitlinks().get(gitlink))
    if gitlink is not None and commits[0] == commits[1]:
        return None
    before = base.read(path)
    if not isinstance(before, Text) or before.problems:
        return None
    keys = _gone(_source(base, before).content.names, ())
    return Lost(keys, Location(path), gitlink, *commits) if keys else None


def _gone(old: Iterable[str], new: Collection[str]) -> tuple[str, ...]:
    return tuple(sorted(set(old).difference(new)))
