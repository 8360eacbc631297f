"""The file in which an option of coverage belongs, and the option in it."""

from __future__ import annotations

import posixpath

from fr_check.core.edits import Edit, Refused
from fr_check.edits.options import add_option

TYPE_CHECKING = False
if TYPE_CHECKING:
    from fr_check.core.edits import TextOf
    from fr_check.coverage_gate.declared.model import Component
    from fr_check.sources.thresholds.model import Word

_OWN = (".coveragerc", ".coveragerc.toml")
_SHARED = ("setup.cfg", "tox.ini", "pyproject.toml")


def with_option(
    component: Component | None, section: str, name: str, value: str, known: Word | None, text_of: TextOf
) -> Edit | Refused | None:
    """Sets an option of `run` or `report`: in place of the word that is there, else in its section, made if need be."""
    path = _file(component)
    if path is None:
        return Refused("no file here configures coverage")
    text = text_of(path)
    if text is None:
        return None
    if known is not None:
        start = text.offset(known.span.line, known.span.column)
        return Edit(path, start, text.offset(known.span.end_line, known.span.end_column), value)
    names, beside = _names(path, section), _names(path, "report" if section == "run" else "run")
    return add_option(text, names, name, value, beside)


def _file(component: Component | None) -> str | None:
    """The file that configures coverage; without one, that of pytest where coverage reads it, too."""
    if component is None:
        return None
    if component.coverage is not None:
        return component.coverage.path
    path = component.pytest.path if component.pytest is not None else ""
    return path if posixpath.basename(path) in _SHARED else None


def _names(path: str, section: str) -> tuple[str, ...]:
    name = posixpath.basename(path)
    if name.endswith(".toml"):
        return (f"tool.coverage.{section}", section) if name in _OWN else (f"tool.coverage.{section}",)
    return (f"coverage:{section}",) if name in _SHARED else (section, f"coverage:{section}")
