"""Runs commands, each in a process of its own, and tells time and memory as medians and ratios to bare Python."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from statistics import median
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Sequence


class Measurement(NamedTuple):
    """Medians of wall and processor time in seconds, largest resident memory in MB, and the last exit status."""

    seconds: float
    processor: float
    megabytes: int
    status: int


class Budget(NamedTuple):
    """What a command may take at most, None where that is not bounded: `ratio` to bare Python, seconds, megabytes."""

    ratio: float | None = None
    seconds: float | None = None
    megabytes: int | None = None

    def __str__(self) -> str:
        """The bounds in words."""
        parts = [
            *([f"{self.ratio:g} x"] if self.ratio else []),
            *([f"{self.seconds:g} s"] if self.seconds else []),
            *([f"{self.megabytes} MB"] if self.megabytes else []),
        ]
        return f"budget {', '.join(parts)}" if parts else ""

    def is_broken(self, found: Measurement, unit: Measurement) -> bool:
        """Whether a command took more, by wall time: only an idle machine says."""
        taken = (found.seconds / unit.seconds, found.seconds, found.megabytes)
        bounds = (self.ratio, self.seconds, self.megabytes)
        return any(bound is not None and value > bound for value, bound in zip(taken, bounds, strict=True))


def run(command: Sequence[str], folder: str, times: int = 3) -> Measurement:
    """Runs a command so many times; its output goes nowhere."""
    seconds, processor, megabytes, status = [], [], [], 0
    for _ in range(times):
        start = time.perf_counter()
        process = subprocess.Popen(command, cwd=folder, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        _, code, usage = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(code)
        seconds.append(time.perf_counter() - start)
        processor.append(usage.ru_utime + usage.ru_stime)
        # Kilobytes on Linux, bytes on macOS.
        megabytes.append(usage.ru_maxrss // (1024 if sys.platform != "darwin" else 1024 * 1024))
        status = process.returncode
    return Measurement(median(seconds), median(processor), max(megabytes), status)


def bare_python() -> Measurement:
    """What an interpreter costs that does nothing: the unit of the ratios."""
    return run([sys.executable, "-c", "pass"], ".", 9)


def show(title: str, rows: Sequence[tuple[str, Measurement, Budget | str]], unit: Measurement) -> int:
    """Prints a table: wall and processor time, both also as ratios to bare Python, memory, exit status, remark.

    Returns how many budgets are broken.
    """
    print(f"\n{title}")
    width = max(len(name) for name, *_ in rows)
    broken = 0
    for name, found, remark in rows:
        wall, processor = found.seconds / unit.seconds, found.processor / unit.processor
        times = f"{found.seconds:7.3f} s {wall:7.1f} x  {found.processor:7.3f} s {processor:7.1f} x cpu"
        over = isinstance(remark, Budget) and remark.is_broken(found, unit)
        broken += over
        said = f"{remark}{': BROKEN' if over else ''}"
        print(f"  {name:<{width}}  {times}  {found.megabytes:5d} MB  exit {found.status}  {said}".rstrip())
    return broken
