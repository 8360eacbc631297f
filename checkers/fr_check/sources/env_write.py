"""A file of variables that a command writes, copies or loads."""

from __future__ import annotations

from fr_check.core.record import NamedTuple

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping


class EnvWrite(NamedTuple):
    """A file of variables at `path`, relative to where the script starts, absolute, or None where not known.

    `names` are the variables in it, each with the one variable that is all of its value, else "". `source` is the file
    that it is a copy of. With neither (`names` None) what is in it is not known. `loaded` where a command reads it into
    the environment of another.
    """

    path: str | None
    names: Mapping[str, str] | None
    source: str | None = None
    loaded: bool = False
