"""pytest's configuration files: which of them pytest takes, and what their `addopts` say.

Semantics of pytest 9 (`_pytest/config/findpaths.py`): in each folder from the arguments upwards the first of NAMES
that holds pytest configuration wins and no other is read. `pytest.toml` and `pytest.ini` always count, even empty;
`pyproject.toml` counts with `[tool.pytest]` or `[tool.pytest.ini_options]`, `tox.ini` with `[pytest]`, `setup.cfg`
with `[tool:pytest]`.
"""

from __future__ import annotations

from fr_check.core.model import Problem, Span
from fr_check.sources import ini, toml_places
from fr_check.sources.thresholds.configs import PytestConfig
from fr_check.sources.thresholds.model import Word, placed, split

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import Any

    from fr_check.core.text import Text
    from fr_check.sources.toml_places import Path, Toml

# In pytest's order; the TOML names since pytest 9.0.
NAMES = ("pytest.toml", ".pytest.toml", "pytest.ini", ".pytest.ini", "pyproject.toml", "tox.ini", "setup.cfg")
_ADDOPTS = "addopts"
# Tables and sections that look like pytest's, in any spelling.
_LIKE_SECTIONS = frozenset(("pytest", "tool:pytest", "tool.pytest.inioptions", "tool:pytest:inioptions"))
_LIKE_TABLES = frozenset((("pytest",), ("pytest", "inioptions"), ("tool", "pytest"), ("tool", "pytest", "inioptions")))
_OPTIONS = frozenset({"addopts", "testpaths", "markers", "minversion", "filterwarnings", "pythonpath", "python_files"})


def parse(text: Text) -> PytestConfig:
    """Reads one file by its name; a file of another name is read as `pytest.ini` or `pytest.toml`, by its suffix."""
    name = text.path.rsplit("/", 1)[-1]
    if name.endswith(".toml"):
        return _toml(text, name)
    return _ini(text, name)


def _ini(text: Text, name: str) -> PytestConfig:
    found = text.parsed(ini.parse)
    title = "tool:pytest" if name == "setup.cfg" else "pytest"
    section = found.section(title)
    always = name not in {"tox.ini", "setup.cfg"}
    problems = found.problems if always or section else ()
    if section is None:
        problems += _refused(found, name)
        return PytestConfig(always, f"[{title}]", problems=problems)
    # Unlike coverage's, pytest's reader of INI files (iniconfig) tells capitals from small letters.
    keys = tuple(option.written for option in section.options if option.written != _ADDOPTS)
    option = next((option for option in section.options if option.written == _ADDOPTS), None)
    words = placed(text, option.span, split(option.value)) if option else ()
    place = option.span if option else None
    return PytestConfig(True, f"[{title}]", section.span, False, words, place, keys, problems)  # noqa: FBT003 - fields in order


def _refused(found: ini.Ini, name: str) -> tuple[Problem, ...]:
    section = found.section("pytest") if name == "setup.cfg" else None
    if section is None:
        return ()
    message = "[pytest] in setup.cfg is refused by pytest, which stops"
    return (Problem(message, section.span, "name the section [tool:pytest]"),)


def misplaced(text: Text) -> tuple[tuple[tuple[Word, ...], Span, str], ...]:
    """`addopts` that pytest passes over, by section or spelling: the words, their place, where they would count."""
    if _ADDOPTS[3:] not in text.string.lower():
        return ()
    name = text.path.rsplit("/", 1)[-1]
    return tuple(_misplaced_toml(text, name) if name.endswith(".toml") else _misplaced_ini(text, name))


def _plain(name: str) -> str:
    """A name without what spellings differ in."""
    return name.strip().lower().replace("-", "").replace("_", "")


def _misplaced_ini(text: Text, name: str) -> Iterator[tuple[tuple[Word, ...], Span, str]]:
    right, refused = ("tool:pytest", "pytest") if name == "setup.cfg" else ("pytest", "")
    for section in text.parsed(ini.parse).sections:
        if section.name == refused or not (_plain(section.name) in _LIKE_SECTIONS or section.name == "DEFAULT"):
            continue
        for one in section.options:
            if _plain(one.written) == _ADDOPTS and (section.name, one.written) != (right, _ADDOPTS):
                yield placed(text, one.span, split(one.value)), one.span, f"below [{right}]"


