"""Which application a Python command line starts: the module that it names, and the file where that begins."""

from __future__ import annotations

import posixpath

from fr_check.core.patterns import pattern
from fr_check.core.record import NamedTuple

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from typing import Final, Literal

    from fr_check.core.repository import Repository

    Words = Sequence[str | None]

    TargetKind = Literal["module", "file", "tests"]


MODULE: Final = "module"
FILE: Final = "file"
TESTS: Final = "tests"
MAIN = "__main__"
"""The name of what a file does where it is the program that is started."""

_PYTHON = pattern(r"(?:python|pypy)(?:\d(?:\.\d+)?)?")
_REFERENCE = pattern(r"[A-Za-z_]\w*(?:\.[A-Za-z_]\w*)*(?::[\w.]+(?:\(.*\))?)?")
_SERVERS = frozenset(
    ("uvicorn", "gunicorn", "hypercorn", "granian", "daphne", "waitress-serve", "uwsgi", "arq", "dramatiq")
)
_WORKERS = frozenset(("celery", "taskiq", "flask", "litestar", "faststream", "rq", "saq", "procrastinate"))
_APP_OPTIONS = ("-A", "--app", "-a", "-m", "--module", "--wsgi")
# Options that name the folder in which a server looks for its application.
_FOLDER_OPTIONS = ("--app-dir", "--chdir", "--pythonpath", "--workdir", "--working-dir", "--base-dir")
_FASTAPI_FILES = ("main.py", "app.py", "api.py", "app/main.py", "app/app.py", "app/api.py")
# `uvicorn.run("app.main:app")`, `["gunicorn", "app.main:app"]`, `wsgi_app = "app.main:app"`.
_OBJECT = r""":\w*(?:app|application|api|server|asgi|wsgi|factory)(?:\(\))?["']"""
NAMED = pattern(rf"""["']([A-Za-z_]\w*(?:\.[A-Za-z_]\w*)*){_OBJECT}""")
# Found sooner, as it begins with a sign of its own.
NAMED_END = pattern(_OBJECT)


class Target(NamedTuple):
    """What a command line starts: modules or files by name. `kind` is MODULE, FILE or TESTS (pytest in a folder).

    `roots` are folders in which modules are looked for first, counted from the working folder. `called` are functions
    of it that the command calls: MAIN where it is the program itself.
    """

    kind: TargetKind
    names: tuple[str, ...]
    roots: tuple[str, ...] = ()
    called: tuple[str, ...] = ()


def target(words: Words) -> Target | None:
    """What a command line runs of a Python application; None for another program."""
    name = posixpath.basename(words[0] or "") if words else ""
    rest = words[1:]
    if _PYTHON.fullmatch(name):
        return _python(rest)
    if name in _SERVERS or name in _WORKERS:
        return _reference(rest, name)
    if name == "debugpy":
        return _debugged(rest)
    found: Target | None = None
    if name == "fastapi" and rest and rest[0] in {"run", "dev"}:
        given = [word for word in rest[1:] if word and word.endswith(".py")]
        found = Target(FILE, tuple(given) or _FASTAPI_FILES)
    elif name == "alembic":
        found = Target(FILE, ("alembic/env.py", "migrations/env.py"))
    elif name in {"pytest", "py.test"}:
        found = Target(TESTS, ())
    elif name == "streamlit" and len(rest) > 1 and rest[0] == "run" and rest[1]:
        found = Target(FILE, (rest[1],))
    elif name.endswith(".py") and words[0]:
        found = Target(FILE, (words[0],), called=(MAIN,))
    return found


def _python(words: Words) -> Target | None:
    """`python -m M`, `python FILE`, with options of python's own before."""
    index = 0
    while index < len(words) and (word := words[index]) is not None and word.startswith("-") and word != "-":
        if word == "-m" and index + 1 < len(words):
            module = words[index + 1]
            if module == "debugpy":
                return _debugged(words[index + 2 :])
            if module in {
                "uvicorn",
                "gunicorn",
                "hypercorn",
                "celery",
                "alembic",
                "pytest",
                "flask",
                "fastapi",
                "dotenv",
            }:
                return target(words[index + 1 :])
            return None if module is None else Target(MODULE, (module,), called=(MAIN,))
        if word == "-c":
            code = words[index + 1] if index + 1 < len(words) else None
            named = [found[1] for found in NAMED.finditer(code or "")]
            return Target(MODULE, tuple(named)) if named else None
        index += 2 if word in {"-W", "-X"} else 1
    path = words[index] if index < len(words) else None
    return None if path is None or path == "-" else Target(FILE, (path,), called=(MAIN,))


