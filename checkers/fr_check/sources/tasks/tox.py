"""tox.ini, or setup.cfg with `tox:` sections: `commands` of each environment, with tox's own substitutions.

`{posargs:DEFAULT}`, `{env:NAME:DEFAULT}` and `{[section]key}` are read where the file says what they come to; all else
in braces is opaque. tox starts each command without a shell and stops at the first that fails, unless `-` stands before
it or `ignore_errors` or `ignore_outcome` is set. Source: https://tox.wiki/en/latest/config.html.
"""

from __future__ import annotations

import re
from itertools import islice

from fr_check.core.model import Problem
from fr_check.core.patterns import pattern
from fr_check.core.record import NamedTuple
from fr_check.sources import ini
from fr_check.sources.build_args import is_name
from fr_check.sources.shells import NONE
from fr_check.sources.tasks.model import OPAQUE, Ignored, Script, Task, Tasks, of_places, without_shell

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from fr_check.core.text import Text
    from fr_check.sources.ini import Ini, IniOption, IniSection

_SUBSTITUTED = pattern(
    r"\{(?:posargs(?::(?P<given>[^{}\n]{0,400}))?|env:(?P<variable>[^:{}\n]{1,80})(?::(?P<otherwise>[^{}\n]{0,400}))?"
    r"|\[(?P<section>[^\]\n]{1,80})\](?P<key>[\w-]{1,80})|(?P<other>[^{}\n]{0,200}))\}"
)
_FOLDERS = {"toxinidir": ".", "tox_root": ".", "envpython": "python", "env_python": "python", "/": "/", ":": ":"}
_MOST_NAMES = 500  # of one section; each pair of braces doubles them
_LISTED = pattern(r"\{([^{}]{0,200})\}")
# `py311,cov: pytest`: a command of some environments only.
_FACTORS = pattern(r"[\w.,!{}-]+:[ \t]+")
_PATHS = ("changedir", "change_dir")
_KEYS = ("commands_pre", "commands", "commands_post")
# What every environment is given of the surroundings of tox 4.
PASSED: tuple[str, ...] = (
    "https_proxy",
    "http_proxy",
    "no_proxy",
    "LANG",
    "LANGUAGE",
    "CURL_CA_BUNDLE",
    "SSL_CERT_FILE",
    "NETRC",
    "TERM",
)
PASSED += ("CC", "CFLAGS", "CCSHARED", "CXX", "CPPFLAGS", "LD_LIBRARY_PATH", "LDFLAGS", "HOME", "TMPDIR", "FORCE_COLOR")
PASSED += ("NO_COLOR", "REQUESTS_CA_BUNDLE", "PIP_*", "VIRTUALENV_*", "UV_*", "PKG_CONFIG*", "NIX_LD*", "PATH")
_DEPTH = 4
_REFERENCES = 6  # of a value that another one refers to; more, level by level, would come to millions
_LONGEST = 2000  # characters of such a value


def parse(text: Text) -> Tasks:
    """Reads one file."""
    found = text.parsed(ini.parse)
    tasks: list[Task] = []
    problems: list[Problem] = []
    for section in found.sections:
        if not section.name.startswith(("testenv", "tox:testenv")):
            continue
        names = [*_expanded(section.name.removeprefix("tox:").removeprefix("testenv").removeprefix(":"))]
        if len(names) > _MOST_NAMES:
            problems.append(Problem(f"more than {_MOST_NAMES} environments of one name are not read", section.span))
        tasks += (_task(text, found, [section], name or "testenv", _ANY) for name in names[:_MOST_NAMES])
    return Tasks(tuple(tasks), (), tuple(problems))


