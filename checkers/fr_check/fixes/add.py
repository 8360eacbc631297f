"""`fr-check add KEY`: a new variable in every place that a project keeps it."""

from __future__ import annotations

import re

from fr_check.core.record import NamedTuple
from fr_check.core.secrecy import is_secret_name
from fr_check.core.trouble import Trouble
from fr_check.edits.example import insert_key
from fr_check.edits.imports import import_name
from fr_check.edits.lines import insert_after
from fr_check.edits.python import add_field, class_at, name_of, nearest
from fr_check.edits.template import rendering_line
from fr_check.edits.yaml import add_below, entry_at
from fr_check.fixes.plan import Plan

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from fr_check.core.context import Context
    from fr_check.core.text import Text

_KEY = re.compile(r"[A-Z_][A-Z0-9_]*")
_LISTED = 3  # A service that names so many settings lists them one by one.


class Wish(NamedTuple):
    """What to add: the variable, what it is for, and what is said of it."""

    key: str
    kind: str
    default: str | None = None
    type: str | None = None
    describe: str | None = None
    app: str | None = None


def plan(context: Context, wish: Wish) -> Plan:
    """All edits that make a new variable known.

    Raises:
        Trouble: the name is none, it is of another kind, or a place is written so that no edit is safe.
    """
    if not _KEY.fullmatch(wish.key):
        upper = re.sub(r"\W", "_", wish.key).upper()
        raise Trouble(f"`{wish.key}` is no name of a variable", f"use capitals, digits and underscores: `{upper}`?")
    made = Plan(context.repository)
    if wish.kind == "frontend":
        _frontend(context, wish, made)
    elif wish.kind == "secret":
        if wish.default is not None:
            raise Trouble("a secret has no default in the source code", "leave out --default")
        _backend(context, wish, made)
    else:
        if is_secret_name(wish.key):
            raise Trouble(f"`{wish.key}` sounds like a secret", "use `--kind secret`, or another name")
        _backend(context, wish, made)
    return made


def _app(context: Context, wish: Wish) -> Any:
    """The one app that the variable belongs to."""
    apps = [app for app in context.facts("env-keys").apps if app.settings_files and app.classes]
    if wish.app is not None:
        apps = [app for app in apps if any(wish.app in source.text.path for source in app.settings_files)]
    if len(apps) != 1:
        found = ", ".join(source.text.path for app in apps for source in app.settings_files) or "none"
        raise Trouble(f"there is not one backend that `{wish.key}` belongs to: {found}", "name it with --app PATH")
    return apps[0]


def _backend(context: Context, wish: Wish, made: Plan) -> None:
    app = _app(context, wish)
    secret = wish.kind == "secret"
    value, annotation = _typed(wish)
    if app.takers(wish.key):
        made.there.append(f"{app.takers(wish.key)[0].location.path}: a setting reads `{wish.key}`")
    else:
        _field(app, wish, made, value, annotation)
    if len(app.examples) == 1:
        _example(app, wish, made, "" if secret else value, secret=secret)
    _compose(context, app, wish, made)
    if secret:
        _template(context, app, wish, made)


def _typed(wish: Wish) -> tuple[str, str]:
    """The default as a text of the variable, and its type in Python."""
    value = wish.default if wish.default is not None else ""
    if wish.type is not None:
        return value, wish.type
    if value in {"true", "false"}:
        return value, "bool"
    if re.fullmatch(r"-?\d+", value):
        return value, "int"
    if re.fullmatch(r"-?\d+\.\d+", value):
        return value, "float"
    return value, "str"


def _field(app: Any, wish: Wish, made: Plan, value: str, annotation: str) -> None:
    classes = [found for found in app.classes if found.settings]
    if len(classes) != 1:
        names = ", ".join(found.name for found in classes) or "none"
        raise Trouble(f"there is not one class of settings that `{wish.key}` belongs to: {names}", "add it by hand")
    found = classes[0]
    text = made.text(found.location.path)
    node = class_at(text, found.location.span.line) if found.location.span else None
    if node is None:
        raise Trouble(f"{found.location.path} is not read as Python", "mend the file first")
    name = wish.key.lower()
    plain = _python(value, annotation)
    prefix = _prefix(found.settings)
    if prefix and name.startswith(prefix):
        name = name.removeprefix(prefix)
    aliased = bool(prefix and not wish.key.lower().startswith(prefix)) or any(
        one.case_sensitive for one in found.settings
    )
    line = f"{name}: {annotation} = {plain}"
    if aliased:
        line = f'{name}: {annotation} = Field(default={plain}, validation_alias="{wish.key}")'
        made.add(import_name(text, "pydantic", "Field"), "imports Field")
    after = nearest(node, name)
    if after is None:
        raise Trouble(f"{found.name} in {found.location.path} has no field to go by", "add the first one by hand")
    made.add(add_field(text, node, line, after), f"{found.name}.{name}, below {name_of(after)}")


def _python(value: str, annotation: str) -> str:
    if annotation == "bool":
        return {"true": "True", "1": "True"}.get(value.lower(), "False")
    return (
        value
        if annotation in {"int", "float"} and value
        else repr(value).replace("'", '"')
        if "'" not in value
        else repr(value)
    )


