"""One of several applications, by its folder: which one `--app` names, and what to say where that is not one."""

from __future__ import annotations

from fr_check.core.patterns import pattern
from fr_check.core.text import Text
from fr_check.core.trouble import Trouble

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable
    from typing import Any

    from fr_check.core.repository import Repository

_CLASS = pattern(r"(?m)^class\s+(\w+)\([^)]*\bBaseSettings\b")


def is_in(path: str, folder: str) -> bool:
    """Whether a path is a folder, as a person writes it, or is inside of it."""
    plain = folder.removeprefix("./").rstrip("/")
    return plain in {"", "."} or path == plain or path.startswith(f"{plain}/")


def files(app: Any) -> list[str]:
    """The settings of an app and its examples."""
    return [source.text.path for source in (*app.settings_files, *app.examples)]


def within(apps: Iterable[Any], folder: str) -> list[Any]:
    """The apps with settings in a folder; those with an example there, where no settings are."""
    every = list(apps)
    own = [app for app in every if any(is_in(source.text.path, folder) for source in app.settings_files)]
    return own or [app for app in every if any(is_in(path, folder) for path in files(app))]


def demand_within(apps: Iterable[Any], folder: str) -> list[Any]:
    """The apps in a folder.

    Raises:
        Trouble: there is none.
    """
    every = list(apps)
    found = within(every, folder)
    if not found:
        raise Trouble(f"no application has its settings in {folder}", _choice(every))
    return found


def none(repository: Repository, key: str) -> Trouble:
    """Why there is no backend that a variable could join, and what to do."""
    for path in repository.paths():
        text = repository.read(path) if path.endswith(".py") else None
        found = _CLASS.search(text.string) if isinstance(text, Text) and "BaseSettings" in text.string else None
        if found is not None and isinstance(text, Text):
            where = f"{path}:{text.place(found.start())[0]}"
            return Trouble(
                f"{where}: class {found[1]} has no field yet, by which its settings would be known",
                f"write its first field by hand, for example `{key.lower()}`, and run the command for the next ones",
            )
    return Trouble(
        f"no application is found that reads variables in Python, and could read `{key}`",
        "write a class of settings with one field (pydantic-settings), or use `--kind frontend` for a page",
    )


def several(apps: Iterable[Any], key: str) -> Trouble:
    """That a variable could belong to several apps, and how to name one."""
    every = list(apps)
    places = ", ".join(next(iter(files(app)), "?") for app in every)
    return Trouble(f"`{key}` may belong to {len(every)} applications: {places}", _choice(every))


def _choice(apps: list[Any]) -> str:
    folders = dict.fromkeys(next(iter(files(app)), "").rpartition("/")[0] or "." for app in apps)
    return (
        f"name its folder: {' or '.join(f'`--app {folder}`' for folder in folders)}" if folders else "leave out --app"
    )
