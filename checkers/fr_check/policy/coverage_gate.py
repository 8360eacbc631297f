"""What [tool.fr-check.coverage] says: thresholds, groups, components, and where coverage data is.

The NamedTuples are the schema: a field is a key (with `-` for `_`), its annotation the type that is accepted.
"""

from __future__ import annotations

from fr_check.core.record import NamedTuple


class Group(NamedTuple):
    """One entry below [[tool.fr-check.coverage.groups]]; thresholds in percent."""

    name: str
    paths: tuple[str, ...]
    line: float | None = None
    branch: float | None = None


class Component(NamedTuple):
    """One entry below [[tool.fr-check.coverage.components]]: a folder with data and thresholds (percent) of its own."""

    name: str
    path: str = ""
    data: tuple[str, ...] = ()
    line: float | None = None
    branch: float | None = None
    blended: float | None = None
    target: float | None = None
    shards: int | None = None


class Coverage(NamedTuple):
    """[tool.fr-check.coverage]; thresholds in percent, None where no policy is written.

    `data` names coverage files (globs), `shards` how many of them a complete run leaves; `sources` what ought to be
    measured and `exempt` what need not be (globs); `base_path` the folder that relative names in the data start from;
    `record` the file of totals written by `--record`, which `max_drop` (percentage points) is measured against;
    `slack` (percentage points) how far a figure may lie above its threshold before that is called too low.
    """

    line: float | None = None
    branch: float | None = None
    blended: float | None = None
    file: float | None = None
    patch: float | None = None
    patch_branch: float | None = None
    target: float | None = None
    max_drop: float | None = None
    slack: float | None = None
    shards: int | None = None
    record: str | None = None
    data: tuple[str, ...] = ()
    groups: tuple[Group, ...] = ()
    components: tuple[Component, ...] = ()
    sources: tuple[str, ...] = ()
    exempt: tuple[str, ...] = ()
    base_path: str = ""
