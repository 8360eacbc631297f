"""A secret that is rendered without asking whether it is there.

## What it finds

A field of a secret that goes into a value with no `with`, `if`, `or` or default around it, in a template whose Vault
agent does not stop at missing fields (`error_on_missing_key`). It is a warning where the value stands in no quotes, and
one more step where the setting cannot take the text: an error without quotes, a warning with them.

## Why it matters

A missing field is no error for Go: `KEY={{ .Data.data.KEY }}` renders `KEY=<no value>`. Unquoted, `sh` takes that for a
redirection and stops; inside quotes, the application starts with the password `<no value>`.

## How to fix

Set `error_on_missing_key = true` in the agent's `template` stanza, so that nothing is rendered until the field is
there; or put a condition around the line.

## What `--fix` does

Nothing: whether production should stop or go on without the secret is a decision.
"""

from __future__ import annotations

from fr_check.core.model import Rule, Severity
from fr_check.env_keys.rules.unconsumed_secret import GOOD as _CLEAN
from fr_check.env_keys.values.accepted import typed

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from fr_check.core.model import Finding
    from fr_check.env_keys.apps.model import TemplateSource
    from fr_check.env_keys.facts import Facts

_TEMPLATE = "repo/finance_report/finance_report/10.app/secrets.ctmpl"
_AGENT = "repo/finance_report/finance_report/10.app/vault-agent.hcl"
_READ = '{{ with secret "secret/data/app" }}\nS3_BUCKET="{{ .Data.data.S3_BUCKET }}"\n{{ end }}\n'

BAD = {**_CLEAN, _TEMPLATE: _READ}
GOOD = {
    **_CLEAN,
    _TEMPLATE: _READ,
    _AGENT: 'template {\n  source = "/etc/vault/secrets.ctmpl"\n  error_on_missing_key = true\n}\n',
}


def check(facts: Facts) -> Iterator[Finding]:
    """Reports the keys whose value would say `<no value>`, with the field that may be missing."""
    for source in facts.templates:
        if not source.fails_on_missing:
            yield from _in_template(facts, source)


def _in_template(facts: Facts, source: TemplateSource) -> Iterator[Finding]:
    seen: set[tuple[str, str]] = set()
    for key in source.content.keys:
        for read in key.reads:
            if read.guarded or read.field == "*" or read.inside_value or (key.name, read.field) in seen:
                continue
            seen.add((key.name, read.field))
            missing = f"{read.field} is missing in {read.path}"
            message = f"`{key.name}` is rendered with `<no value>` or `<nil>` in it where {missing}"
            help_ = "set `error_on_missing_key = true` in the agent's template stanza, or put `with` around the line"
            bare = source.inline != "" and any(exposure.quotes == "none" for exposure in key.exposures)
            if bare:
                message += ", and `sh` stops reading the file at the `<`"
            level = Severity.WARNING if bare else Severity.INFO
            takers = [setting for app in facts.apps if source in app.templates for setting in app.takers(key.name)]
            if any(not typed(setting.kind_of(key.name), "<no value>").valid for setting in takers):
                message += f", which {takers[0].owner}.{takers[0].field} cannot be"
                level = Severity.ERROR if bare else Severity.WARNING
            yield RULE.finding(key.name, message, help=help_, location=source.text.at(read.span), severity=level)


RULE = Rule.declare(__name__, __doc__, Severity.INFO, check, bad=BAD, good=GOOD)
