"""The one wrapper that runs git: arguments as lists, a hardened environment, timeouts, bytes out.

Two environments, because a hook's differs from a shell's (`git commit -a` keeps the index that is being committed in
GIT_INDEX_FILE; in a linked worktree GIT_DIR is set): calls about the superproject keep it and run at its top, calls
about a submodule drop every name of `git rev-parse --local-env-vars`, or they would be answered by the superproject.

No configuration of a repository may run a program: plumbing commands only, no pager, no file system monitor, no lazy
fetch, no protocol at all unless a caller asks for some. Replace refs and grafts are ignored: they fake ancestry.
"""

from __future__ import annotations

import os
import posixpath
from errno import EACCES, ENOENT, ENOEXEC, ENOTDIR

from fr_check.core.record import NamedTuple
from fr_check.core.trouble import Trouble
from fr_check.repository import process

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    from fr_check.repository.process import Child, Completed

_FLAGS = (
    "--no-pager",
    *("-c", "core.fsmonitor=false"),
    *("-c", "core.useReplaceRefs=false"),
    *("-c", "log.showSignature=false"),
)
_HARDENED = {
    "GIT_OPTIONAL_LOCKS": "0",
    "GIT_NO_LAZY_FETCH": "1",
    "GIT_NO_REPLACE_OBJECTS": "1",
    "GIT_GRAFT_FILE": "/dev/null",
    "GIT_TERMINAL_PROMPT": "0",
    # Also stops the lazy fetch of git versions that do not know GIT_NO_LAZY_FETCH.
    "GIT_ALLOW_PROTOCOL": "none",
    "LC_ALL": "C",
}
_PATHSPEC_SWITCHES = ("GIT_LITERAL_PATHSPECS", "GIT_GLOB_PATHSPECS", "GIT_NOGLOB_PATHSPECS", "GIT_ICASE_PATHSPECS")
# What git keeps too when it starts a git in a submodule: the user's own `-c` options, safe.directory among them.
_KEPT = ("GIT_CONFIG_COUNT", "GIT_CONFIG_PARAMETERS")
# git 2.39's answer to `rev-parse --local-env-vars`, for the calls that are made before git could be asked.
_LOCAL_VARIABLES = (
    "GIT_ALTERNATE_OBJECT_DIRECTORIES", "GIT_CONFIG", "GIT_OBJECT_DIRECTORY", "GIT_DIR", "GIT_WORK_TREE",
    "GIT_IMPLICIT_WORK_TREE", "GIT_GRAFT_FILE", "GIT_INDEX_FILE", "GIT_NO_REPLACE_OBJECTS", "GIT_REPLACE_REF_BASE",
    "GIT_PREFIX", "GIT_INTERNAL_SUPER_PREFIX", "GIT_SHALLOW_FILE", "GIT_COMMON_DIR",
)  # fmt: skip
TIMEOUT = 60.0
OLDEST = "2.33"
"""The first git with everything that is asked of it: `rev-list --no-commit-header` came last."""


class CannotKnow(NamedTuple):
    """The third answer beside yes and no. `reason` is a kebab-case name, `help` the command that would mend it."""

    reason: str
    message: str
    help: str


class Git:
    """Runs git in one folder with one environment."""

    def __init__(self, directory: str, environment: Mapping[str, str], options: tuple[str, ...] = ()) -> None:
        """`options` go before the command, for example `--git-dir=...`; `argv` is how every call begins."""
        self.directory = directory
        self.environment = environment
        self.argv = ("git", "-C", directory, *_FLAGS, *options)

    def run(self, *arguments: str, stdin: bytes = b"", timeout: float = TIMEOUT) -> Completed:
        """Runs a command; a failure is an exit code to look at.

        Raises:
            Trouble: git is not installed.
        """
        return self.begin(*arguments, stdin=stdin, timeout=timeout)()

    def begin(self, *arguments: str, stdin: bytes = b"", timeout: float = TIMEOUT) -> Callable[[], Completed]:
        """Starts a command; the function it returns waits for its end, and is to be called once.

        Raises:
            Trouble: git is not installed.
        """
        argv = (*self.argv, *arguments)
        try:
            return process.begin(argv, self.environment, stdin, timeout)
        except OSError as error:
            raise _no_git(error) from None

    def lines(self, *arguments: str, stdin: bytes = b"") -> list[str] | None:
        """The lines a command printed, or None if it failed."""
        done = self.run(*arguments, stdin=stdin)
        return None if done.code else lines_of(done.stdout)

    def records(self, *arguments: str, stdin: bytes = b"") -> list[str] | None:
        """The NUL-terminated records a command printed, or None if it failed."""
        done = self.run(*arguments, stdin=stdin)
        return None if done.code else decode(done.stdout).split("\0")[:-1]

    def start(self, *arguments: str) -> Child:
        """Starts a command that keeps answering, such as `cat-file --batch`.

        Raises:
            Trouble: git is not installed.
        """
        try:
            return process.Child((*self.argv, *arguments), self.environment)
        except OSError as error:
            raise _no_git(error) from None


class Layout(NamedTuple):
    """Where a repository is. `top` is None where there is no working tree, `head` where there is no commit.

    `parent` is the first parent of `head`, None where it has none or was not asked for (no working tree). All paths are
    absolute; `common_dir` differs from `git_dir` in a linked worktree. `own_environment` says whether the environment
    speaks of this repository.
    """

    git: Git
    git_dir: str
    common_dir: str
    top: str | None
    shallow: bool
    head: str | None
    local_variables: tuple[str, ...]
    parent: str | None = None
    own_environment: bool = True

    def at(self, directory: str, *, own: bool) -> Layout:
        """The same repository, asked from a folder at or below its top."""
        return self._replace(git=Git(directory, self.git.environment), own_environment=own)

    def foreign(self, directory: str, *options: str) -> Git:
        """A git that answers for another repository below this one, whatever a hook's environment says."""
        environment = _without(self.git.environment, self.local_variables)
        # Discovery must not climb from a folder that holds no repository into the superproject.
        environment["GIT_CEILING_DIRECTORIES"] = posixpath.dirname(directory)
        return Git(directory, {**environment, **_HARDENED}, options)


