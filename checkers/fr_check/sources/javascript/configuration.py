"""What a bundler's configuration does with variables: gives some, keeps others in the build, defines constants.

Next.js puts `env: {...}` into the page whatever the names, and evaluates `rewrites()`, `redirects()` and `headers()`
once, in the build: https://nextjs.org/docs/app/api-reference/config/next-config-js. Vite's `define` only replaces what
the sources write. webpack's DefinePlugin does so, too, and its EnvironmentPlugin defines `process.env` by name.
"""

from __future__ import annotations

from bisect import bisect_right

from fr_check.sources.javascript.model import EMPTY, HANDLED, INLINED, META, PASSED, PROCESS, Named, Read
from fr_check.sources.javascript.tokens import NAME, STRING

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from fr_check.core.model import Span
    from fr_check.core.text import Text
    from fr_check.sources.javascript.model import Handled
    from fr_check.sources.javascript.tokens import Tokens

_KEPT = frozenset(("rewrites", "redirects", "headers"))
_GIVES = frozenset(("=", "??=", "||="))
_OBJECTS = (["process", ".", "env", "."], ["process", ".", "env", "["])
# Set by whatever runs the build, or by the framework.
_AMBIENT = frozenset(("NODE_ENV", "CI", "PORT", "HOME", "PWD", "ANALYZE", "NEXT_RUNTIME", "NEXT_PHASE", "VERCEL"))
_AMBIENT_HEADS = ("VERCEL_", "npm_", "__NEXT", "GITHUB_", "CF_", "NETLIFY")

Configured = tuple[tuple[Named, ...], tuple[Read, ...], tuple[Read, ...]]


def read(text: Text, tokens: Tokens, reads: tuple[Read, ...], *, inlines: bool) -> Configured:
    """The variables that a configuration gives, the reads whose value a build keeps, and all reads that count.

    `inlines` for a configuration of Next.js.
    """
    defined = [] if inlines else list(_blocks(tokens, frozenset(("define",))))
    plugged = list(_calls(tokens, "DefinePlugin"))
    given = [*_assigned(text, tokens), *_constants(text, tokens, reads, [*defined, *plugged])]
    built: list[Read] = []
    if inlines:
        for key, value in _entries(tokens):
            name = tokens.texts[key].strip("\"'")
            reads = tuple(
                found._replace(handled=PASSED)
                if found.name == name and not found.handled and _within(text, tokens, found, [value])
                else found
                for found in reads
            )
            inner = [found for found in reads if _within(text, tokens, found, [value])]
            built.extend(inner)
            if name not in {found.name for found in inner}:
                given.append(Named(name, _span(text, tokens, key)))
        kept = list(_blocks(tokens, _KEPT))
        built.extend(found for found in reads if _within(text, tokens, found, kept))
    # What no source asks for is not missed, and that is not looked at.
    built.extend(
        found._replace(handled=found.handled or EMPTY) for found in reads if _within(text, tokens, found, plugged)
    )
    built.extend(_listed(text, tokens))
    named = [found for found in built if found.name is not None and not _ambient(found.name)]
    counted = tuple(found for found in reads if not _within(text, tokens, found, defined))
    return tuple(given), tuple(dict.fromkeys(named)), counted


def _constants(text: Text, tokens: Tokens, reads: tuple[Read, ...], regions: list[tuple[int, int]]) -> Iterator[Named]:
    """`"import.meta.env.X": JSON.stringify(version)`: what a definition gives, unless it only takes it from there."""
    taken = (found for found in reads if found.handled != HANDLED)
    inside = {found.name for found in taken if _within(text, tokens, found, regions)}
    for first, last in regions:
        for at in range(first, last):
            if tokens.kinds[at] == STRING and tokens.texts[at + 1] == ":":
                head, _, name = tokens.texts[at].strip("\"'").rpartition(".")
                if head in {PROCESS, META} and name not in inside:
                    yield Named(name, _span(text, tokens, at))