def _prefix(settings: Any) -> str:
    """What `env_prefix` puts before the names of fields, in lower case; empty where there is none."""
    for setting in settings:
        for name in setting.names or ():
            if name.lower().endswith(setting.field.lower()) and len(name) > len(setting.field):
                return str(name[: -len(setting.field)].lower())
            return ""
    return ""


def _example(app: Any, wish: Wish, made: Plan, value: str, *, secret: bool) -> None:
    source = app.examples[0]
    if wish.key in app.documented:
        made.there.append(f"{source.text.path}: `{wish.key}` is documented")
        return
    from fr_check.env_keys.values.written import quoted  # noqa: PLC0415 - only to write one

    written = quoted(value)
    if written is None:
        raise Trouble(f"no line of {source.text.path} holds this value for every program", "choose a simpler default")
    declared = [setting.name for setting in app.settings if setting.names]
    edit = insert_key(source.text, source.content, f"{wish.key}={written}", [*declared, wish.key])
    head = [f"# {wish.describe}"] if wish.describe else []
    if secret and not any(_covers(name, wish.key) for marker in source.content.markers for name in marker.names):
        head.append("# [VAULT] Managed by Vault")
    lines = "".join(f"{line}\n" for line in head)
    # Without a final line end the new line begins with one, and its comments come after that.
    text = edit.text
    made.add(edit._replace(text=f"\n{lines}{text[1:]}" if text.startswith("\n") else f"{lines}{text}"), "the example")


def _covers(glob: str, key: str) -> bool:
    return glob == key or (glob.endswith("*") and key.startswith(glob[:-1]))


def _compose(context: Context, app: Any, wish: Wish, made: Plan) -> None:
    """An entry in each service that runs the app and lists its variables one by one."""
    from fr_check.env_keys.processes import judged  # noqa: PLC0415 - the flow is only built for this

    names = {name for setting in app.settings for name in setting.names or ()}
    seen = set()
    for one in judged.services(context.facts("env-keys")):
        service = one.found.service
        place = service.place("environment")
        listed = names & set(service.environment)
        if place in seen or wish.key in service.environment or service.env_files or len(listed) < _LISTED:
            continue
        if context.repository.gitlink_above(place.path) is not None or place.path not in context.repository.paths():
            continue
        seen.add(place)
        text = made.text(place.path)
        found = entry_at(text, place.span)
        if found is not None and found[1].value == "environment":
            made.add(add_below(text, found[1], found[2], f"{wish.key}:", wish.key), f"passed to {one.name}")


def _template(context: Context, app: Any, wish: Wish, made: Plan) -> None:
    if wish.key in app.rendered:
        made.there.append(f"{app.rendered[wish.key].source.text.path}: `{wish.key}` is rendered")
        return
    for source in app.templates:
        keys = [(key.name, key.span.line) for key in source.content.keys if key.span.line]
        line = rendering_line(source.text, keys, wish.key)
        path = source.text.path
        gitlink = context.repository.gitlink_above(path)
        if line is None:
            made.next.append(f"render `{wish.key}` in {path}: no line there is of a form to follow")
        elif gitlink is not None:
            below = f"below line {line.after} (`{line.neighbour}`)"
            made.next.append(
                f"in the repository of {gitlink}, add to {path[len(gitlink) + 1 :]} {below}: {line.string}"
            )
            made.next.append(f"merge that, and move the pointer of {gitlink} to it, before you merge this change")
        else:
            made.add(insert_after(source.text, line.after, line.string), f"rendered, below {line.neighbour}")
        made.next.append(f"store the value of `{wish.key}` in Vault")


def _frontend(context: Context, wish: Wish, made: Plan) -> None:
    facts = context.facts("dockerfile-args")
    if not facts.public(wish.key):
        raise Trouble(f"`{wish.key}` has no public prefix", f"did you mean `{facts.prefixes[0]}{wish.key}`?")
    if is_secret_name(wish.key):
        raise Trouble(f"`{wish.key}` sounds like a secret, and a page shows it to everybody", "choose another name")
    _frontend_example(facts, wish, made)
    from fr_check.fixes.frontend import declare_everywhere  # noqa: PLC0415 - only for this kind

    declare_everywhere(facts, wish.key, made)
    if not any(wish.key in frontend.reads for frontend in facts.frontends):
        made.next.append(
            f"read it as `process.env.{wish.key}`" if wish.key.startswith("NEXT_") else f"read `{wish.key}`"
        )


def _frontend_example(facts: Any, wish: Wish, made: Plan) -> None:
    from fr_check.sources import dotenv  # noqa: PLC0415 - only for this kind

    folders = frozenset(frontend.path for frontend in facts.frontends)
    paths = sorted({path for frontend in facts.frontends for path in facts.documented.of(frontend.path, folders)})
    if not paths:
        return
    own = [path for path in paths if any(path.startswith(f"{folder}/") for folder in folders)] or paths
    text: Text = made.text(own[0])
    content = text.parsed(dotenv.parse)
    if wish.key in content.last():
        made.there.append(f"{own[0]}: `{wish.key}` is documented")
        return
    value = wish.default or ""
    made.add(insert_key(text, content, f"{wish.key}={value}", [*content.last(), wish.key]), "the example")
