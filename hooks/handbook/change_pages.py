"""The pages of a site about what changed, and where in them each figure's changes stand."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING, Any

from handbook.book import Book
from handbook.files import write
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
    kept = book.root / ".handbook" / "changes.json"
    made_of = _stamp(book)
    stored = _load(kept)
    if stored.get("made_of") != made_of:
        from handbook.changes import all_changes  # noqa: PLC0415  # costs nothing where the pages are kept
        from handbook.render.change_page import pages  # noqa: PLC0415

        changes = tuple(all_changes(book))
        stored = {"made_of": made_of, "pages": dict(pages(changes, book.known_changes)), "places": _places(changes)}
        write(kept, json.dumps(stored))
    places = {key: (before, place) for key, (before, place) in stored["places"].items()}
    return ChangePages(stored["pages"], places, directory_urls)


def _places(changes: Iterable[Changed]) -> dict[str, tuple[str, str]]:
    """Where each snippet's first change stands."""
    places: dict[str, tuple[str, str]] = {}
    for changed in changes:
        for drift in changed.drifts:
            places.setdefault(
                f"{changed.new.name} {drift.snippet}", (changed.old.name, f"{changed.name}#{drift.snippet}-{drift.step}")
            )
    return places


def _load(path: Path) -> dict[str, Any]:
    """What was kept; nothing where there is nothing, or nothing that can be read."""
    try:
        stored = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return stored if isinstance(stored, dict) else {}


def _stamp(book: Book) -> str:
    """A digest of every file that the pages are made of: recordings, catalogue, and the engine itself."""
    folders = (book.store.folder, book.root / "resources" / "known-changes", Path(__file__).parent)
    files = (path for folder in folders for path in folder.rglob("*") if path.suffix in {".yml", ".py"})
    stamps = sorted((str(path), status.st_mtime_ns, status.st_size) for path in files for status in (path.stat(),))
    return sha256(repr(stamps).encode()).hexdigest()
