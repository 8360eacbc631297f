"""Commands of Compose at random in a script, a Makefile, a workflow: what they give it, judged by running them.

`docker` is a stand-in that hands its options on to the real program and asks for `config` in place of `up`.
"""

from __future__ import annotations

import json
import os
import random
import subprocess
from itertools import count
from typing import TYPE_CHECKING, NamedTuple

from compose_oracle import binary, write
from fr_check.core.config import Config
from fr_check.core.context import Context
from fr_check.core.repository import Memory
from fr_check.variables.flow import Flow
from fr_check.variables.model import (
    Absent,
    Bare,
    FromExample,
    Interpolated,
    Literal,
    Maybe,
    Removed,
    Set,
    filled,
    unsure,
)  # fmt: skip

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

    from fr_check.variables.services import ServiceProcess

NAMES = ("A", "B", "C", "D")
UNKNOWN = object()
_DOCKER = """#!/bin/bash
shift
given=()
for word in "$@"; do
  [ "$word" = up ] && break
  given+=("$word")
done
exec COMPOSE "${given[@]}" config --format json > "$ANSWER"
"""
_HEAD = "on: push\nENVjobs:\n  up:\n    runs-on: ubuntu-latest\n"


class Trial(NamedTuple):
    """A repository, the command that a person or runner starts (None: the script of a step), and what that has."""

    files: Mapping[str, str]
    command: str
    shell: Mapping[str, str]
    dynamic: bool


