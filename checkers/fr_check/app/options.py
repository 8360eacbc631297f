"""The checking commands and their options, as data.

`cli` makes click's parameters of them; `arguments` reads the plain command lines of hooks and CI by the same table.
"""

from __future__ import annotations

from fr_check.core.record import NamedTuple
from fr_check.core.registry import CHECKERS
from fr_check.report import FORMATS

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable
    from typing import Final, Literal

    Takes = Literal["flag", "text", "path", "rules", "reports", "outputs", "folder", "keys", "needed keys"]


FLAG: Final = "flag"
TEXT: Final = "text"
PATH: Final = "path"
RULES: Final = "rules"
REPORTS: Final = "reports"
OUTPUTS: Final = "outputs"
FOLDER: Final = "folder"
KEYS: Final = "keys"
NEEDED_KEYS: Final = "needed keys"


class Option(NamedTuple):
    """One option: its spellings, what it takes (`kind`), and what --help says of it.

    `key` names its value; `choices`, where there are some, are all the values it may have.
    """

    key: str
    spellings: tuple[str, ...]
    help: str
    kind: Takes = TEXT
    metavar: str | None = None
    choices: tuple[str, ...] = ()
    default: str | None = None


class Command(NamedTuple):
    """One command: its options, and the checkers that it runs, none where it only answers a question."""

    checkers: tuple[str, ...]
    summary: str
    options: tuple[Option, ...]


_LEVELS = ("error", "warning", "info")
_WHEN = ("auto", "always", "never")
_BASE = "What to compare with. [default: the target branch, else HEAD]"
_COMMON = (
    Option("root", ("--root",), "Repository to check. [default: the one around here]", PATH, "DIR"),
    Option("staged", ("--staged",), "Judge the index: what a commit would record.", FLAG),
    Option("rev", ("--rev",), "Judge a commit; needs no working tree.", metavar="REV"),
    Option("base", ("--base",), _BASE, metavar="REV"),
    Option("format_", ("--format",), "Output format. [default: text]", choices=tuple(FORMATS)),
    Option("output", ("--output",), "Write the report to a file instead.", PATH),
    Option("outputs", ("--output-file",), "Write the report to a file as well.", OUTPUTS, "FORMAT=FILE"),
    Option("select", ("--select",), "Run only these rules, checkers or globs.", RULES, "RULE,..."),
    Option("ignore", ("--ignore",), "Do not run these.", RULES, "RULE,..."),
    Option("fail_on", ("--fail-on",), "Lowest severity that fails. [default: error]", choices=_LEVELS),
    Option("allow_unknown", ("--allow-unknown",), "Exit 0 although something could not be judged.", FLAG),
    Option("exit_zero", ("--exit-zero",), "Exit 0 whatever was found.", FLAG),
    Option("config", ("--config",), "Read the policy from this file.", PATH),
    Option("baseline", ("--baseline",), "Accept the findings of this earlier JSON report.", PATH),
    Option("since", ("--since",), "Report only what came after this commit.", metavar="REV"),
    Option("update_baseline", ("--update-baseline",), "Take out of the baseline what is cured.", FLAG),
    Option("statistics", ("--statistics",), "Count the findings of each rule instead of showing them.", FLAG),
    Option("show_files", ("--show-files",), "Say which files were read, and by which checker.", FLAG),
    Option("fix", ("--fix",), "Cure what can be cured without changing a meaning.", FLAG),
    Option("unsafe_fixes", ("--unsafe-fixes",), "With --fix or --diff: also what a person should look at.", FLAG),
    Option("diff", ("--diff",), "Show what --fix would do as a patch, and write nothing.", FLAG),
    Option("color", ("--color",), "NO_COLOR and FORCE_COLOR count.", choices=_WHEN, default="auto"),
    Option("quiet", ("-q", "--quiet"), "Only findings that fail, and what was not judged.", FLAG),
    Option("verbose", ("-v", "--verbose"), "Also info findings, and what was looked at.", FLAG),
)
# Options of single checkers, named by their entries in the registry; every one of them has `facts`.
_OWN = {
    "facts": Option("facts", ("--facts",), "Print the table of what was read instead of judging it.", FLAG),
    "online": Option("online", ("--online",), "Ask the submodule's upstream over the network.", FLAG),
    "each-commit": Option("each_commit", ("--each-commit",), "Judge every commit between base and head.", FLAG),
    "log": Option("log", ("--log",), "List the commits between the two pointers.", FLAG),
    "record": Option("record", ("--record",), "Write the totals to a file.", PATH),
    "reports": Option("reports", (), "", REPORTS, "[REPORT ...]"),
    "path": Option("path", (), "", FOLDER, "[PATH]"),
}


