"""Whether a shell finds what `.` and `source` name, and what becomes of the script where it does not.

dash knows no `source`, and looks for a name without a slash along PATH alone, as bash does in its POSIX mode; where it
finds nothing the shell ends, whatever stands behind the command. POSIX.1-2017, 2.14 (`dot`) and 2.8.1 (errors of
special built-in utilities); tried with dash 0.5.12 and bash 5.2.
"""

from __future__ import annotations

import posixpath

from fr_check.core.record import NamedTuple
from fr_check.runs.changes import MISS

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Literal

    from fr_check.runs.changes import Change
    from fr_check.sources.shells import Shell

    Fate = Literal["reads", "passes over", "ends", "perhaps"]

UNKNOWN = "?"
_PATH = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"
_DASHES = frozenset((
    "python", "debian", "ubuntu", "node", "ruby", "golang", "rust", "php", "perl", "pypy", "buildpack-deps", "gcc",
    "postgres", "mysql", "redis", "nginx", "httpd", "mongo", "erlang", "elixir", "julia", "r-base", "haskell",
))  # fmt: skip
_DASH_TAGS = ("slim", "bookworm", "bullseye", "buster", "trixie", "jammy", "noble", "focal", "debian", "ubuntu")
_BASHES = ("fedora", "centos", "rockylinux", "almalinux", "amazonlinux", "oraclelinux", "ubi8", "ubi9", "archlinux")


class Reading(NamedTuple):
    """What becomes of one `.` or `source`, and why, where it is not read for certain."""

    fate: Fate
    why: str = ""


READS = Reading("reads")


def shell_of(image: str | None) -> str:
    """What `/bin/sh` is in an image, by its name: dash, ash, bash; UNKNOWN where the name does not tell."""
    name, _, tag = (image or "").lower().partition("@")[0].rpartition("/")[2].partition(":")
    if "alpine" in tag or name in {"alpine", "busybox"} or "alpine" in name:
        return "ash"
    if any(word in tag for word in _DASH_TAGS):
        return "dash"
    if any(name.startswith(word) for word in _BASHES):
        return "bash"
    return "dash" if name in _DASHES and name == (image or "").partition("@")[0].partition(":")[0] else UNKNOWN


def judge(  # noqa: PLR0911 - a table of shells
    command: str, path: str, shell: Shell, sh: str, here: str | None, search: str | None, *, heeded: bool
) -> Reading:
    """What becomes of a file that `command` names in a container where `/bin/sh` is `sh`.

    `search` is PATH (None: not known; empty: as the image has it), `heeded` whether a failure ends the script.
    """
    program = sh if shell.program == "sh" else shell.program
    posix = program in {"dash", UNKNOWN} or (program == "bash" and shell.program == "sh")
    if command == "source" and program == "dash":
        why = f"`source` is no command of dash, which is `{shell.program}` there"
        return Reading("ends" if heeded else "passes over", why)
    if command == "source" and program == UNKNOWN:
        return Reading("perhaps", "whether `sh` of the image knows `source`, as dash does not")
    if not path or "/" in path or not (posix or program == "ash"):
        return READS
    if search is None:
        return Reading("perhaps", f"whether `{command} {path}` finds its file, which `sh` looks for along PATH")
    if here is None or posixpath.normpath(here) in (search or _PATH).split(":") or "." in search.split(":"):
        return READS
    if program in {UNKNOWN, "ash"}:
        return Reading("perhaps", f"whether `{command} {path}` finds its file, as `sh` may look along PATH alone")
    why = f"`{command} {path}` finds nothing, as `{shell.program}` is {program} there and looks along PATH alone"
    return Reading("ends", f"{why}: write `. ./{path}`")


def changed(change: Change, found: Reading) -> Change:
    """The change that a `.` or `source` is with what becomes of it."""
    if found.fate == "reads":
        return change
    if found.fate == "passes over":
        return change._replace(kind=MISS, why=found.why)
    return change._replace(certain=False, why=found.why, ends=found.fate == "ends")
