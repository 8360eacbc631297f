"""The changes of files as a patch that `git apply` takes."""

from __future__ import annotations

from difflib import unified_diff

from fr_check.core.patterns import pattern
from fr_check.core.record import NamedTuple
from fr_check.core.secrecy import masked_line
from fr_check.core.text import Text

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

_HUNK = pattern(r"@@ -(\d+)(?:,\d+)? \+(\d+)")
_NO_END = "\\ No newline at end of file"


class Patch(NamedTuple):
    """A patch; `masked` says that a value was hidden, so that it cannot be applied."""

    text: str
    masked: bool


def patch(files: Mapping[str, tuple[str, str]]) -> Patch:
    """The patch that turns the first text of each path into the second. Secrets are masked, also in lines that go."""
    lines: list[str] = []
    masked = False
    for path, (before, after) in sorted(files.items()):
        for line, shown in _lines(path, before, after):
            masked = masked or shown != line
            lines.append(shown if shown.endswith("\n") else f"{shown}\n{_NO_END}\n")
    return Patch("".join(lines), masked)


def _lines(path: str, before: str, after: str) -> Iterator[tuple[str, str]]:
    """Each line of the patch, and how it may be shown."""
    # Only a newline ends a line for git: form feeds and U+2028 stand within one.
    texts = {"-": Text(before, path), "+": Text(after, path)}
    numbers = {"-": 0, "+": 0}
    for line in unified_diff(_split(before), _split(after), _quoted(f"a/{path}"), _quoted(f"b/{path}")):
        header = _HUNK.match(line)
        if header:
            numbers = {"-": int(header[1]), "+": int(header[2])}
        if header or (line.startswith(("---", "+++")) and not numbers["+"]):
            yield line, line
            continue
        side = "-" if line[0] == "-" else "+"
        end = line[len(line.rstrip("\r\n")) :]
        yield line, f"{line[0]}{masked_line(texts[side], numbers[side])}{end}"
        for sign in ("-", "+"):
            numbers[sign] += line[0] in {sign, " "}


def _split(text: str) -> list[str]:
    lines = text.split("\n")
    last = lines.pop()
    return [f"{line}\n" for line in lines] + ([last] if last else [])


def _quoted(path: str) -> str:
    """A path as git writes it: in quotes where it holds what could be taken for something else."""
    if path.isprintable() and not any(sign in path for sign in '"\\'):
        return path
    inside = "".join(
        chr(byte) if 0x20 <= byte < 0x7F and byte not in b'"\\' else f"\\{byte:03o}"  # noqa: PLR2004 - ASCII
        for byte in path.encode("utf-8", "surrogateescape")
    )
    return f'"{inside}"'
