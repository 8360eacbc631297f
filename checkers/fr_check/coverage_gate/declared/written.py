"""What the commands of one file say about coverage, whether or not anything runs them.

A command is read as the tools read it (`fr_check.sources.thresholds.commands`); which commands there are, and in which
folder, is what `fr_check.runs` says.
"""

from __future__ import annotations

import re

from fr_check.core.model import Span
from fr_check.core.patterns import pattern
from fr_check.core.record import NamedTuple
from fr_check.coverage_gate.declared.typed import command
from fr_check.sources.thresholds import commands, model
from fr_check.sources.thresholds.model import Word, number
from fr_check.sources.thresholds.variables import is_threshold_name, variable

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping

    from fr_check.core.model import Problem
    from fr_check.core.text import Text
    from fr_check.runs.model import Ran, Start
    from fr_check.sources.tasks.model import Locate, Tasks
    from fr_check.sources.thresholds.conditions import Branches
    from fr_check.sources.thresholds.model import Declared
    from fr_check.sources.thresholds.options import Invocation
    from fr_check.sources.thresholds.python_code import Argv
    from fr_check.sources.yaml_tree import Entry

# Texts without which a command neither measures coverage nor hands on to what may; a script without any is not parsed.
_TOOLS = ("pytest", "vitest", "jest", "nyc", "scripts test", "craco test", "vue-cli-service")
_RUNNERS = ("tox", "nox", "make", "moon", "just", "npm", "yarn", "bun", "task", "hatch", "invoke", "turbo", "poe")
_OTHERS: tuple[str, ...] = (
    "lerna",
    "compose",
    "pdm",
    "prek",
    "pre-commit",
    "fail-under",
    "py.test",
    ".sh",
    ".py",
    "./",
    "bin/",
)
# Folders of scripts that may have no ending.
_OTHERS += ("ci/", "script/", "scripts/", "tools/", "hack/")
_HINTS = (*_TOOLS, *_RUNNERS, *_OTHERS)
_WORDS = (
    "c8",
    "nx",
    "docker",
    "inv",
    "rake",
    "mise",
    "pixi",
    "rye",
    "doit",
    "earthly",
    "dagger",
    "concurrently",
    "gulp",
    "grunt",
    "wireit",
    "lage",
    "nps",
    "projen",
    "hereby",
    "scripty",
    "aegir",
    "run-s",
    "run-p",
)  # too short or too common to be looked for within words
_ASSIGNED = pattern(r"(?:export\s+)?(?P<name>[A-Za-z_]\w*)\s*[:?+]?=\s*(?P<value>[\d.]+)\s*(?:#.*)?")
_LINE_OF_EXPRESSION = pattern(r"^[ \t]*\$\{\{", re.MULTILINE)
_SHEBANG = pattern(r"#![^\n]{0,60}sh\b")
_LONG_LINE = 2000
_START = Span(1, 1, 1, 1)


class Said(NamedTuple):
    """One run of a tool, and the folder it happens in, counted from its file's (None: not known)."""

    invocation: Invocation
    folder: str | None


class Written(NamedTuple):
    """What a file runs, and the thresholds that it keeps in variables; `commands` are the names of all programs.

    `spent` says what ran out where a script takes too much to be followed to its end; empty where all was.
    """

    runs: tuple[Said, ...] = ()
    declared: tuple[Declared, ...] = ()
    problems: tuple[Problem, ...] = ()
    commands: tuple[str, ...] = ()
    spent: str = ""


def may_matter(string: str) -> bool:
    """Whether a script holds a text, or one of some words, without which nothing is read from it."""
    if any(hint in string for hint in _HINTS) or any(word in string and _stands(word, string) for word in _WORDS):
        return True
    if commands.names_coverage(string):
        return True
    # What a matrix or an input names may be anything.
    return "${{" in string and _LINE_OF_EXPRESSION.search(string) is not None


def may_run_tests(string: str) -> bool:
    """Whether a script holds the name of a tool of coverage, or of a runner whose tasks are not read."""
    others = (*_TOOLS, "nox", "hatch", "invoke", "earthly", "dagger", "c8 ")
    return any(hint in string for hint in others) or commands.names_coverage(string)


