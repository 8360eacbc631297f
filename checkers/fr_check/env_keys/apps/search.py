"""Looks through the files of a repository for whoever takes a variable that no setting does."""

from __future__ import annotations

import re
from fnmatch import fnmatchcase
from functools import cache, lru_cache

from fr_check.core.patterns import pattern
from fr_check.core.repository import SOURCE_LIMIT, Missing
from fr_check.core.text import Text
from fr_check.env_keys.apps.model import BUILD_ARGUMENT, Use
from fr_check.sources import python_reads
from fr_check.sources.javascript.paths import SUFFIXES
from fr_check.variables.backends.classes import is_aside

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from fr_check.core.model import Location
    from fr_check.core.repository import Repository, Unreadable

_CODE = (
    ".rs", ".java", ".kt", ".scala", ".php", ".cs", ".ex", ".exs", ".swift", ".dart", ".c", ".cc", ".cpp", ".h", ".lua",
    ".pl", ".erl", ".cr", ".clj", ".groovy", ".pyx", ".r", ".jl",
)  # fmt: skip
_YAML = (".yml", ".yaml")
_ENV_ASIDE = (".md", ".txt", ".enc", ".gpg")
_TASK_FILES = frozenset((
    "GNUmakefile", "Makefile", "makefile", "Justfile", "justfile", ".justfile", "Procfile", "Tiltfile", ".envrc",
))  # fmt: skip
_IMAGE_FILES = frozenset(("Dockerfile", "Containerfile"))
_SCRIPTS: tuple[str, ...] = (
    ".sh",
    ".bash",
    ".zsh",
    ".bat",
    ".ps1",
    ".rb",
    ".go",
    ".hcl",
    ".tf",
    ".toml",
    ".ini",
    ".cfg",
    ".json",
    ".conf",
)
_SCRIPTS += (".template", ".tpl", ".tmpl", ".ctmpl", ".nix", ".fish")
_SHELL_BEFORE = pattern(
    r"(?:\$\{?[#!]?|\$\(|\$env:|\$\{env:|(?:secrets|vars|env|ENV|inputs|matrix)\.|\bENV\[['\"]|\b(?:ARG|ENV|export)\s+"
    r"|--build-arg[ =]['\"]?|-e\s+|--env[ =]|[Gg]etenv\(['\"]|env\(['\"]|env \"|%|%\(ENV_)\Z"
)
_ARG_BEFORE = pattern(r"\bARG\s+\Z")
# Values of whoever builds an image or runs a workflow, which have nothing to do with a file that an agent renders.
_OF_OTHERS_BEFORE = pattern(r"(?:\b(?:secrets|vars|inputs|matrix)\.|--build-arg[ =]['\"]?)\Z")
_ASSIGNED_AFTER = pattern(r"['\"]?\s*[:=]")
_LINE_HEAD = pattern(r"\s*(?:-\s+)?['\"]?\Z")
_ASSIGNMENT = pattern(
    r"^[ \t]*(?:(?:export|local|readonly|declare|override)[ \t]+)*([A-Za-z_]\w*)(?:[ \t]*(?:::?:?|\+|!)?=)",
    re.MULTILINE,
)
_WORD = pattern(r"[A-Za-z_]\w*")
# What supervisord puts the variable in the place of.
_SUPERVISOR = "%(ENV_"
_SUPERVISORS = pattern(r"%\(ENV_(\w+)\)s")
# What a bundler's `loadEnv()` and the like are kept in.
_OF_ENV = pattern(r"\b[eE][nN][vV]\??\.\Z")
# What only prints a text.
_SAYS = pattern(r"\b(?:print|log|debug|info|warn|warning|error|exception|critical)\(\Z")
_QUOTES = "\"'`"
_CALLED_WITH = pattern(r"\w\(\s*[\"']([A-Za-z_]\w*)[\"']")
_FEW = 25
# What others wrote is looked for in no application.
_VENDORED = pattern(r"(?:^|/)(?:node_modules|site-packages|vendor|\.yarn)/")
_UPPER_WORD = pattern(rb"[A-Z_][A-Z0-9_]{2,}")
_ANY_WORD = pattern(rb"[A-Za-z_][A-Za-z0-9_]*")


def has_trigger(text: Text) -> bool:
    """Whether a Python file may read the environment."""
    return python_reads.may_read(text.string)


@cache
def _is_of_kind(kind: str) -> Callable[[str], bool]:
    return lambda path: _kind(path) == kind and not _VENDORED.search(path)


