"""What a checker is to the engine: a loader of facts, and the rules that judge them."""

from __future__ import annotations

from fr_check.core.record import NamedTuple

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from typing import Any, Protocol

    from fr_check.core.context import Context
    from fr_check.core.model import Rule, Skipped, Table, Unknown
else:
    Protocol = object


class Facts(Protocol):
    """What a checker's loader returns, beside the typed facts its own rules read.

    A checker that knows of any has also `gaps` (of `Gap`) and `moves` (of `Move`).
    """

    @property
    def unknowns(self) -> tuple[Unknown, ...]:
        """What could not be read."""

    @property
    def skipped(self) -> tuple[Skipped, ...]:
        """What was not there to be looked at."""

    @property
    def counts(self) -> Mapping[str, int]:
        """How much was looked at; goes into the summary and the JSON key `facts`."""

    def tables(self) -> tuple[Table, ...]:
        """What `--facts` prints."""


class Checker(NamedTuple):
    """One checker: its name on the command line, its loader and its rules.

    `log` makes what `--log` prints, `record` what `--record` writes (None: nothing,
    since not everything was judged), where the checker has such an option.
    """

    name: str
    load: Callable[[Context], Facts]
    rules: tuple[Rule, ...]
    log: Callable[[Context], tuple[tuple[Table, ...], tuple[Unknown, ...]]] | None = None
    record: Callable[[Any], str | None] | None = None
