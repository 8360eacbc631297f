"""What a path says about a file: test, configuration, server."""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from fr_check.sources.javascript.model import Role


SUFFIXES = (".js", ".jsx", ".mjs", ".cjs", ".ts", ".tsx", ".mts", ".cts", ".vue", ".svelte", ".astro")

# Looked at for every file of a frontend: sets, since regular expressions of so many words take longer to compile.
_DECLARATIONS = (".d.ts", ".d.mts", ".d.cts")
_PLAIN = frozenset(("js", "cjs", "mjs", "ts", "cts", "mts"))
_CODE = _PLAIN | {"jsx", "tsx"}
_TEST_FOLDERS = frozenset(
    ("__tests__", "__mocks__", "__fixtures__", "test", "tests", "e2e", "cypress", "playwright", "spec")
)
# Written elsewhere: what a package manager put there, itself included (https://yarnpkg.com/getting-started/qa).
_INSTALLED = frozenset(("node_modules", ".yarn", "bower_components"))
_TEST_WORDS = frozenset(("test", "tests", "spec", "e2e", "cy", "bench"))
_TEST_NAMES = frozenset(("setupTests", "test-utils", "test-setup"))
_TEST_HEADS = ("jest.setup.", "jest-setup.", "vitest.setup.", "vitest-setup.")
_BUNDLERS = frozenset(
    ("next", "vite", "nuxt", "astro", "svelte", "craco", "webpack", "rspack", "rsbuild", "remix", "gatsby", "vue")
)
_TESTERS = ("playwright", "vitest", "jest", "cypress", "karma", "wdio")
_FORMATTERS = ("eslint", ".eslintrc", "prettier", ".prettierrc", "stylelint", "commitlint", "lint-staged", "knip")
_TOOLS = (*_TESTERS, *_FORMATTERS, "tailwind", "postcss", "babel", "drizzle", "sentry.")
_SERVER_NAMES = frozenset(("route", "middleware", "proxy", "instrumentation", "+server"))


def is_javascript(path: str) -> bool:
    """Whether a path names a file that `parse` reads."""
    return path.endswith(SUFFIXES)


def role(path: str) -> Role:
    """`source`, `test`, `story`, `config`, `tooling` or `declaration`; see `JavaScript`."""
    *folders, name = path.split("/")
    stem, _, ending = name.rpartition(".")
    if name.endswith(_DECLARATIONS):
        return "declaration"
    if not _TEST_FOLDERS.isdisjoint(folders) or name.startswith(_TEST_HEADS) or _is_test(stem, ending):
        return "test"
    if ".storybook" in folders or (stem.endswith(".stories") and ending in _CODE):
        return "story"
    if ending in _PLAIN:
        bundler, configured, _ = stem.partition("config")
        if configured and bundler.rstrip(".-") in _BUNDLERS:
            return "config"
    installed = not _INSTALLED.isdisjoint(folders) or name.endswith((".min.js", ".min.mjs"))
    # `sanity.cli.ts` configures a command, and no page has it.
    tool = ending in _PLAIN and (name.startswith(_TOOLS) or stem.endswith(".cli"))
    return "tooling" if installed or tool else "source"


def _is_test(stem: str, ending: str) -> bool:
    """Whether a file is a test by its name: `a.test.ts`, `a-spec.js`, `a.unittest.ts`."""
    if ending not in _CODE:
        return False
    head, _, word = stem.replace("-", ".").rpartition(".")
    before, _, last = stem.rpartition(".")
    marked = (head and word in _TEST_WORDS) or (before and last.endswith(("test", "tests")))
    return bool(marked) or stem in _TEST_NAMES


def is_server(path: str) -> bool:
    """Whether a file of this path runs on the server only: route handlers, middleware, API routes."""
    *folders, name = path.split("/")
    if "server" in folders or "/pages/api/" in f"/{path}":
        return True
    stem, _, ending = name.rpartition(".")
    return ending in _CODE and (stem in _SERVER_NAMES or stem.endswith(".server"))


def may_hold_jsx(path: str) -> bool:
    """Whether a `<` may open an element in a file of this path: plain TypeScript has type assertions instead."""
    return not path.endswith((".ts", ".mts", ".cts"))
