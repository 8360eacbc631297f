"""How a text is changed: a few edits of many kinds, decided by a random generator alone, so that each run repeats.

Half of the edits know that texts have words, numbers, lines and brackets: what they make is often read to its end,
where a random character ends the reading at once.
"""

from __future__ import annotations

import re
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


def _again(text: str, others: Sequence[str], rng: Random) -> str:
    """A piece of the text itself, or of another one, many times in a row."""
    source = text if rng.randrange(3) or not others else rng.choice(others)
    start = rng.randrange(len(source) + 1)
    piece, at = source[start : start + rng.choice((1, 5, 20, 100))], rng.randrange(len(text) + 1)
    if rng.randrange(2):  # whole lines
        start = source.rfind("\n", 0, start) + 1
        piece, at = source[start : source.find("\n", start) + 1 or len(source)], text.rfind("\n", 0, at) + 1
    return text[:at] + piece * rng.choice((2, 3, 10, 100, 600)) + text[at:]


def _nested(text: str, others: Sequence[str], rng: Random) -> str:
    """A piece of the text inside many brackets of one kind, which are now and then not all closed."""
    del others
    opened, closed = rng.choice(_BRACKETS)
    start = rng.randrange(len(text) + 1)
    end = start + rng.choice((0, 1, 10, 80))
    depth = rng.choice((1, 2, 8, 60, 500, 3000))
    shut = depth if rng.randrange(4) else rng.randrange(depth + 1)
    return text[:start] + opened * depth + text[start:end] + closed * shut + text[end:]


def _deeper(text: str, others: Sequence[str], rng: Random) -> str:
    """Keys that are indented more and more, as YAML, Python and INI files nest."""
    del others
    at = text.rfind("\n", 0, rng.randrange(len(text) + 1)) + 1
    line = text[at : text.find("\n", at) + 1 or len(text)] if rng.randrange(2) else rng.choice(_OPENERS)
    depth = rng.choice((2, 5, 30, 200))
    return text[:at] + "".join(" " * level + line.strip("\n") + "\n" for level in range(depth)) + text[at:]


def _numbers(text: str, others: Sequence[str], rng: Random) -> str:
    """Another number in the place of one."""
    del others
    found = list(_NUMBER.finditer(text))
    if not found:
        return text
    place = rng.choice(found)
    return text[: place.start()] + rng.choice(_HUGE) + text[place.end() :]


def _words(text: str, others: Sequence[str], rng: Random) -> str:
    """A word in the place of another one, or the same one everywhere."""
    found = list(_WORD.finditer(text[:20_000]))
    source = found if rng.randrange(2) or not others else list(_WORD.finditer(rng.choice(others)[:20_000]))
    if not found or not source:
        return text
    old, new = rng.choice(found), rng.choice(source)[0]
    if rng.randrange(4) == 0:
        return text.replace(old[0], new)
    return text[: old.start()] + new + text[old.end() :]


def _borrowed(text: str, others: Sequence[str], rng: Random) -> str:
    """Some lines of another file."""
    lines, source = text.split("\n"), (rng.choice(others) if others else text).split("\n")
    at, start = rng.randrange(len(lines) + 1), rng.randrange(len(source))
    lines[at : at + rng.randrange(2)] = source[start : start + rng.choice((1, 1, 3, 10))]
    return "\n".join(lines)


def _odd(text: str, others: Sequence[str], rng: Random) -> str:
    """A character that few expect in the place of one, or of every one like it."""
    del others
    if not text:
        return rng.choice(_CHARACTERS)
    at, new = rng.randrange(len(text)), rng.choice(_CHARACTERS)
    if rng.randrange(6) == 0:
        return text.replace(text[at], new)
    return text[:at] + new + text[at + rng.randrange(2) :]


def _unbalanced(text: str, others: Sequence[str], rng: Random) -> str:
    """One sign of the grammar less, or twice."""
    del others
    found = list(_SIGN.finditer(text[:20_000]))
    if not found:
        return text
    place = rng.choice(found)
    return text[: place.start()] + place[0] * rng.choice((0, 0, 2, 3)) + text[place.end() :]


_NUMBER = re.compile(r"\d+")
_WORD = re.compile(r"[A-Za-z_][\w-]*")
_SIGN = re.compile(r"[^\w\s]")
_BRACKETS = (
    *(("[", "]"), ("{", "}"), ("(", ")"), ("{{", "}}"), ("${{", "}}"), ("${X:-", "}"), ("$(", ")"), ("<a>", "</a>")),
    *(
        ("f(", ")"),
        ('"', '"'),
        ("'", "'"),
        ("`${", "}`"),
        ("`", "`"),
        ("$((", "))"),
        ("- ", ""),
        ("if x; then ", "; fi\n"),
    ),
    *(
        ("{{ if .x }}", "{{ end }}"),
        ("{ ", "; }"),
        ("case x in a) ", ";; esac\n"),
        ("a = {", "}"),
        ("a: [", "]"),
        ("not ", ""),
    ),
    *(
        ("<<E\n", "\nE\n"),
        ("[[a]]\n", ""),
        ("lambda: ", ""),
        ("a.", ""),
        ("!", ""),
        ("&a ", ""),
        ("define A\n", "endef\n"),
    ),
    *(("ifdef A\n", "endif\n"), ("/*", "*/"), ("(?:", ")"), ("{a,", "}"), ("%{ if x }", "%{ endif }"), ('f"{', '}"')),
)
_OPENERS = ("a:", "- a:", "- - a", "if x:", "class A:", "a = b", "? a", "a: &a", "a: |", "x {", "[a.b]", "include: a")
_HUGE = (
    *(
        "0",
        "00",
        "-0",
        "-1",
        "1e400",
        "1e-400",
        "inf",
        "nan",
        "0x" + "f" * 400,
        "0b1",
        "0o9",
        "1_0",
        "1__0",
        "\u0663\u0660",
    ),
    *(
        "4294967296",
        "9" * 20,
        "9" * 400,
        "9" * 4301,
        "9" * 9000,
        "1." + "9" * 5000,
        ".5",
        "5.",
        "1e",
        "\u00b2",
        "\u2168",
        "100%",
    ),
)
_CHARACTERS = (
    *(
        "\0",
        "\x01",
        "\x07",
        "\b",
        "\x0b",
        "\x0c",
        "\x1b[31m",
        "\x1c",
        "\x1d",
        "\x1e",
        "\x7f",
        "\x85",
        "\xa0",
        "\xad",
        "\u0130",
    ),
    *(
        "\u1e9e",
        "\ufb01",
        "\u2028",
        "\u2029",
        "\u200b",
        "\u202e",
        "\ufeff",
        "\ufffd",
        "\uffff",
        "\ud800",
        "\udfff",
        "\U0001f600",
    ),
    *("e\u0301", "\uff1d", "\uff0e", "\u3000", "\u17b5", "\U000e0041", "\r", "\n", "\t", " ", "\r\r\n", "\n\r"),
)

_EDITS: tuple[Callable[[str, Sequence[str], Random], str], ...] = (
    *(_cut, _cut, _inserted, _inserted, _inserted, _repeated, _copied, _spliced, _replaced, _replaced, _lines, _lines),
    *(_ended, _again, _again, _nested, _nested, _deeper, _numbers, _words, _words, _borrowed, _borrowed, _odd, _odd),
    *(_unbalanced, _unbalanced),
)
