"""Finds the secrets templates of an app and parses them with the delimiters of their Vault agent."""

from __future__ import annotations

from fr_check.core.model import Location, Skipped, Unknown
from fr_check.core.repository import Unreadable
from fr_check.core.text import Text
from fr_check.env_keys.apps.agents import SHARE, belonging, inline_in, nearest_beside, rendering_of, unread_beside
from fr_check.env_keys.apps.model import Lost, TemplateSource
from fr_check.policy.env_keys import App as Policy
from fr_check.sources import gotemplate

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


def read(reader: Reader, app: App) -> list[str]:
    """Fills `app.templates` and `app.templates_known`; returns the paths at which there is none."""
    missing: list[str] = []

    def absent(path: str) -> bool:
        missing.append(path)
        return True

    texts, known = reader.texts(app.policy.templates, "template", absence=absent)
    paths = [*missing, *(text.path for text in texts)]
    inline = _inline(reader, app, paths)
    if missing and (_promised(reader, app) or not inline):
        texts, known = _elsewhere(reader, app, texts, missing, known=known)
    plain = (_source(reader.repository, text) for text in texts if not text.path.endswith(_AGENT))
    app.templates = (*plain, *(inline or _inline(reader, app, [text.path for text in texts])))
    unread = dict.fromkeys(found for path in paths for found in unread_beside(reader.repository, path))
    reader.unknowns += unread
    app.templates_known = known and not unread
    return missing


def lost(reader: Reader, app: App, missing: list[str]) -> tuple[Lost, ...]:
    """What the base rendered from the templates of an app, and from those that are missing now, and this state not."""
    base = reader.context.base if app.templates or missing else None
    if base is None or isinstance(base, Unknown):
        return ()
    sources: dict[str, list[TemplateSource]] = {}
    for source in app.templates:
        sources.setdefault(source.text.path, []).append(source)
    found = [_lost(reader.repository, base, path, several) for path, several in sources.items()]
    found += [_vanished(reader.repository, base, path) for path in missing]
    return tuple(lost for lost in found if lost is not None)


def _elsewhere(
    reader: Reader, app: App, texts: list[Text], missing: list[str], *, known: bool
) -> tuple[list[Text], bool]:
    """What to make of templates that are not where they should be."""
    paths = ", ".join(missing)
    if _promised(reader, app):
        reader.unknown("missing-template", paths, f"the template {paths} does not exist", _HELP)
        return texts, False
    found = _discover(reader.repository, app)
    if found:
        return texts + found, known
    marked = any(source.content.markers for source in app.examples) or any(setting.vault for setting in app.settings)
    if marked or any(_has_folder_of(reader.repository, path) for path in missing):
        why = "secrets are marked as managed by Vault" if marked else "the submodule has the folder of the template"
        message = f"{why}, but there is no template at {paths}, or like it"
        reader.unknown("missing-template", paths, message, _HELP)
        return texts, False
    reader.skipped.append(Skipped("env-keys", f"no secrets template: {paths} does not exist"))
    return texts, False


def _inline(reader: Reader, app: App, paths: list[str]) -> tuple[TemplateSource, ...]:
    """Templates inside the configurations beside these paths, or at them."""
    own = [path for path in paths if path.endswith(_AGENT)]
    texts = {text.path: text for path in own if isinstance(text := reader.repository.read(path), Text)}
    for path in paths:
        texts |= {text.path: text for text in nearest_beside(reader.repository, path)}
    found = [source for text in texts.values() for source in inline_in(text)]
    named = own if _promised(reader, app) else ()
    kept = {id(source) for source in belonging(app, found)}
    return tuple(source for source in found if id(source) in kept or source.text.path in named)


def _promised(reader: Reader, app: App) -> bool:
    """Whether the configuration names templates: an entry that says nothing of them is no promise of one."""
    return reader.configured and app.policy.templates is not Policy().templates


def _has_folder_of(repository: Repository, path: str) -> bool:
    """Whether the submodule that a missing template should be in has other files in its folder."""
    gitlink = repository.gitlink_above(path)
    names = repository.subtree(gitlink) if gitlink is not None else ()
    folder = f"{path.rpartition('/')[0]}/"
    return any(isinstance(name, str) and name.startswith(folder) for name in names)


def _discover(repository: Repository, app: App) -> list[Text]:
    """Templates, in the repository or below its submodules, most of whose keys are settings of this app."""
    paths = list(repository.paths())
    for gitlink in repository.gitlinks():
        names = repository.subtree(gitlink)
        paths += () if isinstance(names, Unreadable) else names
    found = []
    for path in paths:
        text = repository.read(path) if path.endswith((*_ENDINGS, f"agent{_AGENT}")) else None
        if isinstance(text, Text) and path.endswith(_AGENT):
            found += [text] if any(belonging(app, inline_in(text))) else []
        elif isinstance(text, Text) and not text.problems:
            rendered = gotemplate.parse(text, rendering_of(repository, path).delimiters).names
            if rendered and sum(1 for name in rendered if app.takers(name)) >= SHARE * len(rendered):
                found.append(text)
    return found


def _source(repository: Repository, text: Text) -> TemplateSource:
    rendering = rendering_of(repository, text.path)
    content = gotemplate.parse(text, rendering.delimiters)
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
