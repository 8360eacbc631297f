"""Two assignments that end up on one rendered line.

## What it finds

An assignment of the secrets template that, on some path through the template, is printed right behind another one or
behind a comment, because a trim marker (`{{-` or `-}}`) ate the newline between them, or because the newline is in a
branch that is not taken. All paths are looked at; nothing is rendered.

Where a blank is left between the two, `sh` still sets both and a dotenv parser does not: that is a warning.

## Why it matters

`DATABASE_URL="..."REDIS_URL="..."` is one assignment: `sh` appends the second to the value of the first. Both settings
are wrong, and the application starts with neither or not at all. The template itself looks right, line by line.

## How to fix

Remove the `-` from the marker that is shown, or move the newline so that every path prints one before the key.
"""

from __future__ import annotations

from fr_check.core.edits import SAFE, Edit, Fix, Refused
from fr_check.core.model import Note, Rule, Severity
from fr_check.env_keys.rules.unconsumed_secret import GOOD as _CLEAN

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from fr_check.core.edits import TextOf
    from fr_check.core.model import Finding
    from fr_check.env_keys.apps.model import TemplateSource
    from fr_check.env_keys.facts import Facts
    from fr_check.sources.gotemplate import Glued

_TEMPLATE = "repo/finance_report/finance_report/10.app/secrets.ctmpl"
_CONFIG = """\
from pydantic_settings import BaseSettings


class Settings(BaseSettings):
    database_url: str = ""
    redis_url: str = ""
"""

BAD = {
    **_CLEAN,
    "apps/backend/src/config.py": _CONFIG,
    ".env.example": "DATABASE_URL=\nREDIS_URL=\n",
    _TEMPLATE: """\
{{ with secret "secret/data/app/postgres" -}}
DATABASE_URL="postgresql://app:{{ .Data.data.PASSWORD }}@postgres/app"
{{- end }}
{{- with secret "secret/data/app/redis" -}}
REDIS_URL="redis://:{{ .Data.data.PASSWORD }}@redis/0"
{{ end -}}
""",
}
GOOD = {
    **_CLEAN,
    "apps/backend/src/config.py": _CONFIG,
    ".env.example": "DATABASE_URL=\nREDIS_URL=\n",
    _TEMPLATE: """\
{{ with secret "secret/data/app/postgres" -}}
DATABASE_URL="postgresql://app:{{ .Data.data.PASSWORD }}@postgres/app"
{{ end -}}
{{ with secret "secret/data/app/redis" -}}
REDIS_URL="redis://:{{ .Data.data.PASSWORD }}@redis/0"
{{ end -}}
""",
}


def check(facts: Facts) -> Iterator[Finding]:
    """Reports every assignment that some path prints behind another."""
    for source in facts.templates:
        names = source.content.names
        for glued in source.content.glued:
            yield _finding(source, glued, names)


def _finding(source: TemplateSource, glued: Glued, names: frozenset[str]) -> Finding:
    text = source.text
    behind = "a comment" if glued.first is None else f"`{glued.first}`"
    if glued.first == glued.name:
        behind = "itself, printed one turn of the loop before,"
    where = f" when {text.path} is rendered"
    paths = "" if glued.name not in names else " on some paths"
    effect = "only `sh` still sets it, a dotenv reader does not" if glued.separated else "so `sh` does not set it"
    notes = []
    if glued.first_span is not None:
        notes.append(Note(f"{behind} is printed before it", text.at(glued.first_span)))
    help_ = f"end every path that prints {behind} with a newline"
    if glued.marker is not None:
        start = text.offset(glued.marker.line, glued.marker.column)
        notes.append(Note("this trim marker eats the newline between them", text.at(glued.marker)))
        shown = text.string[start : text.offset(glued.marker.end_line, glued.marker.end_column)]
        help_ = f"remove the `-` of the trim marker in line {glued.marker.line} (`{shown}`), so that the newline stays"
    return RULE.finding(
        glued.name,
        f"`{glued.name}` ends up behind {behind} on one line{where}{paths}, {effect}",
        help=help_,
        location=text.at(glued.span),
        notes=notes,
        severity=Severity.WARNING if glued.separated else None,
    )


def fix(facts: Facts, finding: Finding, text_of: TextOf) -> Fix | Refused | None:
    """Takes the `-` from the trim marker that ate the newline; where there is none, a person moves the newline."""
    from fr_check.env_keys.fixing import templates  # noqa: PLC0415 - only to cure

    source = templates.own(facts, finding.location, text_of)
    if source is None or isinstance(source, Refused):
        return source
    text = source.text
    found = [one for one in source.content.glued if one.name == finding.subject]
    glued = next((one for one in found if text.at(one.span) == finding.location), None)
    if glued is None or glued.marker is None:
        return Refused("no trim marker is to blame: the newline stands on another path")
    start = text.offset(glued.marker.line, glued.marker.column)
    dash = text.string.find("-", start, text.offset(glued.marker.end_line, glued.marker.end_column))
    return Fix(SAFE, (Edit(text.path, dash, dash + 1, ""),)) if dash >= 0 else None


RULE = Rule.declare(__name__, __doc__, Severity.ERROR, check, bad=BAD, good=GOOD, fix=fix)
