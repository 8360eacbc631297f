"""Vault agent configurations: inline templates, and what is unknown while one cannot be read."""

from __future__ import annotations

import pytest

from env_world import CONFIG, EXAMPLE, TEMPLATE, everything, findings, load, settings, world
from fr_check.core.model import Severity
from fr_check.core.repository import Memory
from fr_check.policy.env_keys import App

AGENT = "repo/finance_report/finance_report/10.app/vault-agent.hcl"
TWO = settings("a_key: str = ''", "b: str = 'x'")
KEYS = "A_KEY=\nB=x\n"
INLINE = """\
auto_auth {
  method "token_file" { config = { token_file_path = "/vault/token" } }
}
template {
  destination = "/secrets/.env"
  contents    = <<-EOT
    {{ with secret "secret/data/app" }}
    A_KEY={{ .Data.data.A_KEY }}
    B={{ with .Data.data.B }}{{ printf "%q" . }}{{ else }}""{{ end }}
    {{ end }}
  EOT
}
"""
PROCESS = """\
env_template "A_KEY" {
  contents             = "{{ with secret \\"secret/data/app\\" }}{{ .Data.A_KEY }}{{ end }}"
  error_on_missing_key = true
}
env_template "C" { contents = "{{ with secret \\"secret/data/app\\" }}{{ .Data.data.C }}{{ end }}" }
"""


def said(files: dict[str, str]) -> dict[tuple[str, str], tuple[str, int]]:
    """(rule, subject) of what is more than info -> path and line."""
    facts = load(files)
    assert facts.unknowns == ()
    found = [f for f in everything(facts) if f.severity >= Severity.WARNING]
    return {(f.rule, f.subject): (f.location.path, f.location.span.line if f.location.span else 0) for f in found}


def test_an_inline_template_is_a_template_at_its_place() -> None:
    files = {CONFIG: TWO, EXAMPLE: "# [VAULT]\nA_KEY=\nB=x\n", AGENT: INLINE}
    assert said(files) == {("unguarded-secret", "A_KEY"): (AGENT, 8), ("empty-fallback", "B"): (AGENT, 9)}
    app = load(files).apps[0]
    assert {key: rendered.location.span.line for key, rendered in app.rendered.items() if rendered.location.span} == {
        "A_KEY": 8,
        "B": 9,
    }
    assert app.rendered["A_KEY"].location.span == (8, 5, 8, 10)


def test_the_keys_of_an_inline_template_are_rendered_beside_those_of_a_file() -> None:
    template = '{{ with secret "secret/data/app" }}\nA_KEY="{{ .Data.data.A_KEY }}"\n{{ end }}\n'
    assert ("unrendered-secret", "B") not in findings(
        world(TWO, "A_KEY=\n# [VAULT]\nB=x\n", template, **{AGENT: INLINE})
    )
    assert ("unrendered-secret", "B") in findings(world(TWO, "A_KEY=\n# [VAULT]\nB=x\n", template))


def test_a_broken_inline_template_is_reported_where_it_stands() -> None:
    files = {CONFIG: TWO, EXAMPLE: KEYS, AGENT: INLINE.replace("{{ end }}\n    {{ end }}", "{{ end }}")}
    assert said(files) == {("broken-template", AGENT): (AGENT, 7)}


def test_glue_in_an_inline_template_names_the_marker() -> None:
    body = 'A_KEY="{{ env "A" }}"\n    {{- if env "X" }}B=1{{ end }}\n'
    files = {
        CONFIG: TWO,
        EXAMPLE: KEYS,
        AGENT: f'template {{\n  destination = ".env"\n  contents = <<EOT\n{body}EOT\n}}\n',
    }
    (glued,) = [f for f in everything(load(files)) if f.rule == "glued-key"]
    assert (glued.subject, glued.location.span[:2] if glued.location.span else ()) == ("B", (5, 22))
    assert "`{{-`" in glued.help


def test_what_a_process_is_given_is_rendered_without_a_shell() -> None:
    files = {CONFIG: settings("a_key: str = ''", "c: str = ''"), EXAMPLE: "# [VAULT]\nA_KEY=\nC=\n", AGENT: PROCESS}
    assert said(files) == {("mismatched-secret-path", "secret/data/app"): (AGENT, 2)}
    rules = {(f.rule, f.subject) for f in everything(load(files))}
    assert ("unguarded-secret", "C") in rules
    assert not {rule for rule, _ in rules} & {"unquoted-expansion", "unassignable-line"}
    files[CONFIG] = settings("a_key: str = ''")
    assert ("unconsumed-secret", "C") in said(files)


