"""Tries every link of the documentation that leads outside; status 1, with the list, where one is dead.

Run weekly: a test that needs other people's servers would be red for their reasons.
"""

from __future__ import annotations

import concurrent.futures
import re
import sys
import urllib.error
import urllib.request
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
# They exist from the first release on.
NOT_YET = ("https://github.com/wangzitian0/fr-check/security", "https://wangzitian0.github.io/fr-check")
_PATIENCE = 30  # seconds
_TRIES = 3
# What a server answers to whom it takes for a robot: the page is there.
_ALIVE = {401, 403, 405, 429}


def links() -> dict[str, list[str]]:
    """Address -> the pages that name it."""
    found: dict[str, list[str]] = {}
    for path in sorted([*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md")]):
        for address in re.findall(r"\]\((https?://[^)\s]+)\)", path.read_text("utf-8")):
            found.setdefault(address.partition("#")[0], []).append(str(path.relative_to(ROOT)))
    return {address: pages for address, pages in found.items() if not address.startswith(NOT_YET)}


def fault(address: str) -> str | None:
    """Why the page is not there; None where it is."""
    said = None
    for _ in range(_TRIES):
        request = urllib.request.Request(address, headers={"User-Agent": "Mozilla/5.0"})  # noqa: S310 - https, ours
        try:
            with urllib.request.urlopen(request, timeout=_PATIENCE):  # noqa: S310
                return None
        except urllib.error.HTTPError as error:
            if error.code in _ALIVE:
                return None
            said = str(error.code)
        except OSError as error:
            said = str(error)
    return said


def main() -> int:
    """Tries all of them; returns the exit status."""
    named = links()
    with concurrent.futures.ThreadPoolExecutor(8) as pool:
        faults = dict(zip(named, pool.map(fault, named), strict=True))
    dead = {address: why for address, why in faults.items() if why is not None}
    for address, why in dead.items():
        sys.stderr.write(f"{address} ({', '.join(dict.fromkeys(named[address]))}): {why}\n")
    sys.stdout.write(f"{len(named)} links outside, {len(dead)} dead\n")
    return 1 if dead else 0


if __name__ == "__main__":
    raise SystemExit(main())
