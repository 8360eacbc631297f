"""What is handed to the standard input of a command that reads a password or a token there, by whatever way."""

from __future__ import annotations

from bisect import bisect_left

from fr_check.core.patterns import matches, pattern

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

# Pieces of which one stands in every text with such a command.
_SIGNS = (
    *("stdin", "--with-token", "passphrase-fd", "passwd", "kinit", "ssh-add", "sudo", "su\n", "cryptsetup"),
    *("ansible-vault", "secret", "login", "signin", "unlock", "adduser", "base64", "credential", "auth\n"),
)
_TAKES = (
    r"(?:--password-stdin|--with-token|passphrase-fd|-pass(?:in)?[ \t]+stdin"
    r"|(?<![\w./-])(?:(?:ch|smb)?passwd|kinit|ssh-add|cryptsetup|ansible-vault|su[ \t]+-c|htpasswd[ \t]+-\w*i\w*"
    r"|sudo[ \t]+(?:-\w+[ \t]+)*-\w*S\w*|base64[ \t]+(?:-d|-D|--decode)|git[ \t]+credential\S*"
    r"|(?!\w?grep\b|rg\b|sed\b|awk\b)[a-z][\w.-]*[ \t]+(?:[a-z]+[ \t]+)?"
    r"(?:login|signin|unlock(?:-keychain)?|adduser|account[ \t]+add))"
    r"|\b(?:secrets?[ \t:]+(?:put|set|create|add|versions[ \t]+add)))(?![\w-]*[(=:])"
)
_WORD = r"(?:\$?\"(?:[^\"\\]|\\.|(?!)){0,4000}+\"?|\$?'[^']{0,4000}+'?|[^\s;&|\"']+)"
_TAKER = pattern(_TAKES)
# A command line, which goes on behind a backslash.
_COMMANDS = pattern(r"(?:[^\n\\]|\\.|(?!))*+", 16)  # re.DOTALL
_SAID = pattern(
    r"(?:echo(?<=\becho)|printf(?<=\bprintf)|cat(?<=\bcat)[ \t]*<<<)[ \t]+(?:-n[ \t]+)?"
    r"(?P<value>(?:\"[^\"\n]{0,400}+\"|'[^'\n]{0,400}+'|\\.|[^\n|\"'\\]|(?!)){1,400}+|[^\n|]{1,400}+)\|",
    16,
)
_NEAR = 300
_HERE = pattern(
    rf"(?:{_TAKES}|(?<![\w./-])su[ \t])[^\n|;&<]{{0,200}}<(?:<<|[ \t]*<\([ \t]*(?:echo|printf))[ \t]*(?P<value>{_WORD})"
)
_BEFORE = pattern(rf"<<<[ \t]*(?P<value>{_WORD})[^\n|;&<]{{0,200}}?{_TAKES}")
_DOCUMENT = pattern(
    rf"(?=[^\n]{{0,400}}?{_TAKES})[^\n]{{0,400}}?<<-?[ \t]*\\?[\"']?(?P<end>\w{{1,99}})[\"']?(?!<)[^\n]*\n"
    r"(?P<value>(?:(?![ \t]*(?P=end)\b)[^\n]*\n|(?!))*+(?:(?![ \t]*(?P=end)\b)[^\n]+)?)"
)
_INPUT = pattern(
    rf"(?=[^\n]{{0,400}}?{_TAKES})[^\n]{{0,400}}?(?:input[ \t]*=|communicate\()[ \t]*b?f?"
    r"(?P<value>\"[^\"\n]*+\"|'[^'\n]*+')"
)


def handed(string: str, words: str) -> Iterator[tuple[int, int]]:
    """Where such values stand, as offsets [start, end); `words` are those of the text, each once, between newlines."""
    if not any(sign in words for sign in _SIGNS):
        return
    for piece in ("echo", "printf", "<<<"):
        if "|" in words and piece in words:
            for line in matches(_COMMANDS, string, piece):
                yield from _piped(string, *line.span())
    if "<<<" in words or "<(" in words:
        yield from (found.span("value") for found in _HERE.finditer(string))
        yield from (found.span("value") for found in _BEFORE.finditer(string))
    if "<<" in words:
        yield from (found.span("value") for found in matches(_DOCUMENT, string, "<<"))
    for piece in ("input=", "communicate("):
        if piece in words:
            yield from (found.span("value") for found in matches(_INPUT, string, piece))


def _piped(string: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    said = [found for found in _SAID.finditer(string, start, end) if found["value"].strip()]
    takers = [found.start() for found in _TAKER.finditer(string, said[0].end(), end)] if said else []
    for found in said:
        place = bisect_left(takers, found.end())
        if place < len(takers) and takers[place] - found.end() < _NEAR:
            yield found.span("value")
