"""Values that stand behind no sign: arguments of commands and calls, `ENV NAME value`, pairs of a name and a value."""

from __future__ import annotations

from fr_check.core.patterns import matches, pattern
from fr_check.core.secrecy import is_secret_name
from fr_check.core.secret_commands import BETWEEN, commanded
from fr_check.core.secret_input import handed

TYPE_CHECKING = False
if TYPE_CHECKING:
    import re
    from collections.abc import Iterator

# An expression that begins with letters of its own is searched for as fast as a word: what may not stand before them is
# looked at behind them.
_FLAG = pattern(
    r"--(?<![\w-]--)(?P<name>[A-Za-z][\w-]*+)(?:[\"']?[ \t]*,[ \t]*|[ \t]+(?:\\\r?\n[ \t]*)?"
    r"|[\"']?,?[ \t]*\r?\n[ \t]*(?:-[ \t]+|(?=[\"'])))(?=[^\s-])(?!<<<)"
)
_SECOND = pattern(
    # `getenv` and `putenv` end like `env`.
    r"\((?:(?<=(?:get|env|Env|pop|set|put)\()|(?<=config\()|(?<=setdefault\()|(?<=EnvironmentVariable\())[ \t]*[\"']"
    r"(?P<name>[\w.-]+)[\"'][ \t]*,[ \t]*(?:\w+[ \t]*=[ \t]*)?(?=[\"'])"
)
_INSTRUCTION = pattern(r"[ \t]*(?P<rest>ENV|SETENV)[ \t]+(?P<name>[\w.-]++)[ \t]+(?=[^=\s])")
_IN_SMALL = pattern(r"[ \t]*(?:ONBUILD[ \t]+|onbuild[ \t]+)?(?P<rest>[Ee]nv)[ \t]+(?P<name>[\w.-]++)[ \t]+(?=[^=\s])")
_PAIR = pattern(
    r"name(?<=\bname)[\"']?:[ \t]*[\"']?(?P<name>[\w.-]++)[\"']?[ \t]*,?\s*+[\"']?value[\"']?:[ \t]*(?=\S)(?P<rest>)"
)
_KEYED = pattern(
    r"key(?<=\bkey)[\"']?:[ \t]*[\"']?(?P<name>[\w.-]++)[\"']?[ \t]*,?\s*+[\"']?value[\"']?:[ \t]*(?=\S)(?P<rest>)"
)
# Two literals in a row, where the second is no name: `("api_key", "a-1")`.
_ROW = pattern(r"[\"'](?P<name>[A-Za-z_][\w.-]*+)[\"'][ \t]*,[ \t]*(?=\"[\w-]*[^\w\"-]|'[\w-]*[^\w'-]|[\"']\w*\d)")
_EXPLICIT_KEY = pattern(r"[ \t]*\?[ \t]+(?P<name>[\w.-]+)[ \t]*\r?\n[ \t]*:[ \t]+(?=\S)(?P<rest>)")
# `read NAME <<< value`, the same for arrays, and `printf -v NAME FORMAT value`.
_HERE = pattern(
    r"\b(?:read|readarray|mapfile)\b[^\n|;&<]{0,200}?(?P<name>[A-Za-z_]\w*)[ \t]*"
    r"(?:<<<[ \t]*|<[ \t]*<\([ \t]*(?:echo|printf)[ \t]+)(?=\S)"
)
_PRINTED = pattern(r"printf(?<=\bprintf)[ \t]+-v[ \t]*(?P<name>[A-Za-z_]\w*)[ \t]+(?=\S)(?P<rest>)")
# `setenv NAME value`, `setx NAME value`, `set -x NAME value`, `gh secret set NAME --body value`,
# `aws configure set NAME value`, `npm config set //host/:_authToken value`.
_SET_NAME = r"[ \t]+(?:[^\s=]{0,200}[.:/])?(?P<name>[A-Za-z_]\w*)[ \t]+(?:--body[ \t=]+|-b[ \t]*)?(?=[^\s=-])"
_SET = pattern(r"set(?<=\bset)(?:env|x|[ \t]+-\w+)" + _SET_NAME)
_SET_OF = pattern(
    r"(?:secret(?<=\bsecret)|variable(?<=\bvariable)|env(?<=\benv)|config(?<=\bconfig)(?:ure)?)[ \t:]+set" + _SET_NAME
)
# `jq --arg NAME value`.
_JQ = pattern(r"--arg(?:json)?[ \t]+(?P<name>[A-Za-z_]\w*)[ \t]+(?=[^\s-])")
# `printf 'NAME=%s' value`.
_FORMATTED = pattern(r"printf(?<=\bprintf)[ \t]+[\"'](?P<name>[A-Za-z_]\w*)=%s(?:\\n)?[\"'][ \t]+(?=\S)(?P<rest>)")
# `read NAME <<END` and the line below.
_DOCUMENT = pattern(
    r"read(?<=\bread)\b[^\n|;&<]{0,200}?(?P<name>[A-Za-z_]\w*)[ \t]*<<-?[ \t]*[\"']?\w+[\"']?[^\n]{0,99}\n"
    r"[ \t]*(?=\S)(?P<rest>)"
)
# Sections of these names hold more than secrets.
_VAGUE = frozenset(("auth", "key", "keys", "tokens", "secrets", "cert"))
_NAME_KEY, _VALUE_KEY = ("name:", 'name":', "name':"), ("value:", 'value":', "value':")
# Pieces of which each must occur among the words (one of several in a tuple), the expression, and whether it is looked
# for in programs.
_BY_NAME = (
    *((("--",), _FLAG, True), (("(",), _SECOND, True), ((",",), _ROW, True)),
    *(((("\nENV\n", "\nSETENV\n"),), _INSTRUCTION, False), ((_VALUE_KEY, _NAME_KEY), _PAIR, True)),
    ((_VALUE_KEY, ("key:", 'key":', "key':")), _KEYED, True),
    ((("\nEnv\n", "\nenv\n"),), _IN_SMALL, False),
    *((("\n?\n",), _EXPLICIT_KEY, False), ((("<<<", "<("), ("read", "mapfile")), _HERE, False)),
    *((("printf\n", "\n-v"), _PRINTED, False), (("<<", "read"), _DOCUMENT, False)),
    *(
        ((("set\n", "setenv\n", "setx\n"),), _SET, False),
        ((("\nset\n", "env:set\n"), ("secret\n", "config", "variable\n", "env:")), _SET_OF, False),
    ),
    *((("--arg",), _JQ, False), (("%s", "printf\n"), _FORMATTED, False)),
)
# They begin with a line, in which this stands.
_FROM_LINES = {_INSTRUCTION: "ENV", _IN_SMALL: "nv", _EXPLICIT_KEY: "?"}
_MADE = pattern(r"^define[ \t]+(?P<name>\w++)[^\n]*\n(?P<value>(?:(?!endef)[^\n]*\n|(?!))*+)", 8)
# Between the words of a command line, and between those of a list.
_GAP = r"(?:[ \t]+|[\"'][ \t]*,[ \t]*[\"'])"
_CLIENTS = ("mysql", "mariadb", "mongo", "login", "sshpass", "twine", "cqlsh", "cypher-shell", "ncftp", "bcp\n")
# Behind a gap; others need none.
_OPTION_P, _OPTION_A = ("\n-p", "\n-P", '"-p', "'-p"), ("\n-a", '"-a', "'-a")
_SHORT = pattern(
    r"\b(?:(?:mysql\w*|mariadb[\w-]*|mongo\w*|login|sshpass|twine|cqlsh|cypher-shell|ncftp\w*)\b"
    + BETWEEN
    + _GAP
    + r"-p|bcp\b"
    + BETWEEN
    + r"[ \t]-P|redis-cli\b[^\n|;&]{0,200}?"
    + _GAP
    + r"-a|htpasswd[ \t]+-\w*b\w*(?:[ \t]+[^\s-]\S*)??[ \t]+[^\s-]\S*(?=[ \t]+\S+[ \t]*(?:$|[|;&>\n]))"
    + r"|http-basic\.\S{1,99}[ \t]+\S{1,99})(?:"
    + _GAP
    + r"|[ \t]*[\"']?)(?P<value>[^\s\"'-][^\s\"']*)"
)
_PASS = pattern(r"-pass(?:in|out)?[ \t=]+[\"']?pass:(?P<value>[^\s\"']+)")
_NETRC = pattern(r"login(?<=\blogin)[ \t]+\S{1,200}\s{1,20}password[ \t]+(?P<value>\S+)")
# A text in a text: `"{\"password\": \"x\"}"`, `'{'\''password'\'': '\''x'\''}'`.
_NESTED = pattern(
    r"\\(?P<quote>\\*[\"'])(?P<name>[A-Za-z_][\w.-]*+)\\(?P=quote)[ \t]*[:=][ \t]*"
    r"\\(?P=quote)(?P<value>.{1,400}?)\\(?P=quote)"
)
_NESTED_IN_SHELL = pattern(r"'\\''(?P<name>[A-Za-z_][\w.-]*+)'\\''[ \t]*[:=][ \t]*'\\''(?P<value>.{1,400}?)'\\''")
# A value whose name stands behind it: `{value: x, name: API_KEY}`.
_REVERSED = pattern(
    r"value(?<=\bvalue)[\"']?:[ \t]*(?P<value>\"[^\"\n]{0,400}+\"|'[^'\n]{0,400}+'|[^\s\"',}][^\n,}]{0,400}+)[ \t]*,?"
    r"\s{1,200}[\"']?name[\"']?:[ \t]*[\"']?(?P<name>[\w.-]++)"
)
# A block that is called by a secret: `variable "api_key" {`, `[service.password]`; what it holds is its value.
_BLOCK = pattern(
    r"^[ \t]*(?:\w+[ \t]+(?:\"[\w.-]*\"[ \t]+)?\"(?P<label>[\w.-]+)\"[ \t]*\{"
    r"|\[\[?(?:[\w\"-]+\.)*(?P<section>[\w-]+)\]\]?[ \t]*$)",
    8,
)
_BLOCK_END = pattern(r"^[ \t]*[}\[]", 8)
_HOLDERS = ("default", "value", "secret", "content")
_ASSIGNED = pattern(r"=(?:(?<=default=)|(?<=value=)|(?<=secret=)|(?<=content=)|(?<=[ \t]=))[ \t]*[\"']")
_HELD = pattern(
    r"^[ \t]*(?:default|value|secret|content)[ \t]*=[ \t]*(?P<value>\"(?:[^\"\\\n]|\\.|(?!))*+\"|'[^'\n]*+')", 8
)


