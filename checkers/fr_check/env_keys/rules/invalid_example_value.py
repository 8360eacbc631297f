r"""A documented value that its setting cannot take.

## What it finds

A value in the example file that pydantic refuses for the declared type: text for an `int`, an empty value for a number
or a boolean, `a,b` for a `list[str]` (it is read as JSON), `["80", "x"]` for a `list[int]`, text where an `AliasPath`
looks into JSON, a word that is not among the members of a `Literal` or an enumeration, a number or a length beyond
`Field(ge=1)`, `PositiveInt` or `max_length=8`. And a value written as a Python string, `r"..."`: that is accepted, with
the letter and the quotes in it (a warning).

Types that this tool does not know are left alone, and so are placeholders for secrets that are only too short or too
long. Under the preset `common` what asks for a value is information: words in brackets (`<YOUR_ID>`, `[FILL ME IN]`).

## Why it matters

Copying the example to `.env` is the first thing a newcomer does, and then the application does not start:
`ValidationError`, or `SettingsError` for JSON. A string prefix is worse, for nothing complains: the pattern in
`REGEX=r"a\.b"` begins with an r and a quote, and never matches.

## How to fix

Write a value of the type, or make the line a comment if nothing should be set.
"""

from __future__ import annotations

import re

from fr_check.core.edits import SAFE, UNSAFE, Fix, Refused
from fr_check.core.model import Note, Rule, Severity
from fr_check.core.patterns import pattern
from fr_check.env_keys.facts import example_of
from fr_check.env_keys.values.accepted import expected, takes_no_text, typed, within_bounds
from fr_check.env_keys.values.placeholders import is_placeholder
from fr_check.env_keys.values.written import default_of, looks_secret

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from fr_check.core.edits import TextOf
    from fr_check.core.model import Finding
    from fr_check.env_keys.apps.model import App, Documented
    from fr_check.env_keys.facts import Facts
    from fr_check.sources.settings import Kind, Setting

_PYTHON_STRING = pattern(r"""(?:[rR]|[bB]|[fF]|[uU]|[rR][bBfF]|[bBfF][rR])(["']).*\1""", re.DOTALL)
# Two words, or one in capitals.
_WORDS = pattern(r"^\[\s*(?:[A-Z]{3,}\b|[A-Za-z]+[ ,]+(?:[A-Za-z]+\b))")
_HEAD = "from pydantic_settings import BaseSettings\n\n\nclass Settings(BaseSettings):\n"

BAD = {
    "apps/backend/src/config.py": _HEAD + "    expiry_seconds: int = 300\n",
    ".env.example": "EXPIRY_SECONDS=five minutes\n",
}
GOOD = {"apps/backend/src/config.py": _HEAD + "    expiry_seconds: int = 300\n", ".env.example": "EXPIRY_SECONDS=300\n"}


def check(facts: Facts) -> Iterator[Finding]:
    """Reads every documented value as its setting's type."""
    for app in facts.apps:
        for setting in app.settings:
            for name in setting.names or ():
                documented = app.documented.get(name)
                if documented is not None:
                    yield from _judge(app, setting, setting.kind_of(name), documented)
            for name, kinds in _leaves(setting).items():
                if name in app.documented:
                    yield from _judge(app, setting, _taking(kinds, app.documented[name]), app.documented[name])


def _leaves(setting: Setting) -> dict[str, list[Kind]]:
    """The variables of nested models; several members of a union may have one by the same name."""
    found: dict[str, list[Kind]] = {}
    for leaf in setting.leaves:
        for name in leaf.names:
            found.setdefault(name, []).append(leaf.kind)
    return found


def _taking(kinds: list[Kind], documented: Documented) -> Kind:
    """The first kind that takes the documented value, else the first."""
    value = documented.binding.value.reveal() if documented.binding.value is not None else ""
    return next((kind for kind in kinds if typed(kind, value).valid), kinds[0])


