"""A line of the secrets template that looks like an assignment and sets nothing.

## What it finds

Rendered lines that `sh` reads otherwise than a dotenv parser or a person would: `KEY = value` (runs the command KEY),
`KEY= value` and `KEY=two words` (run a command with KEY set for it alone), names that are no variable names (`A-B=1`,
`1A=1`), `KEY: value`, `KEY+=value`, and an unquoted `<`, `>`, `(`, `&` or `|` in a value. And JSON without quotes of
its own, `KEY=["{{ . }}"]`, of which `sh` takes the double quotes away: an error where a setting reads it.

## Why it matters

The rendered file is read with `. file`. There is no error a person would see: the line is skipped, and the variable is
not there.

## How to fix

Write `KEY="value"`: no blanks around the `=`, quotes around anything that is more than a word.
"""

from __future__ import annotations

from fr_check.core.edits import UNSAFE, Fix, Refused
from fr_check.core.model import Rule, Severity
from fr_check.core.patterns import pattern
from fr_check.env_keys.rules.unconsumed_secret import GOOD as _CLEAN

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from fr_check.core.edits import TextOf
    from fr_check.core.model import Finding
    from fr_check.env_keys.apps.model import TemplateSource
    from fr_check.env_keys.facts import Facts

_TEMPLATE = "repo/finance_report/finance_report/10.app/secrets.ctmpl"
_SAYS = {
    "spaced": (
        "`{name} =` is no assignment for `sh`: it runs a command {name}",
        "remove the blanks around the `=`, and put double quotes around the value",
    ),
    "command": (
        "`sh` takes the word behind `{name}` for a command, and sets `{name}` for that command alone",
        "put quotes around the whole value, and no blank behind the `=`",
    ),
    "name": ("`{name}` cannot be the name of a variable in `sh`", "use letters, digits and underscores"),
    "colon": ("`{name}:` is no assignment for `sh`", "write `{name}=`"),
    "append": ("`{name}+=` is no assignment for `sh`", "write `{name}=`"),
    "operator": ("`sh` does not take this character for a part of the value", "put quotes around the value"),
}

_LINE = pattern(r"(?P<head>\s*(?:export +)?)(?P<name>[A-Za-z_]\w*) *(?:\+?=|:) *(?P<value>\S.*?)\s*")

BAD = {
    **_CLEAN,
    _TEMPLATE: '{{ with secret "secret/data/app" }}\nS3_BUCKET = {{ .Data.data.S3_BUCKET }}\n{{ end }}\n',
}
GOOD = {
    **_CLEAN,
    _TEMPLATE: '{{ with secret "secret/data/app" }}\nS3_BUCKET="{{ .Data.data.S3_BUCKET }}"\n{{ end }}\n',
}


def check(facts: Facts) -> Iterator[Finding]:
    """Says of each such line what `sh` makes of it."""
    for source in facts.templates:
        for fault in source.content.faults:
            if fault.kind in _SAYS:
                says, help_ = _SAYS[fault.kind]
                name = "KEY" if "*" in fault.name else fault.name
                message = f"{says.format(name=name)}, in {source.text.path}"
                location = source.text.at(fault.span)
                subject = fault.name or source.text.path
                yield RULE.finding(subject, message, help=help_.format(name=name), location=location)
        yield from _unquoted_json(facts, source)


def _unquoted_json(facts: Facts, source: TemplateSource) -> Iterator[Finding]:
    """JSON that stands in no quotes of its own: `sh` takes its double quotes away."""
    for key in source.content.keys:
        line = source.text.line(key.span.end_line)[key.span.end_column - 1 :]
        if not line.startswith(("=[", "={")) or line.startswith("={{") or '"' not in line:
            continue
        takers = [setting for app in facts.apps if source in app.templates for setting in app.takers(key.name)]
        reads = next((setting for setting in takers if setting.kind.complex and setting.kind.decoded), None)
        yield RULE.finding(
            key.name,
            f"`sh` removes the double quotes of `{key.name}` in {source.text.path}, so that it is no JSON any more"
            + (f", and {reads.owner}.{reads.field} refuses it" if reads else ""),
            help="put single quotes around the whole value",
            location=source.text.at(key.span),
            severity=Severity.ERROR if reads else Severity.WARNING,
        )


def fix(facts: Facts, finding: Finding, text_of: TextOf) -> Fix | Refused | None:
    """Writes the line as an assignment: no blanks around the `=`, the value in quotes."""
    from fr_check.edits.lines import replace_line  # noqa: PLC0415 - only to cure
    from fr_check.env_keys.fixing import shell_values, templates  # noqa: PLC0415 - only to cure

    source = templates.own(facts, finding.location, text_of)
    if source is None or isinstance(source, Refused) or finding.location.span is None:
        return source if isinstance(source, Refused) else None
    text, number = source.text, finding.location.span.line
    found = _LINE.fullmatch(text.line(number))
    fault = next((one for one in source.content.faults if text.at(one.span) == finding.location), None)
    name = finding.subject if fault is None else fault.name
    if found is None or name not in {"", found["name"]}:
        return Refused("the line is written in a way that is left to its author")
    value = found["value"]
    single = f"'{value}'" if "'" not in value else None
    quoted = single if fault is None else shell_values.in_double_quotes(value)
    if quoted is None:
        return Refused("the value has quotes or signs of its own, which only its author can place")
    return Fix(UNSAFE, (replace_line(text, number, f"{found['head']}{found['name']}={quoted}"),))


RULE = Rule.declare(__name__, __doc__, Severity.WARNING, check, bad=BAD, good=GOOD, fix=fix)
