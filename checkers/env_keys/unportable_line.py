r"""A line of the example file that other programs read differently.

## What it finds

The keys of an example file are those python-dotenv reads. Copied to `.env`, the same line may also be read by `sh`
(`set -a; . ./.env`), by Node's dotenv and by Docker Compose, and they differ: blanks around the `=`, unquoted blanks
and shell operators, an apostrophe, `#` directly behind a value, escapes such as `\n`, `$` and `${...}`, names that
are no identifiers, carriage returns, a byte order mark. Each finding says who reads what.

## Why it matters

The value that was tested is not the value that arrives. With `sh`, an apostrophe in one line loses the rest of the
file.

## How to fix

Put the value in single quotes if it holds blanks, `$`, `#` or `&`; write `KEY=value` without blanks; save the file with
line feeds and without a byte order mark.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from checkers.core.model import Rule, Severity
from checkers.core.patterns import pattern

if TYPE_CHECKING:
    from collections.abc import Iterator

    from checkers.core.model import Finding
    from checkers.env_keys.facts import Facts
    from checkers.env_keys.model import ExampleSource
    from checkers.sources.dotenv import Assignment

_CONFIG = "from pydantic_settings import BaseSettings\n\n\nclass Settings(BaseSettings):\n    title: str = ''\n"

BAD = {"apps/backend/src/config.py": _CONFIG, ".env.example": "TITLE=two words\n"}
GOOD = {"apps/backend/src/config.py": _CONFIG, ".env.example": "TITLE='two words'\n"}

_IDENTIFIER = pattern(r"[A-Za-z_][A-Za-z0-9_]*")
_SPACED = pattern(r"[^=]*(?:\s=|=[^\S\r\n]+\S)")
# What is wrong -> what happens, for values without quotes; tried in this order.
_UNQUOTED = (
    (pattern(r"[`]|\$\("), "`sh` runs a command in the value"),
    (pattern(r"(?<!\\)['\"]"), "`sh` removes the quotes in the value, or misses the closing one"),
    (pattern(r"[<>&|;()]"), "`sh` takes characters of the value for operators, and sets something else or nothing"),
    (pattern(r"\S\s+\S"), "`sh` runs the second word of the value as a command, and sets nothing"),
    (pattern(r"\S#"), "Node's dotenv cuts the value at the `#`"),
    (pattern(r"\$\$"), "`sh` puts a process number for `$$`, and compose a single `$`"),
    (pattern(r"\$\w"), "`sh` and compose expand the variable in the value, and python-dotenv does not"),
    (pattern(r"\$\{"), "Node's dotenv does not expand the variable in the value, and the others do"),
)
_SINGLE = ((pattern(r"\$\{"), "python-dotenv expands the variable in single quotes, and the others do not"),)
_DOUBLE = (
    (pattern(r"[`]|\$\("), "`sh` runs a command in the value"),
    (pattern(r"\\[abfnrtv]"), "python-dotenv and compose turn the escape into a character, and `sh` does not"),
    (pattern(r"\$\w"), "`sh` and compose expand the variable in the value, and python-dotenv does not"),
    (pattern(r"\$\{"), "Node's dotenv does not expand the variable in the value, and the others do"),
)


def check(facts: Facts) -> Iterator[Finding]:
    """Looks at every example once: each line, then the file's own encoding."""
    for source in {source.text.path: source for app in facts.apps for source in app.examples}.values():
        for binding in source.content.assignments:
            what = _difference(binding)
            if what:
                message = f"`{binding.key}` in {source.text.path} is read differently elsewhere: {what}"
                yield RULE.finding(binding.key, message, help=_help(binding), location=source.text.at(binding.span))
        yield from _whole_file(source)


def _difference(binding: Assignment) -> str:
    """What another program makes of a line, or nothing."""
    if binding.source.reveal().lstrip().startswith("'"):
        return "its name is in quotes, which python-dotenv alone understands"
    if not _IDENTIFIER.fullmatch(binding.key):
        return "its name is no identifier, so `sh` takes the line for a command"
    return _of_value(binding)


def _of_value(binding: Assignment) -> str:
    written = binding.source.reveal()
    if binding.value is None:
        return "without `=`, compose passes the variable through and `sh` takes the line for a command"
    if _SPACED.match(written) and (binding.value or " =" in written):
        return "`sh` takes a name with blanks around the `=` for a command, and sets nothing"
    body = written.partition("=")[2].strip()
    tables = {"'": _SINGLE, '"': _DOUBLE}
    for sign, what in tables.get(binding.quote, _UNQUOTED):
        if sign.search(body):
            return what
    if binding.quote == "'" and "\\'" in body:
        return "`sh` knows no `\\'` within single quotes, and loses the rest of the file"
    return ""


def _help(binding: Assignment) -> str:
    if binding.value is None:
        return f"write `{binding.key}=`"
    if not _IDENTIFIER.fullmatch(binding.key):
        return "rename it, with letters, digits and underscores only and no digit in front"
    if binding.source.reveal().lstrip().startswith("'"):
        return f"write `{binding.key}=` without quotes around the name"
    value = binding.value.reveal()
    if "${" in value:
        return "write the value out instead of referring to another variable"
    return "write it without blanks around the `=`, and put the value in " + (
        "double quotes" if "'" in value else "single quotes"
    )


def _whole_file(source: ExampleSource) -> Iterator[Finding]:
    path = source.text.path
    start = source.text.location(0, 0)
    if source.text.bom:
        message = f"{path} begins with a byte order mark, which `sh` takes for a part of the first name"
        yield RULE.finding(path, message, help="save it without a byte order mark", location=start)
    if "\r" in source.text.string:
        message = f"{path} has carriage returns, which `sh` takes for a part of every value"
        yield RULE.finding(path, message, help="save it with line feeds only", location=start)


RULE = Rule(
    id="unportable-line",
    checker="env-keys",
    severity=Severity.INFO,
    summary="A line of the example file that other programs read differently.",
    check=check,
    manual=__doc__ or "",
    bad=BAD,
    good=GOOD,
)
