"""The handbook in a real browser: every kind of page, on a screen and on paper.

Needs the `browser` extra and a Chromium on the machine (or in `CHROMIUM`): `pytest -m slow tests/cli/test_handbook_browser.py`.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from eco_rules import Corpus
from eco_rules.reporting.handbook.site import handbook

pytestmark = pytest.mark.slow
sync_api = pytest.importorskip("playwright.sync_api")

_NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "msedge")
BROWSER = os.environ.get("CHROMIUM") or next((found for name in _NAMES if (found := shutil.which(name))), None)
_QUIET = [
    "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
    "--disable-background-networking", "--disable-component-update", "--disable-sync",
]  # fmt: skip
KINDS = {
    "index": "index.html",
    "places": "places.html",
    "alphabet": "a-z.html",
    "matter": "matter.minor-violation.html",
    "matter of many": "matter.eia-classification.html",
    "rules": "ruleset.cn-3607.minor-violation@2022-01-01.html",
    "exceptions": "ruleset.cn-44.minor-violation@2022-01-01.html",
    "catalogue": "ruleset.cn.eia-classification.52-transport@2021-01-01.html",
    "materials": "ruleset.cn.incomplete-acceptance@2019-04-23.html",
    "sanctions": "ruleset.cn.minor-violation.penalties@2021-07-15.html",
    "instrument": "instrument.catalogue-2021.html",
    "facts": "facts.case.html",
}


@pytest.fixture(scope="module", params=["zh", "en"])
def folder(request: pytest.FixtureRequest, corpus: Corpus, tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp(f"handbook-{request.param}")
    for name, content in handbook(corpus, request.param).items():
        (path / name).write_text(content, encoding="utf-8")
    return path


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    if BROWSER is None:
        pytest.skip("no Chromium here")
    with sync_api.sync_playwright() as play:
        found = play.chromium.launch(executable_path=BROWSER, args=_QUIET)
        yield found
        found.close()


@pytest.mark.parametrize("kind", KINDS)
def test_a_page(browser: Any, folder: Path, kind: str) -> None:
    page = browser.new_page(viewport={"width": 1280, "height": 900})
    said: list[str] = []
    asked: list[str] = []
    page.on("console", lambda message: said.append(message.text))
    page.on("pageerror", lambda error: said.append(str(error)))
    page.on("request", lambda request: asked.append(request.url))
    page.goto((folder / KINDS[kind]).as_uri())
    for width in (1280, 794, 390):  # a screen, an A4 page at 96 dpi, a telephone
        page.set_viewport_size({"width": width, "height": 900})
        assert page.evaluate("document.documentElement.scrollWidth") <= width
    assert page.evaluate("getComputedStyle(document.querySelector('h1')).fontWeight") == "600"  # the style was found
    assert _beyond(page) == []
    links = page.evaluate("[...document.querySelectorAll('main a[href]')].map(a => a.href.baseVal || a.href)")
    assert all((folder / link.rpartition("/")[2].partition("#")[0]).exists() for link in links if link[0] != "#")
    assert page.evaluate(_DEAD) == []
    assert page.pdf(prefer_css_page_size=True).count(b"/Type /Page\n") > 0
    assert said == []
    assert {url.partition(":")[0] for url in asked} <= {"file", "data"}
    page.close()


def test_paper_cuts_nothing_off(browser: Any, folder: Path) -> None:
    """At the width of the text on A4 paper no table is wider than the page."""
    for name in KINDS.values():
        page = browser.new_page(viewport={"width": 642, "height": 900})
        page.emulate_media(media="print")
        page.goto((folder / name).as_uri())
        assert page.evaluate("document.documentElement.scrollWidth") <= 642, name
        page.close()


_DEAD = """[...document.querySelectorAll('a[href^="#"]')]
  .filter(a => !document.getElementById(decodeURIComponent(a.getAttribute('href').slice(1))))
  .map(a => a.getAttribute('href'))"""


def _beyond(page: Any) -> list[str]:
    """Texts of pictures that stick out of their box."""
    found: list[str] = page.evaluate(
        """[...document.querySelectorAll('svg rect')].flatMap(rect => {
          const box = rect.getBoundingClientRect();
          return [...rect.parentNode.querySelectorAll(':scope > text, :scope > a > text')]
            .filter(text => { const t = text.getBoundingClientRect();
              return t.top >= box.top && t.bottom <= box.bottom + 1 && t.left >= box.left && t.left < box.right
                && t.right > box.right + 1; })
            .map(text => text.textContent);
        })"""
    )
    return found
