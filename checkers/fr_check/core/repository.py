"""A repository as a value: paths and texts, whatever they are read from.

Five kinds: `Worktree` (files on disk), `Index` (what a commit would record), `Revision` (a commit; no working tree
needed), `Folder` (outside any repository) and `Memory` (for tests and examples). A path inside a submodule is read at
the commit the pointer names, from the submodule's object store, never from what happens to be checked out there.
"""

from __future__ import annotations

import re
from abc import ABC, abstractmethod
from bisect import bisect_left
from functools import cache, lru_cache
from importlib import import_module

from fr_check.core.model import Unknown
from fr_check.core.patterns import pattern
from fr_check.core.record import NamedTuple
from fr_check.core.text import Text

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Hashable, Iterable, Mapping
    from typing import Any, TypeVar

    from fr_check.core.globs import Steps
    from fr_check.core.model import Location

    T = TypeVar("T")

# A hand-written file is never this large; what is (coverage data) is read by read_bytes with its own limit.
TEXT_LIMIT = 8 * 1024 * 1024
SOURCE_LIMIT = 1_000_000
"""Bytes: what is larger was recorded, generated or packed, and is nobody's code."""
# Each line or action of these is a piece of work; of 60 repositories one has an .env.example of 177 kB, and no other
# such file more than 27 kB.
SHORT_LIMIT = 256 * 1024
_SHORT = pattern(
    r"(?:^|/)(?:[^/]*[.-])?(?:docker|container)file(?:\.[^/]*)?$|\.env(?:rc|[.-][^/]*)?$"
    r"|(?:^|/)[^/]*env[^/]*(?:examples?|samples?|templates?|dist|defaults?)$"
    r"|\.(?:ctmpl|tpl|tmpl|gotmpl|j2|jinja2?|hcl|sh|bash|gitmodules|dockerignore)$",
    re.IGNORECASE,
)


class Missing(NamedTuple):
    """Known to be absent."""

    path: str


class Unreadable(NamedTuple):
    """Neither known nor absent: `reason` is a kebab-case name, `help` the command or edit that would mend it."""

    path: str
    reason: str
    message: str
    help: str

    def as_unknown(self, checker: str, subject: str, location: Location | None = None) -> Unknown:
        """What a checker that had to judge by it could not."""
        return Unknown(checker, self.reason, subject, self.message, self.help, location)


