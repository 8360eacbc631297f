"""A key that is rendered empty where the secret is missing, although an empty value is no good.

## What it finds

A template that renders `KEY=""`, usually through `{{ else }}""{{ end }}`, for a setting that

- cannot take an empty string, such as an `int` or a `bool`: an error;
- has a default that is not empty: a warning, and the message says which default is lost unless it may be secret;
- signs what the application issues (`SECRET_KEY`, `JWT_SECRET`, `SESSION_KEY`, ...): a warning whatever its default is,
  unless that is empty as well;
- is required, or has a default that is computed: reported as info.

Settings of classes with `env_ignore_empty=True` are left alone: there an empty variable counts as unset.

## Why it matters

For pydantic-settings an empty variable is set. The empty string beats the default in the code, so that the one thing
the fallback was written for, a field that nobody has put into Vault yet, breaks the application or silently turns a
feature off. A required setting accepts the empty string, and the check that it is there is lost. With an empty signing
key, anybody can forge what the application trusts.

## How to fix

Put the whole line inside the condition, so that nothing is rendered and the default stays:

    {{ with .Data.data.KEY }}KEY={{ printf "%q" . }}
    {{ end }}

or write the value that is meant into the fallback, or set `env_ignore_empty=True`.
"""

from __future__ import annotations

import ast

from fr_check.core.edits import UNSAFE, Fix, Refused
from fr_check.core.model import Note, Rule, Severity
from fr_check.core.patterns import pattern
from fr_check.core.secrecy import is_secret_name, redact
from fr_check.env_keys.rules.unconsumed_secret import GOOD as _CLEAN
from fr_check.env_keys.values.accepted import expected, typed
from fr_check.env_keys.values.signing import is_signing_key

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from fr_check.core.edits import TextOf
    from fr_check.core.model import Finding
    from fr_check.env_keys.apps.model import App, TemplateSource
    from fr_check.env_keys.facts import Facts
    from fr_check.sources.gotemplate import Key, Value
    from fr_check.sources.settings import Setting

_TEMPLATE = "repo/finance_report/finance_report/10.app/secrets.ctmpl"
_HEAD = "from pydantic_settings import BaseSettings\n\n\nclass Settings(BaseSettings):\n"
_LONGEST_SHOWN = 60
_ASKS = pattern(
    r"""(?P<quote>["']?)(?P<asks>\{\{ (?:with|if) [^{}]+ \}\})(?P<value>[^{}]*\{\{[^{}]+\}\}[^{}]*?)"""
    r"""(?:\{\{ else \}\}(?:""|'')?)?(?P<end>\{\{ end \}\})(?P=quote)"""
)

BAD = {
    **_CLEAN,
    "apps/backend/src/config.py": _HEAD + "    daily_limit: int = 2\n",
    ".env.example": "DAILY_LIMIT=2\n",
    _TEMPLATE: """\
{{ with secret "secret/data/app" }}
DAILY_LIMIT={{ with .Data.data.DAILY_LIMIT }}{{ printf "%q" . }}{{ else }}""{{ end }}
{{ end }}
""",
}
GOOD = {
    **_CLEAN,
    "apps/backend/src/config.py": _HEAD + "    daily_limit: int = 2\n",
    ".env.example": "DAILY_LIMIT=2\n",
    _TEMPLATE: """\
{{ with secret "secret/data/app" }}
{{ with .Data.data.DAILY_LIMIT }}DAILY_LIMIT={{ printf "%q" . }}
{{ end }}
{{ end }}
""",
}


def check(facts: Facts) -> Iterator[Finding]:
    """Looks at every key that some path renders empty, and at the settings it fills."""
    for app in facts.apps:
        for source in app.templates:
            for key in source.content.keys:
                empty = next((value for value in key.values if not value.literal), None)
                if empty is not None and not key.is_pattern:
                    yield from _judge(app, source, key, empty)


