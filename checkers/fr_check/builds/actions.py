"""The build of a step that uses docker/build-push-action or one that takes the same inputs."""

from __future__ import annotations

from fr_check.builds.model import WORKFLOW, BakeFiles, Build, Malformed, Passed
from fr_check.core.record import NamedTuple
from fr_check.core.secrecy import redact
from fr_check.core.text import split_lines
from fr_check.sources import build_args, expression
from fr_check.sources.build_context import inside, is_remote
from fr_check.sources.yaml_tree import Scalar, string

TYPE_CHECKING = False
if TYPE_CHECKING:
    from fr_check.builds.model import BakeSet
    from fr_check.core.model import Location
    from fr_check.runs.scope import Checkouts, Scope
    from fr_check.sources.workflow import Step
    from fr_check.sources.yaml_tree import Entry

BUILD_ACTIONS = frozenset(("docker/build-push-action", "depot/build-push-action", "useblacksmith/build-push-action"))
BAKE_ACTIONS = frozenset(("docker/bake-action", "depot/bake-action"))
# https://docs.docker.com/build/ci/github-actions/git-context/: the commit itself, a folder of it behind the colon.
_DEFAULT_CONTEXT = "{{defaultContext}}"


_LEG_WIDTH = 40
"""Characters of a matrix value that a message shows."""


class _Source(NamedTuple):
    """What is built: repository paths, or why they are not known."""

    dockerfile: str | None
    context: str | None
    gap: str
    foreign: bool


class _Arguments(NamedTuple):
    passed: dict[str, Passed]
    malformed: list[Malformed]
    opaque: Location | None


def build(step: Step, scope: Scope, checkouts: Checkouts) -> Build:
    """The build of one step in one cell of its job's matrix."""
    first = step.action.startswith("docker/") and step.version.partition(".")[0] == "v1"
    names = ("path", "dockerfile", "build_args") if first else ("context", "file", "build-args")
    source = _source(step, scope, checkouts, names)
    entry = step.inputs.get(names[2])
    arguments = _arguments(entry, scope) if entry is not None else _Arguments({}, [], None)
    if not first:
        arguments.malformed.extend(_outdated(step))
    target = step.inputs.get("target")
    place = entry.place if entry is not None else step.uses or step.node
    return Build(
        place=WORKFLOW,
        path=step.node.text.path,
        what=step.phrase + _leg(step, scope),
        location=place.location,
        dockerfile=source.dockerfile,
        context=source.context,
        inline=None,
        target="" if target is None else scope.plain(target.value),
        passed=arguments.passed,
        environment={},
        opaque=arguments.opaque,
        malformed=tuple(arguments.malformed),
        gap=source.gap,
        foreign=source.foreign,
        published=_published(step),
    )


def _leg(step: Step, scope: Scope) -> str:
    """Which leg of the matrix it is, by the values that the step's inputs take from it; empty for none."""
    written = " ".join(entry.value.value for entry in step.inputs.values() if isinstance(entry.value, Scalar))
    values = {name: scope.plain(node) for name, node in scope.cell.items() if f"matrix.{name}" in written}
    named = [f"{name}: {value}" for name, value in values.items() if value and len(value) <= _LEG_WIDTH]
    return f" ({', '.join(named[:2])})" if named else ""


def bake_sets(step: Step, scope: Scope) -> list[BakeSet]:
    """The arguments that a bake action's `set` input gives to targets."""
    entry = step.inputs.get("set")
    if entry is None or not isinstance(entry.value, Scalar):
        return []
    from fr_check.builds.bake_files import read_set  # noqa: PLC0415 - only where something is baked

    scalar = entry.value
    found: dict[str, BakeSet] = {}
    for pieces in expression.render(scalar.value, scope.resolve):
        for argument in build_args.parse(build_args.flatten(pieces)):
            read = read_set(argument.text, scalar.text.at(scalar.locate(argument.start, argument.end)))
            if read is not None:
                found[argument.text] = read
    return list(found.values())


def bake_files(step: Step, scope: Scope, checkouts: Checkouts) -> list[BakeFiles]:
    """The files that a bake action's `files` input names, where all of them are known."""
    given = {name: scope.plain(step.inputs[name].value) for name in ("files", "workdir") if name in step.inputs}
    names = [name for line in split_lines(given.get("files") or "") for name in line.replace(",", " ").split()]
    folder, _ = checkouts.path(given.get("workdir", ".") or "")
    paths = [None if folder is None else inside(folder, name) for name in names]
    known = tuple(path for path in paths if path)
    return [BakeFiles(known, folder)] if folder is not None and known and len(known) == len(paths) else []