class Repository(ABC):
    """What a checker may ask of a repository. Every answer is memoised: a file is read and parsed once."""

    root: str
    revision: str | None = None
    keeps_scans = False
    """Whether what `search` saw of the last state is kept for the next: looking at all files costs little."""
    of_commit = False
    """Whether it is a commit, of which no run leaves anything on disk."""
    changes: Mapping[str, bytes] = {}
    """Path -> another content than the file on disk has: an edit that is tried before it is written."""

    def __init__(self) -> None:
        self._texts: dict[str, Text | Missing | Unreadable] = {}
        self._gitlinks_above: dict[str, str | None] = {}
        self._readers: dict[str, set[str]] = {}
        self._selected: dict[Callable[[str], bool], tuple[str, ...]] = {}
        self._searched: dict[tuple[object, ...], Mapping[str, Any]] = {}
        self._known: frozenset[str] | None = None
        self._named: dict[str, list[str]] | None = None
        self._remembered: dict[tuple[object, ...], Any] = {}
        self._globs: dict[str, tuple[str, ...] | Unreadable] = {}
        self.reader = ""

    @abstractmethod
    def paths(self) -> tuple[str, ...]:
        """Every file of the superproject that git tracks or would offer to (not ignored), sorted; no gitlinks."""

    def select(self, wanted: Callable[[str], bool]) -> tuple[str, ...]:
        """Those of `paths()` that are wanted by their names alone."""
        if wanted not in self._selected:
            self._selected[wanted] = tuple(filter(wanted, self.paths()))
        return self._selected[wanted]

    def search(self, wanted: Callable[[str], bool], scanner: Callable[[bytes], T]) -> Mapping[str, T | None]:
        """Path -> what `scanner`, a function of a module, makes of a wanted file, where that is something.

        None for a file that cannot be read. The narrow way to ask for what few of many files hold: in a history only
        the files that changed are looked at again.
        """
        key = (wanted, scanner)
        if key not in self._searched:
            paths = self.select(wanted)
            self.preload(paths)
            made = ((path, self.scan(path, scanner)) for path in paths)
            self._searched[key] = {path: found for path, found in made if found or found is None}
        return self._searched[key]

    def texts_with(
        self, wanted: Callable[[str], bool], parser: Callable[..., T], *arguments: Hashable
    ) -> Mapping[str, T]:
        """As `search`, of texts: path -> what `parser` makes of a wanted file's text, where that is something."""
        key = (wanted, parser, *arguments)
        if key not in self._searched:
            paths = self.select(wanted)
            self.preload(paths)
            texts = (text for text in map(self.read, paths) if isinstance(text, Text))
            made = ((text.path, text.parsed(parser, *arguments)) for text in texts)
            self._searched[key] = {path: found for path, found in made if found}
        return self._searched[key]

    def any(self, wanted: Callable[[str], bool]) -> bool:
        """Whether there is a file that is wanted by its name alone."""
        return self.remembered(_any, wanted)

    def has(self, path: str) -> bool:
        """Whether a path is one of `paths()`."""
        if self._known is None:
            self._known = frozenset(self.paths())
        return path in self._known

    def named(self, name: str) -> tuple[str, ...]:
        """Those of `paths()` whose last part this is."""
        if self._named is None:
            self._named = {}
            for path in self.paths():
                self._named.setdefault(path.rpartition("/")[2], []).append(path)
        return tuple(self._named.get(name, ()))

    def remembered(self, make: Callable[..., T], *arguments: Hashable) -> T:
        """What a function of a module makes of this repository and of plain arguments, made once.

        It asks nothing but the repository, and what it makes asks nothing more: in a history it stays until an answer
        to what it asked is another one. An argument may hold places in texts, where it is equal to another one only if
        these are the same; it says in `texts` of which files.
        """
        key = (make, *arguments)
        if key not in self._remembered:
            self._remembered[key] = make(self, *arguments)
        found: T = self._remembered[key]
        return found

    def looked_up(self, make: Callable[..., Mapping[str, T]], key: str) -> T | None:
        """What the mapping that is remembered of a function has for a key: narrower than to ask for all of it."""
        return self.remembered(make).get(key)

    @abstractmethod
    def gitlinks(self) -> Mapping[str, str]:
        """Path -> commit for every submodule pointer (stage 0)."""

    @abstractmethod
    def subtree(self, gitlink: str) -> tuple[str, ...] | Unreadable:
        """Every file below a gitlink, at the pinned commit, as paths relative to the root, sorted."""

    @abstractmethod
    def read_bytes(self, path: str, limit: int = TEXT_LIMIT) -> bytes | Missing | Unreadable:
        """The content of a path. Directories, special files and links out of the root are Unreadable."""

    def preload(self, paths: Iterable[str]) -> None:
        """Says which paths will be read soon: where reading is slow, it starts in the background."""
        del paths  # files on disk and strings in memory are read at once

    def blob(self, path: str) -> str | None:
        """Git's name for the content of a file; None where it has none, or one that would take git to tell."""
        data = self.read_bytes(path)
        return blob_name(data) if isinstance(data, bytes) else None

    def is_alike(self, path: str, other: Repository) -> bool:
        """Whether a file is known to be the same in another state, of which what was read can be used for both."""
        blob = self.blob(path)
        return blob is not None and blob == other.blob(path)

    def revision_of(self, path: str) -> str | None:
        """The commit a path is read at, where that is not the working tree or the index."""
        gitlink = self.gitlink_above(path)
        return self.gitlinks()[gitlink] if gitlink is not None else self.revision

    def origin(self) -> str | None:
        """The address that the repository is fetched from; None where that is not known."""
        return None

    def gitlink_above(self, path: str) -> str | None:
        """The gitlink a path lies below, or None."""
        folder = path.rpartition("/")[0]
        # Thousands of files are asked about, in few folders.
        if folder not in self._gitlinks_above:
            links = self.gitlinks()
            parts = folder.split("/")
            heads = ("/".join(parts[: count + 1]) for count in range(len(parts)))
            self._gitlinks_above[folder] = next((head for head in heads if head in links), None)
        return self._gitlinks_above[folder]

    def read(self, path: str) -> Text | Missing | Unreadable:
        """The decoded text of a path."""
        self._readers.setdefault(path, set()).add(self.reader)
        if path not in self._texts:
            data = self.read_bytes(path)
            if isinstance(data, bytes) and len(data) > SHORT_LIMIT and _SHORT.search(path):
                data = too_large(path, len(data), SHORT_LIMIT)
            self._texts[path] = Text.decode(data, path, self.revision_of(path)) if isinstance(data, bytes) else data
        return self._texts[path]

    def parse(self, path: str, parser: Callable[[Text], T]) -> T | Missing | Unreadable:
        """What `parser` makes of a path's text, or why there is no text."""
        text = self.read(path)
        return text.parsed(parser) if isinstance(text, Text) else text

    def scan(self, path: str, scanner: Callable[[bytes], T]) -> T | None:
        """What `scanner`, a function of a module, makes of a path's content; None where that cannot be read."""
        data = self.read_bytes(path)
        return scanner(data) if isinstance(data, bytes) else None

    def readers(self) -> Mapping[str, tuple[str, ...]]:
        """Which checkers read each file that could be read: `reader` is whoever reads at the time."""
        return {text.path: tuple(sorted(self._readers[text.path] - {""})) for text in self.examined()}

    def examined(self) -> tuple[Text, ...]:
        """Every text read so far, by path: where suppressions are looked for."""
        return tuple(text for _, text in sorted(self._texts.items()) if isinstance(text, Text))

    def glob(self, pattern: str) -> tuple[str, ...] | Unreadable:
        """Paths that match a glob (`*` within a segment, `**` across, `?`, `[...]`, `{a,b}`), sorted.

        A pattern whose literal head reaches into a submodule looks there, at the pinned commit.
        """
        # Each of many services may ask for what stands in a folder that it mounts.
        if pattern not in self._globs:
            self._globs[pattern] = self._matching(pattern)
        return self._globs[pattern]

    def _matching(self, pattern: str) -> tuple[str, ...] | Unreadable:
        head = literal_head(pattern)
        gitlink = self.gitlink_above(f"{head}/x") if head else None
        names = self.paths() if gitlink is None else self.subtree(gitlink)
        if isinstance(names, Unreadable):
            return names
        # They are sorted: those below a folder stand together, before what would begin with the next sign.
        first, last = (bisect_left(names, f"{head}{sign}") for sign in "/0") if head else (0, len(names))
        match = compile_glob(pattern).fullmatch
        return tuple(name for name in names[first:last] if match(name))

    def exists(self, path: str) -> bool:
        """Whether a path can be read as a file here (False also where that cannot be known)."""
        return isinstance(self.read(path), Text)


