"""Coverage of what changed since the base: executable lines and branch arms on changed lines.

A changed line counts for the statement it belongs to (coverage reports the first line of a statement that spans
several). A new file that no report holds counts as uncovered; a file that merely moved counts for nothing.
"""

from __future__ import annotations

import posixpath

from fr_check.core.repository import Repository, blob_name
from fr_check.coverage_gate.measured import wording
from fr_check.coverage_gate.measured.line_rules import rules_by_path
from fr_check.coverage_gate.measured.model import Changed, Patch
from fr_check.coverage_gate.measured.unmeasured import is_source, source_rules
from fr_check.policy.coverage_gate import Coverage
from fr_check.repository.artifacts import Sources
from fr_check.sources.diff import added_lines, split_lines
from fr_check.sources.measurement import Counts, Ratio, total

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from fr_check.core.context import Context
    from fr_check.coverage_gate.measured.data import File
    from fr_check.sources.python_analysis.module import Rules

# Without a policy for patches, their coverage is only told where that is cheap.
_CHEAP = 500
# A renamed file keeps more than this share of its lines; below, it counts as new.
_ALIKE = 0.5


def load(context: Context, files: Mapping[str, File]) -> Patch | None:
    """The patch since the base; None where no base can be read, or no threshold asks and it means much parsing."""
    policy, base, head = context.config.of(Coverage), context.base, context.repository
    wanted = policy.patch is not None or policy.patch_branch is not None
    if not isinstance(base, Repository) or not (wanted or len(files) <= _CHEAP):
        return None
    rules, line_rules = source_rules(context, files), rules_by_path(head)
    candidates = [path for path in head.paths() if path in files or is_source(path, rules)]
    changed = []
    for path in _differing(base, head, candidates):
        one = _changed(base, head, path, files.get(path), line_rules)
        if one is not None:
            changed.append(one)
    new = set(head.paths()).difference(base.paths()) if wanted else set()
    anything = rules._replace(omitted=lambda _: False)
    omitted = sorted(path for path in new if rules.omitted(path) and is_source(path, anything))
    return Patch(tuple(changed), total(one.counts for one in changed), tuple(omitted))


def remarks(patch: Patch) -> Iterator[str]:
    """What a policy for patches says nothing about."""
    if patch.omitted:
        are, its = ("is", "its") if len(patch.omitted) == 1 else ("are", "their")
        yield f"{wording.some(patch.omitted)} {are} new and left out by `omit`, so {its} lines count for nothing"
    elif not patch.files:
        yield "nothing that changed since the base can be covered"


def _differing(base: Repository, head: Repository, paths: list[str]) -> list[str]:
    """The paths whose content differs, by git's names of it where git knows them."""
    recorded: Mapping[str, object] = getattr(base, "entries", {})
    sources = Sources(head)
    differing = []
    for path in paths:
        entry = recorded.get(path)
        data = sources.read(path)
        if isinstance(data, bytes) and (entry is None or getattr(entry, "oid", "") != blob_name(data)):
            differing.append(path)
    return differing


def _changed(
    base: Repository, head: Repository, path: str, file: File | None, rules: Callable[[str], Rules | str]
) -> Changed | None:
    new = head.read_bytes(path)
    if not isinstance(new, bytes):
        return None
    old = base.read_bytes(path)
    if not isinstance(old, bytes):
        old = _moved(base, head, path, new)
    lines = added_lines(old, new)
    if not lines:
        return None
    return _unmeasured(path, new, lines, rules(path)) if file is None else _measured(path, new, lines, file)


def _moved(base: Repository, head: Repository, path: str, new: bytes) -> bytes:
    """The old text of a file that was moved here, gone from its place and mostly alike; empty where there is none."""
    suffix = posixpath.splitext(path)[1]
    here = frozenset(head.paths())
    lines = max(1, new.count(b"\n"))
    for candidate in base.paths():
        if posixpath.splitext(candidate)[1] != suffix or candidate in here:
            continue
        old = base.read_bytes(candidate)
        if isinstance(old, bytes) and (old == new or len(added_lines(old, new)) < lines * _ALIKE):
            return old
    return b""


def _measured(path: str, source: bytes, lines: frozenset[int], file: File) -> Changed | None:
    detail = file.detail
    started = _statement_lines(path, source, lines) & detail.lines
    arms = {line: ratio for line, ratio in detail.branches_by_line().items() if line in started}
    measured = file.counts.branches is not None
    branches = Ratio(sum(one.covered for one in arms.values()), sum(one.total for one in arms.values()))
    covered = started & detail.hits
    if not started:
        return None
    counts = Counts(Ratio(len(covered), len(started)), branches if measured else None)
    return Changed(path, counts, tuple(sorted(started - covered)))


def _unmeasured(path: str, source: bytes, lines: frozenset[int], rules: Rules | str) -> Changed | None:
    """A source that no report holds: its statements are known for Python, else every line that is not blank counts."""
    known = None
    if path.endswith(".py") and not isinstance(rules, str):
        from fr_check.sources.python_analysis import module  # noqa: PLC0415 - few patches hold such a file

        known = module.read(source, rules, branches=False)
    texts = split_lines(source)
    started = known.ran(lines) if known is not None else frozenset(line for line in lines if _says(texts[line - 1]))
    if not started:
        return None
    return Changed(path, Counts(Ratio(0, len(started))), tuple(sorted(started)), measured=False)


def _says(text: bytes) -> bool:
    """Whether a line of a language that is not known holds more than a comment."""
    return bool(text.strip()) and not text.lstrip().startswith((b"//", b"#"))


def _statement_lines(path: str, source: bytes, lines: frozenset[int]) -> frozenset[int]:
    """The lines that coverage data may name for changed lines: themselves, and where their statements start."""
    if not path.endswith(".py"):
        return lines
    from fr_check.sources.python_analysis import module  # noqa: PLC0415 - few runs judge a patch

    laid = module.lines(source)
    return lines if laid is None else lines | {laid.first[line] for line in lines if line in laid.first}
