"""Task files: what each named task, target, session or package script runs.

One reader a format: moon.yml, Makefile, justfile, tox.ini, pre-commit configuration, Dockerfile. A task's commands are
read as shell; what a format replaces before the shell sees it (`$(VAR)`, `{{ var }}`, `{posargs}`) stays unknown.
"""

from __future__ import annotations

import re
from functools import partial

from fr_check.core.patterns import pattern
from fr_check.core.record import NamedTuple
from fr_check.sources import ini, yaml_tree
from fr_check.sources.thresholds import commands, scripts
from fr_check.sources.thresholds.model import Declared, Word, number
from fr_check.sources.thresholds.variables import variable
from fr_check.sources.yaml_tree import Scalar, entries, get, items, string, strings

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence

    from fr_check.core.model import Problem, Span
    from fr_check.core.text import Text
    from fr_check.sources.dockerfile import Line
    from fr_check.sources.thresholds.scripts import Step
    from fr_check.sources.yaml_tree import Node

_TARGET = pattern(r"(?P<names>[A-Za-z0-9_.%/-][A-Za-z0-9_.%/ -]*+):(?![=:])(?P<needs>[^#\n]*)")
_ASSIGNED = pattern(r"(?:export\s+)?(?P<name>[A-Za-z_]\w*)\s*[:?+]?=\s*(?P<value>[\d.]+)\s*(?:#.*)?")
_RECIPE = pattern(r"(?P<name>@?[A-Za-z_][\w-]*)(?P<parameters>[^:=\n]*):(?!=)(?P<needs>[^#\n]*)")
_FROM_CALL = pattern(r"\{[^{}\n]{1,80}\}")


class Task(NamedTuple):
    """`name` is the target's, script's or session's; `needs` those that run first."""

    name: str
    steps: tuple[Step, ...]
    needs: tuple[str, ...]
    span: Span


class Tasks(NamedTuple):
    """Everything one task file runs, and the thresholds it keeps in variables."""

    tasks: tuple[Task, ...] = ()
    declared: tuple[Declared, ...] = ()
    problems: tuple[Problem, ...] = ()


def moon(text: Text) -> Tasks:
    """moon.yml: `tasks.NAME` with `command` or `script`, string or list, `args`, `deps`, `env`."""
    document = text.parsed(yaml_tree.parse)
    tasks: list[Task] = []
    declared: list[Declared] = []
    for name, entry in entries(get(document.root, "tasks")).items():
        steps: list[Step] = []
        for key in ("command", "script"):
            node = get(entry.value, key)
            steps += _commanded(node, get(entry.value, "args"))
        needs = tuple(_dependency(item) for item in items(get(entry.value, "deps")))
        tasks.append(Task(name, tuple(steps), needs, entry.key.span))
        declared += _environment(get(entry.value, "env"))
    return Tasks(tuple(tasks), tuple(declared), document.problems)


def _commanded(node: Node | None, args: Node | None) -> tuple[Step, ...]:
    if node is None:
        return ()
    rest = _words(args)
    if isinstance(node, Scalar):
        if not rest:
            return scripts.read(node.value, node.locate).steps
        head = [Word(piece[0], node.locate(piece.start(), piece.end())) for piece in re.finditer(r"\S+", node.value)]
        return _step([*head, *rest])
    return _step([*_words(node), *rest])


def _words(node: Node | None) -> list[Word]:
    if isinstance(node, Scalar):
        return [Word(piece[0], node.locate(piece.start(), piece.end())) for piece in re.finditer(r"\S+", node.value)]
    return [Word(scalar.value, scalar.span) for scalar in strings(node)]


def _step(words: Sequence[Word]) -> tuple[Step, ...]:
    if not words:
        return ()
    invocation, delegate = commands.read(words)
    if invocation is None and delegate is None:
        return ()
    return (scripts.Step(invocation, delegate, "", "", words[0].span),)


def _dependency(node: Node) -> str:
    return string(node) or string(get(node, "target")) or ""


def _environment(node: Node | None) -> list[Declared]:
    found = (
        variable(name, number(getattr(entry.value, "value", "")), entry.value.span)
        for name, entry in entries(node).items()
    )
    return [item for item in found if item is not None]


def makefile(text: Text) -> Tasks:
    r"""Makefile: rules and their recipes; each recipe line is a shell of its own, joined by `\\` at its end."""
    return _recipes(text, _TARGET, tabs_only=True)


def justfile(text: Text) -> Tasks:
    """justfile: recipes by indentation."""
    return _recipes(text, _RECIPE, tabs_only=False)


def _recipes(text: Text, header: re.Pattern[str], *, tabs_only: bool) -> Tasks:
    tasks: list[Task] = []
    declared: list[Declared] = []
    open_names: tuple[str, ...] = ()
    line_number, count = 1, text.line_count
    while line_number <= count:
        line = text.line(line_number)
        first = line_number
        while line.endswith("\\") and line_number < count:
            line_number += 1
            line = text.line(line_number)
        if text.line(first)[:1] == "\t" or (not tabs_only and text.line(first)[:1] == " "):
            steps = _recipe_line(text, first, line_number)
            tasks += (Task(name, steps, (), text.span(text.offset(first))) for name in open_names if steps)
        else:
            open_names = open_names if not text.line(first).strip() else _opened(text, first, header, tasks, declared)
        line_number += 1
    return Tasks(_joined(tasks), tuple(declared))


