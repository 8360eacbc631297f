"""Tasks that pyproject.toml holds for hatch, PDM, poethepoet, taskipy, tox and rye; and tox.toml.

Any string below one of the tables in PLACES counts as a command, and any list of strings as the words of one, or as a
list of commands where its texts have blanks. A text that is another task's name runs that task. What tox or hatch
replace (`{args:DEFAULT}`, `{ replace = "posargs", default = [...] }`) is read as its default.
"""

from __future__ import annotations

from functools import partial

from fr_check.core.patterns import pattern
from fr_check.sources import toml_places
from fr_check.sources.shells import NONE, SH
from fr_check.sources.tasks.model import OPAQUE, Ignored, Script, Task, Tasks, of_words, without_shell

TYPE_CHECKING = False
if TYPE_CHECKING:
    import re
    from collections.abc import Iterator
    from typing import Any

    from fr_check.core.model import Span
    from fr_check.core.text import Text
    from fr_check.sources.shells import Shell
    from fr_check.sources.toml_places import Path, Toml

FILES = frozenset(("pyproject.toml", "tox.toml"))
PLACES: tuple[Path, ...] = (
    ("tool", "hatch", "envs"),
    ("tool", "pdm", "scripts"),
    ("tool", "poe", "tasks"),
    ("tool", "taskipy", "tasks"),
    ("tool", "tox"),
    ("tool", "rye", "scripts"),
)
# A file of one tool has its tables at the top.
_OF_FILES: dict[str, tuple[Path, ...]] = {"tox.toml": ((),), "hatch.toml": (("envs",),)}
_OF_TOX = frozenset({(), ("tool", "tox")})
_POE = ("tool", "poe", "tasks")
_OF_RUNNERS = frozenset({_POE, ("tool", "pdm", "scripts")})
# Whose commands no shell runs, where nothing else is said.
_WITHOUT = frozenset({_POE, ("tool", "pdm", "scripts"), ("tool", "rye", "scripts")})
_WORD = pattern(r"[\w@%+=:,./-]+")
_LIMIT = 2000  # commands of one file
_ASIDE = frozenset(("env", "set_env", "help", "deps", "dependencies", "description", "pass_env", "args"))
_ARGUMENTS = pattern(r"\{args(?::([^{}]{0,400}))?\}|\{[^{}\n]{1,80}\}")


def parse(text: Text, given: tuple[str | None, ...] = ()) -> Tasks:
    """Reads one pyproject.toml or tox.toml; `given` are the words behind the task's name, which `{args}` becomes."""
    words = " ".join(OPAQUE if one is None else _shown(one) for one in given)
    document = text.parsed(toml_places.parse)
    found: dict[str, Task] = {}
    tasks: list[Task] = []
    for place in _OF_FILES.get(text.path.rpartition("/")[2], PLACES):
        leaves = [*_leaves(document.get(*place), place)]
        names = {_name(path, place) for path, _ in leaves}
        for path, value in leaves:
            below = path[len(place) :]
            # tox keeps its environments in a table of that name, and the variables of each in one deeper down.
            below = below[1:] if below[:1] == ("env",) and place in _OF_TOX else below
            if _ASIDE.intersection(str(part) for part in below):
                continue
            name = _name(path, place)
            scripts, needs = _read(text, document, path, value, names - {name}, _shell(document, path, place), words)
            if scripts or needs:
                span = document.span(*path) or text.span(0, 0)
                known = found.get(name)
                joined = Task(name, scripts, needs, span)
                if place == _POE and (why := _passed_over(document, (*place, name))) is not None:
                    joined = joined._replace(scripts=tuple(one._replace(ignored=why) for one in scripts), ignored=why)
                joined = joined._replace(appends=_appends(document, place, path, name, value))
                if place not in _OF_TOX and "scripts" in below[1:2]:
                    joined = joined._replace(env=_of_hatch(document, (*place, below[0])))
                if place in _OF_TOX:
                    joined = joined._replace(**_surroundings(document, place, name))
                elif place in _OF_RUNNERS:
                    joined = joined._replace(**_beside(document, place, joined, words))
                if known is not None:
                    tasks.remove(known)
                    joined = known._replace(scripts=known.scripts + scripts, needs=known.needs + needs)
                found[name] = joined
                tasks.append(joined)
    return Tasks(tuple(tasks))


