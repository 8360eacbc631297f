"""The policy: where it is read from, what it accepts, and what it says about a mistake."""

from __future__ import annotations

import pytest

from fr_check.core.config import Config
from fr_check.core.model import Severity
from fr_check.core.repository import Memory
from fr_check.core.text import Text
from fr_check.core.trouble import Trouble
from fr_check.policy.coverage_gate import Coverage, Group
from fr_check.policy.dockerfile_args import DockerfileArgs
from fr_check.policy.env_keys import App, EnvKeys
from fr_check.policy.find import read_policy
from fr_check.policy.submodule_sync import SubmoduleSync


def read(text: str, path: str = ".fr-check.toml") -> Config:
    return read_policy(Memory({path: text}))


def trouble(text: str, path: str = ".fr-check.toml") -> str:
    with pytest.raises(Trouble) as caught:
        read(text, path)
    return caught.value.message


def test_without_a_file_the_defaults_describe_finance_report():
    assert read_policy(Memory({})) == Config()
    assert read("[project]\nname = 'fr-check'\n", "pyproject.toml") == Config()


def test_every_section_is_read():
    config = read("""
select = ["undocumented-setting"]
ignore = ["default-drift"]
[severity]
default-drift = "error"
undocumented-setting = "off"
[allow]
undocumented-setting = [{subject = "POD_*", path = "apps/**", reason = "injected"}]
[[env-keys.apps]]
settings = ["a.py"]
secrets = ["*_KEY"]
[dockerfile-args]
public-prefixes = ["VITE_"]
frontends = ["web"]
[submodule-sync]
branch = {repo = "main"}
allow-tags = {repo = ["v*"]}
max-behind = 20
[coverage]
line = 95
data = ["a.xml"]
[[coverage.groups]]
name = "services"
paths = ["services/**"]
line = 80.5
""")
    assert config.select == ("undocumented-setting",)
    assert config.severity == {"default-drift": Severity.ERROR, "undocumented-setting": None}
    (entry,) = config.allow
    assert entry[:4] == ("undocumented-setting", "POD_*", "apps/**", "injected")
    assert entry.location.span is not None
    assert entry.location.span.line == 8
    assert config.of(EnvKeys).apps == (App(settings=("a.py",), secrets=("*_KEY",)),)
    assert config.of(DockerfileArgs).public_prefixes == ("VITE_",)
    assert config.of(SubmoduleSync).allow_tags == {"repo": ("v*",)}
    assert config.of(SubmoduleSync).max_behind == 20
    assert config.of(Coverage).line == 95
    assert config.of(Coverage).groups == (Group("services", ("services/**",), line=80.5),)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("selct = []", ".fr-check.toml:1:9: unknown key `selct` in the configuration; did you mean `select`?"),
        ("[coverage]\nlin = 1", ".fr-check.toml:2:7: unknown key `lin` in [coverage]; did you mean `line`?"),
        ("[coverage]\nline = 101", ".fr-check.toml:2:8: `coverage.line` must be between 0 and 100"),
        ("[coverage]\nline = nan", ".fr-check.toml:2:8: `coverage.line` must be between 0 and 100"),
        (
            '[[coverage.components]]\nname = "a"\n[[coverage.components]]\nname = "a"',
            ".fr-check.toml:3:1: two entries of `coverage.components` are called `a`; the first is on line 1",
        ),
        ("[coverage]\nline = true", ".fr-check.toml:2:8: `coverage.line` must be a number"),
        ("select = 'a'", ".fr-check.toml:1:10: `select` must be a list"),
        (
            "select = ['undocumented-settin']",
            "unknown rule `undocumented-settin`; did you mean `undocumented-setting`?",
        ),
        ("select = ['env-key']", "unknown rule `env-key`"),
        ("select = ['no-such-*']", "unknown rule `no-such-*`"),
        ("fail-on = 'off'", "`off` is no severity that can fail"),
        ("baseline = 1", "`baseline` must be a string"),
        ("[allow]\nglued-key = [{reason = 'x', until = 'soon'}]", "`allow.glued-key.0.until` must be a day"),
        ("[allow]\nglued-key = [{reason = 'x', until = 2027-01-31T00:00:00}]", "must be a day"),
        ("[severity]\ndefault-drift = 'fatal'", "`fatal` is no severity"),
        ("[severity]\ndefault-drift = []", "`[]` is no severity"),
        ("[allow]\ndefault-drift = [{subject = 'A'}]", "an entry that allows `default-drift` gives no reason"),
        ("[allow]\ndefault-drift = [{reason = ' '}]", "an entry that allows `default-drift` gives no reason"),
        ("[allow]\ndefault-drift = [{subjct = 'A', reason = 'x'}]", "unknown key `subjct`; did you mean `subject`?"),
        ("[submodule-sync]\nmax-behind = -1", "must not be negative"),
        ("a = ", "not valid TOML"),
        ("path = 'x'", "unknown key `path`"),
        ("[tool.fr-check]\nselect = []", "the tables stand without `tool.fr-check`"),
    ],
)
def test_a_mistake_is_one_message_with_its_place(text: str, message: str):
    assert message in trouble(text)


def test_in_pyproject_the_keys_stand_below_their_table():
    assert read("[tool.fr-check]\nignore = ['default-drift']", "pyproject.toml").ignore == ("default-drift",)
    assert "pyproject.toml:2:6: unknown key `x` in [tool.fr-check]" in trouble(
        "[tool.fr-check]\nx  = 1", "pyproject.toml"
    )


def test_its_own_file_wins_with_a_remark():
    files = {".fr-check.toml": "ignore = ['default-drift']", "pyproject.toml": "[tool.fr-check]\nselect = []"}
    config = read_policy(Memory(files))
    assert config.ignore == ("default-drift",)
    assert "keep one of them" in config.remarks[0]


def test_a_file_named_on_the_command_line_replaces_both():
    config = read_policy(Memory({".fr-check.toml": "broken ="}), Text("ignore = ['default-drift']", "other.toml"))
    assert config.ignore == ("default-drift",)


def test_a_binary_policy_is_one_message():
    with pytest.raises(Trouble, match="a NUL byte"):
        read_policy(Memory({".fr-check.toml": b"\0"}))
