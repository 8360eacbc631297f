"""Entries of `volumes`, `secrets` and `configs`, in their short and their long form.

Source: https://docs.docker.com/reference/compose-file/services/ and compose-go `format/volume.go`.
"""

from __future__ import annotations

import posixpath

from fr_check.sources.compose.model import Grant, Mount, container_path
from fr_check.sources.yaml_tree import Mapping, Scalar, get, string

TYPE_CHECKING = False
if TYPE_CHECKING:
    from fr_check.sources.yaml_tree import Node

_TRUE = "true"


def volume(node: Node) -> Mount | None:
    """A volume; None for what is none."""
    if isinstance(node, Scalar):
        return None if node.is_null else _short(node)
    if not isinstance(node, Mapping):
        return None
    target = string(get(node, "target")) or ""
    return Mount(
        node=node,
        type=string(get(node, "type")) or "volume",
        source=string(get(node, "source")) or "",
        target=cleaned(target),
        read_only=(string(get(node, "read_only")) or "").lower() == _TRUE,
    )


def secret(node: Node) -> Grant | None:
    """A secret: below /run/secrets, under its own name unless `target` says another."""
    return _grant(node, "/run/secrets")


def config(node: Node) -> Grant | None:
    """A config: at the top of the container's file system, under its own name unless `target` says another."""
    return _grant(node, "/")


def cleaned(target: str) -> str:
    """A path in a container without `.` and a trailing slash; one with a reference stays as it is."""
    return target if not target or "$" in target else posixpath.normpath(target)


def split(value: str) -> list[str]:
    """`source:target:mode`, cut at colons that are no part of a reference or of a Windows drive."""
    parts = []
    depth = start = 0
    for index, character in enumerate(value):
        depth += (character == "{") - (character == "}")
        drive = index == start + 1 and value[start].isalpha() and value.startswith(":\\", index)
        if character == ":" and depth <= 0 and not drive:
            parts.append(value[start:index])
            start = index + 1
    return [*parts, value[start:]]


def _short(node: Scalar) -> Mount:
    parts = split(node.value)
    source, target = (parts[0], parts[1]) if len(parts) > 1 else ("", parts[0])
    options = parts[2].split(",") if len(parts) > 2 else []  # noqa: PLR2004 - source, target, mode
    bind = source.startswith((".", "/", "~", "$")) or "/" in source or "\\" in source
    return Mount(node, "bind" if bind else "volume", source, cleaned(target), "ro" in options)


def _grant(node: Node, folder: str) -> Grant | None:
    source = string(node) if isinstance(node, Scalar) else string(get(node, "source"))
    if source is None:
        return None
    target = string(get(node, "target")) or source
    return Grant(node, source, container_path(folder, target))