def discovery(directory: str, *, own_environment: bool = True) -> Callable[[], Layout | None]:
    """Asks git for the repository a folder lies in; the answer, None if it lies in none, can be waited for once.

    Args:
        directory: absolute path of any folder.
        own_environment: whether GIT_DIR, GIT_INDEX_FILE, ... of the environment speak of this repository.

    Raises:
        Trouble: git is not installed; with the answer: there is a repository, but git refuses to read it.
    """
    environment = _environment()
    if not own_environment:
        environment = {**_without(environment, _LOCAL_VARIABLES), **_HARDENED}
    answer = Git(directory, environment).begin(
        "rev-parse", "--local-env-vars", "--path-format=absolute", "--is-bare-repository", "--is-shallow-repository",
        "--git-dir", "--git-common-dir", "--show-toplevel", "HEAD", "HEAD^1",
    )  # fmt: skip
    return lambda: _layout(directory, environment, answer())


def _layout(directory: str, environment: dict[str, str], done: Completed) -> Layout | None:
    lines = decode(done.stdout).split("\n")[:-1]
    if "--path-format=absolute" in lines:
        raise Trouble("this git is too old", f"install git {OLDEST} or newer")
    at = next((index for index, line in enumerate(lines) if line in {"true", "false"}), None)
    if at is None:
        _refuse(directory, done)
        return None
    bare, shallow, git_dir, common_dir, *rest = lines[at:]
    top = rest.pop(0) if bare == "false" and rest and rest[0] != "HEAD" else None
    head = rest[0] if rest and rest[0] != "HEAD" else None
    _absolute(environment, "GIT_DIR", git_dir)
    _absolute(environment, "GIT_COMMON_DIR", common_dir)
    git = Git(top or git_dir, environment)
    if top is None and head is None:
        found = git.lines("rev-parse", "--verify", "--quiet", "HEAD^{commit}")
        head = found[0] if found else None
    parent = rest[1] if head is not None and rest[1:] and rest[1] != "HEAD^1" else None
    return Layout(git, git_dir, common_dir, top, shallow == "true", head, tuple(lines[:at]), parent)


def decode(data: bytes) -> str:
    """Output of git as text; names that are not UTF-8 survive the way back through `os.fsencode`."""
    return data.decode("utf-8", "surrogateescape")


def lines_of(data: bytes) -> list[str]:
    """The lines of what git printed: a name or a subject may hold any other sign that ends lines elsewhere."""
    return decode(data).removesuffix("\n").split("\n") if data else []


def complaint(done: Completed) -> str:
    """What git said went wrong, in one line."""
    if done.timed_out:
        return "git did not answer in time"
    lines = done.stderr.decode("utf-8", "replace").split("\n")
    chosen = next((line for line in lines if line.startswith(("fatal:", "error:"))), lines[0] if lines else "")
    return chosen.removeprefix("fatal: ").removeprefix("error: ") or f"git ended with status {done.code}"


def promised(done: Completed) -> bool:
    """Whether git failed for an object that a partial clone left with its remote: it is absent here, not broken."""
    return bool(done.code) and b"promisor remote" in done.stderr


def _refuse(directory: str, done: Completed) -> None:
    """Raises where git refuses a repository; does nothing where there simply is none."""
    said = complaint(done)
    if said.startswith("not a git repository (") and not _looks_like_one(directory):
        return
    if "dubious ownership" in said:
        raise Trouble(
            f"git does not trust the repository at {directory}: it belongs to another user",
            f"run `git config --global --add safe.directory {directory}`",
        )
    message = f"git cannot read the repository at {directory}: {said}"
    raise Trouble(message, "run `git status` there and mend what it says")


def _looks_like_one(directory: str) -> bool:
    """Whether there is a `.git` above that git passes over because it is damaged, or closed to this user.

    "No repository" would be wrong.
    """
    place = directory
    while not posixpath.lexists(posixpath.join(place, ".git")):
        if place == posixpath.dirname(place):
            return False
        place = posixpath.dirname(place)
    dot_git = posixpath.join(place, ".git")
    return posixpath.lexists(posixpath.join(dot_git, "HEAD")) or not os.access(dot_git, os.R_OK | os.X_OK)


def _no_git(error: OSError) -> Trouble | OSError:
    """A git that cannot be run, or that a closed folder of PATH hides, is as good as none."""
    if error.errno not in {ENOENT, ENOTDIR, EACCES, ENOEXEC}:
        return error
    return Trouble("git was not found", "install git, or add the folder it is in to PATH")


def _environment() -> dict[str, str]:
    return {**_without(os.environ, _PATHSPEC_SWITCHES), **_HARDENED}


def _without(environment: Mapping[str, str], names: Iterable[str]) -> dict[str, str]:
    dropped = frozenset(names) - frozenset(_KEPT)
    return {name: value for name, value in environment.items() if name not in dropped}


def _absolute(environment: dict[str, str], name: str, value: str) -> None:
    """A relative GIT_DIR was meant from the folder the user stands in; later calls run at the top."""
    if name in environment and not posixpath.isabs(environment[name]):
        environment[name] = value
