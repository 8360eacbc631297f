"""What CI systems other than GitHub run: GitLab, CircleCI, Azure, Bitbucket, Travis and the like, all in YAML.

Their files are not followed from job to job. Whatever stands under a key that holds commands is read as shell, and what
stands under one that holds variables as variables.
"""

from __future__ import annotations

from fr_check.sources import yaml_tree
from fr_check.sources.shells import Shell
from fr_check.sources.tasks.model import Script, Task, Tasks, of_lines
from fr_check.sources.yaml_tree import Scalar, items

TYPE_CHECKING = False
if TYPE_CHECKING:
    from fr_check.core.text import Text
    from fr_check.sources.yaml_tree import Node

# A list below one of these is one script: a `cd` in it holds for what follows.
_COMMANDS = frozenset(("script", "before_script", "after_script", "after_success", "install", "commands", "command"))
_COMMANDS |= {"run", "bash", "pwsh", "powershell", "inlineScript", "test_script", "build_script", "before_test"}
_VARIABLES = frozenset(("variables", "environment", "env"))
_SHELL = Shell("bash", errexit=True)


def parse(text: Text) -> Tasks:
    """Reads one file."""
    document = yaml_tree.parse(text)
    tasks: list[Task] = []
    environments = []
    for node in yaml_tree.walk(document.root):
        if not isinstance(node, yaml_tree.Mapping):
            continue
        for key, value in node.items:
            if key.value in _COMMANDS:
                script = _script(value)
                tasks += [Task(key.value, (script,), (), key.span)] if script is not None else []
            elif key.value in _VARIABLES:
                environments.append(yaml_tree.entries(value))
    return Tasks(tuple(tasks), tuple(environments), document.problems)


def _script(node: Node) -> Script | None:
    lines = [node] if isinstance(node, Scalar) else [line for line in items(node) if isinstance(line, Scalar)]
    return of_lines([(line.value, line.locate) for line in lines], _SHELL) if lines else None
