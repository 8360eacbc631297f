"""The rules on what the secrets template renders."""

from __future__ import annotations

import pytest

from fr_check.core.context import Context
from fr_check.core.repository import Memory
from fr_check.env_keys.checker import CHECKER
from fr_check.policy.find import read_policy

TEMPLATE = "repo/finance_report/finance_report/10.app/secrets.ctmpl"
AGENT = "repo/finance_report/finance_report/10.app/vault-agent.hcl"
RULES = {
    "glued-key",
    "broken-template",
    "empty-fallback",
    "mismatched-secret-path",
    "secret-in-comment",
    "unassignable-line",
    "unguarded-secret",
    "unquoted-expansion",
}
HEAD = "from pydantic import SecretStr\nfrom pydantic_settings import BaseSettings\n\n\nclass Settings(BaseSettings):\n"


def found(template: str, settings: str = "    a: str = ''\n", rules: set[str] = RULES, **files: str) -> list[tuple]:
    """(severity, rule, subject, message, help) of what these rules say of a template and settings."""
    example = "".join(f"{line.split(':')[0].strip().upper()}=\n" for line in settings.splitlines() if ":" in line)
    repository = Memory(
        {"apps/backend/src/config.py": HEAD + settings, ".env.example": example, TEMPLATE: template, **files}
    )
    facts = CHECKER.load(Context(repository, read_policy(repository)))
    assert facts.unknowns == ()
    findings = [finding for rule in CHECKER.rules if rule.id in rules for finding in rule.check(facts)]
    return [(str(item.severity), item.rule, item.subject, item.message, item.help, item.location) for item in findings]


def brief(template: str, settings: str = "    a: str = ''\n", rules: set[str] = RULES, **files: str) -> list[str]:
    return [" ".join(item[:3]) for item in found(template, settings, rules, **files)]


def secret(body: str, path: str = "secret/data/app") -> str:
    return f'{{{{ with secret "{path}" }}}}\n{body}\n{{{{ end }}}}\n'


def test_the_two_outages_of_the_history():
    first = '{{ with secret "s/data/p" -}}\nA="{{ .Data.data.P }}"\n{{- end }}\n'
    glued = first + '{{- with secret "s/data/q" -}}\nB=1\n{{ end }}'
    (finding,) = found(glued, rules={"glued-key"})
    assert finding[:3] == ("error", "glued-key", "B")
    assert finding[5].span[:2] == (5, 1)
    assert "`-}}`" in finding[4]
    assert "line 4" in finding[4]
    (finding,) = found('{{- with secret (printf"s/data/%s" (env "ENV")) -}}\nA=1\n{{ end }}')
    assert finding[:2] == ("error", "broken-template")
    assert "bad character U+0022 '\"'" in finding[3]


@pytest.mark.parametrize(
    ("template", "expected", "word"),
    [
        ("A=1\n{{- if .x }}B=2{{ end }}\n", ["error glued-key B"], "`sh` does not set it"),
        ("A=1\n{{- if .x }} B=2{{ end }}\n", ["warning glued-key B"], "only `sh` still sets it"),
        ("# note\n{{- if .x }}B=2{{ end }}\n", ["error glued-key B"], "behind a comment"),
        ("A=1{{ if .x }}\n{{ end }}B=2\n", ["error glued-key B"], "on some paths"),
        ("{{ range .x }}A=1{{ end }}\n", ["error glued-key A"], "one turn of the loop before"),
        ("A=1\nB=2\n", [], ""),
    ],
)
def test_glued_key(template: str, expected: list[str], word: str):
    findings = found(template, rules={"glued-key"})
    assert [" ".join(item[:3]) for item in findings] == expected
    assert all(word in item[3] for item in findings)


