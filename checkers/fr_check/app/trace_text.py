"""Traces as text for people, and as Markdown."""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from fr_check.core.model import Location
    from fr_check.variables.model import Step
    from fr_check.variables.programs import Reader
    from fr_check.variables.trace import Placed, Trace
    from fr_check.variables.value_outcomes import Outcome

_FIRST, _SECOND = 18, 68
_WORDS = {
    "example": "from the example",
    "default": "NOT SET, the default holds",
    "secret": "from a secret",
    "secret-or-empty": "from a secret; empty where {} lacks it",
    "empty": "EMPTY",
    "computed": "computed",
    "not-set": "NOT SET",
    "unknown": "unknown",
    "ignored": "no effect",
}
_LIKELY = frozenset(("computed", "secret", "secret-or-empty"))
_BAKED = frozenset(("build-arg", "arg", "image-env", "baked"))
_HOW = {
    "read-from-file": "read from file",
    "build-arg": "build arg",
    "image-env": "ENV",
    "env-file": "env_file",
    "filled-into": "filled into",
}
_BOLD, _RED, _DIM, _END = "\033[1m", "\033[31m", "\033[2m", "\033[0m"


def text(trace: Trace, *, color: bool, width: int | None) -> str:
    """One trace, aligned; cut to `width` columns where there are so many only."""
    lines: list[str] = []
    for reader in trace.readers:
        own = [one for one in trace.processes if any(each is reader for each in one.traced.reads)]
        head = _cut(_head(trace, reader), width)
        lines += ["", *([f"{_BOLD}{head}{_END}"] if color else [head]), ""]
        for several in _alike(own):
            lines += _block(several, width=width, color=color)
    if not trace.readers:
        said = "no program reads it, Compose fills it in" if trace.fills else "nothing reads it"
        others = [one for one in trace.processes if one.traced.outcome.word != "ignored"]
        if others:
            words = next((one.traced.outcome.by for one in others if one.traced.outcome.by), "")
            said = f"{words} reads it" if words else "nothing that is followed reads it"
            said = "no page reads it yet" if all(one.traced.kind == "build" for one in others) else said
        lines += ["", _cut(_line(f"{trace.variable}: {said}", "", ", ".join(map(_place, trace.documented))), width)]
    lines += [_cut(_line(how, said, where), width) for how, said, where in _rows(trace.fills)]
    for one in trace.processes if not trace.readers else ():
        if one.traced.outcome.word != "ignored":
            lines += _block([one], width=width, color=color)
    lines += [_cut(line, width) for line in _without_effect(trace)]
    lines += [_cut(_line("mentioned", "not followed", _place(where)), width) for where in trace.mentions]
    return "\n".join(lines[1:]) + "\n"


def _without_effect(trace: Trace) -> list[str]:
    """Services that are given it, and in which nothing reads it."""
    found: dict[str, list[str]] = {}
    for one in trace.processes:
        if not one.traced.reads and one.traced.outcome.word == "ignored":
            name = one.traced.what.rpartition("service ")[2]
            for step in one.traced.steps:
                if step.location is not None:
                    running = "running " if trace.readers else ""
                    found.setdefault(f"`environment` of the {running}{name}", []).append(_place(step.location))
    return [_line("no effect", said, ", ".join(places)) for said, places in found.items()]


def _head(trace: Trace, reader: Reader) -> str:
    secret = " (secret)" if reader.secret else ""
    if reader.kind == "setting":
        default = "required" if reader.required else f"default {_spelled(reader)}"
        told = f"{reader.what}, {reader.type}, {default}"
    else:
        told = reader.what + ("" if reader.default is None else f', else "{reader.default}"')
    return _line(f"{trace.variable}{secret}: {told}", "", _place(reader.location))


def _spelled(reader: Reader) -> str:
    if reader.default is None:
        return "None"
    quoted = reader.default != "***" and "str" in (reader.type or "")
    return f'"{reader.default}"' if quoted else reader.default


def _alike(processes: list[Placed]) -> list[list[Placed]]:
    """Processes that get the same by the same way, told once."""
    found: dict[tuple[object, ...], list[Placed]] = {}
    for one in processes:
        traced = one.traced
        key = (traced.reads and traced.reads[0].location, traced.outcome, traced.steps)
        same = key if traced.kind == "task" else (*key, traced.location)
        found.setdefault(same, []).append(one)
    return list(found.values())


