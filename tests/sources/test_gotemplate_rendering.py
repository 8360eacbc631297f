"""The abstract rendering: what `sh` is told on every path."""

from __future__ import annotations

import pytest
from gotpl import Template as Gotpl

from fr_check.core.text import Text
from fr_check.sources.gotemplate import Key, Template, parse
from template_writer import choices, disagreement, generated, sourced


def read(source: str) -> Template:
    template = parse(Text(source))
    assert template.problems == ()
    return template


def keys(source: str) -> list[str]:
    return [key.name for key in read(source).keys]


def key(source: str, name: str) -> Key:
    return next(key for key in read(source).keys if key.name == name)


def literals(source: str, name: str) -> set[str]:
    return {value.literal for key in read(source).keys if key.name == name for value in key.values}


GLUED = '{{- with secret "p" -}}\nDATABASE_URL="x"\n{{- end }}\n{{- with secret "q" -}}\nREDIS_URL=y\n{{ end -}}\n'
FIXED = '{{- with secret "p" }}\nDATABASE_URL="x"\n{{ end -}}\n{{- with secret "q" }}\nREDIS_URL=y\n{{ end -}}\n'


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        pytest.param(GLUED, ["DATABASE_URL"], id="a trim marker glues"),
        pytest.param(FIXED, ["DATABASE_URL", "REDIS_URL"], id="and does not"),
        pytest.param("A=1\n{{- with .x }}B=2{{ end }}", ["A"], id="left marker"),
        pytest.param("{{/* A=1 */}}B=2\n{{- /* C=3\nD=4 */ -}}\nE=5", ["B"], id="keys in comments vanish"),
        pytest.param("{{/*\nDATABASE_URL=x\n*/ -}}\nA=1", ["A"], id="header comment"),
        pytest.param('A="{{ printf "%s}}" "x" }}"\nB=1', ["A", "B"], id="braces in a string"),
        pytest.param('A="{{ "{{ NOT=1 }}" }}"\n', ["A"], id="an action in a string"),
        pytest.param("{{ `}}\nFAKE=1\n{{` }}\nA=1\n", ["FAKE", "A"], id="text from a raw string"),
        pytest.param("A={{\n.x\n}}\nB=1", ["A", "B"], id="newlines inside an action"),
        pytest.param('{{ printf "A=%s\\nB=%s\\n" "1" .x }}C=3', ["A", "B", "C"], id="keys from inside an action"),
        pytest.param(
            '{{ $p := "FOO" }}{{ $p }}_KEY=1\n{{ printf "%s_TWO" $p }}=2', ["FOO_KEY", "FOO_TWO"], id="folded"
        ),
        pytest.param('{{ $p := "a" | toUpper }}{{ $p }}=1', ["A"], id="folded through a function"),
        pytest.param('{{ env "P" }}_KEY=1\nAPP_{{ .x }}=2', ["*_KEY", "APP_*"], id="computed"),
        pytest.param('CERT="{{ .x }}\nFAKE=2\n"\nB=1', ["CERT", "B"], id="a line inside quotes"),
        pytest.param("A='l1\nFAKE=2'\nB=1", ["A", "B"], id="a line inside single quotes"),
        pytest.param("A=`x\nFAKE=2`\nB=$(y\nFAKE=3)\nC=${z:-\nFAKE=4}\nD=1", ["A", "B", "C", "D"], id="substitutions"),
        pytest.param("# OLD={{ .x }}\nA=1 # B=2\n#C=3\nD=a#b", ["A", "D"], id="comment lines"),
        pytest.param("# it's a comment\nA=1", ["A"], id="a quote in a comment"),
        pytest.param("{{ if .b }}\nK=1\n{{ end }}", ["K"], id="conditional"),
        pytest.param("{{ if .x }}K=1{{ end }}", ["K"], id="on one line"),
        pytest.param("export K={{ .x }}\n  L=2\n\tM=3\nexport N", ["K", "L", "M"], id="export and blanks"),
        pytest.param("K = v\nL= v\nM=a b\nA-B=1\n1A=1\nN: 1\nO+=1\nP=1", ["P"], id="what sh does not set"),
        pytest.param("A=1;B=2\nC=3 D=4\nF=6 && G=7\n", ["A", "B", "C", "D", "F", "G"], id="several on a line"),
        pytest.param("E=5 &\nH=8|I=9\nJ=1", ["J"], id="in another process"),
        pytest.param("A=1\\\n2\nB=3", ["A", "B"], id="continued line"),
        pytest.param("A={{ with .x }}{{ . }}{{ end }}\r\nB=2\r\n", ["A", "B"], id="CRLF"),
        pytest.param("A=1\r\n{{- with .x }}B=2\r\n{{ end }}", ["A"], id="a marker eats CRLF"),
        pytest.param("A=1\x0cB=2\u2028C=3", ["A"], id="form feed and line separator end no line"),
        pytest.param('{{ define "t" }}Q=1\n{{ end }}A=1', ["A"], id="define that is not called"),
        pytest.param(
            '{{ define "t" }}{{ . }}Q=1\n{{ end }}{{ template "t" "A=1\\n" }}', ["A", "Q"], id="define, called"
        ),
        pytest.param('{{ block "t" . }}Q=1\n{{ end }}A=1', ["Q", "A"], id="block"),
        pytest.param(
            '{{ define "t" }}{{ if . }}{{ template "t" }}{{ end }}{{ end }}{{ template "t" }}\nA=1',
            ["A"],
            id="recursion",
        ),
        pytest.param("{{ if .x }}{{ nil }}{{ else }}A=1\n{{ end }}B=1", ["A", "B"], id="a path that fails"),
        pytest.param("{{ if false }}A=1\n{{ end }}B=1", ["B"], id="never"),
        pytest.param("{{ range .x }}A=1\n{{ else }}B=2\n{{ end }}", ["A", "B"], id="range and its else"),
        pytest.param("{{ range .x }}A=1\n{{ break }}B=2\n{{ end }}C=1", ["A", "C"], id="behind a break"),
        pytest.param("{{ range .x }}{{ if . }}{{ continue }}{{ end }}B=2\n{{ end }}", ["B"], id="behind a continue"),
        pytest.param("{{ if .a }}A{{ else }}B{{ end }}_KEY=1", ["A_KEY", "B_KEY"], id="half a name in a branch"),
        pytest.param("", [], id="empty"),
    ],
)
def test_keys(source: str, expected: list[str]):
    assert keys(source) == expected


