"""What --fix does to secrets templates: other forms than those of the examples, rendered by gotpl and read by sh."""

from __future__ import annotations

import subprocess
from typing import TYPE_CHECKING

import pytest
from gotpl import Template as Gotpl

from cured import fix, lay_out, read
from env_world import CONFIG, EXAMPLE, TEMPLATE
from fr_check.env_keys.rules import undelivered_secrets

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

HEAD = "from pydantic_settings import BaseSettings\n\n\nclass Settings(BaseSettings):\n"
OPEN, CLOSE = '{{ with secret "secret/data/app" }}\n', "{{ end }}\n"
SINGLE = """replaceAll "'" "'\\\\''\""""
NASTY = 'it\'s $HOME `id` "x" # a;b'


def rendered(template: str, data: Mapping[str, str]) -> str:
    functions = {
        "secret": lambda _path: {"Data": {"data": dict(data)}},
        "replaceAll": lambda old, new, text: text.replace(old, new),
        "toJSON": lambda value: f'"{value}"',
    }
    return Gotpl(template, functions=functions).render({})


def sourced(template: str, data: Mapping[str, str], key: str, folder: Path) -> str | None:
    """What a process gets for a key when sh reads the rendered file."""
    (folder / "rendered").write_text(rendered(template, data), encoding="utf-8", newline="")
    script = f'set -a; . ./rendered; printf "%s" "${{{key}-<unset>}}"'
    done = subprocess.run(["sh", "-c", script], cwd=folder, env={}, capture_output=True, check=False)
    found = done.stdout.decode()
    return None if found == "<unset>" else found


def cure(folder: Path, rule: str, template: str, config: str, *, example: str = "K=\n", unsafe: bool = True) -> str:
    lay_out(folder, {CONFIG: HEAD + config, EXAMPLE: example, TEMPLATE: template})
    fix(folder, "env-keys", rule, unsafe=unsafe)
    return read(folder, TEMPLATE)


SECRET = "    api_token: str = ''\n"
QUOTED = {
    "printf": (
        '{{ with .Data.data.T }}{{ printf "%q" . }}{{ end }}',
        f"'{{{{ with .Data.data.T }}}}{{{{ . | {SINGLE} }}}}{{{{ end }}}}'",
    ),
    "an empty fallback goes": (
        '{{ with .Data.data.T }}{{ printf "%q" . }}{{ else }}""{{ end }}',
        f"'{{{{ with .Data.data.T }}}}{{{{ . | {SINGLE} }}}}{{{{ end }}}}'",
    ),
    "a fallback with words stays": (
        '{{ with .Data.data.T }}{{ printf "%q" . }}{{ else }}"dev-1"{{ end }}',
        f"'{{{{ with .Data.data.T }}}}{{{{ . | {SINGLE} }}}}{{{{ else }}}}dev-1{{{{ end }}}}'",
    ),
    "double quotes": ('"{{ .Data.data.T }}"', f"'{{{{ .Data.data.T | {SINGLE} }}}}'"),
    "inside a text": ('"redis://:{{ .Data.data.T }}@redis/0"', f"'redis://:{{{{ .Data.data.T | {SINGLE} }}}}@redis/0'"),
    "none": ("{{ .Data.data.T }}", f"'{{{{ .Data.data.T | {SINGLE} }}}}'"),
    "json": ("{{ .Data.data.T | toJSON }}", f"'{{{{ .Data.data.T | {SINGLE} }}}}'"),
    "index": ('"{{ index .Data.data "T" }}"', f"""'{{{{ index .Data.data "T" | {SINGLE} }}}}'"""),
    "trim markers stay its author's": ('{{- with .Data.data.T -}}{{ printf "%q" . }}{{ end }}', None),
    "a dollar that sh expands today": ('"$X{{ .Data.data.T }}"', None),
    "another function": ('"{{ .Data.data.T | base64Decode }}"', None),
}


@pytest.mark.parametrize("name", QUOTED)
def test_a_secret_gets_quotes_that_hold_it(name: str, tmp_path: Path):
    before, after = QUOTED[name]
    template = f"{OPEN}API_TOKEN={before}\n{CLOSE}"
    got = cure(tmp_path, "unquoted-expansion", template, SECRET, example="API_TOKEN=\n")
    assert got == (template if after is None else f"{OPEN}API_TOKEN={after}\n{CLOSE}")
    if after is not None:
        held = sourced(got, {"T": NASTY}, "API_TOKEN", tmp_path)
        assert held == (f"redis://:{NASTY}@redis/0" if "redis" in before else NASTY)


