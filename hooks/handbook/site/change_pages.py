"""Making the pages of a site about what changed."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from handbook.book import Book
from handbook.changes.pages import ChangePages
from handbook.kept import kept

if TYPE_CHECKING:
    from handbook.changes.between import Changed


def change_pages(book: Book, *, directory_urls: bool = False) -> ChangePages:
    """The pages of a book. They are kept in .handbook/ until anything that they are made of is another file.

    Raises:
        InputError: Where a recording or the catalogue is broken.
    """
    folders = (book.store.folder, book.root / "resources" / "known-changes")
    made = kept(book.root / ".handbook" / "changes.json", folders, lambda: _made(book), other=repr(book.pages))
    places = {key: (before, place) for key, (before, place) in made["places"].items()}
    return ChangePages(made["pages"], places, directory_urls)


def _made(book: Book) -> dict[str, object]:
    from handbook.changes.between import all_changes  # noqa: PLC0415  # costs nothing where the pages are kept
    from handbook.render.change_page import pages  # noqa: PLC0415

    changes = tuple(all_changes(book))
    return {"pages": dict(pages(changes, book.known_changes)), "places": _places(changes)}


def _places(changes: Iterable[Changed]) -> dict[str, tuple[str, str]]:
    """Where each snippet's first change stands."""
    places: dict[str, tuple[str, str]] = {}
    for changed in changes:
        for drift in changed.drifts:
            places.setdefault(
                f"{changed.new.name} {drift.snippet}", (changed.old.name, f"{changed.name}#{drift.snippet}-{drift.step}")
            )
    return places
