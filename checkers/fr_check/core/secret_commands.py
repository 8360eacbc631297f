"""Values that only the command, the statement or the call around them tells to be secret: its options, its input."""

from __future__ import annotations

from fr_check.core.patterns import pattern
from fr_check.core.secrecy import is_secret_name

TYPE_CHECKING = False
if TYPE_CHECKING:
    import re
    from collections.abc import Iterator

BETWEEN = r"(?:[^\n|;&]|(?<=\\)\n){0,150}?"
"""What stands between a command and its option, in an expression; a backslash goes on with the next line."""
_ON = rf"\b{BETWEEN}[ \t]"
_VALUE = r"[ \t]*[\"']?(?P<value>[^\s\"'<-][^\s\"']*)"
_SPACED = r"[ \t]+[\"']?(?P<value>[^\s\"'<-][^\s\"']*)"
_TEXT = r"[ \t]*b?[\"'](?P<value>[^\"'\n]{1,400})[\"']"
# It begins with letters of its own, which are found as fast as a word.
_SAYS = r"(?:echo(?<=\becho)|printf(?<=\bprintf))"
_TAG = r"<(?P<name>[\w.:-]{1,99})(?:[ \t][^<>\n]{0,200})?>(?P<value>[^<\n]{1,4000})</"
# A name of so many things that what it is compared with is no secret.
_NO_KEY = r"(?!(?:key|keys|auth|cert|pass|private)\b)"
# The end of every tag that a text follows, up to the next one.
_TEXT_OF_TAG = pattern(r">[^<\n]{1,4000}</")
# In which SQL gives a password.
_STATEMENTS = (
    *("identified by", "identified with", "set password", "password '"),
    *(f"{verb} {kind}" for verb in ("alter", "create") for kind in ("user", "role", "login")),
)
# Pieces of which one must occur, and the expression: options, then arguments by their place.
_TABLE = (
    (("sqlcmd ", "isql ", "tsql ", "zip -"), rf"\b(?:sqlcmd|[it]sql|zip|unzip){_ON}-P{_VALUE}"),
    (("isql-fb",), rf"\bisql-fb{_ON}-p(?:assword)?{_VALUE}"),
    (("isql ",), rf"\bisql(?:[ \t]+-\w+)*[ \t]+[\w.]{{1,99}}[ \t]+[\w.@\\]{{1,99}}{_SPACED}"),
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
    # In a folded text of YAML the value may stand on the next line.
    (("requirepass", "masterauth"), r"(?:requirepass|masterauth)\s{1,99}[\"']?(?P<value>[^\s\"'<-][^\s\"']*)"),
    (
        ("curl ",),
        (
            rf"\bcurl{_ON}(?:(?:-b|--cookie)[ \t]+[\"']?"
            r"|(?:-\w{0,9}[uU]|--proxy-user)[ \t=]*(?:\\\n\s*)?[\"']?[\w.@+-]{1,99}:)"
            r"(?P<value>[^\s\"'<][^\s\"']*)"
        ),
    ),
    # As an item of a list.
    (
        ('"-u"', "'-u'", '"--user"', "'--user'"),
        r"[\"'](?:-u|--user)[\"'][ \t]*,[ \t]*[\"'][\w.@+-]{1,99}:(?P<value>[^\s\"':]+)",
    ),
    (("nuget ",), rf"\bnuget{_ON}(?:-ApiKey|--api-key|-k){_SPACED}"),
    (("gem push",), rf"\bgem[ \t]+push{_ON}(?:-k|--key){_SPACED}"),
    (("lftp ", "lftp\n"), r"\blftp\b[^\n|;&]{0,200}?[ \t\"']-u[ \t]*[\"']?[^\s,\"']{1,99},(?P<value>[^\s\"']+)"),
    (("open -u", "lftp "), r"\bopen[ \t]+-u[ \t]+[^\s,\"']{1,99},(?P<value>[^\s\"']+)"),
    (("sqlplus",), r"\bsqlplus\b[^\n|;&]{0,200}?[ \t][\"']?\w{1,99}/(?P<value>[^\s\"'@]+)"),
    (
        ("redis-cli AUTH ", "redis-cli auth ", "redis-cli -h "),
        rf"\bredis-cli\b[^\n|;&]{{0,200}}?[ \t](?:AUTH|auth){_SPACED}",
    ),
    (("authtoken ", "obscure "), rf"\b(?:ngrok\b[^\n|;&]{{0,200}}?authtoken|rclone[ \t]+obscure){_SPACED}"),
    (("doppler ",), rf"\bdoppler{_ON}-t{_SPACED}"),
    (
        ("rclone config",),
        r"\brclone[ \t]+config\b[^\n|;&]{0,200}?[ \t](?P<name>\w{0,40}(?:key|secret|token|pass)\w{0,40})" + _SPACED,
    ),
    (("user-secrets",), r"\buser-secrets[ \t]+set[ \t]+[\"']?[\w.:-]{1,99}[\"']?" + _SPACED),
    (("net use",), r"\bnet[ \t]+use\b[^\n|;&]{0,200}?/user:\S{1,99}" + _SPACED),
    (('send "', 'send \\"', 'send -- "'), r"\bsend[ \t]+(?:--[ \t]+)?\\?\"(?P<value>[^\"\n]{1,400}?)\\+r\\?\""),
    (("base64 ",), rf"{_SAYS}[ \t]+(?:-n[ \t]+)?(?P<value>[^\n|]{{1,400}}+)\|[ \t]*base64[ \t]+(?:-d|-D|--decode)\b"),
    (("--from-literal",), rf"--from-literal[ \t=]+[\"']?[\w.-]{{1,99}}={_VALUE}"),
    (("secrets set", "secrets:set"), rf"\bsecrets[ \t:]set[ \t]+\w{{1,99}}={_VALUE}"),
    (("kv put", "kv patch"), r"\bkv[ \t]+(?:put|patch)[ \t]+\S{1,200}[ \t]+(?P<value>[^\n|;&]{1,400})"),
    (("basicauth.users",), r"basicauth\.users[\"']?(?:=|:[ \t]+)[\"']?[^\s:]{1,99}:(?P<value>[^\s\"']+)"),
    # What a step tells its runner.
    (("::add-mask::",), r"::add-mask::(?P<value>[^\s\"']+)"),
    (
        ("::set-output", "::set-env", "::save-state"),
        r"::(?:set-output|set-env|save-state)[ \t]+name=(?P<name>[\w.-]{1,99})::(?P<value>[^\n\"']{1,400})",
    ),
    # A name that a value is put in place of, and what a variable is compared with.
    (
        ("sed -", 'sed "', "sed '", "perl -"),
        r"\bs(?P<sign>[/|#,@!~:])[^\w\n]{0,9}" + _NO_KEY + r"(?P<name>[A-Za-z_][\w.-]{0,99}?)[^\w\n]{0,9}(?P=sign)"
        r"(?P<value>[^\n]{1,400}?)(?P=sign)",
    ),
    (
        ('[ "$', "[ $", '[[ "$', "[[ $", 'test "$'),
        r"\$\{?"
        + _NO_KEY
        + r"(?P<name>[A-Za-z_]\w{0,99})\}?[\"']?[ \t]*(?:==?|!=|=~)[ \t]*(?P<value>[^\s\"'$\]][^\s\"'\]]{0,400})",
    ),
    (
        ('= "$', "= $", '== "$', "== $"),
        r"(?:\[\[?|\btest)[ \t]+(?P<value>[^\s$]{1,400})[ \t]+(?:==?|!=)[ \t]+[\"']?\$\{?"
        + _NO_KEY
        + r"(?P<name>[A-Za-z_]\w{0,99})",
    ),
    (
        ("ifeq ", "ifneq "),
        r"\bifn?eq[ \t]+\(?[\"']?\$[({]"
        + _NO_KEY
        + r"(?P<name>\w{1,99})[)}][\"']?[ \t,]+[\"']?(?P<value>[^\s)\"']{1,400})",
    ),
    (
        ("ifeq ", "ifneq "),
        r"\bifn?eq[ \t]+\(?[\"']?(?P<value>[^\s,$\"']{1,400})[\"']?[ \t,]+[\"']?\$[({]"
        + _NO_KEY
        + r"(?P<name>\w{1,99})[)}]",
    ),
    (
        ("; do",),
        r"\bfor[ \t]+"
        + _NO_KEY
        + r"(?P<name>[A-Za-z_]\w{0,99})[ \t]+in[ \t]+(?P<value>[^;\n]{1,400})(?:;|\n)[ \t]*do\b",
    ),
    # What a step writes to a file of its runner: `NAME<<END`, lines, `END`.
    (
        ("GITHUB_ENV", "GITHUB_OUTPUT"),
        (
            r"\b(?P<name>[A-Za-z_][\w-]{0,99})<<(?P<end>\w{1,99})[^\n]{0,200}\n"
            r"(?P<value>(?:(?![^\n]*\b(?P=end)\b)[^\n]*\n|(?!)){1,200}+)"
        ),
    ),
    (
        ("$(cat <<",),
        (
            r"\b(?P<name>[A-Za-z_]\w{0,99})=[\"']?\$\(cat[ \t]*<<-?[ \t]*\\?[\"']?(?P<end>\w{1,99})[^\n]{0,99}\n"
            r"(?P<value>(?:(?![ \t]*(?P=end)\b)[^\n]*\n|(?!))*+)"
        ),
    ),
    (
        ("id_rsa", "id_ed25519", "id_ecdsa", ".netrc", ".pgpass", ".htpasswd"),
        (
            rf"{_SAYS}[ \t]+(?P<value>[^\n|>]{{1,400}}+)>{{1,2}}[ \t]*[^\s]{{0,200}}?"
            r"(?:id_(?:rsa|ed25519|ecdsa)|\.netrc|\.pgpass|\.htpasswd)\b"
        ),
    ),
    # A line of .pgpass.
    (
        (":5432:", ":*:", "pgpass"),
        r"[\w.*-]{1,99}(?<![\w.*-].):(?:\d{4,5}|\*):[\w*-]{1,99}:[\w*-]{1,99}:(?P<value>[^\s\"']{1,400})",
    ),
    (("ssh-keygen",), rf"\bssh-keygen{_ON}-[NP]{_SPACED}"),
    (("-pw ",), rf"\b(?:pscp|psftp|plink|putty){_ON}-pw{_SPACED}"),
    (
        ("SecureString", "keyvault secret", "secret:create", "secrets create"),
        (
            rf"\b(?:SecureString|keyvault[ \t]+secret[ \t]+set|secrets?[ \t:]create){_ON}--value[ \t=]+[\"']?"
            r"(?P<value>[^\s\"']{1,400})"
        ),
    ),
    (("SecureString",), rf"--value[ \t=]+[\"']?(?P<value>[^\s\"']{{1,400}}){_ON}SecureString"),
    (
        ("etcdctl ", "kv put"),
        r"\bput[ \t]+[\w./-]{0,200}?(?P<name>\w{1,99})" + _SPACED,
    ),
    (
        ("type='password'", 'type="password"'),
        r"type=[\"'{]+password[\"'}]+[^<>\n]{0,200}?value=[{\"'`]+(?P<value>[^\"'`\n]{1,400})",
    ),
    (("sonar.login",), rf"-Dsonar\.login={_VALUE}"),
    # What is written to a file, or set under a name, that a secret gives it.
    (
        ("<<<",),
        (
            r"\b(?:env[ \t]+add|tee(?:[ \t]+-a)?)[ \t]+[\"']?(?:[^\s\"'<]{0,200}/)?(?P<name>[A-Za-z_][\w.-]{0,99}+)"
            rf"[^\n|;&<]{{0,99}}<<<{_VALUE}"
        ),
    ),
    (
        ("<(",),
        (
            r"(?:\bsecrets?[ \t]+(?:put|set|create|versions)"
            r"|(?:key|word|token|secret|credentials?)-?file|private-key)\b"
            r"[^\n]{0,200}?<\([ \t]*(?:echo|printf)[ \t]+(?P<value>[^\n)]{1,400})"
        ),
    ),
    (
        ("echo ", "printf "),
        (
            rf"{_SAYS}[ \t]+(?P<value>[^\n|>]{{1,400}}+)>{{1,2}}[ \t]*[\"']?(?:[^\s\"']{{0,200}}/)?"
            r"(?P<name>[\w.-]{1,99})"
        ),
    ),
    # Statements of SQL, XML, HCL, and sentences.
    (
        tuple(written(statement) for statement in _STATEMENTS for written in (str.upper, str.lower, str.title)),
        (
            r"(?i:\bIDENTIFIED[ \t]+(?:WITH[ \t]+[^\s'\"]{1,99}[ \t]+)?(?:BY|AS)(?:[ \t]+PASSWORD)?[ \t]"
            r"|\bPASSWORD(?=[ \t=(])"
            r"(?:[ \t]+FOR[ \t]+[^;\n=]{1,80}(?:=|\bTO\b)|[ \t]*=)?[ \t]*(?:PASSWORD[ \t]*)?\(?[ \t]*[NE]?)"
            r"[ \t]*(?:(?:\\|'\\)*['\"]+(?P<value>[^'\"\\\n]{1,400})|(?<=[bB][yY][ \t])(?P<bare>[^\s'\";]{1,400}))"
        ),
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
        tuple(
            f"{end} {verb} "
            for end in ("word", "WORD", "oken", "OKEN", "ecret", "ECRET", "phrase", "key", "KEY")
            for verb in ("is", "was")
        ),
        (
            r"\b(?P<name>[A-Za-z_][\w-]{2,99})[ \t]+(?:is|was)[ \t]+"
            r"(?P<value>[`\"'][^\s`\"']{1,400}[`\"']|(?!base\d|utf|sha\d|md5|v?[\d.,:]+\b)(?=\S{0,400}\d)[^\s`\"'.,;]{6,400})"
        ),
    ),
    # Calls that take a key.
    (
        ("jwt.", "createHmac", "createCipher", "BasicAuth", "DigestAuth", "hmac.new", "Fernet(", ".login("),
        r"\b(?:(?:jwt\.(?:sign|verify|encode|decode)|createHmac|createCipher(?:iv)?"
        r"|(?:HTTP)?(?:Basic|Digest)Auth|\.login)\([^,\n]{1,200},|(?:hmac\.new|Fernet)\()" + _TEXT,
    ),
    # The user and the password in one pair.
    (
        ("auth=(", "auth = (", "auth': (", 'auth": ('),
        (
            r"\b\w{0,40}auth[\"']?[ \t]*[:=][ \t]*\(\s{0,99}[^,()\[\]\n]{1,200},\s{0,99}"
            r"[fFrRbB]{0,2}[\"'](?P<value>[^\"'\n]{1,400})[\"']"
        ),
    ),
    (
        ("URL.create", "hashlib."),
        (
            r"\b(?:URL\.create\([^,\n]{1,200},[^,\n]{1,200},|hashlib\.(?:pbkdf2_hmac|scrypt)\((?:[^,\n]{1,99},)?)"
            + _TEXT
        ),
    ),
)
_CASE = pattern(
    r"\bcase[ \t]+[\"']?\$\{?"
    + _NO_KEY
    + r"(?P<name>[A-Za-z_]\w{0,99})\}?[\"']?[ \t]+(?P<body>in\b(?:(?!\besac\b).|(?!)){0,4000}+)",
    16,
)
_BRANCH = pattern(r"(?:\bin\b|;;&?|\n)\s*\(?[ \t]*(?P<value>[^()\n;*?\s][^()\n;*?]{0,400})\)")
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
                yield from (found.span(_group(found)) for found in every if _is_secret(found))
                break
    if "case\n" in words and "esac" in words:
        for case in _CASE.finditer(string):
            if is_secret_name(case["name"]):
                yield from (found.span("value") for found in _BRANCH.finditer(string, *case.span("body")))


def _tagged(expression: re.Pattern[str], string: str) -> Iterator[re.Match[str]]:
    """Every tag with the text in it: most tags of a data file hold none, and are not looked at."""
    for text in _TEXT_OF_TAG.finditer(string):
        found = expression.match(string, string.rfind("<", 0, text.start()))
        if found:
            yield found


def _group(found: re.Match[str]) -> str:
    return "value" if "bare" not in found.re.groupindex or found["value"] is not None else "bare"


def _is_secret(found: re.Match[str]) -> bool:
    return "name" not in found.re.groupindex or is_secret_name(found["name"])
