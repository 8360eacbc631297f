"""Command lines that measure coverage or judge it: which tool runs, with which threshold.

A command is a list of words; words whose value is not known (`$LIMIT`) are given as written and make no number.
Options are read as the tools read them: the last `--cov-fail-under` wins, `--no-cov` beats every other.
"""

from __future__ import annotations

import re

from fr_check.core.model import Problem, Span
from fr_check.core.patterns import pattern
from fr_check.sources.thresholds import model
from fr_check.sources.thresholds.node_commands import jest, nyc, vitest
from fr_check.sources.thresholds.options import (
    Invocation,
    basename,
    is_sharded,
    out_of_range,
    thresholds,
    unabbreviated,
    value_of,
    values,
    whole,
)

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from fr_check.sources.thresholds.model import Word

# A command that contains one of these before the tool's name speaks about the tool and does not run it.
_NOT_RUNNING = frozenset({"install", "add", "remove", "uninstall", "upgrade", "echo", "printf", "pip", "pip3", "lock"})
_NOT_RUNNING_FIRST = _NOT_RUNNING | {
    ":",
    "true",
    "false",
    "which",
    "grep",
    "rg",
    "cat",
    "rm",
    "mkdir",
    "cp",
    "mv",
    "ls",
    "sed",
    "awk",
    "git",
}
_NOT_RUNNING_FIRST |= {"apt", "apt-get", "brew", "cd", "export", "test", "[", "command", "type", "hash", "find", "tee"}
_TOOLS = {
    "pytest": "pytest",
    "py.test": "pytest",
    "coverage": "coverage",
    "coverage3": "coverage",
    "diff-cover": "diff-cover",
    "coverage-threshold": "coverage-threshold",
    "vitest": "vitest",
    "jest": "jest",
    "nyc": "nyc",
    "c8": "c8",
    "gcovr": "gcovr",
    "slipcover": "slipcover",
    "llvm-cov": "cargo-llvm-cov",
}
# Programs that run jest by a word of their own: `react-scripts test`.
_WRAPPERS = frozenset(
    {"react-scripts", "react-app-rewired", "craco", "vue-cli-service", "wp-scripts", "tsdx", "kcd-scripts"}
)
_WRAPPED = frozenset({"test", "test:unit", "test-unit-js"})
_TOOLS |= dict.fromkeys(_WRAPPERS, "jest")
# One of these is part of the name of each tool, of an option of pytest-cov, and of a variable that holds a threshold.
_PIECES = tuple(name for name in _TOOLS if "cov" not in name)
# Neither recovering nor discovering has to do with coverage.
_COV = pattern(r"(?<!re)(?<!dis)(?<!un)cov|(?:re|dis|un)cov(?!er)", re.IGNORECASE)
# All options of `coverage report` and its like (7.17), and of pytest-cov 7.1.
_COVERAGE = (
    "--contexts", "--data-file", "--debug", "--directory", "--fail-under", "--format", "--help", "--ignore-errors",
    "--include", "--keep-combined", "--no-skip-covered", "--omit", "--precision", "--pretty-print", "--quiet",
    "--rcfile", "--show-contexts", "--show-missing", "--skip-covered", "--skip-empty", "--sort", "--title",
)  # fmt: skip
_PYTEST_COV = (
    "--cov", "--cov-append", "--cov-branch", "--cov-config", "--cov-context", "--cov-fail-under", "--cov-precision",
    "--cov-report", "--cov-reset", "--no-cov", "--no-cov-on-fail",
)  # fmt: skip
# Options of pytest whose value may look like a path of tests.
_VALUED = frozenset({"-c", "--cov", "--cov-config", "-p", "-o", "--rootdir", "--junitxml", "--cov-report", "--html"})
_VALUED |= {"--confcutdir", "--ignore", "--deselect", "--basetemp", "--ignore-glob"}
# With these pytest runs no test, or measures nothing.
_NO_TESTS = frozenset(
    {"--no-cov", "--collect-only", "--co", "--version", "-V", "-VV", "--help", "-h", "--fixtures", "--funcargs"}
)
_NO_TESTS |= {"--markers", "--fixtures-per-test", "--cache-show"}
_OTHER_FLAGS: dict[str, dict[str, model.Metric]] = {
    "diff-cover": {"--fail-under": model.PATCH},
    "coverage-threshold": {
        "--line-coverage-min": model.LINE,
        "--branch-coverage-min": model.BRANCH,
        "--combined-coverage-min": model.BLENDED,
    },
    "gcovr": {
        "--fail-under-line": model.LINE,
        "--fail-under-branch": model.BRANCH,
        "--fail-under-function": model.FUNCTIONS,
    },
    "slipcover": {"--fail-under": model.TOTAL},
    "cargo-llvm-cov": {"--fail-under-lines": model.LINE, "--fail-under-functions": model.FUNCTIONS},
}


