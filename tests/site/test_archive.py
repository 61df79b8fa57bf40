from __future__ import annotations

import os
from pathlib import Path

import pytest
from handbook.book import Book
from handbook.errors import InputError
from handbook.site.archive import Archive

from tests.books import FACTS, block, describe_environment, record, write_book


@pytest.fixture
def book(tmp_path: Path) -> Book:
    return write_book(tmp_path, {"page": block("$ one")})


def names(archive: Archive) -> list[str]:
    chapter = archive.home("one")
    assert chapter is not None
    return [edition.environment.name for edition in archive.editions(chapter)]


def test_the_environment_with_the_highest_order_comes_first(book: Book) -> None:
    for name in ("alpha", "debian-9", "debian-13", "zeta"):
        record(book, "page", name, {"one": ["1\n"]})
    describe_environment(book, "alpha", "provider: lab\norder: 5\n")
    assert names(Archive(book.root)) == ["alpha", "zeta", "debian-13", "debian-9"]


def test_a_recording_of_this_machine_wins_over_the_books(book: Book) -> None:
    record(book, "page", "sandbox", {"one": ["theirs\n"]})
    record(book, "page", "sandbox", {"one": ["ours\n"]}, local=True)
    archive = Archive(book.root)
    chapter = archive.home("one")
    assert chapter is not None
    (edition,) = archive.editions(chapter)
    assert edition.environment.local
    record_of_step = edition.snippets[0].steps[0].record
    assert record_of_step is not None
    assert record_of_step.output == "ours\n"


def test_a_changed_file_is_read_again_and_nothing_else_is(book: Book) -> None:
    record(book, "page", "debian-13", {"one": ["1\n"]})
    archive = Archive(book.root)
    assert not archive.refresh()
    record(book, "page", "debian-12", {"one": ["1\n"]})
    assert archive.refresh()
    assert names(archive) == ["debian-13", "debian-12"]


def test_a_page_that_is_edited_within_the_grain_of_a_clock_is_read_again(book: Book) -> None:
    archive = Archive(book.root)
    page = book.docs / "page.md"
    status = page.stat()
    page.write_text(block("$ another"), encoding="utf-8")
    os.utime(page, ns=(status.st_atime_ns, status.st_mtime_ns))
    assert archive.refresh()


def test_a_folder_or_a_link_to_nowhere_beside_a_page_harms_nothing(book: Book) -> None:
    (book.docs / "folder.md").mkdir()
    (book.docs / ".#page.md").symlink_to("me@machine.1")
    archive = Archive(book.root)
    assert not archive.mistakes
    assert not archive.refresh()


def test_a_bad_page_does_not_hide_the_good_ones(book: Book) -> None:
    (book.docs / "bad.md").write_text(block("$ two\n#: exit=x", "{#two}"), encoding="utf-8")
    archive = Archive(book.root)
    assert archive.home("one") is not None
    assert archive.home("two") is None
    assert [mistake.path.name for mistake in archive.mistakes] == ["bad.md"]
    with pytest.raises(InputError):
        _ = Book(book.root).chapters


def test_a_built_in_environment_is_none_of_a_book_that_has_others(tmp_path: Path) -> None:
    book = write_book(tmp_path, {"page": "---\nrequires: docker\n---\n" + block("$ one")})
    describe_environment(book, "debian-13", "provider: lab\nfacts: {docker: 26.1.5}\n")
    chapter = book.chapter("page")
    assert Archive(book.root).could_run(chapter, chapter.snippets[0])
    newer = write_book(tmp_path, {"page": "---\nrequires: docker >= 27\n---\n" + block("$ one")}).chapter("page")
    assert not Archive(book.root).could_run(newer, newer.snippets[0])


def test_a_book_without_environments_of_its_own_has_the_built_in_ones(tmp_path: Path) -> None:
    book = write_book(tmp_path, {"page": block("$ one")})
    chapter = book.chapter("page")
    assert Archive(book.root).could_run(chapter, chapter.snippets[0])


def test_an_environment_that_lacks_what_a_page_requires_cannot_run_it(tmp_path: Path) -> None:
    book = write_book(tmp_path, {"page": "---\nrequires: kubernetes\n---\n" + block("$ one"), "other": block("$ two", "{#two}")})
    record(book, "other", "debian-13", {"two": ["2\n"]}, FACTS)
    archive = Archive(book.root)
    chapter = archive.home("one")
    assert chapter is not None
    assert not archive.could_run(chapter, chapter.snippets[0])


@pytest.mark.parametrize("written", ["docs_dir: pages", 'docs_dir: "pages"  # not docs', "theme: material\ndocs_dir: 'pages'"])
def test_the_chapters_of_a_project_are_where_its_configuration_says(tmp_path: Path, written: str) -> None:
    tagged = "markdown_extensions:\n  - plain: !!python/name:some.function\n"
    (tmp_path / "mkdocs.yml").write_text(f"{written}\n{tagged}", encoding="utf-8")
    assert Book(tmp_path).docs == tmp_path / "pages"
