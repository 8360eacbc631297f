"""What a frontend's source reads of the public variables, tests and tooling apart."""

from __future__ import annotations

import posixpath
import re
from typing import TYPE_CHECKING, NamedTuple

from checkers.core.model import Unknown
from checkers.core.repository import Unreadable
from checkers.core.text import Text
from checkers.sources import javascript

if TYPE_CHECKING:
    from checkers.core.model import Location
    from checkers.core.repository import Repository

CHECKER = "dockerfile-args"
FILE_LIMIT = 20_000

_SOURCE = re.compile(r"\.(?:[cm]?[jt]sx?|vue|svelte|astro)$")
_TEST = re.compile(
    r"(?:^|/)(?:__tests__|__mocks__|__fixtures__|tests?|e2e|cypress|playwright|\.storybook|stories|mocks)/"
    r"|\.(?:test|spec|cy|stories|mock|e2e|bench)\.[cm]?[jt]sx?$|\.d\.[cm]?ts$"
    r"|(?:^|/)(?:vitest|jest|playwright|cypress|karma|test)[\w.-]*\.(?:setup|config|shims?)[\w.-]*$"
    r"|(?:^|/)(?:setup-?tests?|test-?setup|test-?utils?)\.[cm]?[jt]sx?$",
    re.IGNORECASE,
)
# Of the files beside package.json the bundler evaluates its own configuration, and what Next.js loads by name.
_CONFIGURATION = re.compile(
    r"(?:next|vite|nuxt|astro|svelte|gatsby|vue|craco)\.?config\.[cm]?[jt]s|gatsby-[\w-]+\.[jt]s"
)
_BUNDLED = re.compile(r"(?:middleware|proxy|instrumentation(?:-client)?|index|main|app|App|env)\.[cm]?[jt]sx?")
_SKIPPED_FOLDERS = frozenset(("node_modules", ".next", "dist", "build", "out", "coverage", "scripts", "public", ".git"))
# https://nextjs.org/docs/app/api-reference/file-conventions/route-segment-config: such a segment is never prerendered.
_DYNAMIC = re.compile(r"^export\s+const\s+dynamic\s*(?::[^=\n]*)?=\s*['\"]force-dynamic", re.MULTILINE)
_CLIENT = re.compile(r"(?:\s|//[^\n]*\n|/\*.*?\*/)*['\"]use client['\"]", re.DOTALL)
# Set by the platform that builds, not by anything in the repository.
_PLATFORM = re.compile(r"(?:NEXT_PUBLIC|VITE|REACT_APP|PUBLIC|NUXT_PUBLIC|GATSBY)_VERCEL_\w+")


class Read(NamedTuple):
    """One read of a public variable; `how` tells of one that the bundler does not replace."""

    name: str
    location: Location
    how: str = ""


class Sources(NamedTuple):
    """Public variables by who needs them.

    `baked`: replaced while the frontend is built. `runtime`: read by the server for each request, as the framework is
    told to. `uninlined`: reads that the bundler leaves as they are. `mentioned` are the names of all of these.
    """

    baked: dict[str, tuple[Read, ...]]
    runtime: dict[str, tuple[Read, ...]]
    uninlined: tuple[Read, ...]
    mentioned: frozenset[str]
    files: frozenset[str]
    unknowns: tuple[Unknown, ...]


def is_test(path: str) -> bool:
    """Whether a file belongs to tests, by its path."""
    return _TEST.search(path) is not None


def is_source(path: str, folder: str) -> bool:
    """Whether the bundler takes a file of a frontend: no test, no tool's configuration, nothing generated."""
    inner = path[len(folder) + 1 :] if folder else path
    if not _SOURCE.search(inner) or _TEST.search(inner):
        return False
    head, name = posixpath.split(inner)
    if not _SKIPPED_FOLDERS.isdisjoint(head.split("/")):
        return False
    if head:
        return True
    return bool(_CONFIGURATION.fullmatch(name) or _BUNDLED.fullmatch(name)) or "config" not in name


def load(repository: Repository, folder: str, others: tuple[str, ...], prefixes: tuple[str, ...]) -> Sources:
    """Reads the sources of a frontend in `folder`; `others` are frontends below it, which read for themselves."""
    collected = _Collected(prefixes)
    head = f"{folder}/" if folder else ""
    skip = tuple(f"{other}/" for other in others)
    for path in repository.paths():
        if not path.startswith(head) or path.startswith(skip) or not is_source(path, folder):
            continue
        if len(collected.files) >= FILE_LIMIT:
            break
        text = repository.read(path)
        if isinstance(text, Unreadable):
            collected.unknowns.append(Unknown(CHECKER, text.reason, path, text.message, text.help))
        elif isinstance(text, Text):
            collected.files.add(path)
            if any(prefix in text.string for prefix in prefixes):
                collected.file(text)
    return collected.result()


class _Collected:
    def __init__(self, prefixes: tuple[str, ...]) -> None:
        self.prefixes = prefixes
        self.baked: dict[str, list[Read]] = {}
        self.runtime: dict[str, list[Read]] = {}
        self.uninlined: list[Read] = []
        self.mentioned: set[str] = set()
        self.files: set[str] = set()
        self.unknowns: list[Unknown] = []

    def file(self, text: Text) -> None:
        """Takes what one file reads."""
        source = javascript.parse(text)
        at_request = self._at_request(text)
        for read in source.reads:
            if not read.name.startswith(self.prefixes) or _PLATFORM.fullmatch(read.name):
                continue
            self.mentioned.add(read.name)
            found = Read(read.name, text.at(read.span), read.how)
            if found.how:
                self.uninlined.append(found)
            else:
                (self.runtime if at_request else self.baked).setdefault(read.name, []).append(found)

    @staticmethod
    def _at_request(text: Text) -> bool:
        """Whether Next.js runs the module on the server for each request only: told so, and no client component."""
        return bool(_DYNAMIC.search(text.string)) and not _CLIENT.match(text.string)

    def result(self) -> Sources:
        """Everything, each variable's reads in order."""
        return Sources(
            {name: tuple(reads) for name, reads in sorted(self.baked.items())},
            {name: tuple(reads) for name, reads in sorted(self.runtime.items()) if name not in self.baked},
            tuple(self.uninlined),
            frozenset(self.mentioned),
            frozenset(self.files),
            tuple(self.unknowns),
        )
