"""Which checkers there are. Adding one means an entry here and a folder of its own; no other code lists them."""

from __future__ import annotations

from importlib import import_module

from fr_check.core.record import NamedTuple

TYPE_CHECKING = False
if TYPE_CHECKING:
    from fr_check.core.checker import Checker
    from fr_check.core.model import Rule


class Entry(NamedTuple):
    """What is known of a checker without importing it.

    `files` is the pattern of paths whose change can change its verdict, for its commit hook; None: any change can.
    `policy` names (module:class) the NamedTuple that is the schema of its table in the configuration, `options` the
    options of its command beside the common ones. `compares` says whether it looks at a base.
    """

    package: str
    summary: str
    files: str | None
    policy: str | None = None
    options: tuple[str, ...] = ()
    compares: bool = True


def _any(*patterns: str) -> str:
    return "|".join(patterns)


# A gitlink is listed under its own path, which has no ending; so has a Dockerfile or a Makefile.
_NO_ENDING = r"(^|/)[^/.]+$"
_COMPOSE_AND_WORKFLOWS = r"\.ya?ml$"
_BUILD_FILES = r"(^|/)([^/]*\.)?(Dockerfile|dockerignore)[^/]*$|\.(hcl|json|toml)$"
_ENV_FILES = r"(^|/)[^/]*\.env[^/]*$|\.(ctmpl|tmpl|tpl)$"
# What may name a variable that a service is given: configuration of whatever else runs in it, and documents.
_TEXTS = r"\.(cfg|conf|ini|mdx?)$"
_SCRIPTS = r"\.(py|sh|bash|mk|just|[cm]?[jt]sx?)$"

CHECKERS = {
    "env-keys": Entry(
        "fr_check.env_keys",
        "Settings, .env.example and the secrets template name the same variables.",
        _any(_ENV_FILES, _TEXTS, _SCRIPTS, _COMPOSE_AND_WORKFLOWS, _BUILD_FILES, _NO_ENDING),
        policy="fr_check.policy.env_keys:EnvKeys",
    ),
    "dockerfile-args": Entry(
        "fr_check.dockerfile_args",
        "Public frontend variables reach every image build.",
        _any(r"(^|/)\.env[^/]*$", _SCRIPTS, _COMPOSE_AND_WORKFLOWS, _BUILD_FILES, _NO_ENDING),
        policy="fr_check.policy.dockerfile_args:DockerfileArgs",
        compares=False,
    ),
    # A deleted gitlink, and a moved one under `ignore = all`, are in no hook's list of files.
    "submodule-sync": Entry(
        "fr_check.submodule_sync",
        "The infra pointer is merged upstream, never rewound, and in step.",
        None,
        policy="fr_check.policy.submodule_sync:SubmoduleSync",
        options=("log", "online", "each-commit"),
    ),
    "coverage": Entry(
        "fr_check.coverage_gate",
        "Measured coverage meets thresholds that agree, are wired and not lowered.",
        _any(r"(^|/)\.[^/]*rc$|\.(cfg|ini|mdx?)$", _SCRIPTS, _COMPOSE_AND_WORKFLOWS, _BUILD_FILES, _NO_ENDING),
        policy="fr_check.policy.coverage_gate:Coverage",
        options=("reports", "record"),
    ),
}


# Tables of the configuration that belong to no checker alone.
SHARED = {"variables": "fr_check.policy.variables:Variables"}


def load_checker(name: str) -> Checker:
    """Imports one checker by its name on the command line."""
    checker: Checker = import_module(f"{CHECKERS[name].package}.checker").CHECKER
    return checker


def load_policies() -> dict[str, type]:
    """The schema of every table of the configuration that is a checker's own, by the checker's name."""
    own = {name: entry.policy for name, entry in CHECKERS.items() if entry.policy}
    schemas = ((name, policy.partition(":")) for name, policy in {**own, **SHARED}.items())
    return {name: getattr(import_module(module), kind) for name, (module, _, kind) in schemas}


def load_hygiene() -> tuple[Rule, ...]:
    """Imports the rules about fr-check's own directives, which run after every checker."""
    from fr_check.core.rules import load_rules  # noqa: PLC0415 - not for the path of `--help`

    return load_rules("hygiene")


def all_rules() -> tuple[Rule, ...]:
    """Every rule, hygiene's last; imports every checker, so not for the path of a check."""
    return (*(rule for name in CHECKERS for rule in load_checker(name).rules), *load_hygiene())
