"""Which names mean secrets, and how their values are kept out of everything that is printed.

Three ways in, one mechanism (core/secret_values.py finds the stretches that may be secret):
`redact` for one line or value, `masked_line` for a line of a file (values go over many), and `Mask` for messages: the
engine passes every text of a report through it, so a rule need not mask what it quotes.
"""

from __future__ import annotations

from functools import lru_cache

from fr_check.core.patterns import pattern

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from fr_check.core.secret_values import Stretch, Words
    from fr_check.core.text import Text

MASK = "***"

PARTS = (
    "p(?:a(?:ss|t)|w|rivate|epper|sk)|s(?:e(?:cret|ed)|alt|ignature)|token|c(?:red|ookie|ert)|key|jwt|dsn|auth|mnemonic"
    "|bearer|recovery|парол|kennwort|contrase|senha|密码|密碼|パスワード"
)
"""Every secret name has one of them, in lower case: few names do, and the rest is never asked for more."""
_PART = pattern(PARTS)
_SECRET_WORD = pattern(
    r"(?:^|[_\W])(?:SECRET|SECRETS|PASSWORD|PASSWD|PASSPHRASE|PASS|PWD|PW|TOKEN|TOKENS|CREDENTIALS?|CREDS?|PRIVATE|SALT"
    r"|PEPPER|APIKEY|COOKIE|SIGNATURE|PAT|JWT|DSN|KEY|KEYS|AUTH|AUTHORIZATION|CERT|PSK|BEARER|MNEMONIC|SEED_PHRASE"
    r"|(?:OTP|TOTP|WALLET)_SEED|RECOVERY_CODES?|PASSCODES?|ПАРОЛЬ|ПАРОЛИ|SENHA|MOT_DE_PASSE)(?=$|[_\W]|\d)"
    # Written as one word: DBPASSWORD, apikey, githubtoken.
    r"|PASSWOR[DT]|KENNWORT|CONTRASE[NÑ]A|密码|密碼|パスワード|PASSWD|PASSPHRASE|PASSCODE|SECRET(?!AR)|CREDENTIAL|TOKENS?(?=$|[_\W\d])|[A-Z]{2}PWD(?=$|[_\W\d])"
    r"|(?:API|ACCESS|PRIVATE|ENCRYPTION|SIGNING|MASTER|AUTH|JWT|SESSION|CIPHER|HMAC|AES|RSA|SSH|GPG|PGP|DEPLOY|LICENSE"
    r"|SERVICE|ACCOUNT|APP|CLIENT|FERNET|ENCRYPT)KEYS?(?=$|[_\W\d])"
    r"|(?:HASH|PASSWORD|SESSION|CRYPTO)SALT(?=$|[_\W\d])|(?:ADMIN|ROOT|USER|DB|BIND)PW(?=$|[_\W\d])"
    # `...PASS`, where that is no word of the language.
    r"|[A-Z]{2}(?<!BY)(?<!COM)(?<!OVER)(?<!UNDER)(?<!TRES)(?<!SUR)PASS(?=$|[_\W\d])"
)
# Words that go with one of the above and mean no secret: an algorithm, a lifetime, an identifier, a place.
_PUBLIC_WORD = pattern(
    r"(?:ALGORITHM|(?:^|_)(?:EXPIRES?|EXPIRY|MINUTES|SECONDS|TTL|LIFETIME|LENGTH)(?=$|_|\d)|(?<!SECRET)_ID$|_NAME$|_URL$|_URI$|_PATH$|_FILE$|_DIR$|PUBLIC_KEY$"
    r"|PUBLISHABLE|_SIZE$|_TYPE$|_ENABLED$|_HEADER$|_PREFIX$|_ISSUER$|_AUDIENCE$|_LIMIT$|_COUNT$|_DOMAIN$|_HOST$|_PROVIDERS?$"
    r"|_METHODS?$|_MODE$|_BACKENDS?$|_REALM$|_SCOPES?$|SITE_KEY$|_SAMESITE$|_SECURE$|_HTTPONLY$|_COUNT(?=_)|CACHE_KEY|_PORT$|(?:^|_)MAX_(?:\w+_)?TOKENS$)"
)
_HUMP = pattern(r"(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])")
_COMMIT = pattern(r"[0-9a-f]{40}(?:[0-9a-f]{24})?")
_DIGEST = pattern(r"[0-9a-f]{32,}")
_STRONG_NAME = pattern(r"PASS|SECRET|PWD|CREDENTIAL|[_-]?TOKEN|\w[_-]?KEY", 2)  # re.IGNORECASE
_PORT = pattern(r"\d{2,5}")
_PORTS = 65_535


@lru_cache(maxsize=32_768)
def is_secret_name(name: str) -> bool:
    """Whether a variable of this name probably holds a secret: not `JWT_ALGORITHM`, but `dbPassword`."""
    if not name.isascii():
        from unicodedata import normalize  # noqa: PLC0415 - few names have other letters

        from fr_check.core.secret_letters import plain  # noqa: PLC0415 - as above

        name = plain(normalize("NFKC", name))[0]
    lower = name.casefold()
    if not _PART.search(lower):
        return False
    # Both in capitals, which costs less than expressions that ignore case.
    words, whole = _HUMP.sub("_", name).replace("-", "_").casefold().upper(), lower.upper()
    is_secret = bool(_SECRET_WORD.search(words)) or (words != whole and bool(_SECRET_WORD.search(whole)))
    return is_secret and not _PUBLIC_WORD.search(words) and not ("-" in name and _is_rule(name))


