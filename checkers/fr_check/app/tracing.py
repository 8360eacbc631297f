"""`fr-check trace` and `fr-check matrix`: options in, a rendering out, an exit status."""

from __future__ import annotations

import sys

from fr_check.app.command import colored, read_file, write
from fr_check.app.mishap import say
from fr_check.core.model import Unknown
from fr_check.core.trouble import Trouble, did_you_mean

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from fr_check.app.invocation import Invocation
    from fr_check.variables.trace import Tracer


def trace(options: dict[str, Any]) -> int:
    """Traces the variables of `options["keys"]`; status 2 for a name that nothing mentions."""
    tracer, keys = _tracer(options), options["keys"]
    found = [tracer.trace(key) for key in keys]
    for one in found:
        _demand(tracer, one.variable, known=one.known)
    if options["format_"] == "json":
        from fr_check.app.trace_json import render  # noqa: PLC0415 - one format a run

        rendered = render(found)
    else:
        from fr_check.app.trace_text import markdown, text  # noqa: PLC0415

        output = options["output"]
        color = colored(options["color"], None if output else sys.stdout)
        if options["format_"] == "markdown":
            rendered = "\n".join(markdown(one) for one in found)
        else:
            rendered = "\n".join(text(one, color=color, width=_width(output)) for one in found)
    write(rendered, options["output"])
    _tell_unfollowed(tracer)
    return 0


def matrix(options: dict[str, Any]) -> int:
    """Tabulates variables by environment; without names, all that a program or page reads."""
    tracer = _tracer(options)
    from fr_check.app import matrix_formats  # noqa: PLC0415 - only for this command
    from fr_check.variables.matrix import build  # noqa: PLC0415

    keys = options["keys"]
    for key in keys:
        _demand(tracer, key, known=tracer.trace(key).known)
    found = build(tracer, keys or tracer.names())
    output = options["output"]
    color = colored(options["color"], None if output else sys.stdout)
    rendered = matrix_formats.render(found, options["format_"], color=color, width=_width(output))
    write(rendered, output)
    _tell_unfollowed(tracer)
    rows = {row.variable for row in found.rows}
    for key in keys:
        if key not in rows:
            say(f"nothing here reads `{key}`: `fr-check trace {key}` shows where it stands")
    return 0


def _tracer(options: dict[str, Any]) -> Tracer:
    """What is asked, for the repository and policy of the options."""
    from fr_check.repository.place import Place  # noqa: PLC0415 - not for --help

    # Git looks while the rest is imported.
    place = Place(options["root"])
    from fr_check.app.invocation import Invocation  # noqa: PLC0415

    asked = Invocation(
        (),
        root=place,
        staged=options["staged"],
        rev=options["rev"],
        config=read_file(options["config"]) if options["config"] else None,
    )
    return tracer_of(asked)


def tracer_of(asked: Invocation) -> Tracer:
    """What is asked, for an invocation."""
    opened = asked.open()
    from fr_check.core.registry import load_checker  # noqa: PLC0415 - not for --help
    from fr_check.env_keys.processes.refused import text_refused  # noqa: PLC0415
    from fr_check.variables.flow import Flow  # noqa: PLC0415
    from fr_check.variables.trace import Tracer  # noqa: PLC0415

    load_checker("env-keys")
    context = asked.context(*opened)
    flow = context.facts("env-keys").flow
    if isinstance(flow, Unknown) or flow is None:
        flow = Flow(context, (), {})
    return Tracer(flow, text_refused)


def _tell_unfollowed(tracer: Tracer) -> None:
    """A half-followed answer is not taken for a whole one."""
    for unknown in tracer.environments.unfollowed():
        say(f"note: {unknown.message}: what comes after that is not in this answer")
    for found in tracer.flow.services:
        if found.lost:
            what = f"{found.process.what} of {found.process.of}"
            say(f"note: {what} runs {found.lost}, which could not be followed: what it gets is not in this answer")


def _demand(tracer: Tracer, name: str, *, known: bool) -> None:
    """Refuses a name that nothing mentions.

    Raises:
        Trouble: with the nearest names.
    """
    if known:
        return
    near = did_you_mean(name, tracer.all_names())
    raise Trouble(
        f"nothing here reads, documents or passes `{name}`{near}", "`fr-check matrix` lists every variable that is read"
    )


def _width(output: str | None) -> int | None:
    """The columns of the terminal; None where there is none, and lines stay whole."""
    if output or sys.stdout is None or not sys.stdout.isatty():
        return None
    from shutil import get_terminal_size  # noqa: PLC0415 - only on a terminal

    return get_terminal_size().columns