def environment(text: Text, name: str, given: Sequence[str | None] = (), around: Mapping[str, str | None] = {}) -> Task:
    """What tox runs for an environment of a name: its section over `[testenv]`, lines for other factors left out.

    `given` are the words behind `--` on the command line, which take the place of the default of `{posargs:...}`;
    `around` are the variables of tox itself, which `{env:...}` reads, whatever is handed on.
    """
    found = text.parsed(ini.parse)
    sections = [
        section
        for section in found.sections
        if section.name.startswith(("testenv:", "tox:testenv:"))
        and name in [*islice(_expanded(section.name.removeprefix("tox:").partition(":")[2]), _MOST_NAMES)]
    ]
    base = next((found.section(title) for title in ("testenv", "tox:testenv") if found.section(title)), None)
    layers = [section for section in (*sections[:1], base) if section is not None]
    own = _Environment(name, tuple(OPAQUE if one is None else one for one in given), around)
    return _task(text, found, layers, name, own)


def environments(text: Text) -> tuple[str, ...]:
    """The environments that `tox` alone runs: `envlist`, or `env_list`."""
    found = text.parsed(ini.parse)
    options = (found.option(section, key) for section in ("tox", "tox:tox") for key in ("envlist", "env_list"))
    written = next((option.value for option in options if option is not None), "")
    return tuple(name for word in re.split(r"[\s,]+(?![^{]*\})", written) for name in _expanded(word) if name)


def _expanded(name: str) -> Iterator[str]:
    """`py{310,311}-x` as the names that it stands for, one more than are read at most."""
    waiting, left = [name], _MOST_NAMES + 1
    while waiting and left:
        name = waiting.pop()
        found = _LISTED.search(name)
        if found is None or found[1] == "":
            left -= 1
            yield name
            continue
        choices = found[1].split(",")[:left]
        waiting += (name[: found.start()] + choice.strip() + name[found.end() :] for choice in reversed(choices))


class _Environment(NamedTuple):
    """One environment, by its name (empty: any), and the words that `{posargs}` becomes (none: its default)."""

    name: str
    given: tuple[str, ...]
    around: Mapping[str, str | None]

    def takes(self, factors: str) -> bool:
        """Whether a line for some factors (`py311,!cov-x:`) is one of it."""
        if not self.name:
            return True
        own = {*self.name.split("-"), self.name}
        groups = (group.strip().split("-") for one in _groups(factors) for group in _expanded(one))
        return any(all((f[1:] not in own) if f.startswith("!") else (f in own) for f in group) for group in groups)


_ANY = _Environment("", (), {})


def _groups(factors: str) -> list[str]:
    """What stands between commas, those in braces left."""
    return re.split(r",(?![^{]*\})", factors)


def _task(text: Text, file: Ini, sections: Sequence[IniSection], name: str, own: _Environment) -> Task:
    scripts: list[Script] = []
    ignored = _ignored(text, file, sections, own)
    folder = next((one for key in ("changedir", "change_dir") for one, _ in _lines(text, file, sections, key, own)), "")
    home = None if "{" in (folder := _resolved(folder)) or OPAQUE in folder else folder
    for key in _KEYS:
        for string, places in _lines(text, file, sections, key, own):
            head = len(string) - len(string.lstrip("-!@ "))
            # A line may hold nothing but its continuation, and then has no place.
            mark = next((one for one in string[:head] if one in "-!"), "")
            dash = Ignored(f"`{mark}` before the command", text.span(places[0], places[0] + 1)) if mark else None
            made = of_places(*without_shell(string[head:], places[head:]), text, NONE)
            scripts.append(made._replace(ignored=dash or ignored, folder=home))
    env: dict[str, str | None] = {}
    for key in ("setenv", "set_env"):
        for string, _ in _lines(text, file, sections, key, own):
            variable, equals, value = string.partition("=")
            if equals and is_name(variable.strip()):
                env[variable.strip()] = None if OPAQUE in value else value.strip()
    passed = [
        one
        for key in ("passenv", "pass_env")
        for string, _ in _lines(text, file, sections, key, own)
        for one in re.split(r"[\s,]+", string)
    ]
    span = sections[0].span if sections else text.span(0, 0)
    return Task(name, tuple(scripts), (), span, env, None if OPAQUE.split()[0] in passed else (*PASSED, *passed))


