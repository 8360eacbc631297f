"""Which files are examples of a `.env`, and which of them belongs to some code: the nearest at or above it."""

from __future__ import annotations

import re

from fr_check.core.patterns import pattern
from fr_check.core.record import NamedTuple

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

_KINDS = frozenset(
    (
        "example",
        "examples",
        "sample",
        "samples",
        "template",
        "templates",
        "tmpl",
        "dist",
        "default",
        "defaults",
        "devel",
    )
)
_MOST_EXTRA_WORDS = 2
# One name in so many of an example beside the code is read by the code.
_LEAST_SHARE = 3
# A name that ends so is a program, a page or a template of another language.
_OTHERS = frozenset((
    "py", "pyi", "ts", "tsx", "js", "jsx", "mjs", "cjs", "md", "mdx", "rst", "txt", "json", "yml", "yaml", "toml", "sh",
    "ps1", "j2", "jinja", "jinja2", "tf", "go", "rs", "rb", "html", "png", "svg", "css", "hcl", "ctmpl", "tpl", "enc",
    "gpg", "age", "bak", "zip",
))  # fmt: skip
# An example of the variables of tests is none of the application's.
_TESTS = frozenset(("test", "tests", "testing", "e2e", "ci"))
# A file of variables by the first word of its name.
_ENV = frozenset(("env", "dotenv"))
# `environment.example` may be of anything; `ENVEXAMPLE` is written in one word.
_WHOLE = pattern(r"environment[-_](?:example|sample|template|dist|defaults?)|\.?env(?:example|sample|template|dist)")
# Folders beside the code that hold what it is deployed with, the likeliest first.
_DEPLOYING = ("docker", "podman", "deploy", "deployment", "compose", "infra", "config", "conf", "env", "envs", ".envs")
_PARTS = pattern(r"[._-]+")
_WORDS = pattern(r"[^a-z0-9]+")
PLAIN = ".env.example"
COMMITTED = ".env"


class Choice(NamedTuple):
    """An example and why it is the one: `others` stand in the same folder and were not taken."""

    path: str
    why: str
    others: tuple[str, ...] = ()


def extra_words(path: str) -> tuple[str, ...] | None:
    """The words of an example's name beside `env` and `example`: `backend` of `.env.backend.example`; None: no example.

    An example is called `.env.X`, `env.X`, `.env-X`, `.X.env`, `X.env`, or so with a word or two more. X is one of
    example(s), sample(s), template(s), tmpl, dist, default(s), devel.
    """
    name = path.rpartition("/")[2].lower()
    if "env" not in name:
        return None
    if _WHOLE.fullmatch(name):
        return ()
    parts = [part for part in _PARTS.split(name) if part]
    kinds = [part for part in parts if part in _KINDS]
    if _ENV.isdisjoint(parts) or len(kinds) != 1 or parts[-1] in _OTHERS or not _TESTS.isdisjoint(parts):
        return None
    extra = tuple(part for part in parts if part not in {*_ENV, kinds[0]})
    return extra if len(extra) <= _MOST_EXTRA_WORDS and len(parts) == len(extra) + 2 else None


def may_be_one(path: str) -> bool:
    """Whether a file is an example, or a `.env` that is committed."""
    return "env" in path.rpartition("/")[2].lower() and (is_committed(path) or extra_words(path) is not None)


class Examples:
    """The examples of a repository, by folder."""

    def __init__(self, paths: Iterable[str]) -> None:
        self.by_folder: dict[str, list[str]] = {}
        self._beside: dict[str, list[str]] = {}
        self.committed: set[str] = set()
        for path in paths:
            folder, _, name = path.rpartition("/")
            if extra_words(path) is not None:
                self.by_folder.setdefault(folder, []).append(path)
            elif name == COMMITTED:
                self.committed.add(folder)

        for folder in sorted(self.by_folder, key=_likelihood):
            base = _deployed(folder)
            if base != folder:
                self._beside.setdefault(base, self.by_folder[folder])

    def every(self) -> tuple[str, ...]:
        """All of them, in order of their folders."""
        return tuple(path for _, found in sorted(self.by_folder.items()) for path in found)

    def nearest(self, path: str) -> tuple[str, ...]:
        """The examples in the nearest folder at or above a file that has any; a committed `.env` where none has."""
        for folder in above(path):
            if folder in self.by_folder:
                return tuple(self.by_folder[folder])
        found = next((folder for folder in above(path) if folder in self.committed), None)
        return () if found is None else (f"{found}/{COMMITTED}" if found else COMMITTED,)

    def beside(self, path: str) -> tuple[str, ...]:
        """Where no folder at or above a file has an example: those in the nearest folder of a deployment, `docker/`."""
        if any(folder in self.by_folder for folder in above(path)):
            return ()
        return next((tuple(self._beside[folder]) for folder in above(path) if folder in self._beside), ())


def _deployed(folder: str) -> str:
    """The folder that `docker/`, `deploy/compose/` and the like belong to."""
    *parts, last = folder.split("/")
    if last not in _DEPLOYING:
        return folder
    return "/".join(parts[:-1] if parts and parts[-1] in _DEPLOYING else parts)


def _likelihood(folder: str) -> tuple[int, int, str]:
    last = folder.rpartition("/")[2]
    return folder.count("/"), _DEPLOYING.index(last) if last in _DEPLOYING else 0, folder


def above(path: str) -> Iterator[str]:
    """The folder of a file and those around it, the nearest first; the root is empty."""
    folder = path.rpartition("/")[0]
    while folder:
        yield folder
        folder = folder.rpartition("/")[0]
    yield ""


def is_committed(path: str) -> bool:
    """Whether it is no example but a `.env` that is committed."""
    return path.rpartition("/")[2] == COMMITTED


def fits(share: int, names: int) -> bool:
    """Whether an example beside some code is likely one of its variables: the code reads a good part of them."""
    return share * _LEAST_SHARE >= names > 0


def choose(found: tuple[str, ...], code: str, shares: Mapping[str, int]) -> Choice | None:
    """Which of the examples in one folder belongs to some code; `shares`: how many of its variables each documents."""
    if not found:
        return None
    plain = next((path for path in found if path.rpartition("/")[2] == PLAIN), None)
    first = found[0]
    if len(found) == 1:
        why = "a committed .env, and there is no example" if is_committed(first) else "the nearest at or above the code"
        return Choice(first, why)
    if plain is not None:
        return _chosen(plain, "the plain one of several", found)
    words = set(_WORDS.split(code.lower()))
    named = [path for path in found if (extra := extra_words(path)) and words.issuperset(extra)]
    if named:
        longest = max(named, key=lambda path: len(extra_words(path) or ()))
        return _chosen(longest, f"its name says `{' '.join(extra_words(longest) or ())}`, and so does {code}", found)
    best = max(found, key=lambda path: (shares.get(path, 0), -len(extra_words(path) or ()), -found.index(path)))
    return _chosen(best, "it documents the most of what the code reads", found)


def _chosen(path: str, why: str, found: tuple[str, ...]) -> Choice:
    return Choice(path, why, tuple(other for other in found if other != path))


def names_in(string: str) -> frozenset[str]:
    """The names that stand before a `=` in an example, commented out or not: enough to compare examples by."""
    return frozenset(re.findall(r"^[ \t]*(?:#[ \t]*)?(?:export[ \t]+)?(\w+)[ \t]*=", string, re.MULTILINE))