def _command(checkers: tuple[str, ...], summary: str, own: tuple[str, ...]) -> Command:
    return Command(checkers, summary, (*(_OWN[name] for name in own), *_COMMON))


def _of_checker(options: tuple[str, ...]) -> tuple[str, ...]:
    """The options of a checker's own command; it takes a folder as `all` does, unless its words are reports."""
    return ("facts", *options, *(() if "reports" in options else ("path",)))


COMMANDS = {
    "all": _command(tuple(CHECKERS), "Run every checker.", ("online", "each-commit", "path")),
    **{name: _command((name,), entry.summary, _of_checker(entry.options)) for name, entry in CHECKERS.items()},
}


# The other commands.
OTHERS = (
    "init", "explain", "rules", "config", "history", "demo", "completion", "trace", "matrix", "add", "rename", "remove",
)  # fmt: skip
# Of `fr-check history`.
_PAST_FORMATS = ("text", "json", "html", "csv")
_UNTIL = "The last commit. [default: HEAD]"
PAST = (
    Option("since", ("--since",), "Begin at a commit or a date (2026-01-31, `6 months ago`).", metavar="DATE|REV"),
    Option("until", ("--until",), _UNTIL, metavar="REV"),
    Option("select", ("--select",), "Run only these rules, checkers or globs.", RULES, "RULE,..."),
    Option("ignore", ("--ignore",), "Do not run these.", RULES, "RULE,..."),
    Option("policy", ("--policy",), "Today's policy, or each commit's own.", choices=("now", "then"), default="now"),
    Option("config", ("--config",), "Read the policy from this file.", PATH),
    Option("everything", ("--all",), "Every event and every state, info too.", FLAG),
    Option("format_", ("--format",), "Output format.", choices=_PAST_FORMATS, default="text"),
    Option("output", ("--output",), "Write the report to a file instead.", PATH),
    Option("jobs", ("--jobs",), "Processes. [default: one a processor]", metavar="N"),
    Option("no_store", ("--no-store",), "Neither use nor keep what was judged before.", FLAG),
    Option("fresh", ("--fresh",), "Judge everything anew.", FLAG),
    Option("repositories", ("--repositories",), "Many: a folder or an address a line of this file.", PATH),
    Option("clones", ("--clones",), "Keep the clones of addresses here. [default: none is kept]", PATH, "DIR"),
    Option("scheduler", ("--scheduler",), "Judge them on a Dask cluster.", metavar="ADDRESS"),
    Option("strict_unknown", ("--strict-unknown",), "Exit 3 where something could not be judged.", FLAG),
)
PAST_SUMMARY = "Tell which commit brought each drift, how long it lived, and what is still there."


# Of `fr-check trace` and `fr-check matrix`.
_TRACE_COMMON = (
    Option("root", ("--root",), "Repository. [default: the one around here]", PATH, "DIR"),
    Option("staged", ("--staged",), "Look at the index.", FLAG),
    Option("rev", ("--rev",), "Look at a commit; needs no working tree.", metavar="REV"),
    Option("config", ("--config",), "Read the policy from this file.", PATH),
    Option("output", ("--output",), "Write it to a file instead.", PATH),
    Option("color", ("--color",), "NO_COLOR and FORCE_COLOR count.", choices=_WHEN, default="auto"),
)
_TRACE_FORMATS, _MATRIX_FORMATS = ("text", "json", "markdown"), ("text", "json", "markdown", "html")
_TRACE = (
    Option("keys", (), "", NEEDED_KEYS, "KEY"),
    *_TRACE_COMMON,
    Option("format_", ("--format",), "Output format.", choices=_TRACE_FORMATS, default="text"),
)
_MATRIX = (
    Option("keys", (), "", KEYS, "KEY"),
    *_TRACE_COMMON,
    Option("format_", ("--format",), "Output format.", choices=_MATRIX_FORMATS, default="text"),
)
ASKING = {
    "trace": Command((), "Tell where a variable comes from and who reads it, process by process.", _TRACE),
    "matrix": Command((), "Tabulate variables by environment; without names, all that something reads.", _MATRIX),
}


def rule_names(values: Iterable[str]) -> tuple[str, ...]:
    """The rules that `--select a,b`, given once or more often, names."""
    from fr_check.core.selection import plain  # noqa: PLC0415 - --help needs none

    return tuple(plain(name) for name in ",".join(values).split(",") if name.strip())


def output_pair(value: str) -> tuple[str, str] | None:
    """The format and the file that `--output-file FORMAT=FILE` names; None if it is no such pair."""
    form, _, path = value.partition("=")
    return (form, path) if form in FORMATS and path else None
