"""Words that decide how a sentence about coverage is meant; see `prose`. All of them are looked for in lower case.

Most are whole words, and a set tells at once whether a sentence holds one of them. What takes a regular expression is
guarded by a word without which it cannot match: few sentences need one, and compiling them all would take longer than
reading the documents.
"""

from __future__ import annotations

from fr_check.core.patterns import pattern

TYPE_CHECKING = False
if TYPE_CHECKING:
    import re

_WORD = pattern(r"\w+")


class Said:
    """A piece of text in lower case, and the words in it."""

    __slots__ = ("string", "words")

    def __init__(self, string: str) -> None:
        self.string = string
        self.words = frozenset(_WORD.findall(string))


class Lexicon:
    """What tells one meaning: whole `words`, beginnings of words, texts within words, and guarded `phrases`.

    A phrase is a pair: words of which one must stand in a text that the expression matches, and the expression.
    """

    def __init__(
        self,
        words: str,
        stems: tuple[str, ...] = (),
        texts: tuple[str, ...] = (),
        phrases: tuple[tuple[str, re.Pattern[str]], ...] = (),
    ) -> None:
        self.words = frozenset(words.split())
        self.stems = stems
        self.texts = texts
        self.phrases = tuple((frozenset(guard.split()), expression) for guard, expression in phrases)

    def is_in(self, said: Said) -> bool:
        """Whether a text says any of it."""
        if not self.words.isdisjoint(said.words) or any(text in said.string for text in self.texts):
            return True
        if any(stem in said.string for stem in self.stems) and any(word.startswith(self.stems) for word in said.words):
            return True
        return any(
            not guard.isdisjoint(said.words) and expression.search(said.string) for guard, expression in self.phrases
        )


class Names:
    """Names of something, of which the nearest to a number counts; the expression's group `name` is the name itself.

    It matches no text without one of the words, each with one of the endings.
    """

    def __init__(self, words: str, endings: tuple[str, ...], expression: re.Pattern[str]) -> None:
        self.words = frozenset(word + ending for word in words.split() for ending in endings)
        self.expression = expression

    def may_be_in(self, said: Said) -> bool:
        """Whether a text can hold one; cheap."""
        return not self.words.isdisjoint(said.words)

    def search(self, string: str) -> re.Match[str] | None:
        """The first in a text."""
        return self.expression.search(string)

    def last(self, string: str) -> re.Match[str] | None:
        """The last in a text."""
        found = [*self.expression.finditer(string)]
        return found[-1] if found else None


class Sign:
    """An expression that matches no text without one of `texts`, which are looked for first."""

    def __init__(self, texts: tuple[str, ...], expression: re.Pattern[str]) -> None:
        self.texts = texts
        self.expression = expression

    def match(self, string: str) -> re.Match[str] | None:
        """The sign at the beginning of a text."""
        return self.expression.match(string) if any(text in string for text in self.texts) else None

    def search(self, string: str) -> re.Match[str] | None:
        """The first sign in a text."""
        return self.expression.search(string) if any(text in string for text in self.texts) else None


