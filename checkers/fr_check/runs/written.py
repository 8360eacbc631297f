"""Files that a script writes before it, or a shell that it starts, reads them: `cat > .env <<EOF`, then `. ./.env`."""

from __future__ import annotations

import posixpath
import re

from fr_check.core.patterns import pattern
from fr_check.runs.changes import Content
from fr_check.sources.docker_uses import moved
from fr_check.sources.tasks.model import OPAQUE

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from fr_check.sources.shell import Command, Redirection, Script, Word

    Resolve = Callable[[Word], str | None]

_ONTO = frozenset((">", ">>", ">|", "&>", "&>>"))
_REPLACED = frozenset(("rm", "mv", "cp", "install", "tee", "truncate", "dd", "shred", "ln"))
_REPEATED = frozenset(("for", "while", "function", "body"))
_SILENT = frozenset((":", "true"))
_NONE: Mapping[str, str | None] = {}


class Written:
    """The files that one script and the shells within it have written by now."""

    def __init__(self, before: Mapping[str, str | None]) -> None:
        """`before` is what the script that calls this one has written by then."""
        self._found = {path: Content(text, -1, -1) for path, text in before.items()}
        self._piped: str | None = None
        self._begun: set[int] = set()

    def get(self, here: str | None, name: str) -> Content | None:
        """What a file holds; None for one that nothing has written."""
        path = _path(here, name)
        return None if path is None else self._found.get(path)

    def texts(self) -> Mapping[str, str | None]:
        """What is written by now, for a script that is called."""
        return {path: content.text for path, content in self._found.items()} if self._found else _NONE

    def note(self, command: Command, script: Script, resolve: Resolve, here: str | None, *, sure: bool) -> None:
        """What a command writes; not `sure`: it may not run, or not to its end."""
        name = (command.name or "").rpartition("/")[2]
        piped, self._piped = self._piped, None
        if command.after == "|":
            self._piped = _printed(command, resolve)
        sure = sure and command.after != "&" and _REPEATED.isdisjoint(script.kinds(command))
        if name in _REPLACED or (name in {"sed", "perl"} and any(word.raw.startswith("-i") for word in command.words)):
            text = piped if name == "tee" and command.before == "|" and len(command.words) == 2 else None  # noqa: PLR2004
            copied = self._copied(command, resolve, here) if name in {"cp", "install"} else None
            for word in command.words[1:]:
                self._put(_path(here, resolve(word)), text if sure else None, command)
            if copied is not None and sure:
                self._found.pop(copied, None)
        for redirection, appends in self._redirections(command, script):
            path = _path(here, None if redirection.target is None else resolve(redirection.target))
            text = _printed(command, resolve) if sure else None
            before = self._found.get(path or "")
            if appends and text is not None:
                text = None if before is None or before.text is None else before.text + text
            self._put(path, text, command)

    @staticmethod
    def _copied(command: Command, resolve: Resolve, here: str | None) -> str | None:
        """Where a copy of an example of its name goes: that is known by its name."""
        source, target = ([None, None, *(resolve(word) for word in command.words[1:])])[-2:]
        named = source is not None and target is not None and posixpath.basename(target) in source
        return _path(here, target) if named else None

    def _put(self, path: str | None, text: str | None, command: Command) -> None:
        if path is not None:
            self._found[path] = Content(text, command.start, command.end)

    def _redirections(self, command: Command, script: Script) -> Iterator[tuple[Redirection, bool]]:
        """Where the output of a command goes, and whether it is added to what is there."""
        own = [one for one in command.redirections if one.operator in _ONTO]
        yield from ((one, one.operator.endswith(">>")) for one in own)
        block = -1 if own else command.block
        while block >= 0:
            for one in script.blocks[block].redirections:
                if one.operator in _ONTO:
                    yield one, one.operator.endswith(">>") or block in self._begun
                    self._begun.add(block)
            block = script.blocks[block].parent


_TABS = pattern(r"^\t+", re.MULTILINE)  # `<<-` takes them away


def _path(here: str | None, name: str | None) -> str | None:
    place = name if name is not None and name.startswith("/") else moved(here, name)
    return None if place is None else posixpath.normpath(place)


def _printed(command: Command, resolve: Resolve) -> str | None:
    """What a command prints, with a hole for each part that only a run tells; None for what is no printer."""
    name, words = command.name, command.words[1:]
    text: str | None = None
    if name == "echo" and not (words and words[0].raw.startswith("-")):
        text = " ".join(_text(word, resolve) for word in words) + "\n"
    elif name == "printf" and words:
        form, rest = words[0].literal or "", words[1:]
        if form == "%s\\n":
            text = "".join(_text(word, resolve) + "\n" for word in rest)
        elif form and "%" not in form and not rest:
            return form.replace("\\n", "\n") if form.count("\\") == form.count("\\n") else None
    elif name == "cat" and not words:
        text = _document(command, resolve)
    elif name in _SILENT:
        text = ""
    # Of shells only some heed a backslash.
    return None if text is None or "\\" in text else text


def _text(word: Word, resolve: Resolve) -> str:
    """A word, its parts that are not known as holes."""
    parts = (part if isinstance(part, str) else resolve(word._replace(parts=(part,))) for part in word.parts)
    return "".join(OPAQUE if part is None else part for part in parts)


def _document(command: Command, resolve: Resolve) -> str | None:
    """A here-document with what is put into it."""
    from fr_check.sources import shell  # noqa: PLC0415 - that imports nothing of this

    document = next((one.heredoc for one in command.redirections if one.heredoc is not None), None)
    if document is None:
        return None
    body = document.body
    if document.strip_tabs:
        body = _TABS.sub("", body)
    if document.quoted or not document.expansions:
        return body
    # Offsets in the text itself, wherever it stands.
    read = shell.parse(f"cat <<{document.delimiter}\n{body}{document.delimiter}\n").commands
    again = next((one.heredoc for each in read for one in each.redirections if one.heredoc is not None), None)
    if again is None:
        return None
    pieces, at = [], 0
    for part in again.expansions:
        pieces += [body[at : part.start - again.start], _text(shell.Word("", (part,), 0, 0), resolve)]
        at = part.end - again.start
    return "".join(pieces) + body[at:]
