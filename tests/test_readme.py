"""The README shows what the tool prints today."""

from __future__ import annotations

import re
from pathlib import Path

from fr_check.app.demo import run_demo

README = (Path(__file__).resolve().parent.parent / "README.md").read_text("utf-8")


def test_the_demo_excerpt_is_what_the_demo_prints():
    printed: list[str] = []
    run_demo(None, lambda text: printed.extend(str(text).splitlines()))
    (excerpt,) = re.findall(r"```text\n(error\[.*?)```", README, re.DOTALL)
    missing = [line for line in excerpt.splitlines() if line not in printed]
    assert missing == []


def test_every_file_it_points_to_exists():
    targets = re.findall(r"\]\(([^)#:]+)\)", README)
    assert targets
    assert [target for target in targets if not (Path(__file__).resolve().parent.parent / target).exists()] == []
