r"""Which file of the repository a name in coverage data means.

The same source is `src/a.py` from the folder the tests ran in, `/home/runner/work/x/x/apps/backend/src/a.py` from a
workflow, `/app/src/a.py` from a container and `.\src\a.py` from Windows. A report comes from few runs, so few
replacements of a beginning explain all its names: the one that explains most is tried first. A name that two of them
explain equally well is ambiguous, and never guessed.
"""

from __future__ import annotations

import posixpath
from collections import Counter

from fr_check.core.patterns import pattern
from fr_check.core.record import NamedTuple

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

_DRIVE = pattern(r"[A-Za-z]:(?=/)")
# One segment in common is a coincidence (`utils.py`); two are a place.
_EVIDENCE = 2
# Names like `__init__.py` and `index.ts` say little about where a report comes from, and cost much to compare.
_COMMON_NAME = 20
# A report from more places than this is none; the bound keeps a hostile one from taking minutes.
_MOST_RULES = 100

Segments = tuple[str, ...]


class Mapped(NamedTuple):
    """What became of a report's names.

    `places` maps name -> path; `ambiguous` name -> candidates; `gone` name -> the path it would have by what explains
    the other names; `foreign` are names that nothing explains (installed packages, another project).
    """

    places: Mapping[str, str]
    ambiguous: Mapping[str, tuple[str, ...]]
    gone: Mapping[str, str]
    foreign: tuple[str, ...]


class Replacement(NamedTuple):
    """A beginning of names, and the beginning of paths that stands for it."""

    old: Segments
    new: Segments

    def apply(self, spelling: Segments) -> str | None:
        """The path of a name that begins so; a relative beginning fits no absolute name."""
        count = len(self.old)
        if not count and spelling[0] == "":
            return None
        return "/".join((*self.new, *spelling[count:])) if spelling[:count] == self.old else None


class PathIndex:
    """The repository's paths, also by their last segment. `root` is the repository's absolute path, or empty."""

    def __init__(self, paths: Iterable[str], root: str = "") -> None:
        self.paths = frozenset(paths)
        self.root = root.rstrip("/") if posixpath.isabs(root) else ""
        self._by_name: dict[str, list[Segments]] | None = None

    def named(self, name: str) -> Sequence[Segments]:
        """The paths, in segments, whose last segment is `name`."""
        if self._by_name is None:
            self._by_name = {}
            for path in sorted(self.paths):
                segments = tuple(path.split("/"))
                self._by_name.setdefault(segments[-1], []).append(segments)
        return self._by_name.get(name, ())


def normalise(name: str) -> str:
    r"""A name with `/`, without drive letter, `.` and `..`: `C:\x\.\a.py` is `/x/a.py`."""
    plain = name.strip().replace("\\", "/")
    plain = _DRIVE.sub("", plain, count=1) if plain[1:2] == ":" else plain
    return posixpath.normpath(plain) if plain else ""


def resolve(
    names: Iterable[str], index: PathIndex, *, roots: Sequence[str] = (), bases: Sequence[str] = (), base: str = ""
) -> Mapped:
    """Maps the names of one report.

    Args:
        names: as the report spells them.
        index: the repository's paths.
        roots: folders the report says its names are relative to (Cobertura's `<source>`).
        bases: folders below the root that relative names may well start from.
        base: the folder they do start from, where the policy says so.
    """
    wanted = {name: _spellings(name, roots, index.root) for name in names}
    direct = _direct(wanted, index, [base] if base else [*dict.fromkeys((*bases, ""))])
    if direct is not None:
        return direct
    flat = _flat(wanted, index, roots, [base] if base else [*dict.fromkeys(("", *bases))])
    if flat:
        return Mapped(flat, {}, {}, ())
    rules = _replacements(wanted, index, base)
    places: dict[str, str] = {}
    ambiguous: dict[str, tuple[str, ...]] = {}
    gone: dict[str, str] = {}
    foreign: list[str] = []
    for name, spellings in wanted.items():
        targets = [path for one in spellings for rule in rules if (path := rule.apply(one)) is not None]
        found = tuple(dict.fromkeys(path for path in targets if path in index.paths))
        if len(found) == 1:
            places[name] = found[0]
        elif found:
            ambiguous[name] = found
        elif targets:
            gone[name] = targets[0]
        else:
            foreign.append(name)
    return Mapped(places, ambiguous, gone, tuple(foreign))


def _spellings(name: str, roots: Sequence[str], root: str) -> tuple[Segments, ...]:
    """A name in full, once for each root it may be relative to; relative where it lies inside the repository."""
    plain = normalise(name)
    tops = () if plain.startswith("/") else tuple(normalise(top) for top in roots)
    full = [posixpath.normpath(posixpath.join(top, plain)) for top in tops] or [plain]
    head = f"{root}/"
    inside = [one[len(head) :] for one in full if root and one.startswith(head)]
    return tuple(tuple(one.split("/")) for one in dict.fromkeys(inside or full))


