"""The evaluator behind `${{ }}`: tokens in, the values they may have out."""

from __future__ import annotations

from collections.abc import Callable

from fr_check.core.patterns import pattern
from fr_check.core.record import NamedTuple
from fr_check.sources.yaml_nodes import Mapping, Node, Scalar, Sequence

TYPE_CHECKING = False
if TYPE_CHECKING:
    import re

ALTERNATIVES = 16
"""Values that one expression is followed into; beyond that it is unknown."""
DEPTH_LIMIT = 50
# Of what `format` makes: calls inside calls repeat their text twice, four times, eight times, ...
_MOST_CHARACTERS = 20_000
_MOST_PARTS = 1000

_PLACEHOLDER = pattern(r"\{\{|\}\}|\{(\d+)\}")


class Partial(NamedTuple):
    """A string of which only some is known: None stands for any text."""

    parts: tuple[str | None, ...]


Value = str | float | bool | None | Partial
Values = tuple[Value, ...]
OPAQUE = Partial((None,))

Resolve = Callable[[tuple[str, ...]], Node | Values]
"""From a lower-cased context and the names below it to a node of the file, or the values it may have."""


def evaluate(tokens: list[re.Match[str]], resolve: Resolve) -> Values:
    """The values an expression may have; one where all is known, `OPAQUE` where nothing is."""
    return _Evaluator(tokens, resolve).run()


def _number(written: str) -> float:
    """A number of any length; one that no float holds is infinite, as in JavaScript."""
    if "x" not in written.lower():
        return float(written)
    try:
        return float(int(written, 16))
    except OverflowError:
        return float("-inf" if written.startswith("-") else "inf")


def text_of(value: Value) -> tuple[str | None, ...]:
    """A value as text, in parts; None for an unknown one."""
    if isinstance(value, Partial):
        return value.parts
    if value is None:
        return ("",)
    if isinstance(value, bool):
        return (str(value).lower(),)
    if isinstance(value, float):
        return (f"{value:g}",)
    return (value,)


def _truth(value: Value) -> bool | None:
    if isinstance(value, Partial):
        return True if any(value.parts) else None
    return bool(value)


class _Evaluator:
    """Recursive descent over tokens; whatever it does not understand makes the whole expression unknown."""

    def __init__(self, tokens: list[re.Match[str]], resolve: Resolve) -> None:
        self.tokens = tokens
        self.resolve = resolve
        self.position = 0
        self.depth = 0
        self.broken = False

    def run(self) -> Values:
        values = self._or()
        return values if self.position == len(self.tokens) and not self.broken else (OPAQUE,)

    def _peek(self) -> str:
        return self.tokens[self.position][0] if self.position < len(self.tokens) else ""

    def _take(self, *wanted: str) -> str:
        token = self._peek()
        if token and token in wanted:
            self.position += 1
            return token
        return ""

    def _or(self) -> Values:
        values = self._and()
        while self._take("||"):
            right = self._and()
            values = _limited([x for left in values for x in _either(left, right, wanted=True)])
        return values

    def _and(self) -> Values:
        values = self._comparison()
        while self._take("&&"):
            right = self._comparison()
            values = _limited([x for left in values for x in _either(left, right, wanted=False)])
        return values

    def _comparison(self) -> Values:
        values = self._unary()
        operator = self._take("==", "!=", "<", "<=", ">", ">=")
        while operator:
            right = self._unary()
            values = _limited([x for one in values for two in right for x in _compare(operator, one, two)])
            operator = self._take("==", "!=", "<", "<=", ">", ">=")
        return values

    def _unary(self) -> Values:
        negations = 0
        while self._take("!"):
            negations += 1
        values = self._primary()
        for _ in range(min(negations, 2) if negations % 2 == 0 else 1):
            truths = [_truth(value) for value in values]
            values = _limited([not t for truth in truths for t in ((True, False) if truth is None else (truth,))])
        return values

    def _primary(self) -> Values:
        self.depth += 1
        if self.depth > DEPTH_LIMIT or self.position >= len(self.tokens):
            self.broken = True
            self.position = len(self.tokens)
            return (OPAQUE,)
        token = self.tokens[self.position]
        self.position += 1
        values: Values = (OPAQUE,)
        if token.lastgroup == "string":
            values = (token[0][1:-1].replace("''", "'"),)
        elif token.lastgroup == "number":
            values = (_number(token[0]),)
        elif token.lastgroup == "name":
            values = self._name(token[0])
        elif token[0] == "(":
            values = self._or()
            self.broken = not self._take(")") or self.broken
        else:
            self.broken = True
        self.depth -= 1
        return values

    def _name(self, name: str) -> Values:
        constants: dict[str, Value] = {"true": True, "false": False, "null": None}
        if name.lower() in constants and self._peek() not in {".", "[", "("}:
            return (constants[name.lower()],)
        if self._take("("):
            return self._call(name.lower())
        path, known = [name.lower()], True
        while True:
            if self._take("."):
                token = self._peek()
                self.position += 1
                known = known and token not in {"", "*"}
                path.append(token)
            elif self._take("["):
                index = self._or()
                self.broken = not self._take("]") or self.broken
                literal = index[0] if len(index) == 1 and isinstance(index[0], str) else None
                known = known and literal is not None
                path.append(literal or "")
            else:
                break
        return values_of(self.resolve(tuple(path))) if known else (OPAQUE,)

    def _call(self, name: str) -> Values:
        arguments = []
        while not self._take(")") and self.position < len(self.tokens):
            arguments.append(self._or())
            self._take(",")
        if name in {"always", "success"}:
            return (True,)
        if name in _ASKING and len(arguments) == 2:  # noqa: PLR2004 - a text, and what it may have
            return _limited([x for one in arguments[0] for two in arguments[1] for x in _asked(name, one, two)])
        if name != "format" or not arguments:
            return (OPAQUE,)
        return _limited([_format(template, arguments[1:]) for template in arguments[0]])


