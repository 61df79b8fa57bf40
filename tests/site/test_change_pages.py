"""The pages of a site about what changed."""

from __future__ import annotations

from pathlib import Path

import pytest
from handbook.book import Book
from handbook.changes.pages import ChangePages
from handbook.site.change_pages import change_pages

from tests.books import FACTS, block, record, write_book

PAGE = block("$ docker version\n$ date") + block("$ cat other", "{#two}")
OLD = ["Client:\n Version: 20.10.24\n a < b\n", "Mon Nov 23 10:00:00 UTC 2026\n"]
NEW = ["Client:\n Version: 26.1.5\n a < b\n", "Tue Nov 24 11:00:00 UTC 2026\n"]


@pytest.fixture
def book(tmp_path: Path) -> Book:
    made = write_book(tmp_path, {"index": "# Start\n", "some/page": PAGE})
    record(made, "some/page", "debian-12", {"one": OLD, "two": ["same\n"]}, {**FACTS, "docker": "20.10.24"})
    record(made, "some/page", "debian-13", {"one": NEW, "two": ["same\n"]}, FACTS)
    catalogue = tmp_path / "resources" / "known-changes"
    catalogue.mkdir(parents=True)
    (catalogue / "etcd.yml").write_text("- {name: a, since: '3.6', says: x, sentence: Nobody sees it., source: 'https://x/1'}\n")
    return made


def test_a_page_shows_both_outputs_with_the_difference_marked_and_why(book: Book) -> None:
    page = change_pages(book).pages["changes/debian-12-to-debian-13.md"]
    assert "| docker | 20.10.24 | 26.1.5 |" in page
    assert "Version: <mark>20.10.24</mark>" in page
    assert "Version: <mark>26.1.5</mark>" in page
    assert "a &lt; b" in page
    assert "*docker 20.10.24 -\\> 26.1.5*: the version of docker is printed." in page
    assert "one, step 1 {: #one-1 }" in page
    assert "Nov 24" not in page


def test_a_line_that_is_gone_is_marked_as_a_whole(tmp_path: Path) -> None:
    made = write_book(tmp_path, {"page": block("$ ps -o user,args")})
    table = "USER     COMMAND\nroot     init\nwww-data worker\n"
    record(made, "page", "debian-12", {"one": [table]}, {**FACTS, "docker": "20.10.24"})
    record(made, "page", "debian-13", {"one": [table.replace("root     init\n", "")]}, FACTS)
    assert "<mark>root     init</mark>" in change_pages(made).pages["changes/debian-12-to-debian-13.md"]


def test_a_page_names_the_steps_that_only_one_environment_ran(book: Book) -> None:
    record(book, "some/page", "debian-13", {"one": NEW}, FACTS)
    assert "\n\nOnly in debian-12: 1 step of two.\n" in change_pages(book).pages["changes/debian-12-to-debian-13.md"]


def test_a_page_names_the_chapters_that_only_one_environment_recorded(book: Book) -> None:
    write_book(book.root, {"other": block("$ true")})
    record(book, "other", "debian-13", {"one": [""]}, FACTS)
    page = change_pages(book).pages["changes/debian-12-to-debian-13.md"]
    assert page.endswith("\n\nOnly in debian-13: chapter other.\n")


def test_the_index_lists_the_pairs_and_what_nobody_can_see(book: Book) -> None:
    index = change_pages(book).pages["changes/index.md"]
    assert "| debian-12 | [debian-13](debian-12-to-debian-13.md) | 1 |  |" in index
    assert "- *etcd 3.6*: Nobody sees it. [Source](https://x/1)" in index


def test_a_figure_finds_what_changed_in_it(book: Book) -> None:
    pages = change_pages(book)
    assert pages.link("some/page", "debian-13", "one") == ("debian-12", "../changes/debian-12-to-debian-13.html#one-1")
    assert pages.link("some/page", "debian-13", "two") is None
    assert pages.link("some/page", "debian-12", "one") is None


@pytest.mark.parametrize(
    ("chapter", "expected"), [("some/page", "../../changes/x/#y"), ("index", "changes/x/#y"), ("some/index", "../changes/x/#y")]
)
def test_links_fit_sites_with_a_folder_for_each_page(chapter: str, expected: str) -> None:
    pages = ChangePages({}, {"new one": ("old", "x#y")}, directory_urls=True)
    assert pages.link(chapter, "new", "one") == ("old", expected)


def test_pages_are_kept_until_a_recording_changes(book: Book) -> None:
    before = change_pages(book)
    kept = book.root / ".handbook" / "changes.json"
    kept.write_text(kept.read_text().replace("a &lt; b", "kept"))
    assert "kept" in change_pages(Book(book.root)).pages["changes/debian-12-to-debian-13.md"]
    record(book, "some/page", "debian-13", {"one": [NEW[0].replace("26.1.5", "27.0"), NEW[1]], "two": ["same\n"]}, FACTS)
    again = change_pages(Book(book.root)).pages["changes/debian-12-to-debian-13.md"]
    assert "27.0" in again
    assert "kept" not in again
    kept.write_text("broken")
    assert change_pages(Book(book.root)).pages.keys() == before.pages.keys()


def test_chapters_stand_in_the_order_of_the_book_also_when_that_changes(book: Book) -> None:
    (book.root / "docs" / "a.md").write_text(block("$ docker version", "{#three}"), encoding="utf-8")
    for environment, output in (("debian-12", OLD[0]), ("debian-13", NEW[0])):
        facts = {**FACTS, "docker": "20.10.24"} if environment == "debian-12" else FACTS
        record(book, "a", environment, {"three": [output]}, facts)

    def order() -> list[str]:
        page = change_pages(Book(book.root)).pages["changes/debian-12-to-debian-13.md"]
        return sorted(("#three-1", "#one-1"), key=page.index)

    assert order() == ["#three-1", "#one-1"]
    (book.root / "mkdocs.yml").write_text("nav: [index.md, some/page.md, a.md]\n", encoding="utf-8")
    assert order() == ["#one-1", "#three-1"]


def test_a_book_with_one_environment_has_no_such_page(tmp_path: Path) -> None:
    book = write_book(tmp_path, {"page": PAGE})
    record(book, "page", "debian-12", {"one": OLD, "two": [""]}, FACTS)
    assert change_pages(book).pages == {}


def test_of_a_long_output_the_lines_around_a_difference_are_shown(tmp_path: Path) -> None:
    book = write_book(tmp_path, {"page": block("$ seq 100")})
    lines = [f"line {number}" for number in range(100)]
    record(book, "page", "debian-12", {"one": ["\n".join(lines)]}, FACTS)
    record(book, "page", "debian-13", {"one": ["\n".join([*lines[:50], "other", *lines[51:]])]}, FACTS)
    page = change_pages(book).pages["changes/debian-12-to-debian-13.md"]
    assert "<mark>other</mark>" in page
    assert ">line 49<" in page
    assert "line 40<" not in page
    assert "48 equal lines" in page


@pytest.mark.parametrize(("before", "broken"), [(30, False), (31, True)])
def test_lines_are_broken_where_a_difference_would_be_out_of_view(tmp_path: Path, before: int, *, broken: bool) -> None:
    book = write_book(tmp_path, {"page": block("$ cat page")})
    for environment, word in (("debian-12", "old"), ("debian-13", "new")):
        record(book, "page", environment, {"one": [f"{'x' * (before - 1)} {word}\n"]}, FACTS)
    page = change_pages(book).pages["changes/debian-12-to-debian-13.md"]
    assert ('<div class="handbook-change handbook-change-broken">' in page) is broken
