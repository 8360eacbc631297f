"""Whole runs over repositories in memory: every checker, every format, every table, as the command line shows them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from fr_check.core import engine
from fr_check.core.context import Context
from fr_check.core.masking import mask_tables
from fr_check.core.model import Severity
from fr_check.core.registry import CHECKERS, load_checker, load_hygiene
from fr_check.core.repository import Memory
from fr_check.core.text import Text
from fr_check.core.trouble import Trouble
from fr_check.policy.find import read_policy
from fr_check.report import FORMATS, renderer, tables
from fr_check.report.view import View
from fuzzing.mutations import damaged, mutated
from fuzzing.seeds import files, repositories

if TYPE_CHECKING:
    from random import Random

    from fr_check.core.model import Location


# A repository, and what it is compared with.
States = tuple[dict[str, bytes], "dict[str, bytes] | None"]


def shown(states: States) -> dict[str, str]:
    """All that a repository (and its base) would have printed, by format; a wrong configuration is one sentence."""
    repository, base = Memory(states[0]), None if states[1] is None else Memory(states[1])
    try:
        context = Context(repository, read_policy(repository), base)
    except Trouble as trouble:
        return {"stderr": f"{trouble.message} {trouble.help}"}
    try:
        checkers = [load_checker(name) for name in CHECKERS]
        report, loaded = engine.run(context, checkers, load_hygiene())
    except Trouble as trouble:
        return {"stderr": f"{trouble.message} {trouble.help}"}

    def text_of(location: Location) -> Text | None:
        text = repository.read(location.path)
        return text if isinstance(text, Text) and text.revision == location.revision else None

    view = View("0", Severity.INFO, verbose=True, text_of=text_of)
    made = {name: renderer(name)(report, view) for name in FORMATS}
    for name, facts in loaded.items():
        if name not in CHECKERS:  # the rules about directives show no tables
            continue
        listed, _ = mask_tables(facts.tables(), facts.unknowns, repository)
        made[f"{name} --facts"] = "".join(tables.render(form, name, listed, "0") for form in tables.FORMATS)
    return made


def mixed(rng: Random) -> dict[str, bytes]:
    """The files of one or two example repositories, some of them changed, some under each other's names."""
    found = dict(rng.choice(repositories()))
    if rng.randrange(3):
        found |= rng.choice(repositories())
    others = [text for _, text in files()]
    paths = sorted(found)
    for path in rng.sample(paths, min(len(paths), rng.choice((1, 1, 2, 4)))):
        text = rng.choice(others) if rng.randrange(12) == 0 else found[path]
        found[path] = mutated(text, others, rng)
    if paths and rng.randrange(6) == 0:
        one, two = rng.choice(paths), rng.choice(paths)
        found[one], found[two] = found[two], found[one]
    return {path: damaged(text.encode("utf-8", "surrogatepass"), rng) for path, text in found.items()}


def pair(rng: Random) -> States:
    """A repository, and one time in two what it is compared with."""
    now = mixed(rng)
    if rng.randrange(2):
        return now, None
    return now, {**now, **mixed(rng)}
