"""`--fix` and `--diff`: what the fixes of a run make of its files."""

from __future__ import annotations

from collections import Counter

from fr_check.core.record import NamedTuple
from fr_check.core.repository import TEXT_LIMIT
from fr_check.fixes.rounds import AGAIN, UNTRIED, State, cure
from fr_check.repository.place import Place

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from fr_check.app.invocation import Invocation, Judged
    from fr_check.core.model import Finding
    from fr_check.core.repository import Repository
    from fr_check.fixes.patch import Patch


class Cured(NamedTuple):
    """Path -> (content now, content after the fixes), which findings that cures, and why others stay.

    `links` are the paths among them that are symbolic links now; `heavier` are findings that are left and have become
    more severe, as what an example lacks when it is no mere selection any more.
    """

    files: Mapping[str, tuple[bytes, bytes]]
    findings: tuple[Finding, ...]
    refused: Mapping[Finding, str]
    unsafe: int
    stable: bool
    links: frozenset[str] = frozenset()
    heavier: tuple[Finding, ...] = ()


def cured(invocation: Invocation, judged: Judged) -> tuple[Cured, Judged]:
    """What the fixes of a run do, nothing of it written yet; and the run as it comes out after them."""
    latest = judged
    first = judged.context.repository

    def again(texts: Mapping[str, str]) -> State:
        nonlocal latest
        changes = {path: text.encode() for path, text in texts.items()}
        place = invocation.root
        latest = invocation._replace(root=place.again() if isinstance(place, Place) else place).judge(changes)
        return State(latest.context.repository, latest.report, invocation.whole(latest))

    # Nothing is judged a second time where there is nothing to fix.
    whole = invocation.whole(judged) if any(finding.fix for finding in judged.report.findings) else None
    done = cure(State(first, judged.report, whole), again, unsafe=invocation.unsafe_fixes)
    if done.state.report is not latest.report:
        again(done.texts)
    files = {path: (_content(first, path), text.encode()) for path, text in done.texts.items()}
    links = frozenset(finding.fix.link for finding in done.cured if finding.fix and finding.fix.link)
    changed = {path: pair for path, pair in files.items() if pair[0] != pair[1] or path in links}
    left = sum(finding.fix is not None and finding not in done.refused for finding in done.state.report.findings)
    # What was refused in one round may be cured by another's edit.
    stays = {finding.fingerprint: finding for finding in done.state.report.findings}
    refused = {stays[one.fingerprint]: why for one, why in done.refused.items() if one.fingerprint in stays}
    before = {finding.fingerprint: finding.severity for finding in judged.report.findings}
    after = done.state.report.findings if changed else ()
    heavier = tuple(one for one in after if one.severity > before.get(one.fingerprint, one.severity))
    return Cured(changed, done.cured, refused, left, done.stable, links, heavier), latest


def _content(repository: Repository, path: str) -> bytes:
    data = repository.read_bytes(path, TEXT_LIMIT)
    return data if isinstance(data, bytes) else b""


def patched(done: Cured) -> Patch:
    """What the fixes do as a patch."""
    from fr_check.fixes.patch import patch  # noqa: PLC0415 - only to show one

    return patch({path: (_text(before), _text(after)) for path, (before, after) in done.files.items()})


def _text(content: bytes) -> str:
    return content.decode("utf-8", "surrogateescape")


def told(done: Cured, *, verbose: bool, written: bool) -> Iterator[str]:
    """What to say of it: a line a file, then what stays and why, and what --unsafe-fixes would do."""
    by_file: dict[str, Counter[str]] = {}
    for finding in done.findings:
        for path in {edit.path for edit in finding.fix.edits} if finding.fix else ():
            by_file.setdefault(path, Counter())[finding.rule] += 1
    for path, rules in sorted(by_file.items()):
        number = sum(rules.values())
        counted = ", ".join(f"{rule} x{count}" if count > 1 else rule for rule, count in sorted(rules.items()))
        yield f"{'fixed' if written else 'would fix'} {number} ({counted}) in {path}"
    for remains in dict.fromkeys(finding.fix.remains for finding in done.findings if finding.fix):
        if remains:
            yield f"next: {remains}"
    # A finding whose line moved while others were cured is the same one.
    refused = {one.fingerprint: _refusal(one, why) for one, why in done.refused.items()}
    if verbose:
        yield from refused.values()
    elif refused:
        yield f"{len(refused)} not fixed (-v says why)"
    untried = sum(why == UNTRIED for why in done.refused.values())
    if untried:
        yield f"{untried} of these were not tried: {AGAIN}"
    if done.heavier:
        rules = Counter(one.rule for one in done.heavier)
        counted = ", ".join(f"{rule} x{count}" if count > 1 else rule for rule, count in sorted(rules.items()))
        yield f"more severe after these fixes, of what is left: {counted}"
    if done.unsafe:
        yield f"{done.unsafe} more with --unsafe-fixes"
    if not done.stable:
        yield "the fixes did not come to an end after 10 rounds; please report this"


def _refusal(finding: Finding, why: str) -> str:
    """What is not fixed, where, why, and what to do by hand."""
    place = finding.location
    line = f":{place.span.line}" if place.span else ""
    by_hand = f"; by hand: {finding.help}" if finding.help and why != UNTRIED else ""
    return f"not fixed: {finding.rule} of `{finding.subject}` in {place.path}{line}: {why}{by_hand}"
