"""The figures of a whole book, kept from build to build: most of them are the same in the next one."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING

from handbook.chapter import Chapter, recorded
from handbook.errors import InputError
from handbook.kept import kept
from handbook.render import figure_anchor, recorded_figure

if TYPE_CHECKING:
    from handbook.site.archive import Archive


def kept_figures(archive: Archive, *, directory_urls: bool) -> Mapping[str, str]:
    """Figures by their anchors; of chapters about which there is nothing to say, so that nobody misses a warning.

    Parameters:
        archive: The book; its figures link to its pages about what changed.
        directory_urls: True where the site has a folder for each page.
    """
    book = archive.book
    folders = (book.store.folder, book.local_store.folder, book.root / "resources")
    other = f"{[chapter.outline for chapter in book.reading[0]]!r}{directory_urls}{archive.changes is None}"
    path = book.root / ".handbook" / "figures.json"
    figures: Mapping[str, str] = kept(path, folders, lambda: dict(_figures(archive)), other=other)
    return figures


def _figures(archive: Archive) -> Iterator[tuple[str, str]]:
    for chapter in archive.book.reading[0]:
        try:
            yield from _of_chapter(archive, chapter)
        except InputError:
            continue  # said where the page is made


def _of_chapter(archive: Archive, chapter: Chapter) -> Iterator[tuple[str, str]]:
    editions = archive.editions(chapter)
    if any(edition.stale for edition in editions):
        return
    for snippet in recorded(chapter.snippets):
        printed = (edition.of(snippet) for edition in editions)
        if archive.home(snippet.id) is chapter and any(one and one.printed for one in printed):
            yield figure_anchor(chapter, snippet), recorded_figure(chapter, snippet, editions, archive.changes)
