"""Where a variable is named by what nothing follows: tools beside the applications, and any other text."""

from __future__ import annotations

from functools import cached_property

from fr_check.core.names import ending
from fr_check.core.patterns import whole_name
from fr_check.core.text import Text

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from fr_check.core.model import Location
    from fr_check.variables.flow import Flow

_NO_TEXT = (".png", ".jpg", ".ico", ".svg", ".lock", ".woff2", ".pdf", ".gz", "-lock.json", ".md")


def _may_be_text(path: str) -> bool:
    return not path.endswith(_NO_TEXT)


class Mentions:
    """Looks for a name in texts."""

    def __init__(self, flow: Flow) -> None:
        self.flow = flow

    def anywhere(self, name: str) -> Iterator[Location]:
        """The first place in each file that names a variable: nothing that is read of them says what it is."""
        paths = [*self.flow.repository.select(_may_be_text)]
        paths += [part.path for project in self.flow.projects for part in project.parts]
        paths += [path for program in self.flow.programs for path in program.templates]
        yield from self._in(dict.fromkeys(paths), name)

    def by_tools(self, name: str) -> Iterator[Location]:
        """Python programs beside the applications that name a variable: tools that set it, or read it themselves."""
        yield from self._in(self._tools, name)

    def _in(self, paths: Iterable[str], name: str) -> Iterator[Location]:
        word = whole_name(name)
        for path in paths:
            text = self.flow.repository.read(path)
            found = word.search(text.string) if isinstance(text, Text) and name in text.string else None
            if found is not None and isinstance(text, Text):
                yield text.location(*found.span())

    @cached_property
    def _tools(self) -> tuple[str, ...]:
        settings = {path for program in self.flow.programs for path in program.settings}
        code = {program.code: None for program in self.flow.programs}
        roots = tuple(f"{program.root.partition('/src')[0]}/" for program in self.flow.programs if program.root)
        repository = self.flow.repository
        paths = [
            path
            for path in repository.select(ending(".py"))
            if path not in settings and not any(of(path) for of in code)
        ]
        kept = [path for path in paths if not path.startswith(roots) and "/test" not in f"/{path}"]
        for folder in dict.fromkeys(project.directory for project in self.flow.projects):
            if repository.gitlink_above(f"{folder}/x") is not None:
                names = repository.glob(f"{folder}/*.py")
                kept += names if isinstance(names, tuple) else ()
        return tuple(dict.fromkeys(kept))
