"""coverage.py's configuration files: which of them it takes, and what they say about the gate and what is measured.

Semantics of coverage 7.17 (`coverage/config.py`): of FILES in the current folder the first that holds coverage settings
wins entirely; `.coveragerc` and `.coveragerc.toml` count even when they are empty. Nothing is merged.
"""

from __future__ import annotations

import re
import warnings

from fr_check.core.model import Problem, Span
from fr_check.core.patterns import pattern
from fr_check.core.record import NamedTuple
from fr_check.sources import ini, toml_places
from fr_check.sources.thresholds.configs import CoverageConfig
from fr_check.sources.thresholds.model import Declared, Word, number

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from fr_check.core.text import Text

# In coverage's order.
FILES = (".coveragerc", ".coveragerc.toml", "setup.cfg", "tox.ini", "pyproject.toml")
_OWN = frozenset(FILES[:2])
# A variable of the environment with what counts where it is not set.
_DEFAULT = pattern(r"\$\{\w+-(\d+(?:\.\d+)?)\}")
_HUNDRED = 100
# How the threshold of a plugin shows, which nobody wrote as a number.
IMPLIED = "plugins = covdefaults"

_LISTS = ("run:plugins", "run:source", "run:omit", "run:include", "report:omit", "report:include")
_REGEXES = ("report:exclude_lines", "report:exclude_also", "report:partial_branches", "report:partial_also")
_SECTIONS = ("run", "report", "paths", "html", "xml", "json", "lcov")


class _Option(NamedTuple):
    """A value as its format gave it: a string with its entries' places, or TOML's own type."""

    value: Any
    span: Span
    entries: tuple[Word, ...]


def parse(text: Text) -> CoverageConfig:
    """Reads one file by its name; a file of another name (`--rcfile`) counts as coverage's own."""
    name = text.path.rsplit("/", 1)[-1]
    own = name not in FILES or name in _OWN
    if name.endswith(".toml"):
        return _build(*_toml_options(text, own=own), own=own, toml=True)
    return _build(*_ini_options(text, own=own), own=own, toml=False)


def named(text: Text) -> CoverageConfig:
    """Reads a file that `--rcfile`, `--cov-config` or COVERAGE_RCFILE names: it is coverage's own, whatever its name.

    So `[report]` of a setup.cfg counts, which it does not where coverage finds the file by itself.
    """
    toml = text.path.endswith(".toml")
    return _build(*(_toml_options if toml else _ini_options)(text, own=True), own=True, toml=toml)


def _ini_options(text: Text, *, own: bool) -> tuple[dict[str, _Option], Span | None, tuple[Problem, ...]]:
    found = text.parsed(ini.parse)
    options: dict[str, _Option] = {}
    place = None
    for name in _SECTIONS:
        section = found.section(f"coverage:{name}") or (found.section(name) if own else None)
        if section is None:
            continue
        place = place or section.span
        default = found.section("DEFAULT")
        for option in (*(default.options if default is not None else ()), *section.options):
            entries = tuple(Word(line.string, line.span) for line in option.lines if line.string)
            options[f"{name}:{option.name}"] = _Option(option.value, option.span, entries)
    relevant = own or any(section.name.startswith("coverage:") for section in found.sections)
    return options, place, found.problems if relevant else ()


def _toml_options(text: Text, *, own: bool) -> tuple[dict[str, _Option], Span | None, tuple[Problem, ...]]:
    document = text.parsed(toml_places.parse)
    options: dict[str, _Option] = {}
    place = None
    problems = document.problems
    for name in _SECTIONS:
        path: tuple[str, ...] = ("tool", "coverage", name)
        table = document.get(*path)
        if table is None and own:
            path, table = (name,), document.get(name)
        if not isinstance(table, dict):
            problems += _no_table(document, path) if table is not None else ()
            continue
        place = place or document.span(*path)
        for key, value in table.items():
            span = document.span(*path, key) or place or Span(1, 1, 1, 1)
            listed = value if isinstance(value, list) else []
            entries = tuple(
                Word(entry, document.span(*path, key, index) or span)
                for index, entry in enumerate(listed)
                if isinstance(entry, str)
            )
            options[f"{name}:{key}"] = _Option(value, span, entries)
    return options, place, problems


def _no_table(document: toml_places.Toml, path: tuple[str, ...]) -> tuple[Problem, ...]:
    name = ".".join(path)
    message = f"`{name}` is no table: coverage stops with an error"
    return (Problem(message, document.span(*path) or Span(1, 1, 1, 1), f"open it as `[{name}]`"),)


