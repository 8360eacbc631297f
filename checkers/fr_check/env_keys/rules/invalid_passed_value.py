"""A value that a service is given and that its setting cannot take.

## What it finds

A setting of the program that a service runs, and a text that arrives for it and that its type refuses: an empty text
for an `int`, `eighty` for a port, `a,b` for a list, `"true"` with the quotes that a list item keeps. What arrives is
what `environment`, committed files of `env_file` and the image's ENV make of it; what `docker run -e` and `--env-file`
give to an image that is built here; or what the `env` of a workflow gives to a step that runs the program.

A key that the application signs with (`SECRET_KEY`, `JWT_SECRET`, ...) is found too where `${KEY}` or `${KEY:-}` makes
an empty text of a variable that is not set, though its type takes that: a warning.

It is an error where that happens with `.env` as a copy of the example (or where there is no example), and a warning
where it happens only without a `.env`. Values of the example itself are the matter of `invalid-example-value`. Nothing
is said of settings with `env_ignore_empty=True` that get an empty text, of validators that see the text first, or where
only the name of an image makes it likely that the service runs this program.

## Why it matters

The application does not start: `ValidationError`, or `SettingsError` for JSON. `${KEY:-}` and `${KEY}` are the usual
way there: for pydantic an empty variable is set. With an empty key to sign with, it does start, and anybody can forge
what it trusts.

## How to fix

Give `${KEY:-5}` a default that the type takes, or write `KEY:` without a value, which passes the host's value on and
nothing where it has none.
"""

from __future__ import annotations

from fr_check.core.edits import SAFE, UNSAFE, Fix, Refused
from fr_check.core.model import Note, Rule, Severity, Unknown
from fr_check.core.secrecy import redact
from fr_check.env_keys.processes import judged, steps
from fr_check.env_keys.processes.arriving import arriving, beaten
from fr_check.env_keys.processes.refused import ignores_empty, refused
from fr_check.env_keys.processes.remedies import by_file, passing
from fr_check.env_keys.values.accepted import expected, typed
from fr_check.env_keys.values.signing import is_signing_key
from fr_check.variables.model import Interpolated

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from fr_check.core.edits import TextOf
    from fr_check.core.model import Finding
    from fr_check.env_keys.facts import Facts
    from fr_check.env_keys.processes.arriving import Arriving
    from fr_check.env_keys.processes.judged import Judged
    from fr_check.sources.settings import Kind, Setting
    from fr_check.variables.programs import Reader

_FILES = {
    "app/config.py": (
        "from pydantic_settings import BaseSettings\n\n\nclass Settings(BaseSettings):\n"
        "    page_size: int = 50\n\n\nsettings = Settings()\n"
    ),
    "app/main.py": "from app.config import settings\n",
    ".env.example": "PAGE_SIZE=50\n",
    "Dockerfile": 'FROM python:3.12\nWORKDIR /app\nCOPY app app\nCMD ["uvicorn", "app.main:app"]\n',
}
_COMPOSE = "services:\n  web:\n    build: .\n    environment:\n"
_LONGEST_SHOWN = 40
TEST = "test"
_QUOTES = ('"', "'")
_EMPTIED = (
    "values that are empty, and that the settings refuse: start-up fails",
    "values that are empty where .env does not set them, and that the settings refuse: start-up fails",
)
_EMPTY = frozenset(("None", "''", '""'))

BAD = {**_FILES, "compose.yml": _COMPOSE + '      PAGE_SIZE: "${PAGE_SIZE:-}"\n'}
GOOD = {**_FILES, "compose.yml": _COMPOSE + '      PAGE_SIZE: "${PAGE_SIZE:-50}"\n'}


def check(facts: Facts) -> Iterator[Finding | Unknown]:
    """Reads what arrives in each service as the type of the setting that it fills."""
    yield from judged.worst(found for one in judged.services(facts) for found in _service(one))
    yield from judged.worst(_runs(facts))
    passed = [*steps.given(facts)]
    yield from judged.worst(_steps(found for found in passed if isinstance(found, steps.Given)))
    yield from (found for found in passed if isinstance(found, Unknown))


def _runs(facts: Facts) -> Iterator[Finding]:
    """Every `docker run` whose program is certain; what a compose file gives its service is told there."""
    for run in judged.runs(facts):
        for program in run.service.process.programs if run.service.process.certain else ():
            found = _service(judged.Judged(run.service, program.certain, Severity.ERROR))
            yield from (one for one in found if not run.compose or one.location.path == run.service.process.of)


