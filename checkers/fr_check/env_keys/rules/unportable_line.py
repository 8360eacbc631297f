r"""A line of the example file that other programs read differently.

## What it finds

The keys of an example file are those python-dotenv reads. Copied to `.env`, the same line may also be read by `sh`
(`set -a; . ./.env`), by Node's dotenv and by Docker Compose, and they differ: blanks around the `=`, unquoted blanks
and shell operators, an apostrophe, `#` directly behind a value or before any, backslashes, `~`, `$` and `${...}`, names
that are no identifiers, carriage returns, a byte order mark. Each finding says who reads what.

## Why it matters

The value that was tested is not the value that arrives. With `sh`, an apostrophe in one line loses the rest of the
file.

## How to fix

Put the value in single quotes if it holds blanks, `$`, `#` or `&`; write `KEY=value` without blanks; save the file with
line feeds and without a byte order mark.
"""

from __future__ import annotations

import re

from fr_check.core.edits import SAFE, UNSAFE, Edit, Fix, Refused
from fr_check.core.model import Rule, Severity
from fr_check.core.patterns import pattern
from fr_check.env_keys.facts import example_of
from fr_check.env_keys.values.written import quoted
from fr_check.sources.build_args import is_name

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from fr_check.core.edits import TextOf
    from fr_check.core.model import Finding
    from fr_check.env_keys.apps.model import ExampleSource
    from fr_check.env_keys.facts import Facts
    from fr_check.sources.dotenv import Assignment

_CONFIG = "from pydantic_settings import BaseSettings\n\n\nclass Settings(BaseSettings):\n    title: str = ''\n"

BAD = {"apps/backend/src/config.py": _CONFIG, ".env.example": "TITLE=two words\n"}
GOOD = {"apps/backend/src/config.py": _CONFIG, ".env.example": "TITLE='two words'\n"}

# In a value without any of these, nothing is read differently.
# What needs no quotes, and what even double quotes leave alive.
_PLAIN = pattern(r"[\w./:@%+,=-]*", re.ASCII)
_LIVE = frozenset('"$`\\')
_SPECIAL = frozenset("`$'\"<>&|;() \t#\\~")
_OPERATORS = frozenset("<>&|;()")
_PARAMETERS = frozenset("@*#?!-")
_COMMAND = "`sh` runs a command in the value"
_EXPANDED = "`sh` and compose expand the variable in the value, and python-dotenv does not"
_REFERENCE = "Node's dotenv does not expand the variable in the value, and the others do"
_PROCESS = "`sh` puts a process number for `$$`, and compose a single `$`"


def check(facts: Facts) -> Iterator[Finding]:
    """Looks at every example once: each line, then the file's own encoding."""
    for source in {source.text.path: source for app in facts.apps for source in app.examples}.values():
        for binding in source.content.assignments:
            after = source.text.line(binding.span.end_line)[binding.span.end_column - 1 :]
            what = _difference(binding, after)
            if what:
                message = f"`{binding.key}` in {source.text.path} is read differently elsewhere: {what}"
                yield RULE.finding(binding.key, message, help=_help(binding), location=source.text.at(binding.span))
        yield from _whole_file(source)


def _difference(binding: Assignment, after: str) -> str:  # noqa: PLR0911 - one return for each kind of line
    """What another program makes of a line, or nothing; `after` is what stands behind the binding on its last line."""
    written = binding.source.reveal()
    if written.lstrip().startswith("'"):
        return "its name is in quotes, which python-dotenv alone understands"
    if not is_name(binding.key):
        return "its name is no identifier, so `sh` takes the line for a command"
    if binding.value is None:
        return "without `=`, compose passes the variable through and `sh` takes the line for a command"
    body = written.partition("=")[2]
    if _has_blanks(binding):
        return "`sh` takes a name with blanks around the `=` for a command, and sets nothing"
    if not body.strip() and after.lstrip().startswith("#"):
        return "compose takes the comment for the value"
    if binding.quote and after.startswith("#"):
        return "`sh` takes the comment right behind the quote for a part of the value"
    if _SPECIAL.isdisjoint(body):
        return ""
    readers = {"'": _in_single, '"': _in_double}
    return readers.get(binding.quote, _unquoted)(body.strip())