def _published(step: Step) -> bool | None:
    """Whether the step pushes: what `push` says in so many words, else what `outputs` and `load` do."""
    push = string(step.inputs["push"].value) if "push" in step.inputs else None
    if push is not None:
        return {"true": True, "false": False}.get(push.strip().lower())
    outputs = string(step.inputs["outputs"].value) if "outputs" in step.inputs else None
    if outputs is not None:
        local = any(f"type={kind}" in outputs for kind in ("docker", "oci", "local", "tar", "cacheonly"))
        return True if "push=true" in outputs or "type=registry" in outputs else False if local else None
    load = string(step.inputs["load"].value) if "load" in step.inputs else None
    return False if load is not None and load.strip().lower() == "true" else None


def _source(step: Step, scope: Scope, checkouts: Checkouts, names: tuple[str, str, str]) -> _Source:
    written, file = step.inputs.get(names[0]), step.inputs.get(names[1])
    context = "" if written is None else scope.plain(written.value)
    name = "" if file is None else scope.plain(file.value)
    if context is None or name is None:
        return _Source(None, None, "what it builds is only known at run time", foreign=False)
    context, name = context.strip(), name.strip()
    from_git = not context or context.startswith(_DEFAULT_CONTEXT)
    if from_git:
        folder = inside("", context.removeprefix(_DEFAULT_CONTEXT).lstrip(":"))
        return _within(folder, name, base=folder)
    if is_remote(context):
        return _Source(None, None, "", foreign=True)
    folder, foreign = checkouts.path(context)
    if foreign or folder is None:
        return _Source(None, None, "", foreign=True)
    if not name:
        return _within(folder, "", base=folder)
    path, foreign = checkouts.path(name)
    return _Source(path, folder, "", foreign=foreign)


def _within(folder: str | None, name: str, *, base: str | None) -> _Source:
    path = None if base is None else inside(base, name or "Dockerfile")
    return _Source(path, folder, "", foreign=path is None)


def _arguments(entry: Entry, scope: Scope) -> _Arguments:
    found = _Arguments({}, [], None)
    scalar = entry.value
    if not isinstance(scalar, Scalar):
        return found
    opaque: Location | None = None
    for pieces in expression.render(scalar.value, scope.resolve):
        for argument in build_args.parse(build_args.flatten(pieces)):
            where = scalar.text.at(scalar.locate(argument.start, argument.end))
            if argument.opaque or argument.name is None:
                opaque = opaque or where
            elif argument.malformed or _looks_like_a_value(argument):
                why = argument.malformed or "it looks like a value without its name"
                message = f"`{_shown(argument.text)}` is no build argument: {why}"
                comment = argument.text.lstrip().startswith("#")
                help_text = f"{'move it above `build-args`' if comment else 'remove the line'}, or write NAME=value"
                found.malformed.append(Malformed(redact(argument.name), message, help_text, where))
            else:
                value = None if argument.value is None else _written(scalar.value, argument.end)
                found.passed[argument.name] = Passed(argument.name, value, where)
                found.malformed.extend(_folded(scalar, argument, where))
                found.malformed.extend(_quoted(argument, where))
    return found._replace(opaque=opaque)


def _looks_like_a_value(argument: build_args.BuildArg) -> bool:
    return argument.value is None and redact(argument.text) != argument.text


def _shown(text: str) -> str:
    """The head of a malformed line, without what may be its value."""
    head = redact(text.partition("=")[0]).replace(build_args.HOLE, "...")
    return head if len(head) <= 40 else head[:40] + "..."  # noqa: PLR2004 - a message's width


def _written(value: str, end: int) -> str:
    """The value as it stands in the file, expressions and all."""
    line = value[end:].split("\n", 1)[0]
    return line[1:].strip() if line.startswith("=") else ""


def _folded(scalar: Scalar, argument: build_args.BuildArg, where: Location) -> list[Malformed]:
    second = build_args.folded(scalar, argument)
    if second is None:
        return []
    message = f"`{second}` is not passed: without `|` YAML folds its line into the value of `{argument.name}`"
    return [Malformed(second, message, "write `build-args: |`, one argument a line", where)]


def _quoted(argument: build_args.BuildArg, where: Location) -> list[Malformed]:
    """A value in quotes: the action takes them off a whole line only."""
    value = argument.value or ""
    if len(value) < 2 or value[0] not in "\"'" or value[-1] != value[0]:  # noqa: PLR2004 - two quotes
        return []
    message = f"the quotes around the value of `{argument.name}` become part of it"
    help_text = f'write `{argument.name}=...` without quotes, or quote the whole line: `"{argument.name}=..."`'
    return [Malformed(argument.name or "", message, help_text, where)]


def _outdated(step: Step) -> list[Malformed]:
    """Inputs of the action's first version, which later ones only warn about."""
    renamed = {"build_args": "build-args", "dockerfile": "file", "path": "context"}
    found = []
    for old, new in renamed.items():
        entry = step.inputs.get(old)
        if entry is not None and new not in step.inputs:
            message = f"`{old}` is no input of `{step.action}`, which ignores it: the input is called `{new}`"
            found.append(Malformed(old, message, f"rename it to `{new}`", entry.place.location))
    return found
