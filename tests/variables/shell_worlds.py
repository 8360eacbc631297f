"""Entrypoint scripts made at random, what real shells give the program that they start, and what `variables/` says.

The service mounts its folder and runs `start.sh`, which ends in `printenv -0`. A value that is claimed to be known must
be the real one, a name that is claimed to be there must be there, one that is claimed to be absent must not be; what is
not known is counted.
"""

from __future__ import annotations

import json
import random
import shutil
import subprocess
from collections import Counter
from typing import TYPE_CHECKING, NamedTuple

from fr_check.core.config import Config
from fr_check.core.context import Context
from fr_check.core.repository import Memory
from fr_check.variables.flow import Flow
from fr_check.variables.model import Absent, Literal, Maybe, Removed, Set
from fr_check.variables.services import process

if TYPE_CHECKING:
    from pathlib import Path

    from fr_check.variables.model import State

SHELLS = tuple(path for name in ("dash", "bash") if (path := shutil.which(name)) is not None)
PROBE = "/usr/bin/printenv -0"
NAMES = ("A", "B", "C", "D", "E", "F")
GIVEN = {"A": "a0", "B": "", "PATH": "/usr/local/bin:/usr/bin:/bin"}
_FILES = ("a.env", "b.env", "lib.sh")


class Chooser:
    """Chooses names and values, the same ones every time; `values` are those of the language that is written."""

    values: tuple[str, ...]

    def __init__(self, seed: int) -> None:
        self.random = random.Random(seed)  # noqa: S311

    def pick(self, *choices: str) -> str:
        return self.random.choice(choices)

    @property
    def name(self) -> str:
        return self.random.choice(NAMES)

    @property
    def value(self) -> str:
        return self.random.choice(self.values)