@pytest.mark.parametrize(
    ("source", "always"),
    [
        ('{{ with secret "p" }}\nA=1\n{{ end }}', {"A"}),
        ('{{ with secret "p" }}\nA=1\n{{ else }}\nB=1\n{{ end }}', set()),
        ("{{ with .x }}\nA=1\n{{ end }}", set()),
        ("{{ if .x }}\nA=1\n{{ else }}\nA=2\n{{ end }}", {"A"}),
        ("{{ if .x }}\nA=1\n{{ else if .y }}\nA=2\n{{ end }}", set()),
        ("{{ if .x }}\nA=1\n{{ else if .y }}\nA=2\n{{ else }}\nA=3\n{{ end }}", {"A"}),
        ("{{ range .x }}\nA=1\n{{ else }}\nA=1\n{{ end }}", set()),
        ("{{ if .x }}A=1{{ end }}\nB=1", {"B"}),
        ("A=1{{ if .x }}\n{{ end }}B=1", {"A"}),
        ("A={{ if .x }}1{{ else }}2 3{{ end }}\nB=1", {"B"}),
        ("{{ if .x }}\n{{ if .y }}A=1\n{{ else }}A=2\n{{ end }}\n{{ else }}A=3\n{{ end }}", {"A"}),
    ],
)
def test_always(source: str, always: set[str]):
    assert {key.name for key in read(source).keys if key.always} == always


def test_a_glued_key_names_the_marker_and_the_key_before():
    (glued,) = read(GLUED).glued
    assert (glued.name, glued.first, glued.separated) == ("REDIS_URL", "DATABASE_URL", False)
    assert glued.span[:2] == (5, 1)
    assert glued.first_span is not None
    assert glued.first_span[:2] == (2, 1)
    assert glued.marker == (4, 21, 4, 24)
    assert read(FIXED).glued == ()


