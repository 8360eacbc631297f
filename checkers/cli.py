"""The command line: options in, one run, a rendering out, an exit status. The only module that imports click."""

from __future__ import annotations

import os
import sys
from typing import TYPE_CHECKING, Any, NoReturn

import click

from checkers import __version__
from checkers.core.registry import CHECKERS
from checkers.core.trouble import Trouble
from checkers.report import FORMATS

if TYPE_CHECKING:
    from collections.abc import Sequence

    from click.shell_completion import CompletionItem

    from checkers.invocation import Invocation

    _Type = click.ParamType[str]
else:
    _Type = click.ParamType

# 0 to 3 are verdicts; sysexits' EX_SOFTWARE says that the fault is this program's own.
STATUS_MISUSE = 2
STATUS_BUG = 70
STATUS_INTERRUPTED = 130
STATUS_BROKEN_PIPE = 141
_LEVELS = ("error", "warning", "info")


def _rules(context: click.Context, parameter: click.Parameter, value: tuple[str, ...]) -> tuple[str, ...]:
    """`--select a,b`, once or more often, checked against the rules there are."""
    del context
    names = tuple(name.strip() for name in ",".join(value).split(",") if name.strip())
    if not names:
        return ()
    from checkers.core.registry import rule_ids  # noqa: PLC0415 - imports every checker; only to check a name
    from checkers.core.trouble import did_you_mean  # noqa: PLC0415

    known = rule_ids()
    for name in names:
        if name not in known:
            message = f"unknown rule `{name}`{did_you_mean(name, known)} (`fr-check rules` lists every rule)"
            raise click.BadParameter(message, param=parameter)
    return names


def _complete_rules(context: click.Context, parameter: click.Parameter, incomplete: str) -> list[str]:
    del context, parameter
    from checkers.core.registry import rule_ids  # noqa: PLC0415

    return sorted(name for name in rule_ids() if name.startswith(incomplete))


def _flag(*names: str, help: str) -> click.Option:  # noqa: A002 - click's word
    return click.Option(names, is_flag=True, help=help)


class _Path(_Type):
    """A path that the shell completes. `click.Path` looks for translations, which costs every command a millisecond."""

    name = "file"

    def convert(self, value: str, param: click.Parameter | None, ctx: click.Context | None) -> str:
        """The path; an empty one, as of a variable that is not set, is a mistake and not the default."""
        return value or self.fail("the name of the file is empty", param, ctx)

    def shell_complete(self, ctx: click.Context, param: click.Parameter, incomplete: str) -> list[CompletionItem]:
        """Has the shell complete it."""
        del ctx, param
        from click.shell_completion import CompletionItem  # noqa: PLC0415 - only when a shell asks

        return [CompletionItem(incomplete, type="file")]


_FILE = _Path()
# Shared by every checking command; a parameter holds no state, so one object serves them all.
_COMMON: tuple[click.Parameter, ...] = (
    click.Option(("--root",), type=_FILE, metavar="DIR", help="Repository to check. [default: the one around here]"),
    _flag("--staged", help="Judge the index: what a commit would record."),
    click.Option(("--rev",), metavar="REV", help="Judge a commit; needs no working tree."),
    click.Option(("--base",), metavar="REV", help="What to compare with. [default: the target branch, else HEAD]"),
    click.Option(("--format", "format_"), type=click.Choice(tuple(FORMATS)), default="text", help="Output format."),
    click.Option(("--output",), type=_FILE, help="Write the report to a file instead."),
    click.Option(("--select",), multiple=True, metavar="RULE,...", callback=_rules, help="Run only these rules."),
    click.Option(("--ignore",), multiple=True, metavar="RULE,...", callback=_rules, help="Do not run these rules."),
    click.Option(("--fail-on",), type=click.Choice(_LEVELS), default="error", help="Lowest severity that fails."),
    _flag("--allow-unknown", help="Exit 0 although something could not be judged."),
    click.Option(("--config",), type=_FILE, help="Read the policy from this file."),
    click.Option(("--baseline",), type=_FILE, help="Accept the findings of this earlier JSON report."),
    click.Option(("--color",), type=click.Choice(("auto", "always", "never")), default="auto", help="NO_COLOR counts."),
    _flag("-q", "--quiet", help="Only findings that fail, and what was not judged."),
    _flag("-v", "--verbose", help="Also info findings, and what was looked at."),
)
# Options of single checkers, named by their entries in the registry.
_OWN: dict[str, click.Parameter] = {
    "facts": _flag("--facts", help="Print the table of what was read instead of judging it."),
    "online": _flag("--online", help="Ask the submodule's upstream over the network."),
    "each-commit": _flag("--each-commit", help="Judge every commit between base and head."),
    "log": _flag("--log", help="List the commits between the two pointers."),
    "record": click.Option(("--record",), type=_FILE, help="Write the totals to a file."),
    "reports": click.Argument(("reports",), nargs=-1, type=_FILE, metavar="[REPORT ...]"),
}


