"""Runs a rule on one of its examples: in memory where that shows it, in real git where only that can."""

from __future__ import annotations

from typing import TYPE_CHECKING

from building import build
from fr_check.core import engine
from fr_check.core.context import Context, Options
from fr_check.core.model import Example
from fr_check.core.registry import CHECKERS, load_checker, load_hygiene
from fr_check.core.repository import Memory
from fr_check.policy.find import read_policy
from fr_check.repository.base import find_base
from fr_check.repository.opening import open_repository

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from fr_check.core.model import Report, Rule


def context_of(example: Mapping[str, str] | Example, folder: Path) -> Context:
    """The repository of an example; what needs git is built below `folder`."""
    if not isinstance(example, Example):
        repository = Memory(example)
        return Context(repository, read_policy(repository))
    if not example.submodules and not example.symlinks:
        repository = Memory(example.files)
        base = None if example.base is None else Memory(example.base)
        return Context(repository, read_policy(repository), base)
    repository = open_repository(str(build(example, folder)))
    base = find_base(repository, None if example.base is None else "HEAD^")
    return Context(repository, read_policy(repository), base, Options(online=example.online))


def check(rule: Rule, context: Context) -> Report:
    """What the rule's checker says of it; of a rule of hygiene, what all of them say."""
    names = CHECKERS if rule.checker == "hygiene" else (rule.checker,)
    checkers = [load_checker(name) for name in names]
    return engine.run(context, checkers, load_hygiene())[0]
