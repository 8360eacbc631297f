"""What just hands to the commands of a recipe: files that it loads, variables and parameters that it exports.

What it loads from `.env` fills what is unset, but with `dotenv-override`; what it exports wins.
Source: https://just.systems/man/en/, "Settings" and "Variables and Substitution".
"""

from __future__ import annotations

from fr_check.runs.changes import CHILD, FILE, IMPORT, OPENED, SET, UNSET, Operation

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from fr_check.runs.changes import Kind
    from fr_check.sources.tasks.just import Justfile


def operations(
    files: Sequence[Justfile],
    holder: Justfile,
    name: str,
    arguments: tuple[str | None, ...],
    given: Mapping[str, str | None],
    folder: str | None,
) -> tuple[Operation, ...]:
    """What happens to the environment on the way to a recipe of `holder`, one of `files`: a justfile and its imports.

    `folder` is that of the justfile.
    """
    made = [*_loaded(files)]
    every = any(file.exports.every for file in files)
    for file in reversed(files):
        exports = file.exports
        values = {**file.variables, **given}
        for variable, at in {**exports.exported, **(exports.variables if every else {})}.items():
            made.append(_operation(file, SET, variable, at, values.get(variable)))
    recipe = holder.named[name]
    held = holder.values(recipe, arguments, given)
    parameters = dict.fromkeys((one for one, _ in recipe.parameters), recipe.start) if every else {}
    for variable, at in {**parameters, **recipe.exported}.items():
        made.append(_operation(holder, SET, variable, at, held.get(variable)))
    for file in files:
        for variable, at in file.exports.unexported.items():
            made.append(_operation(file, UNSET, variable, at, shown=f"unexport {variable}"))
    found = [one._replace(here=folder) for one in made if one.kind != SET or one.name.isidentifier()]
    return (*found, *(one._replace(kind=CHILD, name="", shown="") for one in found[:1]))


def _operation(file: Justfile, kind: Kind, name: str, at: int, value: str | None = None, shown: str = "") -> Operation:
    where = file.text.location(at, at + len(shown or name))
    done = Operation(kind, name, value, exported=False, shown=shown, location=where)
    return done._replace(by=f"`{file.text.path}`")


def _loaded(files: Sequence[Justfile]) -> Iterator[Operation]:
    """The file of variables that is loaded, and files that are imported and not here, which may export anything."""
    for file in files:
        exports = file.exports
        if exports.loaded is not None:
            path, at = exports.loaded
            kind = IMPORT if exports.is_on("dotenv-override") else FILE
            yield _operation(file, kind, path or "", at, shown=_line(file, at))
    if sum(len(file.imports) for file in files) >= len(files):
        file = next(one for one in files if one.exports.imports >= 0)
        shown = _line(file, file.exports.imports)
        yield _operation(file, OPENED, shown, file.exports.imports, shown=shown)


def _line(file: Justfile, at: int) -> str:
    return file.text.string[at:].partition("\n")[0].rstrip()
