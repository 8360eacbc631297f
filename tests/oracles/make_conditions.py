"""Makefiles of conditions in conditions, made at random: what GNU make runs, and what is read of them."""

from __future__ import annotations

import os
import random
import subprocess
from typing import TYPE_CHECKING

from fr_check.core.text import Text
from fr_check.sources import makefile
from fr_check.sources.make_expansion import OPAQUE, Expansion

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

_NAMES = "ABCD"
_OPERANDS = ["a", "b", "", "$(A)", "$(B)", "${C}", "x$(D)", "$(A)$(B)"]
_SHOWN = " ".join(f"[$({name})]" for name in _NAMES)


class World:
    """One makefile, the variables of make's command line, and those around it."""

    def __init__(self, seed: int) -> None:
        self._random = random.Random(seed)  # noqa: S311 - a test that can be repeated
        self._lines = 0
        defaults = (f"{name} ?= z" for name in _NAMES)
        self.string = "\n".join([*defaults, *self._several(self._assigned), "test:", *self._several(self._echo)]) + "\n"
        self.given = self._some("ab")
        self.environment = self._some("abe")

    def _some(self, values: str) -> dict[str, str]:
        return {name: self._random.choice(values) for name in _NAMES if self._random.random() < 0.25}

    def _condition(self) -> str:
        word = self._random.choice(["ifeq", "ifneq", "ifdef", "ifndef"])
        if word in {"ifdef", "ifndef"}:
            return f"{word} {self._random.choice(_NAMES)}"
        first, second = self._random.choices(_OPERANDS, k=2)
        forms = [f"({first},{second})", f"({first}, {second})", f'"{first}" "{second}"', f"'{first}' \"{second}\""]
        return f"{word} {self._random.choice(forms)}"

    def _assigned(self) -> str:
        mark = self._random.choice(["", "override ", "export "])
        sign = self._random.choice(["=", "=", "?=", "+="])
        return f"{mark}{self._random.choice(_NAMES)} {sign} {self._random.choice(['a', 'b', '', '$(A)b', 'c'])}"

    def _echo(self) -> str:
        self._lines += 1
        return f"\techo {self._lines} {_SHOWN}"

    def _several(self, one: Callable[[], str], depth: int = 0) -> list[str]:
        found = []
        for _ in range(self._random.randrange(1, 4)):
            if depth > 1 or self._random.random() < 0.5:
                found.append(one())
                continue
            found += [self._condition(), *self._several(one, depth + 1)]
            for _ in range(self._random.randrange(2)):
                found += [f"else {self._condition()}", *self._several(one, depth + 1)]
            if self._random.random() < 0.5:
                found += ["else", *self._several(one, depth + 1)]
            found.append("endif")
        return found

    def run(self, folder: Path) -> list[str] | None:
        """The lines that make would run; None where it stops."""
        (folder / "Makefile").write_text(self.string, "utf-8")
        command = ["make", "-n", "test", *(f"{name}={value}" for name, value in self.given.items())]
        environment = {"PATH": os.environ["PATH"], **self.environment}
        done = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False, env=environment)
        lines = [line for line in done.stdout.split("\n") if line and not line.startswith("make")]
        return None if done.returncode else [" ".join(line.split()) for line in lines]

    def read(self) -> list[str] | None:
        """The lines that are read; None where they hang on what is not known."""
        given, environment = (tuple(sorted(one.items())) for one in (self.given, self.environment))
        file = Text(self.string, "Makefile").parsed(makefile.parse, given, environment)
        rule = file.rule("test")
        assert rule is not None
        scripts = Expansion(file, self.given, self.environment, ".").scripts(rule[0], "test", "")
        lines = [" ".join(one.string.split()) for one in scripts]
        return None if any(OPAQUE in line for line in lines) else lines
