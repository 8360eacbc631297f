"""The folder in which a bundler looks for files of variables, where its configuration names another than its own.

Vite has `envDir` (https://vite.dev/config/shared-options#envdir), SvelteKit `kit.env.dir`.
"""

from __future__ import annotations

import posixpath

from fr_check.core.patterns import pattern
from fr_check.core.text import Text

TYPE_CHECKING = False
if TYPE_CHECKING:
    import re

    from fr_check.core.repository import Repository

_CONFIGURATIONS = tuple(
    f"{name}.config.{ending}"
    for name in ("vite", "svelte", "astro", "nuxt")
    for ending in ("ts", "js", "mts", "mjs", "cts", "cjs")
)
_SAID = pattern(r"(?<![\w.])envDir\s*:\s*([^\n]*)|(?<![\w.])env\s*:\s*\{\s*dir\s*:\s*([^\n}]*)")
_TEXT = pattern(r"""(["'`])([^"'`$\\]*)\1\s*(?:[,}]|$|//)""")
# `path.resolve(__dirname, "..", "..")`, `fileURLToPath(new URL("../../", import.meta.url))`.
_JOINED = pattern(
    r"(?:\w+\.)?(?:resolve|join)\(\s*(?:(?:__dirname|import\.meta\.dirname|process\.cwd\(\))\s*,\s*)?"
    r"""((?:(["'])[^"'$\\]*\2\s*,?\s*)+)\)"""
)
_OF_URL = pattern(r"""(?:\w+\()?\s*new\s+URL\(\s*(["'])([^"'$\\]*)\1\s*,\s*import\.meta\.url\s*\)""")
_PART = pattern(r"""["']([^"']*)["']""")
_OWN = frozenset(("__dirname", "import.meta.dirname", "process.cwd()", "undefined"))


def find(repository: Repository, frontend: str) -> str | None:
    """The folder, from the frontend's own ("." for that itself); None where only running the code would tell."""
    for name in _CONFIGURATIONS:
        text = repository.read(posixpath.join(frontend, name))
        said = _SAID.search(text.string) if isinstance(text, Text) else None
        if said is not None and not _is_comment(said):
            return _read((said[1] if said[1] is not None else said[2]).strip())
    return "."


def _is_comment(said: re.Match[str]) -> bool:
    """Whether what was found stands in a line of a comment."""
    string, start = said.string, said.start()
    head = string[string.rfind("\n", 0, start) + 1 : start].lstrip()
    return head.startswith(("//", "*", "/*"))


def _read(written: str) -> str | None:
    if written.rstrip(",} ") in _OWN:
        return "."
    plain = _TEXT.match(written)
    if plain is not None:
        return posixpath.normpath(plain[2] or ".")
    joined = _JOINED.match(written)
    if joined is not None:
        parts: list[str] = _PART.findall(joined[1])
        return posixpath.normpath("/".join(parts))
    of_url = _OF_URL.match(written)
    return posixpath.normpath(of_url[2] or ".") if of_url is not None else None
