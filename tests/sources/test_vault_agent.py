"""Vault agent configurations: which template is rendered how."""

from __future__ import annotations

import hcl2
import pytest
from hypothesis import given
from hypothesis import strategies as st

from fr_check.core.text import Text
from fr_check.sources.vault_agent import VaultAgent, parse

HCL = """\
vault { address = "${VAULT_ADDR}" }   # the address
auto_auth {
  method "token_file" {
    config = { token_file_path = "/vault/token" }
  }
}
/* template { source = "not-this" } */
// template { source = "nor-this" }
template_config { exit_on_retry_failure = true }
template {
  source               = "/etc/vault/secrets.ctmpl"
  destination          = "/vault/secrets/.env"
  left_delimiter       = "[["
  right_delimiter      = "]]"
  error_on_missing_key = true
  exec { command = ["kill", "{", "}"] }
}
template {
  destination = "/b"
  contents = <<-EOT
    A={{ .x }}
    template { source = "inside" }
    EOT
}
env_template "DB_PASSWORD" {
  contents = "{{ with secret \\"p\\" }}{{ .Data.data.P }}{{ end }}"
}
"""
JSON = """{"template": [
  {"source": "/x/a.ctmpl", "left_delimiter": "<<"},
  {"source": "b.ctmpl", "exec": {"command": [{"source": "c"}]}}
]}"""


def read(source: str) -> VaultAgent:
    agent = parse(Text(source))
    assert agent.problems == ()
    return agent


def test_stanzas():
    first, second, third = read(HCL).stanzas
    assert (first.source, first.destination) == ("/etc/vault/secrets.ctmpl", "/vault/secrets/.env")
    assert (first.left_delimiter, first.right_delimiter, first.error_on_missing_key) == ("[[", "]]", True)
    assert first.span[:2] == (10, 1)
    assert second.contents.startswith("    A={{ .x }}\n")
    assert HCL[second.contents_at :].startswith(second.contents)
    assert (third.variable, third.contents) == ("DB_PASSWORD", '{{ with secret "p" }}{{ .Data.data.P }}{{ end }}')


def test_json():
    first, second = read(JSON).stanzas
    assert (first.source, first.left_delimiter, first.right_delimiter) == ("/x/a.ctmpl", "<<", "")
    assert second.source == "b.ctmpl"


def test_hcl2_reads_the_same():
    given_ = hcl2.loads(HCL.replace("/* template", "# template"))["template"][0]
    stanza = read(HCL).stanzas[0]
    assert str(given_["source"]).strip('"') == stanza.source
    assert str(given_["left_delimiter"]).strip('"') == stanza.left_delimiter
    assert str(given_["error_on_missing_key"]).lower() == "true"


@pytest.mark.parametrize(
    ("path", "source"),
    [
        ("repo/app/secrets.ctmpl", "/etc/vault/secrets.ctmpl"),
        ("etc/vault/other.ctmpl", None),
        ("secrets.ctmpl.bak", None),
    ],
)
def test_the_stanza_of_a_file(path: str, source: str | None):
    stanza = read(HCL).stanza(path)
    assert (stanza.source if stanza else None) == source


def test_the_longest_common_ending_wins():
    agent = read('template { source = "/a/secrets.ctmpl" }\ntemplate { source = "/b/secrets.ctmpl" }')
    assert agent.stanza("infra/b/secrets.ctmpl") == agent.stanzas[1]


@pytest.mark.parametrize(
    ("source", "message"),
    [
        ("template {", "a block is never closed"),
        ("}", "unexpected '}'"),
        ("]", "unexpected ']'"),
        ("= 1", "unexpected '='"),
        ('a = "x', "unexpected '\"'"),
        ("a = <<EOT\nx", "the heredoc EOT is never closed"),
    ],
)
def test_what_cannot_be_read_is_said(source: str, message: str):
    assert [problem.message for problem in parse(Text(source)).problems] == [message]


@given(
    st.lists(
        st.sampled_from(
            ["{", "}", "[", "]", "=", ":", '"a"', "template", "\n", " ", "<<E\n", "E", "#", "/*", "*/", "\\", '"']
        ),
        max_size=60,
    ).map("".join)
    | st.text(max_size=100)
)
def test_any_text_is_read(text: str):
    agent = parse(Text(text))
    assert all(stanza.span.line >= 1 for stanza in agent.stanzas)


@pytest.mark.parametrize(
    "source", ["{" * 100_000, "[" * 100_000, "a={" * 50_000, "<<E\n" * 50_000, "/*" * 50_000, '"' * 50_000]
)
def test_deep_nesting_is_read_without_recursion(source: str):
    assert len(parse(Text(source)).stanzas) == 0
