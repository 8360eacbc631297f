"""GitHub workflows: thresholds in inputs, variables and messages, and the jobs that only report on others."""

from __future__ import annotations

from functools import partial

from fr_check.core.patterns import pattern
from fr_check.core.text import split_lines
from fr_check.sources import workflow
from fr_check.sources.thresholds import model
from fr_check.sources.thresholds.compared import compares
from fr_check.sources.thresholds.configs import Ci, Job
from fr_check.sources.thresholds.model import Declared, number
from fr_check.sources.thresholds.prose import sentences
from fr_check.sources.thresholds.variables import is_threshold_name, variable

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from fr_check.core.model import Problem, Span
    from fr_check.core.text import Text
    from fr_check.sources import gitlab
    from fr_check.sources.thresholds.model import Kind, Metric
    from fr_check.sources.yaml_tree import Entry, Scalar

# Signs in a job that looks at the results of others that it can also fail because of them.
_JUDGES = pattern(
    r"\bexit +[1-9$\"]|alls-green|contains\( *needs|setFailed|sys\.exit|\braise\b|\bfalse\b|jq -e|\[ |\bgrep\b"
    r"|\bthrow\b|(?<![\w.])test +[\"'$!-]"
)
_RESULTS = pattern(r"needs\.[\w*-]+\.result|needs\[")
_NOT_CANCELLED = pattern(r"!\s*cancelled\(\)")
# Inputs of coverage actions that are a threshold, beside those whose name says so.
_INPUTS = frozenset(
    {"thresholds", "threshold", "fail-under", "fail_under", "minimum_coverage", "minimum-coverage", "min-coverage"}
)
_SHARD_KEYS = ("shard", "group", "split", "chunk", "partition")


def parse(text: Text) -> Ci:
    """Reads one workflow or composite action."""
    found = text.parsed(workflow.parse)
    declared = [*_variables(found.env)]
    actions: list[str] = []
    compared = False
    for job in found.jobs:
        declared += _variables(job.env, job.id)
        for step in job.steps:
            declared += [*_variables(step.env, job.id), *_inputs(step, job.id)]
            if step.action:
                actions.append(step.action)
            if step.run is not None and not never(job.condition) and not never(step.condition):
                declared += _echoed(step.run)
                compared = compared or compares(step.run.value)
    jobs = tuple(_job(job) for job in found.jobs)
    return Ci(workflow.events(found), jobs, tuple(declared), tuple(actions), found.problems, compared)


def of_pipeline(jobs: Sequence[gitlab.Job], problems: tuple[Problem, ...], elsewhere: Scalar | None) -> Ci:
    """What GitLab's pipeline says; `elsewhere` is what brings in jobs that are not here."""
    found = [Job(job.name, job.key.span, (), reports=False, reusable="") for job in jobs]
    if elsewhere is not None:
        found.append(Job(elsewhere.value, elsewhere.span, (), reports=False, reusable="another project's"))
    compared = any(compares("\n".join(line.value for line in (*job.script, *job.after))) for job in jobs)
    return Ci(("push",), tuple(found), (), (), problems, compared)


def is_sharded(job: workflow.Job) -> bool:
    """Whether a job's matrix has the key of a shard."""
    return any(key in _SHARD_KEYS for cell in job.matrix.cells[:1] for key in cell)


def _job(job: workflow.Job) -> Job:
    text = job.node.text.string[job.node.start : job.node.end]
    always = job.condition is not None and _runs_always(job.condition.value)
    reports = always and _RESULTS.search(text) is not None and _JUDGES.search(text) is None
    needs = tuple(scalar.value for scalar in job.needs)
    return Job(job.id, job.key.span, needs, reports, job.uses.value if job.uses is not None else "")


def _runs_always(condition: str) -> bool:
    """Whether a job with this `if` runs whatever became of those it needs."""
    return "always()" in condition or ("cancelled" in condition and _NOT_CANCELLED.search(condition) is not None)


def never(node: Scalar | None) -> bool:
    """Whether an `if` is plainly false."""
    return node is not None and node.value.strip().removeprefix("${{").removesuffix("}}").strip().lower() == "false"


def _variables(env: dict[str, Entry], scope: str = "") -> Iterator[Declared]:
    for name, entry in env.items():
        value = number(getattr(entry.value, "value", ""))
        found = variable(name, value, entry.value.span, "workflow env")
        if found is not None:
            yield found._replace(scope=found.scope or scope)


def _inputs(step: workflow.Step, scope: str) -> Iterator[Declared]:
    """`with:` of an action about coverage; CodeCoverageSummary's `thresholds: '60 80'` fails below the first."""
    about_coverage = "cov" in step.action
    gating = step.inputs.get("fail_below_min")
    for name, entry in step.inputs.items():
        if not (is_threshold_name(name) or (about_coverage and (name in _INPUTS or "min-coverage" in name))):
            continue
        written = str(getattr(entry.value, "value", "")).strip()
        value = number(written.split(" ", 1)[0].removesuffix("%"))
        if value is None:
            continue
        kind: Kind = model.GATE if value else model.REPORT_ONLY
        if name == "thresholds" and (gating is None or getattr(gating.value, "value", "").lower() != "true"):
            kind = model.REPORT_ONLY
        metric: Metric = model.PATCH if "changed" in name or "diff" in name or "patch" in name else model.ANY
        yield Declared(value, metric, kind, step.action, f"{name}: {written[:40]}", entry.value.span, scope=scope)


def _echoed(run: Scalar) -> Iterator[Declared]:
    """What the script tells its reader: `echo "Coverage threshold (94%) is ..."`."""
    start = 0
    for line in split_lines(run.value, keep_ends=True):
        if "echo" in line and "%" in line:
            yield from sentences(line, partial(_shifted, run, start))
        start += len(line)


def _shifted(scalar: Scalar, shift: int, start: int, end: int) -> Span:
    return scalar.locate(shift + start, shift + end)
