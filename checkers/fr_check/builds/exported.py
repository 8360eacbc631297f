"""Constants that hand a public variable to other modules: whether those cope where it is not set.

`export const REFRESH_URL = process.env.NEXT_PUBLIC_REFRESH_URL` needs it as much as who imports `REFRESH_URL`; where no
module names that, nobody does. After `if (BASE === "/api") return ...` no code needs what `BASE` is made of, if that is
`process.env.NEXT_PUBLIC_BASE || "/api"`.
"""

from __future__ import annotations

import re

from fr_check.core.text import Text
from fr_check.sources.javascript.handling import uses
from fr_check.sources.javascript.model import HANDLED, IN_OBJECT
from fr_check.sources.javascript.paths import may_hold_jsx
from fr_check.sources.javascript.tokens import tokenize

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from fr_check.builds.frontend import Read
    from fr_check.core.repository import Repository

_SHORTEST = 6
"""Shorter names are those of many things."""
_PLAIN = (".ts", ".tsx", ".js", ".jsx", ".mts", ".mjs")


def judged(repository: Repository, baked: Mapping[str, list[Read]], files: Iterable[str]) -> dict[str, list[Read]]:
    """The reads by variable, those marked that nobody needs, or whose constant every module copes without."""
    names = {read.exported for reads in baked.values() for read in reads if len(read.exported) >= _SHORTEST}
    coping = {name: _copes(repository, name, files) for name in sorted(names)}

    def is_handled(read: Read) -> bool:
        if read.guards and not read.handled:
            return any(_falls_back(repository, read.name, guard, files) for guard in read.guards)
        return coping.get(read.exported, False)

    return {
        variable: [read._replace(handled=HANDLED) if is_handled(read) else read for read in reads]
        for variable, reads in baked.items()
    }


def _falls_back(repository: Repository, variable: str, guard: tuple[str, str], files: Iterable[str]) -> bool:
    """Whether a constant that is declared once is this text where a variable is not set."""
    constant, text = guard
    declared = re.compile(
        rf"\b(?:const|let|var)\s+{re.escape(constant)}\b[^=;\n]*=(?!=)\s*([^;\n]*(?:\n\s*(?:\|\||\?\?)[^;\n]*)*)"
    )
    env = rf"(?:process|import\.meta)\s*\.\s*env\s*\.\s*{re.escape(variable)}"
    wanted = re.compile(rf"\(?{env}\s*(?:\|\||\?\?)\s*(['\"`]){re.escape(text)}\1\)?\s*")

    def values(*words: str) -> list[str]:
        texts = (repository.read(path) for path in files)
        return [
            value
            for found in texts
            if isinstance(found, Text) and all(word in found.string for word in words)
            for value in declared.findall(found.string)
        ]

    # Most guards ask for something else, and only a file that names the variable can have the constant.
    likely = values(variable, constant)
    return len(likely) == 1 and wanted.fullmatch(likely[0]) is not None and len(values(constant)) == 1


def _copes(repository: Repository, name: str, files: Iterable[str]) -> bool:
    """Whether each module that imports and uses a constant copes without, or none so much as names it.

    Of an object, what a module does with its members is not looked at.
    """
    is_object, name = name.endswith(IN_OBJECT), name.removesuffix(IN_OBJECT)
    named = re.compile(rf"(?<!env\.)(?<![\w$]){name}(?![\w$])")
    imported = re.compile(rf"\bimport\b[^;'\"]*[{{,\s]{name}\b[^;'\"]*\bfrom\b")
    found = []
    places = 0
    for path in files:
        text = repository.read(path)
        if not isinstance(text, Text) or name not in text.string:
            continue
        places += len(named.findall(text.string))
        if is_object and places > 1:
            return False
        if is_object or not imported.search(text.string):
            continue
        if not path.endswith(_PLAIN):
            return False
        used, copes = uses(tokenize(text.string, 0, len(text.string), jsx=may_hold_jsx(path)), name)
        if used and not copes:
            return False
        found += [path] if used else []
    # The one place is where it is declared.
    return bool(found) or places == 1
