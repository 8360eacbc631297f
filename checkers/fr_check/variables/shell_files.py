"""The files that a shell reads, by the places that its commands name: what `Sourcing` asks of them."""

from __future__ import annotations

from fr_check.core.patterns import pattern
from fr_check.core.record import NamedTuple
from fr_check.core.text import Text
from fr_check.runs import changes
from fr_check.variables.model import FromExample, FromSecret, Literal, Open, Unclear

TYPE_CHECKING = False
if TYPE_CHECKING:
    import typing
    from collections.abc import Callable

    from fr_check.core.model import Location
    from fr_check.core.repository import Repository
    from fr_check.runs.changes import Operation
    from fr_check.runs.scope import Files
    from fr_check.variables.env_files import EnvFiles
    from fr_check.variables.model import Entry, Layer
    from fr_check.variables.sourced_files import SourcedFiles
    from fr_check.variables.templates import Rendered

_WORD = pattern(r"[\w@%+=:,./-]*")


class Sourced(NamedTuple):
    """One file that a shell sources. `rendered` is what it is, where an agent renders it; `exported`: under `set -a`.

    `elsewhere` is where the rendered file stands in this service, when it does not stand where it is looked for;
    `missing`: nothing brings it there, and `renders` is a file of that name that an agent of the project renders.
    `lost` are names of the file that certainly never reach what is started, `shown` is the command as it is written.
    `failing` says why the shell does not read it.
    """

    path: str
    location: Location
    rendered: Rendered | None
    exported: bool
    elsewhere: str = ""
    missing: bool = False
    renders: Rendered | None = None
    lost: tuple[str, ...] = ()
    shown: str = ""
    failing: str = ""


class Notes:
    """What was looked for, and what became of it, in `noted`: of who looks for files somewhere."""

    def __init__(self, repository: Repository) -> None:
        self.repository = repository
        self.noted: list[Sourced] = []

    def note(
        self,
        path: str,
        operation: Operation,
        rendered: Rendered | None = None,
        *,
        elsewhere: str = "",
        missing: bool = False,
        renders: Rendered | None = None,
    ) -> None:
        """That a file is sourced, and what is known of it, as in `Sourced`."""
        everything = operation.exported is not False or operation.kind != changes.SOURCE
        self.noted.append(
            Sourced(path, operation.location, rendered, everything, elsewhere, missing, renders, shown=operation.shown)
        )

    def reaching(self, name: str | None = None) -> None:
        """A name of a sourced file reaches what is started after all, or may; without one, all of them."""
        self.noted = [
            one._replace(lost=() if name is None else tuple(lost for lost in one.lost if lost != name))
            for one in self.noted
        ]

    def losing(self, path: str, names: tuple[str, ...]) -> None:
        """Names of the file at a path that was sourced last do not reach what is started."""
        if self.noted and self.noted[-1].path == path:
            self.noted[-1] = self.noted[-1]._replace(lost=names)

    def missing(self, path: str, names: tuple[str, ...], why: str) -> None:
        """The shell does not read the file at a path, which has some names, or ends there."""
        if self.noted and self.noted[-1].path == path:
            self.noted[-1] = self.noted[-1]._replace(lost=names, failing=why)

    def line(self, location: Location) -> str:
        """The line that sets a variable."""
        text = self.repository.read(location.path)
        return "" if not isinstance(text, Text) or location.span is None else text.line(location.span.line)

    def exports(self, location: Location) -> bool:
        """Whether the line of a file that sets a variable exports it."""
        return self.line(location).lstrip().startswith("export ")


class HostFiles(Notes):
    """Files of the repository, for the shell of a step or a task."""

    def __init__(self, files: EnvFiles, checkouts: Files) -> None:
        super().__init__(files.repository)
        self._files = files
        self._checkouts = checkouts

    def path(self, place: str) -> str | None:
        """The path in the repository; None outside of it."""
        return self._checkouts.path(place)[0]

    def script(self, path: str) -> Text | None:
        """A file of the repository."""
        text = self.repository.read(path)
        return text if isinstance(text, Text) else None

    def read(self, path: str, operation: Operation) -> Layer:
        """A file of variables, or the example that it is a copy of."""
        self.note(path, operation)
        return self._files.layer(path, told(operation), operation.location)._replace(kind="sourced")


if TYPE_CHECKING:
    ShellFiles: typing.TypeAlias = "HostFiles | SourcedFiles"
    """Who gives a shell its files.

    `path` says what a place is called (None: nothing can be known of it), `script` gives a file that is committed and
    no template, `read` a file as a layer (None: nothing stands there for certain).
    """


def told(operation: Operation) -> str:
    """The command that sources a file, for a sentence."""
    # make has no `set -a`.
    under = " under `set -a`" if operation.exported and operation.kind == changes.SOURCE and not operation.by else ""
    return f"`{operation.shown}`{under}"


def perhaps(operation: Operation) -> Open:
    """That an operation may not happen."""
    does = f"runs `{operation.shown}`" if operation.shown else f"sets `{operation.name}`"
    told = operation.why or f"whether the script {does} is only known at run time"
    return Open(operation.shown or operation.name, told, operation.location)


def split(layer: Layer, operation: Operation, line: Callable[[Entry], str]) -> Layer:
    """A file of variables as `export $(cat FILE)` has it; `line` gives the line of an entry."""
    words = (_plain(entry, operation.shown, line(entry)) for entry in layer.entries.values())
    return layer._replace(entries={one.name: one for one in words})


def _plain(entry: Entry, shown: str, line: str) -> Entry:
    """An entry whose value `export $(cat FILE)` splits into words, and may keep the quotes of."""
    value = entry.value
    if isinstance(value, FromSecret):
        return entry
    simple = isinstance(value, (Literal, FromExample)) and _WORD.fullmatch(line.partition("=")[2].strip())
    return entry if simple else entry._replace(value=Unclear(f"`{shown}` splits its value"))
