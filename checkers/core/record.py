"""`NamedTuple` that is cheap to define.

`typing.NamedTuple` compiles a forward reference for every annotation and a constructor for every class: 0.17 ms each,
which for the few hundred small records of this project is more start-up time than all the work of a checker. This one
takes 0.01 ms, and compiles a constructor only for a class that is instantiated often. Type checkers see the original.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Self

if TYPE_CHECKING:
    from typing import NamedTuple as NamedTuple  # noqa: PLC0414 - a re-export to type checkers
else:
    from _collections import _tuplegetter

    _new = tuple.__new__
    # Compiling takes as long as putting so many together by hand.
    _FEW = 20

    class _RecordMeta(type):
        def __new__(cls, name: str, bases: tuple[type, ...], namespace: dict[str, Any]) -> type:
            # NamedTuple itself, and what derives from a record without fields of its own.
            if bases == (tuple,) or bases[0].__bases__ != (tuple,):
                return super().__new__(cls, name, bases, namespace)
            fields = tuple(namespace.get("__annotations__", ()))
            namespace["_field_defaults"] = {field: namespace.pop(field) for field in fields if field in namespace}
            for index, field in enumerate(fields):
                namespace[field] = _tuplegetter(index, None)
            namespace["_fields"] = namespace["__match_args__"] = fields
            namespace["_made"] = 0
            namespace.setdefault("__slots__", ())
            return super().__new__(cls, name, bases, namespace)

    class NamedTuple(tuple, metaclass=_RecordMeta):
        """A tuple with named fields; the same interface as typing.NamedTuple."""

        __slots__ = ()

        def __new__(cls, *values: Any, **named: Any) -> Self:
            """Puts the first few together by hand; compiles the constructor of a class that is used a lot, or wrong."""
            cls._made += 1
            missing = cls._fields[len(values) :]
            if cls._made <= _FEW and named.keys() <= {*missing}:
                given = {**cls._field_defaults, **named} if missing else named
                every = (*values, *(given[field] for field in missing if field in given))
                if len(every) == len(cls._fields):
                    return _new(cls, every)
            return cls._compiled()(cls, *values, **named)

        @classmethod
        def _compiled(cls) -> Any:
            parameters = ", ".join(
                f"{field}=_defaults[{field!r}]" if field in cls._field_defaults else field for field in cls._fields
            )
            code = f"lambda _cls, {parameters}: _new(_cls, ({''.join(f'{field}, ' for field in cls._fields)}))"
            made = eval(code, {"_new": _new, "_defaults": cls._field_defaults})  # noqa: S307 - of our own field names
            made.__name__ = "__new__"
            made.__qualname__ = f"{cls.__qualname__}.__new__"
            cls.__new__ = staticmethod(made)
            return made

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
