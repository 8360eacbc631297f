"""One renaming: the two names, what is planned so far, and which occurrences of the old name are dealt with."""

from __future__ import annotations

import re

from fr_check.core.edits import Edit
from fr_check.core.patterns import pattern, whole_name
from fr_check.core.secrecy import masked_line
from fr_check.core.text import Text
from fr_check.env_keys.rules.ambient_name import AMBIENT
from fr_check.fixes.apps import demand_within, files, is_in

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import Any

    from fr_check.core.context import Context
    from fr_check.core.model import Location
    from fr_check.fixes.plan import Plan

KEPT = "the old name is still read, and a fixed value under the new one would win over what somebody has set"
"""Why --keep-old leaves a default under the old name."""
_BETWEEN = r"(?::?[-=]\$+\{?|\),\$[({]| (?:(?:-e|--env)[ =])?)"
_BEFORE = 12  # characters at most that stand between a new name and the old one
_KEY_LINE = pattern(r"""\s*(?:-\s+)?["']?(?:(?:export|ENV|ARG)\s+)?\w+["']?(?:\s*[?+:]{0,2}=|\s*:|\s*$)""")
_SHOWN = 90  # columns of a line that is shown beside its place


class Renaming:
    """What to rename, and how far that is.

    `keep`: the old name goes on working where code reads it. `ambient`: the surroundings set the old name, and what
    names it beside settings and examples means theirs. `code` are the files that read the variable and now read
    the new name: whoever runs one of them is given the new name, too. `running` are those of the applications.
    `resumed`: something has the new name already, as an earlier run left it that was ended.
    `apps` are those that are meant: with `folder` only those in it, and outside of it only who runs them.
    """

    def __init__(self, context: Context, old: str, new: str, made: Plan, *, keep: bool, folder: str = "") -> None:
        self.context = context
        self.repository = context.repository
        self.old, self.new, self.keep = old, new, keep
        self.made = made
        self.backend: Any = context.facts("env-keys")
        self.frontend: Any = context.facts("dockerfile-args")
        self.folder = folder
        self.apps = tuple(demand_within(self.backend.backends, folder) if folder else self.backend.backends)
        self.public = bool(self.frontend.public(old))
        self.ambient = old in AMBIENT
        self.resumed = False
        self.code: set[str] = set()
        self.running = frozenset(path for app in self.apps for path in self.repository.select(app.code))
        self.left: list[tuple[Location, str]] = []
        self.stays: list[Location] = []
        self._word = whole_name(old)
        self._done: dict[str, set[int]] = {}

    @property
    def names(self) -> tuple[str, ...]:
        """What the variable is called by those who read it."""
        return (self.old, self.new) if self.resumed else (self.old,)

    def within(self, path: str) -> bool:
        """Whether what a file says of the variable is that of the applications which are meant."""
        if not self.folder or is_in(path, self.folder):
            return True
        others = [app for app in self.backend.backends if app not in self.apps and any(app.takers(self.old))]
        mine, theirs = ({one for app in some for one in files(app)} for some in (self.apps, others))
        return path in mine - theirs

    def text(self, path: str) -> Text | None:
        """The text of a file that holds the old name; None for any other."""
        text = self.repository.read(path)
        return text if isinstance(text, Text) and not text.problems and self.old in text.string else None

    def occurrences(self, text: Text, start: int = 0, end: int | None = None) -> Iterator[int]:
        """Where the old name stands as a word of its own, and nothing was decided yet."""
        done = self._done.setdefault(text.path, set())
        for found in self._word.finditer(text.string, start, len(text.string) if end is None else end):
            if found.start() not in done:
                yield found.start()

    def settle(self, text: Text, start: int, end: int) -> None:
        """Says that the occurrences between two offsets are dealt with."""
        done = self._done.setdefault(text.path, set())
        done.update(found.start() for found in self._word.finditer(text.string, start, end))

    def replace(self, text: Text, start: int, end: int, string: str, what: str) -> None:
        """Plans an edit that renames all that stands between two offsets."""
        self.settle(text, start, end)
        if "\r\n" in text.string:
            string = string.replace("\n", "\r\n")
        self.made.add(Edit(text.path, start, end, string), what)

    def word(self, text: Text, start: int, what: str) -> None:
        """Plans that the word at an offset becomes the new name."""
        self.replace(text, start, start + len(self.old), self.new, what)

    def leave(self, text: Text, start: int, why: str) -> None:
        """Leaves an occurrence to a person."""
        self.settle(text, start, start + len(self.old))
        self.left.append((text.location(start, start + len(self.old)), why))

    def keep_as_it_is(self, text: Text, start: int) -> None:
        """An occurrence in prose, or a name of the code's own: it is counted, and stays."""
        self.settle(text, start, start + len(self.old))
        self.stays.append(text.location(start, start + len(self.old)))

    def follow_comments(self) -> None:
        """Renames the variable in comments right above a line that gives it its new name; they speak of that line."""
        lines: dict[str, set[int]] = {}
        for step in self.made.steps:
            if self.new in step.edit.text:
                text = self.made.text(step.edit.path)
                lines.setdefault(text.path, set()).add(text.place(step.edit.start)[0])
        for location in list(self.stays):
            changed = lines.get(location.path, set())
            number = location.span.line if location.span else 0
            if not changed or not number:
                continue
            text = self.made.text(location.path)
            if not _is_comment(text.line(number)):
                continue
            below = number
            while below <= text.line_count and _is_comment(text.line(below)):
                below += 1
            if below in changed and _KEY_LINE.match(text.line(below)):
                self.stays.remove(location)
                self.word(text, text.offset(number, location.span.column if location.span else 1), "its comment")

    def is_second_name(self, text: Text, start: int) -> bool:
        """Whether an occurrence is what an earlier renaming left as the second name: `${NEW:-${OLD}}`."""
        before = text.string[max(0, start - len(self.new) - _BEFORE) : start]
        return re.search(rf"(?<![A-Za-z0-9_]){re.escape(self.new)}{_BETWEEN}\Z", before) is not None


def _is_comment(line: str) -> bool:
    return line.lstrip().startswith("#")


def shown(text: Text, location: Location) -> str:
    """A line as it may be shown, cut where it is long."""
    line = masked_line(text, location.span.line if location.span else 1).strip()
    return line if len(line) <= _SHOWN else f"{line[:_SHOWN]}..."
