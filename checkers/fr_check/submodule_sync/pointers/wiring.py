"""How GitHub workflows check a superproject out: deep enough to judge its history, with the submodules they use."""

from __future__ import annotations

import re

from fr_check.core.record import NamedTuple
from fr_check.core.text import Text, digits

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from fr_check.core.model import Location
    from fr_check.core.repository import Repository
    from fr_check.sources.workflow import Job, Step

_RUNS_US = r"(?<![\w./-])fr-check(?:-submodule-sync)?\s+(?:all|submodule-sync)\b"
_RUNS_ONLINE = r"(?<![\w./-])fr-check\s+submodule-sync\b[^\n;&|]*\s--online\b"
_RUNS_HOOKS = r"(?<![\w./-])(?:pre-commit|prek)\s+run\b"
_HOOK_ACTIONS = ("pre-commit/action", "j178/prek-action")
_DEEPENS = r"\bgit\b[^\n;&|]*\bfetch\b[^\n;&|]*\s--unshallow\b"
_OWN_HOOK = r"(?m)fr-check(?:-submodule-sync)?\s*$"
_COMMENT = r"(?m)^\s*#.*$"
_UPDATES = r"\bgit\b[^\n]*\bsubmodule\b[^\n]*\bupdate\b"


class JobWiring(NamedTuple):
    """One job that checks the repository out.

    `depth` is the number of commits it fetches, 0 for all of them, None where an expression decides; `submodules` False
    where it fetches none. `judges` is the step that runs this checker, `uses` the steps that use a path inside a
    submodule that no checkout has brought, by the submodule's path. `online`: the checker asks the upstream there, and
    needs no submodule.
    """

    workflow: str
    job: str
    checkout: Location
    depth: int | None
    submodules: bool | None
    judges: Location | None
    uses: tuple[tuple[str, Location], ...]
    online: bool = False


def read_jobs(repository: Repository, links: Sequence[str]) -> tuple[JobWiring, ...]:
    """Every job of the workflows that matters here. Only files that mention what is looked for are parsed."""
    paths = repository.glob(".github/workflows/*.{yml,yaml}")
    if not isinstance(paths, tuple) or not links:
        return ()
    hooks = _hooks_run_us(repository)
    texts = (text for text in map(repository.read, paths) if isinstance(text, Text))
    return tuple(job for text in texts for job in text.parsed(_jobs, tuple(links), hooks))


def _jobs(text: Text, links: tuple[str, ...], hooks: bool) -> tuple[JobWiring, ...]:  # noqa: FBT001 - of a parser
    inside = r"(?<![\w./@-])(?:\./)?(" + "|".join(map(re.escape, links)) + r")/[\w.*$]"
    return tuple(_read(text, inside, hooks=hooks)) if _matters(text.string, inside, links, hooks=hooks) else ()


def _matters(string: str, inside: str, links: Sequence[str], *, hooks: bool) -> bool:
    """Whether a file can concern us at all: a look at its text, before YAML is read for it."""
    in_folder = "working-directory" in string and any(link in string for link in links)
    named = any(f"{link}/" in string for link in links) and re.search(inside, string) is not None
    actions = hooks and any(action in string for action in _HOOK_ACTIONS)
    return in_folder or named or actions or _judges(string, hooks=hooks)


def _hooks_run_us(repository: Repository) -> bool:
    text = repository.read(".pre-commit-config.yaml")
    return isinstance(text, Text) and "fr-check" in text.string and re.search(_OWN_HOOK, text.string) is not None


def _judges(script: str, *, hooks: bool) -> bool:
    if "fr-check" in script and re.search(_RUNS_US, script):
        return True
    return hooks and re.search(_RUNS_HOOKS, script) is not None


def _read(text: Text, inside: str, *, hooks: bool) -> Iterator[JobWiring]:
    from fr_check.sources import workflow  # noqa: PLC0415 - PyYAML, only for a workflow that matters

    parsed = text.parsed(workflow.parse)
    if parsed.kind == "workflow":
        for job in parsed.jobs:
            yield from _wire(text.path, job, inside, hooks=hooks)


def _wire(path: str, job: Job, inside: str, *, hooks: bool) -> Iterator[JobWiring]:
    """The first checkout of this repository, and what the steps after it do."""
    at = next((step.position for step in job.steps if _checks_out(step)), None)
    if at is None:
        return
    checkout, later = job.steps[at], job.steps[at + 1 :]
    judge = next((step for step in later if _step_judges(step, hooks=hooks)), None)
    before = later[: later.index(judge) + 1] if judge else ()
    deepened = any(re.search(_DEEPENS, _script(step)) for step in before)
    brought = {_input(step, "path").strip("./") for step in job.steps if step.action == "actions/checkout"}
    updated = any(step.run and re.search(_UPDATES, _script(step)) for step in later)
    mentioned = (use for step in later for use in _uses(step, inside))
    uses = [use for use in mentioned if use[0] not in brought and not updated]
    yield JobWiring(
        path,
        job.id,
        checkout.location,
        0 if deepened else _depth(checkout),
        None if updated else _submodules(checkout),
        judge.location if judge else None,
        tuple(dict.fromkeys(uses)),
        online=judge is not None and re.search(_RUNS_ONLINE, _script(judge)) is not None,
    )


def _step_judges(step: Step, *, hooks: bool) -> bool:
    return _judges(_script(step), hooks=hooks) or (hooks and step.action in _HOOK_ACTIONS)


def _checks_out(step: Step) -> bool:
    return step.action == "actions/checkout" and not _input(step, "repository") and not _input(step, "path")


def _script(step: Step) -> str:
    return "" if step.run is None else re.sub(_COMMENT, "", step.run.value)


def _uses(step: Step, inside: str) -> Iterator[tuple[str, Location]]:
    """Submodules whose files a step names: in its folder, its script, its inputs."""
    folder = step.working_directory
    if folder is not None:
        named = re.search(inside, f"{folder.value.rstrip('/')}/.")
        if named is not None:
            yield named[1], step.node.text.at(folder.span)
    mentions = "\n".join([_script(step), *(_input(step, name) for name in step.inputs)])
    yield from ((found[1], step.location) for found in re.finditer(inside, mentions))


def _input(step: Step, name: str) -> str:
    entry = step.inputs.get(name)
    value = getattr(entry.value, "value", "") if entry else ""
    return value if isinstance(value, str) else ""


def _depth(step: Step) -> int | None:
    value = _input(step, "fetch-depth").strip() or "1"
    return digits(value)


def _submodules(step: Step) -> bool | None:
    value = _input(step, "submodules").strip().lower()
    return {"": False, "false": False, "true": True, "recursive": True}.get(value)
