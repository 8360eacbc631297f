"""A setting whose variables are all missing from the example file.

## What it finds

A field of a settings class none of whose environment names stands in `.env.example`. A field with several names
(`AliasChoices("ENVIRONMENT", "ENV")`) is documented by any of them; a nested model by its JSON variable or by the
variables of its values, and one that is a settings class by the variables it reads itself. A key without `=`
documents nothing.

Under the preset `strict` every setting needs a line of its own, and one in a comment (`# KEY=`) documents nothing.
Under `common` a comment documents a setting that has a default, and what is undocumented is an error where the setting
is required or a secret, else a warning. What need not be set is information there where nobody could expect a line: the
example is a selection, which documents the smaller part of what the code takes; it is a committed `.env`; a guide has
it (README, INSTALL, CONFIGURATION and the like); the class has sources of its own, or is called with it; the default is
a path or a model that code puts together, or nothing, of which a validator makes a value; the default serves wherever
the program runs, as a number, a switch, or a text that is no address, no account and no placeholder does
(`ALGORITHM: str = "HS256"`, `POOL_SIZE: int = 32`), and the example, of five variables or more (in comments or not),
leaves out at least as many of those as it documents, ports aside, or three or more of a file of which it documents no
more. Nothing is said of a setting
whose default is what a variable of another name holds: that variable is judged. A setting that is documented only by a
second name is reported as info.

## Why it matters

The example file is what a newcomer copies and what operators compare a deployment with. A setting that is missing
there is found by reading code, or by an incident.

## How to fix

Add the line that the help shows to the example file, next to the keys it belongs with: it holds the default where that
is known and no secret, else a value that the type takes; of a nested model each value has a line. A setting that nobody
should set can be allowed, with the reason: `[tool.fr-check.allow]`
`undocumented-setting = [{subject = "KEY", reason = "..."}]`.
"""

from __future__ import annotations

from fr_check.core.edits import Fix, Refused
from fr_check.core.model import Note, Rule, Severity
from fr_check.env_keys.apps.selection import is_committed, is_minor, left_out, left_out_by_choice
from fr_check.env_keys.values.written import holds_secret, line_of

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from fr_check.core.edits import TextOf
    from fr_check.core.model import Finding, Location, Span
    from fr_check.env_keys.apps.model import App
    from fr_check.env_keys.facts import Facts
    from fr_check.sources.settings import Leaf, Setting

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
        named = first in app.documented or first.upper() in app.commented
        if len(setting.names) > 1 and found.binding.key.upper() != first.upper() and not named:
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
    documented = [leaf for leaf in setting.leaves if _is_documented(app, setting, leaf)]
    if _is_commented(app, setting.names, setting.required):
        return
    if setting.open_prefixes and any(setting in app.takers(key) for key in app.documented):
        return
    for leaf in setting.leaves if documented else ():
        if leaf not in documented:
            yield _finding(app, _as_setting(setting, leaf))
    if not documented and (app.strict or not _reads_another(app, setting)):
        yield _finding(app, setting)


def _is_documented(app: App, setting: Setting, leaf: Leaf) -> bool:
    found = app.documentation(leaf, case_sensitive=setting.case_sensitive)
    return found is not None or _is_commented(app, leaf.names, leaf.required)


def _is_commented(app: App, names: tuple[str, ...], required: bool) -> bool:  # noqa: FBT001 - a field
    """Whether a comment documents it: what need not be set, where the preset says so."""
    return not app.strict and not required and any(name.upper() in app.commented for name in names)


def _as_setting(outer: Setting, leaf: Leaf) -> Setting:
    field = f"{outer.field}.{leaf.path}"
    return outer._replace(
        field=field, names=leaf.names, required=leaf.required, default=None, kind=leaf.kind, annotation="",
        location=leaf.location, leaves=(),
    )  # fmt: skip


def _with_default(outer: Setting, leaf: Leaf) -> Setting:
    """A value inside a nested model with the default of its own class, which holds unless the model has another."""
    return _as_setting(outer, leaf)._replace(default=leaf.default, secret=leaf.secret, annotation=leaf.annotation)


def _documented_below(app: App) -> set[Location]:
    """Fields of nested settings classes that a variable of the class around them documents."""
    return {
        leaf.location
        for outer in app.settings
        for leaf in (outer.leaves if outer.delegates else ())
        if app.documentation(leaf, case_sensitive=outer.case_sensitive)
    }