WITH, END = "{{ with .Data.data.API_TOKEN }}", "{{ end }}"
HELD = f"'{{{{ . | {SINGLE} }}}}'"
IN_ONE_LINE = {
    "quotes": (f'{WITH}API_TOKEN="{{{{ . }}}}"{END}\n', f"{WITH}API_TOKEN={HELD}{END}\n"),
    "printf": (f'{WITH}API_TOKEN={{{{ printf "%q" . }}}}{END}\n', f"{WITH}API_TOKEN={HELD}{END}\n"),
    "export": (f'{WITH}export API_TOKEN="{{{{ . }}}}"{END}\n', f"{WITH}export API_TOKEN={HELD}{END}\n"),
    "a blank": (f'{WITH}API_TOKEN="{{{{ . }}}}" {END}  \n', f"{WITH}API_TOKEN={HELD} {END}  \n"),
    "if": (
        f'{{{{ if .Data.data.API_TOKEN }}}}API_TOKEN="{{{{ .Data.data.API_TOKEN }}}}"{END}\n',
        f"{{{{ if .Data.data.API_TOKEN }}}}API_TOKEN='{{{{ .Data.data.API_TOKEN | {SINGLE} }}}}'{END}\n",
    ),
    "the end below": (f'{WITH}API_TOKEN="{{{{ . }}}}"\n{END}\n', f"{WITH}API_TOKEN={HELD}\n{END}\n"),
    "the end of the line above": (f'{WITH}\nAPI_TOKEN="{{{{ . }}}}"{END}\n', None),
    "another branch": (f'{WITH}API_TOKEN="{{{{ . }}}}"{{{{ else }}}}OTHER=1{END}\n', None),
}


@pytest.mark.parametrize("name", IN_ONE_LINE)
def test_the_quotes_end_before_the_condition_does(name: str, tmp_path: Path):
    before, after = IN_ONE_LINE[name]
    template = f"{OPEN}{before}{CLOSE}"
    got = cure(tmp_path, "unquoted-expansion", template, SECRET, example="API_TOKEN=\n")
    assert got == (template if after is None else f"{OPEN}{after}{CLOSE}")
    if after is not None:
        assert sourced(got, {"API_TOKEN": NASTY}, "API_TOKEN", tmp_path) == NASTY
        assert sourced(got, {}, "API_TOKEN", tmp_path) is None


FALLBACKS = {
    "else": ('K={{ with .Data.data.K }}{{ printf "%q" . }}{{ else }}""{{ end }}', 'K={{ printf "%q" . }}'),
    "nothing": ('K={{ with .Data.data.K }}{{ printf "%q" . }}{{ end }}', 'K={{ printf "%q" . }}'),
    "quotes around": ('K="{{ with .Data.data.K }}{{ . }}{{ end }}"', 'K="{{ . }}"'),
    "if": ('K="{{ if .Data.data.K }}{{ .Data.data.K }}{{ end }}"', 'K="{{ .Data.data.K }}"'),
    "export": (
        'export K={{ with .Data.data.K }}{{ printf "%q" . }}{{ else }}""{{ end }}',
        'export K={{ printf "%q" . }}',
    ),
    "another condition": ('K={{ with .Data.data.K }}{{ if . }}{{ . }}{{ end }}{{ else }}""{{ end }}', None),
    "trim markers": ('K={{ with .Data.data.K -}}{{ printf "%q" . }}{{- else -}}""{{ end }}', None),
}


@pytest.mark.parametrize("name", FALLBACKS)
def test_a_missing_secret_leaves_the_default(name: str, tmp_path: Path):
    before, after = FALLBACKS[name]
    template = f"{OPEN}{before}\n{CLOSE}"
    got = cure(tmp_path, "empty-fallback", template, "    k: int = 2\n", example="K=2\n")
    asks = "if" if "{{ if" in before else "with"
    assert got == (template if after is None else f"{OPEN}{{{{ {asks} .Data.data.K }}}}{after}\n{{{{ end }}}}\n{CLOSE}")
    if after is not None:
        assert sourced(got, {}, "K", tmp_path) is None
        assert sourced(got, {"K": "7"}, "K", tmp_path) == "7"


LINES = {
    "spaced": ("K = {{ .Data.data.K }}", 'K="{{ .Data.data.K }}"'),
    "spaced, in quotes": ('K = "{{ .Data.data.K }}"', 'K="{{ .Data.data.K }}"'),
    "spaced, printf": ('K = {{ printf "%q" .Data.data.K }}', 'K={{ printf "%q" .Data.data.K }}'),
    "two words": ("K=two {{ .Data.data.K }}", 'K="two {{ .Data.data.K }}"'),
    "behind the sign": ("K= {{ .Data.data.K }}", 'K="{{ .Data.data.K }}"'),
    "colon": ("K: {{ .Data.data.K }}", 'K="{{ .Data.data.K }}"'),
    "append": ("K+={{ .Data.data.K }}", 'K="{{ .Data.data.K }}"'),
    "an operator": ("K=a&{{ .Data.data.K }}", 'K="a&{{ .Data.data.K }}"'),
    "a dollar": ("K = $X{{ .Data.data.K }}", None),
    "a name that is none": ("K-L={{ .Data.data.K }}", None),
}


