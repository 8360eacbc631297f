"""Who else takes a variable: reads in the backend's own code, and consumers of keys the settings do not know."""

from __future__ import annotations

import re
from fnmatch import fnmatchcase

from fr_check.core.patterns import pattern
from fr_check.core.repository import Missing
from fr_check.core.text import Text
from fr_check.env_keys.apps.model import Read, Use
from fr_check.sources import python_reads
from fr_check.variables.wellknown import is_well_known

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from fr_check.core.model import Location
    from fr_check.core.repository import Repository, Unreadable
    from fr_check.env_keys.apps.model import App

# Folders below a backend that hold no part of the running application.
_ASIDE = frozenset((
    "test", "tests", "testing", "migrations", "alembic", "scripts", "tools", "docs", "example", "examples",
    "benchmarks",
))  # fmt: skip
_FRONTEND = (".js", ".jsx", ".ts", ".tsx", ".mjs", ".cjs", ".mts", ".cts", ".vue", ".svelte", ".astro")
_YAML = (".yml", ".yaml")
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
    r"|--build-arg[ =]['\"]?|-e\s+|--env[ =]|[Gg]etenv\(['\"]|env\(['\"]|env \"|%)\Z"
)
_ASSIGNED_AFTER = pattern(r"['\"]?\s*[:=]")
_LINE_HEAD = pattern(r"\s*(?:-\s+)?['\"]?\Z")
_ASSIGNMENT = pattern(
    r"^[ \t]*(?:(?:export|local|readonly|declare|override)[ \t]+)*([A-Za-z_]\w*)(?:[ \t]*(?:::?:?|\+|!)?=)",
    re.MULTILINE,
)
# What others wrote is looked for in no application.
_VENDORED = pattern(r"(?:^|/)(?:node_modules|site-packages|vendor)/")
_REFERENCE = pattern(r"\$\{?([A-Za-z_]\w*)")
_MOST_STEPS = 10
_KINDS = {"process.env": "frontend"}
_WORD = pattern(r"[A-Za-z_]\w*")
_CALLED_WITH = pattern(r"\w\(\s*[\"']([A-Za-z_]\w*)[\"']")
_FEW = 25


def backend_files(settings: Iterable[str], repository: Repository) -> tuple[str, ...]:
    """The Python files of the application that some settings files belong to, without its tests and tools."""
    roots = {_top_package(path, repository) for path in settings}
    below = (
        (path, max((len(root) for root in roots if path.startswith(root)), default=-1)) for path in _python(repository)
    )
    return tuple(path for path, start in below if start >= 0 and not _is_aside(path[start:]))


def find_reads(app: App, repository: Repository, paths: Iterable[str]) -> None:
    """Fills `app.reads`: those in the application's code outside the settings; and those whose key is not known."""
    own = {source.text.path for source in app.settings_files}
    reads: list[Read] = []
    dynamic: list[Location] = []
    patterns: list[Use] = []
    for path in paths:
        text = repository.read(path)
        if not isinstance(text, Text) or text.problems or not _has_trigger(text):
            continue
        found = repository.parse(path, python_reads.parse)
        if isinstance(found, python_reads.PythonReads):
            reads += (Read(r.key, r.call, r.optional, text.at(r.span)) for r in found.reads)
            dynamic += (text.at(span) for span in found.dynamic if path not in own)
            patterns += (Use(key, "Python code", text.at(span)) for key, span in found.patterns)
    app.reads, app.dynamic_reads, app.read_patterns = tuple(reads), tuple(dynamic), tuple(patterns)


def _is_aside(path: str) -> bool:
    *folders, name = path.split("/")
    is_test = name == "conftest.py" or name.startswith("test_") or name.endswith("_test.py")
    return is_test or not _ASIDE.isdisjoint(folders)


def _python(repository: Repository) -> Iterator[str]:
    return (path for path in repository.paths() if path.endswith(".py"))


def _has_trigger(text: Text) -> bool:
    # Several backends of one repository share their files.
    return text.parsed(_may_read)


def _may_read(text: Text) -> bool:
    return python_reads.may_read(text.string)


