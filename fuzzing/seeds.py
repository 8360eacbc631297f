"""What mutations start from: the files of every rule's examples, of the sample project, and what is hard to read."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from benchmarks.hostile_input import READERS
from fr_check.core.model import Example
from fr_check.core.registry import all_rules

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

SAMPLE = Path(__file__).parents[1] / "fixtures" / "sample" / "project"


@cache
def repositories() -> tuple[dict[str, str], ...]:
    """Small repositories, each path -> text: the sample, then both examples of every rule."""
    found = [{path: _text(path) for path in _files()}]
    found += [dict(_texts(example)) for rule in all_rules() for example in (rule.bad, rule.good)]
    return tuple(found)


@cache
def files() -> tuple[tuple[str, str], ...]:
    """Path and text of every file of those, each text once."""
    texts = {text: path for files in repositories() for path, text in files.items()}
    return tuple((path, text) for text, path in texts.items())


@cache
def fragments() -> tuple[str, ...]:
    """What is put into files: units that were slow or wrong once, signs of every grammar, and ends of lines."""
    units = {unit for reader in READERS.values() for unit in reader.units}
    return (*sorted(units), *_SIGNS)


_SIGNS = (
    *(
        "\r",
        "\r\n",
        "\n",
        "\x0b",
        "\x0c",
        "\x1c",
        "\x85",
        "\u2028",
        "\xa0",
        "\ufeff",
        "\0",
        "\t",
        "\\",
        "\\\n",
        "\ud7ff",
    ),
    *("9" * 5000, "0x" + "f" * 300, "1e999", "-1", "1_000", "٣", "\u0130", "é", "${", "}", "{{", "}}", "${{", "<<E\n"),
    *(
        "'",
        '"',
        "`",
        '"""',
        "'''",
        "#",
        "//",
        "/*",
        "*/",
        "- ",
        ": ",
        "=",
        "==",
        "&a ",
        "*a",
        "<<: *a\n",
        "!!x ",
        "|\n",
    ),
    *(
        "[",
        "]",
        "{",
        "}",
        "(",
        ")",
        "f() { g() { :; }; }\n",
        "K=" + "a=" * 400,
        "include:\n  - a.yml\n",
        "extends: a\n",
    ),
    *("@", "$", "$$", "%", "~", "^", "../", "/", "//", "..", "*", "**/", "?", "!", "if ", "fi\n", "done\n", "esac\n"),
    *("name: x\n", "on: push\n", "services:\n", "[tool.coverage.report]\n", "fail_under = 1e400\n", "SF:", "DA:1,1\n"),
)


def _files() -> Iterator[str]:
    return (path.relative_to(SAMPLE).as_posix() for path in sorted(SAMPLE.rglob("*")) if path.is_file())


def _text(path: str) -> str:
    return (SAMPLE / path).read_bytes().decode("utf-8", "replace")


def _texts(example: Mapping[str, str] | Example) -> Iterator[tuple[str, str]]:
    return iter((example.files if isinstance(example, Example) else example).items())
