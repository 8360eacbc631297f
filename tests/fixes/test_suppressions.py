"""Unused directives taken out from among what other tools are told on their lines."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from cured import fix, lay_out, read

if TYPE_CHECKING:
    from pathlib import Path

FIELD = "    debug: bool = False"
OURS = "# fr-check: ignore[undocumented-setting] for tests"


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (f"{FIELD}  # noqa: E501  {OURS}", f"{FIELD}  # noqa: E501"),
        (f"{FIELD}  {OURS}  # noqa: E501", f"{FIELD}  # noqa: E501"),
        (f"{FIELD}  # type: ignore {OURS} # noqa", f"{FIELD}  # type: ignore # noqa"),
        (f"    # noqa: E501  {OURS}\n{FIELD}", f"    # noqa: E501\n{FIELD}"),
        (f"    {OURS}  # noqa: E501\n{FIELD}", f"    # noqa: E501\n{FIELD}"),
        (f"    {OURS}\n{FIELD}", FIELD),
    ],
)
def test_what_another_tool_is_told_on_the_line_stays(before: str, after: str, tmp_path: Path):
    head = "from pydantic_settings import BaseSettings\n\n\nclass Settings(BaseSettings):\n"
    lay_out(tmp_path, {"src/config.py": f"{head}{before}\n", ".env.example": "DEBUG=false\n"})
    done = fix(tmp_path, "env-keys", "undocumented-setting", "--select", "hygiene/unused-suppression", unsafe=False)
    assert read(tmp_path, "src/config.py") == f"{head}{after}\n", done.stderr
