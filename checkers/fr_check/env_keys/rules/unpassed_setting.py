"""A documented setting that the service which runs the application never gets.

## What it finds

A setting that stands in the example of a compose project, read by the program that a service of that project runs, and
given to the service by nothing: neither `environment` nor an `env_file` names it, the image does not set it, nothing
that its entrypoint sources does, and no `.env` reaches its working directory by a mount or a COPY.

It is an error where the setting has no default, or where it is a secret whose default stands in the source code; a
warning where the service takes other documented variables from `.env`; else info. Nothing is said where a file that is
not in the repository may hold it, where only the name of an image makes it likely that the service runs this program,
or more than info of files for tests and of compose files inside a submodule.

## Why it matters

Whoever sets the variable in `.env` believes that it takes effect. Compose reads `.env` for the `${...}` in the file and
gives none of it to containers, so that the default of the source code holds: with a signing key, anybody can sign.

## How to fix

Pass it on: `KEY:` without a value below `environment`, or the whole file with `env_file`.
"""

from __future__ import annotations

from functools import cached_property

from fr_check.core.edits import SAFE, UNSAFE, Fix, Refused
from fr_check.core.model import Note, Rule, Severity
from fr_check.env_keys.processes import judged
from fr_check.env_keys.processes.remedies import Remedy, passing
from fr_check.env_keys.processes.unread import Near
from fr_check.env_keys.rules.ambient_name import AMBIENT
from fr_check.sources.compose.model import RESET
from fr_check.sources.yaml_nodes import Mapping, Sequence, get
from fr_check.sources.yaml_tree import entries, parse
from fr_check.variables.model import Set

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from fr_check.core.edits import TextOf
    from fr_check.core.model import Finding
    from fr_check.core.text import Text
    from fr_check.env_keys.facts import Facts
    from fr_check.env_keys.processes.judged import Judged
    from fr_check.sources.yaml_nodes import Node, Scalar
    from fr_check.variables.programs import Reader

_FILES = {
    "app/config.py": (
        "from pydantic_settings import BaseSettings\n\n\nclass Settings(BaseSettings):\n"
        '    database_url: str = "sqlite://"\n    secret_key: str = "dev"\n\n\nsettings = Settings()\n'
    ),
    "app/main.py": "from app.config import settings\n",
    ".env.example": "DATABASE_URL=sqlite://\nSECRET_KEY=change-me\n",
    "Dockerfile": 'FROM python:3.12\nWORKDIR /app\nCOPY app app\nCMD ["uvicorn", "app.main:app"]\n',
}
_COMPOSE = 'services:\n  web:\n    build: .\n    environment:\n      DATABASE_URL: "${DATABASE_URL:-sqlite://}"\n'

BAD = {**_FILES, "compose.yml": _COMPOSE}
GOOD = {**_FILES, "compose.yml": _COMPOSE + "      SECRET_KEY:\n"}


def check(facts: Facts) -> Iterator[Finding]:
    """Compares what each service's program reads and the example documents with what the service gets."""
    yield from judged.worst(found for one in judged.services(facts) for found in _service(facts, one))


def _service(facts: Facts, one: Judged) -> Iterator[Finding]:
    process = one.process
    if process.compose_host.path is None:
        return
    documented = frozenset(process.compose_host.values)
    takes = judged.takes_from_host(process, documented)
    strays = _Strays(one)
    for reader in one.program.readers:
        name = next((name for name in process.spellings(reader) if name in documented), None)
        if name in AMBIENT:
            continue  # Something sets it in any case, as `ambient-name` says.
        if reader.kind == "setting" and name is not None and judged.is_unset(process, reader):
            yield _finding(one, reader, name, _severity(facts, one, reader, takes=takes), strays)
    for name in sorted(documented):
        for reader in one.program.reads(name):
            # A key of a dictionary, which fills a part of a setting.
            if reader.kind == "setting" and reader.setting is None and judged.is_unset(process, reader):
                yield _finding(one, reader, name, _severity(facts, one, reader, takes=takes), strays)


def _severity(facts: Facts, one: Judged, reader: Reader, *, takes: bool) -> Severity:
    if one.process.demands(reader) or (reader.secret and reader.default not in (None, "")):
        return one.capped(Severity.ERROR)
    flow = facts.flow
    for other in flow.services if flow is not None else ():
        sibling = other.project is one.found.project and other is not one.found
        reads = sibling and other.process.reads(one.program, reader) is not False
        if reads and isinstance(other.process.held(reader)[1], Set):
            return Severity.INFO
    return one.capped(Severity.WARNING if takes else Severity.INFO)


def _finding(one: Judged, reader: Reader, name: str, severity: Severity, strays: _Strays) -> Finding:
    process = one.process
    example = process.compose_host.path or ".env.example"
    holds = f"the default of {reader.what} holds"
    if process.demands(reader):
        holds = f"{reader.what} has no default, so it does not start"
    elif reader.setting is None:
        holds = f"{reader.what} is without it"
    message = f"`{name}` is documented in {example}, but {one.name} never gets it: {holds}"
    remedy = _remedy(one, reader, name)
    line, remark = (remedy.item if _is_listed(one) else remedy.entry), remedy.remark
    without = " without a value" if line.rstrip(":").endswith(name) else ""
    file = "`env_file: [{path: .env, required: false}]` to the service"
    help_ = f"add `{line}`{without} below `environment`, or {file}"
    help_ += f" ({remark})" if remark else ""
    node, reset = _environment(one), _reset(one, name)
    misspelt = strays.meant.get(name, "")
    if misspelt:
        help_ = f"rename the entry `{misspelt}` to it: nothing reads that"
    elif reset is not None:
        help_ = f"take `!reset` away from it in {reset.text.path}"
    elif node is not None and node.tag == RESET:
        help_ = f"take the `!reset` of `environment` away, or add {file}"
    where = one.found.service.place("environment")
    notes = [Note("it is read here", reader.location)]
    group = f"documented settings that {one.name} never gets"
    return RULE.finding(name, message, help=help_, location=where, notes=notes, severity=severity, group=group)


