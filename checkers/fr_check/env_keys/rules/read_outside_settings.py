"""A variable that code reads past the settings, and that nobody documents.

## What it finds

`os.environ["KEY"]`, `os.getenv("KEY")` and the like (also through django-environ, environs, decouple and starlette) in
the backend's own code, for a key that fills no setting and stands in no example file (under `common` a comment,
`# KEY=value`, documents it). Tests, migrations and scripts are
left out, and so are variables of libraries and of the runtime (`HOME`, `CI`, `OTEL_*`). Where every service that runs
the application is given the variable by its compose file, it is information: it is written down there.

It is information under `common` where an image of the repository sets the variable (`ENV`), and where the code goes on
without the variable and the example is a selection, which documents the smaller part of what the code takes, or a
committed `.env`; also where the code takes it in the place of one that is documented
(`os.getenv("NEW") or os.getenv("OLD")`), only gives it a default for a library (`os.environ.setdefault(...)`), or
falls back on what serves wherever it runs, as `undocumented-setting` tells (`os.getenv("PAGE_SIZE", "50")`,
`os.getenv("TRACE") == "1"`), and the example leaves such variables out.

Reads whose key only running the code would tell (`os.getenv(name)`) are counted, and reported as info, once per file.

## Why it matters

Such a variable has no type, no default in one place and no documentation: nobody who deploys the application can know
that it exists.

## How to fix

Make it a field of the settings and read it from there, or at least document it in the example file.
"""

from __future__ import annotations

from fr_check.core.edits import SAFE, UNSAFE, Fix, Refused
from fr_check.core.model import Note, Rule, Severity
from fr_check.core.record import NamedTuple
from fr_check.env_keys.apps.selection import is_minor, left_out, left_out_by_choice
from fr_check.env_keys.apps.usage import replaced, required_read
from fr_check.env_keys.processes import judged
from fr_check.variables.model import Set
from fr_check.variables.wellknown import is_well_known

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from fr_check.core.edits import TextOf
    from fr_check.core.model import Finding, Location
    from fr_check.env_keys.apps.model import App, Read
    from fr_check.env_keys.facts import Facts

_CONFIG = "from pydantic_settings import BaseSettings\n\n\nclass Settings(BaseSettings):\n    debug: bool = False\n"
_READ = 'import os\n\nTRUST_PROXY = os.getenv("TRUST_PROXY", "false") == "true"\n'

BAD = {
    "apps/backend/src/config.py": _CONFIG,
    "apps/backend/src/auth.py": _READ,
    ".env.example": "DEBUG=false\n",
}
GOOD = {
    "apps/backend/src/config.py": _CONFIG,
    "apps/backend/src/auth.py": _READ,
    ".env.example": "DEBUG=false\nTRUST_PROXY=false\n",
}


def check(facts: Facts) -> Iterator[Finding]:
    """Compares every read outside the settings with settings and examples, once per key."""
    for app in (app for app in facts.apps if app.settings_files):
        yield from _dynamic(app)
        if not (app.examples_known and app.settings_complete):
            continue
        reads: dict[str, list[Read]] = {}
        for read in app.reads:
            reads.setdefault(read.key, []).append(read)
        for key, several in reads.items():
            if not app.takers(key) and not _is_documented(app, key) and not is_well_known(key):
                yield _finding(app, key, several, facts.given.get(key, ""), _services(facts, app, key))


def _is_documented(app: App, key: str) -> bool:
    """Whether the example has a line for it; under `common` a comment is one."""
    return key in app.documented or (not app.strict and key.upper() in app.commented)


def _dynamic(app: App) -> Iterator[Finding]:
    files: dict[str, list[Location]] = {}
    for location in app.dynamic_reads:
        files.setdefault(location.path, []).append(location)
    for path, places in files.items():
        message = f"{path} reads a variable whose name only running the code tells, so nothing is said of it"
        notes = [Note("read here too", location) for location in places[1:5]]
        help_ = "write the names out where they are known, or make them fields of the settings"
        yield RULE.finding(path, message, help=help_, location=places[0], notes=notes, severity=Severity.INFO)


