"""Small repositories for env-keys, and what the checker says about them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from fr_check.core.config import Config
from fr_check.core.context import Context
from fr_check.core.model import Finding, Severity, Unknown
from fr_check.core.repository import Memory
from fr_check.env_keys.checker import CHECKER
from fr_check.policy.env_keys import App, EnvKeys

if TYPE_CHECKING:
    from collections.abc import Mapping

    from fr_check.core.repository import Repository
    from fr_check.env_keys.facts import Facts

CONFIG = "apps/backend/src/config.py"
EXAMPLE = ".env.example"
TEMPLATE = "repo/finance_report/finance_report/10.app/secrets.ctmpl"
HEAD = "from typing import *\nfrom pydantic import *\nfrom pydantic_settings import *\n\n\n"


def settings(*fields: str, config: str = "") -> str:
    """A settings module with one class of these fields."""
    lines = [f"model_config = SettingsConfigDict({config})", *fields]
    return HEAD + "class Settings(BaseSettings):\n" + "".join(f"    {line}\n" for line in lines)


def world(config: str, example: str, template: str | None = None, **other: str) -> dict[str, str]:
    """The default layout; further files by path, with `__` for `/` and `_dot_` for `.` in keywords."""
    files = {CONFIG: config, EXAMPLE: example}
    if template is not None:
        files[TEMPLATE] = template
    return files | {path.replace("__", "/").replace("_dot_", "."): text for path, text in other.items()}


def load(files: Mapping[str, str | bytes] | Repository, base: Repository | None = None, *apps: App) -> Facts:
    repository = Memory(files) if not hasattr(files, "gitlinks") else files
    config = Config(tables={EnvKeys: EnvKeys(apps)}) if apps else Config()
    return CHECKER.load(Context(repository, config, base))


def everything(facts: Facts) -> list[Finding]:
    found = [finding for rule in CHECKER.rules for finding in rule.check(facts)]
    assert not any(isinstance(finding, Unknown) for finding in found)
    return found


def findings(files: Mapping[str, str | bytes], level: Severity = Severity.WARNING) -> set[tuple[str, str]]:
    """(rule, subject) of everything at or above a level; nothing may be unknown."""
    facts = load(files)
    assert facts.unknowns == ()
    return {(finding.rule, finding.subject) for finding in everything(facts) if finding.severity >= level}


def infos(files: Mapping[str, str | bytes]) -> set[tuple[str, str]]:
    """(rule, subject) of what is merely worth knowing."""
    return {(f.rule, f.subject) for f in everything(load(files)) if f.severity == Severity.INFO}
