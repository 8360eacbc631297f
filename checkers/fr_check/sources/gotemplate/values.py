"""What a pipeline prints, as far as the text tells: literal pieces and holes that only rendering fills."""

from __future__ import annotations

from fr_check.core.record import NamedTuple
from fr_check.sources.gotemplate.literals import integer, quote

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable

    from fr_check.sources.gotemplate.nodes import Operand, Pipeline

_DEEPEST = 40
_LONGEST = 10_000
_LONGEST_CHAIN = 40


class Read(NamedTuple):
    """A field of a secret, by offset; the path is empty where there is no secret to read from."""

    path: str
    fields: tuple[str, ...]
    at: int
    end: int
    guarded: bool


class Hole(NamedTuple):
    """Something only rendering knows: what it reads, how it is quoted, what it is called, its literal fallback."""

    reads: tuple[Read, ...] = ()
    form: str = ""
    label: str = ""
    fallback: str | None = None


class Reference(NamedTuple):
    """Data reached from a secret (`path`) or from elsewhere (None) through `fields`."""

    path: str | None
    fields: tuple[str, ...] = ()


class Value(NamedTuple):
    """A value: what printing it gives, and the data it stands for, if it is data."""

    pieces: tuple[str | Hole, ...]
    reference: Reference | None = None


ROOT = Value((Hole(),), Reference(None))
UNKNOWN = Value((Hole(),))

_TESTS = frozenset(("and", "not", "eq", "ne", "lt", "le", "gt", "ge", "contains", "regexMatch", "in", "len"))
_DEFAULTS = frozenset(("or", "sprig_default", "sprig_coalesce"))
_QUOTERS = {
    "toJSON": "json",
    "toJSONPretty": "json",
    "toUnescapedJSON": "json",
    "toUnescapedJSONPretty": "json",
    "sprig_toJson": "json",
    "sprig_toRawJson": "json",
    "sprig_quote": "go",
}
_CASES: dict[str, Callable[[str], str]] = {
    "toUpper": str.upper,
    "sprig_upper": str.upper,
    "toLower": str.lower,
    "sprig_lower": str.lower,
    "trimSpace": str.strip,
    "sprig_trim": str.strip,
}
_SILENT = frozenset(("writeToFile",))
_SILENT_METHODS = frozenset(("Set", "SetX", "MapSet", "MapSetX"))


def literal(value: Value) -> str | None:
    """The value's text if it is known."""
    if all(isinstance(piece, str) for piece in value.pieces):
        return "".join(piece for piece in value.pieces if isinstance(piece, str))
    return None


def pattern(value: Value) -> str:
    """The value's text with a name in braces for every hole."""
    return "".join(piece if isinstance(piece, str) else "{" + (piece.label or "…") + "}" for piece in value.pieces)


def merge(first: Value, second: Value, label: str) -> Value:
    """A value that is one or the other."""
    return first if first == second else Value((Hole(_reads((first, second)), label=label),))


def _reads(values: tuple[Value, ...]) -> tuple[Read, ...]:
    found: dict[Read, None] = {}
    for value in values:
        for piece in value.pieces:
            if isinstance(piece, Hole):
                found.update(dict.fromkeys(piece.reads))
    return tuple(found)


