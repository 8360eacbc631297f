"""What a call leads to: the scripts of tasks and files of the repository, ready to be followed."""

from __future__ import annotations

import posixpath
import re
from fnmatch import fnmatchcase

from fr_check.core.budget import Budget
from fr_check.core.names import ending
from fr_check.core.patterns import pattern
from fr_check.core.record import NamedTuple
from fr_check.core.text import Text
from fr_check.runs import packages
from fr_check.runs.model import Start
from fr_check.runs.task_files import TASK_FILES
from fr_check.sources import make_options, makefile
from fr_check.sources.build_context import inside
from fr_check.sources.docker_uses import moved
from fr_check.sources.makefile import Makefile
from fr_check.sources.shells import SH, SHELLS, Shell, of_shebang, of_words
from fr_check.sources.tasks import package_scripts
from fr_check.sources.tasks.model import Ignored, Script, Tasks, of_places, with_words

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

    from fr_check.core.repository import Repository
    from fr_check.runs.calls import Call
    from fr_check.runs.changes import Operation
    from fr_check.runs.make_environment import MakeEnvironment, Passed
    from fr_check.runs.model import Origin, Ran
    from fr_check.sources.makefile import Statement
    from fr_check.sources.tasks.model import Task

_SHELL_ENDS = (".sh", ".bash")
_SHEBANG = pattern(r"#![^\n]{0,60}sh\b")


_IGNORE = ".IGNORE"
_STARS = pattern(r"(\*\*?)")


class Target(NamedTuple):
    """A script that a call runs, in the file `text`; `what` is what to call one of its commands.

    `ignored`: the call keeps it from running, or passes over its failure. `does` is what the task runner does to the
    environment that it was started with.
    """

    script: Script
    text: Text
    what: str
    start: Start
    ignored: str = ""
    does: Callable[[], tuple[Operation, ...]] | None = None


class Targets(NamedTuple):
    """The scripts of a call. Not `known`: there may be others, in one of `paths`, as far as that can be told."""

    found: tuple[Target, ...] = ()
    known: bool = True
    paths: tuple[str, ...] = ()