def _opened(
    text: Text, line_number: int, header: re.Pattern[str], tasks: list[Task], declared: list[Declared]
) -> tuple[str, ...]:
    """The names that a line opens a recipe for; a variable's line or a comment opens none."""
    line = text.line(line_number)[:2000]
    start = text.offset(line_number)
    assigned = _ASSIGNED.fullmatch(line.strip()) if "cov" in line.lower() else None
    if assigned:
        found = variable(assigned["name"], number(assigned["value"]), text.span(start, start + len(line)))
        declared.extend([found] if found else [])
        return ()
    found_header = header.match(line)
    if found_header is None or line.startswith(("#", ".PHONY")):
        return ()
    names = found_header.groupdict().get("names") or found_header.groupdict().get("name") or ""
    opened = tuple(name.lstrip("@") for name in names.split())
    needs = tuple(found_header["needs"].split())
    tasks.extend(Task(name, (), needs, text.span(start, start + len(name))) for name in opened)
    return opened


def _recipe_line(text: Text, first: int, last: int) -> tuple[Step, ...]:
    start = text.offset(first)
    end = text.offset(last) + len(text.line(last))
    script = text.string[start:end]
    head = len(script) - len(script.lstrip(" \t@-+"))
    steps = scripts.read(script[head:], lambda low, high: text.span(start + head + low, start + head + high)).steps
    ignored = "-" in script[:head]
    return tuple(
        step._replace(excuse=step.excuse or ("`-` before the recipe line" if ignored else "")) for step in steps
    )


def _joined(tasks: list[Task]) -> tuple[Task, ...]:
    found: dict[str, Task] = {}
    for task in tasks:
        known = found.get(task.name)
        found[task.name] = (
            task._replace(steps=known.steps + task.steps, needs=known.needs + task.needs, span=known.span)
            if known
            else task
        )
    return tuple(found.values())


def tox(text: Text) -> Tasks:
    """tox.ini, or setup.cfg with `tox:` sections: `commands` of each environment; `{...}` stays unknown."""
    found = text.parsed(ini.parse)
    tasks = []
    for section in found.sections:
        if not section.name.startswith(("testenv", "tox:testenv")):
            continue
        option = next((option for option in section.options if option.name == "commands"), None)
        steps: list[Step] = []
        for line in option.lines if option else ():
            command = _FROM_CALL.sub(lambda piece: "_" * len(piece[0]), line.string)
            ignored = command.startswith("-")
            shift = len(command) - len(command.lstrip("- "))
            start = text.offset(line.span.line, line.span.column) + shift
            read = scripts.read(command[shift:], partial(_shifted, text, start)).steps
            steps += (step._replace(excuse="`-` before the command") if ignored else step for step in read)
        tasks.append(Task(section.name.rpartition(":")[2], tuple(steps), (), section.span))
    return Tasks(tuple(tasks))


def pre_commit(text: Text) -> Tasks:
    """.pre-commit-config.yaml: `entry` and `args` of each hook.

    Nothing calls a hook by its name, so hooks that hand on to something else tell nothing, and a file that names no
    tool is not parsed.
    """
    if not commands.may_run_a_tool(text.string):
        return Tasks()
    document = text.parsed(yaml_tree.parse)
    tasks = []
    for repository in items(get(document.root, "repos")):
        for hook in items(get(repository, "hooks")):
            steps = _commanded(get(hook, "entry"), get(hook, "args"))
            tasks.append(Task(string(get(hook, "id")) or "", steps, (), hook.span))
    return Tasks(tuple(tasks), (), document.problems)


def dockerfile(text: Text) -> Tasks:
    """Dockerfile: `RUN` in all its forms, shell, JSON and here-documents."""
    if "cov" not in text.string and "vitest" not in text.string:
        return Tasks()
    from fr_check.sources import (  # noqa: PLC0415 - only for the rare file that speaks of coverage
        dockerfile as reader,
    )

    steps: list[Step] = []
    for instruction in reader.parse(text).instructions:
        if instruction.keyword != "RUN":
            continue
        if instruction.json is not None:
            steps += _step([Word(word, instruction.span) for word in instruction.json])
            continue
        place = partial(_on_line, text, instruction.line, instruction.argued)
        steps += scripts.read(instruction.arguments, place).steps
        for document in instruction.heredocs:
            steps += scripts.read(document.body, partial(_shifted, text, document.start)).steps
    return Tasks((Task("RUN", tuple(steps), (), text.span(0)),) if steps else ())


def _on_line(text: Text, line: Line, shift: int, start: int, end: int) -> Span:
    return text.span(line.at(shift + start), line.till(shift + end))


def _shifted(text: Text, shift: int, start: int, end: int) -> Span:
    return text.span(shift + start, shift + end)


# By file name in lower case; what is not here is a Dockerfile.
READERS = {
    "moon.yml": moon,
    "moon.yaml": moon,
    "tox.ini": tox,
    ".pre-commit-config.yaml": pre_commit,
    "justfile": justfile,
    ".justfile": justfile,
    "makefile": makefile,
    "gnumakefile": makefile,
}