def may_say(string: str) -> bool:
    """Whether a script names a tool of coverage, or a variable that may hold a threshold."""
    lower = string.lower()
    return names_coverage(lower) or any(piece in lower for piece in _PIECES)


def names_coverage(string: str) -> bool:
    """Whether a text has `cov` in it, in whatever case, as each tool and option of coverage has in its name or beside.

    The word may stand within others, as in `codecov`; `recover`, `discover` and `uncover` do not count.
    """
    return ("cov" in string or "COV" in string or "Cov" in string) and _COV.search(string) is not None


def may_run(words: Iterable[str]) -> bool:
    """Whether any word of a command is one that `read` looks for: most commands have none."""
    return any(word.startswith("--cov") or word == "hatch" or basename(word) in _TOOLS for word in words)


def read(words: Sequence[Word]) -> Invocation | None:
    """The run of a tool of coverage that a command is; None for any other command."""
    at = _tool_at(words)
    if at is None and (tested := _hatch(words)) is not None:
        return tested
    if at is None:
        measuring = any(word.string.startswith(("--cov-", "--cov=")) or word.string == "--cov" for word in words)
        # The `--` of a program that hands words on is its own: pytest does not get it.
        handed = [word for word in words if word.string != "--"]
        return _pytest(words, handed) if measuring else None
    tool = _TOOLS[basename(words[at].string)]
    rest = words[at + 1 :]
    if tool == "coverage" and rest and _subcommand(rest) == "run":
        inner = _tool_at(rest)
        below = _pytest(words, rest[inner + 1 :]) if inner is not None else Invocation("coverage", whole(words))
        branch = next((word for word in rest if word.string == "--branch"), below.branch)
        config = value_of(rest, "--rcfile")
        return below._replace(
            measures=True, branch=branch, config=config.string if config else below.config, report="run"
        )
    readers = {"pytest": _pytest, "coverage": _coverage, "vitest": vitest, "jest": jest, "nyc": nyc, "c8": nyc}
    if tool in readers:
        return readers[tool](words[at:], rest)._replace(tool=tool, span=whole(words))
    return _flags(words, rest, tool)


def is_hatch(words: Sequence[Word]) -> bool:
    """Whether a command is `hatch test`, which runs pytest, by itself or in `coverage run`."""
    return [word.string for word in words[:2]] == ["hatch", "test"]


def _hatch(words: Sequence[Word]) -> Invocation | None:
    """What `hatch test` runs by its own scripts: with `--cover` coverage, which it then lets report."""
    if not is_hatch(words):
        return None
    ends = next((at for at, word in enumerate(words) if word.string == "--"), len(words))
    own = {word.string for word in words[2:ends]}
    found = _pytest(words, words[ends + 1 :])
    if own & {"-s", "--show", "-h", "--help"}:
        return found._replace(off=words[1])
    if "--cover-quiet" in own:
        return found._replace(measures=True, report="run")
    covers = any(one == "--cover" or (one[:1] == "-" and one[1:2] != "-" and "c" in one) for one in own)
    return Invocation("coverage", whole(words), report="report") if covers else found


