"""Where secret values stand in a text of any format, read as far as each line allows and never refused.

A value belongs to a secret name to its very end, as the format sees it: adjacent and triple-quoted literals, lines that
continue, block scalars, lists, the body of a key. Where the syntax is broken, or a format has two readings, it errs
towards the mask. What it leaves out are references, names of variables, and values that hide nothing (empty, None).
"""

from __future__ import annotations

from functools import lru_cache

from fr_check.core.patterns import pattern
from fr_check.core.record import NamedTuple
from fr_check.core.secrecy import is_port, is_secret_name, looks_random
from fr_check.core.secret_arguments import given
from fr_check.core.secret_letters import as_written, plain

TYPE_CHECKING = False
if TYPE_CHECKING:
    import re
    from collections.abc import Callable, Iterator, Sequence
    from collections.abc import Set as AbstractSet

    from fr_check.core.text import Text


class Stretch(NamedTuple):
    """Offsets [start, end) of what must not be shown; `sure`: it must not be shown in other places either."""

    start: int
    end: int
    sure: bool = True


# What stands for a value that is elsewhere, and may be shown: the first group is a text whose own literals may not.
_REFERENCE = pattern(
    r"(\$?\{\{(?:[^{}]|\{[^{}]*\})*\}\})"
    # What stands behind `:?` is what the shell says where the variable is missing.
    r"|\$\{[A-Za-z_][\w.]*(?:\}|:?\?[^{}$\n]*\}|:?[-=+?])|\$[A-Z_][A-Z0-9_]*+(?!\w)|\$\([A-Za-z_]\w*\)|\$\(|%\(\w+\)s"
    # A verb of a format stands between signs, as in `postgres://%s:%s@db`: in a random text it is a piece of it.
    r"|(?<![^\s:/@=\"'(,])%[a-z](?![^\s:/@?&\"'),;])|<[A-Za-z][A-Za-z _-]*>"
)
_FIELD = pattern(r"\{[A-Za-z_][\w.]*\}")
_QUOTED = pattern(r"\"(?:[^\"\\]|\\.|(?!))*+\"?|'(?:[^'\\]|\\.|(?!))*+'?|`[^`]*+`?", 16)  # re.DOTALL
# Inside quotes: a format verb, a path in Vault, the name of a variable.
_HARMLESS_LITERAL = pattern(r"|%[a-z]|[A-Z][A-Z0-9_]*|secret/[\w/%.{}$-]*")
_PLACE_BEFORE = pattern(
    r"(?:secret|key|env|file|keyOrDefault|hashFiles\()[ \t(]*$"
    # The key of an entry: `index .Data.data "SMTP-PASSWORD"`, `secrets['SMTP-PASSWORD']`.
    r"|\bindex[ \t]+[.$][\w.]*(?:[ \t]+\"[\w.-]*\")*[ \t]+$|\w\[[ \t]*$"
)
_NEAR = 120  # characters before a literal
# A short word between quotes and signs, which is the whole value unless more follows.
_WHOLE = pattern(r"[\s\"'`,;]*+(?P<word>[^\s\"'`,;]*+)[\s\"'`,;]*+")
_LINE = pattern(r"[^\r\n]+")
# Of more lines than one, or with what may be a reference.
_SIGN = pattern(r"[\r\n$%<{]")
_EDGE = " \t\"'`,;"
_HARMLESS = frozenset(
    (
        *("", "none", "null", "nil", "~", "true", "false", "yes", "no", "on", "off", "undefined", "inherit"),
        *("...", "…", "***", "[]", "{}", "()", "|", ">", "|-", ">-", "\\", "\\\\"),
    )
)