def _command(name: str, checkers: tuple[str, ...], summary: str, own: tuple[str, ...]) -> click.Command:
    """A checking command: the options of its checkers, and the common ones."""

    def run(**options: Any) -> None:
        _check(checkers, options)

    params = [*(_OWN[key] for key in own), *_COMMON]
    return click.Command(name, callback=run, params=params, help=summary, short_help=summary)


@click.group(context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 110})
@click.version_option(__version__, prog_name="fr-check")
def cli() -> None:
    """Finds configuration drift before it is merged.

    Exit status: 0 clean, 1 findings, 2 misuse, 3 something could not be judged.
    """


cli.add_command(_command("all", tuple(CHECKERS), "Run every checker.", ("online", "each-commit")))
for _name, _entry in CHECKERS.items():
    cli.add_command(_command(_name, (_name,), _entry.summary, ("facts", *_entry.options)))


@cli.command()
@click.argument("rule", shell_complete=_complete_rules)
def explain(rule: str) -> None:
    """Show a rule's manual page."""
    from checkers.manual import page  # noqa: PLC0415

    click.echo(page(rule), nl=False)


@cli.command()
@click.option("--format", "format_", type=click.Choice(("text", "json")), default="text", help="Output format.")
def rules(format_: str) -> None:
    """List every rule: id, severity, checker, summary."""
    from checkers.manual import listing  # noqa: PLC0415

    click.echo(listing(format_), nl=False)


@cli.command()
@click.option("--keep", type=_FILE, metavar="DIR", help="Build the sample project here and keep it.")
def demo(keep: str | None) -> None:
    """Build the sample project and check it; exit 0 when everything planted in it was found."""
    from checkers.demo import run_demo  # noqa: PLC0415

    raise SystemExit(run_demo(keep, click.echo, color=_colored("auto", sys.stdout)))


@cli.command()
@click.argument("shell", type=click.Choice(("bash", "zsh", "fish")))
def completion(shell: str) -> None:
    """Print the completion script of a shell."""
    from click.shell_completion import get_completion_class  # noqa: PLC0415

    kind = get_completion_class(shell)
    if kind is None:
        raise Trouble(f"no completion for {shell}")
    click.echo(kind(cli, {}, "fr-check", "_FR_CHECK_COMPLETE").source())


def _check(names: Sequence[str], options: dict[str, Any]) -> NoReturn:
    from checkers.core.model import Severity  # noqa: PLC0415 - not for --help
    from checkers.invocation import Invocation  # noqa: PLC0415

    output, config, baseline = options.pop("output"), options.pop("config"), options.pop("baseline")
    invocation = Invocation(
        checkers=tuple(names),
        color=_colored(options.pop("color"), None if output else sys.stdout),
        config=_read(config) if config else None,
        baseline=_read(baseline) if baseline else None,
        fail_on=Severity[options.pop("fail_on").upper()],
        **options,
    )
    if invocation.record and invocation.facts:
        raise Trouble("--record and --facts exclude each other", "what is not judged is not recorded either")
    if invocation.facts or invocation.log:
        _show_tables(invocation, output)
    outcome = invocation.run()
    _write(outcome.rendered, output)
    if outcome.recorded is not None:
        _write(outcome.recorded, invocation.record)
    for remark in outcome.report.remarks:
        click.echo(f"fr-check: note: {remark}", err=True)
    raise SystemExit(outcome.status)