def _judge(app: App, source: TemplateSource, key: Key, empty: Value) -> Iterator[Finding]:
    for setting in app.takers(key.name):
        if setting.owner in app.ignoring_empty:
            continue
        severity, effect = _effect(setting, key.name)
        if severity is None:
            continue
        fields = ", ".join(dict.fromkeys(read.field for read in key.reads))
        when = f"is rendered empty where {fields} is missing in Vault" if fields else "is rendered empty"
        help_ = "render the line only where there is a value (the condition around the whole line), or give a fallback"
        yield RULE.finding(
            key.name,
            f"`{key.name}` {when}, {effect}",
            help=help_,
            location=source.text.at(empty.span),
            notes=[Note(f"{setting.owner}.{setting.field} is declared here", setting.location)],
            severity=severity,
        )


def _effect(setting: Setting, name: str) -> tuple[Severity | None, str]:
    """What the empty string does to a setting, and how bad that is."""
    field = f"{setting.owner}.{setting.field}"
    kind = setting.kind_of(name)
    if not typed(kind, "").valid:
        return Severity.ERROR, f"and {field} needs {expected(kind)}: the application does not start"
    known = setting.default is not None and setting.default.literal is not None
    written = setting.default.literal.reveal() if setting.default and setting.default.literal else ""
    if known and _is_empty(written):
        return None, ""
    if setting.required:
        severity, effect = Severity.INFO, f"so {field}, which is required, is accepted without a value"
    elif not known:
        severity, effect = Severity.INFO, f"which beats the computed default of {field}"
    else:
        severity, effect = Severity.WARNING, f"which beats the default of {field}{_shown(setting, name, written)}"
    if is_signing_key(setting, name):
        return Severity.WARNING, f"{effect}: with an empty key, anybody can forge what it signs"
    return severity, effect


def _shown(setting: Setting, name: str, written: str) -> str:
    """The default that is lost, unless it may be secret."""
    if setting.secret or any(is_secret_name(given) for given in (name, setting.field)):
        return ""
    shown = redact(written)
    return f", `{shown}`" if len(shown) <= _LONGEST_SHOWN else f", `{shown[:_LONGEST_SHOWN]}...`"


def _is_empty(written: str) -> bool:
    """Whether a default is itself empty, or None: then nothing that mattered is lost."""
    try:
        return not ast.literal_eval(written) and written not in ("0", "0.0", "False")
    except (ValueError, SyntaxError, RecursionError, MemoryError):
        return False


def fix(facts: Facts, finding: Finding, text_of: TextOf) -> Fix | Refused | None:
    """Puts the whole line inside its condition, so that nothing is rendered where the secret is missing."""
    from fr_check.edits.lines import line_end, replace_line  # noqa: PLC0415 - only to cure
    from fr_check.env_keys.fixing import templates  # noqa: PLC0415 - only to cure

    source = templates.own(facts, finding.location, text_of)
    if source is None or isinstance(source, Refused):
        return source
    text = source.text
    keys = [key for key in source.content.keys if key.name == finding.subject]
    if len(keys) != 1:
        return Refused(f"`{finding.subject}` is rendered in several places")
    number = keys[0].span.line
    found = templates.value_of(text, finding.subject, number)
    asked = _ASKS.fullmatch(found[2].rstrip()) if found is not None else None
    if found is None or asked is None or found[1].strip() not in {"", "export"}:
        return Refused("the condition is written in a way that is left to its author")
    indent, export = found[1][: len(found[1]) - len(found[1].lstrip())], found[1].lstrip()
    quote = asked["quote"]
    line = f"{indent}{asked['asks']}{export}{finding.subject}={quote}{asked['value']}{quote}"
    return Fix(UNSAFE, (replace_line(text, number, f"{line}{line_end(text, number)}{indent}{asked['end']}"),))


RULE = Rule.declare(__name__, __doc__, Severity.WARNING, check, bad=BAD, good=GOOD, fix=fix)
