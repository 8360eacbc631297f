"""How the cost of hostile text grows with its length, for every reader: processor time, so what C code does counts too.

`tests/test_hostile_input.py` reads the same texts and counts lines of Python instead.
"""

from __future__ import annotations

import gc
import time
from typing import TYPE_CHECKING, NamedTuple

from fr_check.core import secrecy
from fr_check.core.text import Text
from fr_check.coverage_gate.declared import written
from fr_check.runs import walk
from fr_check.sources import (
    bake,
    build_args,
    cobertura,
    compose,
    coverage_formats,
    dockerfile,
    dockerignore,
    dotenv,
    expression,
    gitmodules,
    gotemplate,
    ini,
    interpolation,
    javascript,
    lcov,
    make_expansion,
    makefile,
    python_reads,
    settings,
    shell,
    toml_places,
    usages,
    vault_agent,
    workflow,
)
from fr_check.sources.tasks import just, moon, package_scripts, pyproject, tox
from fr_check.sources.thresholds import hosted, node_config, prose, python_code

if TYPE_CHECKING:
    from collections.abc import Callable

LENGTH = 32_000  # characters of the shorter text
TIMES = 8  # as long is the longer one


class Reader(NamedTuple):
    """A reader, what its text begins with, what is then repeated without end, and what ends it."""

    read: Callable[[str], object]
    head: str
    units: tuple[str, ...]
    tail: str = ""
    least: int = 100  # units from which on the cost is in proportion

    def text(self, unit: str, times: int) -> str:
        """A text with so many units."""
        return self.head + unit * times + self.tail


def _text(parse: Callable[[Text], object], path: str, *units: str, head: str = "") -> Reader:
    return Reader(lambda string: parse(Text(string, path)), head, units)


def _bytes(parse: Callable[[bytes], object], *units: str, head: str = "") -> Reader:
    return Reader(lambda string: parse(string.encode()), head, units)


def _arguments(string: str) -> object:
    return build_args.parse(build_args.flatten(expression.render(string, expression.nothing)[0]))


def _expression(string: str) -> object:
    return expression.render(string, expression.nothing)


def _excluded(string: str) -> object:
    return dockerignore.parse(Text(string, ".dockerignore")).excluded_by("a/" * 40 + "b" * 200)


def _made(string: str) -> object:
    """Every target of a makefile, expanded."""
    found = makefile.parse(Text(string, "Makefile"))
    expansion = make_expansion.Expansion(found, {}, {}, ".")
    return [expansion.scripts(rule, name, "") for name, rule in found.rules.items()]


def _masked(text: Text) -> object:
    return [secrecy.masked_line(text, number) for number in range(1, text.line_count + 1)]


