"""[tool.fr-check] in pyproject.toml, or .fr-check.toml, as one typed value."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Mapping

    from checkers.core.model import Location, Severity


class Allowance(NamedTuple):
    """An entry below `allow`: findings of `rule` whose subject and path match the globs are expected, for a reason."""

    rule: str
    subject: str
    path: str
    reason: str
    location: Location


class App(NamedTuple):
    """One backend: where its settings, its example and its templates stand (globs)."""

    settings: tuple[str, ...] = ("apps/backend/src/config.py",)
    example: tuple[str, ...] = (".env.example",)
    templates: tuple[str, ...] = ("repo/finance_report/finance_report/10.app/secrets.ctmpl",)
    secrets: tuple[str, ...] = ()


class EnvKeys(NamedTuple):
    """[tool.fr-check.env-keys]."""

    apps: tuple[App, ...] = (App(),)


class DockerfileArgs(NamedTuple):
    """[tool.fr-check.dockerfile-args]."""

    public_prefixes: tuple[str, ...] = ("NEXT_PUBLIC_",)
    frontends: tuple[str, ...] = ("apps/frontend",)


class SubmoduleSync(NamedTuple):
    """[tool.fr-check.submodule-sync]."""

    branch: Mapping[str, str] = {}
    allow_tags: Mapping[str, tuple[str, ...]] = {}
    max_behind: int | None = None
    paths: Mapping[str, tuple[str, ...]] = {}


class Group(NamedTuple):
    """One entry below [[tool.fr-check.coverage.groups]]; thresholds in percent."""

    name: str
    paths: tuple[str, ...]
    line: float | None = None
    branch: float | None = None


class Coverage(NamedTuple):
    """[tool.fr-check.coverage]; thresholds in percent, None where no policy is written."""

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
    base_path: str = ""


class Config(NamedTuple):
    """The whole policy of a repository, with the defaults of a repository that writes none."""

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
