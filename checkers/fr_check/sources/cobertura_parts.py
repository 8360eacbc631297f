"""What both readers of Cobertura XML make of what they read: the root's totals, and the arms of a line."""

from __future__ import annotations

from fr_check.core.record import NamedTuple
from fr_check.sources.measurement import Fork, Ratio

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping

FORM = "cobertura"
_MILLISECONDS = 100_000_000_000  # a timestamp beyond this counts milliseconds: seconds reach it in the year 5138
_DIGITS = 15


class Root(NamedTuple):
    """What the `<coverage>` element says about the whole file; -1 where it says nothing."""

    lines: Ratio
    branches: Ratio
    branch_rate: str
    producer: str
    made: int | None

    @property
    def measures_branches(self) -> bool:
        """0 branches at a rate of 0 were not measured; at a rate of 1 they were, and there are none."""
        return self.branches.total > 0 or self.branch_rate in {"1", "1.0"}

    @classmethod
    def of(cls, attributes: Mapping[str, str], *, ours: bool) -> Root:
        """Reads the attributes; the timestamp is in milliseconds, or in seconds from producers other than Java's."""
        made = _number(attributes.get("timestamp", ""))
        if made > _MILLISECONDS:
            made //= 1000
        version = attributes.get("version", "")
        return cls(
            Ratio(_number(attributes.get("lines-covered", "")), _number(attributes.get("lines-valid", ""))),
            Ratio(_number(attributes.get("branches-covered", "")), _number(attributes.get("branches-valid", ""))),
            attributes.get("branch-rate", ""),
            f"coverage.py {version}" if ours else "",
            made if made > 0 else None,
        )


def _number(text: str) -> int:
    return int(text) if text.isascii() and text.isdigit() and len(text) <= _DIGITS else -1


def fork(taken: int, total: int, missing: str) -> Fork:
    """The arms of a line; `missing` names those never taken, where the producer does ("4,exit")."""
    names: set[str] = set()
    for name in missing.split(",") if missing else ():
        names.add(name if name not in names else f"{name}#{len(names)}")
    return Fork(total, frozenset(names)) if len(names) == total - taken else Fork(total, None, total - taken)