class Evaluator:
    """Evaluates pipelines in a scope: the dot, the variables, and which fields have been asked for."""

    def __init__(self) -> None:
        self.dot = ROOT
        self.variables: dict[str, list[Value]] = {"$": [ROOT]}
        self.guards: dict[tuple[str, tuple[str, ...]], int] = {}
        self.reads: dict[tuple[int, str, tuple[str, ...]], Read] = {}
        self._base = 0
        self._asking = False

    def evaluate(self, pipeline: Pipeline | None, base: int, *, asking: bool = False) -> Value:
        """The value of a pipeline whose action starts at `base`; `asking`: it only tests (the head of `if`, `with`)."""
        if pipeline is None:
            return UNKNOWN
        self._base, self._asking = base, asking
        return self._pipeline(pipeline, 0)

    def _pipeline(self, pipeline: Pipeline, depth: int) -> Value:
        last: Value | None = None
        if depth > _DEEPEST:
            return UNKNOWN
        outside = self._asking
        guarded = outside or any(str(command[0].value) in _DEFAULTS for command in pipeline.commands[1:])
        for command in pipeline.commands:
            first = command[0]
            self._asking = guarded
            if first.kind != "function" or first.fields:
                alone = len(command) == 1 and last is None
                last = self._operand(first, depth) if alone else self._method(command, last, depth)
                continue
            name = str(first.value)
            self._asking = guarded or name in _TESTS or name in _DEFAULTS
            values = tuple([self._operand(operand, depth) for operand in command[1:]])
            self._asking = guarded
            last = self._call(name, values if last is None else (*values, last), first)
        self._asking = outside
        for variable in pipeline.variables if depth else ():
            self.variables.setdefault(variable.name, []).append(UNKNOWN)
        return last or UNKNOWN

    def _method(self, command: tuple[Operand, ...], last: Value | None, depth: int) -> Value:
        values = tuple([self._operand(operand, depth) for operand in command])
        if command[0].kind == "function" and command[0].fields[-1] in _SILENT_METHODS:
            return Value(("",))
        return Value((Hole(_reads(values if last is None else (*values, last))),))

    def _operand(self, operand: Operand, depth: int) -> Value:  # noqa: PLR0911 - one return for each kind of operand
        kind, given = operand.kind, operand.value
        if kind == "string":
            return Value((str(given),))
        if kind in ("field", "dot"):
            return self._select(self.dot, operand)
        if kind == "variable":
            found = self.variables.get(str(given))
            return self._select(found[-1] if found else UNKNOWN, operand)
        if kind == "number":
            whole = integer(str(given))
            return UNKNOWN if whole is None else Value((str(whole),))
        if kind == "bool":
            return Value((str(given),))
        if kind == "function":
            return self._select(self._call(str(given), (), operand), operand)
        if kind == "pipeline" and not isinstance(given, str):
            return self._select(self._pipeline(given, depth + 1), operand)
        return UNKNOWN

    def _select(self, value: Value, operand: Operand) -> Value:
        if not operand.fields:
            return self._guarded(value)
        if value.reference is None:
            return Value((Hole(_reads((value,))),))
        path, fields = value.reference
        return self._field(Reference(path, fields + operand.fields), operand)

    def _field(self, reference: Reference, operand: Operand) -> Value:
        path, fields = reference
        if len(fields) > _LONGEST_CHAIN:
            return UNKNOWN
        if path is None:
            if fields[:1] == ("Data",):  # written as if there were a secret here
                self._read("", fields, operand, guarded=self._asking)
            return Value((Hole(label=fields[-1] if fields else ""),), reference)
        read = self._read(path, fields, operand, guarded=self._asking or (path, fields) in self.guards)
        return Value((Hole((read,), label=fields[-1]),), reference)

    def _read(self, path: str, fields: tuple[str, ...], operand: Operand, *, guarded: bool) -> Read:
        read = Read(path, fields, self._base + operand.at, self._base + operand.end, guarded)
        self.reads.setdefault((read.at, path, fields), read)
        return read

    def _guarded(self, value: Value) -> Value:
        """Marks what the template has asked for before it came here."""
        if not self._asking and not self.guards:
            return value
        pieces = tuple(self._guarded_piece(piece) for piece in value.pieces)
        return Value(pieces, value.reference)

    def _guarded_piece(self, piece: str | Hole) -> str | Hole:
        if isinstance(piece, str) or all(read.guarded for read in piece.reads):
            return piece
        return piece._replace(
            reads=tuple(
                read._replace(guarded=read.guarded or self._asking or (read.path, read.fields) in self.guards)
                for read in piece.reads
            )
        )

    def _call(self, name: str, values: tuple[Value, ...], operand: Operand) -> Value:
        """A function that reaches for data is known here; any other depends on its arguments alone."""
        if name in ("secret", "pkiCert"):
            return Value((Hole(label="secret"),), Reference(pattern(values[0]) if values else "{…}"))
        if name == "index" and values and values[0].reference:
            path, fields = values[0].reference
            return self._field(Reference(path, (*fields, *(literal(value) or "*" for value in values[1:]))), operand)
        return _computed(name, values)


