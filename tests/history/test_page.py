"""The page: one file, nothing from elsewhere, foreign text escaped; a browser looks at it on two screens, twice."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
from html import escape
from html.parser import HTMLParser
from xml.etree import ElementTree as ET

import pytest

from histories import CONFIG, commit, repository, settings
from running import run

CHROMIUM = shutil.which("chromium")
EVIL = "<script>alert(1)</script> & \"quotes\" 'x' \x1b[31m \u202e $x^2$"
NAME = "<img src=x onerror=alert(2)>"


@pytest.fixture(scope="module")
def page(tmp_path_factory):
    """The page of a history whose texts are hostile."""
    files = {
        CONFIG: settings("mail_host"),
        ".env.example": "DEBUG=false\n",
        "pyproject.toml": "[tool.coverage.report]\nfail_under = 90\n",
        f"{NAME}/docker-compose.yml": "services:\n  web:\n    build:\n      context: web\n",
    }
    points = [
        commit("1", 1, files)._replace(message=EVIL),
        commit("2", 4, {"pyproject.toml": "[tool.coverage.report]\nfail_under = 50\n"})._replace(message=EVIL),
        commit("3", 20, {".env.example": "DEBUG=false\nMAIL_HOST=x\n"})._replace(message=EVIL),
        commit("4", 25, {"x": "x\n"}),
    ]
    top, _ = repository(tmp_path_factory.mktemp("page"), points)
    path = top.parent / "page.html"
    done = run("history", top, "--format", "html", "--output", path)
    assert done.status == 0, done.stderr
    again = top.parent / "again.html"
    run("history", top, "--format", "html", "--output", again)
    assert path.read_bytes() == again.read_bytes()
    return path


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


def test_colours_are_the_pages_own(page):
    drawings = re.findall(r"<svg.*?</svg>", page.read_text(), re.DOTALL)
    drawn = {colour for drawing in drawings for colour in re.findall(r"#[0-9a-f]{6}", drawing)}
    assert drawn <= {"#000000", "#ffffff"}


LOOK = """
<script>
addEventListener("load", function () {
  var wide = document.documentElement.scrollWidth, seen = function (name) {
    var found = document.querySelector(name);
    return found ? getComputedStyle(found).display !== "none" : false;
  };
  var rgb = function (name) {
    return getComputedStyle(document.body)[name].match(/[0-9.]+/g).slice(0, 3).map(Number);
  };
  parent.document.title = JSON.stringify({over: wide - innerWidth, wide: seen(".wide"), narrow: seen(".narrow"),
    ink: rgb("color"), paper: rgb("backgroundColor"), buttons: document.querySelectorAll("th button").length,
    rows: document.querySelectorAll("tbody tr").length});
});
</script>
"""


def looked_at(page, width, *options: str):
    """What a browser makes of the page at a width; a copy whose policy lets it in holds the look at it."""
    copy = page.with_name(f"look-{width}-{len(options)}.html")
    text = page.read_text().replace("script-src 'sha256-", "script-src 'unsafe-inline'; x-was 'sha256-")
    # A window is never narrower than 500 pixels, a frame is.
    inner = escape(text.replace("</body>", f"{LOOK}</body>"))
    copy.write_text(f'<!doctype html><iframe srcdoc="{inner}" style="width:{width}px;height:900px;border:0"></iframe>')
    command = [
        CHROMIUM, "--headless=new", "--no-sandbox", "--disable-gpu", "--window-size=1400,1000", *options,
        f"--user-data-dir={page.parent / 'profile'}", "--dump-dom", copy.as_uri(),
    ]  # fmt: skip
    done = subprocess.run(command, capture_output=True, check=False, timeout=120)
    title = re.search(r"<title>(\{.*?\})</title>", done.stdout.decode())
    assert title, done.stderr.decode()[-2000:]
    return json.loads(title[1])


def contrast(one, other):
    def light(colour):
        parts = [value / 255 for value in colour]
        linear = [part / 12.92 if part <= 0.03928 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
        return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]

    high, low = sorted((light(one), light(other)), reverse=True)
    return (high + 0.05) / (low + 0.05)


@pytest.mark.parametrize("width", [1280, 390])
@pytest.mark.parametrize("dark", [False, True])
def test_a_browser_shows_it_without_overflow(page, width, dark):
    assert CHROMIUM is not None, "install Debian's package `chromium`"
    options = ("--blink-settings=preferredColorScheme=0",) if dark else ()
    seen = looked_at(page, width, *options)
    assert seen["over"] <= 0
    assert (seen["wide"], seen["narrow"]) == (width > 700, width <= 700)
    assert contrast(seen["ink"], seen["paper"]) > 4.5
    assert (sum(seen["paper"]) < 382) == dark
    assert seen["rows"] > 3
    assert seen["buttons"] >= 6


def test_without_matplotlib_the_message_says_what_to_install(page, monkeypatch):
    monkeypatch.setitem(__import__("sys").modules, "matplotlib", None)
    done = run("history", page.parent / "work", "--format", "html")
    assert done.status == 2
    assert "pip install matplotlib" in done.stderr
