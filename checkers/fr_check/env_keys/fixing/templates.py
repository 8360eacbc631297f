"""Edits of secrets templates: which of them are the repository's own, and the lines of a key."""

from __future__ import annotations

from fr_check.core.edits import Edit, Refused
from fr_check.core.patterns import pattern
from fr_check.edits.comments import without_entry
from fr_check.edits.template import COMMENTS

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable

    from fr_check.core.edits import TextOf
    from fr_check.core.model import Location
    from fr_check.core.text import Text
    from fr_check.env_keys.apps.model import TemplateSource
    from fr_check.env_keys.facts import Facts

_OPENS = pattern(r"\{\{-? *(?:if|with|range|block|define)\b")
_CLOSES = pattern(r"\{\{-? *end *-?\}\}")
_LAST_END = pattern(r"\{\{-? *end *-?\}\}$")
_ACTION = pattern(r"\{\{.*?\}\}")
_NAMED = pattern(r"[^=]*?(?P<name>[A-Za-z_]\w*)=")
_ASSIGNMENT = pattern(r"(?P<head>\s*(?:\{\{ (?:with|if) [^{}]*\}\})?(?:export +)?)(?P<name>[A-Za-z_]\w*)=")


def own(facts: Facts, location: Location, text_of: TextOf) -> TemplateSource | Refused | None:
    """The template of a place, if it is a file of this repository; None where no template stands there."""
    path = location.path
    source = next((one for app in facts.backends for one in app.templates if one.text.path == path), None)
    if source is None:
        return None
    if source.text.revision is not None or text_of(path) is None:
        line = f", line {location.span.line}" if location.span is not None else ""
        return Refused(f"{path} is in a submodule: change it there{line}, merge that, and move the pointer")
    if source.inline is not None:
        return Refused("the template stands inside the configuration of its agent")
    return source


def value_of(text: Text, name: str, number: int) -> tuple[int, str, str] | None:
    """Of a line that assigns `name` and nothing else: the offset of the value, what stands before the name, the value.

    What stands before may be a condition that is opened on the line. None for any other line.
    """
    line = text.line(number)
    found = _ASSIGNMENT.match(line)
    if found is None or found["name"] != name:
        return None
    return text.offset(number) + found.end(), found["head"], line[found.end() :]


def without_end(head: str, value: str) -> str | None:
    """The value of a line without the `{{ end }}` of the condition that is opened before the name, where both stand.

    None where the blocks of the value are not its own.
    """
    value = value.rstrip()
    closing = _LAST_END.search(value) if balanced(head) == 1 and balanced(value) == -1 else None
    if closing is not None:
        value = value[: closing.start()].rstrip()
    return None if balanced(value) else value


def balanced(line: str) -> int:
    """How many blocks a line leaves open; negative for one that closes what others opened."""
    return len(_OPENS.findall(line)) - len(_CLOSES.findall(line))


def remove_lines_of(text: Text, numbers: Iterable[int]) -> tuple[Edit, ...] | Refused:
    """Takes out the line of a key, with the condition around nothing else and with the comments of its own."""
    edits = []
    for number in sorted(set(numbers)):
        first, last = _whole(text, number)
        if sum(balanced(text.line(line)) for line in range(first, last + 1)):
            return Refused(f"line {number} of {text.path} opens or closes a block around other lines")
        name = next((found["name"] for line in range(first, last + 1) if (found := _NAMED.match(text.line(line)))), "")
        edits.append(without_entry(text, first, last, name, signs=COMMENTS))
    return tuple(edits)


def _whole(text: Text, number: int) -> tuple[int, int]:
    below = text.line(number + 1)
    closed = not _ACTION.sub("", below).strip() and balanced(below) == -1
    own_balance = balanced(text.line(number))
    if own_balance == 1 and closed:
        return number, number + 1
    above = text.line(number - 1)
    asks = not _ACTION.sub("", above).strip() and balanced(above) == 1 and " secret " not in above
    if own_balance == 0 and closed and asks and below.count("{{") == 1:
        return number - 1, number + 1
    return number, number
