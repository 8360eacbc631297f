"""What CI systems other than GitHub run: GitLab, CircleCI, Azure, Bitbucket, Travis and the like, all in YAML.

Their files are not followed from job to job. Whatever stands under a key that holds commands is read as shell, and what
stands under one that holds variables as variables: enough to know the thresholds that are written there.
"""

from __future__ import annotations

from bisect import bisect_right

from fr_check.sources import yaml_tree
from fr_check.sources.thresholds import scripts
from fr_check.sources.thresholds.model import number
from fr_check.sources.thresholds.tasks import Task, Tasks
from fr_check.sources.thresholds.variables import variable
from fr_check.sources.yaml_tree import Scalar, items

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from fr_check.core.model import Span
    from fr_check.core.text import Text
    from fr_check.sources.thresholds.model import Declared
    from fr_check.sources.yaml_tree import Node

# A list below one of these is one script: a `cd` in it holds for what follows.
_COMMANDS = frozenset(("script", "before_script", "after_script", "after_success", "install", "commands", "command"))
_COMMANDS |= {"run", "bash", "pwsh", "powershell", "inlineScript", "test_script", "build_script", "before_test"}
_VARIABLES = frozenset(("variables", "environment", "env"))


def parse(text: Text) -> Tasks:
    """Reads one file; one that says nothing about coverage is not parsed."""
    if "cov" not in text.string.lower():
        return Tasks()
    document = yaml_tree.parse(text)
    tasks: list[Task] = []
    declared: list[Declared] = []
    for node in yaml_tree.walk(document.root):
        if not isinstance(node, yaml_tree.Mapping):
            continue
        for key, value in node.items:
            if key.value in _COMMANDS:
                steps = _steps(value)
                tasks += [Task(key.value, steps, (), key.span)] if steps else []
            elif key.value in _VARIABLES:
                declared += _variables(value)
    return Tasks(tuple(tasks), tuple(declared), document.problems)


def _steps(node: Node) -> tuple[scripts.Step, ...]:
    lines = [node] if isinstance(node, Scalar) else [line for line in items(node) if isinstance(line, Scalar)]
    starts, length = [], 0
    for line in lines:
        starts.append(length)
        length += len(line.value) + 1

    def place(start: int, end: int) -> Span:
        index = max(0, bisect_right(starts, start) - 1)
        line, shift = lines[index], starts[index]
        return line.locate(start - shift, min(end - shift, len(line.value)))

    return scripts.read("\n".join(line.value for line in lines), place).steps if lines else ()


def _variables(node: Node) -> Iterator[Declared]:
    for name, entry in yaml_tree.entries(node).items():
        # GitLab may write a description beside the value.
        value = entry.value if isinstance(entry.value, Scalar) else yaml_tree.get(entry.value, "value")
        if isinstance(value, Scalar):
            found = variable(name, number(value.value), value.span, "CI variable")
            yield from [found] if found else []
