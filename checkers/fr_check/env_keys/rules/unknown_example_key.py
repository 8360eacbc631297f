"""A key the example file documents and nothing consumes.

## What it finds

A key of `.env.example` that fills no setting of any backend and that nothing else takes: no other read in Python code,
no frontend (`process.env.KEY`, `import.meta.env.KEY`), no compose file, workflow, script, Makefile or task, and that no
library is known to read itself. The nearest known name is suggested.

Where a word of the key is a word of a module from elsewhere that the code imports (`TAVILY_API_KEY` beside
`langchain_community.tools.tavily_search`), a document of the repository tells to set it, or code has the key as a text
(`load("KEY")`), it is information: something may read it.

Where no Python code takes part (an example beside scripts for node alone), it is information: what libraries read there
is not known. Nothing is reported while a setting's name is not statically known, or a settings file cannot be parsed.

## Why it matters

Whoever sets the documented variable believes that it takes effect. Often the setting was renamed and the example was
not, so the new name is undocumented too. With `extra="forbid"`, the default of pydantic-settings, copying such a line
to `.env` even keeps the application from starting.

## How to fix

Rename the key to the setting's name, or remove the line.
"""

from __future__ import annotations

from fr_check.core.edits import UNSAFE, Fix, Refused
from fr_check.core.model import Note, Rule, Severity
from fr_check.env_keys.facts import example_of
from fr_check.variables.wellknown import is_well_known

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from fr_check.core.edits import TextOf
    from fr_check.core.model import Finding
    from fr_check.env_keys.apps.model import App, Documented
    from fr_check.env_keys.facts import Facts

_NOBODY = "no setting, frontend, compose file, workflow or script"
_CONFIG = """\
from pydantic import Field
from pydantic_settings import BaseSettings


class Settings(BaseSettings):
    cors_origins_str: str | None = Field(default=None, validation_alias="CORS_ORIGINS")
"""

BAD = {"apps/backend/src/config.py": _CONFIG, ".env.example": "CORS_ORIGINS=\nCORS_ORIGINS_STR=\n"}
GOOD = {"apps/backend/src/config.py": _CONFIG, ".env.example": "CORS_ORIGINS=\n"}


def check(facts: Facts) -> Iterator[Finding]:
    """Compares every documented key with everything that takes variables, in every app."""
    if not all(app.settings_complete and app.uses_known and not app.open_ended for app in facts.apps):
        return
    seen: set[tuple[str, str]] = set()
    for app in facts.apps:
        if not app.settings_files and app.open_reads:
            continue
        for key, documented in app.documented.items():
            place = (documented.text.path, key)
            if place not in seen and not _is_known(facts, key):
                seen.add(place)
                yield _finding(app, key, documented)


def fix(facts: Facts, finding: Finding, text_of: TextOf) -> Fix | Refused | None:
    """Takes the line out: whoever wrote it may have meant another name."""
    from fr_check.edits.example import remove_key  # noqa: PLC0415 - only to cure

    del text_of
    source = example_of(facts, finding.location.path)
    binding = None if source is None else source.content.last().get(finding.subject)
    if source is None or binding is None:
        return None
    if finding.severity is Severity.INFO:
        return Refused("something that is not seen here may read it")
    return Fix(UNSAFE, (remove_key(source.text, source.content, binding),))


def _is_known(facts: Facts, key: str) -> bool:
    taken = (app.takers(key) or key in app.used or key in app.rendered or app.is_untyped(key) for app in facts.apps)
    return any(taken) or is_well_known(key)


def _finding(app: App, key: str, documented: Documented) -> Finding:
    path = documented.text.path
    message = f"`{key}` is documented in {path}, but {_NOBODY} reads it"
    near = app.speller.nearest(key)
    help_ = f"did you mean `{near}`? rename it, or remove the line" if near else "remove the line, or read the variable"
    notes = [Note(f"`{near}` is declared here", setting.location) for setting in app.takers(near)]
    for setting in app.similar.get(key.upper(), ()):
        if key in setting.dead_names:
            help_ = "use `__` as the `env_nested_delimiter` and in this name, or set `env_nested_max_split=1`"
            notes.append(
                Note("the delimiter splits the name of a field inside this one, so it is not reached", setting.location)
            )
        elif setting.field.upper() == key.upper() and setting.names:
            notes.append(Note(f"the field of this name is filled by `{setting.name}`", setting.location))
        elif setting.case_sensitive and any(name.upper() == key.upper() for name in setting.names or ()):
            notes.append(Note(f"case matters here: the variable is `{setting.name}`", setting.location))
    hint = app.hints.get(key, "")
    notes += [Note(hint)] if hint else []
    python = (app.settings_files or app.reads) and not hint
    return RULE.finding(
        key, message, help=help_, location=documented.location, notes=notes,
        severity=Severity.WARNING if python else Severity.INFO,
        group=None if notes or near else f"keys of {path} that {_NOBODY} reads",
    )  # fmt: skip


RULE = Rule.declare(__name__, __doc__, Severity.WARNING, check, bad=BAD, good=GOOD, fix=fix)
