"""The baseline that a policy names."""

from __future__ import annotations

from fr_check.core.repository import Missing
from fr_check.core.trouble import Trouble

TYPE_CHECKING = False
if TYPE_CHECKING:
    from fr_check.core.config import Config
    from fr_check.core.repository import Repository


def configured_baseline(repository: Repository, config: Config) -> tuple[str, bytes] | None:
    """The file that the policy's `baseline` names, from the state that is judged: its path and content.

    Raises:
        Trouble: it is missing, or cannot be read.
    """
    if config.baseline is None:
        return None
    data = repository.read_bytes(config.baseline)
    if isinstance(data, bytes):
        return config.baseline, data
    name = f"{config.baseline}, the `baseline` of the policy,"
    if isinstance(data, Missing):
        help_ = f"write one with `fr-check all --format json --output {config.baseline}`"
        raise Trouble(f"{name} does not exist", help_)
    raise Trouble(f"{name} cannot be read: {data.message}", data.help)
