"""Generated templates whose every path can be taken, and `sh` to say what each of their outputs sets."""

from __future__ import annotations

import itertools
import random
import re
import subprocess
from typing import TYPE_CHECKING, NamedTuple

from fr_check.core.text import Text
from fr_check.sources.gotemplate import Template, parse

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from pathlib import Path


class Generated(NamedTuple):
    """A template whose every path can be taken: each condition asks for a field of its own."""

    source: str
    conditions: int
    loops: int
    tidy: bool


class Writer:
    """Writes templates of assignments, with every construct the abstract rendering models."""

    def __init__(self, seed: int, *, tidy: bool, most_conditions: int = 4) -> None:
        self.draw = random.Random(seed)  # noqa: S311 - no secret is made here
        self.tidy = tidy
        self.conditions = 0
        self.loops = 0
        self.most_conditions = most_conditions
        self.keys = 0
        self.variables = 0

    def template(self) -> Generated:
        body = self.lines(self.draw.randint(1, 6), 2)
        if self.draw.random() < 0.6:
            opening = f'{self.left()}with secret "secret/data/app"{self.right()}{self.newline()}'
            body = f"{opening}{body}{self.left()}end{self.right()}"
        return Generated(body, self.conditions, self.loops, self.tidy)

    def left(self) -> str:
        return self.draw.choice(("{{ ", "{{ ", "{{- "))

    def right(self) -> str:
        return self.draw.choice((" }}", " }}", " -}}"))

    def newline(self) -> str:
        return self.draw.choice(("\n", "\n", "\n", "\n" if self.tidy else "", "\r\n", "\n\n", "\n  "))

    def key(self) -> str:
        self.keys += 1
        return f"K{self.keys}_"

    def condition(self) -> str | None:
        if self.conditions >= self.most_conditions:
            return None
        self.conditions += 1
        return f"C{self.conditions}"

    def lines(self, count: int, depth: int) -> str:
        return "".join(self.line(depth) for _ in range(count))

    def line(self, depth: int) -> str:  # noqa: PLR0911 - one return for each construct
        kind = self.draw.random()
        if kind < 0.45 or (depth == 0 and kind < 0.8):
            return f"{self.draw.choice(('', '', '', 'export ', '  '))}{self.key()}={self.value()}{self.newline()}"
        if kind < 0.5:
            return f"# note {self.draw.choice(('', '{{ print `x` }}', self.key() + '=1'))}\n"
        if kind < 0.55:
            left, right = self.draw.choice(("{{", "{{- ")), self.draw.choice(("}}", " -}}"))
            return f"{left}/* {self.key()}=1 */{right}{self.newline()}"
        if kind < 0.62:
            return f'{self.left()}printf "{self.key()}=%s\\n{self.key()}=b\\n" "a"{self.right()}'
        if kind < 0.7:
            self.variables += 1
            name = f"$v{self.variables}"
            declared = f'{self.left()}{name} := "V{self.variables}"{self.right()}{self.newline()}'
            return f"{declared}{{{{ {name} }}}}_={self.value()}\n"
        if kind < 0.74:
            return f"{self.draw.choice(('X = v', 'Y= v', 'A-B=1', 'plain words', 'C: d', '', 'Z=a b'))}\n"
        if kind < 0.77 and self.loops < 1:
            self.loops += 1
            body = self.lines(self.draw.randint(1, 2), 0)
            opening = f"{self.left()}range $k, $v := $.L{self.loops}{self.right()}\n"
            return f"{opening}{body}{self.left()}end{self.right()}{self.newline()}"
        return self.block(depth - 1)

    def block(self, depth: int) -> str:
        field = self.condition()
        if field is None or depth < 0:
            return f"{self.key()}={self.value()}\n"
        kind = self.draw.choice(("if", "with"))
        # Every path asks the same top level, so that dot matters as little as possible here.
        body = self.lines(self.draw.randint(0, 2), depth)
        out = f"{self.left()}{kind} index $.F `{field}`{self.right()}{self.newline()}{body}"
        if self.draw.random() < 0.4:
            out += f"{self.left()}else{self.right()}{self.newline()}{self.lines(self.draw.randint(0, 2), depth)}"
        return f"{out}{self.left()}end{self.right()}{self.newline()}"

    def value(self) -> str:
        kind = self.draw.randrange(9)
        field = self.condition() if kind == 0 else None
        if field:
            inner = f"{{{{ with index $.F `{field}` }}}}{{{{ printf `%q` . }}}}{{{{ else }}}}"
            return f"{inner}{self.draw.choice(('', 'x', chr(34) * 2, '7'))}{{{{ end }}}}"
        return self.draw.choice(
            (
                "1",
                "",
                '"two words"',
                "'it'",
                '"a\\"b"',
                "{{ printf `%q` `v` }}",
                "x{{ `y` }}z",
                '"l1\nl2=3"',
                "a#b",
                "1 # c",
            )
        )


