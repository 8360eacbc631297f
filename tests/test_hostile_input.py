"""Text that was made to be slow to read costs no more than its length, in every reader.

The counts do not see what C code does; `make bench` times the same texts.
"""

from __future__ import annotations

import pytest

from benchmarks.hostile_input import READERS, Reader
from effort import LINEAR, growth

CASES = [pytest.param(reader, unit, id=f"{name}-{unit!a}") for name, reader in READERS.items() for unit in reader.units]


@pytest.mark.parametrize(("reader", "unit"), CASES)
def test_hostile_text_costs_no_more_than_its_length(reader: Reader, unit: str) -> None:
    def make(times: int) -> str:
        return reader.text(unit, times)

    assert growth(reader.read, make, reader.least, 8 * reader.least) <= LINEAR
