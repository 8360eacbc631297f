"""What services and documents state about thresholds, which no command of the repository reads."""

from __future__ import annotations

from fr_check.core.model import Gap, Location
from fr_check.core.record import NamedTuple
from fr_check.core.repository import Missing, Unreadable
from fr_check.coverage_gate.declared import scope as declared_scope
from fr_check.coverage_gate.declared import unread as declared_unread
from fr_check.coverage_gate.declared.model import HOSTED, PROSE, TASK
from fr_check.sources.thresholds import hosted, prose

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from fr_check.core.repository import Repository
    from fr_check.core.text import Text
    from fr_check.coverage_gate.declared.components import Parse
    from fr_check.coverage_gate.declared.files import Files
    from fr_check.coverage_gate.declared.model import Component
    from fr_check.sources.thresholds.model import Declared

# Code of other kinds, which the tools that are read here do not measure.
_OTHER_KINDS: tuple[str, ...] = (".tf", "/go.mod", "/Cargo.toml", "/pom.xml", "/build.gradle", "/build.gradle.kts")
_OTHER_KINDS += ("/composer.json", "/Gemfile", "/Package.swift", "/mix.exs", "/pubspec.yaml", "/CMakeLists.txt")
_OTHER_KINDS += ("/Chart.yaml",)
# Codecov reads its file in these folders too; it speaks of the whole repository.
_OF_THE_ROOT = frozenset((".github", "dev"))


class Stated(NamedTuple):
    """One threshold: the file, the component it speaks of (None: that cannot be told), and the layer it belongs to."""

    path: str
    declared: Declared
    component: str | None
    layer: str


def by_services(files: Files, parse: Parse) -> Iterator[Stated]:
    """What Codecov, octocov and the like are told, and tools of their own in pyproject.toml."""
    for path in files.hosted:
        found = parse(path, hosted.parse)
        folder = path.rpartition("/")[0]
        component = "" if folder in _OF_THE_ROOT else folder
        for declared in found.declared if found is not None else ():
            yield Stated(path, declared, component, HOSTED)
    for path in files.coverage:
        if path.endswith("pyproject.toml"):
            found = parse(path, hosted.pyproject)
            for declared in found.declared if found is not None else ():
                yield Stated(path, declared, path.rpartition("/")[0], TASK)


def by_documents(
    repository: Repository, files: Files, gated: Mapping[str, Component]
) -> Iterator[Stated | Location | Gap]:
    """What Markdown states; the places that demand branches to be measured, and documents that cannot be read."""
    seen: dict[tuple[Declared, ...], list[Text]] = {}
    foreign: frozenset[str] | None = None
    for path in files.prose:
        text = declared_unread.document(repository, path)
        if isinstance(text, Gap):
            yield text
            continue
        found = None if text is None or not text.parsed(_says_any) else repository.parse(path, prose.parse)
        # A link to another document, or a copy of it, says nothing of its own.
        if text is None or isinstance(found, Missing | Unreadable | None) or not found.declared:
            continue
        alike = seen.setdefault(found.declared, [])
        if any(text.string == other.string for other in alike):
            continue
        alike.append(text)
        if found.branch_demanded is not None:
            yield Location(path, found.branch_demanded, repository.revision_of(path))
        unnamed = any(declared_scope.is_whole(declared.scope) for declared in found.declared)
        if unnamed and foreign is None:
            foreign = _foreign(repository, gated)
        unnamed = unnamed and not any(path.startswith(f"{folder}/") for folder in foreign or ())
        whole = declared_scope.of_document(path, text.parsed(prose.mentions), gated) if unnamed else None
        for declared in found.declared:
            is_whole = declared_scope.is_whole(declared.scope)
            yield Stated(path, declared, whole if is_whole else declared_scope.of_word(declared.scope, gated), PROSE)


def _foreign(repository: Repository, gated: Mapping[str, Component]) -> frozenset[str]:
    """The folders, but for the root, that are about code of another kind: of Terraform, of Go, of Rust."""
    folders = {path.rpartition("/")[0] for path in repository.select(_is_of_another_kind)}
    return frozenset(folder for folder in folders if folder and not any(_around(folder, one) for one in gated))


def _around(folder: str, other: str) -> bool:
    return other == folder or other.startswith(f"{folder}/")


def _is_of_another_kind(path: str) -> bool:
    return path.endswith(_OTHER_KINDS)


def _says_any(text: Text) -> bool:
    return bool(text.parsed(prose.parse).declared)
