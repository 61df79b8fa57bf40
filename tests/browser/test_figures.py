from __future__ import annotations

import re
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import Open

pytestmark = pytest.mark.browser
SWITCH = ".handbook-switch select"


def shown(page: Page) -> list[str]:
    """The environments of the panels that a reader sees."""
    names: list[str] = page.locator(".handbook-panel:visible").evaluate_all(
        "panels => panels.map(panel => panel.dataset.environment)"
    )
    return names


def clipboard(page: Page) -> str:
    """What a reader would paste."""
    page.evaluate("document.body.append(Object.assign(document.createElement('textarea'), {id: 'paste'}))")
    page.locator("#paste").focus()
    page.keyboard.press("Control+V")
    text = page.locator("#paste").input_value()
    page.evaluate("document.querySelector('#paste').remove()")
    return text


def test_the_newest_environment_shows_without_a_script(open_page: Open) -> None:
    page = open_page(java_script_enabled=False)
    assert set(shown(page)) == {"debian-13"}
    expect(page.locator("#figure-form > details")).not_to_have_attribute("open", "")
    expect(page.locator("#figure-form-2")).to_contain_text("the new form")


def test_a_long_output_unfolds_without_a_script(open_page: Open) -> None:
    page = open_page(java_script_enabled=False)
    figure = page.locator("#figure-long")
    expect(figure.get_by_text(re.compile("^59 and more"))).not_to_be_visible()
    figure.get_by_text("44 more lines").click()
    expect(figure.locator("details pre")).to_be_visible()
    expect(figure.locator("details pre")).to_contain_text("59 and more")


def test_the_switch_changes_every_figure_and_is_remembered_on_other_pages(open_page: Open, site: Path) -> None:
    page = open_page()
    assert page.locator(f"{SWITCH} option").all_inner_texts() == ["debian-13", "debian-12"]
    page.locator(SWITCH).select_option("debian-12")
    assert set(shown(page)) == {"debian-12"}
    expect(page.locator("#figure-run")).to_contain_text("docker inspect 99aa88")
    expect(page.locator("#figure-form .handbook-screen")).to_be_visible()
    expect(page.locator("#figure-form-2 .handbook-screen")).not_to_be_visible()
    page.goto((site / "second.html").as_uri())
    expect(page.locator(SWITCH)).to_have_value("debian-12")
    expect(page.locator("#figure-second .handbook-output:visible")).to_contain_text("12.9")


def test_the_switch_works_with_the_keyboard_and_has_a_name(open_page: Open) -> None:
    page = open_page()
    page.get_by_label("Show what was printed in").focus()
    page.keyboard.press("ArrowDown")
    assert set(shown(page)) == {"debian-12"}


def test_a_page_works_where_storage_is_forbidden(open_page: Open) -> None:
    page = open_page("second")
    page.evaluate("Object.defineProperty(window, 'localStorage', { get() { throw new Error('forbidden') } })")
    page.locator(SWITCH).select_option("debian-12")
    assert shown(page) == ["debian-12"]


def test_a_figure_that_is_read_stays_in_place_when_those_above_change(open_page: Open) -> None:
    page = open_page(viewport={"width": 800, "height": 500})
    page.get_by_text("44 more lines").click()
    page.locator("#figure-colours").scroll_into_view_if_needed()
    before = page.locator("#figure-colours").bounding_box()
    page.locator(SWITCH).select_option("debian-12")
    after = page.locator("#figure-colours").bounding_box()
    assert before
    assert after
    assert abs(before["y"] - after["y"]) < 2


def test_the_copy_button_copies_the_command_as_it_ran(open_page: Open) -> None:
    page = open_page()
    page.locator("#figure-run").get_by_label("Copy the command").nth(1).click()
    assert clipboard(page) == "docker inspect 4b1f2c"


def test_all_commands_of_a_figure_are_copied_and_nothing_else(open_page: Open) -> None:
    page = open_page()
    page.locator(SWITCH).select_option("debian-12")
    page.locator("#figure-run").get_by_label("Copy all 2 commands").and_(page.locator(":visible")).click()
    assert clipboard(page) == "docker run -d nginx\ndocker inspect 99aa88"


def test_a_selected_command_has_no_prompt(open_page: Open) -> None:
    page = open_page("second")
    page.locator(".handbook-command").select_text()
    page.keyboard.press("Control+C")
    assert clipboard(page).strip() == "cat /etc/debian_version"


def test_a_value_lights_up_wherever_it_occurs(open_page: Open) -> None:
    page = open_page()
    values = page.locator(".handbook-panel:visible .handbook-value")
    values.first.hover()
    assert values.count() == 3
    for value in values.all():
        expect(value).to_have_class(re.compile(r"\blit\b"))
    page.locator("h1").hover()
    expect(page.locator(".lit")).to_have_count(0)


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [390, 1280])
def test_a_wide_output_scrolls_and_the_page_does_not(open_page: Open, width: int, scheme: str) -> None:
    page = open_page(viewport={"width": width, "height": 800}, color_scheme=scheme)
    assert page.evaluate("document.documentElement.scrollWidth") == width
    box = page.locator("#figure-long .handbook-output").first
    assert box.evaluate("box => box.scrollWidth > box.clientWidth")
    expect(box).to_have_attribute("tabindex", "0")


# The colours of a figure, the text and what lies behind it, as a browser computes them.
CONTRAST = """
element => {
  const rgb = colour => { const c = new OffscreenCanvas(1, 1).getContext("2d", { willReadFrequently: true })
    c.fillStyle = colour; c.fillRect(0, 0, 1, 1); return [...c.getImageData(0, 0, 1, 1).data] }
  const light = ([r, g, b]) => [r, g, b].map(v => v / 255).map(v => v <= .04045 ? v / 12.92 : ((v + .055) / 1.055) ** 2.4)
    .reduce((sum, v, i) => sum + v * [.2126, .7152, .0722][i], 0)
  let ground = element
  while (ground.parentElement && rgb(getComputedStyle(ground).backgroundColor)[3] < 255) ground = ground.parentElement
  const colours = [getComputedStyle(element).color, getComputedStyle(ground).backgroundColor]
  const [high, low] = colours.map(rgb).map(light).sort((a, b) => b - a)
  return (high + .05) / (low + .05)
}
"""


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_every_text_of_a_figure_has_enough_contrast(open_page: Open, scheme: str) -> None:
    page = open_page(color_scheme=scheme)
    parts = ".handbook-comment, .handbook-command, .handbook-prompt, .handbook-output, .handbook-provenance, .handbook-provenance b"
    texts = page.locator(f".handbook :is({parts}, summary, .handbook-fore):visible")
    assert texts.count() > 15
    for text in texts.all():
        assert text.evaluate(CONTRAST) >= 4.5, text.evaluate("element => element.outerHTML.slice(0, 200)")


def test_nothing_is_fetched_from_a_network(open_page: Open) -> None:
    page = open_page("second")
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.reload()
    page.wait_for_load_state()
    assert asked
    assert [url for url in asked if not url.startswith(("file:", "data:"))] == []


def test_a_printed_page_holds_the_folded_lines(open_page: Open) -> None:
    page = open_page()
    page.evaluate("dispatchEvent(new Event('beforeprint'))")
    expect(page.locator("#figure-long details pre")).to_be_visible()
    page.evaluate("dispatchEvent(new Event('afterprint'))")
    expect(page.locator("#figure-long details pre")).not_to_be_visible()
