"""Numbers that are meant for coverage.py and stand where it does not look.

Semantics of coverage 7.17: `fail_under` counts in the section `report` only, which is `[coverage:report]` in setup.cfg
and tox.ini, `[tool.coverage.report]` in pyproject.toml, `[report]` or `[coverage:report]` in its own file. Capitals
make another section, or key of TOML; `[DEFAULT]` of an INI file speaks for the sections that it has. In another section
it warns (`Unrecognized option`) or says nothing, and exits with 0.
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

_SECTIONS = frozenset(("report", "run", "coverage", "tool:coverage", "tool:coverage:report", "tool.coverage.report"))
_SECTIONS |= {"default"}
_OUTPUTS = frozenset({"html", "xml", "json", "lcov", "paths"})
_NAMES = frozenset({"fail_under", "fail-under"})
# pytest warns of an option that it does not know, and goes on; pytest-cov has none of its own in files.
_OPTIONS = _NAMES | {"cov_fail_under", "cov-fail-under", "--cov-fail-under"}
_PYTEST = frozenset({"pytest", "tool:pytest"})
_OF_PYTEST = frozenset({"pytest.ini", ".pytest.ini", "pytest.toml", ".pytest.toml"})
_BY_OPTION = "as `--cov-fail-under` in `addopts`"
_SHARED_INI = frozenset({"setup.cfg", "tox.ini"})


def parse(text: Text) -> tuple[Declared, ...]:
    """The numbers of one file of coverage's that it does not read; `instead` names where they would count."""
    if "fail" not in text.string.lower():
        return ()
    name = text.path.rsplit("/", 1)[-1]
    return tuple(_toml(text, name) if name.endswith(".toml") else _ini(text, name))


def _ini(text: Text, name: str) -> Iterator[Declared]:
    shared, pytests = name in _SHARED_INI, name in _OF_PYTEST
    instead = "below [coverage:report]" if shared else "below [report] of .coveragerc" if pytests else "below [report]"
    found = text.parsed(ini.parse)
    read = () if pytests else ("coverage:report",) if shared else ("coverage:report", "report")
    inherited = any(section.name in read for section in found.sections)
    for section in found.sections:
        if section.name == "DEFAULT":  # which speaks for the others of the file
            right, ours = inherited, not pytests
        else:
            plain = section.name.strip().lower()
            right, ours = section.name in read, plain in _SECTIONS or plain.startswith("coverage:")
            ours = ours or (plain in _OUTPUTS and not shared and not pytests)
        for option in section.options:
            written = f"{option.written} = {option.value}"
            if section.name in _PYTEST and option.name in _OPTIONS:
                yield from _declared(written, option.value, option.span, _BY_OPTION, "pytest-cov")
            elif ours and option.name in _NAMES and not (right and option.name == "fail_under"):
                yield from _declared(written, option.value, option.span, f"as `fail_under` {instead}")


def _toml(text: Text, name: str) -> Iterator[Declared]:
    document = text.parsed(toml_places.parse)
    own = name not in {"pyproject.toml", *_OF_PYTEST}
    for path, value in toml_places.leaves(document.data):
        key = path[-1].lower()
        if key not in _OPTIONS:
            continue
        exact, table = path[:-1], tuple(one.lower() for one in path[:-1])
        right = path[-1] == "fail_under" and (exact == ("tool", "coverage", "report") or (own and exact == ("report",)))
        ours = table[:2] == ("tool", "coverage") or table[:1] in {("coverage",), ("report",), ("run",)}
        pytests = table[:2] == ("tool", "pytest") or (name in _OF_PYTEST and table == ("pytest",))
        span = document.span(*path) or Span(1, 1, 1, 1)
        if pytests:
            yield from _declared(f"{path[-1]} = {value}", value, span, _BY_OPTION, "pytest-cov")
        elif key in _NAMES and ours and not right:
            yield from _declared(f"{path[-1]} = {value}", value, span, "as `fail_under` below [tool.coverage.report]")


def _declared(written: str, value: object, span: Span, instead: str, tool: str = "coverage") -> Iterator[Declared]:
    found = number(value)
    if found:
        yield Declared(found, model.TOTAL, model.IGNORED, tool, written[:60], span, instead=instead)
