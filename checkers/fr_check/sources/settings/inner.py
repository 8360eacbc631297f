"""Classes inside functions and inside other classes: settings that a factory defines where it makes them."""

from __future__ import annotations

import ast

from fr_check.sources.settings.modules import Binding, Defined, Names
from fr_check.sources.settings.syntax import flatten

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from fr_check.sources.settings.modules import Module

_FUNCTIONS = (ast.FunctionDef, ast.AsyncFunctionDef)


def inner_classes(module: Module) -> Iterator[Defined]:
    """Classes that no name of the module is bound to, in order, with the names of the functions around them."""
    nothing: Mapping[str, Binding | None] = {}
    stack = [(flatten(module.tree.body), nothing)]
    while stack:
        body, outer = stack[-1]
        statement = next(body, None)
        if statement is None:
            stack.pop()
        elif isinstance(statement, ast.ClassDef):
            if len(stack) > 1:
                yield Defined(statement, module, outer)
            stack.append((flatten(statement.body), outer))
        elif isinstance(statement, _FUNCTIONS):
            stack.append((flatten(statement.body), {**outer, **_bound_in(statement)}))


def _bound_in(function: ast.FunctionDef | ast.AsyncFunctionDef) -> dict[str, Binding | None]:
    """The names of a function: its arguments, of which nothing is known, and what its body binds once."""
    arguments = function.args
    every = (*arguments.posonlyargs, *arguments.args, *arguments.kwonlyargs, arguments.vararg, arguments.kwarg)
    names: dict[str, Binding | None] = {argument.arg: None for argument in every if argument is not None}
    for name, found in Names(function.body).bindings.items():
        names[name] = found[0] if len(found) == 1 and name not in names else None
    return names
