"""Whatever stands in the files, the checker answers: findings, or unknowns that name the file."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from effort import LINEAR, growth
from env_world import CONFIG, EXAMPLE, HEAD, TEMPLATE, everything, load, settings, world
from fr_check.core.repository import Memory, Unreadable

CONFIG_TEXT = settings("a: str = 'd'", "n: int = 3", "db_url: str = Field('x', alias='DB_URL')")
EXAMPLE_TEXT = "# [VAULT]\nA=d\nN=3\nDB_URL='x' # c\nexport C=\"y\"\n"
TEMPLATE_TEXT = (
    '{{ with secret "secret/data/a" }}\nA={{ .Data.data.A }}\nN="{{ printf "%q" .Data.data.N }}"\n{{ end }}\n'
)


@pytest.mark.parametrize("path", [CONFIG, EXAMPLE, TEMPLATE])
@pytest.mark.parametrize(
    "junk",
    [b"\xff\xfe\x00A", b"A=1\xc3(\n", b"\x00\x01\x02", b"\x89PNG\r\n\x1a\n\x00"],
    ids=["utf-16", "latin", "nul", "png"],
)
def test_bytes_that_are_no_text_are_unknown_and_nothing_is_concluded_from_them(path: str, junk: bytes) -> None:
    facts = load(world(CONFIG_TEXT, EXAMPLE_TEXT, TEMPLATE_TEXT) | {path: junk})
    assert [(unknown.reason, unknown.subject) for unknown in facts.unknowns] == [("undecodable", path)]
    everything(facts)
    missing = {"undocumented-setting", "unconsumed-secret", "unknown-example-key", "unrendered-secret"}
    found = {finding.rule for finding in everything(facts)} & missing
    assert found <= ({"unknown-example-key"} if path != CONFIG else set())


def test_a_frontend_that_cannot_be_read_may_consume_what_nobody_else_does() -> None:
    files = world(CONFIG_TEXT, "A=d\nN=3\nDB_URL=x\nELSE=\n") | {"web/api.ts": b"\xff\xfe\x00"}
    facts = load(files)
    assert [(unknown.reason, unknown.subject) for unknown in facts.unknowns] == [("undecodable", "web/api.ts")]
    assert everything(facts) == []
    assert load(files | {EXAMPLE: "A=d\nN=3\nDB_URL=x\n"}).unknowns == ()


class Locked(Memory):
    """A repository whose template cannot be read: a submodule that was not fetched."""

    def subtree(self, gitlink: str) -> object:
        return Unreadable(gitlink, "uninitialised-submodule", "repo is not initialised", "git submodule update --init")


def test_a_template_that_cannot_be_read_is_unknown_with_the_command_that_mends_it() -> None:
    facts = load(Locked(world(CONFIG_TEXT, "# [VAULT]\nA=d\nN=3\nDB_URL=x\n"), {"repo": "1" * 40}))
    assert [(unknown.reason, unknown.help) for unknown in facts.unknowns] == [
        ("uninitialised-submodule", "git submodule update --init")
    ]
    assert everything(facts) == []


def _mutated(text: str) -> st.SearchStrategy[str]:
    """The text with a stretch replaced by something else."""
    places = st.integers(0, len(text))
    junk = st.sampled_from(
        ["", "\n", "=", "'", '"', "{{", "}}", "(", ":", "#", "\\", "A", "é", "${", "\r", " ", "-}}", "{{-"]
    )
    return st.builds(lambda a, b, c: text[: min(a, b)] + c + text[max(a, b) :], places, places, junk)


@given(_mutated(CONFIG_TEXT), _mutated(EXAMPLE_TEXT), _mutated(TEMPLATE_TEXT))
def test_mutilated_files_are_judged_or_unknown(config: str, example: str, template: str) -> None:
    files = world(config, example, template)
    facts = load(files, Memory(world(CONFIG_TEXT, EXAMPLE_TEXT, TEMPLATE_TEXT)))
    for finding in everything(facts):
        assert finding.location.path in files
        assert finding.message
        assert finding.help
        assert not finding.message.endswith(".")
    assert facts.tables() is not None


WORLDS = {
    "misspelt": (
        "    field_{0}: str = Field('v', validation_alias='NAME_{0}')\n",
        "NAMES_{0}=v\n# NAME_{0}=\n",
        "NAMED_{0}={{{{ .Data.data.A }}}}\n",
    ),
    "marked": (
        "    field_{0}: str = Field('v', validation_alias='NAME_{0}')\n",
        "# [VAULT]\nNAME_{0}=w\n",
        "NAME_{0}={{{{ .Data.data.A }}}}\n",
    ),
    "classes": (
        "    a_{0}: int = 1\n\n\nclass S{0}(BaseSettings):\n    b_{0}: str\n",
        "A_{0}=x\nB_{0}='x' # y\n",
        "B_{0}=\n",
    ),
}


@pytest.mark.parametrize(("field", "line", "key"), WORLDS.values(), ids=WORLDS)
def test_a_large_project_costs_no_more_than_its_size(field: str, line: str, key: str) -> None:
    def make(size: int) -> dict[str, str]:
        config = HEAD + "class S(BaseSettings):\n" + "".join(map(field.format, range(size)))
        template = '{{ with secret "secret/data/a" }}\n' + "".join(map(key.format, range(size))) + "{{ end }}\n"
        return world(config, "".join(map(line.format, range(size))), template)

    def judge(files: dict[str, str]) -> None:
        facts = load(files)
        assert everything(facts)
        assert facts.tables()

    assert growth(judge, make, 80, 640) <= LINEAR
