"""The one exception a user can cause: a bad option, a bad configuration, a folder that is no repository."""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable


class Trouble(Exception):  # noqa: N818 - it is not the program's error
    """Ends the run with exit status 2; `message` says what and where, `help` what to do."""

    def __init__(self, message: str, help: str = "") -> None:  # noqa: A002 - the word every output format uses
        super().__init__(message)
        self.message = message
        self.help = help


def did_you_mean(word: str, choices: Iterable[str]) -> str:
    """`; did you mean X?` where a choice is near, else nothing."""
    from difflib import get_close_matches  # noqa: PLC0415 - only ever needed on the way to an error

    near = get_close_matches(word, list(choices), n=1)
    return f"; did you mean `{near[0]}`?" if near else ""