@pytest.mark.parametrize(
    ("source", "glued"),
    [
        ("A=1{{ if .x }}\n{{ end }}B=2", [("B", "A", False, False)]),
        ("{{ if .a }}A=1{{ end }}{{ if .b }}B=2{{ end }}", [("B", "A", False, False)]),
        ("A=1\n{{- if .x }} B=2{{ end }}", [("B", "A", True, True)]),
        ("# note\n{{- if .x }}B=2{{ end }}", [("B", None, True, False)]),
        ("{{ if .x }}# note{{ else }}A=1{{ end }}{{- /* c */ -}}\nB=2", [("B", "A", True, False)]),
        ("{{ range .x }}A=1{{ end }}", [("A", "A", False, False)]),
        ("{{ range .x }}\nA=1\n{{- end }}\nB=2", []),
        ('A="x\n{{- if .x }}B=2{{ end }}"', []),
        ("URL=http://h/?a=1&b=2", []),
        ("OPTS={{ .x }}mode=1", []),
        ("A=1\n{{- .x }}_B=2", [("*_B", "A", True, False)]),
        ("A=1{{- /* c */ -}}\nB=2", [("B", "A", True, False)]),
    ],
)
def test_glued(source: str, glued: list[tuple[str, str | None, bool, bool]]):
    found = [(item.name, item.first, item.marker is not None, item.separated) for item in read(source).glued]
    assert found == glued


@pytest.mark.parametrize(
    ("source", "pairs"),
    [
        ("A=1\nA=2", ["A"]),
        ("{{ if .x }}A=1\n{{ else }}A=2\n{{ end }}", []),
        ("{{ if .x }}A=1\n{{ else }}A=2\n{{ end }}A=3", ["A"]),
        ("{{ if .x }}A=1\n{{ end }}{{ if .y }}A=2\n{{ end }}", ["A"]),
        ("{{ if .x }}{{ if .y }}A=1\n{{ end }}A=2\n{{ else }}A=3\n{{ end }}", ["A"]),
        ("{{ range .x }}A=1\n{{ end }}", []),
    ],
)
def test_duplicates(source: str, pairs: list[str]):
    assert [duplicate.name for duplicate in read(source).duplicates] == pairs


@pytest.mark.parametrize(
    ("source", "name", "values"),
    [
        ('K={{ with .x }}{{ printf "%q" . }}{{ else }}""{{ end }}', "K", {""}),
        ('K={{ with .x }}{{ printf "%q" . }}{{ else }}"900"{{ end }}', "K", {"900"}),
        ("K={{ with .x }}{{ . }}{{ end }}", "K", {""}),
        ("K={{ or .x `d` }}", "K", {"d"}),
        ("K={{ .x | sprig_default `d` }}", "K", {"d"}),
        ('K="{{ envOrDefault "X" "d e" }}"', "K", {"d e"}),
        ('K="a\\"b\\$c"d\'e f\'', "K", {'a"b$cde f'}),
        ('K="$HOME"', "K", set()),
        ("K=a$\n", "K", {"a$"}),
        ("K={{ printf `%q` `a b` }}", "K", {"a b"}),
        ("K={{ printf `%s-%d%%` `a` 7 }}", "K", {"a-7%"}),
        ("K={{ if .x }}a{{ else }}b{{ end }}{{ if .y }}c{{ end }}", "K", {"a", "b", "ac", "bc"}),
        ("{{ $x := `a` }}{{ if .x }}{{ $x = `b` }}{{ end }}K={{ $x }}", "K", set()),
        ("{{ $x := `a` }}{{ $x = `b` }}K={{ $x }}", "K", {"b"}),
    ],
)
def test_literal_values(source: str, name: str, values: set[str]):
    assert literals(source, name) == values


def test_values_say_where_the_fallback_stands_and_do_not_print_themselves():
    (value,) = key('K={{ with .x }}{{ . }}{{ else }}"s3cret"{{ end }}', "K").values
    assert value.span[:2] == (1, 33)
    assert "s3cret" not in repr(value)


@pytest.mark.parametrize(
    ("source", "exposures"),
    [
        ('K={{ with .x }}{{ printf "%q" . }}{{ end }}', {("double", "go")}),
        ("K={{ .x | toJSON }}", {("double", "json")}),
        ('K="{{ .x }}"', {("double", "")}),
        ("K='{{ .x }}'", {("single", "")}),
        ("K={{ .x }}", {("none", "")}),
        ("K=$(echo {{ .x }})", {("other", "")}),
        ("""K='{{ .x | replaceAll "'" "'\\\\''" }}'""", {("single", "sh")}),
        ("K={{ with .x }}{{ . }}{{ else }}'{{ .y }}'{{ end }}", {("none", ""), ("single", "")}),
    ],
)
def test_how_data_is_quoted(source: str, exposures: set[tuple[str, str]]):
    assert set(map(tuple, key(source, "K").exposures)) == exposures