class Writer(Chooser):
    """Writes one script, and the files that it reads."""

    values = ("1", "x", "two", "''", '"q r"', "$A", '"$B"', "${C:-d}", '"${D:-$A}"', "${E-e}", "${F:+f}", "$1", "")

    def __init__(self, seed: int) -> None:
        super().__init__(seed)
        self.functions = 0
        self.bash = self.random.random() < 0.4

    @property
    def file(self) -> str:
        return self.random.choice(_FILES)

    def variables(self) -> str:
        """A file of variables."""
        lines = [
            self.pick(f"{self.name}={self.value}", f"export {self.name}=v", f"{self.name}=plain", "# a comment", "")
            for _ in range(self.random.randint(1, 4))
        ]
        return "\n".join(line.replace("$1", "one") for line in lines) + "\n"

    def plain_file(self) -> str:
        return "".join(f"{self.name}={self.pick('1', 'x', 'a/b', '')}\n" for _ in range(self.random.randint(1, 3)))

    def written(self) -> str:
        """A file of variables that the script writes before it reads it."""
        name, value, file = self.name, self.value.replace("$1", "one"), self.pick("w.env", "a.env")
        return self.pick(
            f"cat > {file} <<'EOF'\n{name}={value}\nexport {self.name}=doc\nEOF\n",
            f"cat > {file} <<EOF\n{name}=w${self.name}\nEOF\n",
            f"cat <<EOF > ./{file}\nexport {name}=w\nEOF\n",
            f"echo '{name}={value}' > ./{file}",
            f'echo "{name}=${self.name}" > ./{file}',
            f"printf '%s\\n' '{name}={value}' 'export {self.name}=p' > {file}",
            f"printf '{name}=pf\\n{self.name}=pg\\n' > {file}",
            f"echo {name}=app >> ./{file}",
            f"echo {name}=t | tee {file} >/dev/null",
            f"{{ echo {name}=g; echo export {self.name}=h; }} > {file}",
            f"( echo {name}=g ) >> {file}",
            f"cp plain.env {file}",
            f'[ -n "$A" ] && echo {name}=if > {file}',
            f"rm -f {file}",
            f"sed -e s/x/y/ plain.env > {file}",
            f"echo x{name}=1 | sed s/x// > {file}",
        ) + self.pick("", f"; set -a; . ./{file}; set +a", f"; . ./{file}", f"; [ -f ./{file} ] && . ./{file}")

    def of_bash(self) -> str:
        """A command that only bash has."""
        name, value, file = self.name, self.value, self.file
        return self.pick(
            f'args=(env {name}=ar); args+=({self.name}=pl); "${{args[@]}}" true; set -- "${{args[@]}}"',
            f"list=(one two); {name}=${{list[1]}}",
            f'list=(o "t w"); {name}="${{list[@]}}"',
            f'list=(o "t w"); {name}=$list; {self.name}=${{#list[@]}}',
            f'list=(m n); for {name} in "${{list[@]}}"; do export {self.name}=$A; done',
            f"list+=(x); export {name}=${{list[0]}}",
            f"{name}=(q r)",
            f"declare {name}={value}",
            f"declare -x {name}={value}",
            f"typeset -x {name}",
            f"declare +x {name}",
            f"declare -g {name}=g",
            f"source ./{file}",
            f"source {file}",
            f". <(cat <<EOF\n{name}=${self.name}\nexport {self.name}=d\nEOF\n)",
            f"set -a; source <(echo {name}=1); set +a",
            f". <(cat {file})",
            f"source <(grep -v '^#' {file})",
            f"case $A in a0) {name}=1 ;& b) {self.name}=fell ;; *) {name}=2 ;; esac",
            f'[[ "$1" == a* ]] && {name}=glob; [[ $1 = arg && -n $A ]] && {name}=both',
            f"{name}+=more",
            f"export {name}+=more",
            f"{name}=${{@:1:1}}; {self.name}=${{*:2}}",
            f'[[ -n "$A" && $B == "" ]] && {name}=dbl',
            f"if [[ ${name} == a* ]]; then export {self.name}=m; fi",
        )

    def simple(self) -> str:
        """One command."""
        chance = self.random.random()
        if chance < 0.15:
            return self.written()
        if self.bash and chance < 0.45:
            return self.of_bash()
        name, value, file = self.name, self.value, self.file
        return self.random.choice(
            (
                f"{name}={value}",
                f"{name}={value}",
                f"export {name}={value}",
                f"export {name}",
                f"export {self.name} {name}",
                f"{name}=${{{name}:-{self.pick('d', '')}}}",
                f"export {name}=${{{name}:-d}}",
                f"unset {name}",
                f"{name}={value} {self.name}={self.value}",
                f": ${{{name}:=f}}",
                f': "${{{name}=g}}"',
                "set -a",
                "set +a",
                "set -o allexport",
                "set -eu; set +eu",
                "set -a +a",
                f". ./{file}",
                f". ./{file}",
                f"set -a; . ./{file}; set +a",
                "export $(cat plain.env | xargs)",
                "export $(grep -v '^#' plain.env | xargs)",
                "export $(cut -d= -f1 plain.env)",
                f"export $(xargs < plain.env) {name}=z",
                f"eval 'export {name}=v'",
                f'eval "{name}=${self.name}"',
                f"eval \"export {name}='$A'\"",
                f"true && {name}=t",
                f"false || {name}=o",
                f"false && {name}=n",
                f"true || {name}=n",
                f'[ -n "$A" ] && export {name}=y',
                f"[ -f ./{file} ] && . ./{file}",
                f"[ -f ./none ] && {name}=none",
                f"[ -f ./{file} ] && {name}=there",
                "set -- p q",
                f"set -- {value} s",
                f"{name}=$1",
                "shift || true",
                f"echo x | read {name} || true",
                f"read {name} < plain.env",
                f"{name}=x | true",
                f"{name}=in true",
                f"{name}=in :",
                f"export -n {name} 2>/dev/null || true",
                f"readonly {name}={value}",
                f"readonly {name}",
                f'[ -z "${name}" ] && export {name}=z',
                f'[ -z "${{{name}:-}}" ] || {name}=z',
                f'test -n "${name}" || {{ {name}=1; export {name}; }}',
                f"{name}=$(echo sub)",
                f"command export {name}=c",
                f"if [ -f ./{file} ]; then set -a; . ./{file}; set +a; fi",
                f"{self.name}=k; readonly_{name}=1",
                f"{name}='one two'; export {name}",
                f'cat > w.env <<EOF\n{name}=${self.name}\nexport {self.name}="$A"\nEOF\n. ./w.env',
                f'cat > w.env <<EOF\n{name}=$(echo a b)\n{self.name}="$(echo c d)"\nEOF\nset -a; . ./w.env; set +a',
                f"set -a && . ./{file} && set +a",
                f"[ -f ./{file} ] && set -a && . ./{file} && set +a",
                f"test -r {file} && export $(cat plain.env | xargs)",
                f'case "$1" in arg) {name}=is-arg ;; "") {name}=is-empty ;; *) {name}=is-other ;; esac',
                f'case "$#" in 0) export {name}=none ;; 1|2) export {name}=some ;; esac',
                f'case "$A" in a[0-9]) export {name}=digit ;; a*) export {name}=star ;; esac',
                f"case x in x) export {name}=fell ;; *) export {name}=not ;; esac",
                f'[ "$1" = arg ] && export {name}=arg || export {name}=noarg',
                f'if [ "$#" -gt 0 ]; then {name}=many; else unset {name}; fi',
                f'if [ ! -n "$B" ]; then export {name}=bempty; elif true; then export {name}=elif; fi',
                f"true || export {name}=never; false && export {name}=never",
                f"! true && {name}=nn; ! false && {name}=nf",
                f"{{ true; }} && {name}=grp; if false; then exit 0; fi",
                f"command -v none && export {name}=none; command -v sh >/dev/null && export {name}=sh",
                f"false && {{ export {name}=brace; }} || {name}=or",
                f"false; [ $? -eq 0 ] && export {name}=status",
                f"true && false || export {name}=chain; true | false && {name}=pipe",
                f"( exit 0 ); {name}=sub; ( exec true ); export {name}=subexec",
                f"exec 3>&1; {name}=redirected",
                f"A=$A; export {name}=$A$A",
            )
        )

    def local(self) -> str:
        """What a function begins with."""
        local = self.pick("local", "local", "declare", "typeset") if self.bash else "local"
        return self.pick(
            "", f"{local} {self.name}=l; ", f"{local} {self.name}; ", f"{local} {self.name}=${self.name}; "
        )

    def statement(self, depth: int) -> str:  # noqa: PLR0911 - a table of constructs
        """One command, or a compound one."""
        if depth <= 0 or self.random.random() < 0.55:
            return self.simple()
        inner = self.body(depth - 1)
        other = self.body(depth - 1)
        kind = self.random.randrange(9)
        condition = self.pick(
            "true", "false", '[ -n "$B" ]', '[ "$A" = a0 ]', "[ -f ./a.env ]", f'[ -z "${self.name}" ]'
        )
        if kind == 0:
            return f"( {inner} )"
        if kind == 1:
            return f"{{ {inner}; }}"
        if kind == 2:
            return f"if {condition}; then {inner}; else {other}; fi"
        if kind == 3:
            return f"if {condition}; then {inner}; fi"
        if kind == 4:
            self.functions += 1
            called = self.pick(f"f{self.functions}", f"f{self.functions} u", f"{self.name}=w f{self.functions}", ":")
            return f"f{self.functions}() {{ {self.local()}{inner}; }}; {called}"
        if kind == 5:
            return f"for {self.name} in {self.pick('m n', '$A', 'm', '')}; do {inner}; done"
        if kind == 6:
            return f'case "${self.name}" in a*) {inner} ;; *) {other} ;; esac'
        if kind == 7:
            return f"{condition} && {{ {inner}; }}"
        return f"{{ {inner}; }} | cat"

    def body(self, depth: int) -> str:
        return "; ".join(self.statement(depth) for _ in range(self.random.randint(1, 3)))

    def end(self) -> str:
        """What starts the program."""
        name = self.name
        return self.random.choice(
            (
                PROBE,
                f"exec {PROBE}",
                f"exec {PROBE}",
                f"{name}=own {PROBE}",
                f"env {name}=w {PROBE}",
                f"exec env -u {name} {PROBE}",
                f"exec env -i {name}=only {PROBE}",
                f"env - {PROBE}",
                f'exec env -i {name}="${name}" A="$A" {PROBE}',
                f'{name}=own env -u A A="$A" {PROBE}',
                f"exec env --unset={name} {self.name}=b {PROBE}",
                f"exec env $(cat plain.env | xargs) {PROBE}",
                f"{name}=$A exec {PROBE}",
                f"timeout 9 nohup {PROBE}",
                f'set -- env {name}=z {PROBE}; exec "$@"',
                f"exec sh -c '{name}=i; export {self.name}; exec {PROBE}'",
                f"sh -c '. ./{self.file}; exec {PROBE}'",
                f"exec sh -a -c '. ./{self.file}; exec {PROBE}'",
                "exec sh ./end.sh",
                f"{name}=over exec sh ./end.sh",
                f"( {self.simple()}; exec {PROBE} )",
                f"RUN='exec {PROBE}'; sh -c \"$RUN\"",
                f'exec sh -c "{name}=$A; export {name}; exec {PROBE}"',
                f'go() {{ {self.simple()}; [ -n "${name}" ] && return; {self.simple()}; }}; go; exec {PROBE}',
                f"go() {{ if {self.pick('true', 'false')}; then return 0; fi; {self.simple()}; }}; go; exec {PROBE}",
                f"go() {{ {self.simple()}; return 0; {self.simple()}; }}; go; exec {PROBE}",
                f"go() {{ {self.simple()}; exec {PROBE}; }}; go",
                f"if true; then exec {PROBE}; fi",
                f'case "$1" in arg) exec {PROBE} ;; *) {self.simple()}; exec {PROBE} ;; esac',
                f"if false; then exec {PROBE}; fi; {self.simple()}; exec {PROBE}; export {name}=after",
                f"go() {{ {self.simple()}; exec {PROBE}; }}; go; {name}=late; {PROBE}",
                f"{PROBE}; exit 0; {PROBE}",
                f"unset {name}; exec {PROBE}",
                f"exec sh -c 'exec \"$@\"' -- {PROBE}",
                f'set -- {PROBE}; exec sh -c \'{name}=i; export {self.name}; exec "$@"\' -- "$@"',
                f'set -- {PROBE}; exec sh -c "export {name}=w; exec $*"',
                f'set -- {PROBE}; exec sh -c "{name}=2; export {self.name}=${name}; exec env {self.name}=e $*"',
                f'set -- {PROBE}; exec sh -c \'export {name}=$1; exec "$0" -0\' "$@"',
                f'set -- {PROBE}; cmd="$*"; exec $cmd',
                f'set -- {PROBE}; main() {{ {self.simple()}; exec "$@"; }}; main "$@"',
                f'set -- env {name}=v {PROBE}; eval "exec $*"',
                f'set -- x {PROBE}; shift; exec nohup "${{@}}"',
            )
        )

    def files(self) -> dict[str, str]:
        """path -> text."""
        lines = [self.statement(2) for _ in range(self.random.randint(1, 6))]
        first = self.pick("#!/bin/sh", "#!/bin/sh", "#!/bin/sh -a", "#!/bin/sh")
        first = first.replace("sh", "bash") if self.bash else first
        found = {name: self.variables() for name in _FILES}
        found["plain.env"] = self.plain_file()
        found["end.sh"] = f"{self.simple()}\nexec {PROBE}\n"
        found["start.sh"] = "\n".join([first, *lines, self.end()]) + "\n"
        entries = "".join(f"      {name}: {json.dumps(value)}\n" for name, value in GIVEN.items())
        command = self.pick(
            '["./start.sh"]', '["./start.sh"]', '["sh", "-c", "./start.sh arg"]', '["tini", "--", "./start.sh"]'
        )
        found["compose.yml"] = (
            "services:\n  web:\n    image: x\n    working_dir: /app\n    volumes: ['.:/app']\n"
            f"    entrypoint: {command}\n    environment:\n{entries}"
        )
        return found