class Scan:
    """A text on its way; `found` is what may not be shown.

    `words` are those of the text, each once, between newlines: most signs of a value stand in no text, which its words
    tell in a third of the time.
    """

    def __init__(self, string: str) -> None:
        self.string = string
        self.found: list[Stretch] = []
        # The last value that was noted, not for sure and for sure: on one line a thousand names may stand, and the
        # rest of the line is the value of the first.
        self._noted = [(0, 0), (0, 0)]
        self.words = "\n".join(("", *{*string.split()}, ""))

    def value(self, start: int, end: int, name: str = "", *, sure: bool = True, fields: bool = False) -> None:
        """Notes a value, line by line, without the references in it; `fields`: `{name}` is one too."""
        string = self.string
        if not fields and self._is_noted(start, end, sure):
            return
        whole = self._whole(start, end)
        if whole is not None and (whole.lower() in _HARMLESS or (name and is_port(whole, name))):
            return
        if not fields:
            self._noted[sure] = (start, end)
        if not _SIGN.search(string, start, end):
            self._bare(start, end, sure, 0)
            return
        for line in _LINE.finditer(string, start, end):
            self._parts(line.start(), line.end(), sure, fields)

    def _is_noted(self, start: int, end: int, sure: bool) -> bool:  # noqa: FBT001 - its own
        return any(first <= start and end <= last for first, last in self._noted[sure:])

    def _whole(self, start: int, end: int) -> str | None:
        """A value of one word without its quotes and the comment behind it; None for any other."""
        found = _WHOLE.match(self.string, start, end)
        if found is None or found.end() == end:
            return found and found["word"]
        before = self.string[start : found.end()].rstrip(" \t")
        is_comment = self.string.startswith(("# ", "#\t"), found.end(), end)
        return found["word"] if is_comment and before and len(before) < found.end() - start else None

    def _parts(self, start: int, end: int, sure: bool, fields: bool) -> None:  # noqa: FBT001 - its own
        at, opened = start, 0
        pieces = _REFERENCE.finditer(self.string, start, end)
        places = [(found.start(), found.end(), found[1] is not None, found[0]) for found in pieces]
        if fields:
            places = [(found.start(), found.end(), False, "") for found in _FIELD.finditer(self.string, start, end)]
        for first, last, action, reference in places:
            self._bare(at, first, sure, opened)
            if action:
                self._literals(first, last, sure)
            opened += reference[-1:] in tuple("-=+?(") and reference[:1] == "$"
            at = last
        self._bare(at, end, sure, opened)

    def _bare(self, start: int, end: int, sure: bool, opened: int) -> None:  # noqa: FBT001 - its own
        string = self.string
        edge = _EDGE + (")}" if opened else "")
        while start < end and string[start] in edge:
            start += 1
        while start < end and string[end - 1] in edge:
            end -= 1
        if start < end and string[start:end].lower() not in _HARMLESS:
            self.found.append(Stretch(start, end, sure))

    def _literals(self, start: int, end: int, sure: bool) -> None:  # noqa: FBT001 - its own
        for literal in _QUOTED.finditer(self.string, start, end):
            body = literal[0].strip("\"'`")
            before = max(start, literal.start() - _NEAR)
            if not _HARMLESS_LITERAL.fullmatch(body) and not _PLACE_BEFORE.search(self.string, before, literal.start()):
                self._bare(literal.start(), literal.end(), sure, 0)

    def sorted(self) -> tuple[Stretch, ...]:
        """What was found, by place."""
        return tuple(sorted(self.found))


def stretches(string: str, path: str = "") -> tuple[Stretch, ...]:
    """What may not be shown of a text, by place; stretches may overlap. `path` says whose grammar it has."""
    from fr_check.core.secret_grammars import search  # noqa: PLC0415 - the two know each other

    # No grammar has to know that a line may end with two characters, nor how else a letter may be written.
    written, missing = plain(string)
    scan = Scan(written)
    search(scan, path)
    tokens(scan)
    return as_written(scan.sorted(), missing)


def in_value(value: str) -> tuple[Stretch, ...]:
    """What may not be shown of the value of a secret name."""
    scan = Scan(value)
    scan.value(0, len(value))
    return scan.sorted()


