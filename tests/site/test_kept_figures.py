"""Figures are kept from build to build, until anything that they show is another."""

from __future__ import annotations

from pathlib import Path

import pytest
from handbook.book import Book
from handbook.site.archive import Archive
from handbook.site.change_pages import change_pages
from handbook.site.kept_figures import kept_figures

from tests.books import FACTS, block, describe_environment, record, write_book

PAGE = block("# Who?\n$ whoami") + block("$ old", '{#form when="docker < 26"}') + block("$ new", '{#form when="docker >= 26"}')


@pytest.fixture
def book(tmp_path: Path) -> Book:
    made = write_book(tmp_path, {"index": "# Start\n", "page": PAGE})
    record(made, "page", "debian-13", {"one": ["root\n"], "form": ["new\n"]})
    record(made, "page", "debian-12", {"one": ["root\n"], "form": ["old\n"]}, {**FACTS, "docker": "20.10.24"})
    return made


def figures(book: Book) -> dict[str, str]:
    archive = Archive(book.root)
    archive.changes = change_pages(archive.book)
    return dict(kept_figures(archive, directory_urls=False))


def mark(book: Book) -> None:
    """Make what is kept known from what is made now."""
    kept = book.root / ".handbook" / "figures.json"
    kept.write_text(kept.read_text().replace("root", "kept"))


def test_every_figure_is_kept_variants_too(book: Book) -> None:
    assert list(figures(book)) == ["figure-one", "figure-form", "figure-form-2"]
    mark(book)
    assert "kept" in figures(book)["figure-one"]


def test_prose_makes_none_anew_and_what_a_figure_shows_does(book: Book) -> None:
    figures(book)
    page = book.docs / "page.md"
    mark(book)
    page.write_text(f"Some words.\n\n{PAGE}")
    assert "kept" in figures(book)["figure-one"]
    page.write_text(PAGE.replace("Who?", "Who am I?"))
    assert "Who am I?" in figures(book)["figure-one"]


@pytest.mark.parametrize("what", ["a recording", "a local recording", "an environment", "a catalogue"])
def test_they_are_made_anew_when_something_else_changes_that_they_show(book: Book, what: str) -> None:
    figures(book)
    mark(book)
    if what == "a recording":
        record(book, "page", "debian-13", {"one": ["somebody\n"], "form": ["new\n"]})
    elif what == "a local recording":
        record(book, "page", "debian-13", {"one": ["somebody\n"], "form": ["new\n"]}, local=True)
    elif what == "an environment":
        describe_environment(book, "debian-12", "provider: lab\norder: 99\n")
    else:
        catalogue = book.root / "resources" / "known-changes" / "docker.yml"
        catalogue.parent.mkdir(parents=True)
        catalogue.write_text("[]\n")
    assert "kept" not in figures(book)["figure-one"]


def test_of_a_chapter_with_something_to_warn_of_none_is_kept(book: Book) -> None:
    (book.docs / "page.md").write_text(PAGE.replace("$ whoami", "$ id"))
    assert figures(book) == {}
    (book.docs / "page.md").write_text(PAGE)
    (book.store.path("debian-12", "page")).write_text("format: 7\n")
    archive = Archive(book.root)
    assert dict(kept_figures(archive, directory_urls=False)) == {}
