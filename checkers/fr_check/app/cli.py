"""The command line: options in, one run, a rendering out, an exit status. The only module that imports click."""

from __future__ import annotations

import sys
from functools import partial

import click

from fr_check import __version__
from fr_check.app.arguments import COMPLETION, completed
from fr_check.app.command import STATUS_INTERRUPTED, STATUS_MISUSE, answer, check, colored, guarded
from fr_check.app.options import (
    ASKING,
    COMMANDS,
    FLAG,
    FOLDER,
    KEYS,
    NEEDED_KEYS,
    OUTPUTS,
    PAST,
    PAST_SUMMARY,
    PATH,
    REPORTS,
    RULES,
    output_pair,
    rule_names,
)
from fr_check.core.registry import CHECKERS
from fr_check.core.trouble import Trouble
from fr_check.report import FORMATS

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence
    from typing import Any, NoReturn

    from click.shell_completion import CompletionItem

    from fr_check.app.options import Command, Option
    from fr_check.fixes.adding.plan import WishKind

    _Type = click.ParamType[str]
else:
    _Type = click.ParamType


def _rules(context: click.Context, parameter: click.Parameter, value: tuple[str, ...]) -> tuple[str, ...]:
    """`--select a,b`, once or more often, checked against the rules there are."""
    del context
    names = rule_names(value)
    from fr_check.core.rule_ids import RULE_IDS  # noqa: PLC0415 - only to check a name
    from fr_check.core.selection import unknown_names  # noqa: PLC0415
    from fr_check.core.trouble import did_you_mean  # noqa: PLC0415

    for name in unknown_names(names):
        near = did_you_mean(name, {*RULE_IDS, *CHECKERS, "hygiene"})
        message = f"unknown rule `{name}`{near} (`fr-check rules` lists every rule)"
        raise click.BadParameter(message, param=parameter)
    return names


def _outputs(
    context: click.Context, parameter: click.Parameter, values: tuple[str, ...]
) -> tuple[tuple[str, str], ...]:
    """`--output-file FORMAT=FILE`, once or more often."""
    del context
    pairs = [output_pair(value) for value in values]
    for value, pair in zip(values, pairs, strict=True):
        if pair is None:
            message = f"`{value}` is no FORMAT=FILE; the formats are {', '.join(FORMATS)}"
            raise click.BadParameter(message, param=parameter)
    return tuple(pair for pair in pairs if pair is not None)


def _complete_rules(context: click.Context, parameter: click.Parameter, incomplete: str) -> list[str]:
    del context, parameter
    from fr_check.core.rule_ids import RULE_IDS  # noqa: PLC0415

    return sorted(name for name in RULE_IDS if name.startswith(incomplete))


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


def _parameter(option: Option) -> click.Parameter:
    """What click makes of an option."""
    if option.kind == FOLDER:
        return click.Argument((option.key,), required=False, type=_FILE, metavar=option.metavar)
    if option.kind in {REPORTS, KEYS, NEEDED_KEYS}:
        needed, takes = option.kind == NEEDED_KEYS, _FILE if option.kind == REPORTS else None
        return click.Argument((option.key,), nargs=-1, required=needed, type=takes, metavar=option.metavar)
    names = (option.key, *option.spellings)
    if option.kind == FLAG:
        return click.Option(names, is_flag=True, help=option.help)
    if option.kind == RULES:
        return click.Option(names, multiple=True, metavar=option.metavar, callback=_rules, help=option.help)
    if option.kind == OUTPUTS:
        return click.Option(names, multiple=True, metavar=option.metavar, callback=_outputs, help=option.help)
    kind = click.Choice(option.choices) if option.choices else _FILE if option.kind == PATH else None
    return click.Option(names, type=kind, metavar=option.metavar, default=option.default, help=option.help)


def _command(name: str, command: Command) -> click.Command:
    """A checking command."""

    def run(**options: Any) -> int:
        # Click would make status 1, which means findings, of a reader that went away.
        return guarded(partial(check, command.checkers, options))

    params = [_parameter(option) for option in command.options]
    return click.Command(name, callback=run, params=params, help=command.summary, short_help=command.summary)


@click.group(context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 110})
@click.version_option(__version__, prog_name="fr-check")
def cli() -> None:
    """Finds configuration drift before it is merged.

    Exit status: 0 clean, 1 findings, 2 misuse, 3 something could not be judged.
    """


