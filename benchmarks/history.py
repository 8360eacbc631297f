"""What `fr-check history` costs, and whether each commit's result is the one that the command gives by itself.

`python -m benchmarks.history REPOSITORY [--until REV] [--commits N]` judges the whole first-parent line with an empty
store, then again with a full one: wall time, processor time of the program with all its processes, the largest
process. Then it judges N commits (100) in five stretches of neighbours, which is what sharing could get wrong, and
holds every field of each against `fr-check all --rev C --base C^ --format json`. The first commit of a stretch is
judged by a process that knows nothing, the last by one that shares with all before it.

The last line tells how fast this machine counts, in seconds of one processor for ten million additions: times of two
machines compare by it. 1 where a result differs, or the second run is over 3 s.
"""

from __future__ import annotations

import argparse
import json
import resource
import subprocess
import sys
import tempfile
import time
from typing import TYPE_CHECKING, Any

from fr_check.core.registry import CHECKERS
from fr_check.history.judging import Session, Task
from fr_check.history.line import read_line
from fr_check.history.worker import open_layout

if TYPE_CHECKING:
    from collections.abc import Sequence

    from fr_check.history.line import Point

_STRETCHES = 5
_AGAIN = 3.0  # seconds
_SAMPLE = 0.5  # seconds, between two looks at the processes' memory


def main() -> int:
    """Prints times, memory and differences."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("repository")
    parser.add_argument("--until", default="HEAD")
    parser.add_argument("--commits", type=int, default=100, help="how many are held against the command")
    parser.add_argument("--only-equality", action="store_true")
    given = parser.parse_args()
    slow = False
    if not given.only_equality:
        _timed("cold", given.repository, given.until, "--fresh")
        slow = _timed("again", given.repository, given.until) > _AGAIN
    points = read_line(open_layout(given.repository), None, given.until).points[1:]
    different = sum(_differences(given.repository, stretch) for stretch in _stretches(points, given.commits))
    print(f"{different} of {min(given.commits, len(points))} commits differ")
    start = time.process_time()
    total = 0
    for number in range(10_000_000):
        total += number
    print(f"this machine: {time.process_time() - start:.2f} s")
    return 1 if different or slow else 0


def _timed(name: str, repository: str, until: str, *options: str) -> float:
    """Runs the command once; the wall seconds that it took."""
    command = [sys.executable, "-m", "fr_check", "history", repository, "--until", until, "--format", "json", *options]
    with tempfile.TemporaryFile() as output:
        before = resource.getrusage(resource.RUSAGE_CHILDREN)
        start = time.perf_counter()
        process = subprocess.Popen(command, stdout=output)
        together = 0
        while process.poll() is None:
            together = max(together, _resident(process.pid))
            time.sleep(_SAMPLE if options else 0.01)
        seconds = time.perf_counter() - start
        after = resource.getrusage(resource.RUSAGE_CHILDREN)
        output.seek(0)
        told = json.load(output)
    processor = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    print(
        f"{name}: {told['judged']['commits']} commits, {seconds:.1f} s, {processor:.1f} s of processors, "
        f"{after.ru_maxrss // 1024} MB the largest process, {together // 1024} MB together"
    )
    return seconds


def _resident(process: int) -> int:
    """The resident memory of a process and all below it, in KB; what they share counts each time."""
    total = 0
    try:
        with open(f"/proc/{process}/status", encoding="ascii") as file:
            total = next((int(line.split()[1]) for line in file if line.startswith("VmRSS:")), 0)
        with open(f"/proc/{process}/task/{process}/children", encoding="ascii") as file:
            return total + sum(map(_resident, map(int, file.read().split())))
    except (OSError, ValueError):
        return total


def _stretches(points: Sequence[Point], count: int) -> list[Sequence[Point]]:
    length = max(1, count // _STRETCHES)
    starts = [(len(points) - length) * number // (_STRETCHES - 1) for number in range(_STRETCHES)]
    return [points[max(0, start) : max(0, start) + length] for start in starts]


def _differences(repository: str, points: Sequence[Point]) -> int:
    session, different = Session(open_layout(repository), Task(tuple(CHECKERS), then=True)), 0
    for point in points:
        ours = json.loads(json.dumps(session.judge(point.commit, point.parent).report))
        alone = _alone(repository, point)
        if ours != alone:
            different += 1
            print(f"{point.commit[:12]} differs: {', '.join(_where(ours, alone))}")
    print(f"{points[0].commit[:12]}..{points[-1].commit[:12]}: {session.replays}")
    session.close()
    return different


def _alone(repository: str, point: Point) -> dict[str, Any]:
    command = [sys.executable, "-m", "fr_check", "all", "--root", repository, "--format", "json", "--exit-zero"]
    done = subprocess.run(
        [*command, "--rev", point.commit, "--base", point.parent or ""], stdout=subprocess.PIPE, check=True
    )
    found: dict[str, Any] = json.loads(done.stdout)
    return found


def _where(ours: dict[str, Any], alone: dict[str, Any]) -> list[str]:
    return [key for key in sorted({*ours, *alone}) if ours.get(key) != alone.get(key)]


if __name__ == "__main__":
    sys.exit(main())
