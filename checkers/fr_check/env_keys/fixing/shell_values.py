r"""The value of a rendered line, written so that `sh` reads it whole: in single quotes, or in double ones.

A value is text and actions. Text may stand in double quotes, of which `sh` takes away the signs; text that `sh` would
read in another way within other quotes is left to its author.
"""

from __future__ import annotations

from fr_check.core.patterns import pattern
from fr_check.core.record import NamedTuple

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

SINGLE = """replaceAll "'" "'\\\\''\""""
"""What makes a value fit between single quotes."""

_ACTION = pattern(r"""\{\{ ?((?:"(?:[^"\\]|\\.)*"|`[^`]*`|[^"`{}])*?) ?\}\}""")
_GO_QUOTED = pattern(r'printf "%q" (?P<value>\S.*)')
_PIPED = pattern(r'(?P<value>.*?) \| (?:printf "%q"|toJSON)')
_JSON = pattern(r"toJSON (?P<value>\S+)")
_PLAIN = pattern(r"[.$][\w.$]*|index [.$][\w.$]* \"[^\"]*\"")
_KEYWORDS = ("with ", "if ", "else", "end")
_SAFE_IN_DOUBLE = frozenset('$`\\"')


class Piece(NamedTuple):
    """Text as written, or what stands between the braces of an action."""

    written: str
    action: str = ""


def pieces(value: str) -> Iterator[Piece]:
    """The text and the actions of a value, in order; trim markers stay with their action."""
    position = 0
    for found in _ACTION.finditer(value):
        if found.start() > position:
            yield Piece(value[position : found.start()])
        yield Piece(found[0], found[1])
        position = found.end()
    if position < len(value):
        yield Piece(value[position:])


def in_single_quotes(value: str) -> str | None:
    """The value in single quotes, with what may be a `'` in it replaced; None where that may change what it says."""
    made: list[str] = []
    double = False
    for piece in pieces(value):
        if not piece.action:
            for character in piece.written:
                if character == '"':
                    double = not double
                elif character in "'$`\\{}" or (not double and (character.isspace() or character in "#;&|<>()")):
                    return None
                else:
                    made.append(character)
        elif piece.action.startswith("-") or piece.action.endswith("-"):
            return None
        elif piece.action.startswith(_KEYWORDS):
            made.append(piece.written)
        else:
            bare = _bare(piece.action)
            if bare is None:
                return None
            made.append(f"{{{{ {bare} | {SINGLE} }}}}")
    inside = "".join(made).replace("{{ else }}{{ end }}", "{{ end }}")
    return None if double else f"'{inside}'"


def _bare(action: str) -> str | None:
    """What an action prints, without the quotes of Go or JSON; None for anything but a field or a variable."""
    for form in (_GO_QUOTED, _PIPED, _JSON):
        found = form.fullmatch(action)
        if found is not None:
            action = found["value"]
            break
    return action if _PLAIN.fullmatch(action) else None


def in_double_quotes(value: str) -> str | None:
    """The value in double quotes, which leave it as it is; None for one that has quotes or signs of its own."""
    written = value.strip()
    found = list(pieces(written))
    text = "".join(piece.written for piece in found if not piece.action)
    quotes_itself = any("%q" in piece.action or "toJSON" in piece.action for piece in found)
    if len(written) > 1 and written[0] == written[-1] and written[0] in "'\"" and text.count(written[0]) == 2:  # noqa: PLR2004
        return written
    if quotes_itself:
        return written if not text.strip() and not any(sign.isspace() for sign in text) else None
    if not _SAFE_IN_DOUBLE.isdisjoint(text) or "{{" in text or "}}" in text:
        return None
    return f'"{written}"'
