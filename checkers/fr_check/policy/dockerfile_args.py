"""What [tool.fr-check.dockerfile-args] says: which variables are public, and where frontends are.

The NamedTuples are the schema: a field is a key (with `-` for `_`), its annotation the type that is accepted.
"""

from __future__ import annotations

from fr_check.core.record import NamedTuple


class DockerfileArgs(NamedTuple):
    """[tool.fr-check.dockerfile-args]: prefixes beside those of each frontend's bundler, folders of frontends."""

    public_prefixes: tuple[str, ...] = ()
    frontends: tuple[str, ...] = ("apps/frontend",)
