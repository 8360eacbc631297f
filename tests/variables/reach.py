"""Whether a value in `.env` reaches a service, asked of Docker Compose and of `process.get`, name by name.

Compose is given a `.env` with a distinct integer for each documented key, and its `config` says where those arrive:
`yes` (the value itself), `part` (inside another value), `fixed` (a value that is the same without `.env`), `no`.
"""

from __future__ import annotations

import json
import subprocess
from typing import TYPE_CHECKING

from compose_oracle import binary
from fr_check.core.config import Config
from fr_check.core.context import Context
from fr_check.variables.flow import Flow
from fr_check.variables.model import Bare, FromExample, Interpolated, Set, fold

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from pathlib import Path

    from fr_check.core.repository import Repository
    from fr_check.sources.compose.project import Project
    from fr_check.variables.model import State

Reach = dict[str, dict[str, str]]
"""Service -> name -> yes, part, fixed or no."""

_FIRST = 940_001
_COMPOSE = {"env-file", "environment"}


def ours(repository: Repository) -> list[tuple[Project, Reach]]:
    """What the model says, for the sets of files whose project has an example."""
    flow = Flow(Context(repository, Config()), (), {})
    found: dict[int, tuple[Project, Reach]] = {}
    for one in flow.services:
        if repository.gitlink_above(one.process.of) is not None or one.process.compose_host.path is None:
            continue
        layers = [layer for layer in one.process.layers if layer.kind in _COMPOSE]
        names = one.process.compose_host.values
        told = {name: _word(fold(layers, name, one.process.compose_host), name, names) for name in names}
        found.setdefault(id(one.project), (one.project, {}))[1][one.service.name] = told
    return list(found.values())


def _word(state: State, name: str, documented: Iterable[str]) -> str:
    if not isinstance(state, Set):
        return "no"
    value = state.entry.value
    if isinstance(value, (Bare, FromExample)):
        return "yes" if not isinstance(value, Bare) or value.name == name else "fixed"
    if not isinstance(value, Interpolated):
        return "fixed"
    # Without an operator that drops it, a reference that is all of the value hands it on.
    others = dict.fromkeys(documented, "1")
    filled = value.template.fill({**others, name: "\x00"}.get).text
    return "yes" if filled == "\x00" else "part" if "\x00" in filled else "fixed"


def theirs(root: Path, project: Project, names: Mapping[str, str]) -> Reach | None:
    """What Compose says; None where it refuses the files with sentinels and with the example's own values."""
    sentinels = {name: str(_FIRST + number) for number, name in enumerate(sorted(names))}
    for given in (
        sentinels,
        {**names, **{name: sentinels[name] for name in names if name.isupper() and "PORT" not in name}},
    ):
        with_env = _config(root, project, given)
        if with_env is not None:
            break
    else:
        return None
    without = _config(root, project, {}) or {}
    found: Reach = {}
    for service, environment in with_env.items():
        bare = without.get(service, {})
        told = {}
        for name in names:
            value = environment.get(name)
            if value is None:
                told[name] = "no"
            elif value == given[name]:
                told[name] = "yes"
            else:
                told[name] = "part" if given[name] in value else "fixed"
            if told[name] == "yes" and bare.get(name) == value:
                told[name] = "fixed"
        found[service] = told
    return found


def _config(root: Path, project: Project, values: Mapping[str, str]) -> dict[str, dict[str, str | None]] | None:
    program = binary()
    if program is None:
        return None
    folder = root / project.directory
    dotenv = folder / ".env"
    before = dotenv.read_bytes() if dotenv.exists() else None
    try:
        dotenv.write_text("".join(f"{name}={value}\n" for name, value in values.items()))
        files = [part for path in project.files for part in ("-f", str(root / path))]
        command = [program, *files, "--project-directory", str(folder), "--profile", "*", "config", "--format", "json"]
        done = subprocess.run(
            command, capture_output=True, text=True, check=False, env={"HOME": "/nonexistent"}, cwd=root
        )
    finally:
        if before is None:
            dotenv.unlink()
        else:
            dotenv.write_bytes(before)
    if done.returncode:
        return None
    services = json.loads(done.stdout).get("services", {})
    found = {}
    for name, service in services.items():
        entries = (service.get("environment") or {}).items()
        found[name] = {key: None if value is None else str(value).replace("$$", "$") for key, value in entries}
    return found


def differences(root: Path, repository: Repository) -> tuple[int, list[str]]:
    """How many names were compared, and where the two differ, as lines for people."""
    compared, lines = 0, []
    for project, reach in ours(repository):
        world = Flow(Context(repository, Config()), (), {}).files.compose_host(project)
        names = {name: value.reveal() for name, value in world.values.items()}
        real = theirs(root, project, names)
        if real is None:
            continue
        for service, told in reach.items():
            for name, word in told.items():
                compared += 1
                actual = real.get(service, {}).get(name, "no")
                if actual != word:
                    lines.append(f"{'+'.join(project.files)} {service} {name}: ours {word}, Compose {actual}")
    return compared, lines
