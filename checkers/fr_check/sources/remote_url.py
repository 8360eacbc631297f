"""Addresses of git repositories: resolved as git does for submodules, and compared by what they name."""

from __future__ import annotations

import posixpath
import re

from fr_check.core.record import NamedTuple

# git's url.c: a scheme and `://`; else connect.c: `host:path` with no slash before the colon is ssh.
_SCHEME = r"(?P<scheme>[A-Za-z][A-Za-z0-9+.-]*)://(?P<authority>[^/]*)(?P<path>.*)"
_SCP = r"(?:[^@/:]+@)?(?P<host>\[[^\]]*\]|[^/:]+):(?P<path>.*)"
_PORTS = {"http": ":80", "https": ":443", "ssh": ":22", "git": ":9418"}


class Remote(NamedTuple):
    """A repository's address without what leaves it the same repository; `host` is empty for a path on disk."""

    host: str
    path: str


def normalise(url: str) -> Remote:
    """What an address names: scheme, user, default port, `.git`, final slashes and the host's case do not count."""
    found = re.fullmatch(_SCHEME, url, re.DOTALL)
    if found is not None:
        scheme = found["scheme"].lower().removeprefix("git+")
        host = found["authority"].rpartition("@")[2].lower().removesuffix(_PORTS.get(scheme, "\0"))
        return Remote("" if scheme == "file" else host, _bare(found["path"], absolute=scheme == "file"))
    found = re.fullmatch(_SCP, url, re.DOTALL)
    if found is not None and not url.startswith(("/", "./", "../")):
        return Remote(found["host"].lower(), _bare(found["path"], absolute=False))
    return Remote("", _bare(url, absolute=True))


def resolve(url: str, origin: str | None) -> str | None:
    """A submodule's address; `./` and `../` start at the superproject's own remote, None where that is not known.

    As `relative_url` in git's remote.c: a `..` takes away the last part of the address, whatever it is.
    """
    if not url.startswith(("./", "../")):
        return url
    if not origin:
        return None
    base = origin.rstrip("/")
    while url.startswith(("./", "../")):
        if url.startswith("../"):
            cut = max(base.rfind("/"), base.rfind(":") if "/" not in base else -1)
            base = base[: cut + 1].rstrip("/") if cut >= 0 else ""
        url = url.partition("/")[2].lstrip("/")
    return f"{base}{url}" if base.endswith(":") else f"{base}/{url.rstrip('/')}"


def without_password(url: str) -> str:
    """An address as it may be shown: no user, no password, no token."""
    found = re.fullmatch(_SCHEME, url, re.DOTALL)
    if found is None or "@" not in found["authority"]:
        return url
    return f"{found['scheme']}://{found['authority'].rpartition('@')[2]}{found['path']}"


def _bare(path: str, *, absolute: bool) -> str:
    shortened = path.rstrip("/").removesuffix(".git").rstrip("/")
    return posixpath.normpath(shortened) if absolute and shortened else shortened.lstrip("/")