# Passwords may hold anything that a person forgot to encode: `$ < " ' /`, and an `@`.
_URL = pattern(
    r"://(?P<user>(?:\{\{[^{}]*+\}\}|\$\{[^{}]*+\}|[^\s/:@\"'{}$]|[{}$]|(?!))*+):"
    r"(?!\d{1,5}(?:[/\"'?#,;)\]}]|$|\s))(?=[^@\n]{0,600}@)"
    r"(?:(?P<password>(?:\$?\{\{[^{}]{0,99}\}\}|\S){1,300})@(?!sha256:)"
    # With blanks in it, where a host and a path follow.
    r"|(?P<blank>[^\s@\"'`<>{}$]{1,60}[ \t][^\n@\"'`<>{}$]{0,60})@[\w.-]{1,99}[:/])"
)
_URL_TOKEN = pattern(r"://(?P<token>[^\s/:@\"'<>{}$]{8,300})(?=@|:(?:x-oauth-basic)?@)")
_THIN = pattern(r":thin:[^\s/@:]{1,99}/(?P<value>[^\s@]{1,300})@")
# The name of a user.
_PLAIN_WORD = pattern(r"[a-z._-]+\d{0,3}")
_SIGNED = pattern(r"[?&](?:sig|sas|hmac)=(?P<value>[^\s&\"'`]+)")
_AUTHORIZATION = pattern(
    r"\b(?:authorization[\"']?[ \t]*[:=][ \t]*(?:[fFrRbBuU]?[\"'])?(?:(?:bearer|basic|token|digest)[ \t]+)?"
    r"(?=(?P<any>\S))"
    # A value that begins with it, whatever word follows.
    r"|[\"'=`](?:bearer|basic)[ \t]+(?!(?:tokens?|auth\w*|scheme|jwt|format|errors?|realm)\b)(?=(?P<whole>[^\s{<]))"
    r"|(?:bearer|basic)[ \t]+)[\"']?(?P<value>(?:\$?\{\{[^{}]*+\}\}|\$\{[^{}]*+\}|[^\s\"'`])+)",
    2,
)
_SCHEMES = ("uthorization", "UTHORIZATION", "earer", "EARER", "asic", "ASIC")
_USER = pattern(r"-(?<![\w-]-)(?:u[ \t=]*|(?:a|-auth|-user)[ \t=]+)[\"']?[\w.@+-]+:(?P<value>[^\s\"'`:]+)(?![\w:])")
# How tokens begin and go on that AWS, GitHub, GitLab, OpenAI and Stripe, Slack, Vault, JWT, Google, npm, PyPI, SendGrid
# and DigitalOcean give out; addresses that are keys themselves: webhooks of Slack and Discord, bots of Telegram.
_FAMILIAR_HEADS = (
    *((head, r"[A-Z0-9]{12,}") for head in ("AKIA", "ASIA")),
    *((f"gh{kind}_", r"\w{20,}") for kind in "pousr"),
    *(("github_pat_", r"\w{20,}"), ("glpat-", r"[\w-]{16,}")),
    *((head, r"[\w-]{16,}") for head in ("sk-", "sk_", "rk-", "rk_", "hvs.", "hvb.")),
    *(("xox", r"[abprs]-[\w-]{10,}"), ("eyJ", r"[\w-]{10,}(?:\.[\w-]*){0,2}"), ("AIza", r"[\w-]{30,}")),
    *(("npm_", r"\w{30,}"), ("pypi-", r"[\w-]{30,}"), ("SG.", r"[\w.-]{30,}")),
    *((f"do{kind}_v1_", r"\w{30,}") for kind in "opr"),
    ("hooks.slack.com/", r"(?:services|workflows)/[\w/-]{8,}"),
    *((".webhook.office.com/webhookb2/", r"[\w@/-]{8,}"), ("/hooks/", r"[a-z0-9]{20,}(?:/\w+)?")),
    *(("/api/webhooks/", r"\d{5,30}/[\w-]{8,}"), ("bot", r"\d{6,12}:[\w-]{20,}")),
)
# An expression that begins with letters of its own is searched for as fast as a word.
_FAMILIAR_TOKENS = tuple(
    (head, pattern(rf"{letters}(?<=\b{letters}){rest}"))
    for head, rest in _FAMILIAR_HEADS
    for letters in (head.replace(".", r"\."),)
)
# Without one of these nothing but a word that is long or familiar is found.
_USER_FLAGS = (" -u", "--user", " -a ", "--auth")
_SIGNS = ("://", ":thin:", "sig=", "sas=", "hmac=", *_SCHEMES, *_USER_FLAGS)
_LONG = 20
_LONG_RUN = pattern(rf"[A-Za-z0-9_+-]{{{_LONG}}}")
# From one long word to the next in a single step: a search that begins at each letter takes twice as long.
_LONG_WORD = pattern(
    rf"(?:[A-Za-z0-9_+-]{{0,{_LONG - 1}}}+[^A-Za-z0-9_+-]++|(?!))*+"
    rf"(?:(?<![\w.@/-])(?:(?P<word>[A-Za-z0-9_+-]{{{_LONG},}}+={{0,2}}(?![\w./]))|[A-Za-z0-9_+-]++)"
    r"|[A-Za-z0-9_-]++\+?+|\+|\Z)"  # a word may begin behind a plus
)
# The shortest is a JWT: a head of three letters, and ten more.
_MAY_BE_FAMILIAR = pattern(r"[^\n]{13,}")
_TOKEN_SIGN = pattern(r"\d")
_SHORTEST_TOKEN = 8


