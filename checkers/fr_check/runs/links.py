"""The way to a command, call by call, and why its failure may stay unseen."""

from __future__ import annotations

from fr_check.core.record import NamedTuple

TYPE_CHECKING = False
if TYPE_CHECKING:
    from fr_check.core.model import Location


class Link(NamedTuple):
    """One part of the way to a command: what called on, and where that call stands."""

    what: str
    location: Location


class Excuse(NamedTuple):
    """Why a failure stays unseen, as a phrase (`|| true`), and where that is written; `never`: nothing runs at all."""

    phrase: str
    location: Location
    never: bool = False
