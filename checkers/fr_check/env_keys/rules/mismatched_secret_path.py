"""A template that reads a secret through the wrong envelope.

## What it finds

- `.Data.KEY` on a path of KV version 2 (`secret/data/...`), whose fields are below `.Data.data`: an error;
- `.Data...` outside of every `with secret`, also as `$.Data...` inside one: the agent has no data there, an error;
- a field straight on the secret (`.KEY`, `.data.KEY`), which has only `.Data` and the lease beside it: an error;
- `.Data.data.KEY` on a path without `data/`: that works where the mount is KV version 2, since Vault Agent inserts the
  `data/` itself, and gives `<no value>` where it is version 1. Reported as info, unless another read shows which
  version the mount has: `secret/data/...` makes it right, and `.Data.KEY` on the same mount makes it a warning.

## Why it matters

A missing field is no error for Go: the template renders `<no value>`, or nothing inside `with`, and the application
gets that instead of the secret.

## How to fix

Write `.Data.data.KEY` with `secret/data/...` (KV version 2), or `.Data.KEY` with the plain path (version 1), inside
`{{ with secret "PATH" }}`; from an inner `with`, give the secret a name, `{{ with $s := secret "PATH" }}`, and read
`$s.Data.data.KEY`.
"""

from __future__ import annotations

from fr_check.core.edits import UNSAFE, Edit, Fix, Refused
from fr_check.core.model import Note, Rule, Severity
from fr_check.env_keys.rules.unconsumed_secret import GOOD as _CLEAN

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from fr_check.core.edits import TextOf
    from fr_check.core.model import Finding
    from fr_check.env_keys.apps.model import TemplateSource
    from fr_check.env_keys.facts import Facts
    from fr_check.sources.gotemplate import SecretRead

_TEMPLATE = "repo/finance_report/finance_report/10.app/secrets.ctmpl"
# What Vault Agent's secret has; the names are those of its Go type.
_ENVELOPE = frozenset(
    ("Data", "LeaseID", "LeaseDuration", "RequestID", "Renewable", "Warnings", "Auth", "WrapInfo", "Key", "Cert", "CA")
)
_ENVELOPE_OF_VERSION_2 = frozenset(("data", "metadata"))

BAD = {
    **_CLEAN,
    _TEMPLATE: '{{ with secret "secret/data/app" }}\nS3_BUCKET="{{ .Data.S3_BUCKET }}"\n{{ end }}\n',
}
GOOD = {
    **_CLEAN,
    _TEMPLATE: '{{ with secret "secret/data/app" }}\nS3_BUCKET="{{ .Data.data.S3_BUCKET }}"\n{{ end }}\n',
}


def check(facts: Facts) -> Iterator[Finding]:
    """Compares each read with its path, and with what other reads say about the mount."""
    reads = [read for source in facts.templates for read in source.content.secrets]
    newer = {_mount(read) for read in reads if read.path and _is_version_2(read)}
    older = {_mount(read) for read in reads if read.path and _reads_version_1(read) and not _is_version_2(read)}
    for source in facts.templates:
        groups: dict[tuple[str, str], list[SecretRead]] = {}
        for read in source.content.secrets:
            fault = _fault(read, newer)
            if fault:
                groups.setdefault((read.path or _written(read), fault), []).append(read)
        for (path, fault), found in groups.items():
            yield _finding(source, path, fault, found, contradicted=_mount(found[0]) in older)


def _mount(read: SecretRead) -> str:
    return read.path.partition("/")[0]


def _is_version_2(read: SecretRead) -> bool:
    return read.path.split("/")[1:2] == ["data"]


def _reads_version_1(read: SecretRead) -> bool:
    return read.fields[:1] == ("Data",) and len(read.fields) > 1 and read.fields[1] not in _ENVELOPE_OF_VERSION_2


def _written(read: SecretRead) -> str:
    return "." + ".".join(read.fields)


def _fault(read: SecretRead, newer: set[str]) -> str:
    """The kind of mismatch; empty if there is none."""
    if not read.path:
        return "outside"
    if read.fields[0] not in _ENVELOPE and read.fields[0] != "*":
        return "bare"
    if _is_version_2(read):
        return "older" if _reads_version_1(read) and read.fields[1] != "*" else ""
    first = read.path.partition("/")[0]
    return "newer" if read.fields[:2] == ("Data", "data") and first not in newer and "{" not in first else ""


def _finding(source: TemplateSource, path: str, fault: str, reads: list[SecretRead], *, contradicted: bool) -> Finding:
    written = _written(reads[0])
    if fault == "outside":
        message = f"`{written}` stands outside of every `with secret`, where there is no data: it has no value"
        severity, help_ = Severity.ERROR, 'put it inside `{{ with secret "PATH" }}`, or name the secret and read it'
    elif fault == "bare":
        message = f"`{written}` does not exist on the secret `{path}`, so rendering fails"
        severity, help_ = Severity.ERROR, f"read `.Data.data{written}`, or `.Data{written}` for KV version 1"
        if reads[0].fields[0] == "data":
            help_ = f"read `.Data{written}`"
    elif fault == "older":
        message = (
            f"`{written}` has no value, for the secret `{path}` is KV version 2 and keeps its fields in `.Data.data`"
        )
        severity, help_ = Severity.ERROR, f"read `.Data.data.{'.'.join(reads[0].fields[1:])}`"
    else:
        reason = "another read of the mount is of version 1" if contradicted else "its path does not show the version"
        message = f"`{written}` has a value only where the mount of `{path}` is KV version 2, and {reason}"
        severity = Severity.WARNING if contradicted else Severity.INFO
        mount, _, rest = path.partition("/")
        help_ = f"write the path as `{mount}/data/{rest}`"
    notes = [Note(f"`.{'.'.join(read.fields)}` is read here", source.text.at(read.span)) for read in reads[1:4]]
    location = source.text.at(reads[0].span)
    return RULE.finding(path, message, help=help_, location=location, notes=notes, severity=severity)


def fix(facts: Facts, finding: Finding, text_of: TextOf) -> Fix | Refused | None:
    """Reads the fields of a path of version 2 below `.Data.data`: every such read of the path."""
    from fr_check.env_keys.fixing import templates  # noqa: PLC0415 - only to cure

    source = templates.own(facts, finding.location, text_of)
    if source is None or isinstance(source, Refused):
        return source
    text = source.text
    reads = [read for read in source.content.secrets if read.path == finding.subject and _is_version_2(read)]
    own = next((read for read in reads if text.at(read.span) == finding.location), None)
    fault = _fault(own, set()) if own is not None else ""
    if fault not in {"older", "bare"}:
        return None
    edits = []
    for read in reads:
        if _fault(read, set()) == fault:
            start, end = (
                text.offset(read.span.line, read.span.column),
                text.offset(read.span.end_line, read.span.end_column),
            )
            fields = [name for name in read.fields if name not in {"Data", "data"}]
            at = text.string.find(f"{_written(read)}", start, end)
            if at < 0:
                return Refused(f"`{_written(read)}` is written in a way that is left to its author")
            edits.append(Edit(text.path, at, at + len(_written(read)), ".".join(["", "Data", "data", *fields])))
    return Fix(UNSAFE, tuple(dict.fromkeys(edits)))


RULE = Rule.declare(__name__, __doc__, Severity.ERROR, check, bad=BAD, good=GOOD, fix=fix)