# What is masked, or looks so for a while.
_SECRETS = (
    *("API_KEY=x\n", "API_KEY: x\n", "API_KEY='", 'API_KEY="a\n', "API_KEY=\\\n", "API_KEY='a'", "API_KEY=(", "token "),
    *(
        "://a:",
        "://a:b@",
        "://a:b@c ",
        "Bearer ",
        "authorization: ",
        "${API_KEY:-",
        "--token ",
        "--token a ",
        "-u a:b ",
    ),
    *("-----BEGIN A-----\n", "-----BEGIN A-----\n-----END A-----\n", "eyJ", "ghp_", "aB3", "password", "key: |\n  a\n"),
    *(
        "- API_KEY=a\n",
        "    default=SecretStr('a'),\n",
        "SecretStr(",
        "default=a\n",
        "{{ .x }}",
        "name: API_KEY\nvalue: x\n",
    ),
    *(
        "define API_KEY\n",
        "ENV API_KEY a\n",
        "echo a | x --password-stdin\n",
        "mysql -p",
        "API_KEY=a ",
        "auth: {token: a} ",
        "echo a | b ",
        "redis-cli -a",
        'variable "api_key" {\n',
        "[a.password]\n",
        "value: a\nname: b\n",
        "value: a ",
        "config set a.",
        "read A <<",
        "login a password ",
        "https://a1B2c3D4@",
        "https://a1B2c3D4:",
        "kind: Secret\ndata:\n a: b\n",
        "('api_key', 'a-1')",
        "@",
        "= ",
    ),
    *("echo ", "useradd ", "zip -", "a-a is `", "<a>", "token = <<E\n", "PASSWORD '", "jwt.sign(", "vault login "),
    *("API_KEY=a\r\n", "\r\n"),
)
_COMMANDS = (
    *("docker build a\n", "docker build --build-arg A=1 ", "f() { docker build $1; }\n", "f a\n", "cd a\n", "popd\n"),
    *("for x in a b; do docker build $x; done\n", "a+=(b)\n", "x=$(cd a && pwd)\n", "make a\n", "export A=b\n"),
    *("docker compose -f a build b\n", '"$@" ', "$(dirname $0)/a.sh\n"),
)
_MAKEFILE = (
    *("a: b\n\tc\n", "a:\n", "\tb\n", "A = $(A)\n", "A += b\n", "\tb $(A) $$c\n", "define A\n", "ifdef A\n", "\\\n"),
    *("%.a: %\n", "\t$(", "\t$(A", "a b c: d;e\n", "include a\n", "a: A = b\n", "a ", "#\n"),
)
_DOCKERFILE = (
    *("ENV a b \\\n", "FROM a AS b\n", "RUN <<E\n", "RUN <<E\nE\n", "ONBUILD ", "\\\n", "#\n", "ARG A=$B\n"),
    *("ARG A=${a:-", "RUN --mount=type=secret,id=a x\n", "RUN [", 'RUN ["a",', "RUN <<E ", "COPY --from=a b c\n"),
)
_JAVASCRIPT = (
    *("<a>", "<a>{", "<a ", "`${", "(", "{", "/[", "=/[", "<T>(x)=>", '"', "/*", "a<b>", "<a b='", "<a>{<b>}", "</a>"),
    *("process.env", "process.env.A;", "{env}=process", "const {", "const {A} = process.env;", "import x from 'y';\n"),
)
_SHELL = (
    *("$(", "${a:-", '"$(', "if ", "((", "`", "a[", "${a[", "\\a", "${{ '", "case a in ", "'${{ a }}", "<<E ", "f() "),
    *("{ ", "$(( ", "a | ", "a && ", "<<E\nx\n", "a=b ", "for x in a; do ", "#\n", "\\\n", "<<-E\n\tx\n\tE\n"),
)
_TEMPLATE = (
    *("{{ if .x }}", "{{ if .x }}A=1\n", "{{ if .x }}A=1\n{{ end }}", "{{ range .x }}{{ break }}", "{{- 1 -}} ", "\\"),
    *("{{ with $x := .Data }}A={{ $x }}", "A={{ (", "A={{ 1 | print }}", 'A="$(`', '{{ "', "{{ else if .y }}A=2\n"),
    *('{{ $x := "a" }}{{ $x = printf "%s%s" $x $x }}A={{ $x }}', "{{/*", "A=", "# ", "\n"),
)
_USAGES = (
    *("$", "${", "$(", "$$", "A=", "export A ", '"'),
    *("%", "{{.", "A A ", "a", '\\"', '"a":"', "export aaaaaaaaaa%\n"),
)
_PROSE = (
    *("coverage must be 95% ", "| coverage | 95% |\n", "```\n"),
    *("- coverage: 95%\n", "coverage 95%" + " " * 99 + "\n"),
)

