"""Commands that run another command: `env`, `exec`, `xargs`, `uv run`, `npx`, `sh -c '...'`, and so on."""

from __future__ import annotations

import re

from fr_check.core.patterns import pattern
from fr_check.core.record import NamedTuple
from fr_check.sources.shell.model import Assignment, Command, Word
from fr_check.sources.shells import SHELLS

_ASSIGNMENT = pattern(r"([A-Za-z_]\w*)=", re.ASCII)
# Options of wrappers after which the command runs in another folder.
_FOLDERS = {
    "uv": ("--directory",),
    "poetry": ("-C", "--directory"),
    "env": ("-C", "--chdir"),
    "npm": ("--prefix",),
    "pnpm": ("-C", "--dir"),
    "yarn": ("--cwd",),
    "bun": ("--cwd",),
}
_SHELL_FLAGS = pattern(r"-[a-zA-Z]*c[a-zA-Z]*")
# Programs that give a command line to the user's shell.
_HANDING = frozenset(("script", "su", "runuser"))
_SU_VALUED = frozenset(("-s", "--shell", "-g", "--group", "-G", "--supp-group", "-w", "--whitelist-environment"))
_KEEPING = pattern(r"-[a-zA-Z]*e[a-zA-Z]*|--return")
_LEVELS = 8


class _Wrapper(NamedTuple):
    """How to get past a wrapper: its subcommand words, options with a value, leading operands, `NAME=value` words."""

    subcommands: tuple[str, ...] = ()
    valued: frozenset[str] = frozenset()
    operands: int = 0
    assignments: bool = False


def _of(valued: str = "", *, operands: int = 0, assignments: bool = False, sub: str = "") -> _Wrapper:
    return _Wrapper(tuple(sub.split()), frozenset(valued.split()), operands, assignments)


