"""What a template renders: the facts that rules read."""

from __future__ import annotations

from fr_check.core.record import NamedTuple
from fr_check.core.secrecy import MASK

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Literal

    from fr_check.core.model import Problem, Span

    FaultKind = Literal["spaced", "command", "name", "colon", "append", "operator", "quote"]


class SecretRead(NamedTuple):
    """A field of a secret that the template reads.

    `path` is Vault's path with `{ENV}` for what only rendering knows; it is empty for a `.Data` that stands outside of
    every secret, where Vault Agent has no data. `fields` is the chain as written:
    ("Data", "data", "PASSWORD"). `guarded`: the template asked (`with`, `if`, `or`, a default) before it rendered, so
    that a missing field does not become `<no value>`.
    """

    path: str
    fields: tuple[str, ...]
    span: Span
    guarded: bool

    @property
    def field(self) -> str:
        """The field's name in the secret, without the envelope `.Data` or `.Data.data`; `*` for all of them."""
        rest = self.fields[1:] if self.fields[:1] == ("Data",) else self.fields
        if rest[:1] == ("data",):
            rest = rest[1:]
        return ".".join(rest) or "*"

    @property
    def inside_value(self) -> str:
        """The field whose value is asked for `.Data`, as the dot of `with .Data.data.A` is; empty for any other read.

        A value in Vault is a text, and Go stops at a field of a text.
        """
        again = self.fields.index("Data", 1) if "Data" in self.fields[1:] else 0
        outer = self._replace(fields=self.fields[:again])
        return outer.field if again and outer.field != "*" else ""


class Value(NamedTuple):
    """A literal value that a key gets on some path, as `sh` reads it (`""` is empty), and where it is written.

    May be a secret that somebody wrote down: compare it, but do not print it for a secret name.
    """

    literal: str
    span: Span

    def __repr__(self) -> str:
        return f"Value({MASK}, {self.span!r})"


class Exposure(NamedTuple):
    """How a rendered value stands in the shell line: inside which quotes, and what quoted it.

    `quotes` is one of none, double, single, other; `form` is go (`printf "%q"`), json, sh (each `'` replaced),
    or empty (as it is).
    """

    quotes: str
    form: str


class Key(NamedTuple):
    """An assignment that `sh` makes when it reads the rendered file.

    `name` may hold `*` for what only rendering knows: then it is a pattern, and the key is in `open_keys`.
    `always`: the name is set on every path through the template (by this or another assignment).
    `values` are the literal values on the paths that render no data; `dynamic` says that others do.
    """

    name: str
    span: Span
    always: bool
    exported: bool
    dynamic: bool
    values: tuple[Value, ...]
    reads: tuple[SecretRead, ...]
    exposures: tuple[Exposure, ...]

    @property
    def is_pattern(self) -> bool:
        """Whether the name is computed from data."""
        return "*" in self.name


class Glued(NamedTuple):
    """An assignment that on some path ends up behind another one on the same rendered line.

    `first` is the assignment before it (None: a comment). `marker` is the trim marker that ate the newline between
    them (None: there never was one on that path). `separated`: a blank is left between, so that `sh` still sets it.
    """

    name: str
    span: Span
    first: str | None
    first_span: Span | None
    marker: Span | None
    separated: bool


class Duplicate(NamedTuple):
    """The same name assigned twice on one path; the later one wins."""

    name: str
    span: Span
    first: Span


class Fault(NamedTuple):
    """A rendered line that `sh` reads otherwise than it looks.

    `kind`: spaced (`K = v`: runs K), command (`K= v`, `K=a b`: runs the second word), name (`A-B=1`, `1A=1`),
    colon (`K: v`), append (`K+=v`), operator (unquoted `<`, `>`, `(`, `&`, `|` in the value), quote (opened and never
    closed). `name` is what stands before the `=`, never a part of the value.
    """

    kind: FaultKind
    name: str
    span: Span


class Failure(NamedTuple):
    """Where Go stops executing the template, whatever the data is, and renders nothing; on some paths or `always`.

    `message` is Go's, and may show a piece of the template.
    """

    message: str
    span: Span
    always: bool


class Template(NamedTuple):
    """Everything about one template. With `problems`, Go renders nothing and all else but `failures` is empty.

    `keys` in order of text; `open_keys` are the patterns among them (`*` and no `=` seen: a whole line of data), which
    may be any name that matches. `secrets` is every read; `comment_reads` those that land in a comment line.
    """

    keys: tuple[Key, ...] = ()
    open_keys: tuple[Key, ...] = ()
    glued: tuple[Glued, ...] = ()
    duplicates: tuple[Duplicate, ...] = ()
    secrets: tuple[SecretRead, ...] = ()
    comment_reads: tuple[SecretRead, ...] = ()
    faults: tuple[Fault, ...] = ()
    problems: tuple[Problem, ...] = ()
    failures: tuple[Failure, ...] = ()
    unfollowed: str = ""
    """Where named templates call each other too often: what ran out, in words."""

    @property
    def is_truncated(self) -> bool:
        """Whether `sh` stops somewhere in the middle: keys behind that place may look missing."""
        return any(fault.kind == "quote" for fault in self.faults)

    @property
    def names(self) -> frozenset[str]:
        """The names of the keys that are not patterns."""
        return frozenset(key.name for key in self.keys if not key.is_pattern)
