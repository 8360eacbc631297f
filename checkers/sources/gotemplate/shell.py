"""How `sh` reads a line of assignments, one printed piece after the other, whatever path the pieces came on.

The state of a line is a small value, so that paths that reach the same place in the same state are one path. Grammar:
POSIX shell, as far as files that are sourced (`set -a; . file`) use it.
"""

from __future__ import annotations

import re
from typing import NamedTuple

START, NAME, GAP, VALUE, AFTER, COMMENT, OTHER = range(7)

_NAME = re.compile(r"[A-Za-z_*][A-Za-z0-9_*]*")
_NAME_PART = re.compile(r"[A-Za-z0-9_]*")
_LEADING = re.compile(r"(?:[ \t;\n]|\r\n|\\\n)*+")
_BLANKS = re.compile(r"(?:[ \t]|\\\n)*+")
_PLAIN = re.compile(r"[^\s\"'`$\\;&|<>()]+")
_IN_DOUBLE = re.compile(r"[^\"\\`$]+")
_IN_OTHER = re.compile(r"[^\"'\\`$(){}]+")
_OTHER_PLAIN = re.compile(r"[^\"'`$\\\n;&|]+")
_REST_OF_NAME = re.compile(r"[\w.-]*=")
_ENDS = "\n;&|"
_EXPORTS = frozenset(("export", "readonly"))
_LONGEST_NAME = 200
_LONGEST_LITERAL = 2_000
_DEEPEST_QUOTES = 20
_CLOSES = {"'": "'", '"': '"', "`": "`", "(": ")", "{": "}"}


class State(NamedTuple):
    """Where in a line the text is.

    `kind` is one of the seven above. `quotes` holds the quotes and brackets open, innermost last, the first opened at
    `opened`. `key` is the assignment under way (VALUE) or before on this line (AFTER, NAME; -1: none), `literal` its
    value so far (None: not literal), which began at `since`. `name` is the name that may be starting here, at `at`:
    in NAME the word itself, in VALUE and COMMENT one that would be glued to the value; there, `marker` is the offset
    of the trim marker that ate the newline (-1: there was none).
    """

    kind: int = START
    quotes: str = ""
    opened: int = -1
    key: int = -1
    name: str | None = None
    at: int = -1
    literal: str | None = ""
    since: int = -1
    marker: int = -1
    exported: bool = False


FRESH = State()


class Listener:
    """What the shell is heard doing; every method may be called again for another path."""

    def assigned(self, name: str, at: int, end: int, *, exported: bool) -> int:
        """`name=` begins at `at`; gives the number under which the assignment goes on."""
        raise LookupError(name, at, end, exported)

    def finished(self, key: int, literal: str | None, since: int) -> None:
        """The value of `key` ends."""

    def kept(self, key: int) -> None:
        """The command line ends, and `key` is set."""

    def glued(self, name: str, at: int, end: int, first: int, marker: int, *, separated: bool) -> None:
        """`name=` begins behind the value of `first` (-1: behind a comment)."""

    def line(self, pattern: str, at: int, end: int) -> None:
        """A line that consists of data."""

    def fault(self, kind: str, name: str, at: int, end: int) -> None:
        """`sh` reads this otherwise than it looks."""