def _block(several: list[Placed], *, width: int | None, color: bool) -> list[str]:
    traced = several[0].traced
    names = ", ".join(dict.fromkeys(name for one in several for name in one.environments)) or "-"
    what = ", ".join(dict.fromkeys(_what(one) for one in several))
    told = _told(traced.outcome, traced.steps)
    head = _cut(_line(names, what, told), width)
    if color:
        shade = _RED if told.startswith(("NOT", "EMPTY", "REFUSED", "unknown")) else _BOLD
        head = head.replace(told, f"{shade}{told}{_END}") if told in head else head
    lines = [head]
    for how, said, where in _rows(traced.steps):
        line = _cut(_line(f"  {how}", said, where), width)
        lines.append(f"{_DIM}{line}{_END}" if color else line)
    unknown = traced.outcome.unknown or ""
    # Whether the example is copied is is_told above, and what a shell sets nobody knows.
    is_told = unknown.startswith("whether `.env` is a copy") or unknown.endswith("what the shell sets")
    if unknown and (traced.outcome.word != "example" or not is_told):
        lines.append(_cut(_line("  not known", unknown, ""), width))
    return lines


def _what(one: Placed) -> str:
    traced = one.traced
    return f"{traced.what} of {traced.of}" if traced.kind in {"service", "run"} else traced.what


def _told(outcome: Outcome, steps: tuple[Step, ...]) -> str:
    likely = "" if outcome.certain else ", likely"
    if outcome.word == "value":
        return f"{'a value that is not shown' if outcome.value is None else outcome.value}{likely}"
    if outcome.word == "example":
        copied = any(step.how == "copied" for step in steps)
        return "from the example, if it is copied" if copied else "from the example, if .env is a copy of it"
    if outcome.word == "refused":
        return f"REFUSED by {outcome.by}{': ' + outcome.value if outcome.value else ''}{likely}"
    word = _WORDS[outcome.word].format(outcome.by.partition("'")[0] or "Vault")
    word = word.replace("from a secret", f"from {outcome.by}") if outcome.by else word
    shown = f" {outcome.value}" if outcome.value and outcome.word == "computed" else ""
    return f"{word}{shown}{likely if outcome.word in _LIKELY else ''}"


def _rows(steps: tuple[Step, ...]) -> list[tuple[str, str, str]]:
    """The steps to tell: those without a short text say nothing new, and several with the same are one line."""
    found: dict[tuple[str, str], list[str]] = {}
    baked = [step for step in steps if step.how in _BAKED and step.text]
    if len(baked) > 1:
        rest = _rows(tuple(step for step in steps if step.how not in _BAKED))
        return [*rest, (", ".join(step.text for step in baked), "", _joined(baked))]
    for step in steps:
        if step.text:
            places = found.setdefault((_HOW.get(step.how, step.how), step.text), [])
            place = "" if step.location is None else _place(step.location)
            places += [place] if place and place not in places else []
    return [(how, said, ", ".join(places)) for (how, said), places in found.items()]


def _joined(steps: list[Step]) -> str:
    """Places one after another, the path where it changes."""
    told, path = [], ""
    for step in steps:
        if step.location is not None:
            where = _place(step.location)
            told.append(where.removeprefix(path) if step.location.path == path else where)
            path = step.location.path
    return ", ".join(told)


def _place(location: Location) -> str:
    return f"{location.path}:{location.span.line}" if location.span is not None else location.path


def _line(first: str, second: str, third: str) -> str:
    """Three columns; what is too long for one pushes the next."""
    line = first
    if second:
        line = _pad(line, _FIRST) + second
    return (_pad(line, _SECOND) + third).rstrip() if third else line.rstrip()


def _pad(line: str, column: int) -> str:
    return line.ljust(column) if len(line) <= column - 2 else f"{line}  "


def _cut(line: str, width: int | None) -> str:
    return line if width is None or len(line) <= width else f"{line[: max(width - 1, 1)]}…"


def markdown(trace: Trace) -> str:
    """One trace as a list, for a comment or a page."""
    lines = [f"### `{trace.variable}`", ""]
    for reader in trace.readers:
        secret = ", secret" if reader.secret else ""
        kind = f"`{reader.what}`" if reader.kind == "setting" else reader.what
        lines.append(f"- read by {kind}{secret} at `{_place(reader.location)}`")
    lines += ["", "| environment | process | outcome |", "|---|---|---|"]
    for one in trace.processes:
        told = _told(one.traced.outcome, one.traced.steps)
        names = ", ".join(one.environments) or "-"
        lines.append(f"| {_cell(names)} | {_cell(_what(one))} | {_cell(told)} |")
    lines.append("")
    for one in trace.processes:
        lines.append(f"- {_what(one)}")
        lines += [
            f"  - {how}: {said}{f' (`{where}`)' if where else ''}" for how, said, where in _rows(one.traced.steps)
        ]
    return "\n".join(lines) + "\n"


def _cell(string: str) -> str:
    return string.replace("|", "\\|")
