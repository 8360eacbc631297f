"""How a text is changed: a few edits of many kinds, decided by a random generator alone, so that each run repeats."""

from __future__ import annotations

from typing import TYPE_CHECKING

from fuzzing.seeds import fragments

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from random import Random

LONGEST = 200_000


def mutated(text: str, others: Sequence[str], rng: Random) -> str:
    """A text after one to six edits, of at most LONGEST characters."""
    for _ in range(rng.choice((1, 1, 1, 2, 3, 6))):
        text = rng.choice(_EDITS)(text, others, rng)[:LONGEST]
    return text


def damaged(data: bytes, rng: Random) -> bytes:
    """Bytes that are, one time in eight, no longer the text they were."""
    if not data or rng.randrange(8):
        return data
    at = rng.randrange(len(data))
    kind = rng.randrange(4)
    if kind == 0:
        return data[:at] + bytes((rng.randrange(256),)) + data[at + 1 :]
    if kind == 1:
        return data[:at]
    return data[:at] + rng.choice((b"\xff", b"\0", b"\xc3", b"\xe2\x80", b"\xef\xbb\xbf")) + data[at:]


def _cut(text: str, others: Sequence[str], rng: Random) -> str:
    del others
    start = rng.randrange(len(text) + 1)
    return text[:start] + text[start + rng.choice((1, 1, 2, 5, 20, 200)) :]


def _inserted(text: str, others: Sequence[str], rng: Random) -> str:
    del others
    at = rng.randrange(len(text) + 1)
    return text[:at] + rng.choice(fragments()) + text[at:]


def _repeated(text: str, others: Sequence[str], rng: Random) -> str:
    del others
    at = rng.randrange(len(text) + 1)
    return text[:at] + rng.choice(fragments()) * rng.choice((2, 3, 10, 100, 1000)) + text[at:]


def _copied(text: str, others: Sequence[str], rng: Random) -> str:
    del others
    start = rng.randrange(len(text) + 1)
    piece, at = text[start : start + rng.choice((3, 20, 100, 1000))], rng.randrange(len(text) + 1)
    return text[:at] + piece + text[at:]


def _spliced(text: str, others: Sequence[str], rng: Random) -> str:
    other = rng.choice(others) if others else ""
    cut, from_ = rng.randrange(len(text) + 1), rng.randrange(len(other) + 1)
    return (
        text[:cut] + other[from_ : from_ + rng.choice((10, 100, 5000))] + text[cut if rng.randrange(2) else len(text) :]
    )


def _replaced(text: str, others: Sequence[str], rng: Random) -> str:
    del others
    at = rng.randrange(len(text) + 1)
    return text[:at] + rng.choice(fragments()) + text[at + rng.choice((1, 3, 10)) :]


def _lines(text: str, others: Sequence[str], rng: Random) -> str:
    del others
    lines = text.split("\n")
    one, two = rng.randrange(len(lines)), rng.randrange(len(lines))
    kind = rng.choice(("gone", "twice", "swapped", "moved"))
    if kind == "gone":
        del lines[one]
    elif kind == "twice":
        lines.insert(two, lines[one])
    elif kind == "swapped":
        lines[one], lines[two] = lines[two], lines[one]
    else:
        lines[one] = rng.choice(("  ", "\t", "    ", "- ", "# ")) + lines[one]
    return "\n".join(lines)


def _ended(text: str, others: Sequence[str], rng: Random) -> str:
    """Other ends of lines."""
    del others
    return text.replace(
        "\n", rng.choice(("\r", "\r\n", "\n\n", "\x0c\n", "\u2028", "\\\n", "\x85\n")), rng.choice((1, 3, -1))
    )


_EDITS: tuple[Callable[[str, Sequence[str], Random], str], ...] = (
    *(
        _cut,
        _cut,
        _inserted,
        _inserted,
        _inserted,
        _repeated,
        _copied,
        _spliced,
        _replaced,
        _replaced,
        _lines,
        _lines,
        _ended,
    ),
)
