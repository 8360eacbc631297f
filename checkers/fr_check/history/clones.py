"""Full bare clones of repositories and their submodules, where a list names addresses instead of folders.

Partial clones cannot be judged: nothing here fetches what they lack. Branches stand below `refs/remotes/origin`, with
`origin/HEAD`, as in a checkout; submodules stand below `modules/NAME`, as git keeps them.
"""

from __future__ import annotations

import os
import posixpath
import re
from hashlib import sha256

from fr_check.core.text import Text
from fr_check.core.trouble import Trouble
from fr_check.repository.git import Git, complaint
from fr_check.repository.opening import resolve_commit
from fr_check.repository.place import Place
from fr_check.repository.revision import Revision
from fr_check.repository.submodules import module
from fr_check.sources import gitmodules
from fr_check.sources.remote_url import resolve, without_password

TYPE_CHECKING = False
if TYPE_CHECKING:
    from fr_check.repository.git import Layout

_TIMEOUT = 600.0  # seconds, for one fetch
_NO_HOOKS = ("-c", "core.hooksPath=/dev/null")
_KEPT = frozenset({"GIT_SSH", "GIT_SSH_COMMAND", "GIT_ASKPASS", "GIT_CONFIG_GLOBAL", "GIT_CONFIG_NOSYSTEM"})
_ADDRESS = r"[A-Za-z][A-Za-z0-9+.-]*://.+|[^/@:]+@[^/:]+:.+"


def is_address(name: str) -> bool:
    """Whether a line of a list is an address; else it is a folder."""
    return re.fullmatch(_ADDRESS, name) is not None


def clone(address: str, folder: str) -> str:
    """Clones a repository with its submodules below `folder`, or fetches into the clone that is there; its path.

    Raises:
        Trouble: git cannot fetch it.
    """
    name = re.sub(r"[^\w.-]+", "-", posixpath.basename(address.rstrip("/")).removesuffix(".git")) or "repository"
    path = posixpath.join(folder, f"{name}-{sha256(address.encode()).hexdigest()[:8]}.git")
    layout = _fetched(address, path)
    for own, url in _submodules(layout, address):
        place = module(path, own)
        if place is not None:
            _fetched(url, place)
    return path


def _fetched(address: str, path: str) -> Layout:
    """A bare clone of an address at a path, as it is now."""
    os.makedirs(path, exist_ok=True)
    git = Git(path, _environment(), (*_NO_HOOKS, f"--git-dir={path}"))
    if not posixpath.exists(posixpath.join(path, "HEAD")):
        _demand(git, address, "init", "--quiet", "--bare", "--template=")
        _demand(git, address, "config", "remote.origin.url", address)
        _demand(git, address, "config", "remote.origin.fetch", "+refs/heads/*:refs/remotes/origin/*")
    _demand(git, address, "fetch", "--quiet", "--prune", "--no-auto-maintenance", "origin")
    git.run("remote", "set-head", "origin", "--auto", timeout=_TIMEOUT)
    found = Place(path).layout()
    if found is None:
        raise Trouble(f"{without_password(address)} could not be cloned into {path}", "remove that folder")
    head = resolve_commit(found, "refs/remotes/origin/HEAD")
    return found._replace(head=head if isinstance(head, str) else None)


def _demand(git: Git, address: str, *arguments: str) -> None:
    done = git.run(*arguments, timeout=_TIMEOUT)
    if done.code:
        shown = without_password(address)
        message = f"{shown} cannot be fetched: {complaint(done).replace(address, shown)}"
        raise Trouble(message, "check the address, the network and the credentials")


def _submodules(layout: Layout, address: str) -> list[tuple[str, str]]:
    """Name and address of the submodules that the default branch names."""
    if layout.head is None:
        return []
    text = Revision(layout, layout.git_dir, layout.head).read(".gitmodules")
    if not isinstance(text, Text):
        return []
    found = []
    for entry in gitmodules.parse(text).submodules:
        url = resolve(entry.url, address) if entry.url else None
        if url is not None and not url.startswith("-"):
            found.append((entry.name, url))
    return found


def _environment() -> dict[str, str]:
    """The user's own, without what a hook says of another repository; no prompt, and the usual protocols."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("GIT_") or name in _KEPT}
    allowed = os.environ.get("GIT_ALLOW_PROTOCOL", "https:ssh")
    return {**kept, "GIT_TERMINAL_PROMPT": "0", "GIT_ALLOW_PROTOCOL": allowed, "LC_ALL": "C"}
