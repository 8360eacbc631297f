"""Variables whose name says that they hold a coverage threshold: `COVERAGE_THRESHOLD`, `MIN_COVERAGE`."""

from __future__ import annotations

import re

from fr_check.core.patterns import pattern
from fr_check.sources.thresholds import model
from fr_check.sources.thresholds.model import Declared

TYPE_CHECKING = False
if TYPE_CHECKING:
    from fr_check.core.model import Span
    from fr_check.sources.thresholds.model import Kind, Metric

Variable = Declared

_NAME = pattern(
    r"(?:^|_)COV(?:ERAGE)?_?(?:[A-Z]+_)?(?:THRESHOLD|MIN(?:IMUM)?|FAIL_UNDER|FLOOR|LIMIT|GATE|TARGET)(?:_PERCENT|_PCT)?$"
    r"|(?:^|_)(?:MIN(?:IMUM)?|REQUIRED|FAIL_UNDER)_(?:[A-Z]+_)?COV(?:ERAGE)?(?:_PERCENT|_PCT)?$",
    re.IGNORECASE,
)
_LONGEST = 80  # characters of a name
_METRICS: dict[str, Metric] = {
    "DIFF": model.PATCH,
    "PATCH": model.PATCH,
    "BRANCH": model.BRANCH,
    "LINE": model.LINE,
    "FUNCTION": model.FUNCTIONS,
    "STATEMENT": model.STATEMENTS,
}
_NO_SCOPE = {"COV", "COVERAGE", "THRESHOLD", "MIN", "MINIMUM", "FAIL", "UNDER", "FLOOR", "LIMIT", "GATE", "TARGET"}
_NO_SCOPE |= {"REQUIRED", "PERCENT", "PCT", "TOTAL", "DEFAULT"}


def is_threshold_name(name: str) -> bool:
    """Whether a variable, input or key of this name holds a coverage threshold."""
    if len(name) > _LONGEST or "cov" not in name.lower():
        return False
    return _NAME.search(name.replace("-", "_")) is not None


def variable(name: str, value: float | None, span: Span, tool: str = "variable") -> Declared | None:
    """The declaration that a variable makes, or None where its name or value is none of a threshold."""
    if value is None or not is_threshold_name(name):
        return None
    parts = [part.rstrip("S") for part in name.upper().replace("-", "_").split("_") if part]
    metric: Metric = next((_METRICS[part] for part in parts if part in _METRICS), model.ANY)
    scope = next((part.lower() for part in parts if part not in _NO_SCOPE and part not in _METRICS), "")
    kind: Kind = model.TARGET if "TARGET" in parts else model.GATE if value else model.REPORT_ONLY
    written = f"{name}: {model.shown(value).removesuffix('%')}"
    return Declared(value, metric, kind, tool, written, span, scope=scope)
