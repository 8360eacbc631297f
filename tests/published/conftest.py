"""What installs fr-check from its public address, tried on a clone: run only when asked for, by `make published`."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

    import pytest


def pytest_ignore_collect(collection_path: Path, config: pytest.Config) -> bool | None:
    """Keeps `pytest` without arguments, and `pytest tests`, out of this folder: it needs a network."""
    asked = any("published" in argument for argument in config.invocation_params.args)
    return None if asked else collection_path.parent.name == "published"
