"""This book itself, as a reader has it who unpacked it into a folder."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect

HIDDEN = """() => [...document.querySelectorAll('.handbook-change mark')]
  .filter(mark => mark.getClientRects()[0].left > mark.closest('pre').getBoundingClientRect().right - 20)
  .map(mark => mark.parentElement.textContent)"""

CUT = """() => [...document.querySelectorAll('.handbook-change-command')]
  .filter(command => command.scrollWidth > command.clientWidth).map(command => command.textContent)"""

pytestmark = pytest.mark.browser
ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="module")
def book(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("the book")
    words = [sys.executable, "-m", "mkdocs", "build", "-q", "-d", str(folder)]
    subprocess.run(words, cwd=ROOT, env={**os.environ, "NO_MKDOCS_2_WARNING": "1"}, check=True, timeout=300, capture_output=True)
    return folder


def test_no_page_scrolls_sideways_on_a_phone_and_none_asks_a_network(browser: Browser, book: Path) -> None:
    context = browser.new_context(viewport={"width": 390, "height": 800}, offline=True)
    asked: list[str] = []
    context.on("request", lambda request: asked.append(request.url))
    page = context.new_page()
    pages = sorted(path for path in book.rglob("*.html") if path.name != "404.html")
    assert pages
    for path in pages:
        page.goto(path.as_uri())
        assert page.evaluate("document.documentElement.scrollWidth") == 390, path
    context.close()
    assert [url for url in asked if not url.startswith(("file:", "data:", "about:"))] == []


@pytest.mark.parametrize("width", [390, 1280])
def test_no_command_and_no_difference_of_a_change_is_out_of_view(browser: Browser, book: Path, width: int) -> None:
    context = browser.new_context(viewport={"width": width, "height": 800}, offline=True)
    page = context.new_page()
    pages = sorted(path for path in (book / "changes").glob("*.html") if path.name != "index.html")
    assert pages
    for path in pages:
        page.goto(path.as_uri())
        assert page.locator(".handbook-change mark").count(), path
        assert page.evaluate(HIDDEN) == [], path
        assert page.evaluate(CUT) == [], path
    context.close()


def test_the_search_works_from_a_folder(browser: Browser, book: Path) -> None:
    context = browser.new_context(viewport={"width": 1280, "height": 800}, offline=True)
    page = context.new_page()
    page.goto((book / "index.html").as_uri())
    page.keyboard.press("/")
    page.keyboard.type("unshare")
    expect(page.locator(".md-search-result__item").first).to_be_visible()
    expect(page.locator(".md-search-result__list")).to_contain_text("unshare")
    context.close()
