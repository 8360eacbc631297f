"""What [tool.fr-check.env-keys] says: where each backend keeps its files.

The NamedTuples are the schema: a field is a key (with `-` for `_`), its annotation the type that is accepted.
"""

from __future__ import annotations

from fr_check.core.record import NamedTuple


class App(NamedTuple):
    """One backend: where its settings, its example and its templates stand (globs); names that are secret (globs)."""

    settings: tuple[str, ...] = ("apps/backend/src/config.py",)
    example: tuple[str, ...] = (".env.example",)
    templates: tuple[str, ...] = ("repo/finance_report/finance_report/10.app/secrets.ctmpl",)
    secrets: tuple[str, ...] = ()


class EnvKeys(NamedTuple):
    """[tool.fr-check.env-keys]."""

    apps: tuple[App, ...] = (App(),)
