"""Numbers that are meant for coverage.py and stand where it does not look.

Semantics of coverage 7.17: `fail_under` counts in the section `report` only, which is `[coverage:report]` in setup.cfg
and tox.ini, `[tool.coverage.report]` in pyproject.toml, `[report]` or `[coverage:report]` in a file of its own. In
another section it warns (`Unrecognized option`) or says nothing, and exits with 0.
"""

from __future__ import annotations

from fr_check.core.model import Span
from fr_check.sources import ini, toml_places
from fr_check.sources.thresholds import model
from fr_check.sources.thresholds.model import Declared, number

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from fr_check.core.text import Text

_SECTIONS = frozenset({"report", "run", "coverage", "tool:coverage", "tool:coverage:report", "tool.coverage.report"})
_OUTPUTS = frozenset({"html", "xml", "json", "lcov", "paths"})
_NAMES = frozenset({"fail_under", "fail-under"})
# pytest warns of an option that it does not know, and goes on; pytest-cov has none of its own in files.
_OPTIONS = _NAMES | {"cov_fail_under", "cov-fail-under", "--cov-fail-under"}
_PYTEST = frozenset({"pytest", "tool:pytest"})
_OF_PYTEST = frozenset({"pytest.ini", ".pytest.ini", "pytest.toml", ".pytest.toml"})
_BY_OPTION = "as `--cov-fail-under` in `addopts`"
_SHARED_INI = frozenset({"setup.cfg", "tox.ini"})
_DEPTH = 4  # tables that are looked into


def parse(text: Text) -> tuple[Declared, ...]:
    """The numbers of one file of coverage's that it does not read; `instead` names where they would count."""
    if "fail" not in text.string.lower():
        return ()
    name = text.path.rsplit("/", 1)[-1]
    return tuple(_toml(text, name) if name.endswith(".toml") else _ini(text, name))


def _ini(text: Text, name: str) -> Iterator[Declared]:
    shared, pytests = name in _SHARED_INI, name in _OF_PYTEST
    instead = "below [coverage:report]" if shared else "below [report] of .coveragerc" if pytests else "below [report]"
    for section in text.parsed(ini.parse).sections:
        reports = not pytests and (section.name == "coverage:report" or (section.name == "report" and not shared))
        ours = section.name in _SECTIONS or section.name.startswith("coverage:")
        ours = ours or (section.name in _OUTPUTS and not shared and not pytests)
        for option in section.options:
            right = reports and option.name == "fail_under"
            written = f"{option.name} = {option.value}"
            if section.name in _PYTEST and option.name in _OPTIONS:
                yield from _declared(written, option.value, option.span, _BY_OPTION, "pytest-cov")
            elif ours and option.name in _NAMES and not right:
                yield from _declared(written, option.value, option.span, f"as `fail_under` {instead}")


def _toml(text: Text, name: str) -> Iterator[Declared]:
    document = text.parsed(toml_places.parse)
    own = name not in {"pyproject.toml", *_OF_PYTEST}
    for path, value in _leaves(document.data, ()):
        table, key = path[:-1], path[-1]
        right = key == "fail_under" and (table == ("tool", "coverage", "report") or (own and table == ("report",)))
        ours = table[:2] == ("tool", "coverage") or table[:1] in {("coverage",), ("report",), ("run",)}
        pytests = table[:2] == ("tool", "pytest") or (name in _OF_PYTEST and table == ("pytest",))
        span = document.span(*path) or Span(1, 1, 1, 1) if key in _OPTIONS else Span(1, 1, 1, 1)
        if key in _OPTIONS and pytests:
            yield from _declared(f"{key} = {value}", value, span, _BY_OPTION, "pytest-cov")
        elif key in _NAMES and ours and not right:
            yield from _declared(f"{key} = {value}", value, span, "as `fail_under` below [tool.coverage.report]")


def _leaves(table: dict[str, object], path: tuple[str, ...]) -> Iterator[tuple[tuple[str, ...], object]]:
    for key, value in table.items():
        if not isinstance(value, dict):
            yield (*path, key), value
        elif len(path) < _DEPTH:
            yield from _leaves(value, (*path, key))


def _declared(written: str, value: object, span: Span, instead: str, tool: str = "coverage") -> Iterator[Declared]:
    found = number(value)
    if found:
        yield Declared(found, model.TOTAL, model.IGNORED, tool, written[:60], span, instead=instead)