def _unquoted(body: str) -> str:  # noqa: PLR0911 - one return for each difference
    bare, balanced = _outside_quotes(body)
    if "`" in body or "$(" in body:
        return _COMMAND
    if not balanced:
        return "`sh` misses the closing quote, and loses the rest of the file"
    if not _OPERATORS.isdisjoint(bare):
        return "`sh` takes characters of the value for operators, and sets something else or nothing"
    if " " in bare or "\t" in bare:
        return "`sh` runs the second word of the value as a command, and sets nothing"
    if len(bare) < len(body):
        return "`sh` removes the quotes in the value"
    if "\\" in body:
        joined = body.endswith("\\")
        return "`sh` joins the line with the next one" if joined else "`sh` takes the backslash for an escape"
    if "#" in body:
        return "Node's dotenv cuts the value at the `#`"
    return _expansions(body) or ("`sh` puts a home directory for the `~`" if _names_home(body) else "")


def _outside_quotes(body: str) -> tuple[str, bool]:
    """What `sh` takes for unquoted, without escaped characters, and whether every quote is closed."""
    bare: list[str] = []
    quote = ""
    characters = iter(body)
    for character in characters:
        if character == "\\" and quote != "'":
            bare += [character] if not quote else []
            following = next(characters, "")
            bare += ["x"] if following and not quote else []
        elif character == quote:
            quote = ""
        elif not quote and character in "'\"":
            quote = character
        elif not quote:
            bare.append(character)
    return "".join(bare), not quote


def _names_home(body: str) -> bool:
    return body.startswith("~") or ":~" in body


def _expansions(body: str) -> str:
    """What the programs make of each `$`."""
    for index, character in enumerate(body):
        follows = body[index + 1 : index + 2]
        if character != "$" or not follows:
            continue
        if follows == "$":
            return _PROCESS
        if follows == "{":
            return _REFERENCE
        if follows in _PARAMETERS or follows == "_" or (follows.isascii() and follows.isalnum()):
            return _EXPANDED
    return ""


def _in_single(body: str) -> str:
    if "\\'" in body:
        return "`sh` knows no `\\'` within single quotes, and loses the rest of the file"
    if "\\\\" in body:
        return "python-dotenv takes two backslashes within single quotes for one, and `sh` does not"
    return "python-dotenv expands the variable in single quotes, and the others do not" if "${" in body else ""


def _in_double(body: str) -> str:
    escaped = {body[index + 1 : index + 2] for index in _backslashes(body)}
    plain = "".join(part for part in _unescaped(body))
    if "`" in plain or "$(" in plain:
        return _COMMAND
    if escaped & set("abfnrtv"):
        return "python-dotenv and compose turn the escape into a character, and `sh` does not"
    if escaped & set("$`'\n"):
        return "`sh` and python-dotenv differ in what the backslash makes of the character behind it"
    return _expansions(plain) or ("Node's dotenv keeps the backslash before the quote" if '"' in escaped else "")


def _backslashes(body: str) -> Iterator[int]:
    """Where escapes begin: a backslash that another one escapes begins none."""
    index = body.find("\\")
    while index >= 0:
        yield index
        index = body.find("\\", index + 2)


def _unescaped(body: str) -> Iterator[str]:
    """The stretches between escapes."""
    start = 0
    for index in _backslashes(body):
        yield body[start:index] + " "
        start = index + 2
    yield body[start:]


def _help(binding: Assignment) -> str:
    if binding.value is None:
        return f"write `{binding.key}=`"
    if not is_name(binding.key):
        return "rename it, with letters, digits and underscores only and no digit in front"
    if binding.source.reveal().lstrip().startswith("'"):
        return f"write `{binding.key}=` without quotes around the name"
    value = binding.value.reveal()
    if not value:
        return "move the comment to a line of its own"
    if "${" in value:
        return "write the value out instead of referring to another variable"
    return _spelled(binding, value)


def _spelled(binding: Assignment, value: str) -> str:
    """How to write a value so that every program reads the same."""
    words = ["without blanks around the `=`"] if _has_blanks(binding) else []
    if not _PLAIN.fullmatch(value):
        single = "'" not in value
        if not single and not _LIVE.isdisjoint(value):
            return "choose another value: no quotes mean the same to all of them around this one"
        if binding.quote != ("'" if single else '"'):
            words.append(f"with the value in {'single' if single else 'double'} quotes")
    return f"write it {', and '.join(words)}" if words else "move what stands behind the value to a line of its own"


def _has_blanks(binding: Assignment) -> bool:
    head, _, body = binding.source.reveal().partition("=")
    return head[-1:].isspace() or (body[:1].isspace() and bool(body.strip()))


