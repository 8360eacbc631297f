"""Runners of tests that may judge coverage by thresholds of their own, which nobody reads here: said by name."""

from __future__ import annotations

from fr_check.core.patterns import pattern

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from fr_check.core.text import Text
    from fr_check.runs.model import Ran

# What makes each of them measure; none where its configuration file or its own default may.
_ASKED = {
    "borp": ("-C", "--coverage", "--check-coverage"),
    "lab": ("-c", "-t", "--coverage", "--threshold"),
    "wtr": (),
    "web-test-runner": (),
    "karma": (),
    "tap": (),
    "node": ("--test-coverage-",),
    "bun": ("--coverage",),
    "deno": ("--coverage", "coverage"),
    "mcr": (),
    "monocart": (),
    "vscode-test": ("--coverage",),
}
_MANAGERS = frozenset({"yarn", "pnpm", "npm"})
_NAMED = pattern(r"\b(?:borp|lab|wtr|web-test-runner|karma|tap|bun|deno|mcr|monocart|vscode-test)\b|--test-coverage-")


def of_package(text: Text) -> tuple[str, ...]:
    """The runners in the scripts of a package.json."""
    if not _NAMED.search(text.string):
        return ()
    from fr_check.sources.tasks import package_scripts  # noqa: PLC0415 - only where a name is written

    tasks = package_scripts.parse(text).tasks
    scripts = (script.string for task in tasks for script in task.scripts)
    return tuple(dict.fromkeys(name for script in scripts for name in _of_script(script)))


def of_workflow(text: Text) -> tuple[str, ...]:
    """The runners in the steps of a workflow."""
    if not _NAMED.search(text.string):
        return ()
    from fr_check.sources import workflow  # noqa: PLC0415 - only where a name is written

    steps = (step for job in text.parsed(workflow.parse).jobs for step in job.steps)
    scripts = (step.run.value for step in steps if step.run is not None)
    return tuple(dict.fromkeys(name for script in scripts for name in _of_script(script)))


def _of_script(script: str) -> Iterator[str]:
    from fr_check.runs import walk  # noqa: PLC0415 - only where a name is written
    from fr_check.runs.model import Start  # noqa: PLC0415

    if _NAMED.search(script):
        for ran in walk.commands(script, Start()):
            yield from _runner(ran)


def _runner(ran: Ran) -> Iterator[str]:
    words = [token.shown for token in ran.words]
    if len(words) > 1 and words[0] in _MANAGERS:
        words = words[1:]
    name = words[0].rpartition("/")[2] if words else ""
    asked = _ASKED.get(name)
    if asked is not None and (not asked or any(word.startswith(option) for option in asked for word in words[1:])):
        yield "node --test" if name == "node" else name
