"""Files of variables that a script writes or loads: `echo A=1 > .env`, `cp .env.x .env`, `. ./.env`, `env-cmd -f x`."""

from __future__ import annotations

import posixpath

from fr_check.core.patterns import pattern
from fr_check.sources import shell
from fr_check.sources.docker_uses import moved
from fr_check.sources.env_write import EnvWrite

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    Resolve = Callable[[shell.Word], str | None]

_ENV_FILE = pattern(r"(?:.*/)?\.?env(?:\.[\w.-]+)?\Z")
# A name at the start of a word or of a line; `\\n` as `printf` writes it.
_NAMED = pattern(r"(?:^|[\s\"'{(]|\\n)([A-Za-z_]\w*)=(?:[\"']?\$\{?(\w+)\}?[\"']?(?=[\s\"')]|\\n|$))?")
_PRINTERS = frozenset(("echo", "printf", "cat", "tee"))
_COPIES = frozenset(("cp", "mv", "install", "ln"))
# What these print is the environment itself: nothing that the build does not have already.
_ENVIRONMENTS = frozenset(("env", "printenv", "export", "set", "touch", "true", ":"))
_LOADERS = {
    "env-cmd": frozenset(("-f", "--file")),
    "dotenv": frozenset(("-e", "-f", "--file")),
    "dotenvx": frozenset(("-f", "--env-file")),
}
# What is handed a file of variables, and leaves it as it is.
_READERS = _PRINTERS | _ENVIRONMENTS | frozenset((
    *_LOADERS, "grep", "egrep", "head", "tail", "wc", "ls", "rm", "test", "[", "[[", "chmod", "chown", "diff", "sort",
    "stat", "git", "node", "docker", "op", "npx", "npm", "pnpm", "yarn", "bun", "bunx",
))  # fmt: skip
_FILTERS = frozenset(("grep", "egrep", "sort", "sed", "awk"))


def is_itself(assignment: shell.Assignment) -> bool:
    """Whether an assignment hands a variable on under its own name: `X=$X`."""
    parts = assignment.value.parts
    part = parts[0] if len(parts) == 1 else None
    return isinstance(part, shell.Expansion) and part.name == assignment.name and not part.operator


def is_env_file(path: str) -> bool:
    """Whether a path is that of a file of variables, by its name."""
    return _ENV_FILE.match(path) is not None


def written(command: shell.Command, resolve: Resolve, folder: str | None) -> Iterator[EnvWrite]:
    """The files of variables that one command writes, or reads into its shell."""
    name = (command.name or "").rpartition("/")[2]
    if name in {".", "source"} and len(command.words) > 1:
        path = moved(folder, resolve(command.words[1]))
        yield EnvWrite(path, None, path, loaded=True)
    elif name in _COPIES and len(command.words) > 2:  # noqa: PLR2004 - the command, what, where
        target = resolve(command.words[-1]) or ""
        source = resolve(command.words[-2])
        if target.endswith("/") or target in {".", ".."}:
            target = posixpath.join(target, posixpath.basename(source or ""))
        if is_env_file(target):
            yield EnvWrite(moved(folder, target), None, moved(folder, source))
    elif name == "tee":
        targets = [resolve(word) or "" for word in command.words[1:]]
        for target in filter(is_env_file, targets):
            yield EnvWrite(moved(folder, target), _names(_bodies(command)) or None)
    elif name not in _READERS:
        yield from _handed(command, resolve, folder)
    made: EnvWrite | None = None
    for redirection in command.redirections:
        found = resolve(redirection.target) if redirection.target is not None else None
        if found is not None and redirection.operator in {">", ">>", ">|", "&>"} and is_env_file(found):
            path = moved(folder, found)
            # Into each goes the same.
            made = _redirected(command, name, path, resolve, folder) if made is None else made._replace(path=path)
            yield made


def _handed(command: shell.Command, resolve: Resolve, folder: str | None) -> Iterator[EnvWrite]:
    """The files that a program is handed by their names, and may write: `curl -o .env`, `aws s3 cp s3://b/x .env`."""
    for word in command.words[1:]:
        value = (resolve(word) or "").rpartition("=")[2]
        if posixpath.basename(value).startswith(".env") and is_env_file(value) and "://" not in value:
            yield EnvWrite(moved(folder, value), None)


def _redirected(command: shell.Command, name: str, path: str | None, resolve: Resolve, folder: str | None) -> EnvWrite:
    """A file that a command's output goes to."""
    if name in _ENVIRONMENTS or (name in _FILTERS and command.before == "|"):
        return EnvWrite(path, {})
    if name == "cat" and len(command.words) == 2:  # noqa: PLR2004 - the command and a file
        return EnvWrite(path, None, moved(folder, resolve(command.words[1])))
    if name not in _PRINTERS:
        return EnvWrite(path, None)
    text = " ".join(word.raw for word in command.words[1:]) + "\n" + _bodies(command)
    names = _names(text)
    # `echo "$ENV_FILE"`: whatever that holds.
    return EnvWrite(path, names if names or "$" not in text else None)


def _bodies(command: shell.Command) -> str:
    return "\n".join(found.heredoc.body for found in command.redirections if found.heredoc is not None)


def _names(text: str) -> dict[str, str]:
    return {name: reference or "" for name, reference in _NAMED.findall(text)}


def loaded(command: shell.Command, resolve: Resolve, folder: str | None) -> Iterator[EnvWrite]:
    """The files that `env-cmd`, `dotenv` and `--env-file` read for the command that they run."""
    words = [resolve(word) or "" for word in command.words]
    for index, word in enumerate(words):
        name = word.rpartition("/")[2]
        if word.startswith("--env-file") and "dotenvx" not in words:
            path = moved(folder, word.partition("=")[2] or "".join(words[index + 1 : index + 2]))
            yield EnvWrite(path, None, path, loaded=True)
        if name in _LOADERS:
            paths = _named(words[index + 1 + (words[index + 1 : index + 2] == ["run"]) :], _LOADERS[name]) or [".env"]
            for path in (moved(folder, found) for found in paths):
                yield EnvWrite(path, None, path, loaded=True)


def _named(words: list[str], options: frozenset[str]) -> list[str]:
    """The values of options up to the command that is run."""
    found: list[str] = []
    index = 0
    while index < len(words) and words[index].startswith("-") and words[index] != "--":
        option, equals, value = words[index].partition("=")
        if option in options and (equals or index + 1 < len(words)):
            found.append(value if equals else words[index + 1])
        index += 1 if equals or index + 1 >= len(words) or words[index + 1].startswith("-") else 2
    return found


def texts(body: str) -> dict[str, str]:
    """The variables of a file that is written out, each with the one variable that is all of its value, else ""."""
    return _names(body)
