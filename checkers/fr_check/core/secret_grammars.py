"""How far a value reaches by the grammar of the file it stands in; programs and YAML have modules of their own."""

from __future__ import annotations

from functools import cached_property

from fr_check.core.patterns import pattern
from fr_check.core.secrecy import PARTS, is_secret_name
from fr_check.core.secret_arguments import arguments, given
from fr_check.core.secret_literals import CODE, ENV, INI, LINE, SHELL, YAML, Ends, Literals
from fr_check.core.secret_programs import TARGETS, beside, by_another_name, literals

TYPE_CHECKING = False
if TYPE_CHECKING:
    import re
    from collections.abc import Iterator

    from fr_check.core.secret_values import Scan
    from fr_check.core.secret_yaml import Yaml

# Comments begin with two slashes in these.
_SLASHES = (
    *(f".{module}{language}s{markup}" for module in ("", "m", "c") for language in "jt" for markup in ("", "x")),
    *(".vue", ".svelte", ".astro", ".json5", ".jsonc", ".go"),
)
_CODE = (*_SLASHES, ".py", ".pyi", ".toml", ".json", ".lock", ".rb")
_ENV = (".ctmpl", ".tpl", ".tmpl", ".properties")
_SHELL = (".dockerfile", ".sh", ".bash", ".mk")
_INI = (".ini", ".cfg", ".conf")
# Flags of `re`, whose enum would be built at import: 2 IGNORECASE, 8 MULTILINE, 16 DOTALL.
_GAP = (
    r"(?:\[(?P<index>[\w@*$-]{1,40})\])?[\"'`]?[ \t]*+(?:[)\]][ \t]*+)?(?::{1,3}=|\?=|\+=|=>|=(?![=~])|:(?![:=/-])"
    # Compared with, or what stands in for it.
    r"|(?:(?:[=!]==?|(?:\|\||\?\?)=?|or\b|if\b[^\n\"'`]{1,99}?\belse\b"
    r"|\?(?!\?)[^\n\"'`:]{1,99}:)(?=[ \t]*[\"'`])|(?:not[ \t]+)?\bin[ \t]*(?=[\"'`(\[{])"
    r"|\bis[ \t]+(?:not[ \t]+)?(?=[\"'`])))[ \t]*+"
)
_HEAD = pattern(rf"(?<![\w.-])[.-]*+(?P<name>[^\W\d][\w.-]*+)(?P<gap>{_GAP})")
# The end of every one whose name is secret, in lower case.
_MAY_BE_HEAD = pattern(rf"(?:{PARTS})[\w.-]*+(?:{_GAP}|[ \t]*,[^\n=]{{0,200}}+=)")
_AMONG = pattern(r"\b(?:in|is)\b")
_ANNOTATION = pattern(r"[A-Za-z_][\w\[\]| .]*=(?!=)[ \t]*")
_CALL = pattern(r"[A-Za-z_][\w.]*[(\[](?:[\"')\]]|[^()=]*=|\s*$)")
# `docker run -e NAME= image`: the value is empty, and what follows is another word.
_OPTION = pattern(r"""(?:^|[\s"'])(?:-e|--env|--build-arg)[ \t=]+["']?$""")
# Names of so many other things that their values say nothing about what else is secret.
_VAGUE = frozenset(("key", "keys", "auth", "cert", "private", "pass", "pat", "secrets", "signature", "cookie"))
_NOTHING = frozenset(("", "none", "null", "true", "false", "...", "~", "no", "yes"))
_CLOSING = " \t}]),"
_WORD = pattern(r"(?![,;)}\]])(?:\$?\{\{[^{}]*+\}\}|\$\{[^{}]*+\}|\$\([^()\n]*+\)|\\[^\r\n]|\S)+")
_LIST_ITEM = pattern(r"(?P<indent>[ \t]*)- ")
_COMMENT = pattern(r"[ \t]*(?:$|[ \t]#)")
_DEFAULT = pattern(r"\$\{(?P<name>\w+):?[-=+](?P<value>(?:\$\{[^{}]*\}|[^}\n])+)")
_WRAPPED = pattern(r"Secret(?<=\bSecret)(?:Str|Bytes)\(\s*")
_GIVES_DEFAULT = pattern(r"default[ \t]*=")
_LONELY_DEFAULT = pattern(r"^(?P<indent>[ \t]*)default[ \t]*=(?!=)[ \t]*", 8)
_FIELD = pattern(r"(?P<indent>[ \t]*)(?P<name>[A-Za-z_]\w*)[ \t]*(?::[^=]+)?=(?!=)")
_LINES_OF_A_CALL = 40
_OVER_LINES = pattern(
    r"^[ \t]*(?:export[ \t]+)?[A-Za-z_][\w.-]*+[ \t]*=[ \t]*"
    r"(?:\"(?:[^\"\\]|\\.|(?!))*+\"|'(?:[^'\\]|\\.|(?!))*+'|(?:[^\\\r\n]|\\.|\\\r?\n|(?!))*+)",
    8 | 16,
)
_KEY_BODY = pattern(r"-----BEGIN [A-Z0-9 ]*-----(?:[^-]|-(?!----)|(?!))*+(?P<end>-----END [A-Z0-9 ]*-----)?")
_SECRET_DATA = pattern(r"^[ \t]*(?P<name>stringData|data):[ \t]*(?=$)", 8)
_BARE_LINE = pattern(r"^[ \t]*(?P<bare>=[^\n\r]+?|[^\s#=:'\"{}$\[][^=:{}#\n\r]*?)[ \t]*$", 8)
_BARE_NAME = pattern(r"(?:export[ \t]+)?(?:[A-Z][A-Z0-9_]{0,50}|[a-z_]{1,50})")