READERS = {
    "dotenv": _text(dotenv.parse, ".env", 'A="', "A=\"\\\n'", "A=", "# [VAULT] x\n", "'", " ", "A=${B ", "# A=1\n"),
    "settings": _text(settings.parse, "a.py", "class S(BaseSettings):\n    a: str\n", "x = 'a'\n", "(", "a."),
    "python-reads": _text(python_reads.parse, "a.py", 'os.environ["A"]\n', "e = os.environ\n", "(", head="import os\n"),
    "template": _text(gotemplate.parse, "a.ctmpl", *_TEMPLATE),
    "vault-agent": _text(vault_agent.parse, "a.hcl", "{", "[", "a={", "<<E\n", "/*", '"', "template {\n", 'a = "${'),
    "dockerfile": _text(dockerfile.parse, "Dockerfile", *_DOCKERFILE, head="FROM a\n"),
    "dockerignore": Reader(_excluded, "", ("[", "[a", "[a-", "*a", "*[b]", "**/a/", "**b", "a/", "!a\n", "\\", "?")),
    "compose": _text(compose.parse, "compose.yml", "a: {b: c}\n", "[", "- ", "? ", "&a ", "<<: ", head="services:\n"),
    "workflow": _text(workflow.parse, "w.yml", "a: ${{ b }}\n", "- run: x\n", "[", '"', head="on: push\n"),
    "interpolation": Reader(
        interpolation.parse, "", ("${a:-", "${a:-b}", "${", "$a", "${a:-{{}", "${a:-${b}}}", "$${a?")
    ),
    "build-args": Reader(_arguments, "", ('"a\n', '"', '""', ",", 'a"\n', '","', "A=1\n", "${{ x }}")),
    "expressions": Reader(_expression, "", ("${{", "${{ a }}", "${{ a || b }}", "${{ '", "${{ format(", "${{ (")),
    "expression": Reader(
        _expression, "${{ ", ("a.b.", "a || ", "(", "!", "a[", "'' ", "a && ", "format('{0}{0}', "), "}}"
    ),
    "bake": _text(bake.parse_json, "docker-bake.json", '{"target":', "[", '"a":1,'),
    "bake in hcl": _text(
        bake.parse_hcl, "docker-bake.hcl", "{", "[", 'a = "${', "target a {}\n", "a = [", "/*", "<<E\n"
    ),
    "shell": Reader(shell.parse, "", _SHELL),
    "docker-commands": Reader(walk.commands, "", _COMMANDS),
    "makefile": Reader(_made, "A = b\na:\n", _MAKEFILE),
    **{f"usages in {path}": _text(usages.parse, path, *_USAGES, head="$") for path in ("a.sh", "Makefile", "justfile")},
    "javascript": _text(javascript.parse, "a.tsx", *_JAVASCRIPT, head="process.env.A\n;x="),
    "component": _text(
        *(javascript.parse, "a.vue", "<script>", "<script ", "</script>", "---\n", "/*", "<!--", "{{ a }}"),
        head="<script>process.env.A\n</script>",
    ),
    "gitmodules": _text(gitmodules.parse, ".gitmodules", "[", '"', "\\", "[a", "a=", "\\\n", '[a "', '[a]\nb="'),
    "ini": _text(ini.parse, "setup.cfg", "[a]\n", "a = b\n", " x\n", "#\n", "[", "a=", "[a]\nb=c\n d\n"),
    "toml": _text(toml_places.parse, "pyproject.toml", "a = [", "a.", "[[a]]\n", "#\n", "a = {", '"'),
    **{
        f"masking in {path}": _text(_masked, path, *_SECRETS, head="DB_PASSWORD=")
        for path in ("a.py", ".env", "a.yml", "Dockerfile", "a.cfg", "a.txt", "package.json", "a.tf", "a.sh", "a.ts")
    },
    "messages": Reader(secrecy.Mask(), "", _SECRETS),
    # Every number looks at some lines above it, 120 at most.
    "prose": _text(prose.parse, "a.md", *_PROSE, "<!--", "`", "> ", "%", " ")._replace(least=400),
    "python-code": _text(python_code.parse, "a.py", "'--cov-fail-under=1', ", "(", head="x = '--cov', "),
    "node-config": _text(node_config.parse, "jest.config.js", "{a:", "[", "`", "/", '"', "(", "a: 1,"),
    "hosted": _text(hosted.parse, "codecov.yml", "a: b\n", "[", "- ", head="coverage:\n"),
    "scripts": Reader(
        lambda string: written.of_script(string, Text(string).span),
        "",
        ("pytest --cov-fail-under=1 || true\n", "--cov ", "[[ $x -lt 5 ]]\n", "; "),
    ),
    "tox": _text(
        tox.parse,
        "tox.ini",
        "{[a]b}",
        "{posargs:",
        "{env:A:B}",
        "\\\n",
        "{a,b}",
        "- x\n ",
        head="[a]\nb={[a]b}\n[testenv]\ncommands=",
    ),
    "just": _text(
        just.tasks,
        "justfile",
        "a := b + a\n",
        "a b='c':\n",
        "    {{ a }}\n",
        " {{",
        "a: a\n",
        "\\\n",
        head="b := 'x'\na:\n",
    ),
    "package.json": _text(
        package_scripts.parse, "package.json", '{"scripts":', '"a":"b",', "[", '"', head='{"scripts":{'
    ),
    "pyproject": _text(pyproject.parse, "tox.toml", "a = ['b c']\n", "[a]\n", "a = [", "a = 'b {args:'\n"),
    "moon": _text(moon.parse, "moon.yml", "a: {command: b}\n  ", "[", "- ", head="tasks:\n  "),
    "lcov": _bytes(lcov.parse, "SF:a\n", "DA:1,1\n", "DA:x\n", "end_of_record\n", "BRDA:1,0,0,1\n", "x"),
    "cobertura": _bytes(cobertura.parse, "<a>", '<class filename="a"/>', "&amp;", "<!--", "&a;", head="<coverage>"),
    "coverage-json": _bytes(coverage_formats.parse, '{"a":', "["),
}


def main() -> None:
    """Prints a row a reader: the text that costs most, and the one whose cost grows most, where it is long enough."""
    print(f"\nhostile text of {LENGTH * TIMES:,} characters, and how much more each costs than in a text of {LENGTH:,}")
    for name, reader in READERS.items():
        found = {unit: _measure(reader, unit) for unit in reader.units}
        slow = max(found, key=lambda unit: found[unit][1])
        steep = max(found, key=lambda unit: found[unit][0])
        costs = f"at most {found[slow][1]:5.2f} s cpu  {slow!r:.50}"
        print(f"  {name:<20}  {costs:<70}  {found[steep][0]:4.1f} x each  {steep!r:.50}")


def _measure(reader: Reader, unit: str) -> tuple[float, float]:
    """How much more a character costs in the longer text, and the seconds of that."""
    short, long = (reader.text(unit, length // len(unit)) for length in (LENGTH, LENGTH * TIMES))
    few, many = _seconds(reader, short), _seconds(reader, long)
    # Below a millisecond the clock and the caches decide.
    return (many / TIMES / few if many > 0.02 else 0.0, many)


def _seconds(reader: Reader, string: str) -> float:
    """Processor time, the best of three, without the garbage collector: its cost depends on what else is alive."""
    taken = []
    gc.disable()
    for _ in range(3):
        start = time.process_time()
        reader.read(string)
        taken.append(time.process_time() - start)
    gc.enable()
    return min(taken)


if __name__ == "__main__":
    main()
