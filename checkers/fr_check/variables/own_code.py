"""What Python code does to the environment, and to its settings, by itself.

`os.environ["A"] = ...` beats what a process is given, `os.environ.setdefault` fills what is unset, a keyword in
`Settings(secret_key=...)` beats both.
"""

from __future__ import annotations

from fr_check.core.patterns import matches, pattern
from fr_check.core.text import Text
from fr_check.sources.opaque import Opaque
from fr_check.variables.model import FILL, OVER, REMOVE, Entry, Layer, Literal, Open, Unclear
from fr_check.variables.python_programs import is_gunicorn

TYPE_CHECKING = False
if TYPE_CHECKING:
    import re
    from collections.abc import Iterable, Iterator, Sequence

    from fr_check.core.model import Location
    from fr_check.core.repository import Repository
    from fr_check.sources.settings import SettingsClass
    from fr_check.variables.backends.calls import Keyword
    from fr_check.variables.model import Mode, Value
    from fr_check.variables.programs import Program

_NAME = r"[\"']([A-Za-z_]\w*)[\"']"
_TEXT = r"(?:[\"']([^\"'\\\n]*)[\"'][ \t]*(?:#[^\n]*)?$)?"
# From the begin of a line on, but for the last: it begins with letters of its own, which are found as fast as a word.
_SET = pattern(rf"([ \t]*)(?:os\.)?environ\[[ \t]*{_NAME}[ \t]*\][ \t]*=(?!=)[ \t]*{_TEXT}", 8)
_FILLED = pattern(
    rf"([ \t]*)(?:os\.)?environ\.setdefault\([ \t]*{_NAME}[ \t]*,[ \t]*(?:[\"']([^\"'\\\n]*)[\"'][ \t]*\))?"
)
_TAKEN = pattern(rf"([ \t]*)(?:del[ \t]+(?:os\.)?environ\[[ \t]*|(?:os\.)?environ\.pop\([ \t]*){_NAME}")
_UPDATED = pattern(
    r"raw_env(?<=\braw_env)[ \t]*=(?!=)[^\n]*"
    r"|environ(?<=\benviron)(?:\.update\([^\n]*|[ \t]*\|=[^\n]*|\[[ \t]*[^\"'\s\]][^\]\n]*\][ \t]*=(?!=)[^\n]*)"
)


def layers(program: Program, repository: Repository) -> Iterator[Layer]:
    """What its code sets before the settings are made; perhaps, where that is not at the head of their own file."""
    for path in repository.texts_with(program.code, _changes):
        text = repository.read(path)
        if isinstance(text, Text):
            # The same files are the code of many programs.
            yield from text.parsed(_of_file, path in program.settings)


def of_server(words: Sequence[str | None], where: Location) -> Iterator[Layer]:
    """What gunicorn puts into the environment of its workers: `-e NAME=VALUE`, `raw_env` of the file that it reads."""
    if not is_gunicorn(words):
        return
    for index, word in enumerate(words):
        option, equals, value = (word or "").partition("=")
        given = value if equals else (words[index + 1] if index + 1 < len(words) else None)
        if option not in {"-e", "--env"}:
            continue
        name, _, text = (given or "").partition("=")
        if name.isidentifier():
            yield Layer(
                "own-sources", f"`{option}` of gunicorn", {name: Entry(name, Literal(Opaque(text)), where)}, where
            )
        else:
            opened = Open(option, f"what `{option}` gives gunicorn is only known at run time", where)
            yield Layer("own-sources", f"`{option}` of gunicorn", {}, where, opened)


def of_files(paths: Iterable[str], repository: Repository) -> Iterator[Layer]:
    """What other files set that run before a program's code, as one does that starts its server."""
    for path in paths:
        text = repository.read(path)
        if isinstance(text, Text) and text.parsed(_changes):
            yield from text.parsed(_of_file, False)  # noqa: FBT003 - `Text.parsed` hands on arguments by place


def _changes(text: Text) -> bool:
    return ("environ" in text.string or "raw_env" in text.string) and (
        any(True for one in (_SET, _FILLED, _TAKEN) for _ in matches(one, text.string, "environ"))
        or _UPDATED.search(text.string) is not None
    )


def _of_file(text: Text, own: bool) -> tuple[Layer, ...]:  # noqa: FBT001 - `Text.parsed` hands on arguments by place
    return tuple(_found(text, own=own))


def _found(text: Text, *, own: bool) -> Iterator[Layer]:
    modes: tuple[tuple[re.Pattern[str], Mode], ...] = ((_FILLED, FILL), (_SET, OVER), (_TAKEN, REMOVE))
    what = f"`environ` in {text.path}"
    found = sorted(
        ((match, mode) for one, mode in modes for match in matches(one, text.string, "environ")),
        key=lambda pair: pair[0].start(),
    )
    for match, mode in found:
        name = match[2]
        value: Value = Unclear(f"what {text.path} computes")
        if mode != REMOVE and match[3] is not None:
            value = Literal(Opaque(match[3]))
        where = text.location(match.start(1) + len(match[1]), match.end(2) + 1)
        doubt = None if own and not match[1] else Open(text.path, f"whether {text.path} sets it first", where)
        yield Layer("own-sources", what, {name: Entry(name, value, where, mode)}, where, doubt=doubt)
    for match in _UPDATED.finditer(text.string):
        where = text.location(*match.span())
        yield Layer("own-sources", what, {}, where, Open(text.path, f"{text.path} sets what is not seen here", where))


def keyword_layers(classes: Iterable[SettingsClass], keywords: Iterable[Keyword]) -> Iterator[Layer]:
    """Values that calls of a settings class pass, by the variables that they stand in front of."""
    fields = {(one.name, name): setting for one in classes for setting in one.settings
              for name in (setting.field, *(setting.names or ()))}  # fmt: skip
    for one in keywords:
        setting = fields.get((one.owner, one.field))
        if setting is None:
            continue
        value = Unclear(f"what the call of `{one.owner}` passes")
        entries = {name: Entry(name, value, one.location) for name in setting.names or ()}
        what = f"the call `{one.owner}({one.field}=...)`"
        doubt = None if one.always else Open(what, f"whether {one.owner} is made with `{one.field}`", one.location)
        yield Layer("own-sources", what, entries, one.location, doubt=doubt)
