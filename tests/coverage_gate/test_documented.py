"""Every key of the policy is explained in the manual."""

from __future__ import annotations

from pathlib import Path

import pytest

from fr_check.policy.coverage_gate import Component, Coverage, Group

PAGE = (Path(__file__).parents[2] / "docs" / "configuration.md").read_text("utf-8").partition("\n## coverage\n")[2]
PARTS = {"group": Group, "component": Component}
TABLES = {"": PAGE.partition("| key of a group")[0]}
TABLES |= {name: PAGE.partition(f"| key of a {name}")[2].partition("\n\n")[0] for name in PARTS}
KEYS = [(part, field.replace("_", "-")) for part, schema in {"": Coverage, **PARTS}.items() for field in schema._fields]


@pytest.mark.parametrize(("part", "key"), KEYS)
def test_every_key_has_a_row(part: str, key: str):
    rows = [row.split("|")[1] for row in TABLES[part].splitlines() if row.startswith("| `")]
    assert any(f"`{key}`" in cell for cell in rows)
