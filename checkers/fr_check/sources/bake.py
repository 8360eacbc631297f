"""docker-bake.json and docker-bake.hcl: targets with their contexts, Dockerfiles and arguments.

Of HCL the simple subset is read that bake files consist of; expressions are kept as text, and unknown.
Source: https://docs.docker.com/build/bake/reference/.
"""

from __future__ import annotations

from fr_check.core.model import Problem, Span
from fr_check.core.patterns import pattern
from fr_check.core.record import NamedTuple
from fr_check.sources import hcl, yaml_tree
from fr_check.sources.build_args import is_name
from fr_check.sources.yaml_tree import Mapping, Scalar, Sequence, entries, get

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from typing import Any

    from fr_check.core.text import Text

NAMES = ("docker-bake.json", "docker-bake.hcl", "docker-bake.override.json", "docker-bake.override.hcl")
_DEPTH = 20

_REFERENCE = pattern(r"\$\{([^}]*)\}")


class BakeArgument(NamedTuple):
    """One argument of a target; `value` is None where bake leaves it to the environment (null) or it is unknown."""

    name: str
    value: str | None
    span: Span


class BakeTarget(NamedTuple):
    """One target. `context`, `dockerfile` and `stage` are None where not given, `unclear` names those not known.

    `opaque` where its arguments are not written out; `inline` where it holds the Dockerfile itself. `tags` are the
    names of its image, references without a default left in them.
    """

    name: str
    inherits: tuple[str, ...]
    context: str | None
    dockerfile: str | None
    stage: str | None
    inline: bool
    arguments: dict[str, BakeArgument]
    opaque: bool
    unclear: frozenset[str]
    span: Span
    tags: tuple[str, ...] = ()


class BakeFile(NamedTuple):
    """The targets of a file by name, its variables' defaults, and what could not be read."""

    targets: dict[str, BakeTarget]
    variables: dict[str, str]
    problems: tuple[Problem, ...]


def parse_json(text: Text) -> BakeFile:
    """Reads a docker-bake.json. Total."""
    document = yaml_tree.parse(text)
    variables: dict[str, str] = {}
    for name, entry in entries(get(document.root, "variable")).items():
        default = get(entry.value, "default")
        if isinstance(default, Scalar):
            variables[name] = default.value
    targets = {
        name: _target(name, _plain(entry.value), {k: e.key.span for k, e in entries(get(entry.value, "args")).items()},
                      entry.key.span, variables)
        for name, entry in entries(get(document.root, "target")).items()
    }  # fmt: skip
    return BakeFile(targets, variables, document.problems)


def parse_hcl(text: Text) -> BakeFile:
    """Reads a docker-bake.hcl. Total."""
    blocks = hcl.parse(text.string)
    if isinstance(blocks, hcl.HclError):
        problem = Problem(f"it is no HCL: {blocks}", text.span(blocks.offset), "mend the file")
        return BakeFile({}, {}, (problem,))
    variables: dict[str, str] = {}
    for block in blocks:
        default = block.values.get("default")
        if block.kind == "variable" and block.labels and isinstance(default, str) and not default.startswith("${"):
            variables[block.labels[0]] = default
    targets = {}
    for block in blocks:
        if block.kind == "target" and block.labels:
            places = {path[1]: place for path, place in block.places.items() if len(path) > 1 and path[0] == "args"}
            spans = {name: text.span(*place) for name, place in places.items()}
            span = text.span(block.start, block.end)
            targets[block.labels[0]] = _target(block.labels[0], block.values, spans, span, variables)
    return BakeFile(targets, variables, ())


def resolve(files: Iterable[BakeFile]) -> dict[str, BakeTarget]:
    """The targets of several files merged in order, and what they inherit applied."""
    merged: dict[str, BakeTarget] = {}
    for file in files:
        for name, target in file.targets.items():
            merged[name] = _over(merged[name], target) if name in merged else target
    return {name: _inherited(name, merged) for name in merged}


def _inherited(name: str, targets: dict[str, BakeTarget]) -> BakeTarget:
    """A target on top of those it inherits, the later over the earlier; cycles are cut."""
    chain: list[str] = []
    todo = [name]
    while todo and len(chain) < _DEPTH * _DEPTH:
        current = todo.pop()
        if current in chain or current not in targets:
            continue
        chain.append(current)
        todo.extend(targets[current].inherits)
    result = targets[chain[-1]]
    for current in reversed(chain[:-1]):
        result = _over(result, targets[current])
    return result


def _over(base: BakeTarget, top: BakeTarget) -> BakeTarget:
    return BakeTarget(
        name=top.name,
        inherits=(*base.inherits, *top.inherits),
        context=base.context if top.context is None and "context" not in top.unclear else top.context,
        dockerfile=base.dockerfile if top.dockerfile is None and "dockerfile" not in top.unclear else top.dockerfile,
        stage=base.stage if top.stage is None and "target" not in top.unclear else top.stage,
        inline=base.inline or top.inline,
        arguments={**base.arguments, **top.arguments},
        opaque=base.opaque or top.opaque,
        unclear=base.unclear | top.unclear,
        span=top.span,
        tags=top.tags or base.tags,
    )


def _target(name: str, body: Any, spans: dict[str, Span], span: Span, variables: dict[str, str]) -> BakeTarget:
    """A target from plain values; strings with `${...}` in them are filled from the variables' defaults."""
    fields = body if isinstance(body, dict) else {}
    unclear: set[str] = set()

    def text(key: str) -> str | None:
        value = fields.get(key)
        if value is None:
            return None
        known = _filled(value, variables) if isinstance(value, str) else None
        if known is None:
            unclear.add(key)
        return known

    arguments = fields.get("args")
    given = arguments if isinstance(arguments, dict) else {}
    inherits = fields.get("inherits")
    return BakeTarget(
        name=name,
        inherits=tuple(item for item in inherits if isinstance(item, str)) if isinstance(inherits, list) else (),
        context=text("context"),
        dockerfile=text("dockerfile"),
        stage=text("target"),
        inline="dockerfile-inline" in fields,
        arguments={
            key: BakeArgument(key, _argument(value, variables), spans.get(key, span))
            for key, value in given.items()
            if is_name(key)
        },
        opaque=arguments is not None and not isinstance(arguments, dict),
        unclear=frozenset(unclear),
        span=span,
        tags=tuple(_tags(fields.get("tags"), variables)),
    )


def _tags(value: Any, variables: dict[str, str]) -> Iterator[str]:
    for tag in value if isinstance(value, list) else ():
        if isinstance(tag, str):
            yield _REFERENCE.sub(lambda found: variables.get(found[1], found[0]), tag)


def _argument(value: Any, variables: dict[str, str]) -> str | None:
    """An argument as written; empty where the variable that is all of it is empty by default."""
    if not isinstance(value, str):
        return None
    return "" if _filled(value, variables) == "" else value


def _filled(value: str, variables: dict[str, str]) -> str | None:
    """A string with its references replaced by defaults; None where one has none, or is a longer expression."""
    if any(found not in variables for found in _REFERENCE.findall(value)):
        return None
    return _REFERENCE.sub(lambda found: variables[found[1]], value)


def _plain(node: yaml_tree.Node, depth: int = 0) -> Any:
    if isinstance(node, Scalar):
        return None if node.is_null else node.value
    if depth > _DEPTH:
        return None
    if isinstance(node, Sequence):
        return [_plain(item, depth + 1) for item in node.items]
    return {key.value: _plain(value, depth + 1) for key, value in node.items} if isinstance(node, Mapping) else None
