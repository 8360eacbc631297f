"""Which environment variables scripts and task files read: shell, make, just, moon, package.json, Procfile.

Shell is read by its grammar, so comments, single quotes and names that the script itself assigns are no reads. In a
Makefile, `$(NAME)` reads the environment where the file does not assign NAME (GNU make manual, 6.10), `$$NAME` is the
shell's. Other task files are looked through for `$NAME` and `${NAME...}` outside of comments.
"""

from __future__ import annotations

import re

from fr_check.core.patterns import pattern
from fr_check.core.record import NamedTuple
from fr_check.sources import shell

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from fr_check.core.model import Span
    from fr_check.core.text import Text

_SHELL_FILE = pattern(r"\.(?:sh|bash|zsh|ksh|dash|envrc)$|(?:^|/)(?:\.envrc|\.profile|\.bashrc)$")
_SHEBANG = pattern(r"#!\s*\S*?(?:/|\benv\s+(?:-S\s+)?)(?:ba|da|z|k|a)?sh\b")
_MAKE_FILE = pattern(r"(?:^|/)(?:GNUmakefile|[Mm]akefile)(?:\.\w+)?$|\.(?:mk|mak)$")
_JUST_FILE = pattern(r"(?:^|/)\.?[Jj]ustfile$|\.just$")
_PACKAGE = pattern(r"(?:^|/)(?:package|deno|composer|turbo|nx|project)\.jsonc?$")
_TASK_FILE = pattern(
    r"(?:^|/)(?:moon|tasks|[Tt]askfile(?:\.dist)?|lefthook|mise|\.mise|process-compose)\.(?:ya?ml|toml)$"
)
_PROCFILE = pattern(r"(?:^|/)Procfile(?:\.\w+)?$")

_NAME = r"[A-Za-z_]\w*"
_EXPANSION = pattern(rf"(?<![$\\])(?:\$\$)*\$(?:({_NAME})|\{{[#!]?({_NAME}))", re.ASCII)
_COMMENT_LINE = pattern(r"[ \t]*(?:#|//)")
_MAKE_REFERENCE = pattern(
    rf"\$(?:\(({_NAME})(?=[):])|\{{({_NAME})(?=[}}:]))|\$\$(?:({_NAME})|\{{[#!]?({_NAME}))", re.ASCII
)
_MAKE_ASSIGNMENT = pattern(rf"[ ]*(?:(?:export|override|unexport)[ ]+)*({_NAME})[ \t]*(\?|:{{1,3}}|\+|!)?=", re.ASCII)
_MAKE_EXPORT = pattern(rf"[ ]*export[ ]+({_NAME}+(?:[ \t]++{_NAME}+|(?!))*+)[ \t]*+(?:#.*)?$", re.ASCII)
_MAKE_CONDITION = pattern(rf"[ ]*ifn?def[ ]+({_NAME})", re.ASCII)
_MAKE_DEFINE = pattern(rf"[ ]*define[ ]+({_NAME})", re.ASCII)
_JUST_CALL = pattern(rf"\benv(?:_var(?:_or_default)?)?\(\s*(['\"])({_NAME})\1", re.ASCII)
_JUST_EXPORT = pattern(rf"(?<!\w)(?:export[ \t]+)?({_NAME})[ \t]*:=", re.ASCII)
_JSON_STRING = pattern(r'"((?:[^"\\\n]++|\\.)*+)"?')
_JSON_SCRIPTS = pattern(r'"(?:scripts|tasks)"\s*:\s*\{((?:[^"{}]++|"(?:[^"\\\n]++|\\.)*+"|(?!))*+)')
_MANIFEST = pattern(r"(?:package|composer|deno)\.jsonc?$")
_WINDOWS = pattern(rf"%({_NAME})%", re.ASCII)
_GO_TEMPLATE = pattern(rf"\{{\{{-?[ \t]*\.({_NAME})\b", re.ASCII)
# Set by the shell itself: bash(1), "Shell Variables".
_BASH = "ARGC ARGV COMMAND LINENO REMATCH SOURCE SUBSHELL VERSINFO VERSION"
_SHELL = (
    "BASH BASHPID COLUMNS COPROC DIRSTACK EPOCHREALTIME EPOCHSECONDS EUID FUNCNAME GROUPS HOSTTYPE IFS LINENO LINES "
    "MACHTYPE MAPFILE OLDPWD OPTARG OPTERR OPTIND OSTYPE PIPESTATUS PPID PWD RANDOM REPLY SECONDS SHELLOPTS SHLVL UID"
)
_SHELL_OWN = frozenset((*("BASH_" + name for name in _BASH.split()), *_SHELL.split()))
# Set by make itself, so never asked of the environment by whoever documents it.
_MAKE_OWN = frozenset(("MAKE", "MAKEFLAGS", "MAKEFILE_LIST", "MAKECMDGOALS", "CURDIR", "MAKELEVEL", "MFLAGS", "SHELL"))


class Usage(NamedTuple):
    """A variable that a file reads; `optional` where it says what holds without it; `span` is the name's."""

    name: str
    optional: bool
    span: Span


