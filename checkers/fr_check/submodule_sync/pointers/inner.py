"""Asks the upstreams of a submodule's own submodules whether they have what is recorded there: only with `--online`."""

from __future__ import annotations

from fr_check.core.text import Text
from fr_check.repository.git import CannotKnow
from fr_check.repository.history import History
from fr_check.repository.upstream import Question, asked
from fr_check.sources import gitmodules
from fr_check.sources.remote_url import resolve

TYPE_CHECKING = False
if TYPE_CHECKING:
    from fr_check.repository.revision import GitRepository
    from fr_check.submodule_sync.pointers.standing import Pointer


def asked_too(repository: GitRepository, pointer: Pointer, url: str) -> Pointer:
    """The pointer with what became of its own submodules; `url` is the address that relative ones start at."""
    lost: list[tuple[str, str]] = []
    unasked: list[CannotKnow] = []
    text = repository.read(f"{pointer.path}/.gitmodules")
    entries = gitmodules.parse(text).submodules if isinstance(text, Text) else ()
    urls = {entry.path.rstrip("/"): entry.url for entry in entries if entry.path}
    for path, commit in repository.nested(pointer.path).items():
        inside = f"{pointer.path}/{path}"
        address = resolve(urls.get(path) or "", url)
        if not address:
            message = f"submodule {inside} has no address to ask"
            unasked.append(CannotKnow("unknown-upstream", message, f"write its `url` in {pointer.path}/.gitmodules"))
            continue
        with asked(repository.layout, Question(inside, address, None, (commit,), tags=False)) as answer:
            if isinstance(answer, CannotKnow):
                unasked.append(answer)
            elif History(answer, inside).kind(commit) is None:
                lost.append((path, commit))
    return pointer._replace(lost=tuple(lost), unasked=tuple(unasked))