class Finder:
    """Looks for what calls lead to."""

    def __init__(self, repository: Repository) -> None:
        self.repository = repository
        self._make_environments: dict[object, MakeEnvironment] = {}

    def elsewhere(self, ran: Ran) -> Call | None:
        """The call that a command is where this finder looks, though it is none in a repository."""
        del ran
        return None

    def find(self, call: Call, origin: Origin) -> Targets:  # noqa: PLR0911 - a table of kinds
        """The scripts that a call runs, those of a task's needs included."""
        if call.kind == "script":
            return self._script(call, origin)
        if call.kind == "other":
            return Targets((), known=False, paths=self._unread(call, origin))
        folder = moved(call.directory, call.folder) if call.folder else call.directory
        path, foreign = (None, False) if folder is None else origin.checkouts.path(folder)
        if foreign:
            return Targets()
        if path is None or folder is None:
            return Targets((), known=False, paths=self.named(TASK_FILES[call.kind]))
        if call.kind == "make":
            return self._make(call, origin, path, folder)
        if call.kind == "package":
            return self._package(call, origin, path, folder)
        if call.kind == "packages":
            return self._packages(call, origin, path, folder)
        from fr_check.runs import task_targets  # noqa: PLC0415 - few repositories have task runners besides these

        return task_targets.READERS[call.kind](self, call, origin, path, folder)

    def named(self, names: Sequence[str]) -> tuple[str, ...]:
        """The files of the repository that have one of some names, wherever they stand."""
        return tuple(path for name in names for path in self.repository.named(name))

    def _unread(self, call: Call, origin: Origin) -> tuple[str, ...]:
        """The file that a program other than a shell is given, or may find its tasks in: here or above."""
        name = call.names[0] if call.names and call.kind == "other" else call.kind
        names = TASK_FILES.get(name)
        folder, foreign = (None, False) if call.directory is None else origin.checkouts.path(call.directory)
        if foreign:
            return ()
        if names is None:
            place = moved(call.directory, name)
            path = None if place is None else origin.checkouts.path(place)[0]
            if path is None:
                return self.named((name.rpartition("/")[2],))
            return (path,) if isinstance(self.repository.read(path), Text) else ()
        known = self.named(names)
        if folder is None:
            return known
        return tuple(path for path in known if _above(posixpath.dirname(path), folder))

    def _script(self, call: Call, origin: Origin) -> Targets:
        name = call.names[0]
        place = moved(call.directory, name)
        path, foreign = (None, False) if place is None else origin.checkouts.path(place)
        if foreign:
            return Targets()
        if path is None:
            return Targets((), known=False, paths=self.named((name.rpartition("/")[2],)))
        text = self.repository.read(path)
        if not isinstance(text, Text):
            return Targets((), known=False)
        named = path.endswith(_SHELL_ENDS) and not text.string.startswith("#!")
        if not (named or _SHEBANG.match(text.string) or call.program in SHELLS):
            return Targets((), known=False, paths=(path,))
        environment = {**origin.environment, **call.assigned}
        shell = call.shell or of_shebang(text.string) or SH
        start = Start(call.directory, {**environment, "0": name, "BASH_SOURCE": name}, call.arguments, shell=shell)
        return Targets((Target(Script(text.string, text.span, shell), text, f"command in `{path}`", start),))

    def _make(self, call: Call, origin: Origin, path: str, folder: str) -> Targets:
        from fr_check.runs import make_environment  # noqa: PLC0415 - as the next one, only where there is a makefile
        from fr_check.sources.make_expansion import Expansion  # noqa: PLC0415

        environment = {**origin.environment, **call.assigned}
        read = self._makefile(path, call.file, call.given, environment)
        if read is None:
            return Targets((), known=False)
        file, home, complete = read
        shell = _make_shell(file)
        made_by = make_environment.of_call(call)
        expansion = Expansion(file, made_by.above(environment), environment, folder)
        handed = self._make_environment(file, made_by, environment, folder)
        flags = file.variables.fixed.get("MAKEFLAGS") or ""
        begun = call.names or ((file.goal,) if file.goal else ())
        pending: list[tuple[str, tuple[Statement, ...]]] = [(name, ()) for name in reversed(begun)]
        made: set[str] = set()
        found: list[Target] = []
        known = True
        while pending:
            target, outer = pending.pop()
            rule = file.rule(target)
            if target in made:
                continue
            made.add(target)
            if rule is None:
                known = known and not (target in call.names and not complete)
                continue
            own = handed.handing_on(target, outer)
            given, does = handed.start(own)
            for one in expansion.scripts(rule[0], target, rule[1]):
                what = f"command of target `{target}` in `{one.text.path}`"
                ignored = _ignored(file, target, one.text, one.ignored, flags)
                script = of_places(one.string, one.places, one.text, shell)._replace(ignored=ignored)
                found.append(Target(script, one.text, what, Start(folder, given, (), shell=shell), does=does))
            pending.extend((need, own) for need in reversed(rule[0].needs))
        known = known and not (expansion.budget.spent or handed.expansion.budget.spent)
        return Targets(tuple(found), known, () if known else (home,))

    def _make_environment(
        self, file: Makefile, made_by: Passed, environment: Mapping[str, str | None], folder: str
    ) -> MakeEnvironment:
        """What recipes are given: made once for all calls of one makefile that say the same about variables."""
        from fr_check.runs.make_environment import MakeEnvironment  # noqa: PLC0415 - only where there is a makefile

        key = (folder, frozenset(made_by.given.items()), made_by.wins, frozenset(environment.items()))
        held = self._make_environments.get(key)
        if held is None or held.file != file:
            held = self._make_environments[key] = MakeEnvironment(file, made_by, environment, folder)
        return held

    def _makefile(
        self, folder: str, named: str, given: Mapping[str, str | None], environment: Mapping[str, str | None]
    ) -> tuple[Makefile, str, bool] | None:
        """The makefile of a folder with what it includes, its path, and whether all of it could be read.

        `given` and `environment` decide which of its lines count.
        """

        def read(path: str) -> object:
            text = self.repository.read(path)
            found = text.parsed(makefile.parse) if isinstance(text, Text) else None
            if not isinstance(text, Text) or found is None or not found.asked:
                return found
            return text.parsed(makefile.parse, _known_of(found.asked, given), _known_of(found.asked, environment))

        for name in (named,) if named else TASK_FILES["make"]:
            path = inside(folder, name)
            found = None if path is None else read(path)
            if path is not None and isinstance(found, Makefile):
                break
        else:
            return None
        budget, complete = Budget(), True
        waiting, seen = [*reversed(found.includes)], {path: found}
        while waiting:
            name = waiting.pop()
            if "*" in name:
                matching = self._matching(folder, name)
                found = found.globbed(name, matching)
                waiting += reversed(matching)
                continue
            included = inside(folder, name)
            if included in seen:
                # It counts each time; of one that includes further ones make sees to an end.
                again = seen[included]
                if not again.includes and budget.step(len(again.statements)):
                    found = found.over(again, name)
                continue
            other = None if included is None or not budget.file() else read(included)
            if included is None or not isinstance(other, Makefile):
                complete = False
                continue
            seen[included] = other
            found = found.over(other, name)
            waiting += reversed(other.includes)
        return found, path, complete

    def _matching(self, folder: str, name: str) -> list[str]:
        """The files that `include mk/*.mk` names, as seen from a folder."""
        glob, end = inside(folder, name), name.rpartition("*")[2]
        if glob is None or not end:
            return []
        found = (path for path in self.repository.select(ending(end)) if fnmatchcase(path, glob))
        return sorted(posixpath.relpath(path, folder or ".") for path in found if path.count("/") == glob.count("/"))

    def _package(self, call: Call, origin: Origin, path: str, folder: str) -> Targets:
        """Scripts of one package, with those that package managers run before and after them."""
        file = posixpath.join(path, "package.json")
        read = self.tasks(file, package_scripts.parse)
        if read is None:
            return Targets((), known=False)
        found: list[Target] = []
        known = True
        names = [name for written in call.names for name in _scripts_like(written, read[1])]
        for name in names:
            tasks = [one for wanted in (f"pre{name}", name, f"post{name}") for one in read[1].named(wanted)]
            # What is no script may be a program of the package's dependencies.
            known = known and (bool(tasks) or (call.program in {"yarn", "pnpm"} and not call.optional))
            for task in tasks:
                given = call.arguments if task.name == name else ()
                found += of_task(
                    with_words(task, given), read[0], f"command of script `{task.name}`", call, origin, folder
                )
        return Targets(tuple(found), known)

    def _packages(self, call: Call, origin: Origin, path: str, folder: str) -> Targets:
        """The script of a name in every package that is chosen."""
        found: list[Target] = []
        one = call._replace(kind="package", program="yarn")
        # Each of many calls asks each of many packages, few of which have a script of that name.
        wanted: set[str] | None = None
        if not any("*" in name for name in call.names):
            homes = self.repository.remembered(_homes_of_scripts)
            wanted = {home for name in call.names for home in homes.get(name, ())}
        for home in packages.chosen(self.repository, call.chosen, path) if wanted is None or wanted else ():
            if not call.chosen and path and home != path and not home.startswith(f"{path}/"):
                continue
            if wanted is not None and home not in wanted:
                continue
            # `"lint": "turbo lint"` runs those of the packages: turbo, pnpm and npm leave out the root itself.
            if origin.path == posixpath.join(home, "package.json") and not call.chosen:
                continue
            inner = posixpath.relpath(home or ".", path or ".")
            found += self._package(one, origin, home, moved(folder, inner) or folder).found
        return Targets(tuple(found), known=bool(found))

    def tasks(self, path: str, reader: Callable[[Text], Tasks]) -> tuple[Text, Tasks] | None:
        """A task file that is there and holds tasks."""
        text = self.repository.read(path)
        found = self.repository.parse(path, reader) if isinstance(text, Text) else None
        return (text, found) if isinstance(text, Text) and isinstance(found, Tasks) and found.tasks else None