def may_hold_tokens(string: str) -> bool:
    """Whether a text has any sign of what `tokens` finds: asked of all messages at once, it spares most the rest."""
    return (
        any(sign in string for sign in _SIGNS)
        or any(head in string for head, _ in _FAMILIAR_TOKENS)
        or _LONG_RUN.search(string) is not None
    )


def tokens(scan: Scan) -> None:
    """What looks like a secret under any name: passwords in URLs, headers, words like those that services give out."""
    string, words = scan.string, scan.words
    if "://" in words:
        for found in _URL.finditer(string):
            # One field of a format string (`{password}`) is none.
            if not _FIELD.fullmatch(found[str(found.lastgroup)]):
                scan.value(*found.span(str(found.lastgroup)))
        for found in _URL_TOKEN.finditer(string):
            if not _PLAIN_WORD.fullmatch(found["token"]):
                scan.value(*found.span("token"))
    if ":thin:" in words:
        for found in _THIN.finditer(string):
            scan.value(*found.span("value"))
    if "sig=" in words or "sas=" in words or "hmac=" in words:
        for found in _SIGNED.finditer(string):
            scan.value(*found.span("value"))
    if any(word in words for word in _SCHEMES):
        for found in _AUTHORIZATION.finditer(string):
            is_long = len(found["value"]) >= _SHORTEST_TOKEN and _TOKEN_SIGN.search(found["value"])
            if is_long or found["any"] or found["whole"]:
                scan.value(*found.span("value"))
    if any(flag in string for flag in _USER_FLAGS):
        for found in _USER.finditer(string):
            scan.value(*found.span("value"))
    _long_words(scan)


def _long_words(scan: Scan) -> None:
    """Words that services give out, and what is as long as they are and looks random."""
    long = _MAY_BE_FAMILIAR.findall(scan.words)
    words, string = "\n".join(long), scan.string
    for head, expression in _FAMILIAR_TOKENS:
        if head in words:
            scan.found += [Stretch(*found.span()) for found in expression.finditer(string)]
    # What stands around a word, blanks apart, is among the words as it is in the text.
    if _looks_random_any("\n".join(word for word in long if len(word) >= _LONG and _TOKEN_SIGN.search(word))):
        for found in _LONG_WORD.finditer(string):
            if found["word"] and looks_random(found["word"]):
                scan.found.append(Stretch(*found.span("word")))


