"""What a frontend's source reads of the public variables, tests and tooling apart."""

from __future__ import annotations

import posixpath
import re
from functools import lru_cache

from fr_check.builds.frontend import Read, Sources
from fr_check.builds.model import NAME
from fr_check.core.model import Unknown
from fr_check.core.patterns import pattern
from fr_check.core.repository import Unreadable
from fr_check.core.text import Text
from fr_check.sources import javascript

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from fr_check.core.model import Problem
    from fr_check.core.repository import Repository

FILE_LIMIT = 20_000

# Of a frontend's folder, what is generated, installed, or run by hand.
_TEST = pattern(r"(?:^|/)(?:tests?|spec|__tests__|testing)/|(?:^|/)(?:test_|conftest)[^/]*$|_test\.\w+$")
_SKIPPED_FOLDERS = frozenset(("node_modules", ".next", "dist", "build", "out", "coverage", "scripts", "public", ".git"))
# The page that Vite (https://vite.dev/guide/env-and-mode#html-constant-replacement) or Create React App fills.
_PAGES = frozenset(("index.html", "public/index.html"))
_CODE_ROLES = frozenset(("source", "config"))
# https://nextjs.org/docs/app/api-reference/file-conventions/route-segment-config: such a segment is never prerendered.
_DYNAMIC = pattern(r"^export\s+const\s+dynamic\s*(?::[^=\n]*)?=\s*['\"]force-dynamic", re.MULTILINE)
_ALIAS = pattern(r"\b(?:const|let|var)\s+\w+[^=;\n]*=\s*process\.env\b(?!\s*[.\[?])")
_API = "app/api/"
_HANDLER = pattern(r"/route\.[cm]?[jt]sx?$")
# Set by the platform that builds, not by anything in the repository.
_FRAMEWORKS = ("NEXT_PUBLIC", "VITE", "REACT_APP", "PUBLIC", "NUXT_PUBLIC", "GATSBY")
_PLATFORM = tuple(f"{framework}_VERCEL_" for framework in _FRAMEWORKS)
# What may read a variable whose name stands elsewhere: `process.env[name]`, `parse(process.env)`.
_ANY_NAME = pattern(r"(?:process|import\.meta)\.env\s*(?:(?:\?\.)?\[\s*[^\"'\s]|[,)}])")
_HOW = {
    "bracketed": "in brackets",
    "destructured": "by destructuring",
    "aliased": "through another name for `process.env`",
    "tested": "by `in`",
    "dotted": "where the bundler does not look",
}


def is_test(path: str) -> bool:
    """Whether a file belongs to tests, by its path."""
    return javascript.role(path) in {"test", "story", "tooling", "declaration"} or _TEST.search(path) is not None


def is_source(path: str, folder: str) -> bool:
    """Whether the bundler takes a file of a frontend: no test, no tool's configuration, nothing generated."""
    inner = path[len(folder) + 1 :] if folder else path
    if not javascript.is_javascript(inner) or javascript.role(inner) not in _CODE_ROLES:
        return False
    return _SKIPPED_FOLDERS.isdisjoint(inner.split("/")[:-1])


def load(
    repository: Repository,
    folder: str,
    others: tuple[str, ...],
    prefixes: tuple[str, ...],
    packages: tuple[tuple[str, bool], ...] = (),
) -> Sources:
    """Reads the sources of a frontend in `folder`; `others` are frontends below it, which read for themselves.

    `packages` are the folders of the workspace's packages that it uses; true for those that other frontends use, too.
    """
    collected = _Collected(prefixes)
    _take(repository, folder, others, collected)
    for package, shared in packages:
        collected.shared = shared
        _take(repository, package, others, collected)
    if any(read.exported or read.guards for reads in collected.baked.values() for read in reads):
        from fr_check.builds import exported  # noqa: PLC0415 - few modules hand on what nobody has a fallback for

        collected.baked = exported.judged(repository, collected.baked, sorted(collected.files))
    return collected.result()


@lru_cache(maxsize=64)
def _of_frontend(folder: str, others: tuple[str, ...]) -> Callable[[str], bool]:
    """Whether a path is that of a source or page of a frontend, and of none of the others."""
    head = f"{folder}/" if folder else ""
    skip = tuple(f"{other}/" for other in others)

    def wanted(path: str) -> bool:
        if not path.startswith(head) or path.startswith(skip):
            return False
        return path[len(head) :] in _PAGES or is_source(path, folder)

    return wanted


def _take(repository: Repository, folder: str, others: tuple[str, ...], collected: _Collected) -> None:
    head = f"{folder}/" if folder else ""
    chosen = repository.select(_of_frontend(folder, others))
    kinds = {path: path[len(head) :] in _PAGES for path in chosen}
    collected.served = _served(chosen)
    repository.preload(chosen)
    for path in chosen:
        if len(collected.files) >= FILE_LIMIT:
            break
        text = repository.read(path)
        if isinstance(text, Unreadable):
            collected.unknowns.append(text.as_unknown(NAME, path))
        elif isinstance(text, Text) and not text.whole:
            collected.unknowns.append(_unreadable(text, text.problems[0]))
        elif isinstance(text, Text):
            collected.files.add(path)
            collected.loose = collected.loose or (".env" in text.string and _ANY_NAME.search(text.string) is not None)
            if posixpath.basename(path).startswith("nuxt.config."):
                collected.keys.update(word.lower() for word in re.findall(r"\w+", text.string))
            config = not kinds[path] and javascript.role(path) == "config"
            if config or any(prefix in text.string for prefix in collected.prefixes):
                (collected.page if kinds[path] else collected.file)(text)