def _homes_of_scripts(repository: Repository) -> dict[str, tuple[str, ...]]:
    """The folders of the packages that have a script, by its name."""
    found: dict[str, list[str]] = {}
    for home in packages.folders(repository):
        path = posixpath.join(home, "package.json")
        text = repository.read(path)
        if isinstance(text, Text) and isinstance(repository.parse(path, package_scripts.parse), Tasks):
            for name in text.parsed(_script_names):
                found.setdefault(name, []).append(home)
    return {name: tuple(homes) for name, homes in found.items()}


def _script_names(text: Text) -> frozenset[str]:
    """The names of the scripts of a package, `prebuild` and `postbuild` as `build`, too."""
    names = [task.name for task in text.parsed(package_scripts.parse).tasks]
    return frozenset(name.removeprefix(before) for name in names for before in ("", "pre", "post"))


def _scripts_like(name: str, tasks: Tasks) -> list[str]:
    """The scripts that `run-p test:*` names: `*` stands for all but `:`, `**` for that, too."""
    if "*" not in name:
        return [name]
    parts = (".*" if part == "**" else "[^:]*" if part == "*" else re.escape(part) for part in _STARS.split(name))
    expression = re.compile("".join(parts))
    return [task.name for task in tasks.tasks if expression.fullmatch(task.name)] or [name]


