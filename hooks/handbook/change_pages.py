"""The pages of a site about what changed, and where in them each figure's changes stand."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from handbook.book import Book
from handbook.kept import kept
from handbook.site_address import site_address

if TYPE_CHECKING:
    from handbook.changes import Changed

FOLDER = "changes"


@dataclass(frozen=True)
class ChangePages:
    """The pages about what changed, and what of a chapter they are about.

    Parameters:
        pages: Markdown by path below the folder of the chapters.
        places: By environment and snippet, the environment before it and where it says what changed.
        directory_urls: True where the site has a folder for each page.
    """

    pages: Mapping[str, str]
    places: Mapping[str, tuple[str, str]]
    directory_urls: bool = False

    def link(self, chapter: str, environment: str, snippet: str) -> tuple[str, str] | None:
        """The environment before, and the address of what changed since; None where nothing did.

        Parameters:
            chapter: The name of the chapter on whose page the link stands.
            environment: The newer environment.
            snippet: The snippet.
        """
        place = self.places.get(f"{environment} {snippet}")
        if not place:
            return None
        before, (page, _, mark) = place[0], place[1].partition("#")
        return before, f"{site_address(chapter, f'{FOLDER}/{page}', directory_urls=self.directory_urls)}#{mark}"


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
    from handbook.changes import all_changes  # noqa: PLC0415  # costs nothing where the pages are kept
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
