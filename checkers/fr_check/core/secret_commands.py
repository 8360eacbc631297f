"""Values that only the command, the statement or the call around them tells to be secret: its options, its input."""

from __future__ import annotations

from fr_check.core.patterns import pattern
from fr_check.core.secrecy import is_secret_name

TYPE_CHECKING = False
if TYPE_CHECKING:
    import re
    from collections.abc import Iterator

# Between a command and its option.
_ON = r"\b[^\n|;&]{0,200}?[ \t]"
_VALUE = r"[ \t]*[\"']?(?P<value>[^\s\"'<-][^\s\"']*)"
_SPACED = r"[ \t]+[\"']?(?P<value>[^\s\"'<-][^\s\"']*)"
_TEXT = r"[ \t]*b?[\"'](?P<value>[^\"'\n]{1,400})[\"']"
# It begins with letters of its own, which are found as fast as a word.
_SAYS = r"(?:echo(?<=\becho)|printf(?<=\bprintf))"
_TAG = r"<(?P<name>[\w.:-]{1,99})(?:[ \t][^<>\n]{0,200})?>(?P<value>[^<\n]{1,4000})</"
# The end of every tag that a text follows, up to the next one.
_TEXT_OF_TAG = pattern(r">[^<\n]{1,4000}</")
# Pieces of which one must occur, and the expression: options, then arguments by their place.
_TABLE = (
    (("sqlcmd ", "zip -"), rf"\b(?:sqlcmd|zip|unzip){_ON}-P{_VALUE}"),
    (
        ("poetry publish", "useradd ", "usermod ", "7z ", "7za "),
        rf"\b(?:poetry[ \t]+publish|useradd|usermod|7za?){_ON}-p{_VALUE}",
    ),
    (
        ("ldapsearch", "ldapadd", "ldapmodify", "ldappasswd", "ldapwhoami", "ldapdelete"),
        rf"\bldap(?:search|add|modify|passwd|whoami|delete){_ON}-w{_VALUE}",
    ),
    (("openssl enc", "openssl aes"), rf"\bopenssl[ \t]+(?:enc|aes-\S+){_ON}-k{_SPACED}"),
    (("vercel ", "codecov "), rf"\b(?:vercel|codecov){_ON}-t{_SPACED}"),
    (("smbclient",), rf"\bsmbclient{_ON}-U[ \t]*[\"']?[\w.\\/-]{{1,99}}%(?P<value>[^\s\"']+)"),
    (("storepass", "keypass"), rf"-\w*(?:storepass|keypass){_SPACED}"),
    (
        ("vault login", "cargo login", "snyk auth", "rabbitmqctl", "pypi-token"),
        r"\b(?:(?:vault|cargo)[ \t]+login|snyk[ \t]+auth|rabbitmqctl[ \t]+(?:add_user|change_password)[ \t]+\S{1,99}"
        r"|poetry[ \t]+config[ \t]+pypi-token\.\S{1,99})" + _SPACED,
    ),
    (("mc alias",), r"\bmc alias set \S{1,99} \S{1,99} \S{1,99} [\"']?(?P<value>[^\s\"']+)"),
    (("requirepass", "masterauth"), rf"(?:requirepass|masterauth){_SPACED}"),
    (("curl ",), rf"\bcurl{_ON}(?:-b|--cookie){_SPACED}"),
    (("base64 ",), rf"{_SAYS}[ \t]+(?:-n[ \t]+)?(?P<value>[^\n|]{{1,400}}+)\|[ \t]*base64[ \t]+(?:-d|-D|--decode)\b"),
    (("--from-literal",), rf"--from-literal[ \t=]+[\"']?[\w.-]{{1,99}}={_VALUE}"),
    (("secrets set", "secrets:set"), rf"\bsecrets[ \t:]set[ \t]+\w{{1,99}}={_VALUE}"),
    (("kv put", "kv patch"), r"\bkv[ \t]+(?:put|patch)[ \t]+\S{1,200}[ \t]+(?P<value>[^\n|;&]{1,400})"),
    (("basicauth.users",), r"basicauth\.users=[^\s:]{1,99}:(?P<value>[^\s\"']+)"),
    (("sonar.login",), rf"-Dsonar\.login={_VALUE}"),
    # What is handed to its input, or written to a file that a secret gives its name.
    (
        ("<<<",),
        rf"\b(?:secret[ \t]+(?:put|set)\b|[^\s<]{{0,99}}passphrase-fd\b)[^\n|;&<]{{0,200}}<<<{_VALUE}",
    ),
    (
        ("secret put", "secret set", "passphrase-fd"),
        (
            rf"{_SAYS}[ \t]+(?P<value>[^\n|]{{1,400}}+)\|[^\n|]{{0,200}}?"
            r"(?:\bsecret[ \t]+(?:put|set)|passphrase-fd)"
        ),
    ),
    (("<(",), r"\bsecret[ \t]+(?:put|set)\b[^\n]{0,200}<\([ \t]*(?:echo|printf)[ \t]+(?P<value>[^\n)]{1,400})"),
    (
        ("echo ", "printf "),
        (
            rf"{_SAYS}[ \t]+(?P<value>[^\n|>]{{1,400}}+)>{{1,2}}[ \t]*[\"']?(?:[^\s\"']{{0,200}}/)?"
            r"(?P<name>[\w.-]{1,99})"
        ),
    ),
    # Statements of SQL, XML, HCL, and sentences.
    (
        ("PASSWORD '", "IDENTIFIED", "password '", "identified"),
        r"\b(?i:PASSWORD|IDENTIFIED[ \t]+(?:WITH[ \t]+\S{1,99}[ \t]+)?BY)[ \t]+'(?P<value>[^'\n]{1,400})",
    ),
    (("</",), _TAG),
    (
        ("= <<", "=<<"),
        (
            r"(?m:^[ \t]*(?P<name>[\w-]{1,99})[ \t]*=[ \t]*<<[-~]?[ \t]*(?P<end>\w{1,99})[ \t]*\n"
            r"(?P<value>(?:(?![ \t]*(?P=end)\b)[^\n]*\n|(?!))*+))"
        ),
    ),
    (
        ("word is ", "oken is ", "ecret is ", "phrase is ", "key is "),
        r"\b(?P<name>[\w-]{1,99})[ \t]+is[ \t]+[`\"'](?P<value>[^\s`\"']{1,400})[`\"']",
    ),
    # Calls that take a key.
    (
        ("jwt.", "createHmac", "createCipher", "HTTPBasicAuth", "hmac.new", "Fernet("),
        r"\b(?:(?:jwt\.(?:sign|verify|encode|decode)|createHmac|createCipher(?:iv)?|HTTPBasicAuth)\([^,\n]{1,200},"
        r"|(?:hmac\.new|Fernet)\()" + _TEXT,
    ),
)
# Each sign behind its first word: few texts have one among their words, which are looked through sooner.
_GIVEN = tuple(
    (tuple((sign.partition(" ")[0] + "\n" if " " in sign else sign, sign) for sign in signs), pattern(expression))
    for signs, expression in _TABLE
)


def commanded(string: str, words: str) -> Iterator[tuple[int, int]]:
    """Where such values stand, as offsets [start, end); `words` are those of the text, each once, between newlines."""
    for signs, expression in _GIVEN:
        for word, sign in signs:
            if word in words and sign in string:
                every = _tagged(expression, string) if word == "</" else expression.finditer(string)
                yield from (found.span("value") for found in every if _is_secret(found))
                break


def _tagged(expression: re.Pattern[str], string: str) -> Iterator[re.Match[str]]:
    """Every tag with the text in it: most tags of a data file hold none, and are not looked at."""
    for text in _TEXT_OF_TAG.finditer(string):
        found = expression.match(string, string.rfind("<", 0, text.start()))
        if found:
            yield found


def _is_secret(found: re.Match[str]) -> bool:
    return "name" not in found.re.groupindex or is_secret_name(found["name"])
