"""A secrets template that cannot be rendered, or whose output `sh` cannot read to the end.

## What it finds

What Go's text/template refuses, in Go's own words: an action that is not closed, an `{{ end }}` too many or missing, an
undefined variable, a function that neither Go nor Vault Agent knows. What Go refuses only when it executes the place,
but then with any data: `nil` as a command, too few arguments or arguments of another type, a template that is not
defined or that calls itself without end; on some paths, or on all. And a quote that a line of the template opens and
none closes: the template renders, but `sh` stops at that line.

## Why it matters

A template that does not parse renders nothing: Vault Agent keeps retrying, the file of secrets is never written, and
the containers that wait for it do not start. No other check of the keys makes sense before it is mended, so none is
made, unless there are paths that do render.

## How to fix

Correct the action at the place that is shown. `.Data.data.KEY-WITH-DASH` is written
`index .Data.data "KEY-WITH-DASH"`; a comment must touch its delimiters, `{{/* like this */}}`.
"""

from __future__ import annotations

from fr_check.core.edits import SAFE, Fix, Refused
from fr_check.core.model import Rule, Severity
from fr_check.core.patterns import pattern
from fr_check.core.secrecy import redact
from fr_check.env_keys.rules.unconsumed_secret import GOOD as _CLEAN

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from fr_check.core.edits import TextOf
    from fr_check.core.model import Finding, Span
    from fr_check.env_keys.apps.model import TemplateSource
    from fr_check.env_keys.facts import Facts
    from fr_check.sources.gotemplate.template import SecretRead

_TEMPLATE = "repo/finance_report/finance_report/10.app/secrets.ctmpl"
_UNKNOWN_FUNCTION = pattern(r'function "(.+)" not defined')
_HELPS = (
    ("unexpected EOF", "add the missing `{{ end }}`"),
    ("unexpected {{end}}", "remove this `{{ end }}`, or restore the `if`, `with` or `range` that it closed"),
    ("unexpected {{else}}", "remove this `{{ else }}`, or restore the `if` or `with` that it belonged to"),
    ("undefined variable", "declare the variable before this place, outside of any block that has ended"),
    ("missing value", "write what is tested between the word and the closing braces"),
    ("unclosed comment", "close the comment with `*/}}`"),
    ("comment ends", "let the comment touch its delimiters: `{{/* like this */}}`"),
    ("bad character U+002D", 'write `index .Data.data "NAME-WITH-DASH"` for a field whose name has a dash'),
    ("bad character", "put a blank before this character"),
    ('unexpected "/"', "let the comment touch its delimiters: `{{/* like this */}}`"),
    ("unterminated", "close the quote"),
    ("unclosed", "close what is opened here"),
    ("nil is not a command", "write the value that is meant instead of `nil`"),
    ("can't give argument", "put a function in front, as in `printf`, or remove what follows the value"),
    ("wrong number of args", "give the function the arguments it takes"),
    ("expected string", "give the function an argument of the type it takes"),
    ("expected integer", "give the function an argument of the type it takes"),
    ("wrong type for value", 'convert the value, as in `printf "%v"` or `parseInt`'),
    ("error calling", 'compare values of one type, converted with `printf "%v"` or `parseInt`'),
    ("exceeded maximum template depth", "put a condition around the call that ends it"),
    ("template ", 'define the template with `{{ define "NAME" }}`, or correct the name'),
)

BAD = {
    **_CLEAN,
    _TEMPLATE: '{{ with secret "secret/data/app" }}\nS3_BUCKET="{{ .Data.data.S3-BUCKET }}"\n{{ end }}\n',
}
GOOD = {
    **_CLEAN,
    _TEMPLATE: '{{ with secret "secret/data/app" }}\nS3_BUCKET="{{ index .Data.data "S3-BUCKET" }}"\n{{ end }}\n',
}


def check(facts: Facts) -> Iterator[Finding]:
    """Reports templates that do not parse or cannot be executed, and quotes that are never closed."""
    for source in facts.templates:
        for problem in source.content.problems if not source.content.failures else ():
            said = "does not parse as a Go template, so nothing is rendered"
            yield _refused(source, problem.message, problem.span, said)
        for failure in source.content.failures:
            where = "so nothing is rendered" if failure.always else "and renders nothing on the paths that come there"
            yield _refused(source, failure.message, failure.span, f"parses, but Go cannot execute it, {where}")
        for read in dict.fromkeys(source.content.secrets):
            if read.inside_value:
                yield _inside_value(source, read)
        for fault in source.content.faults:
            if fault.kind == "quote":
                message = f"{source.text.path} opens a quote that is never closed, so `sh` stops reading there"
                help_ = "close the quote on its line, or remove it"
                yield RULE.finding(source.text.path, message, help=help_, location=source.text.at(fault.span))


def _inside_value(source: TemplateSource, read: SecretRead) -> Finding:
    outer, field = read.inside_value, read.fields[-1]
    message = (
        f"{source.text.path} parses, but Go cannot execute it where {outer} has a value: the dot is that text there,"
        f" which has no field `Data`, and nothing is rendered"
    )
    help_ = f"end the `with` of {outer} before {field} is read, or keep the secret: `{{{{ $secret := . }}}}` before it"
    return RULE.finding(source.text.path, message, help=help_, location=source.text.at(read.span))


def _refused(source: TemplateSource, words: str, span: Span, said: str) -> Finding:
    from fr_check.core.nearness import nearest  # noqa: PLC0415 - only findings need it

    help_ = next((text for start, text in _HELPS if words.startswith(start)), "correct this action")
    unknown = _UNKNOWN_FUNCTION.match(words)
    if unknown:
        from fr_check.sources.gotemplate.functions import FUNCTIONS  # noqa: PLC0415 - likewise

        prefixed = f"sprig_{unknown[1]}"  # Vault Agent has sprig's functions under this prefix only
        close = prefixed if prefixed in FUNCTIONS else nearest(unknown[1], sorted(FUNCTIONS))
        help_ = f"did you mean `{close}`?" if close else "use a function that Vault Agent has, or quote the text"
    return RULE.finding(
        source.text.path,
        f"{source.text.path} {said}: {redact(words)}",
        help=help_,
        location=source.text.at(span),
    )


def fix(facts: Facts, finding: Finding, text_of: TextOf) -> Fix | Refused | None:
    """Writes fields with a dash and comments as Go reads them, wherever in the file Go would stop at one."""
    from fr_check.edits.lines import replace_line  # noqa: PLC0415 - only to cure
    from fr_check.env_keys.fixing import broken_actions, templates  # noqa: PLC0415 - only to cure

    source = templates.own(facts, finding.location, text_of)
    if source is None or isinstance(source, Refused):
        return source
    lines = broken_actions.mended(source.text)
    if lines is None:
        return None
    return Fix(SAFE, tuple(replace_line(source.text, number, line) for number, line in lines.items()))


RULE = Rule.declare(__name__, __doc__, Severity.ERROR, check, bad=BAD, good=GOOD, fix=fix)