SECRET = '{{ with secret "secret/data/app" }}'


@pytest.mark.parametrize(
    ("source", "reads"),
    [
        (f"{SECRET}A={{{{ .Data.data.X }}}}{{{{ end }}}}", [("secret/data/app", "X", False)]),
        (
            f"{SECRET}A={{{{ with .Data.data.X }}}}{{{{ . }}}}{{{{ end }}}}{{{{ end }}}}",
            [("secret/data/app", "X", True)],
        ),
        (
            f"{SECRET}{{{{ if .Data.data.X }}}}A={{{{ .Data.data.X }}}}{{{{ end }}}}{{{{ end }}}}",
            [("secret/data/app", "X", True)] * 2,
        ),
        (f"{SECRET}A={{{{ or .Data.data.X `d` }}}}{{{{ end }}}}", [("secret/data/app", "X", True)]),
        ('A={{ (secret "p").Data.data.X }}', [("p", "X", False)]),
        ('{{ $s := secret "p" }}A={{ $s.Data.data.X }}', [("p", "X", False)]),
        (
            '{{ with secret "p" }}{{ with .Data }}{{ with .data }}A={{ .X }}{{ end }}{{ end }}{{ end }}',
            [("p", "*", True)] * 2 + [("p", "X", False)],
        ),
        (
            '{{ with secret "p" }}A={{ index .Data.data "KEY-DASH" }}{{ end }}',
            [("p", "*", False), ("p", "KEY-DASH", False)],
        ),
        (
            '{{ with secret "p" }}{{ with .Data.data.X }}A={{ . }}{{ else }}A={{ .Data.data.Y }}{{ end }}{{ end }}',
            [("p", "X", True), ("p", "Y", False)],
        ),
        (
            '{{ $e := env "ENV" }}{{ with secret (printf "s/%s/app" $e) }}A={{ .Data.data.X }}{{ end }}',
            [("s/{ENV}/app", "X", False)],
        ),
        ('{{ $d := printf "%s/app" "s" }}{{ with secret $d }}A={{ .Data.X }}{{ end }}', [("s/app", "X", False)]),
        ('{{ with secret "p" }}{{ $x := .Data.data.X }}{{ end }}', [("p", "X", False)]),
        ('{{ define "t" }}A={{ .Data.data.X }}{{ end }}{{ template "t" (secret "p") }}', [("p", "X", False)]),
        ("A={{ .Data.data.X }}", [("", "X", False)]),
        ("{{ if .Data.data.X }}A=1{{ end }}{{ .Other }}", [("", "X", True)]),
        (
            '{{ with secret "p" }}A={{ $.Data.data.X }}{{ else }}{{ .Data.Y }}{{ end }}',
            [("", "X", False), ("", "Y", False)],
        ),
        (
            '{{ with $s := secret "p" }}{{ with .Data }}A={{ $s.Data.data.X }}{{ end }}{{ end }}',
            [("p", "*", True), ("p", "X", False)],
        ),
    ],
)
def test_reads(source: str, reads: list[tuple[str, str, bool]]):
    assert [(read.path, read.field, read.guarded) for read in read_secrets(source)] == reads


def read_secrets(source: str):
    return read(source).secrets


def test_a_key_knows_the_fields_it_is_made_of():
    source = f'{SECRET}{{{{ $p := .Data.data.P }}}}\nA="u:{{{{ $p }}}}@{{{{ .Data.data.H }}}}"\nB=1{{{{ end }}}}'
    assert [found.field for found in key(source, "A").reads] == ["P", "H"]
    assert key(source, "B").reads == ()


def test_a_comment_line_still_reads_the_secret():
    template = read(f"# OLD={SECRET}{{{{ .Data.data.X }}}}{{{{ end }}}}\nA=1")
    assert [found.field for found in template.comment_reads] == ["X"]


