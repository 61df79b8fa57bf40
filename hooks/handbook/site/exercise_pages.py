"""The pages of a site about exercise lists: one for each file of resources/exercises/."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING

from handbook.book import Book
from handbook.errors import InputError, Mistake
from handbook.exercises.form import Form, find_forms
from handbook.exercises.list import ExerciseList
from handbook.exercises.list_file import read_exercise_list
from handbook.kept import kept

if TYPE_CHECKING:
    from handbook.exercises.verdict import Witness

FOLDER = "exercises"


def exercise_pages(book: Book, *, directory_urls: bool = False) -> Mapping[str, str]:
    """Markdown by path below the folder of the chapters. Kept in .handbook/ until anything that it is made of is another file.

    Parameters:
        book: The book.
        directory_urls: True where the site has a folder for each page.

    Raises:
        InputError: Where a list or a recording is broken, or a list names a figure that no chapter has.
    """
    if not _files(book):
        return {}
    folders = (book.store.folder, book.root / "resources")
    other = f"{[chapter.outline for chapter in book.reading[0]]!r}{directory_urls}"
    made: Mapping[str, str] = kept(
        book.root / ".handbook" / "exercises.json", folders, lambda: _made(book, directory_urls=directory_urls), other=other
    )
    return made


def _made(book: Book, *, directory_urls: bool) -> Mapping[str, str]:
    from handbook.exercises.verdict import Witness  # noqa: PLC0415  # costs nothing where the pages are kept

    witness = Witness(book)
    return {f"{FOLDER}/{path.stem}.md": _page(witness, *_found(book, path), directory_urls=directory_urls) for path in _files(book)}


def exercise_mistakes(book: Book) -> Iterator[Mistake]:
    """Every mistake of every list of a book."""
    for path in _files(book):
        try:
            _found(book, path)
        except InputError as error:
            yield from error.mistakes


def _files(book: Book) -> list[Path]:
    return sorted((book.root / "resources" / FOLDER).glob("*.yml"))


def _found(book: Book, path: Path) -> tuple[ExerciseList, Mapping[str, tuple[Form, ...]]]:
    exercises = read_exercise_list(path)
    return exercises, find_forms(book, exercises)


def _page(witness: Witness, exercises: ExerciseList, forms: Mapping[str, tuple[Form, ...]], *, directory_urls: bool) -> str:
    from handbook.render.exercise_page import ExercisePage, ToldForm  # noqa: PLC0415  # as above

    told = {
        name: tuple(ToldForm(form, tuple(witness.verdicts(form, exercises.stacks))) for form in found)
        for name, found in forms.items()
    }
    return ExercisePage(f"{FOLDER}/{exercises.path.stem}", exercises, told, directory_urls).markdown()