@pytest.mark.parametrize(
    ("template", "help_"),
    [
        ("{{ if .x }}A=1", "add the missing `{{ end }}`"),
        ("A=1{{ end }}", "remove this `{{ end }}`, or"),
        ("A={{ $x }}", "declare the variable"),
        ("A={{ toUper .x }}", "did you mean `toUpper`?"),
        ("A={{ default `x` .x }}", "did you mean `sprig_default`?"),
        ("A={{ nosuchthing .x }}", "use a function that Vault Agent has"),
        ("A={{ .Data.data.A-B }}", "write `index .Data.data"),
        ("{{ /* c */ }}", "let the comment touch"),
        ("A=it's\n", "close the quote"),
        ("A={{ }}", "write what is tested"),
        ("{{ template `t` }}", "define the template"),
        ("A={{ nil }}", "write the value that is meant"),
        ('A={{ "x" "y" }}', "put a function in front"),
        ("A={{ env }}", "give the function the arguments"),
        ("A={{ toUpper 1 }}", "give the function an argument of the type"),
        ("A={{ len .x | toUpper }}", "convert the value"),
        ('{{ if eq (env "X") 1 }}A=1{{ end }}', "compare values of one type"),
        ("{{ block `t` . }}{{ template `t` . }}{{ end }}", "put a condition around"),
        ("{{ define `t` 1 }}{{ end }}", "correct this action"),
    ],
)
def test_broken_template(template: str, help_: str):
    (finding,) = found(template)
    assert finding[:3] == ("error", "broken-template", TEMPLATE)
    assert finding[4].startswith(help_)


def test_a_template_that_fails_on_some_paths_is_judged_on_the_others():
    template = '{{ if env "X" }}A={{ nil }}{{ else }}A=\n{{ end }}'
    settings = "    a: str = 'x'\n"
    rules = {rule.id for rule in CHECKER.rules} - {"default-drift"}
    failed, empty = found(template, settings, rules)
    assert failed[:3] == ("error", "broken-template", TEMPLATE)
    assert "Go cannot execute it, and renders nothing on the paths that come there: nil is not a command" in failed[3]
    assert failed[5].span[:2] == (1, 22)
    assert empty[:3] == ("warning", "empty-fallback", "A")


def test_a_template_that_always_fails_makes_no_cascade():
    settings = "    database_url: SecretStr = ''\n    b: str = 'x'\n"
    (finding,) = found("A={{ nil }}\n", settings, {rule.id for rule in CHECKER.rules})
    assert finding[:3] == ("error", "broken-template", TEMPLATE)
    assert "parses, but Go cannot execute it, so nothing is rendered" in finding[3]


def test_a_broken_template_makes_no_cascade():
    settings = "    database_url: SecretStr\n    b: str = 'x'\n"
    assert brief("{{ if .x }}A=1", settings, {rule.id for rule in CHECKER.rules} - {"setting-without-default"}) == [
        f"error broken-template {TEMPLATE}"
    ]


@pytest.mark.parametrize(
    ("settings", "line", "expected"),
    [
        ("    a: int = 300\n", 'A={{ with .Data.data.A }}{{ . }}{{ else }}""{{ end }}', ["error empty-fallback A"]),
        (
            "    a: int | None = None\n",
            'A={{ with .Data.data.A }}{{ . }}{{ else }}""{{ end }}',
            ["error empty-fallback A"],
        ),
        ("    a: bool = False\n", "A={{ with .Data.data.A }}{{ . }}{{ end }}", ["error empty-fallback A"]),
        ("    a: str = 'x'\n", 'A={{ with .Data.data.A }}{{ . }}{{ else }}""{{ end }}', ["warning empty-fallback A"]),
        ("    a: str = 'x'\n", 'A="{{ or .Data.data.A "" }}"', ["warning empty-fallback A"]),
        ("    a: str = 'x'\n", "A=\n", ["warning empty-fallback A"]),
        ("    a: str = ''\n", 'A={{ with .Data.data.A }}{{ . }}{{ else }}""{{ end }}', []),
        ("    a: str | None = None\n", 'A={{ with .Data.data.A }}{{ . }}{{ else }}""{{ end }}', []),
        ("    a: str = 'x'\n", 'A={{ with .Data.data.A }}{{ . }}{{ else }}"y"{{ end }}', []),
        ("    a: str = 'x'\n", "{{ with .Data.data.A }}A={{ . }}\n{{ end }}", []),
        ("    a: str = 'x'\n", "A={{ .Data.data.A }}", []),
        ("    a: str\n", 'A={{ with .Data.data.A }}{{ . }}{{ else }}""{{ end }}', ["info empty-fallback A"]),
        ("    model_config = {'env_ignore_empty': True}\n    a: str = 'x'\n", "A=\n", []),
        ("    secret_key: str\n", "SECRET_KEY=\n", ["warning empty-fallback SECRET_KEY"]),
        ("    jwt_secret: str = make()\n", "JWT_SECRET=\n", ["warning empty-fallback JWT_SECRET"]),
        ("    s3_secret_key: str\n", "S3_SECRET_KEY=\n", ["info empty-fallback S3_SECRET_KEY"]),
        ("    secret_key: str = ''\n", "SECRET_KEY=\n", []),
    ],
)
def test_empty_fallback(settings: str, line: str, expected: list[str]):
    assert brief(secret(line), settings, {"empty-fallback"}) == expected