def _calls(tokens: Tokens, name: str) -> Iterator[tuple[int, int]]:
    """The stretches of what a function is called with."""
    for index, text in enumerate(tokens.texts[:-1]):
        if text == name and tokens.texts[index + 1] == "(" and tokens.match[index + 1] > index:
            yield index + 1, tokens.match[index + 1]


def _listed(text: Text, tokens: Tokens) -> Iterator[Read]:
    """What webpack's EnvironmentPlugin takes: `["A", "B"]`, or `{ A: "default", B: undefined }`.

    https://webpack.js.org/plugins/environment-plugin/: a name without a default stops the build where it is unset.
    """
    texts = tokens.texts
    for first, last in _calls(tokens, "EnvironmentPlugin"):
        at = first + 1
        listed = texts[at : at + 1] != ["{"]
        while at < last:
            named = tokens.kinds[at] in {NAME, STRING} and (listed or texts[at - 1] in {"{", ","})
            value = "" if listed or texts[at + 1 : at + 2] != [":"] else texts[at + 2]
            if named and (tokens.kinds[at] == STRING or not listed):
                span = _span(text, tokens, at)
                handled: Handled = "" if value in {"", "undefined"} else HANDLED
                yield Read(
                    texts[at].strip("\"'"),
                    "dotted",
                    PROCESS,
                    optional=False,
                    inlined=INLINED,
                    span=span,
                    whole=span,
                    handled=handled,
                )
            at += 1


def _ambient(name: str) -> bool:
    return name in _AMBIENT or name.startswith(_AMBIENT_HEADS)


def _span(text: Text, tokens: Tokens, at: int) -> Span:
    return text.span(tokens.starts[at], tokens.starts[at] + len(tokens.texts[at]))


def _within(text: Text, tokens: Tokens, found: Read, regions: list[tuple[int, int]]) -> bool:
    """Whether a read stands in one of the stretches of tokens."""
    at = bisect_right(tokens.starts, text.offset(found.span.line, found.span.column)) - 1
    return any(first <= at <= last for first, last in regions)


def _assigned(text: Text, tokens: Tokens) -> Iterator[Named]:
    """What the configuration sets: `process.env.X ??= version`."""
    texts = tokens.texts
    for index in range(len(texts) - 5):
        if texts[index : index + 4] in _OBJECTS:
            after = index + 5 if texts[index + 3] == "." else index + 6
            if after < len(texts) and texts[after] in _GIVES:
                yield Named(texts[index + 4].strip("\"'"), _span(text, tokens, index + 4))


def _entries(tokens: Tokens) -> Iterator[tuple[int, tuple[int, int]]]:
    """Of `env: { KEY: value }` each key's token, and the stretch of its value (of a shorthand: the key)."""
    texts = tokens.texts
    for index in range(1, len(texts) - 2):
        if texts[index] != "env" or texts[index - 1] not in {"{", ","} or texts[index + 1 : index + 3] != [":", "{"]:
            continue
        closed = tokens.match[index + 2]
        at = index + 3
        while at < closed:
            key = at
            while at < closed and texts[at] != ",":
                at = max(tokens.match[at], at) + 1
            if tokens.kinds[key] in {NAME, STRING}:
                yield key, (key, at - 1)
            at += 1


def _blocks(tokens: Tokens, names: frozenset[str]) -> Iterator[tuple[int, int]]:
    """The stretches of `name() {...}`, `name: async () => ...` and `name: {...}`."""
    texts, match = tokens.texts, tokens.match
    for index, text in enumerate(texts):
        if text not in names or tokens.kinds[index] != NAME or texts[index + 1 : index + 2] not in (["("], [":"]):
            continue
        at = index + 1
        while at < len(texts) and texts[at] not in {"{", ",", "}", ";"}:
            at = max(match[at], at) + 1 if texts[at] in {"(", "["} else at + 1
        if at < len(texts) and texts[at] == "{" and match[at] > at:
            yield at, match[at]
        elif at > index + 2:
            yield index, at - 1
