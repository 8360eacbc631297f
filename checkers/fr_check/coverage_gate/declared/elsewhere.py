"""Thresholds that may stand where nobody looks: on a service's own server, in files of kinds or by runners not read."""

from __future__ import annotations

from fr_check.core.model import Skipped
from fr_check.core.patterns import pattern
from fr_check.core.text import Text
from fr_check.coverage_gate.declared import runners
from fr_check.coverage_gate.declared.model import PIPELINE
from fr_check.sources.thresholds import prose
from fr_check.sources.thresholds.compared import compares, compares_in_javascript

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from fr_check.core.repository import Repository
    from fr_check.coverage_gate.declared.files import Files
    from fr_check.coverage_gate.declared.model import WorkflowFile

_CHECKER = "coverage"
# `coverageThreshold,` and `thresholds: shared.thresholds`: the numbers stand in another module.
_TAKEN = pattern(r"(?<![.\w\"'])(coverageThreshold|thresholds)(?:\s*[,}]|\s*:\s*(?!undefined|null|false)[A-Za-z_$(])")
_TESTS = pattern(r"\b(?:pytest|tox|nox|coverage|jest|vitest|nyc|c8|make|npm|yarn|pnpm)\b")
_OTHER_SHELLS = (".ps1", ".bat", ".cmd")
_STATED = pattern(rb"(?i)--(?:cov-)?fail-under[= ]|--coverage\.?threshold|--check-coverage")
_CODECOV = pattern(r"codecov(?!\.ya?ml)")
_SERVICES = {"sonar-project.properties": "SonarQube", ".coveralls.yml": "Coveralls"}


def skipped(repository: Repository, files: Files, workflows: Sequence[WorkflowFile]) -> Iterator[Skipped]:
    """One remark for each service, and for each kind of file that may state a threshold and is not read."""
    yield from _runners(repository, files)
    yield from _comparing(repository, files, workflows)
    yield from _pipelines(repository, files)
    yield from _taken(repository, files)
    documents = []
    for path in files.unread:
        name = path.rpartition("/")[2]
        if name in _SERVICES:
            message = f"thresholds of {_SERVICES[name]} ({path}) are kept on its server, and compared with nothing"
            yield Skipped(_CHECKER, message)
            continue
        data = repository.read_bytes(path)
        if not isinstance(data, bytes):
            continue
        if name == "Jenkinsfile" and b"cov" in data.lower():
            yield Skipped(_CHECKER, f"{path} is not read: what it declares about coverage is compared with nothing")
        elif name.endswith(_OTHER_SHELLS) and _STATED.search(data) is not None:
            message = f"{path} states a threshold in a shell that is not read: it is compared with nothing"
            yield Skipped(_CHECKER, message)
        elif name.endswith(".rst") and prose.may_state(data):
            documents.append(path)
    if documents:
        more = f" and {len(documents) - 1} more" if len(documents) > 1 else ""
        message = f"{documents[0]}{more} may state thresholds, and of documents only Markdown is read"
        yield Skipped(_CHECKER, message)


def _pipelines(repository: Repository, files: Files) -> Iterator[Skipped]:
    """One remark for the pipelines of other CI systems that run tests: whether those may fail is not judged."""
    texts = ((path, repository.read(path)) for path in _not_followed(files))
    found = [path for path, text in texts if isinstance(text, Text) and _TESTS.search(text.string)]
    if found:
        more = f" and {len(found) - 1} more" if len(found) > 1 else ""
        yield Skipped(
            _CHECKER, f"{found[0]}{more} is not followed: whether its runs may fail (`allow_failure`) is not judged"
        )


def runs_elsewhere(files: Files) -> bool:
    """Whether a CI system has files here that are not followed."""
    return any(_not_followed(files)) or any(path.endswith("Jenkinsfile") for path in files.unread)


def _not_followed(files: Files) -> Iterator[str]:
    """The files of other CI systems but for GitLab's, which may include others of its folder."""
    followed = PIPELINE in files.pipelines
    return (one for one in files.pipelines if not (followed and (one == PIPELINE or one.startswith(".gitlab/"))))


def uploads(repository: Repository, files: Files, workflows: Sequence[WorkflowFile]) -> bool:
    """Whether anything may send coverage to Codecov: a file that names it, or an action that does who knows what."""
    if not all(file.only_prepares for file in workflows):
        return True
    texts = map(
        repository.read, (*files.workflows, *files.pipelines, *files.tasks, *files.shell, *files.python, *files.node)
    )
    return any(isinstance(text, Text) and _CODECOV.search(text.string) is not None for text in texts)


def _taken(repository: Repository, files: Files) -> Iterator[Skipped]:
    """One remark for each configuration of jest or vitest whose thresholds another module gives."""
    for path in files.node:
        text = None if path.endswith((".json", ".yml", ".yaml")) else repository.read(path)
        found = _TAKEN.search(text.string) if isinstance(text, Text) else None
        if found is not None:
            yield Skipped(_CHECKER, f"{path} takes `{found[1]}` from elsewhere: the numbers are not read")


def _comparing(repository: Repository, files: Files, workflows: Sequence[WorkflowFile]) -> Iterator[Skipped]:
    """One remark for the steps and scripts that compare a figure of coverage by themselves."""
    found = [file.path for file in workflows if file.ci.compares]
    for path in (*files.shell, *files.judging, *(path for path in files.tasks if path.lower().endswith("makefile"))):
        text = repository.read(path)
        if not isinstance(text, Text):
            continue
        # The recipes of a makefile have little to do with each other.
        parts = text.string.split("\n\n") if path in files.tasks else [f"{path}\n{text.string}"]
        reader = compares_in_javascript if path in files.judging else compares
        if any(map(reader, parts)):
            found.append(path)
    if found:
        more = f" and {len(found) - 1} more" if len(found) > 1 else ""
        message = f"{found[0]}{more} may compare a figure of coverage by a script of its own: that is not read"
        yield Skipped(_CHECKER, message)


def _runners(repository: Repository, files: Files) -> Iterator[Skipped]:
    """One remark for each runner of tests that is not read, with the first file that runs it."""
    found: dict[str, str] = {}
    packages = [path for path in files.node if path.rpartition("/")[2] == "package.json"]
    for paths, reader in ((packages, runners.of_package), (files.workflows, runners.of_workflow)):
        for path in paths:
            names = repository.parse(path, reader)
            for name in names if isinstance(names, tuple) else ():
                found.setdefault(str(name), path)
    for name, path in found.items():
        message = f"`{name}`, which {path} runs, may judge coverage: its thresholds are not read"
        yield Skipped(_CHECKER, message)
