"""One build argument or environment variable of a compose file, and what its references and paths count from."""

from __future__ import annotations

from functools import cached_property

from fr_check.core.record import NamedTuple
from fr_check.sources import interpolation
from fr_check.sources.compose.scalars import printed

TYPE_CHECKING = False
if TYPE_CHECKING:
    from fr_check.core.model import Location, Span
    from fr_check.sources.compose.scalars import Printed
    from fr_check.sources.yaml_nodes import Scalar

    Scope = tuple[tuple[str, ...], ...]


class Origin(NamedTuple):
    """What the paths and references of a value count from, where `extends` or `include` brought it.

    `directory` is a folder of the repository, None outside of it. `scope` are the files of variables that fill
    references: groups, the strongest first; within a group a later file wins. None: those of the project.
    """

    directory: str | None
    scope: Scope | None = None


class Variable:
    """One build argument or environment variable.

    `name` is None where only an interpolation would tell. `bare` when it has no value (`- X`, `X:`): its value is
    that of the shell or of `.env`, and without one the engine removes the variable, an image's own ENV too. `listed`
    for the list form, whose `name=value` Compose interpolates as a whole. `origin` is None for what the project's own
    files say.
    """

    __slots__ = ("__dict__", "bare", "key", "listed", "name", "origin", "scalar", "value_start", "via")

    def __init__(self, name: str | None, scalar: Scalar, value_start: int | None, via: Scalar | None = None) -> None:
        self.name = name
        self.scalar = scalar
        self.value_start = value_start
        self.via = via
        self.bare = value_start is None
        self.listed = False
        self.key: Scalar = scalar
        self.origin: Origin | None = None

    def placed(self, origin: Origin) -> Variable:
        """A copy that stands where `extends` or `include` puts it."""
        copy = Variable(self.name, self.scalar, self.value_start, self.via)
        copy.listed, copy.key = self.listed, self.key
        copy.origin = origin
        return copy

    @property
    def value(self) -> str | None:
        """The value as written, or None for a bare one."""
        return None if self.value_start is None else self.scalar.value[self.value_start :]

    @cached_property
    def printed(self) -> Printed | None:
        """The value as Compose passes it on, before references are filled: 1.10 is 1.1. None for a bare one."""
        return None if self.value_start is None else printed(self.scalar, self.value_start)

    @cached_property
    def template(self) -> interpolation.Template:
        """The value, cut into text and references; offsets count from the start of the value."""
        return interpolation.parse(self.value or "")

    @cached_property
    def whole(self) -> interpolation.Template:
        """An item of a list as a whole, `name=value` or the bare name, cut into text and references."""
        return interpolation.parse(self.scalar.value)

    @property
    def location(self) -> Location:
        """Where its name stands; for one a merge key brought, that `<<`."""
        return (self.via or self.key).text.at(self.span)

    @property
    def span(self) -> Span:
        """`location`, without the file."""
        if self.via is not None:
            return self.via.span
        if self.key is not self.scalar:
            return self.key.span
        end = len(self.scalar.value) if self.value_start is None else self.value_start - 1
        return self.scalar.locate(0, end)

    def locate(self, start: int, end: int) -> Location:
        """Where `value[start:end]` stands."""
        offset = self.value_start or 0
        return self.scalar.text.at(self.scalar.locate(offset + start, offset + end))


Variables = dict[str, Variable]