def _judge(app: App, setting: Setting, kind: Kind, documented: Documented) -> Iterator[Finding]:
    binding = documented.binding
    value = binding.value.reveal() if binding.value is not None else ""
    if binding.interpolated or (not value and setting.owner in app.ignoring_empty):
        return
    notes = [Note("declared here", setting.location)]
    key, where = binding.key, documented.text.path
    location = documented.text.at(binding.value_span or binding.span)
    if not typed(kind, value).valid:
        # Whoever copies the line has to write the secret in any case.
        if (not value or is_placeholder(value)) and looks_secret(setting) and within_bounds(kind, value):
            return
        given = "is empty" if not value else "has a value"
        line = documented.text.line(binding.span.line)
        if not value and line.partition("=")[2].lstrip(" \t").startswith("#"):
            given = "is empty for python-dotenv (Compose takes the comment for the value)"
        message = f"`{key}` {given} in {where} {'but' if not value else 'that'} {_takes(setting, kind, value)}"
        help_ = f"{_cure(kind)}{_instead(app, setting, value)}"
        if "json" in kind.names:
            help_ = f"write the JSON in which the alias looks for the value{_instead(app, setting, value)}"
        elif kind.complex and value and not typed(kind._replace(items=None), value).valid:
            help_ = 'write it as JSON, as in `["a", "b"]`, or annotate the field with NoDecode and split it yourself'
        # Nobody takes `<YOUR_ID>` or `[FILL ME IN]` for a value: whoever copies the line has to write one.
        told = not app.strict and _asks(kind, value)
        severity = Severity.INFO if told else Severity.ERROR
        group = None if value else f"keys that are empty in {where}, and that their settings cannot take so"
        yield RULE.finding(key, message, help=help_, location=location, notes=notes, severity=severity, group=group)
    elif not binding.quote and _PYTHON_STRING.fullmatch(value) and "str" in kind.names:
        message = f"`{key}` in {where} is written as a Python string, so its prefix and quotes become part of the value"
        yield RULE.finding(
            key, message, help="remove the prefix, and use single quotes", location=location, notes=notes,
            severity=Severity.WARNING,
        )  # fmt: skip


def _asks(kind: Kind, value: str) -> bool:
    """Whether a value is words in brackets, which ask for another one; where a list is taken, `[GET, POST]` is one."""
    angled = "<" in value and ">" in value and is_placeholder(value)
    square = not kind.complex and value.startswith("[") and value.endswith("]")
    return angled or (square and _WORDS.search(value) is not None)


def _cure(kind: Kind) -> str:
    if takes_no_text(kind):
        return "declare it as an `IntEnum`, which takes digits, or as `int`"
    if {"literal", "integers"} & set(kind.names):
        return "write one of these values"
    return "write a value of that type"


def _instead(app: App, setting: Setting, value: str) -> str:
    """What else can be done about a value that need not be set."""
    if setting.required:
        return ""
    if not app.strict:
        return ", or make the line a comment"
    return "" if value else f", or set `env_ignore_empty=True` in the configuration of {setting.owner}"


def _takes(setting: Setting, kind: Kind, value: str) -> str:
    field = f"{setting.owner}.{setting.field}"
    whole = kind._replace(items=None)
    # What is inside matters where the outside is right.
    wanted = expected(kind if typed(whole, value).valid else whole)
    # The members of a Literal are what the secret may be.
    if looks_secret(setting):
        wanted = "one of its literals" if {"literal", "integers"} & set(kind.names) else expected(whole)
    return f"{field} takes {wanted}" if not value else f"{field} cannot take: it needs {wanted}"


def fix(facts: Facts, finding: Finding, text_of: TextOf) -> Fix | Refused | None:
    """Writes a Python string as a plain one, and `a,b` as the JSON of a list; any other value becomes the default."""
    from fr_check.edits.example import replace_value  # noqa: PLC0415 - only to cure
    from fr_check.env_keys.fixing import example_values  # noqa: PLC0415 - only to cure

    del text_of
    source = example_of(facts, finding.location.path)
    binding = None if source is None else source.content.last().get(finding.subject)
    declared = next((note.location for note in finding.notes), None)
    fields = [one for app in facts.apps for one in app.settings if one.location == declared]
    if source is None or binding is None or binding.value is None or not fields:
        return None
    setting, value = fields[0], binding.value.reveal()
    own = setting.names is not None and binding.key in setting.names
    if finding.severity is Severity.WARNING:
        written = example_values.without_prefix(value)
    else:
        written = example_values.as_list(value, setting.kind_of(binding.key)) if own else None
    if written is not None:
        return Fix(SAFE, (replace_value(source.text, binding, written),))
    if "<" in value and ">" in value:
        return Refused("the value says what to put there, which only whoever copies the example knows")
    default = default_of(setting) if own and finding.severity is not Severity.WARNING else None
    if default is None:
        return Refused("which value is meant is not known")
    return Fix(UNSAFE, (replace_value(source.text, binding, default),))


RULE = Rule.declare(__name__, __doc__, Severity.ERROR, check, bad=BAD, good=GOOD, fix=fix)