def _any(repository: Repository, wanted: Callable[[str], bool]) -> bool:
    return bool(repository.select(wanted))


class Memory(Repository):
    """A repository of strings or bytes; `links` maps gitlinks to commits, for paths read "in" a submodule."""

    def __init__(
        self, files: Mapping[str, str | bytes], links: Mapping[str, str] | None = None, origin: str | None = None
    ) -> None:
        super().__init__()
        self._origin = origin
        self.root = "."
        self._files = {path: text.encode() if isinstance(text, str) else text for path, text in files.items()}
        self._links = dict(links or {})

    def paths(self) -> tuple[str, ...]:  # noqa: D102 - documented by the base class
        return tuple(sorted(path for path in self._files if self.gitlink_above(path) is None))

    def origin(self) -> str | None:  # noqa: D102
        return self._origin

    def gitlinks(self) -> Mapping[str, str]:  # noqa: D102
        return self._links

    def subtree(self, gitlink: str) -> tuple[str, ...] | Unreadable:  # noqa: D102
        return tuple(sorted(path for path in self._files if path.startswith(f"{gitlink}/")))

    def read_bytes(self, path: str, limit: int = TEXT_LIMIT) -> bytes | Missing | Unreadable:  # noqa: D102
        data = self._files.get(path)
        if data is None:
            return Missing(path)
        return data if len(data) <= limit else too_large(path, len(data), limit)