def _is_rule(name: str) -> bool:
    """Whether a name is a rule's, as in the tables of the policy: `glued-key = "off"`."""
    from fr_check.core.rule_ids import RULE_IDS  # noqa: PLC0415 - few names have a dash

    return name in RULE_IDS


def is_port(value: str, name: str) -> bool:
    """Whether a number is more likely a port, or a count, than a secret: not below a name that says password."""
    return bool(_PORT.fullmatch(value)) and int(value) <= _PORTS and not _STRONG_NAME.search(name)


def looks_random(word: str) -> bool:
    """Whether a word is more like a generated token than like something a person named.

    Commits and digests (40 or 64 hexadecimal digits) are no secrets.
    """
    if word.isalpha() or word.isupper() or (word.islower() and not _DIGEST.match(word)):
        return False
    digits, upper, lower = (sum(map(of_kind, word)) for of_kind in (str.isdigit, str.isupper, str.islower))
    if _DIGEST.fullmatch(word):
        return not _COMMIT.fullmatch(word)
    return digits >= 3 and upper >= 2 and lower >= 2  # noqa: PLR2004 - words and versions have fewer


def redact(line: str, path: str = "") -> str:
    """A line as it may be shown: values of secret names, URL passwords and token-like words become `***`.

    References (`${TOKEN}`, `{{ .Data.data.TOKEN }}`), empty values, None and booleans stay. `path` says whose grammar
    the line has; without it the line is text, shell or YAML.
    """
    from fr_check.core.secret_values import stretches  # noqa: PLC0415 - only where something is shown

    return _without(line, 0, _places(stretches(line, path)))


def shown(name: str, value: str) -> str:
    """The value of a variable as it may be shown."""
    from fr_check.core.secret_values import in_value  # noqa: PLC0415 - only where something is shown

    return _without(value, 0, _places(in_value(value))) if is_secret_name(name) else redact(value)


def masked_line(text: Text, number: int) -> str:
    """A line of a file, from 1, as it may be shown: a value that began on an earlier line is masked too."""
    from bisect import bisect_left, bisect_right  # noqa: PLC0415 - only where something is shown

    line, offset = text.line(number), text.offset(number)
    starts, ends = text.parsed(_masked_of)
    first, last = bisect_right(ends, offset), bisect_left(starts, offset + len(line))
    return _without(line, offset, zip(starts[first:last], ends[first:last], strict=True))


def _masked_of(text: Text) -> tuple[list[int], list[int]]:
    """Where what is masked begins and ends, by place: stretches that overlap are one, so that a line finds its own."""
    starts: list[int] = []
    ends: list[int] = []
    for start, end, _ in text.parsed(_stretches_of):
        if ends and start <= ends[-1]:
            ends[-1] = max(ends[-1], end)
        else:
            starts.append(start)
            ends.append(end)
    return starts, ends


def _stretches_of(text: Text) -> Sequence[Stretch]:
    from fr_check.core.secret_values import stretches  # noqa: PLC0415 - only where something is shown

    return stretches(text.string, text.path)


def _places(found: Iterable[Stretch]) -> Iterable[tuple[int, int]]:
    return ((stretch.start, stretch.end) for stretch in found)


def _without(string: str, offset: int, found: Iterable[tuple[int, int]]) -> str:
    """`string`, which stands at `offset` of what was searched, with every stretch masked."""
    pieces: list[str] = []
    at = 0
    for first, last in found:
        start, end = max(first - offset, at), min(last - offset, len(string))
        if start < end:
            between = string[at:start]
            # Two that only blanks part are one.
            pieces += [between, MASK] if between.strip() or not pieces else []
            at = end
    return "".join((*pieces, string[at:]))


class Mask:
    """What may not stand in any message: the values that were found secret in some files, wherever they are quoted."""

    def __init__(self, texts: Iterable[Text] = ()) -> None:
        """Looks for values in the files that a report is about."""
        self._words: Words | None = None
        self._texts = tuple(texts)
        self._may_hold_tokens = True

    def narrow(self, strings: Iterable[str]) -> None:
        """Says all that will be asked for: values that do not occur in it cost nothing later."""
        from fr_check.core.secret_values import Words, may_hold_tokens, words  # noqa: PLC0415 - as above

        asked = "\0".join(strings)
        self._words = Words(words(self._texts, _stretches_of, asked))
        self._may_hold_tokens = may_hold_tokens(asked)

    def __call__(self, message: str) -> str:
        """A message, help, subject, note or name as it may be shown."""
        from fr_check.core.secret_values import quoted  # noqa: PLC0415 - only where something is shown

        within = self._words.within(message) if self._words is not None else ()
        for word in sorted(within, key=len, reverse=True):
            message = quoted(word).sub(MASK, message)
        return _without(message, 0, _places(_in_prose(message, self._may_hold_tokens)))


# Most commits of a history say what the one before said.
@lru_cache(maxsize=2048)
def _in_prose(message: str, may_hold_tokens: bool) -> tuple[Stretch, ...]:  # noqa: FBT001 - of a function that is kept
    from fr_check.core.secret_values import in_prose  # noqa: PLC0415 - only where something is shown

    return tuple(in_prose(message, may_hold_tokens=may_hold_tokens))
