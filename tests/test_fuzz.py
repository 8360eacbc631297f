"""Mutated input: what failed once, a little for every reader, and planted secrets; `make fuzz` does it for longer."""

from __future__ import annotations

import pytest

from fuzzing import canaries, commands, patches
from fuzzing.readers import readers
from fuzzing.running import CANARIES, COMMANDS, CORPUS, PATCHES, REPOSITORIES, drive, replayed

KEPT = [path for path in sorted(CORPUS.rglob("*")) if path.is_file()]
SEED = "tests"


@pytest.mark.parametrize("kept", KEPT, ids=[path.relative_to(CORPUS).as_posix() for path in KEPT])
def test_what_failed_once_is_mended(kept):
    name, path = kept.parent.name.replace("_", " "), kept.name.partition("-")[2].replace("%", "/")
    if name == CANARIES:
        assert canaries.replayed(path, kept.read_bytes()) == ""
    elif name == COMMANDS:
        assert commands.replayed(path, kept.read_bytes()) == ""
    elif name == PATCHES:
        assert patches.replayed(path, kept.read_bytes()) == ""
    else:
        assert replayed(name if name in readers() else kept.parent.name, path, kept.read_bytes()) == ""


@pytest.mark.parametrize("name", readers())
def test_a_reader_takes_whatever_there_is(name):
    assert [failure.trace for failure in drive(name, SEED, 6)] == []


def test_a_run_takes_whatever_there_is():
    assert [failure.trace for failure in drive(REPOSITORIES, SEED, 40)] == []


@pytest.mark.parametrize("part", range(5))
def test_no_planted_secret_is_shown(part):
    assert [failure.trace for failure in canaries.leaks(f"{SEED} {part}", 30)] == []


@pytest.mark.parametrize("part", range(3))
def test_no_command_shows_a_planted_secret(part):
    assert [failure.trace for failure in commands.leaks(f"{SEED} {part}", 1)] == []


@pytest.mark.parametrize("part", range(4))
def test_a_patch_applies_or_says_what_it_hides(part):
    assert [failure.trace for failure in patches.leaks(f"{SEED} {part}", 8)] == []


def test_patches_are_looked_at():
    shows = {"app/conf.py": b'import os\n\nB = os.getenv("B", "c4n4ry")\n', ".env.example": b"A=1\n"}
    assert patches.judged(shows, "c4n4ry") == ["shown: +# B=c4n4ry"]
    hides = {"app/conf.py": b'import os\n\nB = os.getenv("B")\n', ".env.example": b"A=1\n"}
    assert patches.judged(hides, "c4n4ry") == []


def test_canaries_are_looked_for_in_what_commands_print():
    """A variable of a plain name is shown with its value."""
    shown = commands.printed(
        {".env.example": b"GREETING=c4n4ry\nGREETING=c4n4ry\n", "a.py": b"import os\nos.environ['GREETING']\n"}
    )
    assert {name for name, output in shown.items() if "c4n4ry" in output} >= {
        "all -v",
        "rename GREETING GREETING_NEW --diff",
    }
    assert len(shown) > 10


def test_canaries_are_looked_for():
    """A secret that nothing can know to be one is shown, and found."""
    files = {
        ".env.example": b"GREETING=c4n4ry\nGREETING=c4n4ry\n",
        "config.py": b"import pydantic_settings\nclass S(pydantic_settings.BaseSettings):\n    greeting: str = 'x'\n",
    }
    assert any("c4n4ry" in output for output in canaries.shown((files, None)).values())
