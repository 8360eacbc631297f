"""The first module of the `fr-check` command: no repository can put code of its own in its place, or in fr-check's.

Where PYTHONPATH names the working folder, as is common with backends, Python would take `click`, `ast` or `fr_check`
itself from the repository that is being checked, and so run its code. This module has a name that no repository has,
imports nothing but what Python has built in or loaded already, and takes those folders out of the search path.
"""

import os
import sys

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import NoReturn


def run() -> "NoReturn":
    """Starts the command line with the search path of the installation alone."""
    sys.path[:] = trusted(sys.path, os.environ.get("PYTHONPATH", ""), _installed())
    from fr_check.app.entry import run as run_command  # noqa: PLC0415 - only after the search path is clean

    run_command()


def trusted(search_path: "list[str]", python_path: str, installed: "set[str]") -> "list[str]":
    """`search_path` without the working folder and what the variable PYTHONPATH names, but for `installed` folders."""
    foreign = {_absolute(folder) for folder in ("", *python_path.split(os.pathsep))} - installed
    return [folder for folder in search_path if _absolute(folder) not in foreign]


def _installed() -> "set[str]":
    """Folders that hold what the user installed, though PYTHONPATH should name them: ours, Python's own, and site's."""
    library = os.path.dirname(os.path.abspath(os.__file__))
    site = sys.modules.get("site")
    others = [*site.getsitepackages(), site.getusersitepackages()] if site is not None else []
    return {os.path.dirname(_absolute(__file__)), library, os.path.join(library, "lib-dynload"), *others}


def _absolute(folder: str) -> str:
    try:
        return os.path.abspath(folder)
    except OSError:  # the working folder is gone
        return folder
