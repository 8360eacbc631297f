"""Whether a name that a process is given is read by anything in it."""

from __future__ import annotations

from fnmatch import fnmatchcase
from functools import cache, cached_property

from fr_check.core.nearness import Speller
from fr_check.core.patterns import pattern, whole_name
from fr_check.variables.model import Set
from fr_check.variables.wellknown import is_well_known

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable

    from fr_check.core.text import Text
    from fr_check.variables.flow import Flow
    from fr_check.variables.programs import Process
    from fr_check.variables.services import ServiceProcess

# What names a variable without reading it: documents, examples, what describes how to run the thing, and tests.
_NO_READER = pattern(
    r"(?:^|/)(?:tests?|docs?|migrations|node_modules|\.git|\.github|\.venv)/|\.(?:md|rst|lock|svg|png|jpg|ico|csv|snap|ctmpl)$"
    r"|(?:^|/)(?:\.env[^/]*|[^/]*compose[^/]*\.ya?ml|Dockerfile[^/]*|[^/]*\.Dockerfile|CHANGELOG[^/]*|test_[^/]*|[^/]*_test\.py)$"
)
# `dict(os.environ)`, `{**os.environ}`, `os.environ.items()`: the whole environment is handed on.
_WHOLE = pattern(r"\benviron\b(?!\s*(?:\[|\.(?:get|setdefault|pop|__contains__)\b))")
_NO_USE = pattern(
    r"^\s*(?:from\s+os\s+import|import)\b|\bnot\s+in\s+(?:os\.)?environ\s*(?::|\)|$)|\bin\s+(?:os\.)?environ\s*(?::|\)|$|and|or)"
)
# A shell that reads names which only a run tells: `env | ...`, `printenv`, `export -p`, `set | ...`, `${!name}`,
# `envsubst`, the environment as a file.
_ANY_NAME = pattern(
    r"(?:^|[;&|(`{\n]|\b(?:do|then|else|in|if|while|exec)[ \t])[ \t]*(?:[\w/]*/)?"
    r"(?:(?:env|printenv|declare|set|typeset)(?:[ \t]+-(?:0|[xp]+|-null))*[ \t]*(?:[|>)`;&\n]|$)"
    r"|printenv[ \t]+[\"']?\$|export[ \t]+-p|compgen[ \t]+-[ev]|envsubst\b)"
    r"|\$\{!\w|/proc/(?:self|\$\$|\d+)/environ"
)


def reads_any_name(script: str) -> bool:
    """Whether a script reads variables whose names only a run tells."""
    return _ANY_NAME.search(script) is not None


def hands_environment_on(text: Text) -> bool:
    """Whether Python code takes its whole environment for something else than a look at one name."""
    for match in _WHOLE.finditer(text.string) if "environ" in text.string else ():
        line = text.line(text.place(match.start())[0])
        if not line.lstrip().startswith("#") and not _NO_USE.search(line):
            return True
    return False


class Unread:
    """Asked about the names of one service."""

    def __init__(self, flow: Flow, found: ServiceProcess) -> None:
        self.flow = flow
        self.found = found

    def certainly(self, name: str) -> bool:
        """Whether nothing that runs in the service reads a variable, for certain."""
        if not name or is_well_known(name) or name in self.found.words or name.endswith("_FILE"):
            return False
        programs = self.found.process.programs
        if any(next(program.reads(name), None) is not None for program in programs):
            return False
        if any(fnmatchcase(name, glob) for program in programs for glob in program.patterns):
            return False
        return not self._open and not self._mentioned(name)

    @cached_property
    def _open(self) -> bool:
        """Whether something in the service may read any name at all."""
        launched = self.found.launch
        if launched is None or launched.unread or not self.found.joined.containers:
            return True
        if any(map(reads_any_name, (*launched.texts, *(start.body for start in launched.starts)))):
            return True
        return any(program.open is not None for program in self.found.process.programs) or self._hands_on()

    def _hands_on(self) -> bool:
        """Whether Python code of the image hands its whole environment on."""
        return any(path.endswith(".py") and self.found.places.holds(path) for path in self._with(hands_environment_on))

    def _mentioned(self, name: str) -> bool:
        """Whether any file that may be in the image has the name in it: what reads it may be in any language."""
        return any(self.found.places.holds(path) for path in self._with(_names, name))

    def _with(self, parser: Callable[..., bool], *arguments: str) -> list[str]:
        """The files of the images' contexts that may read a variable, and of whose text a parser says yes."""
        contexts = tuple(
            f"{container.context}/" if container.context else "" for container in self.found.joined.containers
        )
        own = {container.image.path for container in self.found.joined.containers}
        found = self.flow.repository.texts_with(_may_read_in(contexts), parser, *arguments)
        return [path for path in found if path not in own]


@cache
def _may_read_in(folders: tuple[str, ...]) -> Callable[[str], bool]:
    """Whether a file below one of some folders may read a variable, by its name."""
    return lambda path: path.startswith(folders) and not _NO_READER.search(path)


def _names(text: Text, name: str) -> bool:
    return name in text.string and whole_name(name).search(text.string) is not None


class Near:
    """Asked for the variables that names of one process were meant for."""

    def __init__(self, process: Process) -> None:
        self._known = _unset(process)
        self._speller = Speller(self._known)

    def meant(self, name: str) -> str:
        """The variable that a name was meant for: a similar one that the program reads and that nothing sets."""
        similar = self._speller.nearest(name)
        if similar:
            return similar
        # `DB` is what `DB__PORT` lies in, and no other spelling of it.
        longer = [
            other
            for other in self._known
            if other.startswith(name) or (name.startswith(other) and f"{other}__" not in name)
        ]
        return longer[0] if len(longer) == 1 else ""


def _unset(process: Process) -> list[str]:
    """The variables that the programs of a process read and that nothing sets."""
    return [
        other
        for program in process.programs
        for reader in program.readers
        if not isinstance(process.held(reader)[1], Set)
        for other in reader.names
    ]
