"""What is left out of the measurement: omit patterns matched with tracked files, and `pragma: no cover` comments."""

from __future__ import annotations

from functools import cache

from fr_check.core.names import ending, nothing
from fr_check.core.patterns import pattern
from fr_check.core.record import NamedTuple
from fr_check.core.repository import compile_glob
from fr_check.coverage_gate.declared.model import Pragmas
from fr_check.sources.thresholds import omit

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from fr_check.core.model import Span
    from fr_check.core.repository import Repository
    from fr_check.coverage_gate.declared.model import Component, State
    from fr_check.sources.thresholds.model import Word

_PRAGMA = pattern(rb"#\s*(?:pragma|PRAGMA)[:\s]?\s*(?:no|NO)\s*(?:cover|COVER)")
_TEST_FILE = pattern(r"(?:^|/)(?:tests?|testing|conftest\.py$|test_[^/]*\.py$)|_test\.py$")
_SCRIPTS = (".ts", ".tsx", ".js", ".jsx", ".mjs", ".vue", ".svelte")
_PLAIN = pattern(r"[\w/.@-]+")
_LIMIT = 1_000_000  # bytes of a source that is looked at for pragmas


class Omission(NamedTuple):
    """One pattern of `omit`, and the tracked Python files of its component that it matches."""

    component: Component
    path: str
    word: Word
    repository: Repository

    @property
    def matched(self) -> tuple[str, ...]:
        """Those files."""
        return self.repository.select(self.wanted)

    @property
    def wanted(self) -> Callable[[str], bool]:
        """Whether a path is one of them."""
        return _omitted(self.word.string, self.component.folder)

    @property
    def span(self) -> Span:
        """Where it stands."""
        return self.word.span


@cache
def _omitted(word: str, folder: str) -> Callable[[str], bool]:
    expression = omit.compiled(word, folder)
    if expression is None:  # coverage refuses it
        return nothing
    fullmatch = expression.fullmatch
    return lambda path: path.endswith(".py") and bool(fullmatch(f"/{path}"))


def omissions(state: State, repository: Repository) -> Iterator[Omission]:
    """Every omit pattern of every component's configuration that counts."""
    for component in state.components.values():
        if component.coverage is not None:
            for word in component.coverage.config.omit:
                yield Omission(component, component.coverage.path, word, repository)


def left_out(component: Component, repository: Repository, limit: str, folder: str) -> str:
    """The first source that `--include` leaves out of a report made in `folder`; empty where there is none.

    Where the component names no sources, those beside and below what is included count.
    """
    python = tuple(path for path in sources(component, repository) if not _TEST_FILE.search(path))
    globs = limit.partition(" --")[0].removeprefix("--include").lstrip("= ").split(",")
    kept = {path for glob in globs for path in omit.matches(glob.strip("\"'"), folder, python)}
    heads = roots(component) or tuple({path.rpartition("/")[0] + "/" for path in kept if "/" in path})
    omitted = component.coverage.config.omit if component.coverage is not None else ()
    aside = {path for word in omitted for path in omit.matches(word.string, component.folder, python)}
    return next((path for path in python if path.startswith(heads) and path not in kept | aside), "") if heads else ""


def included(component: Component) -> Callable[[str], bool]:
    """Whether `include` of a component's configuration names a path; without a word there it names all of them."""
    words = component.coverage.config.include if component.coverage is not None else ()
    globs = [glob for word in words if (glob := omit.compiled(word.string, component.folder)) is not None]
    return lambda path: not globs or any(glob.fullmatch(f"/{path}") for glob in globs)


def sources(component: Component, repository: Repository) -> tuple[str, ...]:
    """The tracked Python files that a component measures."""
    return repository.select(measured_by(component, repository))


def measured_by(component: Component, repository: Repository) -> Callable[[str], bool]:
    """Whether a path is one of those: below `source` or `--cov` where anything is, else all but tests."""
    folder = f"{component.folder}/" if component.folder else ""
    heads = roots(component)
    below = _python(folder, heads) if heads else None
    return below if below is not None and repository.any(below) else _without_tests(folder)


@cache
def _python(folder: str, heads: tuple[str, ...]) -> Callable[[str], bool]:
    return lambda path: path.endswith(".py") and path.startswith(heads) and path.startswith(folder)


@cache
def _without_tests(folder: str) -> Callable[[str], bool]:
    return lambda path: path.endswith(".py") and path.startswith(folder) and not _TEST_FILE.search(path)


