"""Small pieces of messages about commits and paths."""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from fr_check.repository.history import Logged

_SHOWN = 8


def short(commit: str) -> str:
    """A commit as people write it."""
    return commit[:_SHOWN]


def subject(commit: Logged) -> str:
    """A commit's subject; it may quote what must not be shown."""
    from fr_check.core.secrecy import redact  # noqa: PLC0415 - only where there is something to report

    return one_line(redact(commit.subject))


def described(commit: Logged) -> str:
    """A commit by name, subject and date."""
    return f"{short(commit.commit)} {subject(commit)} ({commit.date})"


def one_line(text: str) -> str:
    """A path or subject, fit for a message: what a terminal would not show as a character is escaped."""
    if text.isprintable():
        return text
    return "".join(char if char.isprintable() else char.encode("unicode_escape").decode() for char in text)
