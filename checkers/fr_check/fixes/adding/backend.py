"""A setting, secret or not: its field, its line in the example, its way into services, its line in a template."""

from __future__ import annotations

import re

from fr_check.core.edits import Refused
from fr_check.core.patterns import pattern
from fr_check.core.trouble import Trouble
from fr_check.edits.example import insert_key
from fr_check.edits.yaml import add_below, entry_at
from fr_check.env_keys.processes import judged
from fr_check.env_keys.rules.unpassed_setting import environment_below
from fr_check.env_keys.values.written import is_secret, quoted
from fr_check.fixes.adding import field, secrets
from fr_check.fixes.adding.examples import with_comments
from fr_check.fixes.apps import demand_within, none, several
from fr_check.sources import dotenv
from fr_check.variables.model import FromSecret

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from fr_check.core.context import Context
    from fr_check.core.model import Location
    from fr_check.fixes.adding.plan import Wish
    from fr_check.fixes.plan import Plan

_LISTED = 3  # A service that names so many settings lists them one by one.


def add(context: Context, wish: Wish, made: Plan) -> None:
    """Plans everything.

    Raises:
        Trouble: it is not known whose variable it is, or it is there with another value.
    """
    app = _app(context, wish)
    takers = app.takers(wish.key)
    value: str | None = wish.default or ""
    if takers:
        field.demand_same(takers[0], wish)
        value = field.text_of(takers[0], wish)
        made.there.append(f"{takers[0].location.path}: a setting reads `{wish.key}`")
    elif app.classes:
        value = field.add(app, wish, made)
    else:
        made.remind(f'read it as `os.environ["{wish.key}"]`')
    if wish.kind == "secret":
        value = ""
    if len(app.examples) == 1:
        _example(app, wish, made, value)
    elif app.examples:
        listed = ", ".join(source.text.path for source in app.examples)
        made.remind(f"document it where it belongs: {listed}")
    else:
        line = _line(wish.key, value) or f"{wish.key}="
        made.remind(f"no example documents this application's variables: write `.env.example` with `{line}`")
    # A secret has no text that a compose file may show, and what has none at all is passed on as it is.
    secret = wish.kind == "secret" or _is_marked(app, wish.key)
    hosts = _compose(context, app, wish, made, None if secret else value)
    for path in sorted(hosts - {source.text.path for source in app.examples}):
        _host_example(app, wish, made, path, value)
    if secret:
        secrets.render(context, app, wish, made)


def _line(key: str, value: str | None) -> str | None:
    """The line of an example; a comment for a default that no text stands for, None for a value that no quotes keep."""
    written = "" if value is None else quoted(value)
    return None if written is None else f"{'# ' if value is None else ''}{key}={written}"


def _app(context: Context, wish: Wish) -> Any:
    """The one app that the variable belongs to."""
    facts = context.facts("env-keys")
    every = list(facts.apps) or list(facts.backends)
    apps = [app for app in every if app.settings_files and app.classes] or every
    if wish.app is not None:
        apps = [app for app in demand_within(facts.backends, wish.app) if app.classes] or apps
    if wish.owner is not None:
        apps = [app for app in apps if any(found.name == wish.owner for found in app.classes)]
        if not apps:
            names = ", ".join(found.name for app in every for found in app.classes) or "none"
            raise Trouble(f"no class of settings is called {wish.owner}; there are {names}", "name one with --class")
    if not apps:
        raise none(context.repository, wish.key)
    if len(apps) > 1:
        raise several(apps, wish.key)
    return apps[0]


def _example(app: Any, wish: Wish, made: Plan, value: str | None) -> None:
    source = app.examples[0]
    path = source.text.path
    there = app.documented.get(wish.key)
    if there is not None:
        known = there.binding.value.reveal() if there.binding.value is not None else ""
        if wish.default is not None and known != value:
            raise Trouble(
                f"{path}: `{wish.key}` is documented with another value", "change it there, or leave out --default"
            )
        made.there.append(f"{path}: `{wish.key}` is documented")
        return
    if value is None and wish.key in app.commented:
        made.there.append(f"{path}: a comment documents `{wish.key}`")
        return
    line = _line(wish.key, value)
    if line is None:
        raise Trouble(
            f"the default of `{wish.key}` has no spelling in {path} that `sh`, Compose and python-dotenv read alike",
            "choose one without line ends, `${`, and backslashes before quotes",
        )
    declared = [setting.name for setting in app.settings if setting.names]
    edit = insert_key(source.text, source.content, line, [*declared, wish.key], after=wish.after)
    head = [f"# {wish.describe}"] if wish.describe else []
    # A project that marks no key and renders none keeps its secrets in another way.
    marks = bool(source.content.markers) or bool(app.templates)
    names = [name for marker in source.content.markers for name in marker.names]
    if wish.kind == "secret" and marks and not any(_covers(name, wish.key) for name in names):
        head.append("# [VAULT] Managed by Vault")
    made.add(with_comments(edit, head, source.text), "the example")
    if value is None and app.strict:
        made.remind(
            f"no line can document that `{wish.key}` is None by default: allow it, "
            f'`undocumented-setting = [{{subject = "{wish.key}", reason = "..."}}]` below `[tool.fr-check.allow]`'
        )


