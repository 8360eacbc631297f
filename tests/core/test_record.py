"""The cheap NamedTuple is a NamedTuple: compared with the standard library's, operation by operation."""

from __future__ import annotations

import pickle
import typing
from typing import Any

import pytest

from fr_check.core import record
from fr_check.core.patterns import pattern


class Cheap(record.NamedTuple):
    """Ours."""

    a: int
    b: str = "x"
    c: tuple[int, ...] = ()

    @property
    def both(self) -> str:
        return f"{self.a}{self.b}"


class Standard(typing.NamedTuple):
    """The standard library's."""

    a: int
    b: str = "x"
    c: tuple[int, ...] = ()

    @property
    def both(self) -> str:
        return f"{self.a}{self.b}"


class CheapHeir(Cheap):
    """Derived, without fields of its own."""


class StandardHeir(Standard):
    """Derived, without fields of its own."""


OPERATIONS: dict[str, Any] = {
    "positions": lambda kind: tuple(kind(1, "y", (2,))),
    "names": lambda kind: tuple(kind(c=(3,), a=1)),
    "defaults": lambda kind: tuple(kind(1)),
    "attributes": lambda kind: (kind(1).a, kind(1).b, kind(1).both),
    "replace": lambda kind: tuple(kind(1)._replace(b="z")),
    "asdict": lambda kind: kind(1)._asdict(),
    "make": lambda kind: tuple(kind._make((1, "b", ()))),
    "fields": lambda kind: (kind._fields, kind._field_defaults, kind.__match_args__),
    "equality": lambda kind: (kind(1) == (1, "x", ()), kind(1) == kind(2), hash(kind(1)) == hash((1, "x", ()))),
    "order": lambda kind: kind(1) < kind(2),
    "repr": lambda kind: repr(kind(1)).partition("(")[2],
    "pickle": lambda kind: tuple(pickle.loads(pickle.dumps(kind(1)))),  # noqa: S301 - made on the spot
    "no attributes": lambda kind: hasattr(kind(1), "__dict__"),
    "unpacking": lambda kind: [*kind(1)],
}


@pytest.mark.parametrize("name", OPERATIONS)
def test_it_does_what_the_standard_one_does(name: str):
    assert OPERATIONS[name](Cheap) == OPERATIONS[name](Standard)


def test_an_heir_has_the_fields_of_its_parent():
    assert CheapHeir(2, c=(1,)) == StandardHeir(2, c=(1,))
    assert isinstance(CheapHeir(1), Cheap)


@pytest.mark.parametrize("arguments", [(), (1, "b", (), 4)])
def test_wrong_arguments_are_refused(arguments: tuple[Any, ...]):
    for kind in (Cheap, Standard):
        with pytest.raises(TypeError):
            kind(*arguments)


def test_an_unknown_field_is_refused():
    for kind in (Cheap, Standard):
        with pytest.raises((TypeError, ValueError)):
            kind(1)._replace(nonsense=1)
        with pytest.raises(TypeError):
            kind(1, nonsense=1)
        with pytest.raises(AttributeError):
            kind(1).a = 2


def test_a_pattern_is_compiled_when_it_is_used():
    lazy = pattern(r"(?P<word>\w+)")
    assert "match" not in vars(lazy)
    found = lazy.match("abc def")
    assert found is not None
    assert found["word"] == "abc"
    assert lazy.sub("x", "abc def") == "x x"
    assert "match" in vars(lazy)
    assert lazy.groupindex == {"word": 1}
    assert pattern(rb"b").findall(b"abb") == [b"b", b"b"]