@pytest.mark.parametrize("name", LINES)
def test_a_line_becomes_an_assignment(name: str, tmp_path: Path):
    before, after = LINES[name]
    got = cure(tmp_path, "unassignable-line", f"{OPEN}{before}\n{CLOSE}", "    k: str = ''\n")
    assert got == f"{OPEN}{after or before}\n{CLOSE}"
    if after is not None:
        assert (sourced(got, {"K": "v w"}, "K", tmp_path) or "").endswith("v w")


def test_json_gets_single_quotes(tmp_path: Path):
    template = OPEN + 'HOSTS=["{{ .Data.data.HOST }}"]\n' + CLOSE
    got = cure(tmp_path, "unassignable-line", template, "    hosts: list[str] = []\n", example="HOSTS='[]'\n")
    assert sourced(got, {"HOST": "a.example"}, "HOSTS", tmp_path) == '["a.example"]'


BROKEN = {
    "alone": ("{{ .Data.data.A-B }}", '{{ index .Data.data "A-B" }}'),
    "an argument": ('{{ printf "%q" .Data.data.A-B }}', '{{ printf "%q" (index .Data.data "A-B") }}'),
    "a condition": ("{{ with .Data.data.A-B }}{{ . }}{{ end }}", '{{ with index .Data.data "A-B" }}{{ . }}{{ end }}'),
    "piped": ("{{ .Data.data.A-B | toJSON }}", '{{ index .Data.data "A-B" | toJSON }}'),
    "two, and a comment": (
        "{{ .Data.data.A-B }}{{ /* why */ }}{{ .Data.data.C-D-E }}",
        '{{ index .Data.data "A-B" }}{{/* why */}}{{ index .Data.data "C-D-E" }}',
    ),
    "a comment with trim markers": ("{{-/* why */-}}x", "{{- /* why */ -}}x"),
    "something else as well": ("{{ .Data.data.A-B }}{{ end }}", None),
    "a field of a field": ("{{ .Data.data.A-B.C }}", None),
    "an open action": ("{{ .Data.data.K", None),
}


@pytest.mark.parametrize("name", BROKEN)
def test_a_template_parses_again(name: str, tmp_path: Path):
    before, after = BROKEN[name]
    got = cure(tmp_path, "broken-template", f'{OPEN}K="{before}"\n{CLOSE}', "    k: str = ''\n", unsafe=False)
    assert got == f'{OPEN}K="{after or before}"\n{CLOSE}'
    if after is not None:
        rendered(got, {"A-B": "x", "C-D-E": "y"})


def test_one_trim_marker_of_several_goes(tmp_path: Path):
    template = 'A="1"\n{{- with secret "secret/data/app" }}\nK="{{ .Data.data.K }}"\n{{ end }}\n'
    got = cure(
        tmp_path, "glued-key", 'A="1"\n{{- if true -}}\nK="2"\n{{ end }}\n', "    a: str = ''\n    k: str = ''\n"
    )
    assert got in {'A="1"\n{{ if true -}}\nK="2"\n{{ end }}\n', 'A="1"\n{{- if true }}\nK="2"\n{{ end }}\n'}
    assert sourced(got, {}, "K", tmp_path) == "2"
    assert 'K="v"' in rendered(template, {"K": "v"})


DEAD = {
    "a line": ("K={{ .Data.data.K }}\n", ""),
    "a condition that ends on the next line": ("{{ with .Data.data.K }}K={{ . }}\n{{ end }}\n", ""),
    "a condition on three lines": ("{{- with .Data.data.K }}\nK={{ . }}\n{{- end }}\n", ""),
    "a condition around others": ("{{ with .Data.data.K }}K={{ . }}\nA=1\n{{ end }}\n", None),
}


@pytest.mark.parametrize("name", DEAD)
def test_the_lines_of_a_dead_key_go(name: str, tmp_path: Path):
    before, after = DEAD[name]
    template = f"{OPEN}A={{{{ .Data.data.A }}}}\n{before}{CLOSE}"
    got = cure(tmp_path, "unconsumed-secret", template, "    a: str = ''\n", example="A=\n")
    assert got == f"{OPEN}A={{{{ .Data.data.A }}}}\n{before if after is None else after}{CLOSE}"


