"""The book: what belongs to it, and what a reference means."""

from __future__ import annotations

from pathlib import Path

import pytest
from handbook.book import Book
from handbook.errors import InputError, UsageError

from tests.books import block


def write(path: Path, text: str = "") -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text)
    return path


@pytest.mark.parametrize(
    ("marks", "start", "root"),
    [
        (["a/mkdocs.yml"], "a/docs/linux", "a"),
        (["a/.git/HEAD"], "a/docs", "a"),
        (["a/.git/HEAD", "a/b/mkdocs.yml"], "a/b/docs", "a/b"),
        (["a/snippets/x.yml"], "a/docs", "a"),
        (["a/mkdocs.yml", "a/docs/snippets/x.md"], "a/docs/linux", "a"),
        ([], "a/b", "a/b"),
    ],
)
def test_a_book_is_found_from_inside(tmp_path: Path, marks: list[str], start: str, root: str) -> None:
    for mark in marks:
        write(tmp_path / mark)
    (tmp_path / start).mkdir(parents=True, exist_ok=True)
    assert Book.find(tmp_path / start).root == tmp_path / root


def test_a_working_directory_that_is_gone_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "gone").mkdir()
    monkeypatch.chdir(tmp_path / "gone")
    (tmp_path / "gone").rmdir()
    with pytest.raises(UsageError, match="not there any more"):
        Book.find()


@pytest.mark.parametrize(
    "line", ["docs_dir: pages", "docs_dir: 'pages'  # here", 'site_name: x\ndocs_dir:   "pages"\nextra: !!python/name:x']
)
def test_chapters_are_where_mkdocs_looks_for_pages(tmp_path: Path, line: str) -> None:
    write(tmp_path / "mkdocs.yml", f"{line}\n")
    write(tmp_path / "pages" / "a.md", block("$ true"))
    assert [chapter.name for chapter in Book(tmp_path).chapters] == ["a"]


def test_chapters_come_in_the_order_of_the_navigation_and_then_by_name(tmp_path: Path) -> None:
    write(
        tmp_path / "mkdocs.yml",
        "nav:\n  - Start: index.md\n  - Linux:\n      - linux/b.md\n      - linux/a.md\n  - https://example.org\n",
    )
    for name in ("index", "docker/a", "linux/a", "linux/b", "z"):
        write(tmp_path / "docs" / f"{name}.md", block("$ true", f"{{#{name.replace('/', '-')}}}"))
    assert [chapter.name for chapter in Book(tmp_path).chapters] == ["index", "linux/b", "linux/a", "docker/a", "z"]


@pytest.mark.parametrize("written", ["", "- a list\n", "docs_dir:\nnav:\n", "docs_dir: [a]\nnav: 3\n"])
def test_settings_that_say_nothing_of_pages_leave_the_usual_folder(tmp_path: Path, written: str) -> None:
    write(tmp_path / "mkdocs.yml", written)
    write(tmp_path / "docs" / "a.md", block("$ true"))
    assert [chapter.name for chapter in Book(tmp_path).chapters] == ["a"]


def test_settings_that_are_no_yaml_are_told_with_their_line(tmp_path: Path) -> None:
    settings = write(tmp_path / "mkdocs.yml", "site_name: x\nnav: [a.md\ntheme: y\n")
    with pytest.raises(InputError) as error:
        Book(tmp_path)
    assert f"{settings}:3: found settings that are not YAML\n  expected: MkDocs' keys and values" in str(error.value)


def test_a_chapter_is_meant_by_its_name_its_file_or_any_path(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    page = write(tmp_path / "docs" / "linux" / "v1.2.md", block("$ true"))
    monkeypatch.chdir(tmp_path / "docs")
    book = Book(tmp_path)
    for reference in ("linux/v1.2", "docs/linux/v1.2.md", str(page), "linux/v1.2.md"):
        assert (book.chapter(reference).name, book.chapter(reference).path) == ("linux/v1.2", page)
    other = write(tmp_path / "README.md", block("$ true"))
    assert (book.chapter("README.md").name, book.store_of(book.chapter(str(other))).folder) == ("README", tmp_path / "snippets")
    assert book.store_of(book.chapter("linux/v1.2")) is book.store


def test_a_reference_that_means_nothing_is_told(tmp_path: Path) -> None:
    write(tmp_path / "docs" / "a.md", block("$ true"))
    write(tmp_path / "docs" / "plain.md", "text")
    with pytest.raises(UsageError, match="no chapter 'b'; chapters are: a; or the path of a Markdown file"):
        Book(tmp_path).chapter("b")
    with pytest.raises(UsageError, match=r"plain\.md:1: found no step"):
        Book(tmp_path).chapter("plain")
    with pytest.raises(UsageError, match=r"no environment .moon.; environments are: .*sandbox"):
        Book(tmp_path).environment("moon")


def test_good_pages_are_read_beside_a_bad_one(tmp_path: Path) -> None:
    write(tmp_path / "docs" / "a.md", block("$ true"))
    bad = write(tmp_path / "docs" / "b.md", block("$ true", "{#B}"))
    chapters, mistakes = Book(tmp_path).reading
    assert [chapter.name for chapter in chapters] == ["a"]
    assert [mistake.path for mistake in mistakes] == [bad]
    with pytest.raises(InputError):
        _ = Book(tmp_path).chapters


def test_mistakes_of_every_named_file_are_told_each_once(tmp_path: Path) -> None:
    write(tmp_path / "docs" / "a.md", block("$ true"))
    bad = [write(tmp_path / "docs" / f"{name}.md", block("$ true", "{#B}")) for name in "bc"]
    with pytest.raises(InputError) as caught:
        Book(tmp_path).named(["b", "a", str(bad[0]), "c"])
    assert [mistake.path for mistake in caught.value.mistakes] == bad
    assert [chapter.name for chapter in Book(tmp_path).named(["a", "docs/a.md"])] == ["a"]


def test_a_folder_or_a_link_to_nowhere_with_the_name_of_a_page_is_none(tmp_path: Path) -> None:
    write(tmp_path / "docs" / "a.md", block("$ true"))
    (tmp_path / "docs" / "folder.md").mkdir()
    (tmp_path / "docs" / ".#a.md").symlink_to("me@machine.1")  # as an editor makes it beside a page
    assert [chapter.name for chapter in Book(tmp_path).chapters] == ["a"]


def test_an_environment_of_the_book_replaces_a_built_in_one(tmp_path: Path) -> None:
    own = write(tmp_path / "resources" / "environments" / "sandbox.yml", "provider: sandbox\norder: 7\n")
    assert Book(tmp_path).environment("sandbox").path == own
    assert Book(tmp_path).environment("here").provider == "here"