def kind(text: Text) -> str:
    """`shell`, `make`, `just`, `package`, `tasks`, `procfile`, or empty for a file that `parse` does not read."""
    path = text.path
    patterns = ((_SHELL_FILE, "shell"), (_MAKE_FILE, "make"), (_JUST_FILE, "just"), (_PACKAGE, "package"))
    for expression, name in (*patterns, (_TASK_FILE, "tasks"), (_PROCFILE, "procfile")):
        if expression.search(path):
            return name
    return "shell" if text.string.startswith("#!") and _SHEBANG.match(text.string) else ""


def parse(text: Text) -> tuple[Usage, ...]:
    """The environment variables that a file reads, in order; empty for a file of no known kind. Never raises."""
    readers = {"shell": _shell, "make": _make, "just": _just, "package": _package, "tasks": _tasks, "procfile": _lines}
    reader = readers.get(kind(text))
    if reader is None or not any(mark in text.string for mark in ("$", "%", "env", "def")):
        return ()
    return tuple(reader(text))


def _usage(text: Text, name: str, start: int, *, optional: bool = False) -> Usage:
    return Usage(name, optional, text.span(start, start + len(name)))


def in_script(text: Text, script: str | None = None, origin: int = 0) -> Iterator[Usage]:
    """The variables that a shell script takes from its environment; `origin` is where it starts in the text."""
    read = shell.parse(text.string if script is None else script, origin=origin)
    for found in shell.free_variables(read):
        if found.name in _SHELL_OWN:
            continue
        optional = found.operator in {":-", "-", ":=", "=", ":+", "+"}
        yield _usage(text, found.name, found.name_start, optional=optional)


def _shell(text: Text) -> Iterator[Usage]:
    return in_script(text)


def _make(text: Text) -> Iterator[Usage]:
    """A Makefile: what it does not assign itself, what `?=` leaves to the environment, what recipes read."""
    assigned: set[str] = set(_MAKE_OWN)
    lines = list(_line_spans(text.string))
    for start, end in lines:
        found = _MAKE_ASSIGNMENT.match(text.string, start, end)
        if found and found[2] != "?":
            assigned.add(found[1])
        elif found:
            yield _usage(text, found[1], found.start(1), optional=True)
            assigned.add(found[1])
        elif found := _MAKE_CONDITION.match(text.string, start, end):
            yield _usage(text, found[1], found.start(1), optional=True)
        elif found := _MAKE_DEFINE.match(text.string, start, end):
            assigned.add(found[1])
        elif found := _MAKE_EXPORT.match(text.string, start, end):
            for word in re.finditer(_NAME, found[1]):
                yield _usage(text, word.group(), found.start(1) + word.start())
    for start, end in lines:
        if _COMMENT_LINE.match(text.string, start, end):
            continue
        own = {found[1] for found in re.finditer(rf"(?<![\w$])({_NAME})=", text.string[start:end])}
        for found in _MAKE_REFERENCE.finditer(text.string, start, end):
            name = found[found.lastindex or 0]
            if name not in (assigned if found.lastindex in {1, 2} else own):
                yield _usage(text, name, found.start(found.lastindex or 0))


def _line_spans(string: str) -> Iterator[tuple[int, int]]:
    start = 0
    while start < len(string):
        newline = string.find("\n", start)
        end = len(string) if newline < 0 else newline
        yield start, end
        start = end + 1


def _just(text: Text) -> Iterator[Usage]:
    """A justfile: `env("NAME")`, and what recipes expand that no assignment of the file exports."""
    own = {found[1] for found in _JUST_EXPORT.finditer(text.string)}
    for found in _JUST_CALL.finditer(text.string):
        yield _usage(text, found[2], found.start(2), optional="," in text.string[found.end() : found.end() + 3])
    yield from (usage for usage in _lines(text) if usage.name not in own)


def _package(text: Text) -> Iterator[Usage]:
    """Scripts in package.json and its like."""
    # Elsewhere in a package.json, `$` belongs to other tools.
    section = _JSON_SCRIPTS.search(text.string) if _MANIFEST.search(text.path) else None
    start, end = section.span(1) if section else (0, 0 if _MANIFEST.search(text.path) else len(text.string))
    for value in _json_values(text.string, start, end):
        for expression in (_EXPANSION, _WINDOWS):
            for found in expression.finditer(text.string, *value.span(1)):
                yield _expanded(text, found)


def _json_values(string: str, start: int, end: int) -> Iterator[re.Match[str]]:
    """The strings that are values, not keys."""
    before = -1
    for found in _JSON_STRING.finditer(string, start, end):
        if before >= 0 and string[before : found.start()].strip() == ":":
            yield found
        before = found.end()


def _tasks(text: Text) -> Iterator[Usage]:
    """moon.yml, Taskfile.yml and their like."""
    yield from (usage for usage in _lines(text) if usage.name != "schema")
    for found in _GO_TEMPLATE.finditer(text.string):
        yield _usage(text, found[1], found.start(1))


def _lines(text: Text) -> Iterator[Usage]:
    """`$NAME` and `${NAME...}` on lines that are no comments."""
    for start, end in _line_spans(text.string):
        if not _COMMENT_LINE.match(text.string, start, end):
            for found in _EXPANSION.finditer(text.string, start, end):
                yield _expanded(text, found)


def _expanded(text: Text, found: re.Match[str]) -> Usage:
    group = found.lastindex or 0
    optional = text.string.startswith((":-", "-", ":=", "=", ":+", "+"), found.end()) and "{" in found.group()
    return _usage(text, found[group], found.start(group), optional=optional)
