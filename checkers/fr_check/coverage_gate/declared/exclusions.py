"""What is left out of the measurement: omit patterns matched with tracked files, and `pragma: no cover` comments."""

from __future__ import annotations

from fr_check.core.patterns import pattern
from fr_check.core.record import NamedTuple
from fr_check.core.repository import compile_glob
from fr_check.coverage_gate.declared.model import Pragmas
from fr_check.sources.thresholds import omit

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from fr_check.core.model import Span
    from fr_check.core.repository import Repository
    from fr_check.coverage_gate.declared.model import Component, State
    from fr_check.sources.thresholds.model import Word

_PRAGMA = pattern(rb"#\s*(?:pragma|PRAGMA)[:\s]?\s*(?:no|NO)\s*(?:cover|COVER)")
_TEST_FILE = pattern(r"(?:^|/)(?:tests?|testing|conftest\.py$|test_[^/]*\.py$)|_test\.py$")
_SCRIPTS = (".ts", ".tsx", ".js", ".jsx", ".mjs", ".vue", ".svelte")
_LIMIT = 1_000_000  # bytes of a source that is looked at for pragmas


class Omission(NamedTuple):
    """One pattern of `omit`, and the tracked Python files of its component that it matches."""

    component: Component
    path: str
    word: Word
    matched: tuple[str, ...]

    @property
    def span(self) -> Span:
        """Where it stands."""
        return self.word.span


def omissions(state: State, paths: Iterable[str]) -> Iterator[Omission]:
    """Every omit pattern of every component's configuration that counts."""
    python = tuple(path for path in paths if path.endswith(".py"))
    for component in state.components.values():
        if component.coverage is None:
            continue
        for word in component.coverage.config.omit:
            yield Omission(
                component, component.coverage.path, word, omit.matches(word.string, component.folder, python)
            )


def left_out(component: Component, paths: Iterable[str], limit: str, folder: str) -> str:
    """The first source that `--include` leaves out of a report made in `folder`; empty where there is none.

    Where the component names no sources, those beside and below what is included count.
    """
    python = tuple(path for path in sources(component, paths) if not _TEST_FILE.search(path))
    globs = limit.partition(" --")[0].removeprefix("--include").lstrip("= ").split(",")
    kept = {path for glob in globs for path in omit.matches(glob.strip("\"'"), folder, python)}
    heads = roots(component) or tuple({path.rpartition("/")[0] + "/" for path in kept if "/" in path})
    omitted = component.coverage.config.omit if component.coverage is not None else ()
    aside = {path for word in omitted for path in omit.matches(word.string, component.folder, python)}
    return next((path for path in python if path.startswith(heads) and path not in kept | aside), "") if heads else ""


def sources(component: Component, paths: Iterable[str]) -> tuple[str, ...]:
    """The tracked Python files that a component measures: those below `source` or `--cov`, else all but its tests."""
    folder = f"{component.folder}/" if component.folder else ""
    own = [path for path in paths if path.startswith(folder) and path.endswith(".py")]
    heads = roots(component)
    below = tuple(path for path in own if path.startswith(heads)) if heads else ()
    return below or tuple(path for path in own if not _TEST_FILE.search(path))


def roots(component: Component) -> tuple[str, ...]:
    """The folders that `source` and `--cov` name, from the root, each with `/`; none where everything is measured."""
    folder = f"{component.folder}/" if component.folder else ""
    configured = component.coverage.config.source if component.coverage is not None else None
    names = [word.string for word in configured or ()]
    names += component.pytest.options.sources if component.pytest is not None else ()
    return tuple(f"{folder}{name.strip('./').replace('.', '/')}/" for name in names if name.strip("./"))


def excluded(component: Component, paths: Iterable[str]) -> dict[str, tuple[str, Word]]:
    """JavaScript files that vitest's `coverage.exclude` leaves out, each with the file and the pattern that does."""
    folder = f"{component.folder}/" if component.folder else ""
    own = [path for path in paths if path.startswith(folder) and path.endswith(_SCRIPTS)]
    found: dict[str, tuple[str, Word]] = {}
    for file in component.node:
        for word in file.config.exclude:
            pattern = f"{word.string}**" if word.string.endswith("/") else word.string
            match = compile_glob(f"{folder}{pattern.removeprefix('./')}").fullmatch
            for path in own:
                if match(path):
                    found.setdefault(path, (file.path, word))
    return found


def pragmas(state: State, repository: Repository, base: Repository | None) -> tuple[Pragmas, ...]:
    """Files of measured sources that hold a pragma, in either state."""
    found: list[Pragmas] = []
    present = repository.paths()
    for component in state.components.values():
        if component.coverage is None and (component.pytest is None or not component.pytest.options.measures):
            continue
        for path in sources(component, present):
            now = _count(repository, path)
            before = _before(repository, base, path, now) if base is not None and now else 0
            if now:
                found.append(Pragmas(path, now, before))
        gone = set(sources(component, base.paths())) - set(present) if base is not None else set()
        found += (
            Pragmas(path, 0, count) for path in sorted(gone) if base is not None and (count := _count(base, path))
        )
    return tuple(dict.fromkeys(found))


def _before(repository: Repository, base: Repository, path: str, now: int) -> int:
    """The count in the base: today's, where the file is the same."""
    blob = base.blob(path)
    return now if blob is not None and blob == repository.blob(path) else _count(base, path)


def _count(repository: Repository, path: str) -> int:
    return repository.scan(path, _pragmas_in) or 0


def _pragmas_in(data: bytes) -> int:
    if len(data) > _LIMIT or b"ragma" not in data.replace(b"PRAGMA", b"pragma"):
        return 0
    return len(_PRAGMA.findall(data))