def _served(paths: Iterable[str]) -> tuple[str, ...]:
    """The folders `app/api` with route handlers: what stands there is the server's, but for `"use client"`.

    Source: https://nextjs.org/docs/app/getting-started/project-structure (colocation).
    """
    found = (path[: at + len(_API)] for path in paths
             if (at := f"/{path}".rfind(f"/{_API}")) >= 0 and _HANDLER.search(path) is not None)  # fmt: skip
    return tuple(dict.fromkeys(found))


def _unreadable(text: Text, problem: Problem) -> Unknown:
    message = f"what `{text.path}` reads of the environment is not known: {problem.message}"
    return Unknown(
        NAME, "unreadable-source", text.path, message, problem.help or "mend the file", text.at(problem.span)
    )


def _is_dynamic(string: str) -> bool:
    """Whether a file says that its segment is rendered for each request."""
    return "force-dynamic" in string and _DYNAMIC.search(string) is not None


class _Collected:
    def __init__(self, prefixes: tuple[str, ...]) -> None:
        self.prefixes = prefixes
        self.baked: dict[str, list[Read]] = {}
        self.runtime: dict[str, list[Read]] = {}
        self.uninlined: list[Read] = []
        self.mentioned: set[str] = set()
        self.optional: set[str] = set()
        self.built: dict[str, list[Read]] = {}
        self.given: set[str] = set()
        self.files: set[str] = set()
        self.unknowns: list[Unknown] = []
        self.words: set[str] = set()
        self.keys: set[str] = set()
        self.loose = False
        self.shared = False
        self.served: tuple[str, ...] = ()
        name = "(?:" + ("|".join(map(re.escape, prefixes)) or "(?!)") + r")\w*"
        self._word = re.compile(r"(?<!\w)" + name)
        self._placed = pattern(f"%({name})%")

    def file(self, text: Text) -> None:
        """Takes what one file reads."""
        source = text.parsed(javascript.parse)
        self.words.update(self._word.findall(text.string))
        at_build = source.role == "config"
        served = text.path.startswith(self.served) if self.served else False
        at_request = source.server or (not source.client and (served or _is_dynamic(text.string)))
        self.optional.update(name for name in text.parsed(javascript.optional_keys) if name.startswith(self.prefixes))
        self.given.update(key.name for key in source.inlined_keys)
        if source.problems:
            # What is never closed may have swallowed reads that stand behind it.
            problem = source.problems[0]
            behind = text.string[text.offset(problem.span.line, problem.span.column) :]
            if any(prefix in behind for prefix in self.prefixes):
                self.unknowns.append(_unreadable(text, problem))
        for read in source.built:
            if read.name is not None and not read.name.startswith((*self.prefixes, *_PLATFORM)):
                found = Read(read.name, text.at(read.span), handled=read.handled)
                self.built.setdefault(read.name, []).append(found)
        for read in source.reads:
            name = read.name
            if name is None or not name.startswith(self.prefixes) or name.startswith(_PLATFORM):
                continue
            self.mentioned.add(name)
            if read.handled == javascript.OPTIONAL:
                self.optional.add(name)
            where, handled, exported = text.at(read.span), read.handled, read.exported
            found = Read(name, where, shared=self.shared, handled=handled, exported=exported, guards=read.guards)
            handed_out = read.kind == "imported" and read.inlined == javascript.NOT_INLINED
            if at_request or handed_out:
                self.runtime.setdefault(name, []).append(found)
            elif at_build or read.inlined != javascript.NOT_INLINED:
                self.baked.setdefault(name, []).append(found)
            if read.inlined != javascript.INLINED and not (at_request or at_build or handed_out):
                # A parameter's default, `env = process.env`, mostly serves tests; a caller may pass something else.
                handed = read.kind == "aliased" and _ALIAS.search(text.string) is None
                doubtful = handed or read.inlined == javascript.MAYBE_INLINED
                self.uninlined.append(found._replace(how=_HOW.get(read.kind, read.kind), doubtful=doubtful))

    def page(self, text: Text) -> None:
        """Takes what the page itself reads: `%VITE_X%`."""
        for found in self._placed.finditer(text.string):
            self.mentioned.add(found[1])
            self.baked.setdefault(found[1], []).append(Read(found[1], text.at(text.span(*found.span(1)))))

    def result(self) -> Sources:
        """Everything, each variable's reads in order."""
        return Sources(
            {name: tuple(reads) for name, reads in sorted(self.baked.items()) if name not in self.given},
            {name: tuple(reads) for name, reads in sorted(self.runtime.items()) if name not in self.baked},
            tuple(self.uninlined),
            frozenset(self.mentioned | self.given),
            frozenset(self.files),
            tuple(self.unknowns),
            frozenset(self.words) if self.loose else frozenset(),
            frozenset(self.keys),
            frozenset(self.optional),
            {name: tuple(reads) for name, reads in sorted(self.built.items())},
        )
