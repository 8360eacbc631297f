"""docker-bake.json and docker-bake.hcl: targets with their contexts, Dockerfiles and arguments.

HCL is read with python-hcl2, an optional extra; without it `problems` says so and nothing is known of the file.
Source: https://docs.docker.com/build/bake/reference/.
"""

from __future__ import annotations

import re

from fr_check.core.model import Problem, Span
from fr_check.core.patterns import pattern
from fr_check.core.record import NamedTuple
from fr_check.sources import yaml_tree
from fr_check.sources.build_args import is_name
from fr_check.sources.yaml_tree import Mapping, Scalar, Sequence, entries, get

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable
    from typing import Any

    from fr_check.core.text import Text

HCL_LIMIT = 100_000
"""Characters; python-hcl2 needs about a second for that."""
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

    `opaque` where its arguments are not written out; `inline` where it holds the Dockerfile itself.
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
    if len(text.string) > HCL_LIMIT:
        problem = Problem(f"{len(text.string):,} characters; more than {HCL_LIMIT:,} are not read", text.span(0))
        return BakeFile({}, {}, (problem,))
    try:
        import hcl2  # noqa: PLC0415 - an optional extra that takes a second to load
        from lark.exceptions import LarkError  # noqa: PLC0415 - as hcl2, which is built on it
    except ImportError:
        problem = Problem("HCL needs python-hcl2", text.span(0), "install it with `pip install fr-check[bake]`")
        return BakeFile({}, {}, (problem,))
    try:
        tree: dict[str, Any] = hcl2.loads(text.string)
    except (LarkError, ValueError, RecursionError, KeyError, AttributeError, TypeError) as error:
        line = getattr(error, "line", 1)
        start = text.offset(line if isinstance(line, int) and line > 0 else 1)
        return BakeFile({}, {}, (Problem("not HCL", text.span(start), "mend the file"),))
    defaults = [(name, _literal(body.get("default"))) for name, body in _blocks(tree, "variable")]
    variables = {name: value for name, value in defaults if value is not None}
    targets = {}
    for name, body in _blocks(tree, "target"):
        body_plain = {key: _hcl(value) for key, value in body.items()}
        place, spans = _places(text, name, body_plain.get("args"))
        targets[name] = _target(name, body_plain, spans, place, variables)
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
            key: BakeArgument(key, value if isinstance(value, str) else None, spans.get(key, span))
            for key, value in given.items()
            if is_name(key)
        },
        opaque=arguments is not None and not isinstance(arguments, dict),
        unclear=frozenset(unclear),
        span=span,
    )


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


def _blocks(tree: dict[str, Any], kind: str) -> list[tuple[str, dict[str, Any]]]:
    """(label, body) of each block of a kind."""
    found = []
    blocks = tree.get(kind)
    for block in blocks if isinstance(blocks, list) else ():
        for label, body in block.items() if isinstance(block, dict) else ():
            if isinstance(body, dict):
                found.append((label.strip('"'), body))
    return found


def _hcl(value: Any, depth: int = 0) -> Any:
    """python-hcl2's values as plain ones: strings without their quotes, expressions as `${...}`."""
    if isinstance(value, dict) and depth < _DEPTH:
        return {str(key).strip('"'): _hcl(item, depth + 1) for key, item in value.items()}
    if isinstance(value, list) and depth < _DEPTH:
        return [_hcl(item, depth + 1) for item in value]
    if isinstance(value, str):
        literal = _literal(value)
        return literal if literal is not None else value if value.startswith("${") else "${" + value + "}"
    return value if value is None else str(value)


def _literal(value: Any) -> str | None:
    """A string literal's text, as python-hcl2 writes one; None for anything else."""
    if isinstance(value, str) and len(value) > 1 and value[0] == value[-1] == '"':
        return value[1:-1]
    return None


def _places(text: Text, name: str, arguments: Any) -> tuple[Span, dict[str, Span]]:
    """Where a target and its arguments stand; python-hcl2 gives no places."""
    head = re.search(rf'^\s*target\s+"?{re.escape(name)}"?', text.string, re.MULTILINE)
    start = head.start() if head else 0
    following = re.compile(r"^(?:target|group|variable|function)\b", re.MULTILINE).search(text.string, start + 7)
    end = following.start() if following else len(text.string)
    spans = {}
    for key in arguments if isinstance(arguments, dict) else ():
        found = re.compile(rf'(?<![\w"])"?({re.escape(key)})"?\s*[=:]').search(text.string, start, end)
        if found:
            spans[key] = text.span(*found.span(1))
    return text.span(start, head.end() if head else start), spans