class Writer:
    """One trial; every choice comes from one seed."""

    def __init__(self, seed: int) -> None:
        self.random = random.Random(seed)  # noqa: S311 - nothing secret
        self.numbers = count(1001)
        self.files: dict[str, str] = {}
        self.dynamic = False

    def one(self, *choices: str) -> str:
        return self.random.choice(choices)

    def chance(self, percent: int) -> bool:
        return self.random.randrange(100) < percent

    def number(self) -> str:
        return str(next(self.numbers))

    def name(self) -> str:
        return self.one(*NAMES)

    def reference(self) -> str:
        name = self.name()
        word = self.one(self.number(), "", f"${{{self.name()}:-{self.number()}}}", f"${{{self.name()}}}")
        return self.one(
            f"${{{name}}}", f"${name}", f"${{{name}:-{word}}}", f"${{{name}-{word}}}", f"${{{name}:+{word}}}"
        )

    def variables(self, *, refers: bool = True) -> str:
        lines = [
            f"{name}={self.reference() if refers and self.chance(25) else self.one(self.number(), '')}"
            for name in self.random.sample(NAMES, self.random.randrange(1, 4))
        ]
        return "\n".join(lines) + "\n"

    def service(self, *, whole: bool) -> str:
        entries = []
        for name in self.random.sample([*NAMES, "X", "Y", "Z"], self.random.randrange(2, 6)):
            text = self.one(self.reference(), self.reference(), f"p-{self.reference()}", "${COMPOSE_PROJECT_NAME}")
            entries.append(f"      {name}:" if self.chance(20) else f'      {name}: "{text}"')
        files = f"    env_file: [{self.one('.env', 'web.env')}]\n" if self.chance(25) else ""
        image = "    image: app\n" if whole else ""
        return f"  web:\n{image}{files}    environment:\n" + "\n".join(entries) + "\n"

    def compose(self) -> None:
        named = "name: called\n" if self.chance(30) else ""
        self.files["compose.yml"] = f"{named}services:\n{self.service(whole=True)}"
        self.files["compose.dev.yml"] = f"services:\n{self.service(whole=False)}"
        self.files["deploy/compose.yml"] = f"services:\n{self.service(whole=True)}"
        self.files["web.env"] = self.files["deploy/web.env"] = self.variables()
        for folder in ("", "deploy/"):
            ending = "" if self.chance(50) else ".example"
            self.files[f"{folder}.env{ending}"] = self.variables()
        if self.chance(15):
            path = next(path for path in self.files if path.startswith(".env"))
            self.files[path] += "COMPOSE_FILE=compose.yml:compose.dev.yml\n"
        if self.chance(15):
            path = next(path for path in self.files if path.startswith(".env"))
            self.files[path] += "COMPOSE_PROJECT_NAME=dotted\n"
        self.files["prod.env"] = self.variables(refers=False)

    def options(self) -> str:
        found = []
        if self.chance(20):
            found.append(
                self.one("--env-file prod.env", "--env-file=prod.env", "--env-file web.env --env-file prod.env")
            )
        files = self.one("", "", "", "-f compose.yml", "-f compose.yml -f compose.dev.yml", "-f deploy/compose.yml")
        found.append(files)
        if self.chance(15):
            found.append(self.one("-p named", "--project-name named"))
        if files and self.chance(15):
            found.append("--project-directory .")
        return " ".join(word for word in found if word)

    def given(self) -> str:
        """`NAME=value` before the command."""
        kind = self.random.randrange(12)
        if kind == 0:
            return "COMPOSE_PROJECT_NAME=given"
        if kind == 1:
            return "COMPOSE_FILE=compose.yml:compose.dev.yml"
        if kind == 2:
            return "COMPOSE_ENV_FILES=prod.env"
        if kind == 3:
            self.dynamic = True
            return f"{self.name()}=$(printf {self.number()})"
        return f"{self.name()}={self.one(self.number(), self.number(), '')}"

    def before(self, *, by_make: bool = False) -> str:  # noqa: PLR0911 - a table of kinds
        kind = self.random.randrange(9)
        name, value = self.name(), self.one(self.number(), self.number(), "")
        if kind == 0 and not by_make:
            return "set -a; . ./prod.env; set +a"
        if kind == 1:
            return f"{name}={value}"
        if kind == 2 and not by_make:
            return "export $(grep -v '^#' prod.env | xargs)"
        if kind == 3:
            return f"unset {name}"
        if kind == 4:
            self.dynamic = True
            return f'if [ -n "$NEVER" ]; then export {name}={value}; fi'
        if kind == 5:
            return f"{name}={value}; export {name}"
        return f"export {name}={value}"

    def command(self) -> str:
        given = " ".join(self.given() for _ in range(self.random.randrange(3)))
        given = f"env {given}" if given and self.chance(20) else given
        return " ".join(word for word in (given, "docker compose", self.options(), "up -d") if word)

    def script(self) -> str:
        lines = [self.before() for _ in range(self.random.randrange(3))]
        return "\n".join([*lines, self.command()]) + "\n"

    def trial(self) -> Trial:
        self.compose()
        made = {0: self.by_script, 1: self.by_make, 2: self.by_workflow, 3: self.by_script_of_make}
        command, shell = made[self.random.randrange(4)]()
        return Trial(self.files, command, shell, self.dynamic)

    def by_script(self) -> tuple[str, dict[str, str]]:
        self.files["up.sh"] = "#!/bin/bash\n" + self.script()
        return "bash up.sh", {}

    def by_make(self) -> tuple[str, dict[str, str]]:
        lines = [f"{self.one('export ', '', 'export ')}{self.name()} {self.one(':=', '=', '?=')} {self.number()}"
                 for _ in range(self.random.randrange(3))]  # fmt: skip
        lines += [f"export {self.name()}"] if self.chance(20) else []
        recipe = [self.before(by_make=True)] if self.chance(30) else []
        body = " && ".join([*recipe, self.command()]).replace("$", "$$")
        self.files["Makefile"] = "\n".join(lines) + f"\nup:\n\t{body}\n"
        return "make -s up", {}

    def by_script_of_make(self) -> tuple[str, dict[str, str]]:
        self.files["tools/up.sh"] = "#!/bin/bash\n" + self.script()
        given = " ".join(f"{self.name()}={self.number()}" for _ in range(self.random.randrange(2)))
        export = f"export {self.name()} = {self.number()}\n" if self.chance(40) else ""
        self.files["Makefile"] = f"{export}up:\n\t{given} bash tools/up.sh\n"
        return "make -s up", {}

    def by_workflow(self) -> tuple[str, dict[str, str]]:
        shell: dict[str, str] = {}
        blocks = []
        for indent in ("", "    ", "        "):
            env = {self.name(): self.one(self.number(), "") for _ in range(self.random.randrange(2))}
            shell.update(env)
            inner = "".join(f'{indent}  {name}: "{value}"\n' for name, value in env.items())
            blocks.append(f"{indent}env:\n{inner}" if env else "")
        script = self.script()
        body = "".join(f"          {line}\n" for line in script.splitlines())
        self.files[".github/workflows/up.yml"] = (
            _HEAD.replace("ENV", blocks[0]) + blocks[1] + "    steps:\n      - uses: actions/checkout@v4\n"
            f"      - name: Up\n{blocks[2]}        run: |\n{body}"
        )
        self.files["step.sh"] = script
        return "bash step.sh", shell


