"""Docker Compose and our reader agree in generated projects: `make oracles`."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from functools import partial
from typing import TYPE_CHECKING

import pytest

from compose_commands import disagreement, trials
from compose_corpus import cases
from compose_oracle import disagreements

if TYPE_CHECKING:
    from pathlib import Path


@pytest.mark.parametrize("first", range(0, 2000, 250))
def test_environment_arguments_and_names_are_those_of_compose(tmp_path: Path, first: int):
    projects = list(cases(250, first))
    with ThreadPoolExecutor() as pool:
        found = pool.map(partial(disagreements, tmp_path), *zip(*projects, strict=True))
    assert [line for lines in found for line in lines] == []


@pytest.mark.parametrize("first", range(1000, 2000, 250))
def test_what_a_command_gives_compose_is_what_compose_passes(tmp_path: Path, first: int):
    folders = [tmp_path / str(number) for number in range(250)]
    for folder in folders:
        folder.mkdir()
    with ThreadPoolExecutor() as pool:
        found = list(pool.map(disagreement, folders, trials(250, first)))
    assert [f"{first + number}: {line}" for number, line in enumerate(found) if line] == []