def _build(
    options: dict[str, _Option], place: Span | None, problems: tuple[Problem, ...], *, own: bool, toml: bool
) -> CoverageConfig:
    complaints = list(problems)
    lists = {key: _list(options.get(key), key, complaints, toml=toml, regex=False) for key in _LISTS}
    regexes = {key: _list(options.get(key), key, complaints, toml=toml, regex=True) for key in _REGEXES}
    covdefaults = next((word for word in lists["run:plugins"] or () if word.string == "covdefaults"), None)
    fail_under = _fail_under(options.get("report:fail_under"), complaints)
    branch = _boolean(options.get("run:branch"), complaints, toml=toml)
    if covdefaults is not None:  # as of covdefaults 2.3
        branch = Word("true", covdefaults.span)
        if fail_under is None or fail_under.value == 0:
            fail_under = Declared(100.0, "total", "gate", "coverage", IMPLIED, covdefaults.span)
    return CoverageConfig(
        used=own or bool(options),
        place=place,
        fail_under=fail_under,
        precision=_precision(options.get("report:precision"), complaints),
        branch=branch,
        source=lists["run:source"],
        run_omit=lists["run:omit"],
        run_include=lists["run:include"],
        report_omit=lists["report:omit"],
        report_include=lists["report:include"],
        exclude_lines=regexes["report:exclude_lines"],
        exclude_also=regexes["report:exclude_also"],
        partial_branches=regexes["report:partial_branches"],
        partial_also=regexes["report:partial_also"],
        plugins="run:plugins" in options,
        covdefaults=covdefaults is not None,
        keys=tuple(options),
        problems=tuple(complaints),
    )


def _fail_under(option: _Option | None, complaints: list[Problem]) -> Declared | None:
    if option is None:
        return None
    written = str(option.value)
    default = _DEFAULT.fullmatch(written.strip())
    # A switch is a number to Python, and so to coverage: `true` is 1.
    plain = float(option.value) if isinstance(option.value, bool) else option.value
    value: float | None = number(default[1] if default else plain)
    if value is None and "$" not in written:
        message = f"`fail_under = {written[:40]}` is no number: coverage stops with a configuration error"
        complaints.append(Problem(message, option.span, "write a number from 0 to 100, without `%`"))
    elif value is not None and not 0 <= value <= _HUNDRED:
        message = f"`fail_under = {written[:40]}` is not within 0 and 100: coverage refuses it"
        complaints.append(Problem(message, option.span, "write a number from 0 to 100"))
        value = None
    return Declared(value, "total", "gate", "coverage", f"fail_under = {written[:40]}", option.span)


def _precision(option: _Option | None, complaints: list[Problem]) -> Word | None:
    if option is None:
        return None
    written = str(option.value).strip()
    if isinstance(option.value, bool) or not (written.isdigit() or "$" in written):
        message = f"`precision = {written[:40]}` is no whole number: coverage stops with a configuration error"
        complaints.append(Problem(message, option.span, "write the number of decimal places"))
        return None
    return Word(written, option.span)


def _boolean(option: _Option | None, complaints: list[Problem], *, toml: bool) -> Word | None:
    if option is None:
        return None
    written = str(option.value).strip().lower()
    accepted = {"true", "false"} if toml else {"1", "yes", "true", "on", "0", "no", "false", "off"}
    if isinstance(option.value, bool) or written in accepted or "$" in written:
        return Word(written, option.span)
    message = f"`branch = {written[:40]}` is neither true nor false: coverage stops with a configuration error"
    complaints.append(Problem(message, option.span, "write `true` or `false`"))
    return None


def _list(
    option: _Option | None, key: str, complaints: list[Problem], *, toml: bool, regex: bool
) -> tuple[Word, ...] | None:
    if option is None:
        return None
    name = key.partition(":")[2]
    if toml and (not isinstance(option.value, list) or len(option.entries) != len(option.value)):
        message = f"`{name}` is not a list of strings: coverage stops with a configuration error"
        complaints.append(Problem(message, option.span, f'write `{name} = ["..."]`'))
        return None
    entries = option.entries if toml or regex else tuple(part for entry in option.entries for part in _commas(entry))
    entries = tuple(Word(entry.string.strip(), entry.span) for entry in entries if entry.string.strip())
    if regex:
        complaints.extend(problem for entry in entries if (problem := _regex_problem(name, entry)))
    return entries


def _commas(entry: Word) -> list[Word]:
    """An INI list is split at commas as well as lines; parts stand within the line."""
    parts, column = [], entry.span.column
    for piece in entry.string.split(","):
        start = column + len(piece) - len(piece.lstrip())
        stripped = piece.strip()
        line = entry.span.line
        parts.append(Word(stripped, Span(line, start, line, start + len(stripped))))
        column += len(piece) + 1
    return parts


def _regex_problem(name: str, entry: Word) -> Problem | None:
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # what a future Python may read differently is not ours to print
            re.compile(entry.string)
    except (re.error, RecursionError, OverflowError) as error:
        message = f"`{name}` holds an invalid regular expression ({str(error)[:60]}): coverage stops"
        return Problem(message, entry.span, "mend the expression; a backslash in a TOML string is written twice")
    return None
