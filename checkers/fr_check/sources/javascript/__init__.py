"""JavaScript and TypeScript, JSX too: which environment variables a file reads, and whether a bundler inlines them.

`parse` tokenizes and looks at what stands around `process.env` and `import.meta.env`; it builds no syntax tree and
resolves no scopes, so an alias holds for its whole file. What bundlers inline is after Next.js
(packages/next/src/lib/static-env.ts: `process.env.NAME` as a member expression) and Vite's `define`.
"""

from __future__ import annotations

import re

from fr_check.core.model import Problem
from fr_check.core.patterns import pattern
from fr_check.sources.javascript.model import (
    DEVELOPMENT,
    EMPTY,
    HANDLED,
    INLINED,
    LOCAL,
    MAYBE_INLINED,
    META,
    NOT_INLINED,
    OPTIONAL,
    PROCESS,
    JavaScript,
    Named,
    Read,
)
from fr_check.sources.javascript.paths import is_javascript, is_server, may_hold_jsx, role

TYPE_CHECKING = False
if TYPE_CHECKING:
    from fr_check.core.text import Text

__all__ = (
    "DEVELOPMENT",
    "EMPTY",
    "HANDLED",
    "INLINED",
    "LOCAL",
    "MAYBE_INLINED",
    "META",
    "NOT_INLINED",
    "OPTIONAL",
    "PROCESS",
    "JavaScript",
    "Named",
    "Read",
    "is_javascript",
    "is_server",
    "parse",
    "role",
)

# The scripts of a component file: `<script>` of Vue and Svelte, the front matter of Astro.
_SCRIPT = pattern(r"<script\b[^<>]*>", re.IGNORECASE)
_SCRIPT_END = pattern(r"</script\s*>", re.IGNORECASE)
_MOST_SCRIPTS = 50  # of a component, which has two or three; for each the comments of the whole file are looked at
_FRONT_MATTER = pattern(r"\s*---\r?\n(.*?)\r?\n---", re.DOTALL)
_DIRECTIVE = pattern(
    r"(?:\ufeff|\s++|//[^\n]*+|/\*(?s:.)*?\*/|[\"']use strict[\"'];?|(?!))*+[\"']use (client|server)[\"']"
)
_SERVER_ONLY = pattern(r"(?:\bimport\s*|\brequire\s*\(\s*)[\"']server-only[\"']")
# Modules that no browser has: bundlers refuse them in what goes there. A page of Next's `pages/` may import them for
# `getServerSideProps`, which the bundler takes out together with them.
_OF_SERVERS = pattern(
    r"^import\s+(?!type\b)[^;'\"]*\bfrom\s+[\"'](?:(?:node:)?(?:fs|child_process|net|tls|dns|worker_threads)(?:/promises)?"
    r"|next/headers|mongodb|mongoose|pg|mysql2(?:/promise)?|ioredis|@prisma/client|nodemailer)[\"']",
    re.MULTILINE,
)
_FOR_PAGES = ("getServerSideProps", "getStaticProps", "getInitialProps")
_SCHEMA_CALLS = (".optional(", ".default(", ".nullish(", ".nullable(")
# The modules of SvelteKit and Astro that hand out variables; see `modules`.
_HEADS = ("$env/", "astro:env/")
_UNCLOSED = {"`": "a template literal", "/*": "a comment", "tag": "a tag", "children": "an element"}


def parse(text: Text) -> JavaScript:
    """Reads a file; never raises. Its path tells the dialect and the role."""
    string, path = text.string, text.path
    directive = _DIRECTIVE.match(string) if "use client" in string or "use server" in string else None
    client = directive is not None and directive[1] == "client"
    server = (directive is not None and directive[1] == "server") or is_server(path)
    server = server or ("server-only" in string and _SERVER_ONLY.search(string) is not None)
    server = server or (not client and _is_of_server(string))
    kind = role(path)
    config = kind == "config"
    next_config = config and path.rpartition("/")[2].startswith("next.")
    # Most files have nothing to do with the environment; reading their tokens would be most of a run's time.
    telling = next_config or (config and "EnvironmentPlugin" in string)
    modules = any(head in string for head in _HEADS)
    if not ("process" in string or modules or ("import" in string and "meta" in string) or telling):
        return JavaScript((), (), kind, client, server, ())
    from fr_check.sources.javascript.handling import marked  # noqa: PLC0415 - only for a file that may read something
    from fr_check.sources.javascript.reads import ReadFinder  # noqa: PLC0415
    from fr_check.sources.javascript.tokens import TOO_MUCH, tokenize  # noqa: PLC0415

    reads: list[Read] = []
    keys: tuple[Named, ...] = ()
    built: tuple[Read, ...] = ()
    problems: list[Problem] = []
    found_scripts = _regions(string, path)
    for start, end in found_scripts[:_MOST_SCRIPTS]:
        tokens = tokenize(string, start, end, jsx=may_hold_jsx(path))
        found = tuple(marked(text, tokens, ReadFinder(text, tokens).find()))
        if config:
            from fr_check.sources.javascript import configuration  # noqa: PLC0415 - a frontend has one or two

            keys, built, found = configuration.read(text, tokens, found, inlines=next_config)
        reads.extend(found)
        if modules:
            from fr_check.sources.javascript.modules import imported  # noqa: PLC0415 - few frameworks have them

            reads.extend(imported(text, tokens))
        for offset, what in tokens.unclosed:
            name = _UNCLOSED.get(what, f"`{what}`")
            message = f"{name} is never closed" if what != TOO_MUCH else "what follows is too much to read"
            problems.append(Problem(message, text.span(offset, offset + 1)))
    for start, _ in found_scripts[_MOST_SCRIPTS : _MOST_SCRIPTS + 1]:
        problems.append(Problem(f"more than {_MOST_SCRIPTS} scripts in one file are not read", text.span(start)))
    return JavaScript(tuple(reads), keys, kind, client, server, tuple(problems), built)


def _is_of_server(string: str) -> bool:
    """Whether a file imports what only a server has."""
    return (
        ".env" in string and _OF_SERVERS.search(string) is not None and not any(word in string for word in _FOR_PAGES)
    )


def optional_keys(text: Text) -> frozenset[str]:
    """The names in capitals that each schema of a file which has such a key calls optional."""
    string = text.string
    if not any(call in string for call in _SCHEMA_CALLS):
        return frozenset()
    from fr_check.sources.javascript.handling import keys_by_need  # noqa: PLC0415 - few files have schemas
    from fr_check.sources.javascript.tokens import tokenize  # noqa: PLC0415

    tokens = tokenize(string, 0, len(string), jsx=may_hold_jsx(text.path))
    return frozenset(name for name, optional in keys_by_need(tokens, str.isupper).items() if optional)


def _regions(string: str, path: str) -> list[tuple[int, int]]:
    """The stretches of a file that are script."""
    if path.endswith((".vue", ".svelte")):
        return _scripts(string)
    if path.endswith(".astro"):
        front = _FRONT_MATTER.match(string)
        scripts = _scripts(string)
        return [front.span(1), *scripts] if front else scripts
    return [(0, len(string))]


def _scripts(string: str) -> list[tuple[int, int]]:
    """What stands between `<script>` and `</script>`."""
    found: list[tuple[int, int]] = []
    at = 0
    while opened := _SCRIPT.search(string, at):
        closed = _SCRIPT_END.search(string, opened.end())
        found.append((opened.end(), closed.start() if closed else len(string)))
        at = closed.end() if closed else len(string)
    return found