_UV = (
    "--with --with-editable --with-requirements --extra --no-extra --group --no-group --only-group --project "
    "--directory --python -p --package --env-file --index --index-url --extra-index-url --find-links -f --color "
    "--cache-dir --from"
)
# `command -v X` says where X is, and runs nothing.
_ASKING = frozenset(("-v", "-V"))
_WRAPPERS: dict[str, tuple[_Wrapper, ...]] = {
    "sudo": (_of("-u -g -h -p -C -T --user --group", assignments=True),),
    "doas": (_of("-u -C"),),
    "env": (_of("-u -C -S --unset --chdir --split-string", assignments=True),),
    "cross-env": (_of(assignments=True),),
    "cross-env-shell": (_of(assignments=True),),
    "exec": (_of("-a"),),
    "command": (_of(),),
    "builtin": (_of(),),
    "nohup": (_of(),),
    "setsid": (_of(),),
    "time": (_of("-f -o --format --output"),),
    "nice": (_of("-n --adjustment"),),
    "ionice": (_of("-c -n -p"),),
    "stdbuf": (_of("-i -o -e"),),
    "timeout": (_of("-k -s --kill-after --signal", operands=1),),
    "flock": (_of("-w -E --timeout", operands=1),),
    "xargs": (_of("-n -I -P -L -d -a -s -E --max-args --max-procs --replace --delimiter --arg-file"),),
    "xvfb-run": (_of("-s -n -f --server-args --server-num"),),
    "dumb-init": (_of(),),
    "tini": (_of("-e -p"),),
    "gosu": (_of(operands=1),),
    "su-exec": (_of(operands=1),),
    "s6-setuidgid": (_of(operands=1),),
    "chroot": (_of("--userspec --groups", operands=1),),
    "setpriv": (_of("--reuid --regid --groups --securebits --pdeathsig"),),
    "runuser": (_of("-u -g -G --user --group"),),
    "chpst": (_of("-u -U -b -e -/ -C -n -l -L -m -d -o -p -f -c"),),
    "envdir": (_of(operands=1),),
    "with-contenv": (_of(),),
    "catatonit": (_of("-P"),),
    "ddtrace-run": (_of(),),
    "opentelemetry-instrument": (_of("--traces_exporter --metrics_exporter --logs_exporter --service_name"),),
    "newrelic-admin": (_of(sub="run-program"),),
    "watchmedo": (
        _of("-d --directory -p --pattern --patterns -i --ignore-patterns --debounce-interval", sub="auto-restart"),
    ),
    "dockerize": (_of("-wait -timeout -wait-retry-interval -template -stdout -stderr -wait-http-header"),),
    "wait-for-it.sh": (_of("-t -h -p", operands=1),),
    "wait-for-it": (_of("-t -h -p", operands=1),),
    "wait-for": (_of("-t", operands=1),),
    "corepack": (_of(),),
    "env-cmd": (_of("-f --file -e --environments -r --rc-file"),),
    "dotenv": (_of("-e -c -v -f --file", sub="run"), _of("-e -c -v -f --file")),
    "dotenvx": (_of("-f --env-file -e --env -fv --env-vault-file -fk --env-keys-file", sub="run"),),
    "direnv": (_of(operands=1, sub="exec"),),
    "doppler": (_of("-p -c --project --config", sub="run"),),
    "op": (_of("--env-file", sub="run"),),
    "infisical": (_of("--env --path --projectId", sub="run"),),
    "poetry": (_of("-C --directory -P --project", sub="run"),),
    "pipenv": (_of(sub="run"),),
    "pdm": (_of("-p --project", sub="run"),),
    "rye": (_of("-p --pyproject", sub="run"),),
    "hatch": (_of("-e --env", sub="run"),),
    "tox": (_of("-e -c --conf --root --workdir", sub="exec"), _of("-e -c --conf --root --workdir", sub="e")),
    "uv": (_of(_UV, sub="run"), _of(_UV, sub="tool run")),
    "uvx": (_of(_UV),),
    "conda": (_of("-n -p --name --prefix --cwd", sub="run"),),
    "mamba": (_of("-n -p --name --prefix --cwd", sub="run"),),
    "micromamba": (_of("-n -p --name --prefix", sub="run"),),
    "mise": (_of("-C --cd", sub="exec"), _of("-C --cd", sub="x")),
    "pipx": (_of("--spec --python --pip-args", sub="run"),),
    "npx": (_of("-p --package"),),
    "bunx": (_of("-p --package"),),
    "npm": (_of("-p --package -w --workspace --prefix", sub="exec"), _of("-p --package", sub="x")),
    "pnpm": (
        _of("-C --dir --filter -F --package", sub="exec"),
        _of("-C --dir --filter -F --package", sub="dlx"),
    ),
    "yarn": (_of("--cwd", sub="exec"), _of("-p --package", sub="dlx")),
    "bun": (_of("--cwd", sub="x"),),
}


class Inner(NamedTuple):
    """The script of `sh -c SCRIPT`, `sh <<EOF` or `eval SCRIPT`: its text, and the place of each character.

    `flags` are the words between the shell's name and the script; `arguments` those after it (`$0`, `$1`, ...).
    `quoted`: only that shell expands it. `word` is the one that it is, if it is one. `open` are the pieces of the text
    that stand for something not known, which may be several words by then.
    """

    name: str
    text: str
    places: list[int]
    flags: tuple[Word, ...]
    arguments: tuple[Word, ...]
    quoted: bool = False
    word: Word | None = None
    open: tuple[str, ...] = ()

    @property
    def handed(self) -> bool:
        """Whether its program is no shell and starts one: `script -c`, `su -c`."""
        return self.name in _HANDING

    @property
    def logs_in(self) -> bool:
        """Whether it begins a new environment: `su - USER -c SCRIPT`."""
        words = {word.literal for word in self.flags}
        return self.name in {"su", "runuser"} and bool(words & {"-", "-l", "--login"}) and not words & {"-m", "-p"}

    @property
    def forgets(self) -> bool:
        """Whether it ends with 0 whatever the script ends with: `script` without `-e` (util-linux 2.38)."""
        return self.name == "script" and not any(_KEEPING.fullmatch(word.literal or "") for word in self.flags)


class Wrapper(NamedTuple):
    """A wrapper that was taken off: its words up to the command inside, and the `NAME=value` among them."""

    name: str
    words: tuple[Word, ...]
    assignments: tuple[Assignment, ...]


