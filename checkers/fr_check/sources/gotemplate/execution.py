"""What Go finds only while it executes a pipeline, and finds with any data: wrong arguments, and `nil` as a command.

Source of the rules and of the words: text/template/exec.go and funcs.go. Whatever depends on data passes.
"""

from __future__ import annotations

from fr_check.core.record import NamedTuple
from fr_check.sources.gotemplate.literals import integer
from fr_check.sources.gotemplate.signatures import ANYTHING, SIGNATURES, TYPES

TYPE_CHECKING = False
if TYPE_CHECKING:
    from fr_check.sources.gotemplate.nodes import Operand, Pipeline

_DEEPEST = 40
# The letter of a type that only data decides, and of no value at all.
_UNKNOWN, _NONE = "a", ""
_COMPARED = {"s": "string", "i": "integer", "I": "integer", "u": "integer", "f": "float", "b": "bool"}
_ORDERED = frozenset(("lt", "le", "gt", "ge"))
_LITERALS = {"string": "s", "bool": "b"}
_SHORT_CIRCUIT = frozenset(("and", "or"))


class Failure(NamedTuple):
    """Go's error about an operand, by its offsets in the action. `%s` in the message stands for the operand's text."""

    message: str
    at: int
    end: int


class _Failed(Exception):  # noqa: N818 - it never leaves this module
    def __init__(self, message: str, operand: Operand) -> None:
        super().__init__(message)
        self.failure = Failure(message, operand.at, operand.end)


def failure(pipeline: Pipeline | None) -> Failure | None:
    """The error with which Go stops at a pipeline whatever the data is; None where it may go on."""
    if pipeline is None:
        return None
    try:
        _pipeline(pipeline, 0)
    except _Failed as failed:
        return failed.failure
    return None


def _pipeline(pipeline: Pipeline, depth: int) -> str:
    """The letter of the type that a pipeline gives."""
    if depth > _DEEPEST:
        return _UNKNOWN
    final = _NONE
    for command in pipeline.commands:
        final = _command(command, final, depth)
    return final


def _command(command: tuple[Operand, ...], final: str, depth: int) -> str:
    first = command[0]
    if first.kind == "function" and not first.fields:
        return _call(first, command[1:], final, depth)
    if not first.fields:
        if len(command) > 1 or final:
            raise _Failed("can't give argument to non-function %s", first)
        if first.kind == "nil":
            raise _Failed("nil is not a command", first)
        return _operand(first, depth)
    if first.kind in ("pipeline", "function"):
        _operand(first._replace(fields=()), depth)
    return _UNKNOWN


def _operand(operand: Operand, depth: int) -> str:
    """The type of an operand that stands alone."""
    if operand.kind == "pipeline" and not isinstance(operand.value, str):
        found = _pipeline(operand.value, depth + 1)
    elif operand.kind == "function":
        found = _call(operand, (), _NONE, depth)
    elif operand.kind == "number":
        written = str(operand.value)
        whole = written[:1] == "'" or integer(written) is not None
        found = "i" if whole else _UNKNOWN if written[-1:] == "i" else "f"
    else:
        found = _LITERALS.get(operand.kind, _UNKNOWN)
    return _UNKNOWN if operand.fields else found


def _call(function: Operand, arguments: tuple[Operand, ...], final: str, depth: int) -> str:
    """A call: the number of arguments, then each of them, then what the function itself refuses."""
    name = str(function.value)
    parameters, _, result = SIGNATURES.get(name, "*a>a").partition(">")
    fixed, variadic, repeated = parameters.partition("*")
    given = len(arguments) + bool(final)
    if variadic and given < len(fixed):
        wanted = f"at least {len(fixed)} got {len(arguments)}"
        raise _Failed(f"wrong number of args for {name}: want {wanted}", function)
    if not variadic and given != len(fixed):
        raise _Failed(f"wrong number of args for {name}: want {len(fixed)} got {given}", function)
    letters = fixed + repeated * (given - len(fixed))
    if name in _SHORT_CIRCUIT:  # what comes after the first may not be looked at
        arguments, final = arguments[:1], _NONE
    types = [_argument(argument, letter, depth) for argument, letter in zip(arguments, letters, strict=False)]
    if final:
        _assignable(final, letters[len(arguments)], function)
        types.append(final)
    _compare(name, types, function)
    return result


def _argument(operand: Operand, letter: str, depth: int) -> str:
    """The type of an argument, which must fit its parameter."""
    if operand.kind == "nil":
        if letter in "sibfIu":
            raise _Failed(f"cannot assign nil to {TYPES[letter]}", operand)
        return _UNKNOWN
    found = _operand(operand, depth)
    if operand.fields or operand.kind not in ("string", "number", "bool"):
        _assignable(found, letter, operand)
    elif letter == "s" and found != "s":
        raise _Failed("expected string; found %s", operand)
    elif letter == "i" and (operand.kind != "number" or _has_fraction(str(operand.value))):
        raise _Failed("expected integer; found %s", operand)
    elif letter in "LM":
        raise _Failed(f"can't handle %s for arg of type {TYPES[letter]}", operand)
    return found


def _has_fraction(written: str) -> bool:
    """Whether a number is one that no integer can be; Go takes `4.0` for 4."""
    try:
        return not float(written).is_integer()
    except ValueError:
        return False


def _assignable(found: str, letter: str, operand: Operand) -> None:
    if found not in ANYTHING and letter not in ANYTHING and found != letter:
        raise _Failed(f"wrong type for value; expected {TYPES[letter]}; got {TYPES[found]}", operand)


def _compare(name: str, types: list[str], function: Operand) -> None:
    """Comparisons of values whose kinds differ, and orders of booleans."""
    if name == "eq" and len(types) == 1:
        raise _Failed("error calling eq: missing argument for comparison", function)
    if name in {"eq", "ne", *_ORDERED} and len(types) > 1:
        first, second = (_COMPARED.get(found) for found in types[:2])
        if first is None or second is None:
            return
        if first != second:
            raise _Failed(f"error calling {name}: incompatible types for comparison", function)
        if first == "bool" and name in _ORDERED:
            raise _Failed(f"error calling {name}: invalid type for comparison", function)
    elif name == "len" and types and types[0] in _COMPARED and types[0] != "s":
        raise _Failed(f"error calling len: len of type {TYPES[types[0]]}", function)