def _is_marked(app: Any, key: str) -> bool:
    """Whether a mark of an example speaks of all variables of this beginning: then the template has to render it."""
    return any(
        "*" in name and _covers(name, key)
        for source in app.examples
        for marker in source.content.markers
        for name in marker.names
    )


def _covers(glob: str, key: str) -> bool:
    return glob == key or (glob.endswith("*") and key.startswith(glob[:-1]))


def _host_example(app: Any, wish: Wish, made: Plan, path: str, value: str | None) -> None:
    """The example of the folder that Compose runs in, where that is another file and documents the app's variables."""
    text = made.text(path)
    content = text.parsed(dotenv.parse)
    names = {name for setting in app.settings for name in setting.names or ()}
    line = _line(wish.key, value)
    there = {*content.last(), *(one.key for one in content.commented)}
    if wish.key in there or len(names & content.last().keys()) < _LISTED or line is None:
        return
    edit = insert_key(text, content, line, [*content.last(), wish.key], after=wish.after)
    made.add(edit, "the example that Compose takes its `.env` from")


def _compose(context: Context, app: Any, wish: Wish, made: Plan, value: str | None) -> set[str]:
    """An entry in each service that runs the app and lists its variables one by one; the examples of their hosts."""
    hosts: set[str] = set()
    names = {name for setting in app.settings for name in setting.names or ()}
    others = {name for setting in app.settings if is_secret(setting) for name in setting.names or ()}
    files = {source.text.path for source in app.settings_files}
    seen: set[object] = set()
    for one in judged.services(context.facts("env-keys")):
        service = one.found.service
        place = service.place("environment")
        # Another program may have settings of the same names.
        mine = not files or not files.isdisjoint(one.program.settings)
        if not mine or place in seen or place.path not in context.repository.paths():
            continue
        seen.add(place)
        if wish.key in service.environment:
            made.there.append(f"{place.path}: {one.process.what} is given `{wish.key}`")
            continue
        listed = names & set(service.environment)
        if service.env_files or len(listed) < _LISTED:
            if listed and not service.env_files and wish.kind != "secret":
                made.remind(_to_few(one.name, place, wish.key))
            continue
        # It comes as the other secrets do: rendered, or by a way that no entry tells of.
        if wish.kind == "secret" and (_reads_rendered(one) or (others and listed.isdisjoint(others))):
            continue
        text = made.text(place.path)
        line = place.span.line if place.span else 1
        found = entry_at(text, place.span)
        if found is not None and found[1].value == "environment":
            text, holder, listing = environment_below(one, place.path, made.text) or (text, *found[1:])
            if (text.path, holder.start) in seen:
                continue
            seen.add((text.path, holder.start))
            edit = add_below(text, holder, listing, *_entry(service, names, wish.key, value))
            if isinstance(edit, Refused):
                made.remind(f"pass `{wish.key}` to {one.name} (line {line}): {edit.reason}")
                continue
            made.add(edit, f"passed to {one.name}")
            hosts.update([one.process.compose_host.path] if one.process.compose_host.path is not None else [])
        else:
            made.remind(f"pass `{wish.key}` to {one.name} (line {line}): its `environment` comes from another place")
    return hosts


def _to_few(service: str, place: Location, key: str) -> str:
    where = f"`environment` of {service} (line {place.span.line if place.span else 1}), which gives it few variables"
    return f"add `{key}:` to {where}, if it is to have another value than the default there"


def _entry(service: Any, names: set[str], key: str, value: str | None) -> tuple[str, str]:
    """An entry for a mapping, and one for a list: with the default as most neighbours have it, else without a value.

    Without a value the host's is passed on, and nothing where the host has none: so for a secret, and for a default
    that no text stands for, which `value` None says.
    """
    if value is None:
        return f"{key}:", key
    listed = [(name, one.value or "") for name, one in service.environment.items() if name in names]
    matched = (re.fullmatch(rf"\$\{{{re.escape(name)}(:?-)[^{{}}]*\}}", written) for name, written in listed)
    forms = [found[1] for found in matched if found is not None]
    if 2 * len(forms) <= len(listed) or not _IN_BRACES.fullmatch(value):
        return f"{key}:", key
    own = [one for name, one in service.environment.items() if name in names and not one.listed]
    in_quotes = any(one.scalar.style == '"' for one in own)
    operator = max(sorted(set(forms)), key=forms.count)
    written = f"${{{key}{operator}{value}}}"
    entry = f'{key}: "{written}"' if in_quotes or ": " in value or " #" in value else f"{key}: {written}"
    return entry, f"{key}={written}"


_IN_BRACES = pattern(r"[\w ./:@%+,=*?-]*")


def _reads_rendered(one: judged.Judged) -> bool:
    """Whether a service reads a file that is rendered from a store: the new secret comes that way."""
    values = (entry.value for layer in one.process.layers for entry in layer.entries.values())
    return any(isinstance(value, FromSecret) for value in values)
