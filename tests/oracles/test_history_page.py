"""A browser looks at the page of `fr-check history`: on two screens, light and dark."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
from html import escape

import pytest

from history_page import hostile_page

CHROMIUM = shutil.which("chromium")


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


@pytest.fixture(scope="module")
def page(tmp_path_factory):
    return hostile_page(tmp_path_factory.mktemp("page"))


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