def generated(seed: int) -> Generated:
    """The template of this number; tidy ones (even numbers) end every line, so that only a trim marker can glue."""
    return Writer(seed, tidy=seed % 2 == 0).template()


def choices(template: Generated) -> list[dict[str, object]]:
    """Data for every path: a field that is asked for holds a harmless word or nothing, a loop has 0 to 2 turns."""
    fields = itertools.product((True, False), repeat=template.conditions)
    loops = itertools.product(({}, {"a": "1"}, {"a": "1", "b": "2"}), repeat=template.loops)
    return [
        {
            "F": {f"C{number}": "yes" if taken else "" for number, taken in enumerate(taken_fields, 1)},
            **{f"L{number}": turns for number, turns in enumerate(taken_turns, 1)},
        }
        for taken_fields, taken_turns in itertools.product(fields, loops)
    ]


def sourced(outputs: Sequence[str], folder: Path) -> list[dict[str, str]]:
    """What `sh` has in its environment after `set -a; . file`, for each output. No command can be found."""
    for number, output in enumerate(outputs):
        (folder / f"{number}.env").write_bytes(output.encode())
    script = (
        f'trap : EXIT; number=0; while [ $number -lt {len(outputs)} ]; do ( trap "/usr/bin/env -0; echo end" EXIT; '
        'PATH=/nonexistent; file="./$number.env"; unset number; set -a; . "$file" ) 2>/dev/null; echo; '
        "number=$((number+1)); done"
    )
    done = subprocess.run(["/bin/sh", "-c", script], cwd=folder, env={}, capture_output=True, check=True)
    found = []
    for block in done.stdout.decode().split("\0end\n\n")[:-1]:
        pairs = (entry.split("=", 1) for entry in block.split("\0") if "=" in entry)
        found.append(
            {name: value for name, value in pairs if name not in {"PATH", "PWD", "OLDPWD", "_", "file", "number"}}
        )
    return found


def disagreement(template: Generated, environments: Iterable[dict[str, str]]) -> str:
    """What the abstract rendering says otherwise than `sh` did on all paths; empty if nothing."""
    facts = parse(Text(template.source))
    environments = list(environments)
    if any(fault.kind in ("quote", "operator") for fault in facts.faults):
        return ""  # sh stops in the middle of the file; the fault says so
    every = set.intersection(*map(set, environments))
    some = set().union(*environments)
    always = {key.name for key in facts.keys if key.always}
    if facts.names != some:
        return f"keys: said {sorted(facts.names)}, set {sorted(some)}"
    if always != every:
        return f"always: said {sorted(always)}, set {sorted(every)}"
    return _glue_disagreement(facts, environments, template) or _value_disagreement(facts, environments, template)


def _glue_disagreement(facts: Template, environments: list[dict[str, str]], template: Generated) -> str:
    said = {glued.name for glued in facts.glued if glued.first and not glued.separated and glued.name[-1] == "_"}
    seen = {name for environment in environments for value in environment.values() for name in _names_inside(value)}
    # Two on one line of the source are what the author wrote; a later turn of a loop may overwrite what glue did.
    fine = (said <= seen or template.loops > 0) and (said >= seen or not template.tidy)
    return "" if fine else f"glued: said {sorted(said)}, seen {sorted(seen)}"


def _names_inside(value: str) -> list[str]:
    """Names of the generator's own making, `K7_` or `V2_`, that stand before a `=` inside a value."""
    return re.findall(r"([KV]\d+_)(?==)", value)


def _value_disagreement(facts: Template, environments: list[dict[str, str]], template: Generated) -> str:
    for name in set().union(*environments):
        keys = [key for key in facts.keys if key.name == name]
        said = {value.literal for key in keys for value in key.values}
        seen = {environment[name] for environment in environments if name in environment}
        if not seen <= said and not any(key.dynamic for key in keys):
            return f"values of {name}: said {sorted(said)}, seen {sorted(seen)}"
        exact = len(keys) == 1 and not template.loops and not any(fault.kind == "command" for fault in facts.faults)
        if exact and not said <= seen:
            return f"values of {name}: said {sorted(said)}, seen only {sorted(seen)}"
    return ""