def asked(folder: Path, trial: Trial) -> dict[str, str | None] | None:
    """What Compose gives `web`; None where it stops."""
    write(folder, trial.files)
    for path, text in trial.files.items():
        if path.endswith(".env.example"):
            write(folder, {path.removesuffix(".example"): text})
    tools = folder / "stand-in"
    tools.mkdir()
    stand_in = tools / "docker"
    stand_in.write_text(_DOCKER.replace("COMPOSE", str(binary())))
    stand_in.chmod(0o755)
    answer = folder / "answer.json"
    shell = {"PATH": f"{tools}:{os.environ['PATH']}", "ANSWER": str(answer), **trial.shell}
    done = subprocess.run(trial.command, shell=True, cwd=folder, env=shell, capture_output=True, text=True, check=False)  # noqa: S602
    if done.returncode or not answer.exists():
        return None
    given = json.loads(answer.read_text())["services"]["web"].get("environment") or {}
    return {name: None if value is None else value.replace("$$", "$") for name, value in given.items()}


def ours(trial: Trial) -> dict[str, object]:
    """What the product says that `web` has, started so; UNKNOWN where it says that it does not know."""
    kept = {path: text for path, text in trial.files.items() if path != "step.sh"}
    flow = Flow(Context(Memory(kept), Config()), (), {})
    every = [one for plain in flow.services for one in flow.started(plain.project, plain.service, plain)]
    # Where a command gives nothing that is asked for, nobody follows it.
    found = [one for one in every if one.callers] or [
        one for one in every if next(flow.callers.starting(one.project, one.service, flow.projects), None)
    ]
    assert len(found) == 1, [one.project.files for one in found]
    process = found[0].process
    names = dict.fromkeys(name for layer in process.layers for name in layer.entries)
    return {name: value for name in names if (value := _value(found[0], name)) is not None}


def _value(found: ServiceProcess, name: str) -> object:
    process = found.process
    state = process.get(name)
    if isinstance(state, (Absent, Removed)):
        return None
    if isinstance(state, Maybe):
        # A copy of the example is the whole of `.env` here.
        state = state.beneath if all(".env" in gap.subject for gap in state.gaps) else state
        if not isinstance(state, Set):
            return UNKNOWN if isinstance(state, Maybe) else None
    value = state.entry.value
    if isinstance(value, (Literal, FromExample)):
        return value.text.reveal()
    if not isinstance(value, (Interpolated, Bare)) or unsure(value, process.compose_host) is not None:
        return UNKNOWN
    if isinstance(value, Interpolated) and value.hangs_on_folder(process.compose_host):
        return UNKNOWN
    return filled(value, process.compose_host)


def disagreement(folder: Path, trial: Trial) -> str:
    """What Compose and the product say differently, as one line; empty where they agree."""
    theirs = asked(folder, trial)
    if theirs is None:
        return ""
    mine = ours(trial)
    wrong = []
    for name in sorted({*theirs, *mine}):
        # A bare name that nothing fills is taken away by the engine.
        left, right = theirs.get(name), mine.get(name)
        by_folder = (left or "").removeprefix("p-") == folder.name
        if right is UNKNOWN and (trial.dynamic or by_folder):
            continue
        if left != right:
            wrong.append(f"{name}: Compose {left!r}, ours {'unknown' if right is UNKNOWN else repr(right)}")
    return "; ".join(wrong)


def trials(number: int, first: int = 0) -> Iterator[Trial]:
    """Trials by their seeds."""
    yield from (Writer(seed).trial() for seed in range(first, first + number))
