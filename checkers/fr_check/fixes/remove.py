"""`fr-check remove KEY`: a variable out of every place that a project keeps it."""

from __future__ import annotations

import ast
import re

from fr_check.builds.inline_edits import in_its_file
from fr_check.core.text import Text
from fr_check.core.trouble import Trouble
from fr_check.dockerfile_args.comparison.remedies import without_line
from fr_check.edits.comments import without_entry
from fr_check.edits.dockerfile import remove_declarations
from fr_check.edits.example import remove_key
from fr_check.edits.imports import unused_imports
from fr_check.edits.python import class_of, fields, name_of, remove_field
from fr_check.edits.template import COMMENTS, lines_of
from fr_check.edits.yaml import entry_at, item_at, remove_at
from fr_check.env_keys.processes import judged
from fr_check.fixes.adding.types import MODULES
from fr_check.fixes.apps import demand_within, is_in
from fr_check.fixes.leftovers import left
from fr_check.fixes.plan import Plan
from fr_check.fixes.short_builds import shortened
from fr_check.sources import dotenv

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import Any

    from fr_check.core.context import Context
    from fr_check.core.edits import Edit, Refused
    from fr_check.core.model import Location
    from fr_check.sources.dotenv import Assignment, CommentedKey, Dotenv

_SHOWN = 5


def plan(context: Context, key: str, folder: str = "") -> Plan:
    """All edits that take a variable out: with `folder`, out of the applications in it alone.

    Raises:
        Trouble: code still reads it, a submodule's template renders it, or a place is written so that no edit is safe.
    """
    made = Plan(context.repository)
    backend, frontend = context.facts("env-keys"), context.facts("dockerfile-args")
    apps = demand_within(backend.backends, folder) if folder else backend.backends
    others = [app for app in backend.backends if app not in apps and any(app.takers(key))] if folder else []
    pages = [one for one in frontend.frontends if is_in(f"{one.path}/.", folder)]
    _demand_unread(context, key, apps, pages, folder)
    for app in apps:
        _settings(app, key, made)
        shared = {source.text.path for other in others for source in other.examples}
        _examples([source for source in app.examples if source.text.path not in shared], key, made)
        _template(context, app, key, made)
    _other_examples(backend, frontend, key, made, folder)
    _images(frontend, key, made, folder)
    for location in dict.fromkeys(_passed(backend, frontend, key, folder)):
        _entry(context, location, key, made)
    if not made.steps and not made.next:
        raise Trouble(f"nothing {f'in {folder}' if folder else 'here'} knows `{key}`", "check the spelling")
    left(context, key, made, folder)
    return made


def _demand_unread(context: Context, key: str, apps: Any, frontends: Any, folder: str) -> None:
    reads = [read.location for found in frontends for read in found.reads.get(key, ())]
    for app in apps:
        reads += [read.location for read in app.reads if read.key == key]
        for setting in app.takers(key):
            named = _attribute_reads(context, setting.field)
            reads += [one for one in named if not folder or is_in(one.path, folder)]
    if reads:
        shown = ", ".join(f"{place.path}:{place.span.line}" for place in reads[:_SHOWN] if place.span)
        raise Trouble(f"`{key}` is still read: {shown}", "take these reads out first")


def _attribute_reads(context: Context, field: str) -> Iterator[Location]:
    """Where Python code names the attribute: `settings.field`, whatever stands before the full stop."""
    word = re.compile(rf"\.{re.escape(field)}\b")
    for path in context.repository.paths():
        text = context.repository.read(path) if path.endswith(".py") else None
        if isinstance(text, Text) and f".{field}" in text.string:
            yield from (text.location(found.start() + 1, found.end()) for found in word.finditer(text.string))


def _settings(app: Any, key: str, made: Plan) -> None:
    # What a class hands on to others is written once.
    for setting in {one.location: one for one in app.takers(key)}.values():
        if setting.names is None or len(setting.names) != 1:
            raise Trouble(f"{setting.owner}.{setting.field} has other names than `{key}`", "take this one out by hand")
        text = made.text(setting.location.path)
        node = class_of(text, setting.location.span.line) if setting.location.span else None
        field = next((one for one in fields(node) if name_of(one) == setting.field), None) if node else None
        if node is None or field is None:
            raise Trouble(f"{setting.owner}.{setting.field} is not found in {text.path}", "take it out by hand")
        made.add(remove_field(text, node, field), f"{setting.owner}.{setting.field}")
        names = {one.id for one in ast.walk(field) if isinstance(one, ast.Name)}
        edits = unused_imports(text, names & MODULES.keys(), field)
        made.add(edits, "imports of it")


