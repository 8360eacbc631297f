"""The baseline that a policy names."""

from __future__ import annotations

import os

from fr_check.core.repository import Missing
from fr_check.core.trouble import Trouble

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable

    from fr_check.core.config import Config
    from fr_check.core.repository import Repository

NOTHING = b'{"findings": []}'
"""A baseline that accepts nothing."""


def configured_baseline(
    repository: Repository, config: Config, written: Iterable[str] = ()
) -> tuple[str, bytes] | None:
    """The file that the policy's `baseline` names, from the state that is judged: its path and content.

    One that is among the files to be `written` accepts nothing: it is being made, or made anew.

    Raises:
        Trouble: it is missing, or cannot be read.
    """
    if config.baseline is None:
        return None
    full = os.path.join(repository.root, config.baseline)
    if names_one_of(full, written):
        return config.baseline, NOTHING
    data = repository.read_bytes(config.baseline)
    if isinstance(data, bytes):
        return config.baseline, data
    name = f"{config.baseline}, the `baseline` of the policy,"
    if not isinstance(data, Missing):
        raise Trouble(f"{name} cannot be read: {data.message}", data.help)
    if os.path.exists(full):
        raise Trouble(f"{name} is not part of what is judged", "`git add` it, and commit it where a commit is judged")
    raise Trouble(f"{name} does not exist", f"write it with {writing(full)}")


def names_one_of(path: str, others: Iterable[str]) -> bool:
    """Whether a path is the same file as one of others, all of them as the process sees them."""
    return any(os.path.realpath(path) == os.path.realpath(other) for other in others)


def writing(path: str) -> str:
    """The command that writes a baseline, for a help line: `path` as the process sees it."""
    from shlex import quote  # noqa: PLC0415 - only a help line needs it

    near = os.path.relpath(path, os.path.realpath(os.curdir))
    return f"`fr-check all --format json --output {quote(path if near.startswith(os.pardir) else near)}`"
