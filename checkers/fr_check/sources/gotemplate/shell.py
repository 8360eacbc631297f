"""How `sh` reads a line of assignments, one printed piece after the other, whatever path the pieces came on.

The state of a line is a small value, so that paths that reach the same place in the same state are one path. Grammar:
POSIX shell, as far as files that are sourced (`set -a; . file`) use it.
"""

from __future__ import annotations

from fr_check.core.patterns import pattern
from fr_check.sources.gotemplate.line import AFTER, COMMENT, FRESH, GAP, NAME, OTHER, START, VALUE, State
from fr_check.sources.gotemplate.quotes import Quotes, skip

TYPE_CHECKING = False
if TYPE_CHECKING:
    from fr_check.sources.gotemplate.recording import Recorder

_NAME = pattern(r"[A-Za-z_*][A-Za-z0-9_*]*")
_NAME_PART = pattern(r"[A-Za-z0-9_]*")
_LEADING = pattern(r"(?:[ \t;\n]|\r\n|\\\n)*+")
_BLANKS = pattern(r"(?:[ \t]|\\\n)*+")
_PLAIN = pattern(r"[^\s\"'`$\\;&|<>()]+")
_OTHER_PLAIN = pattern(r"[^\"'`$\\\n;&|]+")
_REST_OF_NAME = pattern(r"[\w.-]*=")
_ENDS = "\n;&|"
_EXPORTS = frozenset(("export", "readonly"))
_LONGEST_NAME = 200


