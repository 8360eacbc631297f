"""Runs one checking command: options in, output and exit status out; every mistake and mishap has its status."""

from __future__ import annotations

import os
import sys

from fr_check.app.ending import make_room
from fr_check.app.mishap import NO_MEMORY, confess, harmless, say, scarcity
from fr_check.core.trouble import Trouble

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from typing import Any

    from fr_check.app.invocation import Invocation, Outcome

# 0 to 3 are verdicts.
STATUS_MISUSE = 2
STATUS_INTERRUPTED = 130
STATUS_BROKEN_PIPE = 141
_NAMED_LIMIT = 64 * 1024 * 1024

# The process ends right after the output: its memory goes back in one piece, not object by object.
_kept: list[Outcome] = []


def guarded(work: Callable[[], int]) -> int:
    """The exit status of some work, whatever comes of it; never shows a traceback for a user's mistake."""
    try:
        status = work()
        if sys.stdout is not None:
            sys.stdout.flush()
    except Trouble as trouble:
        say(trouble.message + (f"\n  help: {trouble.help}" if trouble.help else ""))
        return STATUS_MISUSE
    except KeyboardInterrupt:
        return STATUS_INTERRUPTED
    except BrokenPipeError:
        _forget_output()  # The reader of a pipe went away: `| head`.
        return STATUS_BROKEN_PIPE
    except Exception as error:  # noqa: BLE001 - the last line of defence: a bug must say that it is ours
        scarce = scarcity(error)
        if scarce is None:
            return confess(error)
        if scarce is NO_MEMORY:
            make_room()
            error.__traceback__ = error.__context__ = None  # with all that the run still held
        say("{}\n  help: {}".format(*scarce), quotes=False)
        return STATUS_MISUSE
    return status


def check(names: Sequence[str], options: dict[str, Any]) -> int:
    """Runs checkers with the values of all options, by their keys in `options`, and prints; the exit status."""
    from fr_check.repository.place import Place  # noqa: PLC0415 - not for --help

    _refuse_contradictions(options)
    output, config, baseline = options["output"], options.pop("config"), options.pop("baseline")
    update, fail_on = options.pop("update_baseline"), options.pop("fail_on")
    # Git looks while the rest is imported.
    path = options.pop("path", None)
    if path and options["root"]:
        raise Trouble(f"--root and {path} both name a folder", "leave one of them out")
    options["root"] = Place(path or options["root"], around=bool(path))
    from fr_check.app.invocation import Invocation  # noqa: PLC0415
    from fr_check.core.model import Severity  # noqa: PLC0415

    invocation = Invocation(
        checkers=tuple(names),
        color=colored(options.pop("color"), None if output else sys.stdout),
        config=read_file(config) if config else None,
        baseline=_read_baseline(baseline) if baseline else None,
        fail_on=Severity[fail_on.upper()] if fail_on else None,
        **options,
    )
    if invocation.record and invocation.facts:
        raise Trouble("--record and --facts exclude each other", "what is not judged is not recorded either")
    if invocation.facts or invocation.log:
        return _show_tables(invocation, output)
    outcome = invocation.run()
    _kept[:] = [outcome]
    write(_cured(invocation, outcome, output) if outcome.cured is not None else outcome.rendered, output)
    for path, rendered in outcome.files:
        write(rendered, path)
    if output and output != "-":
        say(f"{outcome.summary.removeprefix('fr-check: ')}; the report is in {output}")
    if outcome.recorded is not None:
        write(outcome.recorded, invocation.record)
    elif invocation.record:
        say(f"note: {invocation.record} is left as it is: not everything that was asked for could be judged")
    for remark in (*outcome.report.remarks, *filter(None, (outcome.unsaid,))):
        say(f"note: {remark}")
    _tell_cured(outcome, invocation, update=update)
    return outcome.status


def answer(question: str, options: dict[str, Any]) -> int:
    """Answers `trace` or `matrix` with the values of all options, by their keys in `options`; the exit status."""
    from fr_check.app import tracing  # noqa: PLC0415 - not for a check

    return tracing.trace(options) if question == "trace" else tracing.matrix(options)


def _refuse_contradictions(options: Mapping[str, Any]) -> None:
    """Refuses options of which one would undo, or do nothing beside, another.

    Raises:
        Trouble: there are such options.
    """
    if options["quiet"] and options["verbose"]:
        raise Trouble("--quiet and --verbose exclude each other", "leave one of them out")
    if options["unsafe_fixes"] and not (options["fix"] or options["diff"]):
        raise Trouble("--unsafe-fixes does nothing alone", "add --diff to see the fixes, or --fix to make them")
    written: set[str] = set()
    for path in (options["output"], options.get("record"), *(path for _, path in options["outputs"])):
        if not path or (os.path.exists(path) and not os.path.isfile(path)):  # a device takes all that comes
            continue
        full = path if path == "-" else os.path.realpath(path)
        if full in written:
            name = "the standard output" if path == "-" else path
            raise Trouble(f"{name} is named for two outputs, of which one would be lost", "name a file for each")
        written.add(full)


