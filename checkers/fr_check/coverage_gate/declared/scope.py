"""Which component a text speaks of that is no command run in a folder: prose, variables, argument lists in scripts."""

from __future__ import annotations

from fr_check.coverage_gate.declared.model import UNIFIED

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from fr_check.coverage_gate.declared.model import Component
    from fr_check.sources.thresholds.conditions import Condition
    from fr_check.sources.thresholds.options import Invocation

_WHOLE = frozenset({"overall", "wholeproject", "entirecodebase", "projectwide", "project"})
_TOGETHER = frozenset({"unified", "combined", "merged", "unifiedcoverage"})
_PYTHON_WORDS = frozenset({"pytest", "pyproject.toml"})
_NODE_WORDS = frozenset({"vitest", "jest", "package.json"})
_PYTHON_NAMES = frozenset({"backend", "server", "api"})
_NODE_NAMES = frozenset({"frontend", "client", "web", "ui"})


def of_word(word: str, gated: Mapping[str, Component]) -> str | None:
    """The component that a word like `backend` names; `unified`; None where nothing fits.

    A component of that name wins; else the only component whose language the word suggests.
    """
    name = word.replace("-", "").replace("_", "").lower()
    if name in _TOGETHER or name.startswith("unified"):
        return UNIFIED
    named = [folder for folder in gated if folder.rpartition("/")[2].replace("-", "").lower() == name]
    if named:
        return named[0] if len(named) == 1 else None
    if name in _PYTHON_NAMES:
        return only(folder for folder, one in gated.items() if one.is_python and not _named_otherwise(folder, name))
    if name in _NODE_NAMES:
        return only(folder for folder, one in gated.items() if one.node and not _named_otherwise(folder, name))
    return None


def of_document(path: str, mentions: Iterable[str], gated: Mapping[str, Component]) -> str | None:
    """The component that a document speaks of where a sentence does not say.

    The folder it lies in, else the only one of the language whose tools it names, else the only one there is.
    """
    below = [folder for folder in gated if folder and path.startswith(f"{folder}/")]
    if below:
        return max(below, key=len)
    words = set(mentions)
    python, node = bool(words & _PYTHON_WORDS), bool(words & _NODE_WORDS)
    if python != node:
        return only(folder for folder, one in gated.items() if (one.is_python if python else one.node))
    return only(gated)


def is_whole(word: str) -> bool:
    """Whether a word says no more than that everything is meant (`overall`), or nothing at all."""
    return not word or word in _WHOLE


def limited(invocation: Invocation, configured: Component | None) -> str:
    """What a command limits its figure to: some tests, or other sources than its component's configuration."""
    own = configured.pytest.options.sources if configured is not None and configured.pytest is not None else ()
    others = [name for name in invocation.sources if name not in own] if own else []
    return " ".join([*(f"--cov={name}" for name in others), *([invocation.selection] if invocation.selection else [])])


def only(folders: Iterable[str]) -> str | None:
    """The single element, or None."""
    found = [*folders]
    return found[0] if len(found) == 1 else None


def _named_otherwise(folder: str, name: str) -> bool:
    """Whether a folder's name says that it is the other half: `frontend` is no `backend`."""
    own = folder.rpartition("/")[2].replace("-", "").lower()
    return own in (_NODE_NAMES if name in _PYTHON_NAMES else _PYTHON_NAMES)


def within(path: str, when: tuple[Condition, ...]) -> tuple[Condition, ...]:
    """Conditions of one file beside those of others."""
    if not when:
        return when
    from fr_check.sources.thresholds import conditions  # noqa: PLC0415 - hardly any number stands under a condition

    return conditions.within(path, when)
