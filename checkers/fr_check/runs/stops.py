"""Where a script, a process or a function of it ends before its last command: `exit`, `return`."""

from __future__ import annotations

from fr_check.core.record import NamedTuple


class Stop(NamedTuple):
    """A `return` or an `exit` in a block, in the process of a block, `within` constructs that may be passed over.

    `done` is how many changes were made before it, `exporting` whether `set -a` held. It is not `certain` where `&&` or
    `||` before it decides.
    """

    block: int
    process: int
    within: tuple[int, ...]
    done: int
    exporting: bool | None
    returns: bool
    certain: bool