def _cured(invocation: Invocation, outcome: Outcome, output: str | None) -> str:
    """Writes what --fix changes, or shows it as a patch for --diff; what to print."""
    from fr_check.app.fixing import told  # noqa: PLC0415 - only with one of these options

    done = outcome.cured
    if done is None:
        return outcome.rendered
    rendered = outcome.rendered
    if invocation.diff:
        from fr_check.app.fixing import patched  # noqa: PLC0415

        made = patched(done)
        # A pipe gets what `git apply` takes; a terminal would do what control characters say.
        rendered = made.text if output or not _on_terminal() else harmless(made.text)
        for path in done.links:
            say(f"note: {path} is a link that --fix makes a file of; git applies no patch that does")
        if made.masked:
            say("note: values that may be secret are masked, so that this patch cannot be applied")
    elif done.files:
        from fr_check.fixes.writing import write  # noqa: PLC0415

        write(outcome.root, done.files)
    for line in told(done, verbose=invocation.verbose, written=not invocation.diff):
        say(line)
    return rendered


def _on_terminal() -> bool:
    return sys.stdout is not None and sys.stdout.isatty()


def _tell_cured(outcome: Outcome, invocation: Invocation, *, update: bool) -> None:
    """Says which entries of the baseline are needed no more, and takes them out where that was asked for."""
    if update and outcome.baseline is None:
        raise Trouble("--update-baseline has no baseline to update", "name one with --baseline, or in the policy")
    cured = sum(outcome.report.cured.values())
    if not cured or outcome.baseline is None:
        return
    path, data = outcome.baseline
    matches = f"{cured} entr{'y' if cured == 1 else 'ies'} of {path} match{'es' if cured == 1 else ''} nothing any more"
    if not update:
        say(f"note: {matches}; `--update-baseline` takes them out")
        return
    from fr_check.core.baseline import without  # noqa: PLC0415 - only to write one

    target = path if invocation.baseline else os.path.join(outcome.root, path)
    write(without(path, data, outcome.report.cured), target)
    say(f"note: {matches}, and {'is' if cured == 1 else 'are'} taken out")


def _show_tables(invocation: Invocation, output: str | None) -> int:
    rendered, unknowns = invocation.tables()
    write(rendered, output)
    if not rendered and not unknowns:
        say("note: " + ("no pointer moved since the base" if invocation.log else "there is nothing to show"))
    for unknown in unknowns:
        say(f"not read: {unknown.message} ({unknown.help})")
    return 3 if unknowns and not invocation.allow_unknown else 0


def read_file(path: str) -> tuple[str, bytes]:
    """A file that an option names: its path as given, and its content.

    Raises:
        Trouble: it cannot be read, or it has no end, as /dev/zero.
    """
    try:
        with open(path, "rb") as file:
            data = file.read(_NAMED_LIMIT + 1)
    except OSError as error:
        raise Trouble(f"{path} cannot be read: {error.strerror}", "check the path") from None
    if len(data) > _NAMED_LIMIT:
        raise Trouble(f"{path} is larger than {_NAMED_LIMIT >> 20} MB, or has no end", "name a smaller file")
    return path, data


def _read_baseline(path: str) -> tuple[str, bytes]:
    """As `read_file`; one that is not there yet is empty, since it may be what this run is to write."""
    return read_file(path) if os.path.lexists(path) else (path, b"")


def write(string: str, path: str | None) -> None:
    """Writes to a file, or without one to the standard output.

    Raises:
        Trouble: the file cannot be written; one that was there has what it had.
    """
    if path is None or path == "-":
        show(string)
        return
    from errno import ENOSPC  # noqa: PLC0415 - as the next

    from fr_check.fixes.writing import put  # noqa: PLC0415 - only where a file is named

    try:
        put(path, string.encode("utf-8", "surrogateescape"))
    except OSError as error:
        missing = isinstance(error, FileNotFoundError)
        cure = "make its folder first, or name another file" if missing else "name a file that may be written"
        cure = "make room, or name another file" if error.errno == ENOSPC else cure
        raise Trouble(f"{path} cannot be written: {error.strerror}", cure) from None


def show(string: str) -> None:
    """Writes to the standard output as UTF-8, whatever the locale; names that are no text keep their bytes.

    Raises:
        BrokenPipeError: nobody reads it any more.
        Trouble: it cannot be written.
    """
    if sys.stdout is None:  # closed by whoever started this
        return
    try:
        sys.stdout.buffer.write(string.encode("utf-8", "surrogateescape"))
        sys.stdout.buffer.flush()
    except BrokenPipeError:
        raise
    except OSError as error:
        _forget_output()
        raise Trouble(
            f"the output cannot be written: {error.strerror}", "make room, or choose another --output"
        ) from None


def _forget_output() -> None:
    """What is left to flush must not fail again at exit."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def colored(choice: str, stream: Any) -> bool:
    """Whether to colour what is written to a stream, by the choice of --color."""
    if choice != "auto":
        return choice == "always"
    if os.environ.get("NO_COLOR") or stream is None:
        return False
    return bool(os.environ.get("FORCE_COLOR")) or (bool(stream.isatty()) and os.environ.get("TERM") != "dumb")