def _stands(word: str, string: str) -> bool:
    """Whether a word stands in a text, not only within others."""
    at = string.find(word)
    while at >= 0:
        around = string[max(0, at - 1) : at] + string[at + len(word) : at + len(word) + 1]
        if not any(character.isalnum() or character == "_" for character in around):
            return True
        at = string.find(word, at + 1)
    return False


def invocation(ran: Ran, locate: Locate, environment: Mapping[str, str | None]) -> Invocation | None:
    """The run of a tool of coverage that a command is, with what its environment adds; None for any other command."""
    if not commands.may_run(token.shown for token in ran.words):
        return None
    words = [Word(token.shown, locate(token.start, token.end)) for token in ran.words]
    found = commands.read(words) if words else None
    if found is None:
        return None
    if any(token.value is None and not token.prefix for token in ran.words[1:]):
        found = found._replace(opaque=True)
    found = found._replace(command=command(ran, environment, found.tool))
    if found.tool not in {"pytest", "coverage"}:
        return found
    if any(environment.get(name, "") is None for name in ("PYTEST_ADDOPTS", "COVERAGE_RCFILE")):
        found = found._replace(opaque=True)
    around = environment.get("PYTEST_ADDOPTS")
    if around and found.tool == "pytest":
        span = words[0].span
        found = commands.extended(
            found, commands.pytest_options([Word(word, span) for word in model.split(around)], span)
        )
    return found._replace(config=found.config or environment.get("COVERAGE_RCFILE") or "")


def of_script(script: str, locate: Locate, start: Start | None = None, *, named: bool = False) -> Written:
    """What a script says; `locate` gives the place of its offsets [start, end). `named`: all programs count.

    A tool is named in the script itself, or in a variable that it begins with; what the script calls is read elsewhere.
    """
    if not may_matter(script):
        return Written()
    texts = (script, *(start.environment.values() if start is not None else ()))
    if not named and not any(commands.may_say(text) for text in texts if text):
        return Written()
    from fr_check.core.budget import Budget  # noqa: PLC0415 - only for a script that may be about coverage
    from fr_check.runs import walk  # noqa: PLC0415
    from fr_check.runs.model import Start  # noqa: PLC0415
    from fr_check.runs.scope import Checkouts  # noqa: PLC0415

    start, budget = start or Start(), Budget(steps=walk.STEP_LIMIT)
    here, branches = Checkouts((), ()), _branches(script, locate)
    runs: dict[tuple[str | None, Span, tuple[Declared, ...]], Said] = {}
    declared: dict[Declared, None] = {}
    names = []
    for ran, where in _with_contained(walk.commands(script, start, budget=budget), locate):
        declared.update(dict.fromkeys(_variables(ran, where)))
        if ran.name:
            names.append(ran.name)
        if not commands.may_run(token.shown for token in ran.words):
            continue  # What its environment is takes time in a script of loops and functions.
        found = invocation(ran, where, {**start.environment, **ran.environment})
        if found is not None:
            folder = None if ran.directory is None else here.path(ran.directory)[0]
            when = tuple(branches.around(ran.start)) if branches is not None and found.declared else ()
            found = found._replace(when=when)
            runs.setdefault((folder, found.span, found.declared), Said(found, folder))
    # What judges coverage, or one of its options, is named so: without, nothing is lost of what a script says.
    spent = budget.spent if any(commands.names_coverage(text) for text in texts if text) else ""
    return Written(judged_as_measured(runs.values()), tuple(declared), (), tuple(names), spent)


def _branches(script: str, locate: Locate) -> Branches | None:
    """The branches of a script; None where it has none."""
    if not any(word in script for word in ("then", "esac")):
        return None
    from fr_check.sources import shell  # noqa: PLC0415 - only for a script that has branches
    from fr_check.sources.thresholds.conditions import Branches  # noqa: PLC0415

    return Branches(shell.parse(script), lambda at: locate(at, at)[:2])


_CONTAINERS = frozenset({"docker", "podman", "nerdctl", "docker-compose"})
_SCRIPTED = frozenset({"-c", "-lc", "-ec", "-euc"})
_SHELLS = frozenset({"sh", "bash", "dash", "ash", "zsh"})


