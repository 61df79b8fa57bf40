"""The fence inside Python-Markdown: where it works, what it warns about, what it never does."""

from __future__ import annotations

import logging
import re
import textwrap
from collections.abc import Callable
from pathlib import Path

import pytest
from handbook import superfences
from handbook.book import Book
from markdown import Markdown
from pymdownx.superfences import SuperFencesException

from tests.books import FACTS, block, describe_environment, record, write_book

FENCE = {"name": "console", "class": "handbook", "validator": superfences.validator, "format": superfences.formatter}
EXTENSIONS = ["attr_list", "admonition", "md_in_html", "def_list", "pymdownx.superfences", "pymdownx.tabbed", "pymdownx.details"]
INNER = "```console {#one}\n$ one\n```"
NESTINGS = {
    "page": INNER,
    "list": "1.  An item.\n\n{4}",
    "list in a list": "-   An item.\n\n    -   Another.\n\n{8}",
    "admonition": "!!! note\n\n{4}",
    "details": "??? note\n\n{4}",
    "tab": '=== "Tab"\n\n{4}',
    "list in a tab": '=== "Tab"\n\n    1.  An item.\n\n{8}',
    "admonition in a list": "-   An item.\n\n    !!! note\n\n{8}",
    "quote": "> A quote.\n>\n{>}",
    "html": '<div markdown="1">\n\n{0}\n\n</div>',
    "definition": "Term\n:   A definition.\n\n{4}",
}


def nested(text: str) -> str:
    text = text.replace("{>}", textwrap.indent(INNER, "> "))
    return re.sub(r"\{(\d)\}", lambda match: textwrap.indent(INNER, " " * int(match[1])), text)