def test_other_inline_templates_are_not_the_apps() -> None:
    other = INLINE.replace("/secrets/.env", "/secrets/nginx.conf").replace("A_KEY=", "X=").replace("B=", "Y=")
    template = '{{ with secret "secret/data/app" }}\nA_KEY="{{ .Data.data.A_KEY }}"\n{{ end }}\n'
    assert said(world(TWO, KEYS, template, **{AGENT: other})) == {}


def test_a_configuration_may_be_named_as_template() -> None:
    app = App(settings=(CONFIG,), example=(EXAMPLE,), templates=("deploy/agent.hcl",))
    facts = load({CONFIG: TWO, EXAMPLE: KEYS, "deploy/agent.hcl": INLINE}, None, app)
    assert facts.unknowns == ()
    assert set(facts.apps[0].rendered) == {"A_KEY", "B"}


def test_a_configuration_elsewhere_is_found_when_it_renders_the_settings() -> None:
    facts = load({CONFIG: TWO, EXAMPLE: KEYS, "deploy/vault-agent.hcl": INLINE})
    assert set(facts.apps[0].rendered) == {"A_KEY", "B"}
    other = INLINE.replace("    A_KEY=", "    X=").replace("    B=", "    Y=").replace("/.env", "/nginx.conf")
    facts = load({CONFIG: TWO, EXAMPLE: KEYS, "deploy/vault-agent.hcl": other})
    assert (facts.apps[0].templates, facts.unknowns, facts.skipped) == ((), (), ())


def test_keys_that_an_inline_template_lost() -> None:
    files = {CONFIG: TWO, EXAMPLE: KEYS, AGENT: INLINE}
    after = {**files, AGENT: INLINE.replace("    A_KEY={{ .Data.data.A_KEY }}\n", "")}
    lost = [f for f in everything(load(after, Memory(files))) if f.rule == "lost-secrets"]
    assert [f.subject for f in lost] == [AGENT]
    assert "`A_KEY`" in lost[0].message
    assert [f for f in everything(load(files, Memory(files))) if f.rule == "lost-secrets"] == []


BROKEN = 'template {\n  source = "/x/secrets.ctmpl"\n  left_delimiter = "[[\n}\n'


@pytest.mark.parametrize("agent", [BROKEN, BROKEN.replace('"[[', '"[["\n  {'), "template { source = <<X\n"])
def test_a_configuration_that_cannot_be_read_is_unknown_at_its_place(agent: str) -> None:
    template = '[[ with secret "secret/data/app" ]]\nA_KEY=[[ .Data.data.A_KEY ]]\n[[ end ]]\n'
    facts = load(world(TWO, "# [VAULT]\nA_KEY=\n# [VAULT]\nB=x\n", template, **{AGENT: agent}))
    (unknown,) = facts.unknowns
    assert (unknown.reason, unknown.subject) == ("unreadable-agent", AGENT)
    assert TEMPLATE in unknown.message
    assert unknown.location is not None
    assert unknown.location.span is not None
    assert not {f.rule for f in everything(facts)} & {"unrendered-secret", "required-but-unrendered"}


def test_an_undecodable_configuration_is_unknown() -> None:
    facts = load({**world(TWO, KEYS, "A_KEY=1\n"), AGENT: b"\xff\xfet\x00"})
    assert [unknown.reason for unknown in facts.unknowns] == ["unreadable-agent"]


def test_other_files_of_the_language_may_be_what_they_are() -> None:
    folder = AGENT.rpartition("/")[0]
    files = world(
        TWO, KEYS, "A_KEY=1\n", **{f"{folder}/terragrunt.hcl": 'inputs = { for k in x : k => "${y["a"]}" }}\n'}
    )
    assert load(files).unknowns == ()


def test_the_agent_of_the_folder_above_counts_only_where_there_is_none_beside() -> None:
    above = f"{AGENT.rpartition('/')[0].rpartition('/')[0]}/vault-agent.hcl"
    files = world(TWO, KEYS, "A_KEY=1\n", **{above: BROKEN})
    assert [unknown.subject for unknown in load(files).unknowns] == [above]
    beside = 'template {\n  source = "/x/secrets.ctmpl"\n}\n'
    assert load({**files, AGENT: beside}).unknowns == ()


def test_strings_may_hold_quotes_in_interpolations() -> None:
    stanza = 'template {\n  source = "/x/secrets.ctmpl"\n  left_delimiter = "[["\n  right_delimiter = "]]"\n}\n'
    agent = 'vault { address = "${env("VAULT_ADDR")}" }\n' + stanza
    facts = load(world(TWO, KEYS, "A_KEY=[[ env `A` ]]\nB='{{ x }}'\n", **{AGENT: agent}))
    assert facts.unknowns == ()
    assert set(facts.apps[0].rendered) == {"A_KEY", "B"}