def _misplaced_toml(text: Text, name: str) -> Iterator[tuple[tuple[Word, ...], Span, str]]:
    document = text.parsed(toml_places.parse)
    native = name != "pyproject.toml"
    right = {("pytest",)} if native else {("tool", "pytest"), ("tool", "pytest", "ini_options")}
    where = "below [pytest]" if native else "below [tool.pytest.ini_options]"
    for path, addopts in toml_places.leaves(document.data):
        if _plain(path[-1]) != _ADDOPTS or (path[:-1] in right and path[-1] == _ADDOPTS):
            continue
        span = document.span(*path)
        if tuple(map(_plain, path[:-1])) in _LIKE_TABLES and isinstance(addopts, str | list) and span is not None:
            strings = split(addopts) if isinstance(addopts, str) else [one for one in addopts if isinstance(one, str)]
            yield placed(text, span, strings), span, where


def _toml(text: Text, name: str) -> PytestConfig:
    document = text.parsed(toml_places.parse)
    if name != "pyproject.toml":
        table = document.get("pytest")
        problems = document.problems + _outside_any_table(document)
        return _native(text, document, ("pytest",), table, problems) if table else PytestConfig(True, problems=problems)  # noqa: FBT003
    tables = document.get("tool", "pytest")
    tables = tables if isinstance(tables, dict) else {}
    classic = tables.get("ini_options")
    native = {key: value for key, value in tables.items() if key != "ini_options"}
    if native:
        problems = document.problems
        if classic:
            problems += (_both(document),)
        return _native(text, document, ("tool", "pytest"), native, problems)
    if classic is None:
        return PytestConfig(present=False, problems=document.problems)
    return _classic(text, document, classic if isinstance(classic, dict) else {})


def _classic(text: Text, document: Toml, table: dict[str, Any]) -> PytestConfig:
    path: Path = ("tool", "pytest", "ini_options")
    span = document.span(*path, "addopts")
    addopts = table.get("addopts")
    words: tuple[Word, ...] = ()
    problems = document.problems
    if isinstance(addopts, list):
        words = _listed(document, (*path, "addopts"), addopts)
        problems += tuple(_spaced(word) for word in words if _holds_two_words(word.string))
    elif addopts is not None and span is not None:
        words = placed(text, span, split(str(addopts)))
    keys = tuple(key for key in table if key != "addopts")
    return PytestConfig(True, "[tool.pytest.ini_options]", document.span(*path), False, words, span, keys, problems)  # noqa: FBT003


def _native(text: Text, document: Toml, path: Path, table: Any, problems: tuple[Problem, ...]) -> PytestConfig:
    table = table if isinstance(table, dict) else {}
    addopts, span = table.get("addopts"), document.span(*path, "addopts")
    words: tuple[Word, ...] = ()
    section = f"[{'.'.join(map(str, path))}]"
    if isinstance(addopts, list):
        words = _listed(document, (*path, "addopts"), addopts)
        problems += tuple(_spaced(word) for word in words if _holds_two_words(word.string))
    elif addopts is not None:
        at = span or Span(1, 1, 1, 1)
        message = f"`addopts` in {section} is not a list of strings: pytest 9 refuses the file"
        problems += (Problem(message, at, 'write `addopts = ["--cov=src", ...]`, one word an element'),)
        words = placed(text, at, split(str(addopts)))
    keys = tuple(key for key in table if key != "addopts")
    return PytestConfig(True, section, document.span(*path), True, words, span, keys, problems)  # noqa: FBT003


def _listed(document: Toml, path: Path, values: list[Any]) -> tuple[Word, ...]:
    fallback = document.span(*path) or Span(1, 1, 1, 1)
    return tuple(
        Word(value, document.span(*path, index) or fallback)
        for index, value in enumerate(values)
        if isinstance(value, str)
    )


def _holds_two_words(word: str) -> bool:
    """Whether an element is an option and its value in one word: `--cov-fail-under 95`, which argparse refuses."""
    return word.startswith("--") and "=" not in word.split(" ", 1)[0] and " " in word.strip()


def _spaced(word: Word) -> Problem:
    option, _, value = word.string.strip().partition(" ")
    message = f"`{option} ...` is one element with a space: pytest takes it for an unknown option and stops"
    return Problem(message, word.span, f'write "{option}={value.strip()}"')


def _both(document: Toml) -> Problem:
    span = document.span("tool", "pytest", "ini_options") or Span(1, 1, 1, 1)
    message = "both [tool.pytest] and [tool.pytest.ini_options] are written: pytest 9 refuses the file"
    return Problem(message, span, "keep one of the two tables")


def _outside_any_table(document: Toml) -> tuple[Problem, ...]:
    # A file of this name that is about something else has other keys; pytest would refuse it too, were it run there.
    loose = next((key for key, value in document.data.items() if not isinstance(value, dict) and key in _OPTIONS), None)
    if loose is None or "pytest" in document.data:
        return ()
    span = document.span(loose) or Span(1, 1, 1, 1)
    return (Problem(f"option `{loose}` stands outside [pytest]: pytest refuses the file", span, "open with [pytest]"),)
