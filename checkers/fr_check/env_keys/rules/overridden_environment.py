"""A compose `environment` entry that the rendered secrets override.

## What it finds

A key that stands both in a template and in `environment:` of a service whose shell reads the rendered file with `.` or
`source`. What is read last wins, and that is the rendered file. It is a warning where the service gives a value and the
template has none of its own, so that what the store lacks, or holds empty, wins too; else info. Where the template
renders no line without the field, the file wins only where the store has it: info, too.

## Why it matters

Whoever changes the value in the compose file changes nothing: the template renders the key too, possibly empty.

## How to fix

Keep the key in one of the two places.
"""

from __future__ import annotations

from fr_check.core.edits import UNSAFE, Fix, Refused
from fr_check.core.model import Note, Rule, Severity
from fr_check.env_keys.processes import judged
from fr_check.env_keys.rules.unconsumed_secret import GOOD as _CLEAN
from fr_check.variables.model import FromSecret, is_empty

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from fr_check.core.edits import TextOf
    from fr_check.core.model import Finding
    from fr_check.env_keys.facts import Facts
    from fr_check.variables.model import Entry

_COMPOSE = "repo/finance_report/finance_report/10.app/compose.yaml"
_SERVICE = """\
services:
  backend:
    image: backend
    entrypoint: ["sh", "-c", "set -a; . /secrets/.env; set +a; exec uvicorn src.main:app"]
    environment:
"""

_BOTH = ", or both: the entry is what the service gets where Vault lacks the field"

BAD = {**_CLEAN, _COMPOSE: _SERVICE + "      S3_BUCKET: statements\n"}
GOOD = {**_CLEAN, _COMPOSE: _SERVICE + "      TZ: UTC\n"}


def check(facts: Facts) -> Iterator[Finding]:
    """Looks at every service that sources a rendered file: what it is given and the file has too."""
    yield from judged.worst(_findings(facts))


def _findings(facts: Facts) -> Iterator[Finding]:
    flow = facts.flow if judged.may_matter(facts) else None
    for found in flow.services if flow is not None else ():
        below = flow is not None and flow.repository.gitlink_above(found.process.of) is not None
        given = next((layer for layer in found.process.layers if layer.kind == "environment"), None)
        # Of a file that may not be read at all nobody knows what it overrides.
        sure = (layer for layer in found.process.layers if layer.doubt is None)
        sources = [layer for layer in sure if layer.kind == "sourced" and layer.steps]
        for layer in sources if given is not None else ():
            for name, entry in given.entries.items() if given is not None else ():
                if name in layer.entries:
                    yield _finding(entry, layer.entries[name], most=Severity.INFO if below else Severity.WARNING)


def _finding(entry: Entry, rendered: Entry, *, most: Severity) -> Finding:
    template = rendered.location.path
    message = f"`{entry.name}` of {entry.location.path} loses to {template}, which renders it too and is sourced later"
    help_ = "keep it in one of the two"
    if rendered.doubt is not None:
        message += " where Vault has it"
        help_ += _BOTH
    empty = isinstance(rendered.value, FromSecret) and not rendered.value.fallback and rendered.doubt is None
    lost = empty and not is_empty(entry.value)
    if lost:
        message += ": where Vault lacks it, the empty text of the template wins"
    notes = [Note("rendered here", rendered.location)]
    severity = min(most, Severity.WARNING if lost else Severity.INFO)
    return RULE.finding(entry.name, message, help=help_, location=entry.location, notes=notes, severity=severity)


def fix(facts: Facts, finding: Finding, text_of: TextOf) -> Fix | Refused | None:
    """Takes the entry out of the compose file; not where the template may render an empty value over it."""
    from fr_check.edits.yaml import remove_at  # noqa: PLC0415 - only to cure

    del facts
    text = text_of(finding.location.path)
    if text is None or finding.severity is not Severity.INFO:
        return None
    if finding.help.endswith(_BOTH):
        return Refused("the entry holds where Vault lacks the field")
    edit = remove_at(text, finding.location.span)
    return edit if isinstance(edit, Refused) else Fix(UNSAFE, (edit,))


RULE = Rule.declare(__name__, __doc__, Severity.INFO, check, bad=BAD, good=GOOD, fix=fix)
