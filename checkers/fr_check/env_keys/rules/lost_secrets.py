"""Keys that the secrets template rendered before this change and renders no more.

## What it finds

A template that renders fewer keys than the one of the state compared with (`--base`), although settings still read
them. One finding lists the lost keys and says through what they were lost: the submodule's pointer, from which commit
to which, or an edit of the file.

A key that no setting reads any more was removed on purpose and is not listed. A base that cannot be read gives no
verdict here; `submodule-sync` says why.

## Why it matters

A pointer that moves back by a few commits changes one line in a review, and takes every secret that was added since out
of production.

## How to fix

Move the pointer forward again, or restore the lines.

## What `--fix` does

Nothing: the lines stand in an earlier commit, and who took them out may have had a reason.
"""

from __future__ import annotations

from fr_check.core.model import Example, Note, Rule, Severity
from fr_check.env_keys.rules.unconsumed_secret import GOOD as _CLEAN

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from fr_check.core.model import Finding
    from fr_check.env_keys.apps.model import App, Lost
    from fr_check.env_keys.facts import Facts

_CONFIG = """\
from pydantic_settings import BaseSettings


class Settings(BaseSettings):
    s3_bucket: str = "statements"
    redis_url: str = ""
"""
_FILES = {**_CLEAN, "apps/backend/src/config.py": _CONFIG, ".env.example": "S3_BUCKET=statements\nREDIS_URL=\n"}
_TEMPLATE = "repo/finance_report/finance_report/10.app/secrets.ctmpl"

BAD = Example(_FILES, base={**_FILES, _TEMPLATE: 'REDIS_URL="redis://cache"\n' + _FILES[_TEMPLATE]})
GOOD = Example(_FILES, base=_FILES)


def check(facts: Facts) -> Iterator[Finding]:
    """Reports each template that lost keys which settings read."""
    for app in facts.apps:
        for lost in app.lost:
            # A key whose setting is still rendered under another of its names was renamed, not lost.
            takers = ((key, app.takers(key)) for key in lost.keys)
            keys = [key for key, settings in takers if any(app.rendering(setting) is None for setting in settings)]
            if keys:
                yield _finding(app, lost, keys)


def _finding(app: App, lost: Lost, keys: list[str]) -> Finding:
    listed = ", ".join(f"`{key}`" for key in keys)
    path = lost.location.path
    message = f"{path} no longer renders {listed}"
    help_ = f"restore the lines in {path}"
    if lost.gitlink is not None and lost.before and lost.after and lost.before != lost.after:
        moved = f"{lost.gitlink} moved from {lost.before[:8]} to {lost.after[:8]}"
        message = f"{moved}, and {path} no longer renders {listed}"
        help_ = f"move {lost.gitlink} to a commit whose template renders them, such as {lost.before[:8]}"
    notes = [Note(f"`{key}` is read here", app.takers(key)[0].location) for key in keys[:5]]
    return RULE.finding(lost.gitlink or path, message, help=help_, location=lost.location, notes=notes)


RULE = Rule.declare(__name__, __doc__, Severity.ERROR, check, bad=BAD, good=GOOD, event=True)
