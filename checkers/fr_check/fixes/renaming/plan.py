"""The plan of a renaming: settings and code first, then whoever is given the variable, then what is left to tell."""

from __future__ import annotations

import re

from fr_check.builds.model import is_dockerfile_name
from fr_check.core.patterns import pattern
from fr_check.core.secrecy import is_secret_name
from fr_check.core.text import Text
from fr_check.core.trouble import Trouble
from fr_check.fixes.leftovers import COMMENTS, DOCUMENTS, NO_SOURCES, VENDORED
from fr_check.fixes.plan import Plan
from fr_check.fixes.renaming import code, commands, fields, files, yaml_files
from fr_check.fixes.renaming.owners import Owners
from fr_check.fixes.renaming.task import Renaming, shown
from fr_check.sources import usages
from fr_check.variables.wellknown import is_well_known

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from fr_check.core.context import Context

_KEY = pattern(r"[A-Z_][A-Z0-9_]*")
_TEMPLATES = (".ctmpl", ".tmpl", ".tpl")
_COMPOSE = pattern(r"(?:^|/)(?:docker-)?compose[\w.-]*\.ya?ml$|(?:^|/)[\w.-]*compose[\w.-]*\.ya?ml$")
_TASKS = ("just", "package", "tasks", "procfile")
_SHOWN = 5


def plan(context: Context, old: str, new: str, *, keep: bool, folder: str = "") -> Plan:
    """All edits that give a variable another name: with `folder`, to the applications in it alone.

    Raises:
        Trouble: a name is none, they are of different kinds, the new one is there already, nothing has the old one, or
            a place is written so that no edit is safe.
    """
    made = Plan(context.repository)
    task = Renaming(context, old, new, made, keep=keep, folder=folder)
    _demand_fit(task)
    _demand_not_rendered(task)
    texts = [text for path in context.repository.paths() if (text := _relevant(task, path)) is not None]
    known = list(_known(task))
    task.resumed = bool(known) or _is_read(task)
    fields.rename(task)
    for text in texts:
        if task.within(text.path):
            _code(task, text)
    owners = Owners(task)
    for text in texts:
        _rest(task, text, owners)
    task.follow_comments()
    taken = _in_the_way(task, known)
    if taken and made.steps:
        raise Trouble(f"`{new}` is there already: {taken}", "choose another name, or take one of the two out first")
    done = known or made.there or made.generated
    if not made.steps and not done:
        raise Trouble(f"nothing here has the variable `{old}`{_mentioned(task)}", "check the spelling")
    _tell(task)
    return made


def _demand_fit(task: Renaming) -> None:
    if not _KEY.fullmatch(task.new):
        upper = re.sub(r"\W", "_", task.new).upper()
        raise Trouble(f"`{task.new}` is no name of a variable", f"use capitals, digits and underscores: `{upper}`?")
    if task.old == task.new:
        raise Trouble("both names are the same", "name the new one")
    if task.public != bool(task.frontend.public(task.new)):
        which = task.old if task.public else task.new
        raise Trouble(
            f"`{which}` is public by its prefix, and the other one is not", "add the new one, and remove the old"
        )
    if task.public and task.keep:
        raise Trouble("a page has the name that its build knew: a public variable cannot keep its old one",
                      "leave out --keep-old")  # fmt: skip
    if task.public and is_secret_name(task.new) and not is_secret_name(task.old):
        raise Trouble(f"`{task.new}` sounds like a secret, and a page shows it to everybody", "choose another name")


def _demand_not_rendered(task: Renaming) -> None:
    """Refuses where a submodule's template renders the old name: the service would lose the value."""
    for app in task.apps:
        rendered = app.rendered.get(task.old)
        gitlink = task.repository.gitlink_above(rendered.location.path) if rendered is not None else None
        if gitlink is None:
            continue
        place = rendered.location
        where = f"{place.path}:{place.span.line}" if place.span else place.path
        if not task.keep:
            way = f"render `{task.new}` there, merge that and move the pointer" if task.public else "use --keep-old"
            raise Trouble(f"{where} renders `{task.old}`, and is in submodule {gitlink}", way)
        task.made.remind(f"in the repository of {gitlink}, render `{task.new}` beside `{task.old}`: {where}")


def _relevant(task: Renaming, path: str) -> Text | None:
    if VENDORED.search(path) or path.endswith(NO_SOURCES):
        return None
    text = task.text(path)
    return text if text is not None and any(True for _ in task.occurrences(text)) else None


def _code(task: Renaming, text: Text) -> None:
    path = text.path
    if path.endswith(".py"):
        code.python(task, text)
    elif path.endswith(code.SCRIPTS):
        code.script(task, text)
    elif path.endswith(code.PAGES):
        code.page(task, text)


