"""One frontend as it was read: what bundles it, which variables its sources read, and what it brings of its own."""

from __future__ import annotations

import posixpath
from enum import IntEnum

from fr_check.builds.model import NAME
from fr_check.core.model import Unknown
from fr_check.core.patterns import pattern
from fr_check.core.record import NamedTuple
from fr_check.core.repository import Unreadable
from fr_check.sources.javascript.model import DEVELOPMENT, EMPTY, HANDLED, LOCAL, PASSED

TYPE_CHECKING = False
if TYPE_CHECKING:
    from fr_check.builds.image_files import Tree
    from fr_check.builds.workspace import Workspace
    from fr_check.core.model import Location, Skipped
    from fr_check.core.repository import Repository
    from fr_check.sources.bundlers import Bundler


class Need(IntEnum):
    """How much code needs a variable: not at all, so that it does not fail, or truly."""

    NONE = 0
    SLACK = 1
    FULL = 2


class Read(NamedTuple):
    """One read of a public variable; `how` tells of one that the bundler may not replace, `doubtful` if it may.

    `shared` where it stands in a package that several frontends use, perhaps not all of them this part of it. `handled`
    is that of `javascript.Read`: whether the code copes without a value; `exported` the constant that has it, `guards`
    those that the code asks before it comes there.
    """

    name: str
    location: Location
    how: str = ""
    doubtful: bool = False
    shared: bool = False
    handled: str = ""
    exported: str = ""
    guards: tuple[tuple[str, str], ...] = ()


class Sources(NamedTuple):
    """Public variables by who needs them.

    `baked`: replaced while the frontend is built. `runtime`: read by the server for each request, as the framework is
    told to. A variable that next.config's `env` gives is in neither. `uninlined`: reads that the bundler leaves as
    they are. `mentioned` are the names of all of these, `files` the paths that were looked at. `words` are the names,
    or beginnings of names, that stand anywhere in a source that reads variables by computed names; `keys` the words of
    Nuxt's configuration, in lower case, whose `runtimeConfig` variables fill. `optional` are those that a schema in the
    sources calls so. `built` are variables of any name that a build of Next.js keeps: next.config reads them.
    """

    baked: dict[str, tuple[Read, ...]]
    runtime: dict[str, tuple[Read, ...]]
    uninlined: tuple[Read, ...]
    mentioned: frozenset[str]
    files: frozenset[str]
    unknowns: tuple[Unknown, ...]
    words: frozenset[str] = frozenset()
    keys: frozenset[str] = frozenset()
    optional: frozenset[str] = frozenset()
    built: dict[str, tuple[Read, ...]] = {}  # noqa: RUF012 - a NamedTuple's default

    def may_read(self, name: str) -> bool:
        """Whether a variable that nothing reads by its name may be read by a computed one, or fill a setting."""
        if any(name == word or (word.endswith("_") and name.startswith(word)) for word in self.words):
            return True
        parts = name.lower().split("_")
        return any("".join(parts[start:]) in self.keys for start in range(2, len(parts))) if self.keys else False


class Bundled(NamedTuple):
    """How a folder is bundled, and what tells it (`why`, in words)."""

    bundlers: tuple[Bundler, ...]
    prefixes: tuple[str, ...]
    why: str


# Packages that read public variables of their own: the names begin so, and the package is of this scope or name.
_LIBRARIES = {
    "CLERK_": "@clerk/",
    "STACK_": "@stackframe/",
    "WORKOS_": "@workos-inc/",
    "CLOUDINARY_": "next-cloudinary",
    "SENTRY_": "@sentry/",
    "CONVEX_": "convex",
    "SUPABASE_": "@supabase/",
    "LIVEKIT_": "@livekit/",
}


# Packages that fill in variables when the page is served: what is not baked is not missing.
_INJECTORS = frozenset(
    (
        "@import-meta-env/unplugin",
        "@import-meta-env/cli",
        "next-runtime-env",
        "@beam-australia/react-env",
        "runtime-env-cra",
    )
)


# https://docs.sentry.io/platforms/javascript/configuration/options/: without a DSN nothing is sent, and the rest of its
# options may be left out.
# Statistics of visitors likewise: without an account nothing is counted, and nothing else is different.
_SWITCHED_OFF = pattern(
    r"(?:^|_)(?:SENTRY_\w+"
    r"|(?:POSTHOG|PLAUSIBLE|UMAMI|MIXPANEL|AMPLITUDE|HOTJAR|MATOMO|LOGROCKET|FULLSTORY|DATADOG|DD_RUM)_\w+"
    r"|(?:GA|GTM|GA4|GTAG|GOOGLE_(?:ANALYTICS|TAG_MANAGER))(?:_\w*ID)?|(?:GA|GA4)_TRACKING|G_TAG"
    r"|(?:FATHOM|CLARITY|HEAP|SEGMENT)"
    r"_(?:API_)?(?:KEY|ID|HOST|API_HOST|TOKEN|URL|DOMAIN|SITE_ID|WEBSITE_ID|PROJECT_ID|WRITE_KEY|APP_ID|SCRIPT_URL"
    r"|SRC))$"
)


class EnvFile(NamedTuple):
    """A file of variables that the framework reads in a production build, and the names in it."""

    path: str
    places: dict[str, Location]