def blob_name(data: bytes) -> str:
    """Git's name for some content (SHA-1): equal to the recorded one where nothing changed and no filter is at work."""
    digest = _sha1()(b"blob %d\0" % len(data) + data, usedforsecurity=False)
    name: str = digest.hexdigest()
    return name


@cache
def _sha1() -> Callable[..., Any]:
    """The interpreter's own SHA-1, where it was built with one: `hashlib` loads OpenSSL, which takes 3 ms."""
    try:
        module = import_module("_sha1")
    except ImportError:
        module = import_module("hashlib")
    made: Callable[..., Any] = module.sha1
    return made


def too_large(path: str, size: int, limit: int) -> Unreadable:
    """The answer for a file over its limit (both in bytes)."""
    message = f"{path} has {size:,} bytes; more than {limit:,} are not read"
    return Unreadable(path, "too-large", message, "check that this is the file you mean; split it if it is")


def literal_head(pattern: str) -> str:
    """The folders of a glob that contain no wildcard: `repo/x` of `repo/x/*/y`."""
    parts = pattern.split("/")
    count = next((i for i, part in enumerate(parts[:-1]) if re.search(r"[*?\[{]", part)), len(parts) - 1)
    return "/".join(parts[:count])


_WILDCARDS = {"**/": "(?:[^/]+/)*", "**": ".*", "*": "[^/]*"}
_MOST_WILDCARDS = 4  # of a regular expression that goes back over them


@lru_cache(maxsize=512)
def compile_glob(pattern: str) -> re.Pattern[str] | Steps:
    """A glob, for `fullmatch`; an unbalanced bracket or brace stands for itself."""
    tokens = re.findall(r"\*\*/|\*\*|\*|\?|\[!?\]?[^\]/]*\]|\{[^{}/]*\}|.", pattern, re.DOTALL)
    pieces = [token if token in _WILDCARDS else _glob_piece(token) for token in tokens]
    if sum(token in _WILDCARDS for token in tokens) <= _MOST_WILDCARDS:
        return re.compile("".join(map(_glob_expression, pieces)), re.DOTALL)
    from fr_check.core.globs import Steps  # noqa: PLC0415 - few globs have so many

    return Steps(pieces)


def _glob_piece(sign: str) -> str | tuple[str, ...]:
    """What is no wildcard: an expression of one character, or the texts of which one fits."""
    if sign == "?":
        return "[^/]"
    if len(sign) > 1 and sign[0] == "[":
        negated = sign.startswith("[!")
        return _glob_class(sign[2:-1] if negated else sign[1:-1], "^" if negated else "")
    if len(sign) > 1 and sign[0] == "{":
        return tuple(sign[1:-1].split(","))
    return re.escape(sign)


def _glob_expression(piece: str | tuple[str, ...]) -> str:
    if isinstance(piece, tuple):
        return "(?:" + "|".join(map(re.escape, piece)) + ")"
    return _WILDCARDS.get(piece, piece)


def _glob_class(body: str, negation: str) -> str:
    """The inside of `[...]`; a range that runs backwards matches nothing of its own."""
    parts = re.findall(r"(.)-(.)|(.)", body, re.DOTALL)
    ranges = [f"{re.escape(low)}-{re.escape(high)}" for low, high, _ in parts if low and low <= high]
    singles = [re.escape(single) for _, _, single in parts if single]
    if not ranges and not singles:
        return "[^/]" if negation else r"(?!)"
    return f"[{negation}{''.join(singles + ranges)}{'/' if negation else ''}]"
