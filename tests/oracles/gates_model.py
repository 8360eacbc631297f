"""What a configuration of coverage's tools is."""

from __future__ import annotations

from typing import NamedTuple

PYTHON, OTHERS = "python", "others"


class Configuration(NamedTuple):
    """One project and the command of its workflow. `home` is where the tool is installed, `shell` the step's."""

    home: str
    name: str
    files: dict[str, str]
    command: str
    shell: str = "bash"