def test_a_secret_is_rendered_before_the_end_of_the_only_block(tmp_path: Path):
    example = "# [VAULT] Managed by Vault\nK=\nA=\n"
    template = f"{OPEN}A={{{{ .Data.data.A }}}}\n{CLOSE}"
    got = cure(tmp_path, "unrendered-secret", template, "    k: str = ''\n    a: str = ''\n", example=example)
    assert sourced(got, {"A": "1", "K": NASTY}, "K", tmp_path) == NASTY
    assert sourced(got, {"A": "1"}, "K", tmp_path) is None
    several = template + '{{ with secret "secret/data/other" }}\n{{ end }}\n'
    (tmp_path / TEMPLATE).write_text(several)
    assert "reads 2 secrets" in fix(tmp_path, "env-keys", "unrendered-secret").stderr
    assert read(tmp_path, TEMPLATE) == several


PATHS = {
    "each read of the path": (
        "A={{ .Data.A }}\nB={{ .Data.B }}\n",
        "A={{ .Data.data.A }}\nB={{ .Data.data.B }}\n",
    ),
    "without an envelope": ("A={{ .A }}\n", "A={{ .Data.data.A }}\n"),
    "half an envelope": ("A={{ .data.A }}\n", "A={{ .Data.data.A }}\n"),
    "through a name": ("{{ $s := . }}A={{ $s.Data.A }}\n", "{{ $s := . }}A={{ $s.Data.data.A }}\n"),
}


@pytest.mark.parametrize("name", PATHS)
def test_a_field_is_read_where_the_secret_keeps_it(name: str, tmp_path: Path):
    before, after = PATHS[name]
    config = "    a: str = ''\n    b: str = ''\n"
    got = cure(tmp_path, "mismatched-secret-path", f"{OPEN}{before}{CLOSE}", config, example="A=\nB=\n")
    assert got == f"{OPEN}{after}{CLOSE}"


COMMANDS = {
    "and": (
        '["sh", "-c", ". /secrets/.env && exec uvicorn app.main:app"]',
        "set -a && . /secrets/.env && set +a && exec",
    ),
    "source": (
        '["bash", "-c", "source /secrets/.env; exec uvicorn app.main:app"]',
        "set -a; source /secrets/.env; set +a; exec",
    ),
    "a condition": (
        '["sh", "-c", "[ -f /secrets/.env ] && . /secrets/.env; exec uvicorn app.main:app"]',
        "[ -f /secrets/.env ] && { set -a; . /secrets/.env; set +a; }; exec",
    ),
    "lines": (
        "\n      - sh\n      - -c\n      - |\n        . /secrets/.env\n        exec uvicorn app.main:app",
        "        set -a\n        . /secrets/.env\n        set +a\n        exec",
    ),
    "a way out": ('["sh", "-c", ". /secrets/.env || exit 1; exec uvicorn app.main:app"]', None),
}


@pytest.mark.parametrize("name", COMMANDS)
def test_a_sourced_file_is_exported(name: str, tmp_path: Path):
    command, expected = COMMANDS[name]
    files = dict(undelivered_secrets.BAD)
    old = '["sh", "-c", ". /secrets/.env; exec uvicorn app.main:app"]'
    before = files["compose.yml"].replace(old, command)
    lay_out(tmp_path, {**files, "compose.yml": before})
    assert fix(tmp_path, "env-keys", "undelivered-secrets", unsafe=False).status == 1
    assert read(tmp_path, "compose.yml") == before
    done = fix(tmp_path, "env-keys", "undelivered-secrets")
    assert (expected or before) in read(tmp_path, "compose.yml"), done.stderr


def test_a_template_of_a_submodule_is_left_to_its_repository(tmp_path: Path):
    inner = lay_out(tmp_path / "inner", {"secrets.ctmpl": f"{OPEN}K = {{{{ .Data.data.K }}}}\n{CLOSE}"})
    git = ["git", "-c", "user.name=a", "-c", "user.email=a@b", "-c", "protocol.file.allow=always"]
    subprocess.run([*git, "-C", inner, "add", "."], check=True)
    subprocess.run([*git, "-C", inner, "commit", "-qm", "one"], check=True)
    outer = lay_out(tmp_path / "outer", {CONFIG: f"{HEAD}    k: str = ''\n", EXAMPLE: "K=\n"})
    subprocess.run([*git, "-C", outer, "submodule", "--quiet", "add", inner, "infra"], check=True)
    (outer / ".fr-check.toml").write_text(
        f'[[env-keys.apps]]\nsettings = ["{CONFIG}"]\nexample = [".env.example"]\ntemplates = ["infra/secrets.ctmpl"]\n'
    )
    before = read(outer, "infra/secrets.ctmpl")
    done = fix(outer, "env-keys", "unassignable-line")
    assert "infra/secrets.ctmpl is in a submodule: change it there, line 2" in done.stderr
    assert read(outer, "infra/secrets.ctmpl") == before