def _shell(document: Toml, path: Path, place: Path) -> Shell:
    """What runs a command: tox, and the `cmd` of poe, pdm and rye, cut it into words and start them without a shell."""
    if place in _OF_TOX or "tox" in path:
        return NONE
    of_shell = path[-1] == "shell" or (place == _POE and document.get("tool", "poe", "default_task_type") == "shell")
    return NONE if place in _WITHOUT and not of_shell else SH


def _appends(document: Toml, place: Path, path: Path, name: str, value: Any) -> bool:
    """Whether a task takes the words behind its name at its end: one of poe without `args`, one of pdm."""
    if "{args" in str(value) or place not in _OF_RUNNERS:
        return False
    table = document.get(*place, name)
    if place == _POE and isinstance(table, dict) and "args" in table:
        return False
    return path[-1] in {name, "cmd"} or (place != _POE and path[-1] == "shell")


def _passed_over(document: Toml, path: Path) -> Ignored | None:
    """Why poe passes over the failures of a sequence: `ignore_fail`, but for `return_non_zero`."""
    table = document.get(*path)
    value = table.get("ignore_fail") if isinstance(table, dict) else None
    span = document.span(*path, "ignore_fail")
    if value is None or value is False or value == "return_non_zero" or span is None:
        return None
    return Ignored("`ignore_fail`, with which poe passes over a failure,", span)


def _beside(document: Toml, place: Path, task: Task, words: str) -> dict[str, Any]:
    """The variables that poe and pdm set for a task, and the tasks that poe runs before it: `env`, `needs`."""
    table = document.get(*place, task.name)
    given = table.get("env") if isinstance(table, dict) else None
    before = table.get("deps") if isinstance(table, dict) and place == _POE else None
    env = given if isinstance(given, dict) else {}
    whole = document.get("tool", "poe", "env") if place == _POE else None
    env = {**whole, **env} if isinstance(whole, dict) else env
    known = {key: value if isinstance(value, str) and "$" not in value else None for key, value in env.items()}
    arguments = table.get("args") if isinstance(table, dict) and place == _POE else None
    known.update(_defaults(arguments, words))
    needs = [one.split(" ", 1)[0] for one in before if isinstance(one, str)] if isinstance(before, list) else []
    return {"env": known, "needs": (*needs, *task.needs)}


def _of_hatch(document: Toml, path: Path) -> dict[str, str | None]:
    """The variables that hatch sets in an environment."""
    given = document.get(*path, "env-vars")
    return {
        key: value if isinstance(value, str) and "{" not in value else None
        for key, value in (given.items() if isinstance(given, dict) else ())
    }


def _defaults(arguments: Any, words: str) -> Iterator[tuple[str, str | None]]:
    """The arguments that poe declares, which a task reads as variables, with their defaults; None where it gets words.

    Which of them a word belongs to is not told.
    """
    if isinstance(arguments, dict):
        arguments = [{"name": key, **(one if isinstance(one, dict) else {})} for key, one in arguments.items()]
    for one in arguments if isinstance(arguments, list) else ():
        name = one.get("name") if isinstance(one, dict) else one
        default = one.get("default") if isinstance(one, dict) else None
        if isinstance(name, str):
            plain = not words and isinstance(default, str | int | float) and "$" not in str(default)
            yield name.replace("-", "_"), str(default) if plain else None


def _surroundings(document: Toml, place: Path, name: str) -> dict[str, Any]:
    """The variables that tox sets in an environment, and the patterns of those that it hands on: `env`, `passed`."""
    from fr_check.sources.tasks.tox import PASSED  # noqa: PLC0415 - few projects have such tables

    tables = [document.get(*place, "env", name), document.get(*place, "env_run_base")]
    known = [one for one in tables if isinstance(one, dict)]
    given = next((found for one in known if isinstance(found := one.get("set_env"), dict)), {})
    passed = next((found for one in known if isinstance(found := one.get("pass_env"), list)), [])
    told = all(isinstance(one, str) and "{" not in one for one in passed)
    env = {key: value if isinstance(value, str) and "{" not in value else None for key, value in given.items()}
    return {"env": env, "passed": (*PASSED, *passed) if told else None}


def _name(path: Path, place: Path) -> str:
    """A task's name: `test` in `envs.x.scripts.test` and in `tasks.test.cmd`; an environment's for tox."""
    below = [part for part in path[len(place) :] if isinstance(part, str)]
    if "scripts" in below[:-1]:
        below = below[below.index("scripts") + 1 :]
    if below[:1] == ["env_run_base"]:
        return "testenv"
    if below[:1] == ["env"]:
        below = below[1:]
    return below[0] if below else ""