def _looks_random_any(words: str) -> bool:
    return any(found["word"] and looks_random(found["word"]) for found in _LONG_WORD.finditer(words))


# In a sentence a colon is a colon: only what is glued to its name, or quoted, is its value.
_SAID = pattern(
    r"(?<![\w.-])[.-]*(?P<name>[^\W\d][\w.-]*+)[\"']?"
    r"(?:=(?P<value>\"[^\"`]*+\"?|'[^'`]*+'?|(?:\$?\{\{[^{}]*+\}\}|[^\s`\"',;)(])+)"
    r"|[ \t]*(?::=|=|:)[ \t]*(?P<literal>\"[^\"`]*+\"|'[^'`]*+')"
    r"|[ \t]*(?::=|=|:)[ \t]+(?P<spaced>(?=[^\s`]*\d)[^\s`\"',;)(]{6,}))"
)
_FLAG_SAID = pattern(r"(?<![\w-])--(?P<name>[a-z][\w-]*+)[ \t]+(?P<value>[^\s`\"',;)(-][^\s`\"',;)(]*+)")
_WORD_FOR_VALUE = pattern(r"[A-Z][A-Z_]{0,15}")


@lru_cache(maxsize=4096)
def in_prose(message: str, *, may_hold_tokens: bool = True) -> tuple[Stretch, ...]:
    """What may not be shown of a sentence, whatever file it speaks of."""
    written, missing = plain(message)
    scan, message = Scan(written), written
    if "=" in message or ":" in message:
        for found in _SAID.finditer(message):
            group = str(found.lastgroup)
            if is_secret_name(found["name"]) and not _WORD_FOR_VALUE.fullmatch(found[group].strip("\"'")):
                scan.value(*found.span(group), found["name"])
    if "--" in message:
        for found in _FLAG_SAID.finditer(message):
            if is_secret_name(found["name"]) and _TOKEN_SIGN.search(found["value"]):
                scan.value(*found.span("value"))
    for start, end in given(message, scan.words):
        scan.value(start, end)
    if may_hold_tokens:
        tokens(scan)
    return as_written(scan.sorted(), missing)


_SPLIT = pattern(r"[\s\"'`,;]+")
_SPLIT_MORE = pattern(r"\W+|(?<=\w)\$")
_IDENTIFIER = pattern(r"\w+")
# The name of a variable, as in `KEY=${OTHER_KEY}`: what a finding is about, and no value.
_VARIABLE = pattern(r"[A-Z]+\d?[A-Z]*(?:_[A-Z0-9]+)+")
_LETTERS = pattern(r"[a-z]+|[A-Z]+")
# A port, or the name of a file: parts of values that stand in messages for themselves.
_NO_SECRET = pattern(
    r"[\W\d]{1,7}|(?:[a-z_./-]+/)?[a-z_.-]*\.(?:py|cfg|toml|ini|ya?ml|json|txt|lock|md|sh|[jt]sx?|env)", 2
)
_MADE = pattern(r"(?=.*\d)(?=.*[^\W\d])[^\s\"'`]*")
# Words with numbers behind them, parted by signs, and calls.
_NAMED = pattern(
    r"(?:(?:[A-Z]?[a-z]+(?:[A-Z][a-z]+)*|[A-Z]+|v)?\d{0,5}(?:0x\w+)?(?:[-_./:@~^+,<>=()\[\]{}$%*#]++|\Z)|(?!))++"
)
_SHORTEST = 5
_MANY = 100
_LONGEST, _TIMES = 4000, 4
_HEAD = 12


