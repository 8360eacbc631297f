"""What the usual gates would decide on the same figures, where that is less than they say.

Coverage.py and pytest-cov round the total before they compare (`coverage.results.should_fail_under`); a strict
comparison and theirs differ just below the threshold.
"""

from __future__ import annotations

from fr_check.core.record import NamedTuple

TYPE_CHECKING = False
if TYPE_CHECKING:
    from fr_check.sources.measurement import Ratio

# From this version on, decimals of `fail_under` raise the precision of the comparison.
WIDENED = "7.17"


class Verdict(NamedTuple):
    """Whether coverage.py passes, before 7.17 and since: they differ where `fail_under` has decimals."""

    before: bool
    since: bool


def verdict(ratio: Ratio, fail_under: float, precision: int = 0) -> Verdict | None:
    """The native decision; None where coverage.py refuses the threshold (outside 0 to 100)."""
    if not 0 <= fail_under <= 100:  # noqa: PLR2004 - percent
        return None
    percent = 100.0 * ratio.covered / ratio.total if ratio.total else 100.0
    return Verdict(
        _passes(percent, fail_under, precision), _passes(percent, fail_under, widened(fail_under, precision))
    )


def _passes(percent: float, fail_under: float, precision: int) -> bool:
    if fail_under == 100:  # noqa: PLR2004 - coverage.py's own special case
        return percent == 100.0  # noqa: PLR2004
    return round(percent, precision) >= fail_under


def widened(fail_under: float, precision: int) -> int:
    """The precision coverage.py compares with since 7.17: at least the decimals of the threshold."""
    if float(fail_under).is_integer():
        return precision
    return max(precision, len(repr(float(fail_under)).partition(".")[2]))


def admits(fail_under: float, precision: int) -> str:
    """The percentage from which the native gate passes, as text: 95 at precision 0 admits more than 94.50."""
    half = 10**-precision / 2
    return f"{fail_under - half:.{precision + 2}f}"


def remark(ratio: Ratio, fail_under: float, precision: int = 0) -> str:
    """A sentence for a figure that is below its threshold and natively is not; empty where both agree."""
    native = verdict(ratio, fail_under, precision)
    if native is None or not ratio.below(fail_under) or not (native.before or native.since):
        return ""
    if native.since:
        return f"coverage.py and pytest-cov would pass this: they round before they compare with {fail_under:g}"
    return f"coverage.py before {WIDENED} would pass this, since {WIDENED} it fails: it rounds before it compares"
