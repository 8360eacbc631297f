"""Whose files are read only if something names them."""

from __future__ import annotations

import pytest

from fr_check.builds.model import is_sample


@pytest.mark.parametrize(
    ("path", "sample"),
    [
        ("tests/corpus/compose/a-compose.yml", True),
        ("vendor/x/Dockerfile", True),
        ("docker-compose.template.yml", True),
        ("docker-compose.yml", False),
        ("corpus.yml", False),
    ],
)
def test_inputs_of_tests_and_other_peoples_files_are_samples(path: str, sample: bool):  # noqa: FBT001
    assert is_sample(path) == sample