def _limited(values: list[Value]) -> Values:
    distinct = tuple(dict.fromkeys(values))
    return distinct if len(distinct) <= ALTERNATIVES else (OPAQUE,)


def _either(left: Value, right: Values, *, wanted: bool) -> Values:
    """`left || right` (wanted) or `left && right`: the left one where its truth decides, both where it is unknown."""
    truth = _truth(left)
    if truth is None:
        return (left, *right) if wanted else ("", *right)
    return (left,) if truth is wanted else right


def _compare(operator: str, left: Value, right: Value) -> Values:
    if isinstance(left, Partial) or isinstance(right, Partial) or operator not in {"==", "!="}:
        return (operator == "!=",) if operator in {"==", "!="} and _differ(left, right) else (True, False)
    if isinstance(left, str) and isinstance(right, str):
        equal = left.lower() == right.lower()
    else:
        equal = text_of(left) == text_of(right)
    return (equal if operator == "==" else not equal,)


def _differ(left: Value, right: Value) -> bool:
    """Whether a text of which the start is known begins otherwise than a text that is known."""
    left, right = (right, left) if isinstance(right, Partial) else (left, right)
    if not isinstance(left, Partial) or not isinstance(right, str):
        return False
    return not right.lower().startswith((left.parts[0] or "").lower())


def _asked(name: str, text: Value, part: Value) -> Values:
    """`startsWith`, `endsWith`, `contains` of texts, whatever their case; of a text whose start is known that."""
    if isinstance(part, Partial):
        return (True, False)
    wanted = "".join(one or "" for one in text_of(part)).lower()
    if isinstance(text, Partial):
        begins = (text.parts[0] or "").lower()
        if name == "startswith" and not (wanted.startswith(begins) and len(wanted) > len(begins)):
            return (begins.startswith(wanted),)
        return (True, False)
    return (_ASKING[name]("".join(one or "" for one in text_of(text)).lower(), wanted),)


_ASKING: dict[str, Callable[[str, str], bool]] = {
    "startswith": str.startswith,
    "endswith": str.endswith,
    "contains": str.__contains__,
}


def _format(template: Value, arguments: list[Values]) -> Value:
    if not isinstance(template, str):
        return OPAQUE
    parts: list[str | None] = []
    start = 0
    for match in _PLACEHOLDER.finditer(template):
        parts.append(template[start : match.start()])
        start = match.end()
        if match[1] is None:
            parts.append(match[0][0])
        else:
            options = arguments[int(match[1])] if len(match[1]) < 4 and int(match[1]) < len(arguments) else (OPAQUE,)  # noqa: PLR2004 - more digits than arguments
            parts.extend(text_of(options[0]) if len(options) == 1 else (None,))
        if len(parts) > _MOST_PARTS:
            return OPAQUE
    parts.append(template[start:])
    known = [part for part in parts if part]
    if sum(map(len, known)) > _MOST_CHARACTERS:
        return OPAQUE
    if None in parts:
        return Partial(tuple(part for part in parts if part != ""))
    return "".join(known)


def values_of(found: Node | Values) -> Values:
    """A node of the file as values; unknown where it is a collection, or has an expression in it."""
    if isinstance(found, Scalar):
        if found.is_null:
            return (None,)
        if not found.style and found.value in {"true", "false"}:
            return (found.value == "true",)
        return (found.value,) if "${{" not in found.value else (OPAQUE,)
    if isinstance(found, Mapping | Sequence):
        return (OPAQUE,)
    return found
