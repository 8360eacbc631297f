"""`python -m fuzzing [READER ...]`: for FUZZ_SECONDS (300), from FUZZ_SEED (the date); status 1 if anything failed."""

from __future__ import annotations

import contextlib
import os
import sys
import time
from collections import Counter
from datetime import UTC, datetime

from fuzzing import canaries, commands, patches
from fuzzing.readers import readers
from fuzzing.running import CANARIES, COMMANDS, PATCHES, REPOSITORIES, drive, keep, smaller

# So many inputs of one reader before the next has its turn; of whole runs fewer.
_TURN = {REPOSITORIES: 3, CANARIES: 3, COMMANDS: 1, PATCHES: 2}
_LEAKS = {CANARIES: canaries.leaks, COMMANDS: commands.leaks, PATCHES: patches.leaks}


def main() -> int:
    """Drives the readers in turn; returns the exit status."""
    seconds, seed = float(os.environ.get("FUZZ_SECONDS", "300")), os.environ.get("FUZZ_SEED") or str(datetime.now(UTC))
    names = sys.argv[1:] or [*readers(), REPOSITORIES, *_LEAKS]
    counts, seen = Counter[str](), set[tuple[str, str]]()
    with contextlib.suppress(KeyboardInterrupt):  # what was done until then is told
        _drive(names, seed, time.monotonic() + seconds, counts, seen)
    least = min(counts[name] for name in names)
    print(
        f"{counts.total():,} inputs of {len(names)} readers, {least:,} or more each, "
        f"{len(seen)} kinds of failure (FUZZ_SEED={seed!r})"
    )
    return 1 if seen else 0


def _drive(names: list[str], seed: str, end: float, counts: Counter[str], seen: set[tuple[str, str]]) -> None:
    turn = 0
    while time.monotonic() < end:
        for name in names:
            number, again = _TURN.get(name, 40), f"{seed} {turn}"
            for failure in _LEAKS[name](again, number) if name in _LEAKS else drive(name, again, number):
                if (failure.reader, failure.error) in seen:
                    continue
                seen.add((failure.reader, failure.error))
                kept = keep(failure if failure.reader in _LEAKS else smaller(failure))
                print(f"{failure.reader}: {failure.error}: {kept}\n{failure.trace}", flush=True)
            counts[name] += number
            if time.monotonic() > end:
                break
        turn += 1


if __name__ == "__main__":
    sys.exit(main())
