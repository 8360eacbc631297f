"""Functions that read the variable that they are called with: `get_env_setting("SECRET_KEY")`, wherever they are."""

from __future__ import annotations

import re

from fr_check.core.patterns import pattern
from fr_check.core.text import Text
from fr_check.env_keys.apps.model import Read
from fr_check.sources import python_reads

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping

    from fr_check.core.repository import Repository

# A method of this name is likely the function of a module: `utils.get_env(...)`. Others may be of anything.
_SPEAKING = pattern(r"env|setting|config|secret|variable|flag", re.IGNORECASE)
_SHORTEST = 3
# What is handed over as the default, behind the comma: a literal, a name, a number that is computed.
_DEFAULT = r"""\s*(?:default\s*=\s*)?(?:(?:'([^'\n]*)'|"([^"\n]*)"|([\w.+*/ -]+))\s*[,)])?"""
_KEY = 3
"""The group of the variable's name; those of what is handed over come behind it."""
_NAME = pattern(r"[A-Za-z_]\w*")


def names(repository: Repository, paths: Iterable[str]) -> dict[str, str]:
    """The functions of these files that read what they are called with, and what they fall back on by themselves."""
    found: dict[str, str] = {}
    for path in paths:
        read = repository.parse(path, python_reads.parse)
        for name, fallback in read.helpers if isinstance(read, python_reads.PythonReads) else ():
            # Functions of one name that fall back on different things: neither is known of a call.
            found[name] = fallback if found.get(name, fallback) == fallback else ""
    return {name: fallback for name, fallback in found.items() if len(name) >= _SHORTEST}


def reads(repository: Repository, code: Callable[[str], bool], helpers: Mapping[str, str]) -> Iterator[Read]:
    """The calls of such functions with a literal name, in the files that are `code`, by their names.

    Whether they cope with an unset variable is not known.
    """
    wanted = sorted(helpers)
    if not wanted:
        return
    called = re.compile(
        rf"(?:(?<![\w.])|(\.))({'|'.join(map(re.escape, wanted))})\(\s*['\"]([A-Z][A-Z0-9_]*)['\"]\s*(?:\)|,{_DEFAULT})"
    )
    for path in repository.texts_with(code, _calls_one, tuple(wanted)):
        text = repository.read(path)
        if not isinstance(text, Text) or text.problems:
            continue
        for call in called.finditer(text.string):
            if not call[1] or _SPEAKING.search(call[2]):
                where = text.location(call.start(2), call.end(3) + 2)
                default = _default(text, call, helpers[call[2]])
                yield Read(call[3], call[2], True, where, default=default)  # noqa: FBT003 - a field


def _calls_one(text: Text, names: tuple[str, ...]) -> bool:
    return any(f"{name}(" in text.string for name in names)


def _default(text: Text, call: re.Match[str], own: str) -> str:
    """What a call falls back on; `own`: what the function does by itself, where the call hands nothing over."""
    from fr_check.sources.python_fallbacks import OFF, written  # noqa: PLC0415 - only where such functions are called

    if call.lastindex == _KEY:
        return own if call[0].endswith(")") else ""
    word = (call[6] or "").strip()
    if not word or word == "None":
        return call[4] or call[5] or (own if own == OFF else "")
    names = _NAME.findall(word)
    bound = {name: re.search(rf"(?m)^{name}[ \t]*(?::[^=\n]+)?=(?!=)[ \t]*(.+)$", text.string) for name in names}
    return written(word, {name: found[1] for name, found in bound.items() if found})
