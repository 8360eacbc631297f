"""The packages of a repository by their package.json files: folders, names, scripts."""

from __future__ import annotations

from fnmatch import fnmatchcase

from fr_check.sources.package_json import read

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from fr_check.core.repository import Repository

_ASIDE = frozenset(("node_modules", "fixtures", "__fixtures__", "testdata"))


def folders(repository: Repository) -> list[str]:
    """The folders that hold a package.json, those of other people's packages apart."""
    folders = (path.rpartition("/")[0] for path in repository.named("package.json"))
    return [folder for folder in folders if _ASIDE.isdisjoint(folder.split("/"))]


def chosen(repository: Repository, names: Iterable[str], base: str) -> Iterator[str]:
    """The folders of the packages that `--filter`, `-w` or the like choose, by name or path; all for no names.

    Source: https://pnpm.io/filtering and https://turborepo.com/docs/reference/run#--filter-string: `...` adds what a
    package needs, or what needs it, `{}` holds a path, `!` leaves out.
    """
    wanted = [name.strip(".").strip("{}[]^").removeprefix("./") if "..." in name else name for name in names]
    kept = [name for name in wanted if not name.startswith("!")]
    for folder in folders(repository):
        name = str((read(repository, folder) or {}).get("name", ""))
        inner = folder[len(base) + 1 :] if base and folder.startswith(f"{base}/") else folder
        if not kept or any(_fits(one, name, inner) for one in kept):
            yield folder


def _fits(wanted: str, name: str, folder: str) -> bool:
    if wanted.startswith(("./", "{")):
        return fnmatchcase(folder, wanted.strip("{}").removeprefix("./").rstrip("/") or "*")
    short = name.rpartition("/")[2]
    return fnmatchcase(name, wanted) or wanted in {folder, short, folder.rpartition("/")[2]}