def roots(component: Component) -> tuple[str, ...]:
    """The folders that `source` and `--cov` name, from the root, each with `/`; none where everything is measured."""
    folder = f"{component.folder}/" if component.folder else ""
    configured = component.coverage.config.source if component.coverage is not None else None
    names = [word.string for word in configured or ()]
    names += component.pytest.options.sources if component.pytest is not None else ()
    return tuple(f"{folder}{name.strip('./').replace('.', '/')}/" for name in names if name.strip("./"))


def excluded(component: Component, repository: Repository) -> dict[str, tuple[str, Word]]:
    """JavaScript files that a configuration leaves out, each with the file and the pattern that does.

    The patterns are vitest's globs, or jest's regular expressions as far as those are plain text.
    """
    folder = f"{component.folder}/" if component.folder else ""
    own = _scripts(folder, repository)
    found: dict[str, tuple[str, Word]] = {}
    for file in component.node:
        for word in file.config.exclude:
            match = _ignored(word.string, folder) if is_of_jest(file.path) else _matching(word.string, folder)
            for path in own:
                if match(path):
                    found.setdefault(path, (file.path, word))
    return found


def is_of_jest(path: str) -> bool:
    """Whether a configuration of Node's tools is jest's, by its name."""
    return path.rpartition("/")[2].startswith(("jest.", "package.json"))


def _scripts(folder: str, repository: Repository) -> list[str]:
    return [path for path in repository.select(ending(*_SCRIPTS)) if path.startswith(folder)]


def _matching(glob: str, folder: str) -> Callable[[str], object]:
    """Whether a path matches a glob of vitest's or jest's."""
    plain = glob.removeprefix("<rootDir>/").removeprefix("./")
    return compile_glob(f"{folder}{plain}**" if plain.endswith("/") else f"{folder}{plain}").fullmatch


def _ignored(expression: str, folder: str) -> Callable[[str], object]:
    """Whether a path holds what jest passes over; an expression that is more than text is not looked at."""
    root = f"/{folder}"
    text = expression.replace("<rootDir>/", root).replace("<rootDir>", root)
    return (lambda path: text in f"/{path}") if _PLAIN.fullmatch(text) else nothing


def measured_scripts(component: Component, repository: Repository) -> tuple[str, ...] | None:
    """The JavaScript files that `include` of vitest or `collectCoverageFrom` of jest name; None without either."""
    folder = f"{component.folder}/" if component.folder else ""
    words = [word.string for file in component.node for word in file.config.include]
    if not words:
        return None
    globs = [(not word.startswith("!"), _matching(word.removeprefix("!"), folder)) for word in words]
    # The last one that matches decides.
    wanted = (path for path in _scripts(folder, repository) if _last(globs, path))
    return tuple(wanted)


def _last(globs: list[tuple[bool, Callable[[str], object]]], path: str) -> bool:
    return next((wanted for wanted, match in reversed(globs) if match(path)), False)


def pragmas(state: State, repository: Repository, base: Repository | None) -> tuple[Pragmas, ...]:
    """Files of measured sources that hold a pragma, in either state."""
    found: list[Pragmas] = []
    for component in state.components.values():
        if component.coverage is None and (component.pytest is None or not component.pytest.options.measures):
            continue
        now = repository.search(measured_by(component, repository), _pragmas_in)
        before = {} if base is None else _before(component, base, repository, now)
        found += (Pragmas(path, count, before.get(path, 0)) for path, count in now.items() if count)
        found += (Pragmas(path, 0, count) for path, count in before.items() if not repository.has(path))
    return tuple(dict.fromkeys(found))


def _before(
    component: Component, base: Repository, repository: Repository, now: Mapping[str, int | None]
) -> dict[str, int]:
    """The files of the base with a pragma, of those that have one today or are gone."""
    wanted = measured_by(component, base)
    if base.keeps_scans:
        found = {path: count or 0 for path, count in base.search(wanted, _pragmas_in).items()}
    else:
        gone = [path for path in base.select(wanted) if not repository.has(path)]
        found = {path: base.scan(path, _pragmas_in) or 0 for path in gone}
    left = (path for path, count in now.items() if count and path not in found)
    # Today's count, where the file is the same.
    found |= {
        path: (now[path] if base.is_alike(path, repository) else base.scan(path, _pragmas_in)) or 0 for path in left
    }
    return {path: count for path, count in found.items() if count}


def _pragmas_in(data: bytes) -> int:
    if len(data) > _LIMIT or b"ragma" not in data.replace(b"PRAGMA", b"pragma"):
        return 0
    return len(_PRAGMA.findall(data))