def _is_option(string: str, start: int) -> bool:
    """Whether a name is what an option of a container gives."""
    return _OPTION.search(string, max(start - 20, 0), start) is not None


def kind_of(path: str) -> str:
    """Whose grammar a file has."""
    name = path.lower().rpartition("/")[2]
    parts = name.split(".")
    if name.endswith(_CODE):
        return CODE
    if name.endswith((".yml", ".yaml")):
        return YAML
    if "env" in parts or parts[-1] == "envrc" or name.endswith(_ENV):
        return ENV
    if name.startswith(("dockerfile", "containerfile")) or name in {"makefile", "justfile"} or name.endswith(_SHELL):
        return SHELL
    return INI if name.endswith(_INI) or name in {".gitmodules", ".coveragerc"} else LINE


def search(scan: Scan, path: str) -> None:
    """Notes the values of all secret names, and what a grammar alone shows to be secret."""
    reader = Reader(scan, kind_of(path), Literals(scan.string, path), slashes=path.lower().endswith(_SLASHES))
    reader.heads()
    reader.others()
    if reader.kind == ENV:
        reader.bare_lines()


class Reader(Ends):
    """Finds values in one text; a method that takes the offset where a value starts notes it as far as it goes."""

    def __init__(self, scan: Scan, kind: str, literals: Literals, *, slashes: bool) -> None:
        """`slashes` says how comments begin."""
        super().__init__(scan.string, kind)
        self._literals = literals
        self.scan = scan
        self.comment = "//" if slashes else "#"

    @cached_property
    def _yaml(self) -> Yaml:
        from fr_check.core.secret_yaml import Yaml  # noqa: PLC0415 - built on this

        return Yaml(self)

    def heads(self) -> None:
        """Every `name = value` and `name: value` whose name is secret."""
        string, covered, vaguely = self.string, 0, 0
        for start, end, sign in self._lines():
            # Few lines have a comma on the left of what they assign.
            if self.kind == CODE and "," in string[start:sign] and ":" not in string[start:sign]:
                targets = TARGETS.match(string, start, end)
                covered = self._unpacked(targets, covered) if targets else covered
            for found in _HEAD.finditer(string, max(start, covered), end):
                # `${TOKEN:=default}` is one of the others.
                if found.start() < covered or string.endswith("${", 0, found.start("name")):
                    continue
                if not is_secret_name(name := self._name(found) if found["index"] else found["name"]):
                    continue
                is_vague = name.lower() in _VAGUE
                if (is_vague or self.kind != CODE) and _AMONG.search(found["gap"]):
                    continue
                if not is_vague:
                    covered = self._value(found, name)
                # Below `auth` a password is one for sure.
                elif found.start() >= vaguely:
                    vaguely = self._value(found, name)

    def _unpacked(self, found: re.Match[str], covered: int) -> int:
        """Notes what the secrets of `user, password = ...` are given, or all if it is not known; where that starts."""
        from fr_check.core.secret_code import Code  # noqa: PLC0415 - built on this

        code = Code(self)
        names = [name.strip(" \t*") for name in found["names"].split(",")]
        secrets = [is_secret_name(name) and name.rpartition(".")[2].lower() not in _VAGUE for name in names]
        values = code.listed(found.end())
        if not any(secrets) or found.start("names") < covered or not values:
            return covered
        each = len(values) == len(names) and "*" not in found["names"]
        for place, (start, end) in enumerate(values):
            if each and secrets[place]:
                code.value(start, names[place], sure=True, stop=end)
            for literal in () if each else literals(self.string, start, end):
                self.scan.value(*literal)
        return found.end()

    def _name(self, found: re.Match[str]) -> str:
        """The name of what is assigned: in the shell's `values[API_TOKEN]=x` that of the entry."""
        index = found["index"] if self.kind != CODE else None
        return index if index and index.lower() not in _VAGUE and is_secret_name(index) else found["name"]

    def _lines(self) -> Iterator[tuple[int, int, int]]:
        """The lines on which what may be a secret name stands before a sign: few of most texts; where that ends."""
        lower, last = self.string.lower(), 0
        if len(lower) != len(self.string):  # some capital letters have small ones of two characters
            yield 0, len(self.string), 0
            return
        for found in _MAY_BE_HEAD.finditer(lower):
            if found.start() >= last:
                start, last = lower.rfind("\n", 0, found.start()) + 1, lower.find("\n", found.end())
                last = len(lower) if last < 0 else last
                yield start, last, found.end()

    def _value(self, found: re.Match[str], name: str) -> int:
        if found["gap"].rstrip(" \t") == "=" != found["gap"] and _is_option(self.string, found.start("name")):
            return found.end()
        sure = name.lower() not in _VAGUE
        if self.kind == CODE:
            return self._code(found.end(), name, sure=sure, quoted=found["gap"][:1] in "\"'")
        if self.kind == YAML and found["gap"].strip("\"' \t") == ":":
            return self._yaml.value(found, sure=sure)
        start = found.end()
        if self.kind == LINE and ":" in found["gap"]:
            start = annotation.end() if (annotation := _ANNOTATION.match(self.string, start)) else start
        return self._plain(start, name, sure=sure)

    def _code(self, start: int, name: str, *, sure: bool, quoted: bool = False) -> int:
        from fr_check.core.secret_code import Code  # noqa: PLC0415 - built on this

        code = Code(self)
        around = self._literals.around(start)
        if around is None:
            return code.value(start, name, sure=sure, quoted=quoted)
        # `"?token=" + token`: what the text has no room for follows it; a docstring's `?token=` ends with it.
        stop, behind = around
        code.value(start, name, sure=sure, stop=stop)
        following = behind if not self.string[start:stop].strip() else self._literals.goes_on(behind)
        return stop if following is None else code.value(following, name, sure=sure)

    def _plain(self, start: int, name: str, *, sure: bool) -> int:
        """A value as shells, .env files and INI files write it; where it ends."""
        string = self.string
        if self.kind == LINE and _CALL.match(string, start, self.line_end(start)):
            return self._code(start, name, sure=sure)
        dollar = string.startswith(("$'", '$"'), start)
        if not dollar and string[start : start + 1] not in ("'", '"', "`"):
            return self._unquoted(start, name, sure=sure)
        end = self.glued(self.closed(start + dollar))
        if self.comment == "#" and self.string.startswith("#", self.text_of_line(start)):
            end = min(end, self.comments_end(start))
        self.scan.value(start, end, name, sure=sure)
        rest = self.line_end(end)
        if self.kind == ENV and not _COMMENT.match(string, end, rest):
            self.scan.value(end, rest, sure=sure)
        return end

    def _unquoted(self, start: int, name: str, *, sure: bool) -> int:
        string = self.string
        # `A = b`, `A := b`, `A ?= b` are make's, whose values have blanks in them.
        makes = self.kind == SHELL and string[start - 2 : start] in {"= ", ":=", "?=", "=\t"}
        makes = makes or (self.kind == SHELL and string.startswith(("$(or ", "$(if "), start))
        end = self.line_end(start)
        if self.kind in (SHELL, YAML) and string.startswith("(", start):
            return self._array(start, name, sure=sure)
        first = _WORD.match(string, start, end)
        word = first.end() if first else start
        if self.kind in (ENV, INI) or makes or (word == end and string.endswith("\\", start, end)):
            word = end = self._continued(start, end)
        elif not first or string[start:word].strip("\"',;)}]").lower() in _NOTHING:
            return word
        self.scan.value(start, word, name, sure=sure)
        # What follows is no part of it where words are separated; in a format that nobody knows it may be.
        if self.kind != SHELL:
            self.scan.value(word, end, sure=False)
        return self._item(start, word, end) if self.kind == YAML else word

    def _array(self, start: int, name: str, *, sure: bool) -> int:
        """`NAME=(value value)`, over lines too; without a bracket that closes it, to the end of the line."""
        close = self.string.find(")", start)
        end = close if close >= 0 else self.line_end(start)
        self.scan.value(start + 1, end, name, sure=sure)
        return end

    def _item(self, start: int, word: int, end: int) -> int:
        """The end of an item `- NAME=value` of a YAML list, which may go on on deeper lines."""
        item = _LIST_ITEM.match(self.string, self.string.rfind("\n", 0, start) + 1)
        if item is None:
            return word
        last = self._yaml.deeper(end, len(item["indent"]))
        self.scan.value(word, last)
        return last

    def _continued(self, start: int, end: int) -> int:
        """The end of a value that goes on: after a backslash, and in INI files on lines that are indented."""
        string = self.string
        while end < len(string):
            following = self.next_line(end)
            last = self.line_end(following)
            indented = self.kind == INI and string[following : following + 1] in {" ", "\t"}
            if not string.endswith("\\", start, end) and not (indented and string[following:last].strip()):
                break
            end = last
        return end

    def others(self) -> None:
        """Values that stand behind no sign: arguments, defaults, `ENV NAME value`, the body of a key."""
        string, words = self.string, self.scan.words
        if "${" in words:
            for found in _DEFAULT.finditer(string):
                if is_secret_name(found["name"]):
                    self.scan.value(*found.span("value"), found["name"])
        for found in arguments(string, words, code=self.kind == CODE):
            self._behind(found)
        for start, end in given(string, words):
            self.scan.value(start, end)
        for start, end in beside(string) if '"' in string or "'" in string or "`" in string else ():
            self.scan.value(start, end)
        if "Secret" in words:
            end = 0
            for found in _WRAPPED.finditer(string):
                # What stands in another one was read with it.
                end = self._code(found.end(), "", sure=True) if found.start() >= end else end
        if "default" in words and _GIVES_DEFAULT.search(string):
            end, indent, public = 0, "", False
            for found in _LONELY_DEFAULT.finditer(string):
                if found.start() < end:
                    continue
                # Right below one of the same field, the same holds.
                same = found.start() <= end + 2 and found["indent"] == indent
                indent, public = found["indent"], public if same else self._is_of_public_field(found)
                end = self.line_end(found.end()) if public else self._code(found.end(), "", sure=False)
        if "{{" in words and ("with" in words or ":=" in words):
            for start, end in by_another_name(string):
                self.scan.value(start, end)
        if self.kind == YAML and "kind: Secret" in string:
            self._of_kubernetes()
        if "-----BEGIN" in words:
            end = 0
            for found in _KEY_BODY.finditer(string):
                if found.start() < end:
                    continue
                end = found.end() if found["end"] is not None else self.next_start(found.start())
                self.scan.value(found.start(), end)

    def _of_kubernetes(self) -> None:
        """All that a Secret of Kubernetes holds, whatever it is called."""
        for found in _SECRET_DATA.finditer(self.string):
            self._yaml.value(found, sure=True)

    def _behind(self, found: re.Match[str]) -> None:
        start, string = found.end(), self.string
        if "rest" in found.re.groupindex:
            end = self.line_end(start)
            # `{name: API_KEY, value: null}`
            if string[start:end].rstrip(_CLOSING).lower() not in _NOTHING:
                self.scan.value(start, self._continued(start, end), found["name"])
        elif string[start : start + 1] in {"'", '"'}:
            self.scan.value(start, self.glued(self.closed(start)), found["name"])
        else:
            word = _WORD.match(string, start)
            # BuildKit's --secret names one.
            if word and not string.startswith(("id=", "type="), start):
                self.scan.value(start, word.end(), found["name"], sure=self.kind != LINE)

    def _is_of_public_field(self, found: re.Match[str]) -> bool:
        """Whether the field that a `default=` belongs to has a name that is no secret's: the line above it says."""
        line = found.start()
        for _ in range(_LINES_OF_A_CALL):
            end = line - 1
            if end < 0:
                return False
            line = self.string.rfind("\n", 0, end) + 1
            field = _FIELD.match(self.string, line, end)
            if field and len(field["indent"]) < len(found["indent"]):
                return not is_secret_name(field["name"])
        return False

    def bare_lines(self) -> None:
        """A line of a .env file that is neither an assignment nor a name: what is left of a value over many lines."""
        inside = 0
        values = _OVER_LINES.finditer(self.string)
        value = next(values, None)
        for found in _BARE_LINE.finditer(self.string):
            while value and value.end() <= found.start():
                value = next(values, None)
            # A value under its own name, over lines, was judged by that.
            inside = value.end() if value and value.start() < found.start() else inside
            if found.start() >= inside and not _BARE_NAME.fullmatch(found["bare"]):
                self.scan.value(*found.span("bare"))
