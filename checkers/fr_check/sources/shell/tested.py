"""Which status a failure has, and whether a test of `$?` takes that one for a success: `|| [ $? -eq 1 ]`."""

from __future__ import annotations

from fr_check.core.patterns import pattern
from fr_check.sources.shell.model import Command

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable

    from fr_check.sources.shell.model import Block, Word

USUAL = 1
"""What most programs end with when what they judge is not good enough."""
# Others, of coverage 7, slipcover 1, gcovr 8 and GNU make 4.
_OTHERS = {"coverage": 2, "coverage3": 2, "slipcover": 2, "gcovr": 2, "make": 2, "gmake": 2}
_LEADING = 3  # words of which one is the program: `python -m coverage`
EXITS = frozenset(("exit", "return"))
BREAKS = frozenset(("break", "continue"))
_TEST = pattern(
    r"(?:\[\[?|test|\(\() *+\"?\$?(?:\{\?\}|\?)\"? *+(?P<operator>-eq|-ne|-lt|-le|-gt|-ge|==?|!=|[<>]=?)"
    r" *+[\"']?(?P<number>\d{1,3})[\"']?(?: *+(?:\]\]?|\)\)))?"
)
_OPERATORS = {"=": "eq", "==": "eq", "!=": "ne", "<": "lt", "<=": "le", ">": "gt", ">=": "ge"}


def failing(words: tuple[Word, ...]) -> int:
    """The status with which the program of a command ends where it finds what it judges too low."""
    return of_names(word.literal or "" for word in words[:_LEADING])


def of_names(words: Iterable[str]) -> int:
    """As `failing`, of words that may be the program's name or path."""
    names = (word.rpartition("/")[2] for word in words)
    return next((_OTHERS[name] for name in names if name in _OTHERS), USUAL)


def accepts(command: Command, status: int) -> bool | None:
    """Whether a command is a test of `$?` that a status passes; None for any other command."""
    found = _TEST.fullmatch(" ".join(word.raw for word in command.words))
    if found is None:
        return None
    operator = _OPERATORS.get(found["operator"], found["operator"].removeprefix("-"))
    number = int(found["number"])
    passed = {
        "eq": status == number,
        "ne": status != number,
        "lt": status < number,
        "le": status <= number,
        "gt": status > number,
        "ge": status >= number,
    }[operator]
    return passed != command.negated


def ends_badly(command: Command) -> bool:
    """Whether a command is `exit` or `return` with a status that may be a failure: that of the last command, too."""
    return command.name in EXITS and [word.literal for word in command.words[1:]] != ["0"]


def told_as(item: Command | Block) -> str:
    """A command in a word or two; `exit 0` of an exit."""
    if not isinstance(item, Command):
        return {"group": "{ }", "subshell": "( )"}.get(item.kind, item.kind)
    if accepts(item, USUAL) is not None:
        return " ".join(word.raw for word in item.words)
    name = item.name or (f"{item.assignments[0].name}=" if item.assignments else "a command")
    return f"{name} {item.arguments[0]}" if name in EXITS and item.arguments else name
