"""Plants secrets of every shape in every kind of file, breaks the syntax around them, and looks for them everywhere."""

from __future__ import annotations

from functools import partial
from random import Random
from typing import TYPE_CHECKING

from fuzzing.mutations import mutated
from fuzzing.repositories import shown
from fuzzing.running import CANARIES, REPOSITORIES, Failure, outcome, packed, unpacked
from fuzzing.seeds import files, repositories
from fuzzing.shapes import SHAPES

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from fuzzing.repositories import States

_NAMES = (
    *("DB_PASSWORD", "API_TOKEN", "SECRET_KEY", "dbPassword", "DBPASSWORD", "api_key", "apiKey", "PRIVATE_KEY"),
    *("S3_SECRET_KEY", "SMTP_PASS", "JWT_SECRET", "NEXT_PUBLIC_API_TOKEN", "GITHUB_TOKEN", "client-secret"),
)
_LETTERS = "abcdefghjkmnpqrstuvwxyzABCDEFGHJKLMNPQRSTUVWXYZ23456789"


def planted(rng: Random, given: Mapping[str, str] | None = None) -> tuple[dict[str, str], str]:
    """An example repository, or that which is given, with one canary in one to three of its files, and the canary."""
    found = dict(given or rng.choice(repositories()))
    if not given and rng.randrange(2):
        found |= rng.choice(repositories())
    canary = "".join(rng.choice(_LETTERS) for _ in range(9)) + rng.choice(("", "-", "_", ".", "+")) + "7Qz"
    for path in rng.sample(sorted(found), min(len(found), rng.choice((1, 2, 3)))):
        found[path] = _with(found[path], path, canary, rng)
    if rng.randrange(6) == 0:
        found = {path: text.replace("\n", "\r\n") for path, text in found.items()}
    return found, canary


def _with(text: str, path: str, canary: str, rng: Random) -> str:
    shapes = next(shapes for ends, shapes in SHAPES if path.endswith(ends))
    lines = text.split("\n")
    at = rng.randrange(len(lines) + 1)
    # Where its neighbours are, so that the file stays what it is as often as not.
    near = lines[min(at, len(lines) - 1)]
    indent = near[: len(near) - len(near.lstrip())]
    name = rng.choice(_NAMES)
    value = rng.choice(shapes).format(n=name, v=name.replace("-", "_"), c=canary)
    lines[at:at] = [indent + line for line in value.split("\n")]
    return "\n".join(lines)


def broken(text: str, canary: str, rng: Random) -> str:
    """The text with something broken beside the canary, which stays whole, and stays behind its name."""
    if rng.randrange(3) == 0:
        return text
    others = [other for _, other in files()]
    start = text.find(canary)
    if start < 0:
        return text
    # Nothing is broken between the first and the last: a value whose name was broken is no secret any more.
    line, end = text.rfind("\n", 0, max(0, start - 200)) + 1, text.find("\n", text.rfind(canary))
    end = len(text) if end < 0 else end
    if rng.randrange(2):
        return mutated(text[:line], others, rng) + "\n" + text[line:]
    return text[:end] + rng.choice(("", "\n")) + mutated(text[end:], others, rng)


def leaks(seed: str, count: int) -> Iterator[Failure]:
    """Makes so many repositories; yields each whose canary is shown anywhere."""
    rng = Random(f"{seed} canaries")  # noqa: S311 - it repeats, which is the point
    for _ in range(count):
        texts, canary = planted(rng)
        files = {path: broken(text, canary, rng).encode("utf-8", "surrogatepass") for path, text in texts.items()}
        base = (
            {**files, **{path: text.encode() for path, text in planted(rng)[0].items()}} if rng.randrange(2) else None
        )
        made: dict[str, str] = {}
        error, trace = outcome(partial(_update, made, (files, base)), 20.0)
        if error:
            yield Failure(REPOSITORIES, "states.json", packed((files, base)), error, trace)
        told = [f"{name}: {line}" for name, output in made.items() for line in output.split("\n") if canary in line]
        if told:
            around = [line for text in texts.values() for line in text.split("\n") if canary in line]
            trace = "\n".join([f"canary {canary} in {around}", *told[:3]])
            yield Failure(CANARIES, f"{canary}.json", packed((files, base)), _kind(told[0], canary), trace)


def _update(made: dict[str, str], states: States) -> None:
    made |= shown(states)


def replayed(path: str, data: bytes) -> str:
    """The output in which a repository of the corpus still shows its canary (the file's name); empty if in none."""
    canary = path.removesuffix(".json")
    return next((name for name, output in shown(unpacked(data)).items() if canary in output), "")


def _kind(line: str, canary: str) -> str:
    return line.replace(canary, "CANARY")[:60]
