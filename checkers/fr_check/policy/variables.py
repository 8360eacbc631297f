"""What [tool.fr-check.variables] says: the environments there are, and what files hold that nobody commits.

The NamedTuples are the schema: a field is a key (with `-` for `_`), its annotation the type that is accepted.
"""

from __future__ import annotations

from fr_check.core.record import NamedTuple


class Environment(NamedTuple):
    """A column of `fr-check matrix`: what runs there, by its compose files, its tasks or its workflow.

    `env` are the files in place of `.env`, or "platform" where they are given from outside; `builds` the workflows
    whose images it runs.
    """

    name: str
    compose: tuple[str, ...] = ()
    tasks: tuple[str, ...] = ()
    workflow: str = ""
    job: str = ""
    profiles: tuple[str, ...] = ()
    env: tuple[str, ...] = ()
    builds: tuple[str, ...] = ()


class File(NamedTuple):
    """A file of variables that is not in the repository, and the one that it is like."""

    path: str
    like: str


class Variables(NamedTuple):
    """[tool.fr-check.variables]."""

    environments: tuple[Environment, ...] = ()
    files: tuple[File, ...] = ()
