"""Addresses: what they name, and where relative ones lead; the latter against git itself."""

from __future__ import annotations

import os
import subprocess

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fr_check.sources.remote_url import normalise, resolve, without_password

SAME = [
    "https://github.com/owner/infra",
    "https://github.com/owner/infra.git",
    "https://GitHub.COM/owner/infra/",
    "https://user:token@github.com/owner/infra.git/",
    "https://github.com:443/owner/infra",
    "http://github.com:80/owner/infra",
    "git@github.com:owner/infra.git",
    "github.com:owner/infra",
    "ssh://git@github.com/owner/infra",
    "ssh://git@github.com:22/owner/infra.git",
    "git+ssh://git@github.com/owner/infra",
    "git://github.com:9418/owner/infra",
]
OTHERS = [
    "https://github.com/other/infra",
    "https://github.com:8443/owner/infra",
    "https://gitlab.com/owner/infra",
    "https://github.com/owner/infra2",
    "/owner/infra",
    "file:///owner/infra",
    "../infra",
]


@pytest.mark.parametrize("url", SAME)
def test_ways_of_writing_one_address(url):
    assert normalise(url) == ("github.com", "owner/infra")


@pytest.mark.parametrize("url", OTHERS)
def test_other_addresses(url):
    assert normalise(url) != ("github.com", "owner/infra")


@pytest.mark.parametrize(
    "url", ["/srv/git/infra.git", "/srv/git/./infra/", "file:///srv/git/infra", "/srv/x/../git/infra"]
)
def test_paths(url):
    assert normalise(url) == ("", "/srv/git/infra")


@pytest.mark.parametrize("url", ["../infra", "../../x/infra.git", "./sub", "../infra/", "https://h/x", "/abs"])
@pytest.mark.parametrize(
    "origin",
    [
        "https://github.com/o/super",
        "https://github.com/o/super.git/",
        "git@github.com:o/super",
        "host:o/super",
        "/srv/o/super",
    ],
)
def test_relative_addresses_lead_where_git_says(tmp_path, url, origin):
    subprocess.run(["git", "init", "--quiet", tmp_path], check=True)
    subprocess.run(["git", "-C", tmp_path, "remote", "add", "origin", origin], check=True)
    (tmp_path / ".gitmodules").write_text(f'[submodule "s"]\n\tpath = s\n\turl = {url}\n')
    link = f"160000,{'1' * 40},s"
    subprocess.run(["git", "-C", tmp_path, "update-index", "--add", "--cacheinfo", link], check=True)
    done = subprocess.run(["git", "-C", tmp_path, "submodule", "init"], capture_output=True, check=False)
    assert done.returncode == 0, done.stderr
    command = ["git", "-C", tmp_path, "config", "submodule.s.url"]
    found = subprocess.run(command, capture_output=True, text=True, check=True)
    assert normalise(resolve(url, origin) or "") == normalise(found.stdout.strip())


def test_a_relative_address_without_a_remote_is_not_known():
    assert resolve("../infra", None) is None
    assert resolve("https://x/y", None) == "https://x/y"


def test_a_password_is_never_shown():
    assert without_password("https://me:hunter2@github.com/a/b") == "https://github.com/a/b"
    assert without_password("git@github.com:a/b") == "git@github.com:a/b"


@given(st.text(max_size=60), st.text(max_size=60) | st.none())
def test_any_text_is_read(url, origin):
    assert isinstance(normalise(url).path, str)
    resolve(url, origin)
    without_password(url)
    assert os.sep == "/"
