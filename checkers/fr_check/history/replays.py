"""What a checker said of one pair of states, said again of the next where every answer that it got is the same."""

from __future__ import annotations

from fr_check.core import engine
from fr_check.core.context import Context
from fr_check.core.record import NamedTuple
from fr_check.history.shared import BASE, HEAD
from fr_check.history.states import State
from fr_check.history.traces import Trace

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable

    from fr_check.core.checker import Checker
    from fr_check.core.config import Config
    from fr_check.core.engine import Part
    from fr_check.core.selection import Selection
    from fr_check.history.shared import Shared


class _Kept(NamedTuple):
    """What a checker said, the configuration that it had, and what it asked of head and base."""

    part: Part | None
    config: Config
    head: Trace
    base: Trace | None


class Replays:
    """The last thing that each checker said. `asked` and `again` count: how often one was asked, and had nothing to do.

    Each checker gets a context of its own: what two share would be asked for by the first alone.
    """

    def __init__(self, shared: Shared) -> None:
        self._watches = shared.watches
        self._kept: dict[str, _Kept] = {}
        self.asked = 0
        self.again = 0

    def judge(self, context: Context) -> Callable[[Checker, Selection], Part | None]:
        """For `engine.run`: what each checker says in this context."""
        head, base = context.repository, context.base

        def judge(checker: Checker, selection: Selection) -> Part | None:
            if not isinstance(head, State) or not isinstance(base, State | None):
                return engine.part(checker, context, selection)
            self.asked += 1
            kept = self._kept.get(checker.name)
            if kept is not None and _holds(kept, context.config, head, base):
                self.again += 1
                head.examine(kept.head)
                return kept.part
            own = Context(head, context.config, base, context.options)
            self._kept[checker.name] = kept = self._watched(checker, own, selection)
            return kept.part

        return judge

    def _watched(self, checker: Checker, context: Context, selection: Selection) -> _Kept:
        head, base = _trace(context.repository), _trace(context.base)
        self._watches[HEAD].trace, self._watches[BASE].trace = head, base
        try:
            part = engine.part(checker, context, selection)
        finally:
            self._watches[HEAD].trace = self._watches[BASE].trace = None
        # The facts go with their states.
        plain = None if part is None else part._replace(facts=None, counts=dict(part.counts))
        return _Kept(plain, context.config, head or Trace(None), base)


def _trace(state: object) -> Trace | None:
    return Trace(state) if isinstance(state, State) else None


def _holds(kept: _Kept, config: Config, head: State, base: State | None) -> bool:
    if kept.config != config or not kept.head.holds(head):
        return False
    return kept.base is None if base is None else kept.base is not None and kept.base.holds(base)
