"""A report in, text out: one module an output format, each with `render(report, view) -> str`."""

from __future__ import annotations

from importlib import import_module

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable

    from checkers.core.model import Report
    from checkers.report.view import View

# Name on the command line -> module; imported when asked for.
FORMATS = {
    "text": "checkers.report.text",
    "concise": "checkers.report.concise",
    "json": "checkers.report.json",
    "markdown": "checkers.report.markdown",
    "github": "checkers.report.github",
    "sarif": "checkers.report.sarif",
}


def renderer(name: str) -> Callable[[Report, View], str]:
    """The `render` function of an output format."""
    render: Callable[[Report, View], str] = import_module(FORMATS[name]).render
    return render