class Frontend(NamedTuple):
    """One frontend; `path` is its folder ("" the root). `why` says what tells that it is one, and of which kind."""

    path: str
    bundled: Bundled
    sources: Sources
    env_files: tuple[EnvFile, ...]
    packages: frozenset[str] = frozenset()

    @property
    def bundlers(self) -> tuple[Bundler, ...]:
        """What builds it; none where only the configuration tells of it."""
        return self.bundled.bundlers

    @property
    def prefixes(self) -> tuple[str, ...]:
        """What the variables begin with that go into the page."""
        return self.bundled.prefixes

    @property
    def environment(self) -> str:
        """The object whose members the bundler replaces: Vite and what is built on it have `import.meta.env`."""
        vite = {bundler.label for bundler in self.bundlers} & {"Vite", "Astro", "SvelteKit", "Nuxt"}
        return "import.meta.env" if vite else "process.env"

    def read_by_package(self, name: str) -> bool:
        """Whether a package that the frontend depends on reads a variable by a name of its own."""
        rest = next((name[len(prefix) :] for prefix in self.prefixes if name.startswith(prefix)), "")
        owners = [package for head, package in _LIBRARIES.items() if rest.startswith(head)]
        return any(package.startswith(owner) for owner in owners for package in self.packages)

    def need(self, name: str) -> Need:
        """How much the code needs a variable: each file that reads it says so; a schema may call it optional."""
        if name in self.sources.optional or _SWITCHED_OFF.search(name):
            return Need.NONE
        files: dict[str, set[str]] = {}
        for read in self.reads.get(name, ()):
            files.setdefault(read.location.path, set()).add(read.handled)
        # What next.config hands on under the same name is needed as much as who reads it then needs it.
        readers = [handled for handled in files.values() if handled != {PASSED}]
        return max(map(_need, readers or files.values()), default=Need.NONE)

    def only_empty(self, name: str) -> bool:
        """Whether all code that needs a variable falls back on an empty text."""
        needing = {read.handled for read in self.reads.get(name, ())} - {HANDLED, DEVELOPMENT, PASSED}
        return needing == {EMPTY}

    def copes_without(self, name: str) -> bool:
        """Whether every file that reads a variable copes where it is not set, or a schema calls it optional."""
        return self.need(name) is Need.NONE

    @property
    def injector(self) -> str:
        """The package that sets variables in the page when it is served; empty for none."""
        return next(iter(sorted(_INJECTORS & self.packages)), "")

    @property
    def label(self) -> str:
        """What to call it in a message."""
        return self.path or "."

    @property
    def reads(self) -> dict[str, tuple[Read, ...]]:
        """Variables whose value a build of the frontend keeps, with the places that read them."""
        return {**self.sources.baked, **self.sources.built}

    @property
    def public_reads(self) -> dict[str, tuple[Read, ...]]:
        """Of these the public ones, which the bundler puts into the page."""
        return self.sources.baked


class Ignores:
    """The `.dockerignore` files of a repository, read when one is asked for."""

    def __init__(self, repository: Repository) -> None:
        self._repository = repository
        self.unknowns: dict[Unknown, None] = {}
        """Files that were asked for, and are not judged whole: of those, and of the Dockerfiles that copy them."""

    def excluding(self, dockerfile: str, context: str, path: str) -> str | None:
        """The `.dockerignore` that keeps a file out of a build's context, or None."""
        from fr_check.core.budget import Budget  # noqa: PLC0415 - only where a file may bring variables
        from fr_check.sources import dockerignore  # noqa: PLC0415

        # The one beside the Dockerfile takes precedence, and then alone counts.
        for name in (f"{dockerfile}.dockerignore", posixpath.join(context, ".dockerignore")):
            found = self._repository.parse(name, dockerignore.parse)
            if isinstance(found, Unreadable):
                self.unknowns[found.as_unknown(NAME, name)] = None
                return None
            if isinstance(found, dockerignore.Dockerignore):
                if not found.is_whole:
                    message = f"`{name}` has more than {dockerignore.LINE_LIMIT:,} lines: not all of them are judged"
                    self.unknowns[Unknown(NAME, Budget.REASON, name, message, "write fewer, wider patterns")] = None
                return name if found.excluded_by(posixpath.relpath(path, context or ".")) else None
        return None


class Frontends(NamedTuple):
    """The frontends of a repository, and what could not be read; `packages` are the folders of other packages."""

    frontends: tuple[Frontend, ...]
    unknowns: tuple[Unknown, ...]
    skipped: tuple[Skipped, ...]
    ignores: Ignores
    packages: frozenset[str]
    workspace: Workspace
    tree: Tree

    @property
    def prefixes(self) -> tuple[str, ...]:
        """The prefixes of the public variables of all frontends."""
        return tuple(dict.fromkeys(prefix for frontend in self.frontends for prefix in frontend.prefixes))


def _need(handled: set[str]) -> Need:
    """How much one file needs a variable that it reads in these ways."""
    if HANDLED in handled or handled == {DEVELOPMENT}:
        return Need.NONE
    slack = {EMPTY, LOCAL, DEVELOPMENT}
    return Need.SLACK if handled <= slack else Need.FULL