def pytest_options(words: Sequence[Word], span: Span) -> Invocation:
    """What words of `addopts` or PYTEST_ADDOPTS say."""
    return _pytest(words, words)._replace(span=span)


def extended(own: Invocation, around: Invocation) -> Invocation:
    """A run of pytest with what PYTEST_ADDOPTS adds before its own options."""
    off = own.off or around.off
    return own._replace(
        declared=own.declared or around.declared,
        measures=(own.measures or around.measures) and off is None,
        off=off,
        branch=own.branch or around.branch,
        reset=own.reset or around.reset,
        config=own.config or around.config,
        ini=own.ini or around.ini,
        precision=own.precision or around.precision,
        asked=own.asked or around.asked,
    )


def _tool_at(words: Sequence[Word]) -> int | None:
    for index, word in enumerate(words):
        name = basename(word.string)
        if name in (_NOT_RUNNING if index else _NOT_RUNNING_FIRST):
            return None
        if name in _WRAPPERS and any(word.string in _WRAPPED for word in words[index + 1 : index + 2]):
            return index
        if name in _TOOLS and not (name == "coverage" and _subcommand(words[index + 1 :]) is None):
            return index
    return None


def _subcommand(words: Sequence[Word]) -> str | None:
    known = ("report", "xml", "json", "lcov", "html", "run", "combine")
    return next((word.string for word in words[:4] if word.string in known), None)


def _pytest(words: Sequence[Word], options: Sequence[Word]) -> Invocation:
    ends = next((at for at, word in enumerate(options) if word.string == "--"), len(options))
    options, files = options[:ends], options[ends + 1 :]
    options = _with_overridden(options)
    sharded = is_sharded(options)
    off, measured, branch, reset = _switches(options)
    declared = thresholds(options, "--cov-fail-under", model.TOTAL, "pytest-cov", sharded=sharded)
    config = value_of(options, "--cov-config")
    ini = value_of(options, "-c") or value_of(options, "--config-file")
    problems = tuple(
        problem for item in declared if (problem := out_of_range(item, "pytest stops with a usage error", lowest=None))
    )
    problems += tuple(_misspelt(options))
    unread = thresholds(files, "--cov-fail-under", model.TOTAL, "pytest-cov", sharded=sharded)
    declared = [*declared, *(one._replace(kind=model.IGNORED, instead="in front of the `--`") for one in unread)]
    return Invocation(
        "pytest",
        whole(words) if words else Span(1, 1, 1, 1),
        tuple(declared),
        measured is not None and off is None,
        off,
        branch,
        config=config.string if config else "",
        ini=ini.string if ini else "",
        reset=reset,
        sharded=sharded,
        precision=value_of(options, "--cov-precision"),
        problems=problems,
        sources=tuple(value for value, _, _ in values(options, "--cov") if not value.startswith("-")),
        selection=_selection(options),
        asked=measured is not None,
        paths=(*_paths(options), *(word.string.partition("::")[0] for word in files)),
        opaque=any(word.string.startswith("@") for word in options),
    )


def _misspelt(options: Sequence[Word]) -> Iterator[Problem]:
    """Options that are nearly one of pytest-cov's: pytest knows no abbreviations, and stops."""
    for word in options:
        option = word.string.partition("=")[0]
        if option.startswith(("--cov-", "--cov_")) and option not in _PYTEST_COV:
            dashed = option.replace("_", "-")
            meant = next((one for one in _PYTEST_COV if one.startswith(dashed)), "")
            if meant:
                message = f"`{option}` is no option of pytest-cov: pytest stops with a usage error"
                yield Problem(message, word.span, f"write `{meant}`")


def _paths(options: Sequence[Word]) -> tuple[str, ...]:
    """The words that may name files or folders of tests: pytest looks for its configuration from there upwards."""
    found = []
    previous = ""
    for word in options:
        if not word.string.startswith("-") and previous not in _VALUED and previous not in {"-k", "-m", "-n"}:
            found.append(word.string.partition("::")[0])
        previous = word.string
    return tuple(found)


