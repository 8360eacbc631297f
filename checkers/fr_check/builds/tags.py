"""The names that a build gives its image, and whether an image that somebody runs is one of those.

Only the repository part is compared (`ghcr.io/acme/app`, without tag and digest): which tag is deployed is decided at
run time. `github.repository_owner` stands for one segment and `github.repository` for two: for those of the address of
the repository where git knows that, so that a fork does not own the images of what it was forked from; else for any.
Any other part that is not known makes a match likely, never certain.
"""

from __future__ import annotations

import re

from fr_check.core.patterns import pattern
from fr_check.runs.scope import Scope
from fr_check.sources import expression, interpolation
from fr_check.sources.remote_url import normalise
from fr_check.sources.yaml_tree import string

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from fr_check.core.repository import Repository
    from fr_check.sources.expression import Values
    from fr_check.sources.workflow import Step
    from fr_check.sources.yaml_tree import Node

UNKNOWN, OWNER, REPOSITORY = "\x00", "\x01", "\x02"
_GITHUB: dict[tuple[str, ...], str] = {("github", "repository_owner"): OWNER, ("github", "repository"): REPOSITORY}
_MARKS = {UNKNOWN: ".*", OWNER: "[^/]+", REPOSITORY: "[^/]+/[^/]+"}
_META = pattern(r"\$\{\{\s*steps\.([\w-]+)\.outputs\.tags\s*\}\}")
_METADATA = "docker/metadata-action"
_GITHUB_HOSTS = frozenset(("github.com", "ssh.github.com", "www.github.com"))
_HUB = ("docker.io/library/", "index.docker.io/library/", "docker.io/", "index.docker.io/")


def of_step(step: Step, others: Iterable[Step], scope: Scope) -> tuple[str, ...]:
    """The image names of a step that builds, by its `tags`, or the `images` of the metadata-action that it names."""
    text = string(step.inputs["tags"].value) if "tags" in step.inputs else None
    if text is None:
        return ()
    found = list(_rendered(_META.sub("", text), scope))
    for named in _META.findall(text):
        for other in others:
            images = other.inputs.get("images")
            if other.id == named and other.action == _METADATA and images is not None:
                found += _rendered(string(images.value) or "", scope)
    return tuple(dict.fromkeys(name for name in found if name))


class _Marked(Scope):
    """A step's scope in which the owner and the repository stand for what they may be."""

    def resolve(self, path: tuple[str, ...]) -> Node | Values:
        mark = _GITHUB.get(tuple(part.lower() for part in path))
        return super().resolve(path) if mark is None else (mark,)


def _rendered(text: str, scope: Scope) -> Iterator[str]:
    for pieces in expression.render(text, _Marked(*scope).resolve):
        whole = "".join(UNKNOWN if piece.text is None else piece.text for piece in pieces)
        yield from (_written(line) for line in re.split(r"[\n,]", whole))


def _written(line: str) -> str:
    """`name=ghcr.io/acme/app` as metadata-action also takes it, or the name itself."""
    text = line.strip()
    return text.removeprefix("name=") if not text.startswith("type=") else ""


def of_compose(image: str) -> str:
    """The name in a compose file, defaults filled in; a variable without a default is not known."""
    parts = interpolation.parse(image).parts
    return "".join(part if isinstance(part, str) else _default(part) for part in parts)


def _default(reference: interpolation.Reference) -> str:
    if reference.operator in {":-", "-"}:
        return "".join(part if isinstance(part, str) else _default(part) for part in reference.word)
    return UNKNOWN


def repository_part(name: str) -> str:
    """The name without digest and tag, and without Docker's own registry."""
    name = name.partition("@")[0].strip()
    head, _, last = name.rpartition("/")
    last = last.partition(":")[0]
    whole = f"{head}/{last}" if head else last
    for hub in _HUB:
        whole = whole.removeprefix(hub)
    return whole.lower()


def own_name(repository: Repository) -> str:
    """`owner/name` of a repository on GitHub, by the address that it is fetched from; empty where that is not known."""
    address = repository.origin()
    remote = None if address is None else normalise(address)
    if remote is None or remote.host.rpartition("@")[2] not in _GITHUB_HOSTS or remote.path.count("/") != 1:
        return ""
    return remote.path.lower()


def named(built: str, own: str) -> str:
    """A name with the repository's own in it, where that is known."""
    return built.replace(OWNER, own.partition("/")[0]).replace(REPOSITORY, own) if own else built


def same(run: str, built: str, own: str = "") -> bool | None:
    """Whether an image that is run is one that is built: True for certain, None likely, False not.

    `own` is the repository's `owner/name`, where that is known.
    """
    built = named(built, own)
    one, other = repository_part(run), repository_part(built)
    # A name that is not known at all may be anything.
    if not other.strip(UNKNOWN + "/") or not one.strip(UNKNOWN + "/"):
        return False
    if UNKNOWN in one:
        return None if _last(one) == _last(other) and UNKNOWN not in _last(one) else False
    if not _fits(one, other):
        return False
    if UNKNOWN in _last(other):
        return False
    return None if UNKNOWN in other else True


def same_as_any(run: str, names: Iterable[str], own: str, others: Iterable[str] = ()) -> bool | None:
    """As `same`, for all names that one build gives its image; `others` are the images that are run here.

    A name that only says `github.repository`, where git does not know that, would be every image of two segments: the
    build's other names tell which it is, and of several images that it may be it is certainly none.
    """
    names = tuple(names)
    verdicts = []
    for name in names:
        verdict = same(run, name, own)
        if verdict and not own and REPOSITORY in _last(repository_part(name)):
            told = _told(names)
            alone = len({repository_part(one) for one in others if same(one, name)}) < 2  # noqa: PLR2004 - itself
            verdict = _last(repository_part(run)) in told if told else alone or None
        verdicts.append(verdict)
    if any(verdicts):
        return True
    return None if None in verdicts else False


def _told(names: Iterable[str]) -> frozenset[str]:
    """The last segments of names that are written out."""
    lasts = (_last(repository_part(name)) for name in names)
    return frozenset(last for last in lasts if last and not any(mark in last for mark in _MARKS))


def _fits(name: str, pattern_: str) -> bool:
    """Whether a name is one that another with unknown parts may stand for."""
    if not any(mark in pattern_ for mark in _MARKS):
        return name == pattern_
    expression = "".join(_MARKS.get(character, re.escape(character)) for character in pattern_)
    return re.fullmatch(expression, name) is not None


def _last(name: str) -> str:
    return name.rpartition("/")[2]
