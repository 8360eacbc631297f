"""Names that only running or rendering tells, so that no name can be called missing or unknown.

## What it finds

- A template that renders names it takes from Vault: `{{ range $k, $v := .Data.data }}{{ $k }}={{ $v }}{{ end }}`. It
  may render any key, or any that matches the pattern shown: no key is called unrendered.
- A setting that is filled by every variable below a prefix: a `dict`, or a model of unknown fields, in a class with
  `env_nested_delimiter`.
- A settings class with `extra="allow"`, which takes any key of its `.env` file: no documented key is called unknown.

Each is said once, at its place.

## Why it matters

What is not reported there is not known to be right: a key that is missing in Vault, or misspelt in the example file,
shows when the application runs.

## How to fix

Nothing has to be mended. Where the names are known, write them down: one line for each key in the template, one field
for each variable in the settings.

## What `--fix` does

Nothing: the names that are meant are not known.
"""

from __future__ import annotations

from fr_check.core.model import Note, Rule, Severity
from fr_check.env_keys.rules.unconsumed_secret import GOOD as _CLEAN

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from fr_check.core.model import Finding
    from fr_check.env_keys.apps.model import App, TemplateSource
    from fr_check.env_keys.facts import Facts

_TEMPLATE = "repo/finance_report/finance_report/10.app/secrets.ctmpl"
_LOOP = "{{ range $name, $value := .Data.data }}{{ $name }}='{{ $value }}'\n{{ end }}"

BAD = {**_CLEAN, _TEMPLATE: f'{{{{ with secret "secret/data/app" }}}}\n{_LOOP}{{{{ end }}}}\n'}
GOOD = _CLEAN


def check(facts: Facts) -> Iterator[Finding]:
    """Reports each template, field and class whose names are open."""
    for source in facts.templates:
        yield from _in_template(source)
    for app in facts.apps:
        yield from _in_settings(app)


def _in_template(source: TemplateSource) -> Iterator[Finding]:
    for first in source.content.open_keys[:1]:
        listed = ", ".join(dict.fromkeys(f"`{key.name}`" for key in source.content.open_keys))
        path = source.text.path
        message = f"{path} renders names that only Vault knows ({listed}), so no key can be called missing from it"
        notes = [Note("rendered here too", source.text.at(key.span)) for key in source.content.open_keys[1:4]]
        help_ = "write a line for each key, if they are known"
        yield RULE.finding(first.name, message, help=help_, location=source.text.at(first.span), notes=notes)


def _in_settings(app: App) -> Iterator[Finding]:
    for setting in app.settings:
        for prefix in setting.open_prefixes[:1]:
            field = f"{setting.owner}.{setting.field}"
            message = f"every variable that begins with `{prefix}` fills {field}, so none of them can be called unknown"
            help_ = "give the field a model with the names it takes, if they are known"
            yield RULE.finding(f"{prefix}*", message, help=help_, location=setting.location)
    for found in app.classes:
        if found.open_ended:
            files = " or ".join(source.text.path for source in app.examples) or "the example file"
            message = (
                f'{found.name} takes any key of its `.env` file (`extra="allow"`), so none in {files} is called unknown'
            )
            help_ = 'write `extra="ignore"` if nothing reads the other keys'
            yield RULE.finding(found.name, message, help=help_, location=found.location)


RULE = Rule.declare(__name__, __doc__, Severity.INFO, check, bad=BAD, good=GOOD)
