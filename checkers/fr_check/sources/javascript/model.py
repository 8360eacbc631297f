"""What a JavaScript or TypeScript file is read into."""

from __future__ import annotations

from fr_check.core.record import NamedTuple

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Final, Literal

    from fr_check.core.model import Problem, Span

    ReadKind = Literal["dynamic", "whole", "dotted", "bracketed", "destructured", "aliased", "tested", "imported"]

    Inlined = Literal["yes", "no", "maybe"]

    Handled = Literal["", "handled", "optional", "empty", "local", "development", "passed"]

    Role = Literal["source", "test", "story", "config", "tooling", "declaration"]


PROCESS: Final = "process.env"
META: Final = "import.meta.env"

INLINED: Final = "yes"
NOT_INLINED: Final = "no"
MAYBE_INLINED: Final = "maybe"

HANDLED: Final = "handled"
OPTIONAL: Final = "optional"
EMPTY: Final = "empty"
LOCAL: Final = "local"
DEVELOPMENT: Final = "development"
PASSED: Final = "passed"

IN_OBJECT: Final = "{}"


class Read(NamedTuple):
    """One read of the environment.

    `name` is None where it is not known: `kind` is then `dynamic` (`process.env[x]`, a rest pattern) or `whole`
    (`process.env` handed on). Else `kind` is `dotted`, `bracketed`, `destructured`, `aliased` (through a variable that
    holds the whole object), `tested` (`"X" in process.env`) or `imported` (from a module of the
    framework). `optional` for `?.`. `object` is PROCESS or META.
    `inlined` says whether a bundler replaces it by the value at build time: INLINED, NOT_INLINED, or MAYBE_INLINED
    where that hangs on the bundler. `span` is that of the name, `whole` that of the expression. `handled` says
    whether the code copes without a value: HANDLED by a fallback, a condition, a comparison; OPTIONAL where a schema in
    the file calls the variable so; EMPTY where it falls back on nothing (`?? ""`), LOCAL on the developer's machine;
    DEVELOPMENT where a production build never reads it; PASSED where next.config only hands it on under its own name;
    else empty. `exported` is the constant that hands it to other modules, where that is its value; one with IN_OBJECT
    at its end is an object that holds it. `guards` are constants with what the code does not come here with:
    `if (BASE === "/api") return ...` stands before it.
    """

    name: str | None
    kind: ReadKind
    object: str
    optional: bool
    inlined: Inlined
    span: Span
    whole: Span
    handled: Handled = ""
    exported: str = ""
    guards: tuple[tuple[str, str], ...] = ()


class Named(NamedTuple):
    """A name and where it stands."""

    name: str
    span: Span


class JavaScript(NamedTuple):
    """What one file says.

    `role` is `source`, `test`, `story`, `config` (a bundler's configuration, evaluated at build time), `tooling`
    (configuration of tests and linters, never bundled) or `declaration` (types only). `client` and `server` say that
    the file is marked for the browser (`"use client"`) or runs on the server only (`"use server"`, the package
    `server-only`, a route handler, middleware, instrumentation). `inlined_keys` are those of next.config's `env: {}`
    that it gives a value of its own, and what a configuration assigns to `process.env`. `built` are the reads of a
    next.config whose value a build keeps (`env`, `rewrites`, `redirects`, `headers`), whatever their names.
    """

    reads: tuple[Read, ...]
    inlined_keys: tuple[Named, ...]
    role: Role
    client: bool
    server: bool
    problems: tuple[Problem, ...]
    built: tuple[Read, ...] = ()

    @property
    def names(self) -> frozenset[str]:
        """The names that are read, whichever way."""
        return frozenset(read.name for read in self.reads if read.name is not None)

    @property
    def dynamic(self) -> int:
        """How many reads have no known name."""
        return sum(read.name is None for read in self.reads)


_LOCALS = ("://localhost", "://127.0.0.1", "://0.0.0.0", "://host.docker.internal")


def is_local(address: str) -> bool:
    """Whether an address is that of the developer's machine."""
    return any(local in address for local in _LOCALS)
