"""`process.get` against the real Docker Compose: a value in `.env` arrives where the model says, and nowhere else."""

from __future__ import annotations

from pathlib import Path

import pytest

from compose_oracle import binary
from fr_check.core.repository import Memory
from variables import reach
from variables.notation import repository
from variables.test_cases import CASES

_SHAPES = {
    "a default within a default": (
        'C«web: {image: x, environment: {A: "${B:-http://${A:-h}:1}", C: "${A:+set}", B: $A}}»'
    ),
    "a file, an entry that beats it, one that removes": (
        "C«web: {image: x, env_file: [.env], environment: {A: fixed, B: }}¶"
        '  two: {image: x, environment: ["A", "B=${B}c"]}»'
    ),
    "a later file": 'F more.env«B=7¶D=$${A}» C«web: {image: x, env_file: [.env, more.env], environment: {C: "${C-}"}}»',
    "another service extended": (
        'C«web: {image: x, environment: {A: "${A}"}}¶  two: {extends: web, environment: {A: "1", C: "${C?}"}}»'
    ),
    "an included file with a .env of its own": (
        "C«web: {image: x, environment: {A: '${A}'}}¶include: [inc/i.yml]» F inc/.env«B=8¶E=9»"
        " F inc/i.yml«services: {two: {image: x, environment: {A: '${A}', B: '${B}', C: , E: '${E:-1}'}},"
        " three: {image: x, environment: [A, E]}}»"
    ),
    "raw": "C«web: {image: x, env_file: [{path: .env, format: raw}]}»",
}
_EXAMPLE = "E«A=1¶B=2¶C=3¶D=4»"


def compare(tmp_path: Path, line: str) -> tuple[int, list[str]]:
    files = repository(line)
    for path, text in files.items():
        file = tmp_path / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text)
    return reach.differences(tmp_path, Memory(files))


# The program is there on Linux x86-64 only.
if binary() is not None:

    @pytest.mark.parametrize("name", _SHAPES)
    def test_a_shape_arrives_as_compose_says(name: str, tmp_path: Path):
        compared, lines = compare(tmp_path, f"{_EXAMPLE} {_SHAPES[name]}")
        assert compared
        assert lines == []

    @pytest.mark.parametrize(
        "name", [name for name, (line, _) in CASES.items() if "E«" in line or line[:2] in {"AB", "AK"}]
    )
    def test_a_case_arrives_as_compose_says(name: str, tmp_path: Path):
        _, lines = compare(tmp_path, CASES[name][0])
        assert lines == []
