"""What [tool.fr-check.submodule-sync] says, by the path of a submodule.

The NamedTuples are the schema: a field is a key (with `-` for `_`), its annotation the type that is accepted.
"""

from __future__ import annotations

from collections.abc import Mapping  # noqa: TC003 - the annotations are read at run time

from fr_check.core.record import NamedTuple


class SubmoduleSync(NamedTuple):
    """[tool.fr-check.submodule-sync]: keyed by the submodule's path; `max_behind` in commits.

    `allow_rewinds` are deliberate rollbacks, `COMMIT REASON`, as after the path in a `Submodule-Rewind` trailer.
    """

    branch: Mapping[str, str] = {}
    allow_tags: Mapping[str, tuple[str, ...]] = {}
    max_behind: int | None = None
    paths: Mapping[str, tuple[str, ...]] = {}
    allow_rewinds: Mapping[str, tuple[str, ...]] = {}
