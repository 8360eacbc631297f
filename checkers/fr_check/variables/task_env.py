"""What task runners give the commands of a task: `env` of moon, Taskfile, tox and their like.

moon and Taskfile give what the process that starts them lacks. Source: https://taskfile.dev/docs/guide/environment;
moon's own code, `envs_if_not_global`.
"""

from __future__ import annotations

from fr_check.core.text import Text
from fr_check.sources import tasks as readers
from fr_check.sources.opaque import Opaque
from fr_check.variables.model import FILL, OVER, Entry, Layer, Literal, Unclear

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from fr_check.core.model import Location
    from fr_check.core.repository import Repository
    from fr_check.runs.model import Executed
    from fr_check.sources.tasks.model import Tasks


def of_task(item: Executed, below: Iterable[Layer], repository: Repository) -> Iterator[Layer]:
    """The layer of the names that a command starts with and that neither the layers `below` nor its way tell of."""
    held = item.origin.environment
    known = {name for layer in below for name in layer.entries}
    known |= {one.name for one in item.operations} if held.keys() - known else set()
    names = [name for name in held if name not in known]
    if not names:
        return
    places = _places(item.path, repository)
    found = {}
    for name in names:
        text = held[name]
        value = Unclear(f"what `{item.path}` makes of `{name}`") if text is None else Literal(Opaque(text))
        found[name] = Entry(name, value, places.get(name, item.location), FILL if name in places else OVER)
    yield Layer("step-env", f"`{item.path}`", found)


def _places(path: str, repository: Repository) -> dict[str, Location]:
    """Where the blocks of variables of a task file have their names."""
    base = path.rpartition("/")[2]
    parser: Callable[[Text], Tasks] | None = None
    if base in {"moon.yml", "moon.yaml"}:
        parser = readers.moon.parse
    elif base.lower().startswith("taskfile."):
        parser = readers.taskfile.parse
    text = repository.read(path) if parser is not None else None
    if parser is None or not isinstance(text, Text):
        return {}
    blocks = text.parsed(parser).environments
    return {name: entry.key.location for block in blocks for name, entry in block.items()}
