"""Planted secrets in what whole commands print: patches, fixes, traces, new variables, renamings, histories."""

from __future__ import annotations

import contextlib
import io
import os
import re
import shutil
import subprocess
import tempfile
from functools import partial
from pathlib import Path
from random import Random
from typing import TYPE_CHECKING

from fr_check.app.cli import main
from fuzzing.canaries import broken, planted
from fuzzing.running import COMMANDS, Failure, outcome, packed, unpacked

if TYPE_CHECKING:
    from collections.abc import Iterator

    from fuzzing.repositories import States

_NAME = re.compile(r"\b[A-Z][A-Z0-9_]{3,40}\b")


def leaks(seed: str, count: int) -> Iterator[Failure]:
    """Makes so many repositories on the disk; yields each whose canary a command shows, or where one fails."""
    rng = Random(f"{seed} commands")  # noqa: S311 - it repeats, which is the point
    for _ in range(count):
        texts, canary = planted(rng)
        files = {path: broken(text, canary, rng).encode("utf-8", "surrogatepass") for path, text in texts.items()}
        made: dict[str, str] = {}
        error, trace = outcome(partial(_update, made, files), 120.0)
        if error:
            yield Failure(COMMANDS, f"{canary}.json", packed((files, None)), error, trace)
        told = [f"{name}: {line}" for name, output in made.items() for line in output.split("\n") if canary in line]
        if told:
            around = [line for text in texts.values() for line in text.split("\n") if canary in line]
            trace = "\n".join([f"canary {canary} in {around}", *told[:3]])
            yield Failure(
                COMMANDS, f"{canary}.json", packed((files, None)), told[0].replace(canary, "CANARY")[:60], trace
            )


def _update(made: dict[str, str], files: dict[str, bytes]) -> None:
    made |= printed(files)


def printed(files: dict[str, bytes]) -> dict[str, str]:
    """All that the commands print about a repository, by command line; raises what a command dies of."""
    folder = Path(tempfile.mkdtemp(prefix="fr-check-fuzzing-"))
    try:
        for path, data in files.items():
            place = folder / path
            place.parent.mkdir(parents=True, exist_ok=True)
            if not place.is_dir():
                place.write_bytes(data)
        git = ["git", "-C", os.fspath(folder), "-c", "user.name=x", "-c", "user.email=x@x.invalid"]
        for words in (["init", "-q"], ["add", "-A", "-f"], ["commit", "-q", "-m", "x", "--no-verify"]):
            subprocess.run([*git, *words], check=False, capture_output=True)  # noqa: S603 - git, as everywhere
        text = "\n".join(data.decode("utf-8", "replace") for data in files.values())
        names = sorted(set(_NAME.findall(text)))[:400]
        found = {" ".join(words): "".join(run([*words, "--root", os.fspath(folder)])) for words in _lines(names)}
        found["init"] = "".join(run(["init", "--hooks", "--accept", "--diff", os.fspath(folder)]))
        found["history"] = "".join(run(["history", "--no-store", os.fspath(folder)]))
        # Last, since they write.
        return found | {
            " ".join(words): "".join(run([*words, "--root", os.fspath(folder)]))
            for words in (["add", "NEW_API_TOKEN", "--kind", "secret"], ["all", "--fix", "--unsafe-fixes", "-v"])
        }
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _lines(names: list[str]) -> Iterator[list[str]]:
    yield ["all", "-v"]
    yield ["all", "--diff"]
    yield ["all", "--unsafe-fixes", "--diff"]
    yield ["config"]
    yield ["matrix"]
    yield ["matrix", "--format", "json"]
    for name in names[:: max(1, len(names) // 3)][:3]:
        yield ["trace", name]
        yield ["trace", name, "--format", "json"]
        yield ["rename", name, f"{name}_NEW", "--diff"]
        yield ["remove", name, "--diff"]
    yield ["add", "NEW_API_TOKEN", "--kind", "secret", "--diff"]
    yield ["add", "NEXT_PUBLIC_NEW", "--kind", "frontend", "--diff"]
    yield ["add", "NEW_SIZE", "--kind", "backend", "--default", "5", "--diff"]


def run(words: list[str]) -> tuple[str, str]:
    """What a command prints, and its errors."""
    raw, errors = io.BytesIO(), io.StringIO()
    out = io.TextIOWrapper(raw, "utf-8", write_through=True)
    with contextlib.redirect_stdout(out), contextlib.redirect_stderr(errors):
        try:
            main(words)
        except SystemExit as stop:
            if stop.code == 70:  # noqa: PLR2004 - a bug, as the sysexits say
                raise RuntimeError(" ".join(words) + errors.getvalue()) from stop
    return raw.getvalue().decode("utf-8", "replace"), errors.getvalue()


def replayed(path: str, data: bytes) -> str:
    """The command that still shows the canary of a repository of the corpus (the file's name), or fails there."""
    canary = path.removesuffix(".json")
    states: States = unpacked(data)
    made: dict[str, str] = {}
    error, _ = outcome(lambda: made.update(printed(states[0])), 120.0)
    return error or next((name for name, output in made.items() if canary in output), "")