def _lines(
    text: Text, file: Ini, sections: Sequence[IniSection], key: str, own: _Environment
) -> Iterator[tuple[str, list[int]]]:
    """The lines of an option that count for an environment, of the first section that has it, factors taken off."""
    options = (one for section in sections for one in section.options if one.name == key)
    option = next(options, None)
    for string, places in _commands(text, file, option, own) if option is not None else ():
        found = _FACTORS.match(string)
        if found is None or (key in _PATHS and string[1:3] == ":\\"):
            yield string, places
        elif own.takes(found[0].rstrip().removesuffix(":")):
            yield string[found.end() :], places[found.end() :]


def _ignored(text: Text, file: Ini, sections: Sequence[IniSection], own: _Environment) -> Ignored | None:
    """`ignore_outcome`: the environment counts as passed. (`ignore_errors` only runs on, and fails in the end.)."""
    for string, places in _lines(text, file, sections, "ignore_outcome", own):
        if string.strip().lower() in {"true", "1", "yes"}:
            return Ignored("`ignore_outcome = true`", text.span(places[0], places[-1] + 1))
    return None


def _resolved(folder: str) -> str:
    return folder.replace("{toxinidir}", ".").replace("{tox_root}", ".").strip()


def _commands(text: Text, file: Ini, option: IniOption, own: _Environment) -> Iterator[tuple[str, list[int]]]:
    r"""Each command of an option with the offset of each character; `\` at the end of a line joins the next."""
    string, places = "", [0][:0]
    for line in option.lines:
        start = text.offset(line.span.line, line.span.column)
        string += line.string
        places += range(start, start + len(line.string))
        if string.endswith("\\"):
            string = string[:-1] + " "
            continue
        yield from _substituted(file, string, places, own)
        string, places = "", []
    if string:
        yield from _substituted(file, string, places, own)


def _substituted(file: Ini, string: str, places: list[int], own: _Environment) -> Iterator[tuple[str, list[int]]]:
    pieces: list[str] = []
    kept: list[int] = []
    last = 0
    for found in _SUBSTITUTED.finditer(string):
        positional = own.given and found[0].startswith("{posargs")
        value = " ".join(own.given) if positional else _replacement(file, found, 0, own.around)
        pieces += [string[last : found.start()], value]
        kept += places[last : found.start()]
        shown = found.start("given") if found["given"] is not None else found.start("otherwise")
        exact = shown >= 0 and value in {found["given"], found["otherwise"]}
        kept += places[shown : shown + len(value)] if exact else [places[found.start()]] * len(value)
        last = found.end()
    pieces.append(string[last:])
    kept += places[last:]
    whole = "".join(pieces)
    if not whole.strip() or whole.lstrip().startswith("#"):
        return
    # A reference to another section may bring several commands, one a line.
    at = 0
    for part in whole.split("\n"):
        if part.strip():
            yield part, kept[at : at + len(part)]
        at += len(part) + 1


def _set(file: Ini, name: str) -> set[str]:
    """The values that `setenv` of the file's sections gives a variable, those that are written out."""
    lines = (
        line.string.partition("=")
        for section in file.sections
        if section.name.removeprefix("tox:").startswith("testenv")
        for option in section.options
        if option.name in {"setenv", "set_env"}
        for line in option.lines
    )
    return {value.strip() if "{" not in value else OPAQUE for key, _, value in lines if key.strip() == name}


def _replacement(file: Ini, found: re.Match[str], depth: int, around: Mapping[str, str | None]) -> str:
    if found["section"] is not None:
        option = file.option(found["section"], found["key"])
        if option is None or depth >= _DEPTH or len(option.value) > _LONGEST:
            return OPAQUE
        if len(_SUBSTITUTED.findall(option.value)) > _REFERENCES:
            return OPAQUE
        return _SUBSTITUTED.sub(lambda inner: _replacement(file, inner, depth + 1, around), option.value.strip())
    if found["variable"] is not None:
        # Of several values, which one counts depends on the environment.
        otherwise = around.get(found["variable"], found["otherwise"])
        values = [*_set(file, found["variable"])] or [OPAQUE if otherwise is None else otherwise]
        return values[0] if len(values) == 1 else OPAQUE
    if found["other"] is not None:
        return _FOLDERS.get(found["other"], OPAQUE)
    return found["given"] or ""