def _direct(wanted: Mapping[str, tuple[Segments, ...]], index: PathIndex, bases: Sequence[str]) -> Mapped | None:
    """All names below one folder. Two folders that explain all of them make them ambiguous."""
    explained = [places for base in bases if (places := _all_below(wanted, base, index)) is not None]
    if not explained or not wanted:
        return None
    if len(explained) == 1:
        return Mapped(explained[0], {}, {}, ())
    return Mapped({}, {name: tuple(places[name] for places in explained) for name in wanted}, {}, ())


def _all_below(wanted: Mapping[str, tuple[Segments, ...]], base: str, index: PathIndex) -> dict[str, str] | None:
    head = f"{base}/" if base else ""
    places = {}
    for name, spellings in wanted.items():
        path = head + "/".join(spellings[0])
        if len(spellings) != 1 or path not in index.paths:
            return None
        places[name] = path
    return places


def _flat(
    wanted: Mapping[str, tuple[Segments, ...]], index: PathIndex, roots: Sequence[str], bases: Sequence[str]
) -> dict[str, str]:
    """All names of one absolute folder whose own name says nothing here: the top of a project, judged elsewhere.

    Only names of one segment are meant, those that share nothing else with a path; where a folder of that name is here,
    it decides.
    """
    names = [normalise(name) for name in wanted]
    tops = {normalise(root) for root in roots} or {posixpath.dirname(name) for name in names}
    if len(tops) != 1 or not (top := tops.pop()).startswith("/"):
        return {}
    plain = [name[len(top) :].lstrip("/") if name.startswith(f"{top}/") else name for name in names]
    last = top.rpartition("/")[2]
    if not plain or any("/" in name for name in plain):
        return {}
    if any(len(found) > 1 and found[-2] == last for name in plain for found in index.named(name)):
        return {}
    fitting = [base for base in bases if all(posixpath.join(base, name) in index.paths for name in plain)]
    if len(fitting) != 1:
        return {}
    return {name: posixpath.join(fitting[0], own) for name, own in zip(wanted, plain, strict=True)}


def _replacements(wanted: Mapping[str, tuple[Segments, ...]], index: PathIndex, base: str) -> tuple[Replacement, ...]:
    """The replacements that explain the report: by votes of its names, each explaining names the others do not."""
    stated = Replacement((), tuple(base.split("/")))
    spellings = (spelling for own in wanted.values() for spelling in own)
    certain = [stated] if base and any(stated.apply(one) in index.paths for one in spellings) else []
    votes = _votes(wanted, index)
    explained: set[Segments] = set()
    targets: set[str | None] = set()
    chosen = list(certain)
    likely = sorted(votes, key=lambda one: _weight(votes[one]), reverse=True)[:_MOST_RULES]
    for rule in likely:
        voters = votes[rule][0]
        rivals = [other for other in likely if other.old == rule.old and _weight(votes[other]) == _weight(votes[rule])]
        if any(votes[other][0] != voters for other in rivals) and rule.old[:1] == ("",):
            continue  # one absolute folder cannot stand for two of ours, and nothing says for which
        equal = any(other in chosen and votes[other][0] == voters for other in rivals)
        within = any(rule.old[: len(other.old)] == other.old and _same_kind(rule, other) for other in chosen)
        fresh = voters - explained
        # A shard that another run wrote into the same file names the same sources from another folder.
        again = {rule.apply(one) for one in fresh} <= targets
        if equal or len(fresh) >= (_EVIDENCE if within and not again else 1):
            chosen.append(rule)
            explained |= voters
            targets |= {rule.apply(one) for one in voters}
    return tuple(chosen)


def _same_kind(one: Replacement, other: Replacement) -> bool:
    return (one.old[:1] == ("",)) == (other.old[:1] == ("",))


def _weight(vote: tuple[set[Segments], int]) -> tuple[int, int]:
    return len(vote[0]), vote[1]


def _votes(
    wanted: Mapping[str, tuple[Segments, ...]], index: PathIndex
) -> dict[Replacement, tuple[set[Segments], int]]:
    """Replacement -> the names it explains, and the longest end it shares with a path."""
    votes: dict[Replacement, tuple[set[Segments], int]] = {}
    usual = Counter(spelling[-1] for spellings in wanted.values() for spelling in spellings)
    for spellings in wanted.values():
        for spelling in spellings:
            candidates = index.named(spelling[-1])
            if len(candidates) > _COMMON_NAME and len(usual) > 1:
                continue
            for path in candidates[:1000]:
                common = _common_end(spelling, path)
                if common < _EVIDENCE and common != len(spelling):
                    continue
                rule = Replacement(spelling[: len(spelling) - common], path[: len(path) - common])
                voters, longest = votes.get(rule, (set(), 0))
                voters.add(spelling)
                votes[rule] = (voters, max(longest, common))
    return votes


def _common_end(one: Segments, other: Segments) -> int:
    count = 0
    for left, right in zip(reversed(one), reversed(other), strict=False):
        if left != right:
            break
        count += 1
    return count