def _show_tables(invocation: Invocation, output: str | None) -> NoReturn:
    rendered, unknowns = invocation.tables()
    _write(rendered, output)
    if not rendered and not unknowns:
        what = "no pointer moved since the base" if invocation.log else "there is nothing to show"
        click.echo(f"fr-check: note: {what}", err=True)
    for unknown in unknowns:
        click.echo(f"fr-check: not read: {unknown.message} ({unknown.help})", err=True)
    raise SystemExit(3 if unknowns and not invocation.allow_unknown else 0)


def _read(path: str) -> tuple[str, bytes]:
    try:
        with open(path, "rb") as file:
            return path, file.read()
    except OSError as error:
        raise Trouble(f"{path} cannot be read: {error.strerror}", "check the path") from None


def _write(string: str, path: str | None) -> None:
    if path in {None, "-"}:
        _print(string.encode("utf-8", "surrogateescape"))
        return
    try:
        with open(path, "w", encoding="utf-8", errors="surrogateescape") as file:
            file.write(string)
    except OSError as error:
        missing = isinstance(error, FileNotFoundError)
        cure = "make its folder first, or name another file" if missing else "name a file that may be written"
        raise Trouble(f"{path} cannot be written: {error.strerror}", cure) from None


def _print(data: bytes) -> None:
    try:
        click.echo(data, nl=False)
    except BrokenPipeError:
        _forget_output()
        raise SystemExit(STATUS_BROKEN_PIPE) from None  # click would make it 1, which means findings
    except OSError as error:
        _forget_output()
        raise Trouble(
            f"the output cannot be written: {error.strerror}", "make room, or choose another --output"
        ) from None


def _forget_output() -> None:
    """What is left to flush must not fail again at exit."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def _colored(choice: str, stream: Any) -> bool:
    if choice != "auto":
        return choice == "always"
    plain = os.environ.get("NO_COLOR") or os.environ.get("TERM") == "dumb"
    return stream is not None and bool(stream.isatty()) and not plain


def main(arguments: Sequence[str] | None = None) -> NoReturn:
    """The entry point: turns every outcome into an exit status; never shows a traceback for a user's mistake."""
    try:
        status = cli.main(arguments, prog_name="fr-check", complete_var="_FR_CHECK_COMPLETE", standalone_mode=False)
        sys.stdout.flush()
    except Trouble as trouble:
        click.echo(f"fr-check: {trouble.message}" + (f"\n  help: {trouble.help}" if trouble.help else ""), err=True)
        status = STATUS_MISUSE
    except click.ClickException as error:
        error.show()
        status = STATUS_MISUSE
    except (click.Abort, KeyboardInterrupt):
        status = STATUS_INTERRUPTED
    except BrokenPipeError:
        _forget_output()  # The reader of a pipe went away: `| head`.
        status = STATUS_BROKEN_PIPE
    except Exception as error:  # noqa: BLE001 - the last line of defence: a bug must say that it is ours
        status = _confess(error)
    sys.exit(status)


def _confess(error: Exception) -> int:
    """Keeps the traceback in a file a person can send, and says so in two lines."""
    import tempfile  # noqa: PLC0415
    import traceback  # noqa: PLC0415

    with tempfile.NamedTemporaryFile("w", prefix="fr-check-", suffix=".log", delete=False, encoding="utf-8") as log:
        log.write(f"fr-check {__version__}, Python {sys.version}\n{' '.join(sys.argv)}\n\n")
        traceback.print_exception(error, file=log)
    click.echo(f"fr-check: internal error: {type(error).__name__}: {error}", err=True)
    click.echo(f"  help: this is a bug in fr-check, not in your repository; please report it with {log.name}", err=True)
    return STATUS_BUG
