"""One run of `fr-check history`."""

from __future__ import annotations

import os
import sys
from functools import partial

from fr_check.app import ending
from fr_check.app.command import guarded, read_file, write
from fr_check.app.mishap import say
from fr_check.core.text import digits
from fr_check.core.trouble import Trouble

TYPE_CHECKING = False
if TYPE_CHECKING:
    import threading
    from typing import Any

    from fr_check.history.report import Told
    from fr_check.history.run import Asked


def run(options: dict[str, Any]) -> int:
    """Judges the history and prints the story; 3 where something was not judged and that is to count."""
    import gc  # noqa: PLC0415
    import threading  # noqa: PLC0415 - what hands work to other processes has threads of its own

    threading.excepthook = _end_with
    from fr_check.history.run import Asked, history  # noqa: PLC0415 - not for --help

    gc.enable()  # A run of thousands of commits is not the short one that may leave its garbage.
    config = options.pop("config")
    form, output, everything = options.pop("format_"), options.pop("output"), options.pop("everything")
    strict, jobs = options.pop("strict_unknown"), _number(options.pop("jobs"))
    options["store"] = not options.pop("no_store")
    repositories, clones, scheduler = (options.pop(name) for name in ("repositories", "clones", "scheduler"))
    asked = Asked(jobs=jobs, config=read_file(config) if config else None, **options)
    if repositories is not None:
        return _many(asked, read_file(repositories), clones, scheduler, form, output, strict=strict)
    if scheduler or clones or form == "csv":
        raise Trouble("--scheduler, --clones and --format csv are for many repositories", "name them: --repositories")
    told = history(asked, _progress())
    write(_rendered(told, form, everything=everything), output)
    for remark in told.remarks:
        say(f"note: {remark}")
    return 3 if strict and told.story.partly else 0


def _end_with(failed: threading.ExceptHookArgs) -> None:
    """Ends a run of which a thread has failed, as a failure of its own would: nobody else would know."""
    error = failed.exc_value
    if isinstance(error, Exception):
        status = guarded(partial(_raised, error))
        ending.tidy()
        os._exit(status)


def _raised(error: Exception) -> int:
    raise error


def _many(
    asked: Asked,
    listed: tuple[str, bytes],
    clones: str | None,
    scheduler: str | None,
    form: str,
    output: str | None,
    *,
    strict: bool,
) -> int:
    """Judges many repositories; 1 where one of them failed."""
    from fr_check.history import many  # noqa: PLC0415 - only where it is asked for

    if asked.path is not None:
        raise Trouble("--repositories and PATH exclude each other", "put the folder into the list")
    names = many.read_list(*listed)
    results = list(many.all_of(names, asked, clones, scheduler, _name_on_terminal))
    write(many.render(results, form), output)
    if any(result.told is None for result in results):
        return 1
    return 3 if strict and any(result.told.story.partly for result in results if result.told) else 0


def _name_on_terminal(name: str) -> None:
    if sys.stderr is not None and sys.stderr.isatty():
        sys.stderr.write(f"{name}\n")


def _number(word: str | None) -> int | None:
    number = digits(word or "")
    if word is not None and not (word.isascii() and number):
        raise Trouble(f"--jobs {word} is no number of processes", "write it as --jobs 4")
    return number


def _rendered(told: Told, form: str, *, everything: bool) -> str:
    if form == "json":
        from fr_check.history import report  # noqa: PLC0415

        return report.render(told)
    if form == "html":
        from fr_check.history import page  # noqa: PLC0415

        return page.render(told)
    from fr_check.history import text  # noqa: PLC0415

    return text.render(told, everything=everything)


def _progress() -> Any:
    """What shows how far it is, on a terminal only."""
    if sys.stderr is None or not sys.stderr.isatty():
        return None

    def show(done: int, of: int) -> None:
        sys.stderr.write(f"\r{done} of {of} commits" + ("\n" if done == of else ""))
        sys.stderr.flush()

    return show