def _with_contained(found: Iterable[Ran], locate: Locate) -> Iterator[tuple[Ran, Locate]]:
    """A script's commands, and those that it hands to a shell in a container (`docker run IMAGE bash -c '...'`)."""
    for ran in found:
        yield ran, locate
        words = ran.words if ran.name in _CONTAINERS else ()
        at = next((index for index, word in enumerate(words[:-1]) if word.shown in _SCRIPTED), 0)
        shells = (word.shown.rpartition("=")[2].rpartition("/")[2] in _SHELLS for word in words[:at])
        script = words[at + 1].value if at and any(shells) else None
        if script is not None:
            yield from _contained(script, locate(words[at + 1].start, words[at + 1].end), ran.directory)


def _contained(script: str, span: Span, directory: str | None) -> Iterator[tuple[Ran, Locate]]:
    from fr_check.runs import walk  # noqa: PLC0415 - only for a script that may be about coverage
    from fr_check.runs.model import Start  # noqa: PLC0415

    def locate(start: int, end: int) -> Span:
        del start, end
        return span

    for ran in walk.commands(script, Start(directory)):
        yield ran, locate


def judged_as_measured(runs: Iterable[Said]) -> tuple[Said, ...]:
    """Runs that follow each other, each report limited as the run is whose data it judges.

    Data that more than one run wrote are taken for the whole: a later run may append to them, or they are combined.
    """
    found: list[Said] = []
    limits: set[str] = set()
    for said in runs:
        own = said.invocation
        if own.tool == "coverage" and own.report not in {"run", "combine"} and own.declared and len(limits) == 1:
            (limit,) = limits
            own = own if limit in own.selection else own._replace(selection=f"{limit} {own.selection}".strip())
        elif own.report == "run" or (own.tool == "pytest" and own.off is None):
            limits.add(own.selection)
        found.append(said._replace(invocation=own))
    return tuple(found)


def of_lists(lists: Iterable[Argv]) -> tuple[Invocation, ...]:
    """The runs that a Python file builds; those of one function (a session of nox) follow each other."""
    functions: dict[str, list[Said]] = {}
    for argv in lists:
        functions.setdefault(argv.function, []).append(Said(argv.invocation, None))
    return tuple(said.invocation for found in functions.values() for said in judged_as_measured(found))


def _variables(ran: Ran, locate: Locate) -> Iterator[Declared]:
    for one in ran.assigned:
        if "COV" in one.name.upper():
            found = variable(one.name, number(one.value or ""), locate(one.start, one.end))
            yield from [found] if found else []
    for token in ran.words[1:] if ran.name == "export" else ():
        name, equals, value = token.shown.partition("=")
        found = variable(name, number(value), locate(token.start, token.end)) if equals else None
        yield from [found] if found else []


def joined(parts: Iterable[Written], problems: tuple[Problem, ...] = ()) -> Written:
    """What several scripts say."""
    found = [*parts]
    return Written(
        tuple(one for part in found for one in part.runs),
        tuple(one for part in found for one in part.declared),
        problems,
        tuple(one for part in found for one in part.commands),
        next((part.spent for part in found if part.spent), ""),
    )


def of_tasks(tasks: Tasks) -> Written:
    """What the tasks of a file say, each in its own folder."""
    from fr_check.runs.model import Start  # noqa: PLC0415 - only where there are tasks

    found = []
    for task in tasks.tasks:
        folders = (one.folder if one.folder is None else f"./{one.folder}" for one in task.scripts)
        scripts = (
            of_script(one.string, one.locate, Start(folder, task.env))
            for one, folder in zip(task.scripts, folders, strict=True)
        )
        said = joined(scripts)
        found.append(said._replace(runs=judged_as_measured(said.runs)))
    environment = (_environment(entries) for entries in tasks.environments)
    return joined([*found, *environment], tasks.problems)


def _environment(entries: Mapping[str, Entry]) -> Written:
    from fr_check.sources.yaml_tree import Scalar, get  # noqa: PLC0415 - only where YAML was read

    declared = []
    for name, entry in entries.items():
        # GitLab may write a description beside the value.
        value = entry.value if isinstance(entry.value, Scalar) else get(entry.value, "value")
        if isinstance(value, Scalar):
            found = variable(name, number(value.value), value.span, "CI variable")
            declared += [found] if found else []
    return Written((), tuple(declared))


