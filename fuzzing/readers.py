"""Every reader by name: found by what it is, a public function whose one obligatory parameter is a text, or bytes."""

from __future__ import annotations

import inspect
from functools import cache, partial
from importlib import import_module
from pkgutil import walk_packages
from typing import TYPE_CHECKING, NamedTuple

import fr_check
from benchmarks import hostile_input
from fr_check.core import baseline
from fr_check.core.secrecy import masked_line, redact, shown
from fr_check.core.text import Text
from fr_check.core.trouble import Trouble
from fr_check.sources.diff import added_lines
from fuzzing.seeds import files

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

# What is given to a reader, by the annotation of its parameter.
_GIVEN: dict[str, Callable[[bytes, str], object]] = {
    "Text": Text.decode,
    "bytes": lambda data, path: data,  # noqa: ARG005 - one of several
    "str": lambda data, path: data.decode("utf-8", "replace"),  # noqa: ARG005
}
# Functions of one text that read none: they write, name or compare.
_NO_READERS = frozenset(("fr_check.core.repository.blob_name",))
_PACKAGES = (
    *("sources", "runs", "policy", "edits", "builds", "variables", "core.suppression", "core.secret_values"),
    *("coverage_gate", "env_keys", "dockerfile_args", "submodule_sync", "report.escaping", "report.view"),
)


class Reader(NamedTuple):
    """A reader; `read` takes bytes and the path they are said to stand at, `seeds` are texts with theirs."""

    read: Callable[[bytes, str], object]
    seeds: tuple[tuple[str, str], ...]


@cache
def readers() -> dict[str, Reader]:
    """Reader by name: the module and function without `fr_check.sources`."""
    found = dict(_found())
    for name, reader in hostile_input.READERS.items():
        seeds = tuple((name, reader.text(unit, times)) for unit in reader.units for times in (1, 3))
        found[f"{name} (hostile)"] = Reader(partial(_string, reader.read), seeds)
    found["excerpts"] = Reader(_excerpts, files())
    found["core.baseline.read"] = Reader(
        _baseline,
        (("a.json", '{"version": 1, "findings": [{"fingerprint": "a", "rule": "b", "checker": "c"}]}'), *files()),
    )
    found["diff.added_lines"] = Reader(lambda data, path: added_lines(data[: len(data) // 2], data), files())  # noqa: ARG005
    return found


def _string(read: Callable[[str], object], data: bytes, path: str) -> object:
    del path
    return read(data.decode("utf-8", "replace").replace("\0", ""))


def _baseline(data: bytes, path: str) -> object:
    try:
        return baseline.read(path, data)
    except Trouble:  # what it says of one that is none
        return None


def _excerpts(data: bytes, path: str) -> None:
    """Masked lines: as many as a report could show."""
    text = Text.decode(data, path)
    for number in range(1, min(text.line_count, 20) + 1):
        masked_line(text, number)
    redact(text.string[:500])
    shown("API_KEY", text.string[:500])


def _found() -> Iterator[tuple[str, Reader]]:
    for module in walk_packages(fr_check.__path__, "fr_check."):
        short = module.name.removeprefix("fr_check.")
        if not short.startswith(_PACKAGES) or (module.ispkg and short in {"sources", "runs"}):
            continue
        imported = import_module(module.name)
        for name, function in inspect.getmembers(imported, inspect.isfunction):
            kind = _kind(function)
            if function.__module__ == module.name and not name.startswith("_") and kind:
                read = partial(_read, function, kind)
                yield f"{short.removeprefix('sources.')}.{name}", Reader(read, _seeds(short))


def _kind(function: Callable[..., object]) -> str | None:
    parameters = list(inspect.signature(function).parameters.values())
    first = parameters[0] if parameters else None
    if first is None or first.annotation not in _GIVEN or f"{function.__module__}.{function.__name__}" in _NO_READERS:
        return None
    needed = [one for one in parameters[1:] if one.default is one.empty and one.kind is not one.VAR_KEYWORD]
    # A function of a string that is no text of a file is a helper of a reader.
    if needed or (first.annotation == "str" and first.name not in {"script", "string", "value", "message", "source"}):
        return None
    return str(first.annotation)


def _read(function: Callable[[object], object], kind: str, data: bytes, path: str) -> object:
    given = _GIVEN[kind](data, path)
    # A text that is no UTF-8 is reported, and read by nobody.
    return None if isinstance(given, Text) and given.problems else function(given)


_SUFFIXES = {
    "dotenv": (".env", ".example"), "gotemplate": (".ctmpl", ".tpl"), "vault_agent": (".hcl",),
    "dockerfile": ("Dockerfile",), "dockerignore": (".dockerignore",), "compose": (".yml", ".yaml"),
    "workflow": (".yml", ".yaml"), "yaml": (".yml", ".yaml"), "javascript": (".ts", ".tsx", ".js", ".vue", ".mjs"),
    "python": (".py",), "settings": (".py",), "toml": (".toml",), "ini": (".cfg", ".ini", "rc"),
    "gitmodules": (".gitmodules",),
    "makefile": ("Makefile", ".mk"), "shell": (".sh", ".yml"), "bake": (".hcl", ".json"), "lcov": (".info", ".lcov"),
    "cobertura": (".xml",), "coverage_json": (".json",), "istanbul": (".json",), "thresholds.prose": (".md",),
    "thresholds.pyproject": (".toml",), "thresholds.ci": (".yml",), "policy": (".toml",),
}  # fmt: skip


def _seeds(module: str) -> tuple[tuple[str, str], ...]:
    """The files that a reader is for; all of them where nobody said which."""
    ends = [end for word, endings in _SUFFIXES.items() if word in module for end in endings]
    return tuple(seed for seed in files() if seed[0].endswith(tuple(ends))) or files()
