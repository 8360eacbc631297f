"""Quotes, escapes and expansions, inside which `sh` ends neither words nor lines."""

from __future__ import annotations

from fr_check.core.patterns import pattern
from fr_check.sources.gotemplate.line import VALUE, State

TYPE_CHECKING = False
if TYPE_CHECKING:
    import re

_IN_DOUBLE = pattern(r"[^\"\\`$]+")
_IN_OTHER = pattern(r"[^\"'\\`$(){}]+")
_LONGEST_LITERAL = 2_000
_DEEPEST_QUOTES = 20
_CLOSES = {"'": "'", '"': '"', "`": "`", "(": ")", "{": "}"}


class Quotes:
    """Moves states over quoted text.

    Text is read at `base`; `scale` is 1 where its characters stand in the file one by one, else 0: then every place is
    that of the action that prints it.
    """

    def __init__(self) -> None:
        self.text = ""
        self.base = 0
        self.scale = 1

    def place(self, position: int) -> int:
        """The offset in the file of a position in the text."""
        return self.base + position * self.scale

    def add(self, state: State, text: str, position: int) -> State:
        """Text that the value consists of."""
        if state.literal is None or state.kind != VALUE:
            return state
        kind, quotes, opened, key, name, at, literal, since, marker, exported = state
        longer = (literal or "") + text
        since = self.place(position) if since < 0 else since
        return State(
            kind,
            quotes,
            opened,
            key,
            name,
            at,
            longer if len(longer) < _LONGEST_LITERAL else None,
            since,
            marker,
            exported,
        )

    def special(self, state: State, position: int) -> tuple[State, int]:
        """A quote, an escape or an expansion, outside quotes or inside double ones."""
        text = self.text
        character = text[position]
        follows = text[position + 1 : position + 2]
        if character == "\\":
            kept = follows if not state.quotes or follows in '$`"\\' else "\\" + follows
            return self.add(state, "" if follows == "\n" else kept, position), position + 2
        if character == "$":
            if follows and follows in "({":
                return self.push(state._replace(literal=None), follows, position), position + 2
            if follows.isalnum() or follows in ("_", "@", "*", "#", "?", "$", "!", "-", ""):
                return state._replace(literal=None), position + 1
            return self.add(state, "$", position), position + 1
        if character == "`":
            state = state._replace(literal=None)
        return self.push(self.add(state, "", position), character, position), position + 1

    def push(self, state: State, quote: str, position: int) -> State:
        """Opens a quote or bracket."""
        if len(state.quotes) >= _DEEPEST_QUOTES:
            return state
        kind, quotes, opened, key, name, at, literal, since, marker, exported = state
        opened = opened if quotes else self.place(position)
        return State(kind, quotes + quote, opened, key, name, at, literal, since, marker, exported)

    def quoted(self, state: State, position: int) -> tuple[State, int]:
        """Goes on inside the innermost quote or bracket."""
        text = self.text
        innermost = state.quotes[-1]
        if innermost == "'":
            end = text.find("'", position)
            end = len(text) if end < 0 else end
        else:
            end = skip(_IN_DOUBLE if innermost == '"' else _IN_OTHER, text, position)
        if end > position:
            state = self.add(state, text[position:end], position)
        if end == len(text):
            return state, end
        character = text[end]
        if character == _CLOSES[innermost]:
            quotes = state.quotes[:-1]
            return State(state.kind, quotes, state.opened if quotes else -1, *state[3:]), end + 1
        if innermost == '"' or character in "\\$`":
            return self.special(state, end)
        if character == '"' or (character == "'" and '"' not in state.quotes) or character + innermost == "((":
            return self.push(state, character, end), end + 1
        return state, end + 1


def skip(pattern: re.Pattern[str], text: str, position: int) -> int:
    """Where the match of a pattern at `position` ends; `position` itself if there is none."""
    found = pattern.match(text, position)
    return found.end() if found else position
