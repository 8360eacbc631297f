"""A comment line of the secrets template that still reads a secret.

## What it finds

An action inside a line that begins with `#`, such as `# OLD_KEY={{ .Data.data.OLD_KEY }}`. For Go a `#` means nothing:
the action runs, and its value is written into the rendered file.

## Why it matters

Whoever commented the line out meant to be rid of the secret. It is still fetched, still needed (with
`error_on_missing_key` a missing field stops the agent), and still in the file, behind a `#`.

## How to fix

Remove the line, or make it a comment for Go: `{{/* OLD_KEY */}}`.
"""

from __future__ import annotations

from fr_check.core.edits import UNSAFE, Fix, Refused
from fr_check.core.model import Rule, Severity
from fr_check.env_keys.rules.unconsumed_secret import GOOD as _CLEAN

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from fr_check.core.edits import TextOf
    from fr_check.core.model import Finding
    from fr_check.env_keys.facts import Facts

_TEMPLATE = "repo/finance_report/finance_report/10.app/secrets.ctmpl"

BAD = {
    **_CLEAN,
    _TEMPLATE: """\
{{ with secret "secret/data/app" }}
# S3_OLD_KEY={{ with .Data.data.S3_OLD_KEY }}{{ . }}{{ end }}
S3_BUCKET={{ with .Data.data.S3_BUCKET }}{{ printf "%q" . }}{{ else }}"statements"{{ end }}
{{ end }}
""",
}
GOOD = {
    **_CLEAN,
    _TEMPLATE: """\
{{ with secret "secret/data/app" }}
{{- /* S3_OLD_KEY went with the old storage */}}
S3_BUCKET={{ with .Data.data.S3_BUCKET }}{{ printf "%q" . }}{{ else }}"statements"{{ end }}
{{ end }}
""",
}


def check(facts: Facts) -> Iterator[Finding]:
    """Reports each field once for each template."""
    for source in facts.templates:
        seen: set[tuple[str, str]] = set()
        for read in source.content.comment_reads:
            if (read.path, read.field) not in seen:
                seen.add((read.path, read.field))
                field = "every field" if read.field == "*" else f"`{read.field}`"
                message = f"{field} of {read.path} is read and rendered inside a comment line of {source.text.path}"
                help_ = "remove the line, or write the comment as `{{/* ... */}}`"
                yield RULE.finding(read.field, message, help=help_, location=source.text.at(read.span))


def fix(facts: Facts, finding: Finding, text_of: TextOf) -> Fix | Refused | None:
    """Takes out the comment lines that read the field."""
    from fr_check.env_keys.fixing import templates  # noqa: PLC0415 - only to cure

    source = templates.own(facts, finding.location, text_of)
    if source is None or isinstance(source, Refused):
        return source
    reads = source.content.comment_reads
    own = next((read for read in reads if source.text.at(read.span) == finding.location), None)
    lines = {one.span.line for one in reads if own and (one.path, one.field) == (own.path, own.field)}
    if not all(source.text.line(line).lstrip().startswith("#") for line in lines):
        return Refused("the comment begins with another line")
    edits = templates.remove_lines_of(source.text, lines)
    return edits if isinstance(edits, Refused) else Fix(UNSAFE, edits)


RULE = Rule.declare(__name__, __doc__, Severity.INFO, check, bad=BAD, good=GOOD, fix=fix)
