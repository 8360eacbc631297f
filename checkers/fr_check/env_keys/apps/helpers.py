"""Functions that read the variable that they are called with: `get_env_setting("SECRET_KEY")`, wherever they are."""

from __future__ import annotations

import re

from fr_check.core.patterns import pattern
from fr_check.core.text import Text
from fr_check.env_keys.apps.model import Read
from fr_check.sources import python_reads

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from fr_check.core.repository import Repository

# A method of this name is likely the function of a module: `utils.get_env(...)`. Others may be of anything.
_SPEAKING = pattern(r"env|setting|config|secret|variable|flag", re.IGNORECASE)
_SHORTEST = 3
# A literal that is handed over as the default, behind the comma.
_DEFAULT = r"""\s*(?:default\s*=\s*)?(?:(?:'([^'\n]*)'|"([^"\n]*)"|([\w.+-]+))\s*[,)])?"""


def names(repository: Repository, paths: Iterable[str]) -> frozenset[str]:
    """The functions of these files that read what they are called with."""
    found: set[str] = set()
    for path in paths:
        read = repository.parse(path, python_reads.parse)
        found |= set(read.helpers) if isinstance(read, python_reads.PythonReads) else set()
    return frozenset(name for name in found if len(name) >= _SHORTEST)


def reads(repository: Repository, code: Callable[[str], bool], helpers: Iterable[str]) -> Iterator[Read]:
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
                default = call[4] or call[5] or call[6] or ""
                yield Read(call[3], call[2], True, where, default=default)  # noqa: FBT003 - a field


def _calls_one(text: Text, names: tuple[str, ...]) -> bool:
    return any(f"{name}(" in text.string for name in names)