def _finding(app: App, setting: Setting) -> Finding:
    key = setting.name
    message = f"`{key}` ({setting.owner}.{setting.field}) is not documented in {_files(app)}"
    lines = " and ".join(f"`{_line(app, one)}`" for one in _parts(setting))
    return RULE.finding(
        key,
        message,
        help=_made(app) or f"add {lines} to {app.examples[0].text.path}",
        location=setting.location,
        notes=app.example_lines.get(key.upper(), ()),
        severity=_severity(app, setting),
        group=left_out(app, "settings that"),
    )


def _parts(setting: Setting) -> list[Setting]:
    """A setting, or the values inside of it that have variables of their own: no line of JSON is written by hand."""
    return [_with_default(setting, leaf) for leaf in setting.leaves] or [setting]


def _line(app: App, setting: Setting) -> str:
    return line_of(setting, optional_commented=not app.strict, ignores_empty=setting.owner in app.ignoring_empty)


def _made(app: App) -> str:
    """What to run where something makes the lines of the example that the settings have; empty where nothing does."""
    text = app.examples[0].text
    if "generated" not in text.string.lower():
        return ""
    from fr_check.edits.generated import generated  # noqa: PLC0415 - few files are

    lines = (found.span.line for found in app.examples[0].content.assignments if app.takers(found.key))
    line = next(lines, 1)
    made = generated(text, text.offset(line))
    return made.step(text.path) if made is not None else ""


def _severity(app: App, setting: Setting) -> Severity:
    """What the presets say; under `common` information where nobody could expect a line in the example."""
    if app.strict:
        return Severity.ERROR
    if any(found.other_sources for found in app.classes if found.name == setting.owner):
        return Severity.INFO
    if setting.required:
        return Severity.WARNING if is_committed(app) else Severity.ERROR
    if app.selection or _is_made_in_code(setting) or _is_given(setting):
        return Severity.INFO
    if holds_secret(setting):
        return Severity.ERROR
    mild = is_minor(app, setting.name) or setting.name in left_out_by_choice(app)
    return Severity.INFO if mild else Severity.WARNING


def _is_given(setting: Setting) -> bool:
    """Whether a field without a default is not required: what calls the class, or another source, gives it."""
    optional = "None" in setting.annotation or "Optional" in setting.annotation
    return setting.default is None and not optional


def _is_made_in_code(setting: Setting) -> bool:
    """Whether code puts a default together: a path of the program's own, a model that only JSON could replace."""
    if setting.default is None:
        return False
    if setting.default.literal is None:
        return "model" in setting.kind.names or "Path" in setting.annotation
    # `@field_validator("database_url", mode="before")` makes it of other settings where there is none.
    return setting.kind.prepared and setting.default.literal.reveal() in {"None", "''", '""'}


def _reads_another(app: App, setting: Setting) -> bool:
    """Whether the default is what a variable of another name holds, which is judged by itself."""
    where = setting.location
    inside = (
        read for read in app.reads if read.location.path == where.path and _within(read.location.span, where.span)
    )
    return any(read.key not in (setting.names or ()) for read in inside)


def _within(inner: Span | None, outer: Span | None) -> bool:
    if inner is None or outer is None:
        return False
    return (outer.line, outer.column) <= (inner.line, inner.column) <= (outer.end_line, outer.end_column)


def fix(facts: Facts, finding: Finding, text_of: TextOf) -> Fix | Refused | None:
    """Adds the line that the help shows, or takes the `#` from it where it stands in a comment.

    A comment's own value stays. Where that is not the default, and where there is none that may be shown, so that the
    line is a placeholder or has no value, a person should look at it. Of a nested model each value gets its line.
    """
    from fr_check.env_keys.fixing.documenting import documented  # noqa: PLC0415 - only to cure

    found = next(
        (
            (app, setting, outer)
            for app in facts.apps
            for outer in app.settings
            for setting in (outer, *(_with_default(outer, leaf) for leaf in outer.leaves))
            if setting.location == finding.location and finding.subject in (setting.names or ())
        ),
        None,
    )
    if found is None or finding.severity == Severity.INFO:
        return None
    app, setting, outer = found
    if len(app.examples) != 1:
        return Refused("several examples document it")
    declared = [name for one in app.settings for part in (one, *_parts(one)) for name in (part.names or ())[:1]]
    lines = [(part, _line(app, part)) for part in _parts(setting)]
    return documented(app.examples[0], lines, outer, declared, text_of(outer.location.path))


def _files(app: App) -> str:
    return " or ".join(source.text.path for source in app.examples)


RULE = Rule.declare(__name__, __doc__, Severity.ERROR, check, bad=BAD, good=GOOD, fix=fix)