def _debugged(words: Words) -> Target | None:
    """`debugpy --listen PORT -m MODULE`, or a file."""
    index = 0
    while index < len(words) and words[index] != "-m" and (words[index] or "-").startswith("-"):
        index += 2 if words[index] in {"--listen", "--connect", "--log-to"} else 1
    return _python(words[index:])


def _reference(words: Words, program: str) -> Target | None:
    """The `module:attribute` that a server is given: an option's value, or the last word that looks like one."""
    for given in _options(words, _APP_OPTIONS):
        if _REFERENCE.fullmatch(given):
            module, _, name = given.partition(":")
            return Target(MODULE, (module,), tuple(_options(words, _FOLDER_OPTIONS)), _called(name, words, program))
    configured = list(_options(words, ("-c", "--config")))
    plain = [word for word in words if word and _REFERENCE.fullmatch(word) and word not in configured]
    marked = [word for word in plain if ":" in word] or [word for word in plain if "." in word]
    roots = tuple(_options(words, _FOLDER_OPTIONS))
    if marked:
        module, _, name = marked[0].partition(":")
        return Target(MODULE, (module,), roots, _called(name, words, program))
    # `wsgi_app` of gunicorn's file, which it reads by itself from the working folder.
    files_ = (name.removeprefix("file:") for name in configured)
    return Target(FILE, (*files_, "gunicorn.conf.py"), roots) if program == "gunicorn" else None


def is_gunicorn(words: Words) -> bool:
    """Whether a command line starts gunicorn, by itself or with `python -m`."""
    return any(posixpath.basename(word or "") == "gunicorn" for word in words[:3])


def configuration(words: Words) -> tuple[str, ...]:
    """The files that gunicorn reads before the application, one of which need not be there."""
    if not is_gunicorn(words):
        return ()
    named = (name.removeprefix("file:") for name in _options(words, ("-c", "--config")))
    return (*named, "gunicorn.conf.py")


def _called(name: str, words: Words, program: str) -> tuple[str, ...]:
    """The function that a server calls for its application: it is told so, or looks for one by its name."""
    name, call, _ = name.partition("(")
    if call or "--factory" in words or "--call" in words:
        return (name,)
    if program == "flask":
        return (name,) if name else ("create_app", "make_app")
    return (name or "create_app",) if program == "litestar" else ()


def _options(words: Words, names: tuple[str, ...]) -> Iterator[str]:
    """The values of options, as `--app-dir X` or `--app-dir=X`."""
    for index, word in enumerate(words):
        name, equals, value = (word or "").partition("=")
        if name in names:
            given = value if equals else (words[index + 1] if index + 1 < len(words) else None)
            if given:
                yield given


def files(
    found: Target, folder: str | None, locate: Callable[[str], str | None], search: Sequence[str] = ()
) -> Iterator[str]:
    """The files of the repository that a target starts with.

    `locate` finds what stands at a path of the container, `search` are the folders of PYTHONPATH.
    """
    if folder is None and not any(root.startswith("/") for root in (*found.roots, *search)):
        return
    roots = [posixpath.normpath(posixpath.join(folder or "/", root)) for root in (*found.roots, ".", *search)]
    for name in found.names:
        if found.kind == FILE:
            candidates: tuple[str, ...] = (name,)
        else:
            path = name.replace(".", "/")
            # `arq app.worker.Settings` names a class of the module before it.
            outer = posixpath.dirname(path)
            candidates = (f"{path}/__main__.py", f"{path}.py", f"{path}/__init__.py")
            candidates += (f"{outer}.py",) if outer else ()
        places = (posixpath.normpath(posixpath.join(root, one)) for root in roots for one in candidates)
        located = next((there for place in places if (there := locate(place)) is not None), None)
        if located is not None:
            yield located


def is_searched(repository: Repository, folder: str) -> bool:
    """Whether an installed project has its packages in a folder."""
    projects = (f"{folder}/{name}" for name in ("pyproject.toml", "setup.py", "setup.cfg"))
    return folder.rpartition("/")[2] == "src" or any(repository.has(path) for path in projects)


def import_folders(importer: str, level: int) -> list[str]:
    """Where an import is looked for: beside the file for a relative one, else below every folder above it."""
    parts = importer.split("/")[:-1]
    if level:
        return ["/".join(parts[: len(parts) - level + 1])] if level <= len(parts) + 1 else []
    return ["/".join(parts[:count]) for count in range(len(parts), -1, -1)]