def _is_listed(one: Judged) -> bool:
    """Whether an entry of `environment` is the item of a list in the file that is named."""
    node = _environment(one)
    if node is not None:
        return isinstance(node, Sequence)
    place = one.found.service.place("environment")
    return any(found.listed for found in one.found.service.environment.values() if found.location.path == place.path)


def _environment(one: Judged) -> Node | None:
    """The value of `environment` in the last file of the service, None where that has none."""
    service = one.found.service
    found = entries(service.node).get("environment")
    if found is None or (found.value.tag != RESET and found.key.location != service.place("environment")):
        return None
    return found.value


def _reset(one: Judged, name: str) -> Node | None:
    """The `!reset` that takes the entry of an earlier file away."""
    node = _environment(one)
    found = None if node is None else entries(node).get(name)
    return found.value if found is not None and found.value.tag == RESET else None


class _Strays:
    """The entries of a service that nothing reads."""

    def __init__(self, one: Judged) -> None:
        self._one = one

    @cached_property
    def meant(self) -> dict[str, str]:
        """A variable -> the entry that was likely meant for it."""
        one, found = self._one, dict[str, str]()
        known = {other for reader in one.program.readers for other in one.process.spellings(reader)}
        strays = [other for other in one.found.service.environment if other not in known]
        if strays:
            near = Near(one.process)
            for other in strays:
                found.setdefault(near.meant(other), other)
        return found


def _remedy(one: Judged, reader: Reader, name: str) -> Remedy:
    """What to write so that the service gets the variable."""
    if reader.setting is None:
        return Remedy(f"{name}:", f"- {name}")
    image = any(name in layer.entries for layer in one.process.layers if layer.kind == "image-env")
    example = one.process.compose_host.values.get(name)
    return passing(reader.setting, name, example, secret=reader.secret, in_image=image)


def fix(facts: Facts, finding: Finding, text_of: TextOf) -> Fix | Refused | None:
    """Adds the entry that the help shows below `environment`; for a secret a person should look at it."""
    from fr_check.edits.yaml import add_below, add_key, entry_at  # noqa: PLC0415 - only to cure

    text = text_of(finding.location.path)
    found = _at(facts, finding)
    if text is None or found is None or finding.severity == Severity.INFO:
        return None
    one, reader = found
    if not finding.help.startswith("add "):
        return Refused("another entry stands in its place, which is left to its author")
    place = entry_at(text, finding.location.span)
    if place is None:
        return Refused("the service is written in a way that is left to its author")
    text, key, value = environment_below(one, finding.location.path, text_of) or (text, *place[1:])
    remedy = _remedy(one, reader, finding.subject)
    if key.value == "environment":
        edit = add_below(text, key, value, remedy.entry, remedy.item.removeprefix("- "))
    elif isinstance(value, Mapping) and "environment" not in value.entries:
        edit = add_key(text, value, ("environment:", remedy.entry))
    else:
        return Refused("`environment` comes to the service from another place")
    if isinstance(edit, Refused):
        return edit
    secret = reader.secret or _is_marked(facts, finding.subject)
    return Fix(UNSAFE if secret else SAFE, (edit,))


def environment_below(one: Judged, path: str, text_of: TextOf) -> tuple[Text, Scalar, Node] | None:
    """The `environment` of the service in the first file of its project, if that is another one than `path`.

    What stands there is given to the service in every set of files that the first one is merged with.
    """
    order = [part.path for part in one.found.project.parts]
    for below in order[: order.index(path)] if path in order else ():
        text = text_of(below)
        services = get(text.parsed(parse).root, "services", one.found.service.name) if text else None
        entry = entries(services).get("environment")
        if text is not None and entry is not None and entry.via is None:
            return text, entry.key, entry.value
    return None


def _is_marked(facts: Facts, name: str) -> bool:
    """Whether an example marks a variable as one of Vault's, `# [VAULT]`: that makes it a secret."""
    from fnmatch import fnmatchcase  # noqa: PLC0415 - only to cure

    markers = [marker for app in facts.apps for source in app.examples for marker in source.content.markers]
    return any(fnmatchcase(name, pattern) for marker in markers for pattern in marker.names)


def _at(facts: Facts, finding: Finding) -> tuple[Judged, Reader] | None:
    for one in judged.services(facts):
        if one.found.service.place("environment") == finding.location:
            for reader in one.program.readers:
                if reader.kind == "setting" and finding.subject in one.process.spellings(reader):
                    return one, reader
            for reader in one.program.reads(finding.subject):
                # A key of a dictionary.
                if reader.kind == "setting" and reader.setting is None:
                    return one, reader
    return None


RULE = Rule.declare(__name__, __doc__, Severity.WARNING, check, bad=BAD, good=GOOD, fix=fix)