@pytest.fixture
def render(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[[str], str]:
    """Turn Markdown into HTML as a site generator does that knows of no hook: in the working directory, an instance per page."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(superfences, "shelf", superfences.Shelf())

    def html(text: str) -> str:
        markdown = Markdown(extensions=EXTENSIONS, extension_configs={"pymdownx.superfences": {"custom_fences": [FENCE]}})
        return str(markdown.convert(text))

    return html


def a_book(root: Path, page: str, output: str = "the output\n") -> Book:
    book = write_book(root, {"page": page})
    record(book, "page", "debian-13", {"one": [output]})
    return book


@pytest.mark.parametrize("text", NESTINGS.values(), ids=NESTINGS.keys())
def test_a_figure_is_rendered_once_wherever_it_stands(
    text: str, render: Callable[[str], str], tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    page = nested(text)
    a_book(tmp_path, page)
    html = render(page)
    assert html.count("<figure") == 1
    assert html.count("the output") == 1
    assert "```" not in html
    assert not caplog.records


def test_style_and_script_come_once_with_the_figures_of_a_page(render: Callable[[str], str], tmp_path: Path) -> None:
    page = block("$ one") + "\n" + block("$ two", "")
    a_book(tmp_path, page)
    html = render(page)
    assert html.count("<figure") == 2
    assert html.count("<link") == html.count("<script") == 1
    assert html.index("</h1>") < html.index("<link") < html.index("<figure") < html.index("<script")


def test_a_page_without_a_figure_stays_as_it_is(render: Callable[[str], str], tmp_path: Path) -> None:
    write_book(tmp_path, {"page": "text"})
    assert render("text") == "<p>text</p>"


@pytest.mark.parametrize(
    "output",
    [
        "<script>alert(1)</script>\n",
        "```\n# a heading\n```\n",
        "\x02wzxhzdk:0\x03\n",
        "{{ config.site_name }} {% raw %}\n",
        "</pre></div></figure>\n",
        "**bold** [link](x) &amp; <!-- comment -->\n",
    ],
)
def test_output_is_never_parsed_as_anything(output: str, render: Callable[[str], str], tmp_path: Path) -> None:
    page = block("$ one") + "\nThe end of the page.\n"
    a_book(tmp_path, page, output)
    html = render(page)
    assert html.count("</figure>") == 1
    assert html.count("<script") == 1
    for word in ("<strong>", "<a href", "<!-- comment", "<code>", "\x02", "<h1>a heading"):
        assert word not in html
    assert "<p>The end of the page.</p>" in html


def test_tabs_in_a_command_and_an_output_survive(render: Callable[[str], str], tmp_path: Path) -> None:
    page = block("$ cat <<-END\n> \tx\n> \tEND")
    a_book(tmp_path, page, "a\tb\n")
    html = render(page)
    assert 'data-copy="cat &lt;&lt;-END&#10;\tx&#10;\tEND"' in html
    assert "a\tb" in html


def test_a_snippet_that_is_not_recorded_is_a_warning_and_a_note(
    render: Callable[[str], str], tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    page = block("$ one") + block("$ two", "{#two}")
    a_book(tmp_path, block("$ one"))
    (tmp_path / "docs" / "page.md").write_text(page, encoding="utf-8")
    html = render(page)
    assert 'class="handbook-note"' in html
    (warning,) = caplog.records
    assert (warning.name, warning.levelno) == ("mkdocs.handbook", logging.WARNING)
    assert warning.getMessage().startswith(f"{tmp_path}/docs/page.md:8: found no recording of #two")
    assert "handbook record ENVIRONMENT page" in warning.getMessage()


def test_a_snippet_that_no_environment_can_run_is_no_warning_and_the_page_says_so(
    render: Callable[[str], str], tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    page = block("$ one") + block("$ two", '{#two when="docker >= 99"}')
    a_book(tmp_path, page)
    assert "No environment of this book can run this." in render(page)
    assert not caplog.records


def test_a_stale_recording_is_one_warning_at_the_place_where_it_went_stale(
    render: Callable[[str], str], tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    page = block("$ one") + block("$ two", "{#two}") + block("$ three", "{#three}")
    book = write_book(tmp_path, {"page": page})
    record(book, "page", "debian-13", {"one": ["1\n"], "two": ["2\n"], "three": ["3\n"]})
    changed = page.replace("$ two", "$ deux")
    (tmp_path / "docs" / "page.md").write_text(changed, encoding="utf-8")
    record(book, "page", "debian-12", {"one": ["1\n"], "two": ["2\n"], "three": ["3\n"]})
    html = render(changed)
    (warning,) = caplog.records
    assert "page.md:9: found a stale recording in debian-13: step 1 of #two has another command" in warning.getMessage()
    assert html.count("changed since it was recorded") == 1  # of #three; of #two debian-12 alone has an output


@pytest.mark.parametrize(
    ("page", "expected"),
    [
        (block("$ one\n#: exit=x"), "exit=x"),
        (block("$ one", "{#one target=moon}"), "target 'moon'"),
        (block("$ one", '{#one linenums="1"}'), "linenums"),
        (block("$ one {{ nothing }}"), "undefined name {{ nothing }}"),
        (block("$ one") + block("$ one"), "the id #one again"),
        (block("$ echo 'one"), "unfinished command"),
        (block("only text"), "without a command"),
    ],
)
def test_a_mistake_is_a_warning_and_a_note_and_the_block_is_still_there(
    page: str, expected: str, render: Callable[[str], str], tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    write_book(tmp_path, {"page": page})
    html = render(page)
    assert html.count("<figure") >= 1
    assert 'class="handbook-note"' in html
    assert any(expected in record.getMessage() for record in caplog.records)


def test_a_broken_recording_is_a_warning_and_a_note(
    render: Callable[[str], str], tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    book = a_book(tmp_path, block("$ one"))
    book.store.path("debian-13", "page").write_text("format: 99\n", encoding="utf-8")
    html = render(block("$ one"))
    assert 'class="handbook-note"' in html
    assert "expected: a recording of format 1" in caplog.records[0].getMessage()


def test_a_page_that_is_no_page_of_the_book_says_so(
    render: Callable[[str], str], tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    write_book(tmp_path, {"page": "text"})
    assert 'class="handbook-note"' in render(block("$ one"))
    assert "found #one in no chapter" in caplog.records[0].getMessage()


def test_a_block_in_a_comment_is_nothing(render: Callable[[str], str], tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    page = "text\n\n<!--\n```console {#one}\n$ one\n```\n-->\n"
    write_book(tmp_path, {"page": page})
    assert "<figure" not in render(page)
    assert not caplog.records


def test_a_block_in_an_example_stays_an_example(
    render: Callable[[str], str], tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    page = "````markdown\n```console {#one}\n$ one\n```\n````\n"
    write_book(tmp_path, {"page": page})
    html = render(page)
    assert "<figure" not in html
    assert "```console" in html
    assert not caplog.records


def test_a_fault_of_the_engine_stops_the_build(
    render: Callable[[str], str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    a_book(tmp_path, block("$ one"))
    monkeypatch.setattr("handbook.superfences.show_block", lambda *_: 1 / 0)
    with pytest.raises(SuperFencesException, match="ZeroDivisionError"):
        render(block("$ one"))


def test_a_recording_that_changes_between_two_pages_is_seen(render: Callable[[str], str], tmp_path: Path) -> None:
    book = a_book(tmp_path, block("$ one"), "before\n")
    assert "before" in render(block("$ one"))
    record(book, "page", "debian-13", {"one": ["afterwards\n"]}, FACTS)
    assert "afterwards" in render(block("$ one"))


def test_an_instance_that_converts_many_pages_puts_the_style_into_each(render: Callable[[str], str], tmp_path: Path) -> None:
    a_book(tmp_path, block("$ one"))
    md = Markdown(extensions=EXTENSIONS, extension_configs={"pymdownx.superfences": {"custom_fences": [FENCE]}})
    pages = [md.reset().convert(block("$ one")) for _ in range(2)]
    assert [page.count("<link") for page in pages] == [1, 1]
    assert render(block("$ one")) == pages[0]


def test_a_chapter_of_which_nothing_is_recorded_is_one_warning(
    render: Callable[[str], str], tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    page = block("$ one") + block("$ two", "{#two}")
    book = write_book(tmp_path, {"page": page})
    describe_environment(book, "debian-13", "provider: lab\n")
    assert render(page).count('class="handbook-note"') == 2
    (warning,) = caplog.records
    assert "page.md:1: found no recording of this chapter" in warning.getMessage()