def _rest(task: Renaming, text: Text, owners: Owners) -> None:
    path = text.path
    name = path.rpartition("/")[2]
    kind = usages.kind(text)
    if not task.within(path) and not (_COMPOSE.search(path) or is_dockerfile_name(path)):
        # Another application's, or of the whole repository.
        for at in list(task.occurrences(text)):
            task.keep_as_it_is(text, at)
    elif path.endswith(DOCUMENTS):
        for at in list(task.occurrences(text)):
            task.keep_as_it_is(text, at)
    elif files.ENV_FILE.search(path):
        files.variables(task, text, owners)
    elif path.endswith(_TEMPLATES):
        files.template(task, text)
    elif is_dockerfile_name(path):
        files.image(task, text, owners)
    elif name in {"pyproject.toml", ".fr-check.toml"}:
        files.policy(task, text)
    elif path.endswith((".yml", ".yaml")):
        yaml_files.rename(task, text, owners, compose=_COMPOSE.search(path) is not None)
    elif kind in {"shell", "make", *_TASKS}:
        commands.rename(task, text, owners, 0, len(text.string), make=kind == "make")
    for at in list(task.occurrences(text)):
        line = text.line(text.place(at)[0])[: text.place(at)[1] - 1].strip()
        if line.startswith(COMMENTS):
            task.keep_as_it_is(text, at)
        else:
            task.leave(text, at, "the file names it")


def _known(task: Renaming) -> Iterator[tuple[str, str]]:
    """Where the new name has a meaning already: the path, and what to say of it."""
    other = Renaming(task.context, task.new, task.old, Plan(task.repository), keep=False)
    for app in task.apps:
        for setting in app.takers(task.new):
            yield setting.location.path, f"{setting.owner}.{setting.field} reads it"
        for place in (app.documented.get(task.new), app.rendered.get(task.new)):
            if place is not None:
                yield place.location.path, _where(place.location)
    for path, at in Owners(other).given:
        text = other.text(path)
        if text is not None:
            yield path, f"{path}:{text.place(at)[0]}"


def _is_read(task: Renaming) -> bool:
    """Whether code reads the new name already."""
    python = any(read.key == task.new for app in task.apps for read in app.reads)
    return python or any(task.new in page.reads for page in task.frontend.frontends)


def _in_the_way(task: Renaming, known: list[tuple[str, str]]) -> str:
    """What has the new name as another variable's; empty where it is from an earlier run of this renaming.

    A run that was ended wrote some files whole and others not at all: no file has both names. What reads them is one
    and the same as well, unless a field that has the new name of its own stands beside code that reads the old one.
    """
    if task.keep and task.made.there:
        return ""
    changed = {step.edit.path for step in task.made.steps}
    for path, said in known:
        if path in changed:
            return said
    for app in task.apps:
        for setting in app.takers(task.new):
            its_own = task.new.lower().endswith(setting.field.lower())
            if any(app.takers(task.old)) or (its_own and task.code):
                return f"{setting.owner}.{setting.field} reads it"
    return ""


def _where(location: object) -> str:
    span = getattr(location, "span", None)
    return f"{getattr(location, 'path', '')}:{span.line}" if span else str(getattr(location, "path", ""))


def _mentioned(task: Renaming) -> str:
    places = [_where(location) for location, _ in task.left[:_SHOWN]]
    return f"; it is named, and not known to be one, at {', '.join(places)}" if places else ""


def _tell(task: Renaming) -> None:
    """What no edit did: each place, then the count of those in prose."""
    for location, why in task.left:
        text = task.repository.read(location.path)
        line = shown(text, location) if isinstance(text, Text) else ""
        task.made.remind(f"{_where(location)} still has `{task.old}`, because {why}: {line}")
    _submodules(task)
    if is_well_known(task.old):
        task.made.remind(f"other software reads `{task.old}` by itself: see that none of it is meant here")
    if any(files.ENV_FILE.search(path) for path in {*task.made.generated, *(one.edit.path for one in task.made.steps)}):
        own = "in the `.env` of each machine, which git does not hold"
        task.made.remind(
            f"{own}, `{task.old}` may stay; `{task.new}` goes there with a value, for an empty one would win"
            if task.keep
            else f"rename it {own}: `{task.new}=`"
        )
    if task.stays:
        places = list(dict.fromkeys(_where(location) for location in task.stays))
        more = f" and {len(places) - _SHOWN} more" if len(places) > _SHOWN else ""
        count = f"{len(task.stays)} mention{'s' if len(task.stays) > 1 else ''} of `{task.old}`"
        listed = ", ".join(places[:_SHOWN])
        outside = f"outside of {task.folder}, and " if task.folder else ""
        task.made.remind(f"{count} {outside}in comments, documents and names of the code stay: {listed}{more}")


def _submodules(task: Renaming) -> None:
    """What a submodule's compose files say, each line: they are another repository's."""
    flow = task.backend.flow
    paths = {part.path for project in (flow.projects if flow is not None else ()) for part in project.parts}
    for path in sorted(paths):
        gitlink = task.repository.gitlink_above(path)
        text = task.text(path) if gitlink is not None else None
        if text is None:
            continue
        for at in list(task.occurrences(text)):
            line = text.place(at)[0]
            task.made.remind(f"in the repository of {gitlink}, write `{task.new}` for `{task.old}`: {path}:{line}")
