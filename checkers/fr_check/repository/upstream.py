"""Asks a submodule's upstream itself, in a temporary bare repository: only with `--online`.

`git ls-remote --symref` for the default branch, then a fetch of commits and trees without blobs. No prompt of git's
own (an askpass program that the user configured may still be asked, and ssh its agent), a time limit, and only the
protocols that GIT_ALLOW_PROTOCOL admits (without it: https and ssh). The clone that is checked out is not touched. What
CI's checkout left as credentials for its own fetches (`http.URL.extraheader`) is passed on.
"""

from __future__ import annotations

import os
import re
from contextlib import contextmanager

from fr_check.core.record import NamedTuple
from fr_check.core.text import digits
from fr_check.repository.git import CannotKnow, Git, complaint, decode
from fr_check.repository.scratch import temporary_folder
from fr_check.repository.submodules import Store
from fr_check.sources.remote_url import without_password

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from fr_check.repository.git import Layout
    from fr_check.repository.process import Completed

TIMEOUT = 120.0
_ABSENT = ("not our ref", "couldn't find remote ref", "unadvertised object", "not valid: expected")
_NO_HOOKS = ("-c", "core.hooksPath=/dev/null")


class Question(NamedTuple):
    """What to ask: the address, the branch (None: the default one), commits, and whether tags matter."""

    path: str
    url: str
    branch: str | None
    commits: tuple[str, ...]
    tags: bool


@contextmanager
def asked(layout: Layout, question: Question) -> Iterator[Store | CannotKnow]:
    """A temporary store with what the upstream has of the branch and the commits; gone afterwards.

    A commit that the upstream does not have is simply missing in it.
    """
    with temporary_folder() as folder:
        git = Git(folder, _environment(layout), (*_NO_HOOKS, f"--git-dir={folder}"))
        failure = _fill(git, question)
        yield failure or Store(layout.foreign(folder, f"--git-dir={folder}"), folder, checked_out=False)


def _fill(git: Git, question: Question) -> CannotKnow | None:
    git.run("init", "--quiet", "--bare", "--template=")
    git.run("config", "remote.origin.url", question.url)
    answer = git.run("ls-remote", "--symref", "origin", "HEAD", timeout=TIMEOUT)
    if answer.code:
        return _unreachable(question, answer)
    first = decode(answer.stdout).partition("\n")[0]
    default = (
        first.removeprefix("ref: refs/heads/").partition("\t")[0] if first.startswith("ref: refs/heads/") else None
    )
    branch = question.branch or default
    refspecs = [f"+refs/heads/{branch}:refs/remotes/origin/{branch}"] if branch else []
    if question.tags:
        refspecs.append("+refs/tags/*:refs/tags/*")
    failure = _fetch(git, question, refspecs) if refspecs else None
    if default:
        git.run("symbolic-ref", "refs/remotes/origin/HEAD", f"refs/remotes/origin/{default}")
    for commit in question.commits:
        if failure is None and git.run("cat-file", "-e", f"{commit}^{{commit}}").code:
            failure = _fetch(git, question, [commit])
    return failure


def _fetch(git: Git, question: Question, refspecs: Sequence[str]) -> CannotKnow | None:
    options = ("--quiet", "--no-tags", "--no-write-commit-graph", "--no-auto-maintenance", "--filter=blob:none")
    done = git.run("fetch", *options, "origin", *refspecs, timeout=TIMEOUT)
    if done.code and not any(words in done.stderr.decode("utf-8", "replace") for words in _ABSENT):
        return _unreachable(question, done)
    return None


def _unreachable(question: Question, done: Completed) -> CannotKnow:
    shown = without_password(question.url)
    said = complaint(done).replace(question.url, shown)
    message = f"the upstream of submodule {question.path}, {shown}, did not answer: {said}"
    refused = re.search(r"transport '([^']+)' not allowed", said)
    if refused is not None:
        # git's own switch; `ext` and the like run programs, and stay the user's own decision.
        mend = f"set GIT_ALLOW_PROTOCOL={refused[1]}:https:ssh if this address is to be trusted, or leave out --online"
        return CannotKnow("upstream-unreachable", message, mend)
    return CannotKnow("upstream-unreachable", message, "check the network and the credentials, or leave out --online")


def _environment(layout: Layout) -> dict[str, str]:
    environment = dict(layout.foreign(layout.git.directory).environment)
    environment["GIT_ALLOW_PROTOCOL"] = os.environ.get("GIT_ALLOW_PROTOCOL", "https:ssh")
    given = environment.get("GIT_CONFIG_COUNT", "")
    count = digits(given) or 0
    headers = layout.git.records("config", "-z", "--get-regexp", r"^http\..*\.extraheader$") or []
    for number, record in enumerate(headers, start=count):
        key, _, value = record.partition("\n")
        environment[f"GIT_CONFIG_KEY_{number}"], environment[f"GIT_CONFIG_VALUE_{number}"] = key, value
    if headers:
        environment["GIT_CONFIG_COUNT"] = str(count + len(headers))
    return environment
