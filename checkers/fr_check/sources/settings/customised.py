"""What `settings_customise_sources` makes a class take its values from (pydantic_settings/main.py)."""

from __future__ import annotations

import ast

from fr_check.core.record import NamedTuple
from fr_check.sources.settings.modules import Defined, External

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from fr_check.sources.settings.classes import ClassInfo
    from fr_check.sources.settings.modules import Entity, Modules, Scope

# Parameters after the class itself, in order: the settings' class, then the sources there are.
_ENVIRONMENT = slice(3, 5)
_READING = frozenset(("EnvSettingsSource", "DotEnvSettingsSource"))
_PREPARING = frozenset(("decode_complex_value", "prepare_field_value", "get_field_value"))
# They hold what the call or the command line gives, and are no place where a value might be kept.
_PLAIN = frozenset(("InitSettingsSource", "DefaultSettingsSource", "EnvSettingsSource", "DotEnvSettingsSource"))


class Sources(NamedTuple):
    """Where values come from. `environment` is None where a source cannot be resolved that may read it.

    `others`: there is one beside the call, the environment and the `.env` file. `prepares`: one that reads the
    environment makes its own of what it reads. `unknown` is the source that cannot be resolved.
    """

    environment: bool | None
    others: bool
    prepares: bool
    unknown: ast.expr | None = None


def sources_of(
    function: ast.FunctionDef, scope: Scope, modules: Modules, info: Callable[[Defined], ClassInfo | None]
) -> Sources:
    """Reads the method; `info` resolves a class of the repository."""
    arguments = function.args
    parameters = [argument.arg for argument in (*arguments.posonlyargs, *arguments.args)]
    used = {node.id for node in ast.walk(function) if isinstance(node, ast.Name)}
    rest = {argument.arg for argument in (arguments.vararg, arguments.kwarg) if argument is not None}
    # Sources that are taken under no name of their own are all there, where they are used at all.
    environment = bool(used & {"super", *parameters[_ENVIRONMENT], *rest})
    others = bool(used & rest)
    prepares = False
    unknown: ast.expr | None = None
    for call in _made(function, parameters):
        entity = modules.entity(call.func, scope)
        found = info(entity) if isinstance(entity, Defined) else None
        names = _ancestry(entity, found)
        if names & _READING:
            environment = True
            prepares |= found is not None and _overrides(found)
        elif found is not None and found.complete:
            others = True
        elif isinstance(entity, External) and entity.root == "pydantic_settings":
            others |= entity.tail not in _PLAIN
        else:
            others, unknown = True, call
    # One that is not known matters only where nothing that is known reads the environment.
    known = environment or unknown is None
    return Sources(environment if known else None, others, prepares, None if known else unknown)


def _made(function: ast.FunctionDef, parameters: list[str]) -> Iterator[ast.Call]:
    """Calls that make a source: those that are given the settings' class, or stand in what is returned."""
    returned = {id(node) for one in ast.walk(function) if isinstance(one, ast.Return) for node in ast.walk(one)}
    for node in ast.walk(function):
        if not isinstance(node, ast.Call):
            continue
        given = {argument.id for argument in node.args if isinstance(argument, ast.Name)}
        plain = isinstance(node.func, ast.Name) and node.func.id in {"tuple", "list", "super", "isinstance", "len"}
        handed = not given.isdisjoint(parameters[1:2]) or id(node) in returned
        inherited = isinstance(node.func, ast.Attribute) and node.func.attr == function.name
        if handed and not (plain or inherited):
            yield node


def _ancestry(entity: Entity, found: ClassInfo | None) -> set[str]:
    if found is not None:
        return found.above
    return {entity.tail} if isinstance(entity, External) and entity.root == "pydantic_settings" else set()


def _overrides(info: ClassInfo) -> bool:
    """Whether the class, or one of the repository that it extends, prepares values itself."""
    stack = [info]
    while stack:
        one = stack.pop()
        methods = {node.name for node in one.node.body if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef))}
        if methods & _PREPARING:
            return True
        stack += one.bases
    return False