def test_open_keys():
    template = read(
        "{{ range $k, $v := .m }}{{ $k }}={{ $v }}\nAPP_{{ $k }}=1\nexport {{ $k | toUpper }}={{ $v }}\n{{ end }}"
        "{{ .all }}\n"
    )
    assert [key.name for key in template.open_keys] == ["*", "APP_*", "*", "*"]
    assert template.names == frozenset()


@pytest.mark.parametrize(
    ("source", "faults"),
    [
        ("K = v", [("spaced", "K")]),
        ("K= v", [("command", "K")]),
        ("K=a b", [("command", "K")]),
        ("export K=a b", []),
        ("A-B=1", [("name", "A-B")]),
        ("1A=1", [("name", "1A")]),
        ("K: v", [("colon", "K")]),
        ("K+=v", [("append", "K")]),
        ("K=<X>", [("operator", "")]),
        ("A=1\nK=it's\nB=1", [("quote", "")]),
        ('K="{{ .x }}', [("quote", "")]),
        ('K="it\'s"\nplain words\n', []),
    ],
)
def test_faults(source: str, faults: list[tuple[str, str]]):
    template = read(source)
    assert [(fault.kind, fault.name) for fault in template.faults] == faults
    assert template.is_truncated == any(kind == "quote" for kind, _ in faults)


FUNCTIONS = {
    "secret": lambda *_: {"Data": {"data": {}}},
    "env": lambda _: "",
}


@pytest.mark.parametrize("batch", range(4))
def test_gotpl_and_sh_agree_on_every_path(batch: int, tmp_path):
    differences = {}
    for seed in range(batch * 30, batch * 30 + 30):
        template = generated(seed)
        rendered = Gotpl(template.source, functions=FUNCTIONS)
        found = disagreement(template, sourced([rendered.render(data) for data in choices(template)], tmp_path))
        if found:
            differences[template.source] = found
    assert differences == {}


NUMBER = 10_000
BIG = {
    "nested": "{{ if .x }}" * NUMBER + "A=1\n" + "{{ end }}" * NUMBER,
    "nested, with keys": "".join(f"{{{{ if .x }}}}A{n}=1\n" for n in range(NUMBER))
    + "{{ else }}B=1\n{{ end }}" * NUMBER,
    "in sequence": "".join(f"{{{{ if .x }}}}A{n}=1\n{{{{ end }}}}" for n in range(NUMBER)),
    "in one value": "A=" + "".join(f"{{{{ if .x }}}}a{n}{{{{ end }}}}" for n in range(NUMBER)),
    "in one name": "".join(f"{{{{ if .x }}}}a{n}{{{{ end }}}}" for n in range(NUMBER)) + "=1",
    "on one line": "".join(f"{{{{ if .x }}}}A{n}=1{{{{ end }}}}" for n in range(NUMBER)),
    "nested loops": "{{ range .x }}" * NUMBER + "A=1{{ if . }}{{ break }}{{ end }}\n" + "{{ end }}" * NUMBER,
    "parentheses": "A={{ " + "(" * NUMBER + "1" + ")" * NUMBER + " }}",
    "nested with": "{{ with $x := .Data }}" * NUMBER + "A={{ $x }}" + "{{ end }}" * NUMBER,
    "else if": "{{ if .x }}A=1\n" + "{{ else if .y }}A=2\n" * NUMBER + "{{ end }}",
    "doubling calls": "".join(
        f'{{{{ define "d{n}" }}}}{{{{ template "d{n + 1}" }}}}{{{{ template "d{n + 1}" }}}}A=1\n{{{{ end }}}}'
        for n in range(500)
    )
    + '{{ define "d500" }}{{ end }}{{ template "d0" }}',
    "doubling values": '{{ $x := "a" }}' + '{{ $x = printf "%s%s" $x $x }}' * NUMBER + "A={{ $x }}",
    "open quotes": 'A="' + "$(`" * NUMBER,
    "unclosed": '{{ "' * NUMBER,
    "spaces": ("{{- 1 -}}" + " " * 500) * 500,
    "backslashes": "A=" + "\\" * 100_000,
    "pipeline": "A={{ 1" + " | print" * NUMBER + " }}",
}


@pytest.mark.parametrize("source", BIG.values(), ids=BIG)
def test_hostile_templates_are_read(source: str):
    template = parse(Text(source))
    assert template.problems or template.keys or template.faults or template.open_keys or "A=" not in source