def _service(one: Judged) -> Iterator[Finding]:
    demands = _demands_its_file(one)
    for reader, setting in _fields(one):
        for bare in (False, True)[: 1 if demands else 2]:
            found = refused(one.process, one.program, reader, bare=bare)
            if found is not None:
                if not found.copied:
                    yield _finding(one, reader, setting, found, bare=bare)
                break
            found = arriving(one.process, reader, bare=bare)
            if found is not None and _forges(setting, found):
                yield _forgeable(one, reader, setting, found, bare=bare)
                break


def _fields(one: Judged) -> Iterator[tuple[Reader, Setting]]:
    """Every setting, and what stands inside a nested one under a name of its own."""
    for reader in one.program.readers:
        setting = reader.setting
        if setting is not None and setting.names is not None:
            yield reader, setting


def _demands_its_file(one: Judged) -> bool:
    """Whether Compose stops where nobody has copied the example: there is no host without a `.env` then."""
    required = {file.location for file in one.found.service.env_files if file.required}
    return any(layer.copied and layer.location in required for layer in one.process.layers)


def _steps(passed: Iterable[steps.Given]) -> Iterator[Finding]:
    """What steps of workflows give to the program that they run."""
    for found in passed:
        setting, reader = found.reader.setting, found.reader
        if setting is None or (not found.text and ignores_empty(found.program, setting.owner)):
            continue
        kind = setting.kind_of(found.entry.name)
        if typed(kind, found.text).valid:
            continue
        name = f"{found.step.what} of {found.step.of}"
        message = f"{_shown(reader, found.entry.name, found.text)} in {name}, and {reader.what} ({setting.annotation})"
        help_ = f"write a value that it takes: {_wanted(reader, kind)}"
        # Tests of a project need not import all of it.
        severity = Severity.WARNING if found.step.role == TEST else Severity.ERROR
        yield RULE.finding(
            found.entry.name,
            f"{message} refuses that: start-up fails",
            help=help_,
            location=found.entry.location,
            notes=[Note("it is read here", reader.location)],
            severity=severity,
        )


def _shown(reader: Reader, name: str, text: str) -> str:
    if not text:
        return f"`{name}` is empty"
    if reader.hidden or redact(f"{name}={text}") != f"{name}={text}" or len(text) > _LONGEST_SHOWN:
        return f"`{name}` has a value"
    return f"`{name}` is `{text}`"


def _wanted(reader: Reader, kind: Kind) -> str:
    return "one of its literals" if reader.hidden and {"literal", "integers"} & set(kind.names) else expected(kind)


def _forges(setting: Setting, found: Arriving) -> bool:
    """Whether an unset variable makes an empty key to sign with."""
    empty = not found.text and not found.copied and isinstance(found.entry.value, Interpolated)
    default = setting.default.literal if setting.default is not None else None
    meant = default is not None and default.reveal() in _EMPTY
    return empty and not meant and is_signing_key(setting, found.name)


def _forgeable(one: Judged, reader: Reader, setting: Setting, found: Arriving, *, bare: bool) -> Finding:
    message = f"{_empty(one, found, bare=bare)}: with an empty key, anybody can forge what {reader.what} signs"
    return RULE.finding(
        found.name,
        message,
        help=_help(one, reader, setting, found),
        location=found.entry.location,
        notes=[Note("it is read here", reader.location)],
        severity=one.capped(Severity.WARNING),
    )


def _finding(one: Judged, reader: Reader, setting: Setting, found: Arriving, *, bare: bool) -> Finding:
    text = found.text.reveal()
    field = f"{reader.what} ({setting.annotation})"
    given = f"{_shown(reader, found.name, text)} in {one.name}" if text else _empty(one, found, bare=bare)
    message = f"{given}, and {field} refuses that: start-up fails"
    notes = [Note("it is read here", reader.location)]
    return RULE.finding(
        found.name,
        message,
        help=_help(one, reader, setting, found),
        location=found.entry.location,
        notes=notes,
        severity=one.capped(Severity.WARNING if bare else Severity.ERROR),
        group=None if text else _EMPTIED[bare],
    )


def _empty(one: Judged, found: Arriving, *, bare: bool) -> str:
    if not isinstance(found.entry.value, Interpolated):
        return f"`{found.name}` is empty in {one.name}"
    names = dict.fromkeys(reference.name for reference in found.entry.value.template.references)
    where = "where .env does not set it"
    if list(names) != [found.name]:
        where = f"where .env does not set {', '.join(f'`{name}`' for name in names)}"
    if bare and one.process.compose_host.path is not None:
        where += f", though {one.process.compose_host.path} does"
    return f"`{found.name}` is empty in {one.name} {where}"


