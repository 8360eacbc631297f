"""Files of variables that workflow steps write: an image built after them may get its variables from there."""

from __future__ import annotations

from fr_check.core.patterns import pattern
from fr_check.sources.build_context import inside
from fr_check.sources.yaml_tree import string

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from fr_check.sources.workflow import Step, Workflow

_WRITTEN = pattern(
    r"(?:>>?|--out-file[= ]|--output-file[= ]|\btee(?:\s+-a)?|\b(?:cp|mv)\s+[^\s;&|]+)\s*[\"']?"
    r"([\w./-]*\.env(?:\.\w+)*)[\"']?(?=\s|$|[;&|)])"
)
_CHANGED = pattern(r"\bcd\s+[\"']?([\w./-]+)")
_ACTIONS = ("create-envfile", "create-env-file", "dotenv-create", "create-env", "write-file-action")
# Another kind of file: App Engine's `.env.yaml`, an example.
_OTHER = (".yaml", ".yml", ".example", ".json", ".sample")


def find(workflow: Workflow) -> Iterator[str]:
    """The repository paths of the files that a workflow's steps write, as far as they are plain to see."""
    for job in workflow.jobs:
        for step in job.steps:
            if step.run is not None and ".env" in step.run.value:
                yield from _by_script(step, step.run.value)
            elif step.action.endswith(_ACTIONS):
                folder = step.inputs.get("directory")
                name = step.inputs.get("file_name")
                path = (string(name.value) if name else None) or ".env"
                found = inside((string(folder.value) if folder else None) or "", path)
                if found:
                    yield found


def _by_script(step: Step, script: str) -> Iterator[str]:
    base = step.working_directory.value if step.working_directory is not None else ""
    if "$" in base:
        return
    for match in _WRITTEN.finditer(script):
        if match[1].endswith(_OTHER):
            continue
        moved = _CHANGED.findall(script, 0, match.start())
        for folder in {base, *(f"{base}/{found}" if base else found for found in moved)}:
            found = inside(folder, match[1])
            if found:
                yield found
