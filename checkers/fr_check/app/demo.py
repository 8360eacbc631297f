"""`fr-check demo`: builds the sample project with real git and a real submodule, checks it, says what was found.

Beside core/ and the command line this is the only module that writes to disk or runs git, and only in its own folder.
"""

from __future__ import annotations

import os
import shutil
from contextlib import ExitStack

import tomli

from fr_check.app.fixing import patched, told
from fr_check.app.invocation import Invocation
from fr_check.app.trace_text import text
from fr_check.app.tracing import tracer_of
from fr_check.core.record import NamedTuple
from fr_check.core.registry import CHECKERS
from fr_check.core.trouble import Trouble
from fr_check.repository import process
from fr_check.repository.git import complaint
from fr_check.repository.scratch import temporary_folder

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any

    from fr_check.core.model import Report

_PACKAGE = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
# In an installed wheel the sample lies inside the package, in a checkout beside it.
_PLACES = (os.path.join(_PACKAGE, "_sample"), os.path.join(_PACKAGE, "..", "..", "fixtures", "sample"))
_AUTHOR = {f"GIT_{role}_{part}": value for role in ("AUTHOR", "COMMITTER") for part, value in (
    ("NAME", "Ada"), ("EMAIL", "ada@example.org"), ("DATE", "2026-01-05T09:00:00+0000"),
)}  # fmt: skip


class Sample(NamedTuple):
    """The built project: its folder, and what is planted in it."""

    root: str
    planted: tuple[dict[str, str], ...]


def run_demo(keep: str | None, echo: Callable[[str], object], *, color: bool = False) -> int:
    """Builds, checks and compares; returns 0 when everything planted was found and nothing else at that level.

    Args:
        keep: build in this new folder and leave it there; without it, in a temporary one.
        echo: prints a string.
        color: whether the report is coloured.
    """
    with ExitStack() as stack:
        folder = keep or stack.enter_context(temporary_folder())
        sample = build(folder)
        where = f"cd {sample.root}" if keep else "in a temporary copy of the sample project"
        echo(f"$ fr-check all --base HEAD^   # {where}\n")
        invocation = Invocation(checkers=tuple(CHECKERS), root=sample.root, base="HEAD^", color=color)
        outcome = invocation.run()
        echo(outcome.rendered)
        echo("$ fr-check trace SECRET_KEY\n")
        echo(text(tracer_of(invocation).trace("SECRET_KEY"), color=color, width=None))
        status = _compare(sample, outcome.report, echo)
        echo("\n$ fr-check all --base HEAD^ --diff -v\n")
        _show_cure(invocation._replace(diff=True), echo)
        return status


def _show_cure(invocation: Invocation, echo: Callable[[str], object]) -> None:
    """What --fix would do, as a patch; and why the rest is left to a person."""
    done = invocation.run().cured
    if done is not None:
        echo(patched(done).text)
        for line in told(done, verbose=True, written=False):
            echo(f"fr-check: {line}")


def build(folder: str) -> Sample:
    """Builds the sample below `folder`, which must be empty or missing: `infra.git` upstream, `project`.

    Raises:
        Trouble: the folder is in use, the sample is not installed, or git fails.
    """
    source = next((place for place in _PLACES if os.path.isdir(place)), None)
    if source is None:
        raise Trouble("the sample project is not part of this installation", "install fr-check from its wheel")
    if os.path.isdir(folder) and os.listdir(folder):
        raise Trouble(f"{folder} is not empty", "name a new folder")
    with open(os.path.join(source, "sample.toml"), "rb") as file:
        plan = tomli.load(file)
    infra, project = os.path.join(folder, "infra"), os.path.join(folder, "project")
    pins = _build_infra(source, infra)
    _build_project(source, project, plan, pins)
    return Sample(project, tuple(plan["planted"]))


def _build_infra(source: str, infra: str) -> list[str]:
    os.makedirs(infra)
    _git(infra, "init", "--quiet", "--initial-branch=main")
    commits = []
    for step in sorted(os.listdir(os.path.join(source, "infra"))):
        shutil.copytree(os.path.join(source, "infra", step), infra, dirs_exist_ok=True)
        message = os.path.join(infra, "MESSAGE")
        _git(infra, "add", "--all", "--", ".", ":!MESSAGE")
        _git(infra, "commit", "--quiet", "--file", message)
        os.remove(message)
        commits.append(_git(infra, "rev-parse", "HEAD"))
    return commits


def _build_project(source: str, project: str, plan: dict[str, Any], pins: list[str]) -> None:
    shutil.copytree(os.path.join(source, "project"), project)
    module = plan["submodule"]
    _git(project, "init", "--quiet", "--initial-branch=main")
    _git(project, "submodule", "--quiet", "add", "../infra", module)
    for pin, message in ((plan["base-pin"], "Pin the infra templates"), (plan["pin"], "Show the commit in /health")):
        _git(os.path.join(project, module), "checkout", "--quiet", pins[pin - 1])
        _git(project, "add", "--all")
        _git(project, "commit", "--quiet", "--message", message)


def _git(folder: str, *arguments: str) -> str:
    """Runs git without any configuration but its own; the upstream is a folder, so that protocol is allowed."""
    environment = {name: value for name, value in os.environ.items() if not name.startswith("GIT_")}
    environment |= {**_AUTHOR, "GIT_CONFIG_GLOBAL": os.devnull, "GIT_CONFIG_NOSYSTEM": "1"}
    argv = ("git", "-C", folder, "-c", "protocol.file.allow=always", "-c", "commit.gpgSign=false", *arguments)
    done = process.run(argv, environment)
    if done.code:
        raise Trouble(f"git {arguments[0]} failed while the sample was built: {complaint(done)}", "check git itself")
    return done.stdout.decode().strip()


def _compare(sample: Sample, report: Report, echo: Callable[[str], object]) -> int:
    found = {(finding.checker, finding.rule, finding.subject) for finding in report.findings}
    missing = 0
    for planted in sample.planted:
        hit = (planted["checker"], planted["rule"], planted["subject"]) in found
        missing += not hit
        echo(f"{'found ' if hit else 'MISSED'}  {planted['rule']:<24} {planted['story']}")
    echo(f"\n{len(sample.planted) - missing} of {len(sample.planted)} planted faults found")
    return 1 if missing else 0