PERCENT = pattern(r"(?<![\w.%/-])(?P<value>\d{1,3}(?:\.\d{1,6})?)[ \u00a0]?%(?!\d)(?P<flag>)?")
FLAG = pattern(r"(?P<value>(?!))?--cov-fail-under[= ](?P<flag>\d{1,3}(?:\.\d+)?)")
NEAR = ("cover", "Cover", "COVER", "hreshold", "fail", "loor", "nforc", "覆盖", "阈值", "门槛")
COVERAGE = Lexicon(
    "coverage fail_under",
    texts=("--cov", "覆盖率"),
    phrases=(
        ("fail", pattern(r"\bfail-under\b")),
        (
            "covered",
            pattern(
                r"\b(?:lines?|code|branches|statements)\b[^.|]{0,20}\bcovered\b|\bcovered (?:lines|by tests)\b",
            ),
        ),
    ),
)
DEMAND = Lexicon(
    "must require required requires requirement requirements mandatory minimum threshold thresholds gate gates gated"
    " fail_under fail fails block blocks blocked blocking floor floors",
    ("enforc", "reject"),
    ("必须", "不低于", "门槛", "阈值"),
    (
        ("error", pattern(r"\berror code\b")),
        ("not", pattern(r"\bnot (?:be |fall |drop |go )?(?:below|under|less)\b")),
    ),
)
# What makes a sentence speak of coverage where only the heading above says so.
NAMED = Lexicon(
    "threshold thresholds fail_under floor floors",
    ("enforc",),
    ("门槛", "阈值"),
    (("fail", pattern(r"\bfail[- ]under\b")),),
)
# An estimate, a tolerance, or a share of something that is counted: `~25% of tests`, `±0.05%`.
VAGUE_BEFORE = Sign(
    ("~", "≈", "±", "/", "about", "roughly", "approx", "around"),
    pattern(r"(?:[~≈±]|\d\s?/\s?\d+\W*|\babout|\broughly|\bapprox\w*\.?|\baround)[\s*_`]{0,3}$"),
)
VAGUE_AFTER = Sign(
    ("of ", "jitter", "manual", "point", "pp"),
    pattern(
        r"[\s*_`]{0,3}(?:of (?:the |all )?(?:tests?|files|cases|time|runs|users|requests|requirements|acs?)\b|jitter"
        r"|manual|points?\b|pp\b)"
    ),
)
# `there is no fixed 96% gate`: what is spoken of is not there.
DENIED = Sign(
    ("no", "without", "instead"),
    pattern(r"\b(?:no|not an?|without an?|instead of(?: an?| the)?)(?: [a-z-]{3,12})?[\s*_`]*$"),
)
CHANGED = Lexicon(
    "diff patch",
    ("diff_cov", "patch_cov"),
    phrases=(
        (
            "changed added additional modified touched incoming",
            pattern(
                r"\b(?:changed|added|additional|modified|touched|incoming)\b[^.|]{0,40}"
                r"\b(?:lines?|code|files?|changes?|functions?|modules?|branch(?:es)?)\b"
            ),
        ),
        (
            "new newly",
            pattern(
                r"\bnew(?:ly)? (?:[\w-]{1,20} )?"
                r"(?:code|features?|lines?|files?|functions?|modules?|methods?|classes|components?|changes|branches)\b"
            ),
        ),
        ("incremental", pattern(r"\bincremental (?:[\w-]{1,20} )?coverage\b")),
        ("contributions contribution", pattern(r"\b(?:for|of|on) (?:[\w-]{1,20} )?contributions?\b")),
        ("you", pattern(r"\b(?:code|lines?) (?:that )?you (?:add|change|write|touch|contribute)\b")),
    ),
)
WISH = Lexicon(
    "goal goals objective objectives plan plans planned once will should roadmap milestone milestones timeline future"
    " proposal proposed todo",
    ("target", "aim", "aspir", "eventual", "achiev", "improve", "ideal"),
    ("目标",),
    (
        # What a heading "Recommended reading order" recommends is to read.
        (
            "recommend recommends recommended recommendation recommendations",
            pattern(r"\brecommend\w*\b(?! (?:reading|order|path|docs|documents|files|links|resources)\b)"),
        ),
        ("long", pattern(r"\blong[- ]term\b")),
        ("phase week", pattern(r"\b(?:phase|week) \d")),
        ("success next", pattern(r"\bsuccess (?:criteria|metrics)\b|\bnext steps?\b")),
        (
            "add update raise increase set bump change boost create reach",
            pattern(r"^\W*(?:\d[\d.]*\s+)?(?:add|update|raise|increase|set|bump|change|boost|create|reach)\b"),
        ),
    ),
)
PAST = Lexicon(
    "was were earlier upgraded downgraded raised lowered increased decreased improved history changelog archive"
    " archived deprecated old reduced bumped",
    ("previous", "former", "initial", "revert"),
    phrases=(
        ("used dropped had", pattern(r"\b(?:used to|dropped to|had been)\b")),
        ("before after", pattern(r"^\W*(?:before|after)\W*$")),
        # What is told of a day on which they were green.
        ("gate gates", pattern(r"\bgates? (?:is |are |all )?(?:green|passed|passing)\b")),
    ),
)
CURRENT = Lexicon("current currently now today")
EXAMPLE = Lexicon(
    "example examples sample",
    texts=("例如",),
    phrases=(("e", pattern(r"\be\.g\.")), ("for such", pattern(r"\bfor instance\b|\bsuch as\b"))),
)
# A figure that was measured and is held against the demand named after it: `94.51% (exceeds 94% requirement)`.
MEASURED = Sign(
    ("exceed", "meet", "pass", "above", "beat", "achieved", "measured", "actual", "well over"),
    pattern(r"\W{0,6}(?:exceed|meet|pass|above|beat|achieved|measured|actual|well over)"),
)
COMPARED = pattern(r"(?:[≥≤<>⩾]=?|at least|minimum(?: of)?|below|under|less than|least)[\s*_`]*$")
LIMITS = ("≥", "≤", "<", ">", "⩾", "at least", "or more", "or higher")
_SUBJECTS = (
    "docstring doctest doctests documentation doc docs type typing translation i18n api endpoint hook feature"
    " requirement requirements insurance market network device browser license ac scenario"
)
# Percentages of something else than coverage, and coverage of something else than code by tests.
OTHER = Lexicon(
    "accuracy recall precision uptime availability latency confidence tolerance discount faster slower cpu mutant"
    " mutants mutation f1 sla slo bayesian quantile conformal nominal",
    phrases=(
        ("error success hit", pattern(r"\b(?:error|success|hit) rates?\b")),
        ("auto cache", pattern(r"\b(?:auto[- ]accept|cache hit)\b")),
        ("memory", pattern(r"\b(?:less memory|memory usage)\b")),
        (
            f"{_SUBJECTS} case",
            pattern(rf"\b(?:{_SUBJECTS.replace(' ', '|')}|use[- ]case)[- ]coverage\b"),
        ),
    ),
)
# Examples in documentation and texts about code have figures of their own.
OF_DOCUMENTS = pattern(r"\b(?:doc-?tests?|doc-?strings?)\b")
ARROWS = ("→", "->", "=>", "➜", "⇒")
ARROW = Sign(ARROWS, pattern(r"%?\W{0,6}(?:→|->|-->|=>|➜|⇒)"))
FROM_TO = Sign(("from",), pattern(r"\bfrom\W{1,4}\d{1,3}(?:\.\d+)?\s?%?\W{1,4}to\W{1,4}$"))
FROM = Sign(("from",), pattern(r"\bfrom\W{1,4}$"))
TO_NUMBER = Sign(("to",), pattern(r"\W{1,4}to\W{1,4}\d"))
METRIC = Names(
    "line branch statement function method condition patch diff new changed",
    ("", "s", "es"),
    pattern(
        # `main branch` and `test functions` are no metrics.
        r"(?<!main )(?<!master )(?<!feature )(?<!default )(?<!base )(?<!release )(?<!test )"
        r"\b(?P<name>line|branch|statement|function|method|condition|patch|diff|new[- ]code"
        r"|changed[- ](?:lines?|files?|code))(?:e?s)?(?:[- ]coverage)?\b"
    ),
)
# `95% project coverage and 100% diff coverage`: the first is no figure of what changed, though that name is nearer.
WHOLE_AFTER = Sign(
    ("project", "overall", "total"),
    pattern(r"[\s*_`]{0,3}(?:minimum )?(?:project|overall|total)\b(?![- ](?:diff|patch)\b)"),
)
WHOLE_BEFORE = Sign(
    ("project", "overall", "total"),
    pattern(r"\b(?:project|overall|total)(?:[- ]coverage)?(?: is| of| at)?[\s*_`:=≥>]*$"),
)
SCOPE = Names(
    "backend back frontend front server client api web ui mobile worker unified overall combined project whole entire",
    ("",),
    pattern(
        r"\b(?P<name>back-?end|front-?end|server|client|api|web|ui|mobile|worker|unified|combined|project-wide"
        r"|whole project|entire codebase|overall(?! (?:quality|system|health|state|status|design)))\b"
    ),
)
PART = Names(
    "service core domain model router controller critical business util component hook",
    ("", "s"),
    pattern(
        r"\b(?P<name>services?|service layer|core|domain|models?|routers?|controllers?|critical paths?|business logic"
        r"|utils?|components?|hooks)\b(?:\s+(?:layer|module|package|code|logic))?[\s*_`:]{0,6}"
        r"(?:coverage|at\b|must|\W{0,3}\d)"
    ),
)
# What a number is limited to, said after it: `100% for security-sensitive code`; not `for all pull requests`.
LIMITED = Sign(
    ("for ", "in ", "on "),
    pattern(
        r"[\s*_`]{0,3}(?:minimum )?(?:(?:test |code |line |branch )?coverage )?(?:for|in|on) "
        r"(?!all\b|every|each|the (?:whole|project|entire)|prs?\b|pull|merg|ci\b|this|tests?\b|new\b|changed|any\b"
        r"|now)(?P<name>[\w/-]+(?: [\w/-]+)?)"
    ),
)
CLAUSE = pattern(r"[,;()|—\u2013]|\.\s|\n\s*[-*]|\b(?:but|with)\b")
# A line that ends with two spaces or a backslash ends in the rendered text too.
SENTENCE = pattern(r"[.!?。](?=[\s*_)]|$)|(?: {2,}|\\)\r?\n")
BRANCH_DEMAND = Sign(
    ("ranch coverage", "ranch Coverage", "--cov-branch"),
    pattern(
        r"[Bb]ranch [Cc]overage\b[^\n.]{0,20}(?:[Rr]equired|must|enforced|[Ee]nabled)"
        r"|--cov-branch`?\*{0,2} (?:is )?required"
    ),
)