def _switches(options: Sequence[Word]) -> tuple[Word | None, Word | None, Word | None, bool]:
    """The words that switch coverage off, on, and to branches; and whether the configured options are replaced."""
    off = measured = branch = forgotten = None
    reset = False
    previous = ""
    for word in options:
        string = word.string
        plugin = string[2:] if string.startswith("-p") and len(string) > 2 else string if previous == "-p" else ""  # noqa: PLR2004 - `-pno:cov`
        if string in _NO_TESTS or plugin in {"no:cov", "no:pytest_cov"}:
            off = off or word
        elif string == "--cov" or string.startswith("--cov="):
            measured = word
            forgotten = None
        elif string == "--cov-reset":
            measured = None
            forgotten = word
        elif string == "--cov-branch":
            branch = word
        reset = reset or _override(string, previous).startswith("addopts=")
        previous = string
    return off or forgotten, measured, branch, reset


def _override(string: str, previous: str) -> str:
    """The `name=value` that a word overrides in the configuration: `-o NAME=VALUE`, `-oNAME=VALUE`."""
    if previous in {"-o", "--override-ini"}:
        return string
    return string[2:] if string.startswith("-o") else string.partition("--override-ini=")[2]


def _with_overridden(options: Sequence[Word]) -> Sequence[Word]:
    """The words of a command line after those of `-o addopts=...`, which pytest reads before them."""
    if not any("addopts=" in word.string for word in options):
        return options
    found: list[model.Word] = []
    previous = ""
    for word in options:
        name, _, value = _override(word.string, previous).partition("=")
        if name == "addopts":  # of several the last counts
            found = [model.Word(part, word.span) for part in model.split(value)]
        previous = word.string
    return (*found, *options)


def _selection(options: Sequence[Word]) -> str:
    """What limits a run to some tests: paths, `-k`, a positive `-m`; leaving slow tests out (`not slow`) does not."""
    found = []
    previous = ""
    for word in options:
        if previous in {"-k", "-m"} and not word.string.startswith("not "):
            found.append(f"{previous} {word.string}")
        elif not word.string.startswith("-") and previous not in _VALUED and _is_of_tests(word.string):
            found.append(word.string)
        previous = word.string
    return " ".join(found)[:80]


def _is_of_tests(word: str) -> bool:
    """Whether a word names some of the tests: a folder, a module, something in one.

    `tests/` is all of them; a file of another kind is an option's value.
    """
    if word.removeprefix("./").rstrip("/") in {"", ".", "test", "tests"}:
        return False
    name = word.rpartition("/")[2]
    return "::" in word or ("/" in word and ("." not in name or name.endswith(".py")))


def _coverage(words: Sequence[Word], options: Sequence[Word]) -> Invocation:
    options = unabbreviated(options, _COVERAGE)
    declared = thresholds(options, "--fail-under", model.TOTAL, "coverage", sharded=False)
    problems = (out_of_range(item, "coverage refuses it", lowest=0) for item in declared)
    config = value_of(options, "--rcfile")
    return Invocation(
        "coverage",
        whole(words),
        tuple(declared),
        report=_subcommand(options) or "",
        config=config.string if config else "",
        precision=value_of(options, "--precision"),
        problems=tuple(problem for problem in problems if problem),
        selection=" ".join(written for name in ("--include", "--omit") for _, _, written in values(options, name))[:80],
    )


def _flags(words: Sequence[Word], options: Sequence[Word], tool: str) -> Invocation:
    options = unabbreviated(options, [*_OTHER_FLAGS[tool]]) if tool != "cargo-llvm-cov" else options
    declared = [
        declared
        for option, metric in _OTHER_FLAGS[tool].items()
        for declared in thresholds(options, option, metric, tool, sharded=False)
    ]
    config = value_of(options, "--config-file") or value_of(options, "-c")
    named = config.string if config is not None and tool == "diff-cover" else ""
    return Invocation(tool, whole(words), tuple(declared), measures=True, config=named)
