"""The type and the default of a new setting: in Python, in an example, and what the module imports for them."""

from __future__ import annotations

import ast

from fr_check.core import python_syntax
from fr_check.core.record import NamedTuple
from fr_check.core.trouble import Trouble
from fr_check.fixes.adding.defaults import (
    TUPLES,
    UnfitError,
    UnwrittenError,
    as_text,
    in_python,
    members_of,
    takes_text,
    type_name,
)
from fr_check.fixes.adding.names import known_names

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping

    from fr_check.core.text import Text

_BUILTINS = frozenset((
    "str", "int", "float", "bool", "bytes", "list", "dict", "tuple", "set", "frozenset", "None", "object",
))  # fmt: skip
# A type -> the module that it comes from.
MODULES: Mapping[str, str] = {
    **dict.fromkeys((
        "Annotated", "Any", "Dict", "FrozenSet", "List", "Literal", "Mapping", "Optional", "Sequence", "Set", "Tuple",
        "Union",
    ), "typing"),
    "Decimal": "decimal", "Path": "pathlib", "UUID": "uuid",
    **dict.fromkeys(("date", "datetime", "time", "timedelta"), "datetime"),
    **dict.fromkeys((
        "AmqpDsn", "AnyHttpUrl", "AnyUrl", "DirectoryPath", "EmailStr", "Field", "FilePath", "HttpUrl",
        "IPvAnyAddress", "KafkaDsn", "MongoDsn", "MySQLDsn", "NegativeInt", "NonNegativeFloat", "NonNegativeInt",
        "PositiveFloat", "PositiveInt", "PostgresDsn", "RedisDsn", "SecretBytes", "SecretStr", "WebsocketUrl",
    ), "pydantic"),
}  # fmt: skip
# Where else a name of the same meaning comes from.
_ALSO = {"typing": ("typing_extensions", "collections.abc"), "pydantic": ("pydantic.types", "pydantic.networks")}
_EMPTY = {
    "str": ("", '""'), "bool": ("false", "False"), "int": ("0", "0"), "float": ("0.0", "0.0"),
    "list": ("[]", "[]"), "List": ("[]", "[]"), "Sequence": ("[]", "[]"), "dict": ("{}", "{}"), "Dict": ("{}", "{}"),
    "Mapping": ("{}", "{}"), "set": ("[]", "set()"), "Set": ("[]", "set()"), "frozenset": ("[]", "frozenset()"),
    "SecretStr": ("", 'SecretStr("")'), "NonNegativeInt": ("0", "0"), "NonNegativeFloat": ("0.0", "0.0"),
    "Any": ("", '""'), "Decimal": ("0", 'Decimal("0")'),
}  # fmt: skip


class Spelled(NamedTuple):
    """A type and its default.

    `default` is Python; `text` is what an example says for it, None where no text stands for it; `imports` are names
    that the module lacks, by the module that each comes from.
    """

    annotation: str
    default: str
    text: str | None
    imports: Mapping[str, tuple[str, ...]]


def spelled(annotation: str, value: str | None, text: Text, line: int) -> Spelled:
    """A type, with a default that it takes, for a class that begins on a line of a module.

    Raises:
        Trouble: the type or the value is none, the two do not fit, or nobody but its author can write the default.
    """
    node = python_syntax.expression(annotation)
    if node is None:
        raise Trouble(f"`{annotation}` is no type of Python", "write it as in an annotation: `list[str]`")
    imports: dict[str, str] = _imports(node, text, line)
    written, default = _default(node, annotation, value)
    made = python_syntax.expression(default)
    if made is None:
        raise Trouble("the default is no value that Python reads", "write a shorter one")
    imports |= _imports(made, text, line, default=True)
    grouped: dict[str, tuple[str, ...]] = {}
    for name, module in sorted(imports.items()):
        grouped[module] = (*grouped.get(module, ()), name)
    return Spelled(annotation, default, written, grouped)


def _imports(node: ast.expr, text: Text, line: int, *, default: bool = False) -> dict[str, str]:
    """The names that a module lacks, and where each comes from.

    Raises:
        Trouble: nobody knows one, or it means another thing there.
    """
    names = {one.id for one in ast.walk(node) if isinstance(one, ast.Name)}
    roots = {
        one.value.id for one in ast.walk(node) if isinstance(one, ast.Attribute) and isinstance(one.value, ast.Name)
    }
    known = known_names(text, line)
    lacking = {}
    for name in sorted(names - _BUILTINS):
        there = known.get(name)
        # `datetime.date`: what the module imports under this name; `datetime.fromisoformat` is of the class.
        module = None if name in roots and there == name else MODULES.get(name)
        if there is None and module is None:
            raise Trouble(
                f"`{name}` is not known in {text.path} above the class", "import it there, or name a type that is"
            )
        if there is None:
            lacking[name] = module or ""
        elif module is not None and there not in (
            f"{module}.{name}",
            *(f"{one}.{name}" for one in _ALSO.get(module, ())),
        ):
            way = f"--type {name}.{name}" if there == name and not default else "another type"
            raise Trouble(f"`{name}` is {there or 'another thing'} in {text.path}, not {module}.{name}", f"use `{way}`")
    return lacking


def _default(node: ast.expr, annotation: str, value: str | None) -> tuple[str | None, str]:
    optional, members = members_of(node)
    if value is None and optional:
        return None, "None"
    if not members:
        raise Trouble(f"`{annotation}` takes nothing but None", "name another type")
    if value is None:
        empty = _EMPTY.get(type_name(members[0])) if len(members) == 1 else ("", '""') if takes_text(members) else None
        if type_name(members[0]) in TUPLES and annotation.replace(" ", "").endswith(",...]"):
            empty = ("[]", "()")
        if empty is None:
            way = "name its default with --default, or write the field by hand"
            raise Trouble(f"no empty value is known that the type {annotation} takes", way)
        return empty
    for member in members:
        try:
            return as_text(member, value), in_python(member, value)
        except UnfitError:
            continue
        except UnwrittenError:
            raise Trouble(
                f"how a default of type {annotation} is written is known to its author alone",
                "leave out --default, or write the field by hand" if optional else "write the field by hand",
            ) from None
    raise Trouble(f"`{value}` is no default of type {annotation}", "give both as they belong together")