# A history asks the same again at most of its commits.
@lru_cache(maxsize=2)
def words(texts: tuple[Text, ...], stretches_of: Callable[[Text], Sequence[Stretch]], asked: str) -> frozenset[str]:
    """Values and parts of values that give a secret away wherever they are quoted, of those that `asked` holds.

    A word that also stands where it is no secret (`postgres`, the user as well as the password) is not one of them.
    """
    split = [text.parsed(_parted, stretches_of) for text in texts]
    found = _asked_for(frozenset(word for _, given_away in split for word in given_away), asked)
    if not found:
        return found
    return found.difference(*(_within(found, public) for public, _ in split))


# One file of hundreds changes from one commit of a history to the next, and rarely a secret in it.
@lru_cache(maxsize=2)
def _asked_for(given_away: frozenset[str], asked: str) -> frozenset[str]:
    found = Words(given_away).within(asked)
    return frozenset(word for word in found if not (_VARIABLE.fullmatch(word) or _NO_SECRET.fullmatch(word)))


@lru_cache(maxsize=1024)
def _within(words: frozenset[str], public: str) -> frozenset[str]:
    return frozenset(Words(words).within(public))


class Words:
    """Words that are looked for in strings: many of them in the time that a string takes."""

    def __init__(self, words: AbstractSet[str]) -> None:
        self._words = words
        self._size = min(map(len, words), default=0)
        self._lengths: dict[str, set[int]] = {}
        for word in words if len(words) >= _MANY else ():
            self._lengths.setdefault(word[: self._size], set()).add(len(word))

    def within(self, string: str) -> set[str]:
        """Those that occur in it."""
        if not self._lengths:
            return {word for word in self._words if word in string}
        found: set[str] = set()
        for at in range(len(string)):
            for length in self._lengths.get(string[at : at + self._size], ()):
                if (piece := string[at : at + length]) in self._words:
                    found.add(piece)
        return found


def _parted(text: Text, stretches_of: Callable[[Text], Sequence[Stretch]]) -> tuple[str, frozenset[str]]:
    """What of a text is no secret, and the words that give away what is."""
    found, public = set[str](), list[str]()
    at, string = 0, text.string
    room = _TIMES * len(string)
    for stretch in text.parsed(stretches_of):
        public.append(string[at : stretch.start])
        at = max(at, stretch.end)
        room -= stretch.end - stretch.start
        # Stretches overlap; that a thousand long ones do happens in no file that anybody wrote.
        if room > 0 or stretch.end - stretch.start <= _LONGEST:
            parts = _parts(string[stretch.start : stretch.end])
            # Below a name of many things, in a description: what nobody would call anything.
            found.update(parts if stretch.sure else (part for part in parts if is_made(part)))
    return "\0".join((*public, string[at:])), frozenset(found)


def is_made(word: str) -> bool:
    """Whether a word is more like something that was made up to be secret than like a name or a version."""
    return len(word) >= _SHORTEST_TOKEN and bool(_MADE.fullmatch(word)) and not _NAMED.fullmatch(word)


def _parts(value: str) -> Iterator[str]:
    for word in {value, *_SPLIT.split(value), *_SPLIT_MORE.split(value)}:
        if len(word) < _SHORTEST:
            continue
        yield word
        # Messages cut long values.
        if len(word) > _HEAD and _TOKEN_SIGN.search(word, 0, _HEAD):
            yield word[:_HEAD]


def quoted(word: str) -> re.Pattern[str]:
    """Where a value stands in a message: a plain word only in quotes, another only as a whole, the rest anywhere."""
    import re  # noqa: PLC0415 - for an annotation above

    escaped = re.escape(word)
    if _LETTERS.fullmatch(word):
        return re.compile(rf"(?<=[`\"'=]){escaped}(?=[`\"']|$)")
    # Or behind the letter of an option, as in `mysql -pX`.
    whole = rf"(?:(?<!\w)|(?<=\W-[A-Za-z])|(?<=\)s)){escaped}(?!\w)"
    return re.compile(whole if _IDENTIFIER.fullmatch(word) and len(word) < _HEAD else escaped)