def _help(one: Judged, reader: Reader, setting: Setting, found: Arriving) -> str:
    text = found.text.reveal()
    kind = setting.kind_of(found.name)
    listed = _is_listed(one, found)
    inner = text[1:-1]
    other = by_file(found, kind, _reference(setting, found, kind))
    if other:
        return other
    if listed and text[:1] in _QUOTES and text[-1:] == text[:1] and typed(kind, inner).valid:
        return "write it without quotes: in the list form they are a part of the value"
    file = None if text else beaten(one.process, found)
    if file is not None:
        return f"remove the entry: {file.location.path} gives it"
    if isinstance(found.entry.value, Interpolated) and not text:
        image = any(found.name in layer.entries for layer in one.process.layers if layer.kind == "image-env")
        example = one.process.compose_host.values.get(found.name)
        remedy = passing(setting, found.name, example, secret=reader.secret, in_image=image)
        item = remedy.item if listed else remedy.entry
        default = _reference(setting, found, kind)
        told = f"write `{item}`" + (f", or `{default}` for the value" if default and default not in item else "")
        return f"{told} ({remedy.remark})" if remedy.remark else told
    if kind.complex and text and not typed(kind._replace(items=None), text).valid:
        return 'write it as JSON, as in `["a", "b"]`, or annotate the field with NoDecode and split it yourself'
    return f"write a value that it takes: {_wanted(reader, kind)}"


def _is_listed(one: Judged, found: Arriving) -> bool:
    variable = one.found.service.environment.get(found.entry.name)
    return variable is not None and variable.listed and variable.location == found.entry.location


def _reference(setting: Setting, found: Arriving, kind: Kind) -> str:
    """`${KEY:-DEFAULT}` with the setting's own default; empty where that is not known."""
    from fr_check.env_keys.values.written import default_of  # noqa: PLC0415 - only where something is found

    lone = judged.lone(found.entry)
    default = default_of(setting)
    plain = "" if default is None else default.strip("'\"")
    if lone is None or not plain or "$" in plain or "}" in plain or not typed(kind, plain).valid:
        return ""
    return f"${{{lone.name}:-{plain}}}"


def fix(facts: Facts, finding: Finding, text_of: TextOf) -> Fix | Refused | None:
    """Gives the reference the setting's default, or passes the variable without a value; takes quotes from a list item.

    A key to sign with gets no value: where its setting has one, that is left to its author.
    """
    from fr_check.edits import compose  # noqa: PLC0415 - only to cure

    text = text_of(finding.location.path)
    place = _at(facts, finding)
    if text is None or place is None:
        return None
    one, reader, setting, found = place
    kind = setting.kind_of(found.name)
    value = found.text.reveal()
    if value:
        bare = value[1:-1] if value[:1] in _QUOTES and value[-1:] == value[:1] else ""
        if not _is_listed(one, found) or not bare or not typed(kind, bare).valid:
            return None
        edit = compose.unquoted(text, finding.location, found.name, bare)
        return edit if isinstance(edit, Refused) else Fix(SAFE, (edit,))
    lone = judged.lone(found.entry)
    reference = _reference(setting, found, kind)
    nothing = setting.required or setting.default is None or kind.null is not None or _is_none(setting)
    if lone is None or (not reference and (lone.name != found.name or not nothing)):
        return Refused(f"no default of {reader.what} is known that may be written there")
    edit = compose.rewritten(text, finding.location, found.name, reference)
    # What else the entry reaches may take another default, or none.
    alone = all(other.process.certain for other in judged.given(facts, finding.location))
    return edit if isinstance(edit, Refused) else Fix(SAFE if alone else UNSAFE, (edit,))


def _is_none(setting: Setting) -> bool:
    return (
        setting.default is not None
        and setting.default.literal is not None
        and setting.default.literal.reveal() == "None"
    )


def _at(facts: Facts, finding: Finding) -> tuple[Judged, Reader, Setting, Arriving] | None:
    """What arrives at the place of a finding, read from the `environment` of a service."""
    for one in judged.services(facts):
        given = {variable.location for variable in one.found.service.environment.values()}
        for reader, setting in _fields(one) if finding.location in given else ():
            for bare in (False, True):
                found = arriving(one.process, reader, bare=bare)
                if found is None or (found.name, found.entry.location) != (finding.subject, finding.location):
                    continue
                if not typed(setting.kind_of(found.name), found.text.reveal()).valid or _forges(setting, found):
                    return one, reader, setting, found
    return None


RULE = Rule.declare(__name__, __doc__, Severity.ERROR, check, bad=BAD, good=GOOD, fix=fix)