def _examples(sources: Any, key: str, made: Plan) -> None:
    for source in sources:
        _example(source.text, source.content, key, made)


def _example(text: Text, content: Dotenv, key: str, made: Plan) -> None:
    """Takes the variable's lines out, and those that only a comment has."""
    lines: tuple[Assignment | CommentedKey, ...] = (*content.assignments, *content.commented)
    for one in lines:
        if one.key == key:
            made.add(remove_key(text, content, one), "the example")


def _other_examples(backend: Any, facts: Any, key: str, made: Plan, folder: str) -> None:
    """Examples of pages, and of the folders that Compose runs in."""
    folders = frozenset(one.path for one in facts.frontends)
    paths = {path for one in facts.frontends for path in facts.documented.of(one.path, folders)}
    paths |= {
        one.process.compose_host.path for one in judged.services(backend) if one.process.compose_host.path is not None
    }
    for path in sorted(paths - {step.edit.path for step in made.steps}):
        if not is_in(path, folder):
            continue
        text = made.text(path)
        _example(text, text.parsed(dotenv.parse), key, made)


def _images(facts: Any, key: str, made: Plan, folder: str) -> None:
    for image in facts.images.found.values():
        if image.path not in made.repository.paths() or not is_in(image.path, folder):
            continue
        own = []
        for instruction in image.dockerfile.instructions:
            named = any(one.name == key for one in instruction.definitions)
            if named and instruction.keyword in {"ARG", "ENV"}:
                if len(instruction.definitions) > 1:
                    raise Trouble(f"{image.path} sets `{key}` together with others", "take it out by hand")
                own.append(instruction)
        for edit, what in remove_declarations(image.text, own, key):
            made.add(in_its_file(image, made.text(image.path), (edit,)), f"{what} of the image")


def _passed(backend: Any, frontend: Any, key: str, folder: str) -> Iterator[Location]:
    """Where a build or a service is given the variable."""
    for build in frontend.builds:
        image = frontend.images.found.get(build.key)
        if folder and not (image is not None and is_in(image.path, folder)):
            continue
        if key in build.passed:
            yield build.passed[key].location
        if key in build.environment:
            yield build.environment[key].location
    for one in judged.services(backend):
        mine = not folder or any(is_in(path, folder) for path in one.program.settings)
        if mine and key in one.found.service.environment:
            yield one.found.service.environment[key].location


def _entry(context: Context, location: Location, key: str, made: Plan) -> None:
    if context.repository.gitlink_above(location.path) is not None:
        made.remind(f"take `{key}` out of {location.path}, in its own repository")
        return
    text = made.text(location.path)
    entry, item = entry_at(text, location.span), item_at(text, location.span)
    holder = entry[0] if entry is not None else item[0] if item is not None else None
    short = () if holder is None or len(holder.items) > 1 else shortened(context.repository, text, holder)
    edit: Edit | tuple[Edit, ...] | Refused
    if short:
        edit = short
    elif holder is not None:
        edit = remove_at(text, location.span)
    else:
        edit = without_line(text, (key,), location)
    made.add(edit, f"no longer passed in {location.path}")


def _lines(text: Text, first: int, last: int) -> str:
    return "\n".join(text.line(number) for number in range(first, last + 1))


def _template(context: Context, app: Any, key: str, made: Plan) -> None:
    rendered = app.rendered.get(key)
    if rendered is None:
        return
    text = rendered.source.text
    gitlink = context.repository.gitlink_above(text.path)
    if gitlink is not None:
        raise Trouble(
            f"{text.path} renders `{key}`, and is in submodule {gitlink}",
            f"take it out there first, merge that, and move the pointer of {gitlink}",
        )
    line = rendered.key.span.line
    keys = [(one.name, one.span.line) for one in rendered.source.content.keys if one.span.line]
    found = lines_of(text, keys, key, line)
    if found is None or not re.search(rf"\b{re.escape(key)}\b.*\b{re.escape(key)}\b", _lines(text, *found), re.DOTALL):
        raise Trouble(f"{text.path}:{line} renders `{key}` in lines that others share", "take it out by hand")
    made.add(without_entry(text, *found, key, signs=COMMENTS), "no longer rendered")
    made.remind(f"delete `{key}` from Vault")
