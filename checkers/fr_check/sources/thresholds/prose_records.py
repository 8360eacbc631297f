"""Documents and sentences that record or quote a figure, and demand nothing by it; all in lower case but for paths."""

from __future__ import annotations

from fr_check.core.patterns import pattern
from fr_check.sources.thresholds.prose_words import Sign

TYPE_CHECKING = False
if TYPE_CHECKING:
    from fr_check.sources.thresholds.prose_hit import Hit

_PLACES = frozenset(
    ("archive", "archived", "history", "changelog", "changelogs", "old", "deprecated", "legacy", "release", "releases")
)
_PLACES |= {"news", "report", "reports", "journal", "journals", "reviews", "retrospectives", "postmortems", ".planning"}
# What is to be done, and is no rule of the project before it is: tickets, plans, proposals.
_PLANS = frozenset(
    ("ticket", "tickets", "plan", "plans", "proposal", "proposals", "rfc", "rfcs", "backlog", "prd", "prds")
)
_PLANS |= {"issues", "todo", "todos", "roadmap", "roadmaps", "specs", "epics", "milestones"}
_PLANNING = pattern(r"(?:^|[-_.])(?:plan|proposal|roadmap|todo|prd|rfc|ticket|backlog)s?(?:[-_.\d]|$)")
_FILES = Sign(
    ("change", "history", "news", "release"),
    pattern(r"(?:changelog|changes|history|news|release[-_ ]?notes?|releases)(?:[-_.\d].*)?\.\w+$"),
)
# A document of a day is a record of it, and so is a report, or the summary of what was done.
_DATED = pattern(r"(?<!\d)20\d\d[-_.]?[01]\d[-_.]?[0-3]\d(?!\d)")
_OF_A_DAY = pattern(r"(?:^|[-_.])(?:report|summary|journal|retrospective|postmortem)(?:[-_.]|$)")
_LONG = 2000
# A long document without any of these speaks of another coverage: of shifts by drivers, of intervals, of a market.
# In lower case, and parts that begin with letters of their own: the expression is tried at these alone.
_OF_CODE = pattern(
    r"(?:test|code|line|branch|statement|function|unit|diff|patch)s?[- _]?cov|--cov|fail.under|codecov|coveralls"
    r"|pytest|vitest|coverage\.py|\u8986\u76d6|(?:jest(?<=\bjest)|nyc(?<=\bnyc)|c8(?<=\bc8)|tests(?<=\btests)"
    r"|tested(?<=\btested)|unit(?<=\bunit)|branches(?<=\bbranches)|statements(?<=\bstatements)|ci(?<=\bci))\b"
    r"|cov(?<=\bcov)(?:erage)?[.\w-]*(?:run|report|rc)\b"
)
# Of those, what most such documents have: it is looked for as a word before the expression goes through all of them.
_USUAL = ("pytest", "vitest", "--cov", "codecov", "test cov", "code cov", "line cov", "unit cov", " tests ", " unit ")
# The figure that was measured stands before the one that is demanded: `72.8% (floor 60%)`, `88% is below the 90% gate`.
_DEMANDED = r"(?:floor|threshold|minimum|gate|requirement|required|limit|bar)s?\b"
_HELD = Sign(
    ("floor", "threshold", "minimum", "gate", "require", "limit", "bar"),
    pattern(
        rf"[^.|\d]{{0,30}}?(?:[(,;:\u2014\u2013-]\s*(?:[a-z]{{1,12}} ){{0,3}}{_DEMANDED}[^.|\d]{{0,8}}\d"
        r"|\b(?:exceed\w*|above|below|under|over|vs\.?|against|meets?)\b[^|\d]{0,20}\d[\d.]*[ \u00a0]?%\W{0,4}"
        rf"(?:[\w-]{{1,12}} ){{0,3}}{_DEMANDED})"
        # Figures of other parts may stand between: `100% (routes), 81% (models) - exceeds 80% requirement`.
        r"|(?:[\s*_`]*\([^()|\d]{1,40}\)[,;]? (?:and )?\d[\d.]*[ \u00a0]?%){1,4}[^.|\d]{0,30}?"
        r"\b(?:exceed\w*|above|over|meets?)\b[^|\d]{0,20}\d[\d.]*[ \u00a0]?%\W{0,4}"
        rf"(?:[\w-]{{1,12}} ){{0,3}}{_DEMANDED}"
    ),
)


def is_record(path: str) -> bool:
    """Whether a document tells what was, by its path: a change log, a report, something of a day."""
    *folders, name = path.lower().split("/")
    if not _PLACES.isdisjoint((*folders, name)) or _FILES.match(name) is not None:
        return True
    kept = any(folder.endswith(("-reports", "_reports")) for folder in folders)
    return kept or _DATED.search(path) is not None or _OF_A_DAY.search(name) is not None


def is_plan(path: str) -> bool:
    """Whether a document says what is to be done, by its path: a ticket, a plan, a proposal."""
    *folders, name = path.lower().split("/")
    return not _PLANS.isdisjoint(folder.lstrip(".") for folder in folders) or _PLANNING.search(name) is not None


def is_of_code(string: str) -> bool:
    """Whether a document may speak of code and its tests: a long one names them somewhere."""
    if len(string) < _LONG or any(word in string for word in _USUAL):
        return True
    return _OF_CODE.search(string.lower()) is not None


def is_held(hit: Hit) -> bool:
    """Whether a figure was measured, and is held against the one that is demanded after it."""
    return _HELD.match(hit.after[:120]) is not None


def is_quoted(hit: Hit) -> bool:
    """Whether somebody's words are quoted, of which the number is one: `a "100% coverage of one file" deception`."""
    opened = hit.before.count('"') % 2 == 1 or hit.before.count("\u201c") > hit.before.count("\u201d")
    quoted, _, rest = hit.after.replace("\u201d", '"').partition('"')
    return opened and "coverage" in quoted and bool(rest)