def test_the_lost_default_is_named_unless_it_may_be_secret():
    settings = "    region: str = 'eu-central'\n    secret_key: str = 'hunter2'\n    opaque: SecretStr = 'hunter3'\n"
    lines = "\n".join(
        f'{key}={{{{ with .Data.data.{key} }}}}{{{{ . }}}}{{{{ else }}}}""{{{{ end }}}}'
        for key in ("REGION", "SECRET_KEY", "OPAQUE")
    )
    messages = "\n".join(item[3] for item in found(secret(lines), settings, {"empty-fallback"}))
    assert "`'eu-central'`" in messages
    assert "anybody can forge" in messages
    assert "hunter" not in messages


@pytest.mark.parametrize(
    ("body", "path", "expected"),
    [
        ("A={{ .Data.A }}", "secret/data/app", ["error mismatched-secret-path secret/data/app"]),
        ("A={{ $.Data.data.A }}", "secret/data/app", ["error mismatched-secret-path .Data.data.A"]),
        ("{{ end }}A={{ .Data.data.A }}{{ if .x }}", "secret/data/app", ["error mismatched-secret-path .Data.data.A"]),
        ("A={{ .data.A }}", "secret/data/app", ["error mismatched-secret-path secret/data/app"]),
        ("A={{ .A }}", "secret/app", ["error mismatched-secret-path secret/app"]),
        ("A={{ .Data.data.A }}", "secret/app", ["info mismatched-secret-path secret/app"]),
        ("A={{ .Data.data.A }}\nB={{ .Data.B }}", "secret/app", ["warning mismatched-secret-path secret/app"]),
        ('A={{ .Data.data.A }}\n{{ with secret "secret/data/b" }}B={{ .Data.data.B }}{{ end }}', "secret/app", []),
        ("A={{ .Data.A }}", "secret/app", []),
        ("A={{ .Data.data.A }}", "secret/data/app", []),
        ("A={{ .Data.metadata.version }}", "secret/data/app", []),
        ("A={{ .LeaseID }}", "database/creds/app", []),
        ("A={{ .Data.username }}", "database/creds/app", []),
        ("{{ range $k, $v := .Data.data }}{{ $k }}={{ $v }}\n{{ end }}", "secret/data/app", []),
    ],
)
def test_mismatched_secret_path(body: str, path: str, expected: list[str]):
    assert brief(secret(body, path), rules={"mismatched-secret-path"}) == expected


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        ("A={{ .Data.data.A }}", ["warning unguarded-secret A"]),
        ('A="{{ .Data.data.A }}"', ["info unguarded-secret A"]),
        ('{{ $a := .Data.data.A }}A="x{{ $a }}"', ["info unguarded-secret A"]),
        ("A={{ with .Data.data.A }}{{ . }}{{ end }}", []),
        ("{{ if .Data.data.A }}A={{ .Data.data.A }}\n{{ end }}", []),
        ('A={{ or .Data.data.A "x" }}', []),
        ("A={{ .Data.data.A | sprig_default `x` }}", []),
    ],
)
def test_unguarded_secret(body: str, expected: list[str]):
    assert brief(secret(body), rules={"unguarded-secret"}) == expected


