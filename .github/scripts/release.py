"""What a release needs to be one: `release.py TAG` compares the tag with the version, and prints the notes.

The notes are the version's section of CHANGELOG.md. Status 1, with the reason, where tag, version or section disagree.
"""

from __future__ import annotations

import re
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent.parent


def version(source: str) -> str:
    """The version that checkers/fr_check/__init__.py declares."""
    (found,) = re.findall(r'^__version__ = "(.+)"$', source, re.MULTILINE)
    return str(found)


def notes(changelog: str, wanted: str) -> str | None:
    """The text below `## VERSION`, up to the next heading of that level; None where there is none."""
    for section in re.split(r"^## ", changelog, flags=re.MULTILINE)[1:]:
        title, _, text = section.partition("\n")
        if title.split()[:1] == [wanted]:
            return text.strip() or None
    return None


def main(arguments: list[str]) -> int:
    """Prints the notes of the tag; returns the exit status."""
    (tag,) = arguments
    declared = version((ROOT / "checkers" / "fr_check" / "__init__.py").read_text("utf-8"))
    if tag != f"v{declared}":
        sys.stderr.write(f"the tag is {tag}, the version {declared}: tag v{declared}, or change the version\n")
        return 1
    text = notes((ROOT / "CHANGELOG.md").read_text("utf-8"), declared)
    if text is None:
        sys.stderr.write(f"CHANGELOG.md has no section `## {declared}`\n")
        return 1
    sys.stdout.write(f"{text}\n")
    return 0


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
