"""Where a name of a module means something else: functions and comprehensions that bind it themselves."""

from __future__ import annotations

import ast

from fr_check.sources.settings.syntax import walk

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

_FUNCTIONS = (ast.FunctionDef, ast.AsyncFunctionDef)
_LOOPS = (ast.For, ast.AsyncFor)
_COMPREHENSIONS = (ast.ListComp, ast.SetComp, ast.DictComp, ast.GeneratorExp)


def elsewhere(tree: ast.Module, name: str, is_same: Callable[[ast.expr], bool]) -> Iterator[tuple[int, int]]:
    """The first and last lines of what binds a name to something else; `is_same` of a value says that it is no other.

    A parameter is taken to be what the module has.
    """
    for node in walk(tree):
        if isinstance(node, _COMPREHENSIONS):
            if any(_binds(one.target, name) for one in node.generators):
                yield node.lineno, node.end_lineno or node.lineno
        elif isinstance(node, _FUNCTIONS):
            values = [value for statement in node.body for value in _bound(statement, name)]
            if values and not any(value is not None and is_same(value) for value in values):
                yield node.lineno, node.end_lineno or node.lineno


def _bound(statement: ast.stmt, name: str) -> Iterator[ast.expr | None]:
    """What a statement, or one inside it, binds a name to; None for a part of something."""
    for node in walk(statement):
        if isinstance(node, ast.Global) and name in node.names:
            # The module's own after all: as good as a value of the same kind.
            yield ast.Name(name, ast.Load())
        elif isinstance(node, _LOOPS) and _binds(node.target, name):
            yield None
        elif isinstance(node, (ast.With, ast.AsyncWith)):
            yield from (None for item in node.items if item.optional_vars and _binds(item.optional_vars, name))
        elif isinstance(node, ast.Assign) and any(_binds(target, name) for target in node.targets):
            yield node.value if any(isinstance(target, ast.Name) for target in node.targets) else None
        elif isinstance(node, (ast.AnnAssign, ast.NamedExpr)) and _binds(node.target, name):
            yield node.value


def _binds(target: ast.expr, name: str) -> bool:
    """Whether an assignment to a target gives a name a value; `a.name` and `a[name]` do not."""
    if isinstance(target, ast.Name):
        return target.id == name
    if isinstance(target, ast.Starred):
        return _binds(target.value, name)
    return isinstance(target, (ast.Tuple, ast.List)) and any(_binds(item, name) for item in target.elts)
