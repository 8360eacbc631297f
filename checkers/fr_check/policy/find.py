"""Finds the configuration of a repository: its own file, at the revision that is judged."""

from __future__ import annotations

from fr_check.core.config import Config
from fr_check.core.repository import Missing, Repository, Unreadable
from fr_check.core.trouble import Trouble

TYPE_CHECKING = False
if TYPE_CHECKING:
    from fr_check.core.text import Text

OWN_FILE = ".fr-check.toml"
PROJECT_FILE = "pyproject.toml"
_TABLE = ("tool", "fr-check")


def read_policy(repository: Repository, file: Text | None = None) -> Config:
    """The configuration of a repository, or `file` (from --config) instead.

    Raises:
        Trouble: the file is unreadable, not TOML, or holds an unknown key or a value of the wrong type.
    """
    if file is not None:
        own = _read(file, _TABLE if file.path.rpartition("/")[2] == PROJECT_FILE else ())
        return _extended(repository, own)
    return _extended(repository, _found(repository))


def _found(repository: Repository) -> Config:
    own, project = _text(repository, OWN_FILE), _text(repository, PROJECT_FILE)
    in_project = project is not None and "fr-check" in project.string and _holds_table(project)
    if own is not None:
        remark = f"{OWN_FILE} wins over [tool.fr-check] in {PROJECT_FILE}; keep one of them"
        return _read(own, ())._replace(remarks=(remark,) if in_project else ())
    return _read(project, _TABLE) if in_project and project is not None else Config()


def _extended(repository: Repository, config: Config) -> Config:
    """A configuration on top of the one that its `extend` names: inside the root, or in a submodule at its pin."""
    if config.extend is None:
        return config
    from fr_check.policy import extend  # noqa: PLC0415 - few policies have one

    return extend.applied(repository, config, _read_shared)


def _read_shared(text: Text) -> Config:
    return _read(text, _TABLE if text.path.rpartition("/")[2] == PROJECT_FILE else ())


def _text(repository: Repository, path: str) -> Text | None:
    text = repository.read(path)
    if isinstance(text, Missing):
        return None
    if isinstance(text, Unreadable):
        raise Trouble(f"the policy cannot be read: {text.message}", text.help)
    return text


def _read(text: Text, top: tuple[str, ...]) -> Config:
    from fr_check.policy import tables as policy_tables  # noqa: PLC0415 - most projects write no policy

    return policy_tables.read(text, top)


def _holds_table(text: Text) -> bool:
    from fr_check.policy import tables as policy_tables  # noqa: PLC0415

    return policy_tables.holds(text, _TABLE)