def claims(files: dict[str, str], shown: str = "start.sh") -> dict[str, State | None]:
    """What is said of each name; None where nothing is said to be started."""
    flow = Flow(Context(Memory(files), Config(), None), (), {})
    (project,) = flow.projects
    found = process(project, project.services["web"], flow.reading)
    assert found.launch is not None
    if not found.launch.starts:
        # Nothing is started, for certain.
        assert not found.launch.unread, files[shown]
        return dict.fromkeys(NAMES)
    return {name: found.process.get(name) for name in NAMES}


def real(files: dict[str, str], folder: Path, shell: str) -> dict[str, str] | None:
    """What a shell gives the program; None where it stops before it."""
    (folder / "w.env").unlink(missing_ok=True)
    for path, text in files.items():
        (folder / path).write_text(text)
    first = files["start.sh"].partition("\n")[0]
    options = ["-a"] if first.endswith("-a") else []
    arguments = ["arg"] if "start.sh arg" in files["compose.yml"] else []
    # What `sh` is within a script shall be the same shell.
    (folder / "bin").mkdir(exist_ok=True)
    (folder / "bin" / "sh").unlink(missing_ok=True)
    (folder / "bin" / "sh").symlink_to(shell)
    environment = {**GIVEN, "PATH": f"{folder}/bin:{GIVEN['PATH']}"}
    done = subprocess.run(
        [shell, *options, "./start.sh", *arguments],
        cwd=folder, env=environment, capture_output=True, text=True, timeout=20, check=False, stdin=subprocess.DEVNULL,
    )  # fmt: skip
    if done.returncode or not done.stdout:
        return None
    pairs = (entry.partition("=") for entry in done.stdout.split("\0") if entry)
    return {name: value for name, _, value in pairs}


