"""What a path says about a file: test, configuration, server."""

from __future__ import annotations

import re

from checkers.core.patterns import pattern

SUFFIXES = (".js", ".jsx", ".mjs", ".cjs", ".ts", ".tsx", ".mts", ".cts", ".vue", ".svelte", ".astro")

_TEST = pattern(
    r"(?:^|/)(?:__tests__|__mocks__|__fixtures__|tests?|e2e|cypress|playwright|spec)/"
    r"|(?:[.-](?:tests?|spec|e2e|cy|bench)|\.\w+tests?)\.[cm]?[jt]sx?$"
    r"|(?:^|/)(?:jest|vitest)[.-]setup\.|(?:^|/)(?:setupTests|test-utils|test-setup)\.[cm]?[jt]sx?$"
)
_STORY = pattern(r"\.stories\.[cm]?[jt]sx?$|(?:^|/)\.storybook/")
_CONFIG = pattern(
    r"(?:^|/)(?:next|vite|nuxt|astro|svelte|craco|webpack|rsbuild|remix|gatsby-|vue)[.-]?config[\w.]*\.[cm]?[jt]s$"
)
_TOOLING = pattern(
    r"(?:^|/)(?:playwright|vitest|jest|cypress|eslint|\.eslintrc|tailwind|postcss|prettier|\.prettierrc|commitlint|stylelint"
    r"|babel|karma|wdio|lint-staged|knip|drizzle|sentry\.\w+)[\w.-]*\.[cm]?[jt]s$"
)
_SERVER = pattern(
    r"(?:^|/)(?:route\.[jt]sx?|middleware\.[jt]s|proxy\.[jt]s|instrumentation\.[jt]s)$"
    r"|(?:^|/)pages/api/|\.server\.[jt]sx?$|(?:^|/)\+(?:page|layout)\.server\.[jt]s$|(?:^|/)\+server\.[jt]s$"
    r"|(?:^|/)server/"
)


def is_javascript(path: str) -> bool:
    """Whether a path names a file that `parse` reads."""
    return path.endswith(SUFFIXES)


def role(path: str) -> str:
    """`source`, `test`, `story`, `config`, `tooling` or `declaration`; see `JavaScript`."""
    if re.search(r"\.d\.[cm]?ts$", path):
        return "declaration"
    for expression, name in ((_TEST, "test"), (_STORY, "story"), (_CONFIG, "config"), (_TOOLING, "tooling")):
        if expression.search(path):
            return name
    return "source"


def is_server(path: str) -> bool:
    """Whether a file of this path runs on the server only: route handlers, middleware, API routes."""
    return _SERVER.search(path) is not None


def may_hold_jsx(path: str) -> bool:
    """Whether a `<` may open an element in a file of this path: plain TypeScript has type assertions instead."""
    return not path.endswith((".ts", ".mts", ".cts"))