class Search:
    """Looks through files for keys until each has a consumer."""

    def __init__(
        self,
        repository: Repository,
        wanted: Iterable[str],
        skip: set[str],
        understood: Iterable[str] = (),
        rendered: Iterable[str] = (),
    ) -> None:
        """`understood` are files of which every name is known already; `rendered` are keys that come by a template."""
        self.rendered = frozenset(rendered)
        self.repository = repository
        self.understood = frozenset(understood)
        self.wanted = set(wanted)
        self.skip = skip
        self.found: dict[str, Use] = {}
        # An ARG takes what a build passes, and nobody may pass it: the search for a reader goes on.
        self.declared: dict[str, Use] = {}
        # Keys that stand in code as a text, with the file: they may be handed to something that reads them.
        self.quoted: dict[str, str] = {}
        self.unread: list[Unreadable | Text] = []

    def everywhere(self) -> None:
        """All files of the repository but what others wrote, the likeliest kinds first."""
        for kind in _ORDER:
            if not self.wanted:
                return
            naming = _naming(frozenset(key.encode() for key in self.wanted), kind)
            for path in self.repository.search(_is_of_kind(kind), naming):
                if self.wanted and path not in self.skip:
                    self._look(path, kind)
            self.skip.update(self.repository.select(_is_of_kind(kind)))

    def files(self, paths: Iterable[str]) -> None:
        """Each file at most once, the likeliest kinds first."""
        kinds = [(kind, path) for path in paths if (kind := _kind(path)) and path not in self.skip]
        names = frozenset(key.encode() for key in self.wanted)
        words = _words_like(names)
        for kind, path in sorted(kinds, key=lambda pair: (_ORDER.index(pair[0]), pair[1])):
            if not self.wanted:
                return
            self.skip.add(path)
            data = self.repository.read_bytes(path)
            # Most files have none of the names: they are not decoded, and no text for anybody after this.
            if not isinstance(data, bytes) or _may_name(data, names, words, kind):
                self._look(path, kind)

    def _look(self, path: str, kind: str) -> None:
        text = self.repository.read(path)
        if isinstance(text, Text) and (text.whole if kind == "frontend" else not text.problems):
            self._file(text, kind)
        elif not isinstance(text, Missing) and kind in _SOURCE_KINDS:
            self.unread.append(text)

    def _file(self, text: Text, kind: str) -> None:
        if kind == "Python code":
            self._python(text)
            return
        if kind == "code":
            self._quote(text)
            return
        mentions = self._mentions(text.string)
        if kind == "frontend" and mentions:
            self._frontend(text, mentions)
            return
        own = _own_names(text, {key for key, _ in mentions}) if kind in {"script", "task"} and mentions else set()
        for key, start in mentions:
            rendered = key in self.rendered
            if key in self.wanted and key not in own and _taken_by_shell(text, key, start, rendered=rendered):
                location = text.location(start, start + len(key))
                if kind == "image build" and _ARG_BEFORE.search(_before(text, start)[0]):
                    self.declared.setdefault(key, Use(key, BUILD_ARGUMENT, location))
                else:
                    self._add(key, kind, location)

    def _frontend(self, text: Text, mentions: list[tuple[str, int]]) -> None:
        """Reads of `process.env` and its like; where a file hands the whole environment on, any mention."""
        from fr_check.sources import javascript  # noqa: PLC0415 - few keys are still unknown here

        found = self.repository.parse(text.path, javascript.parse)
        if isinstance(found, javascript.JavaScript):
            for read in found.reads:
                if read.name in self.wanted:
                    self._add(read.name, "frontend", text.at(read.span))
            for key, start in mentions:
                if key in self.wanted and (found.dynamic or _OF_ENV.search(_before(text, start)[0])):
                    self._add(key, "frontend", text.location(start, start + len(key)))
            self._quote(text)

    def _quote(self, text: Text) -> None:
        if not (is_aside(text.path) or text.path in self.understood):
            for key, start in self._mentions(text.string):
                before = _before(text, start - 1)[0]
                if _is_quoted(text.string, start, len(key)) and not _SAYS.search(before):
                    self.quoted.setdefault(key, text.path)

    def _python(self, text: Text) -> None:
        self._python_reads(text)
        self._quote(text)

    def _python_reads(self, text: Text) -> None:
        prefixed = python_reads.PREFIX in text.string
        if not text.parsed(has_trigger) or not (prefixed or any(key in text.string for key in self.wanted)):
            return
        found = self.repository.parse(text.path, python_reads.parse)
        if isinstance(found, python_reads.PythonReads):
            for read in found.reads:
                if read.key in self.wanted:
                    self._add(read.key, "Python code", text.at(read.span))
            for pattern_, span in found.patterns:
                for key in [key for key in self.wanted if fnmatchcase(key, pattern_)]:
                    self._add(key, "Python code", text.at(span))
            # A function of the file reads what it is called with: `flag("KEY")`.
            for call in _CALLED_WITH.finditer(text.string) if found.dynamic else ():
                if call[1] in self.wanted:
                    self._add(call[1], "Python code", text.location(*call.span(1)))

    def _add(self, key: str, kind: str, location: Location) -> None:
        self.wanted.discard(key)
        self.found[key] = Use(key, kind, location)

    def _mentions(self, string: str) -> list[tuple[str, int]]:
        """Wanted keys as whole words, with their offsets."""
        if len(self.wanted) > _FEW:
            words = [(m[0], m.start()) for m in _WORD.finditer(string) if m[0] in self.wanted]
            given = _SUPERVISORS.finditer(string) if _SUPERVISOR in string else ()
            return [*words, *((m[1], m.start(1)) for m in given if m[1] in self.wanted)]
        present = [re.escape(key) for key in self.wanted if key in string]
        if not present:
            return []
        found = re.compile(rf"(?:(?<!\w)|(?<=%\(ENV_))(?:{'|'.join(present)})(?!\w)")
        return [(m[0], m.start()) for m in found.finditer(string)]


