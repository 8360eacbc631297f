"""Words that decide how a sentence about coverage is meant; see `prose`."""

from __future__ import annotations

import re

from checkers.core.patterns import pattern

PERCENT = pattern(r"(?<![\w.%/-])(?P<value>\d{1,3}(?:\.\d{1,6})?)[ \u00a0]?%(?!\d)(?P<flag>)?")
FLAG = pattern(r"(?P<value>(?!))?--cov-fail-under[= ](?P<flag>\d{1,3}(?:\.\d+)?)")
NEAR = ("cover", "Cover", "COVER", "hreshold", "fail", "loor", "nforc", "覆盖", "阈值", "门槛")
COVERAGE = pattern(
    r"\bcoverage\b|--cov|\bfail[-_]under\b|覆盖率|\b(?:lines?|code|branches|statements)\b[^.|]{0,20}\bcovered\b"
    r"|\bcovered (?:lines|by tests)\b",
    re.IGNORECASE,
)
DEMAND = pattern(
    r"\bmust\b|\benforc\w*|\brequire[ds]?\b|\brequirements?\b|\bmandatory\b|\bminimum\b|\bthresholds?\b"
    r"|\bgates?\b|\bgated\b|\bfail[-_ ]under\b|\bfails?\b|\berror code\b|\bblock(?:s|ed|ing)?\b|\breject\w*|\bfloor\b"
    r"|\bnot (?:be |fall |drop |go )?(?:below|under|less)\b|必须|不低于|门槛|阈值",
    re.IGNORECASE,
)
# What makes a sentence speak of coverage where only the heading above says so.
NAMED = pattern(r"\bthresholds?\b|\bfail[-_ ]under\b|\bfloor\b|\benforc\w*|门槛|阈值", re.IGNORECASE)
# An estimate, a tolerance, or a share of something that is counted: `~25% of tests`, `±0.05%`.
VAGUE_BEFORE = pattern(
    r"(?:[~≈±]|\d\s?/\s?\d+\W*|\babout|\broughly|\bapprox\w*\.?|\baround)[\s*_`]{0,3}$", re.IGNORECASE
)
VAGUE_AFTER = pattern(
    r"[\s*_`]{0,3}(?:of (?:the |all )?(?:tests?|files|cases|time|runs|users|requests|requirements|acs?)\b|jitter"
    r"|manual|points?\b|pp\b)",
    re.IGNORECASE,
)
CHANGED = pattern(
    r"\b(?:diff|patch)\b|\b(?:changed|added|modified|touched)\b[^.|]{0,40}\b(?:lines?|code|files?)\b|\bnew code\b",
    re.IGNORECASE,
)
WISH = pattern(
    r"\btarget\w*|\bgoals?\b|\baim\w*|\baspir\w*|\bobjectives?\b|\blong[- ]term\b|\beventual\w*|\bplan(?:ned|s)?\b"
    r"|\bonce\b|\bwill\b|\bshould\b|\broadmap\b|\bmilestones?\b|\btimeline\b|\bfuture\b|\bproposal\b|\bproposed\b"
    r"|\bphase \d|\bweek \d|\bsuccess (?:criteria|metrics)\b|\bnext steps?\b|\btodo\b|\bachiev\w*|\bimprove\w*"
    r"|\bideal\w*|\brecommend\w*|目标"
    r"|^\W*(?:\d[\d.]*\s+)?(?:add|update|raise|increase|set|bump|change|boost|create|reach)\b",
    re.IGNORECASE,
)
PAST = pattern(
    r"\b(?:was|were|previous\w*|former\w*|initial\w*|used to|earlier|revert\w*|upgraded|downgraded|raised|lowered"
    r"|dropped to|increased|decreased|improved|history|changelog|archived?|deprecated|old|had been|reduced|bumped)\b"
    r"|^\W*(?:before|after)\W*$",
    re.IGNORECASE,
)
CURRENT = pattern(r"\bcurrent(?:ly)?\b|\bnow\b|\btoday\b", re.IGNORECASE)
EXAMPLE = pattern(r"\be\.g\.|\bfor (?:example|instance)\b|\bsuch as\b|\bexamples?\b|\bsample\b|例如", re.IGNORECASE)
# A figure that was measured and is held against the demand named after it: `94.51% (exceeds 94% requirement)`.
MEASURED = pattern(r"\W{0,6}(?:exceed|meet|pass|above|beat|achieved|measured|actual|well over)", re.IGNORECASE)
COMPARED = pattern(r"(?:[≥≤<>⩾]=?|at least|minimum(?: of)?|below|under|less than|least)[\s*`_]*$", re.IGNORECASE)
BARE_LIMIT = pattern(r"[≥≤<>⩾]=?|\+$|at least|or (?:more|higher)", re.IGNORECASE)
# Percentages of something else than coverage, and coverage of something else than code by tests.
OTHER = pattern(
    r"\b(?:accuracy|recall|precision|uptime|availability|latency|error rates?|success rates?|confidence|auto[- ]accept"
    r"|cache hit|hit rates?|tolerance|discount|faster|slower|less memory|cpu|memory usage|mutants?|mutation|f1|sla"
    r"|slo)\b"
    r"|\b(?:docstring|documentation|doc|docs|type|typing|translation|i18n|api|endpoint|hook|feature|requirements?"
    r"|insurance|market|network|device|browser|license|ac|scenario|use[- ]case)[- ]coverage\b",
    re.IGNORECASE,
)
ARROW = pattern(r"%?\W{0,6}(?:→|->|-->|=>|➜|⇒)")
ARROWS = ("→", "->", "=>", "➜", "⇒")
FROM_TO = pattern(r"\bfrom\W{1,4}\d{1,3}(?:\.\d+)?\s?%?\W{1,4}to\W{1,4}$", re.IGNORECASE)
TO_NUMBER = pattern(r"\W{1,4}to\W{1,4}\d", re.IGNORECASE)
FROM = pattern(r"\bfrom\W{1,4}$", re.IGNORECASE)
METRIC = pattern(
    r"\b(?P<metric>line|branch|statement|function|method|condition|patch|diff|new[- ]code"
    r"|changed[- ](?:lines?|files?|code))(?:e?s)?(?:[- ]coverage)?\b",
    re.IGNORECASE,
)
SCOPE = pattern(
    r"\b(?P<scope>back-?end|front-?end|server|client|api|web|ui|mobile|worker|unified|overall|combined|project-wide"
    r"|whole project|entire codebase)\b",
    re.IGNORECASE,
)
PART = pattern(
    r"\b(?P<part>services?|service layer|core|domain|models?|routers?|controllers?|critical paths?|business logic"
    r"|utils?|components?|hooks)\b(?:\s+(?:layer|module|package|code|logic))?[\s*_`:]{0,6}"
    r"(?:coverage|at\b|must|\W{0,3}\d)",
    re.IGNORECASE,
)
# What a number is limited to, said after it: `100% for security-sensitive code`; not `for all pull requests`.
LIMITED = pattern(
    r"[\s*_`]{0,3}(?:(?:test |code |line |branch )?coverage )?(?:for|in|on) "
    r"(?!all\b|every|each|the (?:whole|project|entire)|prs?\b|pull|merg|ci\b|this|tests?\b|new\b|changed|any\b|now)"
    r"(?P<part>[\w/-]+(?: [\w/-]+)?)",
    re.IGNORECASE,
)
CLAUSE = pattern(r"[,;()|—\u2013]|\.\s|\n\s*[-*]|\bbut\b|\bwith\b", re.IGNORECASE)
SENTENCE = pattern(r"[.!?。](?=[\s*_)]|$)")
OLD_PLACES = pattern(
    r"(?:^|/)(?:archived?|history|changelogs?|old|deprecated|legacy|releases?|news)(?:/|$)", re.IGNORECASE
)
OLD_FILES = pattern(
    r"(?:changelog|changes|history|news|release[-_ ]?notes?|releases)(?:[-_.\d].*)?\.\w+$", re.IGNORECASE
)
BRANCH_DEMAND = pattern(
    r"[Bb]ranch [Cc]overage\b[^\n.]{0,20}(?:[Rr]equired|must|enforced|[Ee]nabled)"
    r"|--cov-branch`?\*{0,2} (?:is )?required"
)
