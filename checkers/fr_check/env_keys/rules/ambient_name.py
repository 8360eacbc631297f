"""A setting whose variable the surroundings set already.

## What it finds

A field with a default whose variable, prefix and alias applied, has a name that something always sets: `PATH`, `HOME`
and `HOSTNAME` everywhere (an error), `USER`, `SHELL`, `LANG`, `PWD`, `TERM`, `LOGNAME`, `TMPDIR` and `CI` in shells and
on runners, `PYTHON_VERSION`, `NODE_VERSION` and `GPG_KEY` in images (a warning). A field that is meant for it is left
alone: `ci: bool`, `home: Path`, and every field without a default. A list, a mapping or a model is never meant for
`PATH`, `HOME` or `HOSTNAME`: what is set there is no JSON, and start-up fails.

## Why it matters

The environment beats `.env` and the default: `user: str = "app"` is `root` in the container. Documenting the name makes
it worse: an example with `PATH=` empties the PATH of whoever sources it.

## How to fix

Give the variable a name of its own: `fr-check rename PATH APP_PATH` does it everywhere, by a `validation_alias` of the
field. For a whole class an `env_prefix` is shorter.

## What `--fix` does

Nothing: the variable gets another name in every place at once, with `fr-check rename`.
"""

from __future__ import annotations

from fr_check.core.model import Rule, Severity

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from fr_check.core.model import Finding
    from fr_check.env_keys.facts import Facts
    from fr_check.sources.settings import Setting

_EVERYWHERE = frozenset(("PATH", "HOME", "HOSTNAME"))
_SHELLS = frozenset(("USER", "SHELL", "LANG", "PWD", "TERM", "LOGNAME", "TMPDIR", "CI"))
_IMAGES = frozenset(("PYTHON_VERSION", "NODE_VERSION", "GPG_KEY"))
AMBIENT = _EVERYWHERE | _SHELLS | _IMAGES
"""What the surroundings set: whoever else names one of these means theirs."""
_FOLDERS = frozenset(("HOME", "PWD", "TMPDIR"))

_HEAD = "from pydantic_settings import BaseSettings, SettingsConfigDict\n\n\nclass Settings(BaseSettings):\n"

BAD = {"apps/backend/src/config.py": _HEAD + '    path: str = "/data"\n', ".env.example": "PATH=/data\n"}
GOOD = {
    "apps/backend/src/config.py": _HEAD
    + '    model_config = SettingsConfigDict(env_prefix="APP_")\n\n    path: str = "/data"\n',
    ".env.example": "APP_PATH=/data\n",
}


def check(facts: Facts) -> Iterator[Finding]:
    """Looks at the names of every field of every backend."""
    for app in facts.backends:
        for setting in app.settings:
            name = next((name for name in setting.names or () if name in AMBIENT), None)
            if name is not None and not setting.required and not _is_meant(setting, name):
                yield _finding(setting, name)


def _is_meant(setting: Setting, name: str) -> bool:
    """Whether the field is for what the surroundings set."""
    if _no_json(setting, name):
        return False
    computed = setting.default is not None and setting.default.literal is None
    if name == "CI":
        return "bool" in setting.kind.names
    return computed or (name in _FOLDERS and "Path" in setting.annotation)


def _no_json(setting: Setting, name: str) -> bool:
    """Whether the field is read as JSON, which what is set everywhere is not: start-up fails, whatever the default."""
    return name in _EVERYWHERE and setting.kind.decoded and setting.kind.complex and "str" not in setting.kind.names


def _finding(setting: Setting, name: str) -> Finding:
    where = "everywhere" if name in _EVERYWHERE else "in images" if name in _IMAGES else "in shells and on runners"
    effect = "that is no JSON, so start-up fails" if _no_json(setting, name) else "its default never holds"
    message = f"`{setting.owner}.{setting.field}` is filled by `{name}`, which is set {where}: {effect}"
    help_ = f"give it a name of its own: `fr-check rename {name} APP_{name}`, or an `env_prefix`"
    severity = Severity.ERROR if name in _EVERYWHERE else Severity.WARNING
    return RULE.finding(name, message, help=help_, location=setting.location, severity=severity)


RULE = Rule.declare(__name__, __doc__, Severity.ERROR, check, bad=BAD, good=GOOD)
