"""Why a variable that nothing here reads may still matter: a library reads it, or a document tells to set it."""

from __future__ import annotations

import re
import sys

from fr_check.core.names import ending
from fr_check.core.patterns import pattern
from fr_check.core.text import Text
from fr_check.variables.backends.classes import is_candidate

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from fr_check.core.repository import Repository

# The end of a line is searched for as fast as any letter; `^` is tried at each.
_IMPORT = pattern(rb"\n[ \t]*(?:from|import)[ \t]+([A-Za-z_][\w.]*)")
_REQUIREMENT = pattern(r"^[ \t]*([A-Za-z][\w.-]*)", re.MULTILINE)
_WORDS = pattern(r"[^a-z0-9]+")
_DOCUMENTS = (".md", ".mdx", ".rst", ".adoc", ".txt")
# Documents for those who install, configure and run it; not plans and histories of changes.
_GUIDES = pattern(
    r"(?:^|/)(?:readme|install\w*|config\w*|environment\w*|env|env[-_.]\w*|settings?|deploy\w*|setup|self[-_]?host\w*|docker"
    r"|usage|getting[-_]started)(?:[-_.][^/]*)?\.(?:mdx?|rst|adoc|txt)$|(?:^|/)readme$",
    re.IGNORECASE,
)
_OF_OTHERS = pattern(r"(?:^|/)(?:tests?|examples?|samples?|node_modules|vendor|third_party|site-packages|plans?)/")
_SHORTEST = 3
# Words that say what a variable holds, not whose it is.
_GENERAL = frozenset((
    "api", "app", "key", "url", "uri", "host", "port", "user", "username", "password", "passwd", "secret", "token",
    "name", "path", "file", "dir", "env", "debug", "log", "logging", "level", "mode", "data", "database", "server",
    "client", "core", "config", "settings", "base", "default", "test", "tests", "tools", "utils", "types", "typing",
    "common", "models", "model", "main", "service", "services", "http", "https", "email", "mail", "the", "use",
    "enable", "enabled", "max", "min", "size", "count", "limit", "timeout", "version", "prefix", "project",
    "public", "private", "dev", "local", "access", "auth", "provider", "index", "type", "query", "async", "sync",
    "web", "site", "domain", "number", "message", "messages", "search", "rest", "extra", "time", "date", "format",
    "run", "worker", "cache", "session", "storage", "bucket", "region", "id",
))  # fmt: skip

# Variables of a package that do not begin with its name: https://authjs.dev/reference/core#environment-variables.
_OWNERS = {"auth": "next-auth", "kv": "@vercel/kv", "blob": "@vercel/blob"}
# What bundlers put into pages is followed by its own checker.
_PUBLIC = ("NEXT_PUBLIC_", "REACT_APP_", "VITE_", "PUBLIC_", "NUXT_PUBLIC_", "EXPO_PUBLIC_", "GATSBY_", "VUE_APP_")


def hints(repository: Repository, keys: Iterable[str]) -> dict[str, str]:
    """Key -> why it may matter, in words, for those of the keys where something speaks for it."""
    left = set(keys)
    if not left:
        return {}
    found: dict[str, str] = {}
    modules = repository.remembered(_modules)
    for key in left:
        word = next((word for word in _words(key) if word in modules), None)
        if word is not None:
            found[key] = f"`{modules[word]}`, which is imported here, may read it"
    packages = repository.remembered(_packages) if left - found.keys() else {}
    for key in left - found.keys() if packages else ():
        name = next((packages[head] for head in _heads(key) if head in packages), None)
        if name is not None:
            found[key] = f"the package `{name}` may read it"
    for key, document in repository.remembered(_told, frozenset(left - found.keys())).items():
        found[key] = f"{document} tells to set it"
    return found


def described(repository: Repository, keys: Iterable[str]) -> Mapping[str, str]:
    """Key -> a guide of the repository that has it, for those of the keys that one has."""
    wanted = frozenset(keys)
    return repository.remembered(_described, wanted) if wanted else {}


def _described(repository: Repository, keys: frozenset[str]) -> dict[str, str]:
    found: dict[str, str] = {}
    for path in sorted(repository.select(_is_guide), key=lambda path: (path.count("/"), path)):
        text = repository.read(path)
        for name in keys & text.parsed(_names_in) if isinstance(text, Text) and not text.problems else ():
            found.setdefault(name, path)
    return found


def _is_guide(path: str) -> bool:
    return _GUIDES.search(path) is not None and not _OF_OTHERS.search(path)


def _names_in(text: Text) -> frozenset[str]:
    """The words of a document in capitals."""
    return frozenset(_CAPITALS.findall(text.string))


def owner(repository: Repository, key: str) -> str:
    """The library from outside whose own name a variable begins with; empty where there is none."""
    first = key.lower().partition("_")[0]
    names = {name.partition(".")[0].lower() for name in repository.remembered(_modules).values()}
    return next((name for name in sorted(names) if re.sub(r"[-_.]", "", name) == first), "")


