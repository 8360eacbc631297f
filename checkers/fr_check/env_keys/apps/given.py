"""Variables that an image of the repository sets itself, so that nobody has to."""

from __future__ import annotations

from fr_check.builds.model import is_dockerfile_name
from fr_check.sources import dockerfile

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping

    from fr_check.core.context import Context


def load(context: Context) -> Mapping[str, str]:
    """Name -> the Dockerfile with an `ENV` that sets it."""
    found: dict[str, str] = {}
    for path in context.repository.select(is_dockerfile_name):
        read = context.repository.parse(path, dockerfile.parse)
        for instruction in read.instructions if isinstance(read, dockerfile.Dockerfile) else ():
            if instruction.keyword == "ENV":
                for definition in instruction.definitions:
                    found.setdefault(definition.name, path)
    return found
