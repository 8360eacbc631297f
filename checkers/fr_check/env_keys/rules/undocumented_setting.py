"""A setting whose variables are all missing from the example file.

## What it finds

A field of a settings class none of whose environment names stands in `.env.example`. A field with several names
(`AliasChoices("ENVIRONMENT", "ENV")`) is documented by any of them; a nested model by its JSON variable or by the
variables of its values, and one that is a settings class by the variables it reads itself. A key in a comment
(`# KEY=`) and a key without `=` document nothing.

A setting that is documented only by a second name is reported as info.

## Why it matters

The example file is what a newcomer copies and what operators compare a deployment with. A setting that is missing
there is found by reading code, or by an incident.

## How to fix

Add a line `KEY=value` to the example file, next to the keys it belongs with. A setting that nobody should set can be
allowed, with the reason: `[tool.fr-check.allow]` `undocumented-setting = [{subject = "KEY", reason = "..."}]`.
"""

from __future__ import annotations

from fr_check.core.model import Note, Rule, Severity
from fr_check.core.secrecy import is_secret_name

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from fr_check.core.model import Finding, Location
    from fr_check.env_keys.apps.model import App
    from fr_check.env_keys.facts import Facts
    from fr_check.sources.settings import Setting

_CONFIG = """\
from pydantic_settings import BaseSettings


class Settings(BaseSettings):
    debug: bool = False
    git_commit_sha: str = "unknown"
"""

BAD = {"apps/backend/src/config.py": _CONFIG, ".env.example": "DEBUG=false\n"}
GOOD = {"apps/backend/src/config.py": _CONFIG, ".env.example": "DEBUG=false\nGIT_COMMIT_SHA=unknown\n"}


def check(facts: Facts) -> Iterator[Finding]:
    """Compares every field's names with the keys of the app's example files."""
    for app in facts.apps:
        if app.examples and app.examples_known:
            below = _documented_below(app)
            read = {found.location for found in app.classes}
            for setting in app.settings:
                if setting.location not in below and read.isdisjoint(setting.delegates):
                    yield from _judge(app, setting)


def _judge(app: App, setting: Setting) -> Iterator[Finding]:
    if not setting.names or setting.conditional:
        return
    found = app.documentation(setting)
    if found is not None:
        first = setting.names[0]
        if len(setting.names) > 1 and found.binding.key.upper() != first.upper() and first not in app.documented:
            message = (
                f"`{first}`, the first name of {setting.owner}.{setting.field}, is not in {_files(app)};"
                f" only its other name `{found.binding.key}` is"
            )
            notes = [Note("documented here", found.location)]
            yield RULE.finding(
                first, message, help=f"document it as `{first}=`", location=setting.location, notes=notes,
                severity=Severity.INFO,
            )  # fmt: skip
        return
    documented = [leaf for leaf in setting.leaves if app.documentation(leaf, case_sensitive=setting.case_sensitive)]
    if setting.open_prefixes and any(setting in app.takers(key) for key in app.documented):
        return
    for leaf in setting.leaves if documented else ():
        if leaf not in documented:
            yield _finding(app, leaf.names[0], f"{setting.owner}.{setting.field}.{leaf.path}", leaf.location, "")
    if not documented:
        yield _finding(app, setting.name, f"{setting.owner}.{setting.field}", setting.location, _default(setting))


def _documented_below(app: App) -> set[Location]:
    """Fields of nested settings classes that a variable of the class around them documents."""
    return {
        leaf.location
        for outer in app.settings
        for leaf in (outer.leaves if outer.delegates else ())
        if app.documentation(leaf, case_sensitive=outer.case_sensitive)
    }


def _finding(app: App, key: str, field: str, location: Location, value: str) -> Finding:
    message = f"`{key}` ({field}) is not documented in {_files(app)}"
    help_ = f"add `{key}={value}` to {app.examples[0].text.path}"
    return RULE.finding(key, message, help=help_, location=location, notes=app.example_lines.get(key.upper(), ()))


def _files(app: App) -> str:
    return " or ".join(source.text.path for source in app.examples)


def _default(setting: Setting) -> str:
    """The default as it would be written, where it is short and no secret."""
    literal = setting.default.literal.reveal() if setting.default and setting.default.literal else ""
    if any(is_secret_name(name) for name in (*(setting.names or ()), setting.field)) or setting.secret or setting.vault:
        return ""
    if literal in {"True", "False"}:
        return literal.lower()
    plain = literal.strip("'\"")
    return plain if plain.isascii() and plain.replace(".", "").replace("-", "").isalnum() and plain != "None" else ""


RULE = Rule.declare(__name__, __doc__, Severity.ERROR, check, bad=BAD, good=GOOD)
