"""A variable that code reads and no example documents.

## What it finds

A read of the environment in code without settings classes: `os.environ["KEY"]`, `os.getenv("KEY")`, django-environ,
environs, decouple, starlette's Config, click's `envvar`; for a key that is not in the example file nearest to the code,
neither as a line nor in a comment. Tests, migrations, scripts and the like are left out, and so are variables of
libraries, of platforms and of the runtime (`HOME`, `CI`, `OTEL_*`).

It is information where an image of the repository sets the variable (`ENV`), where the code takes it in the place of
one that is documented (`os.getenv("NEW") or os.getenv("OLD")`) or only gives it a default for a library
(`os.environ.setdefault(...)`), where the code goes on without it and the example of another application in the
repository documents it, and where the code goes on without it and
the example is a selection, which documents the smaller part of what the code reads, or a committed `.env`; under the
preset `common` also where a guide has it (README, INSTALL, CONFIGURATION and the like), and where what the
code falls back on serves wherever it runs, as a number, a switch, or a text that is no address and no account does
(`os.getenv("PAGE_SIZE", "50")`, `os.getenv("TRACE") == "1"`), and the example, of five variables or more (in comments
or not), leaves out at least as many of those as it documents, or three or more of a file of which it documents no more.
What the code falls back on may be a constant of the module (`os.getenv("X", LIMIT)`), what a function of the project is
called with (`env_int("X", 5)`) or does by itself (`env_bool("X")`), or stand where the value is looked at later
(`if raw is None: return LIMIT`).
`process.env.KEY` in code that runs on a server is reported as info.

Where an application has settings classes, reads past them are the matter of `read-outside-settings`.

## Why it matters

Nobody who deploys the application can know that the variable exists: it is found by reading code, or by an incident.

## How to fix

Add a line `KEY=value` to the example file; `# KEY=value` will do for one that need not be set.
"""

from __future__ import annotations

from fr_check.core.edits import SAFE, UNSAFE, Fix, Refused
from fr_check.core.model import Note, Rule, Severity
from fr_check.env_keys.apps.selection import is_minor, left_out, left_out_by_choice
from fr_check.env_keys.apps.usage import replaced, required_read
from fr_check.variables.wellknown import is_well_known

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from fr_check.core.edits import TextOf
    from fr_check.core.model import Finding
    from fr_check.env_keys.apps.model import App, Read
    from fr_check.env_keys.facts import Facts

_CODE = 'import os\n\nREDIS_URL = os.environ["REDIS_URL"]\nDEBUG = os.getenv("DEBUG", "0") == "1"\n'

BAD = {"app/conf.py": _CODE, ".env.example": "DEBUG=0\n"}
GOOD = {"app/conf.py": _CODE, ".env.example": "DEBUG=0\nREDIS_URL=redis://localhost:6379\n"}


def check(facts: Facts) -> Iterator[Finding]:
    """Compares the reads of each app without settings with its examples, once a key."""
    for app in facts.apps:
        if not (app.examples and app.examples_known):
            continue
        if not app.settings_files:
            yield from _undocumented(app, app.reads, Severity.WARNING, facts)
        yield from _undocumented(app, app.script_reads, Severity.INFO, facts)


def _undocumented(app: App, reads: Iterable[Read], severity: Severity, facts: Facts) -> Iterator[Finding]:
    found: dict[str, list[Read]] = {}
    for read in reads:
        found.setdefault(read.key, []).append(read)
    for key, several in found.items():
        if key in app.documented or key.upper() in app.commented or is_well_known(key) or app.takers(key):
            continue
        # The read that says the most: one that fails without the variable, if there is one.
        required = required_read(several)
        first = required or several[0]
        example = app.examples[0].text.path
        message = f"`{key}` is read with `{first.call}`, and {example} does not document it"
        line = f"{key}=" if required else f"# {key}="
        image = facts.given.get(key)
        guide = app.described.get(key, "")
        mild = not app.strict and is_minor(app, key)
        mild = mild or key in left_out_by_choice(app)
        optional = not required and (app.selection or mild or all(read.sets for read in several))
        other = replaced(app, several)
        elsewhere = "" if required else _elsewhere(app, key, facts)
        yield RULE.finding(
            key,
            message,
            help=f"add `{line}` to {example}",
            location=first.location,
            notes=[
                *app.example_lines.get(key.upper(), ()),
                *[Note("read here too", read.location) for read in several if read is not first][:5],
                *([Note(f"{image} sets it in the image")] if image else []),
                *([Note(f"{guide} has it")] if guide else []),
                *([Note(f"`{other}`, which is documented, does as well")] if other else []),
                *([Note(f"{elsewhere} documents it")] if elsewhere else []),
            ],
            severity=Severity.INFO if image or optional or other or elsewhere else severity,
            group=left_out(app, "variables that code reads and"),
        )


def _elsewhere(app: App, key: str, facts: Facts) -> str:
    """The example of another application that documents a variable, which some programs share."""
    others = (other for other in facts.apps if other is not app and key in other.documented)
    return next((other.examples[0].text.path for other in others if other.examples), "")


def fix(facts: Facts, finding: Finding, text_of: TextOf) -> Fix | Refused | None:
    """Documents the variable: in a comment with the text that code falls back to.

    Without such a text a person should look at the line: `KEY=` where code fails without the variable, else `# KEY=`.
    """
    from fr_check.edits.example import insert_key  # noqa: PLC0415 - only to cure
    from fr_check.env_keys.fixing import fallbacks  # noqa: PLC0415 - only to cure

    if finding.severity == Severity.INFO:
        return None
    for app in facts.apps:
        reads = [read for read in app.reads if read.key == finding.subject]
        if app.settings_files or finding.location not in {read.location for read in reads}:
            continue
        if len(app.examples) != 1:
            return Refused("several examples document it")
        value = fallbacks.common([read.location for read in reads], finding.subject, text_of)
        line = f"{finding.subject}={value.text if value is not None else ''}"
        line = line if required_read(reads) else f"# {line}"
        source = app.examples[0]
        edit = insert_key(source.text, source.content, line, [read.key for read in app.reads])
        return (
            edit if isinstance(edit, Refused) else Fix(SAFE if value is not None and value.alike else UNSAFE, (edit,))
        )
    return None


RULE = Rule.declare(__name__, __doc__, Severity.WARNING, check, bad=BAD, good=GOOD, fix=fix)