def _words_like(names: frozenset[bytes]) -> re.Pattern[bytes]:
    return _UPPER_WORD if all(map(_UPPER_WORD.fullmatch, names)) else _ANY_WORD


@lru_cache(maxsize=256)
def _naming(names: frozenset[bytes], kind: str) -> Callable[[bytes], bool]:
    words = _words_like(names)
    return lambda data: _may_name(data, names, words, kind)


def _may_name(data: bytes, names: frozenset[bytes], words: re.Pattern[bytes], kind: str) -> bool:
    """Whether a file that somebody wrote has one of some names as a word, or makes names of a prefix."""
    if len(data) > SOURCE_LIMIT:
        return False
    # What is not written in UTF-8 has its names in other bytes, and has to be told as unread.
    if data[:2] in {b"\xff\xfe", b"\xfe\xff"} or (kind == "Python code" and python_reads.PREFIX.encode() in data):
        return True
    if len(names) <= _FEW:
        return any(name in data for name in names)
    return not names.isdisjoint(words.findall(data)) or (kind == "script" and _SUPERVISOR.encode() in data)


# Kinds whose files are always text: a script without an ending may as well be a program.
_SOURCE_KINDS = {"compose", "frontend", "workflow", "Python code"}
_ORDER = (
    "compose",
    "file of variables",
    "frontend",
    "workflow",
    "task",
    "image build",
    "script",
    "code",
    "Python code",
)


@cache
def _kind(path: str) -> str:  # noqa: PLR0911 - a table of file names
    if path.endswith(SUFFIXES):
        return "frontend"
    if path.endswith(".py"):
        return "Python code"
    if path.endswith(_CODE):
        return "code"
    name = path.rpartition("/")[2]
    if name.startswith(".env") and not path.endswith(_ENV_ASIDE):
        return "file of variables"
    if path.endswith(_YAML):
        if path.startswith(".github/") or name.startswith(".gitlab-ci"):
            return "workflow"
        return "compose" if "compose" in name else "task"
    if name in _TASK_FILES or name.endswith(".mk"):
        return "task"
    if not _IMAGE_FILES.isdisjoint(name.split(".")):
        return "image build"
    return "script" if path.endswith(_SCRIPTS) or "." not in name else ""


def _own_names(text: Text, keys: set[str]) -> set[str]:
    """Keys that a script or Makefile assigns before it reads them, so that it takes none from the environment.

    `$KEY` in single quotes is no read of the script's, but one of whatever it starts, so that only its own
    assignment speaks against a mention.
    """
    assigned = {found[1] for found in _ASSIGNMENT.finditer(text.string)} & keys
    if not assigned:
        return assigned
    from fr_check.sources import usages  # noqa: PLC0415 - only for files that assign what they mention

    if usages.kind(text) not in {"shell", "make"}:
        return set()
    found = usages.parse(text)
    return assigned - {usage.name for usage in found}


def _is_quoted(string: str, start: int, length: int) -> bool:
    quote = string[start - 1 : start]
    return quote != "" and quote in _QUOTES and string[start + length : start + length + 1] == quote


def _before(text: Text, start: int, length: int = 24) -> tuple[str, str]:
    """The end of what stands before an offset on its line, and the whole of it."""
    line_start = text.string.rfind("\n", max(0, start - 2000), start) + 1
    head = text.string[max(line_start, start - 2000) : start]
    return head[-length:], head


def _taken_by_shell(text: Text, key: str, start: int, *, rendered: bool) -> bool:
    """`$K`, `${K...}`, `secrets.K`, `ARG K` and the like, and `K:` in YAML, outside comment lines."""
    near, head = _before(text, start)
    if head.lstrip().startswith("#"):
        return False
    if _SHELL_BEFORE.search(near):
        return not (rendered and _OF_OTHERS_BEFORE.search(near))
    if not text.path.endswith(_YAML):
        return False
    # Who is given a value reads the host's no more than who is not: only an entry without one takes it.
    rest = text.string[start + len(key) :].partition("\n")[0]
    after = _ASSIGNED_AFTER.match(rest)
    item = head.strip() == "-" and not rest.strip()
    if item or after is None or _LINE_HEAD.fullmatch(head) is None:
        return item
    value = rest[after.end() :].strip()
    return not value or value.startswith("#")
