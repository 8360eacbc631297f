"""Reads the plain command lines that hooks and CI steps have, and leaves every other to click.

Loading click takes longer than any of the checkers: a hook that runs at each commit need not wait for help texts,
completion and suggestions. What is read here means what it means to click, which a test compares; whatever is unusual,
wrong or abbreviated is click's to read, and to complain about.
"""

from __future__ import annotations

import os

from fr_check.app.options import (
    ASKING,
    COMMANDS,
    FLAG,
    KEYS,
    NEEDED_KEYS,
    OTHERS,
    OUTPUTS,
    REPORTS,
    RULES,
    output_pair,
    rule_names,
)
from fr_check.core.trouble import Trouble, did_you_mean

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence
    from typing import Any

    from fr_check.app.options import Command, Option

COMPLETION = "_FR_CHECK_COMPLETE"
"""The variable by which a shell asks for completions."""


_INFORMATION = frozenset(("-h", "--help", "--version"))
_LISTED = frozenset((REPORTS, KEYS, NEEDED_KEYS))


def completed(words: Sequence[str]) -> list[str]:
    """The command line with its command: `fr-check [PATH]` is `fr-check all [PATH]`.

    Raises:
        Trouble: the first word is neither a command nor a folder.
    """
    first = words[0] if words else ""
    if COMPLETION in os.environ or first in {*COMMANDS, *OTHERS, *_INFORMATION}:
        return list(words)
    if first.startswith("-") or not words or os.path.isdir(first):
        return ["all", *words]
    if os.path.exists(first):
        raise Trouble(f"{first} is a file", "name the folder of a repository")
    near = did_you_mean(first, (*COMMANDS, *OTHERS))
    raise Trouble(f"`{first}` is no command and no folder{near}", "`fr-check --help` lists the commands")


def _command(words: Sequence[str]) -> tuple[Command | None, Sequence[str]]:
    """The command of a command line, and all its words; None where click is to see to it."""
    if COMPLETION in os.environ:
        return None, words
    try:
        whole = completed(words)
    except Trouble:
        return None, words
    return COMMANDS.get(whole[0]) or ASKING.get(whole[0]), whole


def read(words: Sequence[str]) -> tuple[tuple[str, ...], dict[str, Any]] | None:
    """The checkers that a command line names, none where it asks a question, and the values of all options.

    None if it is not a plain one.
    """
    command, words = _command(words)
    if command is None:
        return None
    values: dict[str, Any] = {option.key: _default(option) for option in command.options}
    options = {spelling: option for option in command.options for spelling in option.spellings}
    listed = next((option.key for option in command.options if option.kind in _LISTED), "")
    rest = iter(words[1:])
    for word in rest:
        if not word.startswith("-"):
            if word and listed:
                values[listed] += (word,)
            elif word and values.get("path", word) is None:
                values["path"] = word
            else:
                return None
            continue
        spelling, equals, value = word.partition("=")
        option = options.get(spelling)
        if option is None:
            return None
        if option.kind == FLAG:
            if equals:
                return None
            values[option.key] = True
            continue
        value = value if equals else next(rest, "")
        if not value or value.startswith("-") or (option.choices and value not in option.choices):
            return None
        values[option.key] = (*values[option.key], value) if option.kind in {RULES, OUTPUTS} else value
    lacks = any(option.kind == NEEDED_KEYS and not values[option.key] for option in command.options)
    return (command.checkers, values) if not lacks and _lists_read(command, values) else None


def _lists_read(command: Command, values: dict[str, Any]) -> bool:
    """Makes lists of rules out of `a,b`, and pairs of `FORMAT=FILE`; returns whether all of them exist."""
    for option in command.options:
        given = values[option.key]
        if option.kind == OUTPUTS and given:
            values[option.key] = tuple(map(output_pair, given))
            if None in values[option.key]:
                return False
        if option.kind == RULES and given:
            from fr_check.core.selection import unknown_names  # noqa: PLC0415 - only to check a name

            values[option.key] = rule_names(given)
            if unknown_names(values[option.key]):
                return False
    return True


def _default(option: Option) -> object:
    if option.kind == FLAG:
        return False
    return () if option.kind in {RULES, OUTPUTS, *_LISTED} else option.default
