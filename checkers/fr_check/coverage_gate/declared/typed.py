"""A run of a tool as people may type it."""

from __future__ import annotations

import shlex

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping

    from fr_check.runs.model import Ran
    from fr_check.sources.docker_options import Token

_LONGEST = 240
# Variables without which the same words do something else; others may be secret, and are not printed.
_TELLING = ("PYTEST_ADDOPTS", "COVERAGE_RCFILE")
_OF_NODE = frozenset({"vitest", "jest", "nyc", "c8"})
_STARTING = frozenset(("npx", "node", "npm", "pnpm", "yarn", "bun", "bunx", "deno"))


def command(ran: Ran, environment: Mapping[str, str | None], tool: str) -> str:
    """A command with the variables that decide what it does; empty where a word of it is not known."""
    words = [_word(token) for token in ran.words]
    own = {one.name: one.value for one in ran.assigned if one.name == "PYTHONPATH"}
    own.update((name, environment[name]) for name in _TELLING if environment.get(name) and tool not in _OF_NODE)
    words = [*(f"{name}={shlex.quote(value)}" for name, value in own.items() if value is not None), *words]
    if tool in _OF_NODE and ran.words and "/" not in ran.words[0].shown and ran.words[0].shown not in _STARTING:
        words = ["npx", *words]
    written = " ".join(words)
    # `--cov=$*` of a pattern rule that nobody asks for is empty.
    unknown = any(_is_unknown(token) for token in ran.words) or None in own.values()
    return "" if unknown or len(written) > _LONGEST or "`" in written or not written.isprintable() else written


def _is_unknown(token: Token) -> bool:
    """Whether a word cannot be typed; the value of an option may be a variable of a shell: `--junitxml=$OUT`."""
    if token.value is None:
        return not token.prefix.startswith("-") or "${{" in token.raw
    return token.value.endswith("=") and not token.value.endswith("addopts=")


def _word(token: Token) -> str:
    if token.value is None:
        return token.raw
    word = token.value
    name, equals, value = word.partition("=")
    return f"{name}={shlex.quote(value)}" if equals and value and name.startswith("--") else shlex.quote(word)
