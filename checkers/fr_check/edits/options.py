"""Options of configuration files, INI and TOML alike, put in and taken out by their lines."""

from __future__ import annotations

from fr_check.core.edits import Edit, Refused
from fr_check.core.patterns import pattern
from fr_check.core.record import NamedTuple
from fr_check.edits import toml
from fr_check.edits.lines import delete_lines, insert_after, line_end
from fr_check.sources import ini, toml_places

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence

    from fr_check.core.model import Span
    from fr_check.core.text import Text

_OPTION = pattern(r"(?P<indent>[ \t]*)[\w.-]+(?P<sign>[ \t]*[=:][ \t]*)\S")
_LEFT = Refused("the option is written in a way that is left to its author")


class _Section(NamedTuple):
    """A section: the line of its header, and the last line of its options; the lines on which options begin."""

    header: int
    last: int
    begins: tuple[int, ...]


def add_option(text: Text, names: Sequence[str], name: str, value: str, beside: Sequence[str] = ()) -> Edit | Refused:
    """Puts an option last into the first section of these names; without one, a section of the first name is made.

    The section made stands below the first that is `beside` it, else at the end of the file.
    """
    sections = _sections(text)
    if isinstance(sections, Refused):
        return sections
    own = next((sections[one] for one in names if one in sections), None)
    if own is not None:
        found = next((m for line in reversed(own.begins) if (m := _OPTION.match(text.line(line)))), None)
        indent, sign = (found["indent"], found["sign"]) if found is not None else ("", " = ")
        return insert_after(text, own.last, f"{indent}{name}{sign if sign.strip() == '=' else ' = '}{value}")
    near = next((sections[one] for one in beside if one in sections), None)
    end = line_end(text, 1)
    made = f"[{names[0]}]{end}{name} = {value}"
    if near is not None:
        return insert_after(text, near.last, f"{end}{made}")
    last = text.line_count
    return insert_after(text, last, f"{end}{made}" if text.string.strip() else made)


def _sections(text: Text) -> dict[str, _Section] | Refused:
    if text.path.endswith(".toml"):
        document = text.parsed(toml_places.parse)
        if document.problems:
            return Refused(f"{text.path} is no TOML")
        headers = {path: place for path, place in document.spans.items() if _is_header(text, place)}
        return {".".join(map(str, path)): _table(document.spans, path, place) for path, place in headers.items()}
    found = text.parsed(ini.parse)
    if found.problems:
        return Refused(f"{text.path} is no INI file that Python reads")
    return {
        section.name: _Section(
            section.span.line,
            max(
                [
                    section.span.line,
                    *(line.span.end_line for option in section.options for line in option.lines if line.string),
                ]
            ),
            tuple(option.span.line for option in section.options),
        )
        for section in found.sections
    }


def _is_header(text: Text, place: Span) -> bool:
    line = text.line(place.line)
    return line.lstrip().startswith("[") and not line[: place.column - 1].strip() and "=" not in line[: place.column]


def _table(spans: dict[toml_places.Path, Span], path: toml_places.Path, place: Span) -> _Section:
    inside = {one: span for one, span in spans.items() if one[: len(path)] == path and span.line > place.line}
    # A table below this one that stands further down, behind another header, is not inside it.
    follows = [span.line for one, span in spans.items() if span.column == 1 and span.line > place.line and one != path]
    until = min(follows, default=1 << 60)
    ends = [span.end_line for span in inside.values() if span.line < until]
    begins = tuple(sorted(span.line for one, span in inside.items() if span.line < until and len(one) == len(path) + 1))
    return _Section(place.line, max([place.line, *ends]), begins)


def remove_word(text: Text, span: Span) -> Edit | Refused:
    """Takes one word out of the list of an option; the last one takes the option along."""
    if text.path.endswith(".toml"):
        return toml.remove_entry(text, span)
    for section in text.parsed(ini.parse).sections:
        for option in section.options:
            if option.span.line <= span.line <= option.span.end_line:
                return _from_option(text, option, span)
    return _LEFT


def _from_option(text: Text, option: ini.IniOption, span: Span) -> Edit | Refused:
    lines = [line for line in option.lines if line.string]
    words = [word for line in lines for word in line.string.replace(",", "\n").split("\n") if word.strip()]
    if len(words) == 1:
        return delete_lines(text, option.span.line, lines[-1].span.end_line)
    line = text.line(span.line)
    if line[: span.column - 1].strip() or line[span.end_column - 1 :].strip(", \t"):
        start, end = text.offsets(span)
        return toml.between_commas(text, start, end)
    return delete_lines(text, span.line, span.line)
