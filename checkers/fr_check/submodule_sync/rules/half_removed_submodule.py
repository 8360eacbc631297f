"""A submodule was removed in one place and not in the other.

## What it finds

A submodule of the base of which now only the pointer or only the entry in `.gitmodules` is left; also one in whose
place files stand now while the entry stays. Removing both is fine.

## Why it matters

With the pointer alone, nobody can fetch it; with the entry alone, git and every tool go on describing a submodule
that is none.

## How to fix

`git rm PATH` removes both. To keep the files as the repository's own, delete the section from `.gitmodules`.
"""

from __future__ import annotations

from fr_check.core.edits import UNSAFE, Fix
from fr_check.core.model import Example, ExampleSubmodule, Finding, Rule, Severity
from fr_check.repository.submodules import quote
from fr_check.sources.remote_url import without_password
from fr_check.submodule_sync.pointers.wording import one_line

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from fr_check.core.edits import TextOf
    from fr_check.submodule_sync.facts import Facts

_HISTORY = ({"VERSION": "1\n"}, {"VERSION": "2\n"}, {"VERSION": "3\n"})
BAD = Example({}, base={}, submodules=(ExampleSubmodule("infra", _HISTORY, pin=2, linked=False),))
GOOD = Example({}, base={}, submodules=(ExampleSubmodule("infra", _HISTORY, pin=2, registered=False, linked=False),))


def check(facts: Facts) -> Iterator[Finding]:
    """Yields a finding for each former submodule of which one half is left."""
    entries = facts.registered.by_path()
    present = {pointer.path for pointer in facts.pointers}.union(facts.unmerged)
    for path in sorted(facts.links_before):
        if not facts.was_submodule(path) or (path in entries) == (path in present):
            continue
        name = one_line(path)
        if path in present and facts.registered.broken:
            continue  # What cannot be read may well be there.
        if path in present:
            message = f"`{name}` lost its entry in .gitmodules and is still a submodule pointer"
            mend = f"run `git rm --cached {quote(path)}`, or put the entry back: `{_put_back(facts, path)}`"
        else:
            now = "files stand in its place" if path in facts.replaced else "its pointer is gone"
            message = f"`{name}` is no longer a submodule, {now}, and .gitmodules still describes it"
            section = quote(f"submodule.{entries[path].name}")
            mend = f"run `git config --file .gitmodules --remove-section {section} && git add .gitmodules`"
            if path not in facts.replaced:
                pointer = quote(f"160000,{facts.links_before[path]},{path}")
                mend += (
                    f" to remove it whole, or `git update-index --add --cacheinfo {pointer}` to put the pointer back"
                )
        location = facts.registered.location(path)
        yield RULE.finding(path, message, help=mend, location=location)


def _put_back(facts: Facts, path: str) -> str:
    """The command that writes the entry which the base had."""
    before = facts.registered_before.by_path()[path] if facts.registered_before else None
    if before is None:
        return "git checkout HEAD -- .gitmodules"
    key = f"submodule.{before.name}"
    values = ((f"{key}.path", path), (f"{key}.url", without_password(before.url or "URL")))
    return " && ".join(f"git config --file .gitmodules {quote(name)} {quote(value)}" for name, value in values)


def fix(facts: Facts, finding: Finding, text_of: TextOf) -> Fix | None:
    """Takes the section out where only it is left; pointers are changed by git alone, with the command of the help."""
    from fr_check.edits.gitmodules import remove_section  # noqa: PLC0415 - only to cure

    text = text_of(finding.location.path)
    entry = next((e for e in facts.registered.config.submodules if text and text.at(e.span) == finding.location), None)
    present = {pointer.path for pointer in facts.pointers}.union(facts.unmerged)
    if text is None or entry is None or (entry.path or "").rstrip("/") in present:
        return None
    return Fix(UNSAFE, (remove_section(text, entry.span.line),))


RULE = Rule.declare(__name__, __doc__, Severity.ERROR, check, bad=BAD, good=GOOD, event=True, fix=fix)
