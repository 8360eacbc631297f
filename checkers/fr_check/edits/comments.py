"""Which comment lines above an entry are its own, and go with it, and which head several and stay.

One answer for lines of variables, keys of YAML and TOML, and fields of a class.
"""

from __future__ import annotations

from fr_check.core.patterns import pattern
from fr_check.edits.lines import delete_lines

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Set as AbstractSet

    from fr_check.core.edits import Edit
    from fr_check.core.text import Text

# A line drawn around a title, or in place of one: `# --- Redis ---`, `## Redis`, `# ====`.
_DRAWN = pattern(r"#{2,}|#\s*[-=*~_+#]{2,}|.*[-=*~_+#]{3,}\s*$")
# What speaks of more than one entry.
_SEVERAL = pattern(r"(?i)\b(?:these|those|both|ones|following|next|all|every|settings|variables|options|keys)\b")
_WORD = pattern(r"[A-Za-z0-9]+")
_NAME = pattern(r"(?:export\s+|ENV\s+|ARG\s+|\{\s*\w+\s*=\s*|-\s+)*[\"']?([A-Za-z_][\w.-]*)")


def without_entry(text: Text, first: int, last: int, name: str, *, signs: tuple[str, ...] = ("#",)) -> Edit:
    """Takes out an entry of lines `first` to `last` with the comments of its own; one stretch of blank lines stays."""
    start = begin_with_comments(text, first, last, name, signs=signs)
    if start > 1 and not text.line(start - 1).strip() and (last >= text.line_count or not text.line(last + 1).strip()):
        start -= 1
    return delete_lines(text, start, last)


def begin_with_comments(
    text: Text,
    first: int,
    last: int,
    name: str,
    *,
    entries: AbstractSet[int] = frozenset(),
    signs: tuple[str, ...] = ("#",),
) -> int:
    """The line, from 1, that an entry of lines `first` to `last` begins on together with the comments of its own.

    Comments are its own that stand right above it and are as deep, but for the title of a section in which other
    entries are left: one that is drawn with signs, that speaks of several, or that begins a block of several and does
    not name this one. `entries` are the lines of entries that stand in comments themselves, `signs` what a comment
    begins with.
    """
    depth = _depth(text.line(first))

    def is_comment(line: int) -> bool:
        written = text.line(line)
        return written.lstrip().startswith(signs) and _depth(written) == depth and line not in entries

    above = first
    while above > 1 and is_comment(above - 1):
        above -= 1
    if above == first:
        return first
    following = last + 1
    while following <= text.line_count and is_comment(following):
        if _DRAWN.match(text.line(following).strip()):
            # The next section begins.
            return above
        following += 1
    if not _is_sibling(text, following, depth):
        return above
    own = max((line + 1 for line in range(above, first) if _DRAWN.match(text.line(line).strip())), default=above)
    if following > last + 1:
        # The next one has a comment of its own, and so has this one.
        return own
    words = set(_words(" ".join(text.line(line) for line in range(own, first))))
    mine, theirs = _words(name), _words(_name(text.line(following)))
    apart = set(mine) - set(theirs)
    names_it = bool(apart) and apart <= words
    if _SEVERAL.search(" ".join(text.line(line) for line in range(own, first))) or words <= set(mine) & set(theirs):
        return first
    begins_block = own > above or above == 1 or not text.line(above - 1).strip()
    return own if names_it or not begins_block else first


def _is_sibling(text: Text, line: int, depth: int) -> bool:
    written = text.line(line) if line <= text.line_count else ""
    return bool(written.strip()) and _depth(written) >= depth and not written.lstrip().startswith(("[", "]", "}"))


def _depth(line: str) -> int:
    return len(line) - len(line.lstrip())


def _name(line: str) -> str:
    found = _NAME.match(line.strip().lstrip("# "))
    return found[1] if found is not None else ""


def _words(written: str) -> list[str]:
    return [word.lower() for word in _WORD.findall(written.replace("_", " "))]
