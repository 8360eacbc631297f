"""Options of GNU make after which no recipe can fail it: it runs none (`-n`, `-t`), or passes over failures (`-i`).

They stand on its command line, in MAKEFLAGS or GNUMAKEFLAGS of its environment, or in MAKEFLAGS of the makefile.
Source: the GNU make manual, "Summary of Options" and "Communicating Options to a Sub-make"; make 4.3.
"""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

VALUED = frozenset(
    ("-C", "--directory", "-f", "--file", "--makefile", "-o", "--old-file", "-I", "--include-dir", "-W", "--eval")
)
"""Options that take the next word where none is joined to them; `-j`, `-l` and `-O` take one that is joined only."""
VARIABLES = ("MAKEFLAGS", "GNUMAKEFLAGS")
_JOINED = frozenset("CfoIWjlOE")
_PASSING = {
    "i": "passes over failures",
    "n": "only prints what it would run",
    "t": "only touches files",
    "h": "only prints its help",
    "v": "only prints its version",
}
_LONG = {"--ignore-errors": "i", "--just-print": "n", "--dry-run": "n", "--recon": "n", "--touch": "t", "--help": "h"}
_LONG |= {"--version": "v", "--environment-overrides": "e"}
_SHORTEST = 4  # `--ig`: getopt takes an option by its beginning


def passing(shown: str, words: Sequence[str]) -> str:
    """Why make cannot fail with some words of its command line, as a phrase; empty where it can."""
    for word, letter in _letters(words):
        if letter in _PASSING:
            return f"`{shown} {word}`, which {_PASSING[letter]},"
    return ""


def letters(words: Sequence[str]) -> str:
    """The options among some words of its command line, by their letters."""
    return "".join(letter for _, letter in _letters(words))


def of_variable(name: str, value: str) -> str:
    """As `passing`, of a value of MAKEFLAGS: its first word may be letters without a dash."""
    words = value.split()
    if words and not words[0].startswith("-") and "=" not in words[0]:
        words[0] = f"-{words[0]}"
    found = next((letter for _, letter in _letters(words) if letter in _PASSING), "")
    return f"`{name}={value.strip()}`, with which make {_PASSING[found]}," if found else ""


def of_environment(environment: Mapping[str, str | None]) -> str:
    """As `passing`, of the variables that make starts with."""
    values = ((name, environment.get(name)) for name in VARIABLES)
    return next((found for name, value in values if value and (found := of_variable(name, value))), "")


def _letters(words: Sequence[str]) -> Iterator[tuple[str, str]]:
    """Each option by its letter, with the word that holds it."""
    skipped = False
    for word in words:
        if skipped:
            skipped = False
        elif word == "--":
            return
        elif word.startswith("--"):
            skipped = word in VALUED
            long = next((one for one in _LONG if len(word) >= _SHORTEST and one.startswith(word)), "")
            yield word, _LONG.get(long, "")
        elif word.startswith("-"):
            for at, letter in enumerate(word[1:], 2):
                yield word, letter
                if letter in _JOINED:
                    skipped = at == len(word) and f"-{letter}" in VALUED
                    break
        elif word.startswith("MAKEFLAGS="):
            yield from ((word, letter) for _, letter in _letters([f"-{word.partition('=')[2].lstrip('-')}"]))
