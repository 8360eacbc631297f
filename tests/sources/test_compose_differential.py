"""Docker Compose and our reader agree on generated projects."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from functools import partial
from typing import TYPE_CHECKING

from compose_corpus import cases
from compose_oracle import binary, disagreements

if TYPE_CHECKING:
    from pathlib import Path

# The program is there on Linux x86-64 only; `make oracles` compares twenty times as many projects.
if binary() is not None:

    def test_a_hundred_projects_are_read_as_compose_reads_them(tmp_path: Path):
        with ThreadPoolExecutor() as pool:
            found = pool.map(partial(disagreements, tmp_path), *zip(*cases(100), strict=True))
        assert [line for lines in found for line in lines] == []
