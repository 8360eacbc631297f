"""The first module of the `fr-check` command: no repository can put code of its own in its place, or in fr-check's.

Where PYTHONPATH names the working folder, as is common with backends, Python would take `click`, `ast` or `fr_check`
itself from the repository that is being checked, and so run its code. This module has a name that no repository has,
imports nothing but what Python has built in or loaded already, and takes those folders out of the search path.

Nor does an interrupt of the first moment show where Python was: it ends the process, as nothing is there yet to tidy.

What Python itself loads before the first line of a program (`encodings`, `sitecustomize`) is out of its reach, and so
is `python -m fr_check` in a folder that has an `fr_check/`: `python -I -m fr_check` is the form that looks at neither.
"""

import os
import sys

TYPE_CHECKING = False
if TYPE_CHECKING:
    import signal as _signal
    from typing import NoReturn
else:
    import _signal  # the built-in part of `signal`

# Who lists what fr-check needs on PYTHONPATH, a folder each as Nix and Bazel do, has it from there: these are told by
# the metadata of the distributions that are installed in them.
_NEEDED = ("click-", "pyyaml-", "tomli-", "coverage-", "libcst-")


def run() -> "NoReturn":
    """Starts the command line with the search path of the installation alone."""
    if _signal.getsignal(_signal.SIGINT) is _signal.default_int_handler:
        _signal.signal(_signal.SIGINT, _signal.SIG_DFL)
    script = [] if sys.flags.safe_path else sys.path[:1]
    variable = "" if sys.flags.ignore_environment else os.environ.get("PYTHONPATH", "")
    sys.path[:] = trusted(sys.path, (*script, *variable.split(os.pathsep)))
    try:
        from fr_check.app.entry import run as run_command  # noqa: PLC0415 - only after the search path is clean
    except MemoryError:
        os.write(2, b"fr-check: there is not enough memory\n")
        os._exit(2)
    run_command()


def trusted(search_path: "list[str]", given: "tuple[str, ...]") -> "list[str]":
    """`search_path` without the working folder and what was `given` to this one run, but for what is installed there.

    Where fr-check itself lies comes right behind Python's own library: neither a module of the library nor fr-check can
    be found anywhere else.

    Args:
        search_path: as `sys.path`, which is in the order of search.
        given: the folder of the script, and those of PYTHONPATH.
    """
    here = _absolute("")
    library, installed = _installed()
    ours = os.path.dirname(_absolute(__file__))
    foreign = {here} | {folder for folder in map(_absolute, given) if not _holds_needed(folder, here)}
    dropped = {*(foreign - library - installed), ours}
    kept = [folder for folder in search_path if _absolute(folder) not in dropped]
    behind = max((index + 1 for index, folder in enumerate(kept) if _absolute(folder) in library), default=0)
    return [*kept[:behind], ours, *kept[behind:]]


def _installed() -> "tuple[set[str], set[str]]":
    """The folders of Python's own library, and those the user installs into, though PYTHONPATH should name them."""
    library = os.path.dirname(os.path.abspath(os.__file__))
    site = sys.modules.get("site")
    others = {*site.getsitepackages(), site.getusersitepackages()} if site is not None else set()
    return {library, os.path.join(library, "lib-dynload")}, others


def _holds_needed(folder: str, here: str) -> bool:
    """Whether a library of fr-check is installed in a folder that is neither the working folder nor below it."""
    if folder == here or folder.startswith(os.path.join(here, "")):
        return False
    try:
        names = os.listdir(folder)
    except OSError:
        return False
    return any(name.lower().startswith(_NEEDED) and name.endswith(".dist-info") for name in names)


def _absolute(folder: str) -> str:
    try:
        return os.path.abspath(folder)
    except OSError:  # the working folder is gone
        return folder