def _computed(name: str, values: tuple[Value, ...]) -> Value:  # noqa: PLR0911 - one return for each kind of function
    reads = _reads(values)
    if name in ("printf", "print", "println"):
        return _printed(name, values)
    if name in ("env", "mustEnv", "sprig_env") and values:
        return Value((Hole(label=pattern(values[0])),))
    if name in ("envOrDefault", "keyOrDefault") and values:
        return Value((Hole(label=pattern(values[0]), fallback=literal(values[-1])),))
    if name in ("or", "sprig_coalesce"):
        return _alternative(values, values[-1] if values else UNKNOWN, reads)
    if name == "sprig_default" and values:
        return _alternative(values[1:], values[0], reads)
    if name in _QUOTERS and values:
        return _quoted(values[-1], _QUOTERS[name], reads)
    if name == "sprig_squote":
        return Value(("'", *(values[-1].pieces if values else ()), "'"))
    if name in ("replaceAll", "sprig_replace") and len(values) > 2 and literal(values[0]) == "'":  # noqa: PLR2004
        return Value((Hole(reads, "sh"),))
    text = literal(values[0]) if len(values) == 1 else None
    if text is not None and name in _CASES:
        return Value((_CASES[name](text),))
    return Value(("",)) if name in _SILENT else Value((Hole(reads),))


def _alternative(values: tuple[Value, ...], last: Value, reads: tuple[Read, ...]) -> Value:
    """`or a b` and its kin: the first that is not empty, else the last."""
    first = literal(values[0]) if values else None
    if first:
        return values[0]
    label = next((piece.label for piece in values[0].pieces if isinstance(piece, Hole)), "") if values else ""
    return Value((Hole(reads, label=label, fallback=literal(last)),))


def _quoted(value: Value, form: str, reads: tuple[Read, ...]) -> Value:
    text = literal(value)
    if text is not None:
        return Value((quote(text),))
    return Value(('"', Hole(reads, form), '"'))


def _printed(name: str, values: tuple[Value, ...]) -> Value:
    if name == "printf":
        return _formatted(values)
    separator = " " if name == "println" else ""
    pieces: list[str | Hole] = []
    for index, value in enumerate(values):
        pieces += ([separator] if index and separator else []) + list(value.pieces)
    return Value((*pieces, "\n") if name == "println" else tuple(pieces) or ("",))


def _formatted(values: tuple[Value, ...]) -> Value:
    """`printf`: the format's text stays, each plain verb takes the next argument, and anything else is a hole."""
    layout = literal(values[0]) if values else None
    if layout is None or len(layout) > _LONGEST:
        return Value((Hole(_reads(values)),))
    parts = layout.split("%")
    pieces: list[str | Hole] = [parts[0]]
    arguments = iter(values[1:])
    index = 1
    while index < len(parts):
        part = parts[index]
        if not part:  # "%%"
            index += 1
            pieces.append("%" + (parts[index] if index < len(parts) else ""))
        elif (verb := part[0]) in "sdvq":
            pieces += [*_verb(verb, next(arguments, UNKNOWN)), part[1:]]
        else:
            return Value((Hole(_reads(values)),))
        index += 1
    return Value(tuple(pieces))


def _verb(verb: str, value: Value) -> tuple[str | Hole, ...]:
    return _quoted(value, "go", _reads((value,))).pieces if verb == "q" else value.pieces
