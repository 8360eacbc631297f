"""What [tool.fr-check.env-keys] says: where each backend keeps its files.

The NamedTuples are the schema: a field is a key (with `-` for `_`), its annotation the type that is accepted.
"""

from __future__ import annotations

from fr_check.core.record import NamedTuple


class App(NamedTuple):
    """One backend: where its settings, its examples and its templates stand (globs); names that are secret (globs).

    None: whatever is recognised. An empty list: there is none.
    """

    settings: tuple[str, ...] | None = None
    example: tuple[str, ...] | None = None
    templates: tuple[str, ...] | None = None
    secrets: tuple[str, ...] = ()


class EnvKeys(NamedTuple):
    """[tool.fr-check.env-keys]; without any app, those are judged that are recognised."""

    apps: tuple[App, ...] = ()