def of_task(task: Task, text: Text, what: str, call: Call, origin: Origin, folder: str) -> Iterator[Target]:
    """The scripts of a task that runs in `folder`."""
    environment = task.handed({**origin.environment, **call.assigned})
    for script in task.scripts:
        directory = None if script.folder is None else moved(folder, script.folder) if script.folder else folder
        start = Start(directory, environment, call.arguments, shell=script.shell)
        target = Target(script, text, f"{what} in `{text.path}`", start)
        yield target._replace(does=_loading(task, text, folder)) if task.loads else target


def _loading(task: Task, text: Text, folder: str) -> Callable[[], tuple[Operation, ...]]:
    """The files of variables that a runner loads before a task, which fill what is unset."""

    def does() -> tuple[Operation, ...]:
        from fr_check.runs.changes import FILE, Operation  # noqa: PLC0415 - few tasks load files

        files = ((name, text.at(span)) for name, span in task.loads)
        return tuple(
            Operation(
                FILE, name, None, exported=False, shown="dotenv", location=where, here=folder, by=f"`{text.path}`"
            )
            for name, where in files
        )

    return does


def _above(folder: str, other: str) -> bool:
    """Whether a folder is another one, or holds it."""
    return not folder or other == folder or other.startswith(f"{folder}/")


def _known_of(names: Iterable[str], values: Mapping[str, str | None]) -> tuple[tuple[str, str], ...]:
    """The values that are known of some variables."""
    known = ((name, values[name]) for name in sorted(names) if name in values)
    return tuple((name, value) for name, value in known if value is not None)


def _make_shell(makefile: Makefile) -> Shell:
    """The shell of every recipe line: SHELL with .SHELLFLAGS, `-ec` below .POSIX; one that is not known is `sh -c`."""
    fixed = makefile.variables.fixed
    flags = fixed.get(".SHELLFLAGS") or ("-ec" if ".POSIX" in makefile.rules else "-c")
    program = (fixed.get("SHELL") or "sh").split() or ["sh"]
    found = of_words([*program, *flags.split()])
    return SH if found.other else found


def _ignored(file: Makefile, target: str, text: Text, dash: int, flags: str) -> Ignored | None:
    """Why make goes on where a recipe line fails: its own `-`, `.IGNORE` of all targets or this one, MAKEFLAGS."""
    if dash >= 0:
        return Ignored("`-` before the recipe line", text.span(dash, dash + 1))
    passing = make_options.of_variable("MAKEFLAGS", flags) if flags else ""
    if passing:
        at = max(text.string.find("MAKEFLAGS"), 0)
        return Ignored(passing, text.span(at, at + len("MAKEFLAGS")))
    rule = file.rules.get(_IGNORE)
    if rule is None or (rule.needs and target not in rule.needs):
        return None
    at = max(text.string.find(_IGNORE), 0)
    return Ignored(f"`{_IGNORE}`", text.span(at, at + len(_IGNORE)))
