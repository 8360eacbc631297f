"""A value that arrives as another text than the one that is meant: a number without quotes, a raw file.

## What it finds

A value of `environment` without quotes that YAML reads as a number and Compose writes out in another way: `1.10`
arrives as `1.1`, `010` as `8`, `1e3` as `1000`, `0x10` as `16`, `1_000` as `1000`; for a setting of the program which
the service runs, where that makes a difference: a text, or a number that is another one. And a date without quotes,
which Compose refuses, whatever the service runs (an error).

A value of an `env_file` with `format: raw`, or of a file that `docker run --env-file` reads, in which a reference
(`${HOST}`), quotes around it, or a comment behind it arrive as they are written, for a setting that takes any text. A
reference in the place of a documented variable is the matter of `masked-variable`.

## Why it matters

The application gets what nobody wrote: version 1.1 in place of 1.10, a telephone number without its leading zero. At a
date every Compose command stops.

## How to fix

Put the number in quotes. Take `format: raw` away, or the quotes, the comment or the reference out of the value.
"""

from __future__ import annotations

from fr_check.core.edits import SAFE, Edit, Fix, Refused
from fr_check.core.model import Note, Rule, Severity
from fr_check.env_keys.processes import judged
from fr_check.env_keys.values.accepted import typed
from fr_check.sources.compose.scalars import DATE, TEXT
from fr_check.sources.yaml_nodes import Scalar
from fr_check.variables.model import COMMENT, QUOTES, REFERENCES, FromExample, Literal, Set

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from fr_check.core.edits import TextOf
    from fr_check.core.model import Finding
    from fr_check.env_keys.facts import Facts
    from fr_check.env_keys.processes.judged import Judged
    from fr_check.sources.compose.variable import Variable
    from fr_check.sources.settings import Kind
    from fr_check.variables.programs import Reader

_FILES = {
    "app/config.py": (
        "from pydantic_settings import BaseSettings\n\n\nclass Settings(BaseSettings):\n"
        '    api_version: str = "1.9"\n\n\nsettings = Settings()\n'
    ),
    "app/main.py": "from app.config import settings\n",
    ".env.example": "API_VERSION=1.9\n",
    "Dockerfile": 'FROM python:3.12\nWORKDIR /app\nCOPY app app\nCMD ["uvicorn", "app.main:app"]\n',
}
_COMPOSE = "services:\n  web:\n    build: .\n    environment:\n"
_TEXTS = frozenset(("str", "bytes"))

BAD = {**_FILES, "compose.yml": _COMPOSE + "      API_VERSION: 1.10\n"}
GOOD = {**_FILES, "compose.yml": _COMPOSE + '      API_VERSION: "1.10"\n'}


def check(facts: Facts) -> Iterator[Finding]:
    """Compares what is written with what arrives."""
    every = list(judged.services(facts))
    yield from judged.worst(found for one in every for found in _service(one))
    yield from judged.worst(found for one in (*every, *_runs(facts)) for found in _raw(one))
    yield from judged.worst(_dates(facts))


def _service(one: Judged) -> Iterator[Finding]:
    for variable in one.found.service.environment.values():
        printed, written = variable.printed, variable.value
        if printed is None or written is None or printed.kind in {TEXT, DATE} or printed.text == written:
            continue
        reader = next((found for found in one.program.reads(variable.name or "") if _differs(found, variable)), None)
        if reader is None:
            continue
        shown = "another text" if reader.hidden else f"`{printed.text}`"
        read = "a truth value" if written.lower() in {"true", "false"} else "a number"
        given = read if reader.hidden else f"`{written}`"
        message = f"`{variable.name}` is written as {given}, and {one.name} gets {shown}: YAML reads {read}"
        yield RULE.finding(
            variable.name or "",
            message,
            help=_quoted(variable, secret=reader.hidden),
            location=variable.location,
            notes=[Note("it is read here", reader.location)],
            severity=one.capped(Severity.WARNING),
        )


