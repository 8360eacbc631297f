"""The page: one file, nothing from elsewhere, foreign text escaped; a browser looks at it on two screens, twice."""

from __future__ import annotations

import re
from html.parser import HTMLParser
from xml.etree import ElementTree as ET

import pytest

from histories import CONFIG, commit, repository, settings
from history_page import hostile_page
from running import run


@pytest.fixture(scope="module")
def page(tmp_path_factory):
    return hostile_page(tmp_path_factory.mktemp("page"))


class _Tags(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict]] = []

    def handle_starttag(self, tag, attrs):
        self.tags.append((tag, dict(attrs)))


def test_nothing_comes_from_elsewhere(page):
    parser = _Tags()
    parser.feed(page.read_text())
    names = [tag for tag, _ in parser.tags]
    assert names.count("script") == 1
    assert not {"img", "link", "iframe", "object", "embed", "base", "form"} & set(names)
    for tag, attributes in parser.tags:
        assert not [name for name in attributes if name.startswith("on")], tag
        links = [value for name, value in attributes.items() if name in {"src", "href", "xlink:href"} and value]
        assert all(value.startswith("#") for value in links), (tag, links)
    (policy,) = [found["content"] for _, found in parser.tags if found.get("http-equiv")]
    assert policy.startswith("default-src 'none'")
    assert "http" not in policy


def test_foreign_text_is_escaped(page):
    text = page.read_text()
    assert "<script>alert" not in text
    assert "<img" not in text
    assert "\x1b" not in text
    assert "\u202e" not in text
    assert "&lt;script&gt;alert(1)" in text


def test_it_is_small_and_its_drawings_are_well_formed(page):
    text = page.read_text()
    assert len(text) < 300_000
    drawings = re.findall(r"<svg.*?</svg>", text, re.DOTALL)
    assert len(drawings) >= 3
    for drawing in drawings:
        root = ET.fromstring(drawing)
        assert next(child.tag.rpartition("}")[2] for child in root) == "title"
    bars = [drawing for drawing in drawings if 'class="bar"' in drawing]
    assert all('tabindex="0"' in bar for bar in bars)
    assert any("2026-01-01" in bar and "2026-01-20" in bar for bar in bars)


def test_the_hint_of_a_secret_says_both_commits(tmp_path):
    files = {CONFIG: settings("secret_key"), ".env.example": "DEBUG=false\n"}
    points = [commit("1", 1, {"x": "x\n"}), commit("2", 2, files), commit("3", 4, {CONFIG: settings()})]
    top, marks = repository(tmp_path, points)
    text = run("history", top, "--format", "html").stdout
    hints = [hint for hint in re.findall(r"<title>(.*?)</title>", text) if "SECRET_KEY" in hint]
    assert hints
    assert all(marks["2"][:8] in hint and marks["3"][:8] in hint for hint in hints)


def test_dates_and_names_of_rules_are_kept_in_one_line(page):
    text = page.read_text()
    rows = re.findall(r"<tr>.*?</tr>", text, re.DOTALL)
    loose = [re.sub(r'<span class="whole">.*?</span>|<title>.*?</title>', "", row, flags=re.DOTALL) for row in rows]
    assert not [row for row in loose if re.search(r"\d{4}-\d\d-\d\d|undocumented-setting", row)]
    assert '<span class="whole">undocumented-setting</span>' in text
    assert re.search(r'<span class="whole">2026-01-20 [0-9a-f]{8}</span>', text)


def test_colours_are_the_pages_own(page):
    drawings = re.findall(r"<svg.*?</svg>", page.read_text(), re.DOTALL)
    drawn = {colour for drawing in drawings for colour in re.findall(r"#[0-9a-f]{6}", drawing)}
    assert drawn <= {"#000000", "#ffffff"}


def test_without_matplotlib_the_message_says_what_to_install(page, monkeypatch):
    monkeypatch.setitem(__import__("sys").modules, "matplotlib", None)
    done = run("history", page.parent / "work", "--format", "html")
    assert done.status == 2
    assert "pip install matplotlib" in done.stderr
