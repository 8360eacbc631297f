"""Taskfile.yml: `cmds` of each task, each a shell of its own; `ignore_error` lets one fail, or all of a task.

`env` of the file and of a task gives what the environment does not have, the files of `dotenv` what is unset then. What
stands in `{{ }}` is opaque, and tasks of files that are included are not read. Source: https://taskfile.dev.
"""

from __future__ import annotations

from fr_check.core.patterns import pattern
from fr_check.sources import yaml_tree
from fr_check.sources.shells import Shell
from fr_check.sources.tasks.model import OPAQUE, Ignored, Script, Task, Tasks
from fr_check.sources.yaml_tree import Scalar, entries, get, items, string

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from fr_check.core.model import Span
    from fr_check.core.text import Text
    from fr_check.sources.yaml_tree import Entry, Node

_TEMPLATE = pattern(r"\{\{[^}\n]{0,400}\}\}")


def parse(text: Text) -> Tasks:
    """Reads one file."""
    document = text.parsed(yaml_tree.parse)
    every = entries(get(document.root, "env"))
    found = entries(get(document.root, "tasks"))
    loads = _loads(get(document.root, "dotenv"))
    tasks = (_task(name, entry.value, _environment(every)) for name, entry in found.items())
    tasks = (task._replace(loads=(*task.loads, *loads)) for task in tasks) if loads else tasks
    blocks = (every, *(entries(get(entry.value, "env")) for entry in found.values()))
    return Tasks(tuple(tasks), blocks, document.problems)


def _environment(block: Mapping[str, Entry]) -> dict[str, str | None]:
    """A block of variables; None for what only a run tells: `sh`, a template, a reference of the shell."""
    texts = {name: string(entry.value) for name, entry in block.items()}
    return {name: None if text is None or "{{" in text or "$" in text else text for name, text in texts.items()}


def _task(name: str, node: Node, every: Mapping[str, str | None]) -> Task:
    if isinstance(node, Scalar) or items(node):
        return Task(name, tuple(_scripts(node)), (), node.span, every, weak=True)
    commands = [one for one in (get(node, "cmds"), get(node, "cmd")) if one is not None]
    folder = string(get(node, "dir")) or ""
    folder_known = None if "{{" in folder else folder
    options = {string(one) for one in items(get(node, "set"))}
    shell = Shell("sh", bool({"e", "errexit"} & options), "pipefail" in options)
    scripts = tuple(
        script._replace(folder=folder_known, shell=shell, ignored=script.ignored or _ignored(node))
        for one in commands
        for script in _scripts(one)
    )
    needs = [string(one) or string(get(one, "task")) for one in items(get(node, "deps"))]
    needs += [string(get(one, "task")) for command in commands for one in items(command)]
    env = {**every, **_environment(entries(get(node, "env")))}
    own = _loads(get(node, "dotenv"))
    return Task(name, scripts, tuple(one for one in needs if one), node.span, env, weak=True, loads=own)


def _loads(node: Node | None) -> tuple[tuple[str, Span], ...]:
    """The files of `dotenv`; an empty name where it is put together."""
    named = ((string(one) or "", one.span) for one in items(node))
    return tuple(("" if "{{" in name else name, span) for name, span in named)


def _scripts(node: Node) -> Iterator[Script]:
    for one in items(node) or (node,):
        command = one if isinstance(one, Scalar) else get(one, "cmd")
        if isinstance(command, Scalar):
            yield Script(_filled(command.value), command.locate, ignored=_ignored(one))


def _ignored(node: Node) -> Ignored | None:
    found = get(node, "ignore_error")
    if not isinstance(found, Scalar) or found.value.lower() != "true":
        return None
    return Ignored("`ignore_error: true`", found.span)


def _filled(value: str) -> str:
    """A command in which each template is opaque, and as long as it was, so that places stay."""
    return _TEMPLATE.sub(lambda found: OPAQUE.replace(" ", " " * max(len(found[0]) - len(OPAQUE) + 1, 1)), value)
