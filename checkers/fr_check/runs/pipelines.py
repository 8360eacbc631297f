"""What the jobs of GitLab's pipeline execute, each in the shell that its runner starts."""

from __future__ import annotations

import re
from bisect import bisect_right
from functools import cache, partial

from fr_check.core.patterns import pattern
from fr_check.core.record import NamedTuple
from fr_check.core.text import Text
from fr_check.runs.links import Excuse
from fr_check.runs.model import Executed, Origin, Start
from fr_check.runs.scope import Checkouts
from fr_check.sources import gitlab, yaml_tree
from fr_check.sources.build_context import WORKSPACE
from fr_check.sources.shell import tested
from fr_check.sources.shells import Shell
from fr_check.sources.yaml_tree import string

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

    from fr_check.core.model import Location, Problem
    from fr_check.core.repository import Repository
    from fr_check.runs.follower import Follower, Item
    from fr_check.runs.model import Excused
    from fr_check.sources.gitlab import Job
    from fr_check.sources.yaml_tree import Scalar

FILE = ".gitlab-ci.yml"
_SHELL = Shell("bash", errexit=True, pipefail=True)
"""The runner's shell: it sets `-o pipefail` where the shell knows it."""
_STARS = pattern(r"(\*+)")
_MEANT = {"*": "[^/]*", "**": ".*"}
_OPEN = "$[["
_INPUT = pattern(r"\$\[\[([^\[\]\n]{1,80})\]\]")
_WRITTEN = pattern(r"\$\{\{([^{}]*)\}\}")
_FILES = 100  # that one pipeline includes; GitLab's own limit is 150


class Pipeline(NamedTuple):
    """The jobs of a pipeline, what is wrong with its file, and the first thing that brings in what is not here."""

    jobs: tuple[Job, ...]
    problems: tuple[Problem, ...]
    elsewhere: Scalar | None


def read(repository: Repository) -> Pipeline | None:
    """The pipeline of a repository; None where it has none."""
    if not repository.has(FILE):
        return None
    waiting, texts = [FILE], dict[str, Text]()
    inputs: dict[str, dict[str, str | None]] = {}
    elsewhere: Scalar | None = None
    while waiting and len(texts) < _FILES:
        path = waiting.pop()
        text = repository.read(path)
        if path in texts or not isinstance(text, Text):
            continue
        texts[path] = text
        found = text.parsed(gitlab.included)
        elsewhere = elsewhere or found.elsewhere
        for name, given in found.inputs.items():
            known = inputs.setdefault(name, {**given})
            # A file that is included twice has the inputs of both.
            inputs[name] = {key: value if known.get(key) == value else None for key, value in given.items()}
        for one in found.local:
            waiting += sorted(repository.select(globbed(one))) if "*" in one else [one]
    # What is included is the ground that the file itself is laid upon.
    jobs = gitlab.jobs(reversed(texts.values()))
    taken = {
        path: {**gitlab.defaults(text), **inputs.get(path, {})} for path, text in texts.items() if _OPEN in text.string
    }
    jobs = tuple(job._replace(inputs=taken) for job in jobs) if taken else jobs
    problems = texts[FILE].parsed(yaml_tree.parse).problems if FILE in texts else ()
    return Pipeline(jobs, problems, elsewhere)


def follow(job: Job, follower: Follower) -> tuple[Item, ...]:
    """Everything that a job executes."""
    own: list[Excused] = []
    if job.never is not None:
        own.append(_excused("never runs by its rules", job.never.location, never=True))
    codes = job.allowed is not None and string(job.allowed) not in {"true", "manual"}
    if job.allowed is not None and not codes:
        allowed = job.allowed.value if isinstance(job.allowed, yaml_tree.Scalar) else ""
        phrase = "`when: manual`, by which it may fail," if allowed == "manual" else "`allow_failure: true`"
        own.append(_excused(phrase, job.allowed.location))
    found = [*_script(job, job.script, follower, tuple(own))]
    found = [_by_status(item, job.allowed) for item in found] if codes and job.allowed is not None else found
    if job.after:
        after = _excused("`after_script`, whose failure fails no job,", job.after[0].location)
        found += _script(job, job.after, follower, (*own, after))
    return tuple(found)


def _by_status(item: Item, codes: yaml_tree.Node) -> Item:
    """A command that may end with some codes (`allow_failure: exit_codes`), if those are what its failure ends with."""
    if not isinstance(item, Executed) or item.chain:
        return item  # what another program makes of it is not known
    status = tested.of_names(token.value or "" for token in item.ran.words[:3])
    written = [string(one) for one in yaml_tree.items(codes)] or [string(codes)]
    if str(status) not in written:
        return item
    return item.reached((), (_excused(f"`allow_failure: exit_codes: {status}`", codes.location),))


def _excused(phrase: str, where: Location, *, never: bool = False) -> Excused:
    return lambda: Excuse(phrase, where, never)


def _script(job: Job, lines: Sequence[Scalar], follower: Follower, excuses: tuple[Excused, ...]) -> Iterator[Item]:
    """What lines execute in one shell; those of a file that is included stand in that file."""
    starts, length = [], 0
    for line in lines:
        starts.append(length)
        length += len(line.value) + 1

    def locate(start: int, end: int) -> Location:
        at = max(0, bisect_right(starts, start) - 1)
        line = lines[at]
        return line.text.at(line.locate(start - starts[at], min(end - starts[at], len(line.value))))

    environment: dict[str, str | None] = {"CI": "true", "CI_PROJECT_DIR": WORKSPACE, **job.variables}
    script = "\n".join(line.value for line in lines)
    evaluated = None
    if _OPEN in script:
        script = _INPUT.sub(r"${{\1}}", script)  # as long as before
    for path in dict.fromkeys(line.text.path for line in lines):
        origin = Origin(path, f"command in job `{job.name}`", locate, Checkouts((), ()), environment)
        if job.inputs:
            evaluated = partial(_evaluated, job.inputs.get(path, {}))
        for item in follower.follow(script, Start(".", environment, None, evaluated, _SHELL), origin):
            if _path(item) == path:
                yield item.reached((), excuses) if excuses else item


def _evaluated(inputs: Mapping[str, str | None], text: str) -> str | None:
    """A text with the inputs of a file in it, each as `${{ inputs.NAME }}`; None where one is not known."""
    known = {f"inputs.{name}": value for name, value in inputs.items()}
    values = [known.get(one[1].strip()) for one in _WRITTEN.finditer(text)]
    return None if None in values else _WRITTEN.sub(lambda one: known.get(one[1].strip()) or "", text)


def _path(item: Item) -> str:
    """The file of the line that leads to a command."""
    by = item if isinstance(item, Executed) else item.by
    return by.chain[0].location.path if by.chain else by.location.path


@cache
def globbed(written: str) -> Callable[[str], bool]:
    """Whether a path is one that `include: local` means by a pattern: `*` stays within a folder, `**` does not."""
    pieces = _STARS.split(written)
    expression = re.compile("".join(_MEANT.get(one) or re.escape(one) for one in pieces))
    return lambda path: expression.fullmatch(path) is not None