def _makefile(text: Text) -> Written:
    from fr_check.sources import make_expansion, makefile  # noqa: PLC0415 - only where there is one
    from fr_check.sources.tasks.model import Task, Tasks, of_places  # noqa: PLC0415

    file = text.parsed(makefile.parse)
    expansion = make_expansion.Expansion(file, {}, {}, ".")
    tasks = (
        Task(
            name,
            tuple(of_places(one.string, one.places, text) for one in expansion.scripts(rule, name, "")),
            (),
            _START,
        )
        for name, rule in file.rules.items()
    )
    return joined([of_tasks(Tasks(tuple(tasks))), Written((), tuple(_assigned(text)))])


def _justfile(text: Text) -> Written:
    from fr_check.sources.tasks import just  # noqa: PLC0415 - only where there is one

    return joined([of_tasks(just.tasks(text)), Written((), tuple(_assigned(text)))])


def _assigned(text: Text) -> Iterator[Declared]:
    """Thresholds in variables of a makefile or justfile."""
    for number_ in range(1, text.line_count + 1):
        line = text.line(number_)[:_LONG_LINE]
        assigned = _ASSIGNED.fullmatch(line.strip()) if "cov" in line.lower() and line[:1] not in {"\t", "#"} else None
        if assigned and is_threshold_name(assigned["name"]):
            start = text.offset(number_)
            found = variable(assigned["name"], number(assigned["value"]), text.span(start, start + len(line)))
            yield from [found] if found else []


def _tasks_of(module: str, *hints: str) -> Callable[[Text], Written]:
    """A reader of a task file; a file without any of the texts that it needs is not parsed."""

    def read(text: Text) -> Written:
        if hints and not any(hint in text.string for hint in hints):
            return Written()
        from importlib import import_module  # noqa: PLC0415 - of a dozen formats a project has two

        return of_tasks(import_module(f"fr_check.sources.tasks.{module}").parse(text))

    return read


def shell_script(text: Text) -> Written:
    """A shell script; one that names no tool of coverage, or is none, says nothing."""
    if not any(name in text.string for name in _TOOLS) and not commands.names_coverage(text.string):
        return Written()
    if not (text.path.endswith((".sh", ".bash")) or _SHEBANG.match(text.string)):
        return Written()
    return of_script(text.string, text.span)


_HOOKS = _tasks_of("hooks", "cov", "pytest", "py.test", "vitest", "jest", "nyc", "c8")
_MOON, _TOX, _PYPROJECT = _tasks_of("moon"), _tasks_of("tox"), _tasks_of("pyproject", "cov")
dockerfile = _tasks_of("images", "cov", "vitest")
pipeline = _tasks_of("pipelines", "cov", "COV", "Cov")
package_json = _tasks_of("package_scripts")

# By file name in lower case; what is not here is a Dockerfile.
_READERS = {
    "moon.yml": _MOON,
    "moon.yaml": _MOON,
    "tox.ini": _TOX,
    "tox.toml": _PYPROJECT,
    "hatch.toml": _PYPROJECT,
    "pyproject.toml": _PYPROJECT,
    ".pre-commit-config.yaml": _HOOKS,
    "justfile": _justfile,
    ".justfile": _justfile,
    "makefile": _makefile,
    "gnumakefile": _makefile,
}


def reader(name: str) -> Callable[[Text], Written]:
    """The reader of a task file, by its name."""
    if name.endswith(".just"):
        return _justfile
    return _makefile if name.endswith(".mk") else _READERS.get(name.lower(), dockerfile)


def addopts(entry: Entry | None) -> Invocation | None:
    """What an entry PYTEST_ADDOPTS of an environment says."""
    from fr_check.sources.yaml_tree import Scalar  # noqa: PLC0415 - only where YAML was read

    if entry is None or not isinstance(entry.value, Scalar):
        return None
    span = entry.value.span
    return commands.pytest_options(model.placed(entry.value.text, span, model.split(entry.value.value)), span)