def test_an_agent_that_stops_at_missing_keys_needs_no_guard():
    agent = 'template {\n  source = "/x/secrets.ctmpl"\n  error_on_missing_key = true\n}\n'
    assert brief(secret("A={{ .Data.data.A }}"), rules={"unguarded-secret"}, **{AGENT: agent}) == []
    other = agent.replace("secrets", "other")
    assert brief(secret("A={{ .Data.data.A }}"), rules={"unguarded-secret"}, **{AGENT: other}) == [
        "warning unguarded-secret A"
    ]


def test_delimiters_come_from_the_agent():
    agent = 'template {\n  source = "/x/secrets.ctmpl"\n  left_delimiter = "[["\n  right_delimiter = "]]"\n}\n'
    template = '[[ with secret "secret/data/app" ]]\nA=[[ .Data.A ]]\n[[ end ]]\n'
    assert "error mismatched-secret-path secret/data/app" in brief(template, **{AGENT: agent})


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        ('TOKEN={{ with .Data.data.TOKEN }}{{ printf "%q" . }}{{ end }}', ["info unquoted-expansion TOKEN"]),
        ('URL="x:{{ .Data.data.PASSWORD }}@h"', ["info unquoted-expansion URL"]),
        ("TOKEN={{ .Data.data.TOKEN | toJSON }}", ["info unquoted-expansion TOKEN"]),
        ("TOKEN={{ .Data.data.TOKEN }}", ["info unquoted-expansion TOKEN"]),
        ("""TOKEN='{{ .Data.data.TOKEN | replaceAll "'" "'\\\\''" }}'""", []),
        ('REGION="{{ .Data.data.REGION }}"', []),
        ('TOKEN="literal"', []),
    ],
)
def test_unquoted_expansion(body: str, expected: list[str]):
    assert brief(secret(body), rules={"unquoted-expansion"}) == expected


@pytest.mark.parametrize(
    ("line", "subject"),
    [
        ("K = v", "K"),
        ("K= hunter2", "K"),
        ("K=two hunter2", "K"),
        ("A-B=1", "A-B"),
        ("K: v", "K"),
        ("K+=v", "K"),
        ("K=<v>", TEMPLATE),
    ],
)
def test_unassignable_line(line: str, subject: str):
    (finding,) = found(f"{line}\n", rules={"unassignable-line"})
    assert finding[:3] == ("warning", "unassignable-line", subject)
    assert "hunter2" not in finding[3] + finding[4]


def test_secret_in_comment():
    body = "# OLD={{ .Data.data.OLD }} {{ with .Data.data.OLD }}{{ . }}{{ end }}\nA=1 # {{ .Data.data.B }}\nC=1"
    assert brief(secret(body)) == ["info secret-in-comment OLD", "info secret-in-comment B"]


def test_a_well_kept_template_is_clean():
    settings = "    database_url: str\n    region: str = 'eu'\n    daily_limit: int = 2\n"
    template = """\
{{- /* What production needs.
DATABASE_URL=never-this
*/ -}}
{{- $env := env "ENV" -}}
{{- with secret (printf "secret/data/app/%s/postgres" $env) }}
DATABASE_URL='postgresql://app:{{ or .Data.data.PASSWORD "" | replaceAll "'" "'\\\\''" }}@db/app'
{{ end -}}
{{- with secret (printf "secret/data/app/%s/app" $env) }}
REGION={{ with .Data.data.REGION }}{{ printf "%q" . }}{{ else }}"eu"{{ end }}
{{ with .Data.data.DAILY_LIMIT }}DAILY_LIMIT={{ printf "%q" . }}
{{ end -}}
{{ end -}}
"""
    assert brief(template, settings) == []
