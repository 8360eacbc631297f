"""GitHub workflows and local actions: `parse(text) -> Workflow`, jobs and steps with the place of everything.

A composite action's `runs.steps` are read as the steps of one job named `runs`. Values stay as written, expressions
included; `fr_check.sources.expression` evaluates those. Keys of `with` are lower-cased: inputs are case-insensitive.
Source: https://docs.github.com/actions/reference/workflows-and-actions/workflow-syntax and `metadata-syntax`.
"""

from __future__ import annotations

from itertools import islice, product

from fr_check.core.model import Problem
from fr_check.core.record import NamedTuple
from fr_check.sources import yaml_tree
from fr_check.sources.yaml_tree import Entry, Mapping, Node, Scalar, Sequence, entries, get, items, string, strings

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Literal

    from fr_check.core.model import Location, Span
    from fr_check.core.repository import Repository
    from fr_check.core.text import Text

    Kind = Literal["workflow", "action", "other"]


CELL_LIMIT = 256
"""Jobs that one matrix may generate in a workflow run; GitHub's own limit."""

TAG = "push of a tag"
_OF_BRANCHES = frozenset(("branches", "branches-ignore"))
_OF_TAGS = frozenset(("tags", "tags-ignore"))

Cell = dict[str, Node]
"""One combination of a matrix: its keys and the nodes they stand for."""


class Matrix(NamedTuple):
    """`strategy.matrix`, expanded. `opaque` when an expression makes it (`fromJSON(...)`): the cells are not all."""

    cells: tuple[Cell, ...]
    opaque: bool
    node: Node | None


class Step(NamedTuple):
    """One step, `position` counted from 0; `shell` and `working_directory` are its own or inherited defaults."""

    position: int
    node: Mapping
    id: str
    name: str
    uses: Scalar | None
    run: Scalar | None
    inputs: dict[str, Entry]
    env: dict[str, Entry]
    condition: Scalar | None
    continue_on_error: Scalar | None
    shell: Scalar | None
    working_directory: Scalar | None

    @property
    def action(self) -> str:
        """The action's name in lower case, without its version (`docker/build-push-action`), or empty."""
        return "" if self.uses is None else self.uses.value.partition("@")[0].strip().lower()

    @property
    def version(self) -> str:
        """What stands behind the `@` of `uses`, or empty."""
        return "" if self.uses is None else self.uses.value.partition("@")[2].strip()

    @property
    def title(self) -> str:
        """What to call it: its name, id, action, or position."""
        return self.name or self.id or self.action or f"step {self.position + 1}"

    @property
    def phrase(self) -> str:
        """What to call it in a sentence: "step `Build`", "step 2"."""
        known = self.name or self.id or self.action
        return f"step `{known}`" if known else self.title

    @property
    def span(self) -> Span:
        """The first line of what it does: its `uses` or `run`, else its first key."""
        return (self.uses or self.run or self.node).span

    @property
    def location(self) -> Location:
        """`span`, with the file."""
        return self.node.text.at(self.span)


class Job(NamedTuple):
    """One job. `uses` and `inputs` when it calls a reusable workflow; then it has no steps."""

    id: str
    key: Scalar
    node: Mapping
    name: str
    needs: tuple[Scalar, ...]
    condition: Scalar | None
    continue_on_error: Scalar | None
    env: dict[str, Entry]
    matrix: Matrix
    uses: Scalar | None
    inputs: dict[str, Entry]
    steps: tuple[Step, ...]


class Workflow(NamedTuple):
    """A workflow (`kind` "workflow") or an action's metadata ("action"); "other" for YAML that is neither.

    `inputs` are those of `workflow_call` or of the action, name -> definition; `triggers` the events of `on`.
    """

    kind: Kind
    name: str
    triggers: tuple[str, ...]
    inputs: dict[str, Entry]
    env: dict[str, Entry]
    jobs: tuple[Job, ...]
    document: yaml_tree.Document
    problems: tuple[Problem, ...]


class _Defaults(NamedTuple):
    shell: Scalar | None = None
    working_directory: Scalar | None = None

    def below(self, node: Node | None) -> _Defaults:
        """These defaults, overridden by those of `defaults.run` in a workflow's or job's node."""
        run = get(node, "defaults", "run")
        return _Defaults(
            _scalar(get(run, "shell")) or self.shell,
            _scalar(get(run, "working-directory")) or self.working_directory,
        )


def parse(text: Text) -> Workflow:
    """Reads a workflow or an action's `action.yml`. Total."""
    document = yaml_tree.parse(text)
    root = document.root
    problems = list(document.problems)
    defaults = _Defaults().below(root)
    kind: Kind = "other"
    jobs: tuple[Job, ...] = ()
    inputs: dict[str, Entry] = {}
    if isinstance(get(root, "jobs"), Mapping):
        kind = "workflow"
        jobs = tuple(_job(entry, defaults) for entry in entries(get(root, "jobs")).values())
        inputs = entries(get(root, "on", "workflow_call", "inputs"))
    elif isinstance(get(root, "runs"), Mapping):
        kind = "action"
        runs = entries(root)["runs"]
        jobs = (_job(runs, defaults),)
        inputs = entries(get(root, "inputs"))
    elif document.complete and root is not None:
        problems.append(Problem("neither a workflow (`jobs:`) nor an action (`runs:`)", root.span))
    return Workflow(
        kind, string(get(root, "name")) or "", _triggers(get(root, "on")), inputs, entries(get(root, "env")),
        tuple(jobs), document, tuple(problems),
    )  # fmt: skip


