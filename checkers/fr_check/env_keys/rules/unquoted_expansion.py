r"""A secret whose `$` or backtick `sh` would expand when it reads the rendered file.

## What it finds

A key that may hold a secret (by its own name or by the field it reads) whose value stands in the rendered line without
quotes, or in double quotes: also with `printf "%q"` and `toJSON`, which quote for Go and JSON, not for the shell.

## Why it matters

The file is read by `sh`, and inside double quotes `sh` expands `$name` and executes what stands between backticks. The
password `pa$word` becomes `pa`, and whoever can write the secret can run a command. Without quotes, a blank, `;`, `&`,
`#` or a quote in the value ends it as well.

## How to fix

Use single quotes, and write the one character they cannot hold in the shell's way:

    KEY='{{ .Data.data.KEY | replaceAll "'" "'\\''" }}'
"""

from __future__ import annotations

from fr_check.core.edits import UNSAFE, Edit, Fix, Refused
from fr_check.core.model import Rule, Severity
from fr_check.core.secrecy import is_secret_name
from fr_check.env_keys.rules.unconsumed_secret import GOOD as _CLEAN

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from fr_check.core.edits import TextOf
    from fr_check.core.model import Finding
    from fr_check.env_keys.apps.model import TemplateSource
    from fr_check.env_keys.facts import Facts
    from fr_check.sources.gotemplate import Key

_TEMPLATE = "repo/finance_report/finance_report/10.app/secrets.ctmpl"
_CONFIG = "from pydantic_settings import BaseSettings\n\n\nclass Settings(BaseSettings):\n    s3_secret_key: str = ''\n"
_READ = '{{ with secret "secret/data/app" }}\nS3_SECRET_KEY=VALUE\n{{ end }}\n'
_HEAD = {**_CLEAN, "apps/backend/src/config.py": _CONFIG, ".env.example": "S3_SECRET_KEY=\n"}
_QUOTERS = {"go": 'quoted by `printf "%q"`, which is Go\'s way', "json": "quoted as JSON"}

BAD = {**_HEAD, _TEMPLATE: _READ.replace("VALUE", '{{ with .Data.data.S3_SECRET_KEY }}{{ printf "%q" . }}{{ end }}')}
GOOD = {
    **_HEAD,
    _TEMPLATE: _READ.replace(
        "VALUE", """'{{ with .Data.data.S3_SECRET_KEY }}{{ . | replaceAll "'" "'\\\\''" }}{{ end }}'"""
    ),
}


def check(facts: Facts) -> Iterator[Finding]:
    """Reports each key once, with the worst of the ways in which its value is rendered."""
    for source in facts.templates:
        seen: set[str] = set()
        for key in source.content.keys:
            if key.name not in seen and _may_be_secret(key):
                found = list(_exposed(source, key))
                seen.update(key.name for _ in found)
                yield from found


def _may_be_secret(key: Key) -> bool:
    return is_secret_name(key.name) or any(is_secret_name(read.field) for read in key.reads)


def _exposed(source: TemplateSource, key: Key) -> Iterator[Finding]:
    forms = {exposure.quotes: exposure.form for exposure in key.exposures}
    if not key.reads or not forms.keys() & {"none", "double"}:
        return
    quotes = "none" if "none" in forms else "double"
    how = "stands in double quotes" if quotes == "double" else "stands there without quotes"
    quoted = _QUOTERS.get(forms[quotes], "")
    how = f"is {quoted}, not `sh`'s" if quoted else how
    effect = "expands `$` and backticks in it" + ("" if quoted or quotes == "double" else " and splits it")
    # Not as an assignment: what stands behind `NAME=` in a message is masked.
    help_ = """write `'{{ ... | replaceAll "'" "'\\\\''" }}'` behind the `=`, which holds any value"""
    message = f"the value of `{key.name}` {how}, so `sh` {effect} when it reads the file"
    yield RULE.finding(key.name, message, help=help_, location=source.text.at(key.span))


def fix(facts: Facts, finding: Finding, text_of: TextOf) -> Fix | Refused | None:
    """Writes the value in single quotes, with what ends them replaced."""
    from fr_check.env_keys.fixing import shell_values, templates  # noqa: PLC0415 - only to cure

    source = templates.own(facts, finding.location, text_of)
    if source is None or isinstance(source, Refused):
        return source
    text = source.text
    edits = []
    for line in dict.fromkeys(key.span.line for key in source.content.keys if key.name == finding.subject):
        found = templates.value_of(text, finding.subject, line)
        # What closes the condition that is opened before the name stands behind the value.
        value = templates.without_end(found[1], found[2]) if found is not None else ""
        single = shell_values.in_single_quotes(value) if value is not None else None
        if found is None or value is None or single is None:
            return Refused("the value is written in a way that is left to its author")
        edits.append(Edit(text.path, found[0], found[0] + len(value), single))
    return Fix(UNSAFE, tuple(edits))


RULE = Rule.declare(__name__, __doc__, Severity.INFO, check, bad=BAD, good=GOOD, fix=fix)
