"""The changes of files as a patch that `git apply` takes."""

from __future__ import annotations

from difflib import SequenceMatcher

from fr_check.core.record import NamedTuple
from fr_check.core.secrecy import masked_line
from fr_check.core.text import Text

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

_CONTEXT = 3  # lines around a change, as git shows them
_MARK = "\ufeff"  # the byte order mark of UTF-8
_NO_END = "\\ No newline at end of file"
_GUARD = "# a value is masked below: --fix writes it\n"


class Patch(NamedTuple):
    """A patch; `masked` says that a value was hidden, so that it cannot be applied."""

    text: str
    masked: bool


def patch(files: Mapping[str, tuple[str, str]]) -> Patch:
    """The patch that turns the first text of each path into the second. Secrets are masked, also in lines that go.

    Lines around a change that hold a secret are left out where the others tell the place: the patch then still applies.
    """
    lines: list[str] = []
    masked = False
    for path, (before, after) in sorted(files.items()):
        hunks = list(_hunks(path, before, after))
        lines += [f"--- {_quoted(f'a/{path}')}\n", f"+++ {_quoted(f'b/{path}')}\n"] if hunks else []
        for hunk in hunks:
            lines.append(hunk.header)
            # What git finds in the file is the same where only a line that comes is masked: without a line that no
            # patch may have, it would write the mask.
            guarded = {line.sign for line in hunk.lines if line.is_masked} == {"+"}
            for line in hunk.lines:
                masked = masked or line.is_masked
                if guarded and line.is_masked:
                    lines.append(_GUARD)
                    guarded = False
                lines.append(line.shown if line.shown.endswith("\n") else f"{line.shown}\n{_NO_END}\n")
    return Patch("".join(lines), masked)


class _Line(NamedTuple):
    """A line of a hunk with its sign, as it may be shown."""

    sign: str
    shown: str
    is_masked: bool


class _Hunk(NamedTuple):
    """Lines with where they begin in both texts, from 0."""

    old: int
    new: int
    lines: tuple[_Line, ...]

    @property
    def header(self) -> str:
        old, new = (sum(line.sign in f" {sign}" for line in self.lines) for sign in "-+")
        return f"@@ -{_range(self.old, old)} +{_range(self.new, new)} @@\n"


def _range(start: int, count: int) -> str:
    """As in every unified diff: lines from 1, and where there is none the line before."""
    first = start + 1 if count else start
    return f"{first}" if count == 1 else f"{first},{count}"


def _hunks(path: str, before: str, after: str) -> Iterator[_Hunk]:
    # Only a newline ends a line for git: form feeds and U+2028 stand within one.
    old, new = _split(before), _split(after)
    texts = {"-": Text(before.removeprefix(_MARK), path), "+": Text(after.removeprefix(_MARK), path)}

    def line(sign: str, number: int, written: str) -> _Line:
        end = written[len(written.rstrip("\r\n")) :]
        mark = _MARK if written.startswith(_MARK) and not number else ""
        shown = f"{mark}{masked_line(texts['-' if sign == '-' else '+'], number + 1)}{end}"
        return _Line(sign, f"{sign}{shown}", shown != written)

    for group in SequenceMatcher(None, old, new).get_grouped_opcodes(_CONTEXT):
        lines: list[_Line] = []
        for tag, i1, i2, j1, j2 in group:
            if tag == "equal":
                lines += (line(" ", number, new[number]) for number in range(j1, j2))
            else:
                lines += (line("-", number, old[number]) for number in range(i1, i2))
                lines += (line("+", number, new[number]) for number in range(j1, j2))
        yield from map(_without_secrets, _parted(_Hunk(group[0][1], group[0][3], tuple(lines))))


def _parted(hunk: _Hunk) -> Iterator[_Hunk]:
    """The hunk in two, and so on, where a secret stands between changes; git needs one line below each change."""
    changed = [index for index, line in enumerate(hunk.lines) if line.sign != " "]
    for index in range(changed[0] + 2, changed[-1]):
        before, line = hunk.lines[index - 1], hunk.lines[index]
        if line.sign == " " and line.is_masked and before.sign == " " and not before.is_masked:
            head, rest = hunk.lines[:index], hunk.lines[index + 1 :]
            old, new = (sum(one.sign in f" {sign}" for one in head) + 1 for sign in "-+")
            yield hunk._replace(lines=head)
            yield from _parted(_Hunk(hunk.old + old, hunk.new + new, rest))
            return
    yield hunk


def _without_secrets(hunk: _Hunk) -> _Hunk:
    """The hunk without the lines of its context from which on a secret stands; git needs one line below a change."""
    changed = [index for index, line in enumerate(hunk.lines) if line.sign != " "]
    first, last = changed[0], changed[-1]
    above = next((index + 1 for index in range(first - 1, -1, -1) if hunk.lines[index].is_masked), 0)
    end = len(hunk.lines)
    below = next((index for index in range(last + 1, end) if hunk.lines[index].is_masked), end)
    kept = hunk.lines[above : below if below > last + 1 else end]
    return _Hunk(hunk.old + above, hunk.new + above, kept)


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
