"""Makefiles made at random, what GNU make gives the program that a recipe starts, and what `variables/` says.

The service mounts its folder and runs make, of which one recipe runs `printenv -0`.
"""

from __future__ import annotations

import json
import shutil
import subprocess
from collections import Counter
from typing import TYPE_CHECKING

from variables.shell_worlds import GIVEN, PROBE, Chooser, Difference, claims, differences

if TYPE_CHECKING:
    from pathlib import Path

MAKE = shutil.which("make")


class Writer(Chooser):
    """Writes one makefile, and the ones that it includes."""

    values = (
        *("1", "x", "two words", "", '"q"', "$(A)", "$(B)x", "$(C)", "$$A", "${D}"),
        *("$(shell echo s)", "a\\#b", "v # remark"),
    )

    def assignment(self) -> str:
        """A variable that is set."""
        operator = self.pick("=", "=", ":=", "::=", "?=", "+=", "!=")
        value = "echo b" if operator == "!=" else self.value
        blank = self.pick(" ", "", "  ")
        return f"{self.name}{blank}{operator}{blank}{value}"

    def marked(self) -> str:
        return self.pick("", "", "", "export ", "override ", "override export ") + self.assignment()

    def line(self) -> str:
        """A line of the makefile, or several."""
        return self.random.choice((
            self.marked(),
            self.marked(),
            self.marked(),
            f"export {self.name}",
            f"export {self.name} {self.name}",
            f"unexport {self.name}",
            self.pick("export", "unexport", ".EXPORT_ALL_VARIABLES:"),
            f"undefine {self.name}",
            f"define {self.name}\nx\nendef",
            f"export define {self.name}\nx\ny\nendef",
            f"include {self.pick('more.mk', 'a.env', '*.mk')}",
            "-include none.mk",
            f"ifdef {self.name}\n{self.marked()}\nelse\n{self.marked()}\nendif",
            f"ifeq ($({self.name}),1)\nexport {self.name}\nendif",
            f"run: {self.pick('', 'export ', 'override ')}{self.assignment()}",
            f"first: {self.pick('', 'export ', 'private ')}{self.assignment()}",
            f"other: export {self.assignment()}",
            f"r%: {self.pick('', 'export ')}{self.assignment()}",
            f"{self.name} = a\\\n   b",
        ))  # fmt: skip

    def command(self) -> list[str]:
        """The words that the container starts."""
        name = self.name
        words = self.random.choice((
            ["make", "-s"], ["make", "-s"], ["make", "-s", "run"], ["make", "-s", f"{name}=given"], ["make", "-es"],
            ["make", "-s", f"{name}=", "first"], ["env", f"{name}=e", "make", "-s", "first"], ["make", "-s", "outer"],
            ["make", "-s", "outer", f"{name}=given"], ["make", "-es", "outer"], ["make", "-s", f"{name}+=more"],
            ["sh", "-c", f"{name}=sh; export {name} {self.name}; exec make -s first"], ["make", "-s", f"{name}=$(A)"],
            ["sh", "-c", f"{name}=sh make -s {self.name}=c run"], ["make", "-s", f"{name}:=given", "run"],
        ))  # fmt: skip
        return [*words]

    def files(self) -> dict[str, str]:
        """path -> text."""
        lines = [self.line() for _ in range(self.random.randint(1, 6))]
        inner = self.pick(
            PROBE, PROBE, f"{self.name}=own {PROBE}", f"export {self.name}; exec {PROBE}", f"unset {self.name}; {PROBE}"
        )
        more = "".join(f"{self.marked()}\n" for _ in range(self.random.randint(1, 2)))
        plain = "".join(f"{self.name}={self.pick('1', 'x', '')}\n" for _ in range(2))
        targets = f"first: run\nrun:\n\t@{inner}\nouter:\n\t$(MAKE) -s -f inner.mk\nother:\n\t@true\n"
        entries = "".join(f"      {name}: {json.dumps(value)}\n" for name, value in GIVEN.items())
        return {
            "Makefile": ".PHONY: first run outer other\nall: run\n" + "\n".join(lines) + "\n" + targets,
            "more.mk": more,
            "a.env": plain,
            "inner.mk": f"{self.marked()}\n{self.pick('', 'export', 'unexport A')}\nrun:\n\t@{PROBE}\n",
            "compose.yml": (
                "services:\n  web:\n    image: x\n    working_dir: /app\n    volumes: ['.:/app']\n"
                f"    entrypoint: {json.dumps(self.command()).replace('$', '$$')}\n    environment:\n{entries}"
            ),
        }


def real(files: dict[str, str], folder: Path) -> dict[str, str] | None:
    """What make gives the program; None where it stops before it."""
    for path in folder.iterdir():
        path.unlink()
    for path, text in files.items():
        (folder / path).write_text(text)
    words = json.loads(files["compose.yml"].partition("entrypoint: ")[2].partition("\n")[0].replace("$$", "$"))
    done = subprocess.run(
        words, cwd=folder, env=GIVEN, capture_output=True, text=True, timeout=20, check=False, stdin=subprocess.DEVNULL
    )
    if done.returncode or not done.stdout:
        return None
    pairs = (entry.partition("=") for entry in done.stdout.split("\0") if entry)
    return {name: value for name, _, value in pairs}


def compare(seeds: range, folder: Path) -> tuple[list[tuple[int, Difference]], Counter[str]]:
    """Every difference over some makefiles, and how often what was claimed."""
    found, count = [], Counter[str]()
    for seed in seeds:
        files = Writer(seed).files()
        got = real(files, folder)
        count["stopped" if got is None else "ran"] += 1
        if got is not None:
            found += [(seed, one) for one in differences(claims(files, "Makefile"), got, "make", count)]
    return found, count
