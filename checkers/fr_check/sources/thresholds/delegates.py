"""Commands that hand on to something else of the repository: a task, a package script, a make target, a script file."""

from __future__ import annotations

from fr_check.core.record import NamedTuple

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence

    from fr_check.core.model import Span
    from fr_check.sources.thresholds.model import Word

_PACKAGE_MANAGERS = frozenset({"npm", "yarn", "pnpm", "bun"})
# Subcommands of package managers that are no scripts.
_NO_SCRIPTS = frozenset({"install", "ci", "i", "add", "remove", "exec", "dlx", "x", "audit", "publish", "pack", "link"})
_NO_SCRIPTS |= {"cache", "config", "login", "outdated", "update", "up", "create", "init", "version", "why", "info"}
_RUNNERS = {"make": "make", "gmake": "make", "just": "just", "moon": "moon", "tox": "tox", "nox": "nox"}
_OTHER_RUNNERS = frozenset({"task", "hatch", "invoke", "inv", "rake", "turbo", "nx", "lerna", "bazel", "pants", "poe"})
_INTERPRETERS = frozenset({"bash", "sh", "zsh", "python", "python3", "node", "tsx", "ts-node", "bun"})
_BEFORE = frozenset(
    {"uv", "run", "poetry", "pdm", "pipenv", "rye", "env", "sudo", "time", "exec", "command", "xvfb-run"}
)


class Delegate(NamedTuple):
    """`kind` is npm, make, just, moon, tox, nox, script, or other (a runner whose tasks are not read).

    `names` are the scripts, targets or paths; `folder` where the command says to look (`--prefix`, `-C`);
    `arguments` what is passed on after `--`.
    """

    kind: str
    names: tuple[str, ...]
    span: Span
    folder: str = ""
    arguments: tuple[Word, ...] = ()


def delegate(words: Sequence[Word]) -> Delegate | None:
    """What a command hands on to, or None."""
    index = 0
    while index < len(words) and (words[index].string in _BEFORE or _assignment(words[index].string)):
        index += 1
    if index >= len(words):
        return None
    head, rest = words[index], words[index + 1 :]
    name = head.string.rsplit("/", 1)[-1]
    found: Delegate | None = None
    if name in _PACKAGE_MANAGERS:
        found = _package_script(head.span, rest)
    elif name in _RUNNERS:
        found = _runner(_RUNNERS[name], head.span, rest)
    elif name in _OTHER_RUNNERS:
        found = Delegate("other", (name,), head.span)
    elif name in _INTERPRETERS:
        found = _interpreter(head.span, rest)
    elif _is_path(head.string):
        found = Delegate("script", (head.string,), head.span, arguments=tuple(rest))
    return found


def _interpreter(span: Span, words: Sequence[Word]) -> Delegate | None:
    module = next((index for index, word in enumerate(words[:-1]) if word.string == "-m"), None)
    if module is not None:
        name = words[module + 1].string
        return _runner(name, span, words[module + 2 :]) if name in {"tox", "nox"} else None
    path = next((word.string for word in words if not word.string.startswith("-")), "")
    return Delegate("script", (path,), span, arguments=tuple(words)) if _is_path(path) else None


def _assignment(word: str) -> bool:
    return "=" in word and word.partition("=")[0].isidentifier()


def _is_path(word: str) -> bool:
    return ("/" in word and "://" not in word) or word.endswith((".sh", ".py", ".mjs", ".js", ".ts"))


def _option(words: Sequence[Word], *names: str) -> str:
    for index, word in enumerate(words):
        if word.string in names and index + 1 < len(words):
            return words[index + 1].string
        for name in names:
            if name.startswith("--") and word.string.startswith(f"{name}="):
                return word.string[len(name) + 1 :]
    return ""


def _package_script(span: Span, words: Sequence[Word]) -> Delegate | None:
    folder = _option(words, "--prefix", "-C", "--cwd", "--dir")
    dashes = next((index for index, word in enumerate(words) if word.string == "--"), len(words))
    arguments = tuple(words[dashes + 1 :])
    plain = [word.string for word in words[:dashes] if not word.string.startswith("-") and word.string != folder]
    if plain[:1] == ["run"] or plain[:1] == ["run-script"]:
        plain = plain[1:]
    elif plain[:1] == ["t"]:
        plain[0] = "test"
    if not plain or plain[0] in _NO_SCRIPTS:
        return None
    return Delegate("npm", (plain[0],), span, folder, arguments)


def _runner(kind: str, span: Span, words: Sequence[Word]) -> Delegate:
    folder = _option(words, "-C", "--directory") if kind == "make" else ""
    if kind in {"tox", "nox"}:
        chosen = _option(words, "-e", "-s", "--session", "--sessions")
        return Delegate(kind, tuple(chosen.split(",")) if chosen else (), span)
    plain = [word.string for word in words if not word.string.startswith("-") and word.string != folder]
    names = [name for name in plain if not _assignment(name)]
    if kind == "moon":
        names = names[1:] if names[:1] == ["run"] else names
    return Delegate(kind, tuple(names), span, folder)