def arguments(string: str, words: str, *, code: bool) -> Iterator[re.Match[str]]:
    """Where a secret name stands before a value: the match ends where the value starts. `code`: in a program.

    A group `rest` says that the value is the rest of the line. `words` are those of the text, each once, each between
    newlines.
    """
    for pieces, expression, in_code in _BY_NAME:
        if (in_code or not code) and all(_has(piece, words) for piece in pieces):
            line = _FROM_LINES.get(expression)
            every = matches(expression, string, line) if line else expression.finditer(string)
            yield from (found for found in every if is_secret_name(found["name"]))


def _has(piece: str | tuple[str, ...], words: str) -> bool:
    return piece in words if isinstance(piece, str) else any(one in words for one in piece)


def given(string: str, words: str) -> Iterator[tuple[int, int]]:
    """Where values stand that only the command around them tells to be secret; `words` as in `arguments`."""
    if (
        (_has(_CLIENTS, words) and _has(_OPTION_P, words))
        or ("redis-cli" in words and _has(_OPTION_A, words))
        or _has(("htpasswd\n", "http-basic"), words)
    ):
        yield from (found.span("value") for found in _SHORT.finditer(string))
    yield from handed(string, words)
    if "pass:" in words:
        yield from (found.span("value") for found in _PASS.finditer(string))
    if "login\n" in words and "\npassword\n" in words:
        yield from (found.span("value") for found in _NETRC.finditer(string))
    if _has(_VALUE_KEY, words) and _has(_NAME_KEY, words):
        yield from (found.span("value") for found in _REVERSED.finditer(string) if is_secret_name(found["name"]))
    if '\\"' in words or "\\'" in words:
        yield from (found.span("value") for found in _NESTED.finditer(string) if is_secret_name(found["name"]))
    if "'\\''" in words:
        yield from (found.span("value") for found in _NESTED_IN_SHELL.finditer(string) if is_secret_name(found["name"]))
    if "endef" in words:
        yield from (found.span("value") for found in _MADE.finditer(string) if is_secret_name(found["name"]))
    if "=" in words and any(holder in words for holder in _HOLDERS):
        yield from _in_blocks(string)
    yield from commanded(string, words)


def _in_blocks(string: str) -> Iterator[tuple[int, int]]:
    """What stands in blocks of HCL and sections of TOML that a secret gives its name."""
    if not any(_holds(string, found.start()) for found in _ASSIGNED.finditer(string)):
        return
    for block in _BLOCK.finditer(string):
        name = block["label"] or block["section"]
        if is_secret_name(name) and name.lower() not in _VAGUE:
            end = _BLOCK_END.search(string, block.end())
            for held in _HELD.finditer(string, block.end(), end.start() if end else len(string)):
                yield held.span("value")


def _holds(string: str, sign: int) -> bool:
    """Whether an assignment, whose sign stands at this offset, is that of a value that a block holds."""
    while sign and string[sign - 1] in " \t":
        sign -= 1
    return string.endswith(_HOLDERS, 0, sign)