def fix(facts: Facts, finding: Finding, text_of: TextOf) -> Fix | Refused | None:
    """Spells the value so that every program reads what python-dotenv reads now.

    Carriage returns, which an editor may bring back, go with `--unsafe-fixes`.
    """
    del text_of
    source = example_of(facts, finding.location.path)
    python = any(source in app.examples and (app.settings_files or app.reads) for app in facts.apps)
    if source is None or finding.location.span is None:
        return None
    if finding.subject == source.text.path:
        return _unmarked(source, python=python) if source.text.bom else _whole_file_fixed(source)
    binding = next((one for one in source.content.assignments if one.span == finding.location.span), None)
    if binding is None or not is_name(binding.key) or binding.source.reveal().lstrip().startswith("'"):
        return None
    empty = binding.value is not None and not binding.value.reveal() and not binding.quote
    if empty and (moved := _with_its_comment_above(source, binding)):
        return Fix(SAFE if python else UNSAFE, (moved,))
    return _binding_fixed(source, binding, python=python)


def _binding_fixed(source: ExampleSource, binding: Assignment, *, python: bool) -> Fix | Refused:
    from fr_check.edits.example import replace_value  # noqa: PLC0415 - only to cure

    if binding.value is None:
        return Refused(f"`{binding.key}` without `=` passes a variable through in Compose")
    if binding.interpolated:
        return Refused("what the value refers to is another variable's to say")
    if not binding.quote and binding.value.reveal().startswith("#"):
        return Refused("the value begins like a comment, and is probably meant as one")
    if _PYTHON.match(binding.value.reveal()):
        return Refused("the value is spelled as Python spells a text: what stands in the quotes may be meant")
    value = _as_quoted(binding) or quoted(binding.value.reveal())
    if value is None:
        return Refused("no quotes keep this value for every program")
    # A `$` that `sh` expands may be meant: then its single quotes take a meaning away.
    expands = "$" in binding.source.reveal() and binding.quote != "'"
    # Where nothing in Python reads the file, python-dotenv's reading need not be the one that is meant.
    return Fix(SAFE if python and not expands else UNSAFE, (replace_value(source.text, binding, value),))


def _with_its_comment_above(source: ExampleSource, binding: Assignment) -> Edit | None:
    """`KEY= # why` with the comment on the line above; no quotes would say nothing in place of it."""
    from fr_check.edits.lines import line_end, replace_line  # noqa: PLC0415 - only to cure

    number = binding.span.line
    head, sign, why = source.text.line(number).partition("#")
    if not sign or not head.rstrip().endswith("="):
        return None
    return replace_line(source.text, number, f"#{why.rstrip()}{line_end(source.text, number)}{head.rstrip()}")


# `r"a"`, `b'a'`.
_PYTHON = pattern(r"""(?i:[rbuf]{1,2})(?P<quote>["']).*(?P=quote)\Z""")


def _as_quoted(binding: Assignment) -> str:
    """The value with the quotes that are there, where it is only the rest of the line that is read differently."""
    value = binding.value.reveal() if binding.value is not None else ""
    kept = binding.quote and _has_blanks(binding) and _LIVE.isdisjoint(value) and binding.quote not in value
    return f"{binding.quote}{value}{binding.quote}" if kept and value.isprintable() else ""


def _unmarked(source: ExampleSource, *, python: bool) -> Fix:
    """The file without its byte order mark, which python-dotenv passes over."""
    return Fix(SAFE if python else UNSAFE, (Edit(source.text.path, 0, 0, ""),), unmarked=source.text.path)


def _whole_file_fixed(source: ExampleSource) -> Fix | None:
    edits = [
        Edit(source.text.path, found, found + 1, "")
        for found in range(len(source.text.string))
        if source.text.string.startswith("\r\n", found)
    ]
    return Fix(UNSAFE, tuple(edits)) if edits else None


def _whole_file(source: ExampleSource) -> Iterator[Finding]:
    path = source.text.path
    start = source.text.location(0, 0)
    if source.text.bom:
        message = f"{path} begins with a byte order mark, which `sh` takes for a part of the first name"
        yield RULE.finding(path, message, help="save it without a byte order mark", location=start)
    if "\r" in source.text.string:
        alone = "\r\n" not in source.text.string
        read = "reads them all as one line" if alone else "takes them for a part of every value"
        message = f"{path} has carriage returns, and `sh` {read}"
        yield RULE.finding(path, message, help="save it with line feeds only", location=start)


RULE = Rule.declare(__name__, __doc__, Severity.INFO, check, bad=BAD, good=GOOD, fix=fix)