for _name, _checking in COMMANDS.items():
    cli.add_command(_command(_name, _checking))


@cli.command()
@click.argument("path", required=False, type=_FILE)
@click.option("--hooks", is_flag=True, help="Also the commit hook, in .pre-commit-config.yaml.")
@click.option("--workflow", is_flag=True, help="Also a workflow, .github/workflows/fr-check.yml.")
@click.option("--accept", is_flag=True, help="Also a baseline that accepts what there is.")
@click.option("--diff", is_flag=True, help="Show what would be written as a patch, and write nothing.")
def init(path: str | None, **options: bool) -> int:
    """Write what was recognised as configuration; nothing that is there is overwritten."""
    from fr_check.app import init as making  # noqa: PLC0415

    return guarded(partial(making.run, path, **options))


@cli.command()
@click.argument("rule", shell_complete=_complete_rules)
def explain(rule: str) -> None:
    """Show a rule's manual page."""
    from fr_check.app.manual import page  # noqa: PLC0415

    click.echo(page(rule), nl=False)


@cli.command()
@click.option("--format", "format_", type=click.Choice(("text", "json")), default="text", help="Output format.")
def rules(format_: str) -> None:
    """List every rule: id, severity, checker, summary."""
    from fr_check.app.manual import listing  # noqa: PLC0415

    click.echo(listing(format_), nl=False)


@cli.command()
@click.option("--root", type=_FILE, metavar="DIR", help="Repository. [default: the one around here]")
@click.option("--staged", is_flag=True, help="The policy of the index.")
@click.option("--rev", metavar="REV", help="The policy of a commit.")
@click.option("--config", "file", type=_FILE, help="Read the policy from this file.")
@click.option("--format", "format_", type=click.Choice(("text", "json")), default="text", help="Output format.")
def config(root: str | None, rev: str | None, file: str | None, format_: str, *, staged: bool) -> int:
    """Show the effective settings, and where each of them comes from."""
    from fr_check.app.command import read_file  # noqa: PLC0415
    from fr_check.app.invocation import Invocation  # noqa: PLC0415
    from fr_check.app.settings import in_force, render  # noqa: PLC0415

    asked = Invocation((), root=root, staged=staged, rev=rev, config=read_file(file) if file else None)
    context = asked.context(*asked.open())
    click.echo(render(in_force(context.config, frozenset(context.repository.paths())), format_), nl=False)
    return 0


def _history(**options: Any) -> int:
    from fr_check.app import past  # noqa: PLC0415

    return guarded(partial(past.run, options))


cli.add_command(
    click.Command(
        "history",
        callback=_history,
        params=[click.Argument(("path",), required=False, type=_FILE), *map(_parameter, PAST)],
        help=PAST_SUMMARY,
        short_help=PAST_SUMMARY,
    )
)


def _answer(name: str, **options: Any) -> int:
    return guarded(partial(answer, name, options))


for _name, _asking in ASKING.items():
    cli.add_command(
        click.Command(
            _name,
            callback=partial(_answer, _name),
            params=[_parameter(option) for option in _asking.options],
            help=_asking.summary,
            short_help=_asking.summary,
        )
    )


@cli.command()
@click.argument("key")
@click.option("--kind", type=click.Choice(("frontend", "backend", "secret")), required=True, help="Who reads it.")
@click.option("--default", metavar="VALUE", help="Its default, as a text.")
@click.option("--type", "type_", metavar="TYPE", help="Its type in Python. [default: told from --default]")
@click.option("--describe", metavar="TEXT", help="A comment above it in the example.")
@click.option("--app", metavar="DIR", help="The folder of the application that is meant, where there are several.")
@click.option("--class", "owner", metavar="NAME", help="The class of settings, where there are several.")
@click.option("--after", metavar="KEY", help="The variable that it is to stand below.")
@click.option("--in-submodule", is_flag=True, help="Write a template in a submodule's working tree, too; never commit.")
@click.option("--root", type=_FILE, metavar="DIR", help="Repository. [default: the one around here]")
@click.option("--diff", is_flag=True, help="Show the patch, and write nothing.")
def add(
    key: str, kind: WishKind, type_: str | None, root: str | None, *, diff: bool, in_submodule: bool, **rest: str | None
) -> int:
    """Add a variable in every place that the project keeps it; the rest is printed as next steps."""
    from fr_check.app import editing  # noqa: PLC0415
    from fr_check.fixes.adding.plan import Wish, plan  # noqa: PLC0415

    wish = Wish(key, kind, type=type_, in_submodule=in_submodule, **rest)
    return editing.run(root, lambda context: plan(context, wish), diff=diff, show=partial(click.echo, nl=False))


