"""Patches of repositories with planted secrets: each shows none, and either applies or says that values are masked."""

from __future__ import annotations

import os
import shutil
import subprocess
import tempfile
from functools import partial
from pathlib import Path
from random import Random
from typing import TYPE_CHECKING

from fr_check.core.model import Example
from fr_check.core.registry import all_rules
from fuzzing.canaries import planted
from fuzzing.commands import run
from fuzzing.running import PATCHES, Failure, outcome, packed, unpacked

if TYPE_CHECKING:
    from collections.abc import Iterator

_CURE = ("all", "--unsafe-fixes", "--root")
_SAID = "values that may be secret are masked"


def leaks(seed: str, count: int) -> Iterator[Failure]:
    """Makes so many repositories that can be cured; yields each whose patch shows a secret or does not apply."""
    rng = Random(f"{seed} patches")  # noqa: S311 - it repeats, which is the point
    rules = [rule for rule in all_rules() if rule.fix]
    for _ in range(count):
        rule = rng.choice(rules)
        texts = dict(rule.bad.files if isinstance(rule.bad, Example) else rule.bad)
        if not texts:
            continue
        canary = "none"
        if rng.randrange(3):
            texts, canary = planted(rng, texts)
        if not rng.randrange(4):
            texts = {path: text.replace("\n", "\r\n") for path, text in texts.items()}
        if not rng.randrange(8):
            texts = {path: text.rstrip("\r\n") for path, text in texts.items()}
        files = {path: text.encode() for path, text in texts.items()}
        wrong: list[str] = []
        error, trace = outcome(partial(_extend, wrong, files, canary), 120.0)
        if error or wrong:
            named = f"{rule.id} {(wrong or [''])[0].replace(canary, 'CANARY')[:60]}"
            yield Failure(PATCHES, f"{canary}.json", packed((files, None)), error or named, trace or "\n".join(wrong))


def _extend(wrong: list[str], files: dict[str, bytes], canary: str) -> None:
    wrong += judged(files, canary)


def judged(files: dict[str, bytes], canary: str) -> list[str]:
    """What is wrong with the patch of a repository: it shows the canary, masks no value, or is not what --fix does."""
    folder = Path(tempfile.mkdtemp(prefix="fr-check-fuzzing-"))
    git = ["git", "-C", os.fspath(folder), "-c", "user.name=x", "-c", "user.email=x@x.invalid"]
    git += ["-c", "core.autocrlf=false"]

    def ask(*words: str, given: bytes = b"") -> bytes:
        done = subprocess.run([*git, *words], check=False, capture_output=True, input=given)  # noqa: S603 - git
        return done.stdout if done.returncode == 0 else b"failed: " + done.stderr

    try:
        for path, data in files.items():
            (folder / path).parent.mkdir(parents=True, exist_ok=True)
            (folder / path).write_bytes(data)
        for words in (["init", "-q"], ["add", "-A", "-f"], ["commit", "-q", "-m", "x", "--no-verify"]):
            ask(*words)
        shown, said = run([*_CURE, os.fspath(folder), "--diff"])
        wrong = [f"shown: {line}" for line in f"{shown}\n{said}".split("\n") if canary in line]
        if _SAID in said:
            return [*wrong, *_masked_in_vain(shown, files, canary)]
        if not shown or wrong:
            return wrong
        if (failed := ask("apply", "-", given=shown.encode())).startswith(b"failed"):
            return [f"not applied: {failed.decode('utf-8', 'replace')}"]
        patched = ask("diff")
        ask("checkout", "-q", ".")
        run([*_CURE, os.fspath(folder), "--fix"])
        return [] if ask("diff") == patched else ["--fix does not do what --diff shows"]
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _masked_in_vain(shown: str, files: dict[str, bytes], canary: str) -> Iterator[str]:
    """Lines of a patch that are masked, though nothing was planted, and though the file may be shown as it is."""
    from fr_check.core.secrecy import redact  # noqa: PLC0415 - for this alone

    texts = [data.decode() for data in files.values()]
    if canary == "none" and not any("***" in redact(text, path) for path, text in zip(files, texts, strict=True)):
        yield from (f"in vain: {line}" for line in shown.split("\n") if "***" in line)


def replayed(path: str, data: bytes) -> str:
    """What is still wrong with a repository of the corpus (its canary is the file's name); empty if nothing is."""
    wrong: list[str] = []
    error, _ = outcome(partial(_extend, wrong, unpacked(data)[0], path.removesuffix(".json")), 120.0)
    return error or "\n".join(wrong)