def _runs(facts: Facts) -> Iterator[Judged]:
    """Every `docker run` whose program is certain: it reads the files of `--env-file` raw."""
    for run in judged.runs(facts):
        for program in run.service.process.programs if run.service.process.certain else ():
            yield judged.Judged(run.service, program.certain, Severity.ERROR)


def _raw(one: Judged) -> Iterator[Finding]:
    """What arrives of files in the raw format with what another format takes away."""
    documented = one.process.compose_host.values
    for reader in one.program.readers:
        name, state = one.process.held(reader)
        value = state.entry.value if isinstance(state, Set) and state.layer.kind == "env-file" else None
        kept = value.kept if isinstance(value, (Literal, FromExample)) else ""
        text = reader.setting is not None and _is_text(reader.setting.kind_of(name))
        if not isinstance(state, Set) or not kept or not text or (kept == REFERENCES and name in documented):
            continue
        what = {REFERENCES: "its references unfilled", QUOTES: "its quotes", COMMENT: "its comment"}[kept]
        message = (
            f"`{name}` of {state.entry.location.path} arrives in {one.name} with {what}: it is read in the format raw"
        )
        out = "write the value out" if kept == REFERENCES else f"take the {what.partition(' ')[2]} out of the value"
        # `docker run` knows no other format.
        help_ = out if one.process.kind == "run" else f"take `format: raw` away from the env_file, or {out}"
        notes = [Note("the file is named here", state.layer.location)] if state.layer.location is not None else []
        yield RULE.finding(
            name,
            message,
            help=help_,
            location=state.entry.location,
            notes=[*notes, Note("it is read here", reader.location)],
            severity=one.capped(Severity.WARNING),
        )


def _is_text(kind: Kind) -> bool:
    return bool(_TEXTS & set(kind.names)) and not {"int", "float", "decimal", "bool"} & set(kind.names)


def _differs(reader: Reader, variable: Variable) -> bool:
    """Whether a reader makes something else of what arrives than of what is written."""
    setting, printed = reader.setting, variable.printed
    if setting is None or printed is None or variable.value is None:
        return False
    kind = setting.kind_of(variable.name or "")
    if _is_text(kind):
        return True
    written, arrives = typed(kind, variable.value), typed(kind, printed.text)
    known = {"int", "float", "decimal"} & set(kind.names) and "other" not in kind.names
    return bool(known) and written.valid and arrives.valid and written.value != arrives.value


def _dates(facts: Facts) -> Iterator[Finding]:
    for project in judged.projects(facts):
        for service in project.services.values():
            for variable in service.environment.values():
                if variable.printed is not None and variable.printed.kind == DATE:
                    message = (
                        f"`{variable.name}` of service `{service.name}` is a date without quotes, which Compose "
                        "refuses: every Compose command stops"
                    )
                    yield RULE.finding(
                        variable.name or "",
                        message,
                        help=_quoted(variable, secret=False),
                        location=variable.location,
                        severity=min(Severity.ERROR, judged.most(facts, project)),
                    )


def fix(facts: Facts, finding: Finding, text_of: TextOf) -> Fix | Refused | None:
    """Puts the value in quotes, so that the application gets what is written."""
    from fr_check.edits.yaml import entry_at  # noqa: PLC0415 - only to cure

    del facts
    text = text_of(finding.location.path)
    if not finding.location.path.endswith((".yml", ".yaml")):
        return Refused("whether the value is meant or `format: raw` is not known")
    found = None if text is None else entry_at(text, finding.location.span)
    if text is None or found is None:
        return Refused("the value comes from an anchor")
    value = found[2]
    if not isinstance(value, Scalar) or value.style or value.text.path != text.path:
        return Refused("it is not a plain value")
    return Fix(SAFE, (Edit(text.path, value.start, value.end, f'"{value.value}"'),))


def _quoted(variable: Variable, *, secret: bool) -> str:
    return "put the value in quotes" if secret else f'put it in quotes: `{variable.name}: "{variable.value}"`'


RULE = Rule.declare(__name__, __doc__, Severity.WARNING, check, bad=BAD, good=GOOD, fix=fix)
