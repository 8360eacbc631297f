"""The page of the reasons for which something is not judged, and which reasons the code gives."""

from __future__ import annotations

import ast
import re
from typing import TYPE_CHECKING

from fr_check.core.reasons import INTERNAL, REASONS, SECTIONS, paragraph

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

# What makes one -> where in its arguments the reason stands.
_MAKERS = {"Unknown": 1, "Unreadable": 1, "CannotKnow": 0, "unknown": 0}
_HEAD = """# Not judged

A run that ends with status 3 found nothing wrong, and could not look at everything: part of the answer is not in this
checkout, or nobody could know it without running the project. What could not be judged is never counted as clean. Each
is shown with its reason, in brackets (`unknown[shallow-history]`); `fr-check explain REASON` shows the same text.

`--allow-unknown`, or `allow-unknown = true` in the configuration, accepts all of them: the exit status is then that of
the findings alone.
"""


def page() -> str:
    """docs/unknowns.md."""
    text = _HEAD
    for title, reasons in SECTIONS.items():
        text += f"\n## {title}\n"
        for name in sorted(reasons):
            text += f"\n### {name}\n\n{paragraph(name)}"
    return text


def undescribed(package: Path) -> list[str]:
    """`PATH:LINE: REASON` of each reason that the code of `package` gives and core/reasons.py does not describe."""
    known = REASONS.keys() | INTERNAL
    return [
        f"{path.relative_to(package)}:{line}: {pattern}"
        for path in sorted(package.rglob("*.py"))
        for line, pattern in given(ast.parse(path.read_text("utf-8")))
        if not any(re.fullmatch(pattern, name) for name in known)
    ]


def given(tree: ast.AST) -> Iterator[tuple[int, str]]:
    """The line and the reason, as a pattern, of each call that makes an unknown with a reason written out."""
    for node in ast.walk(tree):
        if not isinstance(node, ast.Call):
            continue
        name = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
        index = _MAKERS.get(name)
        if index is None or len(node.args) <= index:
            continue
        reason = node.args[index]
        if isinstance(reason, ast.Constant) and isinstance(reason.value, str):
            yield node.lineno, re.escape(reason.value)
        elif isinstance(reason, ast.JoinedStr):
            parts = (re.escape(part.value) if isinstance(part, ast.Constant) else ".+" for part in reason.values)
            yield node.lineno, "".join(parts)