class Shell(Quotes):
    """Moves states over printed text, and tells the recorder what happens to assignments."""

    def __init__(self, listener: Recorder) -> None:
        super().__init__()
        self.listener = listener

    def read(self, state: State, text: str, base: int, scale: int = 1) -> State:
        """The state after `text`."""
        self.text, self.base, self.scale = text, base, scale
        position = 0
        # Only a name that begins right here can be glued; a blank matters behind a trim marker alone.
        begins = state.marker >= 0 or text[0] == "_" or text[0].isalnum()
        if begins and state.at < 0 and state.kind in (VALUE, COMMENT) and not state.quotes:
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
            return state._replace(kind=NAME, name="*", at=at)
        if kind == GAP:
            self.base, self.scale = end, 0
            return self._command(state, 0)
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
        elif state.kind in (VALUE, AFTER):
            self._keep(state)
        elif state.kind in (NAME, GAP):
            self._bare(state, state.name or "", 0)

    def _start(self, state: State, position: int) -> tuple[State, int]:
        text = self.text
        begin, position = position, skip(_LEADING, text, position)
        if position == len(text):
            return (FRESH if "\n" in text[begin:] else state), position
        exported = state.exported and "\n" not in text[begin:position]
        if text[position] == "#":
            return State(COMMENT), position + 1
        if text[position] in _ENDS:
            return FRESH, position + 1
        return State(NAME, name="", at=self.place(position), exported=exported), position

    def _name(self, state: State, position: int) -> tuple[State, int]:
        text = self.text
        end = skip(_NAME_PART, text, position)
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
                self._keep(state)
                return State(START, exported=True), end
            return state._replace(kind=GAP, name=name), end
        if character in _ENDS or text.startswith("\r\n", end):
            self._bare(state, name, end)
            return FRESH, end + 1
        rest = skip(_REST_OF_NAME, text, end)
        if rest > end:
            self.listener.fault("name", name + text[end : rest - 1], state.at, self.place(rest - 1))
        elif text.startswith("+=", end):
            self.listener.fault("append", name, state.at, self.place(end + 1))
        elif character == ":" and name and text[end + 1 : end + 2] in (" ", "\t", "\n", ""):
            self.listener.fault("colon", name, state.at, self.place(end))
        return self._command(state, end), end

    def _assign(self, state: State, name: str, end: int) -> State:
        if not _NAME.fullmatch(name):
            self.listener.fault("name", name, state.at, self.place(end))
            return self._command(state, end)
        key = self.listener.assigned(name, state.at, self.place(end), exported=state.exported)
        if state.key >= 0:
            self.listener.finished(state.key, state.literal, state.since)
            self.listener.chained(key, state.key)
            if state.marker >= 0:
                self.listener.glued(name, state.at, self.place(end), state.key, state.marker, separated=True)
        return State(VALUE, key=key, exported=state.exported)

    def _command(self, state: State, end: int) -> State:
        """A word that is no assignment is a command: then what was assigned before it on the line is not kept."""
        if state.exported:
            self._keep(state)
        elif state.key >= 0:
            self.listener.lost(state.key)
            key = self.listener.assignments[state.key].name
            self.listener.fault("command", key, state.at, max(self.place(end), state.at + 1))
        return State(OTHER)

    def _keep(self, state: State) -> None:
        if state.key >= 0:
            self.listener.finished(state.key, state.literal, state.since)
            self.listener.kept(state.key)

    def _bare(self, state: State, name: str, end: int) -> None:
        if "*" in name and state.key < 0:
            self.listener.line(name, state.at, self.place(end))
        self._command(state, end)

    def _gap(self, state: State, position: int) -> tuple[State, int]:
        text = self.text
        position = skip(_BLANKS, text, position)
        if position == len(text):
            return state, position
        if text[position] in _ENDS:
            self._bare(state, state.name or "", position)
            return FRESH, position + 1
        if state.exported:
            self._keep(state)
            return State(START, exported=True), position
        if text[position] == "=" and state.name:
            self.listener.fault("spaced", state.name, state.at, self.place(position + 1))
        return self._command(state, position), position

    def _after(self, state: State, position: int) -> tuple[State, int]:
        text = self.text
        position = skip(_BLANKS, text, position)
        if position == len(text):
            return state, position
        if text[position] in "&|":
            return self._operator(state, position)
        if text[position] in "#\n;" or text.startswith("\r\n", position):
            self._keep(state)
            return (State(COMMENT) if text[position] == "#" else FRESH), position + 1
        return state._replace(kind=NAME, name="", at=self.place(position)), position

    def _comment(self, state: State, position: int) -> tuple[State, int]:
        text = self.text
        if state.name is not None:
            if state.name == "":
                position = skip(_BLANKS, text, position)
                state = state._replace(at=self.place(position))
            end = skip(_NAME_PART, text, position)
            name = (state.name or "") + text[position:end]
            if end == len(text):
                return state._replace(name=name[:_LONGEST_NAME]), end
            if text[end] == "=" and _NAME.fullmatch(name):
                self.listener.glued(name, state.at, self.place(end), -1, state.marker, separated=False)
        end = text.find("\n", position)
        return (State(COMMENT), len(text)) if end < 0 else (FRESH, end + 1)

    def _value(self, state: State, position: int) -> tuple[State, int]:  # noqa: PLR0911 - one for each ending
        if state.quotes:
            return self.quoted(state, position)
        text = self.text
        marker = -1
        if state.name is not None:
            end = skip(_NAME_PART, text, position)
            name = state.name + text[position:end]
            if end == len(text):
                state = state._replace(name=name[:_LONGEST_NAME])
                return self.add(state, text[position:], position), end
            if text[end] == "=" and _NAME.fullmatch(name):
                self.listener.glued(name, state.at, self.place(end), state.key, state.marker, separated=False)
            marker = -1 if name else state.marker
            state = state._replace(name=None, at=-1, marker=-1)
        end = skip(_PLAIN, text, position)
        if end > position:
            state = self.add(state, text[position:end], position)
        if end == len(text):
            return state, end
        character = text[end]
        if character in "\n \t;":
            if character in " \t":
                return state._replace(kind=AFTER, marker=marker), end + 1
            self._keep(state)
            return FRESH, end + 1
        if character in "\"'`$\\":
            return self.special(state, end)
        if character in "&|<>()":
            return self._operator(state, end)
        return self.add(state, character, end), end + 1

    def _operator(self, state: State, position: int) -> tuple[State, int]:
        """`a && b` keeps an assignment; `a & b` and `a | b` make it in another process, and brackets are an error."""
        operator = self.text[position : position + 2]
        if operator in ("&&", "||"):
            self._keep(state)
            return FRESH, position + 2
        self.listener.lost(state.key)
        self.listener.fault("operator", "", self.place(position), self.place(position) + 1)
        return State(OTHER), position + 1

    def _other(self, state: State, position: int) -> tuple[State, int]:
        """A command's words: only quotes and the line's end matter."""
        if state.quotes:
            return self.quoted(state, position)
        text = self.text
        end = skip(_OTHER_PLAIN, text, position)
        if end == len(text):
            return state, end
        return self.special(state, end) if text[end] in "\"'`$\\" else (FRESH, end + 1)