def events(file: Workflow) -> tuple[str, ...]:
    """The events that start a workflow; the push of a tag is another one than that of commits."""
    keys = entries(get(file.document.root, "on", "push")).keys() if "push" in file.triggers else ()
    tags, branches = not _OF_TAGS.isdisjoint(keys), not _OF_BRANCHES.isdisjoint(keys)
    pushes = ("push",) if branches and not tags else (TAG,) if tags and not branches else ("push", TAG)
    return tuple(event for one in file.triggers for event in (pushes if one == "push" else (one,)))


def _triggers(node: Node | None) -> tuple[str, ...]:
    if isinstance(node, Mapping):
        return tuple(entries(node))
    return tuple(scalar.value for scalar in strings(node))


def _job(entry: Entry, outer: _Defaults) -> Job:
    node = entry.value if isinstance(entry.value, Mapping) else _nothing(entry.key)
    defaults = outer.below(node)
    steps = [item for item in items(get(node, "steps")) if isinstance(item, Mapping)]
    return Job(
        id=entry.key.value,
        key=entry.key,
        node=node,
        name=string(get(node, "name")) or "",
        needs=strings(get(node, "needs")),
        condition=_scalar(get(node, "if")),
        continue_on_error=_scalar(get(node, "continue-on-error")),
        env=entries(get(node, "env")),
        matrix=expand(get(node, "strategy", "matrix")),
        uses=_scalar(get(node, "uses")),
        inputs=_inputs(node),
        steps=tuple(_step(position, step, defaults) for position, step in enumerate(steps)),
    )


def _step(position: int, node: Mapping, defaults: _Defaults) -> Step:
    return Step(
        position=position,
        node=node,
        id=string(get(node, "id")) or "",
        name=string(get(node, "name")) or "",
        uses=_scalar(get(node, "uses")),
        run=_scalar(get(node, "run")),
        inputs=_inputs(node),
        env=entries(get(node, "env")),
        condition=_scalar(get(node, "if")),
        continue_on_error=_scalar(get(node, "continue-on-error")),
        shell=_scalar(get(node, "shell")) or defaults.shell,
        working_directory=_scalar(get(node, "working-directory")) or defaults.working_directory,
    )


def _inputs(node: Node) -> dict[str, Entry]:
    return {name.lower(): entry for name, entry in entries(get(node, "with")).items()}


def _scalar(node: Node | None) -> Scalar | None:
    return node if isinstance(node, Scalar) and not node.is_null else None


def _nothing(key: Scalar) -> Mapping:
    return Mapping(key.text, key.start, key.end, None, ())


def expand(node: Node | None) -> Matrix:
    """Expands a `strategy.matrix` as GitHub does: product, then `exclude`, then `include`.

    An `include` entry is added to every combination whose original values it would not overwrite; to none such, it is
    a combination of its own. Without a matrix there is one empty cell.
    """
    if node is None:
        return Matrix(({},), opaque=False, node=None)
    found = entries(node)
    opaque = not isinstance(node, Mapping)
    axes: list[list[tuple[str, Node]]] = []
    for name, entry in found.items():
        if name in ("include", "exclude"):
            opaque = opaque or not isinstance(entry.value, Sequence)
        elif isinstance(entry.value, Sequence):
            axes.append([(name, item) for item in entry.value.items])
        else:
            opaque = True
    originals: list[Cell] = [dict(pairs) for pairs in islice(product(*axes), CELL_LIMIT)] if axes else []
    excludes = [entries(item) for item in items(get(node, "exclude"))]
    originals = [cell for cell in originals if not any(_excluded(cell, rule) for rule in excludes)]
    cells = [dict(cell) for cell in originals]
    for addition in items(get(node, "include"))[:CELL_LIMIT]:
        values = {name: entry.value for name, entry in entries(addition).items()}
        fitting = [
            n for n, cell in enumerate(originals) if all(same(cell[k], v) for k, v in values.items() if k in cell)
        ]
        for n in fitting:
            cells[n].update(values)
        if not fitting:
            cells.append(values)
            # An added combination has no original values; a later entry must not extend it.
    return Matrix(tuple(cells) or ({},), opaque, node)


def _excluded(cell: Cell, rule: dict[str, Entry]) -> bool:
    return bool(rule) and all(name in cell and same(cell[name], entry.value) for name, entry in rule.items())


def same(left: Node, right: Node) -> bool:
    """Whether two matrix values are equal, compared as written; mappings entry by entry."""
    stack = [(left, right)]
    budget = 1000
    while stack and budget:
        budget -= 1
        one, two = stack.pop()
        if isinstance(one, Scalar) and isinstance(two, Scalar):
            if one.value != two.value:
                return False
        elif isinstance(one, Sequence) and isinstance(two, Sequence) and len(one.items) == len(two.items):
            stack.extend(zip(one.items, two.items, strict=True))
        elif isinstance(one, Mapping) and isinstance(two, Mapping) and one.entries.keys() >= two.entries.keys():
            stack.extend((one.entries[name].value, entry.value) for name, entry in two.entries.items())
        else:
            return False
    return not stack


def read(repository: Repository, path: str) -> Workflow | None:
    """The workflow of a file; None where there is none that can be read."""
    found = repository.parse(path, parse)
    return found if isinstance(found, Workflow) else None