def _words(name: str) -> list[str]:
    return [word for word in _WORDS.split(name.lower()) if len(word) >= _SHORTEST and word not in _GENERAL]


def _modules(repository: Repository) -> dict[str, str]:
    """Word -> the module from outside whose name has it."""
    own = {part.removesuffix(".py") for path in repository.select(ending(".py")) for part in path.split("/")}
    names = {name for imported in repository.search(is_candidate, _imported).values() for name in imported or ()}
    for path in repository.select(_names_libraries):
        text = repository.read(path)
        names |= text.parsed(_required if path.endswith(".txt") else _declared) if isinstance(text, Text) else set()
    found: dict[str, str] = {}
    for name in sorted(names):
        root = name.partition(".")[0]
        if root not in own and root not in sys.stdlib_module_names:
            for word in _words(name):
                found.setdefault(word, name)
    return found


def _heads(key: str) -> tuple[str, ...]:
    """What a package may be called whose variables begin as a key does: `BETTER_AUTH_URL` is `better-auth`'s."""
    if key.startswith(_PUBLIC):
        return ()
    first, _, rest = key.lower().partition("_")
    return first + rest.partition("_")[0], *(() if first in _GENERAL and first not in _OWNERS else (first,))


def _packages(repository: Repository) -> dict[str, str]:
    """The packages that package.json files ask for, by their names or scopes without what separates words."""
    from fr_check.sources import package_json  # noqa: PLC0415 - only where a variable has no reader

    names: set[str] = set()
    for path in repository.select(_is_manifest):
        content = repository.parse(path, package_json.parse)
        for kind in ("dependencies", "devDependencies"):
            asked = package_json.strings(content.get(kind)) if isinstance(content, dict) else None
            names |= asked.keys() if asked is not None else set()
    found: dict[str, str] = {}
    for name in sorted(names):
        head = re.sub(r"[-_.@]", "", name.partition("/")[0])
        if len(head) >= _SHORTEST and head not in _GENERAL:
            found.setdefault(head, name)
    for head, package in _OWNERS.items():
        owner = next((name for name in sorted(names) if name.startswith(package)), None)
        if owner is not None:
            found.setdefault(head, owner)
    return found


def _is_manifest(path: str) -> bool:
    return path.rpartition("/")[2] == "package.json" and not _OF_OTHERS.search(path)


def _imported(data: bytes) -> frozenset[str]:
    """The modules that Python code imports."""
    return frozenset(name.decode() for name in _IMPORT.findall(b"\n" + data))


def _required(text: Text) -> frozenset[str]:
    """The libraries that a file of requirements asks for."""
    return frozenset(_REQUIREMENT.findall(text.string))


def _declared(text: Text) -> frozenset[str]:
    """The libraries that a pyproject.toml or Pipfile asks for."""
    import tomli  # noqa: PLC0415 - only where a variable has no reader

    try:
        content = tomli.loads(text.string)
    except tomli.TOMLDecodeError:
        return frozenset()
    project, poetry = _table(content, "project"), _table(_table(content, "tool"), "poetry")
    several = (*_table(project, "optional-dependencies").values(), *_table(content, "dependency-groups").values())
    asked = (project.get("dependencies"), poetry.get("dependencies"), content.get("packages"), *several)
    names = (name for one in asked if isinstance(one, (list, dict)) for name in one if isinstance(name, str))
    return frozenset(match[1] for name in names if (match := _REQUIREMENT.match(name)))


def _table(content: Mapping[str, object], name: str) -> Mapping[str, object]:
    found = content.get(name)
    return found if isinstance(found, dict) else {}


_TOLD = pattern(
    r"\b(\w++)[`'\"]?[ \t]*=|\b(?:set|export|define|add|provide|configure)\b(?=([^\n]{0,100}))",
    re.IGNORECASE | re.ASCII,
)
_NAME = pattern(r"\w+", re.ASCII)
_CAPITALS = pattern(r"\b[A-Z][A-Z0-9]*(?:_[A-Z0-9]+)+\b", re.ASCII)


def _told(repository: Repository, keys: frozenset[str]) -> dict[str, str]:
    """Key -> a document with a line that gives the variable a value, or tells to."""
    found: dict[str, str] = {}
    for path in repository.select(_is_document) if keys else ():
        text = repository.read(path)
        for name in keys & text.parsed(_set_in) if isinstance(text, Text) and not text.problems else ():
            found.setdefault(name, path)
    return found


def _is_document(path: str) -> bool:
    return path.endswith(_DOCUMENTS)


def _set_in(text: Text) -> frozenset[str]:
    """The names that a document gives a value, or tells to set."""
    return frozenset(
        name for told in _TOLD.finditer(text.string) for name in ((told[1],) if told[1] else _NAME.findall(told[2]))
    )


def _names_libraries(path: str) -> bool:
    """Whether a file asks for libraries by its name: requirements, pyproject.toml or Pipfile."""
    name = path.rpartition("/")[2]
    return name in {"pyproject.toml", "Pipfile"} or (path.endswith(".txt") and "requirements" in path)
