"""One input at a time, under a limit of processor time; what failed, made smaller, and kept."""

from __future__ import annotations

import gc
import hashlib
import json
import signal
import traceback
import warnings
from collections.abc import Iterator
from functools import partial
from pathlib import Path
from random import Random
from typing import TYPE_CHECKING, NamedTuple

from fr_check.core.record import NamedTuple as Record
from fuzzing.mutations import damaged, mutated
from fuzzing.readers import Reader, readers
from fuzzing.repositories import States, pair, shown

if TYPE_CHECKING:
    from collections.abc import Callable

CORPUS = Path(__file__).parents[1] / "tests" / "corpus"
# Seconds of processor time for a megabyte, which is what is promised, and for any shorter input.
LIMIT, LEAST = 2.0, 1.0
_TRIES = 150
REPOSITORIES, CANARIES, COMMANDS, PATCHES = "repositories", "canaries", "commands", "patches"


class TooSlow(BaseException):
    """The limit was reached: not an Exception, which some code might take for its own."""


class Failure(NamedTuple):
    """An input that failed: of which reader, how, and where in the code."""

    reader: str
    path: str
    data: bytes
    error: str
    trace: str


def outcome(work: Callable[[], object], limit: float = LIMIT) -> tuple[str, str]:
    """The exception that some work ends with, as type and place, with its traceback; two empty strings if with none.

    Too slow is what is too slow twice: the first time pays for imports, tables, and what the collector finds to do.
    """
    error, trace = _outcome(work, limit)
    return _outcome(work, limit) if error.startswith(TooSlow.__name__) else (error, trace)


def _outcome(work: Callable[[], object], limit: float) -> tuple[str, str]:

    def stop(*_: object) -> None:
        raise TooSlow

    # A collection goes through all that other inputs have left behind, and takes longer the more that is.
    collects = gc.isenabled()
    gc.disable()
    before = signal.signal(signal.SIGVTALRM, stop)
    signal.setitimer(signal.ITIMER_VIRTUAL, limit)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error")
            exhaust(work())
    except (Exception, TooSlow) as error:  # noqa: BLE001 - that is what is looked for
        frames = traceback.extract_tb(error.__traceback__)
        ours = [frame for frame in frames if "fr_check" in frame.filename] or list(frames)
        last = ours[-1]
        place = "" if isinstance(error, TooSlow) else f" {last.filename.rpartition('/fr_check/')[2]}:{last.lineno}"
        return f"{type(error).__name__}{place}", "".join(traceback.format_exception(error)[-12:])
    finally:
        signal.setitimer(signal.ITIMER_VIRTUAL, 0)
        signal.signal(signal.SIGVTALRM, before)
        if collects:
            gc.enable()
    return "", ""


def _limit(data: bytes) -> float:
    return max(LEAST, LIMIT * len(data) / 1_000_000)


def exhaust(value: object) -> None:
    """Takes what is made on demand: an iterator, and the fields of a record."""
    if isinstance(value, Iterator):
        for _ in value:
            pass
    elif isinstance(value, Record):
        for part in value:
            exhaust(part)


def inputs(reader: Reader, rng: Random) -> Iterator[tuple[str, bytes]]:
    """Endless mutated inputs of a reader, each with the path of what it came from."""
    others = [text for _, text in reader.seeds]
    while True:
        path, text = rng.choice(reader.seeds)
        yield path, damaged(mutated(text, others, rng).encode("utf-8", "surrogatepass"), rng)


def drive(name: str, seed: str, count: int) -> Iterator[Failure]:
    """Gives a reader, or whole runs (`repositories`), so many inputs."""
    rng = Random(f"{seed} {name}")  # noqa: S311 - it repeats, which is the point
    if name == REPOSITORIES:
        for _ in range(count):
            states = pair(rng)
            error, trace = outcome(partial(shown, states), 10 * LIMIT)
            if error:
                yield Failure(name, "states.json", packed(states), error, trace)
        return
    reader, made = readers()[name], inputs(readers()[name], rng)
    for _ in range(count):
        path, data = next(made)
        error, trace = outcome(partial(reader.read, data, path), _limit(data))
        if error:
            yield Failure(name, path, data, error, trace)


def packed(states: States) -> bytes:
    """Two states of a repository in one file of the corpus."""
    return json.dumps(
        [None if files is None else {path: data.decode("latin-1") for path, data in files.items()} for files in states]
    ).encode()


def unpacked(data: bytes) -> States:
    """What was packed."""
    now, base = (
        None if files is None else {path: text.encode("latin-1") for path, text in files.items()}
        for files in json.loads(data)
    )
    return now or {}, base


def replayed(name: str, path: str, data: bytes) -> str:
    """What an input of the corpus ends with now: empty, or the exception."""
    if name == REPOSITORIES:
        return outcome(partial(shown, unpacked(data)), 10 * LIMIT)[0]
    known = readers()
    # A reader may have another name by now: then all are tried.
    chosen = [known[name]] if name in known else list(known.values())
    ends = (outcome(partial(reader.read, data, path), _limit(data))[0] for reader in chosen)
    return next(filter(None, ends), "")


def smaller(failure: Failure) -> Failure:
    """A shorter input that fails in the same way."""
    data, tries = failure.data, 0
    if failure.error.startswith(TooSlow.__name__):
        return failure
    if failure.reader == REPOSITORIES:
        return failure._replace(data=packed(_fewer(failure)))
    size = len(data) // 2
    while size and tries < _TRIES:
        at = 0
        while at < len(data) and tries < _TRIES:
            tries += 1
            shorter = data[:at] + data[at + size :]
            if replayed(failure.reader, failure.path, shorter) == failure.error:
                data = shorter
            else:
                at += size
        size //= 2
    return failure._replace(data=data)


def _fewer(failure: Failure) -> States:
    """The states of a repository without the files that do not matter."""
    now, base = unpacked(failure.data)
    candidates: list[States] = [(now, None)] if base is not None else []
    candidates += [({path: data for path, data in now.items() if path != gone}, base) for gone in now]
    for state in candidates:
        if replayed(failure.reader, "", packed(state)) == failure.error:
            return _fewer(failure._replace(data=packed(state)))
    return now, base


def keep(failure: Failure) -> Path:
    """Writes an input to the corpus; the name of the file ends with that of the file it stands for."""
    folder = CORPUS / failure.reader.replace("/", "-").replace(" ", "_")
    folder.mkdir(parents=True, exist_ok=True)
    digest = hashlib.sha256(failure.data).hexdigest()[:8]
    file = folder / f"{digest}-{failure.path.replace('/', '%')}"
    file.write_bytes(failure.data)
    return file
