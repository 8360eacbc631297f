"""The changes of files as a patch that `git apply` takes."""

from __future__ import annotations

from difflib import unified_diff

from fr_check.core.record import NamedTuple
from fr_check.core.secrecy import redact

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

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
        for line in _lines(path, before, after):
            shown = (
                line[:1] + redact(line[1:])
                if line[:1] in {"+", "-", " "} and not line.startswith(("---", "+++"))
                else line
            )
            masked = masked or shown != line
            lines.append(shown)
    return Patch("".join(lines), masked)


def _lines(path: str, before: str, after: str) -> Iterator[str]:
    # Only a newline ends a line for git: form feeds and U+2028 stand within one.
    old, new = (_split(text) for text in (before, after))
    names = _quoted(f"a/{path}"), _quoted(f"b/{path}")
    for line in unified_diff(old, new, *names):
        yield line if line.endswith("\n") else f"{line}\n{_NO_END}\n"


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
