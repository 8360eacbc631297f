"""`NamedTuple` that is cheap to define.

`typing.NamedTuple` compiles a forward reference for every annotation and a constructor for every class: 0.17 ms each,
which for the few hundred small records of this project is more start-up time than all the work of a checker. This one
takes 0.01 ms: constructors differ in nothing but names. Type checkers see the original.
"""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any, Self
    from typing import NamedTuple as NamedTuple  # noqa: PLC0414 - a re-export to type checkers
else:
    from _collections import _tuplegetter
    from functools import cache
    from types import CodeType, FunctionType

    _new = tuple.__new__

    @cache
    def _template(count: int) -> CodeType:
        """The code of a constructor with so many parameters: compiled once, and given other names for each class."""
        names = "".join(f"_{index}, " for index in range(count))
        return eval(f"lambda _cls, {names}: _new(_cls, ({names}))").__code__  # noqa: S307 - nothing but numbers goes in

    def _constructor(name: str, fields: tuple[str, ...], defaults: tuple[Any, ...]) -> FunctionType:
        code = _template(len(fields)).replace(
            co_varnames=("_cls", *fields), co_name="__new__", co_qualname=f"{name}.__new__"
        )
        return FunctionType(code, {"_new": _new}, "__new__", defaults)

    class _RecordMeta(type):
        def __new__(cls, name: str, bases: tuple[type, ...], namespace: dict[str, Any]) -> type:
            # NamedTuple itself, and what derives from a record without fields of its own.
            if bases == (tuple,) or bases[0].__bases__ != (tuple,):
                return super().__new__(cls, name, bases, namespace)
            fields = tuple(namespace.get("__annotations__", ()))
            defaults = {field: namespace.pop(field) for field in fields if field in namespace}
            for index, field in enumerate(fields):
                namespace[field] = _tuplegetter(index, None)
            namespace["_fields"] = namespace["__match_args__"] = fields
            namespace["_field_defaults"] = defaults
            namespace["__new__"] = _constructor(namespace["__qualname__"], fields, tuple(defaults.values()))
            namespace.setdefault("__slots__", ())
            return super().__new__(cls, name, bases, namespace)

    class NamedTuple(tuple, metaclass=_RecordMeta):
        """A tuple with named fields; the same interface as typing.NamedTuple."""

        __slots__ = ()

        @classmethod
        def _make(cls, values: Any) -> Self:
            return cls(*values)

        def _replace(self, **changes: Any) -> Self:
            made = _new(type(self), map(changes.pop, self._fields, self))
            if changes:
                raise ValueError(f"no field is named {', '.join(changes)}")
            return made

        def _asdict(self) -> dict[str, Any]:
            return dict(zip(self._fields, self, strict=True))

        def __repr__(self) -> str:
            shown = ", ".join(f"{field}={value!r}" for field, value in zip(self._fields, self, strict=True))
            return f"{type(self).__name__}({shown})"

        def __getnewargs__(self) -> tuple[Any, ...]:
            return tuple(self)