def _top_package(path: str, repository: Repository) -> str:
    """The folder of the outermost package that a file belongs to, with a slash at its end; empty for the root."""
    folder = path.rpartition("/")[0]
    names = set(repository.paths())
    while "/" in folder and f"{folder.rpartition('/')[0]}/__init__.py" in names:
        folder = folder.rpartition("/")[0]
    return f"{folder}/" if folder else ""


def uses(apps: Sequence[App], repository: Repository) -> tuple[dict[str, Use], tuple[Unreadable | Text, ...]]:
    """Who takes the keys that apps document or render and that fill no setting; keys nobody takes are not in it.

    Also the files that might take one of the others and could not be read.
    """
    wanted = {key for app in apps for key in (*app.documented, *app.rendered)}
    wanted = {key for key in wanted if not any(app.takers(key) for app in apps)}
    reads = [read for app in apps for read in (*app.script_reads[::-1], *app.reads[::-1]) if read.key in wanted]
    found = {read.key: Use(read.key, _KINDS.get(read.call, "Python code"), read.location) for read in reads}
    found |= {
        key: use._replace(key=key)
        for app in apps
        for use in app.read_patterns
        for key in wanted
        if fnmatchcase(key, use.key)
    }
    wanted -= set(found)
    own = {source.text.path for app in apps for source in app.examples}
    own |= {source.text.path for app in apps for source in app.templates}
    search = _Search(repository, wanted, own)
    if wanted:
        search.files(path for path in repository.paths() if not _VENDORED.search(path))
    if search.wanted:
        search.files(path for app in apps for path in _neighbours(app, repository))
    found.update(search.found)
    for app in apps:
        _interpolated(app, search.wanted, found)
    doubtful = any(not is_well_known(key) for key in search.wanted if key not in found)
    return found, tuple(search.unread) if doubtful else ()


def _interpolated(app: App, wanted: Iterable[str], found: dict[str, Use]) -> None:
    """Adds keys that the value of another key is put together of, `URL=pg://${USER}@db`, where somebody takes that one.

    python-dotenv and Compose put them in.
    """
    left = set(wanted)
    for _ in range(_MOST_STEPS):
        taken = [one for key, one in app.documented.items() if key in found or app.takers(key) or is_well_known(key)]
        more = {
            name: Use(name, "example", one.location)
            for one in taken
            if one.binding.value is not None
            for name in _REFERENCE.findall(one.binding.value.reveal())
            if name in left
        }
        if not more:
            return
        found.update(more)
        left -= more.keys()


def _neighbours(app: App, repository: Repository) -> Iterator[str]:
    """Files beside a template in a submodule: the compose file that starts what reads the rendered secrets."""
    for source in app.templates:
        gitlink = repository.gitlink_above(source.text.path)
        names = repository.subtree(gitlink) if gitlink is not None else ()
        folder = f"{source.text.path.rpartition('/')[0]}/"
        yield from (name for name in names if isinstance(name, str) and name.startswith(folder))


