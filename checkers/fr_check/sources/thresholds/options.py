"""Options of a command line, and what a run of a coverage tool is read into."""

from __future__ import annotations

from fr_check.core.model import Problem, Span
from fr_check.core.patterns import pattern
from fr_check.core.record import NamedTuple
from fr_check.sources.thresholds.model import GATE, PER_SHARD, REPORT_ONLY, Declared, Word, number

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence

    from fr_check.sources.thresholds.conditions import Condition
    from fr_check.sources.thresholds.model import Kind, Metric

_HUNDRED = 100
_OF_NODE = frozenset(("vitest", "jest", "nyc", "c8"))
_DASHES = 2
# What only the run fills in: variables and commands of shells, `%NAME%`, placeholders, expressions.
_OPAQUE = pattern(r"[$*{(<`]|%\w+%")
# The value of a variable that nothing else sets: `${MIN:-85}` of a shell, `${{ inputs.min || 85 }}` of a workflow.
_DEFAULT = pattern(r"[\"']?\$\{(?:\w+:?-|\{[^{}]*\|\|\s*)[\"']?(?P<value>\d+(?:\.\d+)?)[\"']?\s*\}{1,2}[\"']?")
_SHARDING = ("--splits", "--group", "--shard", "--num-shards", "--shard-id", "--shard-count", "--test-group")


class Invocation(NamedTuple):
    """One run of a tool.

    `measures`: coverage is measured or, for tools that only judge, judged. `off`: the word that turns it off.
    `report`: the subcommand of `coverage`, or `check-coverage` where nyc or c8 judges.
    `config`: the configuration file it names, for pytest that of coverage's, and `ini` that of pytest's. `root`: the
    folder that it is told to work in. `reset`: the configured options (of jest: thresholds) do not count, as after
    `-o addopts=`. `sharded`: only a share of the tests
    runs. `sources`: the values of `--cov`; `selection`: what limits the run to some tests, or the report to some files,
    as written. `opaque`: further words are only known when it runs. `asked`:
    measuring is asked for by a word, whatever turns it off. `paths` are words of pytest that may name files. `command`
    is all of it as people may type it, empty where that is not known; `when` are conditions under which it runs.
    """

    tool: str
    span: Span
    declared: tuple[Declared, ...] = ()
    measures: bool = False
    off: Word | None = None
    branch: Word | None = None
    report: str = ""
    config: str = ""
    ini: str = ""
    reset: bool = False
    sharded: bool = False
    precision: Word | None = None
    sources: tuple[str, ...] = ()
    selection: str = ""
    problems: tuple[Problem, ...] = ()
    opaque: bool = False
    root: str = ""
    asked: bool = False
    paths: tuple[str, ...] = ()
    command: str = ""
    when: tuple[Condition, ...] = ()

    @property
    def named(self) -> tuple[str, ...]:
        """The configuration files that it names."""
        return tuple(name for name in (self.ini, self.config) if name)


def basename(word: str) -> str:
    """The name of a program without its folder, and without a version (`nyc@15`); of `jest/bin/jest.js` the tool's."""
    if len(word) >= 400:  # noqa: PLR2004 - no path to a tool is longer
        return ""
    name = word.rsplit("/", 1)[-1].rpartition("}")[2].partition("@")[0]
    stem = name.rpartition(".")[0] if name.endswith(("js", "mjs")) else ""
    return stem if stem in _OF_NODE else name


def whole(words: Sequence[Word]) -> Span:
    """From the first word to the last."""
    first, last = words[0].span, words[-1].span
    return Span(first.line, first.column, last.end_line, last.end_column)


def values(words: Sequence[Word], option: str) -> list[tuple[str, Span, str]]:
    """Every value of an option, `--x=1` or `--x 1`: the value, its place, and the text of both."""
    found = []
    for index, word in enumerate(words):
        if word.string.startswith(f"{option}="):
            found.append((word.string[len(option) + 1 :], word.span, word.string))
        elif word.string == option and index + 1 < len(words):
            value = words[index + 1]
            found.append((value.string, whole((word, value)), f"{option} {value.string}"))
    return found


def value_of(words: Sequence[Word], option: str) -> Word | None:
    """The value that counts, the last; None where the option is not given."""
    found = values(words, option)
    return Word(found[-1][0], found[-1][1]) if found else None


def thresholds(words: Sequence[Word], option: str, metric: Metric, tool: str, *, sharded: bool) -> list[Declared]:
    """All values of an option, of which the last counts and the others only report."""
    found = values(words, option)
    declared = []
    for index, (string, span, written) in enumerate(found):
        default = _DEFAULT.fullmatch(string)
        value = number(default["value"] if default else string)
        kind: Kind = GATE if index == len(found) - 1 else REPORT_ONLY
        if value == 0:
            kind = PER_SHARD if sharded else REPORT_ONLY
        declared.append(Declared(value, metric, kind, tool, written[:80], span))
    return declared


def unabbreviated(words: Sequence[Word], known: Sequence[str]) -> list[Word]:
    """Words whose options are written out: optparse and argparse take the beginning of one option for all of it."""
    found = []
    for word in words:
        option, equals, value = word.string.partition("=")
        if option.startswith("--") and len(option) > _DASHES and option not in known:
            meant = [one for one in known if one.startswith(option)]
            word = word._replace(string=f"{meant[0]}{equals}{value}") if len(meant) == 1 else word  # noqa: PLW2901
        found.append(word)
    return found


def is_sharded(words: Sequence[Word]) -> bool:
    """Whether an option says that only a share of the tests runs."""
    return any(word.string.partition("=")[0] in _SHARDING for word in words)


def out_of_range(item: Declared, effect: str, *, lowest: int | None) -> Problem | None:
    """The complaint about a value that the tool refuses; None for one that is fine or only known when it runs."""
    if item.value is None:
        return None if _OPAQUE.search(item.written) else _not_a_number(item, effect)
    if item.value > _HUNDRED or (lowest is not None and item.value < lowest):
        return Problem(f"`{item.written}` is not within 0 and 100: {effect}", item.span, "write 0 to 100")
    return None


def _not_a_number(item: Declared, effect: str) -> Problem:
    return Problem(f"`{item.written}` is no number: {effect}", item.span, "write a number, without `%`")