class _Served(NamedTuple):
    """Where services that run the application are given a variable, and whether each of them is."""

    notes: tuple[Note, ...]
    every: bool


def _services(facts: Facts, app: App, key: str) -> _Served:
    """What a compose file gives by name is written down there: who deploys it cannot miss it."""
    own = {source.text.path for source in app.settings_files}
    notes: dict[Location, Note] = {}
    lacking = False
    for one in judged.services(facts):
        if own.isdisjoint(one.program.settings):
            continue
        state = one.process.get(key)
        if isinstance(state, Set) and state.layer.kind in {"environment", "env-file"}:
            notes[state.entry.location] = Note(f"{one.name} is given it", state.entry.location)
        else:
            lacking = True
    return _Served(tuple(notes.values()), bool(notes) and not lacking)


def _finding(app: App, key: str, reads: list[Read], image: str, served: _Served) -> Finding:
    first = reads[0]
    example = app.examples[0].text.path if app.examples else ".env.example"
    settings = app.settings_files[0].text.path
    message = f"`{key}` is read with `{first.call}` past the settings, and {example} does not document it"
    notes = [Note("read here too", read.location) for read in reads[1:]]
    line = f"# {key}=" if not app.strict and any(found.refuses_unknown for found in app.classes) else f"{key}="
    help_ = f"make it a field in {settings}, or add `{line}` to {example}, with what the code falls back on"
    notes += [Note(f"{image} sets it in the image")] if image else []
    notes += served.notes
    other = replaced(app, reads)
    notes += [Note(f"`{other}`, which is documented, does as well")] if other else []
    mild = app.selection or is_minor(app, key) or other or all(read.sets for read in reads)
    mild = mild or key in left_out_by_choice(app)
    optional = mild and required_read(reads) is None
    info = served.every or (not app.strict and (image or optional))
    return RULE.finding(
        key, message, help=help_, location=first.location, notes=notes,
        severity=Severity.INFO if info else Severity.WARNING,
        group=left_out(app, "variables that code reads past the settings and") if app.examples else None,
    )  # fmt: skip


def fix(facts: Facts, finding: Finding, text_of: TextOf) -> Fix | Refused | None:
    """Documents the variable with the text that code falls back to; without one, a person should look at the value.

    Where a settings class refuses what it does not know in its `.env`, the line is a comment.
    """
    from fr_check.edits.example import insert_key  # noqa: PLC0415 - only to cure
    from fr_check.env_keys.fixing import fallbacks  # noqa: PLC0415 - only to cure

    for app in facts.apps:
        reads = [read for read in app.reads if read.key == finding.subject]
        if finding.location in {read.location for read in reads} and len(app.examples) == 1:
            source = app.examples[0]
            declared = [*(setting.name for setting in app.settings if setting.names), finding.subject]
            value = fallbacks.common([read.location for read in reads], finding.subject, text_of)
            if value is None and fallbacks.computed([read.location for read in reads], finding.subject, text_of):
                return Refused("code computes what it falls back to, and an empty value would come in its place")
            line = f"{finding.subject}={value.text if value is not None else ''}"
            # What a class that reads the copy does not take, it refuses; a comment documents under `common`.
            refuses = any(found.refuses_unknown for found in app.classes)
            line = f"# {line}" if refuses and not app.strict else line
            unsafe = value is None or not value.alike or (refuses and app.strict)
            edit = insert_key(source.text, source.content, line, declared)
            return edit if isinstance(edit, Refused) else Fix(UNSAFE if unsafe else SAFE, (edit,))
    return None


RULE = Rule.declare(__name__, __doc__, Severity.WARNING, check, bad=BAD, good=GOOD, fix=fix)
