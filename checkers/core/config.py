"""[tool.fr-check] in pyproject.toml, or .fr-check.toml, as one typed value.

The NamedTuples are the schema: a field is a key (with `-` for `_`), its annotation the type that is accepted.
`core/policy.py` reads them from TOML; without any file the defaults describe finance_report's own layout.
"""

from __future__ import annotations

from collections.abc import Mapping  # noqa: TC003 - the annotations are read at run time

from checkers.core.model import Location, Severity  # noqa: TC001 - likewise
from checkers.core.record import NamedTuple


class Allowance(NamedTuple):
    """An entry below `allow`: findings of `rule` whose subject and path match the globs are expected, for a reason."""

    rule: str
    subject: str
    path: str
    reason: str
    location: Location


class App(NamedTuple):
    """One backend: where its settings, its example and its templates stand (globs); names that are secret (globs)."""

    settings: tuple[str, ...] = ("apps/backend/src/config.py",)
    example: tuple[str, ...] = (".env.example",)
    templates: tuple[str, ...] = ("repo/finance_report/finance_report/10.app/secrets.ctmpl",)
    secrets: tuple[str, ...] = ()


class EnvKeys(NamedTuple):
    """[tool.fr-check.env-keys]."""

    apps: tuple[App, ...] = (App(),)


class DockerfileArgs(NamedTuple):
    """[tool.fr-check.dockerfile-args]: prefixes of public variables, folders of frontends."""

    public_prefixes: tuple[str, ...] = ("NEXT_PUBLIC_",)
    frontends: tuple[str, ...] = ("apps/frontend",)


class SubmoduleSync(NamedTuple):
    """[tool.fr-check.submodule-sync]: keyed by the submodule's path; `max_behind` in commits.

    `allow_rewinds` are deliberate rollbacks, `COMMIT REASON`, as after the path in a `Submodule-Rewind` trailer.
    """

    branch: Mapping[str, str] = {}
    allow_tags: Mapping[str, tuple[str, ...]] = {}
    max_behind: int | None = None
    paths: Mapping[str, tuple[str, ...]] = {}
    allow_rewinds: Mapping[str, tuple[str, ...]] = {}


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
    `record` the file of totals written by `--record`, which `max_drop` (percentage points) is measured against.
    """

    line: float | None = None
    branch: float | None = None
    blended: float | None = None
    file: float | None = None
    patch: float | None = None
    patch_branch: float | None = None
    target: float | None = None
    max_drop: float | None = None
    shards: int | None = None
    record: str | None = None
    data: tuple[str, ...] = ()
    groups: tuple[Group, ...] = ()
    components: tuple[Component, ...] = ()
    sources: tuple[str, ...] = ()
    exempt: tuple[str, ...] = ()
    base_path: str = ""


class Config(NamedTuple):
    """The whole policy of a repository; `path` is the file it was read from, `remarks` what to tell the user."""

    path: str | None = None
    select: tuple[str, ...] = ()
    ignore: tuple[str, ...] = ()
    severity: Mapping[str, Severity | None] = {}
    allow: tuple[Allowance, ...] = ()
    env_keys: EnvKeys = EnvKeys()
    dockerfile_args: DockerfileArgs = DockerfileArgs()
    submodule_sync: SubmoduleSync = SubmoduleSync()
    coverage: Coverage = Coverage()
    remarks: tuple[str, ...] = ()