class Peeled(NamedTuple):
    """A command with its wrappers taken off, outermost first, and the folders that they change to on the way."""

    command: Command
    moves: tuple[Word, ...]
    wrappers: tuple[Wrapper, ...]


def peel(command: Command) -> Peeled:
    """The one command that wrappers come down to, up to a shell, which is no wrapper here.

    Assignments on the way (`env X=1 cmd`) are added to those of the command. What is no wrapper, or whose inner command
    is not known, comes back as it is.
    """
    moves: list[Word] = []
    wrappers: list[Wrapper] = []
    for _ in range(_LEVELS):
        name = (command.name or "").rpartition("/")[2]
        inner = None
        for wrapper in () if command.test or inner_script(command) is not None else _WRAPPERS.get(name, ()):
            inner = _inside(command, wrapper)
            if inner is not None:
                moves += _moves(command, inner, name)
                words = command.words[: len(command.words) - len(inner.words)]
                wrappers.append(Wrapper(name, words, inner.assignments[len(command.assignments) :]))
                break
        if inner is None:
            break
        command = inner
    return Peeled(command, tuple(moves), tuple(wrappers))


def is_wrapper(name: str) -> bool:
    """Whether a program of a name, which may be a path, runs what its words say."""
    base = name.rpartition("/")[2]
    return base in _WRAPPERS or base in SHELLS or base in _HANDING


def _moves(outer: Command, inner: Command, name: str) -> list[Word]:
    """The folder that a wrapper's options say to run in."""
    options = _FOLDERS.get(name, ())
    words = outer.words[1 : len(outer.words) - len(inner.words)]
    found = []
    for index, word in enumerate(words):
        head, equals, _ = word.prefix.partition("=")
        if word.literal in options and index + 1 < len(words):
            found.append(words[index + 1])
        elif equals and head in options:
            parts = (word.prefix[len(head) + 1 :], *word.parts[1:])
            found.append(word._replace(raw=word.raw[len(head) + 1 :], parts=parts, start=word.start + len(head) + 1))
    return found[-1:]


def inner_script(command: Command) -> Inner | None:
    """The script that a shell, or eval, is given on its command line; None for any other command."""
    name = (command.name or "").rpartition("/")[2]
    words = command.words[1:]
    if name in _HANDING or (name == "eval" and words):
        return _handed(name, words) if name in _HANDING else _evaluated(words)
    if name not in SHELLS or command.test:
        return None
    at = 0
    while at < len(words) and not _SHELL_FLAGS.fullmatch(option := words[at].literal or ""):
        if not option.startswith(("-", "+")):
            return None
        at += 2 if option.endswith(("o", "O")) else 1
    return _fed(command, name) if at >= len(words) else _told(command, name, at + 1)


def _told(command: Command, name: str, at: int) -> Inner | None:
    """`sh -c SCRIPT ARGUMENTS`."""
    words = command.words[1:]
    if at >= len(words):
        return None
    text, places = inner_text(words[at])
    return Inner(name, text, places, words[:at], words[at + 1 :], words[at].raw.startswith("'"), words[at])


def _evaluated(words: tuple[Word, ...]) -> Inner:
    """The words of `eval` as one script."""
    pieces = [inner_text(word) for word in words]
    text = " ".join(piece for piece, _ in pieces)
    places = [at for piece, found in pieces for at in (*found, found[-1] if found else words[0].start)]
    return Inner("eval", text, places, (), ())


def _handed(name: str, words: tuple[Word, ...]) -> Inner | None:
    """The command that `script -qc CMD FILE` or `su -c CMD USER` gives to a shell, wherever the option stands."""
    for at, word in enumerate(words[:-1]):
        option = word.literal or ""
        if option == "--command" or _SHELL_FLAGS.fullmatch(option):
            text, places = inner_text(words[at + 1])
            flags = (*words[:at], word, *words[at + 2 :])
            return Inner(name, text, places, flags, _behind(flags), word=words[at + 1])
    return None


