"""What is handed to the standard input of a command that reads a password or a token there, by whatever way."""

from __future__ import annotations

from bisect import bisect_left

from fr_check.core.patterns import matches, pattern

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

# Words of which one stands in every text with such a command.
_SIGNS = (
    *("stdin", "--with-token", "passphrase-fd", "passwd", "kinit", "ssh-add", "sudo\n-", "\nsu\n", "cryptsetup"),
    *(
        "ansible-vault",
        "htpasswd",
        "\nsecret\n",
        "\nsecrets\n",
        "login\n",
        "signin\n",
        "unlock",
        "adduser\n",
        "base64\n",
    ),
    *("credential\n", "\nsudo\n", "\npass\n", "secrets:set\n", "--password-stdin"),
)
_TAKES = (
    r"(?:--password-stdin|--with-token|passphrase-fd|-pass(?:in)?[ \t]+stdin"
    r"|(?<![\w./-])(?:(?:ch|smb)?passwd|kinit|ssh-add|cryptsetup|ansible-vault|su[ \t]+-c|htpasswd[ \t]+-\w*i\w*"
    r"|sudo[ \t]+(?:-\w+[ \t]+)*-\w*S\w*|base64[ \t]+(?:-d|-D|--decode)|git[ \t]+credential\S*|pass[ \t]+insert"
    r"|(?!\w?grep\b|rg\b|sed\b|awk\b)[a-z][\w.-]*[ \t]+(?:[a-z]+[ \t]+)?"
    r"(?:login|signin|unlock(?:-keychain)?|adduser|account[ \t]+add))"
    r"|\b(?:secrets?[ \t:]+(?:put|set|create|add|versions[ \t]+add)))(?![\w-]*[(=:])"
)
_WORD = r"(?:\$\([^()\n]*+\)|\$?\"(?:[^\"\\]|\\.|(?!)){0,4000}+\"?|\$?'[^']{0,4000}+'?|[^\s;&|\"']+)"
_TAKER = pattern(_TAKES)
# A command line, which goes on behind a backslash.
_COMMANDS = pattern(r"(?:[^\n\\]|\\.|(?!))*+", 16)  # re.DOTALL
_SAID = pattern(
    r"(?:echo(?<=\becho)|printf(?<=\bprintf)|yes(?<=\byes)|cat(?<=\bcat)[ \t]*<<<)[ \t]+(?:-n[ \t]+)?"
    r"(?P<value>(?:\"[^\"\n]{0,400}+\"|'[^'\n]{0,400}+'|\\.|[^\n|\"'\\]|(?!)){1,400}+|[^\n|]{1,400}+)\|",
    16,
)
_NEAR = 300
# On the line of a command: a here-string, what another command prints, a text that a program hands over.
_HERE = pattern(rf"(?:<<<|<\([ \t]*(?:echo|printf)|\b(?:input=|communicate\()b?f?)[ \t]*(?P<value>{_WORD})")
_DOCUMENT = pattern(
    r"[^\n]*<<-?[ \t]*\\?[\"']?(?P<end>\w{1,99})[\"']?(?!<)[^\n]*\n"
    r"(?P<value>(?:(?![ \t]*(?P=end)\b)[^\n]*\n|(?!))*+(?:(?![ \t]*(?P=end)\b)[^\n]+)?)"
)
_SU = pattern(r"(?<![\w./-])su[ \t]")
_WHOLE_LINE = pattern(r"[^\n]*")


def handed(string: str, words: str) -> Iterator[tuple[int, int]]:
    """Where such values stand, as offsets [start, end); `words` are those of the text, each once, between newlines."""
    for sign in _SIGNS:
        if sign in words:
            break
    else:
        return
    for piece in ("echo\n", "printf\n", "yes\n", "<<<") if "|" in words else ():
        if piece in words:
            for line in matches(_COMMANDS, string, piece.rstrip()):
                yield from _piped(string, *line.span())
    for piece in ("<<<", "<(", "input=", "communicate("):
        if piece in words:
            for line in matches(_WHOLE_LINE, string, piece):
                given = [found.span("value") for found in _HERE.finditer(string, *line.span())]
                yield from given if given and (_TAKER.search(line[0]) or _SU.search(line[0])) else ()
    if "<<" in words:
        for found in matches(_DOCUMENT, string, "<<"):
            if _TAKER.search(string, found.start(), found.start("value")):
                yield found.span("value")


def _piped(string: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    said = [found for found in _SAID.finditer(string, start, end) if found["value"].strip()]
    takers = [found.start() for found in _TAKER.finditer(string, said[0].end(), end)] if said else []
    for found in said:
        place = bisect_left(takers, found.end())
        if place < len(takers) and takers[place] - found.end() < _NEAR:
            yield found.span("value")
