"""A report in, text out: one module an output format, each with `render(report, view) -> str`."""

from __future__ import annotations

from importlib import import_module

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable

    from fr_check.core.model import Report
    from fr_check.report.view import View

# Name on the command line -> module; imported when asked for.
FORMATS = {
    "text": "fr_check.report.text",
    "concise": "fr_check.report.concise",
    "json": "fr_check.report.json",
    "markdown": "fr_check.report.markdown",
    "github": "fr_check.report.github",
    "sarif": "fr_check.report.sarif",
    "gitlab": "fr_check.report.gitlab",
    "junit": "fr_check.report.junit",
}


def renderer(name: str) -> Callable[[Report, View], str]:
    """The `render` function of an output format."""
    render: Callable[[Report, View], str] = import_module(FORMATS[name]).render
    return render
