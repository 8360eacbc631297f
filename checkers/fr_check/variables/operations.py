"""What a command line is read into: words with places, what a shell does to the environment, what is started."""

from __future__ import annotations

from fr_check.core.record import NamedTuple

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from typing import Final, Literal

    from fr_check.core.model import Location

    Locate = Callable[[int, int], Location]

    OperationKind = Literal["source", "set", "shell-set", "export", "fill", "unset", "import", "file", "open"]


SOURCE: Final = "source"
SET: Final = "set"
SHELL_SET: Final = "shell-set"
EXPORT: Final = "export"
FILL: Final = "fill"
UNSET: Final = "unset"
IMPORT: Final = "import"
FILE: Final = "file"
OPENED: Final = "open"


class Argument(NamedTuple):
    """A word of a command line: its value, the place of each character in its source, and how that becomes a place."""

    value: str
    places: Sequence[int] | None
    locate: Locate


class Operation(NamedTuple):
    """Something a shell does to the environment of what it starts later.

    `kind`: SOURCE a file (`name` is its path, empty where that is not known), SET and export a variable, SHELL_SET one
    that is exported only if it was before, EXPORT what is set, FILL what is unset or empty, UNSET, IMPORT the names of
    a file by `export $(cat FILE)`, FILE that fills what is unset (`--env-file`), or OPENED by what cannot be read.
    `exported`: `set -a` holds. `shown` is the command as written.
    """

    kind: OperationKind
    name: str
    value: str | None
    exported: bool
    shown: str
    location: Location


class Start(NamedTuple):
    """A program that is started: its words (None: not known), with the folder and what was done to the environment.

    `own` are the variables given to this command alone, `text` the script around it.
    """

    words: tuple[str | None, ...]
    folder: str | None
    operations: tuple[Operation, ...]
    location: Location
    body: str = ""


class Launch(NamedTuple):
    """Everything that the words of a container start. `texts` are the scripts that were read, `files` their paths.

    `unread` is what could not be followed: a script that is not in the repository, or one script too many.
    """

    starts: tuple[Start, ...]
    texts: tuple[str, ...]
    files: tuple[str, ...]
    unread: tuple[str, ...]