class Shell:
    """Moves states over printed text.

    Text is read at `base`; `scale` is 1 where its characters stand in the file one by one, else 0: then every place is
    that of the action that prints it.
    """

    def __init__(self, listener: Listener) -> None:
        self.listener = listener
        self.text = ""
        self.base = 0
        self.scale = 1

    def read(self, state: State, text: str, base: int, scale: int = 1) -> State:
        """The state after `text`."""
        self.text, self.base, self.scale = text, base, scale
        position = 0
        if (state.kind == VALUE or state.kind == COMMENT) and not state.quotes and state.at < 0:  # noqa: PLR1714 - hot
            # Only a name that begins right here can be glued; a blank matters behind a trim marker alone.
            if state.marker >= 0 or text[0] == "_" or text[0].isalnum():
                state = state._replace(name="", at=base)
        while position < len(text):
            kind = state.kind
            if kind == START:
                state, position = self._start(state, position)
            elif kind == NAME:
                state, position = self._name(state, position)
            elif kind == VALUE:
                state, position = self._value(state, position)
            elif kind == OTHER:
                state, position = self._other(state, position)
            elif kind == COMMENT:
                state, position = self._comment(state, position)
            else:
                state, position = self._gap(state, position) if kind == GAP else self._after(state, position)
        return state

    def hole(self, state: State, at: int, end: int) -> State:
        """The state after something that only rendering knows; it is taken to be part of one word."""
        kind = state.kind
        if kind == START:
            return State(NAME, name="*", at=at, exported=state.exported)
        if kind == AFTER:
            return State(NAME, key=state.key, name="*", at=at, marker=state.marker, exported=state.exported)
        if kind == GAP:
            self.base, self.scale = end, 0
            return self._command(state, "", 0)
        if kind == OTHER:
            return state
        name, since = state.name, state.at
        if name is not None:
            name += "" if name.endswith("*") else "*"
            since = at if since < 0 else since
        literal = None if kind == VALUE else ""
        return State(
            kind, state.quotes, state.opened, state.key, name, since, literal, -1, state.marker, state.exported
        )

    def trim(self, state: State, marker: int) -> State:
        """The state after a newline that a trim marker ate."""
        if state.kind in (VALUE, COMMENT) and not state.quotes:
            return state._replace(name="", at=-1, marker=marker)
        return state._replace(marker=marker) if state.kind == AFTER else state

    def finish(self, state: State, end: int) -> None:
        """The end of the rendered file."""
        self.text, self.base, self.scale = "\n", end, 0
        if state.quotes:
            self.listener.fault("quote", "", state.opened, state.opened + 1)
        elif state.kind == VALUE:
            self.listener.finished(state.key, state.literal, state.since)
            self.listener.kept(state.key)
        elif state.kind == AFTER:
            self.listener.kept(state.key)
        elif state.kind in (NAME, GAP):
            self._bare(state, state.name or "", 0)

    def _place(self, position: int) -> int:
        return self.base + position * self.scale

    def _start(self, state: State, position: int) -> tuple[State, int]:
        text = self.text
        begin, position = position, _skip(_LEADING, text, position)
        if position == len(text):
            return (FRESH if "\n" in text[begin:] else state), position
        exported = state.exported and "\n" not in text[begin:position]
        if text[position] == "#":
            return State(COMMENT), position + 1
        if text[position] in _ENDS:
            return FRESH, position + 1
        return State(NAME, name="", at=self._place(position), exported=exported), position

    def _name(self, state: State, position: int) -> tuple[State, int]:
        text = self.text
        end = _skip(_NAME_PART, text, position)
        name = (state.name or "") + text[position:end]
        if len(name) > _LONGEST_NAME:
            name = "*"
        if end == len(text):
            return state._replace(name=name), end
        character = text[end]
        if character == "=":
            return self._assign(state, name, end), end + 1
        if character in " \t":
            if name in _EXPORTS:
                return State(START, exported=True), end
            return state._replace(kind=GAP, name=name), end
        if character in _ENDS or text.startswith("\r\n", end):
            self._bare(state, name, end)
            return FRESH, end + 1
        rest = _skip(_REST_OF_NAME, text, end)
        if rest > end:
            self.listener.fault("name", name + text[end : rest - 1], state.at, self._place(rest - 1))
        elif text.startswith("+=", end):
            self.listener.fault("append", name, state.at, self._place(end + 1))
        elif character == ":" and name and text[end + 1 : end + 2] in (" ", "\t", "\n", ""):
            self.listener.fault("colon", name, state.at, self._place(end))
        return self._command(state, name, end), end

    def _assign(self, state: State, name: str, end: int) -> State:
        if not _NAME.fullmatch(name):
            self.listener.fault("name", name, state.at, self._place(end))
            return self._command(state, name, end)
        key = self.listener.assigned(name, state.at, self._place(end), exported=state.exported)
        if state.key >= 0:
            self.listener.kept(state.key)
            if state.marker >= 0:
                self.listener.glued(name, state.at, self._place(end), state.key, state.marker, separated=True)
        return State(VALUE, key=key, exported=state.exported)

    def _command(self, state: State, name: str, end: int) -> State:
        """A word that is no assignment is a command: then what was assigned before it on the line is not kept."""
        if state.key >= 0 and state.exported:
            self.listener.kept(state.key)
        elif state.key >= 0:
            self.listener.fault("command", name, state.at, max(self._place(end), state.at + 1))
        return State(OTHER)

    def _bare(self, state: State, name: str, end: int) -> None:
        if "*" in name:
            self.listener.line(name, state.at, self._place(end))
        elif not state.exported:
            self._command(state, name, end)

    def _gap(self, state: State, position: int) -> tuple[State, int]:
        text = self.text
        position = _skip(_BLANKS, text, position)
        if position == len(text):
            return state, position
        if text[position] in _ENDS:
            self._bare(state, state.name or "", position)
            return FRESH, position + 1
        if state.exported:
            return State(START, exported=True), position
        if text[position] == "=" and state.name:
            self.listener.fault("spaced", state.name, state.at, self._place(position + 1))
        return self._command(state, state.name or "", position), position

    def _after(self, state: State, position: int) -> tuple[State, int]:
        text = self.text
        position = _skip(_BLANKS, text, position)
        if position == len(text):
            return state, position
        if text[position] in "#\n;&|" or text.startswith("\r\n", position):
            self.listener.kept(state.key)
            return (State(COMMENT) if text[position] == "#" else FRESH), position + 1
        return state._replace(kind=NAME, name="", at=self._place(position)), position

    def _comment(self, state: State, position: int) -> tuple[State, int]:
        text = self.text
        if state.name is not None:
            if state.name == "":
                position = _skip(_BLANKS, text, position)
                state = state._replace(at=self._place(position))
            end = _skip(_NAME_PART, text, position)
            name = (state.name or "") + text[position:end]
            if end == len(text):
                return state._replace(name=name[:_LONGEST_NAME]), end
            if text[end] == "=" and _NAME.fullmatch(name):
                self.listener.glued(name, state.at, self._place(end), -1, state.marker, separated=False)
        end = text.find("\n", position)
        return (State(COMMENT), len(text)) if end < 0 else (FRESH, end + 1)

    def _value(self, state: State, position: int) -> tuple[State, int]:
        if state.quotes:
            return self._quoted(state, position)
        text = self.text
        marker = -1
        if state.name is not None:
            end = _skip(_NAME_PART, text, position)
            name = state.name + text[position:end]
            if end == len(text):
                state = state._replace(name=name[:_LONGEST_NAME])
                return self._add(state, text[position:], position), end
            if text[end] == "=" and _NAME.fullmatch(name):
                self.listener.glued(name, state.at, self._place(end), state.key, state.marker, separated=False)
            marker = -1 if name else state.marker
            state = state._replace(name=None, at=-1, marker=-1)
        end = _skip(_PLAIN, text, position)
        if end > position:
            state = self._add(state, text[position:end], position)
        if end == len(text):
            return state, end
        character = text[end]
        if character in "\n \t;":
            self.listener.finished(state.key, state.literal, state.since)
            if character in " \t":
                return State(AFTER, key=state.key, marker=marker, exported=state.exported), end + 1
            self.listener.kept(state.key)
            return FRESH, end + 1
        if character in "\"'`$\\":
            return self._special(state, end)
        if character in "&|<>()":
            self.listener.fault("operator", "", self._place(end), self._place(end) + 1)
            return State(OTHER), end + 1
        return self._add(state, character, end), end + 1

    def _add(self, state: State, text: str, position: int) -> State:
        """Text that the value consists of."""
        if state.literal is None or state.kind != VALUE:
            return state
        kind, quotes, opened, key, name, at, literal, since, marker, exported = state
        longer = (literal or "") + text
        since = self._place(position) if since < 0 else since
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

    def _special(self, state: State, position: int) -> tuple[State, int]:
        """A quote, an escape or an expansion, outside quotes or inside double ones."""
        text = self.text
        character = text[position]
        follows = text[position + 1 : position + 2]
        if character == "\\":
            kept = follows if not state.quotes or follows in '$`"\\' else "\\" + follows
            return self._add(state, "" if follows == "\n" else kept, position), position + 2
        if character == "$":
            if follows and follows in "({":
                return self._push(state._replace(literal=None), follows, position), position + 2
            if follows.isalnum() or follows in ("_", "@", "*", "#", "?", "$", "!", "-", ""):
                return state._replace(literal=None), position + 1
            return self._add(state, "$", position), position + 1
        if character == "`":
            state = state._replace(literal=None)
        return self._push(self._add(state, "", position), character, position), position + 1

    def _push(self, state: State, quote: str, position: int) -> State:
        if len(state.quotes) >= _DEEPEST_QUOTES:
            return state
        kind, quotes, opened, *rest = state
        return State(kind, quotes + quote, opened if quotes else self._place(position), *rest)

    def _quoted(self, state: State, position: int) -> tuple[State, int]:
        text = self.text
        innermost = state.quotes[-1]
        if innermost == "'":
            end = text.find("'", position)
            end = len(text) if end < 0 else end
        else:
            end = _skip(_IN_DOUBLE if innermost == '"' else _IN_OTHER, text, position)
        if end > position:
            state = self._add(state, text[position:end], position)
        if end == len(text):
            return state, end
        character = text[end]
        if character == _CLOSES[innermost]:
            quotes = state.quotes[:-1]
            return State(state.kind, quotes, state.opened if quotes else -1, *state[3:]), end + 1
        if innermost == '"' or character in "\\$`":
            return self._special(state, end)
        if character == '"' or (character == "'" and '"' not in state.quotes) or character + innermost == "((":
            return self._push(state, character, end), end + 1
        return state, end + 1

    def _other(self, state: State, position: int) -> tuple[State, int]:
        """A command's words: only quotes and the line's end matter."""
        if state.quotes:
            return self._quoted(state, position)
        text = self.text
        end = _skip(_OTHER_PLAIN, text, position)
        if end == len(text):
            return state, end
        return self._special(state, end) if text[end] in "\"'`$\\" else (FRESH, end + 1)


def _skip(pattern: re.Pattern[str], text: str, position: int) -> int:
    found = pattern.match(text, position)
    return found.end() if found else position
