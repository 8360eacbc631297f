"""Which preset judges a repository where its configuration names none."""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable

    from fr_check.core.config import Config

STANDARD = ("apps/backend/src/config.py", ".env.example")
"""The layout that `strict` was made for: settings there, and their example at the root."""


def is_strict(config: Config, has: Callable[[str], bool]) -> bool:
    """Whether it is `strict`: the configuration says so, or the repository `has` the layout that it was made for."""
    return config.preset == "strict" or (not config.preset and all(map(has, STANDARD)))
