"""Compose files: `parse(text) -> ComposeFile`, services with what they run and get, and places.

One file at a time; `fr_check.sources.compose_project` merges files, `extends` and `include`, and `environment`
computes what a service's processes get. Source: https://docs.docker.com/reference/compose-file/ and compose-go 2.9.1,
which the tests compare this with.
"""

from __future__ import annotations

from fr_check.sources.compose.model import (
    DEFAULT_NAMES,
    OVERRIDE_NAMES,
    Build,
    Command,
    ComposeFile,
    Definition,
    Demand,
    EnvFile,
    Grant,
    Include,
    Mount,
    Service,
)
from fr_check.sources.compose.reading import parse, variables
from fr_check.sources.compose.variable import Origin, Variable, Variables

__all__ = [
    "DEFAULT_NAMES",
    "OVERRIDE_NAMES",
    "Build",
    "Command",
    "ComposeFile",
    "Definition",
    "Demand",
    "EnvFile",
    "Grant",
    "Include",
    "Mount",
    "Origin",
    "Service",
    "Variable",
    "Variables",
    "parse",
    "variables",
]