def _leaves(value: Any, path: Path) -> Iterator[tuple[Path, Any]]:
    """Every string, and every list of words, below a table, with its path."""
    stack: list[tuple[Path, Any]] = [(path, value)]
    for _ in range(_LIMIT):
        if not stack:
            return
        path, value = stack.pop()
        if isinstance(value, str) or (isinstance(value, list) and value and any(isinstance(one, str) for one in value)):
            yield path, value
        elif isinstance(value, dict):
            stack += [((*path, key), inner) for key, inner in reversed(value.items())]
        elif isinstance(value, list):
            stack += [((*path, index), inner) for index, inner in reversed([*enumerate(value)])]


def _read(  # noqa: PLR0917 - one value and all that it is read by
    text: Text, document: Toml, path: Path, value: str | list[Any], names: set[str], shell: Shell, given: str
) -> tuple[tuple[Script, ...], tuple[str, ...]]:
    """The scripts of a value, and the tasks that it names."""
    span = document.span(*path)
    if span is None:
        return (), ()
    if isinstance(value, str):
        return _texts([(value, span)], text, names, shell, given)
    places = [(one, document.span(*path, index) or span) for index, one in enumerate(value) if isinstance(one, str)]
    words = [*_words(value, path, document, span)]
    lists = "hatch" in path or (path[0] == "envs" and "scripts" in path)
    if (
        lists
        or any(" " in one for one, _ in places[:1])
        or (len(places) == len(value) and {one for one, _ in places} <= names)
    ):
        return _texts(places, text, names, shell, given)
    mark = words[0][0] if "tox" in path or path[0] in {"env", "env_run_base"} else ""
    passed = Ignored(f"`{mark}` before the command", words[0][1]) if mark in {"-", "!"} else None
    found = of_words([(word, partial(_whole, place)) for word, place in words[passed is not None :]])
    return (found._replace(ignored=passed),), ()


def _texts(
    places: list[tuple[str, Span]], text: Text, names: set[str], shell: Shell, given: str
) -> tuple[tuple[Script, ...], tuple[str, ...]]:
    scripts, needs = [], []
    for value, span in places:
        head = value.split(" ", 1)[0]
        if head in names:
            needs.append(head)
        else:
            filled = _ARGUMENTS.sub(partial(_filled, given), value) if "{" in value else value
            # hatch goes on after a command that begins so, whatever it ends with.
            passed = Ignored("`- `, with which hatch passes over a failure,", span) if value.startswith("- ") else None
            filled = f"  {filled[2:]}" if passed else filled
            string, kept = without_shell(filled, range(len(filled))) if shell is NONE else (filled, None)
            scripts.append(Script(string, partial(_inside, text, span, filled, kept), shell, passed))
    return tuple(scripts), tuple(needs)


def _filled(given: str, found: re.Match[str]) -> str:
    return (given or found[1] or "") if found[0].startswith("{args") else OPAQUE


def _shown(word: str) -> str:
    """A word as a shell takes it for one."""
    return word if _WORD.fullmatch(word) else "'" + word.replace("'", "'\\''") + "'"


def _words(value: list[Any], path: Path, document: Toml, span: Span) -> Iterator[tuple[str, Span]]:
    """The words of a list; a table in it is one of tox's replacements."""
    for index, one in enumerate(value):
        place = document.span(*path, index) or span
        if isinstance(one, str):
            yield one, place
        elif isinstance(one, dict):
            default = one.get("default", [])
            for word in default if isinstance(default, list) else [default]:
                yield (word if isinstance(word, str) else OPAQUE), place
            if "default" not in one and one.get("replace") != "posargs":
                yield OPAQUE, place


def _whole(span: Span, start: int, end: int) -> Span:
    del start, end
    return span


def _inside(text: Text, span: Span, value: str, kept: list[int] | None, start: int, end: int) -> Span:
    """A place within a one-line string without escapes; else the whole string's.

    `kept` are the places of a script's characters in the value; None where they are the same.
    """
    if kept:
        start, end = kept[min(start, len(kept) - 1)], kept[min(max(start, end - 1), len(kept) - 1)] + 1
    first, last = text.offsets(span)
    if last - first - 2 != len(value):
        return span
    return text.span(first + 1 + start, first + 1 + end)
