"""A secret that is planted in a text, and where reports would show it."""

from __future__ import annotations

from fr_check.core.secrecy import Mask, masked_line
from fr_check.core.text import Text

CANARY = "xQ7cAnArYz9"


def planted(path: str, written: str) -> Text:
    """A text with the secret in place of `@@`."""
    text = Text(written.replace("@@", CANARY), path)
    assert CANARY in text.string
    return text


def lines_that_show_it(text: Text) -> list[int]:
    """The numbers of the lines whose excerpts have it in them."""
    return [number for number in range(1, text.line_count + 1) if CANARY in masked_line(text, number)]


def messages_that_show_it(text: Text) -> list[str]:
    """The messages that have it in them, of those that quote one of its lines."""
    quoted = [f"`{line.strip()}` is wrong" for line in text.string.split("\n") if CANARY in line]
    mask = Mask([text])
    mask.narrow(quoted)
    return [line for line in map(mask, quoted) if CANARY in line]


def assert_shown_as_it_is(path: str, line: str) -> None:
    """A text without a secret is shown whole."""
    text = Text(line, path)
    assert [masked_line(text, number + 1) for number in range(text.line_count)] == line.split("\n")