@cli.command()
@click.argument("old")
@click.argument("new")
@click.option("--app", metavar="DIR", help="The folder of the application that is meant, where there are several.")
@click.option("--keep-old", is_flag=True, help="Let what reads it take the old name, too, where the new one is unset.")
@click.option("--root", type=_FILE, metavar="DIR", help="Repository. [default: the one around here]")
@click.option("--diff", is_flag=True, help="Show the patch, and write nothing.")
def rename(old: str, new: str, app: str | None, root: str | None, *, keep_old: bool, diff: bool) -> int:
    """Give a variable another name in every place that is understood; the others are printed as next steps."""
    from fr_check.app import editing  # noqa: PLC0415
    from fr_check.fixes.renaming.plan import plan  # noqa: PLC0415

    make = partial(plan, old=old, new=new, keep=keep_old, folder=app or "")
    return editing.run(root, make, diff=diff, show=partial(click.echo, nl=False))


@cli.command()
@click.argument("key")
@click.option("--app", metavar="DIR", help="The folder of the application that is meant, where there are several.")
@click.option("--root", type=_FILE, metavar="DIR", help="Repository. [default: the one around here]")
@click.option("--diff", is_flag=True, help="Show the patch, and write nothing.")
def remove(key: str, app: str | None, root: str | None, *, diff: bool) -> int:
    """Take a variable out of every place that the project keeps it; refused while code reads it."""
    from fr_check.app import editing  # noqa: PLC0415
    from fr_check.fixes.remove import plan  # noqa: PLC0415

    return editing.run(
        root, lambda context: plan(context, key, app or ""), diff=diff, show=partial(click.echo, nl=False)
    )


@cli.command()
@click.option("--keep", type=_FILE, metavar="DIR", help="Build the sample project here and keep it.")
def demo(keep: str | None) -> int:
    """Build the sample project and check it; exit 0 when everything planted in it was found."""
    from fr_check.app.demo import run_demo  # noqa: PLC0415

    return run_demo(keep, click.echo, color=colored("auto", sys.stdout))


@cli.command()
@click.argument("shell", type=click.Choice(("bash", "zsh", "fish")))
def completion(shell: str) -> None:
    """Print the completion script of a shell."""
    from click.shell_completion import get_completion_class  # noqa: PLC0415

    kind = get_completion_class(shell)
    if kind is None:
        raise Trouble(f"no completion for {shell}")
    click.echo(kind(cli, {}, "fr-check", COMPLETION).source())


def main(arguments: Sequence[str] | None = None) -> NoReturn:
    """The entry point of every command line: turns every outcome into an exit status."""
    sys.exit(guarded(partial(_run, arguments)))


def _run(arguments: Sequence[str] | None) -> int:
    try:
        words = _completed(sys.argv[1:] if arguments is None else arguments)
        return int(cli.main(words, prog_name="fr-check", complete_var=COMPLETION, standalone_mode=False) or 0)
    except click.ClickException as error:
        _pointing_to_root(error).show()
        return STATUS_MISUSE
    except click.Abort:
        return STATUS_INTERRUPTED


def _pointing_to_root(error: click.ClickException) -> click.ClickException:
    """A word too many is most likely meant for the folder."""
    context = error.ctx if isinstance(error, click.UsageError) else None
    options = [spelling for one in context.command.params for spelling in one.opts] if context else []
    if "--root" in options and error.message.startswith("Got unexpected extra argument"):
        return click.UsageError(f"{error.message}; a folder is named with `--root DIR`", context)
    return error


def _completed(words: Sequence[str]) -> list[str]:
    try:
        return completed(words)
    except Trouble as trouble:
        # As click complains of everything else about a command line.
        end = "" if trouble.message.endswith("?") else "."
        raise click.UsageError(f"{trouble.message}{end} {trouble.help}.") from None
