"""Constants that hand a public variable to other modules: whether those cope where it is not set.

`export const REFRESH_URL = process.env.NEXT_PUBLIC_REFRESH_URL` needs it as much as who imports `REFRESH_URL`.
"""

from __future__ import annotations

import re

from fr_check.core.text import Text
from fr_check.sources.javascript.handling import uses
from fr_check.sources.javascript.model import HANDLED
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
    """The reads by variable, those marked whose constant every module that imports it copes without."""
    names = {read.exported for reads in baked.values() for read in reads if len(read.exported) >= _SHORTEST}
    coping = {name: _copes(repository, name, files) for name in sorted(names)}
    return {
        variable: [read._replace(handled=HANDLED) if coping.get(read.exported) else read for read in reads]
        for variable, reads in baked.items()
    }


def _copes(repository: Repository, name: str, files: Iterable[str]) -> bool:
    """Whether some module imports and uses a constant, and each that does copes without."""
    imported = re.compile(rf"\bimport\b[^;'\"]*[{{,\s]{name}\b[^;'\"]*\bfrom\b")
    found = []
    for path in files:
        text = repository.read(path)
        if not isinstance(text, Text) or name not in text.string or not imported.search(text.string):
            continue
        if not path.endswith(_PLAIN):
            return False
        used, copes = uses(tokenize(text.string, 0, len(text.string), jsx=may_hold_jsx(path)), name)
        if used and not copes:
            return False
        found += [path] if used else []
    return bool(found)
