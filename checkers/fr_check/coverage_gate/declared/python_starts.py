"""The runs of coverage's tools that a script in Python starts, each with why its status is lost."""

from __future__ import annotations

from fr_check.core.patterns import pattern
from fr_check.coverage_gate.declared import written
from fr_check.sources.tasks import python_tasks

TYPE_CHECKING = False
if TYPE_CHECKING:
    from fr_check.core.model import Span
    from fr_check.core.text import Text
    from fr_check.sources.tasks.model import Ignored, Script
    from fr_check.sources.thresholds.options import Invocation

_JUDGING = pattern(r"percent_covered|coverage[\w-]*\.(?:json|xml|lcov)|line-rate|lcov\.info|getroot")


def parse(text: Text) -> tuple[tuple[Invocation, Ignored | None], ...]:
    """Reads one script."""

    def locate(start: int, end: int) -> Span:
        return text.span(start, end)

    found = tuple(found for one in python_tasks.script(text.string, locate) for found in _runs(one))
    # What reads a report may judge it, whatever becomes of the run.
    return tuple((own, None) for own, _ in found) if _JUDGING.search(text.string) else found


def of_word(string: str, span: Span) -> tuple[tuple[Invocation, Ignored | None], ...]:
    """Reads the script of `python -c`, which stands at a place."""
    return tuple(found for one in python_tasks.script(string, lambda _start, _end: span) for found in _runs(one))


def _runs(script: Script) -> tuple[tuple[Invocation, Ignored | None], ...]:
    said = written.of_script(script.string, script.locate)
    return tuple((one.invocation, script.ignored) for one in said.runs)