def _behind(flags: tuple[Word, ...]) -> tuple[Word, ...]:
    """The arguments behind `--` that `su` hands to the shell; the user may be the first of them."""
    literals = [word.literal or word.raw for word in flags]
    if "--" not in literals:
        return ()
    at = literals.index("--")
    named = any(
        not one.startswith("-") and (not index or literals[index - 1] not in _SU_VALUED)
        for index, one in enumerate(literals[:at])
    )
    return flags[at + 1 + (not named) :]


def _fed(command: Command, name: str) -> Inner | None:
    """`bash <<EOF`: the shell reads the here-document."""
    document = next((r.heredoc for r in command.redirections if r.heredoc is not None), None)
    if document is None or not document.body:
        return None
    places = [*range(document.start, document.start + len(document.body))]
    return Inner(name, document.body, places, command.words[1:], (), document.quoted)


def _inside(command: Command, wrapper: _Wrapper) -> Command | None:
    """The command inside a wrapper, or None where there is none."""
    words = command.words
    index = 1
    for subcommand in wrapper.subcommands:
        index = _past_options(words, index, wrapper.valued)
        if index >= len(words) or words[index].literal != subcommand:
            return None
        index += 1
    index = _past_options(words, index, wrapper.valued)
    if command.name == "command" and any(word.prefix[:2] in _ASKING for word in words[1:index]):
        return None
    assignments = list(command.assignments)
    while wrapper.assignments and index < len(words):
        found = _ASSIGNMENT.match(words[index].prefix)
        if found is not None:
            assignments.append(_assignment(words[index], found))
        elif words[index].raw != "-" and not is_substituted(words[index]):
            break
        index = _past_options(words, index + 1, wrapper.valued)
    if wrapper.operands:
        # `wait-for-it.sh db:5432 -t 30 -- command`
        index = _past_options(words, index + wrapper.operands, wrapper.valued)
    if index >= len(words):
        return None
    return command._replace(words=words[index:], assignments=tuple(assignments))


def is_substituted(word: Word) -> bool:
    """Whether a word is all of what other commands print, split into words: `$(cat .env | xargs)`."""
    return len(word.parts) == 1 and word.raw[:1] in {"$", "`"} and word.expansions[0].kind == "command"


def _past_options(words: tuple[Word, ...], index: int, valued: frozenset[str]) -> int:
    """The index of the first word that is no option, nor an option's value."""
    while index < len(words):
        text = words[index].prefix
        if not text.startswith("-") or text == "-":
            break
        index += 2 if words[index].literal in valued else 1
        if text == "--":
            break
    return index


def _assignment(word: Word, found: re.Match[str]) -> Assignment:
    """A word `NAME=value` as an assignment."""
    size = found.end()
    parts = word.parts
    if isinstance(parts[0], str):
        parts = (parts[0][size:], *parts[1:]) if parts[0][size:] else parts[1:]
    plain = word.raw.startswith(found[0])
    value = Word(word.raw[size:] if plain else word.raw, parts, word.start + (size if plain else 0), word.end)
    return Assignment(found[1], "=", value, None, word.start, word.end)


def inner_text(word: Word) -> tuple[str, list[int]]:
    """A word's text as the inner shell gets it, expansions left as written, with the place of each character."""
    raw = word.raw
    # Nearly all of them have no quotes, or one pair around them.
    inner = raw[1:-1] if raw[:1] in {"'", '"'} and raw[-1:] == raw[:1] and len(raw) > 1 else raw
    if "\\" not in inner and "'" not in inner and '"' not in inner:
        start = word.start + (inner is not raw)
        return inner, [*range(start, start + len(inner))]
    kept: list[int] = []
    quote = ""
    index = 0
    while index < len(raw):
        c = raw[index]
        if c == "\\" and quote != "'" and (not quote or raw[index + 1 : index + 2] in '$`"\\\n'):
            if raw[index + 1 : index + 2] not in {"\n", ""}:
                kept.append(index + 1)
            index += 2
            continue
        if c in "'\"" and quote in {"", c}:
            quote = "" if quote else c
        else:
            kept.append(index)
        index += 1
    return "".join(raw[at] for at in kept), [word.start + at for at in kept]
