"""How much the code of a frontend needs a variable."""

from __future__ import annotations

from enum import IntEnum


class Need(IntEnum):
    """How much code needs a variable: not at all, so that it does not fail, or truly."""

    NONE = 0
    SLACK = 1
    FULL = 2