class _Search:
    """Looks through files for keys until each has a consumer."""

    def __init__(self, repository: Repository, wanted: Iterable[str], skip: set[str]) -> None:
        self.repository = repository
        self.wanted = set(wanted)
        self.skip = skip
        self.found: dict[str, Use] = {}
        self.unread: list[Unreadable | Text] = []

    def files(self, paths: Iterable[str]) -> None:
        """Each file at most once, the likeliest kinds first."""
        kinds = [(kind, path) for path in paths if (kind := _kind(path)) and path not in self.skip]
        for kind, path in sorted(kinds, key=lambda pair: (_ORDER.index(pair[0]), pair[1])):
            if not self.wanted:
                return
            self.skip.add(path)
            text = self.repository.read(path)
            if isinstance(text, Text) and not text.problems:
                self.file(text, kind)
            elif not isinstance(text, Missing) and kind in _SOURCE_KINDS:
                self.unread.append(text)

    def file(self, text: Text, kind: str) -> None:
        if kind == "Python code":
            self.python(text)
            return
        mentions = self.mentions(text.string)
        if kind == "frontend" and mentions:
            self.frontend(text, mentions)
            return
        own = _own_names(text, {key for key, _ in mentions}) if kind in {"script", "task"} and mentions else set()
        for key, start in mentions:
            if key in self.wanted and key not in own and _taken_by_shell(text, key, start):
                self.add(key, kind, text.location(start, start + len(key)))

    def frontend(self, text: Text, mentions: list[tuple[str, int]]) -> None:
        """Reads of `process.env` and its like; where a file hands the whole environment on, any mention."""
        from fr_check.sources import javascript  # noqa: PLC0415 - few keys are still unknown when it comes to this

        found = self.repository.parse(text.path, javascript.parse)
        if isinstance(found, javascript.JavaScript):
            for read in found.reads:
                if read.name in self.wanted:
                    self.add(read.name, "frontend", text.at(read.span))
            for key, start in mentions if found.dynamic else ():
                if key in self.wanted:
                    self.add(key, "frontend", text.location(start, start + len(key)))

    def python(self, text: Text) -> None:
        prefixed = python_reads.PREFIX in text.string
        if not _has_trigger(text) or not (prefixed or any(key in text.string for key in self.wanted)):
            return
        found = self.repository.parse(text.path, python_reads.parse)
        if isinstance(found, python_reads.PythonReads):
            for read in found.reads:
                if read.key in self.wanted:
                    self.add(read.key, "Python code", text.at(read.span))
            for pattern_, span in found.patterns:
                for key in [key for key in self.wanted if fnmatchcase(key, pattern_)]:
                    self.add(key, "Python code", text.at(span))
            # A function of the file reads what it is called with: `flag("KEY")`.
            for call in _CALLED_WITH.finditer(text.string) if found.dynamic else ():
                if call[1] in self.wanted:
                    self.add(call[1], "Python code", text.location(*call.span(1)))

    def add(self, key: str, kind: str, location: Location) -> None:
        self.wanted.discard(key)
        self.found[key] = Use(key, kind, location)

    def mentions(self, string: str) -> list[tuple[str, int]]:
        """Wanted keys as whole words, with their offsets."""
        if len(self.wanted) > _FEW:
            return [(m[0], m.start()) for m in _WORD.finditer(string) if m[0] in self.wanted]
        present = [re.escape(key) for key in self.wanted if key in string]
        if not present:
            return []
        found = re.compile(rf"(?<!\w)(?:{'|'.join(present)})(?!\w)")
        return [(m[0], m.start()) for m in found.finditer(string)]


# Kinds whose files are always text: a script without an ending may as well be a program.
_SOURCE_KINDS = {"compose", "frontend", "workflow", "Python code"}
_ORDER = ("compose", "frontend", "workflow", "task", "image build", "script", "Python code")


def _kind(path: str) -> str:  # noqa: PLR0911 - a table of file names
    if path.endswith(_FRONTEND):
        return "frontend"
    if path.endswith(".py"):
        return "Python code"
    name = path.rpartition("/")[2]
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


def _before(text: Text, start: int, length: int = 24) -> tuple[str, str]:
    """The end of what stands before an offset on its line, and the whole of it."""
    line_start = text.string.rfind("\n", max(0, start - 2000), start) + 1
    head = text.string[max(line_start, start - 2000) : start]
    return head[-length:], head


def _taken_by_shell(text: Text, key: str, start: int) -> bool:
    """`$K`, `${K...}`, `secrets.K`, `ARG K` and the like, and `K: ...` in YAML, outside comment lines."""
    near, head = _before(text, start)
    if head.lstrip().startswith("#"):
        return False
    if _SHELL_BEFORE.search(near):
        return True
    if not text.path.endswith(_YAML):
        return False
    after = _ASSIGNED_AFTER.match(text.string, start + len(key))
    # Who is given a value reads the host's no more than who is not: only an entry without one takes it.
    rest = text.string[start + len(key) :].partition("\n")[0]
    item = head.strip() == "-" and not rest.strip()
    return item or (_LINE_HEAD.fullmatch(head) is not None and after is not None and not rest[after.end() :].strip())
