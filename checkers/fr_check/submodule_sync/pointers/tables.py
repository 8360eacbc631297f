"""What `--facts` shows of a pointer."""

from __future__ import annotations

from fr_check.repository.git import CannotKnow

TYPE_CHECKING = False
if TYPE_CHECKING:
    from fr_check.submodule_sync.pointers.standing import Pointer


def row(pointer: Pointer) -> tuple[str, ...]:
    """A pointer's cells: pointer, commit, branch, ahead, behind, merged, checkout; `?` for what is not known."""
    standing, branch, checkout = pointer.standing, pointer.branch, pointer.checkout
    name = "?" if branch is None or isinstance(branch, CannotKnow) else branch.name
    if standing is None:
        return (pointer.name, pointer.commit[:12], name, "?", "?", "unknown", "none")
    merged = "unknown" if isinstance(standing.merged, CannotKnow) else "yes" if standing.merged else "no"
    counts = ("?" if count is None else str(count) for count in (standing.ahead, standing.behind))
    state = "none" if checkout is None else "same" if checkout.commit == pointer.commit else checkout.commit[:12]
    return (pointer.name, pointer.commit[:12], name, *counts, standing.tag or merged, state)