class Difference(NamedTuple):
    """A claim that is wrong."""

    shell: str
    name: str
    claimed: object
    got: str | None


def differences(
    claimed: dict[str, State | None], got: dict[str, str], shell: str, count: Counter[str]
) -> list[Difference]:
    """The claims that a shell refutes."""
    wrong = []
    for name, state in claimed.items():
        value = got.get(name)
        if state is None:
            wrong.append(Difference(shell, name, "that it is not started", value))
        elif isinstance(state, Maybe):
            count["perhaps"] += 1
        elif isinstance(state, Set) and isinstance(state.entry.value, Literal):
            count["known"] += 1
            if state.entry.value.text.reveal() != value:
                wrong.append(Difference(shell, name, state.entry.value.text.reveal(), value))
        elif isinstance(state, Set):
            count["set"] += 1
            if value is None:
                wrong.append(Difference(shell, name, state.entry.value, value))
        else:
            assert isinstance(state, (Absent, Removed))
            count["absent"] += 1
            if value is not None:
                wrong.append(Difference(shell, name, state, value))
    return wrong


def compare(seeds: range, folder: Path) -> tuple[list[tuple[int, Difference]], Counter[str]]:
    """Every difference over some scripts, and how often what was claimed."""
    found, count = [], Counter[str]()
    for seed in seeds:
        files = Writer(seed).files()
        claimed = claims(files)
        for shell in SHELLS if not files["start.sh"].startswith("#!/bin/bash") else SHELLS[-1:]:
            got = real(files, folder, shell)
            count["stopped" if got is None else "ran"] += 1
            if got is not None:
                found += [(seed, one) for one in differences(claimed, got, shell, count)]
    return found, count
