"""Variables that a framework hands out as a module: SvelteKit's `$env/static/public`, Astro's `astro:env/client`.

Sources: https://svelte.dev/docs/kit/$env-static-public, https://docs.astro.build/en/reference/modules/astro-env/.
"""

from __future__ import annotations

from fr_check.sources.javascript.model import INLINED, META, NOT_INLINED, Read
from fr_check.sources.javascript.tokens import NAME, STRING, Tokens

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from fr_check.core.text import Text
    from fr_check.sources.javascript.model import Inlined

_STATIC = frozenset(("$env/static/public", "$env/static/private", "astro:env/client"))
_SERVED = frozenset(("$env/dynamic/public", "$env/dynamic/private"))


def imported(text: Text, tokens: Tokens) -> Iterator[Read]:
    """Reads by `import { PUBLIC_X } from "$env/static/public"`, and through the `env` of the modules for run time."""
    for index, token in enumerate(tokens.texts):
        if tokens.kinds[index] != STRING or index < 2 or tokens.texts[index - 1] != "from":  # noqa: PLR2004 - `} from`
            continue
        module = token[1:-1]
        if module in _STATIC:
            yield from (_read(text, tokens, at, INLINED) for at in _names(tokens, index - 2))
        elif module in _SERVED:
            for at in _names(tokens, index - 2):
                renamed = tokens.texts[at + 1] == "as"
                yield from _served(text, tokens, tokens.texts[at + 2] if renamed else tokens.texts[at])


def _names(tokens: Tokens, closed: int) -> Iterator[int]:
    """The tokens of the names between the braces of an import."""
    if tokens.texts[closed] != "}" or tokens.match[closed] < 0:
        return
    for at in range(tokens.match[closed] + 1, closed):
        if tokens.kinds[at] == NAME and tokens.texts[at - 1] in {"{", ","}:
            yield at


def _served(text: Text, tokens: Tokens, alias: str) -> Iterator[Read]:
    """`env.PUBLIC_X`, which the server answers at run time."""
    texts = tokens.texts
    for index in range(len(texts) - 2):
        if texts[index] == alias and texts[index + 1] in {".", "?."} and tokens.kinds[index + 2] == NAME:
            yield _read(text, tokens, index + 2, NOT_INLINED)


def _read(text: Text, tokens: Tokens, at: int, inlined: Inlined) -> Read:
    span = text.span(tokens.starts[at], tokens.starts[at] + len(tokens.texts[at]))
    return Read(tokens.texts[at], "imported", META, False, inlined, span, span)  # noqa: FBT003 - not optional
