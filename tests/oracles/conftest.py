"""Comparisons that need programs beside Python run only when asked for: `make oracles`."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

    import pytest


def pytest_ignore_collect(collection_path: Path, config: pytest.Config) -> bool | None:
    """Keeps `pytest` without arguments, and `pytest tests`, out of this folder."""
    asked = any("oracles" in argument for argument in config.invocation_params.args)
    return None if asked else collection_path.parent.name == "oracles"
