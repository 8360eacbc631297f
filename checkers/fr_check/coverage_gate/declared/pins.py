"""Requirements that keep pytest below 9, for components whose configuration only pytest 9 reads."""

from __future__ import annotations

import posixpath
import re

from fr_check.core.patterns import pattern
from fr_check.core.repository import Missing, Unreadable
from fr_check.sources import toml_places

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping

    from fr_check.core.repository import Repository
    from fr_check.coverage_gate.declared.model import State

_PIN = pattern(r"pytest\s*(?:\[[^\]]*\])?\s*\(?(?P<limits>[<>=~!^\d.,\s*]+)", re.IGNORECASE)
_BELOW = pattern(r"(?:<\s*=?\s*|==\s*|~=\s*|\^\s*)[1-8](?:\.|\b)|<\s*9(?:\.0)*\s*(?:,|$)")
_DEPTH = 4


def below_nine(state: State, repository: Repository) -> Mapping[str, str]:
    """By component, the requirement as written (`pytest>=8,<9`), where one of pyproject.toml allows no pytest 9."""
    found: dict[str, str] = {}
    for folder, component in state.components.items():
        if component.pytest is None or not component.pytest.config.native:
            continue
        document = repository.parse(posixpath.join(folder, "pyproject.toml"), toml_places.parse)
        if isinstance(document, Missing | Unreadable):
            continue
        for name in ("project", "dependency-groups", "tool"):
            for requirement in _strings(document.data.get(name)):
                pin = _PIN.fullmatch(requirement.partition(";")[0].strip())
                if pin and _BELOW.search(pin["limits"].strip()):
                    found[folder] = f"`{requirement}`"
    return found


def _strings(value: object) -> list[str]:
    """Every string in a value, and `pytest` keys of Poetry's tables as requirements."""
    found: list[str] = []
    stack: list[tuple[object, int]] = [(value, 0)]
    while stack:
        item, depth = stack.pop()
        if isinstance(item, str):
            found.append(item)
        elif isinstance(item, list) and depth < _DEPTH:
            stack.extend((inner, depth + 1) for inner in item)
        elif isinstance(item, dict) and depth < _DEPTH + 2:
            stack.extend((inner, depth + 1) for inner in item.values())
            if isinstance(item.get("pytest"), str):
                found.append(f"pytest{item['pytest']}")
    return found
